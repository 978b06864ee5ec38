"""What an agent's words commit to, and by when.

>>> from datetime import datetime
>>> from zoneinfo import ZoneInfo
>>> [found] = commitments_in("I'm sorry about this. I'll call you tomorrow by 5 pm.")
>>> found.what, found.quote
('call', "I'll call you tomorrow by 5 pm")
>>> said = datetime(2026, 5, 1, 10, 0, tzinfo=ZoneInfo("Europe/Paris"))
>>> found.when.due(said).isoformat()
'2026-05-02T17:00:00+02:00'
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Final

from attrs import frozen

from deescalate.cues import Span
from deescalate.languages import ENGLISH, Language
from deescalate.promises import Promise, WorkingHours
from deescalate.text import SaidTime, Text, When
from deescalate.text.phrases import Match, PatternSet

__all__ = ["Commitment", "commitments_in"]


_QUOTED: Final = 300
"""Characters before a promise in which a quotation begins."""


@frozen(kw_only=True)
class Commitment:
    """Something that an agent's words commit to.

    Attributes:
        what: What is promised: ``call``, ``reply``, ``send``, ``refund``, ``fix``, ``find out``.
        span: Where the words stand, the time included where it stands beside them.
        quote: The words, exactly.
        when: By when, as it was said; ``None`` if no time was said.
    """

    what: str
    span: Span
    quote: str
    when: When | None = None

    def promise(
        self,
        *,
        name: str,
        at: datetime,
        made_by: str = "agent",
        hours: WorkingHours | None = None,
    ) -> Promise | None:
        """The commitment as a promise for the ledger; ``None`` without a time that comes.

        Args:
            name: What the ledger is to know it by.
            at: When it was said, an aware datetime in the customer's zone.
            made_by: Who said it.
            hours: The team's working hours.

        Raises:
            SettingError: A naive datetime, or an empty name.

        >>> from datetime import UTC, datetime
        >>> [found] = commitments_in("You will have your refund within 3 days.")
        >>> found.promise(name="p1", at=datetime(2026, 5, 1, tzinfo=UTC)).due.day
        4
        """
        if self.when is None:
            return None
        due = self.when.due(at, hours=hours)
        if due is None:
            return None
        return Promise(
            name=name, what=self.what, made_at=at, due=due, made_by=made_by, quote=self.quote
        )


def commitments_in(
    text: str | Text, *, month_first: bool = False, language: Language = ENGLISH
) -> tuple[Commitment, ...]:
    """Find what an agent's words commit to.

    Offers ("I can call you"), questions, conditions of taste ("if you like"), negations, what is
    taken back in the same sentence and what is quoted from somebody are no commitments. A time
    counts where it stands in the same sentence: the first after the promise that "by" or "within"
    leads in, the first after it, or else the last before it.

    Args:
        text: What the agent wrote; any text, in time linear in its length. A `Text` keeps its own
            language and order of dates.
        month_first: Whether a date such as 3/4 has its month first, as in the United States,
            rather than its day, as in Britain. Dates that can be meant in one way only, such as
            2026-04-03 and 4/13, are read so.
        language: The language it is written in.

    Returns:
        The commitments in the order of the text; none overlap in the words that promise.

    >>> commitments_in("Would you like a call? I can't promise a refund.")
    ()
    >>> [(each.what, each.when) for each in commitments_in("We'll get back to you shortly.")]
    [('reply', None)]
    >>> [each.when.month for each in commitments_in("I'll call you by 3/4.", month_first=True)]
    [3]
    """
    text = Text.of(text, language, month_first=month_first)
    return commitments_of(text, promises_said(text))


def promises_said(text: Text) -> Sequence[Match]:
    """The words that promise, before any time is looked for."""
    every = PatternSet.of(text.language, "promises").find_in(text)
    return _apart([match for match in every if not _is_told(text, match)])


def commitments_of(text: Text, said: Sequence[Match]) -> tuple[Commitment, ...]:
    """What some words that promise commit to, with their times."""
    return tuple(_commitments(text, said)) if said else ()


def _is_told(text: Text, match: Match) -> bool:
    """Whether it is quoted from somebody: they were told “I'll call you”."""
    at = text.tokens[match.first].start
    before = text.raw[max(at - _QUOTED, 0) : at].rpartition("\n")[2]
    low = "„" in before  # then “ closes
    opening = before.rfind("„" if low else "“")
    if opening <= max(before.rfind("”"), before.rfind("“") if low else -1):
        opening = before.rfind('"') if before.count('"') % 2 else -1
    return any(letter.isalpha() for letter in before[: max(opening, 0)])


def _apart(matches: Sequence[Match]) -> list[Match]:
    """The leftmost and there the longest of matches that overlap."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda each: (each.first, -each.last)):
        if not kept or match.first > kept[-1].last:
            kept.append(match)
    return kept


def _commitments(text: Text, matches: Sequence[Match]) -> Iterator[Commitment]:
    starts = [sentence.first for sentence in text.sentences] + [len(text.tokens)]
    times = text.times
    begins = [said.first for said in times]
    for number, match in enumerate(matches):
        low = starts[bisect_right(starts, match.first) - 1]
        high = starts[bisect_right(starts, match.first)]
        if number and matches[number - 1].last >= low:
            low = matches[number - 1].last + 1
        if number + 1 < len(matches):
            high = min(high, matches[number + 1].first)
        near = times[bisect_left(begins, low) : bisect_left(begins, high)]
        said = _nearest(near, match)
        first = min(match.first, said.first) if said else match.first
        last = max(match.last, said.last) if said else match.last
        span = Span(text.tokens[first].start, text.tokens[last].end)
        yield Commitment(
            what=match.label,
            span=span,
            quote=span.of(text.raw),
            when=said.when if said else None,
        )


def _nearest(times: Sequence[SaidTime], match: Match) -> SaidTime | None:
    """The first deadline after the promise, the first time after it, the last before it."""
    after = [said for said in times if said.last >= match.first]
    led = [said for said in after if said.deadline]
    return next(iter([*led, *after, *reversed(times)]), None)
