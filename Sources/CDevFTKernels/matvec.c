// One row times a frozen matrix: what writing an answer token by token is made of. Each weight is read
// once and used once, so that memory is the limit and weights are widened in registers.
#include "devft_matvec.h"

#include "kernel.h"

// Rows worked on at once, each with 16 sums, hide the latency of the additions.
enum { ROWS = 4, LANES = DEVFT_LANES, AHEAD = 2304 };

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
  *sums += weights * *(const vector *)x;
}

DEVFT_INLINE float weight_at(const uint16_t *narrow, const int8_t *rounded, size_t place) {
  return rounded ? (float)rounded[place] : devft_float_of_bf16(narrow[place]);
}

// `rows` dot products with the row `x`, at most ROWS.
DEVFT_INLINE void dot_rows(
    const uint16_t *narrow, const int8_t *rounded, const float *x, int rows, size_t columns,
    float *dots) {
  vector sums[ROWS] = {0};
  size_t c = 0;
  for (; c + LANES <= columns; c += LANES)
    for (int r = 0; r < rows; r++) {
      size_t place = (size_t)r * columns + c;
      // Short rows side by side escape the processor's own prefetching.
      if (narrow) __builtin_prefetch(narrow + place + AHEAD / 2);
      if (rounded) __builtin_prefetch(rounded + place + AHEAD);
      add_products(narrow, rounded, place, x + c, &sums[r]);
    }
  for (int r = 0; r < rows; r++) {
    float lanes[LANES];
    memcpy(lanes, &sums[r], sizeof lanes);
    for (size_t i = c; i < columns; i++)
      lanes[i - c] += weight_at(narrow, rounded, (size_t)r * columns + i) * x[i];
    dots[r] = devft_sum_lanes(lanes);
  }
}

// All rows, in groups whose size is known to the compiler.
DEVFT_INLINE void all_rows(
    const uint16_t *narrow, const int8_t *rounded, const float *scales, const float *x,
    bool accumulates, float *y, size_t rows, size_t columns) {
  for (size_t r = 0; r < rows;) {
    float dots[ROWS];
    int count = rows - r < ROWS ? 1 : ROWS;
    const uint16_t *a = narrow ? narrow + r * columns : NULL;
    const int8_t *b = rounded ? rounded + r * columns : NULL;
    if (count == ROWS)
      dot_rows(a, b, x, ROWS, columns, dots);
    else
      dot_rows(a, b, x, 1, columns, dots);
    for (int i = 0; i < count; i++, r++)
      y[r] = (accumulates ? y[r] : 0.0f) + (scales ? scales[r] * dots[i] : dots[i]);
  }
}

DEVFT_KERNEL
void devft_matvec_bf16(
    const uint16_t *restrict weights, const float *restrict x, bool accumulates, float *restrict y,
    size_t rows, size_t columns) {
  all_rows(weights, NULL, NULL, x, accumulates, y, rows, columns);
}

DEVFT_KERNEL
void devft_matvec_int8(
    const int8_t *restrict weights, const float *restrict scales, const float *restrict x,
    bool accumulates, float *restrict y, size_t rows, size_t columns) {
  all_rows(NULL, weights, scales, x, accumulates, y, rows, columns);
}
