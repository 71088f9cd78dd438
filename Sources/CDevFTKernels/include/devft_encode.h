#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "devft_dequantise.h"

// Rounds float32 numbers to what files hold.
//
// Every function overwrites `target`, which needs no alignment, with the blocks one after the other,
// little-endian; `count` is a multiple of the block's length. The arithmetic is the one of the
// reference quantiser (no fused multiply-add), so the bytes agree with it. Numbers must be finite and
// within what the type's scale can hold; others give a block without meaning.

#ifdef __cplusplus
extern "C" {
#endif

/// To the nearest half, ties to even.
void devft_encode_f16(const float *source, void *target, size_t count);
/// To the nearest upper half of float32, ties to even.
void devft_encode_bf16(const float *source, void *target, size_t count);
/// 34 bytes a block of 32: scale `max |x| / 127`, numbers rounded half away from zero.
///
/// `devft_quantise_q8_0` differs in the last place of its rounding and in blocks that are no numbers: it
/// makes operands, this one makes files.
void devft_encode_q8_0(const float *source, void *target, size_t count);
/// 18 bytes a block of 32: scale `x / -8` of the first number of largest magnitude.
void devft_encode_q4_0(const float *source, void *target, size_t count);
/// 20 bytes a block of 32: scale `(max x - min x) / 15` and minimum.
void devft_encode_q4_1(const float *source, void *target, size_t count);

/// Rounds to any of these types or copies float32; returns false, nothing written, for the others.
bool devft_encode(devft_storage type, const float *source, void *target, size_t count);

#ifdef __cplusplus
}
#endif
