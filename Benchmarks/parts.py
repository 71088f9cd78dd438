"""What is measured: every comparison with its commands."""

import gzip
import json
import os
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from measure import Command, Comparison, Side

CAPACITIES = (4, 8, 15, 30)
DEPTH = CAPACITIES[-1]
SHAPES = ((4, 256), (8, 128))
# Rows of instructions and answers, at most so many tokens each.
REAL_SHAPE = (8, 512)
LARGE_CAPACITIES = (4, 32)
RANK = 32
PROMPT_TOKENS, ANSWER_TOKENS = 512, 128
LOSS_STEPS = 200
# Rows that the loss is measured on, and the longest row of training and measuring, in characters: some
# 200 tokens.
LOSS_ROWS, LOSS_LENGTH = 64, 700
# Every so many-th subject of MMLU.
SUBJECT_STEP = 12


@dataclass(frozen=True)
class Setting:
    """Where programs, models and data are."""

    root: Path
    program: Path
    python: Path
    # A known name or a path, for the program.
    model: str
    # The same weights for llama.cpp and for PyTorch.
    gguf: Path
    peer_model: Path
    # The 7B-shaped file.
    large: Path
    # Rows whose first ones are the batch.
    data: Path
    # The benchmarks' files.
    benchmarks: Path
    # Questions of each subject, from the first.
    questions: int
    # Adapters, and the rows they are trained on, are written below it.
    scratch: Path
    # Timed steps of a run.
    steps: int

    def devft(self, *words: object, model: object = None) -> Command:
        """A command of the program that prints JSON."""
        texts = [str(word) for word in words]
        return [str(self.program), *texts, "--model", str(model or self.model), "--json"]

    def devft_step(self, capacity: int, shape: tuple[int, int], *words: object) -> Command:
        """Training steps of the program, all projections adapted."""
        options = ("--capacity", capacity, "--rank", RANK, "--steps", self.steps)
        return self.devft("bench", "step", *shape_options(shape), *options, *words)

    def peer(self, script: str, *words: object) -> Command:
        """A script of tools/peers."""
        path = self.root / "tools/peers" / script
        return [str(self.python), str(path), *(str(word) for word in words)]

    def harness(self, *words: object) -> Command:
        """lm-evaluation-harness on the same questions."""
        script = self.root / "tools/check_benchmarks.py"
        threads = len(os.sched_getaffinity(0))
        options = ("--model", self.peer_model, "--threads", threads, *words)
        return [str(self.python), str(script), "run", *(str(word) for word in options)]

    def pytorch_step(self, layers: int, shape: tuple[int, int], *words: object) -> Command:
        """Training steps of PyTorch and PEFT at the first layers: as much work as a submodel's."""
        options = ("--layers", layers, "--rank", RANK, "--steps", self.steps)
        sizes = shape_options(shape)
        return self.peer("pytorch_step.py", self.peer_model, *sizes, *options, *words)


def shape_options(shape: tuple[int, int]) -> tuple[object, ...]:
    """Options of a batch's shape: rows, tokens of a row."""
    return ("--batch", shape[0], "--length", shape[1])


def step_key(shape: tuple[int, int], capacity: int) -> str:
    """The key of a comparison of steps."""
    return f"step/{shape[0]}x{shape[1]}/{capacity}"


def single(name: str, command: Command) -> Side:
    """A side of one command."""
    return Side(name, [command])


def steps(setting: Setting) -> list[Comparison]:
    """Full training steps at every capacity."""
    return [
        Comparison(
            step_key(shape, capacity),
            [
                single("devft", setting.devft_step(capacity, shape, "--precision", "bf16")),
                single("pytorch", setting.pytorch_step(capacity, shape)),
            ],
        )
        for shape in SHAPES
        for capacity in CAPACITIES
    ]


def real_rows(setting: Setting) -> list[Comparison]:
    """The same on instruction rows."""
    data = ("--data", setting.data)
    return [
        Comparison(
            f"real/{capacity}",
            [
                single("devft", setting.devft_step(capacity, REAL_SHAPE, *data)),
                single("pytorch", setting.pytorch_step(capacity, REAL_SHAPE, *data)),
            ],
        )
        for capacity in CAPACITIES
    ]


def int8(setting: Setting) -> list[Comparison]:
    """Steps on frozen matrices in int8, beside PyTorch in bf16."""
    shape = SHAPES[0]
    return [
        Comparison(
            f"int8/{capacity}",
            [
                single("devft", setting.devft_step(capacity, shape, "--precision", "int8")),
                single("pytorch", setting.pytorch_step(capacity, shape)),
            ],
        )
        for capacity in CAPACITIES
    ]


def int8_loss(setting: Setting) -> list[Comparison]:
    """The held-out loss in bf16 of adapters trained in int8 and in bf16."""
    rows = loss_rows(setting)
    sides = [Side(kind, trained_loss(setting, kind, rows)) for kind in ("int8", "bf16")]
    return [Comparison("int8-loss", sides, repeats=1)]


def loss_rows(setting: Setting) -> tuple[Path, Path]:
    """Files with rows to train on, and with the last ones to measure the loss on."""
    opened = gzip.open if setting.data.suffix == ".gz" else open
    with opened(setting.data, "rt", encoding="utf-8") as file:
        rows = [row for row in file if len(row) <= LOSS_LENGTH]
    setting.scratch.mkdir(parents=True, exist_ok=True)
    parts = {"training": rows[:-LOSS_ROWS], "held-out": rows[-LOSS_ROWS:]}
    paths = []
    for name, part in parts.items():
        paths.append(setting.scratch / f"{name}.jsonl")
        paths[-1].write_text("".join(part), encoding="utf-8")
    return paths[0], paths[1]


def trained_loss(setting: Setting, precision: str, rows: tuple[Path, Path]) -> list[Command]:
    """Training on the first rows, then the loss on others."""
    out = setting.scratch / f"adapter-{precision}"
    how = ("--precision", precision)
    options = ("--steps", LOSS_STEPS, "--batch", 4, "--targets", "q,k,v,o,gate,up,down")
    data = ("--data", rows[0], "--out", out)
    held_out = ("--data", rows[1], "--adapter", out, "--precision", "bf16")
    return [
        setting.devft("train", *how, *options, *data),
        setting.devft("loss", *held_out),
    ]


def memory(setting: Setting) -> list[Comparison]:
    """Peak memory and what it costs in speed to compute activations anew."""
    shape = SHAPES[0]
    return [
        Comparison(
            "memory",
            [
                single("devft", setting.devft_step(DEPTH, shape)),
                single("recompute", setting.devft_step(DEPTH, shape, "--recompute")),
                single("pytorch", setting.pytorch_step(DEPTH, shape)),
                single("checkpointing", setting.pytorch_step(DEPTH, shape, "--checkpointing")),
            ],
        )
    ]


def generate(setting: Setting) -> list[Comparison]:
    """A prompt and a greedy answer, beside llama.cpp on the same file."""
    sizes = ("--prompt-tokens", PROMPT_TOKENS, "--tokens", ANSWER_TOKENS)
    return [
        Comparison(
            "generate",
            [
                single("int8", setting.devft("bench", "generate", *sizes, "--precision", "int8")),
                single("devft", setting.devft("bench", "generate", *sizes)),
                single("llama.cpp", setting.peer("llama_generate.py", setting.gguf, *sizes)),
            ],
        )
    ]


def score(setting: Setting) -> list[Comparison]:
    """Forward and loss only."""
    sizes = shape_options(SHAPES[0])
    steps = ("--steps", setting.steps)
    script = setting.peer("pytorch_score.py", setting.peer_model, *sizes, *steps)
    return [
        Comparison(
            "score",
            [
                single("int8", setting.devft("bench", "score", *sizes, "--precision", "int8")),
                single("devft", setting.devft("bench", "score", *sizes)),
                single("pytorch", script),
            ],
        )
    ]


def evaluation(setting: Setting) -> list[Comparison]:
    """Questions of MMLU, five examples each, beside lm-evaluation-harness."""
    data = benchmark_questions(setting)
    out = setting.scratch / "harness.jsonl"
    sides = []
    for kind, dtype in (("bf16", "bfloat16"), ("f32", "float32")):
        ours = setting.devft("bench", "eval", "--data-dir", data, "--precision", kind)
        words = ("--task", "mmlu", "--data", data, "--out", out, "--batch", 4, "--dtype", dtype)
        sides.append([single("devft", ours), single("lm-eval", setting.harness(*words))])
    return [Comparison("eval/bf16", sides[0]), Comparison("eval/f32", sides[1])]


def benchmark_questions(setting: Setting) -> Path:
    """A directory with the examples and the first questions of some subjects."""
    path = setting.benchmarks / "mmlu/mmlu_dev_test.jsonl"
    opened = open(path) if path.exists() else gzip.open(f"{path}.gz", "rt", encoding="utf-8")
    with opened as file:
        rows = [json.loads(row) for row in file]
    chosen = sorted({row["subject"] for row in rows})[::SUBJECT_STEP]
    kept = []
    for subject in chosen:
        own = [row for row in rows if row["subject"] == subject]
        kept += [row for row in own if row["split"] == "dev"]
        kept += [row for row in own if row["split"] == "test"][: setting.questions]
    target = setting.scratch / "mmlu/mmlu_dev_test.jsonl"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text("".join(json.dumps(row) + "\n" for row in kept), encoding="utf-8")
    return setting.scratch


def clients(setting: Setting) -> list[Comparison]:
    """Two clients at the same time: speed, and memory where the base is most of it."""
    small = ("--capacity", DEPTH, "--batch", 1, "--length", 32, "--rank", 4, "--steps", 2)

    def sides(command: Callable[[int], Command]) -> list[Side]:
        return [single("two", command(2)), single("one", command(1))]

    def full(count: int) -> Command:
        return setting.devft_step(DEPTH, SHAPES[0], "--clients", count)

    def least(count: int) -> Command:
        return setting.devft("bench", "step", *small, "--clients", count)

    return [
        Comparison("clients/speed", sides(full)),
        Comparison("clients/memory", sides(least), repeats=1),
    ]


def large(setting: Setting) -> list[Comparison]:
    """The 7B-shaped file: a small submodel fused from all layers, and all layers."""
    options = ("--rank", RANK, "--targets", "q,v", "--steps", 1)
    comparisons = []
    for capacity in LARGE_CAPACITIES:
        words = ("--capacity", capacity, *shape_options((1, 512)), *options)
        recompute = () if capacity == LARGE_CAPACITIES[0] else ("--recompute",)
        command = setting.devft("bench", "step", *words, *recompute, model=setting.large)
        comparisons.append(Comparison(f"large/{capacity}", [single("devft", command)], repeats=1))
    return comparisons


# By the name that --only takes.
PARTS: dict[str, Callable[[Setting], list[Comparison]]] = {
    "step": steps,
    "real": real_rows,
    "int8": int8,
    "int8-loss": int8_loss,
    "memory": memory,
    "generate": generate,
    "score": score,
    "eval": evaluation,
    "clients": clients,
    "large": large,
}
