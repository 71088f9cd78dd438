// One pool for everything: GNU OpenMP's, which Debian's oneDNN is linked with. Its entry points are
// declared here because the compiler's own -fopenmp would bring a second runtime and a second pool.
#include "devft_threads.h"

#include <stdatomic.h>

extern void GOMP_parallel(void (*body)(void *), void *context, unsigned threads, unsigned flags);
extern int omp_get_max_threads(void);
extern void omp_set_num_threads(int count);
extern int omp_in_parallel(void);

typedef struct {
  void (*body)(void *context, size_t index);
  void *context;
  size_t count;
  atomic_size_t next;
} loop;

// Each thread takes the next index until none is left.
static void take_indices(void *argument) {
  loop *work = argument;
  for (;;) {
    size_t index = atomic_fetch_add_explicit(&work->next, 1, memory_order_relaxed);
    if (index >= work->count) return;
    work->body(work->context, index);
  }
}

void devft_parallel_for(size_t count, void (*body)(void *context, size_t index), void *context) {
  loop work = {body, context, count, 0};
  size_t threads = omp_in_parallel() ? 1 : (size_t)omp_get_max_threads();
  if (threads > count) threads = count;
  if (threads <= 1)
    take_indices(&work);
  else
    GOMP_parallel(take_indices, &work, (unsigned)threads, 0);
}

int devft_thread_count(void) { return omp_get_max_threads(); }

void devft_set_thread_count(int count) { omp_set_num_threads(count < 1 ? 1 : count); }
