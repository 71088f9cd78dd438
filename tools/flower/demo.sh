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
source tools/flower/federation.sh

$devft data split demo-data/homes.jsonl --kind iid --clients 3 --seed 7 --out "$out/data"
start_federation 3
for client in 0 1 2; do
  name=client-$client start $devft flower client --runtime "127.0.0.1:$((port + 1 + client))" \
    --data "$out/data/client-$client.jsonl"
done
$devft flower run --superlink "127.0.0.1:$port" --detach
$devft flower serve configs/flower-demo.yaml --superlink "127.0.0.1:$port" --out "$out/run"
$devft flower ls --superlink "127.0.0.1:$port"
$devft simulate configs/flower-demo.yaml --out "$out/one-process" >/dev/null 2>&1
cmp "$out/run/adapter/adapter_model.safetensors" "$out/one-process/adapter/adapter_model.safetensors"
echo "the adapter is the same, byte for byte, as that of the run in one process"
