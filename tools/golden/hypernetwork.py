#!/usr/bin/env python3
"""Independent witness of C2A's hypernetwork: PyTorch for what a client does, NumPy for the server's step.

Writes Tests/Golden/federation/hypernetwork.json and MANIFEST-hypernetwork.json. Nothing is shared with the
Swift code; gradients are PyTorch's autograd.

    python3 tools/golden/hypernetwork.py [--check]
"""

import argparse
import hashlib
import json
import pathlib
import sys

import numpy as np
import torch

SEED = 20251122
WIDTH, RANK, LATENT, LAYERS, CLASSES = 3, 2, 4, 3, 5
MODULES = {"self_attn.q_proj": (5, 7), "self_attn.v_proj": (5, 4)}  # name: (in, out)
SHARES = [[0.5, 0.25, 0.0, 0.25, 0.0], [0.0, 0.75, 0.125, 0.0, 0.125], [1.0, 0.0, 0.0, 0.0, 0.0]]
CLIENTS = [(7, 3), (2, 10), (11, 6)]  # (client, examples)
LEARNING_RATE, DECAY = 3e-2, 0.1
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "federation"


def draw_parameters(rng):
    layers = [{"hypernetwork.lora_embedding": rng.normal(size=WIDTH)} for _ in range(LAYERS)]
    shared = {
        "hypernetwork.condition.weight": rng.normal(size=(WIDTH, CLASSES)),
        "hypernetwork.condition.bias": rng.normal(size=WIDTH),
    }
    for module, (d_in, d_out) in MODULES.items():
        for factor, side in (("A", d_in), ("B", d_out)):
            head = f"hypernetwork.{module}.{factor}"
            shared[f"{head}.u"] = rng.normal(size=(WIDTH * RANK, LATENT))
            shared[f"{head}.v"] = rng.normal(size=(LATENT, side))
            shared[f"{head}.bias"] = rng.normal(size=RANK * side)
    return [{n: t.astype(np.float32) for n, t in s.items()} for s in [*layers, shared]]


def draw_adapter(rng):
    return [
        {n: t.astype(np.float32) for m, (d_in, d_out) in MODULES.items() for n, t in (
            (f"{m}.lora_A.weight", rng.normal(size=(RANK, d_in))),
            (f"{m}.lora_B.weight", rng.normal(size=(d_out, RANK))))}
        for _ in range(LAYERS)
    ]


def adapter(parameters, shares):
    """The adapter in PyTorch: one dictionary a layer."""
    shared, layers = parameters[-1], []
    common = torch.nn.functional.linear(
        shares, shared["hypernetwork.condition.weight"], shared["hypernetwork.condition.bias"])
    for own in parameters[:-1]:
        condition, layer = own["hypernetwork.lora_embedding"] + common, {}
        for module in MODULES:
            for factor in "AB":
                head = f"hypernetwork.{module}.{factor}"
                weights = (shared[f"{head}.u"] @ shared[f"{head}.v"]).reshape(WIDTH, -1)
                weights = weights + shared[f"{head}.bias"]
                if factor == "A":
                    weights = torch.nn.functional.normalize(weights, dim=1)
                made = (condition @ weights).reshape(RANK, -1)
                layer[f"{module}.lora_{factor}.weight"] = made if factor == "A" else made.T
        layers.append(layer)
    return layers


def uniform_adapter(parameters):
    """The same in NumPy and float64, for equal shares, entry by entry."""
    shared, layers = parameters[-1], []
    common = shared["hypernetwork.condition.weight"].mean(axis=1) + shared["hypernetwork.condition.bias"]
    for own in parameters[:-1]:
        condition, layer = own["hypernetwork.lora_embedding"] + common, {}
        for module, (d_in, d_out) in MODULES.items():
            for factor, side in (("A", d_in), ("B", d_out)):
                head = f"hypernetwork.{module}.{factor}"
                made = np.zeros((RANK, side))
                for i in range(WIDTH):
                    row = np.einsum("rc,cs->rs", shared[f"{head}.u"][i * RANK:(i + 1) * RANK],
                                    shared[f"{head}.v"])
                    row = row + shared[f"{head}.bias"].reshape(RANK, side)
                    made += condition[i] * (row / np.linalg.norm(row) if factor == "A" else row)
                layer[f"{module}.lora_{factor}.weight"] = made if factor == "A" else made.T
        layers.append(layer)
    return layers


def written(sets):
    def numbers(tensor):
        array = tensor.detach().numpy() if isinstance(tensor, torch.Tensor) else np.asarray(tensor)
        return {"shape": list(array.shape),
                "elements": [float(np.float32(x)) for x in array.reshape(-1)]}
    return [{n: numbers(t) for n, t in layer.items()} for layer in sets]


def training(rng):
    """Steps of AdamW on the loss sum(G a) + sum(a^2) / 2 of the adapter a, whose gradient is G + a."""
    start = draw_parameters(rng)
    parameters = [{n: torch.tensor(t, requires_grad=True) for n, t in s.items()} for s in start]
    optimizer = torch.optim.AdamW(
        [t for s in parameters for t in s.values()], lr=LEARNING_RATE, weight_decay=DECAY)
    steps = []
    for shares in SHARES:
        slope = draw_adapter(rng)
        made = adapter(parameters, torch.tensor(shares))
        loss = sum((torch.tensor(g[n]) * a[n]).sum() + (a[n] ** 2).sum() / 2
                   for g, a in zip(slope, made) for n in g)
        optimizer.zero_grad()
        loss.backward()
        gradient = [{n: t.grad.clone() for n, t in s.items()} for s in parameters]
        optimizer.step()
        steps.append({"shares": shares, "slope": written(slope), "adapter": written(made),
                      "gradient": written(gradient), "after": written(parameters)})
    return {"start": written(start), "learningRate": LEARNING_RATE, "weightDecay": DECAY, "steps": steps}


def server(rng):
    sent = [draw_parameters(rng) for _ in CLIENTS]
    weights = np.array([n for _, n in CLIENTS], dtype=np.float64)
    mean = [
        {n: sum(w * s[i][n].astype(np.float64) for w, s in zip(weights, sent)) / weights.sum()
         for n in sent[0][i]}
        for i in range(LAYERS + 1)
    ]
    return {
        "updates": [{"client": k, "exampleCount": n, "adapter": written(s)}
                    for (k, n), s in zip(CLIENTS, sent)],
        "mean": written(mean), "evaluated": written(uniform_adapter(mean)),
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files, write none")
    check = parser.parse_args().check
    torch.set_num_threads(1)
    rng = np.random.default_rng(SEED)
    text = json.dumps({"training": training(rng), "server": server(rng)}, sort_keys=True) + "\n"
    manifest = json.dumps(
        {"generator": "tools/golden/hypernetwork.py", "numpy": np.__version__, "seed": SEED,
         "torch": torch.__version__,
         "files": {"hypernetwork.json": hashlib.sha256(text.encode()).hexdigest()}},
        indent=1, sort_keys=True,
    ) + "\n"
    for name, content in {"hypernetwork.json": text, "MANIFEST-hypernetwork.json": manifest}.items():
        path = FOLDER / name
        if check and path.read_text() != content:
            sys.exit(f"{path}: differs from what the generator gives")
        if not check:
            path.write_text(content)


if __name__ == "__main__":
    main()
