"""The remedies there are, which of them fits which failure, and the parts of an apology.

How much an offer helps: concave for what was kept, S-shaped for what was rejected.

The shapes are published: Gelbrich, Gaethke and Grégoire 2015 (Journal of Service Research
18:107-123) found that first sums help most where the customer kept a flawed service, and
that offers between 60 and 120 % of the price help most where they rejected it. Their
parameters are not published; those here are ours, set so that four fifths of the S-curve's rise
lies between 60 and 120 %.
"""

from collections.abc import Mapping
from decimal import Context, Decimal, localcontext
from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen

from deescalate.compensation._harm import Failure
from deescalate.compensation._inputs import Between, as_decimal, word
from deescalate.documents import one_of, part
from deescalate.errors import SettingError

__all__ = ["FITTING", "ApologyPart", "Provision", "Remedy", "ResponseCurve"]


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


_PRECISE = Context(prec=34)
_PLACE = Decimal("0.000001")
_TOP = Decimal(2)


_USABLE = Between(Decimal("0.01"), 20)


@frozen(kw_only=True)
class ResponseCurve:
    """What share of the greatest possible gain an offer brings.

    Coverage is the offer as a share of the affected value, 0 to 2; the gain runs from 0 at
    nothing to 1 at twice the value.

    Attributes:
        kept_rate: How fast the concave curve saturates (ours: 3).
        rejected_centre: The coverage in the middle of the S (0.9: halfway from 0.6 to 1.2).
        rejected_steepness: How steep the S is there (ours: 7.3241).

    Raises:
        SettingError: A parameter that is no Decimal, or outside 0.01 to 20.

    >>> from decimal import Decimal
    >>> curve = ResponseCurve()
    >>> round(curve.kept(Decimal("0.4")), 4), round(curve.rejected(Decimal("0.4")), 4)
    (Decimal('0.7005'), Decimal('0.0237'))
    """

    kept_rate: Decimal = field(
        default=Decimal(3), converter=as_decimal, validator=_USABLE, metadata=_USABLE.part
    )
    rejected_centre: Decimal = field(
        default=Decimal("0.9"), converter=as_decimal, validator=_USABLE, metadata=_USABLE.part
    )
    rejected_steepness: Decimal = field(
        default=Decimal("7.3241"), converter=as_decimal, validator=_USABLE, metadata=_USABLE.part
    )

    def kept(self, coverage: Decimal) -> Decimal:
        """The gain where the customer kept what they got.

        Args:
            coverage: The offer as a share of the affected value, 0 to 2.

        Raises:
            SettingError: A coverage outside 0 to 2.

        >>> from decimal import Decimal
        >>> ResponseCurve().kept(Decimal(2))
        Decimal('1')
        """
        with localcontext(_PRECISE):
            return self._rise(_share(coverage)) / self._rise(_TOP)

    def rejected(self, coverage: Decimal) -> Decimal:
        """The gain where the customer rejected what they got.

        Args:
            coverage: The offer as a share of the affected value, 0 to 2.

        Raises:
            SettingError: A coverage outside 0 to 2.

        >>> from decimal import Decimal
        >>> ResponseCurve().rejected(Decimal(0)) == 0
        True
        """
        with localcontext(_PRECISE):
            low, high = self._logistic(Decimal(0)), self._logistic(_TOP)
            return (self._logistic(_share(coverage)) - low) / (high - low)

    def coverage_when_kept(self, spoiled: Decimal) -> Decimal:
        """The least coverage whose gain is a given share of the gain of full compensation.

        A thing half spoiled needs far less than half its price back: the first sums help most.

        Args:
            spoiled: The share, 0 to 1.

        Returns:
            A share of the affected value, 0 to 1, to six places.

        Raises:
            SettingError: A share outside 0 to 1.

        >>> from decimal import Decimal
        >>> ResponseCurve().coverage_when_kept(Decimal("0.5"))
        Decimal('0.214853')
        """
        if not 0 <= spoiled <= 1:
            raise SettingError("spoiled", spoiled, "a Decimal from 0 to 1")
        with localcontext(_PRECISE):
            kept = 1 - spoiled * self._rise(Decimal(1))
            return (kept.ln() / -self.kept_rate).quantize(_PLACE)

    def _rise(self, coverage: Decimal) -> Decimal:
        return 1 - (-self.kept_rate * coverage).exp()

    def _logistic(self, coverage: Decimal) -> Decimal:
        return 1 / (1 + (self.rejected_steepness * (self.rejected_centre - coverage)).exp())


def _share(coverage: Decimal) -> Decimal:
    if not 0 <= coverage <= _TOP:
        raise SettingError("coverage", coverage, "a Decimal from 0 to 2")
    return coverage
