#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Number types of a product's operands.
typedef enum { DEVFT_FLOAT32, DEVFT_BFLOAT16, DEVFT_INT8 } devft_number;

/// A product `output[rows, columns] (+)= left[rows, inner] right[inner, columns]`.
///
/// All row-major. Strides are distances between rows in numbers.
typedef struct {
  size_t rows;
  size_t columns;
  size_t inner;
  /// Type of both operands.
  devft_number type;
  /// Type of the output: float32 or bfloat16. Sums are float32 and rounded once, at the end.
  devft_number output_type;
  /// `right` is stored as `[columns, inner]` if true, as `[inner, columns]` otherwise.
  bool right_transposed;
  /// Adds to `output`, which is float32, if true; overwrites it otherwise.
  bool accumulates;
  size_t left_stride;
  size_t right_stride;
  size_t output_stride;
} devft_matmul_shape;

/// A right operand that is expanded part by part while it is multiplied.
typedef struct {
  /// Writes rows `row ..< row + rows` and columns `column ..< column + columns` of the stored matrix
  /// to `target`, dense, in the product's type. Called from several threads at once.
  void (*expand)(
      const void *context, size_t row, size_t rows, size_t column, size_t columns,
      devft_number type, void *target);
  const void *context;
  /// Parts begin and end at multiples of this many columns.
  size_t column_step;
} devft_matrix_source;

/// A second product of the same rows and layout that is added to some columns of the first, tile by
/// tile, while the tile is in the cache: an adapter's share.
typedef struct {
  const void *left, *right;
  size_t inner;
  /// Float32 or bfloat16.
  devft_number type;
  size_t left_stride;
  size_t right_stride;
  /// Columns of the output: from `first_column` on, `columns` of them.
  size_t first_column, columns;
} devft_second_term;

/// What a product reads and writes.
typedef struct {
  const void *left;
  /// The right operand, or NULL when `source` makes it.
  const void *right;
  const devft_matrix_source *source;
  /// Of int8 operands: a factor for each row of `left` and, unless NULL, for each column of the result.
  const float *left_scales, *right_scales;
  const devft_second_term *terms;
  size_t term_count;
  void *output;
} devft_matmul_operands;

/// Computes a product and the second terms. The result does not depend on the number of threads.
///
/// Of int8 operands: `output[r, c] (+)= left_scales[r] right_scales[c] sum_i left[r, i] right[i, c]` with
/// exact sums. Where `source` makes the right operand, `right_stride` is not read.
/// Returns 0, or oneDNN's status when this CPU or this library has no such product.
int devft_matmul(const devft_matmul_shape *shape, const devft_matmul_operands *operands);

/// Whether products of this type are available on this CPU.
bool devft_has_products(devft_number type);

/// Version of the oneDNN library in use, as major * 10000 + minor * 100 + patch.
int devft_onednn_version(void);
