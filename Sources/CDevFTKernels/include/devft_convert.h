#pragma once
#include <stddef.h>
#include <stdint.h>

/// Rounds float32 to bfloat16, to nearest even; NaN stays NaN. `target` is overwritten.
void devft_f32_to_bf16(const float *restrict source, uint16_t *restrict target, size_t count);

/// Widens bfloat16 to float32, exactly. `target` is overwritten.
void devft_bf16_to_f32(const uint16_t *restrict source, float *restrict target, size_t count);

/// Transposes `[rows, columns]` into `[columns, rows]`. `target` is overwritten.
void devft_transpose(
    const float *restrict source, float *restrict target, size_t rows, size_t columns);
