"""Days: dates in digits and in words, weekdays, days that have a name."""

import re
from calendar import monthrange
from typing import Final

from attrs import frozen

from deescalate.hours import WEEKDAYS
from deescalate.text._durations import FRACTIONS
from deescalate.text._numbers import SaidNumber
from deescalate.text._pieces import Around, Piece
from deescalate.text._times import When

__all__ = ["Dates"]

_ISO: Final = re.compile(r"([12]\d{3})([-/. ])(\d{1,2})\2(\d{1,2})(?!/| ?\d(?!\d?:\d\d))")
_WITH_YEAR: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2((?:20)?\d\d)(?![\d/])")
_SHORT: Final = re.compile(r"(\d{1,2})([/.])(\d{1,2})(?!\d|[/.,:]\d|[%/])")
_LEAP: Final = 2028
_NO_DAY: Final = 99
_WEEKS: Final = {"week": 1, "fortnight": 2}


@frozen
class Dates(Around):
    """Reads days.

    Attributes:
        month_first: Whether 3/4 is the fourth of March rather than the third of April.

    >>> from deescalate.text import Text
    >>> Dates(Text.of("15 March").row).in_words(0).when.month
    3
    """

    month_first: bool = False

    def named(self, index: int) -> Piece | None:
        """Days and ends of days that have a name."""
        if found := self.match(index, "days"):
            day, _, weeks = found[0].partition(" + ")
            later, last = self._weeks_behind(found[1])
            when = When(day=day, weeks=int(weeks or later))
            return Piece("day", when, index, last)
        if whose := self._whose(index):
            return Piece("day", When(day=whose), index, index)
        if found := self.match(index, "working day"):
            return Piece("length", When(amount=1, unit="working_day"), index, found[1])
        if found := self.match(index, "ends"):
            return Piece("end", When(day="end_of_day"), index, found[1])
        return None

    def _whose(self, index: int) -> str:
        """The day of "Friday's close of business"; "Friday's parcel" tells no time."""
        day = self.section("whose days").get(self.row.word(index), "")
        ends = day and (self.match(index + 1, "ends") or self.match(index + 1, "parts"))
        return day if ends else ""

    def _weeks_behind(self, last: int) -> tuple[int, int]:
        """How many weeks after a day "Monday week" means, and its last token."""
        weeks = _WEEKS.get(self.row.word(last + 1), 0)
        return (
            (weeks, last + 1) if weeks and self.row.word(last + 2) not in {"'", "’"} else (0, last)
        )

    def in_digits(self, index: int) -> Piece | None:
        """A date in digits."""
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
        led = self.led(index, "on") or self.led(index, "by")
        counts = (str(over), str(under)) in FRACTIONS and not self.free(index + 3)
        return led and not counts and (over, under) != (24, 7)

    def _ordered(self, first: int, second: int) -> tuple[int, int]:
        """Day and month: as they must be meant, or in the order that the house writes."""
        if second > 12 or (self.month_first and first <= 12):
            return second, first
        return first, second

    def in_words(self, index: int) -> Piece | None:
        """A date in words: "15 March 2027", "March the 3rd", "the 15th", "the end of March"."""
        row, months = self.row, self.section("months")
        number = row.starting.get(index)
        if number is not None:
            if number.tail in months and number.value % 1 == 0:  # 09Jan
                return self._with_year(int(number.value), int(months[number.tail]), index, index)
            day = self._day_number(number)
            after = number.last + 1
            after += row.word(after) in row.words.section("numbers", "ordinal endings")
            after += row.word(after) in self.section("of month")
            month = months.get(row.word(after)) if day else None
            if month:
                return self._with_year(day, int(month), index, after)
            return self._day_alone(number, day, after) if day and number.ordinal else None
        return self._month_first(index)

    def _day_alone(self, number: SaidNumber, day: int, after: int) -> Piece | None:
        """A day of the month without its name: "the 3rd of next month", "on the ninth"."""
        first = number.first
        if named := self.match(after, "months named"):
            kind = "next_date" if named[0] == "1" else "date"
            return Piece("date", When(day=kind, day_of_month=day), first, named[1])
        counts = bool(number.digits) or self.row.word(first - 2) in self.section("on the")
        weekday = self.row.word(after) in self.section("weekdays")  # the first Monday
        if counts and not weekday and self.row.word(first - 1) == "the" and self.free(after):
            return self._dated(day, 0, 0, first, number.last)
        return None

    def _month_first(self, index: int) -> Piece | None:
        """Read "March the 3rd, 2027", "the end of March", "mid-February"."""
        row, months = self.row, self.section("months")
        if part := self.match(index, "days of"):
            month = months.get(row.word(part[1] + 1))
            return self._dated(int(part[0]), int(month), 0, index, part[1] + 1) if month else None
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
        return self.row.text[token.start : token.start + 1].isupper() or self.led(index, "on")

    def _day_number(self, number: SaidNumber) -> int:
        """The day of the month that a number may be; 0 for none."""
        whole = not number.tail or number.ordinal
        fits = whole and 1 <= number.value <= 99 and number.value % 1 == 0 and number.scale == 1
        money = self.row.tokens[number.first].kind == "money"
        return int(number.value) if fits and not money else 0

    def _with_year(self, day: int, month: int, first: int, last: int) -> Piece:
        after = last + 1 + (self.row.word(last + 1) in {",", "."})
        year = self.row.word(after)
        if len(year) == 4 and year.isdecimal() and 1900 <= int(year) <= 2199:
            return self._dated(day, month, int(year), first, after)
        return self._dated(day, month, 0, first, last)

    def _dated(self, day: int, month: int, year: int, first: int, last: int) -> Piece:
        """A date, or nothing in its place if no calendar has it."""
        real = 0 <= month <= 12 and 0 <= day <= (
            monthrange(year or _LEAP, month)[1] if 1 <= month <= 12 else 31 * (month == 0)
        )
        when = When(day="date", month=month, day_of_month=day, year=year) if real else None
        return Piece("date", when, first, last)

    def weekday(self, index: int) -> Piece | None:
        row, first = self.row, index
        named = self.section("weekdays").get(row.word(index))
        short = self.section("short weekdays").get(row.word(index))
        if named is None and short is not None:
            token = row.tokens[index]
            capital = row.text[token.start : token.start + 1].isupper()
            dot = row.word(index + 1) == "."
            if self.led(index, "on") or (capital and index + 1 + dot in row.starting):
                named = short
        if named is None or named not in WEEKDAYS:
            return None
        if date := self._of_month(index, named):
            return date
        following = self.behind(index, "next")
        dot = short is not None and row.word(index + 1) == "." and index + 2 in row.starting
        weeks, last = self._weeks_behind(index + dot)
        if found := self.match(index + 1, "after next"):
            following, weeks, last = True, 1, found[1]
        day = f"next_{named}" if following else named
        return Piece("weekday", When(day=day, weeks=weeks), first, last)

    def _of_month(self, index: int, weekday: str) -> Piece | None:
        """Read "the last Friday of the month", "the first Monday in March"."""
        row, at = self.row, index + 1
        nth = self.section("nth").get(row.word(index - 1))
        if nth is None or not (row.word(at) in self.section("of month") or row.word(at) == "in"):
            return None
        month = int(self.section("months").get(row.word(at + 1), 0))
        named = ("0", at + 1) if month else self.match(at + 1, "months named")
        if named is None:
            return None
        day = f"next_{weekday}" if named[0] == "1" else weekday
        return Piece("date", When(day=day, nth=int(nth), month=month), index - 1, named[1])
