"""Days: dates in digits and in words, weekdays, days that have a name."""

import re
from calendar import monthrange
from typing import Final

from attrs import frozen

from deescalate.hours import WEEKDAYS
from deescalate.text._numbers import SaidNumber
from deescalate.text._pieces import Around, Piece
from deescalate.text._times import When

__all__ = ["Dates"]

_ISO: Final = re.compile(r"([12]\d{3})([-/. ])(\d{1,2})\2(\d{1,2})(?!/| ?\d)")
_WITH_YEAR: Final = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2((?:20)?\d\d)(?![\d/])")
_SHORT: Final = re.compile(r"(\d{1,2})([/.])(\d{1,2})(?!\d|[/.,:]\d|[%/])")
_FRACTIONS: Final = frozenset({(1, 2), (1, 3), (2, 3), (1, 4), (3, 4)})
_LEAP: Final = 2028
_NO_DAY: Final = 99


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
            return Piece("day", When(day=found[0]), index, found[1])
        if found := self.match(index, "working day"):
            return Piece("length", When(amount=1, unit="working_day"), index, found[1])
        if found := self.match(index, "ends"):
            return Piece("end", When(day="end_of_day"), index, found[1])
        return None

    def in_digits(self, index: int) -> Piece | None:
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
        counts = (over, under) in _FRACTIONS and not self.free(index + 3)
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
            day = self._day_number(number)
            after = number.last + 1
            after += row.word(after) in row.words.section("numbers", "ordinal endings")
            after += row.word(after) in self.section("of month")
            month = months.get(row.word(after)) if day else None
            if month:
                return self._with_year(day, int(month), index, after)
            digits = number.ordinal and bool(number.digits)
            if day and digits and row.word(index - 1) == "the" and self.free(after):
                return self._dated(day, 0, 0, index, number.last)
            return None
        return self._month_first(index)

    def _month_first(self, index: int) -> Piece | None:
        """Read "March the 3rd, 2027" and "the end of March"."""
        row, months = self.row, self.section("months")
        if end := self.match(index, "end of"):
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
            if self.led(index, "on") or (capital and index + 1 in row.starting):
                named = short
        if named is None or named not in WEEKDAYS:
            return None
        last, weeks, following = index, 0, self.behind(index, "next")
        if found := self.match(last + 1, "after next"):
            following, weeks, last = True, 1, found[1]
        elif (found := self.match(last + 1, "days")) and found[0] == "next_week":
            following, last = True, found[1]
        elif row.word(last + 1) == "week" and row.word(last + 2) not in {"'", "’"}:
            weeks, last = 1, last + 1
        day = f"next_{named}" if following else named
        return Piece("weekday", When(day=day, weeks=weeks), first, last)
