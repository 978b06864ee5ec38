"""``chat``: a conversation turn by turn, from a file or as it is typed."""

import sys
from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime

from deescalate._html import Markup, tag
from deescalate._html import page as page_of
from deescalate.advice import Plan
from deescalate.command._messages import show_review
from deescalate.command._page import Page
from deescalate.command._sources import STDIN, InputError, each_of, write_text
from deescalate.command._talks import playbook_of, talks_in, who_of
from deescalate.conversation import Conversation, CustomerSaid, Turn, read_transcript
from deescalate.emotion import EmotionState
from deescalate.errors import DeescalateError
from deescalate.playbook import Playbook

__all__ = ["chat"]

_CELLS = 24


def chat(options: Namespace, page: Page) -> int:
    """Show conversations with what each turn shows and what is best said next."""
    book = playbook_of(options)
    if options.follow or options.files in ([], [STDIN]):
        return _listen(options, page, book)
    shown: list[Conversation] = []
    status = 0

    def read(source: str) -> list[Conversation]:
        return [*talks_in(source, options, book)]

    for _, found in each_of(options.files, read, page):
        if isinstance(found, InputError):
            status = 2
            continue
        for talk in found:
            show(page, talk)
        shown += found
    _write_html(options, shown)
    return status


def _write_html(options: Namespace, talks: list[Conversation]) -> None:
    if not options.html or not talks:
        return
    if len(talks) == 1:
        write_text(options.html, talks[0].to_html())
        return
    parts: list[Markup] = []
    for place, talk in enumerate(talks, 1):
        shown = talk._repr_html_()  # pyright: ignore[reportPrivateUsage]  as notebooks call it
        parts += [tag("h1", talk.opened.case or place), Markup(shown)]
    write_text(options.html, page_of(f"{len(talks)} conversations", *parts))


def show(page: Page, talk: Conversation) -> None:
    """A whole conversation, and the handover note at its end."""
    for turn in talk.turns:
        show_turn(page, turn)
    page.write(talk.handover().to_markdown(width=page.width))


def show_turn(page: Page, turn: Turn) -> None:
    """One turn, with what it shows and what to do about it."""
    theirs = isinstance(turn.event, CustomerSaid)
    page.line("customer" if theirs else "agent", turn.event.text, "bold")
    if theirs:
        shown = [f"{spaced(cue.kind.value)}: “{cue.quote}”" for cue in turn.reading.cues]
        for text in dict.fromkeys(shown):
            page.line("", text, "yellow")
        state = turn.emotion
        colour = "red" if state.distress >= 0.7 else "yellow" if state.distress >= 0.4 else "green"
        page.line("distress", bar(state), colour)
        page.line("", f"{state.dominant}; open to reason {state.openness:.0%}")
    elif turn.review is not None:
        show_review(page, turn.review)
    if turn.escalated:
        reasons = "; ".join(turn.escalation.because)
        page.line("ESCALATE", f"to {turn.escalation.tier}: {reasons}", "red")
    if theirs:
        show_plan(page, turn.plan)
    page.rule()


def bar(state: EmotionState) -> str:
    """Distress as a bar: ``#`` is the estimate, ``-`` what its 90 % interval adds."""
    interval = state.distress_interval()
    at, end = round(state.distress * _CELLS), round(interval.high * _CELLS)
    body = "#" * at + "-" * (end - at) + "." * (_CELLS - max(at, end))
    return f"[{body}] {state.distress:.2f} ({interval.low:.2f} to {interval.high:.2f})"


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


def _listen(options: Namespace, page: Page, book: Playbook) -> int:
    """Standard input: plain lines are taken as they come, a JSON document as a whole."""
    if sys.stdin is None or sys.stdin.closed:
        raise InputError(STDIN, "it is closed: give a file")
    if sys.stdin.isatty():
        print("customer: ... or agent: ..., a line each; end with Ctrl-D", file=page.err)
    lines = _lines()
    first = next((line for line in lines if line.strip()), "")
    if first.lstrip("\ufeff").lstrip()[:1] in ("{", "["):
        whole = first + "".join(lines)
        return _told_whole(whole, options, page, book)

    def every() -> Iterator[str]:
        yield first
        yield from lines

    talk, status = _follow(every(), options, page, book)
    _write_html(options, [talk] if talk.turns else [])
    return status


def _lines() -> Iterator[str]:
    """Lines of standard input as they come; what is no UTF-8 shows as a mark."""
    for line in sys.stdin.buffer:
        yield line.decode("utf-8", "replace")


def _told_whole(text: str, options: Namespace, page: Page, book: Playbook) -> int:
    who, now = who_of(options), datetime.now(UTC)
    talk = book.replay(read_transcript(text, opened_at=now, who=who))
    show(page, talk)
    _write_html(options, [talk])
    return 0


def _follow(
    lines: Iterator[str], options: Namespace, page: Page, book: Playbook
) -> tuple[Conversation, int]:
    """Take turns live; a line that cannot be read is told and passed over."""
    who, status = who_of(options), 0
    talk = book.open(at=datetime.now(UTC))
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        said = line if ":" in line[:40] else f"customer: {line}"
        now = datetime.now(UTC)
        try:
            for event in read_transcript(said, opened_at=now, who=who)[1:]:
                talk = talk.then(event)
                show_turn(page, talk.turns[-1])
                page.out.flush()
        except DeescalateError as error:
            status = 2
            reason = str(error).removeprefix("line 1: ")
            page.complain(InputError(STDIN, reason, number))
    if talk.turns:
        page.write(talk.handover().to_markdown(width=page.width))
    elif not status:
        raise InputError(STDIN, "there is no turn in it: expected `customer: ...`")
    return talk, status
