"""Apologies: one that is missing, one too many."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from deescalate.cues import Span
from deescalate.moves import Move
from deescalate.reading import MoveFound
from deescalate.text import Text
from deescalate.wording._draft import Draft, Hit
from deescalate.wording._needs import SituationLike
from deescalate.wording._settings import Limits

__all__ = ["apology_hits"]

_NEWS = (Move.ACT, Move.PROPOSE, Move.OFFER_CHOICE, Move.INFORM, Move.OWN_RESPONSIBILITY)


def apology_hits(
    draft: Draft,
    limits: Limits,
    situation: SituationLike | None,
    previous: Sequence[Text],
    *,
    ours: bool,
) -> Iterator[Hit]:
    """What is wrong with the apologies as a whole; bad phrases are found elsewhere.

    Where it is only the customer's word that the fault is ours, an apology is missed only by one
    who is upset.
    """
    yield from _taken_back(draft)
    sorry = draft.made(Move.APOLOGISE)
    if not sorry:
        if situation is not None and not situation.apologies:
            known = situation.fault == "ours"
            if known or (ours and situation.distress >= limits.upset):
                owned = bool(draft.made(Move.OWN_RESPONSIBILITY))
                yield Hit(code="A201", span=draft.end, likely=owned)
        return
    news = draft.made(*_NEWS) or any(draft.signs("time"))
    before = 0 if situation is None else situation.apologies
    if len(sorry) > limits.apologies or (before >= limits.apologies and not news):
        yield Hit(code="A206", span=sorry[-1].span)
        return
    for found, times in _with_counts(draft, sorry, _repeated(previous)):
        if times >= limits.apologies:
            yield Hit(code="A206", span=found.span)
            return


def _taken_back(draft: Draft) -> Iterator[Hit]:
    """A sentence that begins with "but", right after one that is sorry."""
    spans = [draft.span(each.first, each.last) for each in draft.sentences]
    apologetic = _holding(spans, (found.span for found in draft.made(Move.APOLOGISE)))
    apologetic |= _holding(spans, draft.signs("regret"))
    turning = _holding(spans, draft.signs("but"))
    for number, (_, after) in enumerate(pairwise(spans)):
        if number in apologetic and number + 1 in turning:
            yield Hit(code="A203", span=Span(spans[number].start, after.end))


def _holding(sentences: Sequence[Span], places: Iterable[Span]) -> set[int]:
    """Which sentences hold a place; both come in the order of the text."""
    held: set[int] = set()
    number = 0
    for place in places:
        while sentences[number].end <= place.start:
            number += 1
        held.add(number)
    return held


def _with_counts(
    draft: Draft, found: Sequence[MoveFound], repeated: Mapping[tuple[str, ...], int]
) -> Iterator[tuple[MoveFound, int]]:
    """Moves in the order of the text, each with how often its sentence was said before."""
    sentences = zip(draft.sentences, draft.cut.said, strict=True)
    end = times = 0
    for each in found:
        while each.span.start >= end:
            sentence, words = next(sentences)
            end = draft.tokens[sentence.last].end
            times = repeated.get(words, 0)
        yield each, times


def _repeated(previous: Sequence[Text]) -> dict[tuple[str, ...], int]:
    """How often each sentence was already said in earlier replies."""
    counts: dict[tuple[str, ...], int] = {}
    for text in previous:
        for words in {*text.said}:
            counts[words] = counts.get(words, 0) + 1
    return counts
