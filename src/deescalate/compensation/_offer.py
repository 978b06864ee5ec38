"""An offer: its lines, what they come to, who may grant it, and why."""

from enum import StrEnum

from attrs import frozen

from deescalate.compensation._remedies import ApologyPart, Remedy
from deescalate.money import Money, total

__all__ = ["Alternative", "Approval", "Basis", "Line", "Offer"]


class Basis(StrEnum):
    """Why a line is there: it is owed, or it is goodwill.

    >>> Basis("owed") is Basis.OWED
    True
    """

    OWED = "owed"
    GOODWILL = "goodwill"


@frozen(kw_only=True)
class Line:
    """One remedy of an offer.

    Attributes:
        remedy: What is given.
        amount: What it is worth to the customer.
        cost: What it costs the company.
        basis: Whether it is owed or goodwill.
        because: Why.

    >>> from deescalate.money import Money
    >>> print(Line(remedy="refund", amount=Money(5, "EUR"), cost=Money(5, "EUR"),
    ...            basis="owed", because="postage"))
    EUR 5.00 refund (owed): postage
    """

    remedy: Remedy
    amount: Money
    cost: Money
    basis: Basis
    because: str

    def __str__(self) -> str:
        return f"{self.amount} {self.remedy} ({self.basis}): {self.because}"


@frozen(kw_only=True)
class Alternative:
    """Another remedy that the customer may choose in place of a line.

    Attributes:
        instead_of: The remedy of that line.
        remedy: What they would get.
        face: Its face value.
        worth: What that is worth to the customer: at least what the line is.
        cost: What it costs the company.
        because: Why it is there.
    """

    instead_of: Remedy
    remedy: Remedy
    face: Money
    worth: Money
    cost: Money
    because: str

    def __str__(self) -> str:
        return f"{self.face} {self.remedy} instead of the {self.instead_of}: {self.because}"


@frozen(kw_only=True)
class Approval:
    """Whether one tier may grant an offer alone.

    Attributes:
        tier: Whose authority it is.
        may_grant: Whether it reaches.
        because: Why not; empty where it does.
    """

    tier: str
    may_grant: bool
    because: str = ""


@frozen(kw_only=True)
class Offer:
    """What to give for a harm, and why.

    Attributes:
        currency: The ISO 4217 code of every amount here.
        lines: The remedies; what is owed stands first.
        because: Why money is offered or not, and what limited it.
        apology: The parts of the apology to give, the weightiest first.
        apology_suffices: Whether an apology alone is enough.
        apologise_first: Whether no money should be named before an apology is given.
        waits_for: What must be known before anything is offered.
        alternatives: What the customer may choose instead of a line, the cheapest first.
        approvals: For each tier whether it may grant this alone.
        approver: The lowest tier that may grant it; ``None`` where none may.
        affected: The value that was affected, which the cap is a share of.

    >>> from deescalate.money import Money
    >>> from decimal import Decimal
    >>> Offer(currency="EUR", affected=Money(Decimal(0), "EUR")).lines
    ()
    """

    currency: str
    lines: tuple[Line, ...] = ()
    because: tuple[str, ...] = ()
    apology: tuple[ApologyPart, ...] = ()
    apology_suffices: bool = False
    apologise_first: bool = False
    waits_for: tuple[str, ...] = ()
    alternatives: tuple[Alternative, ...] = ()
    approvals: tuple[Approval, ...] = ()
    approver: str | None = None
    affected: Money

    @property
    def total(self) -> Money:
        """What all lines are worth together, which is exactly their sum."""
        return total((line.amount for line in self.lines), self.currency)

    @property
    def owed(self) -> Money:
        """What of it is owed."""
        return self.of(Basis.OWED)

    @property
    def goodwill(self) -> Money:
        """What of it is goodwill."""
        return self.of(Basis.GOODWILL)

    @property
    def cost(self) -> Money:
        """What it costs the company."""
        return total((line.cost for line in self.lines), self.currency)

    @property
    def within_authority(self) -> bool:
        """Whether the lowest tier may grant it alone."""
        return bool(self.approvals) and self.approvals[0].may_grant

    def of(self, basis: Basis) -> Money:
        """What the lines of one basis are worth together."""
        every = (line.amount for line in self.lines if line.basis is basis)
        return total(every, self.currency)

    def __str__(self) -> str:
        lines = [f"{self.total} in all", *map(str, self.lines), *self.because]
        return "\n".join(lines)
