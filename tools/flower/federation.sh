# Sourced by the scripts beside it: a federation on this machine, and the end of all that was started.
# Wants out, flower and port.
export FLWR_HOME="$PWD/$out/flower" FLWR_TELEMETRY_ENABLED=0 FLWR_DISABLE_UPDATE_CHECK=1

rm -rf "$out"
mkdir -p "$FLWR_HOME"
started=()
# Ends what was started here, and nothing else.
finish() { for id in "${started[@]}"; do kill "$id" 2>/dev/null || true; done; wait 2>/dev/null || true; }
trap finish EXIT
# Starts a command; its number is in `last`.
start() { "$@" >>"$out/$name.log" 2>&1 & last=$!; started+=("$last"); }
await() { for _ in $(seq 300); do curl -fs "http://127.0.0.1:$1/health" >/dev/null 2>&1 && return; sleep 0.2; done
  echo "$0: nothing answers on port $1; see $out/*.log" >&2; exit 1; }

# Starts a SuperLink and as many SuperNodes; those listen on the ports above its own.
start_federation() {
  name=superlink start $flower/flower-superlink --insecure --host 127.0.0.1 --port "$port" --isolation process \
    --database "$FLWR_HOME/state.db"
  await "$port"
  for client in $(seq 0 $(($1 - 1))); do
    name=supernode-$client start $flower/flower-supernode --insecure --superlink "127.0.0.1:$port" --isolation process \
      --host 127.0.0.1 --port $((port + 1 + client)) --node-config "partition-id=$client num-partitions=$1"
  done
  for client in $(seq 0 $(($1 - 1))); do await $((port + 1 + client)); done
}
