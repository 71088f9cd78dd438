#!/usr/bin/env python3
"""Independent witness of the combination layer by layer, over the clients that own a layer, and of linear CKA.

Writes Tests/Golden/federation/layers.json and MANIFEST-layers.json. Needs NumPy alone; dense float64
matrices, nothing shared with the Swift code.

    python3 tools/golden/federation_layers.py [--check]
"""

import argparse
import hashlib
import json
import pathlib
import sys

import numpy as np

SEED = 20251207
RANK, LAYERS = 3, 5
MODULES = {"self_attn.q_proj": (5, 7), "self_attn.v_proj": (5, 4)}  # name: (in, out)
# Client: (examples, layers that run, layers that it trains). Nobody trains layer 3; one client alone has layer 4.
CLIENTS = {
    7: (3, [0, 1, 2], [1, 2]),
    2: (10, [0, 2, 3], [0, 2]),
    11: (6, [1, 2, 4], [1, 2, 4]),
}
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "federation"


def draw_layer(rng):
    layer = {}
    for module, (d_in, d_out) in MODULES.items():
        layer[f"{module}.lora_A.weight"] = rng.normal(size=(RANK, d_in)).astype(np.float32)
        layer[f"{module}.lora_B.weight"] = rng.normal(size=(d_out, RANK)).astype(np.float32)
    return layer


def written(layers):
    return [
        {n: {"shape": list(t.shape), "elements": [float(np.float32(x)) for x in t.reshape(-1)]}
         for n, t in layer.items()}
        for layer in layers
    ]


def combine(start, sent):
    """The mean of each layer over its owners, with their examples as weights; and epsilon of each module."""
    result, errors = [], []
    for layer in range(LAYERS):
        owners = [(CLIENTS[k][0], layers[layer]) for k, layers in sent.items() if layer in layers]
        if not owners:
            result.append(start[layer])
            continue
        shares = np.array([n for n, _ in owners], dtype=np.float64)
        shares /= shares.sum()
        result.append({
            name: sum(p * t[name].astype(np.float64) for p, (_, t) in zip(shares, owners))
            for name in start[layer]
        })
        for module in sorted(MODULES):
            a, b = f"{module}.lora_A.weight", f"{module}.lora_B.weight"
            dense = sum(
                p * t[b].astype(np.float64) @ t[a].astype(np.float64)
                for p, (_, t) in zip(shares, owners)
            )
            difference = dense - result[layer][b] @ result[layer][a]
            errors.append({"layer": layer, "module": module,
                           "relative": float(np.linalg.norm(difference) / np.linalg.norm(dense))})
    return written(result), errors


def cka(activations):
    """With the centring matrix written out."""
    count = len(activations[0])
    centring = np.eye(count) - np.full((count, count), 1 / count)
    grams = [centring @ (x.astype(np.float64) @ x.astype(np.float64).T) @ centring for x in activations]

    def hsic(k, l):
        return np.trace(k @ l)

    return [[hsic(k, l) / np.sqrt(hsic(k, k) * hsic(l, l)) for l in grams] for k in grams]


def make():
    rng = np.random.default_rng(SEED)
    start = [draw_layer(rng) for _ in range(LAYERS)]
    sent = {k: {layer: draw_layer(rng) for layer in trained} for k, (_, _, trained) in CLIENTS.items()}
    combined, errors = combine(start, sent)
    # Far from the origin, so that centring counts; layers 0 and 2 differ by a rotation, a scale and a shift.
    first = rng.normal(size=(9, 4)) + 3
    rotation, _ = np.linalg.qr(rng.normal(size=(4, 4)))
    activations = [
        x.astype(np.float32)
        for x in (first, rng.normal(size=(9, 6)) * [5, 1, 1, 1, 1, 1], 2 * first @ rotation - 7,
                  first[:, :1] * [1, -1, 2] + 0.3 * rng.normal(size=(9, 3)))
    ]
    return {
        "start": written(start),
        "updates": [
            {"client": k, "exampleCount": n, "present": present, "trained": trained,
             "sent": written([sent[k][layer] for layer in trained])}
            for k, (n, present, trained) in CLIENTS.items()
        ],
        "combined": combined,
        "errors": errors,
        "activations": [
            {"shape": list(x.shape), "elements": [float(v) for v in x.reshape(-1)]} for x in activations
        ],
        "cka": cka(activations),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files, write none")
    check = parser.parse_args().check
    text = json.dumps(make(), indent=None, sort_keys=True) + "\n"
    manifest = json.dumps(
        {"generator": "tools/golden/federation_layers.py", "numpy": np.__version__, "seed": SEED,
         "files": {"layers.json": hashlib.sha256(text.encode()).hexdigest()}},
        indent=1, sort_keys=True,
    ) + "\n"
    for name, content in {"layers.json": text, "MANIFEST-layers.json": manifest}.items():
        path = FOLDER / name
        if check and path.read_text() != content:
            sys.exit(f"{path}: differs from what the generator gives")
        if not check:
            path.write_text(content)


if __name__ == "__main__":
    main()
