#pragma once
#include <stdbool.h>
#include <stddef.h>

/// A product `output[rows, columns] (+)= left[rows, inner] right[inner, columns]`.
///
/// All row-major. Strides are distances between rows in numbers.
typedef struct {
  size_t rows;
  size_t columns;
  size_t inner;
  /// Operands are bfloat16 if true, float32 otherwise; the output is always float32.
  bool bfloat16;
  /// `right` is stored as `[columns, inner]` if true, as `[inner, columns]` otherwise.
  bool right_transposed;
  /// Adds to `output` if true, overwrites it otherwise.
  bool accumulates;
  size_t left_stride;
  size_t right_stride;
  size_t output_stride;
} devft_matmul_shape;

/// Computes a product. The result does not depend on the number of threads.
///
/// Returns 0, or oneDNN's status when this CPU or this library has no such product.
int devft_matmul(
    const devft_matmul_shape *shape, const void *left, const void *right, float *output);

/// Whether products of bfloat16 operands are available on this CPU.
bool devft_has_bfloat16(void);

/// Version of the oneDNN library in use, as major * 10000 + minor * 100 + patch.
int devft_onednn_version(void);
