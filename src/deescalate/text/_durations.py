"""Lengths of time: "twenty-four hours", "an hour and a half", "2h30", "3-5 working days"."""

import re
from decimal import Decimal
from typing import Final

from attrs import evolve, frozen

from deescalate.text._numbers import Row, SaidNumber
from deescalate.text._tokens import Span

__all__ = ["FRACTIONS", "SECONDS", "Duration", "durations_in"]

SECONDS: Final = {
    "second": 1,
    "minute": 60,
    "hour": 3_600,
    "working_hour": 3_600,
    "day": 86_400,
    "week": 604_800,
    "fortnight": 1_209_600,
    "month": 2_629_800,
    "year": 31_557_600,
    "decade": 315_576_000,
}
"""Seconds of each unit; a year is the Julian one of 365.25 days, a month its twelfth."""

FRACTIONS: Final = frozenset({("1", "2"), ("1", "3"), ("2", "3"), ("1", "4"), ("3", "4")})
"""What is a part of something where it stands as such as "1/2"."""

_CLOCKLIKE: Final = re.compile(r"(\d{1,3})h(\d\d)")
_FILLERS: Final = 3


@frozen(kw_only=True)
class Duration:
    """A length of time as it was written.

    Attributes:
        seconds: Its seconds; of a range the longer end.
        least: The shorter end of a range; otherwise the same.
        count: How many of ``unit``.
        unit: ``second`` to ``decade``, ``working_day`` or ``working_hour``; of "an hour and twenty
            minutes" the smaller one.
        span: Where it stands.
        first: The index of its first token.
        last: The index of its last token.

    >>> from deescalate.text import Text
    >>> [each.seconds for each in Text.of("an hour and a half, or 2h30").durations]
    [5400.0, 9000.0]
    """

    seconds: float
    least: float
    count: float
    unit: str
    span: Span
    first: int
    last: int


def durations_in(row: Row, *, told: bool = False) -> tuple[Duration, ...]:
    """Find the lengths of time, in order, none overlapping another.

    Args:
        row: The tokens.
        told: Whether they are known to tell how long something took, so that "the last week" is a
            week.
    """
    reader = _Reader(row, told)
    found: list[Duration] = []
    for index, token in enumerate(row.tokens):
        if found and index <= found[-1].last:
            continue
        unit = row.words.units.get(token.text) or reader.whose_time(index)
        number = row.ending.get(index)
        if unit is not None:
            each = reader.counted(index, unit)
        elif number and number.tail:
            each = reader.glued(number)
        else:
            each = reader.hours_and_minutes(index) if token.text[:1].isdecimal() else None
        if each is None:
            continue
        if found and (joined := reader.joined(found[-1], each)):
            found[-1] = joined
        else:
            found.append(each)
    return tuple(found)


@frozen
class _Reader:
    row: Row
    told: bool

    def counted(self, index: int, unit: str) -> Duration | None:
        """A unit with the number, or the article, that stands before it."""
        row, words = self.row, self.row.words
        fillers, working = words.section("units", "fillers"), words.section("units", "working")
        one = words.ones[self.told]
        at, worked = index - 1, False
        while index - at <= _FILLERS and row.word(at) in fillers and row.word(at) not in one:
            worked = worked or row.word(at) in working
            at -= 1
        if worked and unit in {"day", "hour"}:
            unit = f"working_{unit}"
        number = row.ending.get(at)
        if number and not number.ordinal and not number.tail:
            if self._is_some_day(at, index):
                return None
            if over := self._over(number):
                whole = row.ending.get(over.first - 1)
                value = over.value / number.value + (whole.value if whole else 0)
                return self._made(value, unit, whole.first if whole else over.first, index)
            return self._made(number.value, unit, number.first, index)
        if row.word(at) in words.articles:
            part = row.ending.get(at - 2 if row.word(at - 1) == "of" else at - 1)
            if part and part.value < 1:  # half an hour, three quarters of an hour
                times = row.ending.get(part.first - 1)
                value, first = (times.value, times.first) if times else (Decimal(1), part.first)
                return self._made(part.value * value, unit, first, index)
        if row.word(at) not in one or (unit == "second" and row.word(at) in words.articles):
            return None  # "wait a second" and "a second parcel" are no lengths
        return self._made(Decimal(1), unit, at, index)

    def _over(self, number: SaidNumber) -> SaidNumber | None:
        """The "1" of "1/2 an hour", as far as it is a part and no range such as "24/48"."""
        over = self.row.ending.get(number.first - 2)
        if over is None or self.row.word(number.first - 1) != "/":
            return None
        return over if (over.digits, number.digits) in FRACTIONS else None

    def whose_time(self, index: int) -> str | None:
        """The unit of "an hour's time"."""
        phrase = f"{self.row.word(index)} {self.row.word(index + 1)}"
        return self.row.words.section("units", "whose time").get(phrase)

    def _is_some_day(self, at: int, index: int) -> bool:
        """Whether "one day" is no length: "one day it worked", "I hope one day you will"."""
        row = self.row
        named = f"{row.word(at)} {row.word(index)}" in row.words.section("units", "some day")
        return named and row.word(index + 1) in row.words.section("units", "some day told")

    def glued(self, number: SaidNumber) -> Duration | None:
        """Digits with their unit: "24hrs", "2.5h", "45m"."""
        unit = self.row.words.glued_units.get(number.tail)
        return self._made(number.value, unit, number.first, number.last) if unit else None

    def hours_and_minutes(self, index: int) -> Duration | None:
        """Such as "2h30", and "1:30 h" from its first token on."""
        row = self.row
        if found := _CLOCKLIKE.fullmatch(row.word(index)):
            return self._timed(int(found[1]), int(found[2]), index, index)
        minutes = row.word(index + 2)
        unit = row.words.glued_units.get(row.word(index + 3))
        if row.word(index + 1) == ":" and unit == "hour" and len(minutes) == 2:
            hours = row.word(index)
            if hours.isdecimal() and minutes.isdecimal() and len(hours) <= 3:
                return self._timed(int(hours), int(minutes), index, index + 3)
        return None

    def _timed(self, hours: int, minutes: int, first: int, last: int) -> Duration | None:
        if minutes >= 60:
            return None
        return self._made(Decimal(60 * hours + minutes), "minute", first, last)

    def _made(self, count: Decimal, unit: str, first: int, last: int) -> Duration | None:
        row, words = self.row, self.row.words
        most, least, end = count, count, last
        more = row.starting.get(last + 2)
        if (part := words.numbers.get(row.word(last + 3), Decimal(1))) < 1 and self._and_a(
            last + 1
        ):
            most, least, end = count + part, count + part, last + 3
        elif row.word(last + 1) == "or" and more and count < more.value and self._ends(more):
            most, end = more.value, more.last
        elif unit == "hour" and (minutes := self._minutes(last + 1)):
            most = least = count * 60 + minutes.value  # 1 hr 45, an hour and fifty
            unit, end = "minute", minutes.last
        lower = self._least(count, first)
        if lower:
            least, first = lower.value, lower.first
        seconds = SECONDS["day" if unit == "working_day" else unit]
        if most * seconds > 10**11:
            return None
        return Duration(
            seconds=float(most * seconds),
            least=float(least * seconds),
            count=float(most),
            unit=unit,
            span=Span(row.tokens[first].start, row.tokens[end].end),
            first=first,
            last=end,
        )

    def _minutes(self, index: int) -> SaidNumber | None:
        """The minutes that stand bare behind hours."""
        row = self.row
        joined = row.word(index) in row.words.joiners
        number = row.starting.get(index + joined)
        if number is None or number.ordinal or not self._ends(number) or row.gap(index) != " ":
            return None
        bare = joined or number.digits.isdecimal()
        return number if bare and number.value % 1 == 0 and 0 < number.value < 60 else None

    def _ends(self, number: SaidNumber) -> bool:
        """Whether nothing behind a number says what it counts."""
        after = number.last + 1
        behind = self.row.tokens[after] if after < len(self.row.tokens) else None
        return not number.tail and (behind is None or behind.kind == "punct")

    def _and_a(self, index: int) -> bool:
        row = self.row
        return row.word(index) in row.words.joiners and row.word(index + 1) in row.words.articles

    def _least(self, count: Decimal, first: int) -> SaidNumber | None:
        """The lower end of a range that ends here: "3-5", "3 to 5", "between 3 and 5"."""
        row = self.row
        if first == 0:
            return None
        bare = row.hyphen(first)
        left = row.ending.get(first - 1 if bare else first - 2)
        if left is None or left.ordinal or not 0 <= left.value < count:
            return None
        mark = row.word(first - 1)
        led = row.word(left.first - 1) in row.words.section("numbers", "between")
        pair = mark == "/" or mark in row.words.ranges or (mark in row.words.joiners and led)
        loose = not row.words.glued_units.get(left.tail)  # of "2h 30m" the parts add up
        return left if (bare or pair) and loose else None

    def joined(self, long: Duration, short: Duration) -> Duration | None:
        """Two lengths as one: "1 hour 30 minutes", "an hour and twenty minutes"."""
        row = self.row
        between = [row.word(at) for at in range(long.last + 1, short.first)]
        plus = between in ([], [","]) or (len(between) == 1 and between[0] in row.words.joiners)
        if not plus or short.seconds >= SECONDS.get(long.unit, 0) or long.unit == short.unit:
            return None
        seconds = long.seconds + short.seconds
        size = SECONDS.get(short.unit, SECONDS["day"])
        return evolve(
            long,
            seconds=seconds,
            least=long.least + short.least,
            count=seconds / size,
            unit=short.unit,
            span=Span(long.span.start, short.span.end),
            last=short.last,
        )
