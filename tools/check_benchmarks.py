"""What lm-evaluation-harness says about the same questions and weights as `devft eval`.

    python tools/check_benchmarks.py run --model HF_DIRECTORY --data DIRECTORY --task mmlu --out theirs.jsonl
        [--limit N] [--subjects a,b,...] [--dtype bfloat16]
    python tools/check_benchmarks.py compare theirs.jsonl RUN/samples/mmlu.jsonl

`run` needs lm-eval 0.4.13, transformers and torch; products are float32 unless said otherwise, and the last line
printed is a JSON object with the speed. Tasks are the harness's own: only
their rows come from DIRECTORY (docs/evaluation.md) instead of the network. `compare` joins both by the row's line.
"""

import argparse
import gzip
import json
import time
from pathlib import Path


def opened(path: Path):
    """A file, or the same with .gz."""
    return path.open() if path.exists() else gzip.open(f"{path}.gz", "rt")


def rows_of(path: Path) -> list[dict]:
    """The rows of a JSONL file or a JSON array, each with its line or number from 1."""
    with opened(path) as file:
        text = file.read()
    if text.lstrip().startswith("["):
        rows = json.loads(text)
        return [row | {"line": number} for number, row in enumerate(rows, 1)]
    lines = text.split("\n")
    return [json.loads(line) | {"line": n} for n, line in enumerate(lines, 1) if line.strip()]


def groups_of(task: str, data: Path) -> dict[str, tuple[str, dict[str, list[dict]]]]:
    """By group: the harness's configuration file, and rows by split."""
    if task == "mmlu":
        groups = {}
        for row in rows_of(data / "mmlu/mmlu_dev_test.jsonl"):
            name = row["subject"]
            file = f"mmlu/default/mmlu_{name}.yaml"
            groups.setdefault(name, (file, {"dev": [], "test": []}))[1][row["split"]].append(row)
        return groups
    if task in ("truthfulqa_mc1", "truthfulqa_mc2"):
        def targets(row, key):
            return {"choices": list(row[key]), "labels": list(row[key].values())}
        rows = [{
            "question": row["question"], "line": row["line"],
            "mc1_targets": targets(row, "mc1_targets"), "mc2_targets": targets(row, "mc2_targets"),
        } for row in rows_of(data / "truthfulqa/v1/mc_task.json")]
        return {"": (f"truthfulqa/{task}.yaml", {"validation": rows})}
    if task in ("bbh", "bbh_direct"):
        folder = "fewshot" if task == "bbh_direct" else "cot_fewshot"
        groups = {}
        for row in rows_of(data / "bbh/bbh.jsonl"):
            name = row["task"]
            groups.setdefault(name, (f"bbh/{folder}/{name}.yaml", {"test": []}))[1]["test"].append(row)
        return groups
    raise SystemExit(f"{task}: expected mmlu, truthfulqa_mc1, truthfulqa_mc2, bbh or bbh_direct")


def run(arguments: argparse.Namespace) -> None:
    """Has the harness answer, and writes one line a question."""
    import datasets
    import lm_eval
    import torch
    from lm_eval.api.task import ConfigurableTask
    from lm_eval.models.huggingface import HFLM
    from lm_eval.tasks import TaskManager
    from lm_eval.tasks._yaml_loader import load_yaml

    tasks_folder = Path(lm_eval.__file__).parent / "tasks"
    if arguments.threads:
        torch.set_num_threads(arguments.threads)
    model = HFLM(pretrained=arguments.model, dtype=arguments.dtype, device="cpu",
                 batch_size=arguments.batch, max_length=arguments.max_length)
    chosen = set(arguments.subjects.split(",")) if arguments.subjects else None
    # Made once: reading the harness's thousands of task files takes seconds.
    manager = TaskManager()
    lines, seconds = [], 0.0
    with Path(arguments.out).open("w") as out:
        for group, (file, splits) in sorted(groups_of(arguments.task, Path(arguments.data)).items()):
            if chosen and group not in chosen:
                continue
            dataset = {name: datasets.Dataset.from_list(rows) for name, rows in splits.items()}
            configuration = load_yaml(tasks_folder / file)
            for key in ("dataset_path", "dataset_name", "tag", "task_alias", "group"):
                configuration.pop(key, None)
            configuration["custom_dataset"] = lambda dataset=dataset, **_: dataset
            if arguments.task == "mmlu":
                configuration["num_fewshot"] = 5
            if arguments.own_prompts and arguments.task.startswith("bbh"):
                configuration |= own_prompt(arguments.task, group, Path(arguments.data), configuration)
            task = ConfigurableTask(config=configuration)
            start = time.monotonic()
            result = lm_eval.simple_evaluate(
                model=model, tasks=[task], limit=arguments.limit, bootstrap_iters=0, log_samples=True,
                use_cache=arguments.cache, task_manager=manager)
            seconds += time.monotonic() - start
            for samples in result["samples"].values():
                for sample in samples:
                    lines.append(line_of(arguments.task, group, sample))
                    print(json.dumps(lines[-1]), file=out, flush=True)
            print(group, {k: v for r in result["results"].values() for k, v in r.items()}, flush=True)
    print(json.dumps({
        "questions": len(lines), "seconds": seconds, "questions_per_second": len(lines) / seconds,
        "accuracy": sum(line["acc"] for line in lines) / len(lines)}))


def own_prompt(task: str, group: str, data: Path, configuration: dict) -> dict:
    """Description and examples from the data's prompt file instead of the harness's copy of the published one."""
    [prompt] = [row["prompt"] for row in rows_of(data / "bbh/cot_prompts.jsonl") if row["task"] == group]
    description, *questions = prompt.split("-----\n")[-1].split("Q: ")
    examples = []
    for question in questions:
        text, reasoning = question.rstrip("\n").split("\nA: Let's think step by step.\n")
        answer = reasoning.split("the answer is ")[1].removesuffix(".")
        examples.append({"input": text, "target": answer if task == "bbh_direct" else reasoning})
    return {"description": description,
            "fewshot_config": configuration["fewshot_config"] | {"samples": examples}}


def line_of(task: str, group: str, sample: dict) -> dict:
    """One answer of the harness."""
    line = {"id": str(sample["doc"]["line"]), "group": group}
    if task.startswith("bbh"):
        return line | {"text": sample["resps"][0][0], "acc": float(sample["exact_match"])}
    scores = [float(response[0]) for response in sample["filtered_resps"]]
    return line | {"scores": scores, "acc": float(sample["acc"])}


def compare(arguments: argparse.Namespace) -> None:
    """Prints both accuracies and how many single answers are equal."""
    theirs = {row["id"]: row for row in map(json.loads, Path(arguments.theirs).open())}
    ours = {row["id"]: row for row in map(json.loads, Path(arguments.ours).open())}
    common = [key for key in theirs if key in ours]
    equal, difference, our_sum, their_sum = 0, 0.0, 0.0, 0.0
    for key in common:
        their, our = theirs[key], ours[key]
        their_sum += their["acc"]
        if "scores" in their:
            ours_acc = our.get("acc", float(our["right"]))
            difference = max(difference, *(abs(a - b) for a, b in zip(their["scores"], our["scores"])))
            best = [max(range(len(s)), key=s.__getitem__) for s in (their["scores"], our["scores"])]
            equal += best[0] == best[1]
        else:
            ours_acc = our["exact_match"]
            text = our["answer"].split("\n\n", 1)[-1] if arguments.reasoned else our["answer"]
            equal += text == their["text"]
        our_sum += ours_acc
    count = len(common)
    if not count:
        raise SystemExit(f"{arguments.theirs}, {arguments.ours}: expected questions that both hold, found none")
    if arguments.json:
        print(json.dumps({
            "task": Path(arguments.ours).stem, "questions": count, "ours": our_sum / count,
            "theirs": their_sum / count, "equal_answers": equal,
            "largest_difference": difference if "scores" in theirs[common[0]] else None}))
        return
    print(f"{count} questions: ours {our_sum / count:.4f}, theirs {their_sum / count:.4f}, "
          f"{equal} answers equal ({100 * equal / count:.2f} %), "
          f"largest difference of a log-likelihood {difference:.2e}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    commands = parser.add_subparsers(required=True)
    runner = commands.add_parser("run")
    runner.add_argument("--model", required=True)
    runner.add_argument("--data", required=True)
    runner.add_argument("--task", required=True)
    runner.add_argument("--out", required=True)
    runner.add_argument("--limit", type=int)
    runner.add_argument("--subjects", help="subjects or sub-tasks, joined by commas")
    runner.add_argument("--batch", type=int, default=8)
    runner.add_argument("--threads", type=int)
    runner.add_argument("--dtype", default="float32")
    runner.add_argument("--max-length", type=int, help="most tokens of a sequence, instead of the model's")
    runner.add_argument("--cache", help="answers kept here are not asked for again: after a break, or by another task")
    runner.add_argument("--own-prompts", action="store_true", help="BBH's examples from DIRECTORY too")
    runner.set_defaults(body=run)
    comparer = commands.add_parser("compare")
    comparer.add_argument("theirs")
    comparer.add_argument("ours")
    comparer.add_argument("--json", action="store_true", help="one line of JSON")
    comparer.add_argument("--reasoned", action="store_true", help="answers that hold their reasoning")
    comparer.set_defaults(body=compare)
    arguments = parser.parse_args()
    arguments.body(arguments)


if __name__ == "__main__":
    main()
