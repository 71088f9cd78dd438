// One row times a frozen matrix: what writing an answer token by token is made of. Each weight is read
// once and used once, so that memory is the limit: rows are read one after the other, which the
// processor's own prefetching follows (four rows side by side were half as fast), and weights are
// widened in registers.
#include "devft_matvec.h"

#include "kernel.h"

// Independent sums hide the latency of the additions.
enum { SUMS = 4, LANES = DEVFT_LANES, STEP = SUMS * LANES };

typedef float vector __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef uint32_t words __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
typedef uint16_t halves __attribute__((vector_size(2 * LANES), aligned(2), may_alias));
typedef int8_t bytes __attribute__((vector_size(LANES), aligned(1), may_alias));

// Adds the products of sixteen weights; one of the pointers is NULL.
DEVFT_INLINE void add_products(
    const uint16_t *narrow, const int8_t *rounded, size_t place, const float *x, vector *sums) {
  vector weights;
  if (rounded)
    weights = __builtin_convertvector(*(const bytes *)(rounded + place), vector);
  else
    weights = (vector)(__builtin_convertvector(*(const halves *)(narrow + place), words) << 16);
  *sums += weights * *(const vector *)(x + place);
}

DEVFT_INLINE float weight_at(const uint16_t *narrow, const int8_t *rounded, size_t place) {
  return rounded ? (float)rounded[place] : devft_float_of_bf16(narrow[place]);
}

DEVFT_INLINE float dot_row(
    const uint16_t *narrow, const int8_t *rounded, const float *x, size_t columns) {
  vector sums[SUMS] = {0};
  size_t c = 0;
  for (; c + STEP <= columns; c += STEP)
    for (int s = 0; s < SUMS; s++)
      add_products(narrow, rounded, c + (size_t)(s * LANES), x, &sums[s]);
  sums[0] = (sums[0] + sums[1]) + (sums[2] + sums[3]);
  float lanes[LANES];
  memcpy(lanes, &sums[0], sizeof lanes);
  for (size_t i = c; i < columns; i++)
    lanes[(i - c) % LANES] += weight_at(narrow, rounded, i) * x[i];
  return devft_sum_lanes(lanes);
}

DEVFT_KERNEL
void devft_matvec_bf16(
    const uint16_t *restrict weights, const float *restrict x, bool accumulates, float *restrict y,
    size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    y[r] = (accumulates ? y[r] : 0.0f) + dot_row(weights + r * columns, NULL, x, columns);
}

DEVFT_KERNEL
void devft_matvec_int8(
    const int8_t *restrict weights, const float *restrict scales, const float *restrict x,
    bool accumulates, float *restrict y, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows; r++)
    y[r] = (accumulates ? y[r] : 0.0f) +
           scales[r] * dot_row(NULL, weights + r * columns, x, columns);
}
