// Elementwise kernels over bfloat16: parts are widened, worked on and narrowed in the first-level cache.
#include "devft_convert.h"
#include "devft_elementwise.h"

enum { PART = 512 };

static size_t part_from(size_t start, size_t count) {
  return count - start < PART ? count - start : PART;
}

void devft_swiglu_forward_bf16(
    const uint16_t *restrict gate, const uint16_t *restrict up, uint16_t *restrict output,
    size_t count) {
  float wide_gate[PART], wide_up[PART], result[PART];
  for (size_t start = 0; start < count; start += PART) {
    size_t n = part_from(start, count);
    devft_bf16_to_f32(gate + start, wide_gate, n);
    devft_bf16_to_f32(up + start, wide_up, n);
    devft_swiglu_forward(wide_gate, wide_up, result, n);
    devft_f32_to_bf16(result, output + start, n);
  }
}

void devft_swiglu_backward_bf16(
    const uint16_t *restrict gate, const uint16_t *restrict up, const float *restrict grad_output,
    uint16_t *restrict grad_gate, uint16_t *restrict grad_up, size_t count) {
  float wide_gate[PART], wide_up[PART], by_gate[PART], by_up[PART];
  for (size_t start = 0; start < count; start += PART) {
    size_t n = part_from(start, count);
    devft_bf16_to_f32(gate + start, wide_gate, n);
    devft_bf16_to_f32(up + start, wide_up, n);
    devft_swiglu_backward(wide_gate, wide_up, grad_output + start, by_gate, by_up, n);
    devft_f32_to_bf16(by_gate, grad_gate + start, n);
    devft_f32_to_bf16(by_up, grad_up + start, n);
  }
}
