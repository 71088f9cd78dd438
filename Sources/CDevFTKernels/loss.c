#include "devft_loss.h"

#include <math.h>

#include "devft_convert.h"
#include "kernel.h"

DEVFT_INLINE float sum_of_exponentials(const float *row, float maximum, size_t count) {
  float lanes[DEVFT_LANES] = {0};
  size_t i = 0;
  for (; i + DEVFT_LANES <= count; i += DEVFT_LANES)
    for (int l = 0; l < DEVFT_LANES; l++) lanes[l] += devft_exp(row[i + l] - maximum);
  for (; i < count; i++) lanes[i % DEVFT_LANES] += devft_exp(row[i] - maximum);
  return devft_sum_lanes(lanes);
}

// Loss of one row; `factor` times the exponential of a logit less `maximum` is its share.
DEVFT_INLINE double row_loss(
    const float *row, int32_t target, float grad_scale, size_t vocabulary, float *maximum,
    float *factor) {
  *maximum = devft_maximum(row, vocabulary);
  float sum = sum_of_exponentials(row, *maximum, vocabulary);
  *factor = grad_scale / sum;
  return log((double)sum) + ((double)*maximum - (double)row[target]);
}

DEVFT_KERNEL
void devft_cross_entropy(
    float *restrict logits, const int32_t *restrict targets, float grad_scale,
    double *restrict losses, size_t rows, size_t vocabulary) {
  for (size_t r = 0; r < rows; r++) {
    float *row = logits + r * vocabulary, maximum, factor;
    losses[r] = row_loss(row, targets[r], grad_scale, vocabulary, &maximum, &factor);
    if (grad_scale == 0.0f) continue;
    for (size_t i = 0; i < vocabulary; i++) row[i] = factor * devft_exp(row[i] - maximum);
    row[targets[r]] -= grad_scale;
  }
}

// Numbers of a row that are narrowed at a time: what is written lies before what is still to be read.
enum { PART = 256 };

DEVFT_KERNEL
void devft_cross_entropy_bf16(
    float *restrict logits, const int32_t *restrict targets, float grad_scale,
    double *restrict losses, size_t rows, size_t vocabulary) {
  float wide[PART];
  uint16_t narrow[PART];
  for (size_t r = 0; r < rows; r++) {
    float *row = logits + r * vocabulary, maximum, factor;
    size_t target = (size_t)targets[r];
    losses[r] = row_loss(row, targets[r], grad_scale, vocabulary, &maximum, &factor);
    for (size_t start = 0; start < vocabulary; start += PART) {
      size_t count = vocabulary - start < PART ? vocabulary - start : PART;
      for (size_t i = 0; i < count; i++) wide[i] = factor * devft_exp(row[start + i] - maximum);
      if (target >= start && target < start + count) wide[target - start] -= grad_scale;
      devft_f32_to_bf16(wide, narrow, count);
      memcpy((char *)row + start * sizeof *narrow, narrow, count * sizeof *narrow);
    }
  }
}
