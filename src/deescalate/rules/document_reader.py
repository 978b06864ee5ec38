"""Reads the parts of a table's document, and collects everything that is wrong with them."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from typing import Any, Self, TypeVar

from attrs import evolve

from deescalate.errors import (
    DeescalateError,
    DocumentError,
    Problem,
    TableError,
    nearest_name,
    quoted,
)
from deescalate.rules._engine.cells import parse_decimal, read_cell
from deescalate.rules._engine.conditions import EVERYTHING, Condition, Fact, all_of, any_of
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.outcomes import Outputs, Scalar, kind_of, to_outcome
from deescalate.rules._engine.plain import is_list, is_mapping
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.rules import Example, Rule
from deescalate.rules._engine.table import Table

__all__ = ["FORMAT", "Spelled", "read_table"]

FORMAT = 1

T = TypeVar("T")


class Spelled(float):
    """A float that remembers how the document spelled it."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read a float and keep its text."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def read_table(document: object) -> Table:
    """Read a document that is parsed already.

    Args:
        document: A mapping of the form that the docs describe.

    Raises:
        DocumentError: Something is wrong with it; it holds every problem, each with its path.

    >>> read_table({"format": 1, "name": "desk"}).rules
    ()
    """
    reader = _Reader()
    table = reader.table(document)
    if reader.problems or table is None:
        raise DocumentError("table", tuple(reader.problems))
    return table


class _Reader:
    """Reads a document's parts and collects what is wrong with them."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        self.problems.append(Problem(path, reason, nearest))

    def expected(self, path: str, found: object, expected: str) -> None:
        self.problem(path, f"found {quoted(found)}, expected {expected}")

    def tried(self, path: str, make: Callable[[], T]) -> T | None:
        """What ``make`` makes; its complaint, where it has one, becomes a problem."""
        try:
            return make()
        except DocumentError as error:
            self.problems += error.problems
        except TableError as error:
            self.problem(path, error.reason)
        except DeescalateError as error:
            self.problem(path, str(error))
        return None

    def mapping(self, path: str, found: object, known: tuple[str, ...]) -> dict[str, Any]:
        """A mapping of known keys; strange ones are problems."""
        if not is_mapping(found):
            self.expected(path or "document", found, "a mapping")
            return {}
        kept: dict[str, Any] = {}
        for key, value in found.items():
            if key in known:
                kept[key] = value
            else:
                listed = ", ".join(quoted(each) for each in known)
                reason = f"unknown key {quoted(key)}, expected one of {listed}"
                self.problem(path or "document", reason, nearest_name(key, known))
        return kept

    def text(
        self, path: str, parts: Mapping[str, Any], key: str, default: str | None = None
    ) -> str:
        """A text under a key."""
        found = parts.get(key, default)
        at = f"{path}.{key}" if path else key
        if isinstance(found, str):
            return found
        if found is None:
            self.problem(at, "missing, expected a text")
        else:
            self.expected(at, found, "a text")
        return ""

    def table(self, document: object) -> Table | None:
        keys = ("format", "name", "hit_policy", "outcomes", "default", "facts", "rules", "tests")
        parts = self.mapping("", document, keys)
        if not parts:
            self.problem("document", "it is empty, expected a table")
            return None
        if "format" not in parts:
            self.problem("format", f"missing, expected {FORMAT}")
        elif kind_of(parts["format"]) != kind_of(FORMAT):
            self.expected("format", parts["format"], str(FORMAT))
        name = self.text("", parts, "name")
        policy = self.policy(self.text("", parts, "hit_policy", "unique"))
        facts = self.facts(parts.get("facts", {}))
        outcomes = self.outcomes(parts.get("outcomes", []))
        default = (
            self.outcome("default", parts["default"], outcomes) if "default" in parts else None
        )
        rules = self.rules(parts.get("rules", []), facts, outcomes)
        tests = self.examples(parts.get("tests", []), facts)
        if self.problems:
            return None
        declared = [fact for fact in facts.values() if fact is not None]
        return self.tried_table(
            lambda: Table(name, declared, rules, policy, default, outcomes, tests)
        )

    def tried_table(self, make: Callable[[], Table]) -> Table | None:
        try:
            return make()
        except TableError as error:
            self.problem(error.place, error.reason)
            return None

    def policy(self, name: str) -> str:
        try:
            return HitPolicy(name)
        except ValueError:
            known = [each.value for each in HitPolicy]
            listed = ", ".join(quoted(each) for each in known)
            reason = f"found {quoted(name)}, expected one of {listed}"
            self.problem("hit_policy", reason, nearest_name(name, known))
            return "unique"

    def facts(self, found: object) -> dict[str, Fact | None]:
        if not is_mapping(found):
            self.expected("facts", found, "a mapping from names to declarations")
            return {}
        return {str(name): self.fact(f"facts.{name}", name, each) for name, each in found.items()}

    def fact(self, path: str, name: object, found: object) -> Fact | None:
        parts = self.mapping(path, found, ("number", "choice", "flag"))
        if len(parts) != 1:
            if is_mapping(found):
                self.problem(path, "expected exactly one of `number`, `choice` and `flag`")
            return None
        if not isinstance(name, str):
            self.expected(path, name, "a text as name")
            return None
        [(kind, given)] = parts.items()
        if kind == "number":
            return self.number(f"{path}.number", name, given)
        if kind == "flag":
            if given is not True:
                self.expected(f"{path}.flag", given, "true")
            return self.tried(path, lambda: Flag(name))
        if not is_list(given) or not all(isinstance(each, str) for each in given):
            self.expected(f"{path}.choice", given, "a list of texts")
            return None
        return self.tried(path, lambda: Choice(name, given))

    def number(self, path: str, name: str, found: object) -> Number | None:
        parts = self.mapping(path, found, ("low", "high", "unit", "integer", "decimal"))
        before = len(self.problems)
        unit = self.text(path, parts, "unit", "")
        switches = {key: parts.get(key, False) for key in ("integer", "decimal")}
        for key, value in switches.items():
            if not isinstance(value, bool):
                self.expected(f"{path}.{key}", value, "true or false")
        ends = {
            key: self.bound(f"{path}.{key}", parts[key], decimal=bool(switches["decimal"]))
            for key in ("low", "high")
            if key in parts
        }
        if len(self.problems) > before or not is_mapping(found):
            return None
        return self.tried(path, lambda: Number(name, **ends, unit=unit, **switches))

    def bound(self, path: str, found: object, *, decimal: bool) -> Any:
        if isinstance(found, Spelled) and decimal:
            return Decimal(found.text)
        value = self.plain(found)
        if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
            return Decimal(repr(value)) if decimal and isinstance(value, float) else value
        self.expected(path, found, "a number")
        return None

    def plain(self, found: object) -> object:
        """A scalar of the document, with ``{ decimal = "..." }`` read as the decimal it says."""
        if is_mapping(found) and set(found) == {"decimal"} and isinstance(found["decimal"], str):
            decimal = parse_decimal(found["decimal"])
            return found if decimal is None else decimal
        return float(found) if isinstance(found, Spelled) else found

    def outcomes(self, found: object) -> Any:
        if is_mapping(found):
            return {
                str(name): self.values(f"outcomes.{name}", each) for name, each in found.items()
            }
        return self.values("outcomes", found)

    def values(self, path: str, found: object) -> list[Any]:
        if not is_list(found):
            self.expected(path, found, "a list, best first")
            return []
        return [self.outcome(f"{path}[{place}]", each, []) for place, each in enumerate(found)]

    def outcome(self, path: str, found: object, stated: Any) -> Any:
        """An outcome; where the table states its outcomes, one of them."""
        if is_mapping(found) and set(found) != {"decimal"}:
            value: object = {name: self.plain(each) for name, each in found.items()}
        else:
            value = self.plain(found)
        made = self.tried(path, lambda: to_outcome(path, value))
        if isinstance(made, Outputs) and is_mapping(stated):
            for name, each in made.items():
                self.among(f"{path}.{name}", each, stated.get(name, []))
        elif made is not None and not isinstance(made, Outputs) and is_list(stated):
            self.among(path, made, stated)
        return made

    def among(self, path: str, value: Scalar, stated: Sequence[Any]) -> None:
        if stated and kind_of(value) not in map(kind_of, stated):
            near = nearest_name(value, [each for each in stated if isinstance(each, str)])
            listed = ", ".join(quoted(each) for each in stated)
            self.problem(path, f"found {quoted(value)}, expected one of {listed}", near)

    def rules(self, found: object, facts: Mapping[str, Fact | None], stated: Any) -> list[Rule]:
        if not is_list(found):
            self.expected("rules", found, "a list")
            return []
        names: dict[str, int] = {}
        rules: list[Rule | None] = []
        for place, each in enumerate(found):
            path = f"rules[{place}]"
            parts = self.mapping(path, each, ("name", "when", "then", "because"))
            name = self.text(path, parts, "name")
            if name in names:
                self.problem(f"{path}.name", f"{quoted(name)} is taken by rules[{names[name]}]")
            names.setdefault(name, place)
            rules.append(self.rule(path, name, parts, facts, stated))
        return [rule for rule in rules if rule is not None]

    def rule(
        self,
        path: str,
        name: str,
        parts: Mapping[str, Any],
        facts: Mapping[str, Fact | None],
        stated: Any,
    ) -> Rule | None:
        because = self.text(path, parts, "because", "")
        when = self.when(f"{path}.when", parts.get("when", {}), facts)
        if "then" not in parts:
            self.problem(f"{path}.then", "missing, expected an outcome")
            return None
        then = self.outcome(f"{path}.then", parts["then"], stated)
        if then is None or not name:
            return None
        return self.tried(path, lambda: Rule(name, when, then, because))

    def when(self, path: str, found: object, facts: Mapping[str, Fact | None]) -> Condition:
        """A condition that remembers how the document says it."""
        return evolve(self.condition(path, found, facts), written=_kept(found))

    def condition(self, path: str, found: object, facts: Mapping[str, Fact | None]) -> Condition:
        """A condition: a mapping means all of its cells, a list any of its mappings."""
        if is_list(found):
            parts = [
                self.cells(f"{path}[{place}]", each, facts) for place, each in enumerate(found)
            ]
            made = self.tried(path, lambda: any_of(*parts))
            return EVERYTHING if made is None else made
        return self.cells(path, found, facts)

    def cells(self, path: str, found: object, facts: Mapping[str, Fact | None]) -> Condition:
        if not is_mapping(found):
            self.expected(path, found, "a mapping from facts to cells, or a list of such")
            return EVERYTHING
        parts: list[Condition] = []
        for name, cell in found.items():
            at = f"{path}.{name}"
            if name not in facts:
                listed = ", ".join(quoted(each) for each in facts)
                reason = f"unknown fact {quoted(name)}, expected one of {listed}"
                self.problem(at, reason, nearest_name(name, facts))
            elif (fact := facts[name]) is not None:
                parts.append(self.cell(at, fact, cell))
        return all_of(*parts)

    def cell(self, path: str, fact: Fact, cell: object) -> Condition:
        written = cell.text if isinstance(cell, Spelled) and isinstance(fact, Number) else cell
        made = self.tried(path, lambda: read_cell(fact, written, path))
        return EVERYTHING if made is None else made

    def examples(self, found: object, facts: Mapping[str, Fact | None]) -> list[Example]:
        if not is_list(found):
            self.expected("tests", found, "a list")
            return []
        examples: list[Example] = []
        for place, each in enumerate(found):
            path = f"tests[{place}]"
            parts = self.mapping(path, each, ("facts", "outcome"))
            given: Any = parts.get("facts", {})
            if not is_mapping(given):
                self.expected(f"{path}.facts", given, "a mapping from facts to values")
                given = {}
            case: dict[str, object] = {
                name: self.value(f"{path}.facts.{name}", name, value, facts)
                for name, value in given.items()
            }
            outcome = self.expectation(f"{path}.outcome", parts.get("outcome"))
            examples.append(Example(case, outcome))
        return examples

    def value(
        self, path: str, name: str, found: object, facts: Mapping[str, Fact | None]
    ) -> object:
        fact = facts.get(name)
        if name not in facts:
            listed = ", ".join(quoted(each) for each in facts)
            reason = f"unknown fact {quoted(name)}, expected one of {listed}"
            self.problem(path, reason, nearest_name(name, facts))
        if isinstance(found, Spelled) and isinstance(fact, Number) and fact.decimal:
            value: object = Decimal(found.text)
        else:
            value = self.plain(found)
        if fact is not None:
            self.tried(path, lambda: fact.check(value))
        return value

    def expectation(self, path: str, found: object) -> object:
        if is_list(found):
            return tuple(
                self.outcome(f"{path}[{place}]", each, []) for place, each in enumerate(found)
            )
        return None if found is None else self.outcome(path, found, [])


def _kept(found: object) -> object:
    """A part of a document as a value that never changes; floats as they were spelled."""
    if is_mapping(found):
        return Outputs({name: _kept(each) for name, each in found.items()})
    if is_list(found):
        return tuple(_kept(each) for each in found)
    if isinstance(found, Spelled):
        return float(found) if repr(float(found)) == found.text else found.text
    return found
