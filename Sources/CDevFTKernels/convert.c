#include "devft_convert.h"

#include "kernel.h"

DEVFT_KERNEL
void devft_f32_to_bf16(const float *restrict source, uint16_t *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = devft_bf16_of_float(source[i]);
}

DEVFT_KERNEL
void devft_bf16_to_f32(const uint16_t *restrict source, float *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] = devft_float_of_bf16(source[i]);
}

void devft_transpose(
    const float *restrict source, float *restrict target, size_t rows, size_t columns) {
  enum { BLOCK = 16 };  // keeps both sides of a block in the first-level cache
  for (size_t r0 = 0; r0 < rows; r0 += BLOCK)
    for (size_t c0 = 0; c0 < columns; c0 += BLOCK)
      for (size_t c = c0; c < c0 + BLOCK && c < columns; c++)
        for (size_t r = r0; r < r0 + BLOCK && r < rows; r++)
          target[c * rows + r] = source[r * columns + c];
}
