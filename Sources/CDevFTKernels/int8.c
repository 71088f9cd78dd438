#include "devft_convert.h"
#include "kernel.h"

// The number at a place of a row that is either bfloat16 or float32, times its column's factor.
DEVFT_INLINE float value_at(
    const uint16_t *narrow, const float *wide, const float *factors, size_t place) {
  float value = narrow ? devft_float_of_bf16(narrow[place]) : wide[place];
  return factors ? value * factors[place] : value;
}

// Which pointers are NULL is known where this is called, so that the loops hold no branches.
DEVFT_INLINE void quantise_row(
    const uint16_t *narrow, const float *wide, const float *factors, int8_t *restrict target,
    float *restrict scale, size_t columns) {
  uint32_t largest = 0;
  for (size_t c = 0; c < columns; c++) {
    uint32_t magnitude = devft_magnitude(value_at(narrow, wide, factors, c));
    largest = magnitude > largest ? magnitude : largest;
  }
  float maximum = devft_float_of_bits(largest);
  // Below this the factor would be infinite; such a row counts as zeros.
  float factor = maximum > 1e-36f ? 127.0f / maximum : 0.0f;
  for (size_t c = 0; c < columns; c++)
    target[c] = devft_nearest_int8(value_at(narrow, wide, factors, c) * factor);
  *scale = largest >= DEVFT_INFINITE ? __builtin_nanf("") : maximum / 127.0f;
}

DEVFT_KERNEL
void devft_quantise_rows_bf16(
    const uint16_t *restrict source, size_t source_stride, const float *restrict column_factors,
    int8_t *restrict target, float *restrict scales, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++, source += source_stride, target += columns)
    if (column_factors)
      quantise_row(source, NULL, column_factors, target, scales + r, columns);
    else
      quantise_row(source, NULL, NULL, target, scales + r, columns);
}

DEVFT_KERNEL
void devft_quantise_rows_f32(
    const float *restrict source, int8_t *restrict target, float *restrict scales, size_t rows,
    size_t columns) {
  for (size_t r = 0; r < rows; r++, source += columns, target += columns)
    quantise_row(NULL, source, NULL, target, scales + r, columns);
}

DEVFT_KERNEL
void devft_scale_sums(
    const int32_t *restrict sums, const float *restrict row_scales,
    const float *restrict column_scales, bool accumulates, float *restrict output, size_t rows,
    size_t columns, size_t output_stride) {
  for (size_t r = 0; r < rows; r++, sums += columns, output += output_stride) {
    float scale = row_scales[r];
    if (column_scales && accumulates)
      for (size_t c = 0; c < columns; c++) output[c] += scale * column_scales[c] * (float)sums[c];
    else if (column_scales)
      for (size_t c = 0; c < columns; c++) output[c] = scale * column_scales[c] * (float)sums[c];
    else if (accumulates)
      for (size_t c = 0; c < columns; c++) output[c] += scale * (float)sums[c];
    else
      for (size_t c = 0; c < columns; c++) output[c] = scale * (float)sums[c];
  }
}
