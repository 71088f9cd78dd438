#include "devft_convert.h"

#include "kernel.h"

DEVFT_KERNEL
void devft_f32_to_bf16(const float *restrict source, uint16_t *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits;
    memcpy(&bits, source + i, sizeof bits);
    uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
    uint32_t quiet = (bits >> 16) | 0x40u;  // rounding could carry a NaN's bits into infinity
    target[i] = (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? quiet : rounded);
  }
}

DEVFT_KERNEL
void devft_bf16_to_f32(const uint16_t *restrict source, float *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) {
    uint32_t bits = (uint32_t)source[i] << 16;
    memcpy(target + i, &bits, sizeof bits);
  }
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
