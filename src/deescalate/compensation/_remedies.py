"""The remedies there are, which of them fits which failure, and the parts of an apology."""

from collections.abc import Mapping
from decimal import Decimal
from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen

from deescalate.compensation._harm import Failure
from deescalate.compensation._inputs import Between, as_decimal, word
from deescalate.documents import one_of, part
from deescalate.errors import SettingError

__all__ = ["APOLOGY_PARTS", "FITTING", "ApologyPart", "Provision", "Remedy"]


class Remedy(StrEnum):
    """What can be given.

    ``refund`` is money, now. A ``discount`` is off the next purchase, a ``voucher`` buys it.

    >>> Remedy("voucher") is Remedy.VOUCHER
    True
    """

    REFUND = "refund"
    EXCHANGE = "exchange"
    REPERFORMANCE = "reperformance"
    DISCOUNT = "discount"
    COMPLIMENTARY = "complimentary"
    VOUCHER = "voucher"
    APOLOGY = "apology"


FITTING: Mapping[Failure, tuple[Remedy, ...]] = MappingProxyType(
    {
        Failure.MONETARY: (Remedy.REFUND, Remedy.VOUCHER, Remedy.APOLOGY),
        Failure.PRODUCT: (Remedy.EXCHANGE, Remedy.REFUND, Remedy.DISCOUNT, Remedy.APOLOGY),
        Failure.SERVICE: (
            Remedy.REPERFORMANCE,
            Remedy.REFUND,
            Remedy.COMPLIMENTARY,
            Remedy.APOLOGY,
        ),
        Failure.ATTENTION: (
            Remedy.APOLOGY,
            Remedy.COMPLIMENTARY,
            Remedy.REFUND,
            Remedy.DISCOUNT,
            Remedy.VOUCHER,
        ),
    }
)
"""The remedies that fit each failure, the best first (Roschk and Gelbrich 2014)."""


class ApologyPart(StrEnum):
    """The six parts of an apology, the weightiest first.

    The order is that of Lewicki, Polin and Lount 2016 (Negotiation and Conflict Management
    Research 9:177-196): responsibility, then repair, then three of one weight, and asking
    forgiveness last and least, which may be left out.

    >>> list(ApologyPart)[0].value
    'acknowledge_responsibility'
    """

    ACKNOWLEDGE_RESPONSIBILITY = "acknowledge_responsibility"
    OFFER_REPAIR = "offer_repair"
    REGRET = "regret"
    EXPLANATION = "explanation"
    REPENTANCE = "repentance"
    REQUEST_FORGIVENESS = "request_forgiveness"


APOLOGY_PARTS = tuple(ApologyPart)


def _remedy(value: str) -> Remedy:
    return Remedy(word("remedy", Remedy, value))


_UNIT = Between(0, 2)


@frozen
class Provision:
    """A remedy that a company has to give, and what one unit of its face value means.

    Attributes:
        remedy: Which.
        cost: What a unit costs the company, above 0 and at most 2.
        worth: What a unit is worth to the customer, above 0 and at most 2.

    Raises:
        SettingError: A cost or worth outside its range, or a refund that is not worth itself.

    >>> from decimal import Decimal
    >>> Provision("complimentary", cost=Decimal("0.4"), worth=Decimal("0.8")).cost
    Decimal('0.4')
    """

    remedy: Remedy = field(converter=_remedy, metadata=part(one_of(Remedy)))
    cost: Decimal = field(
        default=Decimal(1), converter=as_decimal, validator=_UNIT, metadata=_UNIT.part
    )
    worth: Decimal = field(
        default=Decimal(1), converter=as_decimal, validator=_UNIT, metadata=_UNIT.part
    )

    def __attrs_post_init__(self) -> None:
        for name, amount in (("cost", self.cost), ("worth", self.worth)):
            if amount == 0 or (self.remedy is Remedy.REFUND and amount != 1):
                raise SettingError(
                    name, amount, "1 for a refund, above 0 and at most 2 for any other remedy"
                )
