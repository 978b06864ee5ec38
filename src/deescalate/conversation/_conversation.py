"""The conversation: what can happen in it, and the advice that follows."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any, Self, cast

from attrs import evolve, frozen
from typing_extensions import Unpack

from deescalate._html import fragment, page
from deescalate.advice import Plan, Situation
from deescalate.authority import Authority
from deescalate.conversation._advice import Advice, advice_of
from deescalate.conversation._danger import Danger
from deescalate.conversation._events import (
    AgentSaid,
    Cleared,
    CustomerSaid,
    Event,
    FactValue,
    HandedOver,
    Learned,
    Offered,
    Opened,
    Promised,
    PromiseNoted,
    Reopened,
    Resolved,
    Waited,
    in_plain_zone,
)
from deescalate.conversation._facts import Facts, Judges, facts_of
from deescalate.conversation._fold import advised, authority_of, fold, opening, review_of, tier_of
from deescalate.conversation._handing_over import handover_of
from deescalate.conversation._handover import Handover
from deescalate.conversation._history import History
from deescalate.conversation._log import Log
from deescalate.conversation._picture import picture
from deescalate.conversation._snapshot import state_from_text, state_to_text
from deescalate.conversation._state import State, Turn
from deescalate.conversation._told import Told
from deescalate.conversation._writing import EVENT_NAMES, events_to_json_lines
from deescalate.cues import Reading
from deescalate.emotion import EmotionState
from deescalate.errors import EventError, SettingError, quoted
from deescalate.escalation import Decision
from deescalate.findings import VERSION
from deescalate.money import Money
from deescalate.moves import Move
from deescalate.promises import Ledger, Word, instant
from deescalate.wording import Review

__all__ = ["Conversation"]

SKEW = timedelta(seconds=5)
"""How far an event may be before the last one and still count as at the same time, since the
clocks of two machines never agree: ours."""


@frozen(kw_only=True, repr=False)
class Conversation:
    """A conversation so far, and what is best done next.

    It is a value: whatever happens gives a new conversation, and the same events give the same
    one. A turn with a ``turn_id`` that was heard before changes nothing, since chat frameworks
    call their hooks more than once.

    Attributes:
        judges: What reads, decides and reviews, usually a `Playbook`.
        state: All that is known at the last event.

    >>> from datetime import datetime
    >>> from datetime import UTC
    >>> from deescalate.playbook import Playbook
    >>> nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> talk = Playbook.default().open(at=nine)
    >>> talk = talk.customer_says("I will come and smash the place up!", at=nine)
    >>> talk.plan.phase.value, talk.escalation.tier
    ('safety', 'security')
    >>> talk
    <Conversation: 1 turn until 2026-01-05 09:00 UTC, safety, for security>
    """

    judges: Judges
    state: State

    # --- how it begins -----------------------------------------------------------------------

    @classmethod
    def open(cls, judges: Judges, opened: Opened) -> Self:
        """Begin a conversation.

        Args:
            judges: What reads, decides and reviews.
            opened: When, and which case.
        """
        return cls(judges=judges, state=opening(opened, judges))

    @classmethod
    def replay(cls, events: Iterable[Event], judges: Judges) -> Self:
        """Fold events into the conversation that they make.

        Args:
            events: In the order of time. Where the first is no opening, the conversation is
                opened at its time.
            judges: What reads, decides and reviews.

        Raises:
            EventError: There is no event, or one does not fit those before it.
        """
        course = iter(events)
        first = next(course, None)
        if first is None:
            raise EventError("replay", "there is no event to begin with")
        talk = cls(judges=judges, state=opening(first, judges))
        for event in course:
            talk = talk.then(event)
        return talk

    # --- what can happen ---------------------------------------------------------------------

    def customer_says(self, text: str, *, at: datetime, turn_id: str = "") -> Self:
        """The customer says something.

        Args:
            text: What, exactly: any text.
            at: When, aware and not before the last event.
            turn_id: The host's name for the turn; hearing it again changes nothing.

        Raises:
            EventError: Time runs backwards, or another turn has this name.
            SettingError: A naive datetime, or no text.
        """
        return self.then(CustomerSaid(at=at, text=text, turn_id=turn_id))

    def agent_says(self, text: str, *, at: datetime, turn_id: str = "") -> Self:
        """The agent, a person or a bot, says something.

        Promises with a time that the words make are written into the ledger.

        Args:
            text: What, exactly: any text.
            at: When, aware and not before the last event.
            turn_id: The host's name for the turn; hearing it again changes nothing.

        Raises:
            EventError: Time runs backwards, or another turn has this name.
            SettingError: A naive datetime, or no text.
        """
        return self.then(AgentSaid(at=at, text=text, turn_id=turn_id))

    def waited(self, *, at: datetime) -> Self:
        """Time passes and nobody speaks, until ``at``."""
        return self.then(Waited(at=at))

    def learned(
        self, *, at: datetime, own: Mapping[str, FactValue] | None = None, **facts: Unpack[Facts]
    ) -> Self:
        """The host learns facts that words alone do not show, such as ``fault="ours"``.

        Args:
            at: When.
            own: Facts that the playbook, its strategy or its policy declares, by name.
            **facts: Facts of the `Situation` or of the shipped escalation policy, by name.

        Raises:
            EventError: Nothing declares such a fact, or not with such a value; the message names
                the nearest that there is.
            SettingError: A value that is no flag, finite number, text or money.
        """
        return self.then(
            Learned(at=at, facts={**(own or {}), **cast("dict[str, FactValue]", facts)})
        )

    def offered(self, what: str, *, at: datetime, amount: Money | None = None) -> Self:
        """A remedy is offered.

        Args:
            what: What, in words.
            at: When.
            amount: The money in it.
        """
        return self.then(Offered(at=at, what=what, amount=amount))

    def promised(self, what: str, *, due: datetime, at: datetime, name: str = "") -> Self:
        """Something is promised for a time.

        Args:
            what: What.
            due: By when.
            at: When it is promised.
            name: What the ledger knows it by; ``what`` where nothing is given.
        """
        return self.then(Promised(at=at, what=what, due=due, name=name))

    def kept(self, name: str, *, at: datetime, because: str = "") -> Self:
        """A promise is kept.

        Raises:
            EventError: There is no such promise, or it is settled.
        """
        return self.then(PromiseNoted(at=at, name=name, word=Word.KEPT, because=because))

    def resolved(self, *, at: datetime, note: str = "") -> Self:
        """The matter is settled; saying so twice changes nothing."""
        return self.then(Resolved(at=at, note=note))

    def reopened(self, *, at: datetime, note: str = "") -> Self:
        """A settled matter comes back; saying so twice changes nothing."""
        return self.then(Reopened(at=at, note=note))

    def cleared(self, *, at: datetime, because: str = "") -> Self:
        """Somebody made sure that nobody is in danger any more.

        Until then danger stays open, whatever is said. The case may go back from the safety
        channel at once; the person is watched for a day.

        Args:
            at: When.
            because: Who, and how they know.
        """
        return self.then(Cleared(at=at, because=because))

    def handed_over(self, to: str, *, at: datetime, note: str = "") -> Self:
        """Somebody else has the case now, with their authority.

        Args:
            to: A tier or a channel of the escalation policy.
            at: When.
            note: What else there is to say.

        Raises:
            EventError: There is no such tier; the message names the nearest.
        """
        return self.then(HandedOver(at=at, to=to, note=note))

    def then(self, event: Event) -> Self:
        """Whatever happens next, as an event.

        An event up to five seconds before the last one counts as at its time.

        Raises:
            EventError: It does not fit what happened so far; the conversation is unchanged.
        """
        if isinstance(event, CustomerSaid | AgentSaid) and self._heard_before(event):
            return self
        early = instant(self.at) - instant(event.at)
        if early > SKEW:
            raise EventError(
                EVENT_NAMES[type(event)],
                f"its time {event.at.isoformat()} is before {self.at.isoformat()}, "
                "that of the event before it",
            )
        timely = evolve(event, at=self.at) if early > timedelta(0) else event
        return evolve(self, state=fold(self.state, timely, self.judges))

    def _heard_before(self, event: CustomerSaid | AgentSaid) -> bool:
        place = self.state.heard.get(event.turn_id) if event.turn_id else None
        if place is None:
            return False
        heard = self.turns[place].event
        if type(heard) is type(event) and heard.text == event.text:
            return True
        raise EventError(
            EVENT_NAMES[type(event)],
            f"turn {quoted(event.turn_id)} was already said, with another text",
        )

    # --- what there is ------------------------------------------------------------------------

    @property
    def opened(self) -> Opened:
        """How it began."""
        return self.state.opened

    @property
    def events(self) -> Log[Event]:
        """All that happened, in the order of time, the opening first."""
        return self.state.events

    @property
    def turns(self) -> Log[Turn]:
        """What was said, with all that was made of it."""
        return self.state.turns

    @property
    def history(self) -> History:
        """What has been done and shown."""
        return self.state.history

    @property
    def ledger(self) -> Ledger:
        """The promises."""
        return self.state.ledger

    @property
    def danger(self) -> Danger:
        """What danger there is, since when and why; also who said that it is over."""
        return self.state.danger

    @property
    def told(self) -> tuple[Told, ...]:
        """What the customer told of the case, with their words, until the host learns better."""
        return self.state.history.told

    @property
    def known(self) -> Mapping[str, FactValue]:
        """What the host has learned."""
        return self.state.known

    @property
    def at(self) -> datetime:
        """The time of the last event."""
        return self.state.at

    @property
    def unread(self) -> tuple[str, ...]:
        """The lines of its log that this version could not read whole, exactly as they came."""
        return self.state.unread

    @property
    def emotion(self) -> EmotionState:
        """The customer's state at the last event."""
        return self.state.pair.customer

    def emotion_at(self, at: datetime, *, moves: Iterable[Move] = ()) -> EmotionState:
        """What the customer's state is expected to be later.

        Args:
            at: When, aware and not before the last event.
            moves: Moves that the agent makes now, before the time passes.

        Raises:
            EventError: The time is before the last event.
            SettingError: A naive datetime.
        """
        seconds = (instant(in_plain_zone("at", at)) - instant(self.at)).total_seconds()
        if seconds < 0:
            raise EventError("emotion_at", f"{at.isoformat()} is before {self.at.isoformat()}")
        temperament = self.judges.exchange.customer
        impulse = self.judges.effects.impulse(move.value for move in moves)
        return temperament.drift(temperament.feel(self.emotion, impulse), seconds=seconds)

    @property
    def reading(self) -> Reading:
        """What the customer's last words show; nothing before they said any."""
        last = self.state.last_said
        return last.reading if last else Reading()

    # --- what follows ------------------------------------------------------------------------

    @property
    def facts(self) -> Mapping[str, Any]:
        """Every fact that it supplies, by name, for strategy and policy to decide on."""
        return facts_of(self.state, self.judges)

    @property
    def situation(self) -> Situation:
        """The facts that the next plan is decided on."""
        return advised(self.state, self.judges)[0]

    @property
    def plan(self) -> Plan:
        """What is best said next."""
        return advised(self.state, self.judges)[1]

    @property
    def escalation(self) -> Decision:
        """Who should handle the case now, and why."""
        return self.state.decision

    @property
    def tier(self) -> str:
        """Who has the case; the first tier, until the host has learned of another ``tier``."""
        return tier_of(self.state, self.judges)

    @property
    def authority(self) -> Authority:
        """What whoever has the case may grant and do."""
        return authority_of(self.state, self.judges)

    @property
    def advice(self) -> Advice:
        """Plan, decision, authority and settings, all that is advised now, as one value."""
        situation, plan = advised(self.state, self.judges)
        return advice_of(
            self.state, self.judges, plan=plan, situation=situation, authority=self.authority
        )

    def instructions(
        self,
        *,
        facts: Iterable[str] = (),
        may: Iterable[str] = (),
        may_not: Iterable[str] = (),
    ) -> str:
        """The advice as a prompt for a language model; none of the customer's words are in it.

        Args:
            facts: What is true and may be said, a short sentence each.
            may: Further things that may be offered.
            may_not: Further things that must not be offered or said.
        """
        return self.advice.instructions(facts=facts, may=may, may_not=may_not)

    def messages(
        self,
        *,
        facts: Iterable[str] = (),
        may: Iterable[str] = (),
        may_not: Iterable[str] = (),
        last: int | None = None,
    ) -> list[dict[str, str]]:
        """Messages for a language model: the instructions, and what was said so far.

        Args:
            facts: As `instructions` takes them.
            may: As `instructions` takes them.
            may_not: As `instructions` takes them.
            last: How many of the last turns to give, 0 or more; all where not given.

        Returns:
            Mappings with ``role`` (``system``, ``user``, ``assistant``) and ``content``.

        Raises:
            SettingError: A number of turns below 0.
        """
        if last is not None and (type(last) is not int or last < 0):
            raise SettingError("last", last, "a whole number, 0 or more")
        first = 0 if last is None else max(len(self.turns) - last, 0)
        said = (turn.event for turn in self.turns[first:])
        system = self.instructions(facts=facts, may=may, may_not=may_not)
        return [
            {"role": "system", "content": system},
            *(
                {
                    "role": "user" if isinstance(event, CustomerSaid) else "assistant",
                    "content": event.text,
                }
                for event in said
            ),
        ]

    def review(self, draft: str) -> Review:
        """Review a draft reply against the plan, the state and the promises.

        Args:
            draft: Any text.
        """
        situation, plan = advised(self.state, self.judges)
        return review_of(self.state, draft, self.judges, plan=plan, situation=situation)

    def handover(
        self, *, masked: bool = True, keep: Iterable[str] = (), regions: Sequence[str] = ()
    ) -> Handover:
        """What a human needs on taking over.

        Args:
            masked: Whether what identifies a person is masked, as `mask` does it.
            keep: The host's own names and numbers, which stay, as does the case's.
            regions: Countries whose phone numbers are looked up, as `mask` takes them.

        Raises:
            SettingError: Regions are given and the ``phonenumbers`` package is not there.
        """
        situation, plan = advised(self.state, self.judges)
        return handover_of(
            self.state,
            plan=plan,
            situation=situation,
            masked=masked,
            keep=keep,
            regions=regions,
        )

    def to_json_lines(self, *, since: int = 0) -> str:
        """All events as JSON lines, from which `replay` makes the same conversation.

        Args:
            since: How many events to leave out, such as those that were written before: what is
                written then is to be appended to them.
        """
        return events_to_json_lines(self.events[since:])

    def to_snapshot(self) -> str:
        """All of it as one JSON text, from which `Playbook.resume` goes on in one step.

        It carries the format, the version of the library and the playbook's fingerprint.
        """
        return state_to_text(
            self.state, self.judges, version=VERSION, fingerprint=self.judges.fingerprint
        )

    @classmethod
    def from_snapshot(cls, snapshot: str, judges: Judges) -> Self:
        """Take up a conversation where its snapshot was made.

        Args:
            snapshot: What `to_snapshot` wrote.
            judges: What it was made under.

        Raises:
            SnapshotError: It is no snapshot, or one of another version or playbook; the error
                holds its events, to be replayed.
        """
        fingerprint = judges.fingerprint
        state = state_from_text(snapshot, judges, version=VERSION, fingerprint=fingerprint)
        return cls(judges=judges, state=state)

    def to_html(self) -> str:
        """A report as a page of its own: the course, the turns, the plan; what was said is in it.

        It needs nothing from elsewhere, and what others wrote makes no markup in it.
        """
        title = f"Case {self.opened.case}" if self.opened.case else "Conversation"
        return page(title, picture(self.state, self.plan, tier=self.tier))

    def _repr_html_(self) -> str:
        return fragment(picture(self.state, self.plan, tier=self.tier))

    def __repr__(self) -> str:
        case = f"case {quoted(self.opened.case)}, " if self.opened.case else ""
        turns = "1 turn" if len(self.turns) == 1 else f"{len(self.turns)} turns"
        phase, tier = self.plan.phase.value, self.escalation.tier
        return (
            f"<Conversation: {case}{turns} until {self.at:%Y-%m-%d %H:%M %Z}, {phase}, for {tier}>"
        )
