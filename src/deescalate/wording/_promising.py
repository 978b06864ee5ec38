"""Promises: a time to each, a broken one owned, a next step at the end."""

from collections.abc import Collection, Iterator, Sequence

from deescalate.cues import CueKind, Span
from deescalate.moves import Move, Phase
from deescalate.promises import Promise
from deescalate.reading import commitments_of, promises_said
from deescalate.text.phrases import Match
from deescalate.wording._draft import Draft, Hit
from deescalate.wording._needs import PlanLike, SituationLike
from deescalate.wording._settings import Limits

__all__ = ["promise_hits"]

_LISTENING = frozenset({Phase.SAFETY, Phase.PERSON, Phase.CLOSING})
"""The phases in which a reply may end without a next step."""
_MATTERS = frozenset(
    {CueKind.UNRESOLVED, CueKind.LONG_WAIT, CueKind.REPEAT_CONTACT, CueKind.IGNORED}
    | {CueKind.REFUND_REQUEST, CueKind.BROKEN_PROMISE, CueKind.ASKS_HUMAN, CueKind.ASKS_SUPERVISOR}
)
"""What a customer says who is owed a next step, however calm they are; ours."""
_ONWARD = (Move.PROPOSE, Move.OFFER_CHOICE, Move.ACT, Move.FOLLOW_UP, Move.GIVE_CHOICE)


def promise_hits(
    draft: Draft,
    limits: Limits,
    plan: PlanLike | None,
    situation: SituationLike | None,
    broken: Sequence[Promise],
    cues: Collection[CueKind],
) -> Iterator[Hit]:
    """What is missing around promises; bad phrases are found elsewhere.

    A customer's word that a promise was broken is taken for true until more is known; who
    regrets or owns it does not pass it over. A calm customer whose question was answered is owed
    no next step.
    """
    said = CueKind.BROKEN_PROMISE in cues
    if situation is not None and situation.promise_broken:
        said |= not situation.responsibility_owned
    owned = draft.made(Move.APOLOGISE, Move.OWN_RESPONSIBILITY)
    passed_over = bool(broken) or (said and not owned)
    if passed_over and next(draft.signs("broken"), None) is None:
        suggestion = f"own that this was not kept: {broken[0].what}" if broken else None
        yield Hit(code="P403", span=draft.end, suggestion=suggestion)
    yield from _timeless(draft)
    open_ = situation is not None and not (situation.resolved or situation.agreed)
    owed = situation is not None and situation.distress >= limits.upset
    owed |= not _MATTERS.isdisjoint(cues)
    listening = plan is not None and plan.phase in _LISTENING
    if open_ and owed and not listening and not _goes_on(draft):
        yield Hit(code="P404", span=draft.end)


def _timeless(draft: Draft) -> Iterator[Hit]:
    """Commitments without a time in their sentence; what is done now needs none.

    Times are read, which takes long, only where no sign tells of one.
    """
    promised = promises_said(draft.cut)
    bare = [*_bare(draft, promised)]
    if any(bare):
        for alone, found in zip(bare, commitments_of(draft.cut, promised), strict=True):
            if alone and found.when is None:
                yield Hit(code="P401", span=found.span)


def _bare(draft: Draft, promised: Sequence[Match]) -> Iterator[bool]:
    """Whether no sign of a time stands in the sentence of a promise."""
    timed = sorted((*draft.signs("now"), *draft.signs("time")), key=_start)
    sentences = iter(draft.sentences)
    place = Span(0, 0)
    at = 0
    for match in promised:
        while place.end <= draft.tokens[match.first].start:
            sentence = next(sentences)
            place = draft.span(sentence.first, sentence.last)
        while at < len(timed) and timed[at].end <= place.start:
            at += 1
        yield not (at < len(timed) and timed[at].start < place.end)


def _start(span: Span) -> int:
    return span.start


def _goes_on(draft: Draft) -> bool:
    return (
        any(each.asks for each in draft.sentences)
        or next(draft.signs("step"), None) is not None
        or any(token.kind == "url" for token in draft.tokens)
        or bool(draft.made(*_ONWARD))
    )
