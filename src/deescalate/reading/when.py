"""Times as people say them: "tomorrow by 5 pm", "within 24 hours", "in two working days".

The words come from a language's document; what they mean, as a moment, depends on when and where
they are said, so a time is kept as it was said and worked out by ``due``.
"""

import re
from bisect import bisect_right
from calendar import monthrange
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from typing import Any, Self, cast

from attrs import evolve, frozen

from deescalate.hours import WEEKDAYS, WorkingHours, after, aware, in_calendar, instant, on_clock

__all__ = ["Clockwork", "SaidTime", "When"]

_DAY = timedelta(days=1)
_LAST_MINUTE = time(23, 59)
_IN_NUMBERS = frozenset(f"{part}{form}" for part in "dm" for form in "1234")
_OFFICE_AFTERNOON = range(1, 8)


@frozen(kw_only=True)
class When:
    """A time as it was said.

    Attributes:
        amount: How many of ``unit``; 0 where no length of time was said.
        unit: ``minute``, ``hour``, ``day``, ``working_day``, ``week`` or ``month``.
        day: ``today``, ``tomorrow``, ``day_after_tomorrow``, a weekday, ``next_`` and a weekday,
            ``end_of_day``, ``end_of_week``, ``next_week``, ``end_of_month``, ``date``, or nothing.
        month: The month of a date, 1 to 12; 0 where only the day of the month was said.
        day_of_month: The day of a date.
        year: The year of a date; 0 where it was not said. One that has passed counts as not said.
        clock: The time of day.

    >>> from datetime import UTC
    >>> said = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
    >>> When(day="tomorrow", clock=time(17)).due(said).isoformat()
    '2026-05-02T17:00:00+00:00'
    >>> When(amount=2, unit="working_day").due(said).isoformat()
    '2026-05-05T17:00:00+00:00'
    """

    amount: float = 0
    unit: str = ""
    day: str = ""
    month: int = 0
    day_of_month: int = 0
    year: int = 0
    clock: time | None = None

    def due(self, at: datetime, *, hours: WorkingHours | None = None) -> datetime:
        """The moment by which it is to be done, in the zone of ``at``.

        Minutes and hours are elapsed time; days, weeks and months keep the time on the clock; a
        day without a time ends when work ends; working days are counted from the next one on.
        "Friday" is the next Friday to come, today included while its time is not past; "next
        Friday" is the Friday of next week. A date is the next one to come.

        Args:
            at: When it was said, an aware datetime in the customer's zone.
            hours: The team's working hours; Monday to Friday, nine to five, by default.

        Returns:
            A moment after ``at``, or ``at`` itself.

        Raises:
            SettingError: A naive datetime.
        """
        with in_calendar(aware("at", at)):
            return self._due(at, hours or WorkingHours())

    def _due(self, at: datetime, hours: WorkingHours) -> datetime:
        if self.amount:
            return self._elapsed(at, hours)
        if not self.day and self.clock is not None:
            today = on_clock(at.date(), self.clock, at.tzinfo)
            late = instant(today) <= instant(at)
            return on_clock(at.date() + _DAY, self.clock, at.tzinfo) if late else today
        if self.day in {"today", "end_of_day"}:
            return self._today(at, hours)
        moment = self._on(self._date(at, hours), at, hours)
        if instant(moment) > instant(at):
            return moment
        return self._on(self._date(at, hours, passed=True), at, hours)

    def _on(self, day: date, at: datetime, hours: WorkingHours) -> datetime:
        """The time that is meant on a day: without a clock, when the shift of that day ends."""
        if self.clock is None:
            return hours.end_on(day, at.tzinfo)
        return on_clock(day, self.clock, at.tzinfo)

    def _elapsed(self, at: datetime, hours: WorkingHours) -> datetime:
        if self.unit == "working_day":
            return hours.end_of_working_day(at, days=round(self.amount))
        if self.unit in {"minute", "hour"}:
            return after(at, timedelta(**{f"{self.unit}s": self.amount}))
        if self.unit == "month":
            day = _months_on(at.date(), round(self.amount))
        else:
            day = at.date() + timedelta(days=round(self.amount * (7 if self.unit == "week" else 1)))
        moment = on_clock(day, self.clock or at.time(), at.tzinfo)
        return max(moment, at, key=instant)

    def _today(self, at: datetime, hours: WorkingHours) -> datetime:
        today = at.date()
        for moment in (self._on(today, at, hours), on_clock(today, _LAST_MINUTE, at.tzinfo)):
            if instant(moment) >= instant(at):
                return moment
        return at

    def _date(self, at: datetime, hours: WorkingHours, *, passed: bool = False) -> date:
        """The day that is meant; the one after it of its kind if that has passed."""
        today = at.date()
        weekday = self.day.removeprefix("next_")
        monday = today - timedelta(days=today.weekday())
        if weekday in WEEKDAYS:
            wanted = WEEKDAYS.index(weekday)
            if self.day != weekday:
                return monday + timedelta(days=7 + wanted)
            return today + timedelta(days=(wanted - today.weekday()) % 7 + 7 * passed)
        if self.day in {"end_of_week", "next_week"}:
            last = max(WEEKDAYS.index(day) for day in hours.days)
            return monday + timedelta(days=last + 7 * (self.day == "next_week" or passed))
        if self.day == "end_of_month":
            first = _months_on(today.replace(day=1), int(passed))
            return first.replace(day=monthrange(first.year, first.month)[1])
        if self.day == "date":
            return self._next_date(today, passed=passed)
        return today + _DAY * (2 if self.day == "day_after_tomorrow" else 1)

    def _next_date(self, today: date, *, passed: bool) -> date:
        if self.month:
            for year in (self.year or today.year, today.year):
                wanted = _in_month(year, self.month, self.day_of_month)
                if wanted > today or (wanted == today and not passed):
                    return wanted
            return _in_month(today.year + 1, self.month, self.day_of_month)
        wanted = _in_month(today.year, today.month, self.day_of_month)
        if wanted >= today and not passed:
            return wanted
        following = _months_on(today.replace(day=1), 1)
        return _in_month(following.year, following.month, self.day_of_month)


def _in_month(year: int, month: int, day: int) -> date:
    return date(year, month, min(day, monthrange(year, month)[1]))


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return _in_month(year, month + 1, day.day)


@frozen(kw_only=True)
class SaidTime:
    """A time found in a text, as offsets into that text."""

    start: int
    end: int
    when: When


def _either(words: Iterable[str]) -> str:
    longest_first = sorted(set(words), key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word) for word in longest_first) + ")"


def _written_date(words: Mapping[str, Any]) -> str:
    """Dates in numbers, as tokens give them: ``2026 12 03``, ``12 / 03``, ``03.12.2026``.

    A date without a year has to be led in, since 24/7 and 12.30 are none: with a stroke by any
    word that leads to a time, with a dot by one that leads to a day alone.
    """
    number, alone, ended = r"\d{1,2}", r"(?<![\d/.] )(?<![\d/.])", r"(?! ?[/.:]? ?\d)"
    lead, on = _either([*words["before"], *words["on"]]), _either(words["on"])
    return (
        rf"(?:{alone}(?P<iso>[12]\d{{3}})(?P<mark> / |[ .])(?P<m1>{number})"
        rf"(?P=mark)(?P<d1>{number})"
        rf"|{alone}(?P<d2>{number})(?P<sep> / |\.| (?={number} 20\d\d))(?P<m2>{number})(?P=sep)"
        rf"(?P<year>(?:20)?\d{{2}})"
        rf"|\b{lead} (?:the )?(?P<d3>{number}) / (?P<m3>{number})"
        rf"|\b{on} (?:the )?(?P<d4>{number})\.(?P<m4>{number})){ended}"
    )


@frozen
class Clockwork:
    """Finds times in folded text: words joined by single spaces, as tokens give them.

    >>> from deescalate.reading.commitments import clockwork
    >>> for found in clockwork().find("we will call by friday at 5 pm"):
    ...     print(found.when.day, found.when.clock)
    friday 17:00:00
    """

    words: Mapping[str, Any]
    length: re.Pattern[str]
    day: re.Pattern[str]
    clock: re.Pattern[str]
    joins: re.Pattern[str]
    month_first: bool = False

    @classmethod
    def from_words(cls, words: Mapping[str, Any], *, month_first: bool = False) -> Self:
        """Compile a language's words of time.

        Args:
            words: The ``time`` part of the document's ``values``.
            month_first: Whether 3/4 is the fourth of March rather than the third of April.
        """
        number = rf"(?:\d{{1,4}}|{_either(words['numbers'])})"
        units = [spelling for spellings in words["units"].values() for spelling in spellings]
        fillers = rf"(?:{_either(words['fillers'])} ){{0,3}}"
        amount = (
            rf"(?P<low>{number})(?: (?:(?:{_either(words['ranges'])}|-|–) )?(?P<high>{number}))?"
            rf"(?: (?P<working>{_either(words['working'])}))? (?P<unit>{_either(units)})"
        )
        within = _either(words["within"])
        length = (
            rf"\b{within} (?:(?P<half>{_either(words['half_hour'])})|{fillers}{amount}"
            rf"|(?:the |next ){{1,2}}(?P<one>{_either(units)}))\b"
            rf"|\b{amount.replace('?P<', '?P<n')} {_either(words['from_now'])}\b"
        )
        months = _either([*words["months"], *words["short_months"]])
        ordinal = rf"(?: ?{_either(words['ordinals'])})"
        day = (
            rf"\b(?:{_either(words['before'])} (?:the )?)?"
            rf"(?:(?P<day_after_tomorrow>{_either(words['day_after_tomorrow'])})"
            rf"|(?P<end_of_day>{_either(words['end_of_day'])})"
            rf"|(?P<next_week>{_either(words['next_week'])})"
            rf"|(?P<end_of_week>{_either(words['end_of_week'])})"
            rf"|(?P<end_of_month>{_either(words['end_of_month'])})"
            rf"|(?P<today>{_either(words['today'])})|(?P<tomorrow>{_either(words['tomorrow'])})"
            rf"|(?P<next>{_either(words['next'])} )?(?P<weekday>{_either(words['weekdays'])})"
            rf"(?: (?P<later>{_either(words['next_week'])}))?"
            rf"|(?P<dom>\d{{1,2}}){ordinal}?(?: of)? (?P<month>{months})"
            rf"|(?P<emonth>{months})(?: the)? (?P<edom>\d{{1,2}}){ordinal}?"
            rf"|the (?P<ldom>\d{{1,2}}){ordinal})\b"
            rf"|{_written_date(words)}"
        )
        am, pm = _either(words["am"]), _either(words["pm"])
        parts = [spelling for spellings in words["parts"].values() for spelling in spellings]
        clock = (
            rf"\b(?:(?P<before>{_either(words['before'])}) )?(?P<hour>\d{{1,2}})"
            rf"(?: ?[:.] ?(?P<minute>\d{{2}}))?"
            rf"(?: ?(?:(?P<am>{am})|(?P<pm>{pm})|(?P<oclock>{_either(words['o_clock'])})))?\b"
            rf"(?! ?[:.%/]? ?\d)|\b(?P<part>{_either(parts)})\b"
        )
        joins = rf" ?(?:{_either(words['joins'])}(?: {_either(words['joins'])}){{0,2}})? ?"
        length_of, day_of, clock_of, between = map(re.compile, (length, day, clock, joins))
        return cls(words, length_of, day_of, clock_of, between, month_first)

    def find(self, folded: str) -> tuple[SaidTime, ...]:
        """Find the times in a folded text, in order, none overlapping another.

        Args:
            folded: The text.
        """
        lengths = [self._length(found) for found in self.length.finditer(folded)]
        days = [day for found in self.day.finditer(folded) for day in self._day(found)]
        clocks = [clock for found in self.clock.finditer(folded) for clock in self._clock(found)]
        apart = _clear_of(days, lengths)
        clocks = _clear_of(clocks, sorted((*lengths, *apart), key=_start))
        return tuple(sorted((*lengths, *self._joined(folded, apart, clocks)), key=_start))

    def _joined(
        self, folded: str, days: list[SaidTime], clocks: list[SaidTime]
    ) -> Iterable[SaidTime]:
        """Days and times of day that stand side by side become one."""
        waiting = sorted((*days, *clocks), key=_start)
        place = 0
        while place < len(waiting):
            found = waiting[place]
            beside = waiting[place + 1] if place + 1 < len(waiting) else None
            if beside and _fit(found.when, beside.when) and self._joins(folded, found, beside):
                found = _both(found, beside)
                place += 1
            yield found
            place += 1

    def _joins(self, folded: str, one: SaidTime, other: SaidTime) -> bool:
        return bool(self.joins.fullmatch(folded, one.end, other.start))

    def _length(self, found: re.Match[str]) -> SaidTime:
        parts = found.groupdict()
        low, high = parts["low"] or parts["nlow"], parts["high"] or parts["nhigh"]
        amount = 1.0 if low is None else max(self._number(low), self._number(high or low))
        said = parts["unit"] or parts["nunit"] or parts["one"]
        unit = "hour" if parts["half"] else self._unit(said)
        if (parts["working"] or parts["nworking"]) and unit == "day":
            unit = "working_day"
        when = When(amount=0.5 if parts["half"] else amount, unit=unit)
        return SaidTime(start=found.start(), end=found.end(), when=when)

    def _number(self, said: str) -> float:
        return float(said) if said.isdecimal() else float(self.words["numbers"][said])

    def _unit(self, said: str) -> str:
        units = cast("Mapping[str, list[str]]", self.words["units"])
        return next(unit for unit, spellings in units.items() if said in spellings)

    def _day(self, found: re.Match[str]) -> Iterable[SaidTime]:
        parts = {name: said for name, said in found.groupdict().items() if said is not None}
        when: When | None
        if "weekday" in parts:
            weekday = WEEKDAYS[cast("list[str]", self.words["weekdays"]).index(parts["weekday"])]
            later = "next" in parts or "later" in parts
            when = When(day=f"next_{weekday}" if later else weekday)
        elif numbers := [int(said) for name, said in parts.items() if name in _IN_NUMBERS]:
            when = self._in_numbers(numbers[0], numbers[1], parts)
        elif day := parts.get("dom") or parts.get("edom") or parts.get("ldom"):
            month = self._month(parts.get("month") or parts.get("emonth"))
            when = When(day="date", month=month, day_of_month=min(max(int(day), 1), 31))
        else:
            when = When(day=next(iter(parts)))
        if when is not None:
            yield SaidTime(start=found.start(), end=found.end(), when=when)

    def _in_numbers(self, first: int, second: int, parts: Mapping[str, str]) -> When | None:
        """A date in numbers: as it must be meant, or in the order that the house writes."""
        by_month = "iso" in parts or second > 12 or (self.month_first and first <= 12)
        month, day = (first, second) if by_month else (second, first)
        said = parts.get("iso") or parts.get("year") or "0"
        year = int(said) + (2000 if len(said) == 2 else 0)
        if not (1 <= month <= 12 and 1 <= day <= 31):
            return None
        return When(day="date", month=month, day_of_month=day, year=year)

    def _month(self, said: str | None) -> int:
        if said is None:
            return 0
        names = self.words["months"] if said in self.words["months"] else self.words["short_months"]
        return cast("list[str]", names).index(said) + 1

    def _clock(self, found: re.Match[str]) -> Iterable[SaidTime]:
        parts = found.groupdict()
        if parts["part"]:
            spelled = cast("Mapping[str, list[str]]", self.words["parts"])
            shown = next(clock for clock, words in spelled.items() if parts["part"] in words)
            clock = time.fromisoformat(shown)
        else:
            hour, minute = int(parts["hour"]), int(parts["minute"] or 0)
            told = parts["am"] or parts["pm"] or parts["oclock"] or parts["minute"]
            if hour > 23 or minute > 59 or not (told or parts["before"]):
                return
            clock = time(_on_24(hour, parts), minute)
        yield SaidTime(start=found.start(), end=found.end(), when=When(clock=clock))


def _on_24(hour: int, parts: Mapping[str, str | None]) -> int:
    """The hour of the day; without am or pm, one to seven are in the afternoon."""
    if parts["pm"]:
        return hour if hour >= 12 else hour + 12
    if parts["am"]:
        return hour % 12 if hour == 12 else hour
    return hour + 12 if hour in _OFFICE_AFTERNOON else hour


def _start(found: SaidTime) -> int:
    return found.start


def _clear_of(found: Iterable[SaidTime], taken: Sequence[SaidTime]) -> list[SaidTime]:
    """Those that overlap none of the taken, which stand in order and apart."""
    ends = [each.end for each in taken]
    kept: list[SaidTime] = []
    for each in found:
        place = bisect_right(ends, each.start)
        if place == len(taken) or taken[place].start >= each.end:
            kept.append(each)
    return kept


def _both(first: SaidTime, second: SaidTime) -> SaidTime:
    """A day and a time of day as one."""
    day, clock = (first, second) if first.when.day else (second, first)
    return SaidTime(
        start=first.start, end=second.end, when=evolve(day.when, clock=clock.when.clock)
    )


def _fit(one: When, other: When) -> bool:
    """Whether one is a day without a time of day and the other a time of day alone."""
    return bool(one.day) != bool(other.day) and (one.clock is None) != (other.clock is None)
