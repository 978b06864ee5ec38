"""Turns on the way in: who speaks, when, and the events that a dialogue makes."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from numbers import Real
from types import MappingProxyType
from typing import TypeAlias

from attrs import field, frozen
from typing_extensions import TypeIs

from deescalate._structured import time_from_text
from deescalate.conversation._events import AgentSaid, CustomerSaid, Event, Opened
from deescalate.errors import SettingError, TranscriptError, nearest_name, quoted
from deescalate.hours import instant

__all__ = [
    "AT",
    "DIALOGUE",
    "NAME",
    "TURN_ID",
    "How",
    "Said",
    "Who",
    "by_name",
    "first_of",
    "is_absent",
]

Who: TypeAlias = Mapping[str, str] | Callable[[str], str]
"""Who is who: names and roles to ``customer``, ``agent`` or ``system``."""


def by_name(who: Who) -> TypeIs[Mapping[str, str]]:
    """Whether it is told by names, not by a function."""
    return isinstance(who, Mapping)


_VOICES: Mapping[str, type[CustomerSaid] | type[AgentSaid] | None] = MappingProxyType(
    {
        **dict.fromkeys(("customer", "user", "human", "client", "visitor"), CustomerSaid),
        **dict.fromkeys(("requester", "end-user", "end_user"), CustomerSaid),
        **dict.fromkeys(("agent", "assistant", "support", "ai", "model", "operator"), AgentSaid),
        **dict.fromkeys(("system", "developer", "tool", "function"), None),
    }
)
ROLES = frozenset(_VOICES)

NAME = ("name", "speaker", "author", "sender", "from", "user")
AT = ("created_at", "timestamp", "at", "time", "date", "sent_at", "ts", "created", "create_time")
TURN_ID = ("turn_id", "message_id", "id")
DIALOGUE = (
    *("conversation_id", "dialogue_id", "dialog_id", "session_id", "thread_id", "ticket_id"),
    *("chat_id", "case_id", "conversation", "dialogue", "case"),
)
_NUMBER = re.compile(r"[+-]?\d+(?:\.\d*)?")
_DAY = re.compile(r"(?:19|20)\d{6}")
_IN_WORDS = ("%a %b %d %H:%M:%S %z %Y", "%a, %d %b %Y %H:%M:%S %z", "%Y-%m-%d %H:%M:%S %Z")
_UNITS = ((1e11, 1.0), (1e14, 1e3), (1e17, 1e6))
"""Below which size a number counts seconds, milliseconds, microseconds: up to the year 5138."""


@frozen
class Said:
    """A turn as it came.

    Attributes:
        kind: Whose turn it is.
        text: What was said.
        at: When, where it is told.
        turn_id: The host's name for it.
    """

    kind: type[CustomerSaid] | type[AgentSaid]
    text: str
    at: datetime | None = None
    turn_id: str = ""


def _seconds(_: object, __: object, value: float) -> None:
    if isinstance(value, bool) or not 0 <= value <= 366 * 86_400:
        raise SettingError("turn_seconds", value, "a number of seconds, 0 to a year")


def _who(_: object, __: object, value: Who | None) -> None:
    if not (value is None or by_name(value) or callable(value)):
        raise SettingError("who", value, "a mapping of names and roles, or a function of one")


@frozen(kw_only=True)
class How:
    """How turns are read: what the caller said about speakers and times."""

    opened_at: datetime | None = None
    turn_seconds: float = field(default=60.0, validator=_seconds)
    who: Who | None = field(default=None, validator=_who)
    zone: tzinfo | None = UTC

    def voice(
        self, role: object, names: Iterable[object] = ()
    ) -> type[CustomerSaid] | type[AgentSaid] | None:
        """Whose turn it is; ``None`` where it is nobody's.

        Args:
            role: The role that is told, or ``None``.
            names: Names of the speaker.

        Raises:
            TranscriptError: Nothing says who it is.
        """
        given = [each for each in (*names, role) if not is_absent(each)]
        for each in map(str, given):
            told = self._told(each)
            if told is not None:
                return _VOICES[told]
        for each in map(str, reversed(given)):
            known = each.strip().casefold()
            if known in _VOICES:
                return _VOICES[known]
        if not given:
            raise TranscriptError("`role` is missing")
        unknown = role if not is_absent(role) else given[0]
        near = nearest_name(str(unknown).strip().casefold(), ROLES)
        hint = f"; did you mean {quoted(near)}?" if near else "; `who` may say who it is"
        raise TranscriptError(
            f"unknown role {quoted(unknown)}: expected one of {', '.join(sorted(ROLES))}{hint}"
        )

    def _told(self, name: str) -> str | None:
        """What the caller says of a name."""
        if self.who is None:
            return None
        if by_name(self.who):
            told = self.who.get(name, self.who.get(name.strip()))
        else:
            told = self.who(name)
        if told is None or told == "":
            return None
        if str(told) not in _VOICES:
            raise SettingError(f"who[{name!r}]", told, "`customer`, `agent` or `system`")
        return str(told)

    def moment(self, value: object) -> datetime | None:
        """A point in time as it may be written; ``None`` for nothing.

        Raises:
            TranscriptError: It is none.
        """
        if is_absent(value):
            return None
        try:
            return self._moment(value)
        except (ValueError, OverflowError, OSError, SettingError):
            raise TranscriptError(
                f"time is {quoted(value)}: expected seconds or milliseconds since 1970, or ISO 8601"
            ) from None

    def _moment(self, value: object) -> datetime:
        if isinstance(value, datetime):
            return self._aware(datetime.combine(value.date(), value.time(), value.tzinfo))
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day, tzinfo=self.zone)
        if not isinstance(value, bool) and isinstance(value, Real):
            return _since_1970(float(value))
        text = str(value).strip()
        if _NUMBER.fullmatch(text) and not _DAY.fullmatch(text):
            return _since_1970(float(text))
        for form in _IN_WORDS if text[-1:].isalnum() else ():
            try:
                return self._aware(datetime.strptime(text.replace("Z", "UTC"), form))  # noqa: DTZ007
            except ValueError:
                continue
        return self._aware(time_from_text(text.removesuffix(" UTC")))

    def _aware(self, moment: datetime) -> datetime:
        return moment if moment.tzinfo else moment.replace(tzinfo=self.zone)

    def course(self, said: Sequence[Said], *, case: str = "") -> tuple[Event, ...]:
        """The events of a dialogue: the opening, and every turn at its time, in order.

        A turn without a time among timed ones stays between its neighbours.

        Raises:
            TranscriptError: Nothing says when it was.
        """
        times = self._times(said)
        turns = [
            each.kind(at=at, text=each.text, turn_id=each.turn_id)
            for each, at in zip(said, times, strict=True)
        ]
        turns.sort(key=lambda turn: instant(turn.at))
        starts = [*([self.opened_at] if self.opened_at else []), *(turn.at for turn in turns[:1])]
        if not starts:
            raise TranscriptError("nothing says when it was: give `opened_at`")
        return (Opened(at=min(starts, key=instant), case=case), *turns)

    def _times(self, said: Sequence[Said]) -> list[datetime]:
        step = timedelta(seconds=self.turn_seconds)
        following: list[datetime | None] = [None] * (len(said) + 1)
        for at in range(len(said) - 1, -1, -1):
            following[at] = said[at].at or following[at + 1]
        times: list[datetime] = []
        before: datetime | None = None
        for each, after in zip(said, following, strict=False):
            if each.at is not None:
                before = each.at
            elif before is None:
                before = after or self.opened_at
            else:
                later = before + step
                before = later if after is None or instant(later) < instant(after) else after
            if before is None:
                raise TranscriptError("no turn has a time: give `opened_at`")
            times.append(before)
        return times


def _since_1970(number: float) -> datetime:
    unit = next((unit for most, unit in _UNITS if abs(number) < most), 1e9)
    return datetime.fromtimestamp(number / unit, UTC)


def is_absent(value: object) -> bool:
    """Whether a value stands for nothing, as tables write it.

    >>> is_absent(None), is_absent(float("nan")), is_absent(0)
    (True, True, False)
    """
    return value is None or str(value).strip() in ("", "nan", "NaN", "NaT", "None", "<NA>", "null")


def first_of(record: Mapping[str, object], names: Iterable[str]) -> object:
    """The first value that a record has under one of some names."""
    return next((record[name] for name in names if not is_absent(record.get(name))), None)
