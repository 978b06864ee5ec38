"""What an agent's moves do to the customer, keyed by the moves' plain names."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import Self

from attrs import field, frozen

from deescalate.emotion.values import Impulse

__all__ = ["MoveEffects"]


def _read_only(effects: Mapping[str, Impulse]) -> Mapping[str, Impulse]:
    return MappingProxyType(dict(effects))


@frozen
class MoveEffects:
    """What each move of an agent does to a customer.

    Attributes:
        effects: The push of each move, by its name. A move that is not there has none.

    >>> MoveEffects.default().impulse(["apologise"]).arousal < 0
    True
    """

    effects: Mapping[str, Impulse] = field(converter=_read_only)

    @classmethod
    def default(cls) -> Self:
        """The shipped effects."""
        return cls(
            {
                "apologise": Impulse(pleasure=0.10, arousal=-0.12),
                "own_responsibility": Impulse(pleasure=0.10, arousal=-0.08),
                "empathise": Impulse(pleasure=0.08, arousal=-0.10),
                "act": Impulse(pleasure=0.25, arousal=-0.10),
            }
        )

    def impulse(self, move_names: Iterable[str]) -> Impulse:
        """The push of some moves made in one turn, each counted once."""
        found = [self.effects[name] for name in {*move_names} if name in self.effects]
        return Impulse(
            pleasure=sum(each.pleasure for each in found),
            arousal=sum(each.arousal for each in found),
            dominance=sum(each.dominance for each in found),
        )
