"""The same thing said again: steps that did not help the first time, whole replies sent twice."""

from collections.abc import Iterator, Sequence
from typing import Final

from deescalate.cues import Span
from deescalate.moves import Move
from deescalate.text import Places, Sentence, Text
from deescalate.wording._draft import Draft, Hit

__all__ = ["again_hits", "words_of_sentence"]

_LEAST: Final = 4
"""Words from which a sentence said twice is noticed; ours."""
_KIND: Final = frozenset(
    {Move.APOLOGISE, Move.THANK, Move.INTRODUCE, Move.EMPATHISE, Move.CONFIRM, Move.REASSURE}
)
"""What may be said twice; how often one may be sorry is looked at elsewhere."""


def words_of_sentence(text: Text, sentence: Sentence) -> tuple[str, ...]:
    """The words of a sentence, folded."""
    tokens = text.tokens[sentence.first : sentence.last + 1]
    return tuple(token.text for token in tokens if token.kind == "word")


def again_hits(draft: Draft, previous: Sequence[Text]) -> Iterator[Hit]:
    """The first sentence of the draft that an earlier reply had word for word."""
    if not previous:
        return
    said = {words_of_sentence(text, each) for text in previous for each in text.sentences}
    kind = Places(Span(at, at + 1) for at in {e.span.start for e in draft.said if e.move in _KIND})
    for sentence in draft.sentences:
        words = words_of_sentence(draft.cut, sentence)
        span = draft.span(sentence.first, sentence.last)
        if len(words) >= _LEAST and words in said and not kind.touch(span):
            yield Hit(code="O309", span=Span(span.start, span.end))
            return
