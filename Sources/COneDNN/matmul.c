#include "devft_matmul.h"

#include <string.h>

#include "devft_convert.h"
#include "devft_threads.h"
#include "onednn.h"

// Tiles depend on the shape alone, never on the number of threads: oneDNN may add in another order for
// another tile (one of a single row, for instance). An even number of column tiles of at most 384 keeps
// two and four cores busy; 512 rows amortise the packing of the right operand, where that leaves enough
// tasks, and a stored one is expanded for twice as many.
enum {
  MOST_ROWS = 512,
  LEAST_ROWS = 256,
  EXPANDED_ROWS = 1024,
  TILE_COLUMNS = 384,
  COLUMN_STEP = 32,
  TILE_INNER = 4096,
  LEAST_TASKS = 8,
  LEAST_EXPANSIONS = 4
};

typedef struct {
  const devft_matmul_shape *shape;
  const char *left, *right;
  const devft_matrix_source *source;  // instead of `right`, or NULL
  const float *left_scales, *right_scales;
  const devft_second_term *term;  // or NULL
  float *output;
  // A task works on `task_rows` rows of a column tile, `tile_rows` at a time.
  size_t column_tiles, tile_columns, task_rows, tile_rows, tile_inner;
  dnnl_status_t status;
} product;

static size_t bytes_of(devft_number type) {
  return type == DEVFT_FLOAT32 ? 4 : type == DEVFT_BFLOAT16 ? 2 : 1;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }

// The right operand of a column tile, from row `inner` on: where it is, or expanded into the thread's
// buffer, which changes the stride.
static const char *right_tile(
    const product *work, size_t inner, size_t column, devft_matmul_shape *tile) {
  size_t size = bytes_of(tile->type);
  bool transposed = tile->right_transposed;
  if (work->source == NULL)
    return work->right + (transposed ? column * tile->right_stride : column) * size;
  char *space = devft_thread_buffer(DEVFT_EXPANDED, tile->inner * tile->columns * size);
  if (space == NULL) return NULL;
  tile->right_stride = transposed ? tile->inner : tile->columns;
  work->source->expand(
      work->source->context, transposed ? column : inner,
      transposed ? tile->columns : tile->inner, transposed ? 0 : column,
      transposed ? tile->inner : tile->columns, tile->type, space);
  return space;
}

// int8 sums go through the thread's buffer and are scaled while they are in the cache.
static dnnl_status_t run_int8(
    const product *work, const compiled_product *compiled, const devft_matmul_shape *tile,
    const char *left, const char *right, size_t row, size_t column) {
  int32_t *sums = devft_thread_buffer(DEVFT_SUMS, tile->rows * tile->columns * sizeof *sums);
  if (sums == NULL) return dnnl_out_of_memory;
  dnnl_status_t status = devft_execute(compiled, left, right, sums);
  if (status != dnnl_success) return status;
  const float *column_scales = work->right_scales ? work->right_scales + column : NULL;
  devft_scale_sums(
      sums, work->left_scales + row, column_scales, work->shape->accumulates,
      work->output + row * tile->output_stride + column, tile->rows, tile->columns,
      tile->output_stride);
  return dnnl_success;
}

// Adds the second term to a tile of the output.
static dnnl_status_t add_term(
    const product *work, const devft_matmul_shape *tile, size_t row, size_t column) {
  const devft_second_term *term = work->term;
  size_t size = bytes_of(term->type);
  devft_matmul_shape shape = *tile;
  shape.inner = term->inner;
  shape.type = term->type;
  shape.accumulates = true;
  shape.left_stride = term->left_stride;
  shape.right_stride = term->right_stride;
  dnnl_status_t status = dnnl_success;
  const compiled_product *compiled = devft_compiled(&shape, &status);
  if (compiled == NULL) return status;
  size_t place = shape.right_transposed ? column * term->right_stride : column;
  return devft_execute(
      compiled, (const char *)term->left + row * term->left_stride * size,
      (const char *)term->right + place * size,
      work->output + row * shape.output_stride + column);
}

static dnnl_status_t run_block(
    const product *work, devft_matmul_shape tile, const char *right, size_t inner, size_t row,
    size_t column) {
  tile.rows = smaller(work->tile_rows, work->shape->rows - row);
  tile.accumulates = tile.accumulates || inner > 0;
  const char *left = work->left + (row * tile.left_stride + inner) * bytes_of(tile.type);
  devft_matmul_shape key = tile;
  if (tile.type == DEVFT_INT8) {
    key.accumulates = false;
    key.output_stride = tile.columns;
  }
  dnnl_status_t status = dnnl_success;
  const compiled_product *compiled = devft_compiled(&key, &status);
  if (compiled == NULL) return status;
  if (tile.type == DEVFT_INT8) return run_int8(work, compiled, &tile, left, right, row, column);
  return devft_execute(
      compiled, left, right, work->output + row * tile.output_stride + column);
}

static void run_tile(void *context, size_t index) {
  product *work = context;
  size_t first = index / work->column_tiles * work->task_rows;
  size_t column = index % work->column_tiles * work->tile_columns;
  devft_matmul_shape whole = *work->shape;
  whole.columns = smaller(work->tile_columns, whole.columns - column);
  size_t end = smaller(first + work->task_rows, whole.rows);
  dnnl_status_t status = dnnl_success;
  for (size_t inner = 0; inner < whole.inner && status == dnnl_success;
       inner += work->tile_inner) {
    devft_matmul_shape tile = whole;
    tile.inner = smaller(work->tile_inner, whole.inner - inner);
    const char *right = right_tile(work, inner, column, &tile);
    if (right == NULL) status = dnnl_out_of_memory;
    for (size_t row = first; row < end && status == dnnl_success; row += work->tile_rows) {
      status = run_block(work, tile, right, inner, row, column);
      tile.rows = smaller(work->tile_rows, whole.rows - row);
      if (status == dnnl_success && work->term && inner == 0)
        status = add_term(work, &tile, row, column);
    }
  }
  if (status != dnnl_success) __atomic_store_n(&work->status, status, __ATOMIC_RELAXED);
}

// oneDNN divides by an inner size of 0; the sums are empty.
static int add_nothing(const devft_matmul_shape *shape, float *output) {
  for (size_t row = 0; row < shape->rows && !shape->accumulates; row++)
    memset(output + row * shape->output_stride, 0, shape->columns * sizeof *output);
  return dnnl_success;
}

static void cut_rows(product *work) {
  size_t rows = work->shape->rows, wanted = work->source ? LEAST_EXPANSIONS : LEAST_TASKS;
  work->task_rows = work->source ? EXPANDED_ROWS : MOST_ROWS;
  while (work->task_rows > LEAST_ROWS &&
         (rows + work->task_rows - 1) / work->task_rows * work->column_tiles < wanted)
    work->task_rows /= 2;
  work->tile_rows = smaller(MOST_ROWS, work->task_rows);
}

static int run(product work) {
  const devft_matmul_shape *shape = work.shape;
  if (shape->rows == 0 || shape->columns == 0) return dnnl_success;
  if (shape->inner == 0) return add_nothing(shape, work.output);
  size_t pairs = (shape->columns + 2 * TILE_COLUMNS - 1) / (2 * TILE_COLUMNS);
  size_t width = (shape->columns + 2 * pairs - 1) / (2 * pairs);
  size_t step = COLUMN_STEP;
  if (work.source && work.source->column_step > step) step = work.source->column_step;
  work.tile_columns = (width + step - 1) / step * step;
  work.column_tiles = (shape->columns + work.tile_columns - 1) / work.tile_columns;
  cut_rows(&work);
  // Expanded rows of a tall operand, such as the head's, must not fill much space.
  bool is_cut = work.source && !shape->right_transposed;
  work.tile_inner = is_cut ? smaller(TILE_INNER, shape->inner) : shape->inner;
  size_t row_tiles = (shape->rows + work.task_rows - 1) / work.task_rows;
  devft_parallel_for(row_tiles * work.column_tiles, run_tile, &work);
  return work.status;
}

int devft_matmul(
    const devft_matmul_shape *shape, const void *left, const void *right,
    const devft_second_term *term, float *output) {
  return run((product){
      .shape = shape, .left = left, .right = right, .term = term, .output = output});
}

int devft_matmul_expanding(
    const devft_matmul_shape *shape, const void *left, const devft_matrix_source *right,
    const devft_second_term *term, float *output) {
  return run((product){
      .shape = shape, .left = left, .source = right, .term = term, .output = output});
}

int devft_matmul_int8(
    const devft_matmul_shape *shape, const int8_t *left, const float *left_scales,
    const int8_t *right, const float *right_scales, const devft_second_term *term,
    float *output) {
  return run((product){
      .shape = shape,
      .left = (const char *)left,
      .right = (const char *)right,
      .left_scales = left_scales,
      .right_scales = right_scales,
      .term = term,
      .output = output});
}

bool devft_has_products(devft_number type) {
  devft_matmul_shape probe = {16, 32, 32, type, true, false, 32, 32, 32};
  dnnl_status_t status = dnnl_success;
  return devft_compiled(&probe, &status) != NULL;
}

int devft_onednn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}
