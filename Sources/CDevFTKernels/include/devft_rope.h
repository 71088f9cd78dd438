#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rotates query or key heads in place by their position (half-split pairs, as Hugging Face).
///
/// `x` is `[rows, heads, width]`, rows `stride` numbers apart; `cosines` and `sines` are `[positions, width / 2]`. For each pair
/// (a, b) = (x[i], x[i + width/2]): a' = a cos - b sin, b' = b cos + a sin. `direction` 1 rotates
/// forward, -1 back, which is also the backward pass.
void devft_rope(
    float *x, const int32_t *positions, const float *cosines, const float *sines, float direction,
    size_t rows, size_t stride, size_t heads, size_t width);
