"""Writes the encoders' golden numbers with PyTorch, transformers and PEFT in float32.

    python tools/golden/encoders.py           # writes Tests/Golden/encoders
    python tools/golden/encoders.py --check   # regenerates elsewhere and compares every SHA-256

Needs the tokenizers that make_tokenizers.py wrote.
"""

import argparse
import copy
import gzip
import json
import random
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

# Pins hash order and BLAS code path before anything else is imported.
import model as decoders

import numpy
import torch
from peft import LoraConfig, get_peft_model
from safetensors.torch import save_file
from transformers import (
    BertConfig, BertForSequenceClassification, RobertaConfig, RobertaForSequenceClassification)

ROOT = Path(__file__).resolve().parents[2]
OUTPUT = ROOT / "Tests/Golden/encoders"
TOKENIZERS = ROOT / "Tests/Golden/text/tokenizers"
RANK, ALPHA, STEPS = 3, 7, 3
LENGTHS = [9, 1, 14, 40]
EVERY = ["query", "key", "value", "attention.output.dense", "intermediate.dense", "output.dense"]


@dataclass(frozen=True)
class Case:
    """One encoder and the LoRA layers put on it."""

    name: str
    seed: int
    targets: list[str]
    tokenizer: str
    config: BertConfig | RobertaConfig


def sizes(**others) -> dict:
    return {"num_hidden_layers": 3, "hidden_size": 24, "num_attention_heads": 4, "intermediate_size": 37} | others


CASES = [
    Case("bert", 21, EVERY, "bert-uncased", BertConfig(**sizes(
        vocab_size=700, max_position_embeddings=48, type_vocab_size=2, layer_norm_eps=1e-12,
        id2label={0: "calm", 1: "angry", 2: "glad"}, label2id={"calm": 0, "angry": 1, "glad": 2}))),
    # Heads of seven numbers; positions begin at row 2; two classes without names.
    Case("roberta", 22, ["query", "value"], "roberta", RobertaConfig(**sizes(
        vocab_size=501, num_hidden_layers=4, hidden_size=21, num_attention_heads=3, max_position_embeddings=50,
        type_vocab_size=1, layer_norm_eps=1e-5, pad_token_id=1, bos_token_id=0, eos_token_id=2))),
]


def fill(named_parameters, draws: numpy.random.Generator) -> None:
    """Overwrites parameters, in the order of their names, with draws that make outputs non-trivial."""
    for name, parameter in sorted(named_parameters):
        draw = draws.standard_normal(tuple(parameter.shape))
        scale = 0.3 if name.endswith(("LayerNorm.weight", "bias")) else 0.2
        with torch.no_grad():
            numbers = torch.from_numpy(scale * draw + name.endswith("LayerNorm.weight"))
            # Of bfloat16, so that the files may be: half the bytes, and nothing is lost.
            parameter.copy_(numbers.to(torch.bfloat16))


class Batch:
    """A right-padded batch of random tokens with segments and classes."""

    def __init__(self, case: Case):
        draws = numpy.random.default_rng([case.seed, 1])
        self.sequences = []
        for index, length in enumerate(LENGTHS):
            second = int(draws.integers(0, length + 1)) if case.config.type_vocab_size > 1 else length
            self.sequences.append({
                "tokens": draws.integers(5, case.config.vocab_size, length).tolist(),
                "types": [0] * second + [1] * (length - second),
                "label": int((index + 1) % case.config.num_labels)})
        shape = (len(LENGTHS), max(LENGTHS))
        self.tokens = torch.full(shape, case.config.pad_token_id or 0, dtype=torch.long)
        self.types, self.mask = torch.zeros(shape, dtype=torch.long), torch.zeros(shape, dtype=torch.long)
        for row, sequence in enumerate(self.sequences):
            length = len(sequence["tokens"])
            self.tokens[row, :length] = torch.tensor(sequence["tokens"])
            self.types[row, :length] = torch.tensor(sequence["types"])
            self.mask[row, :length] = 1
        self.labels = torch.tensor([sequence["label"] for sequence in self.sequences])

    def run(self, model):
        return model(input_ids=self.tokens, attention_mask=self.mask, token_type_ids=self.types, labels=self.labels)


def build(case: Case) -> torch.nn.Module:
    kind = BertForSequenceClassification if case.name == "bert" else RobertaForSequenceClassification
    case.config.architectures = [kind.__name__]
    case.config._attn_implementation = "eager"
    model = kind(case.config).float().eval()
    fill(model.named_parameters(), numpy.random.default_rng([case.seed, 0]))
    return model


def trained(model) -> dict[str, torch.nn.Parameter]:
    """The trained tensors under the names that PEFT saves."""
    return {
        name.replace(".default.", ".").replace(".modules_to_save.", "."): parameter
        for name, parameter in sorted(model.named_parameters()) if parameter.requires_grad}


def optimise(model, batch: Batch) -> dict[str, torch.Tensor]:
    parameters = trained(model)
    optimizer = torch.optim.AdamW(parameters.values(), foreach=False, **decoders.OPTIMIZER)
    losses = []
    for _ in range(STEPS):
        optimizer.zero_grad()
        loss = batch.run(model).loss
        loss.backward()
        torch.nn.utils.clip_grad_norm_(parameters.values(), decoders.CLIP_NORM)
        optimizer.step()
        losses.append(loss.detach())
    return {"steps.loss": torch.stack(losses)} | {
        f"steps.final.{name}": parameter.detach().clone() for name, parameter in parameters.items()}


def write_case(case: Case, directory: Path) -> dict:
    base = build(case)
    copy.deepcopy(base).to(torch.bfloat16).save_pretrained(directory / "model")
    name = f"{case.tokenizer}.tokenizer.json.gz"
    (directory / "model/tokenizer.json").write_bytes(gzip.decompress((TOKENIZERS / name).read_bytes()))
    model = get_peft_model(base, LoraConfig(
        r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=case.targets, bias="none", task_type="SEQ_CLS"))
    fill(trained(model).items(), numpy.random.default_rng([case.seed, 3]))
    model.eval()
    model.save_pretrained(directory / "adapter")
    (directory / "adapter/README.md").unlink()
    batch = Batch(case)
    (directory / "batch.json").write_text(json.dumps({"sequences": batch.sequences}) + "\n")
    embedded = []
    model.base_model.model.base_model.embeddings.register_forward_hook(
        lambda module, inputs, output: embedded.append(output.requires_grad_(True)) or output.retain_grad())
    output = batch.run(model)
    output.loss.backward()
    expected = {
        "logits": output.logits.detach(), "loss": output.loss.detach().reshape(1),
        "grad.embeddings": embedded[0].grad[batch.mask.bool()].clone()}
    expected |= {f"grad.{name}": parameter.grad.clone() for name, parameter in trained(model).items()}
    expected |= optimise(model, batch)
    save_file({name: value.contiguous() for name, value in expected.items()}, directory / "expected.safetensors")
    return {"seed": case.seed, "targets": case.targets, "loss": float(expected["loss"])}


WORDS = {
    "angry": ["refund", "broken", "terrible", "late", "complaint", "never"],
    "calm": ["when", "question", "opening", "hours", "where", "order"],
    "glad": ["thanks", "great", "lovely", "perfect", "happy", "works"],
}
FILLER = ["the", "box", "came", "today", "and", "a", "with", "my", "shop", "it"]


def rows(seed: int, count: int) -> list[dict]:
    """Short messages of four shops: words of one class among words of all."""
    draws = random.Random(seed)
    result = []
    for index in range(count):
        label = sorted(WORDS)[draws.randrange(3)]
        words = draws.choices(WORDS[label], k=2) + draws.choices(FILLER, k=4)
        draws.shuffle(words)
        row = {"text": " ".join(words), "label": label, "shop": f"shop-{index % 4}"}
        if index % 5 == 0:
            row["text_pair"] = " ".join(draws.choices(FILLER, k=3))
        result.append(row)
    return result


def generate(output: Path) -> dict:
    cases = {}
    for case in CASES:
        decoders.shutil.rmtree(output / case.name, ignore_errors=True)
        (output / case.name).mkdir(parents=True)
        cases[case.name] = write_case(case, output / case.name)
    for name, seed, count in [("train", 31, 60), ("held-out", 32, 24)]:
        lines = [json.dumps(row) + "\n" for row in rows(seed, count)]
        (output / f"{name}.jsonl").write_text("".join(lines))
    files = sorted(path for path in output.rglob("*") if path.is_file() and path.name != "MANIFEST.json")
    digest = lambda path: decoders.hashlib.sha256(path.read_bytes()).hexdigest()
    packages = ["torch", "transformers", "peft", "safetensors", "numpy"]
    return {
        "generator": "tools/golden/encoders.py",
        "versions": {package: decoders.version(package) for package in packages},
        "cases": cases,
        "sha256": {str(path.relative_to(output)): digest(path) for path in files}}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="compare with the committed files")
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.backends.mkldnn.enabled = False
    if not arguments.check:
        OUTPUT.mkdir(exist_ok=True)
        manifest = generate(OUTPUT)
        (OUTPUT / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")
        print(json.dumps(manifest["cases"], indent=2))
        return
    with tempfile.TemporaryDirectory() as directory:
        fresh = generate(Path(directory))["sha256"]
    committed = json.loads((OUTPUT / "MANIFEST.json").read_text())["sha256"]
    differing = [name for name in sorted(fresh | committed) if fresh.get(name) != committed.get(name)]
    if differing:
        sys.exit("differs from the committed files: " + ", ".join(differing))
    print(f"{len(fresh)} files are as committed")


if __name__ == "__main__":
    main()
