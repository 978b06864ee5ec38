"""How well the wording review tells tone, how often it cries wolf, and how fast it is.

    python tests/benchmarks/bench_wording.py [SHARED_DATA] [kept_aside | speed | tone | false_alarms | agents ...]

Prints how it does on replies of authors kept aside (examples/fitting/fit_faults.py prints the same of
authors left out of a fit), and figures beside VADER's where it is installed. SHARED_DATA defaults to ``../shared/data`` beside
the checkout; sets that are absent are skipped with a line that says so. The set of unhealthy comments is
only measured on: no weight, word list or threshold of the project was fitted on it.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from hashlib import sha256
from itertools import count
from pathlib import Path

from deescalate.playbook import Playbook
from deescalate.reading import EnglishReader, read_agent
from deescalate.testing.wording import KnownSituation
from deescalate.wording import Review, review
from deescalate.wording._faults import CODES_OF_FAULTS

HERE = Path(__file__).resolve()
DATA = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE.parents[3] / "shared" / "data"
VECTORS = HERE.parents[1] / "wording" / "vectors"
AT = datetime(2026, 5, 4, 10, tzinfo=UTC)
ASIDE = HERE.parents[2] / "examples" / "fitting" / "kept_aside"
DISTRESS = {"low": 0.2, "medium": 0.6, "high": 0.9}
FAMILY = {**{fault: code[0] for fault, code in CODES_OF_FAULTS.items()},
          "too_long": "C", "too_many_questions": "C"}  # fmt: skip


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


def kept_aside() -> None:
    print("\nReplies of authors that no weight and no threshold has seen")
    reader = EnglishReader()
    for file in sorted(ASIDE.glob("reply*.jsonl")):
        given = [json.loads(line) for line in file.read_text("utf-8").splitlines()]
        made = [
            review(
                row["reply"],
                situation=KnownSituation(distress=DISTRESS[row["distress"]], fault=row["fault"]),
                customer=row["context"],
                cues={cue.kind for cue in reader.read(row["context"]).cues},
            )
            for row in given
        ]
        bad = [bool(row["faults"]) for row in given]
        named = [
            FAMILY[fault] in {code[0] for code in its.codes if code != "S808"}
            for row, its in zip(given, made, strict=True)
            for fault in row["faults"]
        ]
        kinds = {
            "bad ones not ok": lambda row: bool(row["faults"]),
            "unsafe ones not ok": lambda row: "unsafe" in row["faults"],
            "good ones refused": lambda row: not row["faults"],
        }
        line = (
            f"  {file.stem}: {len(given)} replies, AUC {auc([-its.score for its in made], bad):.3f}"
        )
        for name, of in kinds.items():
            its = [not found.ok for row, found in zip(given, made, strict=True) if of(row)]
            line += f", {name} {share(its):.3f}"
        print(f"{line}, families named {share(named):.3f}")


def speed() -> None:
    """The best of several rounds of a review with a plan, and how it grows with a hostile text."""
    print("\nSpeed")
    talk = Playbook.default().open(at=AT)
    talk = talk.customer_says("My parcel is a week late and nobody calls me back.", at=AT)
    reply = (
        "I'm really sorry, it should have been with you on Monday. I have asked the depot to find"
        " it and I will ring you by 3 pm today. Is this number still right?"
    )
    new = (f"{reply} Case {number}." for number in count())  # what was reviewed is remembered
    print(
        f"  a reply with a plan, in a conversation: {best(lambda: talk.review(next(new))):.2f} ms"
    )
    print(f"  the same reply alone: {best(lambda: review(next(new))):.2f} ms")
    for shape in ("as I already said, ", "Sorry, but ", "I will call you. "):
        once, twice = (best(lambda n=n, of=shape: review(of * n), 1) for n in (500, 1000))
        print(f"  {shape!r} 500 times {once:.0f} ms, 1,000 times {twice:.0f} ms")


def best(made: Callable[[], object], times: int = 50) -> float:
    made()
    found = []
    for _ in range(7):
        start = time.process_time()
        for _ in range(times):
            made()
        found.append((time.process_time() - start) / times)
    return 1000 * min(found)


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
    for code, times in codes.most_common():
        print(f"    {code} {times / len(turns):6.1%}")
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


PARTS = {
    "kept_aside": kept_aside,
    "speed": speed,
    "tone": lambda: tone(vader()),
    "false_alarms": false_alarms,
    "agents": agents,
}

if __name__ == "__main__":
    for name in sys.argv[2:] or PARTS:
        PARTS[name]()
