"""A published schedule: declared facts, tables whose outcomes are formulas, and the last steps."""

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from fractions import Fraction
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from deescalate.compensation.entitlement import PERCENT, Adjustment, Entitlement, Part, Working
from deescalate.compensation.formulas import Formula
from deescalate.compensation.working import (
    Given,
    Open,
    Result,
    Settled,
    State,
    Step,
    Value,
    Worked,
    plus,
    span_of,
    to_decimal,
    to_plain,
)
from deescalate.errors import FactError, nearest_name
from deescalate.money import minor_units
from deescalate.rules import Fact, Number, Outputs, Table

if TYPE_CHECKING:
    from deescalate.compensation.checking import ScheduleFinding

__all__ = ["FailedCase", "PublishedCase", "Schedule"]

_LARGEST = 10**12
_DIGITS = 40
_PLAIN = re.compile(r"[+-]?[0-9]{1,30}(\.[0-9]{1,30})?(e[+-]?[0-9]{1,2})?", re.ASCII)


@frozen(kw_only=True)
class PublishedCase:
    """A case whose amount is known: an example of the issuer's, or an anchor of one's own.

    Attributes:
        facts: The facts of the case.
        amount: What the schedule must award.
        source: Where it stands.
    """

    facts: Mapping[str, Any] = field(converter=Outputs)
    amount: Decimal
    source: str = ""


@frozen(kw_only=True)
class FailedCase:
    """A case that a schedule does not award as stated.

    Attributes:
        case: The case.
        found: What the schedule awards instead; ``None`` where it cannot tell.
        reason: Why it cannot.
    """

    case: PublishedCase
    found: Decimal | None
    reason: str = ""

    def __str__(self) -> str:
        facts = ", ".join(f"{name} = {value}" for name, value in self.case.facts.items())
        found = self.reason or f"found {self.found}"
        return f"{facts}: expected {self.case.amount}, {found}"


@frozen(kw_only=True)
class Schedule:
    """A published schedule of compensation.

    The amounts are worked out from a document, exactly. It says what a text publishes as of its
    dates, and it is no legal advice.

    Attributes:
        name: Its short name.
        title: Its title.
        currency: An ISO 4217 code, or ``percent``.
        given: The facts that a case brings.
        derived: The facts worked out from them, each after those it needs.
        parts: The components that add up.
        total: The last steps on their sum, in order.
        tests: Cases with their known amounts.
        in_force: From when the published rules hold.
        until: Until when; ``None`` where no end is known.
        checked: When the document was last compared with them.
        edition: Which edition of them it follows.
        sources: Where they are published.
        notes: What a reader should know.

    >>> schedule = Schedule.from_document('''
    ... format = 1
    ... name = "parcel"
    ... title = "Our promise on late parcels"
    ... currency = "EUR"
    ... [facts.days_late]
    ... number = { low = 0, integer = true, unit = "days" }
    ... [[parts]]
    ... name = "delay"
    ... formula = "min(5 * over(days_late, 2), 50)"
    ... ''')
    >>> print(schedule.amount({"days_late": 4}).money)
    EUR 10.00
    """

    name: str
    title: str
    currency: str
    given: tuple[Given, ...]
    derived: tuple[Worked, ...] = ()
    parts: tuple[Worked, ...] = ()
    total: tuple[Step, ...] = ()
    tests: tuple[PublishedCase, ...] = ()
    in_force: date | None = None
    until: date | None = None
    checked: date | None = None
    edition: str = ""
    sources: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    _payable: Step = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        places = 2 if self.currency == PERCENT else minor_units(self.currency)
        place = f"0.{'0' * (places - 1)}1" if places else "1"
        formula = Formula.parse(f"round_half_up(max(amount, 0), {place})")
        object.__setattr__(self, "_payable", Step(formula=formula, because="to a payable amount"))

    @classmethod
    def from_document(cls, document: str | Mapping[str, Any]) -> "Schedule":
        """Load a schedule.

        Args:
            document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping
                of the same form. The how-to page "write a schedule" describes the form.

        Raises:
            DocumentError: Something is wrong with it; it holds every problem, each with its path.

        >>> Schedule.from_document("format = 1")
        Traceback (most recent call last):
        ...
        deescalate.errors.DocumentError: schedule document has 4 problems:
          name: missing, expected a text
          title: missing, expected a text
          currency: missing, expected a text
          parts: expected one part or more
        """
        from deescalate.compensation.documents import read_schedule

        return read_schedule(document)

    @property
    def tables(self) -> Mapping[str, Table]:
        """Every table by the name of the fact or part that it gives, for ``rules.proofs``."""
        return MappingProxyType(
            {worked.name: worked.table for worked in (*self.derived, *self.parts)}
        )

    def amount(self, facts: Mapping[str, object], *, assume_defaults: bool = True) -> Entitlement:
        """Work out what the schedule awards.

        Args:
            facts: The facts of the case by name. Numbers are given as int, Decimal or a decimal
                text; a float is read as it prints, and refused for a fact that is money. A fact
                left out takes its default; without one it is missing, and the answer says
                whether that matters.
            assume_defaults: Whether facts left out take their defaults; if not, they are missing
                like any other.

        Returns:
            The amount with the rule and clause behind each part; where facts are missing that
            still matter, the least and the most it can be, and which they are.

        Raises:
            FactError: A fact is unknown, of a wrong type, or outside its domain.
            HitPolicyError: Two rules of a table claim the case.
            UndecidedError: A table has no rule for the case, and no ``otherwise``.
        """
        state = self._state(facts, assume_defaults=assume_defaults)
        workings: list[Working] = []
        for worked in self.derived:
            result = _worked_out(state, worked)
            if isinstance(result, Settled):
                workings.append(_working(worked, result))
        total: Result = Settled(Fraction(0))
        parts: list[Part] = []
        for worked in self.parts:
            result = _worked_out(state, worked)
            if isinstance(result, Settled):
                parts.append(_part(worked, result))
            total = plus(total, result)
        steps: list[Adjustment] = []
        for step in (*self.total, self._payable):
            before, total = total, state.step(total, step)
            if (
                isinstance(before, Settled)
                and isinstance(total, Settled)
                and before.value != total.value
            ):
                steps.append(_adjustment(step, before, total))
        return self._entitlement(total, tuple(parts), tuple(steps), tuple(workings))

    def check(self, *, most: int = 3, limit: int = 20_000) -> tuple["ScheduleFinding", ...]:
        """Look for everything that is wrong or odd with the schedule.

        Gaps, overlaps, dead rules and the like are proved table by table. Where a fact says
        that the amount rises or falls with it, the amount is followed along that fact.

        Args:
            most: Falls reported for each fact at most.
            limit: Cases worked out for each fact before giving up.

        Returns:
            Findings, the gravest first.

        Raises:
            WorkLimitError: It would take more work than the limit.

        >>> from deescalate.compensation import schedules
        >>> schedules.load("uk_late_payment").check()
        ()
        """
        from deescalate.compensation.checking import check_schedule

        return check_schedule(self, most=most, limit=limit)

    def turns(
        self, fact: str, *, most: int = 3, limit: int = 20_000
    ) -> tuple["ScheduleFinding", ...]:
        """Follow the amount along one fact and find where it turns the wrong way.

        Every pair that is found is worked out on both sides. Where the fact stands in conditions
        alone, none is overlooked; where formulas name it too, it is tried at every cut, beside
        it and between.

        Args:
            fact: A number that is given, and that says whether the amount rises or falls with it.
            most: Turns reported at most.
            limit: Cases worked out before giving up.

        Raises:
            SettingError: There is no such fact, or it says neither.
            WorkLimitError: It would take more work than the limit.

        >>> from deescalate.compensation import schedules
        >>> schedules.load("uk_late_payment").turns("debt")
        ()
        """
        from deescalate.compensation.checking import turns_along

        return turns_along(self, fact, most=most, limit=limit)

    def failures(self) -> tuple[FailedCase, ...]:
        """Run the cases that the document states.

        Returns:
            Those that do not come out as stated; none where all is well.
        """
        failed = [self._tried(case) for case in self.tests]
        return tuple(each for each in failed if each)

    def _tried(self, case: PublishedCase) -> FailedCase | None:
        award = self.amount(case.facts)
        if award.amount is None:
            return FailedCase(case=case, found=None, reason=f"give {', '.join(award.missing)}")
        if award.amount != case.amount:
            return FailedCase(case=case, found=award.amount)
        return None

    def _state(self, facts: Mapping[str, object], *, assume_defaults: bool) -> State:
        given = {each.fact.name: each for each in self.given}
        for name in facts:
            if name not in given:
                raise self._unknown(name, tuple(given))
        values: dict[str, Value] = {}
        missing: list[Fact] = []
        for name, each in given.items():
            if name in facts:
                values[name] = check_value(each, facts[name], self.currency)
            elif each.default is not None and assume_defaults:
                values[name] = each.default
            else:
                missing.append(each.fact)
        return State(values, missing)

    def _unknown(self, name: str, given: tuple[str, ...]) -> FactError:
        if name in {worked.name for worked in self.derived}:
            return FactError(
                name, None, "a fact that is given: this one is worked out", unknown=True
            )
        allowed = "one of " + ", ".join(f"`{each}`" for each in given)
        return FactError(name, None, allowed, nearest_name(name, given), unknown=True)

    def _entitlement(
        self,
        total: Result,
        parts: tuple[Part, ...],
        steps: tuple[Adjustment, ...],
        workings: tuple[Working, ...],
    ) -> Entitlement:
        span = span_of(total)
        amount = to_decimal(Fraction(total.value)) if isinstance(total, Settled) else None
        asks = total.asks if isinstance(total, Open) else frozenset[str]()
        return Entitlement(
            schedule=self.name,
            title=self.title,
            currency=self.currency,
            amount=amount,
            least=to_decimal(Fraction(span.low)),
            most=to_decimal(span.high) if isinstance(span.high, Fraction) else None,
            missing=tuple(each.fact.name for each in self.given if each.fact.name in asks),
            parts=parts if amount is not None else (),
            steps=steps if amount is not None else (),
            workings=workings,
            in_force=self.in_force,
            until=self.until,
            checked=self.checked,
            edition=self.edition,
            sources=self.sources,
        )


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


def _worked_out(state: State, worked: Worked) -> Result:
    result = state.work_out(worked)
    for step in worked.steps:
        after = state.step(result, step)
        if isinstance(after, Settled) and isinstance(result, Settled):
            after = Settled(after.value, result.formula, result.rules, result.because)
        result = after
    if isinstance(result, Settled):
        worked.fact.check(to_plain(result.value))
    state.note(worked.name, result)
    return result


def _clause(worked: Worked, result: Settled) -> str:
    stated = (worked.clauses.get(rule.name, "") for rule in result.rules)
    return ", ".join(dict.fromkeys(each for each in stated if each)) or worked.clause


def _working(worked: Worked, result: Settled) -> Working:
    value = to_decimal(result.value) if isinstance(result.value, Fraction) else result.value
    return Working(
        fact=worked.name, value=value, because=result.because, clause=_clause(worked, result)
    )


def _part(worked: Worked, result: Settled) -> Part:
    return Part(
        name=worked.name,
        amount=to_decimal(Fraction(result.value)),
        formula=result.formula,
        because=result.because,
        clause=_clause(worked, result),
    )


def _adjustment(step: Step, before: Settled, after: Settled) -> Adjustment:
    return Adjustment(
        formula=step.formula.text,
        before=to_decimal(Fraction(before.value)),
        after=to_decimal(Fraction(after.value)),
        because=(step.because,) if step.because else (),
        clause=step.clause,
    )
