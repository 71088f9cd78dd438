#include "devft_rope.h"

#include "kernel.h"

DEVFT_KERNEL
void devft_rope(
    float *x, const int32_t *positions, const float *cosines, const float *sines, float direction,
    size_t rows, size_t stride, size_t heads, size_t width) {
  size_t half = width / 2;
  for (size_t row = 0; row < rows; row++, x += stride) {
    const float *c = cosines + (size_t)positions[row] * half;
    const float *s = sines + (size_t)positions[row] * half;
    for (size_t head = 0; head < heads; head++) {
      float *pairs = x + head * width;
      for (size_t i = 0; i < half; i++) {
        float a = pairs[i], b = pairs[i + half], sine = direction * s[i];
        pairs[i] = a * c[i] - b * sine;
        pairs[i + half] = b * c[i] + a * sine;
      }
    }
  }
}
