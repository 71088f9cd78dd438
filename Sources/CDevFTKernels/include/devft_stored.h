#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devft_dequantise.h"

/// A matrix as a file keeps it: rows of quantised blocks.
typedef struct {
  /// First byte of the first row.
  const uint8_t *bytes;
  size_t rows;
  size_t row_bytes;
  /// Numbers and bytes of a block.
  size_t block_length;
  size_t block_bytes;
  devft_storage type;
  /// Row of the file for each row of the matrix; NULL where they are the same.
  const uint32_t *row_order;
} devft_stored_matrix;

/// Matrices of equally long rows, one below the other.
typedef struct {
  const devft_stored_matrix *parts;
  size_t count;
} devft_stored_stack;

/// Expands a part of stored matrices to bfloat16 (or float32) rows, dense. Overwrites `target`.
///
/// `column` and `columns` are multiples of the longest block's length, except that the part may end with the
/// row.
void devft_expand_stored(
    const devft_stored_stack *stack, size_t row, size_t rows, size_t column, size_t columns,
    bool to_bf16, void *target);
