"""Plain values: three coordinates, what pushes them, what shows of them.

Two headline numbers of a latent place: how distressed a person is, and how open to reason.

Both are logistic in the latent coordinates, so they rise and fall with each coordinate alone, and
the interval of a Gaussian state on either scale is exact. The constants are ours. Those of distress
put the published coordinates of emotions where people would: neutral 0.25, disappointed 0.6,
angry 0.7, furious 0.9, grateful below 0.1.
"""

import math
from collections.abc import Callable
from datetime import timedelta
from numbers import Real
from typing import Any

from attrs import Attribute, field, frozen

from deescalate.errors import SettingError

__all__ = [
    "Affect",
    "Impulse",
    "Interval",
    "Measurement",
    "Observation",
    "distress_of",
    "openness_of",
]

COORDINATES = ("pleasure", "arousal", "dominance")
FURTHEST = 100.0
"""No home, push or measurement lies further out: tanh is 1 long before."""


def checked_number(
    name: str, value: object, *, low: float = -math.inf, high: float = math.inf, above: bool = False
) -> float:
    """Refuse what is not a finite number between two bounds.

    Args:
        name: The argument's name, for the message.
        value: What was given.
        low: Least allowed.
        high: Most allowed.
        above: Whether the number must lie above ``low``, not on it.

    Returns:
        The number as a float.

    Raises:
        SettingError: If it is no number, not finite, or out of bounds.

    >>> checked_number("seconds", 3, low=0)
    3.0
    """
    if type(value) is not bool and isinstance(value, Real):
        found = float(value)
        inside = low < found <= high or (found == low and not above)
        if inside and -math.inf < found < math.inf:
            return found
    raise SettingError(name, value, _in_words(low, high, above=above))


def checked_seconds(value: object, *, above: bool = False) -> float:
    """Read a length of time: seconds, 0 or more, or a `timedelta`.

    Args:
        value: What was given.
        above: Whether it must be longer than nothing.

    Returns:
        The seconds.

    Raises:
        SettingError: If it is no length of time, not finite, or below 0.

    >>> from datetime import timedelta
    >>> checked_seconds(timedelta(minutes=5))
    300.0
    """
    seconds = value.total_seconds() if isinstance(value, timedelta) else value
    return checked_number("seconds", seconds, low=0.0, above=above)


def plain(value: float) -> float:
    """Turn a number of another library, such as numpy's, into Python's; leave all else as it is.

    >>> from fractions import Fraction
    >>> plain(Fraction(1, 2)), plain(3), plain("x")
    (0.5, 3, 'x')
    """
    as_it_is = type(value) is float or type(value) in {int, bool} or not isinstance(value, Real)
    return value if as_it_is else float(value)


def _in_words(low: float, high: float, *, above: bool) -> str:
    if math.isinf(low):
        return "a finite number"
    if math.isinf(high):
        return f"a finite number above {low:g}" if above else f"a finite number, {low:g} or more"
    return f"a number above {low:g}, up to {high:g}" if above else f"a number, {low:g} to {high:g}"


@frozen(kw_only=True)
class Affect:
    """One number for each coordinate of core affect: a place, a spread, a half-life, a gain.

    Attributes:
        pleasure: How pleasant it feels.
        arousal: How stirred up.
        dominance: How much in control.

    >>> Affect(pleasure=-0.5).arousal
    0.0
    """

    pleasure: float = field(default=0.0, converter=plain)
    arousal: float = field(default=0.0, converter=plain)
    dominance: float = field(default=0.0, converter=plain)


def checked_affect(
    name: str, value: object, *, low: float = -math.inf, high: float = math.inf, above: bool = False
) -> None:
    """Refuse what is not an `Affect` of finite numbers between two bounds.

    Args:
        name: The argument's name, for the message.
        value: What was given.
        low: Least allowed.
        high: Most allowed.
        above: Whether each number must lie above ``low``, not on it.

    Raises:
        SettingError: If it is no `Affect`, or one of its numbers cannot be used.

    >>> checked_affect("home", Affect(pleasure=-0.5))
    """
    if not isinstance(value, Affect):
        raise SettingError(name, value, "an Affect")
    for coordinate in COORDINATES:
        number = getattr(value, coordinate)
        if type(number) is not float or not low < number < high:
            checked_number(f"{name}.{coordinate}", number, low=low, high=high, above=above)


def number_within(low: float, high: float) -> "Callable[[object, Attribute[Any], object], None]":
    """Make a field's validator out of `checked_number`.

    >>> number_within(0.0, 1.0).__name__
    'check'
    """

    def check(_: object, attribute: "Attribute[Any]", value: object) -> None:
        if type(value) is not float or not low < value < high:
            checked_number(attribute.name, value, low=low, high=high)

    return check


def affect_within(
    low: float = -math.inf, high: float = math.inf, *, above: bool = False
) -> "Callable[[object, Attribute[Any], object], None]":
    """Make a field's validator out of `checked_affect`.

    >>> affect_within(0.0).__name__
    'check'
    """

    def check(_: object, attribute: "Attribute[Any]", value: object) -> None:
        checked_affect(attribute.name, value, low=low, high=high, above=above)

    return check


_latent = number_within(-FURTHEST, FURTHEST)


@frozen
class Interval:
    """The range that holds a quantity with a stated probability.

    Attributes:
        low: Lower end.
        high: Upper end.

    >>> 0.3 in Interval(0.2, 0.4)
    True
    """

    low: float
    high: float

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        """How wide it is."""
        return self.high - self.low


@frozen
class Measurement:
    """One latent coordinate as seen through a noisy message.

    Attributes:
        value: Latent coordinate, -100 to 100 (what is shown is its tanh).
        precision: Inverse variance of the noise, 0 to 1e12; 0 means not seen at all.

    Raises:
        SettingError: If either is no finite number or out of bounds.

    >>> Measurement(0.5, precision=2.0).precision
    2.0
    """

    value: float = field(default=0.0, converter=plain, validator=_latent)
    precision: float = field(default=0.0, converter=plain, validator=number_within(0.0, 1e12))


@frozen(kw_only=True)
class Observation:
    """What a message shows of pleasure, arousal and dominance.

    >>> Observation(pleasure=Measurement(-1.0, 2.0)).arousal.precision
    0.0
    """

    pleasure: Measurement = Measurement()
    arousal: Measurement = Measurement()
    dominance: Measurement = Measurement()


@frozen(kw_only=True)
class Impulse:
    """A push on the latent coordinates, before the temperament's sensitivity scales it.

    Attributes:
        pleasure: -100 to 100; below 0 it displeases.
        arousal: -100 to 100; above 0 it heats, below it calms.
        dominance: -100 to 100; above 0 it gives the feeling of control.
        spread: How unsure the push itself is: a standard deviation for each coordinate, 0 to 100.
            Nobody knows quite how a reply lands.

    Raises:
        SettingError: If one is no finite number or out of bounds.

    >>> Impulse(pleasure=-0.4).arousal
    0.0
    """

    pleasure: float = field(default=0.0, converter=plain, validator=_latent)
    arousal: float = field(default=0.0, converter=plain, validator=_latent)
    dominance: float = field(default=0.0, converter=plain, validator=_latent)
    spread: Affect = field(default=Affect(), validator=affect_within(0.0, FURTHEST))


DISTRESS_AT_NEUTRAL = -1.1
DISTRESS_PER_PLEASURE = -2.4
DISTRESS_PER_AROUSAL = 1.1

OPENNESS_AT_NEUTRAL = 1.4
OPENNESS_PER_PLEASURE = 1.3
OPENNESS_PER_AROUSAL = -2.2


def logistic(x: float) -> float:
    """Map any number to between 0 and 1 without overflow.

    >>> logistic(0.0), logistic(-1000.0)
    (0.5, 0.0)
    """
    if x >= 0:
        return 1.0 / (1.0 + math.exp(-x))
    small = math.exp(x)
    return small / (1.0 + small)


def distress_logit(pleasure: float, arousal: float) -> float:
    """The log odds of distress, linear in the latent coordinates.

    >>> distress_logit(0.0, 0.0)
    -1.1
    """
    return (
        DISTRESS_AT_NEUTRAL
        + DISTRESS_PER_PLEASURE * float(pleasure)
        + DISTRESS_PER_AROUSAL * float(arousal)
    )


def distress_spread(pleasure_variance: float, arousal_variance: float) -> float:
    """The standard deviation of the log odds of distress, from the latent variances.

    >>> distress_spread(0.0, 0.0)
    0.0
    """
    return math.hypot(
        DISTRESS_PER_PLEASURE * math.sqrt(pleasure_variance),
        DISTRESS_PER_AROUSAL * math.sqrt(arousal_variance),
    )


def distress_of(pleasure: float, arousal: float) -> float:
    """How distressed a person at a latent place is: the headline number.

    Args:
        pleasure: Latent pleasure, unbounded (``atanh`` of what is shown).
        arousal: Latent arousal, unbounded.

    Returns:
        0 to 1, where a neutral message has about 0.25, a plain complaint 0.5, anger 0.7, fury 0.9
        and warm thanks less than 0.1. The scale is ours.

    >>> round(distress_of(0.0, 0.0), 2), round(distress_of(-1.0, 1.0), 2)
    (0.25, 0.92)
    """
    return logistic(distress_logit(pleasure, arousal))


def openness_of(pleasure: float, arousal: float) -> float:
    """How far reason can reach a person at a latent place.

    Args:
        pleasure: Latent pleasure, unbounded; displeasure closes.
        arousal: Latent arousal, unbounded; arousal closes, and more than displeasure does.

    Returns:
        0 to 1, where neutral is about 0.8, angry about 0.3, furious about 0.1. The scale is ours.

    >>> round(openness_of(0.0, 0.0), 2), round(openness_of(-1.0, 1.0), 2)
    (0.8, 0.11)
    """
    return logistic(
        OPENNESS_AT_NEUTRAL
        + OPENNESS_PER_PLEASURE * float(pleasure)
        + OPENNESS_PER_AROUSAL * float(arousal)
    )
