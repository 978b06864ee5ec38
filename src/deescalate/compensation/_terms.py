"""What a company offers: its remedies, its caps, who may grant how much, and its own settings.

Every default number here is ours unless its line names a source.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache
from types import MappingProxyType
from typing import Any

from attrs import Factory, evolve, field, frozen

from deescalate.authority import Authority
from deescalate.compensation._curves import ResponseCurve
from deescalate.compensation._inputs import (
    as_decimal,
    between,
    currency_code,
    payable,
    within,
    word,
)
from deescalate.compensation._remedies import Provision, Remedy
from deescalate.compensation._terms_documents import default_gate, read_terms, terms_to_mapping
from deescalate.documents import write_toml
from deescalate.errors import SettingError
from deescalate.escalation import EscalationPolicy
from deescalate.findings import Report
from deescalate.money import Money, Rounding, exact
from deescalate.rules import Table

__all__ = ["OVERCOMPENSATE", "Terms"]

OVERCOMPENSATE = "overcompensate"
"""The action that an authority needs for an offer above the affected value."""

_HARD_CAP = Decimal("1.5")

_PROVISIONS = (
    Provision(Remedy.REFUND),
    Provision(Remedy.EXCHANGE, cost=Decimal("0.6")),
    Provision(Remedy.REPERFORMANCE, cost=Decimal("0.6")),
    Provision(Remedy.COMPLIMENTARY, cost=Decimal("0.4"), worth=Decimal("0.8")),
    Provision(Remedy.DISCOUNT, cost=Decimal("0.7"), worth=Decimal("0.9")),
    Provision(Remedy.VOUCHER, cost=Decimal("0.7"), worth=Decimal("0.8")),
    Provision(Remedy.APOLOGY),
)


def _provisions(value: Iterable[Provision]) -> tuple[Provision, ...]:
    provisions = tuple(value)
    remedies = [each.remedy for each in provisions]
    if Remedy.REFUND not in remedies or len(set(remedies)) < len(remedies):
        shown = ", ".join(remedies)
        raise SettingError(
            "provisions", shown, "a refund, since money owed is paid in money, and each only once"
        )
    return provisions


def _tiers(value: Iterable[Authority] | None) -> tuple[Authority, ...] | None:
    return None if value is None else tuple(value)


@cache
def _shipped_tiers(currency: str) -> tuple[Authority, ...]:
    """Those of the shipped ladder, the same numbers in any currency."""
    policy = EscalationPolicy.default()
    every = policy.authorities(str(policy.currency))
    return tuple(evolve(each, money={currency: each.limit(str(policy.currency))}) for each in every)


def _loyalty(value: Mapping[str, Decimal | int]) -> tuple[tuple[str, Decimal], ...]:
    return tuple(sorted((name, as_decimal(extra)) for name, extra in dict(value).items()))


def _rounding(value: str) -> Rounding:
    return Rounding(word("rounding", Rounding, value))


def _payable_or_none(value: Money | None) -> Money | None:
    return None if value is None else payable(value)


def _zero(terms: "Terms") -> Money:
    return Money.zero(terms.currency)


_NOTHING = Factory(_zero, takes_self=True)


@frozen(kw_only=True)
class Terms:
    """What a company offers.

    Attributes:
        currency: The ISO 4217 code of every amount here.
        provisions: The remedies there are to give; a refund is always among them.
        curve: How much an offer helps.
        cap: The most that is offered, owed and goodwill together, as a share of the affected
            value, above 0 and at most 1.5. Full compensation is enough, and above 150 % loyalty
            falls (Haesevoets and others 2017). Above 1 some tier must hold the
            ``overcompensate`` action.
        hour_value: What an hour of the customer's time counts for.
        courtesy: What stands for the affected value where little or nothing was bought.
        attention_share: Which share of the affected value a lack of attention spoils at most.
        repeat_step: How much more goodwill a similar failure of the day before adds, as a share.
        repeat_days: After how many days an earlier failure no longer counts.
        immediate_hours: Until when an apology is immediate.
        loyalty: Extra goodwill by level, as a share; empty for none.
        voucher_premium: By how much a voucher is worth more than the money it replaces, above 0.
        tiers: Who may grant how much, lowest first: those of the ladder of escalation. In a
            playbook it is that of its policy, else the shipped one; terms that stand alone may
            state their own.
        budget: The most goodwill for one case; ``None`` for no limit. It never limits what is owed.
        late_penalty: What a missed payment adds (Great Britain's water companies: 40 pounds).
        rounding: How goodwill is rounded to the currency's minor unit, once.
        gate: The table that says when money helps: outcomes ``wait``, ``no_money``, ``apology``,
            ``apologise_first`` and ``compensate`` over the facts of the shipped one.

    Raises:
        SettingError: A setting outside its range.
        MoneyError: An unknown or mixed currency, or an amount that cannot be used.

    >>> from deescalate.money import Money
    >>> Terms(currency="EUR", hour_value=Money(15, "EUR")).cap
    Decimal('1')
    """

    currency: str = field(converter=currency_code)
    provisions: tuple[Provision, ...] = field(default=_PROVISIONS, converter=_provisions)
    curve: ResponseCurve = field(factory=ResponseCurve)
    cap: Decimal = field(
        default=Decimal(1), converter=as_decimal, validator=between(Decimal("0.01"), _HARD_CAP)
    )
    hour_value: Money = field(default=_NOTHING, converter=payable)
    courtesy: Money = field(default=_NOTHING, converter=payable)
    attention_share: Decimal = field(
        default=Decimal("0.25"), converter=as_decimal, validator=between(0, 1)
    )
    repeat_step: Decimal = field(
        default=Decimal("0.25"), converter=as_decimal, validator=between(0, 1)
    )
    repeat_days: Decimal = field(
        default=Decimal(365), converter=as_decimal, validator=between(1, 10_000, "days")
    )
    immediate_hours: Decimal = field(
        default=Decimal(1), converter=as_decimal, validator=between(0, 1_000, "hours")
    )
    _loyalty: tuple[tuple[str, Decimal], ...] = field(
        default=(), converter=_loyalty, alias="loyalty"
    )
    voucher_premium: Decimal = field(
        default=Decimal("0.25"), converter=as_decimal, validator=between(Decimal("0.01"), 1)
    )
    _stated: tuple[Authority, ...] | None = field(default=None, converter=_tiers, alias="tiers")
    _granted: tuple[Authority, ...] | None = field(
        default=None, converter=_tiers, alias="granted", eq=False, repr=False
    )
    budget: Money | None = field(default=None, converter=_payable_or_none)
    late_penalty: Money = field(default=_NOTHING, converter=payable)
    rounding: Rounding = field(default=Rounding.HALF_UP, converter=_rounding)
    gate: Table = field(factory=default_gate, repr=False)

    def __attrs_post_init__(self) -> None:
        for money in (self.hour_value, self.courtesy, self.late_penalty, self.budget):
            if money is not None:
                Money.zero(self.currency).same(money)
        for level, extra in self._loyalty:
            within(f"loyalty.{level}", extra, 0, 1)
        if self.cap > 1 and not any(tier.may(OVERCOMPENSATE) for tier in self.tiers):
            raise SettingError(
                "cap", self.cap, f"at most 1 where no tier holds the action `{OVERCOMPENSATE}`"
            )

    @property
    def tiers(self) -> tuple[Authority, ...]:
        """Who may grant how much, lowest first.

        >>> [str(each.limit("GBP")) for each in Terms(currency="GBP").tiers]
        ['50', '200', '1000', 'Infinity']
        """
        own = self._granted if self._stated is None else self._stated
        return _shipped_tiers(self.currency) if own is None else own

    def under(self, policy: EscalationPolicy) -> "Terms":
        """The same terms with the authority that the ladder of a policy gives.

        Args:
            policy: The policy, the one source of who may grant what.

        Raises:
            SettingError: The terms state other tiers of their own.

        >>> from deescalate.escalation import EscalationPolicy
        >>> Terms(currency="GBP").under(EscalationPolicy.default()).tiers[1].tier
        'senior agent'
        """
        granted = policy.authorities(self.currency)
        if self._stated is not None and self._stated != granted:
            shown = ", ".join(each.tier for each in self._stated)
            allowed = "those of the escalation policy's ladder, or none of their own"
            raise SettingError("tiers", shown, allowed)
        return evolve(self, granted=granted)

    @classmethod
    def from_document(cls, document: str | Mapping[str, Any]) -> "Terms":
        """Load terms.

        Args:
            document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping
                of the same form: each attribute under its name, amounts as plain numbers in
                ``currency``, ``[curve]`` and ``[loyalty]`` as sections, ``[[provisions]]`` and
                ``[[tiers]]`` (``name``, ``money`` by currency, ``actions``; none in a playbook,
                whose ladder says it) as lists. What is
                left out is as shipped; ``currency`` has to be there.

        Raises:
            DocumentError: Something is wrong with it; it holds every problem, each with its path.

        >>> Terms.from_document({"currency": "GBP", "cap": 2, "loyalti": {"gold": 0.1}})
        Traceback (most recent call last):
        ...
        deescalate.errors.DocumentError: terms document has 2 problems:
          loyalti: unknown, expected one of `loyalty`, `format`, `currency`, `hour_value`, \
`courtesy`, `budget`, `late_penalty`, `cap`, `attention_share`, `repeat_step`, `repeat_days`, \
`immediate_hours` and 6 more; did you mean `loyalty`?
          cap: found `2`, expected a Decimal or whole number from 0.01 to 1.5
        """
        return read_terms(document, cls)

    def check(self) -> Report:
        """Look for everything that is wrong or odd with the gate, the one table of the terms.

        >>> print(Terms(currency="GBP").check())
        terms: nothing to find
        """
        found = self.gate.check()
        placed = [evolve(each, place=f"gate.{each.place}") for each in found]
        return Report(name="terms", findings=placed, meanings=found.meanings)

    def to_mapping(self) -> dict[str, Any]:
        """The terms as a plain mapping, its numbers exact, that loads back as equal terms.

        The gate is in it only where it is not the shipped one.

        >>> from deescalate.money import Money
        >>> terms = Terms(currency="GBP", hour_value=Money(15, "GBP"))
        >>> Terms.from_document(terms.to_mapping()) == terms
        True
        """
        return terms_to_mapping(self)

    def to_document(self) -> str:
        """The terms as TOML text that loads back as equal terms.

        >>> print(Terms(currency="GBP").to_document()[:50])
        format = 1
        currency = "GBP"
        hour_value = 0
        courtes
        """
        return write_toml(self.to_mapping())

    @property
    def loyalty(self) -> Mapping[str, Decimal]:
        """Extra goodwill by level, read only.

        >>> from decimal import Decimal
        >>> dict(Terms(currency="EUR", loyalty={"gold": Decimal("0.1")}).loyalty)
        {'gold': Decimal('0.1')}
        """
        return MappingProxyType(dict(self._loyalty))

    def provision(self, remedy: Remedy) -> Provision | None:
        """How a remedy is provided; ``None`` where there is none to give.

        >>> Terms(currency="EUR").provision(Remedy.VOUCHER).worth
        Decimal('0.8')
        """
        return next((each for each in self.provisions if each.remedy is remedy), None)

    def face(self, remedy: Remedy, worth: Money) -> Money | None:
        """The face value of a remedy that is worth so much to the customer, rounded up.

        A voucher's is above the money it replaces, as Canada's passenger rules ask.

        Args:
            remedy: Which.
            worth: What it has to be worth.

        Returns:
            The face value; ``None`` where there is no such remedy to give.

        >>> from deescalate.money import Money
        >>> print(Terms(currency="EUR").face(Remedy.VOUCHER, Money(10, "EUR")))
        EUR 12.50
        """
        provision = self.provision(remedy)
        if provision is None:
            return None
        face = worth.times(1 / exact(provision.worth), mode=Rounding.UP)
        if remedy is not Remedy.VOUCHER:
            return face
        return max(face, worth.times(1 + exact(self.voucher_premium), mode=Rounding.UP))
