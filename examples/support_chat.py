"""Read a conversation as `deescalate chat` does, or a whole data set in one table.

::

    python examples/support_chat.py               a conversation shipped beside this script
    python examples/support_chat.py FILE          any conversation: see `deescalate chat --help`
    python examples/support_chat.py DATA.jsonl    a data set with a dialogue a line: a table
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from deescalate import DeescalateError, Playbook
from deescalate.command import main as command
from deescalate.conversation import CustomerSaid, read_transcript
from deescalate.errors import TranscriptError

SHIPPED = Path(__file__).resolve().parent / "conversations" / "parcel_two_weeks_late.txt"


def dialogues(text: str) -> list[dict[str, Any]] | None:
    """The dialogues of a data set with one a line, or nothing where it is a conversation."""
    first, _, rest = text.partition("\n")
    if not rest.strip() or '"turns"' not in first:
        return None
    return [json_object(number, line) for number, line in lines_of(text)]


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines that hold anything, numbered from 1."""
    return ((n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip())


def json_object(number: int, line: str) -> dict[str, Any]:
    """A dialogue with its turns, or a refusal that names the line."""
    try:
        found = json.loads(line)
    except ValueError as error:
        raise TranscriptError(f"not JSON: {error}", number) from error
    if not isinstance(found, dict) or not isinstance(found.get("turns"), list):
        raise TranscriptError("expected an object with a list of `turns`", number)
    return found


def ranks(values: Sequence[float]) -> list[float]:
    """Ranks from 1, ties sharing their mean."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            found[place] = (start + end + 1) / 2
        start = end
    return found


def spearman(ours: Sequence[float], theirs: Sequence[float]) -> float:
    """Spearman's rank correlation."""
    a, b = ranks(ours), ranks(theirs)
    mean = (len(a) + 1) / 2
    covariance = sum((x - mean) * (y - mean) for x, y in zip(a, b, strict=True))
    spread = sum((x - mean) ** 2 for x in a) * sum((y - mean) ** 2 for y in b)
    return covariance / spread**0.5 if spread else float("nan")


def vader_scores(texts: Sequence[str]) -> list[float] | None:
    """VADER's negativity of each text, where it is installed (``pip install vaderSentiment``)."""
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        return None
    analyzer = SentimentIntensityAnalyzer()
    return [-analyzer.polarity_scores(text)["compound"] for text in texts]


def survey(found: Sequence[dict[str, Any]]) -> None:
    """A whole data set in one table."""
    playbook = Playbook.default()
    started = datetime(2026, 1, 5, 9, tzinfo=UTC)
    texts: list[str] = []
    distress: list[float] = []
    ratings: list[float] = []
    tiers: Counter[str] = Counter()
    turns, all_distress = 0, []
    began = time.perf_counter()
    for dialogue in found:
        talk = playbook.replay(read_transcript(json.dumps(dialogue), opened_at=started))
        turns += len(talk.turns)
        tiers[talk.escalation.tier] += 1
        said = [turn for turn in talk.turns if isinstance(turn.event, CustomerSaid)]
        all_distress += [turn.emotion.distress for turn in said]
        rated = [turn for turn in dialogue["turns"] if turn["role"] == "customer"]
        for turn, rating in zip(said, rated, strict=True):
            if rating.get("frustration_mean") is not None:
                texts.append(turn.event.text)
                distress.append(turn.emotion.distress)
                ratings.append(rating["frustration_mean"])
    seconds = time.perf_counter() - began
    rows = [("dialogues", f"{len(found):,}"), ("turns", f"{turns:,}")]
    rows += [(f"ended with {tier}", f"{count:,}") for tier, count in tiers.most_common()]
    rows.append(("mean distress of customer turns", f"{sum(all_distress) / len(all_distress):.2f}"))
    if ratings:
        rows.append(("rated customer turns", f"{len(ratings):,}"))
        rows.append(("rank correlation with the raters", f"{spearman(distress, ratings):.3f}"))
        vader = vader_scores(texts)
        beside = f"{spearman(vader, ratings):.3f}" if vader else "not installed"
        rows.append(("the same for VADER", beside))
    rows.append(("turns a second, the whole chain", f"{turns / seconds:,.0f}"))
    for name, value in rows:
        print(f"{name:<44}{value:>12}")


def main(arguments: Sequence[str]) -> int:
    """A data set is surveyed here; all else is the command's."""
    given = [each for each in arguments if not each.startswith("-")]
    try:
        text = Path(given[0]).read_text("utf-8") if given else ""
        found = dialogues(text)
    except (OSError, ValueError) as error:
        if isinstance(error, DeescalateError):
            print(f"support_chat: {given[0]}: {error}", file=sys.stderr)
            return 2
        found = None
    if found is not None:
        survey(found)
        return 0
    return command(["chat", *(arguments or [str(SHIPPED)])])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
