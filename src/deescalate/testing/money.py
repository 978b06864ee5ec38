"""Hypothesis strategies for money."""

from decimal import Decimal

from hypothesis import strategies as st

from deescalate.money import CURRENCIES, Money, minor_units

__all__ = ["currencies", "monies"]


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
