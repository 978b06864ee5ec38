"""What a conversation asks for its judgements."""

from typing import Protocol

from deescalate.cues import CueReader
from deescalate.emotion import Exchange, MoveEffects
from deescalate.escalation import EscalationPolicy
from deescalate.strategy import Strategy
from deescalate.wording import Wording

__all__ = ["Judges"]


class Judges(Protocol):
    """What a conversation asks for its judgements; a `Playbook` is one."""

    @property
    def reader(self) -> CueReader:
        """Reads the customer's words."""
        ...

    @property
    def exchange(self) -> Exchange:
        """How the customer's and the agent's state move."""
        ...

    @property
    def effects(self) -> MoveEffects:
        """What the agent's moves do to the customer."""
        ...

    @property
    def strategy(self) -> Strategy:
        """Chooses the next moves."""
        ...

    @property
    def wording(self) -> Wording:
        """Reviews replies."""
        ...

    @property
    def escalation(self) -> EscalationPolicy:
        """Decides who should handle the case."""
        ...

    @property
    def month_first(self) -> bool:
        """Whether a date such as 3/4 in a promise has its month first."""
        ...
