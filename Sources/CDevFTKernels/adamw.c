#include "devft_adamw.h"

#include "kernel.h"

DEVFT_KERNEL
void devft_adamw(
    const devft_adamw_step *step, float *restrict parameters, const float *restrict gradients,
    float *restrict first_moment, float *restrict second_moment, size_t count) {
  const devft_adamw_step s = *step;
  float decay = 1.0f - s.learning_rate * s.weight_decay;
  float rate = s.learning_rate / s.correction1;
  float root_correction = devft_sqrt(s.correction2);
  for (size_t i = 0; i < count; i++) {
    float g = gradients[i] * s.grad_scale;
    float m = s.beta1 * first_moment[i] + s.complement1 * g;
    float v = s.beta2 * second_moment[i] + s.complement2 * g * g;
    first_moment[i] = m;
    second_moment[i] = v;
    float root = devft_sqrt(v) / root_correction + s.epsilon;
    parameters[i] = parameters[i] * decay - rate * m / root;
  }
}
