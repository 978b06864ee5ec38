"""Authority: what a draft offers, against what may be offered without asking."""

from collections.abc import Iterator

from deescalate.authority import Authority
from deescalate.text import Amount
from deescalate.wording.draft import Draft, Hit

__all__ = ["authority_hits"]


def authority_hits(draft: Draft, authority: Authority) -> Iterator[Hit]:
    """Sums and actions that are offered although they may not be."""
    grants = list(draft.signs("grant"))
    sentences = iter(draft.sentences)
    end = start = at = 0
    for found in draft.cut.amounts:
        while found.span.start >= end:
            sentence = next(sentences)
            start, end = draft.tokens[sentence.first].start, draft.tokens[sentence.last].end
        while at < len(grants) and grants[at].end <= start:
            at += 1
        offered = at < len(grants) and grants[at].start < min(end, found.span.end)
        if offered and not _allowed(found, authority):
            yield Hit(code="M501", span=found.span, suggestion=_within(found, authority))
    for match in draft.actions:
        action = str(match.rule.also["action"])
        if authority.actions and not authority.may(action):
            yield Hit(code="M502", span=draft.span(match.first, match.last))


def _allowed(found: Amount, authority: Authority) -> bool:
    """Whether the sum may be granted in a currency that it can mean; of a range the greater end."""
    return any(authority.may_grant(found.amount, code) for code in found.currencies)


def _within(found: Amount, authority: Authority) -> str:
    known = [code for code in found.currencies if code in authority.money]
    if not known:
        return f"{authority.tier} may grant nothing in this currency: bring in someone who may"
    limits = " or ".join(f"{authority.limit(code)} {code}" for code in known)
    return f"{authority.tier} may grant up to {limits}: stay within it, or bring in someone who may"
