"""What someone may grant and do without asking: the limits that offers and replies keep to."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import partial
from typing import TypeAlias

from attrs import field, frozen

from deescalate._public import publish
from deescalate.documents import (
    FrozenMapping,
    Notes,
    Shape,
    exact,
    keyed,
    listed,
    mapped,
    part,
    text,
)
from deescalate.errors import SettingError
from deescalate.money import minor_units

__all__ = ["Authority", "authority_shape"]

_AMOUNT = "a Decimal or a whole number, 0 or more"

_Limits: TypeAlias = Mapping[str, Decimal | int] | Iterable[tuple[str, Decimal | int]]


def _exact(name: str, value: object) -> Decimal:
    exact = Decimal(value) if type(value) is int else value
    if not isinstance(exact, Decimal) or exact.is_nan() or exact < 0:
        raise SettingError(name, value, _AMOUNT)
    return exact or Decimal(0)  # never a negative nothing


def _currency(code: str) -> str:
    minor_units(code)
    return code


def _limits(value: _Limits) -> FrozenMapping[Decimal]:
    limits = sorted(dict(value).items())
    return FrozenMapping({_currency(code): _exact(f"money.{code}", most) for code, most in limits})


def _actions(value: Iterable[str]) -> frozenset[str]:
    if isinstance(value, str):
        raise SettingError("actions", value, "a collection of names, not one text")
    return frozenset(value)


def _limit() -> Shape:
    """A sum, or that there is no limit."""
    number = exact(_exact, minimum=0)

    def read(notes: Notes, path: str, found: object) -> Decimal:
        return Decimal("Infinity") if found == "unlimited" else number.read(notes, path, found)

    return Shape(
        read,
        lambda: {"anyOf": [*number.schema()["anyOf"], {"const": "unlimited"}]},
        lambda most: number.write(most) if most.is_finite() else "unlimited",
    )


_SHAPES = {"money": mapped(_limit()), "actions": listed(text(), frozenset)}


@frozen(kw_only=True)
class Authority:
    """What one tier may grant and do without asking.

    What is not listed is not allowed: an unlisted currency has a limit of nothing.

    Attributes:
        tier: Whose authority it is, as named in the escalation policy.
        money: The most that may be granted in one case, by ISO 4217 code, in major units;
            ``Decimal("Infinity")`` for no limit.
        actions: Names of what may be done without asking.

    Raises:
        MoneyError: A currency that is no ISO 4217 code.
        SettingError: A limit that is negative, NaN or a float, or actions given as one text.

    >>> agent = Authority(tier="agent", money={"EUR": 50}, actions={"replace"})
    >>> agent.may_grant(Decimal("49.99"), "EUR"), agent.may_grant(Decimal(51), "EUR")
    (True, False)
    >>> agent.may_grant(Decimal(1), "USD"), agent.may("replace"), agent.may("waive_fee")
    (False, True, False)
    """

    tier: str = field(default="agent", metadata=part(text(), key="name", needed=True))
    money: Mapping[str, Decimal] = field(
        default=FrozenMapping({}), converter=_limits, metadata=part(_SHAPES["money"])
    )
    actions: frozenset[str] = field(
        default=frozenset(), converter=_actions, metadata=part(_SHAPES["actions"])
    )

    def limit(self, currency: str) -> Decimal:
        """The most that may be granted in a currency: 0 where it is not listed.

        Args:
            currency: An ISO 4217 code.

        Raises:
            MoneyError: The currency is no code.

        >>> Authority(money={"EUR": 50}).limit("USD")
        Decimal('0')
        """
        return self.money.get(_currency(currency), Decimal(0))

    def may_grant(self, amount: Decimal | int, currency: str) -> bool:
        """Whether an amount may be granted without asking.

        Args:
            amount: In major units, 0 or more, never a float.
            currency: Its ISO 4217 code.

        Raises:
            MoneyError: The currency is no code.
            SettingError: The amount cannot be used.

        >>> Authority(money={"JPY": 5000}).may_grant(5000, "JPY")
        True
        """
        return _exact("amount", amount) <= self.limit(currency)

    def may(self, action: str) -> bool:
        """Whether an action may be taken without asking.

        >>> Authority(actions=["replace"]).may("replace")
        True
        """
        return action in self.actions

    def lacks(self, other: "Authority") -> tuple[str, ...]:
        """What another may do that this one may not, in words; empty where nothing is lacking.

        >>> agent = Authority(tier="agent", money={"EUR": 50}, actions=["replace"])
        >>> Authority(tier="manager", money={"EUR": 40}).lacks(agent)
        ('granting 50 EUR (40 EUR at most)', 'the action `replace`')
        """
        money = tuple(
            f"granting {most} {code} ({self.limit(code)} {code} at most)"
            for code, most in other.money.items()
            if most > self.limit(code)
        )
        return money + tuple(
            f"the action `{name}`" for name in sorted(other.actions - self.actions)
        )

    def covers(self, other: "Authority") -> bool:
        """Whether this authority reaches at least as far as another in every respect.

        >>> Authority(money={"EUR": 200}).covers(Authority(money={"EUR": 50}))
        True
        """
        return not self.lacks(other)


def authority_shape(tier: str) -> Shape:
    """The shape of the ``money`` and ``actions`` of a tier in a document.

    Args:
        tier: Its name.
    """
    return keyed(partial(Authority, tier=tier), _SHAPES)


publish(__name__, __all__, globals())
