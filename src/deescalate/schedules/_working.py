"""Working a schedule out: facts in, numbers and words out, exact where facts suffice.

A missing fact is carried along as all that it could be, so that the end knows how far apart the
possible amounts lie, and which facts could still move them.
"""

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from typing import Any, TypeAlias, cast

from attrs import field, frozen

from deescalate.documents import FrozenMapping
from deescalate.errors import FactError, UndecidedError
from deescalate.money import Rounding, decimal_of, round_to
from deescalate.rules import Fact, Number, Rule, Table, Verdict
from deescalate.schedules._formulas import Formula
from deescalate.schedules._spans import ANYTHING, Span, add, hull, is_huge

__all__ = [
    "Given",
    "Open",
    "Result",
    "Settled",
    "State",
    "Step",
    "Value",
    "Worked",
    "check_value",
    "domain_of",
    "plus",
    "span_of",
    "to_decimal",
    "to_plain",
]

Value: TypeAlias = Fraction | str | bool
_NOTHING = Fraction(0)
_PLACE = Fraction(1, 10**12)
_LARGEST = 10**12
_DIGITS = 40
_PLAIN = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,2})?", re.ASCII)


@frozen(kw_only=True)
class Given:
    """A fact that a case brings with it.

    Attributes:
        fact: Its name and domain.
        default: Its value where the case leaves it out; ``None`` for none.
        about: What it is, in a few words.
        amount: ``rises`` or ``falls`` where the amount is meant to as the fact grows, else empty.
    """

    fact: Fact
    default: Value | None = None
    about: str = ""
    amount: str = ""


@frozen(kw_only=True)
class Step:
    """One step on a running amount.

    Attributes:
        formula: The amount after it, in terms of ``amount`` and facts.
        condition: A table that gives ``True`` where it applies; ``None`` where it always does.
        because: Why, in the schedule's words.
        clause: Where the published text says so.
    """

    formula: Formula
    condition: Table | None = None
    because: str = ""
    clause: str = ""

    def needs(self) -> Iterator[str]:
        """The names that it asks about, some perhaps twice."""
        yield from (name for name in self.formula.names if name != "amount")
        yield from (fact.name for fact in self.condition.facts) if self.condition else ()


@frozen(kw_only=True)
class Worked:
    """A fact or a component that the schedule works out.

    Attributes:
        fact: Its name and domain.
        table: The table whose outcomes are formulas, options or flags.
        formulas: The formulas among its outcomes, by their text.
        about: What it is, in a few words.
        clause: Where the published text says so; a rule's own clause stands before it.
        clauses: The clause of each rule that states one.
        steps: Steps on the result, in order.
    """

    fact: Fact
    table: Table
    formulas: Mapping[str, Formula] = field(
        default=FrozenMapping({}), converter=FrozenMapping[Formula]
    )
    about: str = ""
    clause: str = ""
    clauses: Mapping[str, str] = field(default=FrozenMapping({}), converter=FrozenMapping[str])
    steps: tuple[Step, ...] = ()

    @property
    def name(self) -> str:
        """Its name."""
        return self.fact.name

    def needs(self) -> Iterator[str]:
        """The names that it asks about, some perhaps twice."""
        yield from (fact.name for fact in self.table.facts)
        for formula in self.formulas.values():
            yield from formula.names
        for step in self.steps:
            yield from step.needs()


@frozen
class Settled:
    """What is known: a value, with its reasons.

    Attributes:
        value: The value.
        formula: How a number was worked out.
        rules: The rules it comes from.
        because: Their reasons.
    """

    value: Value
    formula: str = ""
    rules: tuple[Rule, ...] = ()
    because: tuple[str, ...] = ()


@frozen
class Open:
    """What still depends on missing facts.

    Attributes:
        span: All that a number can be; anything for words.
        asks: The given facts that it depends on.
    """

    span: Span
    asks: frozenset[str]


Result: TypeAlias = Settled | Open


class State:
    """What is known so far while a schedule is worked out.

    Args:
        given: The case's facts, checked, defaults filled in.
        missing: The facts left out, with their domains.
    """

    def __init__(self, given: Mapping[str, Value], missing: Iterable[Fact]) -> None:
        self.values = dict(given)
        self.open = {fact.name: Open(domain_of(fact), frozenset([fact.name])) for fact in missing}

    def note(self, name: str, result: Result) -> None:
        """Keep a result under its name."""
        if isinstance(result, Settled):
            self.values[name] = result.value
        else:
            self.open[name] = result

    def work_out(self, worked: Worked) -> Result:
        """Decide a table and work out the formula it gives."""
        verdict = self._decide(worked.table)
        if verdict.decided and verdict.outcome is not None:
            return self._outcome(worked, verdict.outcome, verdict)
        possible = [each for each in verdict.possible if each is not None]
        if not possible:
            raise UndecidedError(worked.table.name)
        results = [self._outcome(worked, each, verdict) for each in possible]
        return _merged(results, self.asks(verdict.missing))

    def applies(self, condition: Table | None) -> bool | frozenset[str]:
        """Whether a step applies; the facts it hangs on where that is open."""
        if condition is None:
            return True
        verdict = self._decide(condition)
        return bool(verdict.outcome) if verdict.decided else self.asks(verdict.missing)

    def calculate(self, formula: Formula) -> Result:
        """Work a formula out; all that it can come to where it names an open fact."""
        unknown = [self.open[name] for name in formula.names if name in self.open]
        numbers = {name: self.values[name] for name in formula.names if name in self.values}
        if not unknown:
            value = formula.value(numbers)  # type: ignore[arg-type]  # names of numbers only
            if is_huge(value):
                raise FactError(formula.text, None, "facts with which it stays below 10^300")
            return Settled(value, formula.text)
        spans = {name: Span.point(Fraction(value)) for name, value in numbers.items()}
        for name in formula.names - spans.keys():
            spans[name] = self.open[name].span
        span = formula.span(spans)
        if isinstance(span.low, Fraction) and span.is_point:
            return Settled(span.low, formula.text)
        return Open(span, frozenset[str]().union(*(each.asks for each in unknown)))

    def step(self, amount: Result, step: Step) -> Result:
        """Take one step on a running amount."""
        applies = self.applies(step.condition)
        if applies is False:
            return amount
        self.note("amount", amount)
        after = self.calculate(step.formula)
        self.values.pop("amount", None)
        self.open.pop("amount", None)
        return after if applies is True else _merged([amount, after], applies)

    def asks(self, names: Iterable[str]) -> frozenset[str]:
        """The given facts behind some open names."""
        return frozenset[str]().union(*(self.open[name].asks for name in names))

    def _decide(self, table: Table) -> Verdict:
        """What a table says of what is known, numbers known between two others among it."""
        names = [fact.name for fact in table.facts]
        known = {name: to_plain(self.values[name]) for name in names if name in self.values}
        spans = {name: self.open[name].span for name in names if name in self.open}
        within = {
            name: (_end(span.low), _end(span.high))
            for name, span in spans.items()
            if span is not ANYTHING
        }
        if not within:
            return table.decide(known)
        return table.decide_within(table.check_facts(known), within)

    def _outcome(self, worked: Worked, outcome: Any, verdict: Verdict) -> Result:
        if isinstance(outcome, tuple):
            every = cast("tuple[Any, ...]", cast("object", outcome))
            return self._sum([self._outcome(worked, each, verdict) for each in every], verdict)
        if not isinstance(worked.fact, Number):
            return Settled(outcome, "", verdict.matched, verdict.because)
        if isinstance(outcome, str):
            result = self.calculate(worked.formulas[outcome])
        else:
            result = Settled(Fraction(outcome), f"{outcome}")
        if isinstance(result, Open):
            return result
        return Settled(result.value, result.formula, verdict.matched, verdict.because)

    def _sum(self, results: list[Result], verdict: Verdict) -> Result:
        total: Result = Settled(_NOTHING)
        for each in results:
            total = plus(total, each)
        if isinstance(total, Open):
            return total
        formula = " + ".join(each.formula for each in results if isinstance(each, Settled))
        return Settled(total.value, formula or "0", verdict.matched, verdict.because)


def _end(end: Fraction | float) -> Any:
    return to_plain(end) if isinstance(end, Fraction) else end


def plus(left: Result, right: Result) -> Result:
    """Add two numbers, settled or open."""
    if isinstance(left, Settled) and isinstance(right, Settled):
        return Settled(Fraction(left.value) + Fraction(right.value))
    asks = frozenset[str]().union(*(each.asks for each in (left, right) if isinstance(each, Open)))
    return Open(add(span_of(left), span_of(right)), asks)


def span_of(result: Result) -> Span:
    """All that a number can be."""
    return result.span if isinstance(result, Open) else Span.point(Fraction(result.value))


def _merged(results: list[Result], asks: frozenset[str]) -> Result:
    """One of several results, it is not known which."""
    first = results[0]
    if all(isinstance(each, Settled) and each.value == first_value(first) for each in results):
        return first
    words = any(
        isinstance(each, Settled) and isinstance(each.value, str | bool) for each in results
    )
    span = ANYTHING if words else hull(map(span_of, results))
    return Open(span, asks.union(*(each.asks for each in results if isinstance(each, Open))))


def first_value(result: Result) -> Value | None:
    """The value of a settled result."""
    return result.value if isinstance(result, Settled) else None


def domain_of(fact: Fact) -> Span:
    """All that a fact can be; anything for words."""
    if not isinstance(fact, Number):
        return ANYTHING
    low = -math.inf if fact.low is None else Fraction(fact.low)
    high = math.inf if fact.high is None else Fraction(fact.high)
    return Span(low, high)


def check_value(given: Given, value: object, currency: str) -> Value:
    """Read one fact of a case exactly.

    Raises:
        FactError: It is of a wrong type or outside its domain.
    """
    fact = given.fact
    if not isinstance(fact, Number):
        return fact.check(value)  # type: ignore[return-value]  # an option or a flag
    number = _number(value, money=fact.unit == currency)
    if number is None:
        raise FactError(fact.name, value, f"{fact.allowed}, below 10^12, or a text of it")
    fact.check(to_plain(number))
    return number


def _number(value: object, *, money: bool) -> Fraction | None:
    if isinstance(value, float) and not money:
        value = repr(value)
    if isinstance(value, str) and _PLAIN.fullmatch(value):
        value = Decimal(value)
    if isinstance(value, bool) or not isinstance(value, int | Fraction | Decimal):
        return None
    if isinstance(value, Decimal) and not (value.is_finite() and abs(value.adjusted()) <= _DIGITS):
        return None
    number = Fraction(value)
    return number if abs(number) < _LARGEST else None


def to_plain(value: Value) -> object:
    """A value as the rules take it; an endless expansion is cut far beyond any cell."""
    if not isinstance(value, Fraction):
        return value
    if value.denominator == 1:
        return value.numerator
    return to_decimal(value, Fraction(1, 10 ** (40 + len(str(value.denominator)))))


def to_decimal(value: Fraction, place: Fraction = _PLACE) -> Decimal:
    """A fraction as a decimal: exact where that ends, else rounded to a place."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    return decimal_of(value if rest == 1 else round_to(value, Rounding.HALF_EVEN, place))
