"""Reading what a schedule works out: tables whose outcomes are formulas, and steps."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, cast

from attrs import evolve

from deescalate.errors import FactError, nearest_name, quoted
from deescalate.money import CURRENCIES, Rounding, minor_units
from deescalate.rules import Choice, Fact, Number, Table
from deescalate.schedules._declarations import Declarations, plain
from deescalate.schedules._formulas import Formula
from deescalate.schedules._spans import ANYTHING, Span, add, hull
from deescalate.schedules._working import Step, Worked, domain_of, to_decimal

__all__ = ["Outcomes"]

_POLICIES = ("unique", "first", "any", "collect")
_STEPS = ("round", "at_most", "at_least", "times", "penalty", "pays_from", "pays_above", "becomes")


class Outcomes(Declarations):
    """Reads tables, formulas and steps over the facts declared so far."""

    def read_worked(self, path: str, name: str, parts: Mapping[str, Any]) -> Worked | None:
        """A derived fact or a part: its table, its formulas and its steps."""
        before = len(self.problems)
        fact = self.read_result(path, name, parts)
        formulas: dict[str, Formula] = {}
        lines: list[dict[str, Any]] = []
        clauses: dict[str, str] = {}
        for at, rule, key in self.read_rules(path, parts):
            line = self.read_line(at, rule, key, fact, formulas)
            line["name"] = line["name"] or f"rule {len(lines) + 1}"
            clauses[line["name"]] = self.text_of(at, rule, "clause")
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
        if steps and not isinstance(fact, Number):
            self.problem(f"{path}.steps", "belong to a number")
        texts = {key: self.text_of(path, parts, key) for key in ("about", "clause")}
        if len(self.problems) > before:
            return None
        table = self.table(path, document, lone="formula" in parts)
        if table is None:
            return None
        worked = Worked(
            fact=fact, table=table, formulas=formulas, clauses=clauses, steps=steps, **texts
        )
        return self.placed(path, worked)

    def read_result(self, path: str, name: str, parts: Mapping[str, Any]) -> Fact:
        """What it gives: a declared fact, or any number."""
        kinds = parts.keys() & {"number", "choice", "flag"}
        declared = self.read_fact(path, name, parts) if kinds else None
        return declared or Number(name or "part", decimal=True)

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
            for place, rule in enumerate(self.sequence(f"{path}.rules", parts["rules"])):
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
        """One rule in the form of the rules, its formula kept aside."""
        if key not in rule:
            self.problem(f"{path}.{key}", "missing, expected an outcome")
        return {
            "name": self.text_of(path, rule, "name"),
            "when": self.read_when(f"{path}.when", rule.get("when", {})),
            "then": self.read_outcome(f"{path}.{key}", rule.get(key, 0), fact, formulas),
            "because": self.text_of(path, rule, "because"),
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
        """An option, a flag, a number, or the text of a formula."""
        if not isinstance(fact, Number):
            try:
                return fact.check(value)
            except FactError as error:
                self.expected(path, value, error.allowed, error.nearest)
                return None
        formula = self.named(path, self.formula(path, value))
        if formula is None:
            return 0
        if not formula.names:
            number = formula.value({})
            if to_decimal(number) == number:
                return plain(number)
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
        """The hit policy, one that a schedule can have."""
        policy = self.text_of(path, parts, "hit_policy", "unique")
        known = _POLICIES if isinstance(fact, Number) else _POLICIES[:-1]
        if policy not in known:
            listed = ", ".join(f"`{each}`" for each in known)
            self.expected(
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
                pending += each
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
        """All that one outcome can come to."""
        if isinstance(outcome, str):
            return self.checked_span(path, worked.formulas[outcome])
        return Span.point(Fraction(cast("Decimal", outcome)))

    def checked_span(self, path: str, formula: Formula, amount: Span = ANYTHING) -> Span:
        """All that a formula can come to; one that may divide by 0 is a problem."""
        spans = {**self.spans, "amount": amount}
        if formula.divides_by_zero(spans):
            reason = (
                f"{quoted(formula.text)} may divide by 0: declare `low` above 0 for its divisor"
            )
            self.problem(path, reason)
        return formula.span(spans)

    # -- steps and tests

    def read_steps(self, path: str, value: object) -> Iterator[Step]:
        """Steps on an amount, in order."""
        for place, each in enumerate(self.sequence(path, value)):
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
            texts = {key: self.text_of(at, parts, key) for key in ("because", "clause")}
            if formula is not None:
                if path == "total":
                    self.checked_span(at, formula)
                yield Step(formula=formula, condition=condition, **texts)

    def read_step(self, path: str, kind: str, parts: Mapping[str, Any]) -> Formula | None:
        """One step as a formula."""
        if kind == "round":
            return self.read_rounding(path, parts)
        if "to" in parts:
            self.problem(f"{path}.to", "belongs to `round` alone")
        extra = ("amount",) if kind == "becomes" else ()
        formula = self.named(f"{path}.{kind}", self.formula(f"{path}.{kind}", parts[kind]), *extra)
        if formula is None:
            return None
        text = _AS_FORMULA[kind].format(formula.text)
        return self.tried(f"{path}.{kind}", lambda: Formula.parse(text))

    def read_rounding(self, path: str, parts: Mapping[str, Any]) -> Formula | None:
        """A rounding step as a formula."""
        mode = parts["round"]
        if mode not in list(Rounding):
            near = nearest_name(mode, list(Rounding))
            self.expected(f"{path}.round", mode, "one of " + ", ".join(Rounding), near)
            return None
        places = 2 if self.currency not in CURRENCIES else minor_units(self.currency)
        to = self.formula(f"{path}.to", parts.get("to", Decimal(1).scaleb(-places)))
        if to is None:
            return None
        if to.names or to.value({}) <= 0:
            self.expected(f"{path}.to", parts["to"], "a place above 0, such as 0.01")
            return None
        return self.tried(f"{path}.to", lambda: Formula.parse(f"round_{mode}(amount, {to.text})"))

    def read_condition(self, path: str, value: object) -> Table | None:
        """A step's condition as a table."""
        when = self.read_when(f"{path}.when", value)
        document = {
            "format": 1,
            "name": "condition",
            "facts": self.used(when),
            "rules": [{"name": "applies", "when": when, "then": True}],
            "default": False,
        }
        return self.table(path, document, lone=True)

    def table(self, path: str, document: Mapping[str, Any], *, lone: bool) -> Table | None:
        """A table; where it has one rule that is not written as one, its path is left out."""
        inside = "rules[0]" if lone else ""
        return self.tried(path, lambda: Table.from_document(document), inside=inside)


_AS_FORMULA = {
    "at_most": "min(amount, {})",
    "at_least": "raised_to(amount, {})",
    "times": "amount * ({})",
    "penalty": "with_penalty(amount, {})",
    "pays_from": "pays_from(amount, {})",
    "pays_above": "pays_above(amount, {})",
    "becomes": "{}",
}


def _end(end: Fraction | float) -> Decimal | int | None:
    """An end of a span as a bound, where it has an exact decimal form."""
    if isinstance(end, Fraction) and to_decimal(end) == end:
        return plain(end)
    return None


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
