"""Apologies: one that is missing, one too many."""

from collections.abc import Iterator, Sequence

from deescalate.moves import Move
from deescalate.reading.sentences import sentences_of
from deescalate.reading.tokens import tokenize
from deescalate.wording.draft import Draft, Hit
from deescalate.wording.needs import SituationLike
from deescalate.wording.settings import Limits

__all__ = ["apology_hits"]

_NEWS = (Move.ACT, Move.PROPOSE, Move.OFFER_CHOICE, Move.INFORM, Move.OWN_RESPONSIBILITY)


def apology_hits(
    draft: Draft, limits: Limits, situation: SituationLike | None, previous: Sequence[str]
) -> Iterator[Hit]:
    """What is wrong with the apologies as a whole; bad phrases are found elsewhere."""
    sorry = draft.made(Move.APOLOGISE)
    if situation is not None and not sorry:
        if situation.fault == "ours" and not situation.apologies:
            yield Hit(code="A201", span=draft.end)
        return
    repeated = _repeated(draft, previous)
    for found in sorry:
        sentence = _sentence_at(draft, found.span.start)
        if repeated.get(sentence, 0) >= limits.apologies:
            yield Hit(code="A206", span=found.span)
            return
    if (
        sorry
        and situation is not None
        and situation.apologies >= limits.apologies
        and not draft.made(*_NEWS)
    ):
        yield Hit(code="A206", span=sorry[0].span)


def _sentence_at(draft: Draft, start: int) -> tuple[str, ...]:
    """The folded words of the sentence in which a character stands."""
    for sentence in draft.sentences:
        if start < draft.tokens[sentence.last].end:
            return _words(draft, sentence.first, sentence.last)
    raise AssertionError(start)


def _words(draft: Draft, first: int, last: int) -> tuple[str, ...]:
    return tuple(t.text for t in draft.tokens[first : last + 1] if t.kind == "word")


def _repeated(draft: Draft, previous: Sequence[str]) -> dict[tuple[str, ...], int]:
    """How often each sentence was already said in earlier replies."""
    counts: dict[tuple[str, ...], int] = {}
    for text in previous:
        tokens = tokenize(text)
        said = {
            tuple(t.text for t in tokens[each.first : each.last + 1] if t.kind == "word")
            for each in sentences_of(tokens, text)
        }
        for words in said:
            counts[words] = counts.get(words, 0) + 1
    return counts
