"""FedIT in PyTorch and PEFT over the rounds of a finished `devft simulate` run.

    python tools/peers/pytorch_fedit.py HF_DIRECTORY RUN_DIRECTORY [--precision bf16] [--out FILE]

It takes from the run its rows and how they are split, the cohort and the learning rate of every round,
rank, steps, batch and seed, and does the same work: every client of a cohort trains the global adapter
with a fresh AdamW, the server takes the mean by examples. The orders of the rows are its own. After the
rounds that the run measured, the held-out loss of the global adapter is measured in float32 arithmetic
of the logits; that time does not count. Prints a line of JSON a round, as `metrics.jsonl` has them:
round, compute_seconds, held_out_loss, lora_up, lora_down, peak_bytes.
"""

import argparse
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
import yaml
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

import workload
from pytorch_step import TARGETS, take_step
from workload import IGNORED, Batch


@dataclass(frozen=True)
class Run:
    """What a finished run says of its work."""

    configuration: dict
    shares: list[list[int]]  # example numbers of each client
    rounds: list[dict]  # metrics.jsonl

    @classmethod
    def read(cls, directory: Path) -> "Run":
        configuration = yaml.safe_load((directory / "config.resolved.yaml").read_text())
        if configuration["stages"] is not None or configuration["federation"]["method"] != "fedit":
            raise SystemExit(f"{directory}: expected a FedIT run without stages")
        partition = json.loads((directory / "partition.json").read_text())
        lines = (directory / "metrics.jsonl").read_text().splitlines()
        return cls(
            configuration,
            [client["examples"] for client in partition["clients"]],
            [json.loads(line) for line in lines],
        )


def sequences_of(path: str, tokenizer, length: int) -> list[tuple[list[int], list[bool]]]:
    """Tokens and targets of every row of a file."""
    check = workload.check_peft
    found = []
    for row in check.rows_of(Path(path)):
        tokens, targets = check.tokens_of(
            check.segments_of(check.messages_of(row), tokenizer), tokenizer
        )
        if any(targets[:length]):
            found.append((tokens[:length], targets[:length]))
    return found


def batch_of(rows: list[tuple[list[int], list[bool]]], padding: int) -> Batch:
    """A batch padded on the right."""
    width = max(len(tokens) for tokens, _ in rows)
    tokens = torch.full((len(rows), width), padding)
    labels = torch.full_like(tokens, IGNORED)
    mask = torch.zeros_like(tokens)
    for index, (row, targets) in enumerate(rows):
        numbers = torch.tensor(row)
        tokens[index, : len(row)] = numbers
        labels[index, : len(row)] = torch.where(torch.tensor(targets), numbers, IGNORED)
        mask[index, : len(row)] = 1
    return Batch(tokens, labels, mask, sum(len(row) for row, _ in rows))


def batches(rows: list, size: int, count: int, draw: random.Random):
    """As the program orders them: shuffled, with rows of like length in a batch, epoch by epoch."""
    made = 0
    while True:
        order = draw.sample(rows, len(rows))
        pools = [order[i : i + 8 * size] for i in range(0, len(order), 8 * size)]
        epoch = []
        for pool in pools:
            pool.sort(key=lambda row: len(row[0]))
            epoch += [pool[i : i + size] for i in range(0, len(pool), size)]
        draw.shuffle(epoch)
        for batch in epoch:
            if made == count:
                return
            made += 1
            yield batch


def adapter_of(model: torch.nn.Module) -> dict[str, torch.Tensor]:
    """The trained tensors."""
    return {name: p for name, p in model.named_parameters() if p.requires_grad}


@torch.no_grad()
def held_out_loss(model: torch.nn.Module, rows: list, padding: int) -> float:
    """Mean over all targets."""
    model.eval()
    total, count = 0.0, 0
    for start in range(0, len(rows), 8):
        batch = batch_of(rows[start : start + 8], padding)
        logits = model(input_ids=batch.tokens, attention_mask=batch.mask).logits[:, :-1].float()
        labels = batch.labels[:, 1:]
        total += float(
            torch.nn.functional.cross_entropy(
                logits.flatten(0, 1), labels.flatten(), ignore_index=IGNORED, reduction="sum"
            )
        )
        count += int((labels != IGNORED).sum())
    model.train()
    return total / count


class Federation:
    """The global adapter and the one model that all clients train on in turn."""

    def __init__(self, run: Run, arguments):
        self.run = run
        torch.manual_seed(run.configuration["seed"])
        lora = run.configuration["lora"]
        base = AutoModelForCausalLM.from_pretrained(
            arguments.model, dtype=workload.PRECISIONS[arguments.precision]
        )
        base.config.use_cache = False
        self.model = get_peft_model(
            base,
            LoraConfig(
                r=lora["rank"],
                lora_alpha=lora["alpha"],
                lora_dropout=lora["dropout"],
                target_modules=[TARGETS[name] for name in lora["targets"]],
                task_type="CAUSAL_LM",
            ),
        ).train()
        self.state = {name: p.detach().clone() for name, p in adapter_of(self.model).items()}
        self.number_count = sum(tensor.numel() for tensor in self.state.values())

    def load(self, state: dict[str, torch.Tensor]) -> None:
        """Puts an adapter into the model."""
        with torch.no_grad():
            for name, parameter in adapter_of(self.model).items():
                parameter.copy_(state[name])

    def train(self, rows: list, rate: float, draw: random.Random, padding: int) -> dict:
        """One client's round."""
        local = self.run.configuration["local"]
        self.load(self.state)
        optimizer = torch.optim.AdamW(
            adapter_of(self.model).values(), lr=rate, weight_decay=local["weight_decay"]
        )
        for batch in batches(rows, local["batch"], local["steps"], draw):
            take_step(self.model, optimizer, batch_of(batch, padding))
        return {name: p.detach().clone() for name, p in adapter_of(self.model).items()}

    def combine(self, trained: list[tuple[int, dict]]) -> None:
        """The mean by numbers of examples."""
        total = sum(count for count, _ in trained)
        for name, tensor in self.state.items():
            mean = sum(state[name].double() * (count / total) for count, state in trained)
            tensor.copy_(mean.to(tensor.dtype))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", help="Hugging Face directory")
    parser.add_argument("run", type=Path, help="directory of a finished FedIT run")
    parser.add_argument("--precision", choices=workload.PRECISIONS, default="bf16")
    parser.add_argument("--rounds", type=int, help="first rounds of the run; all by default")
    parser.add_argument("--out", type=Path, help="also written here")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    run = Run.read(arguments.run)
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    data = run.configuration["data"]
    rows = sequences_of(data["path"], tokenizer, data["max_length"])
    held_out = sequences_of(data["eval"], tokenizer, data["max_length"])
    held_out = held_out[: run.configuration["eval"]["examples"]]
    federation = Federation(run, arguments)
    padding = tokenizer.pad_token_id
    lines = []
    for record in run.rounds[: arguments.rounds]:
        workload.reset_peak()
        trained, seconds = [], 0.0
        for client in record["cohort"]:
            share = [rows[index] for index in run.shares[client]]
            draw = random.Random(f"{run.configuration['seed']} {record['round']} {client}")
            start = time.perf_counter()
            state = federation.train(share, record["learning_rate"], draw, padding)
            seconds += time.perf_counter() - start
            trained.append((len(share), state))
        peak = workload.peak_bytes()
        federation.combine(trained)
        size = federation.number_count * 4 * len(trained)
        line = {
            "round": record["round"],
            "compute_seconds": round(seconds, 3),
            "lora_up": size,
            "lora_down": size,
            "peak_bytes": peak,
        }
        if record.get("held_out_loss") is not None:
            federation.load(federation.state)
            line["held_out_loss"] = held_out_loss(federation.model, held_out, padding)
        lines.append(json.dumps(line))
        print(lines[-1], flush=True)
    if arguments.out:
        arguments.out.write_text("\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
