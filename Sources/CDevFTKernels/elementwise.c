#include "devft_elementwise.h"

#include "kernel.h"

DEVFT_KERNEL
void devft_swiglu_forward(
    const float *restrict gate, const float *restrict up, float *restrict output, size_t count) {
  for (size_t i = 0; i < count; i++)
    output[i] = gate[i] / (1.0f + devft_exp(-gate[i])) * up[i];
}

DEVFT_KERNEL
void devft_swiglu_backward(
    const float *restrict gate, const float *restrict up, const float *restrict grad_output,
    float *restrict grad_gate, float *restrict grad_up, size_t count) {
  for (size_t i = 0; i < count; i++) {
    float sigmoid = 1.0f / (1.0f + devft_exp(-gate[i]));
    float silu = gate[i] * sigmoid;
    grad_up[i] = grad_output[i] * silu;
    grad_gate[i] = grad_output[i] * up[i] * (sigmoid + silu * (1.0f - sigmoid));
  }
}

DEVFT_KERNEL
void devft_add(const float *restrict source, float *restrict target, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] += source[i];
}

DEVFT_KERNEL
void devft_scale(float *target, float factor, size_t count) {
  for (size_t i = 0; i < count; i++) target[i] *= factor;
}

DEVFT_KERNEL
void devft_add_row(
    const float *restrict row, float *restrict target, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    for (size_t c = 0; c < columns; c++) target[r * columns + c] += row[c];
}

DEVFT_KERNEL
double devft_squared_norm(const float *source, size_t count) {
  double lanes[8] = {0};
  size_t i = 0;
  for (; i + 8 <= count; i += 8)
    for (int l = 0; l < 8; l++) lanes[l] += (double)source[i + l] * (double)source[i + l];
  for (; i < count; i++) lanes[i % 8] += (double)source[i] * (double)source[i];
  return ((lanes[0] + lanes[4]) + (lanes[2] + lanes[6])) +
         ((lanes[1] + lanes[5]) + (lanes[3] + lanes[7]));
}
