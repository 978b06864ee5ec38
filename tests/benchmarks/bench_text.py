"""What a text costs, and how its cost grows with its length for hostile shapes.

    python tests/benchmarks/bench_text.py

Prints seconds for a million characters and the exponent of growth between 125,000 and a million.
"""

from math import log2
from time import process_time

from deescalate.text import Text

SHAPES = [
    "I want a refund of $50 by Friday. ", "a", "1.", "$", "$1 ", "1 000 ", "1-", "1/2 ", "3 to ",
    "a week ", "one ", "hundred and ", "within ", "half ", "5 pm ", "friday ", "<a ", "&#", "k i ",
    "f*", "x1", ">\n", "on 1\n", "from: \n", "e\u0301\u0301", "a\u200b", "\u0430a", "gonna ",
]  # fmt: skip
LENGTH = 125_000


def cost(text: str) -> float:
    start = process_time()
    read = Text.of(text)
    for part in {read, read.own}:
        assert part.understood + len(part.sentences + part.amounts + part.times) >= 0
    return process_time() - start


def main() -> None:
    """Print the figures."""
    for shape in SHAPES:
        short, long = (cost((shape * LENGTH * size)[: LENGTH * size]) for size in (1, 8))
        print(f"{shape!r:40} {long:6.2f} s, exponent {log2(long / short) / 3:.2f}")


if __name__ == "__main__":
    main()
