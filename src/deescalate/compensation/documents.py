"""Schedules as documents: TOML, JSON or a mapping, read with every problem at once."""

import json
import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from fractions import Fraction
from functools import reduce
from types import MappingProxyType
from typing import Any, NoReturn, cast

from attrs import evolve

from deescalate.compensation.entitlement import PERCENT
from deescalate.compensation.formulas import FUNCTIONS, Formula
from deescalate.compensation.notes import Notes
from deescalate.compensation.schedule import PublishedCase, Schedule, check_value
from deescalate.compensation.spans import ANYTHING, Span, add, hull
from deescalate.compensation.working import Given, Step, Value, Worked, domain_of, to_decimal
from deescalate.errors import DocumentError, FactError, Problem, nearest_name, quoted
from deescalate.money import CURRENCIES, Rounding, minor_units
from deescalate.rules import Choice, Fact, Flag, Number, Table, table_from_document

__all__ = ["read_schedule"]

FORMAT = 1
_LONGEST = 1_000_000
_LONGEST_CELL = 10_000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]{0,60}")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PROSE = ("name", "about", "because", "clause")
_RESERVED = frozenset({"amount", "of", *FUNCTIONS})
_POLICIES = ("unique", "first", "any", "collect")
_TOP = (
    "format", "name", "title", "currency", "edition", "in_force", "until", "checked",
    "sources", "notes", "facts", "parts", "total", "tests",
)  # fmt: skip
_GIVEN = ("number", "choice", "flag", "default", "about", "amount")
_TABLE = (
    "formula",
    "when",
    "rules",
    "otherwise",
    "hit_policy",
    "because",
    "clause",
    "about",
    "steps",
)
_STEPS = ("round", "at_most", "at_least", "times", "penalty", "pays_from", "pays_above", "becomes")


def read_schedule(document: str | Mapping[str, Any]) -> Schedule:
    """Read a schedule.

    Args:
        document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping.

    Raises:
        DocumentError: Something is wrong with it; it holds every problem, each with its path.
    """
    parsed: object = _parsed(document) if isinstance(document, str) else document
    if not isinstance(parsed, Mapping):
        _refuse(f"found {quoted(parsed)}, expected a mapping")
    reader = _Reader(cast("Mapping[str, Any]", parsed))
    schedule = reader.schedule()
    if schedule is None or reader.problems:
        raise DocumentError("schedule", tuple(reader.problems))
    return schedule


def _parsed(text: str) -> Any:
    if len(text) > _LONGEST:
        _refuse(f"found {len(text)} characters, expected at most {_LONGEST}")
    plain = text.lstrip("\ufeff \t\r\n")
    try:
        if plain.startswith("{"):
            return json.loads(plain, parse_float=Decimal)
        return tomllib.loads(plain, parse_float=Decimal)
    except RecursionError:
        _refuse("it is nested too deeply")
    except (ValueError, InvalidOperation) as error:
        _refuse(str(error)[:1].lower() + str(error)[1:])


def _refuse(reason: str) -> NoReturn:
    raise DocumentError("schedule", (Problem("document", reason),)) from None


class _Reader(Notes):
    """Reads a schedule."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        super().__init__(document)
        self.currency = ""
        self.facts: dict[str, Fact] = {}
        self.spans: dict[str, Span] = {}
        self.declared: dict[str, dict[str, Any]] = {}

    def schedule(self) -> Schedule | None:
        document = self.document = self.mapping("", self.document, _TOP)
        if document.get("format", FORMAT) != FORMAT:
            self.found("format", document["format"], str(FORMAT))
        name, title = (self.text("", document, key, None) for key in ("name", "title"))
        self.currency = self.read_currency()
        given = self.read_facts()
        derived = self.read_derived()
        parts = self.read_parts()
        total = self.read_steps("total", document.get("total", []))
        tests = tuple(self.read_tests({each.fact.name: each for each in given}))
        in_force, until, checked = (self.day(key) for key in ("in_force", "until", "checked"))
        sources, notes = self.texts("sources"), self.texts("notes")
        edition = self.text("", document, "edition")
        if self.problems:
            return None
        return Schedule(
            name=name,
            title=title,
            currency=self.currency,
            given=tuple(given),
            derived=tuple(derived),
            parts=tuple(parts),
            total=tuple(total),
            tests=tests,
            in_force=in_force,
            until=until,
            checked=checked,
            edition=edition,
            sources=sources,
            notes=notes,
        )

    def read_currency(self) -> str:
        code = self.text("", self.document, "currency", None)
        if code and code != PERCENT and code not in CURRENCIES:
            near = nearest_name(code, [*CURRENCIES, PERCENT])
            self.found("currency", code, f"an ISO 4217 code or `{PERCENT}`", near)
        return code

    # -- facts

    def read_facts(self) -> list[Given]:
        given: list[Given] = []
        for name, each in self.pairs("facts", self.document.get("facts", {})):
            path = f"facts.{name}"
            parts = self.mapping(path, each, (*_GIVEN, *_TABLE))
            self.name(path, name)
            if "rules" in parts or "formula" in parts:
                self.declared[name] = parts
            elif (fact := self.read_fact(path, name, parts)) is not None:
                for key in sorted(parts.keys() - set(_GIVEN)):
                    self.problem(f"{path}.{key}", "a fact that is given has none")
                given.append(self.read_given(path, fact, parts))
        return given

    def name(self, path: str, name: object) -> None:
        if not isinstance(name, str) or not _NAME.fullmatch(name) or name in _RESERVED:
            self.found(path, name, "a name of letters, digits and _, none that formulas use")

    def read_fact(self, path: str, name: str, parts: Mapping[str, Any]) -> Fact | None:
        kinds = [key for key in ("number", "choice", "flag") if key in parts]
        if len(kinds) != 1:
            self.problem(path, "expected exactly one of `number`, `choice` and `flag`")
            return None
        [kind] = kinds
        value = parts[kind]
        fact: Fact | None = None
        if kind == "number":
            fact = self.read_number(f"{path}.number", name, value)
        elif kind == "flag":
            if value is not True:
                self.found(f"{path}.flag", value, "true")
            fact = Flag(name)
        elif all(isinstance(each, str) for each in self.listed(f"{path}.choice", value)):
            fact = self.tried(f"{path}.choice", lambda: Choice(name, value))
        else:
            self.found(f"{path}.choice", value, "a list of texts")
        if fact is not None:
            self.facts[name] = fact
            self.spans[name] = domain_of(fact)
        return fact

    def read_number(self, path: str, name: str, value: object) -> Number | None:
        parts = self.mapping(path, value, ("low", "high", "unit", "integer"))
        integer = parts.get("integer", False)
        if not isinstance(integer, bool):
            self.found(f"{path}.integer", integer, "true or false")
        bounds: dict[str, Decimal | int] = {}
        for key in ("low", "high"):
            if key in parts:
                bound = self.formula(f"{path}.{key}", parts[key])
                if bound is not None and not bound.names:
                    bounds[key] = _plain(bound.value({}))
                elif bound is not None:
                    self.found(f"{path}.{key}", parts[key], "a number")
        unit = self.text(path, parts, "unit")
        made = self.tried(
            path,
            lambda: Number(
                name,
                bounds.get("low"),
                bounds.get("high"),
                unit=unit,
                integer=integer is True,
                decimal=True,
            ),
        )
        return made if isinstance(made, Number) else None

    def read_given(self, path: str, fact: Fact, parts: Mapping[str, Any]) -> Given:
        direction = self.text(path, parts, "amount")
        if direction not in ("", "rises", "falls"):
            self.found(f"{path}.amount", direction, "`rises` or `falls`")
        given = Given(fact=fact, about=self.text(path, parts, "about"), amount=direction)
        if "default" not in parts:
            return given
        default = self.value(f"{path}.default", given, parts["default"])
        return evolve(given, default=default)

    def value(self, path: str, given: Given, value: object) -> Value | None:
        try:
            return check_value(given, value, self.currency)
        except FactError as error:
            self.found(path, value, error.allowed, error.nearest)
            return None

    # -- what is worked out

    def read_derived(self) -> list[Worked]:
        """Derived facts, each after those it needs."""
        done: list[Worked] = []
        waiting = dict(self.declared)
        while waiting:
            ready = [name for name in waiting if not self.needed(name) & waiting.keys()]
            if not ready:
                names = ", ".join(f"`{name}`" for name in waiting)
                self.problem("facts", f"{names} are worked out from each other, in a circle")
                break
            for name in ready:
                worked = self.read_worked(f"facts.{name}", name, waiting.pop(name))
                if worked is not None:
                    done.append(worked)
        return done

    def needed(self, name: str) -> set[str]:
        """The names that a declaration mentions, as far as it can be read."""
        found: set[str] = set()
        pending: list[Any] = [self.declared[name]]
        while pending:
            each = pending.pop()
            if isinstance(each, Mapping):
                cells = cast("Mapping[str, Any]", each)
                found.update(str(key) for key in cells)
                pending += [value for key, value in cells.items() if key not in _PROSE]
            elif isinstance(each, list | tuple):
                pending += cast("Sequence[Any]", each)
            elif isinstance(each, str) and len(each) <= _LONGEST_CELL:
                found.update(_WORD.findall(each))
        return found

    def read_parts(self) -> list[Worked]:
        if "parts" not in self.document:
            self.problem("parts", "missing, expected one part or more")
            return []
        parts: list[Worked] = []
        for place, each in enumerate(self.listed("parts", self.document["parts"])):
            path = f"parts[{place}]"
            keys = self.mapping(path, each, ("name", *_TABLE))
            name = self.text(path, keys, "name", None)
            self.name(f"{path}.name", name)
            if name in self.facts or name in self.declared:
                self.problem(f"{path}.name", f"{quoted(name)} is taken")
            worked = self.read_worked(path, name, keys)
            if worked is not None:
                parts.append(worked)
        return parts

    def read_worked(self, path: str, name: str, parts: Mapping[str, Any]) -> Worked | None:
        before = len(self.problems)
        fact = self.read_result(path, name, parts)
        formulas: dict[str, Formula] = {}
        lines: list[dict[str, Any]] = []
        clauses: dict[str, str] = {}
        for at, rule, key in self.read_rules(path, parts):
            line = self.read_line(at, rule, key, fact, formulas)
            line["name"] = line["name"] or f"rule {len(lines) + 1}"
            clauses[line["name"]] = self.text(at, rule, "clause")
            lines.append(line)
        document: dict[str, Any] = {
            "format": 1,
            "name": name or "part",
            "hit_policy": self.read_policy(path, parts, fact),
            "facts": self.used([line["when"] for line in lines]),
            "rules": lines,
        }
        otherwise = parts.get("otherwise", 0 if "when" in parts else None)
        if otherwise is not None:
            at = f"{path}.otherwise"
            document["default"] = self.read_outcome(at, otherwise, fact, formulas)
        steps = tuple(self.read_steps(f"{path}.steps", parts.get("steps", [])))
        texts = {key: self.text(path, parts, key) for key in ("about", "clause")}
        if len(self.problems) > before:
            return None
        table = self.tried(path, lambda: table_from_document(document))
        if not isinstance(table, Table):
            return None
        worked = Worked(
            fact=fact, table=table, formulas=formulas, clauses=clauses, steps=steps, **texts
        )
        return self.placed(path, worked)

    def read_result(self, path: str, name: str, parts: Mapping[str, Any]) -> Fact:
        if parts.keys() & {"number", "choice", "flag"}:
            declared = self.read_fact(path, name, parts)
            if declared is not None:
                return declared
        return Number(name if _NAME.fullmatch(name) else "part", decimal=True)

    def read_rules(
        self, path: str, parts: Mapping[str, Any]
    ) -> Iterator[tuple[str, Mapping[str, Any], str]]:
        """Each rule with its path and the key that its outcome stands under."""
        if ("rules" in parts) == ("formula" in parts):
            self.problem(path, "expected either `formula` or `rules`")
        elif "formula" in parts:
            because = parts.get("because") or parts.get("about") or str(parts["formula"])
            yield path, {**parts, "name": "formula", "because": because, "clause": ""}, "formula"
        else:
            for key in ("when", "because"):
                if key in parts:
                    self.problem(
                        f"{path}.{key}", "stands in each of the rules where there are some"
                    )
            for place, rule in enumerate(self.listed(f"{path}.rules", parts["rules"])):
                at = f"{path}.rules[{place}]"
                keys = self.mapping(at, rule, ("name", "when", "then", "because", "clause"))
                yield at, keys, "then"

    def read_line(
        self,
        path: str,
        rule: Mapping[str, Any],
        key: str,
        fact: Fact,
        formulas: dict[str, Formula],
    ) -> dict[str, Any]:
        if key not in rule:
            self.problem(f"{path}.{key}", "missing, expected an outcome")
        return {
            "name": self.text(path, rule, "name"),
            "when": self.read_when(f"{path}.when", rule.get("when", {})),
            "then": self.read_outcome(f"{path}.{key}", rule.get(key, 0), fact, formulas),
            "because": self.text(path, rule, "because"),
        }

    def read_when(self, path: str, value: object) -> Any:
        """A condition in the form of the rules, its names known and its cells texts."""
        if isinstance(value, list | tuple):
            every = enumerate(cast("Sequence[object]", value))
            return [self.read_when(f"{path}[{place}]", each) for place, each in every]
        cells = self.mapping(path, value, self.facts)
        return {
            name: format(cell, "f") if isinstance(cell, Decimal) else cell
            for name, cell in cells.items()
        }

    def read_outcome(
        self, path: str, value: object, fact: Fact, formulas: dict[str, Formula]
    ) -> object:
        if not isinstance(fact, Number):
            return self.tried(path, lambda: fact.check(value))
        formula = self.named(path, self.formula(path, value))
        if formula is None:
            return 0
        if not formula.names:
            number = formula.value({})
            if to_decimal(number) == number:
                return _plain(number)
        formulas[formula.text] = formula
        return formula.text

    def named(self, path: str, formula: Formula | None, *extra: str) -> Formula | None:
        """Pass a formula whose names are all numbers."""
        if formula is None:
            return None
        before = len(self.problems)
        numbers = [name for name, fact in self.facts.items() if isinstance(fact, Number)]
        for name in sorted(formula.names - {*numbers, *extra}):
            if name in self.facts:
                self.problem(path, f"`{name}` is no number")
            else:
                listed = ", ".join(f"`{each}`" for each in (*numbers, *extra))
                near = nearest_name(name, numbers)
                self.problem(path, f"names {quoted(name)}, expected one of {listed}", near)
        return formula if len(self.problems) == before else None

    def read_policy(self, path: str, parts: Mapping[str, Any], fact: Fact) -> str:
        policy = self.text(path, parts, "hit_policy", "unique")
        known = _POLICIES if isinstance(fact, Number) else _POLICIES[:-1]
        if policy not in known:
            listed = ", ".join(f"`{each}`" for each in known)
            self.found(
                f"{path}.hit_policy", policy, f"one of {listed}", nearest_name(policy, known)
            )
            return "unique"
        return policy

    def used(self, whens: object) -> dict[str, Any]:
        """The declarations of the facts that some conditions ask about."""
        names: set[str] = set()
        pending: list[Any] = [whens]
        while pending:
            each = pending.pop()
            if isinstance(each, list):
                pending += cast("list[Any]", each)
            else:
                names.update(each)
        return {name: _declaration(fact) for name, fact in self.facts.items() if name in names}

    def placed(self, path: str, worked: Worked) -> Worked:
        """Keep a result for those that build on it, with all that it can come to."""
        fact, name = worked.fact, worked.name
        if isinstance(fact, Number):
            span = self.span_of(path, worked)
            if name in self.facts:
                span = _met(span, domain_of(fact))
            else:
                fact = Number(name, _end(span.low), _end(span.high), decimal=True)
            self.spans[name] = span
        self.facts[name] = fact
        return evolve(worked, fact=fact)

    def span_of(self, path: str, worked: Worked) -> Span:
        """All that a number can come to."""
        table = worked.table
        outcomes = [rule.then for rule in table.rules]
        spans = [self.outcome_span(path, worked, each) for each in outcomes]
        if table.default is not None:
            spans.append(self.outcome_span(path, worked, table.default))
        if table.hit_policy == "collect":
            none = Span.point(Fraction(0))
            span = reduce(add, (hull([none, each]) for each in spans), none)
        else:
            span = hull(spans) if spans else ANYTHING
        for step in worked.steps:
            after = self.checked_span(path, step.formula, span)
            span = after if step.condition is None else hull([span, after])
        return span

    def outcome_span(self, path: str, worked: Worked, outcome: object) -> Span:
        if isinstance(outcome, str):
            return self.checked_span(path, worked.formulas[outcome])
        return Span.point(Fraction(cast("Decimal", outcome)))

    def checked_span(self, path: str, formula: Formula, amount: Span = ANYTHING) -> Span:
        spans = {**self.spans, "amount": amount}
        if formula.divides_by_zero(spans):
            reason = (
                f"{quoted(formula.text)} may divide by 0: declare `low` above 0 for its divisor"
            )
            self.problem(path, reason)
        return formula.span(spans)

    # -- steps and tests

    def read_steps(self, path: str, value: object) -> Iterator[Step]:
        for place, each in enumerate(self.listed(path, value)):
            at = f"{path}[{place}]"
            parts = self.mapping(at, each, (*_STEPS, "to", "when", "because", "clause"))
            kinds = [key for key in _STEPS if key in parts]
            if len(kinds) != 1:
                self.problem(
                    at, "expected exactly one of " + ", ".join(f"`{key}`" for key in _STEPS)
                )
                continue
            formula = self.read_step(at, kinds[0], parts)
            condition = self.read_condition(at, parts["when"]) if "when" in parts else None
            texts = {key: self.text(at, parts, key) for key in ("because", "clause")}
            if formula is not None:
                if path == "total":
                    self.checked_span(at, formula)
                yield Step(formula=formula, condition=condition, **texts)

    def read_step(self, path: str, kind: str, parts: Mapping[str, Any]) -> Formula | None:
        if kind == "round":
            return self.read_rounding(path, parts)
        if "to" in parts:
            self.problem(f"{path}.to", "belongs to `round` alone")
        extra = ("amount",) if kind == "becomes" else ()
        formula = self.named(f"{path}.{kind}", self.formula(f"{path}.{kind}", parts[kind]), *extra)
        if formula is None:
            return None
        text = _AS_FORMULA[kind].format(formula.text)
        made = self.tried(f"{path}.{kind}", lambda: Formula.parse(text))
        return made if isinstance(made, Formula) else None

    def read_rounding(self, path: str, parts: Mapping[str, Any]) -> Formula | None:
        mode = parts["round"]
        if mode not in list(Rounding):
            near = nearest_name(mode, list(Rounding))
            self.found(f"{path}.round", mode, "one of " + ", ".join(Rounding), near)
            return None
        places = 2 if self.currency not in CURRENCIES else minor_units(self.currency)
        to = self.formula(f"{path}.to", parts.get("to", Decimal(1).scaleb(-places)))
        if to is None:
            return None
        if to.names or to.value({}) <= 0:
            self.found(f"{path}.to", parts["to"], "a place above 0, such as 0.01")
            return None
        made = self.tried(f"{path}.to", lambda: Formula.parse(f"round_{mode}(amount, {to.text})"))
        return made if isinstance(made, Formula) else None

    def read_condition(self, path: str, value: object) -> Table | None:
        when = self.read_when(f"{path}.when", value)
        document = {
            "format": 1,
            "name": "condition",
            "facts": self.used(when),
            "rules": [{"name": "applies", "when": when, "then": True}],
            "default": False,
        }
        table = self.tried(path, lambda: table_from_document(document))
        return table if isinstance(table, Table) else None

    def read_tests(self, given: Mapping[str, Given]) -> Iterator[PublishedCase]:
        for place, each in enumerate(self.listed("tests", self.document.get("tests", []))):
            path = f"tests[{place}]"
            parts = self.mapping(path, each, ("facts", "amount", "source"))
            facts = self.mapping(f"{path}.facts", parts.get("facts", {}), given)
            for name, value in facts.items():
                self.value(f"{path}.facts.{name}", given[name], value)
            amount = self.formula(f"{path}.amount", parts.get("amount", ""))
            source = self.text(path, parts, "source")
            if amount is not None and not amount.names:
                yield PublishedCase(
                    facts=MappingProxyType(facts),
                    amount=to_decimal(amount.value({})),
                    source=source,
                )
            elif amount is not None:
                self.found(f"{path}.amount", parts["amount"], "an amount")


_AS_FORMULA = {
    "at_most": "min(amount, {})",
    "at_least": "raised_to(amount, {})",
    "times": "amount * ({})",
    "penalty": "with_penalty(amount, {})",
    "pays_from": "pays_from(amount, {})",
    "pays_above": "pays_above(amount, {})",
    "becomes": "{}",
}


def _plain(number: Fraction) -> Decimal | int:
    return number.numerator if number.denominator == 1 else to_decimal(number)


def _end(end: Fraction | float) -> Decimal | int | None:
    """An end of a span as a bound, where it has an exact decimal form."""
    if isinstance(end, float) or to_decimal(end) != end:
        return None
    return _plain(end)


def _met(left: Span, right: Span) -> Span:
    """What two spans have in common; the second where they have nothing."""
    low, high = max(left.low, right.low), min(left.high, right.high)
    return Span(low, high) if low <= high else right


def _declaration(fact: Fact) -> dict[str, Any]:
    """A fact in the form of the rules."""
    if isinstance(fact, Choice):
        return {"choice": list(fact.options)}
    if not isinstance(fact, Number):
        return {"flag": True}
    bounds = {"low": fact.low, "high": fact.high}
    return {
        "number": {
            **{key: value for key, value in bounds.items() if value is not None},
            "unit": fact.unit,
            "integer": fact.integer,
            "decimal": True,
        }
    }
