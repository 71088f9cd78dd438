"""Speed of prompts and greedy generation in llama.cpp, to set beside `devft bench generate`.

    python tools/peers/llama_generate.py model.gguf --prompt-tokens 512 --tokens 128 --threads 2

Batch 1; the prompt's tokens are made up as the program's are, an end token does not end the answer,
and every repeat begins with an empty cache. Medians over the repeats, one line of JSON.
"""

import argparse
import json
import statistics
import time

import llama_cpp
import numpy

# The multiplier of the program's own made-up tokens.
MULTIPLIER = 7919


def open_model(arguments) -> llama_cpp.Llama:
    return llama_cpp.Llama(
        arguments.model,
        n_ctx=arguments.prompt_tokens + arguments.tokens,
        n_batch=arguments.prompt_tokens,
        n_threads=arguments.threads,
        n_threads_batch=arguments.threads,
        verbose=False,
    )


def likeliest(model: llama_cpp.Llama) -> int:
    """The greedy choice after the tokens so far."""
    logits = llama_cpp.llama_get_logits(model.ctx)
    return int(numpy.argmax(numpy.ctypeslib.as_array(logits, (model.n_vocab(),))))


def timed_answer(
    model: llama_cpp.Llama, prompt: list[int], count: int
) -> tuple[float, float, list]:
    """Seconds for the prompt and for the answer, and the answer's tokens."""
    model.reset()
    start = time.perf_counter()
    model.eval(prompt)
    answer = [likeliest(model)]
    middle = time.perf_counter()
    for _ in range(count):
        model.eval(answer[-1:])
        answer.append(likeliest(model))
    return middle - start, time.perf_counter() - middle, answer


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("model", help="GGUF file")
    parser.add_argument("--prompt-tokens", type=int, default=512)
    parser.add_argument("--tokens", type=int, default=128)
    parser.add_argument("--repeats", type=int, default=3, help="timed ones, after one untimed")
    parser.add_argument("--threads", type=int, default=2)
    arguments = parser.parse_args()
    model = open_model(arguments)
    places = range(1, arguments.prompt_tokens + 1)
    prompt = [place * MULTIPLIER % model.n_vocab() for place in places]
    runs = [timed_answer(model, prompt, arguments.tokens) for _ in range(arguments.repeats + 1)][1:]
    prompt_seconds = statistics.median(run[0] for run in runs)
    answer_seconds = statistics.median(run[1] for run in runs)
    result = {
        "prompt_tokens_per_second": round(arguments.prompt_tokens / prompt_seconds, 1),
        "generated_tokens_per_second": round(arguments.tokens / answer_seconds, 1),
        "first_tokens": runs[0][2][:8],
        "prompt_tokens": arguments.prompt_tokens,
        "tokens": arguments.tokens,
        "threads": arguments.threads,
        "llama_cpp_python": llama_cpp.__version__,
    }
    print(json.dumps(result))


if __name__ == "__main__":
    main()
