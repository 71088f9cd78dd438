"""Loss and accuracy of an encoder with the adapter of a run, over the rows of a JSONL file.

    python tools/check_encoder.py --model HF_DIRECTORY --adapter RUN/adapter --labels RUN/labels.json --data rows.jsonl

PyTorch's and PEFT's answer to `held_out_loss` and `held_out_accuracy` of a run's last round, in float32. The adapter is
loaded by PEFT alone: that it loads, head included, is half of the check.
"""

import argparse
import json
from pathlib import Path

import torch
from peft import PeftModel
from tokenizers import Tokenizer
from transformers import AutoModelForSequenceClassification


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--model", required=True, help="Hugging Face directory")
    parser.add_argument("--adapter", required=True, help="PEFT directory")
    parser.add_argument("--labels", required=True, type=Path, help="labels.json of the run")
    parser.add_argument("--data", required=True, type=Path, help="JSONL of text, text_pair and label")
    arguments = parser.parse_args()
    labels = json.loads(arguments.labels.read_text())
    base = AutoModelForSequenceClassification.from_pretrained(
        arguments.model, num_labels=len(labels), dtype=torch.float32)
    model = PeftModel.from_pretrained(base, arguments.adapter).eval()
    tokenizer = Tokenizer.from_file(f"{arguments.model}/tokenizer.json")
    # Text never becomes a special token.
    tokenizer.encode_special_tokens = True
    last_type = base.config.type_vocab_size - 1
    loss, correct, count = 0.0, 0, 0
    for line in arguments.data.read_text().splitlines():
        row = json.loads(line)
        encoded = tokenizer.encode(row["text"], row.get("text_pair"))
        types = [min(kind, last_type) for kind in encoded.type_ids]
        with torch.no_grad():
            logits = model(
                input_ids=torch.tensor([encoded.ids]), token_type_ids=torch.tensor([types]),
                attention_mask=torch.ones(1, len(types), dtype=torch.long)).logits[0]
        label = labels.index(str(row["label"]))
        loss -= float(torch.log_softmax(logits.double(), dim=0)[label])
        correct += int(logits.argmax()) == label
        count += 1
    print(json.dumps({"loss": loss / count, "accuracy": correct / count, "examples": count}))


if __name__ == "__main__":
    main()
