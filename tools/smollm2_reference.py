"""The reference loss of a LLaMA-family GGUF file, by PyTorch in float32.

    python tools/smollm2_reference.py SmolLM2-135M-Instruct.Q4_1.gguf [--save HF_DIRECTORY]

Prints the mean next-token loss on the sentence of the tests and its token ids; `--save` writes the
same model as a Hugging Face directory, tokenizer and chat template included.
"""

import argparse
import json

import gguf
import torch
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers
from transformers import LlamaConfig, LlamaForCausalLM, PreTrainedTokenizerFast

SENTENCE = (
    "The capital of France is Paris. The Eiffel Tower is one of the most famous landmarks in the "
    "world, and millions of people visit it every year.")
NAMES = {
    "attn_q": "self_attn.q_proj", "attn_k": "self_attn.k_proj", "attn_v": "self_attn.v_proj",
    "attn_output": "self_attn.o_proj", "ffn_gate": "mlp.gate_proj", "ffn_up": "mlp.up_proj",
    "ffn_down": "mlp.down_proj", "attn_norm": "input_layernorm",
    "ffn_norm": "post_attention_layernorm"}
OUTER_NAMES = {
    "token_embd.weight": "model.embed_tokens.weight", "output_norm.weight": "model.norm.weight",
    "output.weight": "lm_head.weight"}
CONTROL_TOKEN = 3


def metadata(reader: gguf.GGUFReader) -> dict:
    return {key: field.contents() for key, field in reader.fields.items()}


def config_of(values: dict, is_tied: bool) -> LlamaConfig:
    heads = values["llama.attention.head_count"]
    return LlamaConfig(
        vocab_size=values["llama.vocab_size"], hidden_size=values["llama.embedding_length"],
        intermediate_size=values["llama.feed_forward_length"],
        num_hidden_layers=values["llama.block_count"], num_attention_heads=heads,
        num_key_value_heads=values.get("llama.attention.head_count_kv", heads),
        # Stored as float32: 9.99999e-06 stands for 1e-05.
        rms_norm_eps=float(f"{values['llama.attention.layer_norm_rms_epsilon']:.6g}"),
        max_position_embeddings=values["llama.context_length"], tie_word_embeddings=is_tied,
        rope_parameters={"rope_type": "default", "rope_theta": values["llama.rope.freq_base"]},
        bos_token_id=values["tokenizer.ggml.bos_token_id"],
        eos_token_id=values["tokenizer.ggml.eos_token_id"],
        pad_token_id=values["tokenizer.ggml.padding_token_id"])


def unpermuted(weight: torch.Tensor, heads: int) -> torch.Tensor:
    """Puts a head's rows from interleaved pairs back to first half, second half."""
    rows, columns = weight.shape
    pairs = weight.reshape(heads, rows // heads // 2, 2, columns)
    return pairs.transpose(1, 2).reshape(rows, columns).contiguous()


def weights_of(reader: gguf.GGUFReader, config: LlamaConfig) -> dict[str, torch.Tensor]:
    permuted = {"attn_q": config.num_attention_heads, "attn_k": config.num_key_value_heads}
    weights = {}
    for tensor in reader.tensors:
        values = gguf.quants.dequantize(tensor.data, tensor.tensor_type)
        weight = torch.from_numpy(values.copy()).float()
        if tensor.name in OUTER_NAMES:
            weights[OUTER_NAMES[tensor.name]] = weight
            continue
        _, layer, kind, _ = tensor.name.split(".")
        if kind in permuted:
            weight = unpermuted(weight, permuted[kind])
        weights[f"model.layers.{layer}.{NAMES[kind]}.weight"] = weight
    return weights


def model_of(reader: gguf.GGUFReader, values: dict) -> LlamaForCausalLM:
    is_tied = all(tensor.name != "output.weight" for tensor in reader.tensors)
    config = config_of(values, is_tied)
    model = LlamaForCausalLM(config).float().eval()
    result = model.load_state_dict(weights_of(reader, config), strict=False)
    expected_missing = ["lm_head.weight"] if is_tied else []
    if result.unexpected_keys or list(result.missing_keys) != expected_missing:
        raise SystemExit(f"tensors do not fit the model: {result}")
    model.tie_weights()
    return model


def tokenizer_of(values: dict) -> PreTrainedTokenizerFast:
    pre = values["tokenizer.ggml.pre"]
    if values["tokenizer.ggml.model"] != "gpt2" or pre != "smollm":
        raise SystemExit(f"expected a byte-level BPE with pre-tokenizer smollm, found {pre}")
    texts = values["tokenizer.ggml.tokens"]
    merges = [tuple(merge.split(" ")) for merge in values["tokenizer.ggml.merges"]]
    vocabulary = {text: token for token, text in enumerate(texts)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
        pre_tokenizers.Digits(individual_digits=True),
        pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=True)])
    tokenizer.decoder = decoders.ByteLevel()
    types = values["tokenizer.ggml.token_type"]
    special = [text for text, kind in zip(texts, types) if kind == CONTROL_TOKEN]
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in special])
    named = {name: texts[values[f"tokenizer.ggml.{key}_token_id"]] for name, key in [
        ("bos_token", "bos"), ("eos_token", "eos"), ("unk_token", "unknown"),
        ("pad_token", "padding")]}
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, chat_template=values["tokenizer.chat_template"],
        clean_up_tokenization_spaces=False, model_max_length=values["llama.context_length"],
        **named)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("model", help="GGUF file of the LLaMA architecture")
    parser.add_argument("--save", metavar="DIRECTORY", help="write a Hugging Face directory")
    parser.add_argument("--threads", type=int, default=1)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    reader = gguf.GGUFReader(arguments.model)
    values = metadata(reader)
    tokenizer, model = tokenizer_of(values), model_of(reader, values)
    tokens = tokenizer.encode(SENTENCE, add_special_tokens=False)
    with torch.no_grad():
        logits = model(torch.tensor([tokens])).logits[0, :-1]
    loss = torch.nn.functional.cross_entropy(logits, torch.tensor(tokens[1:]))
    print(json.dumps({"loss": round(float(loss), 6), "tokens": len(tokens), "ids": tokens}))
    if arguments.save:
        model.save_pretrained(arguments.save)
        tokenizer.save_pretrained(arguments.save)


if __name__ == "__main__":
    main()
