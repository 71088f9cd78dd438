#include "devft_loss.h"

#include <math.h>
#include <stdbool.h>

#include "kernel.h"

// Sum of the exponentials of a row less its maximum; they replace the row if `stores`.
DEVFT_INLINE float sum_of_exponentials(float *row, float maximum, size_t count, bool stores) {
  float lanes[DEVFT_LANES] = {0};
  size_t i = 0;
  for (; i + DEVFT_LANES <= count; i += DEVFT_LANES)
    for (int l = 0; l < DEVFT_LANES; l++) {
      float exponential = devft_exp(row[i + l] - maximum);
      if (stores) row[i + l] = exponential;
      lanes[l] += exponential;
    }
  for (; i < count; i++) {
    float exponential = devft_exp(row[i] - maximum);
    if (stores) row[i] = exponential;
    lanes[i % DEVFT_LANES] += exponential;
  }
  return devft_sum_lanes(lanes);
}

// Loss of one row. With a gradient its exponentials replace it, and `factor` times one is its share.
DEVFT_INLINE double row_loss(
    float *row, int32_t target, float grad_scale, size_t vocabulary, float *factor) {
  float maximum = devft_maximum(row, vocabulary), hit = row[target];
  // Known where the loops are, so that they hold no branches.
  float sum = grad_scale == 0.0f ? sum_of_exponentials(row, maximum, vocabulary, false)
                                 : sum_of_exponentials(row, maximum, vocabulary, true);
  *factor = grad_scale / sum;
  return log((double)sum) + ((double)maximum - (double)hit);
}

DEVFT_KERNEL
void devft_cross_entropy(
    float *restrict logits, const int32_t *restrict targets, float grad_scale,
    double *restrict losses, size_t rows, size_t vocabulary) {
  for (size_t r = 0; r < rows; r++) {
    float *row = logits + r * vocabulary, factor;
    losses[r] = row_loss(row, targets[r], grad_scale, vocabulary, &factor);
    if (grad_scale == 0.0f) continue;
    for (size_t i = 0; i < vocabulary; i++) row[i] *= factor;
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
    float *row = logits + r * vocabulary, factor;
    size_t target = (size_t)targets[r];
    losses[r] = row_loss(row, targets[r], grad_scale, vocabulary, &factor);
    for (size_t start = 0; start < vocabulary; start += PART) {
      size_t count = vocabulary - start < PART ? vocabulary - start : PART;
      for (size_t i = 0; i < count; i++) wide[i] = factor * row[start + i];
      if (target >= start && target < start + count) wide[target - start] -= grad_scale;
      for (size_t i = 0; i < count; i++) narrow[i] = devft_bf16_of_float(wide[i]);
      memcpy((char *)row + start * sizeof *narrow, narrow, count * sizeof *narrow);
    }
  }
}
