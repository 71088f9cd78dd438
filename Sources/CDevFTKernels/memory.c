#define _GNU_SOURCE
#include "devft_memory.h"

#include <limits.h>
#include <stdint.h>
#include <sys/mman.h>
#include <unistd.h>
#if defined(__GLIBC__)
#include <malloc.h>
#endif

void devft_keep_freed_memory(void) {
#if defined(__GLIBC__)
  mallopt(M_MMAP_THRESHOLD, 32 << 20);  // the largest that it accepts
  mallopt(M_TRIM_THRESHOLD, INT_MAX);
#endif
}

void devft_release_pages(const void *start, size_t byte_count) {
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
  uintptr_t first = ((uintptr_t)start + page - 1) / page * page;
  uintptr_t end = ((uintptr_t)start + byte_count) / page * page;
  if (end > first) madvise((void *)first, end - first, MADV_DONTNEED);
}
