#include "devft_memory.h"

#if defined(__GLIBC__) || defined(__linux__)
#include <limits.h>
#include <malloc.h>
#endif

void devft_keep_freed_memory(void) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the largest that it accepts
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

void devft_release_freed_memory(void) {
#if defined(__GLIBC__)
  malloc_trim(0);
#endif
}
