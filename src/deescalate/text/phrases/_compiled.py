"""Phrase rules compiled to plain data: what a pattern set runs on, and what ships beside documents.

Parsing thousands of phrases takes most of a second, reading them back as plain data takes
milliseconds. A file of compiled rules names the digest of the documents it was made from; with
other documents it is not used.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from typing import NamedTuple, Self, TypeVar

from attrs import asdict, field, frozen

from deescalate.documents import FrozenMapping
from deescalate.errors import DocumentError, Problem
from deescalate.languages import Language
from deescalate.text.phrases._anchors import Anchoring, variants_of
from deescalate.text.phrases._documents import ParsedRules, PhraseRule
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
)
from deescalate.text.phrases._parser import gathered

__all__ = [
    "EXCEPT",
    "NOT_NEGATOR",
    "PATTERN",
    "STEM",
    "UNLESS",
    "CompiledRules",
    "Phrase",
    "Places",
    "words_of",
]

FORMAT = 4
_FIELD = "\t"
PATTERN, UNLESS, EXCEPT, NOT_NEGATOR = range(4)
STEM = 3
_Entry = TypeVar("_Entry")


class Phrase(NamedTuple):
    """A phrase as plain data.

    Attributes:
        rule: The number of its rule.
        role: What it does there: `PATTERN`, `UNLESS`, `EXCEPT` or `NOT_NEGATOR`.
        row: The numbers of its items, with spaces between.
        edge: Where in the row it is looked up.
        here: The number of the words just after the edge.
        before: The number of the words before it, or -1.
        beside: Whether these stand just before it.
    """

    rule: int
    role: int
    row: str
    edge: int
    here: int
    before: int
    beside: bool


_PHRASE = partial(tuple.__new__, Phrase)  # pyright: ignore[reportUnknownMemberType, reportUnknownVariableType]  a third of the time of Phrase(...)


class Places(NamedTuple):
    """Which phrases are looked up where; sets of words by their numbers, as texts.

    Attributes:
        patterns: The number of phrases that are patterns; they come first.
        quiet: The number of those that do not stand for shouted words alone.
        alone: By the words just after its edge, phrases that need no more.
        here_beside: By the same words, phrases that need others just before.
        beside: By the words before, the same phrases.
        later: Phrases that need others anywhere before.
        here: By the words just after its edge, numbers in ``later``.
        before: By the words before, the same numbers.
        by_word: The sets that a word is in.
        by_stem: By their first letters, stems and the set that each is in.
        by_kind: The sets that a kind of token is in.
    """

    patterns: int
    quiet: int
    alone: Mapping[str, Sequence[int]]
    here_beside: Mapping[str, Sequence[int]]
    beside: Mapping[str, Sequence[int]]
    later: Sequence[int]
    here: Mapping[str, Sequence[int]]
    before: Mapping[str, Sequence[int]]
    by_word: Mapping[str, Sequence[str]]
    by_stem: Mapping[str, Sequence[Sequence[str]]]
    by_kind: Mapping[str, Sequence[str]]

    @classmethod
    def of(cls, items: Sequence[str], phrases: Sequence[Phrase], shouted: Sequence[bool]) -> Self:
        """Sort phrases by where they are looked up."""
        patterns = quiet = 0
        later: list[int] = []
        alone, here_beside, beside, here, before = (_Filed[int]() for _ in range(5))
        for number, phrase in enumerate(phrases):
            if phrase.role == PATTERN:
                patterns = number + 1
                quiet = quiet if shouted[phrase.rule] else number + 1
            if phrase.before < 0:
                alone.add(str(phrase.here), number)
            elif phrase.beside:
                here_beside.add(str(phrase.here), number)
                beside.add(str(phrase.before), number)
            else:
                here.add(str(phrase.here), len(later))
                before.add(str(phrase.before), len(later))
                later.append(number)
        by_word, by_kind, by_stem = _Filed[str](), _Filed[str](), _Filed[Sequence[str]]()
        parts = (alone, here_beside, beside, here, before)
        for name in sorted({name for part in parts for name in part}, key=int):
            words, stems, kinds = words_of(items[int(name)])
            for word in words:
                by_word.add(word, name)
            for stem in stems:
                by_stem.add(stem[:STEM], (stem, name))
            for kind in kinds:
                by_kind.add(kind, name)
        rows = (alone, here_beside, beside, later, here, before, by_word, by_stem, by_kind)
        return cls(patterns, quiet, *rows)


class _Filed(dict[str, list[_Entry]]):
    """Entries by name."""

    def add(self, name: str, entry: _Entry) -> None:
        self.setdefault(name, []).append(entry)


@frozen(kw_only=True, eq=False)
class CompiledRules:
    r"""Documents of phrase rules, compiled.

    Attributes:
        rules: The rules in order.
        items: The items of all rows, each a line of fields; one mentions others by number.
        phrases: The phrases: first the patterns, among these last the shouted ones.
        negators: Words that negate what follows.
        stops: Words that a negation does not reach over.
        reach: How many words a negation reaches over.
        starters: Words that start a new clause.
        marks: Emoji that the phrases mention.
        vocabulary: All words that the phrases mention.
        places: Which phrases are looked up where.

    >>> compiled = CompiledRules.from_documents({"": "[rule bye]\nbye"})
    >>> CompiledRules.from_json(compiled.to_json()).rules[0].label
    'bye'
    """

    rules: tuple[PhraseRule, ...]
    items: Sequence[str] = field(repr=False)
    phrases: Sequence[Phrase] = field(repr=False)
    negators: frozenset[str] = field(repr=False)
    stops: frozenset[str] = field(repr=False)
    reach: int
    starters: frozenset[str] = field(repr=False)
    marks: frozenset[str] = field(repr=False)
    vocabulary: frozenset[str] = field(repr=False)
    places: Places = field(repr=False)

    @classmethod
    def from_documents(cls, documents: Mapping[str, str]) -> Self:
        """Compile documents that share their lists.

        Args:
            documents: Their texts by name.

        Returns:
            The rules, compiled.

        Raises:
            DocumentError: With every problem of all documents.
        """
        return cls.from_parsed(ParsedRules.from_documents(documents))

    @classmethod
    def from_parsed(cls, parsed: ParsedRules) -> Self:
        """Compile rules that are parsed.

        Args:
            parsed: The rules.

        Returns:
            The rules, compiled.

        Raises:
            DocumentError: With every phrase that holds no word.
        """
        problems = [
            Problem(rule.path, f"`{phrase}` needs at least one word")
            for rule in parsed.rules
            for phrase, row in zip(
                (*rule.rule.patterns, *rule.rule.unless, *rule.rule.exceptions),
                (*rule.patterns, *rule.unless, *rule.exceptions),
                strict=True,
            )
            if not variants_of(row)
        ]
        if problems:
            raise DocumentError("phrase rules", tuple(problems))
        writer = _Writer()
        phrases = tuple(writer.phrases(parsed))
        return cls(
            rules=tuple(rule.rule for rule in parsed.rules),
            items=writer.items,
            phrases=phrases,
            negators=parsed.negators,
            stops=parsed.stops,
            reach=parsed.reach,
            starters=parsed.starters,
            marks=parsed.marks,
            vocabulary=parsed.vocabulary,
            places=Places.of(writer.items, phrases, [rule.rule.shouted for rule in parsed.rules]),
        )

    @classmethod
    def of(cls, language: Language, name: str) -> Self:
        """Compile the phrase rules of a language, or read them as they were compiled.

        Args:
            language: The language.
            name: Which of its rules, as `Language.phrases` takes it.

        Returns:
            The rules, compiled.

        Raises:
            DocumentError: With every problem of the documents.
        """
        text = language.compiled(name)
        compiled = cls.from_json(text, digest=language.digest(name)) if text else None
        return compiled or cls.from_documents(language.phrases(name))

    def to_json(self, *, digest: str = "") -> str:
        """Write the compiled rules as JSON.

        Args:
            digest: What tells its documents from others.

        Returns:
            The text: the same for the same documents.
        """
        document = {
            "format": FORMAT,
            "digest": digest,
            "reach": self.reach,
            **{name: sorted(getattr(self, name)) for name in _SETS},
            "rules": [asdict(rule) | {"also": dict(rule.also)} for rule in self.rules],
            "items": self.items,
            "phrases": self.phrases,
            "places": self.places,
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, *, digest: str = "") -> Self | None:
        """Read compiled rules back, if they are those of a digest.

        Args:
            text: What `to_json` wrote.
            digest: What tells its documents from others.

        Returns:
            The compiled rules; ``None`` if they were made from other documents.
        """
        head = json.dumps({"format": FORMAT, "digest": digest}, separators=(",", ":"))
        if not (text.startswith(head[:-1] + ",") and text.endswith("}")):  # or half written
            return None
        document = json.loads(text)
        return cls(
            rules=tuple(
                PhraseRule(
                    label=rule["label"],
                    patterns=tuple(rule["patterns"]),
                    unless=tuple(rule["unless"]),
                    exceptions=tuple(rule["exceptions"]),
                    negatable=rule["negatable"],
                    weight=rule["weight"],
                    also=FrozenMapping(rule["also"]),
                )
                for rule in document["rules"]
            ),
            items=document["items"],
            phrases=[*map(_PHRASE, document["phrases"])],
            places=Places(*document["places"]),
            reach=document["reach"],
            **{name: frozenset(document[name]) for name in _SETS},
        )

    def row_of(self, numbers: str, made: dict[int, Item]) -> Row:
        """Make the items of a row.

        Args:
            numbers: Their numbers, with spaces between.
            made: Those that have been made before; the new ones are added.

        Returns:
            The items.
        """
        return tuple(
            made[number] if number in made else made.setdefault(number, self._item(number, made))
            for number in map(int, numbers.split())
        )

    def _item(self, number: int, made: dict[int, Item]) -> Item:
        sign, *rest = self.items[number].split(_FIELD)
        match sign:
            case "w":
                words, stems, kinds = words_of(self.items[number])
                return Words(frozenset(words), tuple(stems), frozenset(kinds))
            case "*":
                high, optional, negated = map(int, rest)
                refused = ENDS | self.negators if negated else ENDS
                return AnyWords(high, bool(optional), refused)
            case "?":
                return Maybe(self.row_of(rest[0], made))
            case "|":
                return Either(tuple(self.row_of(option, made) for option in rest))
            case ",":
                return Clause(int(rest[0]))
            case _:
                return Sentence(start=sign == "^")


_SETS = ("marks", "negators", "starters", "stops", "vocabulary")


def words_of(item: str) -> tuple[list[str], list[str], list[str]]:
    """Give the words, the stems and the kinds of an item that is a set of words."""
    _, words, stems, kinds = item.split(_FIELD)
    return words.split(), stems.split(), kinds.split()


class _Writer:
    """Numbers items, each content once."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.numbers: dict[str, int] = {}
        self.known: dict[int, tuple[Item, int]] = {}

    def phrases(self, parsed: ParsedRules) -> Iterable[Phrase]:
        rows = [
            (number, role, variant)
            for role, of in enumerate(("patterns", "unless", "exceptions"))
            for number, rule in enumerate(parsed.rules)
            for row in gathered(getattr(rule, of))
            for variant in variants_of(row)
        ]
        rows.sort(key=lambda each: (each[1], parsed.rules[each[0]].rule.shouted))
        rows.extend((0, NOT_NEGATOR, row) for row in parsed.not_negators)
        anchoring = Anchoring(parsed.common, [row for _, _, row in rows])
        for rule, role, whole in rows:
            for row, anchor in anchoring.anchored(whole):
                yield Phrase(
                    rule,
                    role,
                    self.row(row),
                    anchor.edge,
                    self.number(anchor.here),
                    -1 if anchor.before is None else self.number(anchor.before),
                    anchor.beside,
                )

    def row(self, items: Row) -> str:
        return " ".join(str(self.number(item)) for item in items)

    def number(self, item: Item) -> int:
        if id(item) not in self.known:
            plain = _FIELD.join(self.fields(item))
            if plain not in self.numbers:
                self.numbers[plain] = len(self.items)
                self.items.append(plain)
            self.known[id(item)] = item, self.numbers[plain]
        return self.known[id(item)][1]

    def fields(self, item: Item) -> Iterable[str]:
        match item:
            case Words():
                sets = (item.words, item.stems, item.kinds)
                return ["w", *(" ".join(sorted(each)) for each in sets)]
            case AnyWords():
                numbers = (item.high, item.optional, item.refused != ENDS)
                return ["*", *(str(int(each)) for each in numbers)]
            case Maybe():
                return ["?", self.row(item.items)]
            case Either():
                return ["|", *map(self.row, item.options)]
            case Clause():
                return [",", str(item.level)]
            case _:
                return ["^" if item.start else "$"]
