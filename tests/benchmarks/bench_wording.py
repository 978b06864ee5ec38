"""How well the wording review tells tone, how often it cries wolf, and how fast it is.

    python tests/benchmarks/bench_wording.py [SHARED_DATA]

Prints figures beside VADER's where it is installed. SHARED_DATA defaults to ``../shared/data`` beside
the checkout; sets that are absent are skipped with a line that says so. The set of unhealthy comments is
only measured on: no weight, word list or threshold of the project was fitted on it.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from hashlib import sha256
from pathlib import Path

from deescalate.reading.agent import read_agent
from deescalate.wording import Review, review

HERE = Path(__file__).resolve()
DATA = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[3] / "shared" / "data"
VECTORS = HERE.parents[1] / "wording" / "vectors"


def rows(name: str) -> list[dict]:
    path = DATA / name
    if not path.exists():
        print(f"  skipped: {path} is absent")
        return []
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def vader() -> Callable[[str], float] | None:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        print("VADER is not installed (pip install deescalation[bench]); its figures are left out")
        return None
    analyzer = SentimentIntensityAnalyzer()
    return lambda text: -analyzer.polarity_scores(text)["compound"]


def auc(scores: Sequence[float], labels: Sequence[bool]) -> float:
    ranked = sorted(zip(scores, labels, strict=True))
    positive = sum(labels)
    rank_sum, at = 0.0, 0
    while at < len(ranked):
        end = at
        while end < len(ranked) and ranked[end][0] == ranked[at][0]:
            end += 1
        rank_sum += (at + end + 1) / 2 * sum(label for _, label in ranked[at:end])
        at = end
    return (rank_sum - positive * (positive + 1) / 2) / (positive * (len(ranked) - positive))


def reviewed(texts: Sequence[str]) -> tuple[list[Review], float]:
    start = time.perf_counter()
    found = [review(text) for text in texts]
    return found, len(texts) / (time.perf_counter() - start)


def tone(other: Callable[[str], float] | None) -> None:
    print("\nUnhealthy comments (measured only): area under the ROC curve")
    data = rows("ucc_unhealthy/val.jsonl")
    if not data:
        return
    texts = [row["text"] for row in data]
    found, speed = reviewed(texts)
    start = time.perf_counter()
    theirs = [other(text) for text in texts] if other else []
    their_speed = len(texts) / (time.perf_counter() - start)
    print(f"  {'':14}{'score':>8}{'tone':>8}{'VADER':>8}")
    for label in ("condescending", "dismissive", "hostile", "sarcastic"):
        labels = [bool(row[label]) for row in data]
        line = (
            f"  {label:14}{auc([1 - each.score for each in found], labels):8.3f}"
            f"{auc([each.tone for each in found], labels):8.3f}"
        )
        print(line + (f"{auc(theirs, labels):8.3f}" if theirs else ""))
    print(f"  messages a second: {speed:,.0f}", end="")
    print(f"; VADER {their_speed:,.0f}: {speed / their_speed:.2f} times" if theirs else "")


def false_alarms() -> None:
    print("\nPolite requests (most polite quarter): share flagged")
    data = rows("politeness_stanford/data.jsonl")
    for label in ("polite", "impolite"):
        texts = [row["text"] for row in data if row["label"] == label]
        if texts:
            found, _ = reviewed(texts)
            spoken = [[f for f in each.of("T") if f.severity != "note"] for each in found]
            print(
                f"  {label:9} tone warning or error {share(map(bool, spoken)):6.2%}"
                f"   any warning or error {share(not _mild(each) for each in found):6.2%}"
                f"   not ok {share(not each.ok for each in found):6.2%}"
            )


def share(flags: object) -> float:
    known = list(flags)  # type: ignore[call-overload]
    return sum(known) / len(known)


def _mild(found: Review) -> bool:
    return all(each.severity == "note" for each in found.findings)


def agents() -> None:
    print("\nAgents' turns of real support dialogues")
    data = rows("twitter_support_frustration/dialogues.jsonl")
    turns = {
        (row["id"], index): turn["text"]
        for row in data
        for index, turn in enumerate(row["turns"])
        if turn["role"] == "agent"
    }
    if not turns:
        return
    found, speed = reviewed(list(turns.values()))
    codes = Counter(code for each in found for code in each.codes)
    print(f"  {len(turns)} turns, {speed:,.0f} a second; share with each code:")
    for code, count in codes.most_common():
        print(f"    {code} {count / len(turns):6.1%}")
    clean = share(not each.findings for each in found)
    print(f"  clean {clean:.1%}, not ok {share(not each.ok for each in found):.1%}")
    print(f"  tone below one half {share(each.tone < 0.5 for each in found):.1%}")
    moves(turns)


def moves(turns: dict[tuple[int, int], str]) -> None:
    for name, about in (
        ("agent_moves.json", "a hundred turns that the detector was mended on"),
        (
            "agent_moves_fresh.json",
            "forty turns of other dialogues, labelled before it ran on them",
        ),
    ):
        print(f"\nMoves against {about}")
        right, extra, missed = Counter(), Counter(), Counter()
        for row in json.loads((VECTORS / name).read_text(encoding="utf-8"))["turns"]:
            text = turns[row["dialogue"], row["turn"]]
            assert sha256(text.encode()).hexdigest().startswith(row["sha256"])
            labelled, read = set(row["moves"]), {str(move) for move in read_agent(text).kinds}
            right.update(labelled & read)
            extra.update(read - labelled)
            missed.update(labelled - read)
        for move in sorted({*right, *extra, *missed}):
            counts = f"right {right[move]:3} extra {extra[move]:3} missed {missed[move]:3}"
            print(f"    {move:18} {counts}")
        hits = right.total()
        precision, recall = hits / (hits + extra.total()), hits / (hits + missed.total())
        print(f"  precision {precision:.3f}, recall {recall:.3f}")


if __name__ == "__main__":
    other = vader()
    tone(other)
    false_alarms()
    agents()
