"""Fitting temperaments: known parameters come back from simulated people."""

import math
from random import Random

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.emotion import (
    Affect,
    FittedTemperament,
    Impulse,
    MoveEffects,
    RatedMoment,
    Temperament,
    distress_of,
    fit_temperament,
)
from deescalate.emotion._likelihood import Coordinate, Tick, fitted
from deescalate.errors import SettingError

TRUTH = Temperament(
    home=Affect(pleasure=-0.4, arousal=0.2),
    half_life_s=Affect(pleasure=6000, arousal=1500, dominance=900),
    volatility=Affect(pleasure=0.5, arousal=0.4, dominance=0.3),
    sensitivity=Affect(pleasure=1.5, arousal=0.7, dominance=1.0),
)
NOISE = {"pleasure": 0.25, "arousal": 0.2}


def simulated(seed, *, people=40, moments=15, rated=1.0, pushed=True, doubt=0.0):
    rng = Random(seed)
    for _ in range(people):
        state, seconds, course = TRUTH.sample(TRUTH.start(), seconds=0, rng=rng), 0.0, []
        for _ in range(moments):
            gap = rng.choice([100, 300, 900, 2500])
            push = Impulse()
            if pushed:
                push = Impulse(
                    pleasure=rng.choice([-0.4, 0.0, 0.3]),
                    arousal=rng.gauss(0, 0.3),
                    spread=Affect(pleasure=doubt, arousal=doubt),
                )
            felt = TRUTH.feel(TRUTH.sample(state, seconds=gap, rng=rng), push)
            state = TRUTH.sample(felt, seconds=0, rng=rng) if doubt else felt
            seconds += gap
            ratings = {
                name: rng.gauss(getattr(state.mean, name), noise)
                for name, noise in NOISE.items()
                if rng.random() < rated
            }
            course.append(RatedMoment(seconds=seconds, impulse=push, **ratings))
        yield course


def misses(found, coordinate):
    """How many standard errors each fitted number is off."""
    errors = found.standard_errors
    pairs = [
        (getattr(TRUTH, name), getattr(found, name), getattr(errors, name))
        for name in ("home", "half_life_s", "volatility", "sensitivity")
    ]
    off = [
        (getattr(fit, coordinate) - getattr(truth, coordinate)) / getattr(error, coordinate)
        for truth, fit, error in pairs
    ]
    noise = getattr(found.rating_noise, coordinate) - NOISE[coordinate]
    return [*off, noise / getattr(errors.rating_noise, coordinate)]


@pytest.mark.unwatched
@pytest.mark.parametrize("rated", [1.0, 0.5])
def test_law_known_parameters_come_back_within_their_errors(rated):
    """With all ratings and with half of them missing; 3.5 errors is chance 1 in 2,000 a number."""
    found = fit_temperament(simulated(11, rated=rated))
    for coordinate in NOISE:
        assert max(map(abs, misses(found, coordinate))) < 3.5


@pytest.mark.unwatched
def test_law_the_errors_are_as_large_as_what_is_missed():
    missed = [
        miss
        for seed in range(5)
        for coordinate in NOISE
        for miss in misses(fit_temperament(simulated(seed, people=20)), coordinate)
    ]
    spread = math.sqrt(math.fsum(miss * miss for miss in missed) / len(missed))
    assert 0.7 < spread < 1.4


@pytest.mark.unwatched
@pytest.mark.parametrize("doubt", [0.3, 0.6])
def test_law_known_parameters_come_back_where_landings_are_in_doubt(doubt):
    found = fit_temperament(simulated(13, doubt=doubt))
    for coordinate in NOISE:
        assert max(map(abs, misses(found, coordinate))) < 3.5


@pytest.mark.unwatched
def test_doubt_about_landings_is_no_volatility():
    """The same ratings, with the doubt and with it kept quiet."""
    people = list(simulated(13, doubt=0.6))
    quiet = [
        [evolve(moment, impulse=evolve(moment.impulse, spread=Affect())) for moment in moments]
        for moments in people
    ]
    known, blamed = fit_temperament(people), fit_temperament(quiet)
    assert known.log_likelihood > blamed.log_likelihood
    assert blamed.volatility.arousal > 1.3 * TRUTH.volatility.arousal
    assert known.volatility.arousal < 1.2 * TRUTH.volatility.arousal


@pytest.mark.unwatched
def test_doubt_without_any_push_leaves_the_sensitivity_as_it_was():
    people = [
        [evolve(moment, impulse=Impulse(spread=Affect(arousal=0.3))) for moment in moments]
        for moments in simulated(5, people=10, pushed=False)
    ]
    usual = Temperament(sensitivity=Affect(arousal=2.0))
    found = fit_temperament(people, usual=usual)
    assert found.sensitivity.arousal == 2.0
    assert found.volatility.arousal < fit_temperament(people).volatility.arousal


@pytest.mark.unwatched
def test_missing_ratings_cost_precision():
    all_errors, few_errors = (
        fit_temperament(simulated(3, people=15, rated=rated)).standard_errors
        for rated in (1.0, 0.4)
    )
    assert few_errors.half_life_s.arousal > all_errors.half_life_s.arousal


def test_without_pushes_sensitivity_stays_and_is_said_to_be_unknown():
    usual = Temperament(sensitivity=Affect(pleasure=2, arousal=3, dominance=4))
    found = fit_temperament(simulated(5, people=10, pushed=False), usual=usual)
    assert found.sensitivity == usual.sensitivity
    assert found.standard_errors.sensitivity.pleasure == math.inf


def test_a_coordinate_that_nobody_rated_stays_as_it_was():
    found = fit_temperament(simulated(5, people=10))
    assert found.home.dominance == Temperament().home.dominance
    assert found.half_life_s.dominance == Temperament().half_life_s.dominance
    assert found.rating_noise.dominance == 0.0
    assert found.standard_errors.volatility.dominance == math.inf


def test_a_half_life_can_be_held():
    held = Affect(pleasure=6000.0, arousal=1500.0, dominance=900.0)
    people = list(simulated(5, people=10))
    found = fit_temperament(people, half_life_s=held)
    assert found.half_life_s == held
    assert found.standard_errors.half_life_s.pleasure == 0.0
    assert found.log_likelihood <= fit_temperament(people).log_likelihood


def test_what_is_fitted_is_a_temperament():
    found = fit_temperament(simulated(5, people=10))
    assert isinstance(found, Temperament)
    assert isinstance(found, FittedTemperament)
    assert found.temperament.start() == found.start()
    assert type(found.temperament) is Temperament
    assert found.ratings == 2 * 10 * 15


def density(ratings, mean, covariance):
    """A Gaussian's log density, by Gaussian elimination on the whole covariance: the oracle."""
    rows = [[*row, rating - mean] for row, rating in zip(covariance, ratings, strict=True)]
    size, log_determinant = len(rows), 0.0
    for i in range(size):
        log_determinant += math.log(rows[i][i])
        for k in range(i + 1, size):
            factor = rows[k][i] / rows[i][i]
            rows[k] = [a - factor * b for a, b in zip(rows[k], rows[i], strict=True)]
    squares = sum(row[-1] ** 2 / row[i] for i, row in enumerate(rows))
    return -0.5 * (size * math.log(2 * math.pi) + log_determinant + squares)


@settings(max_examples=30)
@given(
    st.lists(
        st.tuples(st.floats(1, 500), st.none() | st.floats(-2, 2), st.sampled_from([0.0, 0.5])),
        min_size=12,
        max_size=20,
    ).filter(lambda moments: sum(rating is not None for _, rating, _ in moments) > 8),
    st.booleans(),
)
def test_law_the_likelihood_is_that_of_the_whole_covariance(moments, pushed):
    """The filter's likelihood, against the joint Gaussian.

    Covariance s^2 2^(-gap/T), the rater's noise, and of each doubted landing what both ratings
    after it have kept of it.
    """
    steps = [Tick(gap, 0.4 * pushed * (i % 3), r, d) for i, (gap, r, d) in enumerate(moments)]
    fit = fitted(Coordinate(trajectories=[steps], half_life=200.0))
    at, times, ratings, landings = 0.0, [], [], []
    for step in steps:
        at += step.gap
        landings.append((at, step.push, step.doubt if fit.gain else 0.0))
        if step.rating is not None:
            times.append(at)
            ratings.append(step.rating)

    def kept(since, until):
        return 2 ** (-(until - since) / 200.0) if since <= until else 0.0

    covariance = [
        [
            fit.variance * 2 ** (-abs(one - other) / 200.0)
            + (fit.noise if i == j else 0.0)
            + sum((fit.gain * d) ** 2 * kept(t, one) * kept(t, other) for t, _, d in landings)
            for j, other in enumerate(times)
        ]
        for i, one in enumerate(times)
    ]
    if fit.variance > 1e-6:
        means = [
            fit.home + sum(fit.gain * p * kept(t, one) for t, p, _ in landings) for one in times
        ]
        off = [rating - mean for rating, mean in zip(ratings, means, strict=True)]
        expected = density(off, 0.0, covariance)
        assert fit.log_likelihood == pytest.approx(expected, rel=1e-6, abs=1e-6)


def test_a_person_who_never_moves_is_fitted_without_a_crash():
    course = [RatedMoment(seconds=60 * i, arousal=0.5) for i in range(20)]
    found = fit_temperament([course])
    assert found.home.arousal == pytest.approx(0.5)
    assert found.volatility.arousal < 1e-5


def test_pushes_that_seem_to_work_backwards_are_fitted_as_none():
    course = [
        RatedMoment(
            seconds=300 * i, arousal=-0.5 * (-1) ** i, impulse=Impulse(arousal=0.5 * (-1) ** i)
        )
        for i in range(30)
    ]
    found = fit_temperament([course])
    assert found.sensitivity.arousal == 0.0
    assert found.standard_errors.sensitivity.arousal == math.inf


def moments(*pairs):
    return [RatedMoment(seconds=seconds, arousal=arousal) for seconds, arousal in pairs]


@pytest.mark.parametrize(
    ("trajectories", "allowed"),
    [
        ([], "ratings of at least one coordinate"),
        ([[]], "ratings of at least one coordinate"),
        ([moments((0, None), (60, None))], "ratings of at least one coordinate"),
        ([moments((0, 0.1), (60, 0.2))], "at least 8 ratings of arousal, or none"),
        ([moments(*((60 * n, 0.1 * n) for n in range(7)))], "at least 8 ratings of arousal"),
        ([moments((5, 0.1))] * 9, "a person rated at two different times"),
    ],
)
def test_too_little_is_refused(trajectories, allowed):
    with pytest.raises(SettingError, match=allowed):
        fit_temperament(trajectories)


def test_eight_ratings_are_enough():
    rated = moments(*((60 * n, 0.1 * (n % 3)) for n in range(8)))
    assert fit_temperament([rated]).temperament.home.pleasure == 0.0


def test_times_that_run_backwards_are_refused_with_their_place():
    with pytest.raises(SettingError, match=r"trajectories\[1\]\[2\]\.seconds"):
        fit_temperament([moments((0, 0.1)), moments((0, 0.1), (60, 0.2), (30, 0.3))])


@pytest.mark.parametrize("rating", [math.nan, math.inf, "angry", True])
def test_a_rating_must_be_a_number(rating):
    with pytest.raises(SettingError, match="arousal"):
        RatedMoment(seconds=0, arousal=rating)


def test_half_lives_to_hold_must_be_above_nothing():
    with pytest.raises(SettingError, match=r"half_life_s\.pleasure"):
        fit_temperament(simulated(5, people=5), half_life_s=Affect())


def at_homes_of_their_own(seed, spread, *, people=40):
    """The people of `simulated`, each resting a normal deviate off the common home."""
    rng = Random(seed)
    for course in simulated(seed, people=people):
        off = {name: rng.gauss(0, spread) for name in NOISE}
        yield [
            evolve(moment, **{name: getattr(moment, name) + off[name] for name in off})
            for moment in course
        ]


@pytest.mark.unwatched
def test_law_homes_that_lie_apart_come_back_and_are_no_volatility():
    found = fit_temperament(at_homes_of_their_own(17, 0.6))
    for coordinate in NOISE:
        spread = getattr(found.home_spread, coordinate)
        error = getattr(found.standard_errors.home_spread, coordinate)
        assert abs(spread - 0.6) < 3.5 * error
        assert max(map(abs, misses(found, coordinate))) < 3.5


def test_law_the_likelihood_of_homes_apart_is_that_of_the_whole_covariance():
    people = [
        [Tick(gap, 0.0, rating) for gap, rating in zip((50.0, 90.0, 30.0), ratings, strict=True)]
        for ratings in ((0.9, 1.1, 0.7), (-0.8, -0.5, -0.9), (0.1, -0.2, 0.3), (1.5, 1.2, 1.4))
    ]
    fit = fitted(Coordinate(trajectories=people, half_life=60.0))
    assert fit.apart > 0.1

    def shared(i, j, times):
        return fit.variance * 2 ** (-abs(times[i] - times[j]) / 60.0) + fit.apart

    expected = sum(
        density(
            [step.rating for step in steps],
            fit.home,
            [
                [shared(i, j, (50, 140, 170)) + (fit.noise if i == j else 0) for j in range(3)]
                for i in range(3)
            ],
        )
        for steps in people
    )
    assert fit.log_likelihood == pytest.approx(expected, rel=1e-6)


def test_what_the_ratings_do_not_tell_is_flagged():
    """Somebody whose course is smooth: no rater's noise, and no homes apart to be told."""
    rng = Random(3)
    people = [
        [RatedMoment(seconds=60 * i, arousal=0.1 * i + rng.gauss(0, 0.05)) for i in range(30)]
    ]
    assert fit_temperament(people).at_bounds == ("rating_noise.arousal",)
    told = fit_temperament(simulated(11, people=15))
    assert not [name for name in told.at_bounds if not name.startswith("home_spread")]
    held = fit_temperament(people, half_life_s=Affect(pleasure=60.0, arousal=60.0, dominance=60.0))
    assert "half_life_s.arousal" not in held.at_bounds


def shuffled(seed, people):
    """The same people, each moment with the push of a moment drawn from all."""
    pushes = [moment.impulse for course in people for moment in course]
    Random(seed).shuffle(pushes)
    dealt = iter(pushes)
    return [[evolve(moment, impulse=next(dealt)) for moment in course] for course in people]


@pytest.mark.unwatched
@pytest.mark.parametrize("doubt", [0.0, 0.4])
def test_law_a_placebo_tells_pushes_that_were_felt_from_others(doubt):
    people = list(simulated(19, people=12, doubt=doubt))
    true, others = fit_temperament(people), fit_temperament(shuffled(1, people))
    for coordinate in NOISE:
        assert getattr(true.placebo.p, coordinate) == 0.05
        assert getattr(others.placebo.p, coordinate) > 0.05
        assert getattr(true.sensitivity, coordinate) > getattr(true.placebo.sensitivity, coordinate)


def test_without_pushes_there_is_no_placebo():
    found = fit_temperament(simulated(5, people=10, pushed=False))
    assert math.isnan(found.placebo.p.pleasure)
    assert math.isnan(found.placebo.sensitivity.arousal)


def rated_by_distress(course):
    return [
        RatedMoment(
            seconds=moment.seconds,
            distress=distress_of(moment.pleasure, moment.arousal),
            impulse=moment.impulse,
        )
        for moment in course
    ]


@pytest.mark.unwatched
def test_law_distress_is_fitted_as_the_coordinates_it_is_made_of():
    """What both share comes back; the odds of distress move as the fit says."""
    people = list(simulated(23, people=40))
    both, odds = fit_temperament(people), fit_temperament(map(rated_by_distress, people))
    assert odds.half_life_s.pleasure == odds.half_life_s.arousal
    assert odds.sensitivity.pleasure == odds.sensitivity.arousal
    expected = distress_of(TRUTH.home.pleasure, TRUTH.home.arousal)
    assert distress_of(odds.home.pleasure, odds.home.arousal) == pytest.approx(expected, abs=0.05)
    wide = math.hypot(2.4 * TRUTH.volatility.pleasure, 1.1 * TRUTH.volatility.arousal)
    found = math.hypot(2.4 * odds.volatility.pleasure, 1.1 * odds.volatility.arousal)
    assert found == pytest.approx(wide, rel=0.15)
    assert 0.7 < odds.sensitivity.pleasure < 1.5
    assert odds.ratings == both.ratings / 2
    assert odds.placebo.p.pleasure == 0.05


def test_law_what_distress_tells_is_what_its_log_odds_tell_shared_between_two():
    """Half of the way and half of each variance for each, on its own scale: 2.4 and 1.1.

    What is nearer to an end than a thousandth is read as a thousandth from it.
    """
    people = [rated_by_distress(course) for course in simulated(3, people=6, doubt=0.1)]

    def log_odds(distress):
        inside = min(max(distress, 0.001), 0.999)
        return math.log(inside / (1 - inside))

    odds = [
        [
            RatedMoment(
                seconds=each.seconds,
                dominance=log_odds(each.distress),
                impulse=Impulse(
                    dominance=-2.4 * each.impulse.pleasure + 1.1 * each.impulse.arousal,
                    spread=Affect(dominance=0.1 * math.hypot(2.4, 1.1)),
                ),
            )
            for each in course
        ]
        for course in people
    ]
    found, told = fit_temperament(people), fit_temperament(odds)
    for name, per, sign in (("pleasure", 2.4, -1), ("arousal", 1.1, 1)):

        def shared(where, of, name=name):
            return getattr(getattr(where, of), name)

        home = sign * (told.home.dominance + 1.1) / 2 / per
        assert shared(found, "home") == pytest.approx(home)
        errors, error = found.standard_errors, told.standard_errors.home.dominance
        assert shared(errors, "home") == pytest.approx(error / 2 / per)
        for of in ("volatility", "rating_noise", "home_spread"):
            for ours, theirs in ((found, told), (errors, told.standard_errors)):
                whole = getattr(theirs, of).dominance
                assert shared(ours, of) == pytest.approx(whole / per / math.sqrt(2)), of
        for of in ("half_life_s", "sensitivity"):
            for ours, theirs in ((found, told), (errors, told.standard_errors)):
                assert shared(ours, of) == pytest.approx(getattr(theirs, of).dominance), of
        assert shared(found.placebo, "p") == told.placebo.p.dominance
    assert found.log_likelihood == pytest.approx(told.log_likelihood)


def test_distress_beside_dominance_is_fitted_and_beside_pleasure_refused():
    people = [rated_by_distress(course) for course in simulated(5, people=10)]
    with_dominance = [
        [evolve(each, dominance=0.1 * (i % 4)) for i, each in enumerate(course)]
        for course in people
    ]
    found = fit_temperament(with_dominance, half_life_s=TRUTH.half_life_s)
    assert found.half_life_s.pleasure == pytest.approx(math.sqrt(6000 * 1500))
    assert found.half_life_s.dominance == TRUTH.half_life_s.dominance
    assert found.ratings == 2 * 10 * 15
    people[3][2] = evolve(people[3][2], pleasure=0.1)
    with pytest.raises(SettingError, match=r"trajectories\[3\]\[2\].*not both"):
        fit_temperament(people)


@pytest.mark.parametrize("distress", [-0.1, 1.1, math.nan, "high", True])
def test_rated_distress_is_a_share(distress):
    with pytest.raises(SettingError, match="distress"):
        RatedMoment(seconds=0, distress=distress)


def test_rated_ends_of_distress_are_no_infinities():
    course = [RatedMoment(seconds=60 * i, distress=float(i % 2)) for i in range(20)]
    assert math.isfinite(fit_temperament([course]).log_likelihood)


def test_no_push_of_a_shipped_move_is_out_of_a_fits_reach():
    push = MoveEffects.default().impulse(["act"])
    people = [
        [evolve(moment, impulse=push) for moment in course] for course in simulated(5, people=9)
    ]
    assert fit_temperament(people).placebo.p.pleasure == 1.0
