"""How far the safety cues can be trusted, and how often every cue shows in real messages.

    python tests/benchmarks/bench_cues.py          # a minute
    python tests/benchmarks/bench_cues.py --rates  # the rates of every kind, not of danger alone

Recall and false alarms are counted on the vectors of the tests. Those of the blind rounds were
written before their writer had seen what the constructions miss, and the file keeps what was missed
at first: that is the honest estimate. The other vectors, and the blind ones today, show only what
the constructions were mended for.

Rates are counted on messages beside this checkout: comments from Reddit, tweets to brands and to
nobody, comments from heated threads on GitHub. Nobody has labelled danger there, and nearly all of it
is talk about games, films and the news, so that a high rate means false alarms. It says how often
an agent would be asked to look.
"""

import argparse
import json
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from deescalate.cues import CueKind
from deescalate.languages import ENGLISH
from deescalate.reading.constructions import CueFinder
from deescalate.text import tokenize

ROOT = Path(__file__).resolve().parents[2]
VECTORS = ROOT / "tests" / "reading" / "vectors" / "cues"
DATA = ROOT.parent / "shared" / "data"
SAFETY = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)
TEXTS = {
    "Reddit comments": ("goemotions/train.jsonl", "goemotions/dev.jsonl", "goemotions/test.jsonl"),
    "tweets": ("complaints_xci/data.jsonl",),
    "support dialogues": ("twitter_support_frustration/dialogues.jsonl",),
    "GitHub comments": ("github_incivility/comments.jsonl",),
}


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description="measure the cues")
    parser.add_argument("--rates", action="store_true", help="the rates of every kind")
    every = parser.parse_args().rates
    finder = CueFinder.of(ENGLISH)
    documents = [json.loads(path.read_text("utf-8")) for path in sorted(VECTORS.glob("*.json"))]
    blind_rounds(documents, finder)
    vectors(documents, finder)
    rates(finder, tuple(CueKind) if every else SAFETY)


def kinds(text: str, finder: CueFinder) -> set[str]:
    return {str(cue.kind) for cue in finder.find(tokenize(text), text)}


def share(found: int, of: int) -> str:
    return f"{found:4} of {of:4} {found / of:7.1%}" if of else f"{'none':>19}"


def blind_rounds(documents: list[dict[str, Any]], finder: CueFinder) -> None:
    print("paraphrases written blind                    recall at first         recall today")
    rounds = sorted({held["round"] for each in documents for held in each["held_out"]})
    for number in rounds:
        for name, chosen in (
            *((str(kind), [str(kind)]) for kind in SAFETY),
            ("all other kinds", [str(kind) for kind in CueKind if kind not in SAFETY]),
        ):
            written = missed = today = 0
            for each in documents:
                for held in each["held_out"]:
                    if each["kind"] in chosen and held["round"] == number:
                        written += len(held["positives"])
                        missed += len(held["missed_at_first"])
                        today += sum(each["kind"] in kinds(t, finder) for t in held["positives"])
            if written:
                row = f"round {number}: {name:27}{share(written - missed, written):>24}"
                print(f"{row}{share(today, written):>21}")
    print(
        "\nnear misses written blind                    false alarms at first   false alarms today"
    )
    for number in rounds:
        for each in documents:
            for held in each["held_out"]:
                near = held["near_misses"]
                if held["round"] == number and near:
                    first = len(held["found_wrongly_at_first"])
                    today = sum(each["kind"] in kinds(text, finder) for text in near)
                    row = f"round {number}: {each['kind']:27}{share(first, len(near)):>24}"
                    print(f"{row}{share(today, len(near)):>21}")


def vectors(documents: list[dict[str, Any]], finder: CueFinder) -> None:
    print(f"\n{'vectors the cues were mended for':36}{'recall':>20}{'false alarms':>22}")
    for each in documents:
        kind = each["kind"]
        found = sum(kind in kinds(text, finder) for text in each["positives"])
        wrong = sum(kind in kinds(text, finder) for text in each["near_misses"])
        row = f"{kind:36}{share(found, len(each['positives'])):>20}"
        print(f"{row}{share(wrong, len(each['near_misses'])):>22}")


def messages(path: Path) -> Iterator[str]:
    for line in path.read_text("utf-8").splitlines():
        row = json.loads(line)
        if "turns" in row:
            yield from (turn["text"] for turn in row["turns"] if turn["role"] == "customer")
        else:
            yield row["text"]


def rates(finder: CueFinder, wanted: tuple[CueKind, ...]) -> None:
    print("\nmessages with the cue (all), and in 10,000 messages; most in safety are false alarms")
    found: dict[str, tuple[int, Counter[str]]] = {}
    for name, paths in TEXTS.items():
        missing = [path for path in paths if not (DATA / path).exists()]
        if missing:
            print(f"skipped {name}: {', '.join(missing)} not beside this checkout")
            continue
        texts = [text for path in paths for text in messages(DATA / path)]
        found[name] = (
            len(texts),
            Counter(kind for text in texts for kind in kinds(text, finder)),
        )
    print(f"{'':26}" + "".join(f"{name:>22}" for name in found))
    print(f"{'messages':26}" + "".join(f"{count:22,}" for count, _ in found.values()))
    for kind in wanted:
        row = "".join(
            f"{seen[str(kind)]:12,} {1e4 * seen[str(kind)] / count:9.1f}"
            for count, seen in found.values()
        )
        print(f"{kind!s:26}{row}")


if __name__ == "__main__":
    main()
