"""Rounds without training, as a stock ServerApp and ClientApp: what `tools/flower/overhead.sh` sets devft beside.

The server sends every client the same adapter of 5 MB in float32, the clients answer with what came, the server takes
the mean. After each round it writes the time to a file.
"""

import time
from pathlib import Path

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Context, Message, MetricRecord, RecordDict
from flwr.clientapp import ClientApp
from flwr.serverapp import Grid, ServerApp

server = ServerApp()
client = ClientApp()

# Rank 4 on all projections of SmolLM2-135M, the layers along the first axis: 1.2 million numbers.
LAYERS, RANK = 30, 4
SHAPES = {"q": (576, 576), "k": (576, 192), "v": (576, 192), "o": (576, 576), "gate": (576, 1536), "up": (576, 1536),
          "down": (1536, 576)}


@server.main()
def main(grid: Grid, context: Context) -> None:
    """Runs the rounds."""
    config = context.run_config
    arrays = {}
    for name, (inputs, outputs) in SHAPES.items():
        arrays[f"{name}.A"] = np.full((LAYERS, RANK, inputs), 0.5, "<f4")
        arrays[f"{name}.B"] = np.zeros((LAYERS, outputs, RANK), "<f4")
    while len(nodes := list(grid.get_node_ids())) < config["clients"]:
        time.sleep(0.1)
    with Path(config["times"]).open("w") as times:
        print(time.time(), file=times, flush=True)
        for number in range(1, config["rounds"] + 1):
            # Something new in each round, as after an aggregation: what is the same would not be sent again.
            arrays = {name: array + np.float32(1e-3) for name, array in arrays.items()}
            content = RecordDict({
                "adapter": ArrayRecord({name: Array(array) for name, array in arrays.items()}),
                "task": ConfigRecord({"round": number}),
            })
            messages = [
                Message(content=content, message_type="train", dst_node_id=node, group_id=str(number)) for node in nodes
            ]
            answers = [answer for answer in grid.send_and_receive(messages) if not answer.has_error()]
            if len(answers) != len(nodes):
                raise RuntimeError(f"round {number}: {len(answers)} answers of {len(nodes)}")
            parts = [{name: array.numpy() for name, array in answer.content["adapter"].items()} for answer in answers]
            arrays = {name: np.mean([part[name] for part in parts], axis=0, dtype="f8").astype("<f4") for name in arrays}
            print(time.time(), file=times, flush=True)


@client.train()
def train(message: Message, context: Context) -> Message:
    """Answers with an adapter of its own: what came, and the site's number added."""
    own = np.float32(1e-3 * (1 + int(context.node_config["partition-id"])))
    adapter = {name: Array(array.numpy() + own) for name, array in message.content["adapter"].items()}
    content = RecordDict({"adapter": ArrayRecord(adapter), "report": MetricRecord({"num-examples": 1})})
    return Message(content, reply_to=message)
