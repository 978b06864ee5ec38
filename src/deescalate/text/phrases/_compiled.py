"""Phrase rules compiled to plain data: what a pattern set runs on, and what ships beside documents.

Parsing thousands of phrases takes most of a second, reading them back as plain data takes
milliseconds. A file of compiled rules names the digest of the documents it was made from; with
other documents it is not used.
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Self

from attrs import asdict, field, frozen

from deescalate.errors import DocumentError, Problem
from deescalate.text.phrases._anchors import Anchoring, variants_of
from deescalate.text.phrases._documents import Lexicon, PhraseRule, parse_documents
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

__all__ = [
    "EXCEPT",
    "NOT_NEGATOR",
    "PATTERN",
    "UNLESS",
    "CompiledRules",
    "Phrase",
    "digest_of",
    "documents_in",
    "words_of",
]

FORMAT = 2
_FIELD = "\t"
PATTERN, UNLESS, EXCEPT, NOT_NEGATOR = range(4)


@frozen
class Phrase:
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
        values: Whatever the documents hold under ``values``.

    >>> compiled = CompiledRules.from_documents('[[rules]]\nlabel = "bye"\npatterns = ["bye"]')
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
    values: Mapping[str, object] = field(repr=False)

    @classmethod
    def from_documents(cls, *texts: str) -> Self:
        """Compile TOML documents that share their lists.

        Args:
            texts: The documents.

        Returns:
            The rules, compiled.

        Raises:
            DocumentError: With every problem of all documents.
        """
        lexicon = parse_documents(*texts)
        problems = [
            Problem(f"rule {number} ({parsed.rule.label})", f"`{phrase}` needs at least one word")
            for number, parsed in enumerate(lexicon.rules)
            for phrase, row in zip(
                (*parsed.rule.patterns, *parsed.rule.unless, *parsed.rule.exceptions),
                (*parsed.patterns, *parsed.unless, *parsed.exceptions),
                strict=True,
            )
            if not variants_of(row)
        ]
        if problems:
            raise DocumentError("phrase rules", tuple(problems))
        writer = _Writer()
        phrases = tuple(writer.phrases(lexicon))
        return cls(
            rules=tuple(parsed.rule for parsed in lexicon.rules),
            items=writer.items,
            phrases=phrases,
            negators=lexicon.negators,
            stops=lexicon.stops,
            reach=lexicon.reach,
            starters=lexicon.starters,
            marks=lexicon.marks,
            vocabulary=lexicon.vocabulary,
            values=lexicon.values,
        )

    @classmethod
    def shipped(cls, folder: Traversable, name: str) -> Self:
        """Read a folder's documents ``name*.toml``, compiled in ``name.json`` if these are theirs.

        Args:
            folder: Where they are.
            name: What the names of their files begin with.

        Returns:
            The rules, compiled.

        Raises:
            DocumentError: With every problem of all documents.
        """
        texts = documents_in(folder, name)
        file = folder / f"{name}.json"
        compiled = (
            cls.from_json(file.read_text("utf-8"), digest=digest_of(texts))
            if file.is_file()
            else None
        )
        return compiled or cls.from_documents(*texts)

    def to_json(self, *, digest: str = "") -> str:
        """Write the compiled rules as JSON.

        Args:
            digest: What `digest_of` says of the documents.

        Returns:
            The text: the same for the same documents.
        """
        document = {
            "format": FORMAT,
            "digest": digest,
            "reach": self.reach,
            **{name: sorted(getattr(self, name)) for name in _SETS},
            "values": dict(self.values),
            "rules": [asdict(rule) | {"also": dict(rule.also)} for rule in self.rules],
            "items": self.items,
            "phrases": [[*asdict(phrase).values()] for phrase in self.phrases],
        }
        return json.dumps(document, ensure_ascii=False, separators=(",", ":"))

    @classmethod
    def from_json(cls, text: str, *, digest: str = "") -> Self | None:
        """Read compiled rules back, if they are those of a digest.

        Args:
            text: What `to_json` wrote.
            digest: What `digest_of` says of the documents.

        Returns:
            The compiled rules; ``None`` if they were made from other documents.
        """
        document = json.loads(text)
        if document["format"] != FORMAT or document["digest"] != digest:
            return None
        return cls(
            rules=tuple(
                PhraseRule(
                    label=rule["label"],
                    patterns=tuple(rule["patterns"]),
                    unless=tuple(rule["unless"]),
                    exceptions=tuple(rule["exceptions"]),
                    negatable=rule["negatable"],
                    weight=rule["weight"],
                    also=MappingProxyType(rule["also"]),
                )
                for rule in document["rules"]
            ),
            items=document["items"],
            phrases=[Phrase(*phrase) for phrase in document["phrases"]],
            reach=document["reach"],
            values=MappingProxyType(document["values"]),
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


def documents_in(folder: Traversable, name: str) -> tuple[str, ...]:
    """Read the documents ``name*.toml`` of a folder, in the order of their names."""
    entries = [
        entry
        for entry in folder.iterdir()
        if entry.name.startswith(name) and entry.name.endswith(".toml")
    ]
    return tuple(
        entry.read_text("utf-8") for entry in sorted(entries, key=lambda entry: entry.name)
    )


def digest_of(texts: Iterable[str]) -> str:
    """Tell documents from others: their SHA-256 in hexadecimal.

    >>> digest_of(["a"]) == digest_of(["a", ""])
    False
    """
    digest = sha256()
    for text in texts:
        digest.update(f"{len(text)}\n{text}".encode())
    return digest.hexdigest()


class _Writer:
    """Numbers items, each content once."""

    def __init__(self) -> None:
        self.items: list[str] = []
        self.numbers: dict[str, int] = {}
        self.known: dict[int, tuple[Item, int]] = {}

    def phrases(self, lexicon: Lexicon) -> Iterable[Phrase]:
        rows = [
            (number, role, variant)
            for role, of in enumerate(("patterns", "unless", "exceptions"))
            for number, parsed in enumerate(lexicon.rules)
            for row in getattr(parsed, of)
            for variant in variants_of(row)
        ]
        rows.sort(key=lambda each: (each[1], lexicon.rules[each[0]].rule.shouted))
        rows.extend((0, NOT_NEGATOR, row) for row in lexicon.not_negators)
        anchoring = Anchoring(lexicon.common, [row for _, _, row in rows])
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
