"""Which known features a message and each of its sentences have, found in one pass.

The features are those of `features_of`; here they are numbers, and what a word is to a model is
looked up once. A message costs a look-up or two a token, however many features there are.
"""

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from functools import cached_property
from itertools import pairwise
from typing import Final, NamedTuple

from attrs import field, frozen

from deescalate._memory import remembering
from deescalate.cues import Cue
from deescalate.languages import Language
from deescalate.reading._features import CAPITALS, EDGE, NAMES, SHOUTED, opened
from deescalate.reading._signals import Signals
from deescalate.text import Sentence, Text, Token

__all__ = ["Windows"]

_MOST: Final = 2**14
"""Words that are remembered."""
_LONGEST: Final = 40
"""Letters of the longest word that is remembered."""


class _Word(NamedTuple):
    """What a token is to a model: its features, its first word, the pairs that its last begins."""

    own: tuple[int, ...]
    first: str
    pairs: Mapping[str, int]


@frozen(slots=False, eq=False)
class Windows:
    """Finds the features of a model in texts of one language.

    Attributes:
        signals: The model.
        language: The language.
    """

    signals: Signals = field(repr=False)
    language: Language
    _words: dict[str, _Word] = field(factory=dict[str, _Word], init=False, repr=False)

    def __attrs_post_init__(self) -> None:
        remembering(self)

    def cache_clear(self) -> None:
        """Forget the words that were met."""
        self._words.clear()

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
        edge = self._word(EDGE).pairs
        whole: set[int] = set()
        windows, before, capitals = [whole], edge, 0
        for sentence in text.sentences:
            inside = text.tokens[sentence.first : sentence.last + 1]
            here, first, last, shouted = self._sentence(inside)
            whole |= here
            _add(whole, before.get(first))
            _add(here, edge.get(first))
            _add(here, last.get(EDGE))
            self._shout(here, shouted)
            windows.append(here)
            before, capitals = last, capitals + shouted
        _add(whole, before.get(EDGE) if len(windows) > 1 else None)
        self._shout(whole, capitals)
        if phrases:
            self._say(whole, phrases)
        if len(windows) == 2:
            return [whole]
        if phrases:
            starts = [cue.span.start for cue in phrases]
            for sentence, here in zip(text.sentences, windows[1:], strict=True):
                low, high = _span(text.tokens, sentence)
                self._say(here, phrases[bisect_left(starts, low) : bisect_left(starts, high)])
        return windows

    def alone(self, tokens: Sequence[Token]) -> set[int]:
        """The features of tokens that are a text of their own.

        Args:
            tokens: The tokens, or those of one sentence.

        Returns:
            The numbers of the features, each once.
        """
        found, first, last, shouted = self._sentence(tokens)
        _add(found, self._word(EDGE).pairs.get(first))
        _add(found, last.get(EDGE))
        self._shout(found, shouted)
        return found

    def _sentence(self, tokens: Sequence[Token]) -> tuple[set[int], str, Mapping[str, int], int]:
        """The features, the first word, the pairs that the last begins, and how many are loud."""
        known_as, named = self._words.get, NAMES.get
        found: set[int] = set()
        shouts, opening = 0, ""
        pairs: Mapping[str, int] = {}
        for text, start, end, kind, shouted, _ in tokens:
            key = text if kind == "word" else named(kind, text)
            own, first, after = known_as(key) or self._word(key)
            found.update(own)
            if (pair := pairs.get(first)) is not None:
                found.add(pair)
            pairs = after
            opening = opening or first
            if shouted and end - start >= SHOUTED:
                shouts += 1
        return found, opening, pairs, shouts

    def _shout(self, found: set[int], shouts: int) -> None:
        for least, number in self._capitals:
            if shouts >= least:
                found.add(number)

    def _say(self, found: set[int], phrases: Sequence[Cue]) -> None:
        for cue in phrases:
            _add(found, self.signals.places.get(f"<{cue.kind}>"))

    @cached_property
    def _capitals(self) -> Sequence[tuple[int, int]]:
        places = self.signals.places
        return [(least, places[name]) for least, name in CAPITALS if name in places]

    @cached_property
    def _ordered(self) -> Sequence[str]:
        return sorted(self.signals.features)

    def _word(self, key: str) -> _Word:
        known = self._words.get(key)
        if known is None:
            known = self._made(opened(self.language).get(key) or (key,))
            if len(key) <= _LONGEST:
                if len(self._words) >= _MOST:
                    self._words.clear()
                self._words[key] = known
        return known

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


def _add(found: set[int], number: int | None) -> None:
    if number is not None:
        found.add(number)


def _span(tokens: Sequence[Token], sentence: Sentence) -> tuple[int, int]:
    return tokens[sentence.first].start, tokens[sentence.last].end
