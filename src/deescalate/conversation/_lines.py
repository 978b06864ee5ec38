"""Plain text of a conversation: lines that name who speaks, and WhatsApp's exports."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo

from attrs import frozen

from deescalate.conversation._dialogues import How, Said, Who, by_name
from deescalate.conversation._events import AgentSaid, CustomerSaid, Event
from deescalate.errors import TranscriptError, quoted

__all__ = ["from_lines", "from_whatsapp", "is_clocked", "is_whatsapp", "lines_in"]

_ENDS = re.compile(r"\r\n|\r|\n")
_CLOCK = re.compile(
    r"[\[(]?(\d{1,2}):(\d{2})(?::(\d{2}))?\s*([aApP]\.?[mM]\.?)?[\])]?\s*[|,\u2013\u2014-]?\s+(?=\S)"
)
_STAMP = re.compile(
    r"[\u200e\u200f\u202a-\u202e]*\[?(\d{1,4})([./-])\s?(\d{1,2})\2\s?(\d{1,4})\.?,?\s+"
    r"(?:(?:um|às|as|kl\.?|à|alle ore|at|om)\s+)?(上午|下午|午前|午後|오전|오후)?\s?"
    r"(\d{1,2})[:.](\d{2})(?:[:.](\d{2}))?\s*([aApP]\.?\s?[mM]\.?)?\]?(?:\s*[-\u2013\u2014]\s+|\s+)(.*)"
)
_NAMED = re.compile(r"([^:]{1,80}):(?:\s(.*))?")
_NO_WORDS = re.compile(
    r"\u200e.*|<[^<>]{1,60}>|null|(?:this message was deleted|you deleted this message)\.?",
    re.IGNORECASE,
)
_EDITED = re.compile(r"\s*\u200e?<This message was edited>\s*$", re.IGNORECASE)


def lines_in(text: str) -> list[str]:
    """The lines of a text, whichever of the three line ends it has."""
    return _ENDS.split(text.removeprefix("\ufeff"))


def from_lines(
    text: str,
    *,
    opened_at: datetime,
    turn_seconds: float = 60.0,
    who: Who | None = None,
) -> tuple[Event, ...]:
    r"""Read plain lines, ``customer: ...`` and ``agent: ...``.

    Args:
        text: A turn a line, which may begin with a time of day, as in ``[09:42 AM] Ann: hi``. A
            line that begins with white space or ``#`` goes on with the turn before it; blank lines
            are passed over, and so are lines that begin with ``#`` before the first turn.
        opened_at: When the first turn was said, aware; times of day are of its day and zone, and
            of the next where they go back.
        turn_seconds: Seconds assumed between two turns.
        who: Who is who, as `from_messages` takes it.

    Raises:
        TranscriptError: Naming the line, from 1, that names nobody.

    >>> from datetime import UTC, datetime
    >>> from deescalate.conversation import from_lines
    >>> start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> said = from_lines("Ann: where is it?\nShop: let me look", opened_at=start,
    ...     who={"Ann": "customer", "Shop": "agent"})
    >>> [event.text for event in said[1:]]
    ['where is it?', 'let me look']
    """
    how = How(opened_at=opened_at, turn_seconds=turn_seconds, who=who)
    turns: list[tuple[type[CustomerSaid | AgentSaid] | None, list[str], datetime | None]] = []
    day = opened_at
    for number, line in enumerate(lines_in(text), 1):
        stripped = line.strip()
        if not stripped or (line.startswith("#") and not turns):
            continue
        if line[0] in " \t#" and turns:
            turns[-1][1].append(stripped)
            continue
        try:
            clock = _CLOCK.match(stripped)
            at = _clocked(clock, day) if clock else None
            kind, said = _spoken(stripped[clock.end() :] if clock else stripped, how)
        except TranscriptError as error:
            raise TranscriptError(error.reason, number) from error
        day = at or day
        turns.append((kind, [said], at))
    return how.course([Said(kind, "\n".join(said), at) for kind, said, at in turns if kind])


def _spoken(line: str, how: How) -> tuple[type[CustomerSaid] | type[AgentSaid] | None, str]:
    role, colon, said = line.partition(":")
    if not colon:
        raise TranscriptError(
            f"{quoted(line)} names nobody: expected `customer: ...` or `agent: ...`"
        )
    return how.voice(role.strip()), said.strip()


def _clocked(clock: re.Match[str], day: datetime) -> datetime:
    """A time of day, on a day or, where it would go back, on the next."""
    hour, minute = _of_day(int(clock[1]), clock[4] or ""), int(clock[2])
    try:
        at = day.replace(hour=hour, minute=minute, second=int(clock[3] or 0), microsecond=0)
        return at if at >= day.replace(second=0, microsecond=0) else at + timedelta(days=1)
    except (ValueError, OverflowError):
        raise TranscriptError(f"{quoted(clock[0].strip())} is no time of day") from None


def _of_day(hour: int, half: str) -> int:
    """An hour of the day from one of a half of it."""
    if not half:
        return hour
    after_noon = half[0] in "pP下後" or half in ("午後", "오후")
    return hour % 12 + 12 * after_noon if 1 <= hour <= 12 else hour


@frozen
class _Stamped:
    number: int
    parts: tuple[int, int, int]
    separator: str
    clock: tuple[int, int, int]
    lines: list[str]

    def at(self, *, month_first: bool, zone: tzinfo | None) -> datetime:
        first, second, third = self.parts
        if first > 31:
            year, month, day = first, second, third
        else:
            day, month, year = (second, first, third) if month_first else (first, second, third)
        hour, minute, seconds = self.clock
        try:
            return datetime(
                year + 2000 * (year < 100), month, day, hour, minute, seconds, tzinfo=zone
            )
        except ValueError as error:
            raise TranscriptError(f"no such time: {error}", self.number) from None


def is_clocked(text: str) -> bool:
    """Whether a text begins with a time of day."""
    return _CLOCK.match(text) is not None


def is_whatsapp(text: str) -> bool:
    """Whether a text begins like an export of WhatsApp."""
    first = next((line for line in lines_in(text) if line.strip()), "")
    return _STAMP.match(first) is not None


def from_whatsapp(
    text: str,
    *,
    who: Who,
    zone: tzinfo | None = UTC,
    month_first: bool | None = None,
) -> tuple[Event, ...]:
    r"""Read a chat that WhatsApp exported as text, in the form of any country and telephone.

    Args:
        text: The export. Lines without a date go on with the message before them; what WhatsApp
            itself says, and media that were left out, are no turns.
        who: Who is who: a mapping of names, or a function of one, to ``customer``, ``agent`` or
            ``system``.
        zone: The zone of the telephone, since an export tells none.
        month_first: Whether the month stands before the day; where it is not given, the dates
            tell: one that is above 12, else the order in which time passes, else the day is first.

    Raises:
        TranscriptError: Naming the line, from 1, that cannot be read.

    >>> from deescalate.conversation import from_whatsapp
    >>> chat = "[05/01/2026, 09:00:12] Priya: where is it?\nI am waiting"
    >>> from_whatsapp(chat, who={"Priya": "customer"})[1].text
    'where is it?\nI am waiting'
    """
    how = How(who=who, zone=zone)
    stamped = [*_stamped(text)]
    months = _month_first(stamped) if month_first is None else month_first
    said: list[Said] = []
    for each in stamped:
        words = _EDITED.sub("", "\n".join(each.lines)).rstrip()
        named = _NAMED.match(each.lines[0])
        if named is None:
            continue
        name, text = (
            named[1].strip("\u200e\u200f\u202a-\u202e \xa0~\u202f"),
            words[named.end(1) + 1 :].lstrip(" "),
        )
        if _NO_WORDS.fullmatch(text.strip()) or _is_system(name, who):
            continue
        try:
            kind = how.voice(None, [name])
        except TranscriptError as error:
            raise TranscriptError(error.reason, each.number) from error
        if kind is not None:
            said.append(Said(kind, text, each.at(month_first=months, zone=zone)))
    return how.course(said)


def _stamped(text: str) -> Iterator[_Stamped]:
    found: _Stamped | None = None
    for number, line in enumerate(lines_in(text), 1):
        stamp = _STAMP.fullmatch(line)
        if stamp is None:
            if found is not None:
                found.lines.append(line)
            elif line.strip():
                raise TranscriptError(
                    f"{quoted(line)} has no date: is it a chat of WhatsApp?", number
                )
            continue
        if found is not None:
            yield found
        hour = _of_day(int(stamp[6]), stamp[5] or stamp[9] or "")
        found = _Stamped(
            number,
            (int(stamp[1]), int(stamp[3]), int(stamp[4])),
            stamp[2],
            (hour, int(stamp[7]), int(stamp[8] or 0)),
            [stamp[10]],
        )
    if found is not None:
        yield found


def _month_first(stamped: list[_Stamped]) -> bool:
    dates = [each for each in stamped if each.parts[0] <= 31]
    if any(each.parts[0] > 12 for each in dates):
        return False
    if any(each.parts[1] > 12 for each in dates):
        return True
    days = [(each.parts[2], each.parts[1], each.parts[0]) for each in dates]
    months = [(each.parts[2], each.parts[0], each.parts[1]) for each in dates]
    return days != sorted(days) and months == sorted(months)


def _is_system(name: str, who: Who) -> bool:
    """Whether a line tells what somebody did, with a colon in it, rather than what they said."""
    return by_name(who) and name not in who and any(name.startswith(f"{known} ") for known in who)
