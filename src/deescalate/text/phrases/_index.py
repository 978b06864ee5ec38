"""All phrases of a pattern set, looked up in a message at once.

A word knows the phrases that may have their edge just before it: some whatever stands before,
some after certain words, some beside certain words. A set of phrases is one large number, so that
a message costs a look-up and a step or two a word, whatever the number of phrases. What is left,
half a dozen phrases a message, is then compared item by item.

A phrase's row of items is compared with words by an automaton, made state by state as messages need
it. A state is what is left of a row after some words, in all ways that fit. The words met before
lead straight to the next state, so that a step costs one look-up however many alternatives a row
has. A text of n words takes at most n steps.
"""

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from typing import Final, NamedTuple

from attrs import frozen

from deescalate._memory import remembering
from deescalate.text.phrases._compiled import STEM, CompiledRules, Places
from deescalate.text.phrases._items import (
    AnyWords,
    Clause,
    Either,
    Item,
    Maybe,
    Row,
    Sentence,
    View,
    Words,
    mirrored,
)

__all__ = ["PhraseIndex", "Sightings"]

_MOST_WORDS: Final = 2**14  # words that an index remembers
_MOST_STATES: Final = 512  # states that a run remembers
_MOST_NEXT: Final = 256  # words that a state remembers

Sightings = Sequence[tuple[int, tuple[int, ...]]]


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

    def places(self, view: View, place: int, state: _State | None = None) -> Sequence[int]:
        """Give every place that the row, or what is left of it, reaches from one place."""
        state = state or self._start
        words, way, lag = view.words, self._way, self._lag
        reached: list[int] = []
        while True:
            if state.ends:
                reached.append(place)
            if state.tests:
                for test, onward in state.tests:
                    if test.stands(view, place):
                        reached.extend(self.places(view, place, onward))
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
        if len(state.next) >= _MOST_NEXT:
            state.next.clear()
        state.next[word] = after
        return after


@frozen(eq=False)
class _Phrase:
    """A phrase seen from its edge: what stands before it, what stands after it."""

    rule: int
    before: Run
    after: Run


class _Word(NamedTuple):
    """What a word may be to the phrases: their numbers, most as the ones of a large number.

    Attributes:
        alone: Those that need no other word.
        here: Those that may have their edge before it, given another word.
        beside: Those that may have their edge after it, as the word beside.
        before: The same, as a word anywhere before.
    """

    alone: tuple[int, ...]
    here: int
    beside: int
    before: int


_NOBODY: Final = _Word((), 0, 0, 0)


class PhraseIndex:
    """Looks up the phrases of compiled rules.

    Args:
        compiled: The rules.
    """

    def __init__(self, compiled: CompiledRules) -> None:
        self._compiled = compiled
        self._made: dict[int, Item] = {}
        self._phrases: list[_Phrase | None] = [None] * len(compiled.phrases)
        self._owners = [
            phrase.role * len(compiled.rules) + phrase.rule for phrase in compiled.phrases
        ]
        self._places = compiled.places
        self._words: dict[str, _Word] = {}
        remembering(self)

    def cache_clear(self) -> None:
        """Forget the words that were met, here and on the runs of the phrases."""
        self._words.clear()
        self._phrases = [None] * len(self._phrases)

    def look(self, view: View) -> Sightings:
        """See which phrases may stand where, in one pass.

        Args:
            view: The message.

        Returns:
            Places in order, each with the numbers of the phrases that may have their edge there.
        """
        seen: list[tuple[int, tuple[int, ...]]] = []
        words, kinds = self._words, view.kinds
        near = earlier = 0
        for place, word in enumerate(view.words):
            alone, here, beside, before = words.get(word) or self._know(word, kinds[place])
            if here and (bits := here & (near | earlier)):
                seen.append((place, (*alone, *_ones(bits))))
            elif alone:
                seen.append((place, alone))
            if before:
                earlier |= before
            if earlier and kinds[place] == "end":
                earlier = 0
            near = beside
        return seen

    def _know(self, word: str, kind: str) -> _Word:
        """Look a word up that is met for the first time; its kind is a function of its text."""
        if len(self._words) >= _MOST_WORDS:
            self._words.clear()
        known = self._words[word] = _word(self._places, word, kind)
        return known

    def patterns(self, view: View, seen: Sightings, *, shouted: bool) -> set[tuple[int, int, int]]:
        """Compare the patterns that were seen with the words, item by item.

        Args:
            view: The message.
            seen: What `look` saw in it.
            shouted: Whether patterns count that stand for shouted words alone.

        Returns:
            For each that stands: its rule, its first place and the place after its last.
        """
        limit = self._places.patterns if shouted else self._places.quiet
        found: set[tuple[int, int, int]] = set()
        for place, numbers in seen:
            for number in numbers:
                if number < limit:
                    found.update(self._spans(view, place, number))
        return found

    def guards(
        self, view: View, seen: Sightings, role: int, rule: int, low: int, high: int
    ) -> Iterable[tuple[int, int, int]]:
        """Compare the phrases of a rule that have another role.

        Args:
            view: The message.
            seen: What `look` saw in it.
            role: `UNLESS`, `EXCEPT` or `NOT_NEGATOR`.
            rule: The number of the rule.
            low: The first place that matters.
            high: The place after the last that matters.

        Yields:
            For each that stands: its rule, its first place and the place after its last.
        """
        owner, owners = role * len(self._compiled.rules) + rule, self._owners
        for at in range(bisect_left(seen, (low,)), len(seen)):
            place, numbers = seen[at]
            if place >= high:
                return
            for number in numbers:
                if owners[number] == owner:
                    yield from self._spans(view, place, number)

    def _spans(self, view: View, place: int, number: int) -> list[tuple[int, int, int]]:
        phrase = self._phrases[number] or self._phrase(number)
        ends = phrase.after.places(view, place)
        if not ends:
            return []
        rule, starts = phrase.rule, phrase.before.places(view, place)
        return [(rule, start, end) for start in starts for end in ends]

    def _phrase(self, number: int) -> _Phrase:
        """Make a phrase when it is first met."""
        plain = self._compiled.phrases[number]
        row = self._compiled.row_of(plain.row, self._made)
        before, after = mirrored(row[: plain.edge]), row[plain.edge :]
        phrase = self._phrases[number] = _Phrase(plain.rule, Run(before, -1), Run(after, 1))
        return phrase


def _word(places: Places, word: str, kind: str) -> _Word:
    """Say what a word may be to the phrases."""
    sets = {*places.by_word.get(word, ()), *places.by_kind.get(kind, ())}
    stems = places.by_stem.get(word[:STEM], ())
    sets.update(name for stem, name in stems if word.startswith(stem))
    if not sets:
        return _NOBODY
    later = places.later
    here_later = [later[number] for number in _joined(places.here, sets)]
    return _Word(
        alone=tuple(sorted(_joined(places.alone, sets))),
        here=_bits((*_joined(places.here_beside, sets), *here_later)),
        beside=_bits(_joined(places.beside, sets)),
        before=_bits(later[number] for number in _joined(places.before, sets)),
    )


def _joined(part: Mapping[str, Iterable[int]], sets: Iterable[str]) -> set[int]:
    return set[int]().union(*[part[name] for name in sets if name in part])


def _bits(numbers: Iterable[int]) -> int:
    bits = 0
    for number in numbers:
        bits |= 1 << number
    return bits


def _ones(bits: int) -> list[int]:
    """The places of the ones in a number."""
    places: list[int] = []
    while bits:
        places.append(bits.bit_length() - 1)
        bits ^= 1 << places[-1]
    return places
