"""What a schedule awards for a case, with the rule and the clause behind each part."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from attrs import field, frozen

from deescalate.errors import SettingError, UndecidedError
from deescalate.money import Money
from deescalate.rules import Outputs

__all__ = [
    "PERCENT",
    "Adjustment",
    "Entitlement",
    "FailedCase",
    "Part",
    "PublishedCase",
    "Working",
]

PERCENT = "percent"
"""The currency of a schedule that awards a share of something and no sum."""


@frozen(kw_only=True)
class Working:
    """One fact that was worked out on the way.

    Attributes:
        fact: Its name.
        value: What it came to: a Decimal (to 12 places where its expansion never ends), an
            option or a flag.
        because: The reasons of the rule that gave it.
        clause: Where the published text says so.

    >>> print(Working(fact="bracket", value="a", because=("up to 1500 km",), clause="Art 7(1)(a)"))
    bracket is a: up to 1500 km (Art 7(1)(a))
    """

    fact: str
    value: Decimal | str | bool
    because: tuple[str, ...] = ()
    clause: str = ""

    def __str__(self) -> str:
        return f"{self.fact} is {self.value}{_reasons(self.because, self.clause)}"


@frozen(kw_only=True)
class Part:
    """One component of what is awarded; the components add up.

    Attributes:
        name: Its name.
        amount: What it comes to, before the schedule's last steps.
        formula: How it was worked out.
        because: The reasons of the rule that gave it.
        clause: Where the published text says so.

    >>> from decimal import Decimal
    >>> print(Part(name="delay", amount=Decimal(250), formula="250", because=("3 h late",)))
    delay 250: 3 h late
    """

    name: str
    amount: Decimal
    formula: str = ""
    because: tuple[str, ...] = ()
    clause: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.amount:f}{_reasons(self.because, self.clause)}"


@frozen(kw_only=True)
class Adjustment:
    """One of the schedule's last steps, where it changed the amount.

    Attributes:
        formula: What was done, such as ``round_half_up(amount, 0.01)``.
        before: The amount before it.
        after: The amount after it.
        because: Why, in the schedule's words.
        clause: Where the published text says so.

    >>> from decimal import Decimal
    >>> print(Adjustment(formula="min(amount, 250)", before=Decimal(450), after=Decimal(250)))
    450 -> 250: min(amount, 250)
    """

    formula: str
    before: Decimal
    after: Decimal
    because: tuple[str, ...] = ()
    clause: str = ""

    def __str__(self) -> str:
        reasons = _reasons(self.because or (self.formula,), self.clause)
        return f"{self.before:f} -> {self.after:f}{reasons}"


@frozen(kw_only=True)
class Entitlement:
    """What a schedule awards for a case.

    Attributes:
        schedule: The schedule's name.
        title: Its title.
        currency: An ISO 4217 code, or ``percent``.
        amount: What is awarded; ``None`` while missing facts can still change it.
        least: The least that any completion of the facts could give.
        most: The most; ``None`` where there is no end to it.
        missing: The missing facts that may still change the amount, in the schedule's order.
        parts: The components, in order; empty while the amount is open.
        steps: The last steps that changed the amount, in order.
        workings: The facts worked out on the way, as far as they are settled.
        in_force: From when the published rules hold.
        until: Until when; ``None`` where no end is known.
        checked: When the document was last compared with them.
        edition: Which edition of them it follows.
        sources: Where they are published.

    >>> from decimal import Decimal
    >>> award = Entitlement(
    ...     schedule="eu261", title="EU 261", currency="EUR",
    ...     amount=Decimal(250), least=Decimal(250), most=Decimal(250),
    ... )
    >>> print(award.money)
    EUR 250.00
    """

    schedule: str
    title: str
    currency: str
    amount: Decimal | None
    least: Decimal
    most: Decimal | None
    missing: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()
    steps: tuple[Adjustment, ...] = ()
    workings: tuple[Working, ...] = ()
    in_force: date | None = None
    until: date | None = None
    checked: date | None = None
    edition: str = ""
    sources: tuple[str, ...] = ()

    @property
    def decided(self) -> bool:
        """Whether the amount is settled."""
        return self.amount is not None

    @property
    def money(self) -> Money:
        """The amount as money.

        Raises:
            UndecidedError: Missing facts can still change it.
            SettingError: The schedule awards a percentage and no sum.
        """
        if self.amount is None:
            raise UndecidedError(self.schedule, self.missing)
        if self.currency == PERCENT:
            raise SettingError("currency", PERCENT, "a schedule that awards a sum of money")
        return Money(self.amount, self.currency)

    @property
    def version(self) -> str:
        """Which rules these are, in words.

        >>> from datetime import date
        >>> from decimal import Decimal
        >>> Entitlement(
        ...     schedule="eu261", title="EU 261", currency="EUR", amount=None,
        ...     least=Decimal(0), most=None, in_force=date(2005, 2, 17),
        ... ).version
        'EU 261, in force since 2005-02-17'
        """
        parts = [self.title]
        if self.edition:
            parts.append(self.edition)
        if self.in_force:
            parts.append(f"in force since {self.in_force}")
        if self.until:
            parts.append(f"until {self.until}")
        if self.checked:
            parts.append(f"checked {self.checked}")
        return ", ".join(parts)

    def __str__(self) -> str:
        if self.amount is not None:
            head = _shown(self.amount, self.currency)
        else:
            most = "without limit" if self.most is None else _shown(self.most, self.currency)
            asked = ", ".join(self.missing)
            head = f"{_shown(self.least, self.currency)} to {most}; ask for {asked}"
        return "\n".join(
            [
                head,
                *map(str, self.workings),
                *map(str, self.parts),
                *map(str, self.steps),
                self.version,
            ]
        )


@frozen(kw_only=True)
class PublishedCase:
    """A case whose amount is known: an example of the issuer's, or an anchor of one's own.

    Attributes:
        facts: The facts of the case.
        amount: What the schedule must award.
        source: Where it stands.
    """

    facts: Mapping[str, Any] = field(converter=Outputs)
    amount: Decimal
    source: str = ""


@frozen(kw_only=True)
class FailedCase:
    """A case that a schedule does not award as stated.

    Attributes:
        case: The case.
        found: What the schedule awards instead; ``None`` where it cannot tell.
        reason: Why it cannot.
    """

    case: PublishedCase
    found: Decimal | None
    reason: str = ""

    def __str__(self) -> str:
        facts = ", ".join(f"{name} = {value}" for name, value in self.case.facts.items())
        found = self.reason or f"found {self.found}"
        return f"{facts}: expected {self.case.amount}, {found}"


def _reasons(because: tuple[str, ...], clause: str) -> str:
    text = "; ".join(because)
    place = f" ({clause})" if clause else ""
    return f": {text}{place}" if text else place


def _shown(amount: Decimal, currency: str) -> str:
    return f"{amount:f} %" if currency == PERCENT else str(Money(amount, currency))
