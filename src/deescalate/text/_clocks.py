"""Times of day: "3pm", "15:45", "half past three", "noon"."""

import re
from collections.abc import Container
from datetime import datetime, time
from typing import Final, NamedTuple

from attrs import frozen

from deescalate.text._numbers import SaidNumber
from deescalate.text._pieces import Around, Piece
from deescalate.text._times import When

__all__ = ["Clocks"]

_OFFICE_AFTERNOON: Final = range(1, 8)
_MIDNIGHT: Final = "24:00"
_DOTTED: Final = len("12.30")
_FRENCH: Final = re.compile(r"(\d{1,2})h(\d\d)?")
_OFFSET: Final = re.compile(r" ?([+\u2212-]) ?(\d{1,2})(?::?([0-5]\d))?(?![\d:])")
_FARTHEST: Final = 14
_MOMENT: Final = re.compile(
    r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(?::\d\d(?:\.\d{1,6})?)?(?:[Zz]|[+-]\d\d:?\d\d)?(?![\w:])"
)
_HALVES: Final = ("am", "pm")
_ZULU: Final = "z"
_NOON: Final = 12


class _Shown(NamedTuple):
    hour: int
    minute: int
    last: int
    half_day: str
    sure: bool


@frozen
class Clocks(Around):
    """Reads times of day.

    Attributes:
        lengths: The tokens where lengths of time begin, which are no hours.

    >>> from deescalate.text import Text
    >>> Clocks(Text.of("half past three").row).to_the_hour(0).when.clock.hour
    15
    """

    lengths: Container[int] = ()

    def part(self, index: int) -> Piece | None:
        """A part of the day that has a name."""
        found = self.match(index, "parts")
        if found is None:
            return None
        zone, last = self.zone(found[1])
        clock = time.max if found[0] == _MIDNIGHT else time.fromisoformat(found[0])
        kind = "part" if last == found[1] else "clock"
        return Piece(kind, When(clock=self._ends(index, clock), zone=zone), index, last)

    def _ends(self, index: int, clock: time) -> time:
        """By when it is over: "after five" lasts until the day does."""
        return time.max if self.behind(index, "after") else clock

    def to_the_hour(self, index: int) -> Piece | None:
        """Read "half past three", "quarter to five", "ten to four", "half three"."""
        row = self.row
        number = row.starting.get(index)
        if number is None or number.ordinal or number.tail or number.first != number.last:
            return None
        part = number.value < 1
        minutes = int(number.value * 60) if part else int(number.value)
        word = row.word(index + 1)
        to = self.section("quarter to" if part and minutes == 15 else "to")
        hour, led = row.starting.get(index + 2), part or self.led(index, "by")
        if word in self.section("past"):
            sign = 1
        elif word in to and (part or number.digits == "" or self.led(index, "by")):
            sign = -1
        elif part and minutes == 30 and self.led(index, "by"):
            sign, hour = 1, row.starting.get(index + 1)
        else:
            return None
        shown_hour = None if hour is None else self._hour(hour)
        if hour is None or shown_hour is None or not 0 < shown_hour <= 12:
            return None
        if not led or (number.digits and minutes % 5) or not 0 < minutes < 60:
            return None
        half_day, last = self._half_day(hour.last)
        if not half_day and not self.free(last + 1):
            return None
        zone, last = self.zone(last)
        shown = _on_24(shown_hour, half_day) * 60 + sign * minutes
        clock = time(shown // 60 % 24, shown % 60)
        when = When(clock=clock, zone=zone)
        return Piece("clock", when, index, last, exact=bool(half_day))

    def on_a_clock(self, index: int) -> Piece | None:
        """Read "3pm", "15:45", "9.30 am", "at five", "4 o'clock", "1430 hrs", "at 16h30"."""
        row, number = self.row, self.row.starting.get(index)
        if found := _FRENCH.fullmatch(row.word(index)):
            hour, minute = int(found[1]), int(found[2] or 0)
            led = row.word(index - 1) in self.section("at")  # "about 16h" is a length
            return self._timed(hour, minute, "24", index, index) if led else None
        if number is None or number.ordinal or row.tokens[index].kind == "money":
            return None
        midnight = self.part(number.last + 1) if number.value == _NOON else None
        if midnight and midnight.when and midnight.when.clock == time.max:
            return midnight._replace(first=index)
        shown = self._shown(number)
        return None if shown is None else self._on_a_clock(number, shown)

    def _on_a_clock(self, number: SaidNumber, shown: _Shown) -> Piece | None:
        """What a clock shows, where it is a time of day."""
        row, index = self.row, number.first
        if row.word(shown.last + 1) in {"%", "/"}:
            return None
        if row.word(shown.last + 1) == ":" and (not shown.sure or self._after_colon(shown.last)):
            return None
        half_day, last = shown.half_day, shown.last
        if not half_day:
            half_day, last = self._half_day(last)
        if found := self.match(last + 1, "o'clock"):
            last = found[1]
        led = self.led(index, "by") or self.behind(index, "after") or self._led_by_range(index)
        if not (half_day or found or shown.sure or (led and self.free(last + 1))):
            return None
        if number.digits[:1] == "0" and not half_day:
            half_day = "24"
        return self._timed(shown.hour, shown.minute, half_day, index, last)

    def _shown(self, number: SaidNumber) -> _Shown | None:
        """What a clock shows here, if it can be one."""
        row, last, digits = self.row, number.last, number.digits
        tail = number.tail
        minute, sure = 0, False
        hour = self._hour(number)
        if row.word(last + 1) == ":" and (minutes := row.starting.get(last + 2)):
            if number.tail or not (minutes.digits.isdecimal() and len(minutes.digits) == 2):
                return None
            minute, sure, tail = int(minutes.digits), True, minutes.tail
            last = minutes.last
            if seconds := self._after_colon(last):
                last, tail = seconds.last, seconds.tail
        elif digits[-3:-2] == "." and len(digits) <= _DOTTED and digits.count(".") == 1:
            hour, minute = int(digits[:-3]), int(digits[-2:])
        elif len(digits) == 4 and digits.isdecimal():
            return self._without_colon(number)
        elif not digits and (minutes := self._spoken_minutes(number)):
            minute, last = int(minutes.value), minutes.last
        half_day, last = self._glued_half_day(tail, last)
        if tail in self.section("o'clock") or (sure and tail == _ZULU):
            tail = ""
        if hour is None or number.first in self.lengths or (tail and not half_day):
            return None
        return _Shown(hour, minute, last, half_day, sure=sure)

    def _without_colon(self, number: SaidNumber) -> _Shown | None:
        """Such as "1430 hrs", "at 1600", "at 1600Z"."""
        row, digits = self.row, number.digits
        hours = row.word(number.last + 1) in self.section("hours")
        led = row.word(number.first - 1) in self.section("at") and self.free(number.last + 1)
        if not (hours or (led and number.tail in {"", _ZULU})):
            return None
        last = number.last + hours
        return _Shown(int(digits[:2]), int(digits[2:]), last, "24", sure=True)

    def _spoken_minutes(self, hour: SaidNumber) -> SaidNumber | None:
        """The minutes of "three thirty", "ten forty-five"."""
        minutes = self.row.starting.get(hour.last + 1)
        spoken = minutes and not (minutes.digits or minutes.tail or minutes.ordinal)
        if minutes is None or not spoken or self.row.gap(minutes.first) != " ":
            return None
        return minutes if minutes.value % 1 == 0 and 10 <= minutes.value < 60 else None

    def _glued_half_day(self, tail: str, last: int) -> tuple[str, int]:
        """The half of the day that letters glued to the digits begin: "3pm", "3p.m."."""
        for half in _HALVES:
            for phrase in self.section(half):
                first, *rest = phrase.split()
                behind = [self.row.word(last + 1 + step) for step in range(len(rest))]
                if tail and first == tail and behind == rest:
                    end = last + len(rest)
                    return half, end + (bool(rest) and self.row.word(end + 1) == ".")
        return "", last

    def _after_colon(self, last: int) -> SaidNumber | None:
        """The number behind "12:30" and one more colon, without a blank between."""
        tokens, number = self.row.tokens, self.row.starting.get(last + 2)
        if number is None or self.row.word(last + 1) != ":":
            return None
        return number if tokens[last].end + 1 == tokens[last + 2].start else None

    def _timed(self, hour: int, minute: int, half_day: str, first: int, last: int) -> Piece | None:
        if (hour, minute) == (24, 0) and half_day not in _HALVES:
            clock = time.max
        elif hour > 23 or minute > 59 or (hour > 12 and half_day == "am"):
            return None
        else:
            clock = self._ends(first, time(_on_24(hour, half_day), minute))
        zone, last = self.zone(last)
        when = When(clock=clock, zone=zone)
        return Piece("clock", when, self._from_hour(first), last, exact=bool(half_day))

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
        if row.word(before.first - 1) == ":":  # the minutes of another time of day
            return first
        return before.first

    def _led_by_range(self, index: int) -> bool:
        """Whether a bare hour ends "between 9 and 11", or "tomorrow 9-11"."""
        start = self._from_hour(index)
        before = self.row.word(start - 1)
        return start < index and (
            before in self.row.words.section("numbers", "between")
            or self.behind(start, "days")
            or before in self.section("weekdays")
        )

    def _hour(self, number: SaidNumber) -> int | None:
        fits = 0 <= number.value <= 24 and number.value % 1 == 0
        plain = number.scale == 1 and number.first == number.last
        return int(number.value) if fits and plain else None

    def _half_day(self, last: int) -> tuple[str, int]:
        for half in _HALVES:
            if found := self.match(last + 1, half):
                dot = self.row.word(found[1] + 1) == "." and self.row.word(found[1] - 1) == "."
                return half, found[1] + dot
        return "", last

    def zone(self, last: int) -> tuple[str, int]:
        """The zone behind a time of day, and its last token."""
        row, number = self.row, self.row.ending.get(last)
        if number and number.tail == _ZULU:
            return "UTC", last
        bracket = row.word(last + 1) == "("
        zone, end = self._named_zone(last + 1 + bracket)
        if zone in {"", "UTC"}:
            zone, end = self._offset(end, named=bool(zone)) or (zone, end)
        if not zone:
            return "", last
        return zone, end + (bracket and row.word(end + 1) == ")")

    def _named_zone(self, at: int) -> tuple[str, int]:
        """A zone by its name, or by a place before "time", and its last token."""
        row, behind = self.row, self.section("zone time")
        zone, end = row.words.section("zones").get(row.word(at), ""), at
        for phrase, place in row.words.phrases("zones", "before time").get(row.word(at), ()):
            last = at + len(phrase) - 1
            while row.word(last + 1) in behind:
                last += 1
            if row.word(last) == "time" and all(
                row.word(at + step) == word for step, word in enumerate(phrase)
            ):
                return place, last
        while zone and row.word(end + 1) in behind:
            end += 1
        return zone, end if zone else at - 1

    def _offset(self, last: int, *, named: bool) -> tuple[str, int] | None:
        """An offset in digits behind a token; a bare one is told from a range by its plus."""
        row = self.row
        found = _OFFSET.match(row.text, row.tokens[last].end)
        bare = found and found[1] == "+" and found[3]
        if found is None or not (named or bare) or int(found[2]) > _FARTHEST:
            return None
        while last + 1 < len(row.tokens) and row.tokens[last + 1].start < found.end():
            last += 1
        sign = "+" if found[1] == "+" else "-"
        return f"{sign}{int(found[2]):02}:{found[3] or '00'}", last

    def moment(self, index: int) -> Piece | None:
        """A date with a time of day as programs write it: "2026-01-09T15:00Z"."""
        row, last = self.row, index
        found = _MOMENT.match(row.text, row.tokens[index].start)
        if found is None:
            return None
        while last + 1 < len(row.tokens) and row.tokens[last + 1].start < found.end():
            last += 1
        try:
            at = datetime.fromisoformat(found[0])
        except ValueError:
            return Piece("date", None, index, last)
        zone = at.isoformat()[-len("+00:00") :] if at.tzinfo else ""
        clock = time(at.hour, at.minute)
        when = When(
            day="date", year=at.year, month=at.month, day_of_month=at.day, clock=clock, zone=zone
        )
        return Piece("date", when, index, last)


def _on_24(hour: int, half_day: str) -> int:
    """The hour of the day; without am or pm, one to seven are in the afternoon."""
    if half_day == "pm":
        return hour if hour >= 12 else hour + 12
    if half_day == "am":
        return hour % 12 if hour == 12 else hour
    return hour + 12 if hour in _OFFICE_AFTERNOON and half_day != "24" else hour
