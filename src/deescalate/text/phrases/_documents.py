"""Documents of phrase rules: read, checked as a whole, and parsed into items."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Self

from attrs import field, frozen

from deescalate.documents import FrozenMapping
from deescalate.errors import DocumentError, Problem, nearest_name
from deescalate.text.phrases._items import ENDS, Row
from deescalate.text.phrases._parser import LONGEST_GAP, Parser
from deescalate.text.phrases._sections import Line, Section, sections_of

__all__ = ["ParsedRule", "ParsedRules", "PhraseRule"]

_NEGATION_REACH = 3
_YES = {"yes": True, "no": False}


@frozen(kw_only=True)
class PhraseRule:
    """One rule of a pattern set, as its document says it.

    Attributes:
        label: What a match shows; several rules may share one.
        patterns: The phrases that show it.
        unless: Phrases that cancel a match when they stand in the same clause, at most a dozen
            words away.
        exceptions: Phrases that cancel a match which they overlap (``[except]`` in a document).
        negatable: Whether a negation just before, or in a gap, cancels a match.
        weight: How strongly a match shows it, above 0 and at most 1.
        also: Whatever else the document says of it; ``yes`` and ``no`` are ``True`` and ``False``.

    >>> PhraseRule(label="thanks", patterns=("thank you",)).weight
    1.0
    """

    label: str
    patterns: tuple[str, ...]
    unless: tuple[str, ...] = ()
    exceptions: tuple[str, ...] = ()
    negatable: bool = False
    weight: float = 1.0
    also: Mapping[str, object] = field(default=FrozenMapping({}), hash=False)

    @property
    def shouted(self) -> bool:
        """Whether it is found only where a word is in capitals (``shouted = yes``)."""
        return bool(self.also.get("shouted"))


@frozen(kw_only=True)
class ParsedRule:
    """A rule with its phrases as rows of items."""

    rule: PhraseRule
    path: str
    patterns: tuple[Row, ...]
    unless: tuple[Row, ...]
    exceptions: tuple[Row, ...]


@frozen(kw_only=True)
class ParsedRules:
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
    """

    rules: tuple[ParsedRule, ...]
    negators: frozenset[str] = frozenset()
    not_negators: tuple[Row, ...] = ()
    stops: frozenset[str] = frozenset()
    reach: int = _NEGATION_REACH
    starters: frozenset[str] = frozenset()
    common: tuple[str, ...] = ()
    marks: frozenset[str] = frozenset()
    vocabulary: frozenset[str] = frozenset()

    @classmethod
    def from_documents(cls, documents: Mapping[str, str]) -> Self:
        """Read documents that belong together and may use each other's lists.

        Args:
            documents: Their texts by name.

        Returns:
            What they say.

        Raises:
            DocumentError: With every problem of all of them.
        """
        problems: list[Problem] = []
        sections = sections_of(documents, problems)
        read = _Reader(problems, [each for each in sections if each.kind != "rule"])
        rules = [read.rule(*each) for each in _rules_of(sections, problems)]
        if problems:
            raise DocumentError("phrase rules", tuple(problems))
        return cls(
            rules=tuple(rules),
            negators=read.negators,
            not_negators=read.not_negators,
            stops=read.parser.spelt(read.words("negation stops")),
            reach=read.reach,
            starters=read.parser.spelt(read.words("clauses")),
            common=tuple(read.words("common")),
            marks=frozenset(read.parser.marks),
            vocabulary=frozenset(read.parser.vocabulary),
        )

    @classmethod
    def from_rules(cls, rules: Iterable[PhraseRule]) -> Self:
        """Parse rules that need no lists.

        Args:
            rules: The rules.

        Returns:
            The rules, parsed.

        Raises:
            DocumentError: With every problem of all of them.
        """
        problems: list[Problem] = []
        read = _Reader(problems, ())
        parsed = tuple(read.given(rule, f"rule {number}") for number, rule in enumerate(rules, 1))
        if problems:
            raise DocumentError("phrase rules", tuple(problems))
        return cls(
            rules=parsed,
            marks=frozenset(read.parser.marks),
            vocabulary=frozenset(read.parser.vocabulary),
        )


def _rules_of(
    sections: Iterable[Section], problems: list[Problem]
) -> list[tuple[Section, dict[str, list[Line]]]]:
    """Each rule with what cancels it, which stands right after it."""
    rules: list[tuple[Section, dict[str, list[Line]]]] = []
    last = ""
    for section in sections:
        if section.kind == "rule":
            rules.append((section, {"unless": [], "except": []}))
        elif section.kind in ("unless", "except"):
            if last in ("rule", "unless", "except"):
                rules[-1][1][section.kind] += section.lines
            else:
                problems.append(Problem(section.path, f"`[{section.kind}]` stands after no rule"))
        last = section.kind
    return rules


class _Reader:
    """Reads what rules share, then the rules."""

    def __init__(self, problems: list[Problem], shared: Sequence[Section]) -> None:
        self.problems = problems
        self.shared = shared
        self.parser = Parser(problems)
        self.parser.apostrophes = frozenset(self.words("apostrophes"))
        for line in self._lines("spellings"):
            word, _, others = line.text.partition(" = ")
            self.parser.spellings[word] = tuple(each.strip() for each in others.split(","))
            if not others:
                problems.append(Problem(line.path, "expected `word = other, another`"))
        for section in shared:
            if section.kind == "list":
                self.parser.lists.setdefault(section.name, []).extend(section.lines)
                if not section.lines:
                    problems.append(Problem(section.path, f"list `{section.name}` is empty"))
        for name in self.parser.lists:
            self.parser.list(name, "")
        self.negators = self.parser.spelt(self.words("negation"))
        self.not_negators = tuple(map(self.parser.row, self._lines("negation except")))
        self.reach = self._reach()

    def _lines(self, kind: str) -> list[Line]:
        return [line for section in self.shared if section.kind == kind for line in section.lines]

    def words(self, kind: str) -> list[str]:
        """The words of a kind of section, one or more a line."""
        return [word for line in self._lines(kind) for word in line.text.split()]

    def _reach(self) -> int:
        reach = _NEGATION_REACH
        for section in self.shared:
            for key, line in section.settings.items():
                if key != "reach":
                    self.problems.append(
                        Problem(line.path, f"unknown setting `{key}`", nearest_name(key, ["reach"]))
                    )
                elif line.text.isdecimal() and int(line.text) <= LONGEST_GAP:
                    reach = int(line.text)
                else:
                    expected = f"found `{line.text}`, expected a whole number, 0 to {LONGEST_GAP}"
                    self.problems.append(Problem(line.path, expected))
        return reach

    def rule(self, section: Section, cancels: Mapping[str, Sequence[Line]]) -> ParsedRule:
        """Read a rule of a document."""
        settings = section.settings.items()
        also = {key: _YES.get(line.text, line.text) for key, line in settings}
        rule = PhraseRule(
            label=section.name,
            patterns=tuple(line.text for line in section.lines),
            unless=tuple(line.text for line in cancels["unless"]),
            exceptions=tuple(line.text for line in cancels["except"]),
            negatable=self._negatable(section.settings.get("negatable")),
            weight=self._weight(section.settings.get("weight")),
            also=FrozenMapping(
                {key: also[key] for key in also if key not in ("negatable", "weight")}
            ),
        )
        return self._parsed(rule, section.path, section.lines, cancels["unless"], cancels["except"])

    def given(self, rule: PhraseRule, path: str) -> ParsedRule:
        """Read a rule that stands in no document."""
        phrases = (rule.patterns, rule.unless, rule.exceptions)
        return self._parsed(rule, path, *([Line(path, text) for text in each] for each in phrases))

    def _parsed(
        self,
        rule: PhraseRule,
        path: str,
        patterns: Sequence[Line],
        unless: Sequence[Line],
        exceptions: Sequence[Line],
    ) -> ParsedRule:
        if not patterns:
            self.problems.append(Problem(path, f"rule `{rule.label}` has no phrase"))
        self.parser.refused = ENDS | self.negators if rule.negatable else ENDS
        rows = tuple(map(self.parser.row, patterns))
        self.parser.refused = ENDS
        return ParsedRule(
            rule=rule,
            path=path,
            patterns=rows,
            unless=tuple(map(self.parser.row, unless)),
            exceptions=tuple(map(self.parser.row, exceptions)),
        )

    def _negatable(self, line: Line | None) -> bool:
        if line is None:
            return False
        if line.text not in _YES:
            self.problems.append(Problem(line.path, f"found `{line.text}`, expected yes or no"))
        return _YES.get(line.text, False)

    def _weight(self, line: Line | None) -> float:
        if line is None:
            return 1.0
        try:
            weight = float(line.text)
        except ValueError:
            weight = 0.0
        if 0 < weight <= 1:
            return weight
        expected = f"found `{line.text}`, expected a number above 0 and at most 1"
        self.problems.append(Problem(line.path, expected))
        return 1.0
