#!/usr/bin/env bash
# Splits a JSONL file of yours into training and held-out rows:
#   scripts/hold-out.sh path/to/rows.jsonl[.gz] NAME
# leaves demo-data/NAME.jsonl and demo-data/NAME-heldout.jsonl. Every fiftieth row is held out, at most 64.
set -euo pipefail
source="$(realpath "${1:?expected the path of a JSONL file}")"
[[ -r "$source" ]] || { echo "$source: expected a JSONL file that can be read" >&2; exit 1; }
name="${2:?expected a name for the two files}"
cd "$(dirname "$0")/.."
mkdir -p demo-data
# Whole or not there: a half-written file would pass for the data.
gzip -cdf "$source" | awk -v name="demo-data/$name" '
  NR % 50 == 0 && held < 64 { held++; print > (name "-heldout.part"); next }
  { print > (name ".part") }'
mv "demo-data/$name.part" "demo-data/$name.jsonl"
mv "demo-data/$name-heldout.part" "demo-data/$name-heldout.jsonl"
