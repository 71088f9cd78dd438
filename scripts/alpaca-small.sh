#!/usr/bin/env bash
# Runs configs/alpaca-gpt4-small.yaml with and without stages on an Alpaca-GPT4 file of yours:
#   scripts/alpaca-small.sh path/to/alpaca_gpt4.jsonl[.gz]
# Every fiftieth row is held out, at most 64; the others are dealt to the clients.
set -euo pipefail
source="$(realpath "${1:?expected the path of an Alpaca-GPT4 JSONL file}")"
cd "$(dirname "$0")/.."
make --silent build models/smollm2-135m-instruct.gguf
mkdir -p demo-data
gzip -cdf "$source" | awk 'NR % 50 == 0 && held < 64 { held++; print > "demo-data/alpaca-heldout.jsonl"; next }
  { print > "demo-data/alpaca.jsonl" }'
DEVFT_MODELS=models .build/release/devft demo configs/alpaca-gpt4-small.yaml --out runs/alpaca-small
