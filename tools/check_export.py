"""Do other programs load what `devft export` writes, and do they answer alike?

    python tools/check_export.py --model models/smollm2-135m-instruct.gguf --adapter runs/demo/fedit/adapter \
        --data demo-data/homes-heldout.jsonl

Needs torch, transformers, peft, gguf and llama-cpp-python. Exports the model with the adapter in every format into a
temporary directory, and prints one line of JSON for each check:

- loss: transformers on the merged directory, and PEFT on the exported base and adapter, beside `devft loss`, float32;
- answers: greedy answers of llama.cpp (merged GGUF, and a GGUF of the base beside the LoRA GGUF) to twenty prompts,
  and how many equal those of `devft generate`.
"""

import argparse
import json
import subprocess
import tempfile
from itertools import islice
from pathlib import Path

import llama_cpp
import torch
from check_peft import loss_sum, messages_of, rows_of, segments_of, tokens_of
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer

PROMPTS = [
    "What is the capital of France?",
    "Turn the kitchen lights off.",
    "Write one sentence about the sea.",
    "Name three fruits.",
    "Set a timer for 20 minutes.",
    "Why is the sky blue?",
    "Translate 'good morning' into Spanish.",
    "Add milk and eggs to my shopping list.",
    "What is 12 plus 30?",
    "Give me a tip for sleeping well.",
    "Play some jazz in the living room.",
    "Who wrote Romeo and Juliet?",
    "What should I cook with rice and beans?",
    "Make it warmer in the bedroom.",
    "Explain gravity to a child.",
    "List the days of the week.",
    "Remind me to call Anna tomorrow at nine.",
    "What does a mechanic do?",
    "How many legs does a spider have?",
    "Lock the front door and turn on the alarm.",
]


class Check:
    """The exports of one model and adapter, and what is asked of them."""

    def __init__(self, arguments):
        self.arguments = arguments
        self.folder = Path(tempfile.mkdtemp(prefix="devft-export-"))

    def devft(self, *words) -> str:
        command = [self.arguments.devft, *map(str, words)]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout

    def export(self, name: str, form: str, *more, adapted: bool = True) -> Path:
        target = self.folder / name
        adapter = ["--adapter", self.arguments.adapter] if adapted else []
        self.devft("export", "--model", self.arguments.model, "--format", form, "--out", target,
                   *adapter, *more)
        return target

    # Losses

    def our_loss(self) -> float:
        rows = self.folder / "rows.jsonl"
        chosen = islice(rows_of(Path(self.arguments.data)), self.arguments.limit)
        rows.write_text("".join(json.dumps(row) + "\n" for row in chosen))
        out = self.devft("loss", "--model", self.arguments.model, "--data", rows, "--precision",
                         "f32", "--adapter", self.arguments.adapter, "--json")
        return json.loads(out)["loss"]

    def their_loss(self, model, tokenizer) -> float:
        total, count = 0.0, 0
        for row in rows_of(self.folder / "rows.jsonl"):
            tokens, targets = tokens_of(segments_of(messages_of(row), tokenizer), tokenizer)
            total, count = total + loss_sum(model, tokens, targets), count + sum(targets)
        return total / count

    def losses(self) -> None:
        ours = self.our_loss()
        merged = self.export("hf", "hf", "--quantise", "f32")
        base = self.export("base", "hf", "--quantise", "f32", adapted=False)
        tokenizer = AutoTokenizer.from_pretrained(merged)
        model = AutoModelForCausalLM.from_pretrained(merged, dtype="auto").eval()
        assert model.dtype == torch.float32, model.dtype
        self.report("hf, transformers", ours, self.their_loss(model, tokenizer))
        bare = AutoModelForCausalLM.from_pretrained(base, dtype="auto")
        adapted = PeftModel.from_pretrained(bare, self.export("peft", "peft")).eval()
        self.report("peft on hf, PEFT", ours, self.their_loss(adapted, tokenizer))

    def report(self, name: str, ours: float, theirs: float) -> None:
        print(json.dumps({"check": name, "devft": ours, "theirs": theirs,
                          "within 1e-3": abs(ours - theirs) < 1e-3}), flush=True)

    # Answers

    def our_answer(self, prompt: str) -> str:
        return self.devft("generate", "--model", self.arguments.model, "--adapter",
                          self.arguments.adapter, "--precision", "f32", "--max-tokens", "32",
                          "--prompt", prompt)[:-1]

    def their_answer(self, model: llama_cpp.Llama, tokenizer, prompt: str) -> str:
        tokens = tokenizer.apply_chat_template(
            [{"role": "user", "content": prompt}], add_generation_prompt=True, return_dict=False)
        model.reset()
        answer = []
        for token in model.generate(tokens, temp=0.0, repeat_penalty=1.0):
            if token in (tokenizer.eos_token_id, model.token_eos()):
                break
            answer.append(token)
            if len(answer) == 32:
                break
        return tokenizer.decode(answer, skip_special_tokens=True)

    def answers(self) -> None:
        tokenizer = AutoTokenizer.from_pretrained(self.export("tokenizer", "hf"))
        ours = [self.our_answer(prompt) for prompt in PROMPTS]
        bare = self.export("bare.gguf", "gguf", "--quantise", "f16", adapted=False)
        pairs = [
            (f"gguf {kind}", self.export(f"{kind}.gguf", "gguf", "--quantise", kind), None)
            for kind in self.arguments.types
        ]
        pairs.append(("gguf-lora on gguf f16", bare, self.export("lora.gguf", "gguf-lora")))
        for name, path, adapter in pairs:
            model = llama_cpp.Llama(str(path), lora_path=adapter and str(adapter), n_ctx=512,
                                    n_threads=self.arguments.threads, verbose=False)
            theirs = [self.their_answer(model, tokenizer, prompt) for prompt in PROMPTS]
            equal = sum(one == other for one, other in zip(ours, theirs))
            print(json.dumps({"check": f"{name}, llama.cpp", "equal": equal,
                              "prompts": len(PROMPTS)}), flush=True)
            if self.arguments.verbose:
                for prompt, one, other in zip(PROMPTS, ours, theirs):
                    print(json.dumps({"prompt": prompt, "devft": one, "theirs": other}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--devft", default=".build/release/devft")
    parser.add_argument("--model", required=True)
    parser.add_argument("--adapter", required=True, help="PEFT directory")
    parser.add_argument("--data", required=True, help="JSONL, plain or gzipped")
    parser.add_argument("--limit", type=int, default=20, help="rows for the losses")
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--types", nargs="+", help="number formats of the merged GGUF",
                        default=["f32", "f16", "bf16", "q8_0", "q4_0", "q4_1"])
    parser.add_argument("--only", choices=["losses", "answers"])
    parser.add_argument("--verbose", action="store_true", help="print every answer")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    check = Check(arguments)
    if arguments.only != "answers":
        check.losses()
    if arguments.only != "losses":
        check.answers()


if __name__ == "__main__":
    main()
