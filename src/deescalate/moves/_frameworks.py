"""Published frameworks as data, and which of them a sequence of moves agrees with."""

import tomllib
from collections import Counter
from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from itertools import product

from attrs import frozen

from deescalate.moves._vocabulary import Move

__all__ = ["Fit", "Framework", "Precedence", "Step", "fits", "frameworks", "precedences"]


@frozen(kw_only=True)
class Step:
    """One step of a framework.

    Attributes:
        name: What the framework calls it.
        moves: The moves that carry it out.

    >>> frameworks()[0].steps[0].name
    'Hear'
    """

    name: str
    moves: tuple[Move, ...]


@frozen(kw_only=True)
class Fit:
    """How a sequence of moves agrees with a framework.

    Attributes:
        framework: The framework.
        reached: Names of the steps that the moves carry out, in the framework's order.
        missing: Names of the steps that they do not.
        late: Moves that come after a later step has begun, so that the order is broken.
        outside: Moves that the framework does not know.

    >>> fits([Move.ATTEND, Move.EMPATHISE, Move.ACT])[0].missing
    ('Apologise', 'Diagnose')
    """

    framework: "Framework"
    reached: tuple[str, ...]
    missing: tuple[str, ...]
    late: tuple[Move, ...]
    outside: tuple[Move, ...]

    @property
    def compatible(self) -> bool:
        """Whether the moves carry out a part of the framework and never break its order."""
        return bool(self.reached) and not self.late

    @property
    def complete(self) -> bool:
        """Whether they carry out every step, in order."""
        return self.compatible and not self.missing


@frozen(kw_only=True)
class Framework:
    """A published way through a difficult conversation, as steps.

    Attributes:
        id: A short name without spaces.
        name: What people call it.
        ordered: Whether its steps have an order. The order of the others is free.
        status: ``seen`` where the source's text or a summary of it was read, ``memory`` where not.
        source: Where it comes from. The mapping onto moves is ours.
        steps: Its steps.

    >>> heard = next(each for each in frameworks() if each.id == "HEARD")
    >>> [step.name for step in heard.steps]
    ['Hear', 'Empathise', 'Apologise', 'Resolve', 'Diagnose']
    """

    id: str
    name: str
    ordered: bool
    status: str
    source: str
    steps: tuple[Step, ...]

    def fit(self, moves: Iterable[Move]) -> Fit:
        """How a sequence of moves agrees with this framework.

        A move that stands in several steps counts for the earliest that is not over yet, which
        leaves the most room for the moves after it.

        Args:
            moves: The moves in the order in which they are made.

        >>> leap = next(each for each in frameworks() if each.id == "LEAP")
        >>> leap.fit([Move.PARTNER, Move.EMPATHISE]).late
        (<Move.EMPATHISE: 'empathise'>,)
        """
        now = 0
        reached = set[int]()
        late = list[Move]()
        outside = list[Move]()
        for move in moves:
            places = [at for at, step in enumerate(self.steps) if move in step.moves]
            ahead = [at for at in places if at >= now or not self.ordered]
            if ahead:
                now = ahead[0]
                reached.add(now)
            else:
                (late if places else outside).append(move)
        return Fit(
            framework=self,
            reached=tuple(step.name for at, step in enumerate(self.steps) if at in reached),
            missing=tuple(step.name for at, step in enumerate(self.steps) if at not in reached),
            late=tuple(late),
            outside=tuple(outside),
        )


@cache
def frameworks() -> tuple[Framework, ...]:
    """The published frameworks that the library knows, in the order of the data.

    >>> len(frameworks())
    18
    """
    text = files("deescalate.moves").joinpath("data/frameworks.toml").read_text(encoding="utf-8")
    return tuple(
        Framework(
            **{key: each[key] for key in ("id", "name", "ordered", "status", "source")},
            steps=tuple(
                Step(name=step["step"], moves=tuple(Move(move) for move in step["moves"]))
                for step in each["steps"]
            ),
        )
        for each in tomllib.loads(text)["frameworks"]
    )


def fits(moves: Iterable[Move]) -> tuple[Fit, ...]:
    """How a sequence of moves agrees with each framework, in the order of the data.

    Args:
        moves: The moves in the order in which they are made.

    >>> moves = [Move.ATTEND, Move.EMPATHISE, Move.APOLOGISE, Move.ACT]
    >>> [fit.framework.id for fit in fits(moves) if fit.complete]
    ['HEAT']
    """
    moves = tuple(moves)
    return tuple(framework.fit(moves) for framework in frameworks())


@frozen(kw_only=True)
class Precedence:
    """Two moves that every ordered framework that knows both puts in the same order.

    Attributes:
        before: The earlier move.
        after: The later one.
        agree: How many frameworks say so.

    >>> precedences(least=8)
    (Precedence(before=<Move.ATTEND: 'attend'>, after=<Move.EMPATHISE: 'empathise'>, agree=8),)
    """

    before: Move
    after: Move
    agree: int


def precedences(*, least: int = 3) -> tuple[Precedence, ...]:
    """The orders on which all ordered frameworks agree, the most widely shared first.

    Where a framework has a move in several steps, its first counts.

    Args:
        least: How many frameworks must know both moves.

    >>> [each.before.value for each in precedences(least=7) if each.after is Move.ACT]
    ['attend']
    """
    seen: Counter[tuple[Move, Move]] = Counter()
    for framework in frameworks():
        if framework.ordered:
            first = {
                move: at
                for at, step in reversed([*enumerate(framework.steps)])
                for move in step.moves
            }
            seen.update(
                (one, other) for one, other in product(first, first) if first[one] < first[other]
            )
    together: Counter[frozenset[Move]] = Counter()
    for framework in frameworks():
        if framework.ordered:
            known = {move for step in framework.steps for move in step.moves}
            together.update({frozenset(pair) for pair in product(known, known)})
    return tuple(
        Precedence(before=before, after=after, agree=agree)
        for (before, after), agree in sorted(
            seen.items(), key=lambda item: (-item[1], *map([*Move].index, item[0]))
        )
        if agree >= least and agree == together[frozenset({before, after})]
    )
