"""Conversations in other people's formats: message lists, plain lines, ConvoKit utterances."""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta

from deescalate._plain import is_list, is_mapping, json_object
from deescalate.conversation._events import (
    AgentSaid,
    CustomerSaid,
    Event,
    Opened,
)
from deescalate.conversation._writing import event_from_mapping
from deescalate.errors import SettingError, TranscriptError, nearest_name, quoted

__all__ = ["from_convokit", "from_lines", "from_messages", "read_transcript"]

DEFAULT_TURN_SECONDS = 60.0

CUSTOMER_ROLES = frozenset({"customer", "user", "human", "client"})
AGENT_ROLES = frozenset({"agent", "assistant", "support", "ai"})
SILENT_ROLES = frozenset({"system", "developer", "tool", "function"})
_ROLES = sorted(CUSTOMER_ROLES | AGENT_ROLES | SILENT_ROLES)


def _kind_of(role: object) -> type[CustomerSaid] | type[AgentSaid] | None:
    folded = role.strip().casefold() if isinstance(role, str) else role
    if folded in CUSTOMER_ROLES:
        return CustomerSaid
    if folded in AGENT_ROLES:
        return AgentSaid
    if folded in SILENT_ROLES:
        return None
    near = nearest_name(folded, _ROLES)
    hint = f"; did you mean {quoted(near)}?" if near else ""
    raise TranscriptError(f"unknown role {quoted(role)}: expected one of {', '.join(_ROLES)}{hint}")


def _clock(opened_at: datetime, turn_seconds: float) -> Iterator[datetime]:
    """The times of turns whose own times are not known: one every ``turn_seconds``."""
    if not 0 <= turn_seconds <= 366 * 86_400:
        raise SettingError("turn_seconds", turn_seconds, "a number of seconds, 0 to a year")
    step = timedelta(seconds=turn_seconds)
    at = opened_at
    while True:
        yield at
        at += step


def from_messages(
    messages: Iterable[Mapping[str, object]],
    *,
    opened_at: datetime,
    turn_seconds: float = DEFAULT_TURN_SECONDS,
) -> tuple[Event, ...]:
    """Read an OpenAI-style list of messages.

    Args:
        messages: Mappings with ``role`` and ``content`` (a text, a list of parts of which the texts
            count, or nothing, as beside a tool call). System, developer and tool messages are no
            turns. A message's ``id`` becomes its turn id.
        opened_at: When the first turn was said, aware.
        turn_seconds: Seconds assumed between two turns, for the format carries no times.

    Raises:
        TranscriptError: Naming the message, from 1, that cannot be read.

    >>> from datetime import UTC, datetime
    >>> from deescalate.conversation import from_messages
    >>> start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> from_messages([{"role": "user", "content": "hi"}], opened_at=start)[1].text
    'hi'
    """
    events: list[Event] = [Opened(at=opened_at)]
    clock = _clock(opened_at, turn_seconds)
    for number, message in enumerate(messages, 1):
        try:
            said = _said(message)
        except TranscriptError as error:
            raise TranscriptError(f"message {number}: {error.reason}") from error
        if said is not None:
            kind, text = said
            turn_id = message.get("id", "")
            events.append(
                kind(at=next(clock), text=text, turn_id=turn_id if isinstance(turn_id, str) else "")
            )
    return tuple(events)


def _said(
    message: Mapping[str, object],
) -> tuple[type[CustomerSaid] | type[AgentSaid], str] | None:
    if "role" not in message:
        raise TranscriptError("`role` is missing")
    kind = _kind_of(message["role"])
    text = _content(message.get("content", message.get("text")))
    return (kind, text) if kind and text is not None else None


def _content(content: object) -> str | None:
    if content is None or isinstance(content, str):
        return content
    if not is_list(content):
        raise TranscriptError(f"`content` is {quoted(content)}: expected a text or a list of parts")
    texts = [part.get("text") for part in content if is_mapping(part)]
    said = [text for text in texts if isinstance(text, str)]
    return "\n".join(said) if said else None


def from_lines(
    text: str, *, opened_at: datetime, turn_seconds: float = DEFAULT_TURN_SECONDS
) -> tuple[Event, ...]:
    r"""Read plain lines, ``customer: ...`` and ``agent: ...``.

    Args:
        text: A turn a line. A line that begins with white space goes on with the turn before it;
            blank lines and lines that begin with ``#`` are passed over.
        opened_at: When the first turn was said, aware.
        turn_seconds: Seconds assumed between two turns.

    Raises:
        TranscriptError: Naming the line, from 1, that names nobody.

    >>> from datetime import UTC, datetime
    >>> from deescalate.conversation import from_lines
    >>> start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> said = from_lines("customer: where is it?\nagent: let me look", opened_at=start)
    >>> [event.text for event in said[1:]]
    ['where is it?', 'let me look']
    """
    turns: list[tuple[type[CustomerSaid | AgentSaid] | None, list[str]]] = []
    for number, line in enumerate(text.split("\n"), 1):
        stripped = line.strip()
        if not stripped or line.startswith("#"):
            continue
        if line[0] in " \t" and turns:
            turns[-1][1].append(stripped)
            continue
        try:
            turns.append(_spoken(stripped))
        except TranscriptError as error:
            raise TranscriptError(error.reason, number) from error
    clock = _clock(opened_at, turn_seconds)
    said_events = [
        kind(at=next(clock), text="\n".join(said)) for kind, said in turns if kind is not None
    ]
    return (Opened(at=opened_at), *said_events)


def _spoken(line: str) -> tuple[type[CustomerSaid] | type[AgentSaid] | None, list[str]]:
    role, colon, said = line.partition(":")
    if not colon:
        raise TranscriptError(
            f"{quoted(line)} names nobody: expected `customer: ...` or `agent: ...`"
        )
    return _kind_of(role), [said.strip()]


def from_convokit(
    utterances: Iterable[Mapping[str, object]],
    *,
    is_customer: Callable[[str], bool],
    opened_at: datetime | None = None,
    turn_seconds: float = DEFAULT_TURN_SECONDS,
) -> tuple[Event, ...]:
    """Read the utterances of one ConvoKit conversation.

    Args:
        utterances: Mappings with ``id``, ``speaker`` (or ``user``), ``text`` and ``timestamp``
            (seconds since 1970, or nothing), as in a corpus's ``utterances.jsonl``.
        is_customer: Whether a speaker's name is the customer's.
        opened_at: When the first turn was said, for utterances without times; aware.
        turn_seconds: Seconds assumed between two turns without times.

    Raises:
        TranscriptError: Naming the utterance, from 1, that cannot be read.

    >>> from deescalate.conversation import from_convokit
    >>> said = [{"id": "u1", "speaker": "ann", "text": "hi", "timestamp": 0}]
    >>> from_convokit(said, is_customer=lambda name: name == "ann")[1].turn_id
    'u1'
    """
    events: list[CustomerSaid | AgentSaid] = []
    clock = _clock(opened_at or datetime.fromtimestamp(0, UTC), turn_seconds)
    for number, utterance in enumerate(utterances, 1):
        guessed = next(clock)
        speaker = utterance.get("speaker", utterance.get("user"))
        speaker = speaker.get("id") if is_mapping(speaker) else speaker
        text, name = utterance.get("text"), utterance.get("id")
        if not isinstance(speaker, str) or not isinstance(text, str):
            raise TranscriptError(f"utterance {number}: `speaker` and `text` must be texts")
        kind = CustomerSaid if is_customer(speaker) else AgentSaid
        at = _moment(utterance.get("timestamp"), number) or guessed
        events.append(kind(at=at, text=text, turn_id=name if isinstance(name, str) else ""))
    events.sort(key=lambda event: event.at)
    start = opened_at or (events[0].at if events else datetime.fromtimestamp(0, UTC))
    return (Opened(at=min([start, *(event.at for event in events[:1])])), *events)


def _moment(timestamp: object, number: int) -> datetime | None:
    if timestamp is None:
        return None
    try:
        return datetime.fromtimestamp(float(str(timestamp)), UTC)
    except (ValueError, OverflowError, OSError):
        raise TranscriptError(
            f"utterance {number}: `timestamp` is {quoted(timestamp)}: expected seconds since 1970"
        ) from None


def read_transcript(
    text: str, *, opened_at: datetime, turn_seconds: float = DEFAULT_TURN_SECONDS
) -> tuple[Event, ...]:
    """Read a conversation in whichever of the known formats it is written.

    Args:
        text: JSON lines of events (this library's own), a JSON list of messages or an object that
            holds one under ``messages`` or ``turns``, JSON lines of messages, or plain lines.
        opened_at: When it began, for the formats that carry no times; aware.
        turn_seconds: Seconds assumed between two turns, likewise.

    Returns:
        Events; the first says when the conversation was opened.

    Raises:
        TranscriptError: Saying where and what, for anything that cannot be read, and for a
            text that holds no turn.

    >>> from datetime import UTC, datetime
    >>> from deescalate.conversation import read_transcript
    >>> start = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> len(read_transcript('[{"role": "user", "content": "hi"}]', opened_at=start))
    2
    """
    start = text.lstrip("\ufeff").lstrip()
    if start.startswith("["):
        events = from_messages(_messages(start), opened_at=opened_at, turn_seconds=turn_seconds)
    elif start.startswith("{"):
        events = _from_json(text.lstrip("\ufeff"), opened_at, turn_seconds)
    else:
        events = from_lines(text.lstrip("\ufeff"), opened_at=opened_at, turn_seconds=turn_seconds)
    if not any(isinstance(event, CustomerSaid | AgentSaid) for event in events):
        raise TranscriptError(
            "there is no turn in it: expected `customer: ...`, messages or events"
        )
    return events


def _messages(text: str) -> list[Mapping[str, object]]:
    try:
        data: object = json.loads(text)
    except json.JSONDecodeError as error:
        raise TranscriptError(f"not JSON: {error.msg}", error.lineno) from error
    except (ValueError, RecursionError) as error:
        raise TranscriptError(f"not JSON: {error}") from error
    if is_mapping(data):
        data = data.get("messages", data.get("turns"))
    if not is_list(data):
        raise TranscriptError(
            "expected a list of messages, or an object with `messages` or `turns`"
        )
    return [_message(number, each) for number, each in enumerate(data, 1)]


def _message(number: int, message: object) -> Mapping[str, object]:
    if not is_mapping(message):
        raise TranscriptError(
            f"message {number}: {quoted(message)} is not a mapping with `role` and `content`"
        )
    return {str(key): value for key, value in message.items()}


def _from_json(text: str, opened_at: datetime, turn_seconds: float) -> tuple[Event, ...]:
    lines = [(n, line) for n, line in enumerate(text.split("\n"), 1) if line.strip()]
    first = _first_object(lines[0][1])
    if first is None or "messages" in first or "turns" in first:
        return from_messages(_messages(text), opened_at=opened_at, turn_seconds=turn_seconds)
    events: list[Event] = []
    messages: list[Mapping[str, object]] = []
    for number, line in lines:
        try:
            data = json_object(line)
            if "event" in first:
                events.append(event_from_mapping(data))
            else:
                _said(data)
                messages.append(data)
        except TranscriptError as error:
            raise TranscriptError(error.reason, number) from error
    if messages:
        return from_messages(messages, opened_at=opened_at, turn_seconds=turn_seconds)
    return tuple(events)


def _first_object(line: str) -> Mapping[str, object] | None:
    """The object on the first line, or nothing where an object spans several lines."""
    try:
        return json_object(line)
    except TranscriptError:
        return None
