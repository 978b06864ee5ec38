"""Points in time in a row of tokens: "by noon tomorrow", "Friday the 16th", "within 24hrs".

Pieces are found first (a day, a time of day, a length, the end of a day), then those that stand
side by side are joined, and of a range the later end is kept.
"""

import re
from calendar import monthrange
from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from functools import cached_property
from typing import Final, NamedTuple

from attrs import evolve, frozen

from deescalate.hours import WEEKDAYS
from deescalate.text._durations import Duration
from deescalate.text._numbers import Number, Row
from deescalate.text._times import When
from deescalate.text._tokens import Span

__all__ = ["SaidTime", "times_in"]

_ISO: Final = re.compile(r"([12]\d{3})([-/. ])(\d{1,2})\2(\d{1,2})(?!/| ?\d)")
_WITH_YEAR: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2((?:20)?\d\d)(?![\d/])")
_SHORT: Final = re.compile(r"(\d{1,2})([/.])(\d{1,2})(?!\d|[/.,:]\d|[%/])")
_FRACTIONS: Final = frozenset({(1, 2), (1, 3), (2, 3), (1, 4), (3, 4)})
_OFFICE_AFTERNOON: Final = range(1, 8)
_DAYS: Final = frozenset({"weekday", "date", "day"})
_LEAP: Final = 2028
_NO_DAY: Final = 99
_JOINS: Final = 3
_FILLERS: Final = 4
_MIDNIGHT: Final = "24:00"
_DOTTED: Final = len("12.30")


@frozen(kw_only=True)
class SaidTime:
    """A point in time, where it was said.

    Attributes:
        when: What was said.
        span: Where, the word that leads to it included for a length of time.
        first: The index of its first token.
        last: The index of its last token.
        deadline: Whether a word such as "by" makes it one.

    >>> from deescalate.text import Text
    >>> [said.when.day for said in Text.of("I'll call you on Friday by noon.").times]
    ['friday']
    """

    when: When
    span: Span
    first: int
    last: int
    deadline: bool = False


class _Shown(NamedTuple):
    hour: int
    minute: int
    last: int
    half_day: str
    sure: bool


class _Piece(NamedTuple):
    kind: str
    when: When | None
    first: int
    last: int


def times_in(
    row: Row, durations: Sequence[Duration], *, month_first: bool = False
) -> tuple[SaidTime, ...]:
    """Find the points in time, in order, none overlapping another.

    Args:
        row: The tokens.
        durations: The lengths of time in them.
        month_first: Whether 3/4 is the fourth of March rather than the third of April.
    """
    reader = _Reader(row, {each.first: each for each in durations}, month_first)
    return tuple(reader.said(piece, piece.when) for piece in reader.whole() if piece.when)


@frozen(slots=False)
class _Reader:
    row: Row
    durations: Mapping[int, Duration]
    month_first: bool

    # What is found is put together.

    def said(self, piece: _Piece, when: When) -> SaidTime:
        tokens = self.row.tokens
        return SaidTime(
            when=when,
            span=Span(tokens[piece.first].start, tokens[piece.last].end),
            first=piece.first,
            last=piece.last,
            deadline=self._led(piece.first, "deadlines") or self._led(piece.first + 1, "deadlines"),
        )

    def whole(self) -> list[_Piece]:
        """The pieces, joined, of ranges the later end."""
        joined: list[_Piece] = []
        for piece in self.pieces():
            both = self._beside(joined[-1], piece) if joined else None
            if both:
                joined[-1] = both
            else:
                joined.append(piece)
        kept: list[_Piece] = []
        for piece in filter(self._stands, joined):
            later = self._later(kept[-1], piece) if kept else None
            if later:
                kept[-1] = later
            else:
                kept.append(piece)
        return kept

    def _beside(self, one: _Piece, other: _Piece) -> _Piece | None:
        """A day and a time of day that stand side by side, as one."""
        between = range(one.last + 1, other.first)
        if len(between) > _JOINS or not all(self.row.word(at) in self._joins for at in between):
            return None
        if one.when is None or other.when is None:
            return _Piece("date", None, one.first, other.last)  # a day that no calendar has
        kinds = (one.kind, other.kind)
        if kinds in {("weekday", "date"), ("end", "weekday"), ("end", "day"), ("end", "date")}:
            when = other.when
        elif kinds in {("weekday", "end"), ("day", "end"), ("date", "end"), ("date", "weekday")}:
            when = one.when
        elif kinds in {("clock", "part"), ("part", "clock")}:
            exact = one if one.kind == "clock" else other
            return _Piece("clock", exact.when, one.first, other.last)
        elif one.kind == "vague" and other.kind in {"clock", "part"}:
            exact_when = one.when if other.kind == "part" else _at(one.when, other.when)
            return _Piece("day", exact_when, one.first, other.last)
        elif other.kind in {"clock", "part"} and one.kind in _DAYS and one.when.clock is None:
            when = _at(one.when, other.when)
        elif one.kind in {"clock", "part"} and other.kind in _DAYS:
            when = _at(other.when, one.when)
        else:
            return None
        kind = "vague" if "part" in kinds else "date" if "date" in kinds else "day"
        return _Piece(kind, when, one.first, other.last)

    def _later(self, one: _Piece, other: _Piece) -> _Piece | None:
        """The later end of "Tuesday or Wednesday", "between the 12th and the 14th"."""
        row = self.row
        first = other.first - (
            row.word(other.first - 1) in row.words.section("numbers", "articles")
        )
        first -= row.word(first - 1) == "the"
        between = [row.word(at) for at in range(one.last + 1, first)]
        hyphen = not between and row.hyphen(other.first)
        ranged = len(between) == 1 and between[0] in row.words.ranges
        start = one.first - (row.word(one.first - 1) == "the")
        led = row.word(start - 1) in row.words.section("numbers", "between")
        both = len(between) == 1 and between[0] in row.words.joiners and led
        if not (hyphen or ranged or both) or one.when is None or other.when is None:
            return None
        if bool(one.when.amount) != bool(other.when.amount):
            return None
        when = other.when
        if not when.amount and not when.day:
            clock, zone = when.clock, when.zone
            when = evolve(one.when, clock=clock, zone=zone or one.when.zone)
        return _Piece(other.kind, when, one.first, other.last)

    def _stands(self, piece: _Piece) -> bool:
        """Whether a part of the day is a time of its own: "good morning" is none."""
        if piece.kind != "part":
            return True
        word, before = self.row.word(piece.first), self.row.word(piece.first - 1)
        alone = word in self._list("parts alone") or piece.last > piece.first
        return alone or before in self._list("on") or before in self._list("by") or before == "the"

    # The pieces.

    def pieces(self) -> Iterator[_Piece]:
        """The elements in order, none overlapping another."""
        at, starts = 0, self.row.words.time_starts
        for index, token in enumerate(self.row.tokens):
            if index < at or not (
                token.text in starts
                or token.text[:1].isdecimal()
                or index in self.row.starting
                or index in self.durations
            ):
                continue
            piece = self._piece(index)
            if piece is not None:
                at = piece.last + 1
                yield piece

    def _piece(self, index: int) -> _Piece | None:
        for read in (
            self._length,
            self._date_in_digits,
            self._date,
            self._phrase,
            self._weekday,
            self._to_the_hour,
            self._clock,
        ):
            piece = read(index)
            if piece is not None:
                return piece
        return None

    def _length(self, index: int) -> _Piece | None:
        """A length that is led in: "within two days"; "a week on Tuesday"; "within the hour"."""
        row, found = self.row, self.durations.get(index)
        if found is None:
            unit = row.words.units.get(row.word(index))
            lead = self._within(index) if unit else None
            if unit is None or lead is None or row.word(index - 1) not in {"the", "next"}:
                return None
            if row.word(lead) == "in" and index - lead < _JOINS:
                return None
            return _Piece("length", When(amount=1, unit=unit), lead, index)
        after = found.last + 1
        when = _length_of(found)
        if found.unit in {"week", "fortnight"} and found.count % 1 == 0:
            start = after + (row.word(after) in self._list("on from"))
            day = self._weekday(start) or self._phrase(start)
            if day and day.when and day.kind in {"weekday", "day"}:
                weeks = int(found.count) * (2 if found.unit == "fortnight" else 1)
                if not (start > after and self._match(after, "from now")):
                    return _Piece("day", evolve(day.when, weeks=weeks), index, day.last)
        lead = self._within(index)
        now = self._match(after, "from now")
        if lead is None and now is None:
            return None
        return _Piece(
            "length", when, index if lead is None else lead, now[1] if now else found.last
        )

    def _within(self, index: int) -> int | None:
        """Where the word stands that leads to a length which begins here."""
        row, at = self.row, index - 1
        while index - at <= _FILLERS and row.word(at) in self.row.words.time_fillers:
            at -= 1
        return at if at >= 0 and row.word(at) in self._list("within") else None

    def _date_in_digits(self, index: int) -> _Piece | None:
        row = self.row
        start, text = row.tokens[index].start, row.text
        if index and row.gap(index) == "" and row.word(index - 1) in {"/", "."}:
            return None
        if found := _ISO.match(text, start):
            year, month, day = int(found[1]), int(found[3]), int(found[4])
        elif found := _WITH_YEAR.match(text, start):
            day, month, year = int(found[1]), int(found[3]), int(found[4])
            day, month = self._ordered(day, month)
            year += 2000 if year < 100 else 0
        elif (found := _SHORT.match(text, start)) and self._leads_to_short(index, found):
            day, month = self._ordered(int(found[1]), int(found[3]))
            year = 0
        else:
            return None
        last = index
        while last + 1 < len(row.tokens) and row.tokens[last + 1].start < found.end():
            last += 1
        if row.tokens[last].end != found.end():
            return None
        return self._dated(day or _NO_DAY, month or _NO_DAY, year, index, last)

    def _leads_to_short(self, index: int, found: re.Match[str]) -> bool:
        row = self.row
        over, under = int(found[1]), int(found[3])
        if found[2] == ".":
            return row.word(index - 1) == "on"
        led = self._led(index, "on") or self._led(index, "by")
        counts = (over, under) in _FRACTIONS and not self._free(index + 3)
        return led and not counts and (over, under) != (24, 7)

    def _ordered(self, first: int, second: int) -> tuple[int, int]:
        """Day and month: as they must be meant, or in the order that the house writes."""
        if second > 12 or (self.month_first and first <= 12):
            return second, first
        return first, second

    def _date(self, index: int) -> _Piece | None:
        """A date in words: "15 March 2027", "March the 3rd", "the 15th", "the end of March"."""
        row, months = self.row, self._list("months")
        number = row.starting.get(index)
        if number is not None:
            day = self._day_number(number)
            after = number.last + 1
            after += row.word(after) in row.words.section("numbers", "ordinal endings")
            after += row.word(after) in self._list("of month")
            month = months.get(row.word(after)) if day else None
            if month:
                return self._with_year(day, int(month), index, after)
            digits = number.ordinal and bool(number.digits)
            if day and digits and row.word(index - 1) == "the" and self._free(after):
                return self._dated(day, 0, 0, index, number.last)
            return None
        return self._month_first(index)

    def _month_first(self, index: int) -> _Piece | None:
        """Read "March the 3rd, 2027" and "the end of March"."""
        row, months = self.row, self._list("months")
        if end := self._match(index, "end of"):
            month = months.get(row.word(end[1] + 1))
            return self._dated(0, int(month), 0, index, end[1] + 1) if month else None
        month = months.get(row.word(index))
        if month is None or not self._is_month(index):
            return None
        after = index + 1
        after += row.word(after) == "." and len(row.word(index)) <= 4
        after += row.word(after) == "the"
        number = row.starting.get(after)
        if number is None or not (day := self._day_number(number)) or row.word(after + 1) == ":":
            return None
        return self._with_year(day, int(month), index, number.last)

    def _is_month(self, index: int) -> bool:
        """Whether a word that may be a month is one here."""
        token = self.row.tokens[index]
        return self.row.text[token.start : token.start + 1].isupper() or self._led(index, "on")

    def _day_number(self, number: Number) -> int:
        """The day of the month that a number may be; 0 for none."""
        whole = not number.tail or number.ordinal
        fits = whole and 1 <= number.value <= 99 and number.value % 1 == 0 and number.scale == 1
        money = self.row.tokens[number.first].kind == "money"
        return int(number.value) if fits and not money else 0

    def _with_year(self, day: int, month: int, first: int, last: int) -> _Piece:
        after = last + 1 + (self.row.word(last + 1) in {",", "."})
        year = self.row.word(after)
        if len(year) == 4 and year.isdecimal() and 1900 <= int(year) <= 2199:
            return self._dated(day, month, int(year), first, after)
        return self._dated(day, month, 0, first, last)

    def _dated(self, day: int, month: int, year: int, first: int, last: int) -> _Piece:
        """A date, or nothing in its place if no calendar has it."""
        real = 0 <= month <= 12 and 0 <= day <= (
            monthrange(year or _LEAP, month)[1] if 1 <= month <= 12 else 31 * (month == 0)
        )
        when = When(day="date", month=month, day_of_month=day, year=year) if real else None
        return _Piece("date", when, first, last)

    def _phrase(self, index: int) -> _Piece | None:
        """Days, ends of days and parts of the day that have a name."""
        if found := self._match(index, "days"):
            return _Piece("day", When(day=found[0]), index, found[1])
        if found := self._match(index, "working day"):
            return _Piece("length", When(amount=1, unit="working_day"), index, found[1])
        if found := self._match(index, "ends"):
            return _Piece("end", When(day="end_of_day"), index, found[1])
        if found := self._match(index, "parts"):
            zone, last = self._zone(found[1])
            midnight = found[0] == _MIDNIGHT
            clock = time.max if midnight else time.fromisoformat(found[0])
            when = When(clock=clock, zone=zone)
            return _Piece("part" if last == found[1] else "clock", when, index, last)
        return None

    def _weekday(self, index: int) -> _Piece | None:
        row, first = self.row, index
        named = self._list("weekdays").get(row.word(index))
        short = self._list("short weekdays").get(row.word(index))
        if named is None and short is not None:
            token = row.tokens[index]
            capital = row.text[token.start : token.start + 1].isupper()
            if self._led(index, "on") or (capital and index + 1 in row.starting):
                named = short
        if named is None or named not in WEEKDAYS:
            return None
        last, weeks, following = index, 0, self._behind(index, "next")
        if found := self._match(last + 1, "after next"):
            following, weeks, last = True, 1, found[1]
        elif (found := self._match(last + 1, "days")) and found[0] == "next_week":
            following, last = True, found[1]
        elif row.word(last + 1) == "week" and row.word(last + 2) not in {"'", "’"}:
            weeks, last = 1, last + 1
        day = f"next_{named}" if following else named
        return _Piece("weekday", When(day=day, weeks=weeks), first, last)

    def _to_the_hour(self, index: int) -> _Piece | None:
        """Read "half past three", "quarter to five", "ten to four", "half three"."""
        row = self.row
        number = row.starting.get(index)
        if number is None or number.ordinal or number.tail or number.first != number.last:
            return None
        part = number.value < 1
        minutes = int(number.value * 60) if part else int(number.value)
        word = row.word(index + 1)
        to = self._list("quarter to" if part and minutes == 15 else "to")
        hour, led = row.starting.get(index + 2), part or self._led(index, "by")
        if word in self._list("past"):
            sign = 1
        elif word in to and (part or number.digits == "" or self._led(index, "by")):
            sign = -1
        elif part and minutes == 30 and self._led(index, "by"):
            sign, hour = 1, row.starting.get(index + 1)
        else:
            return None
        shown_hour = None if hour is None else self._hour(hour)
        if hour is None or shown_hour is None or not 0 < shown_hour <= 12:
            return None
        if not led or (number.digits and minutes % 5) or not 0 < minutes < 60:
            return None
        half_day, last = self._half_day(hour.last)
        if not half_day and not self._free(last + 1):
            return None
        zone, last = self._zone(last)
        shown = _on_24(shown_hour, half_day) * 60 + sign * minutes
        clock = time(shown // 60 % 24, shown % 60)
        return _Piece("clock", When(clock=clock, zone=zone), index, last)

    def _clock(self, index: int) -> _Piece | None:
        """Read "3pm", "15:45", "9.30 am", "at five", "4 o'clock", "1430 hrs"."""
        row, number = self.row, self.row.starting.get(index)
        if number is None or number.ordinal or row.tokens[index].kind == "money":
            return None
        shown = self._shown(number)
        if shown is None or row.word(shown.last + 1) in {"%", "/", ":"}:
            return None
        half_day, last = shown.half_day, shown.last
        if not half_day:
            half_day, last = self._half_day(last)
        if found := self._match(last + 1, "o'clock"):
            last = found[1]
        led = self._led(index, "by") or self._led_by_range(index)
        if not (half_day or found or shown.sure or (led and self._free(last + 1))):
            return None
        if number.digits[:1] == "0" and not half_day:
            half_day = "24"
        return self._timed(shown.hour, shown.minute, half_day, index, last)

    def _shown(self, number: Number) -> _Shown | None:
        """What a clock shows here, if it can be one."""
        row, last, digits = self.row, number.last, number.digits
        tail = number.tail
        minute, sure = 0, False
        hour = self._hour(number)
        if row.word(last + 1) == ":" and (minutes := row.starting.get(last + 2)):
            if number.tail or not (minutes.digits.isdecimal() and len(minutes.digits) == 2):
                return None
            minute, sure, tail = int(minutes.digits), True, minutes.tail
            last = minutes.last + 2 * (row.word(minutes.last + 1) == ":")
        elif digits[-3:-2] == "." and len(digits) <= _DOTTED and digits.count(".") == 1:
            hour, minute = int(digits[:-3]), int(digits[-2:])
        elif len(digits) == 4 and digits.isdecimal() and row.word(last + 1) in self._list("hours"):
            return _Shown(int(digits[:2]), int(digits[2:]), last + 1, "24", sure=True)
        half_day = next((half for half in ("am", "pm") if tail in self._list(half)), "")
        if hour is None or number.first in self.durations or (tail and not half_day):
            return None
        return _Shown(hour, minute, last, half_day, sure=sure)

    def _timed(self, hour: int, minute: int, half_day: str, first: int, last: int) -> _Piece | None:
        if (
            hour > 23
            or minute > 59
            or (half_day in {"am", "pm"} and hour > 12 and half_day == "am")
        ):
            return None
        zone, last = self._zone(last)
        clock = time(_on_24(hour, half_day), minute)
        return _Piece("clock", When(clock=clock, zone=zone), self._from_hour(first), last)

    def _from_hour(self, first: int) -> int:
        """Where "9-11am" begins: at the hour before, if there is one."""
        row = self.row
        at = first - 1 if row.hyphen(first) else first - 2
        before = row.ending.get(at)
        led = before is not None and row.word(before.first - 1) in row.words.section(
            "numbers", "between"
        )
        mark = row.word(first - 1)
        ranged = at == first - 1 or mark in row.words.ranges or (mark in row.words.joiners and led)
        if before is None or not ranged or before.tail or self._hour(before) is None:
            return first
        return before.first

    def _led_by_range(self, index: int) -> bool:
        """Whether a bare hour ends "between 9 and 11"."""
        start = self._from_hour(index)
        return start < index and self.row.word(start - 1) in self.row.words.section(
            "numbers", "between"
        )

    def _hour(self, number: Number) -> int | None:
        fits = 0 <= number.value <= 24 and number.value % 1 == 0
        plain = number.scale == 1 and number.first == number.last
        return int(number.value) if fits and plain else None

    def _half_day(self, last: int) -> tuple[str, int]:
        for half in ("am", "pm"):
            if found := self._match(last + 1, half):
                dot = self.row.word(found[1] + 1) == "." and self.row.word(found[1] - 1) == "."
                return half, found[1] + dot
        return "", last

    def _zone(self, last: int) -> tuple[str, int]:
        """The zone behind a time of day, and its last token."""
        row = self.row
        at = last + 1 + (row.word(last + 1) == "(")
        zone = row.words.section("zones").get(row.word(at))
        if zone is None:
            return "", last
        sign, hours = row.word(at + 1), row.starting.get(at + 2)
        if zone == "UTC" and sign in {"+", "-"} and hours and self._hour(hours) is not None:
            return f"{sign}{int(hours.value):02}:00", hours.last
        at += row.word(at + 1) in self._list("zone time")
        return zone, at + (at > last + 1 and row.word(at + 1) == ")")

    # The words around.

    def _list(self, section: str) -> Mapping[str, str]:
        return self.row.words.section("times", section)

    @cached_property
    def _joins(self) -> Mapping[str, str]:
        return self._list("joins")

    def _led(self, index: int, section: str) -> bool:
        """Whether a word that leads to a time stands before a place, perhaps with an article."""
        at = index - 1 - (self.row.word(index - 1) == "the")
        return self.row.word(at) in self.row.words.last_words("times", section)

    def _behind(self, index: int, section: str) -> bool:
        """Whether a phrase of a section ends just before a place."""
        return self.row.word(index - 1) in self.row.words.last_words("times", section)

    def _free(self, index: int) -> bool:
        """Whether what stands here leaves the number before it a time or a date."""
        tokens = self.row.tokens
        if index >= len(tokens):
            return True
        token = tokens[index]
        if token.kind == "word":
            return (
                token.text in self._list("behind hours")
                or (
                    token.text in self.row.words.time_starts
                    and token.text not in self.row.words.units
                )
                or token.text in self.row.words.section("zones")
            )
        return token.kind in {"punct", "emoji"} and token.text not in {"%", "/", ":"}

    def _match(self, index: int, section: str) -> tuple[str, int] | None:
        """The phrase of a section that begins here: what it means and its last token."""
        word = self.row.word(index)
        for phrase, value in self.row.words.phrases("times", section).get(word, ()):
            if all(self.row.word(index + step) == each for step, each in enumerate(phrase)):
                return value, index + len(phrase) - 1
        return None


def _at(day: When, clock: When) -> When:
    """A day at a time of day."""
    return evolve(day, clock=clock.clock, zone=clock.zone)


def _length_of(found: Duration) -> When:
    """A length of time as what is to pass."""
    match found.unit:
        case "fortnight":
            return When(amount=found.count * 2, unit="week")
        case "decade":
            return When(amount=found.count * 10, unit="year")
        case _ if found.count % 1 and found.unit in {"day", "week"}:
            return When(amount=found.seconds / 3600, unit="hour")
        case _:
            return When(amount=found.count, unit=found.unit)


def _on_24(hour: int, half_day: str) -> int:
    """The hour of the day; without am or pm, one to seven are in the afternoon."""
    if half_day == "pm":
        return hour if hour >= 12 else hour + 12
    if half_day == "am":
        return hour % 12 if hour == 12 else hour
    return hour + 12 if hour in _OFFICE_AFTERNOON and half_day != "24" else hour
