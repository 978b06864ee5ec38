"""Order: the person before the issue, the plan's moves made and its warnings heeded."""

from collections.abc import Iterator, Sequence
from typing import Final

from deescalate.cues import Span
from deescalate.moves import Family, Move, Phase, phrases_for
from deescalate.reading import MoveFound
from deescalate.text import Places, Text
from deescalate.wording._draft import Draft, Hit
from deescalate.wording._needs import PlanLike, SituationLike
from deescalate.wording._settings import Limits

__all__ = ["ACKNOWLEDGING", "again_hits", "order_hits"]

ACKNOWLEDGING = frozenset(
    {move for move in Move if move.family is Family.EMPATHY}
    | {Move.LABEL_EMOTION, Move.PARAPHRASE, Move.SUMMARISE, Move.AGREE_PARTIAL, Move.APOLOGISE}
    | {Move.OWN_RESPONSIBILITY}
)
"""Moves that show a customer that they have been heard."""

_REMEDIES = frozenset({Move.PROPOSE, Move.OFFER_CHOICE})
_NEXT_STEPS = _REMEDIES | {Move.ACCEPT, Move.ACT, Move.PARTNER, Move.INFORM, Move.FOLLOW_UP}
_STEPS = frozenset(move for move in Move if move.phase is Phase.RESOLUTION)
_STAND_IN: dict[Move, frozenset[Move]] = {
    Move.EMPATHISE: frozenset({Move.VALIDATE, Move.LABEL_EMOTION}),
    Move.VALIDATE: frozenset({Move.EMPATHISE}),
    Move.LABEL_EMOTION: frozenset({Move.EMPATHISE, Move.VALIDATE}),
    Move.PARAPHRASE: frozenset({Move.SUMMARISE}),
    Move.SUMMARISE: frozenset({Move.PARAPHRASE}),
    Move.OPEN_QUESTION: frozenset({Move.ELICIT_WANT, Move.CLOSED_QUESTION}),
    Move.ELICIT_WANT: frozenset({Move.OPEN_QUESTION, Move.PROPOSE, Move.OFFER_CHOICE}),
    Move.CLOSED_QUESTION: frozenset({Move.ELICIT_WANT, Move.ACT, Move.PROPOSE, Move.INFORM}),
    Move.PROPOSE: frozenset({Move.OFFER_CHOICE}),
    Move.PARTNER: frozenset({Move.ACT, Move.ACCEPT, Move.PROPOSE, Move.OFFER_CHOICE}),
    Move.GIVE_CHOICE: frozenset({Move.OFFER_CHOICE}),
    Move.ACT: frozenset({Move.INFORM, Move.CONFIRM, Move.ACCEPT, Move.PROPOSE}),
    Move.INFORM: frozenset(
        {Move.ACT, Move.FOLLOW_UP, Move.PROPOSE, Move.OFFER_CHOICE, Move.CONFIRM}
    ),
    Move.FOLLOW_UP: frozenset({Move.INFORM, Move.REASSURE}),
}

_ASKING = frozenset({Move.OPEN_QUESTION, Move.CLOSED_QUESTION, Move.ELICIT_WANT})
_SAFE = (Move.SAFETY_CHECK, Move.SEEK_HELP, Move.CALL_SECURITY)
_WEIGHTY = (
    Move.APOLOGISE, Move.OWN_RESPONSIBILITY, Move.EMPATHISE, Move.VALIDATE, Move.LABEL_EMOTION,
    Move.ACT, Move.PROPOSE, Move.OFFER_CHOICE,
)  # fmt: skip
"""The moves that a customer misses most, the most missed first; in danger those of safety. Ours."""
_GIVES_A_REASON = frozenset({Move.DECLINE, Move.SET_LIMIT})


def order_hits(
    draft: Draft,
    limits: Limits,
    plan: PlanLike | None,
    situation: SituationLike | None,
    *,
    danger: bool,
    ours: bool,
) -> Iterator[Hit]:
    """What comes too early, what is missing and what should not be there."""
    planned = _moves(plan)
    upset = situation is None or situation.distress >= limits.upset
    if plan is not None:
        yield from _out_of_place(draft, limits, plan, planned, situation)
        if danger or (upset and draft.words >= limits.words_brief):
            yield from _left_out(draft, plan, danger=danger)
    if situation is not None:
        yield from _too_early(draft, limits, planned, situation, ours=ours)
    yield from _bare_limit(draft, planned)


def _moves(plan: PlanLike | None) -> tuple[Move, ...]:
    if plan is None:
        return ()
    return tuple(each.move for each in plan.moves if each.move is not None)


def _out_of_place(
    draft: Draft,
    limits: Limits,
    plan: PlanLike,
    planned: tuple[Move, ...],
    situation: SituationLike | None,
) -> Iterator[Hit]:
    """The first move of each kind that the plan avoids, unless one that fits shares its place.

    A later step is in its place where the same reply acknowledges the person first and the person
    can take it in.
    """
    fitting = {*planned, *(other for move in planned for other in _STAND_IN.get(move, ()))}
    if _GIVES_A_REASON.intersection(planned):
        fitting.add(Move.EXPLAIN)
    closings = {*_closings(draft)}
    courtesies = _courtesies(draft)
    early = {
        found
        for found in draft.sincere
        if found in closings or (found.move is not Move.CONFIRM and found not in courtesies)
    }
    if situation is not None and situation.openness >= limits.listens:
        early -= _after_acknowledging(draft)
    avoided = {each.move for each in plan.avoid} - fitting
    fits = [each.span for each in draft.sincere if each.move in fitting]
    at = 0
    for found in draft.sincere:
        while at < len(fits) and fits[at].end <= found.span.start:
            at += 1
        shared = at < len(fits) and fits[at].start < found.span.end
        if found.move in avoided and found in early and not shared:
            avoided.discard(found.move)
            yield Hit(
                code="O303",
                span=found.span,
                suggestion=f"leave it for later: the plan avoids `{found.move}` now",
            )


def _courtesies(draft: Draft) -> set[MoveFound]:
    """What only closes kindly: a question whether there is anything else is no question."""
    closed = (each.span for each in draft.made(Move.CONFIRM))
    kind = Places([*draft.signs("courtesy"), *closed])
    return {each for each in draft.sincere if each.move in _ASKING and kind.touch(each.span)}


def _after_acknowledging(draft: Draft) -> set[MoveFound]:
    """The steps that come after the person has been acknowledged in the same reply."""
    seen = (each.span.end for each in draft.made(*ACKNOWLEDGING))
    first = min(seen, default=len(draft.text) + 1)
    return {each for each in draft.made(*_STEPS) if each.span.start >= first}


def _left_out(draft: Draft, plan: PlanLike, *, danger: bool) -> Iterator[Hit]:
    """The one move of the plan that the reply cannot do without, if it does not make it.

    Outside of danger any word that shows a customer they were heard stands for any other.
    """
    made = {found.move for found in draft.sincere}
    planned = [
        each.move
        for each in plan.moves
        if each.move is not None and each.move.spoken and not getattr(each, "spare", False)
    ]
    order = (*_SAFE, *_WEIGHTY) if danger else _WEIGHTY
    weighty = [move for move in order if move in planned][:1] or planned[:1]
    for move in weighty:
        fitting = {move, *_STAND_IN.get(move, ())}
        if not danger and move in ACKNOWLEDGING:
            fitting |= ACKNOWLEDGING
        if not made & fitting:
            examples = phrases_for(move, draft.language)[:1]
            words = [move.purpose, *(f", for example: {each.filled()}" for each in examples)]
            yield Hit(code="O302", span=draft.end, suggestion="".join(words))


def _too_early(
    draft: Draft,
    limits: Limits,
    planned: tuple[Move, ...],
    situation: SituationLike,
    *,
    ours: bool,
) -> Iterator[Hit]:
    closed = situation.openness < limits.listens
    if (closed or situation.distress >= limits.upset) and not situation.acknowledged:
        yield from _unheard(draft, planned)
    if closed:
        for found in draft.made(Move.EXPLAIN):
            if not {Move.EXPLAIN, *_GIVES_A_REASON}.intersection(planned):
                yield Hit(code="O304", span=found.span)
    if ours and not situation.responsibility_owned:
        owning = frozenset({Move.OWN_RESPONSIBILITY})
        yield from _before(draft, "O305", frozenset({Move.EXPLAIN}), owning, planned)
    if not (situation.resolved or situation.agreed) and Move.CONFIRM not in planned:
        for found in _closings(draft):
            yield Hit(code="O306", span=found.span)


def _closings(draft: Draft) -> Iterator[MoveFound]:
    """Questions whether all is settled, but those that ask for a yes to an offer or step before."""
    offered = min((each.span.end for each in draft.made(*_NEXT_STEPS)), default=len(draft.text) + 1)
    asking = [draft.span(each.first, each.last) for each in draft.sentences if each.asks]
    at = 0
    for found in draft.made(Move.CONFIRM):
        while at < len(asking) and asking[at].end <= found.span.start:
            at += 1
        asked = at < len(asking) and asking[at].start <= found.span.start
        if asked and found.span.start < offered:
            yield found


def _unheard(draft: Draft, planned: tuple[Move, ...]) -> Iterator[Hit]:
    """The first remedy before any acknowledgement; without a plan, also one in a plain phrase."""
    offered = list(_before(draft, "O301", _REMEDIES, ACKNOWLEDGING, planned))
    heard = min((each.span.start for each in draft.made(*ACKNOWLEDGING)), default=None)
    asked = {each.span.end for each in draft.made(Move.ASK_PERMISSION)}
    phrase = next((each for each in draft.signs("remedy") if each.end not in asked), None)
    if offered:
        yield offered[0]
    elif phrase and not planned and (heard is None or phrase.start < heard):
        yield Hit(code="O301", span=phrase)


def _before(
    draft: Draft,
    code: str,
    later: frozenset[Move],
    first: frozenset[Move],
    planned: tuple[Move, ...],
) -> Iterator[Hit]:
    """The first move of ``later`` that no move of ``first`` comes before, unless planned so.

    Who asks whether they may suggest something has not yet done so.
    """
    asked = 0
    for found in draft.sincere:
        if found.move in first:
            return
        if found.move is Move.ASK_PERMISSION:
            asked = found.span.end
        early = found.move in later and found.span.start >= asked
        if early and not _planned_so(found, first, planned):
            yield Hit(code=code, span=found.span)
            return


def _planned_so(found: MoveFound, first: frozenset[Move], planned: tuple[Move, ...]) -> bool:
    """Whether the plan itself makes this move without any of ``first`` before it."""
    same = {found.move, *_STAND_IN.get(found.move, ())}
    places = [place for place, move in enumerate(planned) if move in same]
    return bool(places) and not first.intersection(planned[: places[0]])


def _bare_limit(draft: Draft, planned: tuple[Move, ...]) -> Iterator[Hit]:
    limits = draft.made(Move.SET_LIMIT)
    if not limits or (Move.SET_LIMIT in planned and Move.GIVE_CHOICE not in planned):
        return
    reason = next(draft.signs("reason"), None)
    choice = draft.made(Move.GIVE_CHOICE, Move.OFFER_CHOICE)
    if not choice or (reason is None and Move.SET_LIMIT not in planned):
        yield Hit(code="O307", span=limits[0].span)


_LEAST: Final = 4
"""Words from which a sentence said twice is noticed; ours."""
_KIND: Final = frozenset(
    {Move.APOLOGISE, Move.THANK, Move.INTRODUCE, Move.EMPATHISE, Move.CONFIRM, Move.REASSURE}
)
"""What may be said twice; how often one may be sorry is looked at elsewhere."""


def again_hits(draft: Draft, previous: Sequence[Text]) -> Iterator[Hit]:
    """The first sentence of the draft that an earlier reply had word for word."""
    if not previous:
        return
    said = {words for text in previous for words in text.said}
    kind = Places(Span(at, at + 1) for at in {e.span.start for e in draft.said if e.move in _KIND})
    for sentence, words in zip(draft.sentences, draft.cut.said, strict=True):
        if len(words) >= _LEAST and words in said:
            span = draft.span(sentence.first, sentence.last)
            if not kind.touch(span):
                yield Hit(code="O309", span=span)
                return
