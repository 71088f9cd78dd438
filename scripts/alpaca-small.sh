#!/usr/bin/env bash
# Runs configs/alpaca-gpt4-small.yaml with and without stages on an Alpaca-GPT4 file of yours:
#   scripts/alpaca-small.sh path/to/alpaca_gpt4.jsonl[.gz]
set -euo pipefail
source="$(realpath "${1:?expected the path of an Alpaca-GPT4 JSONL file}")"
cd "$(dirname "$0")/.."
make --silent build models/smollm2-135m-instruct.gguf
scripts/hold-out.sh "$source" alpaca
DEVFT_MODELS=models .build/release/devft demo configs/alpaca-gpt4-small.yaml --out runs/alpaca-small
