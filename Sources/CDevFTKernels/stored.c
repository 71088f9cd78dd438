#include "devft_stored.h"

#include "devft_convert.h"

// Numbers expanded at a time on the way to bfloat16: they stay in the first-level cache.
enum { PART = 1024 };

static void expand_row_to_bf16(
    const devft_stored_matrix *m, const uint8_t *source, size_t columns, uint16_t *target) {
  float part[PART];
  for (size_t start = 0; start < columns; start += PART) {
    size_t count = columns - start < PART ? columns - start : PART;
    devft_dequantise(m->type, source + start / m->block_length * m->block_bytes, part, count);
    devft_f32_to_bf16(part, target + start, count);
  }
}

void devft_expand_stored(
    const devft_stored_matrix *matrix, size_t row, size_t rows, size_t column, size_t columns,
    bool to_bf16, void *target) {
  size_t offset = column / matrix->block_length * matrix->block_bytes;
  for (size_t r = 0; r < rows; r++) {
    size_t from = matrix->row_order ? matrix->row_order[row + r] : row + r;
    const uint8_t *source = matrix->bytes + from * matrix->row_bytes + offset;
    if (to_bf16)
      expand_row_to_bf16(matrix, source, columns, (uint16_t *)target + r * columns);
    else
      devft_dequantise(matrix->type, source, (float *)target + r * columns, columns);
  }
}
