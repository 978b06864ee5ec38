"""What a compiled pattern is made of: small items that stand for words.

And the words of a message as patterns see them. Places are the gaps between words.
"""

import re
from collections.abc import Collection, Mapping, Sequence
from functools import cached_property
from typing import TypeAlias

from attrs import frozen

from deescalate.text import Cut

__all__ = [
    "CLAUSE",
    "EDGE",
    "LINE",
    "AnyWords",
    "Clause",
    "Either",
    "Item",
    "Maybe",
    "Row",
    "Sentence",
    "View",
    "Words",
    "break_at",
    "end_of",
    "mirrored",
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
        shouted: Whether any word is shouted.
        shared: Whether it is the same whatever the patterns mention: no emoji, nothing drawn out.
    """

    words: Sequence[str]
    kinds: Sequence[str]
    breaks: Sequence[int]
    tokens: Sequence[int]
    shouted: bool = False
    shared: bool = True

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
    tokens: Sequence[Cut],
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
    shouted, shared = False, True
    lines = "\n" in text
    pending = EDGE
    before = 0
    for index, (word, start, end, kind, capitals, elongated) in enumerate(tokens):
        if capitals:
            shouted = True
        if lines:
            feeds = text.count("\n", before, start)
            before = end
            if feeds > 1 and words:
                words.append(".")
                kinds.append("end")
                breaks.append(pending)
                places.append(places[-1])
                pending = EDGE
            elif feeds and pending < LINE:
                pending = LINE
        if kind == "word" and not elongated:
            words.append(word)
            kinds.append(kind)
        elif kind == "punct":
            mark = end_of(word)
            if not mark:
                pending = max(pending, break_at(word))
                continue
            words.append(mark)
            kinds.append("end")
        elif kind == "emoji" and word not in keep:
            pending, shared = max(pending, LINE), False
            continue
        else:
            shared = shared and not elongated and kind != "emoji"
            words.append(_shortened(word, known) if elongated else word)
            kinds.append(kind)
        breaks.append(pending)
        places.append(index)
        pending = EDGE if kind == "punct" else 0
    words.append("")
    kinds.append("end")
    breaks.append(EDGE)
    places.append(len(tokens))
    return View(words, kinds, breaks, places, shouted, shared)


def _shortened(word: str, known: Collection[str]) -> str:
    """Find the known word that was drawn out: "soo" is "so", "helloo" is "hello"."""
    bare = _DOUBLE.sub(r"\1", word)
    last = max((match.start() for match in _DOUBLE.finditer(word)), default=0)
    first = _DOUBLE.sub(r"\1", word, count=1)
    options = (word, word[:last] + word[last + 1 :], first, bare)
    return next((option for option in options if option in known), word)


Item: TypeAlias = "Words | AnyWords | Maybe | Either | Sentence | Clause"
Row: TypeAlias = tuple["Item", ...]


@frozen(eq=False)
class Words:
    """Exactly one word out of a set, by spelling, by stem or by kind of token."""

    words: frozenset[str]
    stems: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()

    @property
    def loose(self) -> bool:
        """Whether the set holds words that it does not spell out."""
        return bool(self.stems or self.kinds)

    def holds(self, word: str, kind: str) -> bool:
        """Whether a word, of a kind, is in the set."""
        return (
            word in self.words
            or (bool(self.stems) and word.startswith(self.stems))
            or kind in self.kinds
        )


@frozen(eq=False)
class AnyWords:
    """One to ``high`` words of any kind within the sentence; none, where ``optional``."""

    high: int
    optional: bool
    refused: frozenset[str] = ENDS

    @cached_property
    def rest(self) -> "AnyWords":
        """What is left of it after one word."""
        return AnyWords(self.high - 1, optional=True, refused=self.refused)


@frozen(eq=False)
class Maybe:
    """A row of items that may be left out."""

    items: Row

    @cached_property
    def mirror(self) -> "Maybe":
        """The same, read backwards."""
        return Maybe(mirrored(self.items))


@frozen(eq=False)
class Either:
    """One of several rows of items."""

    options: tuple[Row, ...]

    @cached_property
    def mirror(self) -> "Either":
        """The same, read backwards."""
        return Either(tuple(mirrored(option) for option in self.options))

    @cached_property
    def by_word(self) -> Mapping[str, Sequence[Row]]:
        """By the word that an option begins with, what is left of it after that word."""
        filed: dict[str, list[Row]] = {}
        for option in self.options:
            first = option[0] if option else None
            if isinstance(first, Words) and not first.loose:
                for word in first.words:
                    filed.setdefault(word, []).append(option[1:])
        return filed

    @cached_property
    def others(self) -> Sequence[Row]:
        """The options that do not begin with a plain set of words."""
        return [
            option
            for option in self.options
            if not (option and isinstance(option[0], Words) and not option[0].loose)
        ]


@frozen(eq=False)
class Sentence:
    """The start or the end of a sentence: it takes no word."""

    start: bool

    def stands(self, view: View, place: int) -> bool:
        """Whether a sentence starts or ends at a place."""
        return view.starts_at(place) if self.start else view.ends_at(place)


@frozen(eq=False)
class Clause:
    """A comma or any deeper break inside a sentence: it takes no word."""

    level: int = CLAUSE

    def stands(self, view: View, place: int) -> bool:
        """Whether such a break stands at a place."""
        return self.level <= view.breaks[place] < EDGE


def mirrored(row: Row) -> Row:
    """Give the row as it is read backwards."""
    return tuple(
        item.mirror if isinstance(item, Maybe | Either) else item for item in reversed(row)
    )
