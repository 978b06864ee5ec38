"""Apologies: one that is missing, one too many."""

from collections.abc import Iterator, Sequence

from deescalate.moves import Move
from deescalate.reading.agent import MoveFound
from deescalate.reading.sentences import Sentence, sentences_of
from deescalate.reading.tokens import Token, tokenize
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
    repeated = _repeated(previous)
    for found, sentence in _with_sentences(draft, sorry):
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


def _with_sentences(
    draft: Draft, found: Sequence[MoveFound]
) -> Iterator[tuple[MoveFound, tuple[str, ...]]]:
    """Moves in the order of the text, each with the folded words of the sentence it begins in."""
    sentences = iter(draft.sentences)
    end = 0
    words: tuple[str, ...] = ()
    for each in found:
        while each.span.start >= end:
            sentence = next(sentences)
            end = draft.tokens[sentence.last].end
            words = _words(draft.tokens, sentence)
        yield each, words


def _words(tokens: Sequence[Token], sentence: Sentence) -> tuple[str, ...]:
    return tuple(t.text for t in tokens[sentence.first : sentence.last + 1] if t.kind == "word")


def _repeated(previous: Sequence[str]) -> dict[tuple[str, ...], int]:
    """How often each sentence was already said in earlier replies."""
    counts: dict[tuple[str, ...], int] = {}
    for text in previous:
        tokens = tokenize(text)
        for words in {_words(tokens, each) for each in sentences_of(tokens, text)}:
            counts[words] = counts.get(words, 0) + 1
    return counts
