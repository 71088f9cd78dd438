"""What the PyTorch partners have in common: the batch, the model, and the peak of memory."""

import json
import re
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

import torch
from transformers import AutoModelForCausalLM, AutoTokenizer

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import check_peft

PRECISIONS = {"f32": torch.float32, "bf16": torch.bfloat16}
# The multiplier of the program's own made-up tokens.
MULTIPLIER = 7919
IGNORED = -100


@dataclass(frozen=True)
class Batch:
    """A padded batch of B rows, at most T tokens each."""

    tokens: torch.Tensor  # [B, T]
    labels: torch.Tensor  # [B, T], IGNORED where nothing is to be learnt
    mask: torch.Tensor | None  # [B, T], 1 for real tokens; None when no row is padded
    token_count: int  # real tokens

    @property
    def inputs(self) -> dict[str, torch.Tensor]:
        """Arguments of the model."""
        mask = {} if self.mask is None else {"attention_mask": self.mask}
        return {"input_ids": self.tokens, "labels": self.labels, **mask}

    @property
    def target_count(self) -> int:
        """Tokens that are predicted: the first of a row never is."""
        return int((self.labels[:, 1:] != IGNORED).sum())


def made_up(batch: int, length: int, vocabulary: int) -> Batch:
    """The tokens of `devft bench step`; every one but the first of a row is a target."""
    places = torch.arange(1, batch * length + 1).reshape(batch, length)
    tokens = places * MULTIPLIER % vocabulary
    return Batch(tokens, tokens, None, batch * length)


def from_file(path: Path, batch: int, length: int, tokenizer) -> Batch:
    """The first rows of a JSONL file, cut to `length` tokens, padded on the right."""
    rows = []
    for row in islice(check_peft.rows_of(path), batch):
        segments = check_peft.segments_of(check_peft.messages_of(row), tokenizer)
        tokens, targets = check_peft.tokens_of(segments, tokenizer)
        rows.append((tokens[:length], targets[:length]))
    width = max(len(tokens) for tokens, _ in rows)
    shape = (len(rows), width)
    tokens = torch.full(shape, tokenizer.pad_token_id)
    labels = torch.full(shape, IGNORED)
    mask = torch.zeros(shape, dtype=torch.long)
    for index, (row, targets) in enumerate(rows):
        count = len(row)
        tokens[index, :count] = torch.tensor(row)
        labels[index, :count] = torch.where(torch.tensor(targets), torch.tensor(row), IGNORED)
        mask[index, :count] = 1
    return Batch(tokens, labels, mask, sum(len(row) for row, _ in rows))


def batch_of(arguments, vocabulary: int) -> Batch:
    """The batch that the command line asks for."""
    if arguments.data is None:
        return made_up(arguments.batch, arguments.length, vocabulary)
    tokenizer = AutoTokenizer.from_pretrained(arguments.model)
    return from_file(arguments.data, arguments.batch, arguments.length, tokenizer)


def base_model(arguments) -> torch.nn.Module:
    """The model of the command line, cut to its first layers when `--layers` says so."""
    model = AutoModelForCausalLM.from_pretrained(
        arguments.model, dtype=PRECISIONS[arguments.precision]
    )
    if arguments.layers:
        model.model.layers = model.model.layers[: arguments.layers]
        model.config.num_hidden_layers = len(model.model.layers)
    model.config.use_cache = False
    return model


def add_options(parser) -> None:
    """The options of every partner that runs the model in PyTorch."""
    parser.add_argument("model", help="Hugging Face directory")
    parser.add_argument("--layers", type=int, help="first layers kept; all by default")
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--length", type=int, default=256, help="tokens of a row, at most")
    parser.add_argument("--data", type=Path, help="JSONL, also .gz: its first rows are the batch")
    parser.add_argument("--precision", choices=PRECISIONS, default="bf16")
    parser.add_argument("--steps", type=int, default=5, help="timed ones, after one untimed")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())


def reset_peak() -> None:
    """Forgets the memory that loading took: the file's own precision may be wider."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    """The most resident memory since the last reset, mapped files included (Linux only)."""
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


def report(step: Callable[[], float], batch: Batch, arguments, extra: Callable[[], dict]) -> None:
    """Takes one untimed step and the timed ones, and prints a line of JSON."""
    reset_peak()
    seconds, losses = [], []
    for _ in range(arguments.steps + 1):
        start = time.perf_counter()
        losses.append(step())
        seconds.append(time.perf_counter() - start)
    timed = seconds[1:]
    median = statistics.median(timed)
    shown = ("batch", "length", "precision", "steps", "threads")
    result = {
        "tokens_per_second": round(batch.token_count / median, 1),
        "step_seconds": round(median, 4),
        "step_seconds_range": [round(min(timed), 4), round(max(timed), 4)],
        "first_loss": losses[0],
        "last_loss": losses[-1],
        "tokens": batch.token_count,
        "targets": batch.target_count,
        "padded_tokens": batch.tokens.numel(),
        "peak_rss_bytes": peak_bytes(),
        "torch": torch.__version__,
        **{key: getattr(arguments, key) for key in shown},
        **extra(),
    }
    print(json.dumps(result))
