"""A site with PyTorch in a devft federation: a stock Flower ClientApp with transformers and PEFT.

Beside sites that run `devft flower client`, in the same run: it gets the same task, fuses the stage's layers by the same
group map, trains, and answers in the same keys. Its SuperNode says where examples and model are:

    flower-supernode … --node-config 'partition-id=1 data="examples.jsonl" model="path/of/a/hugging-face/directory"'
"""

import hashlib
import json
import random
import time
from copy import deepcopy
from pathlib import Path

import numpy as np
import torch
import yaml
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from peft import LoraConfig, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

app = ClientApp()
VERSION = 1
TARGETS = {"q": "q_proj", "k": "k_proj", "v": "v_proj", "o": "o_proj", "gate": "gate_proj", "up": "up_proj", "down": "down_proj"}
IGNORED = -100


@app.query()
def greet(message: Message, context: Context) -> Message:
    """Says who the site is, and makes sure that it has the server's model and fuses its layers."""
    stage = message.content["devft.stage"]
    submodel(stage, context)
    examples = encoded(stage, context)
    number = int(context.node_config.get("partition-id", -1))
    record = ConfigRecord({"version": VERSION, "program": "pytorch-site", "number": number, "examples": len(examples)})
    return Message(RecordDict({"devft.client": record}), reply_to=message)


@app.train()
def train(message: Message, context: Context) -> Message:
    """Trains the adapter that came on the site's examples and sends it back."""
    start = time.monotonic()
    stage, task = message.content["devft.stage"], message.content["devft.task"]
    settings, capacity = yaml.safe_load(stage["configuration"]), max(stage["groups"]) + 1
    arrays = {name: numbers(array) for name, array in message.content["devft.adapter"].items()}
    model = adapted(submodel(stage, context), arrays, settings["lora"])
    examples = encoded(stage, context)
    losses, tokens = steps(model, examples, task, settings)
    named = {name: parameter for name, parameter in model.named_parameters() if parameter.requires_grad}
    trained = {
        name: Array(np.stack([named[full_name(layer, name)].detach().numpy() for layer in range(capacity)]))
        for name in arrays
    }
    report = {
        "num-examples": len(examples),
        "tokens": tokens,
        "steps": int(task["steps"]),
        "loss": losses / tokens,
        "compute_seconds": time.monotonic() - start,
        "peak_bytes": 0,
    }
    update = {"version": VERSION, "client": task["client"], "round": task["round"]}
    content = RecordDict(
        {"devft.update": ConfigRecord(update), "devft.adapter": ArrayRecord(trained), "devft.report": MetricRecord(report)}
    )
    return Message(content, reply_to=message)


def numbers(array):
    """An array of float32 or bfloat16, little-endian; layers lie along the first axis."""
    if array.stype == "devft.blocks64":
        raise ValueError(f"this site reads adapters in float32 and bfloat16, not in differences of {array.dtype}")
    if array.stype != "raw.le":
        return array.numpy()
    if array.dtype == "bfloat16":
        return (np.frombuffer(array.data, "<u2").astype("<u4") << 16).view("<f4").reshape(array.shape)
    return np.frombuffer(array.data, "<f4").reshape(array.shape)


def digest(directory):
    """SHA-256 of all files of a directory in the order of their names."""
    total = hashlib.sha256()
    for file in sorted(Path(directory).iterdir(), key=lambda file: file.name):
        if file.is_file():
            total.update(file.read_bytes())
    return total.hexdigest()


def submodel(stage, context):
    """The stage's model: each group of layers fused into one, as the server has it to the last bit."""
    if stage["version"] != VERSION:
        raise ValueError(f"expected records of version {VERSION}, got {stage['version']}")
    path = context.node_config["model"]
    if digest(path) != stage["model_sha256"]:
        raise ValueError(f"{path}: expected the model with SHA-256 {stage['model_sha256']}, got {digest(path)}")
    model = AutoModelForCausalLM.from_pretrained(path, dtype=torch.float32)
    fusion = (yaml.safe_load(stage["configuration"])["stages"] or {}).get("fusion") or {}
    groups = {}
    for layer, group in enumerate(stage["groups"]):
        groups.setdefault(group, []).append(layer)
    total = hashlib.sha256()
    layers = [fused([model.model.layers[layer] for layer in groups[group]], fusion, total) for group in sorted(groups)]
    if total.hexdigest() != stage["fused_sha256"]:
        raise ValueError(f"the layers fused here have SHA-256 {total.hexdigest()}, the server's {stage['fused_sha256']}")
    for index, layer in enumerate(layers):
        layer.self_attn.layer_idx = index
    model.model.layers = torch.nn.ModuleList(layers)
    model.config.num_hidden_layers = len(layers)
    return model


def fused(members, fusion, total):
    """One layer for several: `(1 − (m − 1) β) anchor + β Σ others`, summed in float64 (DBLF)."""
    if len(members) == 1:
        return members[0]
    if fusion["kind"] != "dblf" or fusion["norms"] != "fuse":
        raise ValueError(f"this site fuses by dblf with norms, not by {fusion['kind']}")
    beta = min(fusion["beta"], 1 / len(members)) if fusion["guard"] else fusion["beta"]
    weights = [1 - beta * (len(members) - 1)] + [beta] * (len(members) - 1)
    layer, states = deepcopy(members[0]), [member.state_dict() for member in members]
    result = {}
    for name in sorted(states[0]):
        double = weights[0] * states[0][name].double()
        for weight, state in zip(weights[1:], states[1:]):
            double += weight * state[name].double()
        result[name] = double.float()
        total.update(result[name].numpy().tobytes())
    layer.load_state_dict(result)
    return layer


def full_name(layer, name):
    """PEFT's name of a tensor such as `self_attn.q_proj.lora_A.weight`."""
    return f"base_model.model.model.layers.{layer}.{name.replace('.weight', '.default.weight')}"


def adapted(model, arrays, lora):
    """The model with the adapter that came."""
    targets = [TARGETS[target] for target in lora["targets"]]
    rank = next(array.shape[1] for name, array in arrays.items() if ".lora_A." in name)
    # The scale is that of the run, whatever the rank of this client.
    scale = LoraConfig(r=rank, lora_alpha=rank * lora["alpha"] / lora["rank"], target_modules=targets, task_type="CAUSAL_LM")
    model = get_peft_model(model, scale)
    state = model.state_dict()
    for name, array in arrays.items():
        for layer, tensor in enumerate(array):
            state[full_name(layer, name)].copy_(torch.from_numpy(tensor.copy()))
    return model.train()


def encoded(stage, context):
    """The site's examples as tokens and labels; only the answer is learnt."""
    settings = yaml.safe_load(stage["configuration"])["data"]
    tokenizer = AutoTokenizer.from_pretrained(context.node_config["model"])
    examples = []
    for line in Path(context.node_config["data"]).read_text().splitlines():
        row = json.loads(line)
        turns = row.get("messages") or [
            {"role": "user", "content": row["prompt"]},
            {"role": "assistant", "content": row.get("completion") or row["response"]},
        ]
        text = tokenizer.apply_chat_template(turns, tokenize=False)
        prompt = tokenizer.apply_chat_template(turns[:-1], tokenize=False, add_generation_prompt=True)
        tokens = tokenizer(text.rstrip("\n"), add_special_tokens=False).input_ids
        start = len(tokenizer(prompt, add_special_tokens=False).input_ids)
        if start < len(tokens) <= settings["max_length"]:
            examples.append((tokens, [IGNORED] * start + tokens[start:]))
    if not examples:
        raise ValueError(f"{context.node_config['data']}: no example fits into {settings['max_length']} tokens")
    return examples


def steps(model, examples, task, settings):
    """AdamW steps at the round's learning rate; gives the sum of losses and the number of targets."""
    order = random.Random(f"{settings['seed']}/{task['client']}/{task['round']}")
    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    optimizer = torch.optim.AdamW(trained, lr=task["learning_rate"], weight_decay=settings["local"]["weight_decay"])
    losses, tokens = 0.0, 0
    for _ in range(task["steps"]):
        batch = order.sample(examples, min(task["batch"], len(examples)))
        width = max(len(row) for row, _ in batch)
        pad = lambda row, value: row + [value] * (width - len(row))  # noqa: E731
        inputs = torch.tensor([pad(row, 0) for row, _ in batch])
        mask = torch.tensor([pad([1] * len(row), 0) for row, _ in batch])
        labels = torch.tensor([pad(labels, IGNORED) for _, labels in batch])
        count = int((labels[:, 1:] != IGNORED).sum())
        loss = model(input_ids=inputs, attention_mask=mask, labels=labels).loss
        optimizer.zero_grad()
        loss.backward()
        if settings["local"]["clip"]:
            torch.nn.utils.clip_grad_norm_(trained, settings["local"]["clip"])
        optimizer.step()
        losses, tokens = losses + loss.item() * count, tokens + count
    return losses, tokens
