"""Reading beside VADER: speed, growth and, on messages never fitted on, accuracy.

    python tests/benchmarks/bench_reading.py            # all; the accuracy takes minutes
    python tests/benchmarks/bench_reading.py --speed    # speed and growth alone

Texts are the 3,448 tweets of complaints_xci, beside this checkout. Times are processor times, the
best of three runs.
"""

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

from deescalate.languages import ENGLISH
from deescalate.reading import CueFinder, EnglishReader, Lexicon
from deescalate.reading._affect import affect_of
from deescalate.text import Text, tokenize

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="read beside VADER")
    parser.add_argument("--speed", action="store_true", help="leave the accuracy out")
    arguments = parser.parse_args()
    loading()
    tweets = DATA / "complaints_xci" / "data.jsonl"
    if not tweets.exists():
        print(f"skipped: {tweets} is not beside this checkout")
        return
    texts = [json.loads(line)["text"] for line in tweets.read_text("utf-8").splitlines()]
    vader = vader_scores()
    speed(texts, vader)
    growth(vader)
    if not arguments.speed:
        accuracy()


def vader_scores() -> Callable[[str], object] | None:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        print("skipped: vaderSentiment is not installed (extra `bench`)")
        return None
    return SentimentIntensityAnalyzer().polarity_scores


def best(run: Callable[[], object], times: int = 3) -> float:
    found = []
    for _ in range(times):
        start = time.process_time()
        run()
        found.append(time.process_time() - start)
    return min(found)


def loading() -> None:
    code = (
        "import time; a = time.process_time()\n"
        "from deescalate.reading import EnglishReader; b = time.process_time()\n"
        "EnglishReader().read('Still no answer, and nobody calls me back. Why?')\n"
        "c = time.process_time()\n"
        "print(f'import {1e3 * (b - a):.0f} ms, the first message {1e3 * (c - b):.0f} ms')"
    )
    subprocess.run([sys.executable, "-c", code], check=True)  # noqa: S603  our own code


def speed(texts: Sequence[str], vader: Callable[[str], object] | None) -> None:
    reader, english, finder = EnglishReader(), Lexicon.of(ENGLISH), CueFinder.of(ENGLISH)
    taken = [Text.of(text).own for text in texts]
    assert all(each.tokens is each.tokens for each in taken)  # cut once, before the clock runs

    def tokenized() -> None:
        for text in texts:
            tokenize(text)

    def scored() -> None:
        for text in texts:
            affect_of(tokenize(text), english)

    def cued() -> None:
        for each in taken:
            finder.find(each)

    def read() -> None:
        for text in texts:
            reader.read(text)

    def rated() -> None:
        for text in texts:
            vader(text)  # type: ignore[misc]

    base = best(rated) if vader else None
    print(f"\n{'microseconds a message':44}{'':>10}{'x VADER':>9}")
    rows = [
        ("tokens", tokenized),
        ("tokens and affect with evidence", scored),
        ("cues with spans, from tokens", cued),
        ("EnglishReader: all of it", read),
    ]
    for name, run in rows:
        seconds = best(run)
        ratio = f"{base / seconds:9.2f}" if base else ""
        print(f"{name:44}{1e6 * seconds / len(texts):10,.0f}{ratio}")
    if base:
        print(f"{'VADER: one score':44}{1e6 * base / len(texts):10,.0f}{1:9.2f}")


def growth(vader: Callable[[str], object] | None) -> None:
    reader = EnglishReader()
    sentence = "I have waited two weeks for my parcel and nobody at all answers. "
    text = {words: (sentence * words)[: words * len(sentence) // 13] for words in (80, 8_000)}

    def ratio(score: Callable[[str], object]) -> tuple[float, float]:
        short = best(lambda: [score(text[80]) for _ in range(100)]) / 100
        long = best(lambda: score(text[8_000]))
        return long, long / short

    print(f"\n{'an 8,000-word message':44}{'seconds':>10}{'x of 80':>9}")
    for name, score in (("EnglishReader", reader.read), ("VADER", vader)):
        if score:
            long, times = ratio(score)
            print(f"{name:44}{long:10.3f}{times:9.0f}")


def accuracy() -> None:
    print()
    script = ROOT / "examples" / "fitting" / "fit_reader.py"
    done = subprocess.run([sys.executable, str(script), str(DATA)], check=False)  # noqa: S603  our own script
    if done.returncode:
        print("skipped: the fit needs numpy, scipy and every set that it names")


if __name__ == "__main__":
    main()
