#pragma once
#include <stddef.h>

/// Makes the C library keep freed blocks for the next request; nothing where it has no such choice.
void devft_keep_freed_memory(void);

/// Hands freed blocks that the C library keeps back to the system; nothing where it cannot.
void devft_release_freed_memory(void);

/// Space of at least `bytes` for the time of a computation, from what was returned before if that is
/// large enough, in large pages where the system has them; NULL when memory is short.
void *devft_take_scratch(size_t bytes);

/// Returns such space. One block is kept for the next to ask; others go back to the system.
void devft_return_scratch(void *space);
