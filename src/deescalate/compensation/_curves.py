"""How much an offer helps: concave for what was kept, S-shaped for what was rejected.

The shapes are published: Gelbrich, Gaethke and Grégoire 2015 (Journal of Service Research
18:107-123) found that first sums help most where the customer kept a flawed service, and
that offers between 60 and 120 % of the price help most where they rejected it. Their
parameters are not published; those here are ours, set so that four fifths of the S-curve's rise
lies between 60 and 120 %.
"""

from decimal import Context, Decimal, localcontext

from attrs import field, frozen

from deescalate.compensation._inputs import Between, as_decimal
from deescalate.errors import SettingError

__all__ = ["ResponseCurve"]

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
