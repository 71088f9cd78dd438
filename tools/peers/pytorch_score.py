"""Speed of scoring (forward, loss) in transformers, to set beside `devft bench score`.

    python tools/peers/pytorch_score.py HF_DIRECTORY --batch 4 --length 256

Batch and options are those of pytorch_step.py. Prints one line of JSON.
"""

import argparse

import torch

from workload import add_options, base_model, batch_of, report


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    add_options(parser)
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    model = base_model(arguments).eval()
    batch = batch_of(arguments, model.config.vocab_size)

    @torch.no_grad()
    def score() -> float:
        return float(model(**batch.inputs).loss)

    report(score, batch, arguments, lambda: {"layers": len(model.model.layers)})


if __name__ == "__main__":
    main()
