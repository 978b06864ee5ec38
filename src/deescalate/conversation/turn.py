"""One turn of a conversation, with all that was made of it."""

from attrs import frozen

from deescalate.conversation.events import AgentSaid, CustomerSaid
from deescalate.cues import Reading
from deescalate.emotion import EmotionState
from deescalate.escalation import Decision
from deescalate.reading.agent import MoveFound
from deescalate.strategy import Plan, Situation
from deescalate.wording import Review

__all__ = ["Turn"]


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
    reading: Reading
    moves: tuple[MoveFound, ...] = ()
    review: Review | None = None
    emotion: EmotionState
    agent: EmotionState
    situation: Situation
    plan: Plan
    escalation: Decision
    escalated: bool = False
