"""What went wrong and what it cost: all that a remedy may depend on.

There is no place here for how the customer felt, spoke or threatened, nor for who they are.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum

from attrs import Factory, field, frozen

from deescalate.compensation._inputs import (
    Between,
    as_decimal,
    currency_code,
    payable,
    word,
    yes_or_no,
)
from deescalate.errors import SettingError
from deescalate.money import Money, total

__all__ = ["EarlierFailure", "Failure", "Fault", "Harm", "Loss"]


class Failure(StrEnum):
    """What failed, after Roschk and Gelbrich 2014 (Journal of Service Research 17:195-211).

    >>> Failure("attention") is Failure.ATTENTION
    True
    """

    MONETARY = "monetary"
    PRODUCT = "product"
    SERVICE = "service"
    ATTENTION = "attention"


class Fault(StrEnum):
    """Whose doing it was.

    >>> Fault("ours") is Fault.OURS
    True
    """

    OURS = "ours"
    THEIRS = "theirs"
    NOBODY = "nobody"
    UNKNOWN = "unknown"


@frozen
class Loss:
    """A verified sum that the failure cost the customer.

    Attributes:
        amount: How much, 0 or more, in whole minor units.
        reason: What for, in a few words.

    Raises:
        MoneyError: No money, a negative amount, or a fraction of a minor unit.

    >>> from deescalate.money import Money
    >>> print(Loss(Money(48, "EUR"), "taxi from the wrong station").amount)
    EUR 48.00
    """

    amount: Money = field(converter=payable)
    reason: str = ""


@frozen(kw_only=True)
class EarlierFailure:
    """A failure that the same customer has been through before.

    Attributes:
        days_ago: How long before this one, in days, 0 to 100,000.
        similar: Whether it was of a similar kind.

    Raises:
        SettingError: Days that are negative or not exact.

    >>> EarlierFailure(days_ago=30).similar
    True
    """

    days_ago: Decimal = field(converter=as_decimal, validator=Between(0, 100_000, "days"))
    similar: bool = field(default=True, validator=yes_or_no)


def _losses(value: Iterable[Loss]) -> tuple[Loss, ...]:
    return tuple(value)


def _earlier(value: Iterable[EarlierFailure]) -> tuple[EarlierFailure, ...]:
    return tuple(value)


def _failure(value: str) -> Failure:
    return Failure(word("failure", Failure, value))


def _fault(value: str) -> Fault:
    return Fault(word("fault", Fault, value))


def _zero(harm: "Harm") -> Money:
    return Money.zero(harm.currency)


def _soonest(harm: "Harm") -> Decimal:
    return harm.apology_after_hours or Decimal(0)


def _decimal_or_none(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else as_decimal(value)


_NOTHING = Factory(_zero, takes_self=True)


@frozen(kw_only=True)
class Harm:
    """What went wrong and what it cost.

    Attributes:
        currency: The ISO 4217 code of every amount here.
        failure: What failed.
        fault: Whose doing it was; while it is unknown an offer waits for it.
        value: What the customer paid, or is to pay, for the thing that failed.
        severity: How much of that thing was spoiled, 0 (none) to 1 (all of it).
        losses: Sums lost beside it: an overcharge, a taxi, spoiled food.
        hours_lost: Hours that it cost the customer.
        kept: Whether they kept or used what they got.
        rejected: Whether they sent it back, walked out or refused it. Neither is allowed and
            counts as kept until they reject it; both at once is refused.
        earlier: Failures before this one, in any order.
        apology_after_hours: When a sincere apology was given, in hours after the failure;
            ``None`` if it was not.
        hours_since: Hours since the failure, at least ``apology_after_hours``.
        refunded: What has been paid back of the losses and the value, at most their sum.
        goodwill_given: What has been given for this failure beyond that.
        payout_missed: Whether a payment promised for this failure came late or not at all.

    Raises:
        SettingError: A quantity outside its range, or facts that contradict each other.
        MoneyError: An unknown or mixed currency, a negative amount, a float.

    >>> from deescalate.money import Money
    >>> broken_kettle = Harm(
    ...     currency="EUR",
    ...     failure="product",
    ...     value=Money(80, "EUR"),
    ...     rejected=True,
    ...     losses=[Loss(Money("4.99", "EUR"), "postage")],
    ... )
    >>> print(broken_kettle.lost)
    EUR 4.99
    """

    currency: str = field(converter=currency_code)
    failure: Failure = field(converter=_failure)
    fault: Fault = field(default=Fault.OURS, converter=_fault)
    value: Money = field(default=_NOTHING, converter=payable)
    severity: Decimal = field(default=Decimal(1), converter=as_decimal, validator=Between(0, 1))
    losses: tuple[Loss, ...] = field(default=(), converter=_losses)
    hours_lost: Decimal = field(
        default=Decimal(0), converter=as_decimal, validator=Between(0, 100_000, "hours")
    )
    kept: bool = field(default=False, validator=yes_or_no)
    rejected: bool = field(default=False, validator=yes_or_no)
    earlier: tuple[EarlierFailure, ...] = field(default=(), converter=_earlier)
    apology_after_hours: Decimal | None = field(
        default=None, converter=_decimal_or_none, validator=Between(0, 100_000, "hours")
    )
    hours_since: Decimal = field(
        default=Factory(_soonest, takes_self=True),
        converter=as_decimal,
        validator=Between(0, 10_000_000, "hours"),
    )
    refunded: Money = field(default=_NOTHING, converter=payable)
    goodwill_given: Money = field(default=_NOTHING, converter=payable)
    payout_missed: bool = field(default=False, validator=yes_or_no)

    def __attrs_post_init__(self) -> None:
        if self.kept and self.rejected:
            raise SettingError("rejected", True, "False where `kept` is True")  # noqa: FBT003  the value shown
        for money in (self.value, self.goodwill_given):
            Money.zero(self.currency).same(money)
        if self.refunded > self.lost + self.value:
            most = f"at most what was lost and the value, {self.lost + self.value}"
            raise SettingError("refunded", str(self.refunded), most)
        if self.hours_since < _soonest(self):
            least = f"at least `apology_after_hours`, {self.apology_after_hours}"
            raise SettingError("hours_since", self.hours_since, least)

    @property
    def lost(self) -> Money:
        """All losses together.

        >>> print(Harm(currency="EUR", failure="monetary").lost)
        EUR 0.00
        """
        return total((loss.amount for loss in self.losses), self.currency)
