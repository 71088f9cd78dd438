#!/usr/bin/env python3
"""Makes the reference numbers of Tests/Golden/stages with NumPy in float64.

Run: python3 tools/golden/stages.py        (needs numpy; the tests need only the files)
Running it again reproduces the hashes in MANIFEST.json.
"""
import hashlib
import json
import pathlib

import numpy as np

SEED = 20260
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "stages"


def planted(rng, blocks, noise):
    """A symmetric similarity: high inside the blocks, near 0 with both signs between them."""
    count = sum(len(block) for block in blocks)
    rows = rng.uniform(-noise, noise, (count, count))
    for block in blocks:
        for i in block:
            for j in block:
                rows[i, j] = rng.uniform(0.5, 0.8)
    rows = (rows + rows.T) / 2
    np.fill_diagonal(rows, 1)
    return rows


def laplacians(rows):
    """The paper's D - W, and the symmetric one with negatives clipped and no diagonal."""
    unnormalised = np.diag(rows.sum(1)) - rows
    weights = np.clip(rows, 0, None)
    np.fill_diagonal(weights, 0)
    scale = np.diag(weights.sum(1) ** -0.5)
    return unnormalised, np.eye(len(rows)) - scale @ weights @ scale


def grouping(rng):
    cases = []
    for name, blocks in [
        ("scattered", [[0, 3, 6, 9], [1, 4, 7, 10, 11], [2, 5, 8]]),
        ("one block alone", [[0], [1, 2, 3, 4, 5], [6, 7, 8, 9], [10, 12, 14], [11, 13]]),
        ("runs", [[0, 1, 2, 3], [4, 5], [6, 7, 8, 9, 10, 11], [12, 13, 14, 15]]),
    ]:
        rows = planted(rng, blocks, 0.02)
        unnormalised, symmetric = laplacians(rows)
        cases.append({
            "name": name,
            "groups": blocks,
            "similarity": rows.tolist(),
            "unnormalised": np.linalg.eigvalsh(unnormalised).tolist(),
            "symmetric": np.linalg.eigvalsh(symmetric).tolist(),
        })
    return {"cases": cases}


SHAPES = {
    "input_layernorm.weight": (5,),
    "mlp.down_proj.weight": (5, 7),
    "self_attn.q_proj.lora_A.weight": (2, 5),
    "self_attn.q_proj.lora_B.weight": (3, 2),
    "self_attn.q_proj.weight": (3, 5),
}


def is_included(name, norms, adapter):
    if "lora_" in name:
        return adapter
    return norms or len(SHAPES[name]) == 2


def cosines(layers, norms, adapter):
    flat = [np.concatenate([layer[name].ravel() for name in SHAPES if is_included(name, norms, adapter)])
            for layer in layers]
    unit = np.stack([vector / np.linalg.norm(vector) for vector in flat])
    return (unit @ unit.T).tolist()


def weights(kind, beta, size):
    if kind == "mean":
        return np.full(size, 1 / size)
    if kind == "sum":
        return np.ones(size)
    if kind == "anchor":
        return np.eye(size)[0]
    return np.array([1 - beta * (size - 1)] + [beta] * (size - 1))


def fused(layers, group, kind, beta):
    result = {}
    for name, shape in SHAPES.items():
        members = np.stack([layers[j][name] for j in group])
        tensor = np.tensordot(weights(kind, beta, len(group)), members, 1)
        if kind == "dblf-rescaled" and len(shape) == 2:
            tensor *= np.linalg.norm(members[0]) / np.linalg.norm(tensor)
        result[name] = tensor.astype(np.float32).astype(float).ravel().tolist()
    return result


def matrices(layer):
    return np.concatenate([layer[n].ravel() for n in SHAPES if len(SHAPES[n]) == 2 and "lora_" not in n])


def report(layers, group, beta):
    anchor = matrices(layers[group[0]])
    others = [matrices(layers[j]) for j in group[1:]]
    representative = anchor + beta * sum(other - anchor for other in others)
    norm = np.linalg.norm(representative)
    return {
        "normRatio": float(norm / np.linalg.norm(anchor)),
        "cosine": float(representative @ anchor / norm / np.linalg.norm(anchor)),
    }


def layers_and_fusion(rng):
    layers = [{name: rng.normal(0, 1, shape).astype(np.float32).astype(float) for name, shape in SHAPES.items()}
              for _ in range(5)]
    group = [1, 2, 4]
    kinds = [("dblf", 0.1), ("dblf", 0.15), ("anchor", 0.1), ("mean", 0.1), ("sum", 0.1), ("dblf-rescaled", 0.1)]
    return {
        "shapes": {name: list(shape) for name, shape in SHAPES.items()},
        "layers": [{name: tensor.ravel().tolist() for name, tensor in layer.items()} for layer in layers],
        "cosines": {
            "matrices": cosines(layers, False, False),
            "matrices+norms": cosines(layers, True, False),
            "matrices+lora": cosines(layers, False, True),
            "all": cosines(layers, True, True),
        },
        "group": group,
        "fusions": [{"kind": kind, "beta": beta, "tensors": fused(layers, group, kind, beta)}
                    for kind, beta in kinds],
        "report": report(layers, group, 0.15),
    }


def main():
    FOLDER.mkdir(parents=True, exist_ok=True)
    rng = np.random.default_rng(SEED)
    hashes = {}
    for name, contents in [("grouping.json", grouping(rng)), ("fusion.json", layers_and_fusion(rng))]:
        text = json.dumps(contents, separators=(",", ":")) + "\n"
        (FOLDER / name).write_text(text)
        hashes[name] = hashlib.sha256(text.encode()).hexdigest()
    manifest = {"generator": "tools/golden/stages.py", "seed": SEED, "numpy": np.__version__, "sha256": hashes}
    (FOLDER / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
