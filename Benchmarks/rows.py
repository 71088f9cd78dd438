"""The rows of the table: a measured figure, what stands beside it, and the target."""

import statistics
from collections.abc import Callable
from dataclasses import dataclass, replace

from measure import OTHERS, Outcome, Reading
from parts import CAPACITIES, DEPTH, LARGE_CAPACITIES, REAL_SHAPE, SHAPES, step_key

MISSING = "–"
# Shares of right answers of two programs: bfloat16 decides some close questions either way.
ACCURACY_TOLERANCE = 0.03
# First losses of two programs: absolute, and relative to the partner's. Both must hold.
LOSS_TOLERANCE, RELATIVE_LOSS_TOLERANCE = 0.05, 0.01
# More than this part of the machine at other work spoils a reading: partners that spin at the end
# of every loop suffer more from it than the program does.
BUSY = 0.05
RATE = "tokens_per_second"
PEAK = "peak_rss_bytes"


@dataclass(frozen=True)
class Row:
    """A line of the table; `is_met` is `None` where there is no target or no measurement."""

    what: str
    ours: str = MISSING
    theirs: str = MISSING
    ratio: str = MISSING
    target: str = MISSING
    is_met: bool | None = None


class Results:
    """Outcomes by key, and the figures that rows take from them."""

    def __init__(self, outcomes: dict[str, Outcome]) -> None:
        self.outcomes = outcomes

    def readings(self, key: str, side: str) -> list[Reading]:
        """All readings of one side, in the order of running."""
        outcome = self.outcomes.get(key)
        return outcome.readings.get(side, []) if outcome else []

    def figures(self, key: str, side: str, field: str) -> list[float]:
        """One figure of all readings of a side."""
        values = [reading.get(field) for reading in self.readings(key, side)]
        return [float(value) for value in values if isinstance(value, (int, float))]

    def median(self, key: str, side: str, field: str) -> float | None:
        """The median over the runs of what is a run's own median."""
        figures = self.figures(key, side, field)
        return statistics.median(figures) if figures else None

    def busy_share(self, key: str) -> float:
        """The most of the machine that other work took while a key was measured."""
        outcome = self.outcomes.get(key)
        found = [self.figures(key, side, OTHERS) for side in outcome.readings] if outcome else []
        return max((share for shares in found for share in shares), default=0.0)

    def is_spoilt(self, *keys: str) -> bool:
        """Whether times of any of these keys say nothing."""
        return any(self.busy_share(key) > BUSY for key in keys)

    def loss(self, key: str, side: str) -> float | None:
        """The loss before the first update."""
        first = self.median(key, side, "first_loss")
        return self.median(key, side, "loss") if first is None else first

    def losses_differ(self, key: str, ours: str, theirs: str) -> str | None:
        """Why two programs do not do the same work, or `None` when they do or one did not run."""
        left, right = self.loss(key, ours), self.loss(key, theirs)
        if left is None or right is None:
            return None
        if abs(left - right) <= min(LOSS_TOLERANCE, RELATIVE_LOSS_TOLERANCE * right):
            return None
        return f"{key}: the losses differ, {ours} {left:.4f}, {theirs} {right:.4f}"


    def accuracies_differ(self, key: str, ours: str, theirs: str) -> str | None:
        """Why two programs do not answer alike, or `None` when they do or one did not run."""
        left = self.median(key, ours, "accuracy")
        right = self.median(key, theirs, "accuracy")
        if left is None or right is None or abs(left - right) <= ACCURACY_TOLERANCE:
            return None
        return f"{key}: the accuracies differ, {ours} {left:.4f}, {theirs} {right:.4f}"


# MARK: spelling


def rate(value: float) -> str:
    return f"{value:.0f} tokens/s" if value >= 100 else f"{value:.1f} tokens/s"


def questions(value: float) -> str:
    return f"{value:.2f} questions/s"


def size(value: float) -> str:
    return f"{value / 1e9:.2f} GB" if value >= 1e9 else f"{value / 1e6:.0f} MB"


def percent(value: float) -> str:
    return f"{100 * value:.0f} %"


def seconds(value: float) -> str:
    return f"{value:.2f} s"


# MARK: kinds of rows


@dataclass(frozen=True)
class Target:
    """A bound of a ratio or of a figure."""

    bound: float
    is_least: bool
    spelling: Callable[[float], str]

    def text(self) -> str:
        return ("≥ " if self.is_least else "≤ ") + self.spelling(self.bound)

    def holds(self, value: float) -> bool:
        return value >= self.bound if self.is_least else value <= self.bound


def times(value: float) -> str:
    return f"{value:.2f} ×"


def at_least(bound: float) -> Target:
    return Target(bound, True, times)


def at_most(bound: float) -> Target:
    return Target(bound, False, times)


@dataclass(frozen=True)
class Pair:
    """Where the two figures of a ratio come from."""

    key: str
    ours: str = "devft"
    theirs: str = "pytorch"
    field: str = RATE
    spelling: Callable[[float], str] = rate
    # Whether both must give the same loss at first.
    is_same_work: bool = False


def compared(results: Results, what: str, pair: Pair, target: Target | None) -> Row:
    """A figure, the partner's, and the ratio of their medians with that of single turns."""
    bound = target.text() if target else MISSING
    ours = results.median(pair.key, pair.ours, pair.field)
    theirs = results.median(pair.key, pair.theirs, pair.field)
    left = MISSING if ours is None else pair.spelling(ours)
    right = MISSING if theirs is None else pair.spelling(theirs)
    if ours is None or theirs is None:
        return Row(what, left, right, target=bound)
    ratio = ours / theirs
    is_met = target.holds(ratio) if target else None
    if pair.is_same_work and results.losses_differ(pair.key, pair.ours, pair.theirs):
        is_met = False
    if results.is_spoilt(pair.key) and pair.field != PEAK:
        is_met = None
    return Row(what, left, right, times(ratio) + spread(results, pair), bound, is_met)


def spread(results: Results, pair: Pair) -> str:
    """The least and the greatest ratio of runs that were neighbours."""
    ours = results.figures(pair.key, pair.ours, pair.field)
    theirs = results.figures(pair.key, pair.theirs, pair.field)
    ratios = [left / right for left, right in zip(ours, theirs)]
    return f" ({min(ratios):.2f}–{max(ratios):.2f})" if len(ratios) > 1 else ""


def bounded(what: str, value: float | None, target: Target) -> Row:
    """A figure that has a bound of its own."""
    if value is None:
        return Row(what, target=target.text())
    text = target.spelling(value)
    return Row(what, text, target=target.text(), is_met=target.holds(value))


def unjudged(row: Row) -> Row:
    """A row whose figures were taken beside other work."""
    return replace(row, is_met=None)


# MARK: the rows


def step_rows(results: Results) -> list[Row]:
    """Speed of bf16 steps, and the share of what the machine can do."""
    rows = []
    for shape in SHAPES:
        for capacity in CAPACITIES:
            pair = Pair(step_key(shape, capacity), is_same_work=capacity == DEPTH)
            what = f"training step, bf16, {shape[0]} × {shape[1]}, capacity {capacity}"
            rows.append(compared(results, what, pair, at_least(2.0)))
    rows.append(share_row(results))
    rows.append(line_row(results))
    return rows


def step_keys() -> list[str]:
    """Keys of all bf16 steps."""
    return [step_key(shape, capacity) for shape in SHAPES for capacity in CAPACITIES]


def share_row(results: Results) -> Row:
    """The least share of the machine's own rate of products."""
    found = [results.median(key, "devft", "share_of_peak") for key in step_keys()]
    shares = [share for share in found if share is not None]
    what = "least share of the machine's rate of bf16 products in these steps"
    row = bounded(what, min(shares, default=None), Target(0.65, True, percent))
    return unjudged(row) if results.is_spoilt(*step_keys()) else row


def line_row(results: Results) -> Row:
    """How far time is from a line over the capacities."""
    what = f"seconds of a step, {SHAPES[0][0]} × {SHAPES[0][1]}: distance from a + b · capacity"
    points = []
    for capacity in CAPACITIES:
        median = results.median(step_key(SHAPES[0], capacity), "devft", "step_seconds")
        if median is not None:
            points.append((float(capacity), median))
    if len(points) < 3:
        return Row(what, target="≤ 10 %")
    start, slope = line(points)
    worst = max(abs(value / (start + slope * place) - 1) for place, value in points)
    text = f"{start:.3f} s + {slope:.4f} s · capacity"
    row = Row(what, text, MISSING, f"{100 * worst:.1f} %", "≤ 10 %", worst <= 0.10)
    keys = [step_key(SHAPES[0], capacity) for capacity in CAPACITIES]
    return unjudged(row) if results.is_spoilt(*keys) else row


def line(points: list[tuple[float, float]]) -> tuple[float, float]:
    """The line of least squared relative errors: weights are 1 / value²."""
    weights = [1 / value**2 for _, value in points]
    total = sum(weights)
    middle = sum(w * place for w, (place, _) in zip(weights, points)) / total
    height = sum(w * value for w, (_, value) in zip(weights, points)) / total
    above = sum(w * (x - middle) * (y - height) for w, (x, y) in zip(weights, points))
    below = sum(w * (x - middle) ** 2 for w, (x, _) in zip(weights, points))
    slope = above / below
    return height - slope * middle, slope


def real_rows(results: Results) -> list[Row]:
    """Speed on instruction rows, real tokens counted."""
    rows = []
    for capacity in CAPACITIES:
        pair = Pair(f"real/{capacity}", is_same_work=capacity == DEPTH)
        shape = f"{REAL_SHAPE[0]} rows of at most {REAL_SHAPE[1]} tokens"
        what = f"the same on {shape}, answers only, capacity {capacity}"
        rows.append(compared(results, what, pair, at_least(3.0)))
    return rows


def int8_rows(results: Results) -> list[Row]:
    """Speed in int8, and what it does to the loss."""
    rows = []
    for capacity in CAPACITIES:
        what = f"int8 step beside bf16, {SHAPES[0][0]} × {SHAPES[0][1]}, capacity {capacity}"
        rows.append(compared(results, what, Pair(f"int8/{capacity}"), at_least(3.0)))
    return rows + [int8_loss_row(results)]


def int8_loss_row(results: Results) -> Row:
    """The difference of held-out losses."""
    what, bound = "held-out loss after 200 steps, int8 beside devft's bf16", "within 0.01"
    ours = results.loss("int8-loss", "int8")
    theirs = results.loss("int8-loss", "bf16")
    if ours is None or theirs is None:
        return Row(what, target=bound)
    difference = ours - theirs
    is_met = abs(difference) <= 0.01
    return Row(what, f"{ours:.4f}", f"{theirs:.4f}", f"{difference:+.4f}", bound, is_met)


def memory_rows(results: Results) -> list[Row]:
    """Peaks of resident memory, and the price of recomputation."""
    plain = Pair("memory", field=PEAK, spelling=size, is_same_work=True)
    recomputed = Pair("memory", "recompute", field=PEAK, spelling=size, is_same_work=True)
    beside = Pair("memory", "recompute", "checkpointing", PEAK, size)
    what = f"peak memory, {DEPTH} layers, {SHAPES[0][0]} × {SHAPES[0][1]}"
    capacity = CAPACITIES[0]
    peak = results.median(step_key(SHAPES[0], capacity), "devft", PEAK)
    return [
        compared(results, what, plain, at_most(0.20)),
        compared(results, f"{what}, recomputing", recomputed, at_most(0.10)),
        compared(results, f"{what}, recomputing, beside checkpointing", beside, None),
        compared(
            results,
            "speed with recomputation beside devft's without",
            Pair("memory", "recompute", "devft", is_same_work=True),
            at_least(0.75),
        ),
        compared(
            results,
            "speed with recomputation beside PyTorch's with checkpointing",
            Pair("memory", "recompute", "checkpointing"),
            None,
        ),
        bounded(f"peak memory, capacity {capacity}", peak, Target(300e6, False, size)),
    ]


def start_row(results: Results) -> Row:
    """From the start to the first step, the slowest capacity."""
    found = [results.median(key, "devft", "start_seconds") for key in step_keys()]
    starts = [start for start in found if start is not None]
    what = "start to first step, slowest capacity"
    row = bounded(what, max(starts, default=None), Target(1.0, False, seconds))
    return unjudged(row) if results.is_spoilt(*step_keys()) else row


def inference_rows(results: Results) -> list[Row]:
    """Generation, prompts and scoring."""
    written, read = "generated_tokens_per_second", "prompt_tokens_per_second"
    rows = []
    for side, kind in (("devft", "bf16"), ("int8", "int8")):
        answer = Pair("generate", side, "llama.cpp", written)
        prompt = Pair("generate", side, "llama.cpp", read)
        scoring = Pair("score", side, is_same_work=side == "devft")
        rows += [
            compared(results, f"greedy generation, batch 1, {kind}", answer, at_least(0.7)),
            compared(results, f"prompt of 512 tokens, {kind}", prompt, at_least(1.5)),
            compared(results, f"scoring, 4 × 256, {kind}", scoring, at_least(2.5)),
        ]
    return rows


def evaluation_rows(results: Results) -> list[Row]:
    """Questions of MMLU."""
    rows = []
    for kind in ("bf16", "f32"):
        pair = Pair(f"eval/{kind}", "devft", "lm-eval", "questions_per_second", questions)
        rows.append(compared(results, f"MMLU, 5 examples, {kind}", pair, at_least(5.0)))
    return rows


def client_rows(results: Results) -> list[Row]:
    """Two clients at once beside one: as much work in the same time, one copy of the base."""
    speed = Pair("clients/speed", "two", "one")
    peak = Pair("clients/memory", "two", "one", PEAK, size)
    return [
        compared(results, "two clients at the same time beside one", speed, at_least(1.0)),
        compared(results, "their peak memory, rank 4, 1 × 32", peak, at_most(1.5)),
    ]


def large_rows(results: Results) -> list[Row]:
    """The 7B-shaped file."""
    rows = []
    for capacity, bound in zip(LARGE_CAPACITIES, (2.0e9, 6.5e9)):
        key, what = f"large/{capacity}", f"7B-shaped INT4 file, capacity {capacity}, 1 × 512"
        peak = results.median(key, "devft", PEAK)
        rows.append(bounded(f"{what}: peak memory", peak, Target(bound, False, size)))
        rows.append(limit_row(results, key, f"{what}: a step beside the machine's limit"))
    return rows


def limit_row(results: Results, key: str, what: str) -> Row:
    """Seconds of a step, and those that its products take at the machine's own rate."""
    taken = results.median(key, "devft", "step_seconds")
    share = results.median(key, "devft", "share_of_peak")
    if taken is None or share is None:
        return Row(what)
    return Row(what, seconds(taken), seconds(taken * share), times(1 / share))


def all_rows(results: Results) -> list[Row]:
    """The table."""
    return [
        *step_rows(results),
        *real_rows(results),
        *int8_rows(results),
        *memory_rows(results),
        start_row(results),
        *large_rows(results),
        *inference_rows(results),
        *evaluation_rows(results),
        *client_rows(results),
    ]


def complaints(results: Results) -> list[str]:
    """Runs that failed, readings beside other work, and comparisons of unlike work."""
    failures = [
        f"{key}, {side}: {message}"
        for key, outcome in results.outcomes.items()
        for side, message in outcome.failures.items()
    ]
    same_work = [step_key(shape, DEPTH) for shape in SHAPES]
    same_work += [f"real/{DEPTH}", "memory", "score"]
    busy = [
        f"{key}: not judged, other work took up to {percent(results.busy_share(key))}"
        for key in results.outcomes
        if results.is_spoilt(key)
    ]
    differences = [results.losses_differ(key, "devft", "pytorch") for key in same_work]
    differences.append(results.losses_differ("memory", "recompute", "pytorch"))
    differences += [
        results.accuracies_differ(key, "devft", "lm-eval") for key in ("eval/bf16", "eval/f32")
    ]
    return failures + busy + [text for text in differences if text]
