"""Speed and memory of a LoRA training step in PyTorch and PEFT, to set beside `devft bench step`.

    python tools/peers/pytorch_step.py HF_DIRECTORY --batch 4 --length 256
    python tools/peers/pytorch_step.py HF_DIRECTORY --batch 8 --length 512 --data rows.jsonl.gz

Without --data the batch is the program's own made-up one, with every token but a row's first a
target; with --data it is the file's first rows, of which the answers are targets. B of LoRA starts
at zero, so the first loss is the base model's. Peak memory is counted from the loaded model on
(Linux only), with the mapped file, so measure bf16 on a directory saved in bf16. Prints one line of
JSON.
"""

import argparse

import torch
from peft import LoraConfig, get_peft_model

from workload import Batch, add_options, base_model, batch_of, report

TARGETS = {
    "q": "q_proj",
    "k": "k_proj",
    "v": "v_proj",
    "o": "o_proj",
    "gate": "gate_proj",
    "up": "up_proj",
    "down": "down_proj",
}


def adapted_model(arguments) -> torch.nn.Module:
    """The model with a fresh adapter, in training mode."""
    torch.manual_seed(arguments.seed)
    model = base_model(arguments)
    if arguments.checkpointing:
        model.gradient_checkpointing_enable({"use_reentrant": False})
    config = LoraConfig(
        r=arguments.rank,
        lora_alpha=2 * arguments.rank,
        lora_dropout=0.0,
        target_modules=[TARGETS[name] for name in arguments.targets.split(",")],
        task_type="CAUSAL_LM",
    )
    return get_peft_model(model, config).train()


def take_step(model: torch.nn.Module, optimizer: torch.optim.Optimizer, batch: Batch) -> float:
    """One AdamW step with clipping; returns its loss."""
    loss = model(**batch.inputs).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.detach())


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--targets", default=",".join(TARGETS), help="comma-separated; all of them")
    parser.add_argument(
        "--checkpointing", action="store_true", help="compute activations anew in backward"
    )
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    model = adapted_model(arguments)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4)
    batch = batch_of(arguments, model.config.vocab_size)
    report(
        lambda: take_step(model, optimizer, batch),
        batch,
        arguments,
        lambda: {
            "trained_parameters": sum(parameter.numel() for parameter in trained),
            "layers": len(model.base_model.model.model.layers),
            "rank": arguments.rank,
            "targets_adapted": arguments.targets,
            "checkpointing": arguments.checkpointing,
        },
    )


if __name__ == "__main__":
    main()
