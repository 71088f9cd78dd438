#pragma once
#include <stddef.h>
#include <stdint.h>

/// Cross-entropy of rows of logits, and its gradient in place.
///
/// For each row r: `losses[r] = log(sum exp(logits)) - logits[target]` (overwritten), then the row
/// of logits is overwritten by `grad_scale * (softmax - onehot(target))`; with `grad_scale` 0 the
/// logits are left as they are. Every target lies in `0 ..< vocabulary`.
void devft_cross_entropy(
    float *restrict logits, const int32_t *restrict targets, float grad_scale,
    double *restrict losses, size_t rows, size_t vocabulary);

/// The same with a gradient that is rounded to bfloat16 and written over the first half of each row's
/// own memory: row r's gradient is the bfloat16 numbers from `logits + r * vocabulary` on.
void devft_cross_entropy_bf16(
    float *restrict logits, const int32_t *restrict targets, float grad_scale,
    double *restrict losses, size_t rows, size_t vocabulary);
