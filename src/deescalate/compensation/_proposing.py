"""From a harm and the terms to an offer: what is owed first, goodwill where it helps."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction

from deescalate.compensation._goodwill import goodwill, measure
from deescalate.compensation._harm import Fault, Harm
from deescalate.compensation._offer import Alternative, Approval, Basis, Line, Offer
from deescalate.compensation._remedies import FITTING, ApologyPart, Provision, Remedy
from deescalate.compensation._terms import OVERCOMPENSATE, Terms
from deescalate.money import Money, Rounding, exact, total
from deescalate.schedules import Entitlement

__all__ = ["propose"]

_HELPS = ("compensate", "apologise_first")
_MAKES_WHOLE = (Remedy.EXCHANGE, Remedy.REPERFORMANCE, Remedy.REFUND)
_GESTURES = (Remedy.REFUND, Remedy.COMPLIMENTARY)
_IN_KIND = (Remedy.COMPLIMENTARY, Remedy.DISCOUNT, Remedy.VOUCHER)
_WITHOUT_FAULT = (ApologyPart.REGRET, ApologyPart.EXPLANATION)


def propose(
    harm: Harm,
    terms: Terms,
    *,
    entitlements: Iterable[Entitlement] = (),
    loyalty: str | None = None,
) -> Offer:
    """Work out what to offer.

    What is owed comes first and whole: entitlements under a schedule, the verified losses, the
    price of what was rejected, the penalty for a missed payment. Goodwill comes after, where it
    helps, within the cap and the budget. What has been given already is deducted once.

    Args:
        harm: What went wrong and what it cost.
        terms: What the company offers.
        entitlements: What published schedules award for it, each decided. They are owed
            whosever doing it was, and goodwill is reduced by them.
        loyalty: The customer's loyalty level, one that the terms declare.

    Returns:
        The offer with its reasons.

    Raises:
        SettingError: An undeclared loyalty level, or an entitlement in per cent.
        UndecidedError: An entitlement that still depends on missing facts.
        MoneyError: Harm, terms and entitlements in different currencies.

    >>> from deescalate.money import Money
    >>> from decimal import Decimal
    >>> cold_soup = Harm(
    ...     currency="EUR",
    ...     failure="service",
    ...     value=Money(40, "EUR"),
    ...     severity=Decimal("0.5"),
    ...     kept=True,
    ...     apology_after_hours=0,
    ... )
    >>> print(propose(cold_soup, Terms(currency="EUR")).lines[0])
    EUR 8.59 refund (goodwill): 50 % spoiled and kept: the first part of the price helps most
    """
    nothing = Money.zero(harm.currency).same(Money.zero(terms.currency))
    awards = tuple(entitlements)
    awarded = total((each.money for each in awards), harm.currency)
    penalty = terms.late_penalty if harm.payout_missed else nothing
    measures = measure(harm, terms)
    gate = terms.gate.decide(measures.gate)
    helps = gate.demand() in _HELPS

    made_whole = harm.lost + (harm.value if harm.rejected else nothing) if helps else nothing
    affected = awarded + penalty + _down(terms, measures.affected)
    # An award counts against goodwill once, below, and leaves the room for it as it was.
    capped = _down(terms, exact(terms.cap) * exact((affected - awarded).amount))
    room = capped - made_whole - penalty
    extra = goodwill(
        harm,
        terms,
        measures,
        room=max(room, nothing),
        given=awarded + harm.goodwill_given + max(harm.refunded - made_whole, nothing),
        loyalty=loyalty,
    )
    lines = [_award(each) for each in awards if each.amount]
    if helps:
        lines += _made_whole(harm, terms)
    if penalty:
        lines.append(_refund(penalty, "a payment that was promised for it came late or not at all"))
    if helps and extra.amount:
        lines.append(_gesture(harm, terms, extra.amount, extra.because))

    repeated = bool(measures.recency)
    approvals = tuple(_approvals(terms, lines, affected, repeated=repeated))
    return Offer(
        currency=harm.currency,
        lines=tuple(lines),
        because=gate.because + (extra.limits if helps else ()),
        apology=tuple(ApologyPart) if harm.fault is Fault.OURS else _WITHOUT_FAULT,
        apology_suffices=gate.outcome == "apology" and not lines,
        apologise_first=gate.outcome == "apologise_first",
        waits_for=("fault",) if gate.outcome == "wait" else (),
        alternatives=tuple(_alternatives(terms, lines)),
        approvals=approvals,
        approver=next((each.tier for each in approvals if each.may_grant), None),
        affected=affected,
    )


def _down(terms: Terms, amount: Fraction) -> Money:
    return Money(1, terms.currency).times(amount, mode=Rounding.DOWN)


def _refund(amount: Money, because: str) -> Line:
    return Line(remedy=Remedy.REFUND, amount=amount, cost=amount, basis=Basis.OWED, because=because)


def _award(award: Entitlement) -> Line:
    return _refund(award.money, f"{award.title}: owed whatever else is offered")


def _made_whole(harm: Harm, terms: Terms) -> Iterator[Line]:
    nothing = Money.zero(harm.currency)
    lost = max(harm.lost - harm.refunded, nothing)
    if lost:
        reasons = dict.fromkeys(loss.reason for loss in harm.losses if loss.amount and loss.reason)
        what = ", ".join(reasons) or "what it cost the customer"
        yield _refund(lost, f"a verified loss is paid back whole: {what}")
    if not harm.rejected:
        return
    price = harm.value - max(harm.refunded - harm.lost, nothing)
    if price == harm.value and price:
        yield _replaced(harm, terms)
    elif price:
        yield _refund(price, "the rest of the price of what was rejected")


def _replaced(harm: Harm, terms: Terms) -> Line:
    provision = _first(terms, FITTING[harm.failure], _MAKES_WHOLE)
    return Line(
        remedy=provision.remedy,
        amount=harm.value,
        cost=harm.value.times(provision.cost, mode=Rounding.UP),
        basis=Basis.OWED,
        because=f"rejected: for a {harm.failure} failure, {provision.remedy} fits best",
    )


def _gesture(harm: Harm, terms: Terms, amount: Money, because: str) -> Line:
    provision = _first(terms, FITTING[harm.failure], _GESTURES)
    return Line(
        remedy=provision.remedy,
        amount=amount,
        cost=_cost(terms.face(provision.remedy, amount) or amount, provision),
        basis=Basis.GOODWILL,
        because=because,
    )


def _first(terms: Terms, fitting: Sequence[Remedy], among: Sequence[Remedy]) -> Provision:
    fits = [remedy for remedy in fitting if remedy in among]
    provided = (terms.provision(remedy) for remedy in fits)
    return next(each for each in provided if each)


def _cost(face: Money, provision: Provision) -> Money:
    return face.times(provision.cost, mode=Rounding.UP)


def _alternatives(terms: Terms, lines: Iterable[Line]) -> Iterator[Alternative]:
    found = [
        each
        for line in lines
        for each in (_in_kind(terms, line) if line.basis is Basis.GOODWILL else _in_money(line))
    ]
    return iter(sorted(found, key=lambda each: exact(each.cost.amount)))


def _in_money(line: Line) -> Iterator[Alternative]:
    if line.remedy is not Remedy.REFUND:
        yield Alternative(
            instead_of=line.remedy,
            remedy=Remedy.REFUND,
            face=line.amount,
            worth=line.amount,
            cost=line.amount,
            because="the money back, if they would rather have it",
        )


def _in_kind(terms: Terms, line: Line) -> Iterator[Alternative]:
    for remedy in _IN_KIND:
        provision, face = terms.provision(remedy), terms.face(remedy, line.amount)
        if provision is None or face is None or remedy is line.remedy:
            continue
        cost = _cost(face, provision)
        if cost < line.cost:
            yield Alternative(
                instead_of=line.remedy,
                remedy=remedy,
                face=face,
                worth=face.times(provision.worth, mode=Rounding.DOWN),
                cost=cost,
                because="worth at least as much to the customer and cheaper, by their choice only",
            )


def _approvals(
    terms: Terms, lines: Sequence[Line], affected: Money, *, repeated: bool
) -> Iterator[Approval]:
    amount = total((line.amount for line in lines), terms.currency)
    for rank, tier in enumerate(terms.tiers):
        reasons = list[str]()
        if not tier.may_grant(amount.amount, terms.currency):
            reasons.append(f"grants at most {tier.limit(terms.currency)} {terms.currency}")
        if amount > affected and not tier.may(OVERCOMPENSATE):
            reasons.append(f"above what was affected, {affected}, it takes `{OVERCOMPENSATE}`")
        if repeated and rank == 0 < len(terms.tiers) - 1:
            reasons.append("it has happened before: one tier up")
        yield Approval(tier=tier.tier, may_grant=not reasons, because="; ".join(reasons))
