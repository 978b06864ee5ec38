"""What to say to a customer who suggests a remedy: accept, counter or decline, and with what.

A customer's claims against a stated baseline: a reason to look, and never a refusal.

A person whose claims turn out to be true is unlucky and no serial claimant, so verified claims
do not count. What is found leads to a human check; no offer is ever worked out from it.
"""

from collections.abc import Iterable
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from types import MappingProxyType

from attrs import field, frozen

from deescalate.compensation._inputs import Between, as_decimal, payable, within, word, yes_or_no
from deescalate.compensation._offer import Offer
from deescalate.compensation._remedies import Remedy
from deescalate.compensation._terms import Terms
from deescalate.errors import SettingError
from deescalate.money import Money, exact
from deescalate.moves import Move
from deescalate.statistics import Estimate, chance_of, frequency

__all__ = ["Answer", "AnswerKind", "Claim", "ClaimReview", "Request", "answer", "review_claims"]


@frozen(kw_only=True)
class Claim:
    """A claim that the customer made.

    Attributes:
        days_ago: How long ago, in days, 0 to 100,000.
        verified: Whether the failure behind it was found to be real.

    Raises:
        SettingError: Days that are negative or not exact.

    >>> Claim(days_ago=12).verified
    False
    """

    days_ago: Decimal = field(converter=as_decimal, validator=Between(0, 100_000, "days"))
    verified: bool = field(default=False, validator=yes_or_no)


@frozen(kw_only=True)
class ClaimReview:
    """What a customer's claims look like beside the baseline.

    Attributes:
        claims: Claims in the window that nobody has verified.
        verified: Claims in the window that turned out to be real.
        purchases: Purchases in the window.
        rate: Unverified claims per purchase, with its uncertainty.
        baseline: The rate that is usual.
        chance: How often a usual customer would make so many or more.
        human_check: Whether a person should look.
        because: Why.
    """

    claims: int
    verified: int
    purchases: int
    rate: Estimate
    baseline: Decimal
    chance: float
    human_check: bool
    because: str


def review_claims(
    claims: Iterable[Claim],
    *,
    purchases: int,
    baseline: Decimal,
    confidence: Decimal = Decimal("0.99"),
    window_days: int = 365,
    fewest: int = 3,
) -> ClaimReview:
    """Compare a customer's claims with what is usual.

    Args:
        claims: The claims, in any order.
        purchases: Purchases in the window, 1 or more.
        baseline: Claims per purchase that are usual, above 0 and at most 10, as measured.
        confidence: How sure the interval is, 0.5 to 0.9999 (ours: 0.99).
        window_days: How far back claims count, 1 to 10,000 days (ours: a year).
        fewest: Fewer claims than this never lead to a check, 1 or more (ours: 3).

    Returns:
        The rate with its uncertainty. A person should look where even the lower end of its
        interval lies above the baseline.

    Raises:
        SettingError: A setting outside its range.

    >>> from decimal import Decimal
    >>> often = [Claim(days_ago=days) for days in (3, 20, 41, 66, 90)]
    >>> review_claims(often, purchases=6, baseline=Decimal("0.03")).human_check
    True
    >>> review_claims(often[:2], purchases=6, baseline=Decimal("0.03")).human_check
    False
    """
    for name, count, most in (
        ("purchases", purchases, 10**9),
        ("window_days", window_days, 10_000),
        ("fewest", fewest, 10**6),
    ):
        if type(count) is not int or not 1 <= count <= most:
            raise SettingError(name, count, f"a whole number from 1 to {most}")
    within("baseline", baseline, Decimal("0.000001"), 10)
    within("confidence", confidence, Decimal("0.5"), Decimal("0.9999"))
    recent = [each for each in claims if each.days_ago <= window_days]
    count = sum(not each.verified for each in recent)
    interval = frequency(count, purchases, level=float(confidence))
    check = count >= fewest and interval.low > baseline
    seen = f"{count} unverified claims on {purchases} purchases in {window_days} days"
    usual = f"the usual {baseline:f} a purchase"
    return ClaimReview(
        claims=count,
        verified=len(recent) - count,
        purchases=purchases,
        rate=interval,
        baseline=baseline,
        chance=chance_of(count, float(baseline) * purchases),
        human_check=check,
        because=f"{seen}: {'above' if check else 'not clearly above'} {usual}"
        + (", so a person looks before more goodwill; what is owed is paid" if check else ""),
    )


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
