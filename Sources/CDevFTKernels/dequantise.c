#include "devft_dequantise.h"

#include "kernel.h"

// A product and a sum are rounded one after the other, as in the reference dequantiser.
#pragma STDC FP_CONTRACT OFF

// Vectors run along a block: the compiler must not unroll blocks and gather one number from each.
#if defined(__clang__)
#define DEVFT_BLOCK_LOOP _Pragma("clang loop vectorize(disable)")
#else
#define DEVFT_BLOCK_LOOP
#endif

// Selects instead of branches, so that loops over it vectorise; exact for every half, subnormal or
// not, whatever the processor's flush-to-zero state.
DEVFT_INLINE float float_of_half(uint16_t half) {
  uint32_t sign = (uint32_t)(half & 0x8000) << 16;
  uint32_t magnitude = half & 0x7fff;
  uint32_t normal = (magnitude << 13) + (112u << 23);
  uint32_t infinite = (magnitude << 13) + (224u << 23);
  float small = (float)(int32_t)magnitude * 0x1p-24f;
  uint32_t bits = magnitude < 0x0400 ? devft_bits(small) : magnitude < 0x7c00 ? normal : infinite;
  return devft_float_of_bits(bits | sign);
}

DEVFT_INLINE uint16_t load_u16(const uint8_t *source) {
  uint16_t value;
  memcpy(&value, source, sizeof value);
  return value;
}

DEVFT_INLINE uint32_t load_u32(const uint8_t *source) {
  uint32_t value;
  memcpy(&value, source, sizeof value);
  return value;
}

DEVFT_INLINE float load_half(const uint8_t *source) { return float_of_half(load_u16(source)); }

DEVFT_KERNEL
void devft_dequantise_f16(const void *source, float *restrict target, size_t count) {
  const uint8_t *bytes = source;
  for (size_t i = 0; i < count; i++) target[i] = load_half(bytes + 2 * i);
}

DEVFT_KERNEL
void devft_dequantise_bf16(const void *source, float *restrict target, size_t count) {
  const uint8_t *bytes = source;
  for (size_t i = 0; i < count; i++) target[i] = devft_float_of_bf16(load_u16(bytes + 2 * i));
}

// Writes a number where it is wanted: one of the pointers is NULL, as is known where this is called.
DEVFT_INLINE void put(float value, float *wide, uint16_t *narrow, size_t place) {
  if (narrow)
    narrow[place] = devft_bf16_of_float(value);
  else
    wide[place] = value;
}

DEVFT_INLINE void expand_q8_0(const void *source, float *wide, uint16_t *narrow, size_t count) {
  const uint8_t *block = source;
  DEVFT_BLOCK_LOOP
  for (size_t start = 0; start < count; start += 32, block += 34) {
    const float scale = load_half(block);
    const int8_t *quants = (const int8_t *)(block + 2);
    for (size_t i = 0; i < 32; i++) put((float)quants[i] * scale, wide, narrow, start + i);
  }
}

DEVFT_INLINE void expand_q4_0(const void *source, float *wide, uint16_t *narrow, size_t count) {
  const uint8_t *block = source;
  DEVFT_BLOCK_LOOP
  for (size_t start = 0; start < count; start += 32, block += 18) {
    const float scale = load_half(block);
    const uint8_t *quants = block + 2;
    for (size_t i = 0; i < 16; i++)
      put((float)((quants[i] & 15) - 8) * scale, wide, narrow, start + i);
    for (size_t i = 0; i < 16; i++)
      put((float)((quants[i] >> 4) - 8) * scale, wide, narrow, start + i + 16);
  }
}

DEVFT_INLINE void expand_q4_1(const void *source, float *wide, uint16_t *narrow, size_t count) {
  const uint8_t *block = source;
  DEVFT_BLOCK_LOOP
  for (size_t start = 0; start < count; start += 32, block += 20) {
    const float scale = load_half(block);
    const float minimum = load_half(block + 2);
    const uint8_t *quants = block + 4;
    for (size_t i = 0; i < 16; i++)
      put((float)(quants[i] & 15) * scale + minimum, wide, narrow, start + i);
    for (size_t i = 0; i < 16; i++)
      put((float)(quants[i] >> 4) * scale + minimum, wide, narrow, start + i + 16);
  }
}

DEVFT_KERNEL
void devft_dequantise_q8_0(const void *source, float *restrict target, size_t count) {
  expand_q8_0(source, target, NULL, count);
}

DEVFT_KERNEL
void devft_dequantise_q4_0(const void *source, float *restrict target, size_t count) {
  expand_q4_0(source, target, NULL, count);
}

DEVFT_KERNEL
void devft_dequantise_q4_1(const void *source, float *restrict target, size_t count) {
  expand_q4_1(source, target, NULL, count);
}

DEVFT_KERNEL
void devft_dequantise_q8_0_to_bf16(const void *source, uint16_t *restrict target, size_t count) {
  expand_q8_0(source, NULL, target, count);
}

DEVFT_KERNEL
void devft_dequantise_q4_0_to_bf16(const void *source, uint16_t *restrict target, size_t count) {
  expand_q4_0(source, NULL, target, count);
}

DEVFT_KERNEL
void devft_dequantise_q4_1_to_bf16(const void *source, uint16_t *restrict target, size_t count) {
  expand_q4_1(source, NULL, target, count);
}

DEVFT_KERNEL
void devft_dequantise_q5_0(const void *source, float *restrict target, size_t count) {
  const uint8_t *block = source;
  DEVFT_BLOCK_LOOP
  for (size_t start = 0; start < count; start += 32, block += 22) {
    const float scale = load_half(block);
    const uint32_t fifth = load_u32(block + 2);
    const uint8_t *quants = block + 6;
    for (int i = 0; i < 16; i++) {
      const int low = (int)((quants[i] & 15) | ((fifth >> i) & 1) << 4);
      const int high = (int)((quants[i] >> 4) | ((fifth >> (i + 16)) & 1) << 4);
      target[start + i] = (float)(low - 16) * scale;
      target[start + i + 16] = (float)(high - 16) * scale;
    }
  }
}

DEVFT_KERNEL
void devft_dequantise_q5_1(const void *source, float *restrict target, size_t count) {
  const uint8_t *block = source;
  DEVFT_BLOCK_LOOP
  for (size_t start = 0; start < count; start += 32, block += 24) {
    const float scale = load_half(block);
    const float minimum = load_half(block + 2);
    const uint32_t fifth = load_u32(block + 4);
    const uint8_t *quants = block + 8;
    for (int i = 0; i < 16; i++) {
      const int low = (int)((quants[i] & 15) | ((fifth >> i) & 1) << 4);
      const int high = (int)((quants[i] >> 4) | ((fifth >> (i + 16)) & 1) << 4);
      target[start + i] = (float)low * scale + minimum;
      target[start + i + 16] = (float)high * scale + minimum;
    }
  }
}

// Sub-blocks 0 to 3 keep 6-bit scales and minima in the low bits of bytes 0 to 3 and 4 to 7; those
// of 4 to 7 have their low 4 bits in bytes 8 to 11 and their upper 2 in the spare bits of the rest.
DEVFT_INLINE int q4_k_scale(const uint8_t *packed, int index) {
  if (index < 4) return packed[index] & 63;
  return (packed[index + 4] & 15) | (packed[index - 4] >> 6) << 4;
}

DEVFT_INLINE int q4_k_minimum(const uint8_t *packed, int index) {
  if (index < 4) return packed[index + 4] & 63;
  return (packed[index + 4] >> 4) | (packed[index] >> 6) << 4;
}

DEVFT_KERNEL
void devft_dequantise_q4_k(const void *source, float *restrict target, size_t count) {
  const uint8_t *block = source;
  DEVFT_BLOCK_LOOP
  for (size_t start = 0; start < count; start += 256, block += 144) {
    const float scale = load_half(block);
    const float minimum = load_half(block + 2);
    const uint8_t *packed = block + 4;
    const uint8_t *quants = block + 16;
    float *out = target + start;
    for (int pair = 0; pair < 4; pair++, quants += 32, out += 64) {
      const float low_scale = scale * (float)q4_k_scale(packed, 2 * pair);
      const float low_minimum = minimum * (float)q4_k_minimum(packed, 2 * pair);
      const float high_scale = scale * (float)q4_k_scale(packed, 2 * pair + 1);
      const float high_minimum = minimum * (float)q4_k_minimum(packed, 2 * pair + 1);
      for (int i = 0; i < 32; i++) {
        out[i] = low_scale * (float)(quants[i] & 15) - low_minimum;
        out[i + 32] = high_scale * (float)(quants[i] >> 4) - high_minimum;
      }
    }
  }
}

// One quarter of half a block: 32 numbers of two scales, 16 each.
DEVFT_INLINE void q6_k_quarter(const uint8_t *low, const uint8_t *high, const int8_t *scales,
                                float scale, int low_shift, int high_shift, float *restrict out) {
  for (int half = 0; half < 2; half++) {
    const float factor = scale * (float)scales[half];
    for (int i = 16 * half; i < 16 * half + 16; i++) {
      const int quant = ((low[i] >> low_shift) & 15) | ((high[i] >> high_shift) & 3) << 4;
      out[i] = factor * (float)(quant - 32);
    }
  }
}

DEVFT_KERNEL
void devft_dequantise_q6_k(const void *source, float *restrict target, size_t count) {
  const uint8_t *block = source;
  DEVFT_BLOCK_LOOP
  for (size_t start = 0; start < count; start += 256, block += 210) {
    const float scale = load_half(block + 208);
    for (int half = 0; half < 2; half++) {
      const uint8_t *low = block + 64 * half;
      const uint8_t *high = block + 128 + 32 * half;
      const int8_t *scales = (const int8_t *)(block + 192 + 8 * half);
      float *out = target + start + 128 * half;
      q6_k_quarter(low, high, scales, scale, 0, 0, out);
      q6_k_quarter(low + 32, high, scales + 2, scale, 0, 2, out + 32);
      q6_k_quarter(low, high, scales + 4, scale, 4, 4, out + 64);
      q6_k_quarter(low + 32, high, scales + 6, scale, 4, 6, out + 96);
    }
  }
}

void devft_dequantise(devft_storage type, const void *source, float *target, size_t count) {
  switch (type) {
    case DEVFT_F32: memcpy(target, source, count * sizeof *target); return;
    case DEVFT_F16: devft_dequantise_f16(source, target, count); return;
    case DEVFT_BF16: devft_dequantise_bf16(source, target, count); return;
    case DEVFT_Q8_0: devft_dequantise_q8_0(source, target, count); return;
    case DEVFT_Q4_0: devft_dequantise_q4_0(source, target, count); return;
    case DEVFT_Q4_1: devft_dequantise_q4_1(source, target, count); return;
    case DEVFT_Q5_0: devft_dequantise_q5_0(source, target, count); return;
    case DEVFT_Q5_1: devft_dequantise_q5_1(source, target, count); return;
    case DEVFT_Q4_K: devft_dequantise_q4_k(source, target, count); return;
    case DEVFT_Q6_K: devft_dequantise_q6_k(source, target, count); return;
  }
}

bool devft_dequantise_to_bf16(
    devft_storage type, const void *source, uint16_t *target, size_t count) {
  switch (type) {
    case DEVFT_Q8_0: devft_dequantise_q8_0_to_bf16(source, target, count); return true;
    case DEVFT_Q4_0: devft_dequantise_q4_0_to_bf16(source, target, count); return true;
    case DEVFT_Q4_1: devft_dequantise_q4_1_to_bf16(source, target, count); return true;
    default: return false;
  }
}
