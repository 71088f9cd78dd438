#pragma once
// What every kernel file shares: versions by CPU feature, reductions, a vectorisable exponential.
#include <stddef.h>
#include <stdint.h>
#include <string.h>

// The loader picks the version for the CPU at hand; elsewhere the compiler's baseline serves. The
// sanitizer run defines it as nothing, since resolvers run before the sanitizers are ready.
#if defined(DEVFT_KERNEL)
#elif defined(__x86_64__) && defined(__ELF__)
#define DEVFT_KERNEL \
  __attribute__((target_clones("arch=x86-64-v4", "arch=x86-64-v3", "default")))
#else
#define DEVFT_KERNEL
#endif
#define DEVFT_INLINE static inline __attribute__((always_inline))

DEVFT_INLINE uint32_t devft_bits(float value) {
  uint32_t bits;
  memcpy(&bits, &value, sizeof bits);
  return bits;
}

DEVFT_INLINE float devft_float_of_bits(uint32_t bits) {
  float value;
  memcpy(&value, &bits, sizeof value);
  return value;
}

DEVFT_INLINE float devft_float_of_bf16(uint16_t narrow) {
  return devft_float_of_bits((uint32_t)narrow << 16);
}

// To the nearest, ties to even; NaN stays NaN.
DEVFT_INLINE uint16_t devft_bf16_of_float(float value) {
  uint32_t bits = devft_bits(value);
  uint32_t rounded = (bits + 0x7fffu + ((bits >> 16) & 1u)) >> 16;
  uint32_t quiet = (bits >> 16) | 0x40u;  // rounding could carry a NaN's bits into infinity
  return (uint16_t)((bits & 0x7fffffffu) > 0x7f800000u ? quiet : rounded);
}

// To nearest even; `value` is not negative. From 65520 on, infinity and NaN included, it is infinite.
DEVFT_INLINE uint16_t devft_half_of_positive(float value) {
  uint32_t bits = devft_bits(value);
  // Subnormal halves are multiples of 2^-24, which is the last place of 0.5.
  if (bits < 0x38800000u) return (uint16_t)(devft_bits(value + 0.5f) - 0x3f000000u);
  if (bits >= 0x477ff000u) return 0x7c00u;
  return (uint16_t)((bits - 0x38000000u + 0xfffu + ((bits >> 13) & 1u)) >> 13);
}

// Magnitudes are compared as integers, whose maximum vectorises; NaN and infinity come out on top.
enum { DEVFT_INFINITE = 0x7f800000 };
DEVFT_INLINE uint32_t devft_magnitude(float value) { return devft_bits(value) & 0x7fffffffu; }

// 1.5 * 2^23: a number below 2^22 added to it leaves its nearest integer in the low bits.
static const float DEVFT_MAGIC = 12582912.0f;
DEVFT_INLINE int8_t devft_nearest_int8(float value) {
  return (int8_t)(int32_t)devft_bits(value + DEVFT_MAGIC);
}

// The square root as an instruction: `sqrtf` may set errno, which keeps loops from vectorising.
DEVFT_INLINE float devft_sqrt(float x) { return __builtin_elementwise_sqrt(x); }

// Partial sums of a reduction. A fixed number of lanes keeps the order of additions, and so the
// result, the same whatever the vector width.
enum { DEVFT_LANES = 16 };

DEVFT_INLINE float devft_sum_lanes(const float *lanes) {
  float pairs[8];
  for (int i = 0; i < 8; i++) pairs[i] = lanes[i] + lanes[i + 8];
  return ((pairs[0] + pairs[4]) + (pairs[2] + pairs[6])) +
         ((pairs[1] + pairs[5]) + (pairs[3] + pairs[7]));
}

DEVFT_INLINE float devft_maximum(const float *row, size_t count) {
  float lanes[DEVFT_LANES];
  for (int l = 0; l < DEVFT_LANES; l++) lanes[l] = row[0];
  size_t i = 0;
  for (; i + DEVFT_LANES <= count; i += DEVFT_LANES)
    for (int l = 0; l < DEVFT_LANES; l++) lanes[l] = row[i + l] > lanes[l] ? row[i + l] : lanes[l];
  for (; i < count; i++) lanes[0] = row[i] > lanes[0] ? row[i] : lanes[0];
  float maximum = lanes[0];
  for (int l = 1; l < DEVFT_LANES; l++) maximum = lanes[l] > maximum ? lanes[l] : maximum;
  return maximum;
}

DEVFT_INLINE float devft_dot(const float *a, const float *b, size_t count) {
  float lanes[DEVFT_LANES] = {0};
  size_t i = 0;
  for (; i + DEVFT_LANES <= count; i += DEVFT_LANES)
    for (int l = 0; l < DEVFT_LANES; l++) lanes[l] += a[i + l] * b[i + l];
  for (; i < count; i++) lanes[i % DEVFT_LANES] += a[i] * b[i];
  return devft_sum_lanes(lanes);
}

// exp(x) to 2 units in the last place, without a branch, so that loops over it vectorise: x is
// split into n ln 2 + r with |r| <= ln 2 / 2; exp(r) is a polynomial (Cephes expf), 2^n goes into
// the exponent bits. Below -87 the result stays at float32's smallest normal numbers; above 88.37
// it is infinite, so that 1 / (1 + exp(x)) becomes 0. NaN stays NaN.
DEVFT_INLINE float devft_exp(float x) {
  x = x < -87.0f ? -87.0f : x;
  x = x > 89.0f ? 89.0f : x;
  float shifted = x * 1.44269504088896341f + DEVFT_MAGIC;
  float n = shifted - DEVFT_MAGIC;
  float r = x - n * 0.693359375f;
  r = r + n * 2.12194440e-4f;
  float p = 1.9875691500e-4f;
  p = p * r + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // The shift drops the bits of the magic number.
  return p * devft_float_of_bits((devft_bits(shifted) + 127) << 23);
}
