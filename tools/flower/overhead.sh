#!/usr/bin/env bash
# Seconds that a round takes beyond training: three clients, adapters of 5 MB in float32, nobody trains. First devft as
# server and clients, then a ServerApp and a ClientApp in Python that do the same; SuperLink and SuperNodes are the same
# processes. Prints both medians and the ratio.
set -euo pipefail
cd "$(dirname "$0")/../.."
out=${1:-runs/flower-overhead}
rounds=${ROUNDS:-12}
devft=.build/release/devft
flower=.venv-flower/bin
port=${DEVFT_FLOWER_PORT:-18100}
source tools/flower/federation.sh
# Flower's programs start one another by name.
export PATH="$PWD/$flower:$PATH"

cat >"$out/overhead.yaml" <<END
seed: 7
model: smollm2-135m-instruct
data: { path: $PWD/Tests/Golden/tiny-chat/train.jsonl, max_length: 64 }
lora: { rank: 4, alpha: 8, targets: [q, k, v, o, gate, up, down] }
federation: { clients: 3, clients_per_round: 3, rounds: $rounds }
eval: { every: 0 }
END
start_federation 3
for client in 0 1 2; do
  name=client-$client start $devft flower client --runtime "127.0.0.1:$((port + 1 + client))" \
    --data Tests/Golden/tiny-chat/train.jsonl --no-training
  ours+=("$last")
done
name=watch start $flower/python tools/flower/overhead.py watch "$out/run/metrics.jsonl" "$out/devft.txt"
$devft flower run --superlink "127.0.0.1:$port" --detach
$devft flower serve "$out/overhead.yaml" --superlink "127.0.0.1:$port" --out "$out/run" >"$out/serve.log" 2>&1
kill "${ours[@]}"

for place in "$port" $((port + 1)) $((port + 2)) $((port + 3)); do
  name=superexec-$place start $flower/flower-superexec --insecure --runtime-api-address "127.0.0.1:$place"
done
mkdir -p "$FLWR_HOME"
printf '[superlink]\ndefault = "local"\n[superlink.local]\naddress = "127.0.0.1:%s"\ninsecure = true\n' "$port" \
  >"$FLWR_HOME/config.toml"
$flower/flwr run tools/flower/overhead-app local \
  --run-config "rounds=$rounds times=\"$PWD/$out/python.txt\"" --stream >"$out/python.log" 2>&1
$flower/python tools/flower/overhead.py compare "$out/devft.txt" "$out/python.txt"
