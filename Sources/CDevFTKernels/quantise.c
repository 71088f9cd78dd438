#include "devft_quantise.h"

#include "kernel.h"

enum { BLOCK = 32, BLOCK_BYTES = 34 };

// To nearest even; `value` is at least 0 and below 65520. Numbers too small for a half become 0.
DEVFT_INLINE uint16_t half_of_float(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  if (bits < 0x38800000u) {  // subnormal halves: multiples of 2^-24
    float shifted = value + 0.5f;  // 0.5's last place is 2^-24
    memcpy(&bits, &shifted, sizeof bits);
    return (uint16_t)(bits - 0x3f000000u);
  }
  return (uint16_t)((bits - 0x38000000u + 0xfffu + ((bits >> 13) & 1u)) >> 13);
}

DEVFT_KERNEL
void devft_quantise_q8_0(const float *restrict source, void *target, size_t count) {
  const float magic = 12582912.0f;  // 1.5 * 2^23: leaves the nearest integer in the low bits
  uint8_t *block = target;
  for (size_t start = 0; start < count; start += BLOCK, block += BLOCK_BYTES) {
    float maximum = 0.0f;
    for (int i = 0; i < BLOCK; i++) {
      float magnitude = source[start + i] < 0.0f ? -source[start + i] : source[start + i];
      maximum = magnitude > maximum ? magnitude : maximum;
    }
    uint16_t half = half_of_float(maximum / 127.0f);
    memcpy(block, &half, sizeof half);
    // Rounding by the exact scale keeps the numbers within -127 ... 127.
    float inverse = maximum > 0.0f && half != 0 ? 127.0f / maximum : 0.0f;
    int8_t *quants = (int8_t *)(block + 2);
    for (int i = 0; i < BLOCK; i++) {
      float shifted = source[start + i] * inverse + magic;
      int32_t bits;
      memcpy(&bits, &shifted, sizeof bits);
      quants[i] = (int8_t)bits;
    }
  }
}
