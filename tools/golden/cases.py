"""The tiny random models behind the decoder's golden numbers: shapes, seeds and batches."""

from dataclasses import dataclass

import numpy
import torch
from transformers import LlamaConfig, LlamaForCausalLM, Qwen2Config, Qwen2ForCausalLM

ALL_TARGETS = ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"]
LENGTHS = [11, 2, 7]
PROMPT_LENGTH = 5


@dataclass(frozen=True)
class Case:
    """One model architecture and the LoRA layers put on it."""

    name: str
    seed: int
    targets: list[str]
    config: LlamaConfig | Qwen2Config


@dataclass(frozen=True)
class Sequence:
    """Tokens and, for each one, whether it is itself a training target."""

    tokens: list[int]
    is_target: list[bool]


CASES = [
    # Grouped queries: three query heads a key/value head, nothing a power of two.
    Case("llama-gqa", 11, ALL_TARGETS, LlamaConfig(
        vocab_size=61, hidden_size=36, num_hidden_layers=3, num_attention_heads=6,
        num_key_value_heads=2, intermediate_size=37, rms_norm_eps=1e-5,
        max_position_embeddings=64, tie_word_embeddings=False,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0})),
    # Heads wider than hidden / heads; the five frequencies fall on every side of Llama 3's two
    # thresholds (wavelengths 6.3 | 21.8 | 75 … against 8 and 32), so each of its branches is used.
    Case("llama-tied-rope3", 12, ["q_proj", "v_proj"], LlamaConfig(
        vocab_size=53, hidden_size=28, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=2, head_dim=10, intermediate_size=35, rms_norm_eps=1e-6,
        max_position_embeddings=64, tie_word_embeddings=True,
        rope_parameters={
            "rope_type": "llama3", "rope_theta": 500.0, "factor": 8.0, "low_freq_factor": 1.0,
            "high_freq_factor": 4.0, "original_max_position_embeddings": 32})),
    # One key/value head for all queries, biases on q, k and v.
    Case("qwen2-bias", 13, ["k_proj", "o_proj", "gate_proj", "down_proj"], Qwen2Config(
        vocab_size=59, hidden_size=30, num_hidden_layers=2, num_attention_heads=3,
        num_key_value_heads=1, intermediate_size=41, rms_norm_eps=1e-6,
        max_position_embeddings=64, tie_word_embeddings=True,
        rope_parameters={"rope_type": "default", "rope_theta": 1000.0})),
    Case("mha", 14, ALL_TARGETS, LlamaConfig(
        vocab_size=47, hidden_size=24, num_hidden_layers=2, num_attention_heads=4,
        num_key_value_heads=4, intermediate_size=33, rms_norm_eps=1e-5,
        max_position_embeddings=64, tie_word_embeddings=False,
        rope_parameters={"rope_type": "default", "rope_theta": 10000.0})),
]


def fill(named_parameters, random: numpy.random.Generator) -> None:
    """Overwrites parameters, in the order of their names, with draws that make outputs non-trivial."""
    for name, parameter in sorted(named_parameters):
        draw = random.standard_normal(tuple(parameter.shape))
        if name.endswith("norm.weight"):
            draw = 1 + 0.3 * draw
        elif name.endswith("bias"):
            draw = 0.3 * draw
        else:
            draw = 0.2 * draw
        with torch.no_grad():
            parameter.copy_(torch.from_numpy(draw))


def build(case: Case) -> torch.nn.Module:
    """The case's model in float32 with seeded weights and plain ("eager") attention."""
    kind = Qwen2ForCausalLM if isinstance(case.config, Qwen2Config) else LlamaForCausalLM
    case.config.architectures = [kind.__name__]
    case.config._attn_implementation = "eager"
    model = kind(case.config).float().eval()
    fill(model.named_parameters(), numpy.random.default_rng([case.seed, 0]))
    return model


def batch(case: Case) -> list[Sequence]:
    """Sequences of unequal length; a random prefix of each is prompt, the rest is target."""
    random = numpy.random.default_rng([case.seed, 1])
    sequences = []
    for length in LENGTHS:
        tokens = random.integers(0, case.config.vocab_size, length).tolist()
        # The first token has no predecessor, so it is never a target.
        first = int(random.integers(1, max(2, length // 2 + 1)))
        sequences.append(Sequence(tokens, [index >= first for index in range(length)]))
    return sequences


def prompt(case: Case) -> list[int]:
    """The tokens that greedy generation starts from."""
    random = numpy.random.default_rng([case.seed, 2])
    return random.integers(0, case.config.vocab_size, PROMPT_LENGTH).tolist()
