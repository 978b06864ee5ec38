"""Which known features a message and each of its sentences have, found in one pass.

The features are those of `features_of`; here they are numbers, and what a word is to a model is
looked up once. A message costs a look-up or two a token, however many features there are.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import NamedTuple

from attrs import Factory, field, frozen

from deescalate._memory import Remembered
from deescalate.cues import Cue
from deescalate.languages import Language
from deescalate.reading._features import CAPITALS, EDGE, NAMES, SHOUTED, opened
from deescalate.reading._signals import Signals
from deescalate.text import Cut, Text

__all__ = ["Windows"]


class _Word(NamedTuple):
    """What a token is to a model: its features, its first word, the pairs that its last begins."""

    own: tuple[int, ...]
    first: str
    pairs: Mapping[str, int]


def _remembered(windows: "Windows") -> Remembered[_Word]:
    return Remembered(windows.told)


@frozen(slots=False, eq=False)
class Windows:
    """Finds the features of a model in texts of one language.

    Attributes:
        signals: The model.
        language: The language.
        ends: Marks after which something ends, whatever they say; see `features_of`.
    """

    signals: Signals = field(repr=False)
    language: Language
    ends: str = ""
    _words: Remembered[_Word] = field(
        init=False, repr=False, default=Factory(_remembered, takes_self=True)
    )

    def of(self, text: Text, phrases: Sequence[Cue]) -> list[set[int]]:
        """The features of the whole text and, where there are several, of each sentence.

        What one sentence says counts as if it stood alone, so that nothing around it waters it
        down.

        Args:
            text: What was newly written.
            phrases: The cues that phrases found in it, in the order of the text.

        Returns:
            The numbers of the features, each once.
        """
        words, several = self._met(text.cuts), len(text.sentences) > 1
        rows = [words[each.first : each.last + 1] for each in text.sentences] if several else []
        windows = [self._features(row) for row in [words, *rows]]
        loud = _loud(text.cuts)
        if loud or phrases:
            self._mark(windows, text, phrases, loud)
        return windows

    def alone(self, tokens: Sequence[Cut]) -> set[int]:
        """The features of tokens that are a text of their own.

        Args:
            tokens: The tokens, or those of one sentence.

        Returns:
            The numbers of the features, each once.
        """
        found = self._features(self._met(tokens))
        found.update(self._capitals(len(_loud(tokens))))
        return found

    def _met(self, tokens: Sequence[Cut]) -> list[_Word]:
        """What each token is to the model."""
        told, named = self._words, NAMES.get
        return [
            told[text if kind == "word" else named(kind, text)] for text, _, _, kind, _, _ in tokens
        ]

    def _features(self, words: Sequence[_Word]) -> set[int]:
        """The features of words that stand alone."""
        found: list[int] = []
        pairs = self._edge.pairs
        for own, first, after in words:
            found += own
            if first in pairs:
                found.append(pairs[first])
            pairs = after
        if words and EDGE in pairs:
            found.append(pairs[EDGE])
        return set(found)

    def _mark(
        self, windows: Sequence[set[int]], text: Text, phrases: Sequence[Cue], loud: Sequence[int]
    ) -> None:
        """Add to each what phrases and capitals say."""
        tokens, places = text.cuts, self.signals.places
        starts = [cue.span.start for cue in phrases]
        rows = [(0, len(tokens) - 1), *[(each.first, each.last) for each in text.sentences]]
        for here, (first, last) in zip(windows, rows, strict=False):
            low, high = tokens[first][1], tokens[last][2]
            said = phrases[bisect_left(starts, low) : bisect_left(starts, high)]
            here.update(places[name] for name in {f"<{cue.kind}>" for cue in said} & places.keys())
            here.update(self._capitals(bisect_left(loud, high) - bisect_left(loud, low)))

    def _capitals(self, words: int) -> list[int]:
        """What so many words in capitals are."""
        places = self.signals.places
        return [places[name] for least, name in CAPITALS if words >= least and name in places]

    @cached_property
    def _edge(self) -> _Word:
        return self._made((EDGE,))._replace(own=())

    @cached_property
    def _ordered(self) -> Sequence[str]:
        return sorted(self.signals.features)

    def told(self, key: str) -> _Word:
        """What a token is to the model.

        Args:
            key: The word, or what it is called; a mark that ends something is an edge.
        """
        if self.ends and not key.strip(self.ends):
            return self._edge
        return self._made(opened(self.language).get(key) or (key,))

    def _made(self, words: Sequence[str]) -> _Word:
        places, ordered = self.signals.places, self._ordered
        named = (*words, *(f"{one} {other}" for one, other in pairwise(words)))
        begin = f"{words[-1]} "
        low = bisect_left(ordered, begin)
        high = bisect_left(ordered, f"{words[-1]}!", low)
        return _Word(
            own=tuple(places[each] for each in named if each in places),
            first=words[0],
            pairs={each[len(begin) :]: places[each] for each in ordered[low:high]},
        )


def _loud(tokens: Sequence[Cut]) -> list[int]:
    """Where words in capitals begin that are no abbreviations."""
    return [each[1] for each in tokens if each[4] and each[2] - each[1] >= SHOUTED]
