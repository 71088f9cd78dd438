#!/usr/bin/env bash
# Runs the row kernels under the address and undefined-behaviour sanitizers, once for the baseline
# CPU and once for the host's own instructions, and the thread pool under the thread sanitizer.
set -euo pipefail
cd "$(dirname "$0")/.."
kernels=Sources/CDevFTKernels
build=$(mktemp -d)
trap 'rm -rf "$build"' EXIT
for target in "" "-march=native"; do
  # Kernel versions by CPU feature are switched off: see kernel.h.
  clang -fuse-ld=lld -std=gnu17 -O1 -g -Wall -Wextra -Werror $target -DDEVFT_KERNEL= \
    -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer \
    -I "$kernels/include" Tests/Sanitizers/kernels.c "$kernels"/*.c -lm -o "$build/kernels"
  "$build/kernels"
done

# The toolchain's thread sanitizer knows libdispatch and must find it.
libraries=$(dirname "$(command -v swiftc)")/../lib/swift/linux
clang -fuse-ld=lld -std=gnu17 -O1 -g -Wall -Wextra -Werror -fsanitize=thread \
  -I Sources/COneDNN/include Tests/Sanitizers/threads.c Sources/COneDNN/threads.c -lpthread \
  -L "$libraries" -ldispatch -lBlocksRuntime -Wl,-rpath,"$libraries" -o "$build/threads"
TSAN_OPTIONS=halt_on_error=1 "$build/threads"
