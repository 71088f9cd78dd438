"""Measures devft beside PyTorch + PEFT and llama.cpp; writes the table of docs/results.md.

    python3 Benchmarks/bench.py                       all but the 7B-shaped file
    python3 Benchmarks/bench.py --only step,memory    some parts; others keep their readings
    python3 Benchmarks/bench.py --only large          the 7B-shaped file, which is made first
    python3 Benchmarks/bench.py --table               only the table, from kept readings

Programs run by turns, each run in a process of its own; readings are kept in runs/bench.json. The
status is 1 when a run failed, when other work kept the machine busy, and when two programs that are
compared do not compute the same loss.
"""

import argparse
import os
import subprocess
import sys
from pathlib import Path

import measure
import table
from measure import Outcome
from parts import PARTS, Setting
from rows import Results, complaints

ROOT = Path(__file__).resolve().parent.parent
MODEL = "smollm2-135m-instruct"
ALPACA = ROOT.parent / "shared/data/alpaca_gpt4/alpaca_gpt4_part.jsonl.gz"
BENCHMARKS = ROOT.parent / "shared/data"
HOMES = ROOT / "demo-data/homes.jsonl"
# Parts that take long or much disk, run when asked for.
EXTRA = {"large"}


def options() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    python = os.environ.get("DEVFT_PEERS_PYTHON", ROOT / "tools/peers/.venv/bin/python")
    models = Path(os.environ.get("DEVFT_MODELS", ROOT / "models"))
    parser.add_argument("--only", type=names, help="parts, by commas: " + ", ".join(PARTS))
    parser.add_argument("--large", action="store_true", help="the 7B-shaped file too")
    parser.add_argument("--quick", action="store_true", help="one run a side")
    parser.add_argument("--repeats", type=int, default=3, help="runs a side (default: 3)")
    parser.add_argument("--steps", type=int, default=5, help="timed steps a run (default: 5)")
    parser.add_argument("--table", action="store_true", help="measure nothing")
    parser.add_argument("--program", type=Path, default=ROOT / ".build/release/devft")
    parser.add_argument("--python", type=Path, default=python, help="the partners' Python")
    parser.add_argument("--models", type=Path, default=models, help="directory of models")
    parser.add_argument("--peer-model", type=Path, help="Hugging Face directory in bf16")
    parser.add_argument(
        "--data", type=Path, default=ALPACA if ALPACA.exists() else HOMES, help="instruction rows"
    )
    parser.add_argument(
        "--benchmarks", type=Path, default=BENCHMARKS, help="the benchmarks' files, for eval"
    )
    parser.add_argument(
        "--questions", type=int, default=40, help="questions of a subject, for eval (default: 40)"
    )
    parser.add_argument("--kept", type=Path, default=ROOT / "runs/bench.json")
    parser.add_argument("--document", type=Path, default=ROOT / "docs/results.md")
    return parser.parse_args()


def names(text: str) -> list[str]:
    """Names of parts."""
    found = text.split(",")
    unknown = [name for name in found if name not in PARTS]
    if unknown:
        raise argparse.ArgumentTypeError(f"unknown parts: {', '.join(unknown)}")
    return found


def setting_of(arguments: argparse.Namespace) -> Setting:
    """Where everything is."""
    models: Path = arguments.models.absolute()
    return Setting(
        root=ROOT,
        program=arguments.program.absolute(),
        # Not resolved: a virtual environment is known by its link.
        python=arguments.python.absolute(),
        model=MODEL,
        gguf=models / f"{MODEL}.gguf",
        peer_model=arguments.peer_model or models / f"{MODEL}-bf16",
        large=models / "llama2-7b-shape.gguf",
        data=arguments.data.absolute(),
        benchmarks=arguments.benchmarks.absolute(),
        questions=arguments.questions,
        scratch=arguments.kept.absolute().parent / "bench",
        steps=arguments.steps,
    )


def parts_of(arguments: argparse.Namespace) -> list[str]:
    """Parts to measure."""
    if arguments.table:
        return []
    left_out = EXTRA if arguments.benchmarks.exists() else EXTRA | {"eval"}
    chosen = arguments.only or [name for name in PARTS if name not in left_out]
    return chosen + (["large"] if arguments.large and "large" not in chosen else [])


def revision() -> str:
    """The commit, with a plus sign when files differ from it."""
    command = ["git", "describe", "--always", "--dirty=+", "--exclude=*"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    return done.stdout.strip() or "unknown"


def make_large(setting: Setting) -> None:
    """Writes the 7B-shaped file unless it is there."""
    if setting.large.exists():
        return
    print(f"writing {setting.large}", file=sys.stderr)
    script = ROOT / "tools/make_large_gguf.py"
    subprocess.run([setting.python, script, setting.large], check=True)


def warn_if_busy() -> None:
    """Measurements beside other work say little."""
    load = os.getloadavg()[0]
    if load > 0.5:
        print(f"warning: the machine is busy (load {load:.1f})", file=sys.stderr)


def measure_parts(arguments: argparse.Namespace, setting: Setting) -> dict[str, Outcome]:
    """Measures the parts one after the other; what is done is kept at once."""
    environment = {"DEVFT_MODELS": str(setting.gguf.parent), "PYTHONDONTWRITEBYTECODE": "1"}
    outcomes = measure.load(arguments.kept)
    repeats = 1 if arguments.quick else arguments.repeats
    for name in parts_of(arguments):
        if name == "large":
            make_large(setting)
        for comparison in PARTS[name](setting):
            outcome = measure.measure(comparison, repeats, revision(), environment)
            outcomes[comparison.key] = outcome
            measure.save(arguments.kept, outcomes)
    return outcomes


def main() -> int:
    """Measures, prints and writes; returns the exit status."""
    arguments = options()
    setting = setting_of(arguments)
    if not arguments.table:
        warn_if_busy()
    outcomes = measure_parts(arguments, setting)
    text = table.markdown(outcomes, setting.python)
    print(text)
    document = arguments.document.read_text()
    arguments.document.write_text(table.insert(document, text))
    return 1 if complaints(Results(outcomes)) else 0


if __name__ == "__main__":
    sys.exit(main())
