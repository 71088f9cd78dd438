#!/usr/bin/env bash
# Installs Flower in a virtual environment of its own, .venv-flower, unless it is there.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=1.41.0
place=.venv-flower
[ "$(cat "$place/version" 2>/dev/null)" = "$version" ] && exit 0
python3 -m venv "$place"
"$place/bin/pip" install --quiet --disable-pip-version-check "flwr==$version"
echo "$version" >"$place/version"
