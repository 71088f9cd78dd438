#pragma once
#include <stddef.h>
#include <stdint.h>

/// RMSNorm: `output = x / sqrt(mean(x^2) + epsilon) * gain`, row by row. Overwrites `output`.
void devft_rmsnorm_forward(
    const float *restrict x, const float *restrict gain, float epsilon, float *restrict output,
    size_t rows, size_t width);

/// The same, rounded to bfloat16.
void devft_rmsnorm_forward_bf16(
    const float *restrict x, const float *restrict gain, float epsilon, uint16_t *restrict output,
    size_t rows, size_t width);

/// Backward of RMSNorm with respect to `x`: accumulates into `grad_x`.
void devft_rmsnorm_backward(
    const float *restrict x, const float *restrict gain, float epsilon,
    const float *restrict grad_output, float *restrict grad_x, size_t rows, size_t width);

/// LayerNorm: `output = (x - mean(x)) / sqrt(variance(x) + epsilon) * gain + bias`, row by row, the
/// variance over `width`. Overwrites `output`.
void devft_layernorm_forward(
    const float *restrict x, const float *restrict gain, const float *restrict bias, float epsilon,
    float *restrict output, size_t rows, size_t width);

/// Backward of LayerNorm with respect to `x`: overwrites `grad_x`.
void devft_layernorm_backward(
    const float *restrict x, const float *restrict gain, float epsilon,
    const float *restrict grad_output, float *restrict grad_x, size_t rows, size_t width);
