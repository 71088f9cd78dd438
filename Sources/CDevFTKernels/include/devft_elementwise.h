#pragma once
#include <stddef.h>
#include <stdint.h>

/// `output = silu(gate) * up` with `silu(g) = g / (1 + exp(-g))`: a row of `gate_up` holds `width` gates
/// and then as many ups. Overwrites `output`, `[rows, width]`.
void devft_swiglu_forward(
    const float *restrict gate_up, float *restrict output, size_t rows, size_t width);

/// Backward of SwiGLU. `grad_output` is `[rows, width]`; overwrites `grad_gate_up`, laid out as
/// `gate_up`.
void devft_swiglu_backward(
    const float *restrict gate_up, const float *restrict grad_output, float *restrict grad_gate_up,
    size_t rows, size_t width);

/// `devft_swiglu_forward` of bfloat16 numbers, computed in float32.
void devft_swiglu_forward_bf16(
    const uint16_t *restrict gate_up, uint16_t *restrict output, size_t rows, size_t width);

/// `devft_swiglu_backward` of bfloat16 numbers, computed in float32.
void devft_swiglu_backward_bf16(
    const uint16_t *restrict gate_up, const uint16_t *restrict grad_output,
    uint16_t *restrict grad_gate_up, size_t rows, size_t width);

/// `output = x · Φ(x)` with the standard normal distribution `Φ(x) = (1 + erf(x / √2)) / 2`, to 2e-7 of
/// `|x|`. Overwrites `output`.
void devft_gelu_forward(const float *restrict x, float *restrict output, size_t count);

/// Backward of GELU: `grad_x = grad_output · (Φ(x) + x φ(x))`. Overwrites `grad_x`.
void devft_gelu_backward(
    const float *restrict x, const float *restrict grad_output, float *restrict grad_x,
    size_t count);

/// `target += source`. Accumulates.
void devft_add(const float *restrict source, float *restrict target, size_t count);

/// `target *= factor`, in place.
void devft_scale(float *target, float factor, size_t count);

/// Adds one row to each row: `target[r, c] += row[c]`. Accumulates.
void devft_add_row(
    const float *restrict row, float *restrict target, size_t rows, size_t columns);

/// Sum of squares, in double precision, always in the same order.
double devft_squared_norm(const float *source, size_t count);
