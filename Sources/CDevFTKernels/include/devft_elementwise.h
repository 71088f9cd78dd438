#pragma once
#include <stddef.h>
#include <stdint.h>

/// `output = silu(gate) * up` with `silu(g) = g / (1 + exp(-g))`. Overwrites `output`.
void devft_swiglu_forward(
    const float *restrict gate, const float *restrict up, float *restrict output, size_t count);

/// Backward of SwiGLU. Overwrites `grad_gate` and `grad_up`.
void devft_swiglu_backward(
    const float *restrict gate, const float *restrict up, const float *restrict grad_output,
    float *restrict grad_gate, float *restrict grad_up, size_t count);

/// `devft_swiglu_forward` of bfloat16 numbers, computed in float32. Overwrites `output`.
void devft_swiglu_forward_bf16(
    const uint16_t *restrict gate, const uint16_t *restrict up, uint16_t *restrict output,
    size_t count);

/// `devft_swiglu_backward` of bfloat16 numbers and a float32 gradient. Overwrites `grad_gate` and
/// `grad_up`.
void devft_swiglu_backward_bf16(
    const uint16_t *restrict gate, const uint16_t *restrict up, const float *restrict grad_output,
    uint16_t *restrict grad_gate, uint16_t *restrict grad_up, size_t count);

/// `target += source`. Accumulates.
void devft_add(const float *restrict source, float *restrict target, size_t count);

/// `target *= factor`, in place.
void devft_scale(float *target, float factor, size_t count);

/// Adds one row to each row: `target[r, c] += row[c]`. Accumulates.
void devft_add_row(
    const float *restrict row, float *restrict target, size_t rows, size_t columns);

/// Sum of squares, in double precision, always in the same order.
double devft_squared_norm(const float *source, size_t count);
