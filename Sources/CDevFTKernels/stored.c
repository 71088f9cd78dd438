#include "devft_stored.h"

#include "devft_convert.h"

// Numbers expanded at a time on the way to bfloat16: they stay in the first-level cache.
enum { PART = 1024 };

static void expand_row_to_bf16(
    const devft_stored_matrix *m, const uint8_t *source, size_t columns, uint16_t *target) {
  if (devft_dequantise_to_bf16(m->type, source, target, columns)) return;
  float part[PART];
  for (size_t start = 0; start < columns; start += PART) {
    size_t count = columns - start < PART ? columns - start : PART;
    devft_dequantise(m->type, source + start / m->block_length * m->block_bytes, part, count);
    devft_f32_to_bf16(part, target + start, count);
  }
}

static void expand_part(
    const devft_stored_matrix *m, size_t row, size_t rows, size_t column, size_t columns,
    bool to_bf16, char *target) {
  size_t offset = column / m->block_length * m->block_bytes;
  for (size_t r = 0; r < rows; r++) {
    size_t from = m->row_order ? m->row_order[row + r] : row + r;
    const uint8_t *source = m->bytes + from * m->row_bytes + offset;
    if (to_bf16)
      expand_row_to_bf16(m, source, columns, (uint16_t *)target + r * columns);
    else
      devft_dequantise(m->type, source, (float *)target + r * columns, columns);
  }
}

void devft_expand_stored(
    const devft_stored_stack *stack, size_t row, size_t rows, size_t column, size_t columns,
    bool to_bf16, void *target) {
  char *place = target;
  for (size_t i = 0; i < stack->count && rows > 0; i++) {
    const devft_stored_matrix *part = &stack->parts[i];
    if (row < part->rows) {
      size_t count = part->rows - row < rows ? part->rows - row : rows;
      expand_part(part, row, count, column, columns, to_bf16, place);
      place += count * columns * (to_bf16 ? sizeof(uint16_t) : sizeof(float));
      rows -= count;
      row = 0;
    } else {
      row -= part->rows;
    }
  }
}
