#define _DEFAULT_SOURCE
#include "devft_memory.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

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

// Logits take more than the allocator keeps: a page fault for every four kilobytes of them would cost
// several hundredths of a step. The header keeps what follows it on a cache line.
typedef struct {
  size_t bytes;
  char rest[64 - sizeof(size_t)];
} scratch;

enum { LARGE_PAGE = 2 << 20 };

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static scratch *kept;

static scratch *map_scratch(size_t bytes) {
  size_t whole = (bytes + sizeof(scratch) + LARGE_PAGE - 1) / LARGE_PAGE * LARGE_PAGE;
  void *space = NULL;
  if (posix_memalign(&space, LARGE_PAGE, whole) != 0) return NULL;
#if defined(MADV_HUGEPAGE)
  madvise(space, whole, MADV_HUGEPAGE);
#endif
  scratch *block = space;
  block->bytes = whole - sizeof(scratch);
  return block;
}

void *devft_take_scratch(size_t bytes) {
  pthread_mutex_lock(&lock);
  scratch *block = kept;
  kept = NULL;
  pthread_mutex_unlock(&lock);
  if (block && block->bytes < bytes) {
    free(block);
    block = NULL;
  }
  if (block == NULL) block = map_scratch(bytes);
  return block ? block + 1 : NULL;
}

void devft_return_scratch(void *space) {
  if (space == NULL) return;
  scratch *block = (scratch *)space - 1;
  pthread_mutex_lock(&lock);
  scratch *other = kept;
  // The larger one serves more.
  if (other && other->bytes > block->bytes) {
    scratch *smaller = block;
    block = other;
    other = smaller;
  }
  kept = block;
  pthread_mutex_unlock(&lock);
  free(other);
}
