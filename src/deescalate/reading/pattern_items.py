"""What a compiled pattern is made of: small items that step over the words of a message.

An item is given the places where the pattern may stand and answers with the places where it may
stand after it. Places are the gaps between words, so that the same items run forwards
(``way=1``) and backwards (``way=-1``). Every item takes bounded work a place, and a pattern has a
bounded number of them, so matching is linear in the length of the text.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Protocol, Self

from attrs import Factory, field, frozen

from deescalate.reading.tokens import Token

__all__ = [
    "CLAUSE",
    "EDGE",
    "LINE",
    "AnyWords",
    "Clause",
    "Either",
    "Item",
    "Maybe",
    "Sentence",
    "View",
    "Words",
    "break_at",
    "end_of",
    "run",
    "view_of",
]

CLAUSE = 1
LINE = 2
EDGE = 3

ENDS = frozenset({".", "!", "?", ""})
SILENT = frozenset("\"'`*_#&%+~^«»“”„‘’‹›")
_DOUBLE = re.compile(r"([^\W\d_])\1")
ADDRESSES = frozenset({"mention", "url", "emoji"})


@frozen
class View:
    """The words of a message as patterns see them: commas and quotes gone, breaks remembered.

    Attributes:
        words: The folded words, sentence ends as ``.``, ``!`` or ``?``, then one empty sentinel.
        kinds: The kind of each word's token; ``end`` for a sentence end.
        breaks: What stands before each word: 0 nothing, ``CLAUSE``, ``LINE`` or ``EDGE``.
        tokens: The index of each word's token.
    """

    words: Sequence[str]
    kinds: Sequence[str]
    breaks: Sequence[int]
    tokens: Sequence[int]

    def starts_at(self, place: int) -> bool:
        """Whether a sentence starts here, addresses such as ``@shop`` aside."""
        while place > 0 and self.breaks[place] < LINE and self.kinds[place - 1] in ADDRESSES:
            place -= 1
        return self.breaks[place] >= LINE

    def ends_at(self, place: int) -> bool:
        """Whether a sentence ends here, addresses aside."""
        while self.breaks[place] < LINE and self.kinds[place] in ADDRESSES:
            place += 1
        return self.breaks[place] >= LINE or self.words[place] in ENDS


def end_of(mark: str) -> str:
    """The sentence end that punctuation is: ``.``, ``!``, ``?`` or nothing."""
    if "?" in mark:
        return "?"
    return "!" if "!" in mark else "." if mark == "." else ""


def break_at(mark: str) -> int:
    """How deep other punctuation cuts: dots as a line does, quotes not at all."""
    if mark.startswith((".", "…")):
        return LINE
    return 0 if mark[:1] in SILENT else CLAUSE


def view_of(
    tokens: Sequence[Token],
    text: str = "",
    *,
    keep: Collection[str] = (),
    known: Collection[str] = (),
) -> View:
    """Prepare tokens for matching, in one pass.

    Args:
        tokens: The tokens of a text.
        text: The text itself; without it, line breaks are not seen.
        keep: Emoji that patterns mention; all others only leave a break behind.
        known: The words that patterns mention, to which elongated words are shortened.

    Returns:
        The view.
    """
    words: list[str] = []
    kinds: list[str] = []
    breaks: list[int] = []
    places: list[int] = []
    lines = "\n" in text
    pending = EDGE
    before = 0

    def put(word: str, kind: str, index: int) -> None:
        nonlocal pending
        words.append(word)
        kinds.append(kind)
        breaks.append(pending)
        places.append(index)
        pending = EDGE if kind == "end" else 0

    for index, token in enumerate(tokens):
        word, kind = token.text, token.kind
        if lines:
            feeds = text.count("\n", before, token.start)
            before = token.end
            if feeds > 1 and words:
                put(".", "end", index - 1)
            elif feeds and pending < LINE:
                pending = LINE
        if kind == "punct":
            end = end_of(word)
            if end:
                put(end, "end", index)
            else:
                pending = max(pending, break_at(word))
        elif kind == "emoji" and word not in keep:
            pending = max(pending, LINE)
        else:
            put(_shortened(word, known) if token.elongated else word, kind, index)
    words.append("")
    kinds.append("end")
    breaks.append(EDGE)
    places.append(len(tokens))
    return View(words, kinds, breaks, places)


def _shortened(word: str, known: Collection[str]) -> str:
    """Find the known word that was drawn out: "soo" is "so", "helloo" is "hello"."""
    if word in known:
        return word
    bare = _DOUBLE.sub(r"\1", word)
    last = max((match.start() for match in _DOUBLE.finditer(word)), default=0)
    first = _DOUBLE.sub(r"\1", word, count=1)
    options = (word[:last] + word[last + 1 :], first, bare)
    return next((option for option in options if option in known), word)


class Item(Protocol):
    """One part of a compiled pattern."""

    def step(self, view: View, at: Iterable[int], way: int) -> Iterable[int]:
        """Give the places reached from ``at`` over this item, forwards or backwards."""
        ...


def run(items: Iterable[Item], view: View, place: int, way: int) -> Collection[int]:
    """Give every place that a row of items reaches from one place."""
    at: Collection[int] = (place,)
    for item in items:
        at = set(item.step(view, at, way))
        if not at:
            break
    return at


@frozen(eq=False)
class Words:
    """Exactly one word out of a set, by spelling, by stem or by kind of token."""

    words: frozenset[str]
    stems: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()

    def step(self, view: View, at: Iterable[int], way: int) -> list[int]:
        """Step over one word that is in the set."""
        lag = 0 if way > 0 else -1
        return [place + way for place in at if self.has(view, place + lag)]

    def has(self, view: View, index: int) -> bool:
        """Whether the word at an index, perhaps the sentinel, is in the set."""
        word = view.words[index]
        return (
            word in self.words
            or (bool(self.stems) and word.startswith(self.stems))
            or (bool(self.kinds) and view.kinds[index] in self.kinds)
        )


@frozen(eq=False)
class AnyWords:
    """One to ``high`` words of any kind within the sentence; none, where ``optional``."""

    high: int
    optional: bool
    refused: frozenset[str] = ENDS

    def step(self, view: View, at: Iterable[int], way: int) -> list[int]:
        """Step over as many words as allowed."""
        lag = 0 if way > 0 else -1
        reached: list[int] = []
        for start in at:
            place = start
            if self.optional:
                reached.append(place)
            for _ in range(self.high):
                if view.words[place + lag] in self.refused:
                    break
                place += way
                reached.append(place)
        return reached


@frozen(eq=False)
class Maybe:
    """A row of items that may be left out."""

    items: tuple[Item, ...]

    def step(self, view: View, at: Iterable[int], way: int) -> set[int]:
        """Step over the row, or not."""
        items = self.items if way > 0 else self.items[::-1]
        reached = set(at)
        for place in tuple(reached):
            reached.update(run(items, view, place, way))
        return reached


@frozen
class _Rows:
    """Rows of items, filed under the word that each must begin with, where there is one."""

    by_word: Mapping[str, tuple[tuple[Item, ...], ...]]
    others: tuple[tuple[Item, ...], ...]

    @classmethod
    def of(cls, rows: Iterable[tuple[Item, ...]]) -> Self:
        by_word: dict[str, list[tuple[Item, ...]]] = {}
        others: list[tuple[Item, ...]] = []
        for row in rows:
            first = row[0] if row else None
            if isinstance(first, Words) and not first.stems and not first.kinds:
                for word in first.words:
                    by_word.setdefault(word, []).append(row)
            else:
                others.append(row)
        return cls({word: tuple(filed) for word, filed in by_word.items()}, tuple(others))


def _filed_onward(either: "Either") -> _Rows:
    return _Rows.of(either.options)


def _filed_backward(either: "Either") -> _Rows:
    return _Rows.of(option[::-1] for option in either.options)


@frozen(eq=False)
class Either:
    """One of several rows of items."""

    options: tuple[tuple[Item, ...], ...]
    _onward: _Rows = field(init=False, default=Factory(_filed_onward, takes_self=True))
    _backward: _Rows = field(init=False, default=Factory(_filed_backward, takes_self=True))

    def step(self, view: View, at: Iterable[int], way: int) -> set[int]:
        """Step over whichever rows fit."""
        rows, lag = (self._onward, 0) if way > 0 else (self._backward, -1)
        reached: set[int] = set()
        for place in at:
            for row in rows.by_word.get(view.words[place + lag], ()):
                reached.update(run(row, view, place, way))
            for row in rows.others:
                reached.update(run(row, view, place, way))
        return reached


@frozen(eq=False)
class Sentence:
    """The start or the end of a sentence: it takes no word."""

    start: bool

    def step(self, view: View, at: Iterable[int], way: int) -> list[int]:  # noqa: ARG002  takes no word
        """Stay where a sentence starts or ends."""
        test = view.starts_at if self.start else view.ends_at
        return [place for place in at if test(place)]


@frozen(eq=False)
class Clause:
    """A comma or any deeper break inside a sentence: it takes no word."""

    level: int = field(default=CLAUSE)

    def step(self, view: View, at: Iterable[int], way: int) -> list[int]:  # noqa: ARG002  takes no word
        """Stay where a break stands."""
        return [place for place in at if self.level <= view.breaks[place] < EDGE]
