"""The customer's core affect: the state, its dynamics, what an observation and an impulse are."""

from attrs import frozen

__all__ = ["Impulse", "Measurement", "Observation"]


@frozen
class Measurement:
    """One latent coordinate as seen through a noisy message.

    Attributes:
        value: Latent coordinate (unbounded; what is shown is its tanh).
        precision: Inverse variance of the noise, 0 or more; 0 means not seen at all.

    >>> Measurement(0.5, precision=2.0).precision
    2.0
    """

    value: float = 0.0
    precision: float = 0.0


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

    >>> Impulse(pleasure=-0.4).arousal
    0.0
    """

    pleasure: float = 0.0
    arousal: float = 0.0
    dominance: float = 0.0
