#pragma once
#include <stddef.h>

/// Rounds numbers to Q8_0 blocks: 34 bytes a block of 32, a half scale `max |x| / 127` and 32 signed
/// bytes. `count` is a multiple of 32. A block that holds NaN, infinity or a magnitude above 8 million
/// becomes NaN as a whole. Overwrites `target`, little-endian.
void devft_quantise_q8_0(const float *restrict source, void *target, size_t count);
