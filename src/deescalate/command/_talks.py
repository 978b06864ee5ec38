"""Conversations from files: how they are read and under which playbook."""

from argparse import Namespace
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import PurePath

from attrs import evolve

from deescalate.command._sources import STDIN, InputError, about, read_text
from deescalate.conversation import Conversation, Event, Opened, read_transcripts
from deescalate.errors import SettingError, TranscriptError, nearest_name
from deescalate.languages import Language
from deescalate.playbook import Playbook

__all__ = ["opened_at", "playbook_of", "talks_in", "who_of"]

SOME_DAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When a conversation is taken to have begun whose file carries no day; ours."""
ROLES = ("customer", "agent", "system")


def playbook_of(options: Namespace) -> Playbook:
    """The playbook that the options name, in their language.

    Raises:
        InputError: Its file cannot be read.
        DeescalateError: It has problems, or there is no such language.
    """
    language = Language.load(options.language)
    if options.playbook is None:
        return Playbook.default(language=language)
    with about(options.playbook):
        book = Playbook.from_document(read_text(options.playbook))
    parts = {
        name: getattr(book, name)
        for name in ("strategy", "wording", "terms", "escalation", "effects")
    }
    return Playbook(language=language, **parts)


def who_of(options: Namespace) -> dict[str, str] | None:
    """Who is who, as ``--who NAME=ROLE`` says it.

    Raises:
        InputError: One is not in that form.
    """
    found: dict[str, str] = {}
    for each in options.who or ():
        name, sign, role = each.rpartition("=")
        if not sign or not name or role not in ROLES:
            near = nearest_name(role, ROLES)
            hint = f"; did you mean `{near}`?" if near and near != role else ""
            reason = f"--who is `{each}`: expected NAME=ROLE, a role of {', '.join(ROLES)}{hint}"
            raise InputError("", reason)
        found[name] = role
    return found or None


def opened_at(options: Namespace) -> datetime:
    """When conversations began whose files carry no day.

    Raises:
        InputError: It is no time.
    """
    if options.opened_at is None:
        return SOME_DAY
    try:
        found = datetime.fromisoformat(options.opened_at)
    except ValueError:
        reason = f"--opened-at is `{options.opened_at}`: expected a time such as 2026-01-05T09:00Z"
        raise InputError("", reason) from None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def courses_in(source: str, options: Namespace) -> tuple[tuple[Event, ...], ...]:
    """The events of every conversation in a file.

    Raises:
        InputError: The file cannot be read.
        TranscriptError: It is no conversation.
    """
    text = read_text(source)
    try:
        return read_transcripts(text, opened_at=opened_at(options), who=who_of(options))
    except SettingError as error:
        hint = "; say it with --who NAME=customer" if error.name == "who" else ""
        raise TranscriptError(f"{error}{hint}") from None


def talks_in(source: str, options: Namespace, book: Playbook) -> Iterator[Conversation]:
    """Every conversation in a file; one without a name is called after its file.

    Raises:
        DeescalateError: The file cannot be read, or what it says does not fit together.
    """
    courses = courses_in(source, options)
    stem = "" if source == STDIN else PurePath(source).stem
    for number, course in enumerate(courses, 1):
        first, *others = course
        if isinstance(first, Opened) and not first.case and stem:
            case = stem if len(courses) == 1 else f"{stem}#{number}"
            first = evolve(first, case=case)
        yield book.replay((first, *others))
