"""Writes tables and models as DMN 1.3, which dmn-js, Camunda and Drools open."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from attrs import field, frozen

from deescalate.documents import FrozenMapping
from deescalate.errors import TableError, quoted
from deescalate.rules._engine.calendar import Temporal
from deescalate.rules._engine.cells import write_cell
from deescalate.rules._engine.conditions import Box, Fact, Test
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.plain import EXACT, Real, exactly
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.rules import Outputs, Rule, Scalar
from deescalate.rules._engine.sets import NumberSet, OptionSet
from deescalate.rules._table import Table
from deescalate.rules._written import written_example
from deescalate.rules.dmn._feel import Expression
from deescalate.rules.dmn._logic import OTHER
from deescalate.rules.dmn._marks import OWN
from deescalate.rules.dmn._types import flat

__all__ = ["Drawn", "definitions", "type_of", "xml_of_table"]

_SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"
MOST_LINES = 1000
"""Lines of a DMN table that one rule with alternatives may take; ours."""

_COUNTING = (
    HitPolicy.UNIQUE,
    HitPolicy.RULE_ORDER,
    HitPolicy.OUTPUT_ORDER,
    HitPolicy.COLLECT,
    HitPolicy.COLLECT_SUM,
    HitPolicy.COLLECT_COUNT,
)
"""Policies for which it matters how many lines of a table match."""


def _clean(text: str) -> str:
    for each in text:
        if (each < " " and each not in "\t\n\r") or each in "\ufffe\uffff":
            raise TableError("table", f"{quoted(text)} holds {quoted(each)}, which XML cannot hold")
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _attribute(text: str) -> str:
    shown = _clean(text).replace('"', "&quot;")
    for each in "\t\n\r":
        shown = shown.replace(each, f"&#{ord(each)};")
    return shown


def _tag(name: str, /, *children: str, **attributes: str) -> str:
    said = "".join(
        f' {key.rstrip("_").replace("__", ":")}="{_attribute(each)}"'
        for key, each in attributes.items()
        if each
    )
    inside = "".join(children)
    return f"<{name}{said}>{inside}</{name}>\n" if inside else f"<{name}{said}/>\n"


def _text(name: str, words: str, own: str) -> str:
    return _tag(name, f"<text>{_clean(words).replace(chr(13), '&#13;')}</text>", id=own)


def _entries(name: str, cells: Iterable[str], own: str) -> Iterator[str]:
    return (_text(name, each, f"{own}_{name}_{place}") for place, each in enumerate(cells, 1))


def _extension(*children: str) -> str:
    shown = "".join(each for each in children if each)
    return _tag("extensionElements", shown) if shown else ""


@frozen(eq=False)
class Drawn:
    """A decision as it is to be written.

    Attributes:
        name: Its name.
        table: Its table; ``None`` where it is an expression.
        sources: What its columns read, by fact, where that is not the fact's name.
        computed: Outcomes that are expressions, by their text.
        expression: Its expression, where it has no table.
        needs: Names of the decisions that it asks.
        asks: Names of the inputs that it asks, with their types.
        asking: The rules whose cell says something, by fact, by their places: null does not match.
    """

    name: str
    table: Table | None = None
    sources: Mapping[str, str] = field(default=FrozenMapping({}))
    computed: Mapping[str, Expression] = field(default=FrozenMapping({}))
    expression: str = ""
    needs: Sequence[str] = ()
    asks: Mapping[str, str] = field(default=FrozenMapping({}))
    asking: Mapping[str, frozenset[int]] = field(default=FrozenMapping({}))


def xml_of_table(table: Table) -> str:
    """A DMN document of one table.

    Raises:
        TableError: DMN or XML cannot hold it.
    """
    asks = {flat(fact.name): type_of(fact) for fact in table.facts}
    return definitions(table.name, [Drawn(table.name, table, asks=asks)])


def definitions(name: str, drawn: Sequence[Drawn]) -> str:
    """A DMN document of decisions.

    Raises:
        TableError: DMN or XML cannot hold one of them.
    """
    inputs: dict[str, str] = {}
    for each in drawn:
        inputs.update({path: inputs.get(path) or kind for path, kind in each.asks.items()})
    places = {each.name: f"decision_{place}" for place, each in enumerate(drawn, 1)}
    data = {path: f"input_{place}" for place, path in enumerate(inputs, 1)}
    body = [
        _tag(
            "inputData",
            _tag("variable", id=f"{data[path]}_variable", name=path, typeRef=kind),
            id=data[path],
            name=path,
        )
        for path, kind in inputs.items()
    ]
    body += [_decision(each, places, data) for each in drawn]
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + _tag(
        "definitions",
        "\n",
        *body,
        xmlns=_SPACE,
        xmlns__deescalate=OWN,
        id="definitions",
        name=name,
        namespace="https://pypi.org/project/deescalation/models",
    )


def _decision(drawn: Drawn, places: Mapping[str, str], data: Mapping[str, str]) -> str:
    own = places[drawn.name]
    required = [("requiredDecision", places[each]) for each in drawn.needs]
    required += [("requiredInput", data[each]) for each in drawn.asks]
    requirements = [
        _tag(
            "informationRequirement", _tag(tag, href=f"#{target}"), id=f"{own}_requirement_{place}"
        )
        for place, (tag, target) in enumerate(required, 1)
    ]
    if drawn.table is None:
        logic = _tag(
            "literalExpression", f"<text>{_clean(drawn.expression)}</text>", id=f"{own}_logic"
        )
    else:
        logic = _Table(drawn.table, drawn, own).written()
    variable = _tag("variable", id=f"{own}_variable", name=drawn.name)
    return _tag("decision", "\n", variable, *requirements, logic, id=own, name=drawn.name)


def type_of(fact: Fact) -> str:
    """The type that an input of a fact has in DMN."""
    if isinstance(fact, Choice):
        return "string"
    if isinstance(fact, Flag):
        return "boolean"
    if not isinstance(fact, Temporal):
        return "number"
    names = {
        "date and time": "dateTime",
        "days and time duration": "dayTimeDuration",
        "years and months duration": "yearMonthDuration",
    }
    return names.get(fact.kind, fact.kind)


class _Numbers:
    """How the numbers of a column are spelled so that they are read as just the same.

    Where all its fractions are such as floats can be, they are spelled as Python spells floats;
    else, and in columns of decimals, every digit is written out.
    """

    def __init__(self, values: Iterable[Any], *, decimal: bool = False) -> None:
        found = [each for each in values if isinstance(each, float | Decimal)]
        parted = [each for each in found if _is_parted(each)]
        self.floats = not decimal and any(isinstance(each, float) for each in parted)
        self.floats = self.floats and all(_is_float(each) for each in parted)

    def spelled(self, value: Real) -> str:
        """One number, in digits."""
        near = self.floats and _is_parted(value)
        return format(Decimal(repr(float(value))) if near else exactly(value), "f")


def _is_parted(value: Real) -> bool:
    exact = exactly(value)
    return exact != exact.to_integral_value(context=EXACT)


def _is_float(value: float | Decimal) -> bool:
    return isinstance(value, float) or Decimal(float(value)) == value


class _Table:
    """Writes one decision table."""

    def __init__(self, table: Table, drawn: Drawn, own: str) -> None:
        self.table = table
        self.drawn = drawn
        self.own = own
        self.lines = [(rule, list(self._boxes(rule))) for rule in table.rules]
        self.numbers = {fact.name: self._numbers(fact) for fact in table.facts}
        self.names = self._names()
        self.outcomes = {name: self._outcomes(name) for name in self.names}
        self.spelling = {name: _Numbers(values) for name, values in self.outcomes.items()}

    def _boxes(self, rule: Rule) -> Iterator[Box | None]:
        """The lines of a rule; ``None`` for one that never holds."""
        boxes = rule.when.boxes
        if not boxes:
            yield None
        apart = self.table.hit_policy in _COUNTING
        for place, box in enumerate(boxes):
            pieces = [box]
            for other in boxes[:place] if apart else ():
                pieces = [part for piece in pieces for part in _outside(piece, other)]
                if len(pieces) > MOST_LINES:
                    reason = f"its alternatives take more than {MOST_LINES} lines"
                    raise TableError(f"rule {quoted(rule.name)}", reason)
            yield from pieces

    def _numbers(self, fact: Fact) -> _Numbers:
        if not isinstance(fact, Number):
            return _Numbers(())
        values: list[object] = [fact.low, fact.high]
        for _, boxes in self.lines:
            for box in boxes:
                for test in box or ():
                    if test.fact.name == fact.name:
                        stated = cast("NumberSet", test.written or test.values)
                        values += [bound.value for bound in stated.bounds if bound.finite]
        return _Numbers(values, decimal=fact.decimal)

    def _names(self) -> list[str]:
        stated = self.table.outcomes
        named = list(stated) if isinstance(stated, Outputs) else []
        for each in [rule.then for rule in self.table.rules] + [self.table.default]:
            if isinstance(each, Outputs):
                return list(dict.fromkeys((*named, *each)))
        return named or [""]

    def _outcomes(self, name: str) -> list[Scalar]:
        found = [_part(rule.then, name) for rule in self.table.rules]
        found += [] if self.table.default is None else [_part(self.table.default, name)]
        return [*found, *self._stated(name)]

    def _stated(self, name: str) -> Sequence[Scalar]:
        stated = self.table.outcomes
        return stated.get(name, ()) if isinstance(stated, Outputs) else stated

    def written(self) -> str:
        """The table."""
        policy, _, aggregation = self.table.hit_policy.value.upper().partition("COLLECT ")
        marks = (
            _tag("deescalate:table", outputs="named")
            if len(self.names) == 1 and self.names[0]
            else ""
        )
        tests = [written_example(each) for each in self.table.tests]
        told = json.dumps({"tests": tests}) if tests else ""
        return _tag(
            "decisionTable",
            "\n",
            _extension(marks, _tag("deescalate:tests", _clean(told)) if told else ""),
            *(self.input(place, fact) for place, fact in enumerate(self.table.facts, 1)),
            *(self.output(place, name) for place, name in enumerate(self.names, 1)),
            *self.rules(),
            id=f"{self.own}_table",
            hitPolicy=policy or "COLLECT",
            aggregation=aggregation,
        )

    def input(self, place: int, fact: Fact) -> str:
        """A column of inputs."""
        own = f"{self.own}_input_{place}"
        source = self.drawn.sources.get(fact.name, fact.name)
        marks: dict[str, str] = {}
        if flat(fact.name) != fact.name:
            marks["name"] = fact.name
        if type(fact) is Number:
            floats = self.numbers[fact.name].floats
            if fact.unit or fact.integer or not fact.decimal or marks:
                marks |= {
                    "unit": fact.unit,
                    "integer": "true" if fact.integer else "",
                    "decimal": "true" if fact.decimal else "false",
                    "floats": "true" if floats else "",
                }
        asked = f"<text>{_clean(flat(source))}</text>"
        return _tag(
            "input",
            _extension(_tag("deescalate:fact", **marks)) if marks else "",
            _tag("inputExpression", asked, id=f"{own}_expression", typeRef=type_of(fact)),
            self.allowed(fact, f"{own}_values"),
            id=own,
            label=fact.name,
        )

    def allowed(self, fact: Fact, own: str) -> str:
        """The allowed values of an input."""
        if isinstance(fact, Choice):
            return "" if OTHER in fact.options else _text("inputValues", _listed(fact.options), own)
        if not isinstance(fact, Number) or (fact.low is None and fact.high is None):
            return ""
        low, high = (
            None if end is None else self.number(fact, end) for end in (fact.low, fact.high)
        )
        if low is None:
            return _text("inputValues", f"<= {high}", own)
        return _text("inputValues", f">= {low}" if high is None else f"[{low}..{high}]", own)

    def number(self, fact: Number, value: Real) -> str:
        """A number, or a date, as a cell has it."""
        if isinstance(fact, Temporal):
            return fact.said(value)
        return self.numbers[fact.name].spelled(value)

    def output(self, place: int, name: str) -> str:
        """A column of outputs."""
        stated = self._stated(name)
        default = self.table.default
        kinds = {_kind(each) for each in self.outcomes[name]}
        floats = self.spelling[name].floats
        own = f"{self.own}_output_{place}"
        listed = ",".join(self.said(name, each) for each in stated)
        otherwise = "" if default is None else self.said(name, _part(default, name))
        return _tag(
            "output",
            _extension(_tag("deescalate:output", floats="true")) if floats else "",
            _text("outputValues", listed, f"{own}_values") if listed else "",
            _text("defaultOutputEntry", otherwise, f"{own}_default") if otherwise else "",
            id=own,
            name=name or flat(self.table.name),
            typeRef=kinds.pop() if len(kinds) == 1 else "",
        )

    def said(self, name: str, value: Scalar) -> str:
        """An outcome as a cell has it."""
        if isinstance(value, str):
            return value if value in self.drawn.computed else json.dumps(value, ensure_ascii=False)
        return str(value).lower() if isinstance(value, bool) else self.spelling[name].spelled(value)

    def rules(self) -> Iterator[str]:
        """The lines of the table."""
        count = 0
        for place, (rule, boxes) in enumerate(self.lines):
            because = rule.because
            marks = {"of": rule.name} if len(boxes) > 1 else {}
            if because.strip() != because:
                marks["because"] = because
            for box in boxes:
                count += 1
                own = f"{self.own}_rule_{count}"
                then = [self.said(name, _part(rule.then, name)) for name in self.names]
                yield _tag(
                    "rule",
                    _tag("description", _clean(because).replace("\r", "&#13;")) if because else "",
                    _extension(_tag("deescalate:rule", **marks)) if marks else "",
                    *_entries("inputEntry", self.cells(place, box), own),
                    *_entries("outputEntry", then, own),
                    id=own,
                    label=rule.name,
                )

    def cells(self, place: int, box: Box | None) -> Iterator[str]:
        """The cells of one line of a rule."""
        if box is None:
            if not self.table.facts:
                reason = "it never holds, which no cell says where there is no input"
                raise TableError(f"rule {quoted(self.table.rules[place].name)}", reason)
            yield self.nothing(self.table.facts[0])
            yield from ["-"] * (len(self.table.facts) - 1)
            return
        tests = {test.fact.name: test for test in box}
        for fact in self.table.facts:
            if test := tests.get(fact.name):
                yield self.cell(test)
            else:
                yield "not(null)" if place in self.drawn.asking.get(fact.name, ()) else "-"

    def cell(self, test: Test) -> str:
        """A cell that asks; what stands for all that no cell names is not named either."""
        fact = test.fact
        if not (isinstance(fact, Choice) and OTHER in fact.options):
            return write_cell(fact, test.values, test.written, self.number)
        values = cast("OptionSet", test.values)
        if OTHER not in values.options:
            return _listed(values.options)
        return f"not({_listed((fact.domain - values).options)})"

    def nothing(self, fact: Fact) -> str:
        """A cell that allows nothing."""
        if isinstance(fact, Choice):
            return f"not({_listed(fact.options)})"
        if isinstance(fact, Flag):
            return "not(true, false)"
        number = cast("Number", fact)
        least = (
            next(iter(number.domain.bounds)).value if number.domain.stretches[0].start.finite else 0
        )
        shown = self.number(number, least)
        return f"not(< {shown}, >= {shown})"


def _listed(texts: Iterable[Any]) -> str:
    return ",".join(json.dumps(each, ensure_ascii=False) for each in texts)


def _part(outcome: Scalar | Outputs, name: str) -> Scalar:
    return outcome[name] if isinstance(outcome, Outputs) else outcome


def _kind(value: Scalar) -> str:
    if isinstance(value, str):
        return "string"
    return "boolean" if isinstance(value, bool) else "number"


def _outside(box: Box, other: Box) -> Iterator[Box]:
    """What another box leaves of one, in boxes that do not overlap."""
    inside = {test.fact.name: test for test in box}
    if box.meet(other) is None:
        yield box
        return
    for test in other:
        own = inside.get(test.fact.name)
        values = test.fact.domain if own is None else own.values
        if rest := values - test.values:
            made = {**inside, test.fact.name: Test(test.fact, rest)}
            yield Box(tuple(made[name] for name in sorted(made)))
        inside[test.fact.name] = Test(test.fact, values & test.values)
