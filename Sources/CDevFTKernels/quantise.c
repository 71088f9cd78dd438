#include "devft_quantise.h"

#include "kernel.h"

enum { BLOCK = 32, BLOCK_BYTES = 34 };

// To nearest even; `value` is not negative. From 65520 on, infinity and NaN included, it is infinite.
DEVFT_INLINE uint16_t half_of_float(float value) {
  uint32_t bits = devft_bits(value);
  // Subnormal halves are multiples of 2^-24, which is the last place of 0.5.
  if (bits < 0x38800000u) return (uint16_t)(devft_bits(value + 0.5f) - 0x3f000000u);
  if (bits >= 0x477ff000u) return 0x7c00u;
  return (uint16_t)((bits - 0x38000000u + 0xfffu + ((bits >> 13) & 1u)) >> 13);
}

// A block that holds NaN or infinity, or is too large for a half's scale, becomes NaN as a whole:
// an infinite scale times its zeros. Nothing of it could be used, and it must not pass for numbers.
DEVFT_KERNEL
void devft_quantise_q8_0(const float *restrict source, void *target, size_t count) {
  uint8_t *block = target;
  for (size_t start = 0; start < count; start += BLOCK, block += BLOCK_BYTES) {
    uint32_t largest = 0;
    for (int i = 0; i < BLOCK; i++) {
      uint32_t magnitude = devft_magnitude(source[start + i]);
      largest = magnitude > largest ? magnitude : largest;
    }
    float maximum = devft_float_of_bits(largest);
    uint16_t half = half_of_float(maximum / 127.0f);
    memcpy(block, &half, sizeof half);
    // Rounding by the exact scale keeps the numbers within -127 ... 127.
    float inverse = half != 0 && half != 0x7c00u ? 127.0f / maximum : 0.0f;
    int8_t *quants = (int8_t *)(block + 2);
    for (int i = 0; i < BLOCK; i++)
      quants[i] = inverse != 0.0f ? devft_nearest_int8(source[start + i] * inverse) : 0;
  }
}
