#include "devft_elementwise.h"

#include "kernel.h"

DEVFT_INLINE float swiglu(float gate, float up) { return gate / (1.0f + devft_exp(-gate)) * up; }

typedef struct {
  float gate, up;
} swiglu_gradient;

DEVFT_INLINE swiglu_gradient gradient_of_swiglu(float gate, float up, float grad_output) {
  float sigmoid = 1.0f / (1.0f + devft_exp(-gate));
  float silu = gate * sigmoid;
  return (swiglu_gradient){
      grad_output * up * (sigmoid + silu * (1.0f - sigmoid)), grad_output * silu};
}

DEVFT_KERNEL
void devft_swiglu_forward(
    const float *restrict gate_up, float *restrict output, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, gate_up += 2 * width, output += width)
    for (size_t i = 0; i < width; i++) output[i] = swiglu(gate_up[i], gate_up[width + i]);
}

DEVFT_KERNEL
void devft_swiglu_backward(
    const float *restrict gate_up, const float *restrict grad_output, float *restrict grad_gate_up,
    size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, gate_up += 2 * width, grad_gate_up += 2 * width)
    for (size_t i = 0; i < width; i++) {
      swiglu_gradient g =
          gradient_of_swiglu(gate_up[i], gate_up[width + i], grad_output[r * width + i]);
      grad_gate_up[i] = g.gate;
      grad_gate_up[width + i] = g.up;
    }
}

DEVFT_KERNEL
void devft_swiglu_forward_bf16(
    const uint16_t *restrict gate_up, uint16_t *restrict output, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, gate_up += 2 * width, output += width)
    for (size_t i = 0; i < width; i++)
      output[i] = devft_bf16_of_float(
          swiglu(devft_float_of_bf16(gate_up[i]), devft_float_of_bf16(gate_up[width + i])));
}

DEVFT_KERNEL
void devft_swiglu_backward_bf16(
    const uint16_t *restrict gate_up, const uint16_t *restrict grad_output,
    uint16_t *restrict grad_gate_up, size_t rows, size_t width) {
  for (size_t r = 0; r < rows; r++, gate_up += 2 * width, grad_gate_up += 2 * width)
    for (size_t i = 0; i < width; i++) {
      swiglu_gradient g = gradient_of_swiglu(
          devft_float_of_bf16(gate_up[i]), devft_float_of_bf16(gate_up[width + i]),
          devft_float_of_bf16(grad_output[r * width + i]));
      grad_gate_up[i] = devft_bf16_of_float(g.gate);
      grad_gate_up[width + i] = devft_bf16_of_float(g.up);
    }
}

typedef struct {
  float cumulative, density;
} normal;

// The standard normal distribution at x, from Abramowitz and Stegun 7.1.26 for erfc, which is right to
// 1.5e-7 and shares the density's exponential.
DEVFT_INLINE normal normal_at(float x) {
  float power = devft_exp(-0.5f * x * x);
  float t = 1.0f / (1.0f + 0.23164189f * __builtin_fabsf(x));
  float tail = 1.061405429f;
  tail = tail * t - 1.453152027f;
  tail = tail * t + 1.421413741f;
  tail = tail * t - 0.284496736f;
  tail = tail * t + 0.254829592f;
  tail = 0.5f * tail * t * power;
  return (normal){x < 0.0f ? tail : 1.0f - tail, 0.3989422804f * power};
}

DEVFT_KERNEL
void devft_gelu_forward(const float *restrict x, float *restrict output, size_t count) {
  for (size_t i = 0; i < count; i++) output[i] = x[i] * normal_at(x[i]).cumulative;
}

DEVFT_KERNEL
void devft_gelu_backward(
    const float *restrict x, const float *restrict grad_output, float *restrict grad_x,
    size_t count) {
  for (size_t i = 0; i < count; i++) {
    normal at = normal_at(x[i]);
    grad_x[i] = grad_output[i] * (at.cumulative + x[i] * at.density);
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
