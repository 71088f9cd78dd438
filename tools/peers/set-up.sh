#!/usr/bin/env bash
# Makes the partners' virtual environment, unless DEVFT_PEERS_PYTHON names the Python of one that is there, and the
# model that PyTorch reads.
#
#   tools/peers/set-up.sh models/smollm2-135m-instruct.gguf
set -euo pipefail
model=${1:?"the GGUF file that PyTorch is to have as well"}
peers=$(cd "$(dirname "$0")" && pwd)
environment=$peers/.venv
if [ -z "${DEVFT_PEERS_PYTHON:-}" ]; then
  if ! cmp -s "$peers/requirements.txt" "$environment/installed.txt"; then
    python3 -m venv "$environment"
    # llama.cpp is compiled for this very machine, with OpenMP: some minutes.
    CMAKE_ARGS="-DGGML_NATIVE=ON -DGGML_OPENMP=ON -DLLAVA_BUILD=OFF ${CMAKE_ARGS:-}" nice -n 10 \
      "$environment/bin/python" -m pip install --quiet --no-binary llama-cpp-python -r "$peers/requirements.txt"
    cp "$peers/requirements.txt" "$environment/installed.txt"
  fi
  DEVFT_PEERS_PYTHON=$environment/bin/python
fi
directory=${model%.gguf}-bf16
if [ ! -e "$directory/config.json" ]; then
  rm -rf "$directory.part"
  "$DEVFT_PEERS_PYTHON" -B "$peers/make_hf.py" "$model" "$directory.part"
  mv "$directory.part" "$directory"
fi
