"""Writes the loss and gradients of models with layers left out, with PyTorch, transformers and PEFT.

    python tools/golden/layers.py           # writes Tests/Golden/layers
    python tools/golden/layers.py --check   # computes again and compares the SHA-256

The models, adapters and batches are those of `model.py`.
"""

import argparse
import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

# Imported first: it pins hash order and BLAS code path before PyTorch is loaded.
from model import OUTPUT as MODELS
from model import Padded, lora_parameters

import torch
from peft import PeftModel
from safetensors.torch import save
from transformers import AutoModelForCausalLM

from cases import CASES, Sequence

OUTPUT = Path(__file__).resolve().parents[2] / "Tests/Golden/layers"
# Layers that run, and those of them that are trained.
SELECTIONS = {
    3: [([0, 2], [2]), ([0, 1, 2], [1]), ([0, 1, 2], [0, 2]), ([0, 1], [0, 1]), ([1, 2], [1, 2]), ([1], [1])],
    2: [([1], [1]), ([0, 1], [1]), ([0], [0])],
}


def selected(case, present: list[int], trained: list[int]) -> dict[str, torch.Tensor]:
    """Loss of the decoder of some layers, and its gradient for the adapters of those that are trained."""
    folder = MODELS / case.name
    base = AutoModelForCausalLM.from_pretrained(
        folder / "model", dtype=torch.float32, attn_implementation="eager")
    model = PeftModel.from_pretrained(base, folder / "adapter", is_trainable=True).eval()
    for name, parameter in model.named_parameters():
        layer = name.split(".layers.")[1].split(".")[0] if ".layers." in name else None
        parameter.requires_grad = "lora_" in name and layer is not None and int(layer) in trained
    names = {id(p): name for name, p in lora_parameters(model).items()}
    decoder = model.base_model.model.model
    decoder.layers = torch.nn.ModuleList(decoder.layers[index] for index in present)
    decoder.config.num_hidden_layers = len(present)
    rows = json.loads((folder / "batch.json").read_text())["sequences"]
    padded = Padded([Sequence(row["tokens"], row["isTarget"]) for row in rows])
    loss = padded.loss(padded.logits(model))
    loss.backward()
    result = {"loss": loss.detach().reshape(1)}
    for parameter in model.parameters():
        if parameter.requires_grad:
            result[f"grad.{names[id(parameter)]}"] = parameter.grad.clone()
    return result


def make() -> tuple[bytes, str]:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.backends.mkldnn.enabled = False
    tensors, selections = {}, []
    for case in CASES:
        for present, trained in SELECTIONS[case.config.num_hidden_layers]:
            number = len(selections)
            selections.append({"case": case.name, "present": present, "trained": trained})
            for name, tensor in selected(case, present, trained).items():
                tensors[f"{number}.{name}"] = tensor.contiguous()
    data = save(tensors)
    packages = ["torch", "transformers", "peft", "safetensors"]
    manifest = {
        "generator": "tools/golden/layers.py",
        "versions": {package: version(package) for package in packages},
        "selections": selections,
        "sha256": {"expected.safetensors": hashlib.sha256(data).hexdigest()}}
    return data, json.dumps(manifest, indent=1) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="compare with the files, write none")
    check = parser.parse_args().check
    data, manifest = make()
    for name, content in {"expected.safetensors": data, "MANIFEST.json": manifest.encode()}.items():
        path = OUTPUT / name
        if check and path.read_bytes() != content:
            sys.exit(f"{path}: differs from what the generator gives")
        if not check:
            path.write_bytes(content)


if __name__ == "__main__":
    main()
