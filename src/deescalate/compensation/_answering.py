"""What to say to a customer who suggests a remedy: accept, counter or decline, and with what."""

from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from attrs import field, frozen

from deescalate.compensation._claims import ClaimReview
from deescalate.compensation._inputs import payable, word
from deescalate.compensation._offer import Offer
from deescalate.compensation._remedies import Remedy
from deescalate.compensation._terms import Terms
from deescalate.errors import SettingError
from deescalate.money import Money, exact
from deescalate.moves import Move

__all__ = ["Answer", "AnswerKind", "Request", "answer"]


class AnswerKind(StrEnum):
    """What becomes of a request.

    >>> AnswerKind("counter") is AnswerKind.COUNTER
    True
    """

    ACCEPT = "accept"
    COUNTER = "counter"
    DECLINE = "decline"


_MOVES = MappingProxyType(
    {
        AnswerKind.ACCEPT: (Move.ACCEPT, Move.ACT, Move.INFORM, Move.CONFIRM),
        AnswerKind.COUNTER: (Move.THANK, Move.DECLINE, Move.EXPLAIN, Move.OFFER_CHOICE),
        AnswerKind.DECLINE: (Move.THANK, Move.EMPATHISE, Move.DECLINE, Move.EXPLAIN, Move.INFORM),
    }
)


def _payable_or_none(value: Money | None) -> Money | None:
    return None if value is None else payable(value)


def _remedy_or_none(value: str | None) -> Remedy | None:
    return None if value is None else Remedy(word("remedy", Remedy, value))


@frozen(kw_only=True)
class Request:
    """What the customer suggests.

    Attributes:
        amount: The sum they ask for; ``None`` where they name none.
        remedy: The remedy they ask for; ``None`` where they name none.

    Raises:
        SettingError: Neither is given, or the remedy is unknown.
        MoneyError: The sum cannot be used.

    >>> Request(remedy="exchange").remedy
    <Remedy.EXCHANGE: 'exchange'>
    """

    amount: Money | None = field(default=None, converter=_payable_or_none)
    remedy: Remedy | None = field(default=None, converter=_remedy_or_none)

    def __attrs_post_init__(self) -> None:
        if self.amount is None and self.remedy is None:
            raise SettingError("amount", None, "a sum or a remedy, or both")


@frozen(kw_only=True)
class Answer:
    """What to say to a request.

    Attributes:
        kind: Accept, counter or decline.
        amount: What is granted, in worth to the customer. It is what the offer comes to, and
            never depends on the sum that was asked for.
        remedy: As what it is granted; ``None`` for the offer as it stands, line by line.
        face: Its face value where it is granted in kind.
        because: Why.
        alternative: What to offer instead; empty where the request is accepted.
        moves: The moves to say it with.
        human_check: Whether a person should look at the customer's claims first.
        approver: The lowest tier that may grant it.
    """

    kind: AnswerKind
    amount: Money
    remedy: Remedy | None = None
    face: Money | None = None
    because: str
    alternative: str = ""
    moves: tuple[Move, ...]
    human_check: bool = False
    approver: str | None = None


def answer(
    request: Request, offer: Offer, terms: Terms, *, claims: ClaimReview | None = None
) -> Answer:
    """Answer a customer's suggestion.

    Asking for less does not lower what is granted and asking for more does not raise it: equal
    cases get equal remedies. A form that can be given is given.

    Args:
        request: What they suggest.
        offer: What was worked out for the case.
        terms: What the company offers.
        claims: What their claims look like; they can lead to a human check and to nothing else.

    Raises:
        MoneyError: Request, offer and terms in different currencies.

    >>> from deescalate.money import Money
    >>> from deescalate.compensation import Harm, propose
    >>> terms = Terms(currency="EUR")
    >>> offer = propose(
    ...     Harm(currency="EUR", failure="product", value=Money(80, "EUR"), rejected=True), terms
    ... )
    >>> reply = answer(Request(amount=Money(200, "EUR")), offer, terms)
    >>> reply.kind.value, str(reply.amount)
    ('counter', 'EUR 80.00')
    """
    total = Money.zero(terms.currency).same(offer.total)
    if request.amount is not None:
        total.same(request.amount)
    check = claims is not None and claims.human_check
    decision, because, alternative = _decided(request, offer, terms)
    granted = request.remedy if decision is AnswerKind.ACCEPT else None
    return Answer(
        kind=decision,
        amount=total,
        remedy=granted,
        face=terms.face(granted, total) if granted else None,
        because=because,
        alternative=alternative,
        moves=_MOVES[decision],
        human_check=check,
        approver=offer.approver,
    )


def _decided(request: Request, offer: Offer, terms: Terms) -> tuple[AnswerKind, str, str]:
    """The decision, its reason, and the alternative."""
    standing = "; ".join(map(str, offer.lines)) or "an apology, and help with the matter itself"
    if request.remedy is Remedy.APOLOGY and terms.provision(Remedy.APOLOGY):
        return AnswerKind.ACCEPT, "an apology is theirs whatever else is given", ""
    if offer.waits_for:
        return AnswerKind.DECLINE, "; ".join(offer.because), "to find out, and to come back to them"
    if not offer.total:
        return AnswerKind.DECLINE, "; ".join(offer.because), standing
    if request.remedy and terms.provision(request.remedy) is None:
        return AnswerKind.COUNTER, f"there is no {request.remedy} to give", standing
    if request.amount is not None and _worth(request, terms) > exact(offer.total.amount):
        why = f"{offer.total} is what this harm comes to, for everyone with the same case"
        return AnswerKind.COUNTER, why, standing
    return AnswerKind.ACCEPT, "it is within what this harm comes to", ""


def _worth(request: Request, terms: Terms) -> Fraction:
    """What the sum asked for is worth to the customer in the remedy asked for."""
    provision = terms.provision(request.remedy) if request.remedy else None
    asked = Fraction(0) if request.amount is None else exact(request.amount.amount)
    return asked * exact(provision.worth) if provision else asked
