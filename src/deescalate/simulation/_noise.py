"""Chance, keyed by seed, customer, repeat and purpose: never by who asks, or in what order.

Two agents that meet the same customer meet the same luck, and every executor draws the same. It is
counter-based: a number is a hash of its key, so there is no state to carry. The hash is the
finaliser of SplitMix64 (Steele, Lea & Flood 2014), whose arithmetic on 64 bits numpy has too.
"""

import math
from collections.abc import Sequence
from functools import cache, cached_property
from hashlib import blake2b
from typing import TypeVar

from attrs import field, frozen

from deescalate.emotion import Affect
from deescalate.errors import SettingError

__all__ = ["Noise", "key_of", "mixed"]

T = TypeVar("T")

WORD = 0xFFFF_FFFF_FFFF_FFFF
GOLDEN = 0x9E37_79B9_7F4A_7C15
FIRST, SECOND = 0xBF58_476D_1CE4_E5B9, 0x94D0_49BB_1331_11EB
UNIT = 2.0**-53


def mixed(key: int, value: int) -> int:
    """Mix a whole number into a key of 64 bits.

    >>> mixed(0, 1) == mixed(0, 1) != mixed(0, 2)
    True
    """
    z = ((key ^ value) + GOLDEN) & WORD
    z = ((z ^ (z >> 30)) * FIRST) & WORD
    z = ((z ^ (z >> 27)) * SECOND) & WORD
    return z ^ (z >> 31)


@cache
def key_of(name: str) -> int:
    """A key of 64 bits for a name, the same in every process.

    >>> key_of("mood") != key_of("leave")
    True
    """
    return int.from_bytes(blake2b(name.encode("utf-8", "surrogatepass"), digest_size=8).digest())


def _whole(name: str, value: object) -> int:
    index = getattr(value, "__index__", None)
    if index is None or isinstance(value, bool):
        raise SettingError(name, value, "a whole number")
    return int(index())


def _named(value: object) -> int | str:
    return value if isinstance(value, str) else _whole("customer", value)


def _seed(value: object) -> int:
    return _whole("seed", value)


def _repeat(value: object) -> int:
    return _whole("repeat", value)


@frozen(slots=False)
class Noise:
    """The luck of one customer in one repeat of a study.

    Attributes:
        seed: The study's seed, any whole number.
        customer: The customer's number or name.
        repeat: Which repeat of the same customer, a whole number.

    Raises:
        SettingError: One of them is no whole number (nor, for the customer, a text).

    >>> noise = Noise(7, "Ada")
    >>> noise.uniform("leave", 3) == Noise(7, "Ada").uniform("leave", 3)
    True
    >>> noise.uniform("leave", 3) == noise.uniform("leave", 4)
    False
    """

    seed: int = field(converter=_seed)
    customer: int | str = field(default=0, converter=_named)
    repeat: int = field(default=0, converter=_repeat)

    @cached_property
    def key(self) -> int:
        """The 64 bits that seed, customer and repeat come to."""
        who = self.customer
        key = mixed(0, self.seed & WORD)
        key = mixed(key, key_of(who) if isinstance(who, str) else who & WORD)
        return mixed(key, self.repeat & WORD)

    def _bits(self, purpose: str, turn: int, index: int) -> int:
        return mixed(mixed(mixed(self.key, key_of(purpose)), turn), index)

    def uniform(self, purpose: str, turn: int = 0, index: int = 0) -> float:
        """A number between 0 and 1, neither of them included.

        Args:
            purpose: What it is for, any word.
            turn: In which turn, 0 or more.
            index: Which of several for the same purpose, 0 or more.
        """
        return ((self._bits(purpose, turn, index) >> 11) + 0.5) * UNIT

    def affect(self, purpose: str, turn: int = 0) -> Affect:
        """Three independent standard normal deviates, one a coordinate (Box & Muller 1958).

        Args:
            purpose: What it is for.
            turn: In which turn, 0 or more.

        >>> Noise(7).affect("mood", 1) == Noise(7).affect("mood", 1)
        True
        """
        key = mixed(mixed(self.key, key_of(purpose)), turn)
        u0, u1, u2, u3 = (((mixed(key, index) >> 11) + 0.5) * UNIT for index in range(4))
        far, further = math.sqrt(-2.0 * math.log(u0)), math.sqrt(-2.0 * math.log(u2))
        angle = math.tau * u1
        return Affect(
            pleasure=far * math.cos(angle),
            arousal=far * math.sin(angle),
            dominance=further * math.cos(math.tau * u3),
        )

    def pick(self, purpose: str, turn: int, options: Sequence[T], index: int = 0) -> T:
        """One of some options, each as likely.

        Args:
            purpose: What it is for.
            turn: In which turn, 0 or more.
            options: What to choose from, at least one.
            index: Which of several for the same purpose, 0 or more.

        >>> Noise(7).pick("words", 0, ["a"])
        'a'
        """
        return options[self._bits(purpose, turn, index) % len(options)]
