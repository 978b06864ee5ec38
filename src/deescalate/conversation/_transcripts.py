"""Conversations in whichever of the known formats they are written."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime, tzinfo

from deescalate._plain import is_list, is_mapping, json_object
from deescalate.conversation._columns import from_csv
from deescalate.conversation._dialogues import DIALOGUE, How, Said, Who, first_of, is_absent
from deescalate.conversation._events import AgentSaid, CustomerSaid, Event
from deescalate.conversation._lines import (
    from_lines,
    from_whatsapp,
    is_clocked,
    is_whatsapp,
    lines_in,
)
from deescalate.conversation._messages import from_ticket, message_of, said_in
from deescalate.conversation._writing import events_from_json_lines
from deescalate.errors import SettingError, TranscriptError

__all__ = ["read_transcript", "read_transcripts"]

_LISTS = ("messages", "turns", "utterances")
_TICKETS = ("comments", "conversations", "requester_id")


def read_transcript(
    text: str,
    *,
    opened_at: datetime | None = None,
    turn_seconds: float = 60.0,
    who: Who | None = None,
    zone: tzinfo | None = UTC,
) -> tuple[Event, ...]:
    """Read a conversation in whichever of the known formats it is written.

    Args:
        text: JSON lines of events (this library's own), a JSON list of messages or an object that
            holds one under ``messages`` or ``turns``, JSON lines of messages, a ticket with
            comments, a chat from WhatsApp, CSV with a turn a row, or plain lines.
        opened_at: When it began, for the formats that carry no times; aware.
        turn_seconds: Seconds assumed between two turns, likewise.
        who: Who is who, as `from_messages` takes it.
        zone: The zone of times without an offset.

    Returns:
        Events; the first says when the conversation was opened.

    Raises:
        TranscriptError: Saying where and what, for anything that cannot be read, for a text that
            holds no turn, and for one with several conversations.

    >>> from datetime import UTC, datetime
    >>> from deescalate.conversation import read_transcript
    >>> start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> len(read_transcript('[{"role": "user", "content": "hi"}]', opened_at=start))
    2
    """
    talks = read_transcripts(
        text, opened_at=opened_at, turn_seconds=turn_seconds, who=who, zone=zone
    )
    first, *others = talks
    if others:
        raise TranscriptError(
            f"{len(talks)} conversations are in it: `read_transcripts` reads them"
        )
    return first


def read_transcripts(
    text: str,
    *,
    opened_at: datetime | None = None,
    turn_seconds: float = 60.0,
    who: Who | None = None,
    zone: tzinfo | None = UTC,
) -> tuple[tuple[Event, ...], ...]:
    r"""Read many conversations from one text.

    Args:
        text: JSON lines with a conversation each, or with a turn each that names its
            ``conversation_id``; a JSON list of conversations; CSV with such a column; or whatever
            `read_transcript` reads.
        opened_at: As `read_transcript` takes it; so are the others.
        turn_seconds: Seconds assumed between two turns.
        who: Who is who.
        zone: The zone of times without an offset.

    Returns:
        The events of each, one conversation at least; each has a turn. The opening carries the
        conversation's name as its case, where it has one.

    Raises:
        TranscriptError: Saying where and what.

    >>> from deescalate.conversation import read_transcripts
    >>> line = '{"messages": [{"role": "user", "content": "hi", "at": "2026-01-05T09:00:00Z"}]}\n'
    >>> len(read_transcripts(line * 3))
    3
    """
    how = How(opened_at=opened_at, turn_seconds=turn_seconds, who=who, zone=zone)
    text = text.removeprefix("\ufeff")
    start = text.lstrip()
    if is_whatsapp(start):
        if who is None:
            raise SettingError("who", who, "who is who in a chat of WhatsApp, by name")
        talks = [from_whatsapp(text, who=who, zone=zone)]
    elif start.startswith(("{", "[")) and not is_clocked(start):
        talks = _from_json(text, how)
    elif _is_table(start):
        return from_csv(text, opened_at=opened_at, turn_seconds=turn_seconds, who=who, zone=zone)
    elif opened_at is None and start:
        raise TranscriptError("plain lines carry no day: give `opened_at`")
    else:
        talks = [_plain(text, how)]
    talks = [
        talk for talk in talks if any(isinstance(each, CustomerSaid | AgentSaid) for each in talk)
    ]
    if not talks:
        raise TranscriptError(
            "there is no turn in it: expected `customer: ...`, messages or events"
        )
    return tuple(talks)


def _plain(text: str, how: How) -> tuple[Event, ...]:
    if how.opened_at is None:
        return ()
    return from_lines(text, opened_at=how.opened_at, turn_seconds=how.turn_seconds, who=how.who)


def _is_table(text: str) -> bool:
    """Whether the first line is the head of a table of turns."""
    head = lines_in(text)[0]
    delimiter = max(",;\t|", key=head.count)
    names = {cell.strip(' "').casefold() for cell in head.split(delimiter)}
    return (
        len(names) > 1 and ":" not in head and bool(names & {"text", "content", "message", "body"})
    )


def _from_json(text: str, how: How) -> list[tuple[Event, ...]]:
    """One JSON value, or one on each line."""
    lines = [(number, line) for number, line in enumerate(lines_in(text), 1) if line.strip()]
    first = _object(lines[0][1])
    if first is not None and "event" in first:
        return [events_from_json_lines("\n".join(lines_in(text)))]
    if (len(lines) > 1 and _is_json(lines[0][1])) or (
        first and not {*_LISTS, *_TICKETS} & {*first}
    ):
        return _json_lines(lines, how)
    return _document(_loaded(text), how)


def _object(line: str) -> Mapping[str, object] | None:
    try:
        return json_object(line)
    except TranscriptError:
        return None


def _is_json(line: str) -> bool:
    try:
        _loaded(line)
    except TranscriptError:
        return False
    return True


def _loaded(text: str) -> object:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise TranscriptError(f"not JSON: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise TranscriptError(f"not JSON: {error}") from error


def _document(data: object, how: How) -> list[tuple[Event, ...]]:
    """The conversations of one JSON value."""
    if is_list(data) and data and all(map(_is_dialogue, data)):
        talks: list[tuple[Event, ...]] = []
        for number, each in enumerate(data, 1):
            try:
                talks.append(_dialogue(each, how))
            except TranscriptError as error:
                raise TranscriptError(f"conversation {number}: {error.reason}") from error
        return talks
    return [_dialogue(data, how)]


def _is_dialogue(data: object) -> bool:
    if is_mapping(data):
        return (
            any(is_list(data.get(name)) for name in (*_LISTS, "comments")) or "requester_id" in data
        )
    return is_list(data) and bool(data) and all(map(is_mapping, data))


def _dialogue(data: object, how: How) -> tuple[Event, ...]:
    """One conversation: a list of messages, or an object that holds one."""
    case: object = None
    if is_mapping(data):
        record = {str(key): value for key, value in data.items()}
        if not any(name in record for name in _LISTS) and any(name in record for name in _TICKETS):
            return from_ticket(
                record,
                opened_at=how.opened_at,
                turn_seconds=how.turn_seconds,
                who=how.who,
                zone=how.zone,
            )
        case = first_of(record, (*DIALOGUE, "id"))
        data = first_of(record, _LISTS)
    if not is_list(data):
        raise TranscriptError(
            "expected a list of messages, or an object with `messages` or `turns`"
        )
    said = said_in(data, how)
    return how.course(said, case=str(case or "")) if said else ()


def _json_lines(lines: list[tuple[int, str]], how: How) -> list[tuple[Event, ...]]:
    """JSON lines: a conversation each, or a turn each."""
    talks: list[tuple[Event, ...]] = []
    turns: dict[str, list[Said]] = {}
    for number, line in lines:
        try:
            data = _loaded(line)
            if _is_dialogue(data):
                talks.append(_dialogue(data, how))
                continue
            record = json_object(line)
            name = first_of(record, DIALOGUE)
            said = turns.setdefault("" if is_absent(name) else str(name), [])
            turn = message_of(record, how)
            if turn is not None:
                said.append(turn)
        except TranscriptError as error:
            raise TranscriptError(error.reason, number) from error
    return [*talks, *(how.course(said, case=name) for name, said in turns.items() if said)]
