"""How much goodwill helps, and what keeps it in bounds."""

from collections.abc import Iterator
from decimal import Decimal
from fractions import Fraction

from attrs import frozen

from deescalate.compensation._harm import Failure, Harm
from deescalate.compensation._measures import Measures
from deescalate.compensation._terms import Terms
from deescalate.errors import SettingError, nearest_name
from deescalate.money import Money, decimal_of, exact

__all__ = ["Goodwill", "goodwill", "percent"]


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
