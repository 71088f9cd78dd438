#include "devft_norm.h"

#include "kernel.h"

DEVFT_INLINE float inverse_size(const float *x, float epsilon, size_t width) {
  return 1.0f / devft_sqrt(devft_dot(x, x, width) / (float)width + epsilon);
}

DEVFT_KERNEL
void devft_rmsnorm_forward(
    const float *restrict x, const float *restrict gain, float epsilon, float *restrict output,
    size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++, x += width, output += width) {
    float scale = inverse_size(x, epsilon, width);
    for (size_t i = 0; i < width; i++) output[i] = x[i] * scale * gain[i];
  }
}

DEVFT_KERNEL
void devft_rmsnorm_forward_bf16(
    const float *restrict x, const float *restrict gain, float epsilon, uint16_t *restrict output,
    size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++, x += width, output += width) {
    float scale = inverse_size(x, epsilon, width);
    for (size_t i = 0; i < width; i++) output[i] = devft_bf16_of_float(x[i] * scale * gain[i]);
  }
}

DEVFT_KERNEL
void devft_rmsnorm_backward(
    const float *restrict x, const float *restrict gain, float epsilon,
    const float *restrict grad_output, float *restrict grad_x, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++, x += width, grad_output += width, grad_x += width) {
    float scale = inverse_size(x, epsilon, width);
    float lanes[DEVFT_LANES] = {0};
    size_t i = 0;
    for (; i + DEVFT_LANES <= width; i += DEVFT_LANES)
      for (int l = 0; l < DEVFT_LANES; l++)
        lanes[l] += grad_output[i + l] * gain[i + l] * x[i + l];
    for (; i < width; i++) lanes[i % DEVFT_LANES] += grad_output[i] * gain[i] * x[i];
    float along = devft_sum_lanes(lanes) * scale * scale / (float)width;
    for (size_t j = 0; j < width; j++)
      grad_x[j] += scale * (grad_output[j] * gain[j] - x[j] * along);
  }
}

typedef struct {
  float mean, scale;
} moments;

DEVFT_INLINE moments moments_of(const float *x, float epsilon, size_t width) {
  float sums[DEVFT_LANES] = {0}, squares[DEVFT_LANES] = {0};
  size_t i = 0;
  for (; i + DEVFT_LANES <= width; i += DEVFT_LANES)
    for (int l = 0; l < DEVFT_LANES; l++) sums[l] += x[i + l];
  for (; i < width; i++) sums[i % DEVFT_LANES] += x[i];
  float mean = devft_sum_lanes(sums) / (float)width;
  // A second pass: the difference of two large sums would lose the variance of rows far from zero.
  for (i = 0; i + DEVFT_LANES <= width; i += DEVFT_LANES)
    for (int l = 0; l < DEVFT_LANES; l++) squares[l] += (x[i + l] - mean) * (x[i + l] - mean);
  for (; i < width; i++) squares[i % DEVFT_LANES] += (x[i] - mean) * (x[i] - mean);
  return (moments){mean, 1.0f / devft_sqrt(devft_sum_lanes(squares) / (float)width + epsilon)};
}

DEVFT_KERNEL
void devft_layernorm_forward(
    const float *restrict x, const float *restrict gain, const float *restrict bias, float epsilon,
    float *restrict output, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++, x += width, output += width) {
    moments m = moments_of(x, epsilon, width);
    for (size_t i = 0; i < width; i++) output[i] = (x[i] - m.mean) * m.scale * gain[i] + bias[i];
  }
}

DEVFT_KERNEL
void devft_layernorm_backward(
    const float *restrict x, const float *restrict gain, float epsilon,
    const float *restrict grad_output, float *restrict grad_x, size_t rows, size_t width) {
  for (size_t row = 0; row < rows; row++, x += width, grad_output += width, grad_x += width) {
    moments m = moments_of(x, epsilon, width);
    float sums[DEVFT_LANES] = {0}, alongs[DEVFT_LANES] = {0};
    size_t i = 0;
    for (; i + DEVFT_LANES <= width; i += DEVFT_LANES)
      for (int l = 0; l < DEVFT_LANES; l++) {
        float g = grad_output[i + l] * gain[i + l];
        sums[l] += g;
        alongs[l] += g * (x[i + l] - m.mean);
      }
    for (; i < width; i++) {
      float g = grad_output[i] * gain[i];
      sums[i % DEVFT_LANES] += g;
      alongs[i % DEVFT_LANES] += g * (x[i] - m.mean);
    }
    float mean = devft_sum_lanes(sums) / (float)width;
    float along = devft_sum_lanes(alongs) * m.scale * m.scale / (float)width;
    for (size_t j = 0; j < width; j++)
      grad_x[j] = m.scale * (grad_output[j] * gain[j] - mean - (x[j] - m.mean) * along);
  }
}
