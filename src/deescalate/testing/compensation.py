"""Hypothesis strategies for harms and terms."""

from decimal import Decimal

from hypothesis import strategies as st

from deescalate.compensation import EarlierFailure, Failure, Fault, Harm, Loss, Terms
from deescalate.money import Money, total
from deescalate.testing.money import monies

__all__ = ["earlier_failures", "harms", "terms"]


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
