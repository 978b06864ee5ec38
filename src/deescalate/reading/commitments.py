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

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from datetime import datetime
from functools import cache

from attrs import frozen

from deescalate.cues import Span
from deescalate.languages import ENGLISH, Language
from deescalate.promises import Promise, WorkingHours
from deescalate.reading.when import Clockwork, SaidTime, When
from deescalate.text import Token, tokenize
from deescalate.text.phrases import Match, PatternSet

__all__ = ["Commitment", "clockwork", "commitments_in"]

_ENDS = frozenset({".", "!", "?", "...", "?!", "!?", "\u2026", "\u3002"})


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
        """The commitment as a promise for the ledger; ``None`` if no time was said.

        Args:
            name: What the ledger is to know it by.
            at: When it was said, an aware datetime in the customer's zone.
            made_by: Who said it.
            hours: The team's working hours.

        Raises:
            SettingError: A naive datetime, or an empty name.

        >>> from datetime import UTC
        >>> [found] = commitments_in("You will have your refund within 3 days.")
        >>> found.promise(name="p1", at=datetime(2026, 5, 1, tzinfo=UTC)).due.day
        4
        """
        if self.when is None:
            return None
        due = self.when.due(at, hours=hours)
        return Promise(
            name=name, what=self.what, made_at=at, due=due, made_by=made_by, quote=self.quote
        )


def commitments_in(
    text: str, *, month_first: bool = False, language: Language = ENGLISH
) -> tuple[Commitment, ...]:
    """Find what an agent's words commit to.

    Offers ("I can call you"), questions, conditions of taste ("if you like") and negations are
    no commitments. A time counts where it stands in the same sentence: the first after the
    promise, or else the last before it.

    Args:
        text: What the agent wrote; any text, in time linear in its length.
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
    tokens = tokenize(text)
    matches = _apart(PatternSet.of(language, "promises").find(tokens, text))
    if not matches:
        return ()
    clock = clockwork(language, month_first=month_first)
    return tuple(_commitments(text, tokens, matches, clock))


@cache
def clockwork(language: Language = ENGLISH, *, month_first: bool = False) -> Clockwork:
    """The words of time of a language, compiled.

    Args:
        language: The language.
        month_first: Whether a date such as 3/4 has its month first.
    """
    return Clockwork.from_words(language.settings("times"), month_first=month_first)


def _apart(matches: Sequence[Match]) -> list[Match]:
    """The leftmost and there the longest of matches that overlap."""
    kept: list[Match] = []
    for match in sorted(matches, key=lambda each: (each.first, -each.last)):
        if not kept or match.first > kept[-1].last:
            kept.append(match)
    return kept


def _commitments(
    text: str, tokens: Sequence[Token], matches: Sequence[Match], clock: Clockwork
) -> Iterator[Commitment]:
    ends = _sentence_ends(text, tokens)
    for number, match in enumerate(matches):
        low = ends[bisect_right(ends, match.first) - 1]
        high = ends[bisect_right(ends, match.first)]
        if number and matches[number - 1].last >= low:
            low = matches[number - 1].last + 1
        if number + 1 < len(matches):
            high = min(high, matches[number + 1].first)
        before = _times(clock, tokens[low : match.first], low)
        later = _times(clock, tokens[match.last + 1 : high], match.last + 1)
        within = _times(clock, tokens[match.first : match.last + 1], match.first)
        near = (within + later)[:1] or before[-1:]
        first = min([match.first, *(time.start for time in near)])
        last = max([match.last, *(time.end for time in near)])
        span = Span(tokens[first].start, tokens[last].end)
        when = near[0].when if near else None
        yield Commitment(what=match.label, span=span, quote=span.of(text), when=when)


def _sentence_ends(text: str, tokens: Sequence[Token]) -> list[int]:
    """Where sentences begin, as indexes of tokens, and the number of tokens at last."""
    starts = [0]
    for index, token in enumerate(tokens):
        after = text[token.end : tokens[index + 1].start] if index + 1 < len(tokens) else "\n"
        ends = token.text in _ENDS and after != ""
        if ends or "\n" in after:
            starts.append(index + 1)
    return starts


def _times(clock: Clockwork, tokens: Sequence[Token], offset: int) -> list[SaidTime]:
    """The times in a stretch of tokens, with first and last token for start and end."""
    starts: list[int] = []
    place = 0
    for token in tokens:
        starts.append(place)
        place += len(token.text) + 1
    folded = " ".join(token.text for token in tokens)
    return [
        SaidTime(
            start=offset + bisect_right(starts, found.start) - 1,
            end=offset + bisect_right(starts, found.end - 1) - 1,
            when=found.when,
        )
        for found in clock.find(folded)
    ]
