"""Plain values: three coordinates, what pushes them, what shows of them."""

import math

from attrs import field, frozen

from deescalate.errors import SettingError

__all__ = ["Affect", "Impulse", "Interval", "Measurement", "Observation"]

FURTHEST = 100.0
"""No latent coordinate, push or measurement may be further out (tanh is 1 long before)."""


def _latent(_: object, attribute: object, value: float) -> None:
    name = getattr(attribute, "name", "value")
    checked_number(name, value, low=-FURTHEST, high=FURTHEST)


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
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        if low < value <= high and value < math.inf:
            return float(value)
        if value == low and not above and value > -math.inf:
            return float(value)
    raise SettingError(name, value, _bounds_in_words(low, high, above=above))


def _bounds_in_words(low: float, high: float, *, above: bool) -> str:
    if math.isinf(low):
        return "a finite number"
    if math.isinf(high):
        return f"a finite number above {low:g}" if above else f"a finite number, {low:g} or more"
    if above:
        return f"a number above {low:g} and at most {high:g}"
    return f"a number from {low:g} to {high:g}"


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

    pleasure: float = 0.0
    arousal: float = 0.0
    dominance: float = 0.0


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

    value: float = field(default=0.0, validator=_latent)
    precision: float = field(default=0.0)

    @precision.validator
    def _check_precision(self, _: object, value: float) -> None:
        checked_number("precision", value, low=0.0, high=1e12)


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

    Raises:
        SettingError: If one is no finite number or out of bounds.

    >>> Impulse(pleasure=-0.4).arousal
    0.0
    """

    pleasure: float = field(default=0.0, validator=_latent)
    arousal: float = field(default=0.0, validator=_latent)
    dominance: float = field(default=0.0, validator=_latent)
