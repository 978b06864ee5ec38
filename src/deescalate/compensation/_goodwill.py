"""How much goodwill helps, and what keeps it in bounds.

How big a harm is under given terms, as exact fractions of the currency's major unit.
"""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from deescalate.compensation._harm import Failure, Harm
from deescalate.compensation._terms import Terms
from deescalate.errors import SettingError, nearest_name
from deescalate.money import Money, decimal_of, exact

__all__ = ["Goodwill", "Measures", "goodwill", "measure", "percent"]


@frozen(kw_only=True)
class Measures:
    """How big a harm is.

    Attributes:
        lost: The verified losses.
        spoiled: What of the value was spoiled, as an offer that helps would make it good.
        time: What the hours lost count for.
        recency: How many similar failures came before, each weighing 1 on the same day and
            less the longer ago it was, down to nothing at the end of the window.
        affected: The value affected by all of it, which the cap is a share of.
        gate: The facts for the terms' gate.
    """

    lost: Fraction
    spoiled: Fraction
    time: Fraction
    recency: Fraction
    affected: Fraction
    gate: Mapping[str, object]


def measure(harm: Harm, terms: Terms) -> Measures:
    """Measure a harm under given terms.

    Args:
        harm: What went wrong and what it cost.
        terms: What the company offers.

    >>> from deescalate.money import Money
    >>> late = Harm(currency="EUR", failure="service", hours_lost=2, losses=())
    >>> measure(late, Terms(currency="EUR", hour_value=Money(15, "EUR"))).time
    Fraction(30, 1)
    """
    lost = exact(harm.lost.amount)
    spoiled = _spoiled(harm, terms)
    time = exact(harm.hours_lost) * exact(terms.hour_value.amount)
    recency = _recency(harm, terms)
    paid_for = harm.failure in (Failure.PRODUCT, Failure.SERVICE) or (
        harm.rejected and bool(harm.value.amount)
    )
    return Measures(
        lost=lost,
        spoiled=spoiled,
        time=time,
        recency=recency,
        affected=lost + time + exact(max(harm.value, terms.courtesy).amount),
        gate={
            "fault": harm.fault.value,
            "loss": bool(lost or time or (paid_for and spoiled)),
            "repeated": bool(recency),
            "apology": _apology(harm, terms),
        },
    )


def _spoiled(harm: Harm, terms: Terms) -> Fraction:
    kept = _spoiled_if_kept(harm, terms)
    return max(kept, exact(harm.value.amount)) if harm.rejected else kept


def _spoiled_if_kept(harm: Harm, terms: Terms) -> Fraction:
    share = exact(terms.curve.coverage_when_kept(harm.severity))
    if harm.failure is Failure.ATTENTION:
        base = exact(max(harm.value, terms.courtesy).amount)
        return base * share * exact(terms.attention_share)
    return Fraction(0) if harm.failure is Failure.MONETARY else exact(harm.value.amount) * share


def _recency(harm: Harm, terms: Terms) -> Fraction:
    window = exact(terms.repeat_days)
    similar = (exact(each.days_ago) for each in harm.earlier if each.similar)
    return sum((max(Fraction(0), 1 - days / window) for days in similar), start=Fraction(0))


def _apology(harm: Harm, terms: Terms) -> str:
    given = harm.apology_after_hours
    if given is not None:
        return "immediate" if given <= terms.immediate_hours else "late"
    return "open" if harm.hours_since <= terms.immediate_hours else "none"


@frozen(kw_only=True)
class Goodwill:
    """Goodwill, settled.

    Attributes:
        amount: What is left to give.
        because: What it is for.
        limits: What kept it in bounds.
    """

    amount: Money
    because: str
    limits: tuple[str, ...]


def goodwill(
    harm: Harm, terms: Terms, measures: Measures, *, room: Money, given: Money, loyalty: str | None
) -> Goodwill:
    """Settle the goodwill for a harm where money helps.

    Args:
        harm: What went wrong and what it cost.
        terms: What the company offers.
        measures: How big the harm is.
        room: What the cap leaves above what is owed.
        given: What counts against it: entitlements, and goodwill already given.
        loyalty: The customer's loyalty level, one that the terms declare.

    Raises:
        SettingError: An undeclared loyalty level.
    """
    harmed = measures.spoiled + measures.time
    made_good = harmed - _price_back(harm)
    loyal = _extra(terms, loyalty) * harmed
    repeated = (
        measures.recency * exact(terms.repeat_step) * max(harmed, exact(terms.courtesy.amount))
    )
    wanted = _money(made_good + loyal + repeated, terms)
    amount, limits = wanted, list[str]()
    if amount > room:
        amount = room
        limits.append(
            f"goodwill stops where the offer reaches {percent(terms.cap)} % of what was affected"
        )
    if terms.budget is not None and amount > terms.budget:
        amount = terms.budget
        limits.append(f"goodwill stops at the budget, {terms.budget}")
    if amount and given:
        limits.append(f"{min(amount, given)} of the goodwill has been covered already")
    return Goodwill(
        amount=max(amount - given, Money.zero(harm.currency)),
        because="; ".join(_purposes(harm, measures, loyal=bool(loyal), repeated=bool(repeated))),
        limits=tuple(limits),
    )


def _price_back(harm: Harm) -> Fraction:
    """What is owed for the thing itself, so that goodwill need not make it good."""
    return exact(harm.value.amount) if harm.rejected else Fraction(0)


def _money(amount: Fraction, terms: Terms) -> Money:
    return Money(1, terms.currency).times(amount, mode=terms.rounding)


def _extra(terms: Terms, level: str | None) -> Fraction:
    if level is None:
        return Fraction(0)
    if level not in terms.loyalty:
        near = nearest_name(level, terms.loyalty)
        hint = f"; did you mean `{near}`?" if near else ""
        declared = ", ".join(terms.loyalty) or "none, since the terms declare no level"
        raise SettingError("loyalty", level, f"one of {declared}{hint}")
    return exact(terms.loyalty[level])


def _purposes(harm: Harm, measures: Measures, *, loyal: bool, repeated: bool) -> Iterator[str]:
    if measures.spoiled > _price_back(harm):
        if harm.failure is Failure.ATTENTION:
            yield "for the lack of attention, beside the apology"
        else:
            spoiled = percent(harm.severity)
            yield f"{spoiled} % spoiled and kept: the first part of the price helps most"
    if measures.time:
        yield "for the time lost"
    if repeated:
        yield "it has happened before"
    if loyal:
        yield "for the customer's loyalty, as the terms declare"


def percent(share: Decimal) -> str:
    """A share in per cent, without trailing zeros.

    >>> percent(Decimal("0.50"))
    '50'
    """
    return f"{decimal_of(exact(share) * 100):f}"
