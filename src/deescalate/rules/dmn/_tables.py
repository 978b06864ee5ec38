"""Reads one decision table: its columns, its outputs, its rules."""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Protocol

from attrs import define

from deescalate.documents import FrozenMapping, Notes, joined, parsed
from deescalate.errors import DeescalateError, quoted
from deescalate.rules._documents import read_examples
from deescalate.rules._engine.conditions import EVERYTHING, Condition, Fact, all_of, any_of
from deescalate.rules._engine.facts import Choice
from deescalate.rules._engine.rules import Example, Rule, Scalar
from deescalate.rules._table import Table
from deescalate.rules.dmn._columns import Cells, fact_of, is_blank
from deescalate.rules.dmn._feel import (
    Expression,
    Function,
    Unsupported,
    read_constants,
    read_expression,
)
from deescalate.rules.dmn._logic import Column, Tabled, plain_value
from deescalate.rules.dmn._marks import check_language, line_of, marks_of, own_mark, owned
from deescalate.rules.dmn._relations import Relations
from deescalate.rules.dmn._types import ANY, Type, Types, flat
from deescalate.rules.dmn._xml import Element

__all__ = ["TableReader"]

_NAME = re.compile(r"[^\W\d][\w' -]*(?:\.[^\W\d][\w' -]*)*")
_POLICIES = {
    "": "unique",
    "UNIQUE": "unique",
    "ANY": "any",
    "PRIORITY": "priority",
    "FIRST": "first",
    "RULE ORDER": "rule order",
    "OUTPUT ORDER": "output order",
    "COLLECT": "collect",
}
_AGGREGATIONS = ("SUM", "COUNT", "MIN", "MAX")


class Known(Protocol):
    """What the logic of a decision may use."""

    @property
    def names(self) -> Any: ...
    @property
    def functions(self) -> Mapping[str, Function]: ...
    @property
    def own(self) -> Type: ...
    def type_at(self, path: str) -> Type: ...
    def outcomes_at(self, path: str) -> tuple[Scalar, ...] | None: ...


@define(eq=False)
class _Input:
    """A column of inputs, as it is being read."""

    index: int
    element: Element
    source: Expression
    cells: Cells
    compares: bool = False

    @property
    def plain(self) -> bool:
        """Whether a cell asks about its fact itself."""
        return not self.compares or any(
            each.boxes != EVERYTHING.boxes for each in self.cells.known.values()
        )


@define(eq=False)
class _Output:
    """A column of outputs, as it is being read."""

    name: str
    element: Element
    type: Type
    computed: bool = False


class TableReader:
    """Reads one decision table.

    Args:
        types: The types of the model.
        problem: Notes what cannot be read: its path, the reason, the line.
        name: The name of the decision.
        element: The table.
        known: What it may use.
        title: The name of the decision with its blanks as they are.
    """

    def __init__(
        self,
        types: Types,
        problem: Callable[[str, str, int], None],
        name: str,
        element: Element,
        known: Known,
        title: str = "",
    ) -> None:
        self.types = types
        self.note = problem
        self.name = name
        self.element = element
        self.known = known
        self.title = title
        self.relations = Relations(lambda each: read_expression(each, known.names))
        self.computed: dict[str, Expression] = {}
        self.constants: set[str] = set()
        self.cells: list[list[str]] = []
        self.grouped: list[list[int]] = []
        self.known_values: dict[tuple[str, str, str], Scalar] = {}
        self.sound = True
        self.lines: dict[str, int] = {"rules": element.line, "outcomes": element.line}

    def problem(self, place: str, reason: str, line: int) -> None:
        """Note what cannot be read of the table."""
        self.sound = False
        self.note(f"{joined('', self.name)}.{place}", reason, line)

    def table(self) -> Tabled | None:
        """The table; ``None`` where something is wrong with it."""
        rules = list(self.element.all("rule"))
        inputs = [
            self.input(place, each, rules) for place, each in enumerate(self.element.all("input"))
        ]
        outputs = self.outputs()
        policy = self.policy(len(outputs))
        columns = [each for each in inputs if each is not None]
        if not self.sound:
            return None
        facts = self.facts(columns)
        made = self.rules(rules, columns, outputs)
        columns = [each for each in columns if each.plain]
        names = {each.cells.fact.name for each in columns}
        standing = self.relations.columns()
        facts = (*(each for each in facts if each.name in names), *(each.fact for each in standing))
        default = self.default(outputs)
        tests = self.tests(facts)
        outcomes = self.outcomes(outputs, policy)
        if self.constants & set(self.computed):
            reason = "not supported: a text that is an expression elsewhere in the table"
            self.problem("rules", reason, self.element.line)
        if not self.sound:
            return None
        try:
            table = Table(self.title or self.name, facts, made, policy, default, outcomes, tests)
        except DeescalateError as error:
            self.problem("rules", str(error), self.element.line)
            return None
        return Tabled(
            table,
            (*self.columns(columns, rules), *standing),
            FrozenMapping(self.computed),
            FrozenMapping(self.lines),
            bool(standing),
        )

    def policy(self, outputs: int) -> str:
        """The hit policy, by its name here."""
        said = self.element.get("hitPolicy")
        policy = _POLICIES.get(said.upper())
        if policy is None:
            known = ", ".join(quoted(each) for each in _POLICIES if each)
            self.problem(
                "hitPolicy", f"found {quoted(said)}, expected one of {known}", self.element.line
            )
            return "unique"
        aggregation = self.element.get("aggregation").upper()
        if policy != "collect" or not aggregation:
            return policy
        if aggregation not in _AGGREGATIONS or outputs > 1:
            reason = f"not supported: the aggregation {quoted(aggregation)} of {outputs} outputs"
            self.problem("aggregation", reason, self.element.line)
            return policy
        return f"collect {aggregation.lower()}"

    def input(self, place: int, element: Element, rules: Sequence[Element]) -> _Input | None:
        """A column of inputs."""
        at = f"inputs[{place}]"
        asked = element.one("inputExpression")
        text = "" if asked is None else flat(asked.said("text") or element.get("label"))
        if asked is None or not text:
            self.problem(at, "it asks about nothing, expected an expression", element.line)
            return None
        try:
            source, fact = self.asked(element, asked, text, self.texts(place, rules))
        except Unsupported as error:
            self.problem(at, str(error), asked.line)
            return None
        self.lines[joined("facts", fact.name)] = element.line
        return _Input(
            place, element, source, Cells(fact, floats=bool(own_mark(element, "fact", "floats")))
        )

    def asked(
        self, element: Element, asked: Element, text: str, texts: Sequence[str]
    ) -> tuple[Expression, Fact]:
        """What an input reads, and the fact that its cells ask about."""
        if _NAME.fullmatch(text) is None:
            check_language(asked)
        source = self.source(text)
        said = self.types.of(asked.get("typeRef"))
        if said is None:
            raise Unsupported(f"there is no type {quoted(asked.get('typeRef'))}")
        typed = self.known.type_at(source.path)
        if typed.many or said.many:
            raise Unsupported(f"not supported: {quoted(text)} is a list")
        values = element.one("inputValues")
        own = "" if values is None else values.said("text")
        fact = fact_of(
            self.fact_name(element, text),
            said.kind or typed.kind,
            texts,
            own or said.allowed or typed.allowed,
            _texts(self.known.outcomes_at(source.path)),
            marks_of(element),
        )
        return source, fact

    def fact_name(self, element: Element, text: str) -> str:
        """The name of a fact: what it reads, but for blanks that only our own files keep."""
        own = own_mark(element, "fact", "name")
        return own if flat(own) == text else text

    def source(self, text: str) -> Expression:
        """What an input reads: an expression over known names, or any one name."""
        try:
            return read_expression(text, self.known.names, self.known.functions)
        except Unsupported:
            if _NAME.fullmatch(text) is None and any(each in text for each in '+*/()[]{}<>="'):
                raise
        return read_expression(text, (text.partition(".")[0],))

    def texts(self, place: int, rules: Sequence[Element]) -> list[str]:
        """The cells of a column."""
        if not self.cells:
            self.cells = [[each.said("text") for each in rule.all("inputEntry")] for rule in rules]
        return [row[place] for row in self.cells if place < len(row)]

    def facts(self, columns: Sequence[_Input]) -> tuple[Fact, ...]:
        """The facts of the columns; one that two columns ask about is one."""
        facts: dict[str, Fact] = {}
        for each in columns:
            fact = each.cells.fact
            if facts.setdefault(fact.name, fact) != fact:
                facts[fact.name] = self.joined_fact(each, facts[fact.name])
        for each in columns:
            each.cells = Cells(facts[each.cells.fact.name], floats=each.cells.floats)
        return tuple(facts.values())

    def joined_fact(self, column: _Input, before: Fact) -> Fact:
        """One fact for two columns that ask about the same."""
        fact = column.cells.fact
        if isinstance(before, Choice) and isinstance(fact, Choice):
            return Choice(fact.name, dict.fromkeys((*before.options, *fact.options)))
        self.problem(
            f"inputs[{column.index}]",
            f"{quoted(fact.name)} is asked in two columns of different values",
            column.element.line,
        )
        return before

    def columns(self, columns: Sequence[_Input], rules: Sequence[Element]) -> tuple[Column, ...]:
        """The columns as values are put into them, one a fact."""
        asking: dict[str, set[int]] = {}
        found: dict[str, tuple[Fact, Expression]] = {}
        for each in columns:
            name = each.cells.fact.name
            found.setdefault(name, (each.cells.fact, each.source))
            texts = self.texts(each.index, rules)
            asking.setdefault(name, set()).update(
                rule for rule, text in enumerate(texts) if not is_blank(text)
            )
        return tuple(
            Column(fact, source, self.grouped_places(asking[name], rules))
            for name, (fact, source) in found.items()
        )

    def grouped_places(self, places: set[int], rules: Sequence[Element]) -> frozenset[int]:
        """The places of rules, where several lines of the table may be one of ours."""
        return frozenset(
            rule for rule, lines in enumerate(self.groups(rules)) if places.intersection(lines)
        )

    def groups(self, rules: Sequence[Element]) -> list[list[int]]:
        """The lines of each rule; only a rule of ours with alternatives has more than one."""
        if self.grouped:
            return self.grouped
        found = self.grouped
        last = ""
        for place, element in enumerate(rules):
            own = own_mark(element, "rule", "of")
            if own and own == last:
                found[-1].append(place)
            else:
                found.append([place])
            last = own
        return found

    def outputs(self) -> list[_Output]:
        """The columns of outputs."""
        elements = list(self.element.all("output"))
        found: list[_Output] = []
        if not elements:
            self.problem("outputs", "there is no output", self.element.line)
        for place, each in enumerate(elements):
            name = each.get("name") or each.get("label")
            if len(elements) > 1 and (
                not name.strip() or any(other.name == name for other in found)
            ):
                reason = "its name is missing or that of another output"
                self.problem(f"outputs[{place}]", reason, each.line)
            typed = self.types.of(each.get("typeRef"))
            if typed is None:
                reason = f"there is no type {quoted(each.get('typeRef'))}"
                self.problem(f"outputs[{place}]", reason, each.line)
            own = self.known.own
            inner = own.parts.get(flat(name), ANY) if own.parts else own
            both = typed or ANY
            found.append(_Output(name, each, both if both.allowed else inner))
            self.lines.setdefault("outcomes", each.line)
        if len(found) == 1 and not own_mark(self.element, "table", "outputs"):
            found[0].name = ""
        return found

    def rules(
        self, rules: Sequence[Element], inputs: Sequence[_Input], outputs: Sequence[_Output]
    ) -> list[Rule]:
        """The rules; of a rule with too few cells nothing is read."""
        labels = Counter(each.get("label") for each in rules)
        made: list[Rule] = []
        for place, lines in enumerate(self.groups(rules)):
            element = rules[lines[0]]
            at = f"rules[{place}]"
            self.lines[at] = element.line
            parts = [self.condition(place, rules[each], inputs) for each in lines]
            then = self.then(at, element, outputs)
            label = own_mark(element, "rule", "of") or element.get("label")
            unique = label.strip() and labels[label] in (1, len(lines))
            name = label if unique else f"rule {place + 1}"
            when = parts[0] if len(parts) == 1 else any_of(*parts)
            if self.sound:
                made.append(Rule(name, when, then, _reason(element)))
        return made

    def condition(self, place: int, rule: Element, inputs: Sequence[_Input]) -> Condition:
        """The cells of a rule, all of which must hold."""
        at = f"rules[{place}]"
        entries = list(rule.all("inputEntry"))
        if len(entries) != len(inputs):
            reason = f"it has {len(entries)} input cells, expected {len(inputs)}"
            self.problem(at, reason, rule.line)
            return EVERYTHING
        found: list[Condition] = []
        for entry, column in zip(entries, inputs, strict=True):
            try:
                check_language(entry)
                found.append(self.cell(column, entry.said("text"), place))
            except Unsupported as error:
                where = joined(f"{at}.when", column.cells.fact.name)
                self.problem(where, str(error), line_of(entry))
        return all_of(*found)

    def cell(self, column: _Input, text: str, rule: int) -> Condition:
        """One cell: what it allows, or how its input stands to others."""
        try:
            return column.cells.read(text)
        except Unsupported:
            found = self.relations.read(column.cells, column.source, text, rule)
            if found is None:
                raise
            column.compares = True
            return found

    def then(self, at: str, rule: Element, outputs: Sequence[_Output]) -> Any:
        """The outcome of a rule."""
        entries = list(rule.all("outputEntry"))
        if len(entries) != len(outputs):
            reason = f"it has {len(entries)} output cells, expected {len(outputs)}"
            self.problem(at, reason, rule.line)
            return ""
        values = [
            self.value(f"{at}.then", entry, output)
            for entry, output in zip(entries, outputs, strict=True)
        ]
        if len(outputs) == 1 and not outputs[0].name:
            return values[0]
        return {output.name: value for output, value in zip(outputs, values, strict=True)}

    def value(self, at: str, entry: Element, output: _Output) -> Scalar:
        """One output cell: a plain value, or the text of what is to be computed."""
        text = entry.said("text") or "null"
        key = (output.name, text, entry.get("expressionLanguage"))
        if key not in self.known_values:
            self.known_values[key] = self.read_value(at, entry, text, output)
        return self.known_values[key]

    def read_value(self, at: str, entry: Element, text: str, output: _Output) -> Scalar:
        """An output cell that is not known yet."""
        try:
            check_language(entry)
            found = read_expression(text, self.known.names, self.known.functions)
        except Unsupported as error:
            self.problem(at, f"not supported: {error}", line_of(entry))
            return ""
        raw = found.run({}) if found.constant else None
        if not isinstance(raw, str | bool | Decimal):
            output.computed = True
            self.computed[found.text] = found
            return found.text
        value: Scalar = plain_value(raw)
        if isinstance(value, str):
            self.constants.add(value)
        if bool(own_mark(output.element, "output", "floats")) and not isinstance(
            value, str | bool | int
        ):
            value = float(value)
        return value

    def default(self, outputs: Sequence[_Output]) -> Any:
        """The outcome where no rule matches; ``None`` for none."""
        entries = [each.element.one("defaultOutputEntry") for each in outputs]
        if not any(entries):
            return None
        values: dict[str, Scalar] = {}
        for output, entry in zip(outputs, entries, strict=True):
            given = Element("", "", {}, output.element.line) if entry is None else entry
            values[output.name] = self.value("default", given, output)
        return values[""] if list(values) == [""] else values

    def outcomes(self, outputs: Sequence[_Output], policy: str) -> Any:
        """The stated outcomes of the outputs that state any, best first."""
        found: dict[str, list[Scalar]] = {}
        for place, each in enumerate(outputs):
            values = each.element.one("outputValues")
            text = each.type.allowed if values is None else values.said("text")
            line = each.element.line if values is None else values.line
            at = f"outputs[{place}]"
            needed = policy in ("priority", "output order")
            if values is not None and not text:
                self.problem(at, "its list of values is empty", line)
            if not text or (each.computed and not needed):
                continue
            try:
                listed = [plain_value(one.run({})) for one in read_constants(text)]
            except Unsupported as error:
                if needed:
                    self.problem(at, f"not supported: {error}", line)
                continue
            if own_mark(each.element, "output", "floats"):
                listed = [float(one) if isinstance(one, Decimal) else one for one in listed]
            found[each.name] = [one for one in listed if one is not None]
        return found.get("", ()) if [each.name for each in outputs] == [""] else found

    def tests(self, facts: Sequence[Fact]) -> tuple[Example, ...]:
        """The cases that one of our own files states."""
        text = "".join(each.text for each in owned(self.element, "tests"))
        if not text:
            return ()
        notes = Notes()
        try:
            found = read_examples(notes, parsed("tests", text).get("tests", []), facts)
        except DeescalateError as error:
            self.problem("tests", str(error), self.element.line)
            return ()
        for each in notes.problems:
            self.problem(each.path, each.reason, self.element.line)
        return found


def _texts(outcomes: tuple[Scalar, ...] | None) -> list[str] | None:
    if outcomes is None or not all(isinstance(each, str) for each in outcomes):
        return None
    return [str(each) for each in outcomes]


def _reason(rule: Element) -> str:
    """The reason of a rule: its description, or its annotations."""
    said = rule.said("description")
    own = own_mark(rule, "rule", "because")
    if own and own.strip() == said:
        return own
    noted = [each.said("text") for each in rule.all("annotationEntry")]
    return said or "; ".join(each for each in noted if each)
