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
  TASK_ROWS = 512,
  LEAST_ROWS = 256,
  EXPANDED_ROWS = 1024,
  TILE_ROWS = 256,
  TILE_COLUMNS = 384,
  COLUMN_STEP = 32,
  TILE_INNER = 4096,
  LEAST_TASKS = 8,
  LEAST_EXPANSIONS = 4
};

typedef struct {
  const devft_matmul_shape *shape;
  const devft_matmul_operands *operands;
  // A task works on `task_rows` rows of a column tile, `tile_rows` at a time, and `tile_inner` of the
  // inner axis.
  size_t column_tiles, tile_columns, task_rows, tile_rows, tile_inner;
  dnnl_status_t status;
} product;

// A tile of the output: its place in the result, and where its float32 sums are.
typedef struct {
  size_t row, rows, column, columns;
  float *sums;
  size_t stride;
} output_tile;

static size_t bytes_of(devft_number type) {
  return type == DEVFT_FLOAT32 ? 4 : type == DEVFT_BFLOAT16 ? 2 : 1;
}

static size_t smaller(size_t a, size_t b) { return a < b ? a : b; }
static size_t larger(size_t a, size_t b) { return a > b ? a : b; }

// A number of an array of a type.
static const void *at(const void *numbers, devft_number type, size_t place) {
  return (const char *)numbers + place * bytes_of(type);
}

// The right operand of a column tile, from row `inner` on: where it is, or expanded into the thread's
// buffer, which changes the stride.
static const void *right_tile(
    const product *work, size_t inner, size_t column, devft_matmul_shape *tile) {
  bool transposed = tile->right_transposed;
  const devft_matrix_source *source = work->operands->source;
  if (source == NULL)
    return at(
        work->operands->right, tile->type, transposed ? column * tile->right_stride : column);
  void *space = devft_thread_buffer(
      DEVFT_EXPANDED, tile->inner * tile->columns * bytes_of(tile->type));
  if (space == NULL) return NULL;
  tile->right_stride = transposed ? tile->inner : tile->columns;
  source->expand(
      source->context, transposed ? column : inner, transposed ? tile->columns : tile->inner,
      transposed ? 0 : column, transposed ? tile->inner : tile->columns, tile->type, space);
  return space;
}

// Multiplies one part of the inner axis into the sums of a tile.
static dnnl_status_t add_part(
    const product *work, devft_matmul_shape part, const void *right, size_t inner,
    const output_tile *tile) {
  part.accumulates = part.accumulates || inner > 0;
  part.output_stride = tile->stride;
  dnnl_status_t status = dnnl_success;
  const compiled_product *compiled = devft_compiled(&part, &status);
  if (compiled == NULL) return status;
  const void *left = at(work->operands->left, part.type, tile->row * part.left_stride + inner);
  return devft_execute(compiled, left, right, tile->sums);
}

// int8 sums go through the thread's buffer and are scaled while they are in the cache.
static dnnl_status_t add_int8(
    const product *work, devft_matmul_shape part, const void *right, const output_tile *tile) {
  int32_t *sums = devft_thread_buffer(DEVFT_INT8_SUMS, tile->rows * tile->columns * sizeof *sums);
  if (sums == NULL) return dnnl_out_of_memory;
  bool accumulates = part.accumulates;
  part.accumulates = false;
  part.output_stride = tile->columns;
  dnnl_status_t status = dnnl_success;
  const compiled_product *compiled = devft_compiled(&part, &status);
  if (compiled == NULL) return status;
  const devft_matmul_operands *operands = work->operands;
  status = devft_execute(
      compiled, at(operands->left, part.type, tile->row * part.left_stride), right, sums);
  if (status == dnnl_success)
    devft_scale_sums(
        sums, operands->left_scales + tile->row,
        operands->right_scales ? operands->right_scales + tile->column : NULL, accumulates,
        tile->sums, tile->rows, tile->columns, tile->stride);
  return status;
}

// Adds a second term to the columns of a tile that it has a share in.
static dnnl_status_t add_term(
    const devft_second_term *term, const output_tile *tile, bool transposed) {
  size_t first = larger(tile->column, term->first_column);
  size_t end = smaller(tile->column + tile->columns, term->first_column + term->columns);
  if (first >= end) return dnnl_success;
  devft_matmul_shape shape = {
      .rows = tile->rows,
      .columns = end - first,
      .inner = term->inner,
      .type = term->type,
      .right_transposed = transposed,
      .accumulates = true,
      .left_stride = term->left_stride,
      .right_stride = term->right_stride,
      .output_stride = tile->stride};
  dnnl_status_t status = dnnl_success;
  const compiled_product *compiled = devft_compiled(&shape, &status);
  if (compiled == NULL) return status;
  size_t column = first - term->first_column;
  return devft_execute(
      compiled, at(term->left, term->type, tile->row * term->left_stride),
      at(term->right, term->type, transposed ? column * term->right_stride : column),
      tile->sums + (first - tile->column));
}

// Rounds the sums of a tile into the result.
static void round_tile(const product *work, const output_tile *tile) {
  uint16_t *target = work->operands->output;
  target += tile->row * work->shape->output_stride + tile->column;
  for (size_t r = 0; r < tile->rows; r++, target += work->shape->output_stride)
    devft_f32_to_bf16(tile->sums + r * tile->stride, target, tile->columns);
}

// One part of the inner axis for one tile; the last part completes it.
static dnnl_status_t run_block(
    const product *work, const devft_matmul_shape *part, const void *right, size_t inner,
    const output_tile *tile) {
  dnnl_status_t status = part->type == DEVFT_INT8
                             ? add_int8(work, *part, right, tile)
                             : add_part(work, *part, right, inner, tile);
  if (inner + part->inner < work->shape->inner) return status;
  for (size_t i = 0; i < work->operands->term_count && status == dnnl_success; i++)
    status = add_term(&work->operands->terms[i], tile, part->right_transposed);
  if (status == dnnl_success && work->shape->output_type == DEVFT_BFLOAT16)
    round_tile(work, tile);
  return status;
}

// Where the sums of a task are: in a float32 result, or in the thread's buffer, which holds a tile, or
// all of the task's where these are completed in several parts.
static bool find_sums(const product *work, size_t first, size_t end, output_tile *task) {
  const devft_matmul_shape *shape = work->shape;
  if (shape->output_type == DEVFT_FLOAT32) {
    task->stride = shape->output_stride;
    task->sums = (float *)work->operands->output + first * task->stride + task->column;
    return true;
  }
  size_t rows = work->tile_inner < shape->inner ? end - first : work->tile_rows;
  task->stride = task->columns;
  task->sums = devft_thread_buffer(DEVFT_SUMS, rows * task->columns * sizeof *task->sums);
  return task->sums != NULL;
}

// The rows of a task from `row` on.
static output_tile tile_of(
    const product *work, const output_tile *task, size_t first, size_t row, size_t end) {
  output_tile tile = *task;
  tile.row = row;
  tile.rows = smaller(work->tile_rows, end - row);
  bool is_reused =
      work->shape->output_type == DEVFT_BFLOAT16 && work->tile_inner == work->shape->inner;
  if (!is_reused) tile.sums += (row - first) * tile.stride;
  return tile;
}

static void run_task(void *context, size_t index) {
  product *work = context;
  const devft_matmul_shape *shape = work->shape;
  size_t first = index / work->column_tiles * work->task_rows;
  size_t end = smaller(first + work->task_rows, shape->rows);
  output_tile task = {.column = index % work->column_tiles * work->tile_columns};
  task.columns = smaller(work->tile_columns, shape->columns - task.column);
  dnnl_status_t status = find_sums(work, first, end, &task) ? dnnl_success : dnnl_out_of_memory;
  for (size_t inner = 0; inner < shape->inner && status == dnnl_success;
       inner += work->tile_inner) {
    devft_matmul_shape part = *shape;
    part.output_type = DEVFT_FLOAT32;
    part.columns = task.columns;
    part.inner = smaller(work->tile_inner, shape->inner - inner);
    const void *right = right_tile(work, inner, task.column, &part);
    if (right == NULL) status = dnnl_out_of_memory;
    for (size_t row = first; row < end && status == dnnl_success; row += work->tile_rows) {
      output_tile tile = tile_of(work, &task, first, row, end);
      part.rows = tile.rows;
      status = run_block(work, &part, right, inner, &tile);
    }
  }
  if (status != dnnl_success) __atomic_store_n(&work->status, status, __ATOMIC_RELAXED);
}

// oneDNN divides by an inner size of 0; the sums are empty.
static int add_nothing(const devft_matmul_shape *shape, void *output) {
  size_t bytes = bytes_of(shape->output_type);
  for (size_t row = 0; row < shape->rows && !shape->accumulates; row++)
    memset((char *)output + row * shape->output_stride * bytes, 0, shape->columns * bytes);
  return dnnl_success;
}

static void cut_columns(product *work) {
  const devft_matrix_source *source = work->operands->source;
  size_t columns = work->shape->columns;
  size_t pairs = (columns + 2 * TILE_COLUMNS - 1) / (2 * TILE_COLUMNS);
  size_t width = (columns + 2 * pairs - 1) / (2 * pairs);
  size_t step = larger(COLUMN_STEP, source ? source->column_step : 1);
  work->tile_columns = (width + step - 1) / step * step;
  work->column_tiles = (columns + work->tile_columns - 1) / work->tile_columns;
}

static void cut_rows(product *work) {
  bool expands = work->operands->source != NULL;
  size_t rows = work->shape->rows, wanted = expands ? LEAST_EXPANSIONS : LEAST_TASKS;
  work->task_rows = expands ? EXPANDED_ROWS : TASK_ROWS;
  while (work->task_rows > LEAST_ROWS &&
         (rows + work->task_rows - 1) / work->task_rows * work->column_tiles < wanted)
    work->task_rows /= 2;
  work->tile_rows = smaller(TILE_ROWS, work->task_rows);
}

int devft_matmul(const devft_matmul_shape *shape, const devft_matmul_operands *operands) {
  product work = {.shape = shape, .operands = operands};
  if (shape->rows == 0 || shape->columns == 0) return dnnl_success;
  if (shape->inner == 0) return add_nothing(shape, operands->output);
  cut_columns(&work);
  cut_rows(&work);
  // Expanded rows of a tall operand, such as the head's, must not fill much space.
  bool is_cut = operands->source && !shape->right_transposed;
  work.tile_inner = is_cut ? smaller(TILE_INNER, shape->inner) : shape->inner;
  size_t row_tiles = (shape->rows + work.task_rows - 1) / work.task_rows;
  devft_parallel_for(row_tiles * work.column_tiles, run_task, &work);
  return work.status;
}

bool devft_has_products(devft_number type) {
  devft_matmul_shape probe = {
      .rows = 16, .columns = 32, .inner = 32, .type = type, .right_transposed = true,
      .left_stride = 32, .right_stride = 32, .output_stride = 32};
  dnnl_status_t status = dnnl_success;
  return devft_compiled(&probe, &status) != NULL;
}

int devft_onednn_version(void) {
  const dnnl_version_t *version = dnnl_version();
  return version->major * 10000 + version->minor * 100 + version->patch;
}
