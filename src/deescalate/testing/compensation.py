"""Hypothesis strategies for money, terms, harms and schedules.

Hypothesis strategies for the facts of schedules.
"""

from collections.abc import Mapping
from decimal import Decimal

from hypothesis import strategies as st

from deescalate.compensation import EarlierFailure, Failure, Fault, Harm, Loss, Terms
from deescalate.money import CURRENCIES, Money, minor_units, total
from deescalate.rules import Choice, Number
from deescalate.schedules import Schedule

__all__ = ["currencies", "earlier_failures", "facts_of", "harms", "monies", "terms"]


def currencies() -> st.SearchStrategy[str]:
    """ISO 4217 codes, the simplest ``EUR``.

    >>> "EUR" in CURRENCIES
    True
    """
    return st.just("EUR") | st.sampled_from(sorted(CURRENCIES))


def monies(
    currency: str | st.SearchStrategy[str] = "EUR", *, low: int = 0, high: int = 10_000
) -> st.SearchStrategy[Money]:
    """Amounts in whole minor units.

    Args:
        currency: The code, or a strategy for it.
        low: The least, in major units.
        high: The most, in major units.

    >>> strategy = monies("JPY", high=500)
    """
    codes = st.just(currency) if isinstance(currency, str) else currency

    def in_currency(code: str) -> st.SearchStrategy[Money]:
        places = minor_units(code)
        units = st.integers(low * 10**places, high * 10**places)
        return units.map(lambda count: Money(Decimal(count).scaleb(-places), code))

    return codes.flatmap(in_currency)


def _tenths(low: int, high: int) -> st.SearchStrategy[Decimal]:
    return st.integers(low * 10, high * 10).map(lambda count: Decimal(count) / 10)


def earlier_failures() -> st.SearchStrategy[EarlierFailure]:
    """Failures before this one, within and beyond a year."""
    return st.builds(EarlierFailure, days_ago=_tenths(0, 500), similar=st.booleans())


@st.composite
def harms(draw: st.DrawFn, *, currency: str = "EUR", fault: Fault | None = None) -> Harm:
    """Harms of every kind.

    Args:
        draw: Filled in by Hypothesis.
        currency: The code of every amount.
        fault: Whose doing it was; anyone's where left out.

    >>> strategy = harms(fault=Fault.OURS)
    """
    money = monies(currency, high=1_000)
    losses = draw(
        st.lists(st.builds(Loss, money, st.sampled_from(["", "taxi", "food"])), max_size=3)
    )
    value = draw(money)
    kept, rejected = draw(st.sampled_from([(False, False), (True, False), (False, True)]))
    lost = total((loss.amount for loss in losses), currency)
    apology = draw(st.none() | _tenths(0, 50))
    return Harm(
        currency=currency,
        failure=draw(st.sampled_from(Failure)),
        fault=fault or draw(st.sampled_from(Fault)),
        value=value,
        severity=draw(_tenths(0, 1)),
        losses=losses,
        hours_lost=draw(_tenths(0, 20)),
        kept=kept,
        rejected=rejected,
        earlier=draw(st.lists(earlier_failures(), max_size=3)),
        apology_after_hours=apology,
        hours_since=(apology or Decimal(0)) + draw(_tenths(0, 50)),
        refunded=draw(st.sampled_from([Money.zero(currency), lost, lost + value])),
        goodwill_given=draw(st.just(Money.zero(currency)) | monies(currency, high=50)),
        payout_missed=draw(st.booleans()),
    )


@st.composite
def terms(draw: st.DrawFn, *, currency: str = "EUR") -> Terms:
    """Terms with every setting in play.

    Args:
        draw: Filled in by Hypothesis.
        currency: The code of every amount.

    >>> strategy = terms(currency="GBP")
    """
    return Terms(
        currency=currency,
        cap=draw(st.sampled_from([Decimal(1), Decimal("0.8"), Decimal("1.2"), Decimal("1.5")])),
        hour_value=draw(monies(currency, high=30)),
        courtesy=draw(monies(currency, high=20)),
        attention_share=draw(_tenths(0, 1)),
        repeat_step=draw(_tenths(0, 1)),
        immediate_hours=draw(_tenths(0, 24)),
        loyalty={"gold": Decimal("0.1")},
        budget=draw(st.none() | monies(currency, high=200)),
        late_penalty=draw(monies(currency, high=50)),
    )


_ROUND = (
    1, 2, 3, 4, 7, 14, 15, 30, 60, 61, 95, 99, 119, 120, 180, 239, 240, 1000, 1500, 3500, 3501,
)  # fmt: skip


@st.composite
def facts_of(draw: st.DrawFn, schedule: Schedule, *, complete: bool = True) -> Mapping[str, object]:
    """Facts of a schedule: options, flags, and numbers at and around its round figures.

    Args:
        draw: Filled in by Hypothesis.
        schedule: The schedule.
        complete: Whether every fact is there; if not, some are left out.

    >>> from deescalate import schedules
    >>> strategy = facts_of(schedules.load("eu261"))
    """
    facts: dict[str, object] = {}
    for given in schedule.given:
        fact = given.fact
        if not complete and draw(st.booleans()):
            continue
        if isinstance(fact, Choice):
            facts[fact.name] = draw(st.sampled_from(fact.options))
        elif not isinstance(fact, Number):
            facts[fact.name] = draw(st.booleans())
        else:
            low = int(fact.low or 0)
            high = 20_000 if fact.high is None else int(fact.high)
            whole = st.integers(low, high) | st.sampled_from(
                [each for each in _ROUND if low <= each <= high]
            )
            cents = st.integers(low * 100, high * 100).map(lambda count: Decimal(count) / 100)
            facts[fact.name] = draw(whole if fact.integer else whole | cents)
    return facts
