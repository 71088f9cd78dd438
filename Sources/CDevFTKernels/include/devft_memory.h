#pragma once
#include <stddef.h>

/// Makes the C library keep freed blocks for the next request; nothing where it has no such choice.
void devft_keep_freed_memory(void);

/// Hands the whole pages of a part of a mapped file back to the system.
///
/// Only for private mappings of files that are never written: other memory would lose its contents.
void devft_release_pages(const void *start, size_t byte_count);
