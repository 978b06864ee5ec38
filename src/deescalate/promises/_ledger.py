"""The ledger of promises: append-only, so that none is ever lost, and read at any moment."""

from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Self

from attrs import evolve, field, frozen

from deescalate.errors import EventError, SettingError, nearest_name, quoted
from deescalate.hours import aware, instant
from deescalate.promises._promise import Promise, Standing

__all__ = ["Entry", "Ledger", "Word"]


class Word(StrEnum):
    """What can happen to a promise.

    >>> Word("moved") is Word.MOVED
    True
    """

    MADE = "made"
    UPDATED = "updated"
    MOVED = "moved"
    KEPT = "kept"
    RELEASED = "released"


@frozen(kw_only=True)
class Entry:
    """One line of the ledger.

    Attributes:
        word: What happened.
        name: To which promise.
        at: When.
        promise: The promise itself, in the line that made it.
        due: The new due time, in a line that moved it.
        because: Why, where it was said.

    >>> from datetime import UTC, datetime
    >>> Entry(word=Word.KEPT, name="call", at=datetime(2026, 5, 1, tzinfo=UTC)).because
    ''
    """

    word: Word
    name: str
    at: datetime
    promise: Promise | None = None
    due: datetime | None = None
    because: str = ""


def _lines(entries: Iterable[Entry]) -> tuple[Entry, ...]:
    return tuple(entries)


@frozen(kw_only=True)
class Ledger:
    """All promises of a case, and what became of them.

    A ledger is a value: each word about a promise gives a new ledger. Nothing is ever taken
    out, a broken promise stays broken after it is kept late, and moving the due time mends
    nothing unless it was agreed before the time had come.

    Attributes:
        entries: The lines, in the order in which they were written and in order of time.
        due_soon: How long before its due time a promise counts as due soon.

    Raises:
        SettingError: A ``due_soon`` that is negative.
        EventError: Entries that do not follow from one another.

    The default for ``due_soon``, an hour, is ours.

    >>> from datetime import UTC, datetime
    >>> nine, five = (datetime(2026, 5, 1, hour, 0, tzinfo=UTC) for hour in (9, 17))
    >>> ledger = Ledger().made(Promise(name="call", what="call back", made_at=nine, due=five))
    >>> ledger.standing("call", at=nine), ledger.kept("call", at=five).standing("call", at=five)
    (<Standing.OPEN: 'open'>, <Standing.KEPT: 'kept'>)
    """

    entries: tuple[Entry, ...] = field(default=(), converter=_lines)
    due_soon: timedelta = timedelta(hours=1)
    _of: Mapping[str, tuple[Entry, ...]] = field(init=False, eq=False, repr=False)

    def __attrs_post_init__(self) -> None:
        soon = self.due_soon
        told = isinstance(soon, timedelta)  # pyright: ignore[reportUnnecessaryIsInstance]  callers err
        if not told or soon < timedelta(0):
            raise SettingError("due_soon", str(self.due_soon), "0 or longer")
        of: dict[str, tuple[Entry, ...]] = {}
        last: Entry | None = None
        for entry in self.entries:
            of[entry.name] = _followed(of, last, entry)
            last = entry
        object.__setattr__(self, "_of", of)

    def __contains__(self, name: object) -> bool:
        return name in self._of

    @property
    def promises(self) -> tuple[Promise, ...]:
        """Every promise ever made, in the order of making.

        >>> Ledger().promises
        ()
        """
        return tuple(entry.promise for entry in self.entries if entry.promise is not None)

    def made(self, promise: Promise) -> Self:
        """Write a promise down; writing the same one again changes nothing.

        Raises:
            EventError: Another promise has this name, or it was made before the last entry.

        >>> from datetime import UTC, datetime
        >>> at = datetime(2026, 5, 1, tzinfo=UTC)
        >>> promise = Promise(name="call", what="call", made_at=at, due=at)
        >>> len(Ledger().made(promise).made(promise).entries)
        1
        """
        if promise.name in self and self._of[promise.name][0].promise == promise:
            return self
        line = Entry(word=Word.MADE, name=promise.name, at=promise.made_at, promise=promise)
        return self._with(line)

    def kept(self, name: str, *, at: datetime, because: str = "") -> Self:
        """Write down that a promise was kept, in time or late.

        Args:
            name: The promise.
            at: When, not before the last entry.
            because: How, where worth saying.

        Raises:
            EventError: No such promise, one that is settled already, or a time that runs back.
            SettingError: A naive datetime.
        """
        return self._with(Entry(word=Word.KEPT, name=name, at=at, because=because))

    def moved(self, name: str, *, at: datetime, due: datetime, because: str = "") -> Self:
        """Write down that a new due time was agreed.

        In time, the promise stands as if it had been made so. After the due time, it was
        broken all the same, and the new time is one more to keep.

        Args:
            name: The promise.
            at: When that was agreed, not before the last entry.
            due: The new due time, not before ``at``.
            because: Why.

        Raises:
            EventError: As ``kept``, or a due time before ``at``.
            SettingError: A naive datetime.
        """
        return self._with(Entry(word=Word.MOVED, name=name, at=at, due=due, because=because))

    def updated(self, name: str, *, at: datetime, because: str = "") -> Self:
        """Write down that the customer was told where it stands, without its being done.

        An update is owed at the due time even without news; it does not keep the promise.

        Args:
            name: The promise.
            at: When, not before the last entry.
            because: What they were told.

        Raises:
            EventError: As ``kept``.
            SettingError: A naive datetime.
        """
        return self._with(Entry(word=Word.UPDATED, name=name, at=at, because=because))

    def released(self, name: str, *, at: datetime, because: str = "") -> Self:
        """Write down that the customer no longer wants what was promised.

        Args:
            name: The promise.
            at: When, not before the last entry.
            because: Why.

        Raises:
            EventError: As ``kept``.
            SettingError: A naive datetime.
        """
        return self._with(Entry(word=Word.RELEASED, name=name, at=at, because=because))

    def due(self, name: str, *, at: datetime) -> datetime:
        """The due time that is agreed at a moment.

        Raises:
            EventError: No such promise by then.
            SettingError: A naive datetime.

        >>> from datetime import UTC, datetime
        >>> nine, five = (datetime(2026, 5, 1, hour, 0, tzinfo=UTC) for hour in (9, 17))
        >>> ledger = Ledger().made(Promise(name="call", what="call", made_at=nine, due=nine))
        >>> ledger.moved("call", at=nine, due=five).due("call", at=nine) == five
        True
        """
        return self._course(name, at).due

    def standing(self, name: str, *, at: datetime) -> Standing:
        """How a promise stands at a moment.

        Args:
            name: The promise.
            at: The moment; later entries are not looked at.

        Raises:
            EventError: No such promise by then.
            SettingError: A naive datetime.
        """
        return self._course(name, at).standing(instant(at), self.due_soon)

    def standing_in(self, *standings: Standing, at: datetime) -> tuple[Promise, ...]:
        """The promises that stand in one of these ways at a moment, soonest due first.

        >>> from datetime import UTC, datetime
        >>> Ledger().standing_in(Standing.OVERDUE, at=datetime(2026, 5, 1, tzinfo=UTC))
        ()
        """
        now = instant(aware("at", at))
        found = [
            course
            for course in self._until(now)
            if course.standing(now, self.due_soon) in standings
        ]
        found.sort(key=lambda course: instant(course.due))
        return tuple(course.promise for course in found)

    def open(self, *, at: datetime) -> tuple[Promise, ...]:
        """The promises under which something is still owed, soonest due first."""
        return self.standing_in(*(each for each in Standing if each.is_open), at=at)

    def broken(self, *, at: datetime) -> tuple[Promise, ...]:
        """The promises whose agreed time was ever missed, kept late or not, in order of making.

        Their number is what moves the customer's state, the strategy and the escalation.

        >>> from datetime import UTC, datetime
        >>> nine, ten = (datetime(2026, 5, 1, hour, 0, tzinfo=UTC) for hour in (9, 10))
        >>> ledger = Ledger().made(Promise(name="call", what="call", made_at=nine, due=nine))
        >>> [each.name for each in ledger.kept("call", at=ten).broken(at=ten)]
        ['call']
        """
        now = instant(aware("at", at))
        return tuple(course.promise for course in self._until(now) if course.missed(now))

    def broken_at(self, name: str, *, at: datetime) -> datetime | None:
        """The due time that was first missed by a moment, or ``None``.

        Raises:
            EventError: No such promise by then.
            SettingError: A naive datetime.
        """
        return self._course(name, at).missed(instant(at))

    def updates_owed(self, *, at: datetime) -> tuple[Promise, ...]:
        """The promises past due about whose time the customer has heard nothing.

        A promised call is owed at its time even without news. What was said earlier than
        ``due_soon`` before the time does not count as that update.

        >>> from datetime import UTC, datetime
        >>> nine, ten = (datetime(2026, 5, 1, hour, 0, tzinfo=UTC) for hour in (9, 10))
        >>> ledger = Ledger().made(Promise(name="call", what="call", made_at=nine, due=nine))
        >>> len(ledger.updates_owed(at=ten))
        1
        >>> ledger.updated("call", at=nine).updates_owed(at=ten)
        ()
        """
        return tuple(
            promise
            for promise in self.standing_in(Standing.OVERDUE, at=at)
            if self._course(promise.name, at).silent_since(self.due_soon)
        )

    def _until(self, now: datetime) -> "Iterator[_Course]":
        return (_course(each, now) for each in self._of.values() if instant(each[0].at) <= now)

    def _course(self, name: str, at: datetime) -> "_Course":
        now = instant(aware("at", at))
        if name not in self or instant(self._of[name][0].at) > now:
            raise EventError("ledger", _unknown(name, self._of))
        return _course(self._of[name], now)

    def _with(self, entry: Entry) -> Self:
        """One line more: what it has to follow from is looked at, and nothing else again."""
        of = _followed(self._of, self.entries[-1] if self.entries else None, entry)
        longer = copy(self)
        object.__setattr__(longer, "entries", (*self.entries, entry))
        object.__setattr__(longer, "_of", {**self._of, entry.name: of})
        return longer


@frozen
class _Course:
    """What became of one promise so far."""

    promise: Promise
    due: datetime
    settled: Word | None = None
    broken_at: datetime | None = None
    told_at: datetime | None = None

    def after(self, entry: Entry) -> "_Course":
        if self.settled:
            raise EventError(entry.word, f"{quoted(entry.name)} is {self.settled} already")
        course = evolve(self, broken_at=self.missed(instant(entry.at)))
        if entry.word is Word.UPDATED:
            return evolve(course, told_at=entry.at)
        if entry.word is not Word.MOVED:
            return evolve(course, settled=entry.word)
        due = aware("due", entry.due)
        if instant(due) < instant(entry.at):
            raise EventError(entry.word, f"the new due time {due} is before {entry.at}")
        return evolve(course, due=due)

    def missed(self, now: datetime) -> datetime | None:
        if self.broken_at or self.settled:
            return self.broken_at
        return self.due if instant(self.due) < now else None

    def standing(self, now: datetime, soon: timedelta) -> Standing:
        if self.settled is Word.RELEASED:
            return Standing.RELEASED
        if self.settled:
            return Standing.KEPT_LATE if self.broken_at else Standing.KEPT
        left = instant(self.due) - now
        if left < timedelta(0):
            return Standing.OVERDUE
        return Standing.DUE_SOON if left <= soon else Standing.OPEN

    def silent_since(self, soon: timedelta) -> bool:
        return self.told_at is None or instant(self.due) - instant(self.told_at) > soon


def _followed(
    of: Mapping[str, tuple[Entry, ...]], last: Entry | None, entry: Entry
) -> tuple[Entry, ...]:
    """The lines about a promise with one more, refused where it does not follow from them."""
    if last is not None and instant(aware("at", entry.at)) < instant(last.at):
        raise EventError(entry.word, f"its time {entry.at} is before the last entry, {last.at}")
    aware("at", entry.at)
    before = of.get(entry.name, ())
    if entry.word is Word.MADE:
        _begun(entry)
        if before:
            raise EventError(entry.word, f"another promise is called {quoted(entry.name)}")
    elif before:
        _course(before, None).after(entry)
    else:
        raise EventError(entry.word, _unknown(entry.name, of))
    return (*before, entry)


def _course(lines: tuple[Entry, ...], now: datetime | None) -> _Course:
    """What became of a promise by a moment, or in the end."""
    made, *later = lines
    course = _begun(made)
    for entry in later:
        if now is not None and instant(entry.at) > now:
            break
        course = course.after(entry)
    return course


def _begun(entry: Entry) -> _Course:
    promise = entry.promise
    if promise is None or (promise.name, promise.made_at) != (entry.name, entry.at):
        raise EventError(entry.word, "a made entry carries its promise, with its name and time")
    return _Course(promise, promise.due)


def _unknown(name: str, known: Iterable[str]) -> str:
    near = nearest_name(name, known)
    hint = f"; did you mean {quoted(near)}?" if near else ""
    return f"there is no promise {quoted(name)} by then{hint}"
