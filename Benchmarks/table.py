"""The table in Markdown, and its place in docs/results.md."""

import os
import subprocess
from pathlib import Path

from measure import Outcome
from rows import Results, Row, all_rows, complaints

BEGIN, END = "<!-- bench:begin -->", "<!-- bench:end -->"
HEADING = "## Speed and memory"
PACKAGES = ("torch", "transformers", "peft", "llama-cpp-python", "lm-eval")


def machine() -> str:
    """CPU, cores and memory."""
    names = [
        line.split(":", 1)[1].strip()
        for line in Path("/proc/cpuinfo").read_text().splitlines()
        if line.startswith("model name")
    ]
    total = Path("/proc/meminfo").read_text().split("MemTotal:")[1].split()[0]
    cores = len(os.sched_getaffinity(0))
    return f"{names[0] if names else 'unknown CPU'}, {cores} cores, {int(total) / 1e6:.0f} GB"


def versions(python: Path) -> str:
    """Versions of the partners."""
    code = (
        "import importlib.metadata as m; "
        "print(*(f'{d.name}=={d.version}' for d in m.distributions()))"
    )
    done = subprocess.run([python, "-c", code], capture_output=True, text=True)
    if done.returncode != 0:
        return "partners not found"
    found = dict(word.replace("_", "-").split("==", 1) for word in done.stdout.split())
    return ", ".join(f"{name} {found[name]}" for name in PACKAGES if name in found)


def markdown(outcomes: dict[str, Outcome], python: Path) -> str:
    """The table with what it takes to repeat it."""
    results = Results(outcomes)
    lines = [
        f"`make bench`; {machine()}; {stamp(outcomes)}; {versions(python)}.",
        "",
        "SmolLM2-135M-Instruct, LoRA of rank 32 on all seven projections unless said otherwise; "
        f"{runs(outcomes)} a side, each a new process, by turns. Medians over the runs of a run's "
        "median; in brackets the ratios of neighbouring runs. PyTorch has as many layers as the "
        "submodel. `docs/benchmarks.md` says what each row is.",
        "",
        "| what | devft | beside | ratio | target | met |",
        "| --- | --- | --- | --- | --- | --- |",
        *(line(row) for row in all_rows(results)),
    ]
    notes = complaints(results)
    return "\n".join(lines + ([""] + [f"- {note}" for note in notes] if notes else []))


def line(row: Row) -> str:
    """A row in Markdown."""
    met = {True: "yes", False: "**no**", None: "–"}[row.is_met]
    return f"| {row.what} | {row.ours} | {row.theirs} | {row.ratio} | {row.target} | {met} |"


def stamp(outcomes: dict[str, Outcome]) -> str:
    """Days and revisions of the measurements."""
    days = sorted({outcome.date for outcome in outcomes.values()})
    revisions = list(dict.fromkeys(outcome.revision for outcome in outcomes.values()))
    period = " to ".join(dict.fromkeys([days[0], days[-1]])) if days else "nothing measured"
    return f"{period}, revision {', '.join(revisions)}" if revisions else period


def runs(outcomes: dict[str, Outcome]) -> str:
    """How many runs a side had."""
    counts = {len(found) for outcome in outcomes.values() for found in outcome.readings.values()}
    if not counts:
        return "no run"
    low, high = min(counts), max(counts)
    if low == high:
        return "1 run" if low == 1 else f"{low} runs"
    return f"{low} to {high} runs"


def insert(document: str, table: str) -> str:
    """Puts a table between the marks, which are made where they are missing."""
    block = f"{BEGIN}\n{table}\n{END}"
    if BEGIN in document and END in document:
        before, rest = document.split(BEGIN, 1)
        return before + block + rest.split(END, 1)[1]
    return f"{document.rstrip()}\n\n{HEADING}\n\n{block}\n"
