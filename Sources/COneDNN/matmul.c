#include "devft_matmul.h"

#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "devft_threads.h"
#include "onednn.h"

// Tiles depend on the shape alone, never on the number of threads. An even number of column tiles of
// at most 384 keeps two and four cores busy; 256 rows amortise the packing of the right operand.
enum { TILE_ROWS = 256, TILE_COLUMNS = 384, COLUMN_STEP = 32 };

typedef struct {
  const devft_matmul_shape *shape;
  const char *left, *right;
  float *output;
  size_t column_tiles, tile_columns;
  dnnl_status_t status;
} product;

// What a thread keeps between products; freed when the thread ends.
typedef struct {
  dnnl_stream_t stream;
  void *space;
  size_t capacity;
} thread_state;

static pthread_key_t state_key;
static pthread_once_t state_once = PTHREAD_ONCE_INIT;

static void free_state(void *pointer) {
  thread_state *state = pointer;
  if (state->stream) dnnl_stream_destroy(state->stream);
  free(state->space);
  free(state);
}

static void make_state_key(void) { pthread_key_create(&state_key, free_state); }

// The calling thread's state, with scratch space of at least `bytes`; NULL when memory is short.
static thread_state *thread_state_with(size_t bytes) {
  pthread_once(&state_once, make_state_key);
  thread_state *state = pthread_getspecific(state_key);
  if (state == NULL) {
    state = calloc(1, sizeof *state);
    if (state == NULL) return NULL;
    pthread_setspecific(state_key, state);
    devft_keep_to_this_thread();
    dnnl_stream_create(&state->stream, devft_engine(), dnnl_stream_default_flags);
  }
  if (bytes > state->capacity) {
    free(state->space);
    state->capacity = (bytes + 4095) / 4096 * 4096;
    state->space = aligned_alloc(64, state->capacity);
    if (state->space == NULL) state->capacity = 0;
  }
  return state->stream && state->capacity >= bytes ? state : NULL;
}

// oneDNN has no views of constant memory; it only reads the operands.
static dnnl_status_t execute(
    const compiled_product *compiled, const void *left, const void *right, float *output) {
  dnnl_memory_t views[4] = {NULL, NULL, NULL, NULL};
  dnnl_exec_arg_t arguments[4];
  dnnl_status_t status = devft_view(&views[0], &compiled->left, (void *)(uintptr_t)left);
  if (status == dnnl_success)
    status = devft_view(&views[1], &compiled->right, (void *)(uintptr_t)right);
  if (status == dnnl_success) status = devft_view(&views[2], &compiled->output, output);
  thread_state *state = thread_state_with(compiled->scratch_bytes);
  if (state == NULL) status = dnnl_out_of_memory;
  if (status == dnnl_success && compiled->scratch_bytes > 0)
    status = devft_view(&views[3], &compiled->scratch, state->space);
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

static void run_tile(void *context, size_t index) {
  product *work = context;
  const devft_matmul_shape *whole = work->shape;
  size_t row = index / work->column_tiles * TILE_ROWS;
  size_t column = index % work->column_tiles * work->tile_columns;
  devft_matmul_shape tile = *whole;
  tile.rows = whole->rows - row < TILE_ROWS ? whole->rows - row : TILE_ROWS;
  tile.columns =
      whole->columns - column < work->tile_columns ? whole->columns - column : work->tile_columns;
  size_t size = whole->bfloat16 ? 2 : 4;
  size_t right_offset = whole->right_transposed ? column * whole->right_stride : column;
  dnnl_status_t status = dnnl_success;
  const compiled_product *compiled = devft_compiled(&tile, &status);
  if (compiled)
    status = execute(
        compiled, work->left + row * whole->left_stride * size, work->right + right_offset * size,
        work->output + row * whole->output_stride + column);
  if (status != dnnl_success) __atomic_store_n(&work->status, status, __ATOMIC_RELAXED);
}

// oneDNN divides by an inner size of 0; the sums are empty.
static int add_nothing(const devft_matmul_shape *shape, float *output) {
  for (size_t row = 0; row < shape->rows && !shape->accumulates; row++)
    memset(output + row * shape->output_stride, 0, shape->columns * sizeof *output);
  return dnnl_success;
}

int devft_matmul(
    const devft_matmul_shape *shape, const void *left, const void *right, float *output) {
  if (shape->rows == 0 || shape->columns == 0) return dnnl_success;
  if (shape->inner == 0) return add_nothing(shape, output);
  size_t pairs = (shape->columns + 2 * TILE_COLUMNS - 1) / (2 * TILE_COLUMNS);
  size_t width = (shape->columns + 2 * pairs - 1) / (2 * pairs);
  width = (width + COLUMN_STEP - 1) / COLUMN_STEP * COLUMN_STEP;
  size_t column_tiles = (shape->columns + width - 1) / width;
  size_t row_tiles = (shape->rows + TILE_ROWS - 1) / TILE_ROWS;
  product work = {shape, left, right, output, column_tiles, width, dnnl_success};
  devft_parallel_for(row_tiles * column_tiles, run_tile, &work);
  return work.status;
}

bool devft_has_bfloat16(void) {
  devft_matmul_shape probe = {16, 32, 32, true, true, false, 32, 32, 32};
  dnnl_status_t status = dnnl_success;
  return devft_compiled(&probe, &status) != NULL;
}

int devft_onednn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}
