#!/usr/bin/env python3
"""Asks the Swift plugin of protobuf for the messages of Flower that devft speaks.

The wheel of flwr carries compiled descriptors and no .proto files, so the request that protoc would send
to its plugin is made from the descriptors, with the wanted messages and what they are made of alone.

    python3 messages.py PLUGIN OUTPUT_DIRECTORY     # needs flwr, see generate.sh
"""

import subprocess
import sys
from pathlib import Path

from flwr.proto import control_pb2, runtime_pb2  # noqa: F401: they load the rest
from google.protobuf import descriptor_pb2, descriptor_pool
from google.protobuf.compiler import plugin_pb2

# The calls of the Runtime and the Control API that devft makes; their answers are named alike.
CALLS = {
    "AcquireTask", "SendTaskHeartbeat", "PullTaskInput", "PushTaskOutput", "PushAppMessages",
    "PullAppMessages", "GetNodes", "PushLogs", "PushObject", "PullObject", "ConfirmMessageReceived",
    "StartRun", "StopRun", "ListRuns", "StreamLogs",
}
# Bodies of stored objects.
RECORDS = {"ConfigRecord", "MetricRecord", "RecordDict", "Message", "Error", "Context"}

PACKAGE = "flwr.proto"
pool = descriptor_pool.Default()


def wanted():
    """Full names of all messages and enumerations that the wanted ones are made of."""
    found = {}

    def add(descriptor):
        while descriptor.containing_type:
            descriptor = descriptor.containing_type
        if descriptor.full_name in found:
            return
        found[descriptor.full_name] = descriptor
        visit(descriptor)

    def visit(descriptor):
        for field in getattr(descriptor, "fields", []):
            for part in (field.message_type, field.enum_type):
                if part is not None and part.file.package == PACKAGE:
                    add(part)
        for nested in getattr(descriptor, "nested_types", []):
            visit(nested)

    for name in sorted(CALLS):
        for suffix in ("Request", "Response"):
            try:
                add(pool.FindMessageTypeByName(f"{PACKAGE}.{name}{suffix}"))
            except KeyError:
                sys.exit(f"flwr has no message {name}{suffix}")
    for name in sorted(RECORDS):
        add(pool.FindMessageTypeByName(f"{PACKAGE}.{name}"))
    return found


def name_fields(message):
    """Gives fields the JSON names that protoc would have given them."""
    for field in list(message.field) + list(message.extension):
        head, *tail = field.name.split("_")
        field.json_name = head + "".join(part[:1].upper() + part[1:] for part in tail)
    for nested in message.nested_type:
        name_fields(nested)


def main():
    plugin, output = sys.argv[1], Path(sys.argv[2])
    request = plugin_pb2.CodeGeneratorRequest(parameter="Visibility=Internal")
    files = {}
    for descriptor in wanted().values():
        proto = descriptor_pb2.FileDescriptorProto()
        descriptor.file.CopyToProto(proto)
        entry = files.setdefault(proto.name, (proto, set()))
        entry[1].add(descriptor.name)

    ordered = []

    def place(name):
        if name in [proto.name for proto in ordered]:
            return
        proto = descriptor_pb2.FileDescriptorProto()
        pool.FindFileByName(name).CopyToProto(proto)
        keep = files.get(name, (None, set()))[1]
        if proto.package == PACKAGE:
            for kind in (proto.message_type, proto.enum_type):
                kept = [item for item in kind if item.name in keep]
                del kind[:]
                kind.extend(kept)
            del proto.service[:]
            for dependency in list(proto.dependency):
                if dependency not in files and dependency.startswith("flwr/"):
                    proto.dependency.remove(dependency)
        for dependency in proto.dependency:
            place(dependency)
        ordered.append(proto)

    for name in sorted(files):
        place(name)
    for proto in ordered:
        for message in proto.message_type:
            name_fields(message)
    request.proto_file.extend(ordered)
    request.file_to_generate.extend(sorted(files))
    answer = subprocess.run([plugin], input=request.SerializeToString(), stdout=subprocess.PIPE, check=True)
    response = plugin_pb2.CodeGeneratorResponse.FromString(answer.stdout)
    if response.error:
        sys.exit(response.error)
    output.mkdir(parents=True, exist_ok=True)
    for old in output.glob("*.pb.swift"):
        old.unlink()
    for file in response.file:
        (output / Path(file.name).name).write_text(file.content)
        print(file.name, len(file.content))


main()
