"""The rewrite: every safe replacement made, and none that would make anything worse."""

from collections import Counter
from collections.abc import Callable, Iterable
from itertools import islice
from typing import TypeAlias

from deescalate.text import Text
from deescalate.wording._draft import Hit
from deescalate.wording._findings import Flaw, Review

__all__ = ["applied", "rewritten"]

ROUNDS = 12
"""Rounds after which a text that is still not settled is left as it was. Ours."""

GROUPS = 30
"""Groups of replacements that a round tries one by one, so that the time stays linear. Ours."""

LONG = 4000
"""Characters from which a text is first settled sentence by sentence, each sentence once. Ours."""

WORK = 200_000
"""Characters that may be read again in all, or ten times the draft where that is more; a text that
is not settled then is left as it was. Ours: a draft of 500 characters never comes near it."""

_Look: TypeAlias = Callable[[str], Review]


def rewritten(first: Review, look: _Look) -> str:
    """Make safe replacements until none is left.

    A round makes all replacements that do not overlap; where that would add a finding of any code
    or lower the score, it makes like ones together, one group after the other, and leaves out those
    that would. Before a round, a long text is settled sentence by sentence, so that the whole is
    read only once or twice. Every step leaves fewer told findings than it found, so it settles;
    and a rewrite of a settled text is that text.

    Args:
        first: The review of the draft as it stands.
        look: Reviews a text as it stands.

    Returns:
        The rewritten draft.
    """
    current, look = first, _within_work(look, max(WORK, 10 * len(first.draft)))
    try:
        for _ in range(ROUNDS):
            better = _sentences_settled(current, look) or _round(current, look)
            if better is None:
                return current.draft
            current = better
    except _TooMuchWorkError:
        pass
    return first.draft


class _TooMuchWorkError(Exception):
    """Looking once more would take too long."""


def _within_work(look: _Look, most: int) -> _Look:
    """Look at texts for as long as they have no more characters together."""
    left = most

    def looked(text: str) -> Review:
        nonlocal left
        left -= len(text)
        if left < 0:
            raise _TooMuchWorkError
        return look(text)

    return looked


def _sentences_settled(current: Review, look: _Look) -> Review | None:
    """The text with each sentence put better by itself, if that makes the whole better."""
    text, offered = current.draft, _offered(current)
    if len(text) < LONG or not offered:
        return None
    cut = Text.of(text)
    better: dict[str, str] = {}
    parts: list[str] = []
    at = number = 0
    for each in cut.sentences:
        start, end = cut.tokens[each.first].start, cut.tokens[each.last].end
        while number < len(offered) and offered[number].span.start < start:
            number += 1
        if number < len(offered) and offered[number].span.start < end and end - start < LONG:
            sentence = text[start:end]
            if sentence not in better:
                better[sentence] = _settled(sentence, look) or sentence
            parts += (text[at:start], better[sentence])
            at = end
    parts.append(text[at:])
    whole = look("".join(parts))
    return whole if _is_better(whole, current) else None


def _settled(sentence: str, look: _Look) -> str:
    """A sentence with its replacements made, for as long as they make it better."""
    current = look(sentence)
    for _ in range(ROUNDS):
        offered = _offered(current)
        changed = look(applied(current.draft, offered)) if offered else current
        if not _is_better(changed, current):
            break
        current = changed
    return current.draft


def _offered(current: Review) -> list[Flaw]:
    return [each for each in current.findings if each.replacement is not None]


def _round(current: Review, look: _Look) -> Review | None:
    offered = _offered(current)
    if not offered:
        return None
    whole = look(applied(current.draft, offered))
    if _is_better(whole, current):
        return whole
    best = current
    for group in islice(dict.fromkeys(map(_group, offered)), GROUPS):
        changed = look(applied(best.draft, [e for e in best.findings if _group(e) == group]))
        if _is_better(changed, best):
            best = changed
    return None if best is current else best


def _group(finding: Flaw) -> tuple[str, str | None]:
    return finding.code, finding.replacement


def _is_better(new: Review, old: Review) -> bool:
    """Whether no code is told more often, some code less, none in all, and the score no lower."""
    before, after = _counts(old.findings), _counts(new.findings)
    return (
        after.total() < before.total()
        and len(new.findings) <= len(old.findings)
        and new.score >= old.score
        and all(count <= before[code] for code, count in after.items())
    )


def _counts(findings: Iterable[Flaw]) -> Counter[str]:
    """How often each code is told; what is only heard counts in the score."""
    return Counter(each.code for each in findings if not each.heard)


def applied(text: str, findings: Iterable[Flaw | Hit]) -> str:
    """Replace passages from left to right, leaving out those that overlap an earlier one."""
    parts: list[str] = []
    at = 0
    for each in findings:
        if each.replacement is not None and each.span.start >= at:
            parts += (text[at : each.span.start], each.replacement)
            at = each.span.end
    parts.append(text[at:])
    return "".join(parts)
