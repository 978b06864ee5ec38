"""Points in time in a row of tokens: "by noon tomorrow", "Friday the 16th", "within 24hrs".

Pieces are found first (a day, a time of day, a length, the end of a day), then those that stand
side by side are joined, and of a range the later end is kept.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import time
from typing import Final

from attrs import evolve, frozen

from deescalate.hours import WEEKDAYS
from deescalate.text._clocks import Clocks
from deescalate.text._dates import Dates
from deescalate.text._durations import Duration
from deescalate.text._numbers import Row
from deescalate.text._pieces import Around, Piece
from deescalate.text._times import When
from deescalate.text._tokens import Span

__all__ = ["SaidTime", "times_in"]

_DAYS: Final = frozenset({"weekday", "date", "day"})
_CLOCKS: Final = frozenset({"clock", "part"})
_LATTER: Final = frozenset(
    {("weekday", "date"), ("end", "weekday"), ("end", "day"), ("end", "date")}
)
_FORMER: Final = frozenset(
    {("weekday", "end"), ("day", "end"), ("date", "end"), ("date", "weekday")}
)
_DAYS_ON: Final = {"today": 0, "tomorrow": 1}
_JOINS: Final = 3
_FILLERS: Final = 4
_NOON: Final = 12
_EVENING: Final = 18


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


def times_in(
    row: Row, durations: Sequence[Duration], *, month_first: bool = False
) -> tuple[SaidTime, ...]:
    """Find the points in time, in order, none overlapping another.

    Args:
        row: The tokens.
        durations: The lengths of time in them.
        month_first: Whether 3/4 is the fourth of March rather than the third of April.
    """
    lengths = {each.first: each for each in durations}
    reader = _Points(row, lengths, Dates(row, month_first), Clocks(row, lengths))
    return tuple(reader.said(piece, piece.when) for piece in reader.whole() if piece.when)


@frozen
class _Points(Around):
    durations: Mapping[int, Duration]
    dates: Dates
    clocks: Clocks

    # What is found is put together.

    def said(self, piece: Piece, when: When) -> SaidTime:
        tokens = self.row.tokens
        return SaidTime(
            when=when,
            span=Span(tokens[piece.first].start, tokens[piece.last].end),
            first=piece.first,
            last=piece.last,
            deadline=self.led(piece.first, "deadlines") or self.led(piece.first + 1, "deadlines"),
        )

    def whole(self) -> list[Piece]:
        """The pieces, joined, of ranges the later end."""
        joined: list[Piece] = []
        for piece in self.pieces():
            both = self._beside(joined[-1], piece) if joined else None
            if both:
                joined[-1] = both
            else:
                joined.append(piece)
        kept: list[Piece] = []
        for piece in filter(self._stands, map(self._in_zone, joined)):
            later = self._later(kept[-1], piece) if kept else None
            if later:
                kept[-1] = later
            else:
                kept.append(piece)
        return kept

    def _in_zone(self, piece: Piece) -> Piece:
        """A piece with the zone that stands behind it: "5 pm tomorrow ET", "by EOD Pacific"."""
        when = piece.when
        if when is None or when.zone or not (when.clock or when.day == "end_of_day"):
            return piece
        zone, last = self.clocks.zone(piece.last)
        return piece._replace(when=evolve(when, zone=zone), last=last) if zone else piece

    def _beside(self, one: Piece, other: Piece) -> Piece | None:
        """A day and a time of day that stand side by side, as one."""
        between, joins = range(one.last + 1, other.first), self.section("joins")
        if len(between) > _JOINS or not all(self.row.word(at) in joins for at in between):
            return None
        if one.when is None or other.when is None:
            return Piece("date", None, one.first, other.last)  # a day that no calendar has
        when, kinds = _joint(one, other, one.when, other.when), {one.kind, other.kind}
        if when is None:
            return None
        kind = "day"
        if kinds <= _CLOCKS:
            kind = "part" if kinds == {"part"} else "clock"
        elif "vague" not in kinds and kinds & {"part", "date"}:
            kind = "vague" if "part" in kinds else "date"
        return Piece(kind, when, one.first, other.last, one.exact or other.exact)

    def _later(self, one: Piece, other: Piece) -> Piece | None:
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
        return Piece(other.kind, when, one.first, other.last)

    def _stands(self, piece: Piece) -> bool:
        """Whether a part of the day is a time of its own: "good morning" is none."""
        if piece.kind != "part":
            return True
        word, before = self.row.word(piece.first), self.row.word(piece.first - 1)
        if word in self.section("parts with day"):
            return False
        alone = word in self.section("parts alone") or piece.last > piece.first
        return (
            alone or before in self.section("on") or before in self.section("by") or before == "the"
        )

    # The pieces.

    def pieces(self) -> Iterator[Piece]:
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
                begins = piece.kind in _DAYS and self.behind(piece.first, "after")
                yield piece._replace(when=None) if begins else piece

    def _piece(self, index: int) -> Piece | None:
        for read in (
            self._length,
            self.clocks.moment,
            self.dates.in_digits,
            self.dates.in_words,
            self.dates.named,
            self.clocks.part,
            self.dates.weekday,
            self.clocks.to_the_hour,
            self.clocks.on_a_clock,
        ):
            piece = read(index)
            if piece is not None:
                return piece
        return None

    def _length(self, index: int) -> Piece | None:
        """A length that is led in: "within two days"; "a week on Tuesday"; "within the hour"."""
        found = self.durations.get(index)
        if found is None:
            return self._unit_alone(index)
        if day := self._from_day(found):
            return day
        lead, now = self._within(index), self.match(found.last + 1, "from now")
        if lead is None and now is None:
            return None
        first, last = index if lead is None else lead, now[1] if now else found.last
        return Piece("length", _length_of(found), first, last)

    def _unit_alone(self, index: int) -> Piece | None:
        """Read "within the hour", "in the next day or two"."""
        row = self.row
        unit = row.words.units.get(row.word(index))
        lead = self._within(index) if unit else None
        if unit is None or lead is None or row.word(index - 1) not in {"the", "next"}:
            return None
        if row.word(lead) == "in" and index - lead < _JOINS:
            return None
        more = row.starting.get(index + 2) if row.word(index + 1) == "or" else None
        if more is None:
            return Piece("length", When(amount=1, unit=unit), lead, index)
        return Piece("length", When(amount=float(more.value), unit=unit), lead, more.last)

    def _from_day(self, found: Duration) -> Piece | None:
        """Read "a week on Tuesday", "two weeks from next Monday", "three days from tomorrow"."""
        row, after = self.row, found.last + 1
        led = row.word(after) in self.section("on from")
        if led and self.match(after, "from now"):
            return None
        start = after + led
        start += row.word(start) in self.section("next")
        day = self.dates.weekday(start) or self.dates.named(start)
        if day is None or day.when is None or day.kind not in {"weekday", "day"}:
            return None
        if found.unit in {"week", "fortnight"} and found.count % 1 == 0:
            weeks = int(found.count) * (2 if found.unit == "fortnight" else 1)
            return Piece("day", evolve(day.when, weeks=weeks), found.first, day.last)
        return self._days_from(found, day.when, day.last) if led else None

    def _days_from(self, found: Duration, day: When, last: int) -> Piece:
        """Days from today or tomorrow; from a day that has another name no time is told."""
        more = _DAYS_ON.get(day.day)
        known = found.unit == "day" and more is not None and found.count % 1 == 0
        when = When(amount=found.count + (more or 0), unit="day") if known else None
        return Piece("length", when, found.first, last)

    def _within(self, index: int) -> int | None:
        """Where the word stands that leads to a length which begins here."""
        row, at = self.row, index - 1
        while index - at <= _FILLERS and row.word(at) in self.row.words.time_fillers:
            at -= 1
        return at if at >= 0 and row.word(at) in self.section("within") else None


def _at(day: When, clock: When) -> When:
    """A day at a time of day."""
    return evolve(day, clock=clock.clock, zone=clock.zone)


def _joint(one: Piece, other: Piece, first: When, second: When) -> When | None:
    """What two pieces that stand side by side mean together."""
    kinds = (one.kind, other.kind)
    if kinds in _LATTER | _FORMER:
        when = second if kinds in _LATTER else first
        return evolve(when, zone=first.zone or second.zone)
    if {*kinds} == {"weekday", "day"}:
        return _in_week(first, second) if other.kind == "day" else _in_week(second, first)
    if kinds == ("part", "part"):  # tonight at midnight
        return evolve(first, clock=max(first.clock or time.min, second.clock or time.min))
    if frozenset(kinds) == _CLOCKS:
        return _in_part(one, other) if one.kind == "clock" else _in_part(other, one)
    return _at_time(one, other, first, second)


def _at_time(one: Piece, other: Piece, first: When, second: When) -> When | None:
    """A day and a time of it, in either order."""
    when = None
    if one.kind in _CLOCKS and other.kind in _DAYS:
        when = _at(second, first)
    elif one.kind in _DAYS and other.kind in _CLOCKS and first.clock is None:
        when = _at(first, second)
    elif one.kind in _DAYS and other.kind == "part":
        when = _at(first, _in_part(one, other))
    elif one.kind == "vague" and other.kind in _CLOCKS:
        when = first if other.kind == "part" else _at(first, _in_part(other, one))
    return when


def _in_week(weekday: When, week: When) -> When | None:
    """A weekday of this week or the next: "next week Thursday"."""
    if week.day == "next_week" and weekday.day in WEEKDAYS:
        return evolve(weekday, day=f"next_{weekday.day}")
    return weekday if week.day in {"next_week", "end_of_week"} else None


def _in_part(exact: Piece, part: Piece) -> When:
    """A time of day in a part of the day: "tonight at 8", "at 7 tomorrow morning"."""
    when = exact.when or When()
    clock, end = when.clock, part.when.clock if part.when else None
    if clock is None or end is None or exact.exact or time.max in {clock, end}:
        return when
    if end.hour >= _EVENING and clock.hour <= _NOON:
        night = clock.hour == _NOON  # twelve at night
        clock = time.max if night else clock.replace(hour=clock.hour + _NOON)
    elif end.hour == _NOON < clock.hour:
        clock = clock.replace(hour=clock.hour - _NOON)
    return evolve(when, clock=clock)


def _length_of(found: Duration) -> When | None:
    """A length of time as what is to pass; "in 0 days" names no moment."""
    match found.unit:
        case _ if not found.count:
            return None
        case "fortnight":
            return When(amount=found.count * 2, unit="week")
        case "decade":
            return When(amount=found.count * 10, unit="year")
        case _ if found.count % 1 and found.unit in {"day", "week"}:
            return When(amount=found.seconds / 3600, unit="hour")
        case _:
            return When(amount=found.count, unit=found.unit)
