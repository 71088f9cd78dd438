#include "devft_convert.h"
#include "kernel.h"

// The number at a place of a row that is either bfloat16 or float32, times its column's factor.
DEVFT_INLINE float value_at(
    const uint16_t *narrow, const float *wide, const float *factors, size_t place) {
  float value;
  if (narrow) {
    uint32_t bits = (uint32_t)narrow[place] << 16;
    memcpy(&value, &bits, sizeof value);
  } else {
    value = wide[place];
  }
  return factors ? value * factors[place] : value;
}

// Which pointers are NULL is known where this is called, so that the loops hold no branches.
// Magnitudes are compared as integers, whose maximum vectorises; NaN and infinity come out on top.
DEVFT_INLINE void quantise_row(
    const uint16_t *narrow, const float *wide, const float *factors, int8_t *restrict target,
    float *restrict scale, size_t columns) {
  uint32_t largest = 0;
  for (size_t c = 0; c < columns; c++) {
    float value = value_at(narrow, wide, factors, c);
    uint32_t bits;
    memcpy(&bits, &value, sizeof bits);
    bits &= 0x7fffffffu;
    largest = bits > largest ? bits : largest;
  }
  float maximum;
  memcpy(&maximum, &largest, sizeof maximum);
  // Below this the factor would be infinite; such a row counts as zeros.
  float factor = maximum > 1e-36f ? 127.0f / maximum : 0.0f;
  const float magic = 12582912.0f;  // 1.5 * 2^23: leaves the nearest integer in the low bits
  for (size_t c = 0; c < columns; c++) {
    float shifted = value_at(narrow, wide, factors, c) * factor + magic;
    int32_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    target[c] = (int8_t)bits;
  }
  *scale = largest >= 0x7f800000u ? __builtin_nanf("") : maximum / 127.0f;
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
