#pragma once
#include <stddef.h>

/// Shapes of the attention of one sequence for the query heads that share one key/value head.
typedef struct {
  /// Queries, and keys of the same sequence; query i sees the keys up to `keys - queries + i`, or every
  /// key.
  size_t queries;
  size_t keys;
  int bidirectional;
  /// Query heads of the group, side by side in a row of `q`.
  size_t heads;
  /// Width of one head.
  size_t width;
  /// Distance between rows, in numbers: of `q`, of `k` and `v`, and of `output`.
  size_t q_stride;
  size_t kv_stride;
  size_t output_stride;
  /// Factor on the scores, `1 / sqrt(width)`.
  float scale;
} devft_attention_shape;

/// Numbers of scratch space that the forward pass needs.
size_t devft_attention_forward_scratch(const devft_attention_shape *shape);

/// Numbers of scratch space that the backward pass needs.
size_t devft_attention_backward_scratch(const devft_attention_shape *shape);

/// `output = softmax(scale q kᵀ, masked) v`, head by head. Overwrites `output`.
void devft_attention_forward(
    const devft_attention_shape *shape, const float *q, const float *k, const float *v,
    float *output, float *scratch);

/// Backward of the above; the probabilities are computed again. `queries` equals `keys`.
///
/// Overwrites `grad_q` (laid out as `q`), `grad_k` and `grad_v` (as `k` and `v`).
void devft_attention_backward(
    const devft_attention_shape *shape, const float *q, const float *k, const float *v,
    const float *grad_output, float *grad_q, float *grad_k, float *grad_v, float *scratch);
