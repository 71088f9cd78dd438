"""What lm-evaluation-harness makes of the small benchmarks in Tests/Golden/evaluation.

    NLTK_DATA=DIRECTORY_WITH_PUNKT_TAB python tools/golden/evaluation.py

Writes TASK.expected.jsonl beside the hand-written questions, and MANIFEST.json. Needs lm-eval 0.4.13, langdetect,
nltk with punkt_tab, transformers and torch.
"""

import argparse
import hashlib
import json
import sys
from importlib.metadata import version
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tools"))

import check_benchmarks  # noqa: E402
import check_instructions  # noqa: E402

FOLDER = ROOT / "Tests/Golden/evaluation"
TASKS = ["mmlu", "truthfulqa_mc1", "truthfulqa_mc2", "bbh_direct", "bbh"]
ODD = [
    "First of all, we walked.\n\nThen we slept.", "\"First\" things come first.\n\nAnd more.",
    "the quick brown fox jumps.", "The quick brown fox: * done * and **bold** and *more*",
    "A [one] and [two] and [three].\nP.S. ok", "text p.p.s. more", "* a\n* b\n- c\n- d",
    "SECTION 1 a SECTION 2 b", "Is it? Is there anything else I can help with?\"", "<< >> <<x>>",
    "{\"a\": NaN}", "[1, 2,]",
]


def verdicts() -> None:
    """Which instructions each text follows; a text stands once, with the verdicts of all instructions."""
    import langdetect
    from lm_eval.tasks.ifeval import utils

    langdetect.DetectorFactory.seed = 0
    rows = [json.loads(line) for line in (FOLDER / "ifeval/input_data.jsonl").open()]
    with (FOLDER / "ifeval.expected.jsonl").open("w") as out:
        for text in check_instructions.TEXTS + ODD:
            line = {"response": text, "strict": {}, "loose": {}}
            for row in rows:
                example = utils.InputExample(
                    key=row["key"], instruction_id_list=row["instruction_id_list"], prompt=row["prompt"],
                    kwargs=row["kwargs"])
                strict = utils.test_instruction_following_strict(example, text)
                loose = utils.test_instruction_following_loose(example, text)
                line["strict"][str(row["key"])] = bool(strict.follow_all_instructions)
                line["loose"][str(row["key"])] = bool(loose.follow_all_instructions)
            print(json.dumps(line, ensure_ascii=False), file=out)


def main() -> None:
    for task in TASKS:
        check_benchmarks.run(argparse.Namespace(
            model=str(ROOT / "Tests/Golden/tiny-chat/model"), data=str(FOLDER), task=task, limit=None, subjects=None,
            batch=8, threads=1, max_length=2048, own_prompts=True, out=str(FOLDER / f"{task}.expected.jsonl")))
    verdicts()
    files = sorted(path for path in FOLDER.rglob("*.json*") if path.name != "MANIFEST.json")
    manifest = {
        "generator": "tools/golden/evaluation.py",
        "versions": {name: version(name) for name in ("lm_eval", "langdetect", "nltk", "torch", "transformers")},
        "sha256": {str(path.relative_to(FOLDER)): hashlib.sha256(path.read_bytes()).hexdigest() for path in files},
    }
    (FOLDER / "MANIFEST.json").write_text(json.dumps(manifest, indent=2) + "\n")


if __name__ == "__main__":
    main()
