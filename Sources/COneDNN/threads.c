// One pool for row kernels and products. OpenMP's own loops end only when every thread of the team has
// been there, so that one busy core beside us makes each of some thousand loops a step wait for the
// scheduler (measured: a 0.7 s answer took 18 s). Here nobody is waited for that has not taken work:
// the caller does what is left itself. Helpers look for work for a while before they sleep, since
// waking one takes longer (60 µs, measured) than most loops.
#define _GNU_SOURCE
#include "devft_threads.h"

#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

enum { MAX_HELPERS = 255, LOOKS_BEFORE_SLEEP = 20000, LOOKS_BEFORE_YIELD = 2000 };

// A loop under way; it lies on its caller's stack and is in the list while helpers may join.
typedef struct loop {
  void (*body)(void *context, size_t index);
  void *context;
  size_t count;
  atomic_size_t next;
  atomic_int working;  // helpers that have joined and not yet left
  int vacancies;       // helpers that may still join; guarded by the lock
  struct loop *link;   // guarded by the lock
} loop;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t wake = PTHREAD_COND_INITIALIZER;
static loop *open_loops;       // guarded by the lock
static int sleepers;           // guarded by the lock
static atomic_uint published;  // grows with every loop, so that helpers can look without the lock
static pthread_once_t started = PTHREAD_ONCE_INIT;

static _Thread_local bool inside;
static _Thread_local int thread_count;

static void pause_briefly(void) {
#if defined(__x86_64__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

static void take_indices(loop *work) {
  for (;;) {
    size_t index = atomic_fetch_add_explicit(&work->next, 1, memory_order_relaxed);
    if (index >= work->count) return;
    work->body(work->context, index);
  }
}

// The oldest loop with a vacancy, joined; NULL when there is none. The caller holds the lock.
static loop *join(void) {
  for (loop *work = open_loops; work != NULL; work = work->link)
    if (work->vacancies > 0) {
      work->vacancies--;
      atomic_fetch_add_explicit(&work->working, 1, memory_order_relaxed);
      return work;
    }
  return NULL;
}

// Waits for a loop to join: looks for a while, then sleeps.
static loop *next_loop(void) {
  unsigned seen = atomic_load_explicit(&published, memory_order_acquire);
  for (;;) {
    pthread_mutex_lock(&lock);
    loop *work = join();
    pthread_mutex_unlock(&lock);
    if (work) return work;
    int looks = 0;
    while (atomic_load_explicit(&published, memory_order_acquire) == seen &&
           looks++ < LOOKS_BEFORE_SLEEP)
      pause_briefly();
    if (looks > LOOKS_BEFORE_SLEEP) {
      pthread_mutex_lock(&lock);
      sleepers++;
      while (atomic_load_explicit(&published, memory_order_relaxed) == seen)
        pthread_cond_wait(&wake, &lock);
      sleepers--;
      pthread_mutex_unlock(&lock);
    }
    seen = atomic_load_explicit(&published, memory_order_acquire);
  }
}

static void *help(void *unused) {
  (void)unused;
  inside = true;
  for (;;) {
    loop *work = next_loop();
    take_indices(work);
    atomic_fetch_sub_explicit(&work->working, 1, memory_order_release);
  }
  return NULL;
}

static int core_count(void) {
  cpu_set_t cores;
  if (sched_getaffinity(0, sizeof cores, &cores) != 0) return 1;
  int count = CPU_COUNT(&cores);
  return count < 1 ? 1 : count;
}

static void start_helpers(void) {
  int count = core_count() - 1;
  for (int i = 0; i < count && i < MAX_HELPERS; i++) {
    pthread_t thread;
    if (pthread_create(&thread, NULL, help, NULL) == 0) pthread_detach(thread);
  }
}

static void publish(loop *work) {
  pthread_mutex_lock(&lock);
  loop **end = &open_loops;
  while (*end != NULL) end = &(*end)->link;
  *end = work;
  atomic_fetch_add_explicit(&published, 1, memory_order_release);
  if (sleepers > 0) pthread_cond_broadcast(&wake);
  pthread_mutex_unlock(&lock);
}

// Takes the loop out of the list and waits for the helpers that are still at an index of theirs.
static void withdraw(loop *work) {
  pthread_mutex_lock(&lock);
  loop **place = &open_loops;
  while (*place != work) place = &(*place)->link;
  *place = work->link;
  pthread_mutex_unlock(&lock);
  for (int looks = 0; atomic_load_explicit(&work->working, memory_order_acquire) > 0; looks++)
    if (looks < LOOKS_BEFORE_YIELD)
      pause_briefly();
    else
      sched_yield();
}

void devft_parallel_for(size_t count, void (*body)(void *context, size_t index), void *context) {
  int threads = devft_thread_count();
  if ((size_t)threads > count) threads = (int)count;
  loop work = {body, context, count, 0, 0, threads - 1, NULL};
  if (inside || threads <= 1) {
    take_indices(&work);
    return;
  }
  pthread_once(&started, start_helpers);
  inside = true;
  publish(&work);
  take_indices(&work);
  withdraw(&work);
  inside = false;
}

int devft_thread_count(void) { return thread_count > 0 ? thread_count : core_count(); }

void devft_set_thread_count(int count) { thread_count = count < 1 ? 1 : count; }
