#pragma once
// Row kernels: plain C over pointers and lengths, row-major float32, no allocation, no globals and
// no threads. Each output is said to be overwritten or accumulated. The naive twins that the tests
// hold them to are Swift functions in Tests/DevFTTensorTests/Reference.
#include "devft_adamw.h"
#include "devft_attention.h"
#include "devft_convert.h"
#include "devft_dequantise.h"
#include "devft_elementwise.h"
#include "devft_encode.h"
#include "devft_loss.h"
#include "devft_matvec.h"
#include "devft_memory.h"
#include "devft_norm.h"
#include "devft_quantise.h"
#include "devft_rope.h"
#include "devft_stored.h"
