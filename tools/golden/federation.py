#!/usr/bin/env python3
"""Independent witness of the server step: weighted mean and aggregation error.

Writes Tests/Golden/federation/server-step.json and its MANIFEST.json. Needs NumPy alone.
The mean is computed with exact fractions and rounded once; the error with dense matrices.

    python3 tools/golden/federation.py [--check]
"""

import argparse
import hashlib
import json
import math
import pathlib
import sys
from fractions import Fraction

import numpy as np

SEED = 20250801
LAYERS, RANK = 2, 3
MODULES = {"self_attn.q_proj": (5, 7), "self_attn.v_proj": (5, 2)}  # name: (in, out)
# In no order, unequal in every count: a mean that forgets a client or a weight shows.
CLIENTS = [
    {"client": 7, "exampleCount": 3, "tokenCount": 410},
    {"client": 2, "exampleCount": 10, "tokenCount": 37},
    {"client": 11, "exampleCount": 6, "tokenCount": 129},
]
WEIGHTS = {
    "examples": lambda c: c["exampleCount"],
    "tokens": lambda c: c["tokenCount"],
    "uniform": lambda c: 1,
}
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "federation"


def draw_adapter(rng):
    layers = []
    for _ in range(LAYERS):
        layer = {}
        for module, (d_in, d_out) in MODULES.items():
            layer[f"{module}.lora_A.weight"] = rng.normal(size=(RANK, d_in)).astype(np.float32)
            layer[f"{module}.lora_B.weight"] = rng.normal(size=(d_out, RANK)).astype(np.float32)
        layers.append(layer)
    return layers


def exact_mean(arrays, weights):
    """Σ w_k x_k / Σ w_k in exact arithmetic, rounded once to float32."""
    total = sum(Fraction(w) for w in weights)
    flat = [a.reshape(-1) for a in arrays]
    mean = []
    for numbers in zip(*flat):
        value = sum(Fraction(w) * Fraction(float(x)) for w, x in zip(weights, numbers)) / total
        mean.append(np.float32(float(value)))
    return np.array(mean, dtype=np.float32).reshape(arrays[0].shape)


def relative_error(loras_a, loras_b, weights):
    """Section 0: ‖Σ p B A − B̄ Ā‖ / ‖Σ p B A‖, with dense matrices in float64."""
    shares = np.array(weights, dtype=np.float64) / np.sum(weights)
    a = np.stack(loras_a).astype(np.float64)
    b = np.stack(loras_b).astype(np.float64)
    products = np.einsum("k,kor,kri->oi", shares, b, a)
    of_means = np.einsum("k,kor->or", shares, b) @ np.einsum("k,kri->ri", shares, a)
    return float(np.linalg.norm(products - of_means) / np.linalg.norm(products))


def written(layers):
    return [
        {n: {"shape": list(t.shape), "elements": [float(x) for x in t.reshape(-1)]}
         for n, t in layer.items()}
        for layer in layers
    ]


def to_bf16(number):
    """Round to nearest, ties to even, by comparing the two neighbours."""
    bits = int(np.float32(number).view(np.uint32))
    low, high = bits & 0xFFFF0000, (bits & 0xFFFF0000) + 0x10000
    below, above = bits - low, high - bits
    keep_low = below < above or (below == above and (low >> 16) % 2 == 0)
    return float(np.uint32(low if keep_low else high).view(np.float32))


def make():
    rng = np.random.default_rng(SEED)
    adapters = [draw_adapter(rng) for _ in CLIENTS]
    expected = {}
    for kind, weight in WEIGHTS.items():
        weights = [weight(c) for c in CLIENTS]
        mean, errors = [], []
        for layer in range(LAYERS):
            names = adapters[0][layer]
            mean.append({n: exact_mean([a[layer][n] for a in adapters], weights) for n in names})
            for module in sorted(MODULES):
                loras = [
                    [a[layer][f"{module}.lora_{factor}.weight"] for a in adapters]
                    for factor in "AB"
                ]
                errors.append(
                    {"layer": layer, "module": module,
                     "relative": relative_error(*loras, weights)}
                )
        expected[kind] = {"mean": written(mean), "errors": errors}
    numbers = [1.0, -1.00390625, 1.01171875, 0.1, -3.3e-5, 65504.0, 1.0 + 2.0**-8 + 2.0**-20]
    numbers = [float(np.float32(x)) for x in numbers]
    rates = [1e-6 + 0.5 * (5e-5 - 1e-6) * (1 + math.cos(math.pi * t / 40)) for t in range(40)]
    return {
        "updates": [dict(c, adapter=written(a)) for c, a in zip(CLIENTS, adapters)],
        "expected": expected,
        "bf16": [{"sent": x, "received": to_bf16(x)} for x in numbers],
        "roundCosine": {"initial": 5e-5, "final": 1e-6, "rates": rates},
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files, write none")
    check = parser.parse_args().check
    step = json.dumps(make(), indent=1, sort_keys=True) + "\n"
    manifest = json.dumps(
        {"generator": "tools/golden/federation.py", "numpy": np.__version__, "seed": SEED,
         "files": {"server-step.json": hashlib.sha256(step.encode()).hexdigest()}},
        indent=1, sort_keys=True,
    ) + "\n"
    for name, text in {"server-step.json": step, "MANIFEST.json": manifest}.items():
        path = FOLDER / name
        if check and path.read_text() != text:
            sys.exit(f"{path}: differs from what the generator gives")
        if not check:
            FOLDER.mkdir(parents=True, exist_ok=True)
            path.write_text(text)


if __name__ == "__main__":
    main()
