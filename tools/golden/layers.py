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
# As above, but with a second loss through the adapters of all layers above.
CHAINS = {"llama-gqa": [([0], [0]), ([0, 1], [1])], "mha": [([0], [0])]}
WEIGHT = 0.2


def chained(model, hidden: torch.Tensor, above: list) -> torch.Tensor:
    """Logits of hidden states sent through pairs as wide as the stream, without the layers they belong to."""
    decoder = model.base_model.model
    for layer in above:
        attention = layer.self_attn
        for module in (attention.q_proj, attention.k_proj, attention.v_proj, attention.o_proj):
            lora_a, lora_b = module.lora_A["default"].weight, module.lora_B["default"].weight
            if not lora_a.shape[1] == lora_b.shape[0] == hidden.shape[-1]:
                continue
            hidden = hidden + module.scaling["default"] * hidden @ lora_a.T @ lora_b.T
    return decoder.lm_head(decoder.model.norm(hidden))


def selected(case, present: list[int], trained: list[int], chain: bool = False) -> dict[str, torch.Tensor]:
    """Loss of the decoder of some layers, and its gradient for the adapters of those that are trained.

    With a chain the gradient is that of the loss plus WEIGHT times the loss behind the layers above.
    """
    folder = MODELS / case.name
    base = AutoModelForCausalLM.from_pretrained(
        folder / "model", dtype=torch.float32, attn_implementation="eager")
    model = PeftModel.from_pretrained(base, folder / "adapter", is_trainable=True).eval()
    for name, parameter in model.named_parameters():
        layer = name.split(".layers.")[1].split(".")[0] if ".layers." in name else None
        parameter.requires_grad = "lora_" in name and layer is not None and int(layer) in trained
    names = {id(p): name for name, p in lora_parameters(model).items()}
    decoder = model.base_model.model.model
    above = list(decoder.layers)[max(present) + 1:]
    decoder.layers = torch.nn.ModuleList(decoder.layers[index] for index in present)
    decoder.config.num_hidden_layers = len(present)
    rows = json.loads((folder / "batch.json").read_text())["sequences"]
    padded = Padded([Sequence(row["tokens"], row["isTarget"]) for row in rows])
    hidden = []
    decoder.norm.register_forward_pre_hook(lambda _, inputs: hidden.append(inputs[0]))
    loss = padded.loss(padded.logits(model))
    total = loss + WEIGHT * padded.loss(chained(model, hidden[0], above)) if chain else loss
    total.backward()
    result = {"loss": loss.detach().reshape(1)}
    for parameter in model.parameters():
        if parameter.requires_grad:
            result[f"grad.{names[id(parameter)]}"] = parameter.grad.clone()
    return result


def make() -> tuple[bytes, str]:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.backends.mkldnn.enabled = False
    tensors, selections, chains = {}, [], []
    for case in CASES:
        for present, trained in SELECTIONS[case.config.num_hidden_layers]:
            number = len(selections)
            selections.append({"case": case.name, "present": present, "trained": trained})
            for name, tensor in selected(case, present, trained).items():
                tensors[f"{number}.{name}"] = tensor.contiguous()
        for present, trained in CHAINS.get(case.name, []):
            number = f"chain.{len(chains)}"
            chains.append({"case": case.name, "present": present, "trained": trained})
            for name, tensor in selected(case, present, trained, chain=True).items():
                tensors[f"{number}.{name}"] = tensor.contiguous()
    data = save(tensors)
    packages = ["torch", "transformers", "peft", "safetensors"]
    manifest = {
        "generator": "tools/golden/layers.py",
        "versions": {package: version(package) for package in packages},
        "selections": selections,
        "chains": chains,
        "weight": WEIGHT,
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
