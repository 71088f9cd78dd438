"""The loss of a model, with or without a PEFT adapter, over the answers of a JSONL file.

    python tools/check_peft.py --model HF_DIRECTORY [--adapter DIRECTORY] --data rows.jsonl

PyTorch's and PEFT's answer to `devft loss`: the mean over all target tokens of the file, in float32.
"""

import argparse
import gzip
import json
from itertools import islice
from pathlib import Path

import torch
from peft import PeftModel
from transformers import AutoModelForCausalLM, AutoTokenizer


def messages_of(row: dict) -> list[dict]:
    """A row of any of the three layouts as chat messages."""
    if "messages" in row:
        return row["messages"]
    if "instruction" in row:
        extra = row.get("input") or ""
        question = row["instruction"] + ("\n\n" + extra if extra else "")
        answer = row["output"]
    elif "prompt" in row:
        question = row["prompt"]
        answer = row["completion"] if "completion" in row else row["response"]
    else:
        raise SystemExit(f"expected messages, prompt or instruction, found {sorted(row)}")
    return [{"role": "user", "content": question}, {"role": "assistant", "content": answer}]


def segments_of(messages: list[dict], tokenizer) -> list[tuple[str, bool]]:
    """The rendered chat cut into pieces of text, each a target or not.

    An answer and its end token are a target; what the template puts around them is not.
    """
    def rendered(count: int, is_prompt: bool) -> str:
        return tokenizer.apply_chat_template(
            messages[:count], tokenize=False, add_generation_prompt=is_prompt)

    segments, position = [], 0
    for index, message in enumerate(messages):
        if message["role"] != "assistant":
            continue
        before, whole = rendered(index, True), rendered(index + 1, False)
        if not whole.startswith(before):
            raise SystemExit("the template does not put answers after its generation prompt")
        end = whole.rindex(tokenizer.eos_token) + len(tokenizer.eos_token)
        segments += [(before[position:], False), (whole[len(before):end], True)]
        position = end
    return segments


def tokens_of(segments: list[tuple[str, bool]], tokenizer) -> tuple[list[int], list[bool]]:
    """Token ids and target flags; each segment is tokenised by itself."""
    tokens, targets = [], []
    for text, is_target in segments:
        piece = tokenizer.encode(text, add_special_tokens=False)
        tokens += piece
        targets += [is_target] * len(piece)
    return tokens, targets


@torch.no_grad()
def loss_sum(model, tokens: list[int], targets: list[bool]) -> float:
    """Cross-entropy summed over the targets; logits are computed only where one is predicted."""
    positions = [index - 1 for index, is_target in enumerate(targets) if is_target]
    inputs = torch.tensor([tokens[:-1]])
    logits = model(input_ids=inputs, logits_to_keep=torch.tensor(positions)).logits[0]
    labels = torch.tensor([tokens[position + 1] for position in positions])
    return float(torch.nn.functional.cross_entropy(logits, labels, reduction="none").double().sum())


def rows_of(path: Path):
    opened = gzip.open(path, "rt") if path.suffix == ".gz" else path.open()
    with opened as lines:
        yield from (json.loads(line) for line in lines if line.strip())


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="Hugging Face directory")
    parser.add_argument("--adapter", help="PEFT directory")
    parser.add_argument("--data", required=True, type=Path, help="JSONL, plain or gzipped")
    parser.add_argument("--max-length", type=int, help="tokens kept of an example")
    parser.add_argument("--limit", type=int, help="rows read")
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--verbose", action="store_true", help="print every example's numbers")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    model = AutoModelForCausalLM.from_pretrained(arguments.model, dtype=torch.float32)
    if arguments.adapter:
        model = PeftModel.from_pretrained(model, arguments.adapter)
    model.eval()

    total, count, examples, truncated = 0.0, 0, 0, 0
    for row in islice(rows_of(arguments.data), arguments.limit):
        tokens, targets = tokens_of(segments_of(messages_of(row), tokenizer), tokenizer)
        kept = arguments.max_length or len(tokens)
        truncated += len(tokens) > kept
        tokens, targets = tokens[:kept], targets[:kept]
        if not any(targets):
            continue
        loss = loss_sum(model, tokens, targets)
        if arguments.verbose:
            print(json.dumps({"tokens": tokens, "targets": sum(targets),
                              "loss": loss / sum(targets)}))
        total, count, examples = total + loss, count + sum(targets), examples + 1
    if count == 0:
        raise SystemExit(f"no target tokens in {arguments.data}")
    result = {"loss": total / count, "tokens": count, "examples": examples}
    print(json.dumps(result | ({"truncated": truncated} if truncated else {})))


if __name__ == "__main__":
    main()
