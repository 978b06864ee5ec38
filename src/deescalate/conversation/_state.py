"""A conversation's data: what happened so far, and all that was made of it."""

from collections.abc import Mapping
from datetime import datetime

from attrs import field, frozen

from deescalate.advice import Plan, Situation
from deescalate.conversation._danger import NO_DANGER, Danger
from deescalate.conversation._events import (
    AgentSaid,
    CustomerSaid,
    Event,
    FactValue,
    Opened,
    Unread,
)
from deescalate.conversation._history import History
from deescalate.conversation._log import Log, Names
from deescalate.cues import Reading
from deescalate.emotion import EmotionState, Pair
from deescalate.errors import quoted
from deescalate.escalation import Decision
from deescalate.moves import Move
from deescalate.promises import Ledger
from deescalate.reading import MoveFound
from deescalate.rules import Outputs
from deescalate.wording import Review

__all__ = ["State", "Turn"]


@frozen(kw_only=True)
class Turn:
    """What one turn came to.

    Attributes:
        event: Who said what, and when.
        reading: What the words show: of the customer, or of the agent's own state.
        moves: The moves found in an agent's turn.
        review: The review of an agent's turn against the plan it answered.
        emotion: The customer's state after the turn.
        agent: The agent's state after the turn.
        situation: The facts that the plan was decided on.
        plan: What is best said next after a customer's turn; for an agent's, the plan that was in
            force when they spoke.
        escalation: Who should handle the case, after this turn.
        escalated: Whether this turn moved the case up to someone else.
    """

    event: CustomerSaid | AgentSaid
    reading: Reading = field(repr=False)
    moves: tuple[MoveFound, ...] = field(default=(), repr=False)
    review: Review | None = field(default=None, repr=False)
    emotion: EmotionState = field(repr=False)
    agent: EmotionState = field(repr=False)
    situation: Situation = field(repr=False)
    plan: Plan = field(repr=False)
    escalation: Decision = field(repr=False)
    escalated: bool = False


@frozen(kw_only=True, slots=False, repr=False)
class State:
    """All that is known of a conversation at its last event. It is data: it decides nothing.

    Attributes:
        opened: How it began.
        at: The time of the last event.
        events: All that happened, the opening first.
        turns: What was said, with all that was made of it.
        heard: The place of each turn that the host named.
        pair: The states of customer and agent.
        history: What has been done and shown.
        ledger: The promises.
        known: What the host has learned.
        decision: Who should have the case.
        calm_since: Since when the reason for that has been gone; ``None`` while it is there.
        danger: What danger there is.
        broken: Promises broken so far.
        same_plan: How often in a row the same plan did not help.
        usual: The moves of that plan.
    """

    opened: Opened
    at: datetime
    events: Log[Event]
    turns: Log[Turn] = field(factory=Log[Turn])
    heard: Names = field(factory=Names)
    pair: Pair
    history: History = field(factory=History)
    ledger: Ledger = field(factory=Ledger)
    known: Mapping[str, FactValue] = field(default=Outputs({}), converter=Outputs)
    decision: Decision
    calm_since: datetime | None = None
    danger: Danger = NO_DANGER
    broken: int = 0
    same_plan: int = 0
    usual: tuple[Move, ...] = ()

    def __repr__(self) -> str:
        case = f"case {quoted(self.opened.case)}, " if self.opened.case else ""
        return f"<State: {case}{len(self.events)} events, {len(self.turns)} turns>"

    @property
    def last_said(self) -> Turn | None:
        """The customer's last turn."""
        said = (turn for turn in reversed(self.turns) if isinstance(turn.event, CustomerSaid))
        return next(said, None)

    @property
    def unread(self) -> tuple[str, ...]:
        """The lines of its log that this version could not read whole."""
        return tuple(event.line for event in self.events if isinstance(event, Unread))
