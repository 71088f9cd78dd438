#include "devft_encode.h"

#include "kernel.h"

// A product and a sum are rounded one after the other, as in the reference quantiser.
#pragma STDC FP_CONTRACT OFF

enum { BLOCK = 32 };

DEVFT_INLINE uint16_t half_of_float(float value) {
  uint32_t magnitude = devft_magnitude(value);
  uint16_t sign = (uint16_t)(devft_bits(value) >> 16 & 0x8000u);
  if (magnitude > DEVFT_INFINITE) return sign | 0x7e00u;
  return sign | devft_half_of_positive(devft_float_of_bits(magnitude));
}

DEVFT_INLINE void store_half(uint8_t *target, float value) {
  uint16_t half = half_of_float(value);
  memcpy(target, &half, sizeof half);
}

// 0 for 0, and for scales so small that their inverse is infinite: nothing is left of such a block.
DEVFT_INLINE float inverse_of(float scale) {
  float inverse = scale != 0.0f ? 1.0f / scale : 0.0f;
  return devft_magnitude(inverse) >= DEVFT_INFINITE ? 0.0f : inverse;
}

// Half away from zero; exact for what fits a byte.
DEVFT_INLINE int8_t nearest_away(float value) {
  float magnitude = devft_float_of_bits(devft_magnitude(value));
  int32_t whole = (int32_t)magnitude;
  whole += magnitude - (float)whole >= 0.5f;
  return (int8_t)(value < 0.0f ? -whole : whole);
}

DEVFT_INLINE uint8_t at_most_15(float value) {
  int32_t whole = (int32_t)value;
  return (uint8_t)(whole > 15 ? 15 : whole < 0 ? 0 : whole);
}

DEVFT_KERNEL
void devft_encode_f16(const float *source, void *target, size_t count) {
  uint8_t *bytes = target;
  for (size_t i = 0; i < count; i++) store_half(bytes + 2 * i, source[i]);
}

DEVFT_KERNEL
void devft_encode_bf16(const float *source, void *target, size_t count) {
  uint8_t *bytes = target;
  for (size_t i = 0; i < count; i++) {
    uint16_t narrow = devft_bf16_of_float(source[i]);
    memcpy(bytes + 2 * i, &narrow, sizeof narrow);
  }
}

DEVFT_KERNEL
void devft_encode_q8_0(const float *source, void *target, size_t count) {
  uint8_t *block = target;
  for (size_t start = 0; start < count; start += BLOCK, block += 34) {
    uint32_t largest = 0;
    for (int i = 0; i < BLOCK; i++) {
      uint32_t magnitude = devft_magnitude(source[start + i]);
      largest = magnitude > largest ? magnitude : largest;
    }
    float scale = devft_float_of_bits(largest) / 127.0f;
    float inverse = inverse_of(scale);
    store_half(block, scale);
    int8_t *quants = (int8_t *)(block + 2);
    for (int i = 0; i < BLOCK; i++) quants[i] = nearest_away(source[start + i] * inverse);
  }
}

DEVFT_KERNEL
void devft_encode_q4_0(const float *source, void *target, size_t count) {
  uint8_t *block = target;
  for (size_t start = 0; start < count; start += BLOCK, block += 18) {
    const float *numbers = source + start;
    float largest = 0.0f;
    for (int i = 0; i < BLOCK; i++)
      largest = devft_magnitude(numbers[i]) > devft_magnitude(largest) ? numbers[i] : largest;
    float scale = largest / -8.0f;
    float inverse = inverse_of(scale);
    store_half(block, scale);
    for (int i = 0; i < BLOCK / 2; i++) {
      uint8_t low = at_most_15(numbers[i] * inverse + 8.5f);
      uint8_t high = at_most_15(numbers[i + BLOCK / 2] * inverse + 8.5f);
      block[2 + i] = (uint8_t)(low | high << 4);
    }
  }
}

DEVFT_KERNEL
void devft_encode_q4_1(const float *source, void *target, size_t count) {
  uint8_t *block = target;
  for (size_t start = 0; start < count; start += BLOCK, block += 20) {
    const float *numbers = source + start;
    float least = numbers[0], largest = numbers[0];
    for (int i = 1; i < BLOCK; i++) {
      least = numbers[i] < least ? numbers[i] : least;
      largest = numbers[i] > largest ? numbers[i] : largest;
    }
    float scale = (largest - least) / 15.0f;
    float inverse = inverse_of(scale);
    store_half(block, scale);
    store_half(block + 2, least);
    for (int i = 0; i < BLOCK / 2; i++) {
      uint8_t low = at_most_15((numbers[i] - least) * inverse + 0.5f);
      uint8_t high = at_most_15((numbers[i + BLOCK / 2] - least) * inverse + 0.5f);
      block[4 + i] = (uint8_t)(low | high << 4);
    }
  }
}

bool devft_encode(devft_storage type, const float *source, void *target, size_t count) {
  switch (type) {
    case DEVFT_F32: memcpy(target, source, count * sizeof *source); return true;
    case DEVFT_F16: devft_encode_f16(source, target, count); return true;
    case DEVFT_BF16: devft_encode_bf16(source, target, count); return true;
    case DEVFT_Q8_0: devft_encode_q8_0(source, target, count); return true;
    case DEVFT_Q4_0: devft_encode_q4_0(source, target, count); return true;
    case DEVFT_Q4_1: devft_encode_q4_1(source, target, count); return true;
    default: return false;
  }
}
