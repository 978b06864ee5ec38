"""What can happen to a case on its path, and how it is told."""

from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from attrs import Attribute, field, frozen

from deescalate.errors import SettingError

__all__ = ["LONGEST", "Happening", "LogLine", "PathEvent", "Stage", "Status", "window"]

LONGEST = timedelta(days=365)
"""The longest window, so that every sum of windows is a length of time; ours."""


class Status(StrEnum):
    """Where a case is.

    >>> Status("held") is Status.HELD
    True
    """

    ASKING = "asking"
    HELD = "held"
    FAIL_SAFE = "fail_safe"
    RESOLVED = "resolved"


class Happening(StrEnum):
    """What can happen on a path: by people's doing or, for the last four, of itself.

    >>> Happening("declined") is Happening.DECLINED
    True
    """

    ACKNOWLEDGED = "acknowledged"
    PROGRESSED = "progressed"
    DECLINED = "declined"
    BELITTLED = "belittled"
    TIMED_OUT = "timed_out"
    LEFT = "left"
    CAME_BACK = "came_back"
    MOVED = "moved"
    RESOLVED = "resolved"
    REOPENED = "reopened"
    ASKED = "asked"
    PASSED_OVER = "passed_over"
    DID_NOTHING = "did_nothing"
    WARNED = "warned"


def window(instance: object, attribute: "Attribute[Any]", value: object) -> None:
    """Validate a time to answer: above 0 and at most a year, or none at all."""
    if value is None and attribute.default is None:
        return
    if not isinstance(value, timedelta) or not timedelta(0) < value <= LONGEST:
        name = f"{type(instance).__name__}.{attribute.name}"
        raise SettingError(name, str(value), f"longer than 0 and at most {LONGEST.days} days")


def _happening(kind: object) -> Happening:
    try:
        return Happening(str(kind))
    except ValueError:
        raise SettingError("PathEvent.kind", kind, "one of " + ", ".join(Happening)) from None


@frozen(kw_only=True)
class PathEvent:
    """Something that happened to a case.

    Attributes:
        kind: What.
        at: When, an aware datetime.
        by: Who: the name of a target or of the fail-safe; anybody for what resolves or reopens.
        because: Why, in words; kept in the history.
        tier: Where to, for a case that moves or reopens.
        within: The longest that anybody there may take to answer, where it is pressing.

    Raises:
        SettingError: A kind that is none, or a ``within`` that is not above 0 and at most a year.

    >>> from datetime import UTC, datetime
    >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
    >>> PathEvent(kind="declined", at=noon, by="duty manager").kind.value
    'declined'
    """

    kind: Happening = field(converter=_happening)
    at: datetime
    by: str = ""
    because: str = ""
    tier: str | None = None
    within: timedelta | None = field(default=None, validator=window)


@frozen(kw_only=True)
class LogLine:
    """One line of a case's history.

    Attributes:
        at: When.
        kind: What happened.
        who: The names concerned.
        text: What happened, in words.
        event: Whether people did it; otherwise time did.
    """

    at: datetime
    kind: Happening
    who: tuple[str, ...]
    text: str
    event: bool = False


@frozen(kw_only=True)
class Stage:
    """One stage of the plan: who is asked from when until when if nobody answers.

    Attributes:
        at: When they are asked.
        until: When the case goes on; ``None`` at the fail-safe, where it stays.
        tier: The tier; ``None`` at the fail-safe.
        who: Who is asked.
        round: Which time round, from 1; 0 at the fail-safe.
    """

    at: datetime
    until: datetime | None
    tier: str | None
    who: tuple[str, ...]
    round: int
