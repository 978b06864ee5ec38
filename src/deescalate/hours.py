"""Moments and hours: aware datetimes, working hours, and when a customer may be contacted.

Python compares and adds two datetimes of one zone by the clock on the wall, which is wrong
around a change of summer time; everything here compares instants and says which it adds.
"""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

from attrs import field, frozen

from deescalate.errors import SettingError, nearest_name, quoted

__all__ = [
    "WEEKDAYS",
    "ContactHours",
    "WorkingHours",
    "after",
    "aware",
    "instant",
    "on_clock",
    "zone_named",
]

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
"""The names of the days, in the order of ``datetime.weekday``."""

_DAY = timedelta(days=1)


def aware(name: str, value: object) -> datetime:
    """Take a datetime that knows its zone, or say what is wrong with it.

    Args:
        name: What to call the value in the error.
        value: What was given.

    Raises:
        SettingError: It is no datetime, or a naive one.

    >>> aware("at", datetime(2026, 5, 1, 9, 0, tzinfo=UTC)).hour
    9
    """
    if not isinstance(value, datetime) or value.utcoffset() is None:
        raise SettingError(name, value, "an aware datetime, such as one with `tzinfo=UTC`")
    try:
        instant(value)
    except OverflowError as error:
        raise SettingError(name, value, "a moment within the years 1 to 9999 in UTC") from error
    return value


def instant(moment: datetime) -> datetime:
    """The same moment in UTC, in which moments compare and subtract truly.

    >>> instant(datetime(2026, 5, 1, 9, 0, tzinfo=ZoneInfo("Europe/Paris"))).hour
    7
    """
    return moment.astimezone(UTC)


def after(moment: datetime, elapsed: timedelta) -> datetime:
    """The moment after a stretch of elapsed time, in the same zone.

    >>> night = datetime(2026, 3, 28, 12, 0, tzinfo=ZoneInfo("Europe/Paris"))
    >>> after(night, timedelta(hours=24)).hour  # the clocks went forward
    13
    """
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

    >>> on_clock(date(2026, 3, 29), time(2, 30), ZoneInfo("Europe/Paris")).hour
    3
    """
    shown = datetime.combine(day, clock, tzinfo=zone)
    return shown.astimezone(UTC).astimezone(zone)


@frozen(kw_only=True)
class WorkingHours:
    """The hours in which a team works, on the clock of whoever asks.

    Attributes:
        days: Names of the working weekdays; at least one.
        opens: When work starts.
        closes: When work ends, later than ``opens``.
        holidays: Dates on which nobody works.

    Raises:
        SettingError: No working day, a day that is none, or hours that run backwards.

    The default, Monday to Friday from nine to five, is the common reading of "working days"; ours.

    >>> friday = datetime(2026, 5, 1, 15, 0, tzinfo=UTC)
    >>> WorkingHours().end_of_working_day(friday, days=2).isoformat()
    '2026-05-05T17:00:00+00:00'
    """

    days: frozenset[str] = field(default=frozenset(WEEKDAYS[:5]), converter=_weekdays)
    opens: time = time(9)
    closes: time = time(17)
    holidays: frozenset[date] = field(default=frozenset(), converter=frozenset)

    def __attrs_post_init__(self) -> None:
        if not self.days:
            raise SettingError("days", [], "at least one weekday")
        if self.closes <= self.opens:
            raise SettingError("closes", str(self.closes), f"a time after {self.opens}")

    def is_working_day(self, day: date) -> bool:
        """Whether anybody works on a day.

        >>> WorkingHours().is_working_day(date(2026, 5, 2))  # a Saturday
        False
        """
        return WEEKDAYS[day.weekday()] in self.days and day not in self.holidays

    def end_of_day(self, at: datetime) -> datetime:
        """When work ends today; if it has ended or nobody works, on the next working day.

        >>> WorkingHours().end_of_day(datetime(2026, 5, 1, 18, 0, tzinfo=UTC)).isoformat()
        '2026-05-04T17:00:00+00:00'
        """
        day = at.date()
        while not self.is_working_day(day) or instant(
            end := on_clock(day, self.closes, at.tzinfo)
        ) < instant(at):
            day += _DAY
        return end

    def end_of_working_day(self, at: datetime, *, days: int) -> datetime:
        """When work ends on the n-th working day after today.

        Args:
            at: Now, in the zone whose clock counts.
            days: How many working days, 0 or more; 0 is ``end_of_day``.

        Raises:
            SettingError: The number is negative.

        >>> monday = datetime(2026, 5, 4, 10, 0, tzinfo=UTC)
        >>> WorkingHours().end_of_working_day(monday, days=1).day
        5
        """
        if days < 0:
            raise SettingError("days", days, "0 or more")
        if days == 0:
            return self.end_of_day(at)
        day = at.date()
        left = days
        while left:
            day += _DAY
            left -= self.is_working_day(day)
        return on_clock(day, self.closes, at.tzinfo)


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
        SettingError: Every day is quiet, or a day is none.

    The default, 9 pm to 8 am, is when United States rules forbid calling a home to sell
    (47 CFR 64.1200(c)(1)); the quiet days are none.

    >>> evening = datetime(2026, 5, 1, 20, 30, tzinfo=UTC)
    >>> ContactHours(zone=ZoneInfo("Europe/Paris")).next_allowed(evening).isoformat()
    '2026-05-02T08:00:00+02:00'
    """

    zone: tzinfo = UTC
    quiet_from: time = time(21)
    quiet_until: time = time(8)
    quiet_days: frozenset[str] = field(default=frozenset(), converter=_weekdays)

    def __attrs_post_init__(self) -> None:
        if len(self.quiet_days) == len(WEEKDAYS):
            raise SettingError("quiet_days", sorted(self.quiet_days), "at most six days")

    def allows(self, at: datetime) -> bool:
        """Whether the customer may be contacted at a moment.

        >>> ContactHours().allows(datetime(2026, 5, 1, 21, 0, tzinfo=UTC))
        False
        """
        local = at.astimezone(self.zone)
        if WEEKDAYS[local.weekday()] in self.quiet_days:
            return False
        clock = local.time()
        if self.quiet_from <= self.quiet_until:
            return not self.quiet_from <= clock < self.quiet_until
        return self.quiet_until <= clock < self.quiet_from

    def next_allowed(self, at: datetime) -> datetime:
        """The first moment, from ``at`` on, when the customer may be contacted.

        >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        >>> ContactHours().next_allowed(noon) == noon
        True
        """
        return next(moment for moment in self._openings(at) if self.allows(moment))

    def _openings(self, at: datetime) -> Iterable[datetime]:
        """``at`` and the moments after it at which contact may become allowed, in order."""
        local = at.astimezone(self.zone)
        yield local
        day = local.date()
        while True:
            for clock in sorted({time(0), self.quiet_until}):
                moment = on_clock(day, clock, self.zone)
                if instant(moment) > instant(local):
                    yield moment
            day += _DAY

    def last_allowed(self, at: datetime, *, since: datetime) -> datetime | None:
        """The last moment in ``since`` .. ``at`` when the customer may be contacted.

        Args:
            at: The latest moment of use.
            since: The earliest.

        Returns:
            The moment, a minute before quiet begins where that cuts in, or ``None`` if all the
            while is quiet.

        >>> night = datetime(2026, 5, 2, 6, 0, tzinfo=UTC)
        >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        >>> ContactHours().last_allowed(night, since=noon).isoformat()
        '2026-05-01T20:59:00+00:00'
        """
        latest = at.astimezone(self.zone)
        ends = (time(23, 59), self._minute_before_quiet())
        days = [latest.date() - back * _DAY for back in range(len(WEEKDAYS) + 1)]
        moments = (latest, *(on_clock(day, clock, self.zone) for day in days for clock in ends))
        within = (each for each in moments if instant(since) <= instant(each) <= instant(at))
        return max(filter(self.allows, within), key=instant, default=None)

    def _minute_before_quiet(self) -> time:
        begins = datetime.combine(date(2000, 1, 2), self.quiet_from)
        return (begins - timedelta(minutes=1)).time()
