#!/usr/bin/env bash
# What a change must pass beside the tests: formatting, declared imports only, kernels under sanitizers.
set -euo pipefail
cd "$(dirname "$0")/.."
swift format lint --strict -r Package.swift Sources Tests
swift build -c release -Xswiftc -enable-testing --build-tests --explicit-target-dependency-import-check error
scripts/sanitize.sh
