#pragma once

/// Makes the C library keep freed blocks for the next request; nothing where it has no such choice.
void devft_keep_freed_memory(void);

/// Hands freed blocks that the C library keeps back to the system; nothing where it cannot.
void devft_release_freed_memory(void);
