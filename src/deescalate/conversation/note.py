"""From a conversation to its handover note."""

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING

from deescalate.conversation.events import CustomerSaid, Offered
from deescalate.conversation.handover import (
    Handover,
    Moment,
    OpenPromise,
    Quote,
    Tried,
    shortened,
)
from deescalate.conversation.history import WANTING

if TYPE_CHECKING:
    from deescalate.conversation.conversation import Conversation

__all__ = ["handover_of"]

WARNINGS = {
    "self_harm": "danger: they spoke of harming themselves; stay with them until help is there",
    "violence": "danger: they spoke of violence; tell security before any meeting",
}


def handover_of(talk: "Conversation") -> Handover:
    """Write the note of a conversation, unmasked."""
    said = [turn for turn in talk.turns if isinstance(turn.event, CustomerSaid)]
    first_said = {
        (cue.kind, cue.quote.casefold()): Quote(
            at=turn.event.at, kind=cue.kind.value.replace("_", " "), quote=cue.quote
        )
        for turn in reversed(said)
        for cue in reversed(turn.reading.cues)
    }
    made = Counter(found for turn in talk.turns for found in {each.move for each in turn.moves})
    decision = talk.escalation
    return Handover(
        case=talk.opened.case,
        at=talk.at,
        story=tuple(_story(talk)),
        warnings=tuple(_warnings(talk)),
        tier=decision.tier,
        because=decision.because,
        course=tuple(
            Moment(at=turn.event.at, distress=turn.emotion.distress, emotion=turn.emotion.dominant)
            for turn in said
        ),
        cues=tuple(reversed(first_said.values())),
        tried=tuple(Tried(move=move.value, times=times) for move, times in made.items()),
        offered=tuple(_offers(talk)),
        promised=tuple(
            OpenPromise(
                what=promise.what,
                due=talk.ledger.due(promise.name, at=talk.at),
                standing=talk.ledger.standing(promise.name, at=talk.at).value,
            )
            for promise in talk.ledger.promises
        ),
        next=tuple(f"{step.move.purpose}: {step.because}" for step in talk.plan.moves),
        unknown=tuple(_unknown(talk)),
        history=talk.opened.history,
    )


def _story(talk: "Conversation") -> Iterator[str]:
    """At most five lines: when, the beginning, the worst moment, the wish, where it stands."""
    said = [turn for turn in talk.turns if isinstance(turn.event, CustomerSaid)]
    replies = len(talk.turns) - len(said)
    minutes = (talk.at - talk.opened.at).total_seconds() / 60.0
    yield (
        f"opened {talk.opened.at:%Y-%m-%d %H:%M %Z}, {_count(len(said), 'message')} and "
        f"{_count(replies, 'reply')} in {_length(minutes)}"
    )
    if not said:
        return
    yield f"it began with “{shortened(said[0].event.text)}”"
    worst = max(said, key=lambda turn: turn.emotion.distress)
    if worst is not said[0] and worst is not said[-1]:
        yield f"at the worst, at {worst.event.at:%H:%M}: “{shortened(worst.event.text)}”"
    wish = next((cue for turn in reversed(said) for cue in turn.reading.of(*WANTING)), None)
    if wish is not None:
        yield f"they want: “{shortened(wish.quote)}”"
    last = said[-1]
    settled = "settled" if talk.history.resolved else "open"
    yield (
        f"it is {settled}; {last.emotion.dominant}, distress {last.emotion.distress:.2f}"
        + (f", last words “{shortened(last.event.text)}”" if last is not said[0] else "")
    )


def _count(number: int, noun: str) -> str:
    plural = {"message": "messages", "reply": "replies"}[noun]
    return f"{number} {noun if number == 1 else plural}"


def _length(minutes: float) -> str:
    if minutes < 90:
        return f"{minutes:.0f} min"
    return f"{minutes / 60:.0f} h" if minutes < 48 * 60 else f"{minutes / 1_440:.0f} days"


def _warnings(talk: "Conversation") -> Iterator[str]:
    danger = talk.history.danger_shown
    if danger in WARNINGS:
        yield WARNINGS[danger]
    if talk.broken:
        yield f"{talk.broken} promise(s) to them were broken: say so before anything else"
    if talk.history.vulnerable:
        yield "they told of something that makes this harder for them: see what they showed"


def _offers(talk: "Conversation") -> Iterator[str]:
    for event in talk.events:
        if isinstance(event, Offered):
            yield event.what + (f" ({event.amount})" if event.amount else "")


def _unknown(talk: "Conversation") -> Iterator[str]:
    situation = talk.situation
    if situation.fault == "unknown":
        yield "whose fault it was"
    if situation.can_meet == "unknown":
        yield "whether what they want can be given"
    if not (talk.history.ever & {*WANTING}):
        yield "what would put it right for them"
    if not talk.history.asked:
        yield "the root cause: nobody has asked yet"
    missing = [name.replace("_", " ") for name in talk.escalation.missing]
    if missing:
        yield "for the decision who should have it: " + ", ".join(missing)
