#pragma once
// The few oneDNN calls whose spelling differs between v2 and v3.
#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_version.h>

#include "devft_matmul.h"

/// A compiled product of one tile shape. Shared by all threads; never changed or freed.
typedef struct {
  dnnl_primitive_t primitive;
  dnnl_memory_desc_t left, right, output, scratch;
  size_t scratch_bytes;
} compiled_product;

/// The process's CPU engine.
dnnl_engine_t devft_engine(void);

/// Keeps oneDNN, which knows OpenMP only, to the calling thread; the pool spreads tiles itself.
void devft_keep_to_this_thread(void);

/// Compiles the product of one tile.
dnnl_status_t devft_compile(const devft_matmul_shape *shape, compiled_product *result);

/// The compiled product of a tile shape, from the cache or new; NULL with `status` set on failure.
const compiled_product *devft_compiled(const devft_matmul_shape *shape, dnnl_status_t *status);

/// A view of memory under a description.
dnnl_status_t devft_view(dnnl_memory_t *memory, const dnnl_memory_desc_t *description, void *data);

/// What a thread keeps space for between products.
typedef enum {
  DEVFT_ONEDNN_SCRATCH,
  DEVFT_EXPANDED,
  DEVFT_SUMS,
  DEVFT_INT8_SUMS,
  DEVFT_BUFFERS
} devft_buffer;

/// The calling thread's space of at least `bytes` for a purpose; NULL when memory is short.
void *devft_thread_buffer(devft_buffer which, size_t bytes);

/// Runs a compiled product on the calling thread; `output` is float32, of int8 operands int32.
dnnl_status_t devft_execute(
    const compiled_product *compiled, const void *left, const void *right, void *output);
