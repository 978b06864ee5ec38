"""What an agent's moves do to the customer, keyed by the moves' plain names."""

import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from attrs import Attribute, field, frozen

from deescalate.documents import (
    Document,
    FrozenMapping,
    Shape,
    joined,
    keyed,
    mapped,
    number,
    part,
    text,
)
from deescalate.emotion._values import COORDINATES, FURTHEST, Affect, Impulse, affect_within
from deescalate.errors import SettingError
from deescalate.findings import Finding, Report, Severity

__all__ = ["MoveEffects", "diminishing"]


def _read_only(pushes: Mapping[str, Impulse]) -> FrozenMapping[Impulse]:
    return FrozenMapping(pushes)


def _affect(kind: type[Affect] | type[Impulse], low: float) -> Shape:
    return keyed(kind, {coordinate: number(low, FURTHEST) for coordinate in COORDINATES})


def _impulses(_: object, attribute: "Attribute[Any]", value: Mapping[str, object]) -> None:
    for name, push in value.items():
        if not isinstance(push, Impulse):
            raise SettingError(f"{attribute.name}.{name}", push, "an Impulse")


@cache
def _hurts() -> FrozenMapping[Impulse]:
    text = files("deescalate.emotion").joinpath("data/hurts.toml").read_text("utf-8")
    return FrozenMapping({name: Impulse(**push) for name, push in tomllib.loads(text).items()})


@frozen(kw_only=True, repr=False)
class MoveEffects(Document):
    r"""What each move of an agent does to a customer of sensitivity 1.

    Several moves in one reply add up with diminishing returns: of the pushes in one direction the
    strongest counts whole, the next half, the next a quarter. A reply that says everything is
    hardly better than one that says the right thing, and none is twice as good as its best move.

    Attributes:
        pushes: The push of each move, by its name. A move that is not there has none.
        hurts: The push of what hurts in a reply, by its name, see `deescalate.wording.HARMS`. Each
            is felt whole. The shipped ones are ours.
        spread: How unsure the landing of any reply is: a standard deviation for each coordinate.
        about: Where the numbers come from.

    As a document: ``[pushes.act]`` for each move and optionally ``[spread]``, each with any of
    ``pleasure``, ``arousal`` and ``dominance``, ``[hurts.insult]`` in the same way, and ``about``.

    Raises:
        SettingError: If a push is no `Impulse`, or the spread is not finite or below 0.

    >>> print(MoveEffects.from_document("[pushes.act]\npleasure = 0.2").check())
    move effects: nothing to find
    >>> owned = MoveEffects.default().impulse(["own_responsibility", "act"])
    >>> owned.pleasure > 0 > owned.arousal
    True
    """

    document_kind = "move effects"

    pushes: Mapping[str, Impulse] = field(
        converter=_read_only,
        validator=_impulses,
        metadata=part(mapped(_affect(Impulse, -FURTHEST)), absent={}),
    )
    hurts: Mapping[str, Impulse] = field(
        factory=_hurts,
        converter=_read_only,
        validator=_impulses,
        metadata=part(mapped(_affect(Impulse, -FURTHEST))),
        repr=False,
    )
    spread: Affect = field(
        default=Affect(),
        validator=affect_within(0.0, FURTHEST),
        metadata=part(_affect(Affect, 0.0)),
    )
    about: str = field(default="", repr=False, metadata=part(text(empty=True)))

    @classmethod
    def default(cls) -> "MoveEffects":
        """The shipped effects of every move of the vocabulary.

        Returns:
            Directions after the published frameworks and recovery findings; sizes are guesses of
            ours, corrected by what customers' rated frustration did after some 200 replies
            (``examples/fitting/fit_temperament.py``). That is weak data, and the correction is
            shrunk to match: trust the directions, and replace the sizes when you have better.

        >>> MoveEffects.default().pushes["act"].pleasure > 0
        True
        """
        return _shipped()

    def check(self) -> Report:
        """Look for what is odd: a move that is there and does nothing.

        >>> MoveEffects.default().check().ok
        True
        """
        still = (name for name, push in self.pushes.items() if push == Impulse())
        return Report(
            name=self.document_kind,
            findings=[
                Finding(
                    severity=Severity.NOTE,
                    code="no-push",
                    text=f"{name} does nothing, as a move that is not there",
                    place=joined("pushes", name),
                )
                for name in still
            ],
            meanings={"no-push": "a move that does nothing"},
        )

    def impulse(self, move_names: Iterable[str], *, hurts: Iterable[str] = ()) -> Impulse:
        """The push of one reply in which some moves were made, and some things hurt.

        Args:
            move_names: The moves' names, such as ``apologise``. Each counts once; one that is not
                in the table counts for nothing.
            hurts: The names of what hurts in it, such as ``calm_down``, in the same way.

        Returns:
            The push of all of them, as unsure as any reply is.

        >>> effects = MoveEffects(pushes={"a": Impulse(arousal=-0.4), "b": Impulse(arousal=-0.2)})
        >>> effects.impulse(["b", "a", "a"]).arousal
        -0.5
        """
        found = [self.pushes[name] for name in {*move_names} if name in self.pushes]
        felt = [self.hurts[name] for name in dict.fromkeys(hurts) if name in self.hurts]
        total = {
            coordinate: diminishing(getattr(push, coordinate) for push in found)
            + sum(getattr(push, coordinate) for push in felt)
            for coordinate in COORDINATES
        }
        return Impulse(**total, spread=self.spread)


def diminishing(pushes: Iterable[float]) -> float:
    """Of each direction the strongest push whole, the next half, the next a quarter.

    >>> diminishing([0.1, -0.2, 0.4])
    0.25
    """
    ordered = sorted(pushes)
    down = (push for push in ordered if push < 0.0)
    up = (push for push in reversed(ordered) if push > 0.0)
    return _halved(down) + _halved(up)


def _halved(pushes: Iterable[float]) -> float:
    total, by = 0.0, 1.0
    for push in pushes:
        total += push * by
        by *= 0.5
    return total


@cache
def _shipped() -> MoveEffects:
    text = files("deescalate.emotion").joinpath("data/effects.toml").read_text("utf-8")
    return MoveEffects.from_document(text)
