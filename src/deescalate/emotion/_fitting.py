"""Temperament from rated trajectories, by maximum likelihood."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from attrs import Attribute, evolve, field, frozen

from deescalate.emotion._likelihood import Coordinate, Fit, Tick, fitted
from deescalate.emotion._temperament import Temperament
from deescalate.emotion._values import (
    COORDINATES,
    DISTRESS_AT_NEUTRAL,
    DISTRESS_PER_AROUSAL,
    DISTRESS_PER_PLEASURE,
    FURTHEST,
    Affect,
    Impulse,
    checked_affect,
    checked_number,
    distress_logit,
    distress_spread,
    number_within,
    plain,
)
from deescalate.errors import SettingError

__all__ = ["FittedTemperament", "Placebo", "RatedMoment", "StandardErrors", "fit_temperament"]

_NO_PUSH = Impulse()
_FEWEST_RATINGS = 8
_USUAL = Temperament()
_SAME_SHARE = math.sqrt(0.5)
_PER = {"pleasure": DISTRESS_PER_PLEASURE, "arousal": DISTRESS_PER_AROUSAL}
_UNTOLD = Affect(pleasure=math.nan, arousal=math.nan, dominance=math.nan)
_UNKNOWN = Affect(pleasure=math.inf, arousal=math.inf, dominance=math.inf)


def _seconds(value: float | timedelta) -> float:
    return value.total_seconds() if isinstance(value, timedelta) else plain(value)


def _plain(value: float | None) -> float | None:
    return None if value is None else plain(value)


def _share(_: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is not None:
        checked_number(attribute.name, value, low=0.0, high=1.0)


def _rating(_: object, attribute: "Attribute[Any]", value: object) -> None:
    if value is not None:
        checked_number(attribute.name, value, low=-FURTHEST, high=FURTHEST)


@frozen(kw_only=True)
class RatedMoment:
    """What people said of a person's state at one moment.

    Attributes:
        seconds: Since the trajectory began, 0 to 1e12, or a `timedelta`.
        pleasure: Latent pleasure as rated (`latent_of` what is shown), ``None`` where nobody did.
        arousal: Latent arousal as rated.
        dominance: Latent dominance as rated.
        distress: Distress as rated, 0 to 1, for those who rate no coordinates. The very ends stand
            for an infinity; they are read as 0.001 and 0.999.
        impulse: What the person felt at this moment, just before it was rated. Its spread is the
            doubt about how it landed, and no part of the volatility.

    Raises:
        SettingError: If a number is not finite or out of its range.

    >>> RatedMoment(seconds=60, pleasure=-0.4).arousal is None
    True
    """

    seconds: float = field(converter=_seconds, validator=number_within(0.0, 1e12))
    pleasure: float | None = field(default=None, converter=_plain, validator=_rating)
    arousal: float | None = field(default=None, converter=_plain, validator=_rating)
    dominance: float | None = field(default=None, converter=_plain, validator=_rating)
    distress: float | None = field(default=None, converter=_plain, validator=_share)
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
        home_spread: Of the spread of homes.

    >>> StandardErrors().home.pleasure
    inf
    """

    home: Affect = field(default=_UNKNOWN)
    half_life_s: Affect = field(default=_UNKNOWN)
    volatility: Affect = field(default=_UNKNOWN)
    sensitivity: Affect = field(default=_UNKNOWN)
    rating_noise: Affect = field(default=_UNKNOWN)
    home_spread: Affect = field(default=_UNKNOWN)


@frozen(kw_only=True)
class Placebo:
    """What is found where the pushes are not the person's own.

    Each moment is given the push of another, all shifted round by the same count, 19 times; home,
    sensitivity and variance are fitted again. A sensitivity that such pushes yield as well was not
    learnt from what the pushes are: as where the doubt about their landing explains the ratings.

    Attributes:
        sensitivity: The mean sensitivity that the shifted pushes yield, for each coordinate; not
            a number where nobody was pushed.
        p: How often chance alone would fit as well, 0.05 to 1; not a number likewise.

    >>> Placebo().p.arousal
    nan
    """

    sensitivity: Affect = field(default=_UNTOLD)
    p: Affect = field(default=_UNTOLD)


@frozen(kw_only=True)
class FittedTemperament(Temperament):
    """A temperament found in ratings: it is one, and says how surely.

    Attributes:
        rating_noise: Standard deviation of a rating around the truth, for each coordinate; 0 for
            a coordinate that nobody rated.
        home_spread: Standard deviation of the homes of people around the home, which is their
            middle; 0 for one person and where nobody rated.
        standard_errors: How far each number may be off.
        at_bounds: The numbers that lie at the end of what was searched, such as
            ``half_life_s.pleasure``: the ratings do not tell them, whatever the standard error.
        placebo: What pushes that are not the person's own yield.
        log_likelihood: Natural logarithm of the likelihood of all ratings.
        ratings: How many ratings there were, over all coordinates.

    >>> moments = [RatedMoment(seconds=60.0 * i, arousal=0.1 * (i % 5)) for i in range(20)]
    >>> fit_temperament([moments]).ratings
    20
    """

    rating_noise: Affect
    home_spread: Affect
    standard_errors: StandardErrors
    at_bounds: tuple[str, ...]
    placebo: Placebo
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

    Home, how far people's homes lie apart, volatility, half-life, sensitivity (where anything was
    felt) and the noise of the ratings are fitted together, each coordinate by itself, with the
    exact likelihood of the Kalman filter: gaps may be of any length and ratings may be missing. The
    number of ratings decides what can be told: expect wide errors on half-lives from a few short
    conversations, and look at `at_bounds` and the `placebo` before a number is believed.

    Where distress was rated, its log odds are fitted as one coordinate, and what is found is
    shared between pleasure and arousal: the same half-life, sensitivity and variance in log odds.

    Args:
        trajectories: One sequence of moments a person, each in order of time.
        half_life_s: Half-lives to hold, such as where the times are only assumed; above 0.
        usual: What is kept for a coordinate that nobody rated, and for the sensitivity of one
            that was never pushed.

    Returns:
        The temperament, with its standard errors.

    Raises:
        SettingError: If times run backwards, a coordinate has fewer than 8 ratings, nobody was
            rated at two different times, or distress is rated beside pleasure or arousal.

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
    fits, found = _fits(people, half_life_s, usual)
    if not found:
        raise SettingError("trajectories", people, "ratings of at least one coordinate")
    return FittedTemperament(
        home=_each(fits, lambda fit: fit.home, usual.home),
        half_life_s=_each(fits, lambda fit: fit.half_life, half_life_s or usual.half_life_s),
        volatility=_each(fits, lambda fit: math.sqrt(fit.variance), usual.volatility),
        sensitivity=_each(fits, lambda fit: fit.gain, usual.sensitivity),
        rating_noise=_each(fits, lambda fit: math.sqrt(fit.noise), Affect()),
        home_spread=_each(fits, lambda fit: math.sqrt(fit.apart), Affect()),
        standard_errors=StandardErrors(
            home=_each(fits, lambda fit: fit.home_error, _UNKNOWN),
            half_life_s=_each(fits, lambda fit: fit.half_life_error, _UNKNOWN),
            volatility=_each(fits, lambda fit: fit.volatility_error, _UNKNOWN),
            sensitivity=_each(fits, lambda fit: fit.gain_error, _UNKNOWN),
            rating_noise=_each(fits, lambda fit: fit.noise_error, _UNKNOWN),
            home_spread=_each(fits, lambda fit: fit.apart_error, _UNKNOWN),
        ),
        at_bounds=tuple(
            f"{name}.{coordinate}"
            for coordinate, fit in fits.items()
            if fit is not None
            for name in fit.at_bounds
        ),
        placebo=Placebo(
            sensitivity=_each(fits, lambda fit: fit.placebo_gain, _UNTOLD),
            p=_each(fits, lambda fit: fit.placebo_p, _UNTOLD),
        ),
        log_likelihood=sum(fit.log_likelihood for fit in found),
        ratings=sum(fit.ratings for fit in found),
    )


def _fits(
    people: list[list[RatedMoment]],
    half_life_s: Affect | None,
    usual: Temperament,
) -> tuple[dict[str, Fit | None], list[Fit]]:
    """The fit of each coordinate, and the fits that were made for them."""

    def fit(coordinate: str) -> Fit | None:
        return _fit_one(people, coordinate, half_life_s, usual)

    of_distress = fit("distress")
    if of_distress is None:
        fits = {coordinate: fit(coordinate) for coordinate in COORDINATES}
        return fits, [each for each in fits.values() if each is not None]
    for i, moments in enumerate(people):
        for j, moment in enumerate(moments):
            if moment.pleasure is not None or moment.arousal is not None:
                allowed = "ratings of distress, or of pleasure and arousal, not both"
                raise SettingError(f"trajectories[{i}][{j}]", moment, allowed)
    dominance = fit("dominance")
    shared = {name: _share_of(of_distress, name) for name in _PER}
    found = [of_distress] if dominance is None else [of_distress, dominance]
    return {**shared, "dominance": dominance}, found


def _share_of(fit: Fit, coordinate: str) -> Fit:
    """What distress tells of pleasure or arousal: half of the way and half of each variance."""
    per = _PER[coordinate]
    scale = _SAME_SHARE / abs(per)
    return evolve(
        fit,
        home=(fit.home - DISTRESS_AT_NEUTRAL) / 2.0 / per,
        home_error=fit.home_error / 2.0 / abs(per),
        variance=fit.variance * scale**2,
        volatility_error=fit.volatility_error * scale,
        noise=fit.noise * scale**2,
        noise_error=fit.noise_error * scale,
        apart=fit.apart * scale**2,
        apart_error=fit.apart_error * scale,
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
    people: list[list[RatedMoment]],
    coordinate: str,
    half_life_s: Affect | None,
    usual: Temperament,
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
        half_life=None if half_life_s is None else _of(half_life_s, coordinate),
        gain=_of(usual.sensitivity, coordinate),
    )
    if data.span == 0.0:
        raise SettingError("trajectories", people, "a person rated at two different times")
    return fitted(data)


def _steps(moments: list[RatedMoment], coordinate: str) -> Iterator[Tick]:
    before = moments[0].seconds if moments else 0.0
    for moment in moments:
        if coordinate == "distress":
            felt, doubt = moment.impulse, moment.impulse.spread
            push = distress_logit(felt.pleasure, felt.arousal) - DISTRESS_AT_NEUTRAL
            unsure = distress_spread(doubt.pleasure**2, doubt.arousal**2)
            rating = None if moment.distress is None else _log_odds(moment.distress)
        else:
            push, rating = getattr(moment.impulse, coordinate), getattr(moment, coordinate)
            unsure = getattr(moment.impulse.spread, coordinate)
        yield Tick(moment.seconds - before, push=push, rating=rating, doubt=unsure)
        before = moment.seconds


def _log_odds(share: float) -> float:
    inside = min(max(share, 0.001), 0.999)
    return math.log(inside / (1.0 - inside))


def _of(affect: Affect, coordinate: str) -> float:
    """A number of a coordinate; of distress, the middle of pleasure's and arousal's."""
    if coordinate == "distress":
        return math.sqrt(affect.pleasure * affect.arousal)
    value: float = getattr(affect, coordinate)
    return value
