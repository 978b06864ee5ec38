"""Moments and hours: aware datetimes, working hours, and when a customer may be contacted.

Python compares and adds two datetimes of one zone by the clock on the wall, which is wrong
around a change of summer time; everything here compares instants and says which it adds.
"""

from collections.abc import Generator, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import chain, takewhile
from zoneinfo import ZoneInfo

from attrs import Attribute, field, frozen

from deescalate._public import publish
from deescalate.errors import SettingError, nearest_name, quoted

__all__ = [
    "WEEKDAYS",
    "ContactHours",
    "WorkingHours",
    "after",
    "aware",
    "in_calendar",
    "instant",
    "on_clock",
    "zone_named",
]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The names of the days, in the order of ``datetime.weekday``."""

MOST_DAYS = 10_000
"""Working days that can be counted ahead: a generation; ours."""

_DAY = timedelta(days=1)
_MINUTE = timedelta(minutes=1)
_LONGEST_QUIET = timedelta(days=8)


def aware(name: str, value: object) -> datetime:
    """Take a datetime that knows its zone, or say what is wrong with it.

    Args:
        name: What to call the value in the error.
        value: What was given.

    Raises:
        SettingError: It is no datetime, or a naive one.

    >>> from datetime import UTC, datetime
    >>> aware("at", datetime(2026, 5, 1, 9, 0, tzinfo=UTC)).hour
    9
    """
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise SettingError(name, value, "an aware datetime, such as one with `tzinfo=UTC`")
    try:
        instant(value)
    except SettingError as error:
        raise SettingError(name, value, "a moment within the years 1 to 9999 in UTC") from error
    return value


@contextmanager
def in_calendar(start: object) -> Generator[None]:
    """Refuse what leads out of the calendar, in our own words.

    Args:
        start: Where the dates start, for the error.

    Raises:
        SettingError: Dates that lead out of the years 1 to 9999.

    >>> from datetime import date, timedelta
    >>> with in_calendar(date.max):
    ...     date.max + timedelta(days=1)
    Traceback (most recent call last):
    deescalate.errors.SettingError: `at` is `9999-12-31`: expected a moment from which no date \
leads out of the years 1 to 9999
    """
    try:
        yield
    except SettingError:
        raise
    except (OverflowError, ValueError) as error:
        allowed = "a moment from which no date leads out of the years 1 to 9999"
        raise SettingError("at", str(start), allowed) from error


def instant(moment: datetime) -> datetime:
    """The same moment in UTC, in which moments compare and subtract truly.

    Raises:
        SettingError: It lies outside the years 1 to 9999 in UTC.

    >>> from datetime import datetime
    >>> from zoneinfo import ZoneInfo
    >>> instant(datetime(2026, 5, 1, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))).hour
    7
    """
    if not isinstance(moment, datetime):  # pyright: ignore[reportUnnecessaryIsInstance]  callers err
        raise SettingError("moment", moment, "a datetime")
    if moment.tzinfo is UTC:
        return moment
    with in_calendar(moment):
        return moment.astimezone(UTC)


def after(moment: datetime, elapsed: timedelta) -> datetime:
    """The moment after a stretch of elapsed time, in the same zone.

    Raises:
        SettingError: It lies outside the years 1 to 9999.

    >>> from datetime import datetime, timedelta
    >>> from zoneinfo import ZoneInfo
    >>> night = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
    >>> after(night, timedelta(hours=24)).hour  # the clocks went forward
    13
    """
    if not isinstance(elapsed, timedelta):  # pyright: ignore[reportUnnecessaryIsInstance]  callers err
        raise SettingError("elapsed", elapsed, "a timedelta")
    with in_calendar(moment):
        return (instant(moment) + elapsed).astimezone(moment.tzinfo)


def zone_named(name: str) -> ZoneInfo:
    """Look up a time zone by its IANA name.

    Raises:
        SettingError: There is no such zone on this machine.

    >>> zone_named("Europe/Paris").key
    'Europe/Paris'
    """
    try:
        return ZoneInfo(name)
    except (ValueError, TypeError, OSError, LookupError) as error:
        allowed = "an IANA time zone that this machine knows, such as `Europe/Paris`"
        raise SettingError("zone", name, allowed) from error


def _weekdays(days: Iterable[str]) -> frozenset[str]:
    known = frozenset([days] if isinstance(days, str) else days)
    for day in known:
        if day not in WEEKDAYS:
            near = nearest_name(day, WEEKDAYS)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            raise SettingError("days", day, "names of weekdays" + hint)
    return known


def on_clock(day: date, clock: time, zone: tzinfo | None) -> datetime:
    """The moment when the clocks of a zone show a time; shifted forward where they skip it.

    Raises:
        SettingError: It lies outside the years 1 to 9999.

    >>> from datetime import date, time
    >>> from zoneinfo import ZoneInfo
    >>> on_clock(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Paris")).hour
    3
    """
    with in_calendar(day):
        shown = datetime.combine(day, clock, tzinfo=zone)
        return shown.astimezone(UTC).astimezone(zone)


def _turns(start: datetime, *clocks: time) -> Iterator[datetime]:
    """The moments after one when its clocks show a time or jump, in order: all else stays."""
    zone, day = start.tzinfo, start.date()
    while True:
        midnight, next_midnight = (
            datetime.combine(each, time(0), zone) for each in (day, day + _DAY)
        )
        shown = (
            instant(datetime.combine(day, clock, zone).replace(fold=fold))
            for clock in (time(0), *clocks)
            for fold in (0, 1)
        )
        turns = {*shown, _jump(instant(midnight), instant(next_midnight), zone)}
        yield from (each.astimezone(zone) for each in sorted(turns) if each > instant(start))
        day += _DAY


def _jump(low: datetime, high: datetime, zone: tzinfo | None) -> datetime:
    """The first moment with the offset that the clocks have in the end; they jump once a day."""
    last = high.astimezone(zone).utcoffset()
    while low < high:
        middle = low + (high - low) // 2
        if middle.astimezone(zone).utcoffset() == last:
            high = middle
        else:
            low = middle + timedelta.resolution
    return high


def _clock(_instance: object, attribute: "Attribute[time]", value: object) -> None:
    if not isinstance(value, time) or value.tzinfo is not None:
        raise SettingError(attribute.name, str(value), "a time of day without offset")


def _dates(days: Iterable[date]) -> frozenset[date]:
    known = frozenset(days)
    for day in known:
        if type(day) is not date:
            raise SettingError("holidays", day, "dates")
    return known


@frozen(kw_only=True)
class WorkingHours:
    """The hours in which a team works, on the clock of whoever asks.

    Attributes:
        days: Names of the weekdays on which a shift begins; at least one.
        opens: When it begins.
        closes: When it ends: ``time(0)`` for the end of the day, a time before ``opens`` for the
            day after.
        holidays: Dates on which no shift begins.

    Raises:
        SettingError: No working day, a day that is none, a time with an offset, or a shift that
            ends when it begins.

    The default, Monday to Friday from nine to five, is the common reading of "working days"; ours.

    >>> from datetime import UTC, datetime, time
    >>> friday = datetime(2026, 5, 1, 15, 0, tzinfo=UTC)
    >>> WorkingHours().end_of_working_day(friday, days=2).isoformat()
    '2026-05-05T17:00:00+00:00'
    >>> night = WorkingHours(opens=time(22), closes=time(6))
    >>> night.is_open(datetime(2026, 5, 2, 5, 59, tzinfo=UTC))  # a Saturday, the shift of Friday
    True
    """

    days: frozenset[str] = field(default=frozenset(WEEKDAYS[:5]), converter=_weekdays)
    opens: time = field(default=time(9), validator=_clock)
    closes: time = field(default=time(17), validator=_clock)
    holidays: frozenset[date] = field(default=frozenset(), converter=_dates)

    def __attrs_post_init__(self) -> None:
        if not self.days:
            raise SettingError("days", [], "at least one weekday")
        if self.closes == self.opens != time(0):
            allowed = f"a time after {self.opens}, or before it for the day after"
            raise SettingError("closes", str(self.closes), allowed)

    def is_working_day(self, day: date) -> bool:
        """Whether a shift begins on a day.

        >>> from datetime import date
        >>> WorkingHours().is_working_day(date(2026, 5, 2))  # a Saturday
        False
        """
        return WEEKDAYS[day.weekday()] in self.days and day not in self.holidays

    def is_open(self, at: datetime) -> bool:
        """Whether anybody works at a moment, on its own clock; on the stroke of closing, no more.

        Raises:
            SettingError: A naive datetime.

        >>> from datetime import UTC, datetime
        >>> WorkingHours().is_open(datetime(2026, 5, 1, 17, 0, tzinfo=UTC))
        False
        """
        clock, day = aware("at", at).time(), at.date()
        if self.opens < self.closes:
            return self.opens <= clock < self.closes and self.is_working_day(day)
        if clock >= self.opens:
            return self.is_working_day(day)
        return clock < self.closes and day > date.min and self.is_working_day(day - _DAY)

    def open_until(self, at: datetime, *, latest: datetime) -> datetime:
        """When the shift that is on at a moment ends; one that follows at once goes on with it.

        Args:
            at: The moment.
            latest: How far to look.

        Returns:
            The end; ``at`` where nobody works then, ``latest`` where it does not end before.

        Raises:
            SettingError: A naive datetime, or dates outside the years 1 to 9999.

        >>> from datetime import UTC, datetime, timedelta
        >>> five = datetime(2026, 5, 1, 17, 0, tzinfo=UTC)
        >>> WorkingHours().open_until(after(five, -timedelta(minutes=1)), latest=five) == five
        True
        """
        if not self.is_open(at):
            return at
        with in_calendar(at):
            for turn in _turns(at, self.opens, self.closes):
                if instant(turn) >= instant(latest):
                    break
                if not self.is_open(turn):
                    return turn
        return latest

    def end_on(self, day: date, zone: tzinfo | None) -> datetime:
        """When a shift that begins on a day ends, on the clocks of a zone.

        Raises:
            SettingError: It lies outside the years 1 to 9999.

        >>> from datetime import UTC, date, time
        >>> WorkingHours(opens=time(22), closes=time(6)).end_on(date(2026, 5, 1), UTC).day
        2
        """
        with in_calendar(day):
            return on_clock(day if self.opens < self.closes else day + _DAY, self.closes, zone)

    def end_of_day(self, at: datetime) -> datetime:
        """When the shift that is on ends; where none is, the next one to end.

        Raises:
            SettingError: A naive datetime, or an end outside the years 1 to 9999.

        >>> from datetime import UTC, datetime
        >>> WorkingHours().end_of_day(datetime(2026, 5, 1, 18, 0, tzinfo=UTC)).isoformat()
        '2026-05-04T17:00:00+00:00'
        """
        day = aware("at", at).date()
        if self.closes <= self.opens and day > date.min:
            day -= _DAY
        with in_calendar(at):
            while not self.is_working_day(day) or instant(
                end := self.end_on(day, at.tzinfo)
            ) < instant(at):
                day += _DAY
        return end

    def end_of_working_day(self, at: datetime, *, days: int) -> datetime:
        """When the shift ends that begins on the n-th working day after today.

        Args:
            at: Now, in the zone whose clock counts.
            days: How many working days, 0 to 10,000; 0 is ``end_of_day``.

        Raises:
            SettingError: A naive datetime, another number, or an end outside the years 1 to 9999.

        >>> from datetime import UTC, datetime
        >>> monday = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
        >>> WorkingHours().end_of_working_day(monday, days=1).day
        5
        """
        if type(days) is not int or not 0 <= days <= MOST_DAYS:
            raise SettingError("days", days, f"a whole number, 0 or more and at most {MOST_DAYS}")
        day = aware("at", at).date()
        if days == 0:
            return self.end_of_day(at)
        with in_calendar(at):
            left = days
            while left:
                day += _DAY
                left -= self.is_working_day(day)
            return self.end_on(day, at.tzinfo)


@frozen(kw_only=True)
class ContactHours:
    """When a customer may be contacted, on the customer's own clock.

    Attributes:
        zone: The customer's time zone.
        quiet_from: When the quiet hours begin.
        quiet_until: When they end; earlier than ``quiet_from`` where they span midnight, equal
            for no quiet hours at all.
        quiet_days: Names of weekdays without any contact; not all seven.

    Raises:
        SettingError: Every day is quiet, a day is none, or a time has an offset.

    The default, 9 pm to 8 am, is when United States rules forbid calling a home to sell
    (47 CFR 64.1200(c)(1)); the quiet days are none.

    >>> from datetime import UTC, datetime
    >>> from zoneinfo import ZoneInfo
    >>> evening = datetime(2026, 5, 1, 20, 30, tzinfo=UTC)
    >>> ContactHours(zone=ZoneInfo("Europe/Paris")).next_allowed(evening).isoformat()
    '2026-05-02T08:00:00+02:00'
    """

    zone: tzinfo = UTC
    quiet_from: time = field(default=time(21), validator=_clock)
    quiet_until: time = field(default=time(8), validator=_clock)
    quiet_days: frozenset[str] = field(default=frozenset(), converter=_weekdays)

    def __attrs_post_init__(self) -> None:
        if len(self.quiet_days) == len(WEEKDAYS):
            raise SettingError("quiet_days", sorted(self.quiet_days), "at most six days")

    def allows(self, at: datetime) -> bool:
        """Whether the customer may be contacted at a moment.

        Raises:
            SettingError: A naive datetime, or one that their clocks cannot show.

        >>> from datetime import UTC, datetime
        >>> ContactHours().allows(datetime(2026, 5, 1, 21, 0, tzinfo=UTC))
        False
        """
        local = self._shown(at)
        if WEEKDAYS[local.weekday()] in self.quiet_days:
            return False
        clock = local.time()
        if self.quiet_from <= self.quiet_until:
            return not self.quiet_from <= clock < self.quiet_until
        return self.quiet_until <= clock < self.quiet_from

    def next_allowed(self, at: datetime) -> datetime:
        """The first moment, from ``at`` on, when the customer may be contacted.

        Raises:
            SettingError: A naive datetime, or no such moment in the years 1 to 9999.

        >>> from datetime import UTC, datetime
        >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        >>> ContactHours().next_allowed(noon) == noon
        True
        """
        start = self._shown(at)
        with in_calendar(at):
            return next(filter(self.allows, chain([start], _turns(start, self.quiet_until))))

    def last_allowed(self, at: datetime, *, since: datetime) -> datetime | None:
        """The last moment in ``since`` .. ``at`` when the customer may be contacted.

        Args:
            at: The latest moment of use.
            since: The earliest; more than eight days before ``at`` it makes no difference.

        Returns:
            The moment, a minute before quiet begins where that cuts in, or ``None`` if all the
            while is quiet.

        Raises:
            SettingError: A naive datetime, or dates outside the years 1 to 9999.

        >>> from datetime import UTC, datetime
        >>> night = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
        >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        >>> ContactHours().last_allowed(night, since=noon).isoformat()
        '2026-05-01T20:59:00+00:00'
        """
        last, first = self._shown(at), self._shown(since)
        if instant(last) - instant(first) > _LONGEST_QUIET:
            first = after(last, -_LONGEST_QUIET)
        with in_calendar(at):
            turns = _turns(first, self.quiet_from)
            before = takewhile(lambda turn: instant(turn) <= instant(last), turns)
            ends = [max(first, after(turn, -_MINUTE), key=instant) for turn in before]
        possible = (each for each in (last, *reversed(ends)) if instant(first) <= instant(each))
        return next(filter(self.allows, possible), None)

    def _shown(self, at: datetime) -> datetime:
        with in_calendar(at):
            return aware("at", at).astimezone(self.zone)


publish(__name__, __all__, globals())
