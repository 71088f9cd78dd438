#pragma once
// Matrix products by oneDNN behind one call that compiles against the headers of v2 and v3, and the
// thread pool that oneDNN and the row kernels share.
#include "devft_matmul.h"
#include "devft_threads.h"
