"""Working out what a schedule awards, from its facts, tables and last steps alone."""

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from types import MappingProxyType

from attrs import field, frozen

from deescalate.errors import FactError, nearest_name
from deescalate.money import minor_units
from deescalate.rules import Fact, Table
from deescalate.schedules._entitlement import (
    PERCENT,
    Adjustment,
    Entitlement,
    FailedCase,
    Part,
    PublishedCase,
    Working,
)
from deescalate.schedules._formulas import Formula
from deescalate.schedules._working import (
    Given,
    Open,
    Result,
    Settled,
    State,
    Step,
    Value,
    Worked,
    check_value,
    plus,
    span_of,
    to_decimal,
    to_plain,
)

__all__ = ["Tariff"]


@frozen(kw_only=True, repr=False)
class Tariff:
    """Declared facts, tables whose outcomes are formulas, and the last steps: see `Schedule`.

    It stands below what reads, checks and searches one, which `Schedule` calls.
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
        return self.worked_out(self.state(facts, assume_defaults=assume_defaults))

    def worked_out(self, state: State) -> Entitlement:
        """What is awarded for what a state knows, which then knows all that was worked out.

        Args:
            state: The facts of a case.
        """
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

    def state(self, facts: Mapping[str, object], *, assume_defaults: bool = True) -> State:
        """The facts of a case, checked, as `amount` takes them."""
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
