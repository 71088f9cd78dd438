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

// Blocks keep both sides in the first-level cache.
#define DEVFT_TRANSPOSE(source, target, rows, columns, target_stride)             \
  for (size_t r0 = 0; r0 < rows; r0 += 16)                                        \
    for (size_t c0 = 0; c0 < columns; c0 += 16)                                   \
      for (size_t c = c0; c < c0 + 16 && c < columns; c++)                        \
        for (size_t r = r0; r < r0 + 16 && r < rows; r++)                         \
          target[c * target_stride + r] = source[r * columns + c]

void devft_transpose(
    const float *restrict source, float *restrict target, size_t rows, size_t columns,
    size_t target_stride) {
  DEVFT_TRANSPOSE(source, target, rows, columns, target_stride);
}

void devft_transpose_bf16(
    const uint16_t *restrict source, uint16_t *restrict target, size_t rows, size_t columns,
    size_t target_stride) {
  DEVFT_TRANSPOSE(source, target, rows, columns, target_stride);
}
