"""One phrase as a row of items: what each sign of the pattern language stands for."""

import re
from collections.abc import Iterable, Mapping, Sequence

from deescalate.errors import Problem, nearest_name
from deescalate.text import tokenize
from deescalate.text.phrases._items import (
    ENDS,
    AnyWords,
    Clause,
    Either,
    Item,
    Maybe,
    Row,
    Sentence,
    Words,
    break_at,
    end_of,
)
from deescalate.text.phrases._sections import Line

__all__ = ["LONGEST_GAP", "Parser", "gathered", "merged"]

MARKS = frozenset({"!", "?", "."})
KINDS = ("word", "number", "punct", "emoji", "url", "mention", "money")
LONGEST_GAP = 9
LONGEST_PHRASE = 4_000
STEM = 3


class Parser:
    """Turns phrases into rows of items and adds what is wrong with them to a list.

    Attributes:
        problems: The problems found.
        lists: The named lists.
        spellings: Other spellings of words.
        apostrophes: Words that are another word without theirs.
        refused: Words over which no gap steps.
        marks: The emoji met.
        vocabulary: The words met.
    """

    def __init__(self, problems: list[Problem]) -> None:
        self.problems = problems
        self.lists: dict[str, list[Line]] = {}
        self.spellings: dict[str, tuple[str, ...]] = {}
        self.apostrophes: frozenset[str] = frozenset()
        self.refused = ENDS
        self.marks: set[str] = set()
        self.vocabulary: set[str] = set()
        self._parsed: dict[str, tuple[Row, ...]] = {}
        self._open: list[str] = []
        self._literals: dict[str, Row] = {}
        self._known: dict[tuple[str, int], Row] = {}

    def _problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        self.problems.append(Problem(path, reason, nearest))

    def spelt(self, words: Iterable[str]) -> frozenset[str]:
        """All spellings of words."""
        return frozenset(spelling for word in words for spelling in self._spellings(word))

    def _spellings(self, word: str) -> Iterable[str]:
        for spelling in (word, *self.spellings.get(word, ())):
            yield spelling
            if "'" in spelling and spelling not in self.apostrophes:
                yield spelling.replace("'", "")

    def list(self, name: str, path: str) -> tuple[Row, ...]:
        """The rows of a named list."""
        if name not in self.lists:
            self._problem(path, f"unknown list `<{name}>`", nearest_name(name, self.lists))
            return ()
        if name in self._open:
            self._problem(self.lists[name][0].path, f"list `{name}` contains itself")
            return ()
        if name not in self._parsed:
            self._open.append(name)
            self._parsed[name] = tuple(self.row(line) for line in self.lists[name])
            self._open.pop()
        return self._parsed[name]

    def row(self, line: Line) -> Row:
        """One phrase as a row of items."""
        if len(line.text) > LONGEST_PHRASE:
            reason = f"a phrase of {len(line.text)} characters, expected at most {LONGEST_PHRASE}"
            self._problem(line.path, reason)
            return ()
        parts = _split(line.text, " ")
        if parts is None:
            self._problem(line.path, f"unbalanced brackets in `{line.text}`")
            return ()
        if not parts:
            self._problem(line.path, "an empty pattern")
        return tuple(item for part in parts for item in self._part(part, line.path))

    def _part(self, part: str, path: str) -> Row:
        """One part of a phrase; the same part is made once."""
        key = part, len(self.refused)
        known = self._known.get(key)
        if known is None:
            problems = len(self.problems)
            known = merged(self._rows(part, path))
            if len(self.problems) == problems:
                self._known[key] = known
        return known

    def _rows(self, part: str, path: str) -> tuple[Row, ...]:  # noqa: C901, PLR0911  one line a sign of the syntax
        """Parse one part of a phrase into its alternatives."""
        if len(_split(part, "|") or ()) > 1 or part == "|":
            self._problem(
                path,
                f"alternatives stand in brackets, so that it is plain where they end: `({part})`",
            )
            return ()
        if part in _SIGNS:
            return ((_SIGNS[part],),)
        if part == "_":
            return ((AnyWords(1, optional=False, refused=self.refused),),)
        if part[0] == "*" and part[1:].isdecimal() and 1 <= int(part[1:]) <= LONGEST_GAP:
            return ((AnyWords(int(part[1:]), optional=True, refused=self.refused),),)
        if part[0] in _PAIRS and part[-1] != _PAIRS[part[0]]:
            self._problem(path, f"`{part}` has something after its bracket")
            return ()
        if part[0] == "[":
            return ((Maybe(merged(self._options(part[1:-1], path))),),)
        if part[0] == "(":
            return self._options(part[1:-1], path)
        if part[:2] == "<:" and part[-1] == ">":
            return self._kind(part[2:-1], path)
        if part[0] == "<" and part[-1] == ">":
            return self.list(part[1:-1], path)
        if part in MARKS:
            return ((Words(frozenset({part})),),)
        if part[-1] == "*" and len(part) > STEM:
            return ((Words(frozenset(), (part[:-1],)),),)
        return (self._literal(part, path),)

    def _options(self, inside: str, path: str) -> tuple[Row, ...]:
        rows: list[Row] = []
        for option in _split(inside, "|") or [""]:
            parts = _split(option, " ") or ()
            rows += (
                self._rows(parts[0], path) if len(parts) == 1 else [self.row(Line(path, option))]
            )
        return tuple(rows)

    def _kind(self, kind: str, path: str) -> tuple[Row, ...]:
        if kind not in KINDS:
            self._problem(path, f"unknown kind `<:{kind}>`", nearest_name(kind, KINDS))
        return ((Words(frozenset(), (), frozenset({kind})),),)

    def _literal(self, word: str, path: str) -> Row:
        if word in self._literals:
            return self._literals[word]
        row: list[Item] = []
        tokens = tokenize(word)
        if _MISWRITTEN.search(word) and not (len(tokens) == 1 and tokens[0].kind != "punct"):
            reason = f"`{word}` is no sign: a gap is `*1` to `*{LONGEST_GAP}`, a list `<name>`, "
            self._problem(path, f"{reason}a stem has {STEM} letters or more")
        for token in tokens:
            if token.kind == "punct":
                row.extend(_mark(token.text) if len(tokens) == 1 else ())
                continue
            if token.kind == "emoji":
                self.marks.add(token.text)
            spellings = frozenset(self._spellings(token.text))
            self.vocabulary |= spellings
            row.append(Words(spellings))
        if not tokens:
            self._problem(path, f"`{word}` holds no word")
        self._literals[word] = tuple(row)
        return self._literals[word]


_PAIRS = {"[": "]", "(": ")"}
_BRACKETS = re.compile(r"[\[\]()]")
_CUTS = {" ": re.compile(r"[\[\]() ]"), "|": re.compile(r"[\[\]()|]")}
_MISWRITTEN = re.compile(r"^\*\d|[<>]|\*$")
_SIGNS: Mapping[str, Item] = {"^": Sentence(start=True), "$": Sentence(start=False), ",": Clause()}


def _split(text: str, separator: str) -> list[str] | None:
    """Split at a separator outside brackets; ``None`` where brackets do not balance."""
    if not _BRACKETS.search(text):
        return [part for part in text.split(separator) if part]
    parts: list[str] = []
    closing: list[str] = []
    start = 0
    for match in _CUTS[separator].finditer(text):
        mark = match[0]
        if mark in _PAIRS:
            closing.append(_PAIRS[mark])
        elif mark != separator:
            if not closing or closing.pop() != mark:
                return None
        elif not closing:
            parts.append(text[start : match.start()])
            start = match.end()
    parts.append(text[start:])
    return None if closing else [part for part in parts if part]


def _mark(mark: str) -> Row:
    """What punctuation in a pattern stands for: an end, a break, or nothing that is seen."""
    end = end_of(mark)
    if end:
        return (Words(frozenset({end})),)
    level = break_at(mark)
    return (Clause(level),) if level else ()


def merged(rows: Sequence[Row]) -> Row:
    """Make one item of alternatives: a set of words where all are single words."""
    if len(rows) == 1:
        return rows[0]
    options = gathered(rows)
    if not options:
        return ()
    return options[0] if len(options) == 1 else (Either(tuple(options)),)


def gathered(rows: Sequence[Row]) -> list[Row]:
    """Make one set of words of all alternatives that are a single word, and put it first."""
    singles = [row[0] for row in rows if len(row) == 1 and isinstance(row[0], Words)]
    options = [row for row in rows if len(row) != 1 or not isinstance(row[0], Words)]
    if singles:
        words = Words(
            frozenset[str]().union(*(item.words for item in singles)),
            tuple(dict.fromkeys(stem for item in singles for stem in item.stems)),
            frozenset[str]().union(*(item.kinds for item in singles)),
        )
        options.insert(0, (words,))
    return options
