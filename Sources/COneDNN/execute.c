// Runs compiled products: views of the operands, and what each thread keeps between products.
#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>

#include "onednn.h"

typedef struct {
  void *bytes;
  size_t capacity;
} buffer;

// Freed when the thread ends.
typedef struct {
  dnnl_stream_t stream;
  buffer buffers[DEVFT_BUFFERS];
} thread_state;

static pthread_key_t state_key;
static pthread_once_t state_once = PTHREAD_ONCE_INIT;

static void free_state(void *pointer) {
  thread_state *state = pointer;
  if (state->stream) dnnl_stream_destroy(state->stream);
  for (int i = 0; i < DEVFT_BUFFERS; i++) free(state->buffers[i].bytes);
  free(state);
}

static void make_state_key(void) { pthread_key_create(&state_key, free_state); }

static thread_state *this_thread(void) {
  pthread_once(&state_once, make_state_key);
  thread_state *state = pthread_getspecific(state_key);
  if (state != NULL) return state;
  state = calloc(1, sizeof *state);
  if (state == NULL) return NULL;
  pthread_setspecific(state_key, state);
  devft_keep_to_this_thread();
  dnnl_stream_create(&state->stream, devft_engine(), dnnl_stream_default_flags);
  return state;
}

void *devft_thread_buffer(devft_buffer which, size_t bytes) {
  thread_state *state = this_thread();
  if (state == NULL) return NULL;
  buffer *kept = &state->buffers[which];
  if (bytes > kept->capacity) {
    free(kept->bytes);
    kept->capacity = (bytes + 4095) / 4096 * 4096;
    kept->bytes = aligned_alloc(64, kept->capacity);
    if (kept->bytes == NULL) kept->capacity = 0;
  }
  return kept->bytes;
}

// oneDNN has no views of constant memory; it only reads the operands.
dnnl_status_t devft_execute(
    const compiled_product *compiled, const void *left, const void *right, void *output) {
  dnnl_memory_t views[4] = {NULL, NULL, NULL, NULL};
  dnnl_exec_arg_t arguments[4];
  dnnl_status_t status = devft_view(&views[0], &compiled->left, (void *)(uintptr_t)left);
  if (status == dnnl_success)
    status = devft_view(&views[1], &compiled->right, (void *)(uintptr_t)right);
  if (status == dnnl_success) status = devft_view(&views[2], &compiled->output, output);
  thread_state *state = this_thread();
  void *scratch = NULL;
  if (compiled->scratch_bytes > 0) {
    scratch = devft_thread_buffer(DEVFT_ONEDNN_SCRATCH, compiled->scratch_bytes);
    if (scratch == NULL) status = dnnl_out_of_memory;
  }
  if (state == NULL || state->stream == NULL) status = dnnl_out_of_memory;
  if (status == dnnl_success && scratch)
    status = devft_view(&views[3], &compiled->scratch, scratch);
  static const int names[4] = {
      DNNL_ARG_SRC, DNNL_ARG_WEIGHTS, DNNL_ARG_DST, DNNL_ARG_SCRATCHPAD};
  for (int i = 0; i < 4; i++) arguments[i] = (dnnl_exec_arg_t){names[i], views[i]};
  if (status == dnnl_success)
    status = dnnl_primitive_execute(
        compiled->primitive, state->stream, views[3] ? 4 : 3, arguments);
  if (status == dnnl_success) status = dnnl_stream_wait(state->stream);
  for (int i = 0; i < 4; i++)
    if (views[i]) dnnl_memory_destroy(views[i]);
  return status;
}
