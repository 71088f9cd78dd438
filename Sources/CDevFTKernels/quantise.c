#include "devft_quantise.h"

#include "kernel.h"

enum { BLOCK = 32, BLOCK_BYTES = 34 };

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
    uint16_t half = devft_half_of_positive(maximum / 127.0f);
    memcpy(block, &half, sizeof half);
    // Rounding by the exact scale keeps the numbers within -127 ... 127.
    float inverse = half != 0 && half != 0x7c00u ? 127.0f / maximum : 0.0f;
    int8_t *quants = (int8_t *)(block + 2);
    for (int i = 0; i < BLOCK; i++)
      quants[i] = inverse != 0.0f ? devft_nearest_int8(source[start + i] * inverse) : 0;
  }
}
