#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Rounds float32 to bfloat16, to nearest even; NaN stays NaN. `target` is overwritten.
void devft_f32_to_bf16(const float *restrict source, uint16_t *restrict target, size_t count);

/// Widens bfloat16 to float32, exactly. `target` is overwritten.
void devft_bf16_to_f32(const uint16_t *restrict source, float *restrict target, size_t count);

/// Transposes `[rows, columns]` into `[columns, rows]`, whose rows are `target_stride` numbers apart, so
/// that several calls can fill one target. `target` is overwritten.
void devft_transpose(
    const float *restrict source, float *restrict target, size_t rows, size_t columns,
    size_t target_stride);

/// The same for bfloat16.
void devft_transpose_bf16(
    const uint16_t *restrict source, uint16_t *restrict target, size_t rows, size_t columns,
    size_t target_stride);

/// Rounds rows of bfloat16 numbers, each times a column's factor (or 1 if NULL), to int8:
/// `target[r, c] = round(127 x / m)` with `m` the largest `|x|` of the row; `scales[r] = m / 127`.
///
/// Rows of `source` are `source_stride` numbers apart, `target` is dense.
/// A row with NaN or infinity has the scale NaN, so that it shows in every product. Overwrites both
/// outputs.
void devft_quantise_rows_bf16(
    const uint16_t *restrict source, size_t source_stride, const float *restrict column_factors,
    int8_t *restrict target, float *restrict scales, size_t rows, size_t columns);

/// The same for float32 rows, without factors.
void devft_quantise_rows_f32(
    const float *restrict source, int8_t *restrict target, float *restrict scales, size_t rows,
    size_t columns);

/// `output[r, c] (+)= row_scales[r] * column_scales[c] * sums[r, c]`; without column scales if NULL.
/// `sums` is dense, rows of `output` are `output_stride` apart.
void devft_scale_sums(
    const int32_t *restrict sums, const float *restrict row_scales,
    const float *restrict column_scales, bool accumulates, float *restrict output, size_t rows,
    size_t columns, size_t output_stride);
