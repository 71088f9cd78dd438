"""Makes Tests/Golden/tiny-chat/: a tiny chat model, rows of four households, and what PyTorch and PEFT compute.

    python tools/golden/tiny_chat.py           # writes Tests/Golden/tiny-chat
    python tools/golden/tiny_chat.py --check   # regenerates elsewhere and compares every SHA-256

The model is random, but not all of it anew in each layer: layers 0-1, 2-4 and 5 are each alike, so a
grouping into three has one right answer.
"""

import argparse
import hashlib
import json
import platform
import random
import shutil
import sys
import tempfile
from importlib.metadata import version
from pathlib import Path

# Imported first: it pins hash order and BLAS code path before PyTorch is loaded.
from model import CLIP_NORM, Padded, lora_parameters

import numpy
import torch
from peft import LoraConfig, PeftModel, get_peft_model
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM

from cases import Sequence

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import check_peft

OUTPUT = Path(__file__).resolve().parents[2] / "Tests/Golden/tiny-chat"
SEED = 21
LAYER_GROUPS = [[0, 1], [2, 3, 4], [5]]
VOCABULARY = 384
CHAT = ["<|endoftext|>", "<|im_start|>", "<|im_end|>"]
TEMPLATE = (
    "{% for message in messages %}{% if loop.first and messages[0]['role'] != 'system' %}"
    "{{ '<|im_start|>system\nYou keep the house.<|im_end|>\n' }}{% endif %}"
    "{{'<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n'}}{% endfor %}"
    "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}")
# Unequal shares, so that a mean that forgets its weights shows.
HOUSEHOLDS = {"ash": 10, "elm": 20, "fir": 12, "oak": 18}
HELD_OUT = 12
RANK, ALPHA = 4, 8
TARGETS = ["q_proj", "v_proj", "down_proj"]
# Eleven rows a step: the sixth step takes the last five and wraps round to the first six.
STEPS, BATCH, LEARNING_RATE = 6, 11, 1e-2
GENERATED = 16

ROOMS = ["kitchen", "hall", "bath", "bedroom", "porch"]
WORDS = {
    "ash": ["switch", "lamp"], "elm": ["turn", "light"], "fir": ["put", "bulb"], "oak": ["flip", "lantern"]}


def row(household: str, draw: random.Random) -> dict:
    """One order and its answer; each household has words and wishes of its own."""
    verb, thing = WORDS[household]
    room = draw.choice(ROOMS)
    intent = draw.choice(["light", "heat", "timer"])
    if intent == "light":
        on = draw.random() < 0.7
        prompt = f"{verb} {'on' if on else 'off'} the {thing} in the {room}"
        answer = {"do": "light", "room": room, "on": on}
    elif intent == "heat":
        degrees = draw.randint(16, 24)
        prompt = f"make the {room} {degrees} degrees" + (", please" if household == "elm" else "")
        answer = {"do": "heat", "room": room, "to": degrees}
    else:
        minutes = draw.choice([1, 5, 10, 45])
        prompt = f"{minutes} minutes for the {draw.choice(['tea', 'rice', 'bread with seeds'])}"
        answer = {"do": "timer", "minutes": minutes}
    return {"prompt": prompt, "completion": json.dumps(answer, separators=(",", ":")),
            "household": household, "intent": intent}


def rows() -> tuple[list[dict], list[dict]]:
    """Training rows, households mixed, and held-out rows."""
    draw = random.Random(SEED)
    train = [row(name, draw) for name, count in HOUSEHOLDS.items() for _ in range(count)]
    draw.shuffle(train)
    return train, [row(draw.choice(sorted(HOUSEHOLDS)), draw) for _ in range(HELD_OUT)]


def write_rows(path: Path, content: list[dict]) -> None:
    path.write_text("".join(json.dumps(row) + "\n" for row in content))


def write_tokenizer(directory: Path, train: list[dict]) -> None:
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=VOCABULARY, special_tokens=CHAT, show_progress=False,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
    texts = [row[key] for row in train for key in ("prompt", "completion")]
    tokenizer.train_from_iterator(["You keep the house. system user assistant"] * 20 + texts, trainer)
    assert tokenizer.get_vocab_size() == VOCABULARY
    (directory / "tokenizer.json").write_text(
        json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":")))
    (directory / "tokenizer_config.json").write_text(json.dumps({
        "tokenizer_class": "PreTrainedTokenizerFast", "bos_token": CHAT[0], "eos_token": CHAT[2],
        "pad_token": CHAT[0], "add_bos_token": False, "chat_template": TEMPLATE}, indent=2) + "\n")


def build() -> LlamaForCausalLM:
    """The random model; its numbers are exact in bfloat16, so the file is half as large."""
    config = LlamaConfig(
        vocab_size=VOCABULARY, hidden_size=32, num_hidden_layers=6, num_attention_heads=4,
        num_key_value_heads=2, intermediate_size=64, rms_norm_eps=1e-5, max_position_embeddings=256,
        tie_word_embeddings=True, bos_token_id=0, eos_token_id=2, pad_token_id=0,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0})
    config.architectures = ["LlamaForCausalLM"]
    config._attn_implementation = "eager"
    model = LlamaForCausalLM(config).float().eval()
    draws = numpy.random.default_rng([SEED, 0])
    group_of = {layer: group for group, layers in enumerate(LAYER_GROUPS) for layer in layers}
    shared = {}
    for name, parameter in sorted(model.named_parameters()):
        shape = tuple(parameter.shape)
        draw = draws.standard_normal(shape)
        if ".layers." in name:
            layer, rest = name.split(".layers.")[1].split(".", 1)
            key = group_of[int(layer)], rest
            shared.setdefault(key, draws.standard_normal(shape))
            draw = 0.9 * shared[key] + 0.4 * draw
        draw = 1 + 0.2 * draw if name.endswith("norm.weight") else 0.2 * draw
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(draw).bfloat16().float())
    return model


def write_model(directory: Path) -> None:
    model = build()
    model.config.dtype = torch.bfloat16
    model.config.save_pretrained(directory)
    tensors = {name: value.bfloat16().contiguous() for name, value in model.state_dict().items()
               if name != "lm_head.weight"}
    save_file(tensors, directory / "model.safetensors", metadata={"format": "pt"})


def write_adapter(base, directory: Path) -> None:
    config = LoraConfig(r=RANK, lora_alpha=ALPHA, lora_dropout=0.0, target_modules=TARGETS,
                        bias="none", task_type="CAUSAL_LM")
    model = get_peft_model(base, config)
    draws = numpy.random.default_rng([SEED, 1])
    for name, parameter in sorted(lora_parameters(model).items()):
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(0.1 * draws.standard_normal(tuple(parameter.shape))))
    # PEFT looks up a named base on the network: it is saved without one and named afterwards.
    model.peft_config["default"].base_model_name_or_path = None
    model.save_pretrained(directory, save_embedding_layers=False)
    path = directory / "adapter_config.json"
    path.write_text(path.read_text().replace(
        '"base_model_name_or_path": null', '"base_model_name_or_path": "tiny-chat"'))
    (directory / "README.md").unlink(missing_ok=True)


class Reference:
    """PyTorch's answers about the files of a directory."""

    def __init__(self, directory: Path):
        self.directory = directory
        self.tokenizer = AutoTokenizer.from_pretrained(directory / "model")
        self.train = self.encoded("train.jsonl")
        self.held_out = self.encoded("held-out.jsonl")

    def encoded(self, name: str) -> list[Sequence]:
        return [Sequence(*check_peft.tokens_of(
            check_peft.segments_of(check_peft.messages_of(row), self.tokenizer), self.tokenizer))
            for row in check_peft.rows_of(self.directory / name)]

    def lengths(self, name: str) -> list[int]:
        """Tokens of each whole conversation, the line break behind the last turn included."""
        texts = [self.tokenizer.apply_chat_template(check_peft.messages_of(row), tokenize=False)
                 for row in check_peft.rows_of(self.directory / name)]
        return [len(self.tokenizer.encode(text, add_special_tokens=False)) for text in texts]

    def base(self):
        return AutoModelForCausalLM.from_pretrained(
            self.directory / "model", dtype=torch.float32, attn_implementation="eager").eval()

    def adapted(self, is_trainable: bool = False) -> PeftModel:
        return PeftModel.from_pretrained(
            self.base(), self.directory / "adapter", is_trainable=is_trainable).eval()

    def loss(self, model) -> float:
        """Mean over all target tokens of the held-out rows."""
        total = sum(check_peft.loss_sum(model, s.tokens, s.is_target) for s in self.held_out)
        return total / sum(sum(s.is_target) for s in self.held_out)

    def steps(self, model) -> list[dict]:
        """AdamW over the rows in file order; each loss is that before the update."""
        parameters = lora_parameters(model)
        optimizer = torch.optim.AdamW(
            parameters.values(), lr=LEARNING_RATE, weight_decay=0.0, foreach=False)
        steps = []
        for step in range(STEPS):
            rows = [self.train[(step * BATCH + i) % len(self.train)] for i in range(BATCH)]
            padded = Padded(rows)
            optimizer.zero_grad()
            loss = padded.loss(padded.logits(model))
            loss.backward()
            torch.nn.utils.clip_grad_norm_(parameters.values(), CLIP_NORM)
            optimizer.step()
            steps.append({"loss": float(loss.detach()), "tokens": sum(sum(s.is_target) for s in rows)})
        return steps

    @torch.no_grad()
    def answer(self, model, prompt: str) -> dict:
        """The greedy answer, of a bounded number of tokens."""
        text = self.tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], tokenize=False, add_generation_prompt=True)
        tokens = self.tokenizer.encode(text, add_special_tokens=False)
        start = len(tokens)
        for _ in range(GENERATED):
            logits = model(input_ids=torch.tensor([tokens])).logits[0, -1]
            best = torch.topk(logits, 2)
            assert best.values[0] - best.values[1] > 1e-3, "two tokens are about equally likely"
            if int(best.indices[0]) == self.tokenizer.eos_token_id:
                break
            tokens.append(int(best.indices[0]))
        answer = self.tokenizer.decode(tokens[start:], skip_special_tokens=True)
        return {"prompt": prompt, "answer": answer}


def expectations(directory: Path) -> dict:
    reference = Reference(directory)
    model = reference.adapted(is_trainable=True)
    lengths = reference.lengths("train.jsonl")
    expected = {
        "layer_groups": LAYER_GROUPS,
        "households": HOUSEHOLDS,
        "longest": max(lengths),
        "train_tokens": sum(lengths),
        "held_out": {
            "examples": len(reference.held_out),
            "tokens": sum(sum(s.is_target) for s in reference.held_out),
            "loss": reference.loss(reference.base()),
            "adapter_loss": reference.loss(model)},
        "generation": reference.answer(model, "turn on the light in the hall"),
        "training": {"batch": BATCH, "learning_rate": LEARNING_RATE, "steps": reference.steps(model)},
    }
    expected["training"]["held_out_loss"] = reference.loss(model)
    return expected


def generate(output: Path) -> dict:
    """Writes every file and returns the manifest."""
    shutil.rmtree(output, ignore_errors=True)
    (output / "model").mkdir(parents=True)
    train, held_out = rows()
    write_rows(output / "train.jsonl", train)
    write_rows(output / "held-out.jsonl", held_out)
    write_tokenizer(output / "model", train)
    write_model(output / "model")
    write_adapter(build(), output / "adapter")
    expected = expectations(output)
    (output / "expected.json").write_text(json.dumps(expected, indent=2) + "\n")
    packages = ["torch", "transformers", "peft", "tokenizers", "safetensors", "numpy"]
    files = sorted(path for path in output.rglob("*") if path.is_file())
    return {
        "generator": "tools/golden/tiny_chat.py", "seed": SEED,
        "versions": {"python": platform.python_version()} | {p: version(p) for p in packages},
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
        return
    with tempfile.TemporaryDirectory() as directory:
        fresh = generate(Path(directory) / "tiny-chat")["sha256"]
    committed = json.loads((OUTPUT / "MANIFEST.json").read_text())["sha256"]
    differing = [name for name in sorted(fresh.keys() | committed.keys())
                 if fresh.get(name) != committed.get(name)]
    if differing:
        sys.exit("differs from the committed files: " + ", ".join(differing))
    print(f"{len(fresh)} files are as committed")


if __name__ == "__main__":
    main()
