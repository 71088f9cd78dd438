#include "devft_loss.h"

#include <math.h>

#include "kernel.h"

DEVFT_INLINE float sum_of_exponentials(const float *row, float maximum, size_t count) {
  float lanes[DEVFT_LANES] = {0};
  size_t i = 0;
  for (; i + DEVFT_LANES <= count; i += DEVFT_LANES)
    for (int l = 0; l < DEVFT_LANES; l++) lanes[l] += devft_exp(row[i + l] - maximum);
  for (; i < count; i++) lanes[i % DEVFT_LANES] += devft_exp(row[i] - maximum);
  return devft_sum_lanes(lanes);
}

DEVFT_KERNEL
void devft_cross_entropy(
    float *restrict logits, const int32_t *restrict targets, float grad_scale,
    double *restrict losses, size_t rows, size_t vocabulary) {
  for (size_t r = 0; r < rows; r++) {
    float *row = logits + r * vocabulary;
    float maximum = devft_maximum(row, vocabulary);
    float sum = sum_of_exponentials(row, maximum, vocabulary);
    losses[r] = log((double)sum) + ((double)maximum - (double)row[targets[r]]);
    if (grad_scale == 0.0f) continue;
    float factor = grad_scale / sum;
    for (size_t i = 0; i < vocabulary; i++) row[i] = factor * devft_exp(row[i] - maximum);
    row[targets[r]] -= grad_scale;
  }
}
