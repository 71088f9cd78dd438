#include "onednn.h"

#include <pthread.h>

extern void omp_set_num_threads(int count);

static dnnl_engine_t engine;
static pthread_once_t engine_once = PTHREAD_ONCE_INIT;

static void make_engine(void) {
  if (dnnl_engine_create(&engine, dnnl_cpu, 0) != dnnl_success) engine = NULL;
}

dnnl_engine_t devft_engine(void) {
  pthread_once(&engine_once, make_engine);
  return engine;
}

void devft_keep_to_this_thread(void) { omp_set_num_threads(1); }

// The caller passes scratch space, since oneDNN's own belongs to the thread that compiled.
static dnnl_status_t make_attributes(bool accumulates, dnnl_primitive_attr_t *attributes) {
  dnnl_status_t status = dnnl_primitive_attr_create(attributes);
  if (status != dnnl_success) return status;
  status = dnnl_primitive_attr_set_scratchpad_mode(*attributes, dnnl_scratchpad_mode_user);
  if (status != dnnl_success || !accumulates) return status;
  dnnl_post_ops_t operations;
  status = dnnl_post_ops_create(&operations);
  if (status != dnnl_success) return status;
#if DNNL_VERSION_MAJOR >= 3
  dnnl_post_ops_append_sum(operations, 1.0f, 0, dnnl_data_type_undef);
#else
  dnnl_post_ops_append_sum(operations, 1.0f);
#endif
  status = dnnl_primitive_attr_set_post_ops(*attributes, operations);
  dnnl_post_ops_destroy(operations);
  return status;
}

static dnnl_status_t describe(
    dnnl_memory_desc_t *description, size_t rows, size_t columns, size_t row_stride,
    size_t column_stride, dnnl_data_type_t type) {
  dnnl_dims_t dims = {(dnnl_dim_t)rows, (dnnl_dim_t)columns};
  dnnl_dims_t strides = {(dnnl_dim_t)row_stride, (dnnl_dim_t)column_stride};
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_desc_create_with_strides(description, 2, dims, type, strides);
#else
  return dnnl_memory_desc_init_by_strides(description, 2, dims, type, strides);
#endif
}

static dnnl_status_t make_primitive_desc(
    compiled_product *product, dnnl_primitive_attr_t attributes, dnnl_primitive_desc_t *result) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_matmul_primitive_desc_create(
      result, devft_engine(), product->left, product->right, NULL, product->output, attributes);
#else
  dnnl_matmul_desc_t operation;
  dnnl_status_t status = dnnl_matmul_desc_init(
      &operation, &product->left, &product->right, NULL, &product->output);
  if (status != dnnl_success) return status;
  return dnnl_primitive_desc_create(result, &operation, attributes, devft_engine(), NULL);
#endif
}

static dnnl_status_t describe_scratch(
    dnnl_primitive_desc_t description, compiled_product *product) {
#if DNNL_VERSION_MAJOR >= 3
  const_dnnl_memory_desc_t found =
      dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  product->scratch_bytes = found ? dnnl_memory_desc_get_size(found) : 0;
  return found ? dnnl_memory_desc_clone(&product->scratch, found) : dnnl_success;
#else
  const dnnl_memory_desc_t *found =
      dnnl_primitive_desc_query_md(description, dnnl_query_scratchpad_md, 0);
  product->scratch_bytes = found ? dnnl_memory_desc_get_size(found) : 0;
  if (found) product->scratch = *found;
  return dnnl_success;
#endif
}

dnnl_status_t devft_view(dnnl_memory_t *memory, const dnnl_memory_desc_t *description, void *data) {
#if DNNL_VERSION_MAJOR >= 3
  return dnnl_memory_create(memory, *description, devft_engine(), data);
#else
  return dnnl_memory_create(memory, description, devft_engine(), data);
#endif
}

static dnnl_data_type_t data_type(devft_number number) {
  switch (number) {
    case DEVFT_FLOAT32: return dnnl_f32;
    case DEVFT_BFLOAT16: return dnnl_bf16;
    case DEVFT_INT8: return dnnl_s8;
  }
  return dnnl_data_type_undef;
}

dnnl_status_t devft_compile(const devft_matmul_shape *shape, compiled_product *result) {
  if (devft_engine() == NULL) return dnnl_runtime_error;
  dnnl_data_type_t type = data_type(shape->type);
  dnnl_data_type_t sum_type = shape->type == DEVFT_INT8 ? dnnl_s32 : dnnl_f32;
  size_t right_row = shape->right_transposed ? 1 : shape->right_stride;
  size_t right_column = shape->right_transposed ? shape->right_stride : 1;
  dnnl_status_t status =
      describe(&result->left, shape->rows, shape->inner, shape->left_stride, 1, type);
  if (status == dnnl_success)
    status = describe(
        &result->right, shape->inner, shape->columns, right_row, right_column, type);
  if (status == dnnl_success)
    status = describe(
        &result->output, shape->rows, shape->columns, shape->output_stride, 1, sum_type);
  dnnl_primitive_attr_t attributes = NULL;
  if (status == dnnl_success) status = make_attributes(shape->accumulates, &attributes);
  if (status != dnnl_success) return status;
  // Planned for one thread: tiles are the unit of parallel work, and a plan for several threads may
  // split the inner axis, so that the rounding would depend on their number.
  devft_keep_to_this_thread();
  dnnl_primitive_desc_t description = NULL;
  status = make_primitive_desc(result, attributes, &description);
  if (status == dnnl_success) {
    status = describe_scratch(description, result);
    if (status == dnnl_success) status = dnnl_primitive_create(&result->primitive, description);
    dnnl_primitive_desc_destroy(description);
  }
  dnnl_primitive_attr_destroy(attributes);
  return status;
}
