"""The laws of a strategy: what must hold in every situation, each searched for a breach exactly."""

from abc import abstractmethod
from collections.abc import Iterator
from itertools import combinations

from attrs import frozen

from deescalate.moves import Move, Phase
from deescalate.rules import EVERYTHING, Condition
from deescalate.strategy._space import Breach, Space, in_phase

__all__ = [
    "Absent",
    "FallsBack",
    "Held",
    "Law",
    "Needs",
    "NeverBackward",
    "Ordered",
    "Present",
    "ShortEnough",
    "Together",
]


@frozen(kw_only=True)
class Law:
    """What must hold of the plan in every situation.

    Attributes:
        id: A stable short name.
        statement: The law in one sentence.
        source: Where it comes from.
    """

    id: str
    statement: str
    source: str

    @abstractmethod
    def breach(self, space: Space) -> Breach | None:
        """Situations in which a strategy breaks the law, or ``None`` where it never does.

        Args:
            space: Every situation of the strategy.

        Raises:
            WorkLimitError: The search would pass its limit; nothing was guessed.
        """


@frozen(kw_only=True)
class Held(Law):
    """Where something holds, the conversation stays in some phases.

    Attributes:
        when: Where.
        phases: The phases that are allowed there.
    """

    when: Condition
    phases: tuple[Phase, ...]

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        return space.search([self.when], unless=[in_phase(*self.phases)])


@frozen(kw_only=True)
class Absent(Law):
    """Where something holds, none of some moves is made.

    Attributes:
        moves: The moves.
        when: Where.
    """

    moves: tuple[Move, ...]
    when: Condition

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        return _first(
            space.search(
                [each & self.when for each in space.doing(move)], unless=space.avoiding(move)
            )
            for move in self.moves
        )


@frozen(kw_only=True)
class Present(Law):
    """Where something holds, one of some moves is made.

    Attributes:
        moves: The moves.
        when: Where.
    """

    moves: tuple[Move, ...]
    when: Condition

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        return space.search([self.when], unless=space.sure(*self.moves))


@frozen(kw_only=True)
class Needs(Law):
    """Where one of some moves is made and something holds, one of some others comes before it.

    Attributes:
        moves: The moves that need company.
        one_of: The company: one of them is enough.
        when: Where it is needed.
        before: Whether it must come before, rather than anywhere in the plan.
    """

    moves: tuple[Move, ...]
    one_of: tuple[Move, ...]
    when: Condition = EVERYTHING
    before: bool = True

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        return _first(self._alone(space, move) for move in self.moves)

    def _alone(self, space: Space, move: Move) -> Breach | None:
        company = [
            other
            for other in self.one_of
            if not self.before or space.place(other) < space.place(move)
        ]
        return space.search(
            [each & self.when for each in space.doing(move)],
            unless=[*space.avoiding(move), *space.sure(*company)],
        )


@frozen(kw_only=True)
class Together(Law):
    """No two of some moves are ever made together.

    Attributes:
        pairs: The pairs that must not meet.
    """

    pairs: tuple[tuple[Move, Move], ...]

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        return _first(
            space.search(
                [a & b for a in space.doing(one) for b in space.doing(other)],
                unless=space.avoiding(one, other),
            )
            for one, other in self.pairs
        )


@frozen(kw_only=True)
class Ordered(Law):
    """In the order of a plan, some moves come before others whenever both are made.

    Attributes:
        first: The earlier moves.
        then: The later ones.
    """

    first: tuple[Move, ...]
    then: tuple[Move, ...]

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        return _first(
            space.search(
                [a & b for a in space.doing(one) for b in space.doing(other)],
                unless=space.avoiding(one, other),
            )
            for one in self.first
            for other in self.then
            if space.place(one) > space.place(other)
        )


@frozen(kw_only=True)
class NeverBackward(Law):
    """With all else equal, more of a fact never moves the phase toward closing.

    Attributes:
        fact: Which fact.
        rising: Whether more of it is worse, so that the phase may only fall back.
    """

    fact: str
    rising: bool = True

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        order = [phase.value for phase in (reversed(Phase) if self.rising else Phase)]
        return space.turning(self.fact, order)


@frozen(kw_only=True)
class FallsBack(Law):
    """With all else equal, a flag moves the conversation back by a phase or more.

    In safety and with the person there is nothing to fall back from.

    Attributes:
        flag: Which fact.
    """

    flag: str

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        return space.standing(self.flag, (Phase.ISSUE, Phase.RESOLUTION, Phase.CLOSING))


@frozen(kw_only=True)
class ShortEnough(Law):
    """Whatever has to be left out of a plan to keep it short is something that can be spared."""

    def breach(self, space: Space) -> Breach | None:
        """See `Law.breach`."""
        return _first(space.crowded(phase) for phase in Phase)


def _first(found: Iterator[Breach | None]) -> Breach | None:
    return next((breach for breach in found if breach is not None), None)


def pairs(moves: tuple[Move, ...]) -> tuple[tuple[Move, Move], ...]:
    """Every pair of some moves."""
    return tuple(combinations(moves, 2))
