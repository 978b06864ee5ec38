"""A point in time as it was said, and the moment that it means.

What "Friday" means depends on when and where it is said, so a time is kept as it was said and
worked out by ``due``. Of a range the later end counts, of a part of the day its end: who promises
"Tuesday or Wednesday" or "in the morning" has not broken their word before that is over.
"""

from calendar import monthrange
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo

from attrs import frozen

from deescalate.errors import SettingError
from deescalate.hours import WEEKDAYS, WorkingHours, after, aware, instant, on_clock, zone_named

__all__ = ["When"]

_DAY = timedelta(days=1)
_LAST_MINUTE = time(23, 59)
_MIDNIGHT = time(0)
_YEAR = 366
_SHIFTS = 1_000
_DAYS_ON = {"tomorrow": 1, "day_after_tomorrow": 2}


@frozen(kw_only=True)
class When:
    """A time as it was said.

    Attributes:
        amount: How many of ``unit``; 0 where no length of time was said.
        unit: ``second``, ``minute``, ``hour``, ``working_hour``, ``day``, ``working_day``,
            ``week``, ``month`` or ``year``.
        day: ``today``, ``tomorrow``, ``day_after_tomorrow``, a weekday, ``next_`` and a weekday,
            ``end_of_day``, ``end_of_week``, ``next_week``, ``end_of_month``,
            ``end_of_next_month``, ``end_of_quarter``, ``end_of_year``, ``end_of_next_year``,
            ``date``, ``next_date`` for one of next month, or nothing.
        weeks: How many weeks after ``day``: 1 for "Monday week".
        nth: Which of the weekdays of its month ``day`` is, -1 for the last; 0 for none.
        month: The month of a date, 1 to 12; 0 where only the day of the month was said.
        day_of_month: The day of a date; 0 for the last of the month.
        year: The year of a date; 0 where it was not said. One that has passed counts as not said.
        clock: The time of day; ``time.max`` is midnight, at the end of the day.
        zone: Where ``clock`` is read: an IANA name or an offset such as ``+02:00``; where nothing
            was said, the customer's own.

    >>> from datetime import UTC, datetime, time
    >>> said = datetime(2026, 5, 1, 10, 0, tzinfo=UTC)
    >>> When(day="tomorrow", clock=time(17)).due(said).isoformat()
    '2026-05-02T17:00:00+00:00'
    >>> When(amount=2, unit="working_day").due(said).isoformat()
    '2026-05-05T17:00:00+00:00'
    """

    amount: float = 0
    unit: str = ""
    day: str = ""
    weeks: int = 0
    nth: int = 0
    month: int = 0
    day_of_month: int = 0
    year: int = 0
    clock: time | None = None
    zone: str = ""

    def due(self, at: datetime, *, hours: WorkingHours | None = None) -> datetime | None:
        """The moment by which it is to be done, in the zone of ``at``.

        Minutes and hours are elapsed time; days, weeks and months keep the time on the clock; a
        day without a time ends when work ends; working days are counted from the next one on.
        "Friday" is the next Friday to come, today included while its time is not past; "next
        Friday" is the Friday of next week, the later of its two readings, so that no promise is
        called broken too early. A date is the next one to come.

        Args:
            at: When it was said, an aware datetime in the customer's zone.
            hours: The team's working hours; Monday to Friday, nine to five, by default.

        Returns:
            A moment after ``at``, or ``at`` itself; ``None`` for a date that does not come within a
            year of its own, such as the 29th of February 2026, or that no calendar reaches.

        Raises:
            SettingError: A naive datetime.
        """
        aware("at", at)
        try:
            return self._due(at, hours or WorkingHours())
        except (OverflowError, ValueError):
            return None

    def _due(self, at: datetime, hours: WorkingHours) -> datetime | None:
        if self.amount:
            return self._elapsed(at, hours)
        zone = _zone(self.zone) if self.zone else at.tzinfo
        if zone is None:
            return None
        there = at.astimezone(zone)
        due = self._there(there, hours)
        return None if due is None else due.astimezone(at.tzinfo)

    def _there(self, at: datetime, hours: WorkingHours) -> datetime | None:
        """The moment, on the clocks of the zone that was named."""
        clock = self.clock or hours.closes
        if self.clock == time.max:
            day = self._date(at, hours) if self.day else at.date()
            return None if day is None else on_clock(day + _DAY, _MIDNIGHT, at.tzinfo)
        if not self.day:
            today = on_clock(at.date(), clock, at.tzinfo)
            late = instant(today) < instant(at)
            return on_clock(at.date() + _DAY, clock, at.tzinfo) if late else today
        if self.day in {"today", "end_of_day"} and not self.weeks:
            return self._today(at, hours)
        day = self._date(at, hours)
        if day and self.day != "today" and instant(on_clock(day, clock, at.tzinfo)) <= instant(at):
            day = self._date(at, hours, passed=True)
        if day is None:
            return None
        return on_clock(day + timedelta(weeks=self.weeks), clock, at.tzinfo)

    def _elapsed(self, at: datetime, hours: WorkingHours) -> datetime:
        if self.unit == "working_day":
            return hours.end_of_working_day(at, days=round(self.amount))
        if self.unit == "working_hour":
            return _worked(at, timedelta(hours=self.amount), hours)
        if self.unit in {"second", "minute", "hour"}:
            return after(at, timedelta(**{f"{self.unit}s": self.amount}))
        if self.unit in {"month", "year"}:
            months = round(self.amount * (12 if self.unit == "year" else 1))
            day = _months_on(at.date(), months)
        else:
            day = at.date() + timedelta(days=round(self.amount * (7 if self.unit == "week" else 1)))
        moment = on_clock(day, self.clock or at.time(), at.tzinfo)
        return max(moment, at, key=instant)

    def _today(self, at: datetime, hours: WorkingHours) -> datetime:
        for clock in (self.clock or hours.closes, _LAST_MINUTE):
            moment = on_clock(at.date(), clock, at.tzinfo)
            if instant(moment) >= instant(at):
                return moment
        return at

    def _date(self, at: datetime, hours: WorkingHours, *, passed: bool = False) -> date | None:
        """The day that is meant; the one after it of its kind if that has passed."""
        today = at.date()
        if self.nth or self.day in {"date", "next_date"}:
            return self._next_date(today, passed=passed)
        if self.day.removeprefix("next_") in WEEKDAYS:
            return self._weekday(today, passed=passed)
        if self.day in {"end_of_week", "next_week"}:
            last = max(WEEKDAYS.index(day) for day in hours.days)
            days = last - today.weekday() + 7 * (self.day == "next_week" or passed)
            return today + timedelta(days=days)
        months = self._months_left(today.month, passed=passed)
        if months is not None:
            first = _months_on(today.replace(day=1), months)
            return first.replace(day=monthrange(first.year, first.month)[1])
        return today + _DAY * _DAYS_ON.get(self.day, 0)

    def _months_left(self, month: int, *, passed: bool) -> int | None:
        """How many months it is to the one that a stretch of months ends with."""
        left = {
            "end_of_month": int(passed),
            "end_of_next_month": 1,
            "end_of_quarter": 2 - (month - 1) % 3 + 3 * passed,
            "end_of_year": 12 - month + 12 * passed,
            "end_of_next_year": 24 - month,
        }
        return left.get(self.day)

    def _weekday(self, today: date, *, passed: bool) -> date:
        wanted = WEEKDAYS.index(self.day.removeprefix("next_")) - today.weekday()
        following = self.day not in WEEKDAYS
        return today + timedelta(days=wanted + 7 if following else wanted % 7 + 7 * passed)

    def _next_date(self, today: date, *, passed: bool) -> date | None:
        earliest = today + _DAY * passed
        if self.year:
            wanted = _date(self.year, self.month, self.day_of_month)
            if wanted is None or wanted >= earliest:
                return wanted
        steps = range(2 if self.month else 3)
        if self.day.startswith("next_"):
            steps = range(1, 2)
        for step in steps:
            first = _months_on(today.replace(day=1), step)
            year, month = (
                (today.year + step, self.month) if self.month else (first.year, first.month)
            )
            wanted = self._in_month(year, month)
            if wanted and wanted >= earliest:
                return wanted if (wanted - today).days <= _YEAR else None
        return None

    def _in_month(self, year: int, month: int) -> date | None:
        """The day that is meant in a month: its date, or such as its last Friday."""
        if not self.nth:
            return _date(year, month, self.day_of_month)
        wanted = WEEKDAYS.index(self.day.removeprefix("next_"))
        days = [each for each in range(1, 32) if _weekday(year, month, each) == wanted]
        at = self.nth - (self.nth > 0)
        return date(year, month, days[at]) if at < len(days) else None


def _weekday(year: int, month: int, day: int) -> int | None:
    found = _date(year, month, day)
    return None if found is None else found.weekday()


def _worked(at: datetime, left: timedelta, hours: WorkingHours) -> datetime:
    """The moment when so much working time has passed."""
    moment = at
    for _ in range(_SHIFTS):
        end = hours.open_until(moment, latest=after(moment, left))
        left -= instant(end) - instant(moment)
        if left <= timedelta(0):
            return end
        moment = _opening(end, hours)
    raise OverflowError


def _opening(at: datetime, hours: WorkingHours) -> datetime:
    """When the next shift begins."""
    day = at.date()
    while True:
        opens = on_clock(day, hours.opens, at.tzinfo)
        if hours.is_working_day(day) and instant(opens) >= instant(at):
            return opens
        day += _DAY


def _date(year: int, month: int, day: int) -> date | None:
    """A date, if there is one; day 0 is the last of its month."""
    last = monthrange(year, month)[1]
    return date(year, month, day or last) if day <= last else None


def _months_on(day: date, months: int) -> date:
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def _zone(name: str) -> tzinfo | None:
    """A named zone; nothing where the machine does not know it."""
    if name == "UTC":
        return UTC
    if name[0] in "+-":
        minutes = int(name[1:3]) * 60 + int(name[4:6])
        return timezone(timedelta(minutes=-minutes if name[0] == "-" else minutes))
    try:
        return zone_named(name)
    except SettingError:
        return None
