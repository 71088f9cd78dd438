#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Expands stored numbers to float32.
//
// Every function overwrites `target[0 ..< count]`. `source` needs no alignment and holds the blocks
// one after the other, scales and quants little-endian; `count` is a multiple of the block's length
// (1 for the half-width floats, 32 for Q*_0, Q*_1, 256 for Q*_K). The arithmetic is the one of the
// reference dequantiser (no fused multiply-add), so results agree with it bit for bit.

#ifdef __cplusplus
extern "C" {
#endif

/// IEEE half precision, 2 bytes a number.
void devft_dequantise_f16(const void *source, float *target, size_t count);
/// The upper half of float32, 2 bytes a number.
void devft_dequantise_bf16(const void *source, float *target, size_t count);
/// 34 bytes a block of 32: half scale, 32 signed bytes.
void devft_dequantise_q8_0(const void *source, float *target, size_t count);
/// 18 bytes a block of 32: half scale, 16 bytes of two 4-bit numbers offset by 8.
void devft_dequantise_q4_0(const void *source, float *target, size_t count);
/// 20 bytes a block of 32: half scale, half minimum, 16 bytes of two 4-bit numbers.
void devft_dequantise_q4_1(const void *source, float *target, size_t count);
/// 22 bytes a block of 32: half scale, 32 fifth bits, 16 bytes of two 4-bit numbers; offset by 16.
void devft_dequantise_q5_0(const void *source, float *target, size_t count);
/// 24 bytes a block of 32: half scale, half minimum, 32 fifth bits, 16 bytes of two 4-bit numbers.
void devft_dequantise_q5_1(const void *source, float *target, size_t count);
/// 144 bytes a block of 256: half scale of scales and of minima, 8 of each in 6 bits, 4-bit numbers.
void devft_dequantise_q4_k(const void *source, float *target, size_t count);
/// 210 bytes a block of 256: lower 4 bits, upper 2 bits, 16 signed scales, half scale; offset by 32.
void devft_dequantise_q6_k(const void *source, float *target, size_t count);

/// How a file stores numbers.
typedef enum {
  DEVFT_F32,
  DEVFT_F16,
  DEVFT_BF16,
  DEVFT_Q8_0,
  DEVFT_Q4_0,
  DEVFT_Q4_1,
  DEVFT_Q5_0,
  DEVFT_Q5_1,
  DEVFT_Q4_K,
  DEVFT_Q6_K
} devft_storage;

/// Expands numbers of any of these types.
void devft_dequantise(devft_storage type, const void *source, float *target, size_t count);

/// The same numbers, rounded to bfloat16 in the same pass.
void devft_dequantise_q8_0_to_bf16(const void *source, uint16_t *target, size_t count);
/// Likewise.
void devft_dequantise_q4_0_to_bf16(const void *source, uint16_t *target, size_t count);
/// Likewise.
void devft_dequantise_q4_1_to_bf16(const void *source, uint16_t *target, size_t count);

/// Expands to bfloat16 the types that there is such a function for; returns false, nothing written, for
/// the others.
bool devft_dequantise_to_bf16(
    devft_storage type, const void *source, uint16_t *target, size_t count);

#ifdef __cplusplus
}
#endif
