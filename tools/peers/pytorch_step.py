"""Speed and memory of a LoRA training step in PyTorch and PEFT, to set beside devft's.

    python tools/peers/pytorch_step.py HF_DIRECTORY --batch 8 --length 128 --precision bf16

Every position is a target. Peak memory is counted from the loaded model on (Linux only), with the
mapped file, so measure bf16 on a directory saved in bf16. Prints one line of JSON.
"""

import argparse
import json
import re
import statistics
import time
from pathlib import Path

import torch
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM

TARGETS = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "o_proj",
           "gate": "gate_proj", "up": "up_proj", "down": "down_proj"}
PRECISIONS = {"f32": torch.float32, "bf16": torch.bfloat16}


def model_of(arguments) -> torch.nn.Module:
    torch.manual_seed(arguments.seed)
    model = AutoModelForCausalLM.from_pretrained(
        arguments.model, dtype=PRECISIONS[arguments.precision])
    if arguments.layers:
        model.model.layers = model.model.layers[:arguments.layers]
        model.config.num_hidden_layers = len(model.model.layers)
    model.config.use_cache = False
    config = LoraConfig(r=arguments.rank, lora_alpha=2 * arguments.rank, lora_dropout=0.0,
                        target_modules=[TARGETS[name] for name in arguments.targets.split(",")],
                        task_type="CAUSAL_LM")
    return get_peft_model(model, config).train()


def step(model, optimizer, tokens: torch.Tensor) -> float:
    """One AdamW step with clipping; returns its loss."""
    loss = model(input_ids=tokens, labels=tokens).loss
    loss.backward()
    torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
    optimizer.step()
    optimizer.zero_grad()
    return float(loss.detach())


def reset_peak() -> None:
    """Forgets the memory that loading took: the file's own precision may be wider."""
    Path("/proc/self/clear_refs").write_text("5")


def peak_bytes() -> int:
    status = Path("/proc/self/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) * 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="Hugging Face directory")
    parser.add_argument("--layers", type=int, help="first layers kept; all by default")
    parser.add_argument("--batch", type=int, default=8)
    parser.add_argument("--length", type=int, default=128)
    parser.add_argument("--precision", choices=PRECISIONS, default="f32")
    parser.add_argument("--rank", type=int, default=32)
    parser.add_argument("--targets", default="q,v", help="comma-separated: " + ",".join(TARGETS))
    parser.add_argument("--steps", type=int, default=5, help="timed steps, after one untimed")
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--seed", type=int, default=7)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    model = model_of(arguments)
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=1e-4)
    shape = (arguments.batch, arguments.length)
    vocabulary = model.config.vocab_size
    seconds, losses = [], []
    reset_peak()
    for _ in range(arguments.steps + 1):
        tokens = torch.randint(0, vocabulary, shape)
        start = time.perf_counter()
        losses.append(step(model, optimizer, tokens))
        seconds.append(time.perf_counter() - start)
    timed = seconds[1:]
    per_step = arguments.batch * arguments.length
    print(json.dumps({
        "tokens_per_second": round(per_step / statistics.median(timed), 1),
        "seconds": {"minimum": round(min(timed), 4), "median": round(statistics.median(timed), 4),
                    "maximum": round(max(timed), 4)},
        "peak_rss_bytes": peak_bytes(),
        "trained_parameters": sum(parameter.numel() for parameter in trained),
        "loss": losses[-1], "torch": torch.__version__,
        "layers": len(model.base_model.model.model.layers),
        **{key: getattr(arguments, key) for key in
           ("batch", "length", "precision", "rank", "targets", "steps", "threads")}}))


if __name__ == "__main__":
    main()
