"""Ready temperaments: the kinds of people that a service meets, each with what it means.

Half-lives, homes and gains of the kinds are ours, set against the default temperament; they are
for simulation, for drills and as a first guess, never a verdict about a person.
"""

from collections.abc import Mapping
from types import MappingProxyType

from attrs import evolve, frozen

from deescalate.emotion.temperament import Temperament
from deescalate.emotion.values import Affect

__all__ = ["CHARACTERS", "Character"]


@frozen(kw_only=True)
class Character:
    """A kind of person, by how their core affect moves.

    Attributes:
        name: The kind.
        meaning: What sets them apart.
        temperament: How they move.

    >>> CHARACTERS["volatile"].meaning
    'flares up at little and is over it soon'
    """

    name: str
    meaning: str
    temperament: Temperament


_USUAL = Temperament()


def _times(usual: Affect, pleasure: float, arousal: float, dominance: float) -> Affect:
    return Affect(
        pleasure=usual.pleasure * pleasure,
        arousal=usual.arousal * arousal,
        dominance=usual.dominance * dominance,
    )


CHARACTERS: Mapping[str, Character] = MappingProxyType(
    {
        each.name: each
        for each in (
            Character(
                name="anxious",
                meaning="on edge from the start, feels little control, and is easily shaken",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=-0.3, arousal=0.35, dominance=-0.4),
                    half_life_s=_times(_USUAL.half_life_s, 1.0, 1.5, 1.5),
                    sensitivity=Affect(pleasure=1.3, arousal=1.6, dominance=1.3),
                ),
            ),
            Character(
                name="overbearing",
                meaning="expects to be in charge, and is stirred by whatever takes control away",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=-0.1, arousal=0.15, dominance=0.5),
                    sensitivity=Affect(pleasure=1.0, arousal=1.3, dominance=1.5),
                ),
            ),
            Character(
                name="patient",
                meaning="hard to stir, and soon calm again",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=0.1, arousal=-0.15, dominance=0.0),
                    half_life_s=_times(_USUAL.half_life_s, 0.5, 0.5, 1.0),
                    volatility=_times(_USUAL.volatility, 0.7, 0.7, 1.0),
                    sensitivity=Affect(pleasure=0.5, arousal=0.5, dominance=0.7),
                ),
            ),
            Character(
                name="resentful",
                meaning="does not shout and does not forget: displeasure stays for a day",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=-0.35, arousal=0.05, dominance=0.15),
                    half_life_s=_times(_USUAL.half_life_s, 4.0, 1.0, 1.0),
                    sensitivity=Affect(pleasure=1.4, arousal=0.8, dominance=1.0),
                ),
            ),
            Character(name="usual", meaning="the default temperament", temperament=_USUAL),
            Character(
                name="volatile",
                meaning="flares up at little and is over it soon",
                temperament=evolve(
                    _USUAL,
                    half_life_s=_times(_USUAL.half_life_s, 0.4, 0.4, 0.4),
                    volatility=_times(_USUAL.volatility, 1.3, 1.6, 1.3),
                    sensitivity=Affect(pleasure=1.4, arousal=2.0, dominance=1.3),
                ),
            ),
            Character(
                name="weary",
                meaning="has been through this before: little heat, little hope",
                temperament=evolve(
                    _USUAL,
                    home=Affect(pleasure=-0.45, arousal=-0.25, dominance=-0.3),
                    half_life_s=_times(_USUAL.half_life_s, 2.0, 1.0, 2.0),
                    sensitivity=Affect(pleasure=0.9, arousal=0.5, dominance=0.8),
                ),
            ),
        )
    }
)
"""The ready temperaments, by name, in the order of the alphabet."""
