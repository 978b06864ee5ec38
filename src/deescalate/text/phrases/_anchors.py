"""Where to look a phrase up: at a word of it that is rare, given another that stands before it.

A phrase needs the word at its *edge* (between two of its items): some word out of ``here`` just
after the edge, and where the phrase says so, a word out of ``before`` just before it (``beside``)
or earlier in the sentence. Of all edges of a phrase the one that is seen least often is chosen, so
that a message tries few of thousands of phrases.
"""

from collections.abc import Iterable, Sequence
from math import fsum

from attrs import frozen

from deescalate.text.phrases._items import (
    ENDS,
    AnyWords,
    Either,
    Item,
    Maybe,
    Row,
    Words,
)

__all__ = ["Anchor", "Anchoring", "variants_of"]

_NOTHING = Words(frozenset())
_CROSSES = Words(frozenset())
_KINDS = {"word": 0.85, "number": 0.02}
_OTHER_KIND = 0.01
_STEM = 5e-4
_RARE = 1e-4
_PER_PHRASE = 2e-5
_COMMONEST = 0.04
_EARLIER = 6.0
_RARE_ENOUGH = 5e-4
_BETTER = 0.7


@frozen
class Anchor:
    """Where a phrase is looked up.

    Attributes:
        edge: The index of the phrase's item just after the edge.
        here: The words of which one stands just after the edge.
        before: The words of which one stands before it; none where any may.
        beside: Whether that one stands just before it.
        share: How many of all words are such places, by and large.
    """

    edge: int
    here: Words
    before: Words | None = None
    beside: bool = False
    share: float = 1.0


def variants_of(row: Row) -> list[Row]:
    """Spell out alternatives until every row holds an item that is a plain set of words."""
    if any(isinstance(item, Words) for item in row):
        return [row]
    for place, item in enumerate(row):
        if isinstance(item, Either):
            return [
                variant
                for option in item.options
                for variant in variants_of((*row[:place], *option, *row[place + 1 :]))
            ]
    return []


class Anchoring:
    """Chooses anchors by how often words are met, by and large.

    Common words are judged by their rank, others by how many phrases use them.

    Args:
        common: The common words, the most common first.
        rows: All phrases, each with a plain set of words.
    """

    def __init__(self, common: Sequence[str], rows: Iterable[Row]) -> None:
        self._shares: dict[str, float] = {}
        for row in rows:
            for item in row:
                if isinstance(item, Words):
                    for word in item.words:
                        self._shares[word] = self._shares.get(word, _RARE) + _PER_PHRASE
        for rank, word in enumerate(common):
            share = _COMMONEST / (1 + rank / 4)
            self._shares[word] = max(share, self._shares.get(word, 0.0))
        self._known: dict[Words, float] = {}
        self._needs: dict[Item, Words | None] = {}
        self._begins: dict[tuple[Item, int], Words | None] = {}

    def anchored(self, row: Row) -> list[tuple[Row, Anchor]]:
        """Give rows that together stand for a row, each with its anchor.

        Alternatives that begin with a common word are set apart where that makes all of them
        rarer.
        """
        return self._chosen(row, self._anchor(row))

    def _chosen(self, row: Row, anchor: Anchor) -> list[tuple[Row, Anchor]]:
        if anchor.share > _RARE_ENOUGH:
            for place, item in enumerate(row):
                if isinstance(item, Either):
                    rows = [
                        (*row[:place], *option, *row[place + 1 :]) for option in self._apart(item)
                    ]
                    anchors = [self._anchor(each) for each in rows]
                    if sum(each.share for each in anchors) < _BETTER * anchor.share:
                        chosen = map(self._chosen, rows, anchors)
                        return [found for each in chosen for found in each]
        return [(row, anchor)]

    def _apart(self, either: Either) -> list[Row]:
        """Options that begin with a common word each apart, the others together."""
        common: list[Row] = []
        others: list[Row] = []
        for option in either.options:
            first = self._first(option)
            rare = len(option) == 1 or (first is not None and self._share(first) < _RARE_ENOUGH)
            (others if rare else common).append(option)
        return [*common, (Either(tuple(others)),)] if others else common

    def _anchor(self, row: Row) -> Anchor:
        """Choose the edge of a phrase that is seen least often."""
        best = Anchor(0, _NOTHING, share=float("inf"))
        for edge in range(len(row)):
            here = self._first(row[edge:])
            if here is None:
                continue
            share = self._share(here)
            options = [Anchor(edge, here, share=share)]
            beside = self._first(row[:edge], -1)
            if beside is not None:
                odds = share * self._share(beside)
                options.append(Anchor(edge, here, beside, beside=True, share=odds))
            before = min(self._earlier(row[:edge]), key=self._odds, default=None)
            if before is not None:
                options.append(Anchor(edge, here, before, share=share * self._odds(before)))
            best = min(best, *options, key=_share_of)
        return best

    def _odds(self, before: Words) -> float:
        """The odds that a word out of a set stands earlier in a sentence."""
        return min(1.0, _EARLIER * self._share(before))

    def _share(self, words: Words) -> float:
        """The share of words that are in a set."""
        if words not in self._known:
            shares = self._shares
            share = fsum(shares.get(word, _RARE) for word in words.words)
            share += _STEM * len(words.stems)
            share += fsum(_KINDS.get(kind, _OTHER_KIND) for kind in words.kinds)
            self._known[words] = share
        return self._known[words]

    def _earlier(self, row: Row) -> Iterable[Words]:
        """The sets of words of which one stands before the end of a row, within the sentence."""
        for item in reversed(row):
            if item not in self._needs:
                self._needs[item] = _CROSSES if _crosses(item) else _need(item)
            need = self._needs[item]
            if need is _CROSSES:
                return
            if need is not None:
                yield need

    def _first(self, row: Row, way: int = 1) -> Words | None:
        """The words with which a row may begin, or end (``way=-1``); ``None`` if any word may."""
        found: list[Words] = []
        for item in row[::way]:
            if isinstance(item, Words):
                return _union((*found, item))
            if isinstance(item, Maybe | Either | AnyWords):
                if (item, way) not in self._begins:
                    self._begins[item, way] = self._begin(item, way)
                begin = self._begins[item, way]
                if begin is None:
                    return None
                found.append(begin)
                if isinstance(item, Either):
                    return _union(found)
        return None

    def _begin(self, item: Maybe | Either | AnyWords, way: int) -> Words | None:
        match item:
            case Maybe():
                ends = (*item.items, _NOTHING) if way > 0 else (_NOTHING, *item.items)
                return self._first(ends, way)
            case Either():
                firsts = [self._first(option, way) for option in item.options]
                known = [first for first in firsts if first is not None]
                return _union(known) if len(known) == len(firsts) else None
            case _:
                return None


def _share_of(anchor: Anchor) -> float:
    return anchor.share


def _crosses(item: Item) -> bool:
    """Whether an item may step over the end of a sentence."""
    match item:
        case Words():
            return not ENDS.isdisjoint(item.words)
        case Maybe():
            return any(_crosses(each) for each in item.items)
        case Either():
            return any(_crosses(each) for option in item.options for each in option)
        case _:
            return False


def _need(item: Item) -> Words | None:
    """The words of which one must stand where an item does, if it names them all."""
    if isinstance(item, Words):
        return item
    if not isinstance(item, Either):
        return None
    needs: list[Words] = []
    for option in item.options:
        need = min(filter(None, map(_need, option)), key=_size, default=None)
        if need is None:
            return None
        needs.append(need)
    return _union(needs)


def _size(words: Words) -> tuple[bool, int]:
    return words.loose, len(words.words)


def _union(sets: Iterable[Words]) -> Words:
    together = list(sets)
    if len(together) == 1:
        return together[0]
    return Words(
        frozenset[str]().union(*(each.words for each in together)),
        tuple(sorted({stem for each in together for stem in each.stems})),
        frozenset[str]().union(*(each.kinds for each in together)),
    )
