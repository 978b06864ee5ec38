"""Read a conversation as a good team lead would: what it shows, what to say, who takes over.

::

    python examples/support_chat.py               a conversation shipped beside this script
    python examples/support_chat.py FILE          JSON lines, a message list, or plain lines
    python examples/support_chat.py -             lines as a person types them (or --follow)
    python examples/support_chat.py DATA.jsonl    a data set with a dialogue a line: a table
"""

import argparse
import json
import os
import sys
import textwrap
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from deescalate import DeescalateError, EmotionState, Plan, Playbook, Review
from deescalate.conversation import AgentSaid, CustomerSaid, Event, Turn, read_transcript
from deescalate.errors import TranscriptError

HERE = Path(__file__).resolve().parent
SHIPPED = HERE / "conversations" / "parcel_two_weeks_late.txt"
WIDTH = 80
COLOURS = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "dim": "2", "bold": "1"}


class Page:
    """An 80-column page: wraps, makes any text printable, colours only where that is wanted."""

    def __init__(self, out: TextIO) -> None:
        self.out = out
        wanted = out.isatty() and "NO_COLOR" not in os.environ
        self.colour = wanted and os.environ.get("TERM", "dumb") != "dumb"

    def paint(self, text: str, *names: str) -> str:
        if not self.colour:
            return text
        return f"\x1b[{';'.join(COLOURS[name] for name in names)}m{text}\x1b[0m"

    def line(self, label: str, text: str, *names: str) -> None:
        """One labelled paragraph."""
        shown = "".join(map(printable, text[:2_000]))
        if len(text) > 2_000:
            shown += f" … ({len(text):,} characters)"
        wrapped = textwrap.wrap(shown, WIDTH - 11) or [""]
        for number, piece in enumerate(wrapped):
            head = self.paint(f"{label if number == 0 else '':<10} ", "dim")
            print(head + (self.paint(piece, *names) if names else piece), file=self.out)

    def rule(self) -> None:
        print(self.paint("─" * WIDTH, "dim"), file=self.out)


def printable(char: str) -> str:
    """A character as a terminal can show it without harm."""
    if char.isprintable():
        return char
    return " " if char in "\n\t" else "\N{REPLACEMENT CHARACTER}"


def bar(state: EmotionState) -> str:
    """Distress as a bar, with the 90 % interval of what it may be.

    ``#`` is the estimate, ``-`` what the interval adds.
    """
    interval = state.distress_interval()
    low, high = interval.low, interval.high
    cells = 24
    at, end = round(state.distress * cells), round(high * cells)
    body = "#" * at + "-" * (end - at) + "." * (cells - max(at, end))
    return f"[{body}] {state.distress:.2f} ({low:.2f} to {high:.2f})"


def show_turn(page: Page, turn: Turn) -> None:
    """One turn, with what it shows and what to do about it."""
    if isinstance(turn.event, CustomerSaid):
        page.line("customer", turn.event.text, "bold")
        shown = [f"{spaced(cue.kind.value)}: “{cue.quote}”" for cue in turn.reading.cues]
        for text in dict.fromkeys(shown):
            page.line("", text, "yellow")
        state = turn.emotion
        colour = "red" if state.distress >= 0.7 else "yellow" if state.distress >= 0.4 else "green"
        page.line("distress", bar(state), colour)
        page.line("", f"{state.dominant}; open to reason {state.openness:.0%}")
    else:
        page.line("agent", turn.event.text, "bold")
        if turn.review is not None:
            show_review(page, turn.review)
    if turn.escalated:
        reasons = "; ".join(turn.escalation.because)
        page.line("ESCALATE", f"to {turn.escalation.tier}: {reasons}", "red")
    if isinstance(turn.event, CustomerSaid):
        show_plan(page, turn.plan)
    page.rule()


def show_review(page: Page, review: Review) -> None:
    """What the reviewer finds in a reply, with its rewrite."""
    page.line("review", f"{review.score:.2f}" + ("" if review.findings else ", nothing to mend"))
    for finding in review.findings:
        hint = f"; {finding.suggestion}" if finding.suggestion else ""
        quote = f"“{finding.quote}” " if finding.quote else ""
        page.line("", f"{finding.code} {quote}{finding.reason}{hint}", "yellow")
    if review.rewritten != review.draft:
        page.line("rewrite", review.rewritten, "green")


def show_plan(page: Page, plan: Plan) -> None:
    """What is best said next, and what is not, with reasons."""
    page.line("next", f"{plan.phase.value}: {plan.because}")
    for step in plan.moves:
        page.line("", f"+ {spaced(step.move.value)}: {step.because}", "blue")
    refused: dict[str, list[str]] = {}
    for avoided in plan.avoid:
        refused.setdefault(avoided.because, []).append(avoided.text)
    for because, texts in refused.items():
        page.line("", f"- not {', '.join(dict.fromkeys(texts))}: {because}", "dim")
    for advice in plan.agent:
        page.line("", f"* {advice.text} {advice.because}", "dim")


def spaced(name: str) -> str:
    """A name as it is said."""
    return name.replace("_", " ")


def show(page: Page, events: Sequence[Event]) -> None:
    """A whole conversation, and the handover note at its end."""
    talk = Playbook.default().replay(events[:1])
    for event in events[1:]:
        talk = talk.then(event)
        if isinstance(event, CustomerSaid | AgentSaid):
            show_turn(page, talk.turns[-1])
    print(talk.handover().to_markdown(), file=page.out)


def follow(page: Page, lines: Iterator[str]) -> int:
    """Take turns live; a broken line is said and passed over where a person types."""
    talk = Playbook.default().open(at=datetime.now(UTC))
    status = 0
    for number, line in enumerate(lines, 1):
        now = datetime.now(UTC)
        try:
            events = read_transcript(line, opened_at=now)[1:] if line.strip() else ()
            for event in events:
                talk = talk.then(event)
                show_turn(page, talk.turns[-1])
        except DeescalateError as error:
            status = complain("-", TranscriptError(str(error).removeprefix("line 1: "), number))
    if talk.turns:
        print(talk.handover().to_markdown(), file=page.out)
        return status
    return status or complain("-", TranscriptError("there is no turn in it"))


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


def survey(page: Page, found: Sequence[dict[str, Any]]) -> None:
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
        print(f"{name:<44}{value:>12}", file=page.out)


def complain(source: str, error: Exception) -> int:
    """One clear line on the error stream."""
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    print(f"support_chat: {source}: {reason}".splitlines()[0], file=sys.stderr)
    return 1


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("file", nargs="?", default=str(SHIPPED), help="a conversation, or -")
    parser.add_argument("--follow", action="store_true", help="take lines live, as with -")
    options = parser.parse_args(arguments)
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")  # type: ignore[union-attr]  # a text stream always can
    page = Page(sys.stdout)
    source = "-" if options.follow else options.file
    try:
        if source == "-" and sys.stdin.isatty():
            print("customer: ... or agent: ..., a line each; end with Ctrl-D", file=sys.stderr)
        if source == "-":
            return listen(page)
        data = Path(source).read_bytes()
        return tell(page, data.decode("utf-8", errors="surrogateescape"))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except KeyboardInterrupt:
        return 130
    except (OSError, DeescalateError, ValueError) as error:
        return complain(source, error)


def listen(page: Page) -> int:
    """Standard input: plain lines are taken one by one, a JSON document as a whole."""
    first = next((line for line in sys.stdin if line.strip()), "")
    if first.lstrip("\ufeff").lstrip()[:1] in ("{", "["):
        return tell(page, first + sys.stdin.read())

    def lines() -> Iterator[str]:
        yield first
        yield from sys.stdin

    return follow(page, lines())


def tell(page: Page, text: str) -> int:
    """A whole document: one conversation, or a data set of them."""
    if not text.strip():
        raise TranscriptError("it is empty: expected `customer: ...`, messages or events")
    found = dialogues(text)
    if found is not None:
        survey(page, found)
    else:
        show(page, read_transcript(text, opened_at=datetime(2026, 1, 5, 9, tzinfo=UTC)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
