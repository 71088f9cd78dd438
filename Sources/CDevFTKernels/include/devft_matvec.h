#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// `y[r] (+)= sum_c weights[r, c] x[c]` of bfloat16 weights, dense rows; exact products, float32 sums.
void devft_matvec_bf16(
    const uint16_t *restrict weights, const float *restrict x, bool accumulates, float *restrict y,
    size_t rows, size_t columns);

/// `y[r] (+)= scales[r] sum_c weights[r, c] x[c]` of int8 weights, dense rows.
void devft_matvec_int8(
    const int8_t *restrict weights, const float *restrict scales, const float *restrict x,
    bool accumulates, float *restrict y, size_t rows, size_t columns);
