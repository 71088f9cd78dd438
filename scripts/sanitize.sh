#!/usr/bin/env bash
# Runs the row kernels under the address and undefined-behaviour sanitizers, once for the baseline
# CPU and once for the host's own instructions.
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
