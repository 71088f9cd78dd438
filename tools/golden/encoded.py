"""Makes Tests/Golden/formats-written: what gguf's own quantiser makes of numbers, for our writer to match.

Run from the repository's root: python tools/golden/encoded.py
Needs gguf, numpy and safetensors; MANIFEST.json names the versions.

numbers.safetensors   blocks of 32: ordinary, tiny, large, alike, zero, and ones whose rounding is a tie
encoded.gguf          the same numbers in each type, by gguf.quants
"""

import hashlib
import json
import pathlib
from importlib.metadata import version

import gguf
import numpy as np
from gguf.quants import quantize
from safetensors.numpy import save_file

SEED = 7
OUT = pathlib.Path("Tests/Golden/formats-written")
TYPES = ["F16", "BF16", "Q8_0", "Q4_0", "Q4_1"]


def numbers() -> np.ndarray:
    """Rows of 32 numbers, each row a block."""
    random = np.random.default_rng(SEED)
    rows = [random.normal(0, scale, (24, 32)) for scale in (1, 0.02, 1e-3, 1e-6, 300)]
    rows.append(random.normal(5, 0.1, (8, 32)))  # far from zero
    rows.append(np.zeros((1, 32)))
    rows.append(np.full((1, 32), 0.75))
    rows.append(np.full((1, 32), -3.0))
    # Halves of the scale: ties, whose rounding differs between quantisers.
    rows.append(np.arange(-127, 129, 8)[None, :] / 2.0)
    rows.append(np.arange(-16, 16)[None, :] / 4.0)
    rows.append(np.arange(0, 32)[None, :] / 2.0)
    rows.append(np.concatenate([[127.0], np.arange(31) - 15.5])[None, :])
    rows.append(np.concatenate([[-8.0], np.arange(31) / 2 - 7.5])[None, :])
    # Subnormal scales, both signs of the largest number, numbers that are ties as halves.
    rows.append(random.normal(0, 1e-8, (4, 32)))
    rows.append(np.array([[4.0, -4.0] * 16, [-4.0, 4.0] * 16]))
    rows.append((1 + np.arange(64).reshape(2, 32) / 2048) * np.array([[1], [-1]]))
    return np.concatenate(rows).astype(np.float32)


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    data = numbers()
    save_file({"numbers": data}, OUT / "numbers.safetensors")
    writer = gguf.GGUFWriter(OUT / "encoded.gguf", "none")
    for name in TYPES:
        kind = gguf.GGMLQuantizationType[name]
        writer.add_tensor(name, quantize(data, kind), raw_dtype=kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    files = [OUT / "numbers.safetensors", OUT / "encoded.gguf"]
    record = {
        "generator": "tools/golden/encoded.py",
        "seed": SEED,
        "versions": {name: version(name) for name in ["gguf", "numpy", "safetensors"]},
        "sha256": {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }
    (OUT / "MANIFEST.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    main()
