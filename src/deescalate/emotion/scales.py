"""Two headline numbers of a latent place: how distressed a person is, and how open to reason.

Both are logistic in the latent coordinates, so they rise and fall with each coordinate alone, and
the interval of a Gaussian state on either scale is exact. The constants are ours. Those of distress
put the published coordinates of emotions where people would: neutral 0.25, disappointed 0.6,
angry 0.7, furious 0.9, grateful below 0.1.
"""

import math

__all__ = ["distress_of", "openness_of"]

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
    return DISTRESS_AT_NEUTRAL + DISTRESS_PER_PLEASURE * pleasure + DISTRESS_PER_AROUSAL * arousal


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
        OPENNESS_AT_NEUTRAL + OPENNESS_PER_PLEASURE * pleasure + OPENNESS_PER_AROUSAL * arousal
    )
