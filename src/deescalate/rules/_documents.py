"""The parts of a table's document, read with every problem at once."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from math import prod
from typing import Any

from attrs import evolve, field, frozen

from deescalate.documents import (
    FrozenMapping,
    Notes,
    Shape,
    Spelled,
    is_list,
    is_mapping,
    joined,
)
from deescalate.errors import quoted
from deescalate.rules._engine.calendar import Temporal
from deescalate.rules._engine.cells import parse_decimal, read_cell
from deescalate.rules._engine.conditions import EVERYTHING, Condition, Fact, all_of, any_of
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.rules import Example, Outputs, Rule, Scalar, kind_of, to_outcome
from deescalate.rules._written import (
    ANY_OUTCOME,
    FACTS_SCHEMA,
    written_condition,
    written_fact,
    written_outcome,
)

__all__ = [
    "condition",
    "facts_shape",
    "outcome_shape",
    "read_examples",
    "read_parts",
]

_KEYS = (
    "format", "name", "hit_policy", "outcomes", "default", "facts", "conditions", "rules", "tests",
)  # fmt: skip
MOST_SPELLED = 1_000
"""Alternatives that conditions with names add to those of one table, at most; ours."""
_FACT = ("number", "choice", "flag", "temporal")
_NUMBER = ("low", "high", "unit", "integer", "decimal")
_TEMPORAL = ("kind", "low", "high", "zoned")


def read_parts(
    notes: Notes,
    path: str,
    found: object,
    *,
    facts: Iterable[Fact] | None = None,
    frame: Mapping[str, Any] | None = None,
    otherwise: Mapping[str, Any] | None = None,
) -> dict[str, Any] | None:
    """Read what a table is made of.

    Args:
        notes: Where problems are noted.
        path: Where the table stands.
        found: The table's mapping.
        facts: The facts that are declared elsewhere; the table then declares none.
        frame: What is given for it; the table says only what is left.
        otherwise: What it has where it says nothing.

    Returns:
        The arguments of a table; ``None`` where something is wrong with it.
    """
    before = notes.count
    frame = frame or {}
    keys = [key for key in _KEYS if key not in frame and not (key == "facts" and facts is not None)]
    parts = {**(otherwise or {}), **notes.mapping(path, found, keys), **frame}
    reader = _Reader(notes, path)
    if kind_of(parts.get("format", 1)) != kind_of(1):
        notes.expected(reader.at("format"), parts["format"], "1")
    name = notes.text(reader.at("name"), parts.get("name"))
    hit_policy = notes.one_of(reader.at("hit_policy"), parts.get("hit_policy", "unique"), HitPolicy)
    declared: dict[str, Fact | None] = (
        read_facts(notes, reader.at("facts"), parts.get("facts", {}))
        if facts is None
        else {each.name: each for each in facts}
    )
    reader.name_conditions(parts.get("conditions", {}), declared)
    outcomes = reader.outcomes(parts.get("outcomes", []))
    stated = _Stated.of(outcomes)
    default = parts.get("default")
    made = {
        "name": name,
        "hit_policy": hit_policy.value,
        "default": None
        if default is None
        else reader.outcome(reader.at("default"), default, stated),
        "outcomes": outcomes,
        "rules": reader.rules(parts.get("rules", []), declared, stated),
        "tests": reader.examples(parts.get("tests", []), declared),
        "facts": [fact for fact in declared.values() if fact is not None],
    }
    return made if notes.count == before and is_mapping(found) else None


def condition(facts: Iterable[Fact]) -> Shape:
    """The shape of a condition over some facts."""
    declared: dict[str, Fact | None] = {each.name: each for each in facts}
    return Shape(
        lambda notes, path, found: _Reader(notes, path).when(path, found, declared),
        lambda: {"type": ["object", "array"]},
        written_condition,
    )


def facts_shape(taken: Iterable[str] = ()) -> Shape:
    """The shape of declared facts.

    Args:
        taken: Names that are declared already.
    """
    known = frozenset(taken)

    def read(notes: Notes, path: str, found: object) -> tuple[Fact, ...]:
        facts = read_facts(notes, path, found)
        for name in facts:
            if name in known:
                notes.problem(joined(path, name), "taken: there is a fact of this name already")
        return tuple(fact for fact in facts.values() if fact is not None)

    return Shape(
        read,
        lambda: FACTS_SCHEMA,
        lambda facts: {fact.name: written_fact(fact) for fact in facts},
    )


def read_facts(notes: Notes, path: str, found: object) -> dict[str, Fact | None]:
    """The facts that a mapping declares, by name; ``None`` for one that cannot be."""
    declared = notes.mapping(path, found)
    return {name: _fact(notes, joined(path, name), name, each) for name, each in declared.items()}


def _fact(notes: Notes, path: str, name: str, found: object) -> Fact | None:
    before = notes.count
    parts = notes.mapping(path, found, _FACT)
    if len(parts) != 1:
        if notes.count == before:
            notes.problem(path, "expected exactly one of `number`, `choice`, `flag` and `temporal`")
        return None
    [(kind, given)] = parts.items()
    if kind == "number":
        return _number(notes, joined(path, kind), name, given)
    if kind == "temporal":
        return _temporal(notes, joined(path, kind), name, given)
    if kind == "flag":
        if given is not True:
            notes.expected(joined(path, kind), given, "true")
        return notes.tried(path, lambda: Flag(name), placed=False)
    if not is_list(given) or not all(isinstance(each, str) for each in given):
        notes.expected(joined(path, kind), given, "a list of texts")
        return None
    return notes.tried(path, lambda: Choice(name, given), placed=False)


def _number(notes: Notes, path: str, name: str, found: object) -> Number | None:
    before = notes.count
    parts = notes.mapping(path, found, _NUMBER)
    unit = notes.text(joined(path, "unit"), parts.get("unit", ""), empty=True)
    switches = {
        key: notes.flag(joined(path, key), parts.get(key, False)) for key in ("integer", "decimal")
    }
    ends = {
        key: _bound(notes, joined(path, key), parts[key], decimal=switches["decimal"])
        for key in ("low", "high")
        if key in parts
    }
    if notes.count > before:
        return None
    return notes.tried(path, lambda: Number(name, **ends, unit=unit, **switches), placed=False)


def _temporal(notes: Notes, path: str, name: str, found: object) -> Temporal | None:
    before = notes.count
    parts = notes.mapping(path, found, _TEMPORAL)
    kind: Any = notes.text(joined(path, "kind"), parts.get("kind"))
    zoned = notes.flag(joined(path, "zoned"), parts.get("zoned", False))
    ends: dict[str, Any] = {
        key: notes.text(joined(path, key), parts[key]) for key in ("low", "high") if key in parts
    }
    if notes.count > before:
        return None
    return notes.tried(path, lambda: Temporal(name, **ends, kind=kind, zoned=zoned), placed=False)


def _bound(notes: Notes, path: str, found: object, *, decimal: bool) -> Any:
    value = _plain(found)
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return notes.exact(path, found) if decimal and isinstance(value, float) else value
    notes.expected(path, found, "a number")
    return None


def _plain(found: object) -> object:
    """A scalar of the document, with ``{ decimal = "..." }`` read as the decimal it says."""
    if is_mapping(found) and set(found) == {"decimal"} and isinstance(found["decimal"], str):
        decimal = parse_decimal(found["decimal"])
        return found if decimal is None else decimal
    return float(found) if isinstance(found, Spelled) else found


@frozen
class _Stated:
    """The outcomes that a table states, to look one up at once."""

    kinds: frozenset[object] = frozenset()
    names: tuple[str, ...] = ()
    outputs: Mapping[str, "_Stated"] = FrozenMapping({})

    @classmethod
    def of(cls, outcomes: Any) -> "_Stated":
        if is_mapping(outcomes):
            return cls(outputs={name: cls.of(each) for name, each in outcomes.items()})
        return cls(frozenset(map(kind_of, outcomes)), tuple(map(str, outcomes)))


@frozen
class _Reader:
    """Reads the parts of one table."""

    notes: Notes
    path: str
    known: dict[object, Condition] = field(factory=dict[object, Condition], eq=False, repr=False)
    named: dict[str, Condition] = field(factory=dict[str, Condition], eq=False, repr=False)
    spelled: list[int] = field(factory=list[int], eq=False, repr=False)

    def at(self, key: str) -> str:
        return joined(self.path, key)

    def outcomes(self, found: object) -> Any:
        if is_mapping(found):
            return {
                str(name): self.values(joined(self.at("outcomes"), name), each)
                for name, each in found.items()
            }
        return self.values(self.at("outcomes"), found)

    def values(self, path: str, found: object) -> tuple[Any, ...]:
        if not is_list(found):
            self.notes.expected(path, found, "a list, best first")
            return ()
        return self.notes.every(path, found, lambda at, each: self.outcome(at, each, _Stated()))

    def outcome(self, path: str, found: object, stated: _Stated) -> Any:
        """An outcome; where the table states its outcomes, one of them."""
        if is_mapping(found) and set(found) != {"decimal"}:
            value: object = {name: _plain(each) for name, each in found.items()}
        else:
            value = _plain(found)
        made = self.notes.tried(path, lambda: to_outcome(path, value), placed=False)
        if isinstance(made, Outputs):
            for name, each in made.items():
                self.among(joined(path, name), each, stated.outputs.get(name, _Stated()))
        elif made is not None:
            self.among(path, made, stated)
        return made

    def among(self, path: str, value: Scalar, stated: _Stated) -> None:
        if stated.kinds and kind_of(value) not in stated.kinds:
            self.notes.unknown(path, value, stated.names)

    def rules(self, found: object, facts: Mapping[str, Fact | None], stated: _Stated) -> list[Rule]:
        names: dict[str, str] = {}

        def rule(path: str, each: object) -> Rule | None:
            parts = self.notes.mapping(path, each, ("name", "when", "then", "because"))
            name = self.notes.text(joined(path, "name"), parts.get("name"))
            if name in names:
                self.notes.problem(
                    joined(path, "name"), f"{quoted(name)} is taken by {names[name]}"
                )
            elif name:
                names[name] = path
            because = self.notes.text(joined(path, "because"), parts.get("because", ""), empty=True)
            when = self.when(joined(path, "when"), parts.get("when", {}), facts)
            at = joined(path, "then")
            if "then" not in parts:
                self.notes.problem(at, "missing, expected an outcome")
                return None
            then = self.outcome(at, parts["then"], stated)
            if then is None or not name:
                return None
            return Rule(name, when, then, because)

        rules = self.notes.every(self.at("rules"), found, rule)
        return [each for each in rules if each is not None]

    def name_conditions(self, found: object, facts: Mapping[str, Fact | None]) -> None:
        """Read the conditions that have a name of their own; a later one may ask for earlier ones.

        They are no part of the table: a rule that asks for one is written back spelled out.
        """
        conditions = self.notes.mapping(self.at("conditions"), found)
        for name, each in conditions.items():
            at = joined(self.at("conditions"), name)
            if name in facts:
                self.notes.problem(at, "taken: there is a fact of this name already")
            self.named[name] = self.condition(at, each, facts)

    def when(self, path: str, found: object, facts: Mapping[str, Fact | None]) -> Condition:
        """A condition that remembers how the document says it, where it says all of it."""
        before = len(self.spelled)
        made = self.condition(path, found, facts)
        return made if len(self.spelled) > before else evolve(made, written=_kept(found))

    def condition(self, path: str, found: object, facts: Mapping[str, Fact | None]) -> Condition:
        """A condition: a mapping means all of its cells, a list any of its mappings."""
        if is_list(found):
            parts = self.notes.every(path, found, lambda at, each: self.cells(at, each, facts))
            made = self.notes.tried(path, lambda: any_of(*parts), placed=False)
            return EVERYTHING if made is None else made
        return self.cells(path, found, facts)

    def cells(self, path: str, found: object, facts: Mapping[str, Fact | None]) -> Condition:
        if not is_mapping(found):
            self.notes.expected(path, found, "a mapping from facts to cells, or a list of such")
            return EVERYTHING
        parts: list[Condition] = []
        asked = self.named.keys() & found.keys()
        for name, cell in found.items():
            at = joined(path, name)
            if name in asked:
                parts.append(self.named[str(name)])
                if cell is not True:
                    self.notes.expected(at, cell, "true")
            elif name not in facts:
                self.notes.unknown(at, name, [*facts, *self.named], f"unknown fact {quoted(name)}")
            elif (fact := facts[name]) is not None:
                parts.append(self.cell(at, fact, cell))
        return self.spelled_out(path, parts) if asked else all_of(*parts)

    def spelled_out(self, path: str, parts: Sequence[Condition]) -> Condition:
        """All of some conditions, of which some have names, within bounds."""
        before = self.spelled[-1] if self.spelled else 0
        after = before + max(prod(len(each.boxes) for each in parts) - 1, 0)
        self.spelled.append(after)
        if after <= MOST_SPELLED:
            return all_of(*parts)
        if before <= MOST_SPELLED:
            reason = f"conditions with names come to more than {MOST_SPELLED} alternatives in all"
            self.notes.problem(path, reason)
        return EVERYTHING

    def cell(self, path: str, fact: Fact, cell: object) -> Condition:
        written = _plain(cell)
        if isinstance(cell, Spelled) and isinstance(fact, Number):
            written = cell.text
        key = (fact.name, written) if isinstance(written, str) else None
        if key in self.known:
            return self.known[key]
        made = self.notes.tried(path, lambda: read_cell(fact, written, ""))
        if made is not None and key is not None:
            self.known[key] = made
        return EVERYTHING if made is None else made

    def examples(self, found: object, facts: Mapping[str, Fact | None]) -> tuple[Example, ...]:
        def example(path: str, each: object) -> Example:
            parts = self.notes.mapping(path, each, ("facts", "outcome"))
            at = joined(path, "facts")
            given = self.notes.mapping(at, parts.get("facts", {}))
            case = {
                name: self.value(joined(at, name), name, value, facts)
                for name, value in given.items()
            }
            outcome = self.expectation(joined(path, "outcome"), parts.get("outcome"))
            return Example(case, outcome)

        return self.notes.every(self.at("tests"), found, example)

    def value(
        self, path: str, name: str, found: object, facts: Mapping[str, Fact | None]
    ) -> object:
        fact = facts.get(name)
        if name not in facts:
            self.notes.unknown(path, name, facts, f"unknown fact {quoted(name)}")
        value = _plain(found)
        if isinstance(found, Spelled) and isinstance(fact, Number) and fact.decimal:
            value = Decimal(found.text)
        if fact is not None:
            self.notes.tried(path, lambda: fact.check(value))
        return value

    def expectation(self, path: str, found: object) -> object:
        if is_list(found):
            return self.values(path, found)
        return None if found is None else self.outcome(path, found, _Stated())


def read_examples(notes: Notes, found: object, facts: Iterable[Fact]) -> tuple[Example, ...]:
    """The stated cases of a table whose facts are declared."""
    return _Reader(notes, "").examples(found, {each.name: each for each in facts})


def outcome_shape() -> Shape:
    """What a table can say of a case, exactly: nothing, an outcome, or a list of them."""
    return Shape(
        lambda notes, path, found: _Reader(notes, "").expectation(path, found),
        lambda: ANY_OUTCOME,
        written_outcome,
    )


def _kept(found: object) -> object:
    """A part of a document as a value that never changes; floats as they were spelled."""
    if is_mapping(found):
        return Outputs({name: _kept(each) for name, each in found.items()})
    if is_list(found):
        return tuple(_kept(each) for each in found)
    if isinstance(found, Spelled):
        return float(found) if repr(float(found)) == found.text else found.text
    return found
