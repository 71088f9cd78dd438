#!/usr/bin/env bash
# A federation of three clients over Flower on this machine: SuperLink, three SuperNodes, a server and three clients,
# each a process of its own. It runs configs/flower-demo.yaml through stages 4 and 30 and compares the adapter
# with that of the same run in one process.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-runs/flower-demo}
devft=.build/release/devft
flower=.venv-flower/bin
port=${DEVFT_FLOWER_PORT:-18000}
export FLWR_HOME="$PWD/$out/flower" FLWR_TELEMETRY_ENABLED=0 FLWR_DISABLE_UPDATE_CHECK=1

rm -rf "$out"
mkdir -p "$FLWR_HOME"
started=()
# Ends what was started here, and nothing else.
finish() { for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; }
trap finish EXIT
start() { "$@" >>"$out/$name.log" 2>&1 & started+=($!); }
await() { for _ in $(seq 300); do curl -fs "http://127.0.0.1:$1/health" >/dev/null 2>&1 && return; sleep 0.2; done
  echo "flower-demo: nothing answers on port $1; see $out/*.log" >&2; exit 1; }

$devft data split demo-data/homes.jsonl --kind iid --clients 3 --seed 7 --out "$out/data"
name=superlink start $flower/flower-superlink --insecure --host 127.0.0.1 --port "$port" --isolation process \
  --database "$FLWR_HOME/state.db"
await "$port"
for client in 0 1 2; do
  name=supernode-$client start $flower/flower-supernode --insecure --superlink "127.0.0.1:$port" --isolation process \
    --host 127.0.0.1 --port $((port + 1 + client)) --node-config "partition-id=$client num-partitions=3"
done
for client in 0 1 2; do
  await $((port + 1 + client))
  name=client-$client start $devft flower client --runtime "127.0.0.1:$((port + 1 + client))" \
    --data "$out/data/client-$client.jsonl"
done
$devft flower run --superlink "127.0.0.1:$port" --detach
$devft flower serve configs/flower-demo.yaml --superlink "127.0.0.1:$port" --out "$out/run"
$devft flower ls --superlink "127.0.0.1:$port"
$devft simulate configs/flower-demo.yaml --out "$out/one-process" >/dev/null 2>&1
cmp "$out/run/adapter/adapter_model.safetensors" "$out/one-process/adapter/adapter_model.safetensors"
echo "the adapter is the same, byte for byte, as that of the run in one process"
