"""Authority: what a draft offers, against what may be offered without asking."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from deescalate.authority import Authority
from deescalate.moves import Move
from deescalate.text import Amount, Places, Span, Text
from deescalate.wording._draft import Draft, Hit

__all__ = ["authority_hits"]

_NEAR = 30
"""Characters within which words belong to a sum; ours."""
_NOTHING = Decimal(0)
_ON_TOP = (" another", " plus", " on top", " extra", " additional", " further", " and ", "+")


def authority_hits(
    draft: Draft, authority: Authority, previous: Sequence[Text] = ()
) -> Iterator[Hit]:
    """Sums and actions that are offered although they may not be.

    Sums are added up over the reply, and over what earlier replies did; a sum that is only said
    again counts once.
    """
    given = _done(previous)
    for found in _offered(draft):
        added = _joined(draft, found) or not given.has(found)
        total = given.total(found) + found.amount
        if added:
            given.add(found)
        if not _allowed(total if added else found.amount, found, authority):
            yield Hit(code="M501", span=found.span, suggestion=_within(found, authority))
    for match in draft.actions:
        action = str(match.rule.also["action"])
        if authority.actions and not authority.may(action):
            yield Hit(code="M502", span=draft.span(match.first, match.last))


class _Given:
    """Sums that are given, added up over those that can be in one currency."""

    def __init__(self) -> None:
        self._sums: dict[tuple[str, ...], set[Decimal]] = {}
        self._totals: dict[tuple[str, ...], Decimal] = {}

    def add(self, found: Amount) -> None:
        self._sums.setdefault(found.currencies, set()).add(found.amount)
        self._totals[found.currencies] = self._totals.get(found.currencies, _NOTHING) + found.amount

    def has(self, found: Amount) -> bool:
        """Whether the same sum was given, in a currency that can be the same."""
        return any(found.amount in self._sums[each] for each in self._alike(found))

    def total(self, found: Amount) -> Decimal:
        """All that was given in a currency that can be the same."""
        return sum((self._totals[each] for each in self._alike(found)), _NOTHING)

    def _alike(self, found: Amount) -> Iterator[tuple[str, ...]]:
        return (each for each in self._sums if not set(each).isdisjoint(found.currencies))


def _offered(draft: Draft) -> Iterator[Amount]:
    """The sums in sentences that grant something before them."""
    grants = list(draft.signs("grant"))
    sentences = iter(draft.sentences)
    end = start = at = 0
    for found in draft.cut.amounts if grants else ():
        while found.span.start >= end:
            sentence = next(sentences)
            start, end = draft.tokens[sentence.first].start, draft.tokens[sentence.last].end
        while at < len(grants) and grants[at].end <= start:
            at += 1
        if at < len(grants) and grants[at].start < min(end, found.span.end):
            yield found


def _done(previous: Sequence[Text]) -> _Given:
    """The sums that earlier replies say were granted, each once."""
    given = _Given()
    for text in previous:
        if not text.amounts:
            continue
        earlier = Draft(text.raw, language=text.language, longest=max(len(text.raw), 1))
        acts = (each.span for each in earlier.made(Move.ACT))
        done = Places(Span(span.start, span.end + _NEAR) for span in acts)
        for found in _offered(earlier):
            if done.touch(found.span) and not given.has(found):
                given.add(found)
    return given


def _joined(draft: Draft, found: Amount) -> bool:
    """Whether a sum is said to come on top of another."""
    before = draft.text[max(found.span.start - _NEAR, 0) : found.span.start].casefold()
    return any(sign in before for sign in _ON_TOP)


def _allowed(total: Decimal, found: Amount, authority: Authority) -> bool:
    """Whether a total may be granted in a currency that the sum can mean."""
    return any(authority.may_grant(total, code) for code in found.currencies)


def _within(found: Amount, authority: Authority) -> str:
    known = [code for code in found.currencies if code in authority.money]
    if not known:
        return f"{authority.tier} may grant nothing in this currency: bring in someone who may"
    limits = " or ".join(f"{authority.limit(code)} {code}" for code in known)
    return f"{authority.tier} may grant up to {limits}: stay within it, or bring in someone who may"
