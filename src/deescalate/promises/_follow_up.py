"""What is still to be done after a conversation: promises, check-back, learning, win-back."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TypeVar

from attrs import field, frozen

from deescalate.errors import SettingError
from deescalate.hours import ContactHours, after, aware, instant
from deescalate.promises._ledger import Ledger
from deescalate.promises._promise import Promise

__all__ = ["Course", "Ending", "FollowUp", "FollowUpKind", "follow_ups"]

E = TypeVar("E", bound=StrEnum)


class Ending(StrEnum):
    """How a case stands when follow-up is planned.

    >>> Ending("lost") is Ending.LOST
    True
    """

    OPEN = "open"
    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    LOST = "lost"


class FollowUpKind(StrEnum):
    """Why somebody gets in touch again.

    >>> FollowUpKind.LEARNING.to_customer
    False
    """

    PROMISE = "promise"
    CHECK_BACK = "check_back"
    LEARNING = "learning"
    WIN_BACK = "win_back"

    @property
    def to_customer(self) -> bool:
        """Whether it reaches the customer, or stays in the house."""
        return self is not FollowUpKind.LEARNING


@frozen(kw_only=True)
class FollowUp:
    """One thing to do later.

    Attributes:
        kind: What sort of follow-up it is.
        at: When to do it, on the customer's clock.
        what: What to do.
        because: Why, and why then.

    >>> from datetime import UTC, datetime
    >>> at = datetime(2026, 5, 1, tzinfo=UTC)
    >>> FollowUp(kind=FollowUpKind.LEARNING, at=at, what="write it down", because="").kind.value
    'learning'
    """

    kind: FollowUpKind
    at: datetime
    what: str
    because: str


def _rising(waits: Iterable[timedelta]) -> tuple[timedelta, ...]:
    course = tuple(waits)
    if any(wait <= timedelta(0) for wait in course) or list(course) != sorted(set(course)):
        raise SettingError(
            "waits", [str(wait) for wait in course], "rising lengths of time above 0"
        )
    return course


@frozen(kw_only=True)
class Course:
    """How long after the end each follow-up comes.

    Attributes:
        check_back: After a resolution, when to ask whether it is really solved.
        learning: When the team writes down what the case taught.
        win_back: After a loss, when to get in touch again.
        ahead_of_promise: How long before its due time a promise is brought up.

    Raises:
        SettingError: Times that are not above 0 and rising, or a negative ``ahead_of_promise``.

    All defaults are ours: two days and two weeks tell a repair that holds from one that does
    not; a lost customer hears from the firm three times in three months and is then left alone.

    >>> Course(win_back=()).win_back
    ()
    """

    check_back: tuple[timedelta, ...] = field(
        default=(timedelta(days=2), timedelta(days=14)), converter=_rising
    )
    learning: tuple[timedelta, ...] = field(default=(timedelta(days=1),), converter=_rising)
    win_back: tuple[timedelta, ...] = field(
        default=(timedelta(days=7), timedelta(days=30), timedelta(days=90)), converter=_rising
    )
    ahead_of_promise: timedelta = timedelta(minutes=30)

    def __attrs_post_init__(self) -> None:
        ahead = self.ahead_of_promise
        told = isinstance(ahead, timedelta)  # pyright: ignore[reportUnnecessaryIsInstance]  callers err
        if not told or ahead < timedelta(0):
            raise SettingError("ahead_of_promise", str(self.ahead_of_promise), "0 or longer")


def follow_ups(
    *,
    at: datetime,
    ending: Ending = Ending.OPEN,
    ledger: Ledger | None = None,
    hours: ContactHours | None = None,
    opted_out: Iterable[FollowUpKind] = (),
    course: Course | None = None,
) -> tuple[FollowUp, ...]:
    """Plan what is still to be done, each with its time and its reason.

    Promises come first in rank: they are kept whatever the customer opted out of, and where
    the time before the due time is quiet, they are brought forward, never put off past the
    due time. All else waits for the end of the quiet hours. A check-back and a win-back are
    dropped where the customer opted out of them.

    Args:
        at: Now, an aware datetime; nothing is planned before it.
        ending: How the case stands.
        ledger: The promises of the case.
        hours: When the customer may be contacted; the default is UTC, 8 am to 9 pm.
        opted_out: The kinds of contact that the customer does not want.
        course: How long after the end each follow-up comes.

    Returns:
        The follow-ups in order of time.

    Raises:
        SettingError: A naive datetime, an ending or a kind that is none.

    >>> from datetime import UTC, datetime
    >>> friday = datetime(2026, 5, 1, 22, 0, tzinfo=UTC)
    >>> for each in follow_ups(at=friday, ending="resolved"):
    ...     print(f"{each.at:%a %d %H:%M}  {each.kind:10}  {each.what}")
    Sat 02 22:00  learning    write down what caused it and what would prevent it
    Mon 04 08:00  check_back  ask whether it is really solved
    Sat 16 08:00  check_back  ask whether it is still solved
    """
    now = aware("at", at)
    how = _member("ending", Ending, ending)
    hours = hours or ContactHours()
    course = course or Course()
    refused = frozenset(_member("opted_out", FollowUpKind, kind) for kind in opted_out)
    planned = [
        *_for_promises(now, ledger or Ledger(), hours, course),
        *(each for each in _for_ending(now, how, hours, course) if each.kind not in refused),
    ]
    return tuple(sorted(planned, key=lambda each: instant(each.at)))


def _member(name: str, kind: type[E], value: object) -> E:
    try:
        return kind(str(value))
    except ValueError:
        raise SettingError(name, value, "one of " + ", ".join(kind)) from None


def _for_promises(
    now: datetime, ledger: Ledger, hours: ContactHours, course: Course
) -> Iterable[FollowUp]:
    for promise in ledger.open(at=now):
        due = ledger.due(promise.name, at=now)
        yield (
            _overdue(now, promise, hours)
            if instant(due) < instant(now)
            else FollowUp(
                kind=FollowUpKind.PROMISE,
                at=_in_time(now, due, hours, course).astimezone(hours.zone),
                what=f"keep the promise: {promise.what}",
                because=f"promised by {due.astimezone(hours.zone):%Y-%m-%d %H:%M}; "
                "without news, call all the same and say where it stands",
            )
        )


def _overdue(now: datetime, promise: Promise, hours: ContactHours) -> FollowUp:
    return FollowUp(
        kind=FollowUpKind.PROMISE,
        at=hours.next_allowed(now),
        what=f"apologise, say where it stands, keep the promise: {promise.what}",
        because="its time has passed, and a broken promise weighs more each hour",
    )


def _in_time(now: datetime, due: datetime, hours: ContactHours, course: Course) -> datetime:
    """When to bring a promise up: ahead of its time, earlier where that is quiet, never late."""
    left = instant(due) - instant(now)
    wished = now if left <= course.ahead_of_promise else after(due, -course.ahead_of_promise)
    return hours.last_allowed(wished, since=now) or (
        allowed if instant(allowed := hours.next_allowed(wished)) <= instant(due) else due
    )


def _for_ending(
    now: datetime, ending: Ending, hours: ContactHours, course: Course
) -> Iterable[FollowUp]:
    if ending is Ending.OPEN:
        return
    for wait in course.learning:
        yield FollowUp(
            kind=FollowUpKind.LEARNING,
            at=after(now, wait).astimezone(hours.zone),
            what="write down what caused it and what would prevent it",
            because=f"the case ended {ending}, and its cause may meet others",
        )
    if ending is Ending.LOST:
        yield from _course_of(now, hours, course.win_back, _WIN_BACK)
    else:
        yield from _course_of(now, hours, course.check_back, _CHECK_BACK[ending])


@frozen
class _Contact:
    kind: FollowUpKind
    first: str
    later: str
    because: str


_CHECK_BACK = {
    Ending.RESOLVED: _Contact(
        FollowUpKind.CHECK_BACK,
        "ask whether it is really solved",
        "ask whether it is still solved",
        "a repair is done when the customer says that it holds",
    ),
    Ending.UNRESOLVED: _Contact(
        FollowUpKind.CHECK_BACK,
        "say what has been done since, and ask what is still open",
        "ask again what is still open",
        "it ended without a solution, and silence would confirm that nobody cares",
    ),
}
_WIN_BACK = _Contact(
    FollowUpKind.WIN_BACK,
    "say what was changed because of the case, and ask for nothing",
    "say what is new for them, and that they are welcome",
    "the customer is lost, and staying in touch without pressing is how some come back",
)


def _course_of(
    now: datetime, hours: ContactHours, waits: tuple[timedelta, ...], contact: _Contact
) -> Iterable[FollowUp]:
    for number, wait in enumerate(waits):
        yield FollowUp(
            kind=contact.kind,
            at=hours.next_allowed(after(now, wait)),
            what=contact.later if number else contact.first,
            because=contact.because,
        )
