#!/usr/bin/env bash
# Generates the Swift code of Flower's messages. Needed only when the pinned version of flwr changes: the result
# is committed. The plugin of swift-protobuf takes some minutes to build.
set -euo pipefail
cd "$(dirname "$0")/../.."
tools/flower/set-up.sh
checkout=.build/checkouts/swift-protobuf
swift package resolve
swift build --package-path "$checkout" --scratch-path .build-protobuf -c release --product protoc-gen-swift
.venv-flower/bin/python tools/flower/messages.py .build-protobuf/release/protoc-gen-swift Sources/DevFTFlower/Generated
