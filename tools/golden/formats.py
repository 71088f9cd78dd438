"""Makes the small files in Tests/Golden/formats: what other programs write, for our readers to read.

Run from the repository's root: PYTHONHASHSEED=0 python tools/golden/formats.py
Needs torch, transformers, peft, safetensors, gguf and numpy; MANIFEST.json names the versions.

quantised.gguf, quantised.safetensors   blocks of each type, and what gguf.quants makes of them
llama-hf/, llama.gguf                   one tiny random model in both containers: sharded, untied,
                                        rotary scaling of Llama 3, heads wider than width / heads
qwen2-hf/, qwen2.gguf                   the same with biases, tied, bfloat16
adapter/                                an adapter of the tiny LLaMA, saved by PEFT
"""

import hashlib
import json
import pathlib
import shutil
from importlib.metadata import version

import gguf
import numpy as np
import peft
import torch
import transformers
from gguf.quants import dequantize
from safetensors.numpy import save_file

SEED = 7
OUT = pathlib.Path("Tests/Golden/formats")

MODULES = {
    "input_layernorm": "attn_norm",
    "post_attention_layernorm": "ffn_norm",
    "self_attn.q_proj": "attn_q",
    "self_attn.k_proj": "attn_k",
    "self_attn.v_proj": "attn_v",
    "self_attn.o_proj": "attn_output",
    "mlp.gate_proj": "ffn_gate",
    "mlp.up_proj": "ffn_up",
    "mlp.down_proj": "ffn_down",
}
OUTER = {
    "model.embed_tokens.weight": "token_embd.weight",
    "model.norm.weight": "output_norm.weight",
    "lm_head.weight": "output.weight",
}


def quantised_blocks() -> None:
    """Random bytes for the quants, ordinary numbers for the scales (random halves may be NaN)."""
    random = np.random.default_rng(SEED)
    # Where the half-precision scales lie in a block.
    scales = {"Q8_0": [0], "Q4_0": [0], "Q4_1": [0, 2], "Q5_0": [0], "Q5_1": [0, 2]}
    scales |= {"Q4_K": [0, 2], "Q6_K": [208]}
    writer = gguf.GGUFWriter(OUT / "quantised.gguf", "none")
    writer.add_array("array.nested", [[1, 2], [3]])
    writer.add_float64("real", 0.1)
    writer.add_int32("signed", -5)
    writer.add_bool("boolean", True)
    expected = {}
    for name in ["F32", "F16", "BF16", *scales]:
        kind = gguf.GGMLQuantizationType[name]
        length, byte_count = gguf.GGML_QUANT_SIZES[kind]
        rows, columns = 2, max(length, 32)
        shape = (rows, columns // length, byte_count)
        blocks = random.integers(0, 256, shape, dtype=np.uint8)
        for offset in scales.get(name, []):
            halves = random.normal(0, 0.02, shape[:2]).astype(np.float16)
            blocks[:, :, offset : offset + 2] = halves[..., None].view(np.uint8)
        if name in ("F32", "F16", "BF16"):
            numbers = random.normal(0, 1, (rows, columns)).astype(np.float32)
            # Subnormal as a half, and the ends of its range.
            numbers.reshape(-1)[:6] = [6e-8, -3e-5, 65504, -0.0, 6.1e-5, np.inf]
            data = gguf.quants.quantize(numbers, kind)
        else:
            data = blocks.reshape(rows, -1)
        writer.add_tensor(name, data, raw_dtype=kind)
        expected[name] = np.ascontiguousarray(dequantize(data, kind), dtype=np.float32)
    finish(writer)
    save_file(expected, OUT / "quantised.safetensors")


def finish(writer: gguf.GGUFWriter) -> None:
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def interleave(weight: np.ndarray, heads: int) -> np.ndarray:
    """The order of query and key rows that llama.cpp's converter writes for LLaMA models."""
    halves = weight.reshape(heads, 2, weight.shape[0] // heads // 2, *weight.shape[1:])
    return halves.swapaxes(1, 2).reshape(weight.shape)


def gguf_name(name: str) -> str:
    if name in OUTER:
        return OUTER[name]
    parts = name.split(".")
    return f"blk.{parts[2]}.{MODULES['.'.join(parts[3:-1])]}.{parts[-1]}"


def write_gguf(model, architecture: str) -> None:
    config = model.config
    head_width = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    writer = gguf.GGUFWriter(OUT / f"{architecture}.gguf", architecture)
    writer.add_context_length(config.max_position_embeddings)
    writer.add_embedding_length(config.hidden_size)
    writer.add_block_count(config.num_hidden_layers)
    writer.add_feed_forward_length(config.intermediate_size)
    writer.add_head_count(config.num_attention_heads)
    writer.add_head_count_kv(config.num_key_value_heads)
    writer.add_key_length(head_width)
    writer.add_value_length(head_width)
    writer.add_rope_dimension_count(head_width)
    writer.add_layer_norm_rms_eps(config.rms_norm_eps)
    writer.add_rope_freq_base(config.rope_parameters["rope_theta"])
    for name, tensor in model.state_dict().items():
        if name == "lm_head.weight" and config.tie_word_embeddings:
            continue
        data = tensor.float().numpy()
        if architecture == "llama" and "q_proj" in name:
            data = interleave(data, config.num_attention_heads)
        if architecture == "llama" and "k_proj" in name:
            data = interleave(data, config.num_key_value_heads)
        writer.add_tensor(gguf_name(name), np.ascontiguousarray(data))
    if config.rope_parameters["rope_type"] == "llama3":
        plain = config.rope_parameters["rope_theta"] ** (
            -np.arange(0, head_width, 2, dtype=np.float64) / head_width
        )
        factors = plain / model.model.rotary_emb.inv_freq.double().numpy()
        writer.add_tensor("rope_freqs.weight", factors.astype(np.float32))
    finish(writer)


def models() -> None:
    torch.manual_seed(SEED)
    sizes = dict(
        hidden_size=16,
        intermediate_size=20,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        initializer_range=0.5,
    )
    llama = transformers.LlamaForCausalLM(
        transformers.LlamaConfig(
            vocab_size=31,
            head_dim=6,
            max_position_embeddings=128,
            rms_norm_eps=2e-5,
            rope_parameters=dict(
                rope_type="llama3",
                rope_theta=50000.0,
                factor=8.0,
                low_freq_factor=1.0,
                high_freq_factor=4.0,
                original_max_position_embeddings=64,
            ),
            **sizes,
        )
    )
    qwen2 = transformers.Qwen2ForCausalLM(
        transformers.Qwen2Config(
            vocab_size=29, max_position_embeddings=64, tie_word_embeddings=True, **sizes
        )
    )
    for model in (llama, qwen2):
        for name, parameter in model.named_parameters():
            if "norm" in name or name.endswith("bias"):
                torch.nn.init.normal_(parameter, 1, 0.3)
    write(llama, "llama", shard="16KB")
    write(qwen2.to(torch.bfloat16), "qwen2", shard="1MB")
    adapter(llama)


def write(model, name: str, shard: str) -> None:
    model.save_pretrained(OUT / f"{name}-hf", max_shard_size=shard)
    (OUT / f"{name}-hf/generation_config.json").unlink(missing_ok=True)
    write_gguf(model, name)


def adapter(model) -> None:
    config = peft.LoraConfig(
        r=3,
        lora_alpha=6,
        target_modules=["q_proj", "v_proj", "down_proj"],
        lora_dropout=0.1,
        task_type="CAUSAL_LM",
        init_lora_weights=False,
    )
    adapted = peft.get_peft_model(model, config)
    adapted.peft_config["default"].base_model_name_or_path = "tiny-llama"
    adapted.save_pretrained(OUT / "adapter")
    (OUT / "adapter/README.md").unlink(missing_ok=True)


def manifest() -> None:
    files = sorted(path for path in OUT.rglob("*") if path.is_file())
    packages = ["torch", "transformers", "peft", "safetensors", "gguf", "numpy"]
    record = {
        "generator": "tools/golden/formats.py",
        "seed": SEED,
        "versions": {name: version(name) for name in packages},
        "sha256": {
            str(path.relative_to(OUT)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
    }
    (OUT / "MANIFEST.json").write_text(json.dumps(record, indent=2) + "\n")


if __name__ == "__main__":
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    quantised_blocks()
    models()
    manifest()
