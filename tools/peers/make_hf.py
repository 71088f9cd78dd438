"""Writes a GGUF model as a Hugging Face directory in bfloat16, for the PyTorch partners.

python tools/peers/make_hf.py models/smollm2-135m-instruct.gguf models/smollm2-135m-instruct-bf16
"""

import argparse
import sys
from pathlib import Path

import gguf
import torch

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
import smollm2_reference


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", help="GGUF file of the LLaMA architecture")
    parser.add_argument("directory", type=Path)
    arguments = parser.parse_args()
    reader = gguf.GGUFReader(arguments.model)
    values = smollm2_reference.metadata(reader)
    model = smollm2_reference.model_of(reader, values)
    smollm2_reference.tokenizer_of(values).save_pretrained(arguments.directory)
    model.to(torch.bfloat16).save_pretrained(arguments.directory)


if __name__ == "__main__":
    main()
