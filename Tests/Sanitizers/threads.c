// The thread pool under the thread sanitizer: loops of all sizes, from several callers at once, nested,
// with sleeping and with busy helpers.
#include <assert.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "devft_threads.h"

enum { LARGEST = 257, LOOPS = 400, CALLERS = 3 };

static void mark(void *context, size_t index) { ((int *)context)[index] += 1; }

static void nest(void *context, size_t index) {
  int inner[3] = {0};
  devft_parallel_for(3, mark, inner);
  for (int i = 0; i < 3; i++) assert(inner[i] == 1);
  mark(context, index);
}

static void *call(void *argument) {
  int visits[LARGEST];
  size_t seed = (size_t)argument;
  devft_set_thread_count(2 + (int)seed % 3);
  for (size_t loop = 0; loop < LOOPS; loop++) {
    size_t count = (loop * 37 + seed * 11) % (LARGEST + 1);
    memset(visits, 0, sizeof visits);
    devft_parallel_for(count, loop % 5 == 0 ? nest : mark, visits);
    for (size_t i = 0; i < LARGEST; i++) assert(visits[i] == (i < count ? 1 : 0));
    if (loop % 100 == 99) usleep(20000);  // long enough for the helpers to sleep
  }
  return NULL;
}

int main(void) {
  pthread_t callers[CALLERS];
  for (size_t i = 0; i < CALLERS; i++) pthread_create(&callers[i], NULL, call, (void *)i);
  for (size_t i = 0; i < CALLERS; i++) pthread_join(callers[i], NULL);
  puts("thread pool: every index once, no race seen");
  return 0;
}
