"""The same thing said again: steps that did not help the first time, whole replies sent twice."""

from collections.abc import Iterator, Sequence
from typing import Final

from deescalate.cues import Span
from deescalate.moves import Move
from deescalate.text import Places, Text
from deescalate.wording._draft import Draft, Hit

__all__ = ["again_hits"]

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
