"""Schedules as documents, read: facts, tables whose outcomes are formulas, steps and cases."""

import re
from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, TypeVar

from attrs import evolve

from deescalate.documents import is_list, is_mapping, joined
from deescalate.errors import FactError, listed_names, nearest_name, quoted
from deescalate.money import CURRENCIES, Rounding, minor_units
from deescalate.rules import Fact, Number, Table, facts_shape
from deescalate.schedules._declarations import KINDS, TABLE, Declarations
from deescalate.schedules._entitlement import PublishedCase
from deescalate.schedules._formulas import Formula
from deescalate.schedules._spans import ANYTHING, Span, add, hull, is_huge
from deescalate.schedules._working import Given, Step, Worked, domain_of, to_decimal

__all__ = ["POLICIES", "STEPS", "TOP", "read_schedule"]

T = TypeVar("T")

TOP = (
    "format", "name", "title", "currency", "edition", "in_force", "until", "checked",
    "sources", "notes", "facts", "parts", "total", "tests",
)  # fmt: skip
_RULE = ("name", "when", "then", "because", "clause")
STEPS = ("round", "at_most", "at_least", "times", "penalty", "pays_from", "pays_above", "becomes")
_DATES = ("in_force", "until", "checked")
POLICIES = ("unique", "first", "any", "collect")
_WORD = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_PROSE = ("name", "about", "because", "clause")


def read_schedule(document: object, make: Callable[..., T]) -> T:
    """Read a schedule.

    Args:
        document: A mapping.
        make: The schedule's class.

    Raises:
        DocumentError: Something is wrong with it; it holds every problem, each with its path.
    """
    reader = _Reader()
    made = reader.schedule(document)
    return reader.finished("schedule", lambda: make(**made))


class _Reader(Declarations):
    """Reads a schedule: what it works out from its facts."""

    def schedule(self, found: object) -> dict[str, Any]:
        document = self.mapping("", found, TOP)
        if type(document.get("format", 1)) is not int or document.get("format", 1) != 1:
            self.expected("format", document["format"], "1")
        name, title = (self.text_of("", document, key, None) for key in ("name", "title"))
        self.currency = self.read_currency(self.text_of("", document, "currency", None))
        given = self.read_facts(document.get("facts", {}))
        dates = {key: document[key] for key in _DATES if document.get(key) is not None}
        return {
            "name": name,
            "title": title,
            "currency": self.currency,
            "given": given,
            "derived": tuple(self.read_derived()),
            "parts": tuple(self.read_parts(document.get("parts", []))),
            "total": tuple(self.read_steps("total", document.get("total", []))),
            "tests": tuple(
                self.read_tests(document.get("tests", []), {each.fact.name: each for each in given})
            ),
            **self.read("", dates, dict.fromkeys(_DATES, self.day)),
            **{
                key: self.texts(key, document.get(key, []), empty=True)
                for key in ("sources", "notes")
            },
            "edition": self.text_of("", document, "edition"),
        }

    # -- facts that are worked out

    def read_derived(self) -> Iterator[Worked]:
        """Derived facts, each after those it needs."""
        needs = {name: self.needed(parts) for name, parts in self.derived.items()}
        needed_by: dict[str, list[str]] = {}
        for name, others in needs.items():
            for other in others:
                needed_by.setdefault(other, []).append(name)
        place = {name: at for at, name in enumerate(needs)}
        ready = [name for name, others in needs.items() if not others]
        while ready:
            freed: list[str] = []
            for name in ready:
                worked = self.read_worked(joined("facts", name), name, self.derived[name])
                if worked is not None:
                    yield worked
                asking = needed_by.get(name, [])
                for other in asking:
                    needs[other].remove(name)
                freed += [other for other in asking if not needs[other]]
            ready = sorted(freed, key=place.__getitem__)
        waiting = [name for name in self.derived if needs[name]]
        if waiting:
            names = listed_names(waiting)
            self.problem("facts", f"{names} are worked out from each other, in a circle")

    def needed(self, declaration: Mapping[str, Any]) -> set[str]:
        """The derived facts that a declaration mentions, as far as it can be read."""
        found: set[str] = set()
        pending: list[Any] = [declaration]
        while pending:
            each = pending.pop()
            if is_mapping(each):
                found.update(map(str, each))
                pending += [value for key, value in each.items() if key not in _PROSE]
            elif is_list(each):
                pending += each
            elif isinstance(each, str):
                found.update(_WORD.findall(each))
        return found & self.derived.keys()

    def read_parts(self, found: object) -> Iterator[Worked]:
        if not found:
            self.problem("parts", "expected one part or more")
        for place, each in enumerate(self.sequence("parts", found)):
            path = f"parts[{place}]"
            keys = self.mapping(path, each, ("name", *TABLE))
            name = self.text_of(path, keys, "name", None)
            self.name(f"{path}.name", name)
            if name in self.facts or name in self.derived:
                self.problem(f"{path}.name", f"{quoted(name)} is taken")
            worked = self.read_worked(path, name, keys)
            if worked is not None:
                yield worked

    def read_worked(self, path: str, name: str, parts: Mapping[str, Any]) -> Worked | None:
        """A derived fact or a part: its table, its formulas and its steps."""
        before = self.count
        fact = self.read_result(name, parts)
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
        if self.count > before:
            return None
        table = self.table(path, document, lone="formula" in parts)
        if table is None:
            return None
        worked = Worked(
            fact=fact, table=table, formulas=formulas, clauses=clauses, steps=steps, **texts
        )
        return self.placed(path, worked)

    def read_result(self, name: str, parts: Mapping[str, Any]) -> Fact:
        """What it gives: a declared fact, or any number."""
        declared = self.read_fact(name, parts) if parts.keys() & {*KINDS} else None
        return declared or Number(name or "part")

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
                keys = self.mapping(at, rule, _RULE)
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
        """A condition in the form of the rules, its names known."""
        if is_list(value):
            return [self.read_when(f"{path}[{place}]", each) for place, each in enumerate(value)]
        return self.mapping(path, value, self.facts)

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
        before = self.count
        for name in sorted(formula.names.difference(extra)) if formula else ():
            fact = self.facts.get(name)
            if fact is None:
                numbers = [key for key, each in self.facts.items() if isinstance(each, Number)]
                self.unknown(path, name, (*numbers, *extra), f"names {quoted(name)}")
            elif not isinstance(fact, Number):
                self.problem(path, f"`{name}` is no number")
        return formula if self.count == before else None

    def read_policy(self, path: str, parts: Mapping[str, Any], fact: Fact) -> str:
        """The hit policy, one that a schedule can have."""
        policy = self.text_of(path, parts, "hit_policy", "unique")
        known = POLICIES if isinstance(fact, Number) else POLICIES[:-1]
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
            if is_list(each):
                pending += each
            else:
                names.update(each)
        ordered = sorted(names, key=self.order.__getitem__)
        declared: dict[str, Any] = facts_shape().write([self.facts[name] for name in ordered])
        return declared

    def placed(self, path: str, worked: Worked) -> Worked:
        """Keep a result for those that build on it, with all that it can come to."""
        fact, name = worked.fact, worked.name
        if isinstance(fact, Number):
            span = self.span_of(path, worked)
            if name in self.facts:
                span = _met(span, domain_of(fact))
            else:
                fact = Number(name, _end(span.low), _end(span.high), decimal=True)
            self.keep(fact, span)
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

    def outcome_span(self, path: str, worked: Worked, outcome: Any) -> Span:
        """All that one outcome can come to."""
        if isinstance(outcome, str):
            return self.checked_span(path, worked.formulas[outcome])
        return Span.point(Fraction(outcome))

    def checked_span(self, path: str, formula: Formula, amount: Span = ANYTHING) -> Span:
        """All that a formula can come to; one that may divide by 0, or grow huge, is a problem."""
        spans = {**self.spans, "amount": amount}
        if formula.divides_by_zero(spans):
            reason = (
                f"{quoted(formula.text)} may divide by 0: declare `low` above 0 for its divisor"
            )
            self.problem(path, reason)
            return ANYTHING
        span = formula.span(spans)
        if is_huge(span.low) or is_huge(span.high):
            self.problem(path, f"{quoted(formula.text)} may come to a number of too many digits")
            return ANYTHING
        return span

    # -- steps and tests

    def read_steps(self, path: str, value: object) -> Iterator[Step]:
        """Steps on an amount, in order."""
        for place, each in enumerate(self.sequence(path, value)):
            at = f"{path}[{place}]"
            parts = self.mapping(at, each, (*STEPS, "to", "when", "because", "clause"))
            kinds = [key for key in STEPS if key in parts]
            if len(kinds) != 1:
                self.problem(
                    at, "expected exactly one of " + ", ".join(f"`{key}`" for key in STEPS)
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

    def read_tests(self, found: object, given: Mapping[str, Given]) -> Iterator[PublishedCase]:
        for place, each in enumerate(self.sequence("tests", found)):
            path = f"tests[{place}]"
            parts = self.mapping(path, each, ("facts", "amount", "source"))
            case = self.mapping(f"{path}.facts", parts.get("facts", {}), given)
            facts = {name: self.plain(f"{path}.facts.{name}", case[name]) for name in case}
            for name, value in facts.items():
                self.value(f"{path}.facts.{name}", given[name], value)
            amount = self.formula(f"{path}.amount", parts.get("amount", ""))
            source = self.text_of(path, parts, "source")
            if amount is not None and not amount.names:
                number = to_decimal(amount.value({}))
                yield PublishedCase(facts=facts, amount=number, source=source)
            elif amount is not None:
                self.expected(f"{path}.amount", parts["amount"], "an amount")


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


def plain(number: Fraction) -> Decimal | int:
    """A fraction with an exact decimal form, as the rules take it."""
    return number.numerator if number.denominator == 1 else to_decimal(number)
