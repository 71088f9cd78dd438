"""Times of rounds: writes one a line of a growing file, and sets two such files beside each other.

    overhead.py watch METRICS TIMES      until nobody wants it any more: one time for each line that METRICS gets
    overhead.py compare OURS THEIRS      medians of the seconds a round, and their ratio
"""

import statistics
import sys
import time
from pathlib import Path


def watch(metrics, times):
    """Writes the time whenever a round has been recorded."""
    seen = 0
    with open(times, "w") as file:
        while True:
            lines = Path(metrics).read_bytes().count(b"\n") if Path(metrics).exists() else 0
            for _ in range(seen, lines):
                print(time.time(), file=file, flush=True)
            seen = max(seen, lines)
            time.sleep(0.01)


def seconds(path):
    """Seconds of each round but the first, which waits for connections and loads things."""
    marks = [float(line) for line in Path(path).read_text().split()]
    return [later - earlier for earlier, later in zip(marks, marks[1:])][1:]


def compare(ours, theirs):
    """Prints both medians and the ratio."""
    medians = []
    for name, path in [("devft", ours), ("flwr in Python", theirs)]:
        rounds = seconds(path)
        medians.append(statistics.median(rounds))
        print(f"{name}: {medians[-1]:.2f} s a round (median of {len(rounds)}, {min(rounds):.2f} to {max(rounds):.2f})")
    print(f"ratio: {medians[0] / medians[1]:.2f}")


if __name__ == "__main__":
    {"watch": watch, "compare": compare}[sys.argv[1]](*sys.argv[2:])
