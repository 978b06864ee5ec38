"""Times of day: "3pm", "15:45", "half past three", "noon"."""

from collections.abc import Container
from datetime import time
from typing import Final, NamedTuple

from attrs import frozen

from deescalate.text._numbers import SaidNumber
from deescalate.text._pieces import Around, Piece
from deescalate.text._times import When

__all__ = ["Clocks"]

_OFFICE_AFTERNOON: Final = range(1, 8)
_MIDNIGHT: Final = "24:00"
_DOTTED: Final = len("12.30")


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
        zone, last = self._zone(found[1])
        clock = time.max if found[0] == _MIDNIGHT else time.fromisoformat(found[0])
        kind = "part" if last == found[1] else "clock"
        return Piece(kind, When(clock=clock, zone=zone), index, last)

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
        zone, last = self._zone(last)
        shown = _on_24(shown_hour, half_day) * 60 + sign * minutes
        clock = time(shown // 60 % 24, shown % 60)
        return Piece("clock", When(clock=clock, zone=zone), index, last)

    def on_a_clock(self, index: int) -> Piece | None:
        """Read "3pm", "15:45", "9.30 am", "at five", "4 o'clock", "1430 hrs"."""
        row, number = self.row, self.row.starting.get(index)
        if number is None or number.ordinal or row.tokens[index].kind == "money":
            return None
        shown = self._shown(number)
        if shown is None or row.word(shown.last + 1) in {"%", "/"}:
            return None
        if row.word(shown.last + 1) == ":" and (not shown.sure or self._after_colon(shown.last)):
            return None
        half_day, last = shown.half_day, shown.last
        if not half_day:
            half_day, last = self._half_day(last)
        if found := self.match(last + 1, "o'clock"):
            last = found[1]
        led = self.led(index, "by") or self._led_by_range(index)
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
        elif (
            len(digits) == 4 and digits.isdecimal() and row.word(last + 1) in self.section("hours")
        ):
            return _Shown(int(digits[:2]), int(digits[2:]), last + 1, "24", sure=True)
        half_day = next((half for half in ("am", "pm") if tail in self.section(half)), "")
        if hour is None or number.first in self.lengths or (tail and not half_day):
            return None
        return _Shown(hour, minute, last, half_day, sure=sure)

    def _after_colon(self, last: int) -> SaidNumber | None:
        """The number behind "12:30" and one more colon, without a blank between."""
        tokens, number = self.row.tokens, self.row.starting.get(last + 2)
        if number is None or self.row.word(last + 1) != ":":
            return None
        return number if tokens[last].end + 1 == tokens[last + 2].start else None

    def _timed(self, hour: int, minute: int, half_day: str, first: int, last: int) -> Piece | None:
        if (
            hour > 23
            or minute > 59
            or (half_day in {"am", "pm"} and hour > 12 and half_day == "am")
        ):
            return None
        zone, last = self._zone(last)
        clock = time(_on_24(hour, half_day), minute)
        return Piece("clock", When(clock=clock, zone=zone), self._from_hour(first), last)

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

    def _hour(self, number: SaidNumber) -> int | None:
        fits = 0 <= number.value <= 24 and number.value % 1 == 0
        plain = number.scale == 1 and number.first == number.last
        return int(number.value) if fits and plain else None

    def _half_day(self, last: int) -> tuple[str, int]:
        for half in ("am", "pm"):
            if found := self.match(last + 1, half):
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
        at += row.word(at + 1) in self.section("zone time")
        return zone, at + (at > last + 1 and row.word(at + 1) == ")")


def _on_24(hour: int, half_day: str) -> int:
    """The hour of the day; without am or pm, one to seven are in the afternoon."""
    if half_day == "pm":
        return hour if hour >= 12 else hour + 12
    if half_day == "am":
        return hour % 12 if hour == 12 else hour
    return hour + 12 if hour in _OFFICE_AFTERNOON and half_day != "24" else hour
