"""Records of turns in other people's formats: message lists, ConvoKit utterances, tickets."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime, tzinfo
from typing import cast

from deescalate._plain import is_list, is_mapping
from deescalate.conversation._dialogues import (
    AT,
    NAME,
    ROLES,
    TURN_ID,
    How,
    Said,
    Who,
    first_of,
    is_absent,
)
from deescalate.conversation._events import AgentSaid, CustomerSaid, Event
from deescalate.errors import TranscriptError, quoted

__all__ = ["from_convokit", "from_messages", "from_ticket", "message_of", "said_in"]

_TEXT = ("content", "text", "parts", "body", "message")
_SILENT_PARTS = frozenset(
    {"thinking", "reasoning", "tool_use", "tool_result", "tool_call", "function_call"}
)
_BODY = ("plain_body", "body", "body_text", "text", "html_body")


def from_messages(
    messages: Iterable[object],
    *,
    opened_at: datetime | None = None,
    turn_seconds: float = 60.0,
    who: Who | None = None,
    zone: tzinfo | None = UTC,
) -> tuple[Event, ...]:
    """Read a list of messages, as chat models and help desks keep them.

    Args:
        messages: Mappings, or objects with ``model_dump``, with ``role`` (or ``type``, or a name)
            and ``content``: a text, a list of texts and parts of which the texts and refusals
            count, or nothing, as beside a tool call. System, developer and tool messages, calls and
            reasoning are no turns. A message's ``id`` becomes its turn id, and ``created_at``,
            ``timestamp`` or ``at`` its time: ISO 8601, or seconds or milliseconds since 1970.
        opened_at: When the first turn was said, where the messages carry no times; aware.
        turn_seconds: Seconds assumed before a turn without a time.
        who: Who is who: a mapping of names and roles, or a function of one, to ``customer``,
            ``agent`` or ``system``; what it does not know goes by the usual names of roles.
        zone: The zone of times without an offset.

    Raises:
        TranscriptError: Naming the message, from 1, that cannot be read.

    >>> from deescalate.conversation import from_messages
    >>> said = from_messages([{"role": "user", "content": "hi", "at": "2026-01-05T09:00:00Z"}])
    >>> said[1].text, said[1].at.hour
    ('hi', 9)
    """
    how = How(opened_at=opened_at, turn_seconds=turn_seconds, who=who, zone=zone)
    return how.course(said_in(messages, how))


def said_in(messages: Iterable[object], how: How, *, what: str = "message") -> list[Said]:
    """The turns among messages."""
    if not hasattr(messages, "__iter__"):
        raise TranscriptError(f"{quoted(messages)} is no list of {what}s")
    said: list[Said] = []
    for number, message in enumerate(messages, 1):
        try:
            turn = message_of(message, how)
        except TranscriptError as error:
            raise TranscriptError(f"{what} {number}: {error.reason}") from error
        if turn is not None:
            said.append(turn)
    return said


def message_of(message: object, how: How) -> Said | None:
    """The turn that a message is; ``None`` for one that nobody said to anybody.

    Raises:
        TranscriptError: It cannot be read.
    """
    record = _record(message)
    role, names = record.get("role"), _names(record)
    kind = record.get("type")
    if is_absent(role) and isinstance(kind, str) and kind.casefold() in ROLES:
        role = kind
    content = next((record[name] for name in _TEXT if record.get(name) is not None), None)
    if (
        is_absent(role)
        and (not names or content is None)
        and isinstance(kind, str)
        and kind != "message"
    ):
        return None
    voice = how.voice(role, names)
    if voice is None:
        return None
    text = _content(content)
    if text is None and isinstance(record.get("refusal"), str):
        text = str(record["refusal"])
    if text is None or (not text and record.get("tool_calls")):
        return None
    turn_id = first_of(record, TURN_ID)
    return Said(
        voice,
        text,
        how.moment(first_of(record, AT)),
        turn_id if isinstance(turn_id, str) else "",
    )


def _record(message: object) -> Mapping[str, object]:
    dump = getattr(message, "model_dump", None)
    given: object = dump() if callable(dump) else message
    if not is_mapping(given):
        raise TranscriptError(f"{quoted(given)} is not a mapping with `role` and `content`")
    record = {str(key): value for key, value in given.items()}
    inner = record.get("data")
    if "content" not in record and is_mapping(inner):
        record |= {str(key): value for key, value in inner.items() if key != "type"}
    return record


def _names(record: Mapping[str, object]) -> list[object]:
    """The names of whoever speaks, also of one who is a record."""
    names: list[object] = []
    for value in map(record.get, NAME):
        if is_mapping(value):
            names += [value.get(key) for key in ("name", "id", "role", "type")]
        else:
            names.append(value)
    return [each for each in names if not is_absent(each)]


def _content(content: object) -> str | None:
    if content is None or isinstance(content, str):
        return content
    if is_mapping(content):
        return _content(content["parts"]) if "parts" in content else _part(content)
    if not is_list(content) and not isinstance(content, tuple):
        raise TranscriptError(f"`content` is {quoted(content)}: expected a text or a list of parts")
    said = [text for part in cast("Sequence[object]", content) if (text := _part(part)) is not None]
    return "\n".join(said) if said else None


def _part(part: object) -> str | None:
    if part is None or isinstance(part, str):
        return part
    if not is_mapping(part):
        raise TranscriptError(
            f"a part of `content` is {quoted(part)}: expected a text or a mapping"
        )
    kind = part.get("type")
    if isinstance(kind, str) and kind in _SILENT_PARTS:
        return None
    text = part.get("text", part.get("refusal"))
    text = text.get("value") if is_mapping(text) else text
    return text if isinstance(text, str) else None


def from_convokit(
    utterances: Iterable[object],
    *,
    is_customer: Callable[[str], bool],
    opened_at: datetime | None = None,
    turn_seconds: float = 60.0,
) -> tuple[Event, ...]:
    """Read the utterances of one ConvoKit conversation.

    Args:
        utterances: Mappings with ``id``, ``speaker`` (or ``user``), ``text`` and ``timestamp``
            (seconds since 1970, or nothing), as in a corpus's ``utterances.jsonl``.
        is_customer: Whether a speaker's name is the customer's.
        opened_at: When the first turn was said, for utterances without times; aware.
        turn_seconds: Seconds assumed before a turn without a time, which keeps its place.

    Raises:
        TranscriptError: Naming the utterance, from 1, that cannot be read.

    >>> from deescalate.conversation import from_convokit
    >>> said = [{"id": "u1", "speaker": "ann", "text": "hi", "timestamp": 0}]
    >>> from_convokit(said, is_customer=lambda name: name == "ann")[1].turn_id
    'u1'
    """
    how = How(opened_at=opened_at, turn_seconds=turn_seconds)
    said: list[Said] = []
    for number, utterance in enumerate(utterances, 1):
        if not is_mapping(utterance):
            raise TranscriptError(f"utterance {number}: {quoted(utterance)} is not a mapping")
        speaker = utterance.get("speaker", utterance.get("user"))
        speaker = speaker.get("id") if is_mapping(speaker) else speaker
        text, name = utterance.get("text"), utterance.get("id")
        if not isinstance(speaker, str) or not isinstance(text, str):
            raise TranscriptError(f"utterance {number}: `speaker` and `text` must be texts")
        try:
            at = how.moment(utterance.get("timestamp"))
        except TranscriptError as error:
            raise TranscriptError(f"utterance {number}: {error.reason}") from error
        kind = CustomerSaid if is_customer(speaker) else AgentSaid
        said.append(Said(kind, text, at, name if isinstance(name, str) else ""))
    return how.course(said)


def from_ticket(
    ticket: object,
    *,
    opened_at: datetime | None = None,
    turn_seconds: float = 60.0,
    who: Who | None = None,
    zone: tzinfo | None = UTC,
) -> tuple[Event, ...]:
    """Read a help desk's ticket with its comments, as Zendesk and Freshdesk export it.

    Args:
        ticket: A mapping with ``comments`` (or ``conversations``), each with ``body`` or
            ``plain_body`` and ``created_at``; what ``author_id`` or ``incoming`` says is the
            customer's is what ``requester_id`` says. Comments that are not ``public``, or are
            ``private``, were said to nobody. Without comments the ``description`` is the turn.
        opened_at: As `from_messages` takes it.
        turn_seconds: As `from_messages` takes it.
        who: Who is who, by the author's id, name or role; it goes before the rest.
        zone: As `from_messages` takes it.

    Returns:
        Events; the opening carries the ticket's ``id`` as its case.

    Raises:
        TranscriptError: Naming the comment, from 1, that cannot be read.

    >>> from deescalate.conversation import from_ticket
    >>> talk = from_ticket({"id": 7, "requester_id": 1, "comments": [
    ...     {"author_id": 1, "body": "where is it?", "created_at": "2026-01-05T09:00:00Z"}]})
    >>> talk[0].case, talk[1].text
    ('7', 'where is it?')
    """
    how = How(opened_at=opened_at, turn_seconds=turn_seconds, who=who, zone=zone)
    if not is_mapping(ticket):
        raise TranscriptError(f"{quoted(ticket)} is not a mapping with `comments`")
    inner = ticket.get("ticket")
    whole = {
        **({str(k): v for k, v in inner.items()} if is_mapping(inner) else {}),
        **{str(k): v for k, v in ticket.items()},
    }
    comments = first_of(whole, ("comments", "conversations"))
    first = first_of(whole, ("description", "description_text"))
    if "conversations" in whole or not comments:
        opening = {"incoming": True, "body": first, "created_at": whole.get("created_at")}
        comments = [*([opening] if first else []), *(comments if is_list(comments) else [])]
    if not is_list(comments):
        raise TranscriptError(f"`comments` is {quoted(comments)}: expected a list")
    said: list[Said] = []
    for number, comment in enumerate(comments, 1):
        try:
            turn = _comment(comment, whole, how)
        except TranscriptError as error:
            raise TranscriptError(f"comment {number}: {error.reason}") from error
        if turn is not None:
            said.append(turn)
    name = whole.get("id")
    return how.course(said, case="" if is_absent(name) else str(name))


def _comment(comment: object, ticket: Mapping[str, object], how: How) -> Said | None:
    if not is_mapping(comment):
        raise TranscriptError(f"{quoted(comment)} is not a mapping with `body` and `author_id`")
    record = {str(key): value for key, value in comment.items()}
    if record.get("public") is False or record.get("private") is True:
        return None
    text, author, incoming = (
        first_of(record, _BODY),
        record.get("author_id"),
        record.get("incoming"),
    )
    if not isinstance(text, str):
        raise TranscriptError("`body` is missing")
    if isinstance(incoming, bool):
        role: object = "customer" if incoming else "agent"
    elif is_absent(author):
        role = record.get("role")
    else:
        role = "customer" if author == ticket.get("requester_id") else "agent"
    voice = how.voice(role, [*([author] if author is not None else []), *_names(record)])
    at, name = how.moment(first_of(record, AT)), record.get("id")
    return Said(voice, text, at, "" if is_absent(name) else str(name)) if voice else None
