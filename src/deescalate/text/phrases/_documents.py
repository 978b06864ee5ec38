"""Documents of phrase rules: read, checked as a whole, and parsed into items."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from attrs import field, frozen

from deescalate.errors import DocumentError, Problem, nearest_name
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

__all__ = ["Lexicon", "ParsedRule", "PhraseRule", "parse_documents"]

MARKS = frozenset({"!", "?", "."})
KINDS = ("word", "number", "punct", "emoji", "url", "mention", "money")
LONGEST_GAP = 9
STEM = 3
SECTIONS = ("negation", "clauses", "common", "apostrophes", "spellings", "lists", "rules", "values")
NEGATION_KEYS = ("words", "except", "stops", "reach")
CLAUSES_KEYS = ("starters",)
RULE_KEYS = ("label", "patterns", "unless", "except", "negatable", "weight", "also")


@frozen(kw_only=True)
class PhraseRule:
    """One rule of a pattern set, as its document says it.

    Attributes:
        label: What a match shows; several rules may share one.
        patterns: The phrases that show it.
        unless: Phrases that cancel a match when they stand in the same clause, at most a dozen
            words away.
        exceptions: Phrases that cancel a match which they overlap (``except`` in a document).
        negatable: Whether a negation just before, or in a gap, cancels a match.
        weight: How strongly a match shows it, above 0 and at most 1.
        also: Whatever else the document says of it.

    >>> PhraseRule(label="thanks", patterns=("thank you",)).weight
    1.0
    """

    label: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    negatable: bool = False
    weight: float = 1.0
    also: Mapping[str, object] = field(factory=lambda: MappingProxyType({}), hash=False)

    @property
    def shouted(self) -> bool:
        """Whether it is found only where a word is in capitals (``also.shouted``)."""
        return bool(self.also.get("shouted"))


@frozen(kw_only=True)
class ParsedRule:
    """A rule with its phrases as rows of items."""

    rule: PhraseRule
    patterns: tuple[Row, ...]
    unless: tuple[Row, ...]
    exceptions: tuple[Row, ...]


@frozen(kw_only=True)
class Lexicon:
    """What a set of documents says, parsed.

    Attributes:
        rules: The rules in order.
        negators: Words that negate what follows.
        not_negators: Phrases with a negator that negate nothing, such as "not only".
        stops: Words that a negation does not reach over.
        reach: How many words a negation reaches over.
        starters: Words that start a new clause, such as "but".
        common: Words too frequent to look a pattern up by, the most frequent first.
        marks: Emoji that the patterns mention.
        vocabulary: All words that the patterns mention.
        values: Whatever stands under ``values``.
    """

    rules: tuple[ParsedRule, ...]
    negators: frozenset[str]
    not_negators: tuple[Row, ...]
    stops: frozenset[str]
    reach: int
    starters: frozenset[str]
    common: tuple[str, ...]
    marks: frozenset[str]
    vocabulary: frozenset[str]
    values: Mapping[str, object]


def parse_documents(*texts: str) -> Lexicon:
    r"""Read documents that belong together and may use each other's lists.

    Args:
        texts: TOML documents.

    Returns:
        What they say.

    Raises:
        DocumentError: With every problem of all of them.

    >>> parse_documents('[[rules]]\nlabel = "bye"\npatterns = ["bye"]').rules[0].rule.label
    'bye'
    """
    return _Reader().read(texts)


class _Reader:
    """Collects the problems of a set of documents while it parses them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.lists: dict[str, list[str]] = {}
        self.parsed: dict[str, tuple[Row, ...]] = {}
        self.open: list[str] = []
        self.spellings: dict[str, tuple[str, ...]] = {}
        self.apostrophes: frozenset[str] = frozenset()
        self.literals: dict[str, Row] = {}
        self.marks: set[str] = set()
        self.vocabulary: set[str] = set()
        self.refused = ENDS

    def read(self, texts: Iterable[str]) -> Lexicon:  # noqa: C901  one step a section of the document
        documents = [self._toml(text, number) for number, text in enumerate(texts)]
        merged: dict[str, list[tuple[str, object]]] = {name: [] for name in SECTIONS}
        for prefix, document in documents:
            for key, value in document.items():
                if key in merged:
                    merged[key].append((prefix + key, value))
                else:
                    self._problem(prefix + key, "unknown section", nearest_name(key, SECTIONS))
        common = tuple(self._words(merged["common"]))
        self.apostrophes = frozenset(self._words(merged["apostrophes"]))
        for path, table in merged["spellings"]:
            for name, spellings in self._table(path, table).items():
                self.spellings[name] = tuple(self._texts(f"{path}.{name}", spellings))
        values: dict[str, object] = {}
        for path, table in merged["values"]:
            values.update(self._table(path, table))
        starters = self._spelt(self._named(merged["clauses"], "starters", CLAUSES_KEYS))
        negation = merged["negation"]
        negators = self._spelt(self._named(negation, "words", NEGATION_KEYS))
        stops = self._spelt(self._named(negation, "stops", NEGATION_KEYS))
        reach = self._reach(negation)
        for path, table in merged["lists"]:
            for name, entries in self._table(path, table).items():
                self.lists.setdefault(name, []).extend(self._texts(f"{path}.{name}", entries))
        for name in self.lists:
            self._list(name, f"lists.{name}")
        not_negators = tuple(
            self._row(text, "negation.except")
            for text in self._named(negation, "except", NEGATION_KEYS)
        )
        rules = [
            self._rule(f"{path}[{number}]", entry, negators)
            for path, entries in merged["rules"]
            for number, entry in enumerate(self._sequence(path, entries))
        ]
        if self.problems:
            raise DocumentError("phrase rules", tuple(self.problems))
        return Lexicon(
            rules=tuple(rule for rule in rules if rule is not None),
            negators=negators,
            not_negators=not_negators,
            stops=stops,
            reach=reach,
            starters=starters,
            common=common,
            marks=frozenset(self.marks),
            vocabulary=frozenset(self.vocabulary),
            values=MappingProxyType(values),
        )

    def _problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        problem = Problem(path, reason, nearest)
        if problem not in self.problems:
            self.problems.append(problem)

    def _toml(self, text: str, number: int) -> tuple[str, dict[str, object]]:
        prefix = f"document {number + 1}: " if number else ""
        try:
            return prefix, tomllib.loads(text)
        except (tomllib.TOMLDecodeError, RecursionError) as error:
            self._problem(f"{prefix}toml", str(error)[:1].lower() + str(error)[1:])
            return prefix, {}

    def _table(self, path: str, value: object) -> dict[str, object]:
        if isinstance(value, dict):
            return {str(key): entry for key, entry in value.items()}  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  TOML keys are texts
        self._problem(path, "expected a table")
        return {}

    def _sequence(self, path: str, value: object) -> list[object]:
        if isinstance(value, list):
            return list(value)  # pyright: ignore[reportUnknownArgumentType, reportUnknownVariableType]  TOML gives objects
        self._problem(path, "expected a list")
        return []

    def _texts(self, path: str, value: object) -> list[str]:
        texts = [text for text in self._sequence(path, value) if isinstance(text, str)]
        if isinstance(value, list) and len(texts) < len(value):  # pyright: ignore[reportUnknownArgumentType]  TOML gives objects
            self._problem(path, "expected texts only")
        return texts

    def _words(self, found: Iterable[tuple[str, object]]) -> list[str]:
        return [word for path, value in found for word in self._texts(path, value)]

    def _named(
        self, found: Iterable[tuple[str, object]], name: str, known: tuple[str, ...]
    ) -> list[str]:
        words: list[str] = []
        for path, table in found:
            entries = self._table(path, table)
            for key in entries:
                if key not in known:
                    self._problem(f"{path}.{key}", "unknown key", nearest_name(key, known))
            if name in entries:
                words.extend(self._texts(f"{path}.{name}", entries[name]))
        return words

    def _reach(self, found: Iterable[tuple[str, object]]) -> int:
        reach = 3
        for path, table in found:
            value = self._table(path, table).get("reach", reach)
            if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= LONGEST_GAP:
                reach = value
            else:
                self._problem(f"{path}.reach", f"expected a whole number, 0 to {LONGEST_GAP}")
        return reach

    def _rule(self, path: str, entry: object, negators: frozenset[str]) -> ParsedRule | None:
        table = self._table(path, entry)
        for key in table:
            if key not in RULE_KEYS:
                self._problem(f"{path}.{key}", "unknown key", nearest_name(key, RULE_KEYS))
        label = table.get("label")
        if not isinstance(label, str) or not label:
            self._problem(f"{path}.label", "expected a text")
            return None
        negatable = table.get("negatable", False)
        if not isinstance(negatable, bool):
            self._problem(f"{path}.negatable", "expected true or false")
            return None
        weight = table.get("weight", 1.0)
        if isinstance(weight, bool) or not isinstance(weight, int | float) or not 0 < weight <= 1:
            self._problem(f"{path}.weight", "expected a number above 0 and at most 1")
            return None
        phrases = {
            key: self._texts(f"{path}.{key}", table.get(key, []))
            for key in ("patterns", "unless", "except")
        }
        if not phrases["patterns"]:
            self._problem(f"{path}.patterns", "expected at least one pattern")
        rows: dict[str, tuple[Row, ...]] = {}
        for key, texts in phrases.items():
            self.refused = ENDS | negators if negatable and key == "patterns" else ENDS
            rows[key] = tuple(
                self._row(text, f"{path}.{key}[{number}]") for number, text in enumerate(texts)
            )
        self.refused = ENDS
        return ParsedRule(
            rule=PhraseRule(
                label=label,
                patterns=tuple(phrases["patterns"]),
                unless=tuple(phrases["unless"]),
                exceptions=tuple(phrases["except"]),
                negatable=negatable,
                weight=float(weight),
                also=MappingProxyType(self._table(f"{path}.also", table.get("also", {}))),
            ),
            patterns=rows["patterns"],
            unless=rows["unless"],
            exceptions=rows["except"],
        )

    def _list(self, name: str, path: str) -> tuple[Row, ...]:
        if name not in self.lists:
            self._problem(path, f"unknown list `<{name}>`", nearest_name(name, self.lists))
            return ()
        if name in self.open:
            self._problem(f"lists.{name}", "contains itself")
            return ()
        if name not in self.parsed:
            self.open.append(name)
            self.parsed[name] = tuple(
                self._row(text, f"lists.{name}[{number}]")
                for number, text in enumerate(self.lists[name])
            )
            self.open.pop()
        return self.parsed[name]

    def _row(self, text: str, path: str) -> Row:
        parts = _split(text, " ")
        if parts is None:
            self._problem(path, f"unbalanced brackets in `{text}`")
            return ()
        row = tuple(item for part in parts for item in _merged(self._rows(part, path)))
        if not parts:
            self._problem(path, "an empty pattern")
        return row

    def _rows(self, part: str, path: str) -> tuple[Row, ...]:  # noqa: C901, PLR0911  one line a sign of the syntax
        """Parse one part of a pattern into its alternatives."""
        options = _split(part, "|") or ()
        if len(options) > 1:
            return tuple(row for option in options for row in self._rows(option, path))
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
            return ((Maybe(_merged(self._phrases(part[1:-1], path))),),)
        if part[0] == "(":
            return self._phrases(part[1:-1], path)
        if part[:2] == "<:" and part[-1] == ">":
            return self._kind(part[2:-1], path)
        if part[0] == "<" and part[-1] == ">":
            return self._list(part[1:-1], path)
        if part in MARKS:
            return ((Words(frozenset({part})),),)
        if part[-1] == "*" and len(part) > STEM:
            return ((Words(frozenset(), (part[:-1],)),),)
        return (self._literal(part, path),)

    def _phrases(self, inside: str, path: str) -> tuple[Row, ...]:
        return tuple(self._row(option, path) for option in _split(inside, "|") or [""])

    def _kind(self, kind: str, path: str) -> tuple[Row, ...]:
        if kind not in KINDS:
            self._problem(path, f"unknown kind `<:{kind}>`", nearest_name(kind, KINDS))
        return ((Words(frozenset(), (), frozenset({kind})),),)

    def _literal(self, word: str, path: str) -> Row:
        if word in self.literals:
            return self.literals[word]
        row: list[Item] = []
        tokens = tokenize(word)
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
        self.literals[word] = tuple(row)
        return self.literals[word]

    def _spellings(self, word: str) -> Iterable[str]:
        for spelling in (word, *self.spellings.get(word, ())):
            yield spelling
            if "'" in spelling and spelling not in self.apostrophes:
                yield spelling.replace("'", "")

    def _spelt(self, words: Iterable[str]) -> frozenset[str]:
        return frozenset(spelling for word in words for spelling in self._spellings(word))


_PAIRS = {"[": "]", "(": ")"}
_BRACKETS = re.compile(r"[\[\]()]")
_CUTS = {" ": re.compile(r"[\[\]() ]"), "|": re.compile(r"[\[\]()|]")}
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


def _merged(rows: Sequence[Row]) -> Row:
    """Make one item of alternatives: a set of words where all are single words."""
    if len(rows) == 1:
        return rows[0]
    singles = [row[0] for row in rows if len(row) == 1 and isinstance(row[0], Words)]
    options = [row for row in rows if len(row) != 1 or not isinstance(row[0], Words)]
    if singles:
        words = Words(
            frozenset[str]().union(*(item.words for item in singles)),
            tuple(dict.fromkeys(stem for item in singles for stem in item.stems)),
            frozenset[str]().union(*(item.kinds for item in singles)),
        )
        options.insert(0, (words,))
    if not options:
        return ()
    return options[0] if len(options) == 1 else (Either(tuple(options)),)
