"""What a review asks of the rooms beside it, so that it need not know them."""

from collections.abc import Sequence
from typing import Protocol

from deescalate.moves import Move, Phase

__all__ = ["HasMove", "PlanLike", "SituationLike"]


class HasMove(Protocol):
    """A move of a plan, or something that a plan avoids."""

    @property
    def move(self) -> Move | None:
        """The move; ``None`` where a plan avoids a way of speaking."""
        ...


class PlanLike(Protocol):
    """What the review asks of a plan; `deescalate.strategy.Plan` has it."""

    @property
    def phase(self) -> Phase:
        """Where the conversation is held."""
        ...

    @property
    def moves(self) -> Sequence[HasMove]:
        """The moves to make, in order."""
        ...

    @property
    def avoid(self) -> Sequence[HasMove]:
        """The moves not to make now."""
        ...


class SituationLike(Protocol):
    """What the review asks of a situation; `deescalate.strategy.Situation` has it."""

    @property
    def distress(self) -> float:
        """How distressed the customer is, 0 to 1."""
        ...

    @property
    def openness(self) -> float:
        """How far reason can reach them, 0 to 1."""
        ...

    @property
    def acknowledged(self) -> bool:
        """Whether their feeling has been acknowledged."""
        ...

    @property
    def apologies(self) -> int:
        """Apologies made so far."""
        ...

    @property
    def responsibility_owned(self) -> bool:
        """Whether our part has been owned."""
        ...

    @property
    def fault(self) -> str:
        """Whose fault it is, ``ours``, ``theirs``, ``nobody`` or ``unknown``."""
        ...

    @property
    def promise_broken(self) -> bool:
        """Whether a promise to them was broken."""
        ...

    @property
    def resolved(self) -> bool:
        """Whether the matter is settled."""
        ...

    @property
    def agreed(self) -> bool:
        """Whether a remedy or a next step has been agreed."""
        ...

    @property
    def danger(self) -> str:
        """``none``, or what somebody is in danger of."""
        ...

    @property
    def asks_human(self) -> bool:
        """Whether they ask for a person instead of a machine."""
        ...

    @property
    def asks_supervisor(self) -> bool:
        """Whether they ask for somebody higher up."""
        ...
