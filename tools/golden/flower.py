#!/usr/bin/env python3
"""Objects of Flower's own classes, for Tests/Golden/flower; and the check that they read ours.

    python3 flower.py make DIRECTORY        # writes objects.json (needs flwr, see tools/flower/set-up.sh)
    python3 flower.py sign                  # prints the signature of a claim, for SecurityTests
    python3 flower.py read FILE             # prints what flwr makes of objects that devft wrote, as JSON

A file of objects holds the name of a message, its objects by name in base64, and, where flwr wrote it, what is in
it. The arrays are ramps, so that a wrong order or width shows.
"""

import base64
import json
import sys
from pathlib import Path

import numpy as np
from flwr.app import Array, ArrayRecord, ConfigRecord, Message, MetricRecord, RecordDict
from flwr.proto.runtime_pb2 import AcquireTaskRequest
from flwr.supercore.auth.superexec import (
    compute_request_body_sha256,
    compute_superexec_signature,
    derive_auth_secret,
)
from flwr.supercore.inflatable.inflatable_object import get_all_nested_objects
from flwr.supercore.inflatable.inflatable_utils import inflate_object_from_contents
from flwr.supercore.task_identity import TaskIdentity

WIDE = 300


def ramp(shape, dtype="<f4"):
    return (np.arange(np.prod(shape), dtype=np.float64).reshape(shape) / 8 - 3).astype(dtype)


def make(directory):
    content = RecordDict(
        {
            "arrays": ArrayRecord(
                {
                    "raw": Array("float32", (2, 3), "raw.le", ramp((2, 3)).tobytes()),
                    "same": Array("float32", (2, 3), "raw.le", ramp((2, 3)).tobytes()),
                    "numpy": Array(ramp((4, 5))),
                }
            ),
            "settings": ConfigRecord(
                {"text": "Grüße", "integer": -7, "number": 0.125, "flag": True, "bytes": b"\0\1", "list": [3, -4]}
            ),
            "metrics": MetricRecord({"loss": 1.5, "num-examples": 48}),
        }
    )
    TaskIdentity.task_id, TaskIdentity.run_id, TaskIdentity.node_id = 9, 5, 1
    message = Message(content, dst_node_id=17, message_type="train", group_id="3", ttl=60.0)
    message.metadata.created_at = 1_700_000_000.25
    objects = {name: item.deflate() for name, item in get_all_nested_objects(message).items()}
    write(Path(directory) / "objects.json", message.object_id, objects)


def write(path, root, objects):
    text = {name: base64.b64encode(content).decode() for name, content in sorted(objects.items())}
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(json.dumps({"root": root, "objects": text}, indent=1) + "\n")


def read(file):
    data = json.loads(Path(file).read_text())
    contents = {name: base64.b64decode(text) for name, text in data["objects"].items()}
    message = inflate_object_from_contents(data["root"], contents, keep_object_contents=True)
    again = {name: item.deflate() for name, item in get_all_nested_objects(message).items()}
    result = {"type": message.metadata.message_type, "group": message.metadata.group_id, "records": {}}
    for name, record in message.content.items():
        values = {}
        for key, value in record.items():
            if isinstance(value, Array):
                kind = "<f4" if value.dtype == "float32" else "<u2"
                numbers = np.frombuffer(value.data, dtype=kind).tolist() if value.stype == "raw.le" else []
                value = [value.dtype, list(value.shape), value.stype, len(value.data), numbers[:WIDE]]
            elif isinstance(value, bytes):
                value = value.hex()
            values[key] = value
        result["records"][name] = values
    # As many objects as flwr would have made; their names differ by the spaces in JSON.
    result["children"] = len(again) == len(contents)
    print(json.dumps(result, sort_keys=True))


def sign():
    digest = compute_request_body_sha256(AcquireTaskRequest(supported_task_types=["flwr-clientapp"]))
    signature = compute_superexec_signature(
        auth_secret=derive_auth_secret(b"a secret\n"),
        method="/flwr.proto.Runtime/AcquireTask",
        timestamp=1_700_000_000,
        nonce="00112233445566778899aabbccddeeff",
        body_sha256=digest,
    )
    print(digest, signature)


if __name__ == "__main__":
    {"make": make, "read": read, "sign": sign}[sys.argv[1]](*sys.argv[2:])
