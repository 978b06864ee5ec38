"""Facts about the calendar: dates, times and durations, kept as exact days, seconds or months."""

import math
import re
from collections.abc import Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any, Literal, cast, get_args

from attrs import field, frozen

from deescalate.errors import FactError, TableError, nearest_name, quoted
from deescalate.rules._engine.facts import Number
from deescalate.rules._engine.plain import EXACT, Real
from deescalate.rules._engine.sets import Bound, NumberSet, Stretch, ValueSet, sample_between

__all__ = ["TEMPORAL_KINDS", "Temporal", "TemporalKind", "iso_text"]

TemporalKind = Literal[
    "date", "time", "date and time", "days and time duration", "years and months duration"
]
TEMPORAL_KINDS: tuple[TemporalKind, ...] = get_args(TemporalKind)

_SAMPLES: Mapping[str, str] = {
    "date": "2025-12-31",
    "time": "17:30:00",
    "date and time": "2025-12-31T17:30:00",
    "days and time duration": "P2DT12H",
    "years and months duration": "P1Y6M",
}
_DAY = 86_400
_EPOCH = date(1970, 1, 1).toordinal()
_FIRST, _LAST = 1 - _EPOCH, date.max.toordinal() - _EPOCH
_TIME = r"(\d\d):(\d\d):(\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d(?::\d\d)?)?"
_FORMS = {
    "date": re.compile(r"(\d{4}-\d\d-\d\d)", re.ASCII),
    "time": re.compile(_TIME, re.ASCII),
    "date and time": re.compile(rf"(\d{{4}}-\d\d-\d\d)(?:T{_TIME})?", re.ASCII),
    "days and time duration": re.compile(
        r"(-?)P(?=.)(?:(\d{1,12})D)?"
        r"(?:T(?=.)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12}(?:\.\d{1,9})?)S)?)?",
        re.ASCII,
    ),
    "years and months duration": re.compile(
        r"(-?)P(?=.)(?:(\d{1,12})Y)?(?:(\d{1,12})M)?", re.ASCII
    ),
}


@frozen(order=False, init=False)
class Temporal(Number):
    """A date, a time or a duration.

    It is compared like a number: of days since 1970 for a date, of seconds since midnight for a
    time and since 1970 for a date with a time, of seconds and of months for durations. Values may
    be texts as ISO 8601 writes them, or Python's own dates, times and time deltas.

    Attributes:
        name: Its name.
        low: The least value, itself allowed, as such a text; ``None`` for no least.
        high: The greatest value, itself allowed; ``None`` for no greatest.
        kind: What it is: ``date``, ``time``, ``date and time``, ``days and time duration`` or
            ``years and months duration``.
        zoned: Whether its times say their distance from UTC; all do, or none does.

    Raises:
        TableError: There is no such kind, or a bound is none of it.

    >>> due = Temporal("due", kind="date")
    >>> print(due >= due.check("2025-12-31"))
    due is at least date("2025-12-31")
    >>> due.check("2025-02-29")
    Traceback (most recent call last):
    ...
    deescalate.errors.FactError: fact `due` is `2025-02-29`: expected a date such as `2025-12-31`
    """

    kind: TemporalKind = field(kw_only=True)
    zoned: bool = field(kw_only=True)

    def __init__(
        self,
        name: str,
        low: str | Real | None = None,
        high: str | Real | None = None,
        *,
        kind: TemporalKind,
        zoned: bool = False,
    ) -> None:
        cast("Any", self).__attrs_init__(name, low, high, kind=kind, zoned=zoned)

    def __attrs_post_init__(self) -> None:
        place = f"temporal {quoted(self.name)}"
        if self.kind not in TEMPORAL_KINDS:
            near = nearest_name(self.kind, TEMPORAL_KINDS)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            known = ", ".join(map(quoted, TEMPORAL_KINDS))
            raise TableError(place, f"found {quoted(self.kind)}, expected one of {known}{hint}")
        whole = self.kind in ("date", "years and months duration")
        parts: dict[str, object] = {"integer": whole, "decimal": not whole, "unit": ""}
        for bound in ("low", "high"):
            given = getattr(self, bound)
            if isinstance(given, str):
                parts[bound] = self.measured(given)
                if parts[bound] is None:
                    expected = f"expected {self._allowed}"
                    raise TableError(f"{place}.{bound}", f"found {quoted(given)}, {expected}")
        for name, part in parts.items():
            object.__setattr__(self, name, part)
        super().__attrs_post_init__()
        limits = _LIMITS.get(self.kind)
        if limits is not None:
            domain = self._domain & limits
            if not domain:
                raise TableError(place, "no value lies between its bounds")
            object.__setattr__(self, "_domain", domain)

    @property
    def _allowed(self) -> str:
        kind = "day and time" if self.kind == "date and time" else self.kind
        sample = _SAMPLES[self.kind] + ("Z" if self.zoned else "")
        zone = " with a zone" if self.zoned else ""
        return f"a {kind} such as {quoted(sample)}{zone}"

    @property
    def allowed(self) -> str:
        """Every value it may take, in words."""
        ends = [
            f"{word} {self.text_of(end)}"
            for word, end in (("from", self.low), ("to", self.high))
            if end is not None
        ]
        return " ".join((self._allowed, *ends))

    def check(self, value: object) -> Real:
        """Pass a value on as the number that it is; refuse what is none.

        Raises:
            FactError: It is of another kind, or outside the domain.

        >>> Temporal("late", kind="days and time duration").check("PT1H30M")
        5400
        """
        number = self.measured(value)
        if number is None or number not in self._domain:
            raise FactError(self.name, value, self.allowed)
        return number

    def measured(self, value: object) -> Real | None:
        """The number that a value is; ``None`` for one of another kind.

        >>> Temporal("due", kind="date").measured("1970-01-31")
        30
        """
        if isinstance(value, date | time | timedelta):
            value = iso_text(value)
        if isinstance(value, str):
            match = _FORMS[self.kind].fullmatch(value)
            return None if match is None else self._number(match)
        try:
            return super().check(value)
        except FactError:
            return None

    def _number(self, match: re.Match[str]) -> Real | None:
        parts = match.groups()
        if self.kind == "years and months duration":
            months = 12 * int(parts[1] or 0) + int(parts[2] or 0)
            return -months if parts[0] else months
        if self.kind == "days and time duration":
            days, hours, minutes = (int(each or 0) for each in parts[1:4])
            seconds = _plain(Decimal(parts[4] or 0))
            total = _sum(days * _DAY + hours * 3600 + minutes * 60, seconds)
            return -total if parts[0] else total
        days = 0
        if self.kind != "time":
            try:
                days = date.fromisoformat(parts[0]).toordinal() - _EPOCH
            except ValueError:
                return None
            if self.kind == "date":
                return days
            parts = parts[1:]
        return self._instant(days, parts)

    def _instant(self, days: int, parts: tuple[Any, ...]) -> Real | None:
        hours, minutes, seconds = (int(each or 0) for each in parts[:3])
        offset = _offset(parts[4] or "Z")
        if hours > 23 or minutes > 59 or seconds > 59 or offset is None:
            return None
        if (parts[4] is not None) != self.zoned:
            return None
        whole = days * _DAY + hours * 3600 + minutes * 60 + seconds - offset
        return _sum(whole % _DAY if self.kind == "time" else whole, _plain(Decimal(parts[3] or 0)))

    def text_of(self, value: Real) -> str:
        """The text that a number of its domain stands for.

        >>> Temporal("late", kind="years and months duration").text_of(18)
        'P1Y6M'
        """
        if self.kind == "years and months duration":
            years, months = divmod(abs(int(value)), 12)
            parts = (f"{years}Y" if years else "", f"{months}M" if months or not years else "")
            return f"{'-' if value < 0 else ''}P{''.join(parts)}"
        exact = Decimal(value)
        days, seconds = divmod(int(exact.to_integral_value("ROUND_FLOOR", EXACT)), _DAY)
        if self.kind == "date":
            return date.fromordinal(int(value) + _EPOCH).isoformat()
        if self.kind == "days and time duration":
            return _duration(exact)
        fraction = EXACT.remainder(exact, Decimal(1))
        clock = _clock(seconds, fraction + 1 if fraction < 0 else fraction)
        zone = "Z" if self.zoned else ""
        day = "" if self.kind == "time" else f"{date.fromordinal(days + _EPOCH).isoformat()}T"
        return f"{day}{clock}{zone}"

    @property
    def function(self) -> str:
        """The function that makes it in cells."""
        return "duration" if self.kind.endswith("duration") else self.kind

    @property
    def example(self) -> str:
        """A value of its kind as cells write it."""
        return f'{self.function}("{_SAMPLES[self.kind]}{"Z" if self.zoned else ""}")'

    def said(self, value: Real) -> str:
        """A number of its domain as cells and messages write it."""
        return f'{self.function}("{self.text_of(value)}")'

    def sample(self, values: ValueSet, *, near: object = None) -> Any:
        """Pick a text that the fact accepts from a set that holds one: no day of the year 1."""
        stretch = cast("NumberSet", values).stretches[0]
        whole = self._domain.stretches[0]
        dated = self.kind.startswith("date") and near is None and self.low is None
        if dated and stretch.start == whole.start:
            end = Bound(math.inf) if stretch.end == whole.end else stretch.end
            return self.text_of(sample_between(Bound(-math.inf), end))
        return self.text_of(super().sample(values, near=near))


_LIMITS: Mapping[str, NumberSet] = {
    "date": NumberSet((Stretch(Bound(_FIRST), Bound(_LAST + 1)),)),
    "time": NumberSet((Stretch(Bound(0), Bound(_DAY)),)),
    "date and time": NumberSet((Stretch(Bound(_FIRST * _DAY), Bound((_LAST + 1) * _DAY)),)),
}


def iso_text(value: date | time | timedelta) -> str:
    """A date, a time or a duration of Python as ISO 8601 writes it.

    >>> iso_text(timedelta(hours=1.5))
    'PT1H30M'
    """
    if isinstance(value, timedelta):
        seconds = Decimal(value.days * _DAY + value.seconds) + Decimal(value.microseconds) / 10**6
        return _duration(seconds)
    return value.isoformat().replace("+00:00", "Z")


def _plain(value: Decimal) -> Real:
    return int(value) if value == int(value) else value


def _sum(whole: int, fraction: Real) -> Real:
    return _plain(EXACT.add(Decimal(whole), Decimal(fraction)))


def _offset(zone: str) -> int | None:
    """The seconds by which a zone is ahead of UTC; ``None`` where there is no such zone."""
    if zone == "Z":
        return 0
    hours, minutes, *seconds = map(int, zone[1:].split(":"))
    if hours > 18 or minutes > 59 or any(each > 59 for each in seconds):
        return None
    ahead = hours * 3600 + minutes * 60 + sum(seconds)
    return -ahead if zone[0] == "-" else ahead


def _clock(seconds: int, fraction: Decimal) -> str:
    hours, rest = divmod(seconds, 3600)
    minutes, rest = divmod(rest, 60)
    return f"{hours:02}:{minutes:02}:{rest:02}{_fraction(fraction)}"


def _fraction(fraction: Decimal) -> str:
    return format(fraction, "f").rstrip("0")[1:] if fraction else ""


def _duration(value: Decimal) -> str:
    size = abs(value)
    whole = int(size)
    days, rest = divmod(whole, _DAY)
    hours, rest = divmod(rest, 3600)
    minutes, seconds = divmod(rest, 60)
    fraction = _fraction(EXACT.subtract(size, Decimal(whole)))
    named = ((hours, "H"), (minutes, "M"))
    clock = "".join(f"{count}{unit}" for count, unit in named if count)
    clock += f"{seconds}{fraction}S" if seconds or fraction else ""
    day = f"{days}D" if days else ""
    clock = f"T{clock}" if clock else ("" if days else "T0S")
    return f"{'-' if value < 0 else ''}P{day}{clock}"
