"""Temperament from rated trajectories, by maximum likelihood."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any

from attrs import Attribute, field, frozen

from deescalate.emotion._likelihood import Coordinate, Fit, Tick, fitted
from deescalate.emotion._temperament import Temperament
from deescalate.emotion._values import (
    COORDINATES,
    FURTHEST,
    Affect,
    Impulse,
    checked_affect,
    checked_number,
    number_within,
)
from deescalate.errors import SettingError

__all__ = ["FittedTemperament", "RatedMoment", "StandardErrors", "fit_temperament"]

_NO_PUSH = Impulse()
_FEWEST_RATINGS = 8
_USUAL = Temperament()
_UNKNOWN = Affect(pleasure=math.inf, arousal=math.inf, dominance=math.inf)


def _rating(_: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is not None:
        checked_number(attribute.name, value, low=-FURTHEST, high=FURTHEST)


@frozen(kw_only=True)
class RatedMoment:
    """What people said of a person's state at one moment.

    Attributes:
        seconds: Since the trajectory began, 0 to 1e12.
        pleasure: Latent pleasure as rated (`latent_of` what is shown), ``None`` where nobody did.
        arousal: Latent arousal as rated.
        dominance: Latent dominance as rated.
        impulse: What the person felt at this moment, just before it was rated. Its spread is the
            doubt about how it landed, and no part of the volatility.

    Raises:
        SettingError: If a number is not finite or out of its range.

    >>> RatedMoment(seconds=60, pleasure=-0.4).arousal is None
    True
    """

    seconds: float = field(validator=number_within(0.0, 1e12))
    pleasure: float | None = field(default=None, validator=_rating)
    arousal: float | None = field(default=None, validator=_rating)
    dominance: float | None = field(default=None, validator=_rating)
    impulse: Impulse = field(default=_NO_PUSH)


@frozen(kw_only=True)
class StandardErrors:
    """How far each fitted number may be off: its standard error, for each coordinate.

    It is 0 for what was given, and infinite for what the ratings cannot tell.

    Attributes:
        home: Of the home.
        half_life_s: Of the half-life, in seconds.
        volatility: Of the volatility.
        sensitivity: Of the sensitivity.
        rating_noise: Of the rating noise.

    >>> StandardErrors().home.pleasure
    inf
    """

    home: Affect = field(default=_UNKNOWN)
    half_life_s: Affect = field(default=_UNKNOWN)
    volatility: Affect = field(default=_UNKNOWN)
    sensitivity: Affect = field(default=_UNKNOWN)
    rating_noise: Affect = field(default=_UNKNOWN)


@frozen(kw_only=True)
class FittedTemperament(Temperament):
    """A temperament found in ratings: it is one, and says how surely.

    Attributes:
        rating_noise: Standard deviation of a rating around the truth, for each coordinate; 0 for
            a coordinate that nobody rated.
        standard_errors: How far each number may be off.
        log_likelihood: Natural logarithm of the likelihood of all ratings.
        ratings: How many ratings there were, over all coordinates.

    >>> moments = [RatedMoment(seconds=60.0 * i, arousal=0.1 * (i % 5)) for i in range(20)]
    >>> fit_temperament([moments]).ratings
    20
    """

    rating_noise: Affect
    standard_errors: StandardErrors
    log_likelihood: float
    ratings: int

    @property
    def temperament(self) -> Temperament:
        """The temperament alone, without how it was found."""
        return Temperament(
            home=self.home,
            half_life_s=self.half_life_s,
            volatility=self.volatility,
            sensitivity=self.sensitivity,
        )


def fit_temperament(
    trajectories: Iterable[Sequence[RatedMoment]],
    *,
    half_life_s: Affect | None = None,
    usual: Temperament = _USUAL,
) -> FittedTemperament:
    """Find the temperament that makes rated trajectories most likely.

    Home, volatility, half-life, sensitivity (where anything was felt) and the noise of the ratings
    are fitted together, each coordinate by itself, with the exact likelihood of the Kalman
    filter: gaps may be of any length and ratings may be missing. The number of ratings decides
    what can be told: expect wide errors on half-lives from a few short conversations.

    Args:
        trajectories: One sequence of moments a person, each in order of time.
        half_life_s: Half-lives to hold, such as where the times are only assumed; above 0.
        usual: What is kept for a coordinate that nobody rated, and for the sensitivity of one
            that was never pushed.

    Returns:
        The temperament, with its standard errors.

    Raises:
        SettingError: If times run backwards, a coordinate has fewer than 8 ratings, or nobody was
            rated at two different times.

    >>> from random import Random
    >>> rng, truth = Random(7), Temperament()
    >>> def course(moments=40):
    ...     state = truth.sample(truth.start(), seconds=0, rng=rng)
    ...     for step in range(moments):
    ...         yield RatedMoment(seconds=600 * step, arousal=rng.gauss(state.mean.arousal, 0.2))
    ...         state = truth.sample(state, seconds=600, rng=rng)
    >>> found = fit_temperament([list(course()) for _ in range(20)])
    >>> off = abs(found.half_life_s.arousal - truth.half_life_s.arousal)
    >>> off < 3 * found.standard_errors.half_life_s.arousal
    True
    """
    if half_life_s is not None:
        checked_affect("half_life_s", half_life_s, low=0.0, above=True)
    people = _checked(trajectories)
    fits = {
        coordinate: _fit_one(people, coordinate, half_life_s, usual) for coordinate in COORDINATES
    }
    found = [fit for fit in fits.values() if fit is not None]
    if not found:
        raise SettingError("trajectories", people, "ratings of at least one coordinate")
    return FittedTemperament(
        home=_each(fits, lambda fit: fit.home, usual.home),
        half_life_s=_each(fits, lambda fit: fit.half_life, half_life_s or usual.half_life_s),
        volatility=_each(fits, lambda fit: math.sqrt(fit.variance), usual.volatility),
        sensitivity=_each(fits, lambda fit: fit.gain, usual.sensitivity),
        rating_noise=_each(fits, lambda fit: math.sqrt(fit.noise), Affect()),
        standard_errors=StandardErrors(
            home=_each(fits, lambda fit: fit.home_error, _UNKNOWN),
            half_life_s=_each(fits, lambda fit: fit.half_life_error, _UNKNOWN),
            volatility=_each(fits, lambda fit: fit.volatility_error, _UNKNOWN),
            sensitivity=_each(fits, lambda fit: fit.gain_error, _UNKNOWN),
            rating_noise=_each(fits, lambda fit: fit.noise_error, _UNKNOWN),
        ),
        log_likelihood=sum(fit.log_likelihood for fit in found),
        ratings=sum(fit.ratings for fit in found),
    )


def _each(
    fits: Mapping[str, Fit | None], number: Callable[[Fit], float], otherwise: Affect
) -> Affect:
    chosen = {
        coordinate: getattr(otherwise, coordinate) if fit is None else number(fit)
        for coordinate, fit in fits.items()
    }
    return Affect(**chosen)


def _checked(trajectories: Iterable[Sequence[RatedMoment]]) -> list[list[RatedMoment]]:
    people = [list(moments) for moments in trajectories]
    for i, moments in enumerate(people):
        before = 0.0
        for j, moment in enumerate(moments):
            if moment.seconds < before:
                place = f"trajectories[{i}][{j}].seconds"
                raise SettingError(place, moment.seconds, f"{before:g} or more, as time goes on")
            before = moment.seconds
    return people


def _fit_one(
    people: list[list[RatedMoment]], coordinate: str, half_life_s: Affect | None, usual: Temperament
) -> Fit | None:
    steps = [list(_steps(moments, coordinate)) for moments in people]
    ratings = sum(step.rating is not None for each in steps for step in each)
    if ratings == 0:
        return None
    if ratings < _FEWEST_RATINGS:
        allowed = f"at least {_FEWEST_RATINGS} ratings of {coordinate}, or none"
        raise SettingError("trajectories", people, allowed)
    data = Coordinate(
        trajectories=steps,
        half_life=None if half_life_s is None else getattr(half_life_s, coordinate),
        gain=getattr(usual.sensitivity, coordinate),
    )
    if data.span == 0.0:
        raise SettingError("trajectories", people, "a person rated at two different times")
    return fitted(data)


def _steps(moments: list[RatedMoment], coordinate: str) -> Iterator[Tick]:
    before = moments[0].seconds if moments else 0.0
    for moment in moments:
        yield Tick(
            moment.seconds - before,
            push=getattr(moment.impulse, coordinate),
            rating=getattr(moment, coordinate),
            doubt=getattr(moment.impulse.spread, coordinate),
        )
        before = moment.seconds
