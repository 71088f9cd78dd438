#pragma once
#include <stddef.h>

/// Constants of one AdamW step.
typedef struct {
  float learning_rate;
  float beta1;
  float beta2;
  /// `1 - beta1` and `1 - beta2`, rounded from double: `1 - 0.999f` is off by 5e-5 of itself.
  float complement1;
  float complement2;
  float epsilon;
  float weight_decay;
  /// `1 - beta1^t` and `1 - beta2^t` of step t.
  float correction1;
  float correction2;
  /// Factor on the gradient before use, from clipping.
  float grad_scale;
} devft_adamw_step;

/// One AdamW update (decoupled weight decay), in place on the parameters and both moments.
void devft_adamw(
    const devft_adamw_step *step, float *restrict parameters, const float *restrict gradients,
    float *restrict first_moment, float *restrict second_moment, size_t count);
