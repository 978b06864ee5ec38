"""How big a harm is under given terms, as exact fractions of the currency's major unit."""

from collections.abc import Mapping
from fractions import Fraction

from attrs import frozen

from deescalate.compensation._harm import Failure, Harm
from deescalate.compensation._terms import Terms
from deescalate.money import exact

__all__ = ["Measures", "measure"]


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
