#!/usr/bin/env python3
"""Independent witness of the methods' server steps, and of what their clients add to local training.

Writes Tests/Golden/federation/methods.json and MANIFEST-methods.json. Needs NumPy alone. All formulas
are written out with dense float64 matrices, from the papers; nothing is shared with the Swift code.

    python3 tools/golden/federation_methods.py [--check]
"""

import argparse
import hashlib
import json
import pathlib
import sys

import numpy as np

SEED = 20251103
RANK, LAYERS = 3, 2
MODULES = {"self_attn.q_proj": (5, 7), "self_attn.v_proj": (5, 4)}  # name: (in, out)
# Two rounds; unequal clients in no order, and one of them takes part once only.
ROUNDS = [[(7, 3), (2, 10), (11, 6)], [(2, 10), (7, 3)]]  # (client, examples)
RANKS = {7: 2, 2: 3, 11: 1}
POPULATION = 4
FOLDER = pathlib.Path(__file__).resolve().parents[2] / "Tests" / "Golden" / "federation"


def draw_adapter(rng, rank=RANK):
    layers = []
    for _ in range(LAYERS):
        layer = {}
        for module, (d_in, d_out) in MODULES.items():
            layer[f"{module}.lora_A.weight"] = rng.normal(size=(rank, d_in)).astype(np.float32)
            layer[f"{module}.lora_B.weight"] = rng.normal(size=(d_out, rank)).astype(np.float32)
        layers.append(layer)
    return layers


def written(layers):
    return [
        {n: {"shape": list(t.shape), "elements": [float(np.float32(x)) for x in t.reshape(-1)]}
         for n, t in layer.items()}
        for layer in layers
    ]


def each(function, *adapters):
    """Applies a function to every tensor of adapters."""
    return [
        {n: function(*[a[layer][n].astype(np.float64) for a in adapters]) for n in adapters[0][layer]}
        for layer in range(LAYERS)
    ]


def shares_of(cohort):
    weights = np.array([examples for _, examples in cohort], dtype=np.float64)
    return weights / weights.sum()


def mean(adapters, shares):
    return each(lambda *t: sum(p * x for p, x in zip(shares, t)), *adapters)


def fedswa(rounds, power=8.0):
    """The mean over rounds after each: every round's own mean times the share that is left of it."""
    means = [mean(adapters, shares_of(cohort)) for cohort, adapters in rounds]
    result = []
    for last in range(1, len(means) + 1):
        taken = [(power + 1) / (t + power) for t in range(1, last + 1)]
        weights = [s * np.prod([1 - later for later in taken[i + 1:]]) for i, s in enumerate(taken)]
        assert abs(sum(weights) - 1) < 1e-12
        result.append(written(mean(means[:last], weights)))
    return result


def server_optimizer(name, start, rounds, uniform=True, second="momentum"):
    eta, beta1, beta2, tau, beta = 1e-3, 0.9, 0.99, 1e-3, 0.9
    theta, m, v, result = start, None, None, []
    for cohort, adapters in rounds:
        shares = shares_of(cohort)
        if name != "fedavgm" and uniform:
            shares = np.full(len(adapters), 1 / len(adapters))
        delta = each(lambda t, *x: sum(p * (y - t) for p, y in zip(shares, x)), theta, *adapters)
        if v is None:
            v = each(lambda t: np.full(t.shape, tau**2), theta)
        if name == "fedavgm":
            m = delta if m is None else each(lambda a, d: beta * a + (1 - beta) * d, m, delta)
            theta = each(lambda t, a: t + a, theta, m)
        elif name == "fedadagrad":
            v = each(lambda a, d: a + d**2, v, delta)
            theta = each(lambda t, d, a: t + eta * d / (np.sqrt(a) + tau), theta, delta, v)
        else:
            m = delta if m is None else each(lambda a, d: beta1 * a + (1 - beta1) * d, m, delta)
            square = each(lambda a, d: a**2 if second == "momentum" else d**2, m, delta)
            if name == "fedyogi":
                v = each(lambda a, q: a - (1 - beta2) * q * np.sign(a - q), v, square)
            else:
                v = each(lambda a, q: beta2 * a + (1 - beta2) * q, v, square)
            theta = each(lambda t, a, b: t + eta * a / (np.sqrt(b) + tau), theta, m, v)
        result.append(written(theta))
    return result


def scaffold(start, rounds, rate_sum=0.04):
    zero = each(np.zeros_like, start)
    theta, c, own, result = start, zero, {}, []
    for cohort, adapters in rounds:
        changes = {}
        for (client, _), end in zip(cohort, adapters):
            before = own.get(client, zero)
            after = each(lambda i, g, x, y: i - g + (x - y) / rate_sum, before, c, theta, end)
            changes[client] = each(lambda a, b: a - b, after, before)
            own[client] = after
        c = each(lambda g, *d: g + sum(d) / POPULATION, c, *changes.values())
        theta = mean(adapters, shares_of(cohort))
        result.append({
            "global": written(theta), "control": written(c),
            "own": {str(k): written(x) for k, x in own.items()},
            "changes": {str(k): written(x) for k, x in changes.items()},
        })
    return result


def fedsa(start, rounds):
    """Mean of A; the last B of every client, and their mean by the last weights."""
    theta, own, weights, result = start, {}, {}, []
    for cohort, adapters in rounds:
        average = mean(adapters, shares_of(cohort))
        theta = [
            {n: average[i][n] if "lora_A" in n else theta[i][n] for n in theta[i]}
            for i in range(LAYERS)
        ]
        for (client, examples), adapter in zip(cohort, adapters):
            own[client], weights[client] = adapter, examples
        total = sum(weights.values())
        mean_b = each(lambda *t: sum(weights[k] / total * x for k, x in zip(own, t)), *own.values())
        joined = [
            {n: theta[i][n] if "lora_A" in n else mean_b[i][n] for n in theta[i]}
            for i in range(LAYERS)
        ]
        result.append({"global": written(theta), "meanB": written(joined)})
    return result


def fair(rounds, ridge=0.01):
    """The d x d way: minimise ||D - (Bbar + dB) Abar||^2 + ridge ||dB||^2 by normal equations."""
    result = []
    for cohort, adapters in rounds:
        shares = shares_of(cohort)
        theta = mean(adapters, shares)
        for i in range(LAYERS):
            for module in MODULES:
                a, b = f"{module}.lora_A.weight", f"{module}.lora_B.weight"
                target = sum(
                    p * x[i][b].astype(np.float64) @ x[i][a].astype(np.float64)
                    for p, x in zip(shares, adapters)
                )
                gram = theta[i][a] @ theta[i][a].T + ridge * np.eye(RANK)
                residual = target - theta[i][b] @ theta[i][a]
                theta[i][b] = theta[i][b] + residual @ theta[i][a].T @ np.linalg.inv(gram)
        result.append(written(theta))
    return result


def cut(adapter, rank):
    return [
        {n: (t[:rank] if "lora_A" in n else t[:, :rank]) for n, t in layer.items()}
        for layer in adapter
    ]


def flexlora(cohort, adapters):
    """Truncated SVD of the dense mean of products of unequal ranks, as products and errors."""
    shares, result = shares_of(cohort), []
    for i in range(LAYERS):
        for module in sorted(MODULES):
            a, b = f"{module}.lora_A.weight", f"{module}.lora_B.weight"
            dense = sum(
                p * x[i][b].astype(np.float64) @ x[i][a].astype(np.float64)
                for p, x in zip(shares, adapters)
            )
            u, s, vt = np.linalg.svd(dense)
            product = u[:, :RANK] * s[:RANK] @ vt[:RANK]
            tail = np.sqrt(np.sum(s[RANK:] ** 2)) / np.sqrt(np.sum(s**2))
            result.append({
                "layer": i, "module": module, "values": [float(x) for x in s[:RANK]],
                "product": {"shape": list(product.shape),
                            "elements": [float(np.float32(x)) for x in product.reshape(-1)]},
                "relative": float(tail),
            })
    return result


def padded(tensor, name):
    width = RANK - (tensor.shape[0] if "lora_A" in name else tensor.shape[1])
    return np.pad(tensor, ((0, width), (0, 0)) if "lora_A" in name else ((0, 0), (0, width)))


def hetlora(adapters):
    """Zero-padded means by the norms of the products, module by module."""
    result = []
    for i in range(LAYERS):
        layer = {}
        for module in MODULES:
            a, b = f"{module}.lora_A.weight", f"{module}.lora_B.weight"
            norms = np.array([
                np.linalg.norm(x[i][b].astype(np.float64) @ x[i][a].astype(np.float64))
                for x in adapters
            ])
            for name in (a, b):
                layer[name] = sum(
                    w * padded(x[i][name].astype(np.float64), name)
                    for w, x in zip(norms / norms.sum(), adapters)
                )
        result.append(layer)
    return written(result)


def penalty(adapter, kept=2, weight=0.25):
    """Value and gradient of weight * sum ||B[:, m:]|| ||A[m:]||; the gradient by differences."""

    def value(layers):
        return sum(
            np.linalg.norm(layers[i][f"{m}.lora_A.weight"][kept:])
            * np.linalg.norm(layers[i][f"{m}.lora_B.weight"][:, kept:])
            for i in range(LAYERS) for m in MODULES
        )

    layers = each(lambda t: t.copy(), adapter)
    gradient = each(np.zeros_like, adapter)
    for i in range(LAYERS):
        for name, tensor in layers[i].items():
            for place in np.ndindex(tensor.shape):
                old, step = tensor[place], 1e-5
                tensor[place] = old + step
                above = value(layers)
                tensor[place] = old - step
                gradient[i][name][place] = weight * (above - value(layers)) / (2 * step)
                tensor[place] = old
    return {"kept": kept, "weight": weight, "gradient": written(gradient)}


def matrix(product):
    return {"shape": list(product.shape),
            "elements": [float(np.float32(x)) for x in product.reshape(-1)]}


def dense(adapter, layer, module):
    a, b = f"{module}.lora_A.weight", f"{module}.lora_B.weight"
    return adapter[layer][b].astype(np.float64) @ adapter[layer][a].astype(np.float64)


def merged(rounds, leaves_out_means, rank=None):
    """What is merged into each weight, as a dense matrix: the mean of the products, for FedEx-LoRA less the
    product of the means. With a rank, the sum is cut to it after every round."""
    places = [(i, m) for i in range(LAYERS) for m in sorted(MODULES)]
    total = {place: 0.0 for place in places}
    result = []
    for cohort, adapters in rounds:
        shares, lost, whole, modules = shares_of(cohort), 0.0, 0.0, []
        for i, m in places:
            total[i, m] = total[i, m] + sum(p * dense(x, i, m) for p, x in zip(shares, adapters))
            if leaves_out_means:
                total[i, m] = total[i, m] - dense(mean(adapters, shares), i, m)
            if rank is not None:
                u, s, vt = np.linalg.svd(total[i, m], full_matrices=False)
                lost, whole = lost + np.sum(s[rank:] ** 2), whole + np.sum(s**2)
                total[i, m] = u[:, :rank] * s[:rank] @ vt[:rank]
            modules.append({"layer": i, "module": m, "product": matrix(total[i, m])})
        share = float(np.sqrt(lost / whole)) if rank is not None else 0.0
        result.append({"modules": modules, "lost": share})
    return result


def dofit(start, rounds, domains, top=5):
    """Means in each domain; then the step between domains, on the names that are large in all of them."""
    thetas = [start for _ in range(max(domains.values()) + 1)]
    result = []
    for cohort, adapters in rounds:
        present = sorted({domains[k] for k, _ in cohort})
        for j in present:
            own = [((k, n), a) for (k, n), a in zip(cohort, adapters) if domains[k] == j]
            thetas[j] = mean([a for _, a in own], shares_of([c for c, _ in own]))
        shared = None
        for theta in thetas:
            norms = {(i, n): np.sum(t.astype(np.float64) ** 2)
                     for i in range(LAYERS) for n, t in theta[i].items()}
            largest = set(sorted(norms, key=lambda place: -norms[place])[:top])
            shared = largest if shared is None else shared & largest
        centre = mean(thetas, np.full(len(thetas), 1 / len(thetas)))
        moved = [each(lambda t: t.copy(), theta) for theta in thetas]
        for i, n in shared:
            for j in present:
                away = thetas[j][i][n] - centre[i][n]
                norm = np.linalg.norm(away)
                if norm > 0:
                    moved[j][i][n] = thetas[j][i][n] + np.abs(away) / norm
        thetas = moved
        result.append({"domains": [written(theta) for theta in thetas], "shared": len(shared)})
    return result


def make():
    rng = np.random.default_rng(SEED)
    start = draw_adapter(rng)
    rounds = [(cohort, [draw_adapter(rng) for _ in cohort]) for cohort in ROUNDS]
    names = ["fedavgm", "fedadagrad", "fedyogi", "fedadam"]
    optimizers = {name: server_optimizer(name, start, rounds) for name in names}
    paper = {
        name: server_optimizer(name, start, rounds, uniform=False, second="update")
        for name in names[1:]
    }
    cuts = [(cohort, [cut(a, RANKS[k]) for (k, _), a in zip(cohort, adapters)])
            for cohort, adapters in rounds]
    unequal = cuts[0][1]
    return {
        "start": written(start),
        "rounds": [
            [{"client": k, "exampleCount": n, "adapter": written(a)}
             for (k, n), a in zip(cohort, adapters)]
            for cohort, adapters in rounds
        ],
        "population": POPULATION,
        "optimizers": optimizers,
        "optimizersOfThePaper": paper,
        "fedswa": fedswa(rounds),
        "scaffold": scaffold(start, rounds),
        "fedsa": fedsa(start, rounds),
        "fair": fair(rounds),
        "ranks": {str(k): r for k, r in RANKS.items()},
        "flexlora": flexlora(ROUNDS[0], unequal),
        "hetlora": hetlora(unequal),
        "penalty": penalty(start),
        "flora": merged(cuts, leaves_out_means=False),
        "floraCut": merged(cuts, leaves_out_means=False, rank=2),
        "fedex": merged(rounds, leaves_out_means=True),
        "dofit": {
            "two": dofit(start, rounds, {7: 0, 2: 1, 11: 1}),
            "three": dofit(start, rounds, {7: 0, 2: 1, 11: 2}),
        },
    }


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files, write none")
    check = parser.parse_args().check
    text = json.dumps(make(), indent=None, sort_keys=True) + "\n"
    manifest = json.dumps(
        {"generator": "tools/golden/federation_methods.py", "numpy": np.__version__, "seed": SEED,
         "files": {"methods.json": hashlib.sha256(text.encode()).hexdigest()}},
        indent=1, sort_keys=True,
    ) + "\n"
    for name, content in {"methods.json": text, "MANIFEST-methods.json": manifest}.items():
        path = FOLDER / name
        if check and path.read_text() != content:
            sys.exit(f"{path}: differs from what the generator gives")
        if not check:
            path.write_text(content)


if __name__ == "__main__":
    main()
