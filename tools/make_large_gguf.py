"""Writes a GGUF file of LLaMA-2 7B's shape with random weights, to measure memory and speed with.

    python tools/make_large_gguf.py models/llama2-7b-shape.gguf
    python tools/make_large_gguf.py tiny.gguf --layers 4 --width 256 --heads 4 \\
        --feed-forward 512 --vocabulary 512

Matrices are Q4_0 blocks, the head is Q6_K, norms are ones in float32: some 3.8 GB at the full size.
The random bytes are cuts of one pool, so layers differ and writing costs little memory. The
tokenizer is of the LLaMA-2 kind and minimal: control tokens, bytes, and made-up words.
"""

import argparse
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import gguf
import numpy
from gguf import GGMLQuantizationType as Type

SEED = 7
POOL_BYTES = 64 << 20
# The standard deviation of a weight.
DEVIATION = 0.02
TOKEN_NORMAL, TOKEN_UNKNOWN, TOKEN_CONTROL, TOKEN_BYTE = 1, 2, 3, 6


@dataclass(frozen=True)
class Shape:
    """Sizes of a model."""

    layers: int
    width: int
    heads: int
    key_value_heads: int
    feed_forward: int
    vocabulary: int
    context: int

    def tensors(self) -> Iterator[tuple[str, Type, tuple[int, ...]]]:
        """Name, type and shape of every tensor, in the order of the file."""
        wide, inner = self.width, self.feed_forward
        keys = wide // self.heads * self.key_value_heads
        yield "token_embd.weight", Type.Q4_0, (self.vocabulary, wide)
        matrices = {
            "attn_q": (wide, wide),
            "attn_k": (keys, wide),
            "attn_v": (keys, wide),
            "attn_output": (wide, wide),
            "ffn_gate": (inner, wide),
            "ffn_up": (inner, wide),
            "ffn_down": (wide, inner),
        }
        for layer in range(self.layers):
            for name, shape in matrices.items():
                yield f"blk.{layer}.{name}.weight", Type.Q4_0, shape
            for name in ("attn_norm", "ffn_norm"):
                yield f"blk.{layer}.{name}.weight", Type.F32, (wide,)
        yield "output_norm.weight", Type.F32, (wide,)
        yield "output.weight", Type.Q6_K, (self.vocabulary, wide)


def byte_shape(kind: Type, shape: tuple[int, ...]) -> tuple[int, ...]:
    """The shape of a tensor's bytes: the last axis holds whole blocks."""
    weights, size = gguf.GGML_QUANT_SIZES[kind]
    if shape[-1] % weights:
        raise SystemExit(f"rows of {shape[-1]} weights are no whole blocks of {weights}")
    return (*shape[:-1], shape[-1] // weights * size)


def q4_0_pool(draws: numpy.random.Generator) -> numpy.ndarray:
    """Blocks [N, 18]: a float16 scale d, then 32 nibbles q; a weight is d (q - 8).

    Nibbles are uniform with mean 7.5, so signs of the scales alternate at random: the mean is zero.
    """
    count = POOL_BYTES // 18
    blocks = draws.integers(0, 256, (count, 18), dtype=numpy.uint8)
    nibbles = numpy.arange(16) - 8.0
    scale = DEVIATION / numpy.sqrt(numpy.mean(nibbles**2))
    signs = draws.choice([-1.0, 1.0], count)
    blocks[:, :2] = (signs * scale).astype("<f2")[:, None].view(numpy.uint8)
    return blocks


def q6_k_pool(draws: numpy.random.Generator) -> numpy.ndarray:
    """Blocks [N, 210]: 192 bytes of 6-bit numbers q, 16 int8 scales s, a float16 d.

    A weight is d s (q - 32).
    """
    count = POOL_BYTES // 210
    blocks = draws.integers(0, 256, (count, 210), dtype=numpy.uint8)
    numbers, scales = numpy.arange(64) - 32.0, numpy.arange(-128.0, 128.0)
    spread = numpy.sqrt(numpy.mean(numbers**2) * numpy.mean(scales**2))
    blocks[:, 208:] = numpy.full(count, DEVIATION / spread, "<f2")[:, None].view(numpy.uint8)
    return blocks


def cut(pool: numpy.ndarray, byte_count: int, draws: numpy.random.Generator) -> numpy.ndarray:
    """So many bytes of whole blocks from a random place of the pool, which repeats."""
    count = byte_count // pool.shape[1]
    start = int(draws.integers(len(pool)))
    pieces, position = [], start
    while count > 0:
        piece = pool[position : position + count]
        pieces.append(piece)
        count, position = count - len(piece), 0
    return numpy.concatenate(pieces)


def add_architecture(writer: gguf.GGUFWriter, shape: Shape) -> None:
    writer.add_name("random weights of LLaMA-2's shape")
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.key_value_heads)
    writer.add_rope_dimension_count(shape.width // shape.heads)
    writer.add_rope_freq_base(10000.0)
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(shape.vocabulary)
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q4_0)


def vocabulary(count: int) -> list[tuple[str, int]]:
    """Spellings and types: three control tokens, 256 bytes, letters, made-up words."""
    tokens = [("<unk>", TOKEN_UNKNOWN), ("<s>", TOKEN_CONTROL), ("</s>", TOKEN_CONTROL)]
    tokens += [(f"<0x{byte:02X}>", TOKEN_BYTE) for byte in range(256)]
    letters = ["\u2581", *(chr(code) for code in range(0x21, 0x7F))]
    tokens += [(letter, TOKEN_NORMAL) for letter in letters]
    tokens += [(f"\u2581w{index}", TOKEN_NORMAL) for index in range(count - len(tokens))]
    if len(tokens) != count:
        raise SystemExit(f"a vocabulary needs at least {len(tokens)} tokens")
    return tokens


def add_tokenizer(writer: gguf.GGUFWriter, count: int) -> None:
    tokens = vocabulary(count)
    writer.add_tokenizer_model("llama")
    writer.add_token_list([spelling for spelling, _ in tokens])
    writer.add_token_scores([-float(index) for index in range(count)])
    writer.add_token_types([kind for _, kind in tokens])
    writer.add_unk_token_id(0)
    writer.add_bos_token_id(1)
    writer.add_eos_token_id(2)


def write(path: Path, shape: Shape, seed: int) -> None:
    """Writes the header, then one tensor after the other."""
    draws = numpy.random.default_rng(seed)
    pools = {Type.Q4_0: q4_0_pool(draws), Type.Q6_K: q6_k_pool(draws)}
    tensors = list(shape.tensors())
    writer = gguf.GGUFWriter(path, "llama")
    add_architecture(writer, shape)
    add_tokenizer(writer, shape.vocabulary)
    for name, kind, sizes in tensors:
        bytes_of = byte_shape(kind, sizes)
        writer.add_tensor_info(name, bytes_of, numpy.dtype("u1"), int(numpy.prod(bytes_of)), kind)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    for _, kind, sizes in tensors:
        if kind is Type.F32:
            writer.write_tensor_data(numpy.ones(sizes, "<f4"))
        else:
            byte_count = int(numpy.prod(byte_shape(kind, sizes)))
            writer.write_tensor_data(cut(pools[kind], byte_count, draws))
    writer.close()


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("file", type=Path)
    parser.add_argument("--layers", type=int, default=32)
    parser.add_argument("--width", type=int, default=4096)
    parser.add_argument("--heads", type=int, default=32)
    parser.add_argument("--key-value-heads", type=int, help="as many as heads by default")
    parser.add_argument("--feed-forward", type=int, default=11008)
    parser.add_argument("--vocabulary", type=int, default=32000)
    parser.add_argument("--context", type=int, default=4096)
    parser.add_argument("--seed", type=int, default=SEED)
    arguments = parser.parse_args()
    shape = Shape(
        layers=arguments.layers,
        width=arguments.width,
        heads=arguments.heads,
        key_value_heads=arguments.key_value_heads or arguments.heads,
        feed_forward=arguments.feed_forward,
        vocabulary=arguments.vocabulary,
        context=arguments.context,
    )
    # Under another name until it is whole: a file that is there is a good one.
    unfinished = arguments.file.with_name(arguments.file.name + ".part")
    write(unfinished, shape, arguments.seed)
    unfinished.rename(arguments.file)
    print(f"{arguments.file}: {arguments.file.stat().st_size} bytes")


if __name__ == "__main__":
    main()
