"""The loop around a bot's model: hear, instruct, draft, review, retry, replace, hand over."""

import math
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from typing import TypeAlias

from attrs import Attribute, field, frozen

from deescalate.conversation import AgentSaid, Conversation
from deescalate.errors import SettingError
from deescalate.guard._attempt import Attempt, Guarded, Messages
from deescalate.guard._limits import adraft_within, draft_within
from deescalate.hours import aware, instant
from deescalate.playbook import Playbook

__all__ = ["Drafter", "Guard"]

Drafter: TypeAlias = Callable[[Messages], str | None]


def _now() -> datetime:
    return datetime.now(UTC)


def _tries(_guard: object, _attribute: "Attribute[int]", value: int) -> None:
    if type(value) is not int or value < 1:
        raise SettingError("tries", value, "a whole number, 1 or more")


def _seconds(_guard: object, _attribute: "Attribute[float]", value: float | None) -> None:
    if value is not None and not (type(value) in (int, float) and 0 < value < math.inf):
        raise SettingError("seconds", value, "a finite number above 0, or `None`")


@frozen
class Guard:
    """What stands between a language model and the customer.

    Nothing leaves it that the review would not send, whatever the model does: where no draft and no
    rewrite may be sent, a line of the language's ``fallbacks.txt`` is, and where the policy gives
    the case to somebody else, or the bot cannot go on, it is handed over. While a person has the
    case no model is asked.

    Attributes:
        playbook: What conversations are held under.
        tries: How many drafts a model may make of one reply, 1 or more.
        seconds: How long each may take, above 0; ``None`` for as long as it does.
        last: How many of the last turns the model is given; ``None`` for all.
        clock: Tells when a customer is heard, where nobody says.

    Raises:
        SettingError: A number outside what is allowed.

    >>> from datetime import UTC, datetime
    >>> from deescalate.playbook import Playbook
    >>> nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> guard = Guard(Playbook.default())
    >>> talk = guard.heard("", "Where is my parcel? It was due on Monday.", at=nine)
    >>> guard.reply(talk, draft_with=lambda messages: "You need to calm down.").how.value
    'replaced'
    >>> said = guard.reply(talk, draft_with=lambda messages: "I'm sorry. I have asked the depot.")
    >>> said.text, said.how.value
    ("I'm sorry. I have asked the depot.", 'sent')
    """

    playbook: Playbook
    tries: int = field(default=2, kw_only=True, validator=_tries)
    seconds: float | None = field(default=30.0, kw_only=True, validator=_seconds)
    last: int | None = field(default=None, kw_only=True)
    clock: Callable[[], datetime] = field(default=_now, kw_only=True, repr=False)

    def heard(
        self,
        kept: str,
        said: str,
        *,
        at: datetime | None = None,
        turn_id: str = "",
        case: str = "",
    ) -> Conversation:
        """Take up a conversation and hear what the customer says; hearing it again changes nothing.

        Args:
            kept: Its snapshot, as `Conversation.to_snapshot` wrote it; empty for a new one. One
                that was made under another playbook is replayed.
            said: The customer's words, exactly.
            at: When, aware; now where not given. Where the clock of another machine was ahead, it
                is the time of the last event.
            turn_id: The host's name for the turn, by which it is known when it comes again.
            case: The host's name for the case, where the conversation is new.

        Raises:
            SnapshotError: What was kept is no snapshot.
            EventError: Another turn has this name.
            SettingError: A naive datetime, or no text.
        """
        now = self.clock() if at is None else at
        talk = self.resumed(kept, at=now, case=case)
        return talk.customer_says(said, at=_no_earlier(talk, now), turn_id=turn_id)

    def resumed(self, kept: str, *, at: datetime | None = None, case: str = "") -> Conversation:
        """Take up a conversation.

        Args:
            kept: As `heard` takes it, and so all others.
            at: When a new one begins.
            case: The host's name for the case, where the conversation is new.

        Raises:
            SnapshotError: What was kept is no snapshot.
            SettingError: A naive datetime.
        """
        if kept:
            return self.playbook.resume(kept, replay=True)
        return self.playbook.open(at=self.clock() if at is None else at, case=case)

    def attempt(
        self,
        talk: Conversation,
        *,
        at: datetime | None = None,
        turn_id: str = "",
        facts: Iterable[str] = (),
        may: Iterable[str] = (),
        may_not: Iterable[str] = (),
    ) -> Attempt:
        """A reply in the making, for a loop of your own or of a framework.

        Args:
            talk: As `reply` takes it, and so all others.
            at: When the reply is sent.
            turn_id: The customer's turn that is answered.
            facts: What is true and may be said.
            may: Further things that may be offered.
            may_not: Further things that must not be offered or said.
        """
        return Attempt(
            talk=talk,
            tries=self.tries,
            at=talk.at if at is None else _no_earlier(talk, at),
            turn_id=_reply_id(talk, turn_id),
            facts=tuple(facts),
            may=tuple(may),
            may_not=tuple(may_not),
            last=self.last,
        )

    def reply(
        self,
        talk: Conversation,
        *,
        draft_with: Drafter,
        at: datetime | None = None,
        turn_id: str = "",
        facts: Iterable[str] = (),
        may: Iterable[str] = (),
        may_not: Iterable[str] = (),
    ) -> Guarded:
        """Make the reply to the customer.

        Args:
            talk: The conversation, the customer's turn in it.
            draft_with: Asks the model: takes messages with ``role`` and ``content``, the
                instructions first, gives a draft.
            at: When the reply is sent, aware; the time of the last event where not given.
            turn_id: The customer's turn that is answered; the last one where not given. A turn with
                a name that was answered before gets the same answer, and no model is asked.
            facts: What is true and may be said, a short sentence each.
            may: Further things that may be offered.
            may_not: Further things that must not be offered or said.

        Raises:
            SettingError: A naive datetime.
        """
        attempt = self.attempt(talk, at=at, turn_id=turn_id, facts=facts, may=may, may_not=may_not)
        while attempt.guarded is None:
            ask = partial(draft_with, attempt.messages)
            attempt = attempt.drafted(draft_within(self.seconds, ask))
        return attempt.guarded

    async def areply(
        self,
        talk: Conversation,
        *,
        draft_with: Callable[[Messages], Awaitable[str | None]],
        at: datetime | None = None,
        turn_id: str = "",
        facts: Iterable[str] = (),
        may: Iterable[str] = (),
        may_not: Iterable[str] = (),
    ) -> Guarded:
        """Make the reply to the customer with a model that is awaited; else as `reply`.

        Args:
            talk: As `reply` takes it, and so all others.
            draft_with: Asks the model, and is awaited.
            at: When the reply is sent.
            turn_id: The customer's turn that is answered.
            facts: What is true and may be said.
            may: Further things that may be offered.
            may_not: Further things that must not be offered or said.

        Raises:
            SettingError: A naive datetime.
        """
        attempt = self.attempt(talk, at=at, turn_id=turn_id, facts=facts, may=may, may_not=may_not)
        while attempt.guarded is None:
            ask = partial(draft_with, attempt.messages)
            attempt = attempt.drafted(await adraft_within(self.seconds, ask))
        return attempt.guarded


def _no_earlier(talk: Conversation, at: datetime) -> datetime:
    """A moment, or that of the last event where it is before: no two machines' clocks agree."""
    return talk.at if instant(aware("at", at)) < instant(talk.at) else at


def _reply_id(talk: Conversation, turn_id: str) -> str:
    """The name of the turn that answers a customer's turn; none where that has none."""
    said = talk.state.last_said
    name = turn_id or (said.event.turn_id if said is not None else "")
    place = talk.state.heard.get(f"{name}/reply")
    taken = place is not None and not isinstance(talk.turns[place].event, AgentSaid)
    return f"{name}/reply" if name and not taken else ""
