"""What a company offers: its remedies, its caps, who may grant how much, and its own settings.

Every default number here is ours unless its line names a source.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import cache, partial
from importlib.resources import files
from typing import Self

from attrs import Factory, evolve, field, frozen

from deescalate.authority import Authority
from deescalate.compensation._inputs import (
    Between,
    as_decimal,
    currency_code,
    payable,
    within,
    word,
)
from deescalate.compensation._remedies import Provision, Remedy, ResponseCurve
from deescalate.documents import (
    Document,
    FrozenMapping,
    Given,
    Notes,
    Shape,
    exact,
    joined,
    listed,
    mapped,
    one_of,
    part,
    record,
    text,
)
from deescalate.errors import SettingError
from deescalate.escalation import EscalationPolicy
from deescalate.findings import Report
from deescalate.money import Money, Rounding
from deescalate.money import exact as fraction_of
from deescalate.rules import Table, table_shape

__all__ = ["OVERCOMPENSATE", "Terms", "default_gate"]

OVERCOMPENSATE = "overcompensate"
"""The action that an authority needs for an offer above the affected value."""

GATED = ("wait", "no_money", "apology", "apologise_first", "compensate")
"""What the gate of terms may come to."""

_CAP = Between(Decimal("0.01"), Decimal("1.5"))
_SHARE = Between(0, 1)
_DAYS = Between(1, 10_000, "days")
_HOURS = Between(0, 1_000, "hours")
_PREMIUM = Between(Decimal("0.01"), 1)

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


@cache
def default_gate() -> Table:
    """The shipped table that says when money helps, and what comes before it.

    >>> default_gate().decide({"fault": "nobody"}).outcome
    'no_money'
    """
    document = files("deescalate.compensation").joinpath("data/gate.toml").read_text("utf-8")
    return Table.from_document(document)


def _gate(_: Given) -> Shape:
    """A table over the facts of the shipped one, which need not be written again."""
    facts = default_gate().to_document(form="mapping")["facts"]
    table = table_shape(otherwise={"name": "gate", "facts": facts})

    def read(notes: Notes, path: str, found: object) -> Table | None:
        made: Table | None = table.read(notes, path, found)
        if made is None:
            return None
        names, known = ({fact.name for fact in each.facts} for each in (made, default_gate()))
        if names != known:
            notes.expected(joined(path, "facts"), sorted(names), f"those of {sorted(known)}")
        outcomes = {f"rules[{place}].then": rule.then for place, rule in enumerate(made.rules)}
        outcomes |= {} if made.default is None else {"default": made.default}
        for place, outcome in outcomes.items():
            if outcome not in GATED:
                notes.expected(joined(path, place), outcome, f"one of {', '.join(GATED)}")
        return made

    return evolve(table, read=read)


def _code() -> Shape:
    """A currency."""

    def read(notes: Notes, path: str, found: object) -> str | None:
        if not isinstance(found, str):
            notes.expected(path, found, "a text, an ISO 4217 code")
            return None
        return notes.tried(path, lambda: currency_code(found))

    return evolve(text(), read=read)


def _amount(given: Given) -> Shape:
    """An amount in the currency of the terms, where there is one."""
    number, currency = exact(minimum=0), given.get("currency")

    def read(notes: Notes, path: str, found: object) -> Money | None:
        value = number.read(notes, path, found)
        if currency is None:
            return None
        return notes.tried(path, lambda: payable(Money(value, currency)))

    return Shape(read, number.schema, lambda money: number.write(money.amount))


def _tiers(value: Iterable[Authority] | None) -> tuple[Authority, ...] | None:
    return None if value is None else tuple(value)


@cache
def _shipped_tiers(currency: str) -> tuple[Authority, ...]:
    """Those of the shipped ladder, the same numbers in any currency."""
    policy = EscalationPolicy.default()
    every = policy.authorities(str(policy.currency))
    return tuple(evolve(each, money={currency: each.limit(str(policy.currency))}) for each in every)


def _loyalty(value: Mapping[str, Decimal | int]) -> FrozenMapping[Decimal]:
    return FrozenMapping({name: as_decimal(extra) for name, extra in sorted(dict(value).items())})


def _rounding(value: str) -> Rounding:
    return Rounding(word("rounding", Rounding, value))


def _payable_or_none(value: Money | None) -> Money | None:
    return None if value is None else payable(value)


def _zero(terms: "Terms") -> Money:
    return Money.zero(terms.currency)


_NOTHING = Factory(_zero, takes_self=True)


@frozen(kw_only=True, repr=False)
class Terms(Document):
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

    As a document: each attribute under its name, amounts as plain numbers in ``currency``,
    ``[curve]``, ``[loyalty]`` and ``[gate]`` as sections, ``[[provisions]]`` and ``[[tiers]]``
    (``name``, ``money`` by currency, ``actions``; none in a playbook, whose ladder says it) as
    lists. What is left out is as shipped; ``currency`` has to be there.

    Raises:
        SettingError: A setting outside its range.
        MoneyError: An unknown or mixed currency, or an amount that cannot be used.

    >>> from deescalate.money import Money
    >>> Terms(currency="EUR", hour_value=Money(15, "EUR")).cap
    Decimal('1')
    """

    document_kind = "terms"

    currency: str = field(converter=currency_code, metadata=part(_code()))
    hour_value: Money = field(default=_NOTHING, converter=payable, metadata=part(_amount))
    courtesy: Money = field(default=_NOTHING, converter=payable, metadata=part(_amount))
    budget: Money | None = field(default=None, converter=_payable_or_none, metadata=part(_amount))
    late_penalty: Money = field(default=_NOTHING, converter=payable, metadata=part(_amount))
    cap: Decimal = field(
        default=Decimal(1), converter=as_decimal, validator=_CAP, metadata=_CAP.part
    )
    attention_share: Decimal = field(
        default=Decimal("0.25"), converter=as_decimal, validator=_SHARE, metadata=_SHARE.part
    )
    repeat_step: Decimal = field(
        default=Decimal("0.25"), converter=as_decimal, validator=_SHARE, metadata=_SHARE.part
    )
    repeat_days: Decimal = field(
        default=Decimal(365), converter=as_decimal, validator=_DAYS, metadata=_DAYS.part
    )
    immediate_hours: Decimal = field(
        default=Decimal(1), converter=as_decimal, validator=_HOURS, metadata=_HOURS.part
    )
    voucher_premium: Decimal = field(
        default=Decimal("0.25"), converter=as_decimal, validator=_PREMIUM, metadata=_PREMIUM.part
    )
    rounding: Rounding = field(
        default=Rounding.HALF_UP, converter=_rounding, metadata=part(one_of(Rounding))
    )
    curve: ResponseCurve = field(factory=ResponseCurve, metadata=part(record(ResponseCurve)))
    loyalty: Mapping[str, Decimal] = field(
        default=FrozenMapping({}),
        converter=_loyalty,
        metadata=part(mapped(exact(partial(within, low=0, high=1), minimum=0, maximum=1))),
    )
    provisions: tuple[Provision, ...] = field(
        default=_PROVISIONS,
        converter=_provisions,
        metadata=part(listed(record(Provision))),
    )
    _stated: tuple[Authority, ...] | None = field(
        default=None,
        converter=_tiers,
        alias="tiers",
        metadata=part(listed(record(Authority))),
    )
    _granted: tuple[Authority, ...] | None = field(
        default=None, converter=_tiers, alias="granted", eq=False
    )
    gate: Table = field(factory=default_gate, metadata=part(_gate))

    def __attrs_post_init__(self) -> None:
        for money in (self.hour_value, self.courtesy, self.late_penalty, self.budget):
            if money is not None:
                Money.zero(self.currency).same(money)
        for level, extra in self.loyalty.items():
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
    def default(cls, *, currency: str = "EUR") -> Self:
        """The terms as shipped.

        Args:
            currency: The ISO 4217 code of every amount.

        Raises:
            MoneyError: An unknown currency.

        >>> Terms.default().cap
        Decimal('1')
        """
        return cls(currency=currency)

    def check(self) -> Report:
        """Look for everything that is wrong or odd with the gate, the one table of the terms.

        >>> print(Terms(currency="GBP").check())
        terms: nothing to find
        """
        found = self.gate.check()
        placed = [evolve(each, place=f"gate.{each.place}") for each in found]
        return Report(name="terms", findings=placed, meanings=found.meanings)

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
        face = worth.times(1 / fraction_of(provision.worth), mode=Rounding.UP)
        if remedy is not Remedy.VOUCHER:
            return face
        return max(face, worth.times(1 + fraction_of(self.voucher_premium), mode=Rounding.UP))
