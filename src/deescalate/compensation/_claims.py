"""A customer's claims against a stated baseline: a reason to look, and never a refusal.

A person whose claims turn out to be true is unlucky and no serial claimant, so verified claims
do not count. What is found leads to a human check; no offer is ever worked out from it.
"""

from collections.abc import Iterable
from decimal import Decimal

from attrs import field, frozen

from deescalate.compensation._inputs import Between, as_decimal, within, yes_or_no
from deescalate.errors import SettingError
from deescalate.statistics import Interval, chance_of, frequency

__all__ = ["Claim", "ClaimReview", "review_claims"]


@frozen(kw_only=True)
class Claim:
    """A claim that the customer made.

    Attributes:
        days_ago: How long ago, in days, 0 to 100,000.
        verified: Whether the failure behind it was found to be real.

    Raises:
        SettingError: Days that are negative or not exact.

    >>> Claim(days_ago=12).verified
    False
    """

    days_ago: Decimal = field(converter=as_decimal, validator=Between(0, 100_000, "days"))
    verified: bool = field(default=False, validator=yes_or_no)


@frozen(kw_only=True)
class ClaimReview:
    """What a customer's claims look like beside the baseline.

    Attributes:
        claims: Claims in the window that nobody has verified.
        verified: Claims in the window that turned out to be real.
        purchases: Purchases in the window.
        rate: Unverified claims per purchase, with its uncertainty.
        baseline: The rate that is usual.
        chance: How often a usual customer would make so many or more.
        human_check: Whether a person should look.
        because: Why.
    """

    claims: int
    verified: int
    purchases: int
    rate: Interval
    baseline: Decimal
    chance: float
    human_check: bool
    because: str


def review_claims(
    claims: Iterable[Claim],
    *,
    purchases: int,
    baseline: Decimal,
    confidence: Decimal = Decimal("0.99"),
    window_days: int = 365,
    fewest: int = 3,
) -> ClaimReview:
    """Compare a customer's claims with what is usual.

    Args:
        claims: The claims, in any order.
        purchases: Purchases in the window, 1 or more.
        baseline: Claims per purchase that are usual, above 0 and at most 10, as measured.
        confidence: How sure the interval is, 0.5 to 0.9999 (ours: 0.99).
        window_days: How far back claims count, 1 to 10,000 days (ours: a year).
        fewest: Fewer claims than this never lead to a check, 1 or more (ours: 3).

    Returns:
        The rate with its uncertainty. A person should look where even the lower end of its
        interval lies above the baseline.

    Raises:
        SettingError: A setting outside its range.

    >>> from decimal import Decimal
    >>> often = [Claim(days_ago=days) for days in (3, 20, 41, 66, 90)]
    >>> review_claims(often, purchases=6, baseline=Decimal("0.03")).human_check
    True
    >>> review_claims(often[:2], purchases=6, baseline=Decimal("0.03")).human_check
    False
    """
    for name, count, most in (
        ("purchases", purchases, 10**9),
        ("window_days", window_days, 10_000),
        ("fewest", fewest, 10**6),
    ):
        if type(count) is not int or not 1 <= count <= most:
            raise SettingError(name, count, f"a whole number from 1 to {most}")
    within("baseline", baseline, Decimal("0.000001"), 10)
    within("confidence", confidence, Decimal("0.5"), Decimal("0.9999"))
    recent = [each for each in claims if each.days_ago <= window_days]
    count = sum(not each.verified for each in recent)
    interval = frequency(count, purchases, level=float(confidence))
    check = count >= fewest and interval.low > baseline
    seen = f"{count} unverified claims on {purchases} purchases in {window_days} days"
    usual = f"the usual {baseline:f} a purchase"
    return ClaimReview(
        claims=count,
        verified=len(recent) - count,
        purchases=purchases,
        rate=interval,
        baseline=baseline,
        chance=chance_of(count, float(baseline) * purchases),
        human_check=check,
        because=f"{seen}: {'above' if check else 'not clearly above'} {usual}"
        + (", so a person looks before more goodwill; what is owed is paid" if check else ""),
    )
