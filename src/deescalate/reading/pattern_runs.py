"""Rows of items compared with words: an automaton, made state by state as messages need it.

A state is what is left of a row after some words, in all ways that fit. The words met before lead
straight to the next state, so that a step costs one look-up however many alternatives a row has.
A text of n words takes at most n steps.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from deescalate.reading.pattern_items import (
    AnyWords,
    Clause,
    Either,
    Maybe,
    Row,
    Sentence,
    View,
    Words,
)

__all__ = ["Run"]

_MOST_STATES: Final = 512
_MOST_WORDS: Final = 256


class _Found:
    """How rows go on, sorted by what they begin with."""

    __slots__ = ("either", "ends", "gaps", "loose", "plain", "tests")

    def __init__(self) -> None:
        self.ends = False
        self.tests: list[tuple[Sentence | Clause, Row]] = []
        self.plain: list[tuple[frozenset[str], Row]] = []
        self.loose: list[tuple[Words, Row]] = []
        self.either: list[tuple[Mapping[str, Sequence[Row]], Row]] = []
        self.gaps: list[tuple[AnyWords, Row]] = []

    def take(self, row: Row) -> Iterable[Row]:
        """Note how a row goes on; give the rows that it stands for."""
        if not row:
            self.ends = True
            return ()
        head, tail = row[0], row[1:]
        match head:
            case Words():
                if head.loose:
                    self.loose.append((head, tail))
                else:
                    self.plain.append((head.words, tail))
            case AnyWords():
                self.gaps.append((head, tail))
                return (tail,) if head.optional else ()
            case Maybe():
                return tail, head.items + tail
            case Either():
                self.either.append((head.by_word, tail))
                return [option + tail for option in head.others]
            case _:
                self.tests.append((head, tail))
        return ()


class _State:
    """What is left of a row: whether it may end here, and what may come next."""

    __slots__ = ("either", "ends", "gaps", "loose", "next", "plain", "tests")

    def __init__(self, rows: Iterable[Row]) -> None:
        found = _Found()
        left, seen = [*rows], set[Row]()
        while left:
            row = left.pop()
            if row not in seen:
                seen.add(row)
                left.extend(found.take(row))
        # tuples, since most are empty: what need not be made need not be collected
        self.ends = found.ends
        self.tests = tuple((head, _State([tail])) for head, tail in found.tests)
        self.plain = tuple(found.plain)
        self.loose = tuple(found.loose)
        self.either = tuple(found.either)
        self.gaps = tuple(found.gaps)
        self.next: dict[str, _State] = {}

    def after(self, word: str, kind: str) -> tuple[Row, ...]:
        """Give what is left after one word."""
        rows = [tail for words, tail in self.plain if word in words]
        rows += [left + tail for by_word, tail in self.either for left in by_word.get(word, ())]
        rows += [tail for words, tail in self.loose if words.holds(word, kind)]
        rows += [
            (gap.rest, *tail) if gap.high > 1 else tail
            for gap, tail in self.gaps
            if word not in gap.refused
        ]
        return tuple(dict.fromkeys(rows))


_DEAD: Final = _State(())
_END: Final = _State(((),))
_KNOWN: Final[Mapping[tuple[Row, ...], _State]] = {(): _DEAD, ((),): _END}


class Run:
    """Compares a row of items with the words at a place, forwards or backwards.

    Args:
        row: The items, in the order in which they are met.
        way: 1 forwards, -1 backwards.
    """

    __slots__ = ("_lag", "_start", "_states", "_way")

    def __init__(self, row: Row, way: int) -> None:
        self._start = _State([row])
        self._states: dict[tuple[Row, ...], _State] = {}
        self._way = way
        self._lag = 0 if way > 0 else -1

    def places(self, view: View, place: int) -> Sequence[int]:
        """Give every place that the row reaches from one place."""
        return self._from(self._start, view, place)

    def _from(self, state: _State, view: View, place: int) -> Sequence[int]:
        words, way, lag = view.words, self._way, self._lag
        reached: list[int] = []
        while True:
            if state.ends:
                reached.append(place)
            if state.tests:
                for test, onward in state.tests:
                    if test.stands(view, place):
                        reached.extend(self._from(onward, view, place))
            if state is _END:
                return reached
            word = words[place + lag]
            after = state.next.get(word)
            if after is None:
                after = self._after(state, word, view.kinds[place + lag])
            if after is _DEAD:
                return reached
            state = after
            place += way

    def _after(self, state: _State, word: str, kind: str) -> _State:
        rows = state.after(word, kind)
        after = _KNOWN.get(rows) or self._states.get(rows)
        if after is None:
            if len(self._states) >= _MOST_STATES:
                self._states.clear()
                self._start.next.clear()
            after = self._states[rows] = _State(rows)
        if len(state.next) >= _MOST_WORDS:
            state.next.clear()
        state.next[word] = after
        return after
