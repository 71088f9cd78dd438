"""Writes the decoder's golden numbers with PyTorch, transformers and PEFT in float32.

    python tools/golden/model.py           # writes Tests/Golden/model
    python tools/golden/model.py --check   # regenerates elsewhere and compares every SHA-256
"""

import os
import sys

# PEFT writes a set of target names in hash order, and the BLAS picks kernels by processor: both
# are pinned before anything is imported, so that other machines write the same bytes.
PINNED = {"PYTHONHASHSEED": "0", "ATEN_CPU_CAPABILITY": "default", "MKL_CBWR": "COMPATIBLE"}
if any(os.environ.get(key) != value for key, value in PINNED.items()):
    os.execve(sys.executable, [sys.executable, *sys.argv], {**os.environ, **PINNED})

import argparse
import copy
import hashlib
import json
import platform
import shutil
import tempfile
from importlib.metadata import version
from pathlib import Path

import numpy
import torch
import torch.nn.functional as F
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file

from cases import CASES, Case, Sequence, batch, build, fill, prompt

OUTPUT = Path(__file__).resolve().parents[2] / "Tests/Golden/model"
RANK, ALPHA = 3, 7
STEPS, GENERATED = 10, 12
NAME_PREFIX = "base_model.model.model."
OPTIMIZER = {"lr": 1e-2, "betas": (0.9, 0.999), "eps": 1e-8, "weight_decay": 0.01}
CLIP_NORM = 1.0
# Between the best and the second logit of a generated token: far above rounding.
SMALLEST_MARGIN = 1e-3


class Padded:
    """A right-padded batch and the way back to rows without padding."""

    def __init__(self, sequences: list[Sequence]):
        width = max(len(sequence.tokens) for sequence in sequences)
        shape = (len(sequences), width)
        self.tokens = torch.zeros(shape, dtype=torch.long)
        self.mask = torch.zeros(shape, dtype=torch.long)
        self.labels = torch.full(shape, -100, dtype=torch.long)
        for row, sequence in enumerate(sequences):
            length = len(sequence.tokens)
            self.tokens[row, :length] = torch.tensor(sequence.tokens)
            self.mask[row, :length] = 1
            for index, is_target in enumerate(sequence.is_target):
                if is_target:
                    self.labels[row, index] = sequence.tokens[index]

    def logits(self, model) -> torch.Tensor:
        return model(input_ids=self.tokens, attention_mask=self.mask, use_cache=False).logits

    def loss(self, logits: torch.Tensor) -> torch.Tensor:
        """Summed cross-entropy over the batch's targets, divided by their number."""
        labels = self.labels[:, 1:].reshape(-1)
        rows = logits[:, :-1].float().reshape(labels.numel(), -1)
        total = F.cross_entropy(rows, labels, ignore_index=-100, reduction="sum")
        return total / (labels != -100).sum()

    def rows(self, values: torch.Tensor) -> torch.Tensor:
        """The values of real tokens, sequence after sequence."""
        return values.detach()[self.mask.bool()].clone()


def lora_parameters(model) -> dict[str, torch.nn.Parameter]:
    """The trained tensors by PEFT's name, without its wrapper's prefix and the adapter's name."""
    return {
        name.removeprefix(NAME_PREFIX).replace(".default.", "."): parameter
        for name, parameter in sorted(model.named_parameters()) if parameter.requires_grad}


def with_adapter(case: Case, base) -> PeftModel:
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=case.targets,
                        bias="none", task_type="CAUSAL_LM")
    model = get_peft_model(base, config)
    fill(lora_parameters(model).items(), numpy.random.default_rng([case.seed, 3]))
    return model.eval()


def forward_backward(model: PeftModel, padded: Padded) -> dict[str, torch.Tensor]:
    """Every layer's output, the loss, and its gradient for the hidden states and LoRA tensors."""
    decoder = model.base_model.model.model
    modules = {"hidden.0": decoder.embed_tokens, "final_norm": decoder.norm}
    modules |= {f"hidden.{index + 1}": layer for index, layer in enumerate(decoder.layers)}
    seen: dict[str, torch.Tensor] = {}

    def keep(name):
        def hook(module, inputs, output):
            # The embedding is frozen: without this nothing would flow back as far as hidden.0.
            value = output if output.requires_grad else output.requires_grad_(True)
            value.retain_grad()
            seen[name] = value
        return hook

    handles = [module.register_forward_hook(keep(name)) for name, module in modules.items()]
    logits = padded.logits(model)
    loss = padded.loss(logits)
    loss.backward()
    for handle in handles:
        handle.remove()
    result = {"logits": padded.rows(logits), "loss": loss.detach().reshape(1)}
    for name, value in seen.items():
        result[name] = padded.rows(value)
        result[f"grad.{name}"] = padded.rows(value.grad)
    for name, parameter in lora_parameters(model).items():
        result[f"grad.{name}"] = parameter.grad.clone()
    return result


def optimise(model: PeftModel, padded: Padded) -> dict[str, torch.Tensor]:
    """AdamW steps on the one batch: losses before each update, gradient norms before clipping."""
    parameters = lora_parameters(model)
    optimizer = torch.optim.AdamW(parameters.values(), foreach=False, **OPTIMIZER)
    losses, norms = [], []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = padded.loss(padded.logits(model))
        loss.backward()
        norm = torch.nn.utils.clip_grad_norm_(parameters.values(), CLIP_NORM)
        optimizer.step()
        losses.append(loss.detach())
        norms.append(norm.detach())
    result = {"steps.loss": torch.stack(losses), "steps.gradient_norm": torch.stack(norms)}
    for name, parameter in parameters.items():
        result[f"steps.final.{name}"] = parameter.detach().clone()
    return result


@torch.no_grad()
def greedy(model: PeftModel, start: list[int]) -> list[int]:
    """The likeliest continuation, computed from scratch for every token."""
    tokens = list(start)
    for _ in range(GENERATED):
        logits = model(input_ids=torch.tensor([tokens]), use_cache=False).logits[0, -1]
        best = logits.topk(2).values
        if best[0] - best[1] < SMALLEST_MARGIN:
            raise SystemExit("two tokens are nearly as likely: choose another seed for the prompt")
        tokens.append(int(logits.argmax()))
    return tokens[len(start):]


@torch.no_grad()
def bfloat16_loss(case: Case, adapter: Path, padded: Padded) -> torch.Tensor:
    """The loss with the base in bfloat16; PEFT keeps the adapter in float32."""
    model = PeftModel.from_pretrained(build(case).to(torch.bfloat16), adapter).eval()
    return padded.loss(padded.logits(model)).reshape(1)


def save_version_4_config(directory: Path) -> None:
    """The configuration as transformers 4 spelled it, which most published models still have."""
    config = json.loads((directory / "model/config.json").read_text())
    rope = config.pop("rope_parameters")
    config["rope_theta"] = rope.pop("rope_theta")
    config["rope_scaling"] = None if rope == {"rope_type": "default"} else rope
    config["torch_dtype"] = config.pop("dtype")
    config["transformers_version"] = "4.48.0"
    text = json.dumps(config, indent=2, sort_keys=True) + "\n"
    (directory / "config-transformers-4.json").write_text(text)


def save_batch(directory: Path, sequences: list[Sequence], start: list[int], answer: list[int]):
    rows = [{"tokens": s.tokens, "isTarget": s.is_target} for s in sequences]
    lines = ",\n  ".join(json.dumps(row) for row in rows)
    generate = json.dumps({"prompt": start, "tokens": answer})
    text = f'{{"sequences": [\n  {lines}],\n "generate": {generate}}}\n'
    (directory / "batch.json").write_text(text)


def write_case(case: Case, directory: Path) -> dict:
    base = build(case)
    base.save_pretrained(directory / "model")
    (directory / "model/generation_config.json").unlink(missing_ok=True)
    save_version_4_config(directory)

    sequences = batch(case)
    padded = Padded(sequences)
    with torch.no_grad():
        loss_base = padded.loss(padded.logits(base)).reshape(1)
    model = with_adapter(case, copy.deepcopy(base))
    model.save_pretrained(directory / "adapter")
    (directory / "adapter/README.md").unlink()

    start = prompt(case)
    save_batch(directory, sequences, start, greedy(model, start))
    tokens = [token for sequence in sequences for token in sequence.tokens]
    expected = {"tokens": torch.tensor(tokens, dtype=torch.float32), "loss_base": loss_base}
    expected |= forward_backward(model, padded)
    expected["loss_bf16"] = bfloat16_loss(case, directory / "adapter", padded)
    expected |= optimise(model, padded)
    expected = {name: value.contiguous() for name, value in expected.items()}
    save_file(expected, directory / "expected.safetensors")
    losses = {name: float(expected[name]) for name in ("loss_base", "loss", "loss_bf16")}
    return {"seed": case.seed, "targets": case.targets, **losses}


def generate(output: Path) -> dict:
    """Writes every case and returns the manifest."""
    cases = {}
    for case in CASES:
        directory = output / case.name
        shutil.rmtree(directory, ignore_errors=True)
        directory.mkdir(parents=True)
        cases[case.name] = write_case(case, directory)
    files = sorted(path for case in CASES for path in (output / case.name).rglob("*")
                   if path.is_file())
    packages = ["torch", "transformers", "peft", "safetensors", "numpy"]
    return {
        "generator": "tools/golden/model.py",
        "versions": {"python": platform.python_version()} | {p: version(p) for p in packages},
        "cases": cases,
        "sha256": {str(path.relative_to(output)): hashlib.sha256(path.read_bytes()).hexdigest()
                   for path in files}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed files")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.backends.mkldnn.enabled = False
    if not arguments.check:
        manifest = generate(OUTPUT)
        (OUTPUT / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")
        print(json.dumps(manifest["cases"], indent=2))
        return
    with tempfile.TemporaryDirectory() as directory:
        fresh = generate(Path(directory))["sha256"]
    committed = json.loads((OUTPUT / "MANIFEST.json").read_text())["sha256"]
    on_disk = {name: hashlib.sha256((OUTPUT / name).read_bytes()).hexdigest()
               for name in committed if (OUTPUT / name).exists()}
    names = sorted(fresh.keys() | committed.keys())
    differing = [n for n in names if not fresh.get(n) == committed.get(n) == on_disk.get(n)]
    if differing:
        sys.exit("differs from the committed files: " + ", ".join(differing))
    print(f"{len(fresh)} files are as committed")


if __name__ == "__main__":
    main()
