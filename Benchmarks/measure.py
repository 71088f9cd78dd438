"""Runs one measurement, or the sides of a comparison by turns, each run a fresh process."""

import datetime
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# A run that takes longer has hung.
LIMIT_SECONDS = 3600
# The figure of a reading that says what part of the machine other work took meanwhile.
OTHERS = "others_share"

Command = list[str]
Reading = dict[str, object]


class RunFailed(Exception):
    """A command that did not end well, in one line."""


@dataclass(frozen=True)
class Side:
    """One of the programs that are set beside each other.

    The commands run in order; the last line of the last one's output is a JSON object, the reading.
    """

    name: str
    commands: list[Command]


@dataclass(frozen=True)
class Comparison:
    """Programs that do the same work.

    `repeats` holds for results that do not vary, such as a loss; without it the caller decides.
    """

    key: str
    sides: list[Side]
    repeats: int | None = None


@dataclass
class Outcome:
    """All readings of a comparison, by side, and why a side gave none."""

    date: str
    revision: str
    readings: dict[str, list[Reading]] = field(default_factory=dict)
    failures: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Clock:
    """Times in seconds: of the wall, of all cores at work, and of this process's children."""

    wall: float
    machine: float
    children: float

    @classmethod
    def now(cls) -> "Clock":
        """Reads the clocks (Linux only); time that the hypervisor took counts as work."""
        user, nice, system, _, _, *rest = (
            Path("/proc/stat").read_text().split("\n", 1)[0].split()[1:9]
        )
        ticks = sum(map(int, (user, nice, system, *rest)))
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return cls(
            time.monotonic(), ticks / os.sysconf("SC_CLK_TCK"), used.ru_utime + used.ru_stime
        )

    def others_share(self, since: "Clock") -> float:
        """The part of all cores' time that others used."""
        others = (self.machine - since.machine) - (self.children - since.children)
        return max(0.0, others / (self.wall - since.wall) / len(os.sched_getaffinity(0)))


def watched_reading(side: Side, environment: dict[str, str]) -> Reading:
    """Runs a side once and notes how busy the machine was with other work."""
    before = Clock.now()
    reading = reading_of(side, environment)
    return reading | {OTHERS: round(Clock.now().others_share(since=before), 3)}


def reading_of(side: Side, environment: dict[str, str]) -> Reading:
    """Runs a side once."""
    output = ""
    for command in side.commands:
        output = output_of(command, environment)
    lines = output.strip().splitlines()
    try:
        reading = json.loads(lines[-1])
    except (IndexError, json.JSONDecodeError):
        raise RunFailed("the last line of output is no JSON") from None
    if not isinstance(reading, dict):
        raise RunFailed("the last line of output is no JSON object")
    return reading


def output_of(command: Command, environment: dict[str, str]) -> str:
    """Runs a command and returns what it printed."""
    try:
        done = subprocess.run(
            command,
            env=os.environ | environment,
            capture_output=True,
            text=True,
            timeout=LIMIT_SECONDS,
        )
    except OSError as error:
        raise RunFailed(str(error)) from None
    except subprocess.TimeoutExpired:
        raise RunFailed(f"no end after {LIMIT_SECONDS} s") from None
    if done.returncode != 0:
        raise RunFailed(reason(done.stderr, done.returncode))
    return done.stdout


def reason(errors: str, code: int) -> str:
    """The line of a failed command's messages that says most."""
    lines = [line.strip() for line in errors.splitlines() if line.strip()]
    stated = [line for line in lines if line.startswith("Error:")]
    return (stated or lines[-1:] or [f"exit status {code}"])[0]


def by_turns(comparison: Comparison, repeats: int) -> Iterator[Side]:
    """The sides in the order of running: forwards, then backwards, so that drift hits all alike."""
    for index in range(comparison.repeats or repeats):
        yield from comparison.sides if index % 2 == 0 else reversed(comparison.sides)


def measure(
    comparison: Comparison, repeats: int, revision: str, environment: dict[str, str]
) -> Outcome:
    """Runs all sides by turns; one that failed is not tried again."""
    outcome = Outcome(datetime.date.today().isoformat(), revision)
    for side in by_turns(comparison, repeats):
        if side.name in outcome.failures:
            continue
        print(f"{comparison.key}: {side.name} …", end=" ", file=sys.stderr, flush=True)
        try:
            reading = watched_reading(side, environment)
        except RunFailed as failure:
            outcome.failures[side.name] = str(failure)
            print(failure, file=sys.stderr)
        else:
            outcome.readings.setdefault(side.name, []).append(reading)
            print(summary(reading), file=sys.stderr)
    return outcome


def summary(reading: Reading) -> str:
    """What is shown while measuring."""
    shown = (
        "tokens_per_second",
        "prompt_tokens_per_second",
        "generated_tokens_per_second",
        "questions_per_second",
    )
    found = [f"{reading[key]:.1f} {key}" for key in shown if key in reading]
    text = ", ".join(found) or f"loss {reading.get('loss')}"
    return f"{text}; other work took {100 * float(str(reading[OTHERS])):.0f} %"


# MARK: kept outcomes


def load(path: Path) -> dict[str, Outcome]:
    """The outcomes of earlier runs by key."""
    if not path.exists():
        return {}
    return {key: Outcome(**value) for key, value in json.loads(path.read_text()).items()}


def save(path: Path, outcomes: dict[str, Outcome]) -> None:
    """Keeps outcomes for later runs to merge with."""
    path.parent.mkdir(parents=True, exist_ok=True)
    values = {key: vars(outcome) for key, outcome in outcomes.items()}
    unfinished = path.with_name(path.name + ".part")
    unfinished.write_text(json.dumps(values, indent=1) + "\n")
    unfinished.rename(path)
