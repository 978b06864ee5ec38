"""The conversation: what can happen in it, and the advice that follows."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Self

from attrs import field, frozen

from deescalate.authority import Authority
from deescalate.conversation.events import (
    AgentSaid,
    CustomerSaid,
    Event,
    Fact,
    Learned,
    Offered,
    Opened,
    Promised,
    PromiseNoted,
    Reopened,
    Resolved,
    Waited,
    events_to_json_lines,
)
from deescalate.conversation.facts import situation_of
from deescalate.conversation.fold import fold
from deescalate.conversation.handover import Handover
from deescalate.conversation.history import History
from deescalate.conversation.judges import Judges
from deescalate.conversation.note import handover_of
from deescalate.conversation.turn import Turn
from deescalate.cues import Reading
from deescalate.emotion import EmotionState, Pair
from deescalate.errors import EventError, quoted
from deescalate.escalation import Decision, Watch
from deescalate.money import Money
from deescalate.moves import Move
from deescalate.promises import Ledger, Standing, Word
from deescalate.rules import Outputs
from deescalate.strategy import Plan, Situation
from deescalate.wording import Review, review

__all__ = ["Conversation"]


@frozen(kw_only=True)
class Conversation:
    """A conversation so far, and what is best done next.

    It is a value: whatever happens gives a new conversation, and the same events give the same
    one. A turn with a ``turn_id`` that was heard before changes nothing, since chat frameworks
    call their hooks more than once.

    Attributes:
        judges: What reads, decides and reviews, usually a `Playbook`.
        opened: How it began.
        events: All that happened, in the order of time, the opening first.
        turns: What was said, with all that was made of it.
        pair: The states of customer and agent at the last event.
        history: What has been done and shown.
        ledger: The promises.
        known: What the host has learned.
        watch: Who should have the case, as its facts came in: up at once, down with patience.
        broken: Promises broken so far.
        same_plan: How often in a row the same plan did not help.
        usual: The moves of that plan.

    >>> from datetime import UTC
    >>> from deescalate.playbook import Playbook
    >>> nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> talk = Playbook.default().open(at=nine)
    >>> talk = talk.customer_says("I will come and smash the place up!", at=nine)
    >>> talk.plan.phase.value, talk.escalation.tier
    ('safety', 'security')
    """

    judges: Judges
    opened: Opened
    events: tuple[Event, ...]
    turns: tuple[Turn, ...] = ()
    pair: Pair
    history: History = field(factory=History)
    ledger: Ledger = field(factory=Ledger)
    known: Mapping[str, Fact] = field(default=Outputs({}), converter=Outputs)
    watch: Watch
    broken: int = 0
    same_plan: int = 0
    usual: tuple[Move, ...] = ()

    # --- how it begins -----------------------------------------------------------------------

    @classmethod
    def open(cls, judges: Judges, opened: Opened) -> Self:
        """Begin a conversation.

        Args:
            judges: What reads, decides and reviews.
            opened: When, and which case.
        """
        return cls(
            judges=judges,
            opened=opened,
            events=(opened,),
            pair=judges.exchange.start(),
            watch=Watch.begin(judges.escalation, {}, at=opened.at),
        )

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
        course = tuple(events)
        if not course:
            raise EventError("replay", "there is no event to begin with")
        first = course[0]
        opened = first if isinstance(first, Opened) else Opened(at=first.at)
        talk = cls.open(judges, opened)
        for event in course[isinstance(first, Opened) :]:
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

    def learned(self, *, at: datetime, **facts: Fact) -> Self:
        """The host learns facts that words alone do not show, such as ``fault="ours"``.

        Args:
            at: When.
            **facts: Facts of the `Situation` or of the escalation policy, by name.
        """
        return self.then(Learned(at=at, facts=facts))

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
        """The matter is settled.

        Raises:
            EventError: It is settled already.
        """
        return self.then(Resolved(at=at, note=note))

    def reopened(self, *, at: datetime, note: str = "") -> Self:
        """A settled matter comes back.

        Raises:
            EventError: It is not settled.
        """
        return self.then(Reopened(at=at, note=note))

    def then(self, event: Event) -> Self:
        """Whatever happens next, as an event.

        Raises:
            EventError: It does not fit what happened so far; the conversation is unchanged.
        """
        if isinstance(event, CustomerSaid | AgentSaid) and self._heard_before(event):
            return self
        if event.at < self.at:
            raise EventError(
                type(event).__name__,
                f"its time {event.at.isoformat()} is before {self.at.isoformat()}, "
                "that of the event before it",
            )
        return fold(self, event)

    def _heard_before(self, event: CustomerSaid | AgentSaid) -> bool:
        if not event.turn_id:
            return False
        for turn in self.turns:
            if turn.event.turn_id == event.turn_id:
                if type(turn.event) is type(event) and turn.event.text == event.text:
                    return True
                raise EventError(
                    type(event).__name__,
                    f"turn {quoted(event.turn_id)} was already said, with another text",
                )
        return False

    @property
    def _just_said(self) -> Turn | None:
        """The last turn, where nothing has happened since."""
        said = self.turns and self.turns[-1].event is self.events[-1]
        return self.turns[-1] if said else None

    # --- what follows ------------------------------------------------------------------------

    @property
    def at(self) -> datetime:
        """The time of the last event."""
        return self.events[-1].at

    @property
    def emotion(self) -> EmotionState:
        """The customer's state at the last event."""
        return self.pair.customer

    def emotion_at(self, at: datetime, *, moves: Iterable[Move] = ()) -> EmotionState:
        """What the customer's state is expected to be later.

        Args:
            at: When, aware and not before the last event.
            moves: Moves that the agent makes now, before the time passes.

        Raises:
            EventError: The time is before the last event.
        """
        if at < self.at:
            raise EventError("emotion_at", f"{at.isoformat()} is before {self.at.isoformat()}")
        temperament = self.judges.exchange.customer
        impulse = self.judges.effects.impulse(move.value for move in moves)
        felt = temperament.feel(self.pair.customer, impulse)
        return temperament.drift(felt, seconds=(at - self.at).total_seconds())

    @property
    def reading(self) -> Reading:
        """What the customer's last words show; nothing before they said any."""
        said = (turn.reading for turn in reversed(self.turns) if turn.review is None)
        return next(said, Reading())

    @property
    def situation(self) -> Situation:
        """The facts that the next plan is decided on."""
        turn = self._just_said
        if turn is not None and isinstance(turn.event, CustomerSaid):
            return turn.situation
        return situation_of(
            self.pair,
            self.history,
            self.known,
            broken_promises=self.broken,
            open_promises=len(self.ledger.open(at=self.at)) if self.ledger.entries else 0,
            same_plan=self.same_plan,
        )

    @property
    def plan(self) -> Plan:
        """What is best said next."""
        turn = self._just_said
        if turn is not None and isinstance(turn.event, CustomerSaid):
            return turn.plan
        return self.judges.strategy.select(self.situation)

    @property
    def escalation(self) -> Decision:
        """Who should handle the case now, and why."""
        return self.watch.decision

    @property
    def tier(self) -> str:
        """Who has the case; the first tier, until the host has learned of another ``tier``."""
        names = self.judges.escalation.ladder.names
        told = self.known.get("tier")
        return told if isinstance(told, str) and told in names else names[0]

    @property
    def authority(self) -> Authority:
        """What whoever has the case may grant and do."""
        return self.judges.escalation.ladder.tier(self.tier).authority

    def review(self, draft: str) -> Review:
        """Review a draft reply against the plan, the state and the promises.

        Args:
            draft: Any text.
        """
        return review(
            draft,
            plan=self.plan,
            situation=self.situation,
            authority=self.authority,
            promises=self.ledger.standing_in(Standing.OVERDUE, at=self.at),
            previous=[turn.event.text for turn in self.turns if isinstance(turn.event, AgentSaid)],
            wording=self.judges.wording,
        )

    def handover(self, *, masked: bool = True) -> Handover:
        """What a human needs on taking over.

        Args:
            masked: Whether card numbers, e-mail addresses and phone numbers are masked.
        """
        note = handover_of(self)
        return note.masked() if masked else note

    def to_json_lines(self) -> str:
        """All events as JSON lines, from which `replay` makes the same conversation."""
        return events_to_json_lines(self.events)
