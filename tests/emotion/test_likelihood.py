"""The search for what makes ratings most likely, against textbooks and numpy."""

import math
from random import Random

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.emotion import _descent, _likelihood
from deescalate.emotion._likelihood import Coordinate, Fit, Tick, fitted

BOWLS = {
    "a round bowl": lambda x: sum((each - 1.5) ** 2 for each in x),
    "a narrow valley": lambda x: 100 * (x[-1] - x[0] ** 2) ** 2 + (1 - x[0]) ** 2,
    "a slope": lambda x: x[0] + 0.5 * x[-1],
    "a funnel": lambda x: sum(abs(each) for each in x) ** 0.5,
    "a sharp crease": lambda x: abs(x[0] - x[-1]) + 0.01 * sum(each**2 for each in x),
    "terraces": lambda x: math.floor(4 * x[0]) ** 2 + math.floor(4 * x[-1]) ** 2,
    "a plain": lambda _: 1.0,
    "stairs": lambda x: math.floor(4 * x[0]) ** 2 + math.floor(4 * x[-1]) ** 2 + 1e-7 * x[0] ** 2,
}


def nelder_mead(f, start):
    """Nelder & Mead 1965 with their 1, 2 and 1/2; when it pulls in, the better of both ways."""
    points = np.array([start] + [start + 0.7 * each for each in np.eye(len(start))])
    simplex = sorted((f(point), list(point)) for point in points)
    for _ in range(100 * len(start)):
        (best, at), (worst, last) = simplex[0], simplex[-1]
        if worst - best < 1e-9 and np.linalg.norm(np.subtract(at, last)) < 1e-5:
            break
        centre = np.mean([point for _, point in simplex[:-1]], axis=0)
        away = centre - last
        tried = [(f(point), list(point)) for point in [centre + away]]
        if tried[0][0] < best:
            tried.append((f(centre + 2 * away), list(centre + 2 * away)))
        elif tried[0][0] >= simplex[-2][0]:
            tried = [(f(p), list(p)) for p in (centre + away / 2, centre - away / 2)]
        if min(tried)[0] < worst:
            simplex = sorted([*simplex[:-1], min(tried)])
        else:
            near = [list((np.array(at) + point) / 2) for _, point in simplex[1:]]
            simplex = sorted([simplex[0], *((f(point), point) for point in near)])
    return simplex[0][1]


@pytest.mark.parametrize("bowl", BOWLS)
@pytest.mark.parametrize("start", [[0.0, 0.0], [-1.2, 1.0], [3.0, 0.2, -1.0]])
def test_the_simplex_goes_the_way_of_nelder_and_mead(bowl, start):
    def asked_by(search):
        asked = []

        def noted(point):
            asked.append(list(map(float, point)))
            return BOWLS[bowl](point)

        search(noted, np.array(start) if search is nelder_mead else start)
        return asked

    theirs, ours = asked_by(nelder_mead), asked_by(_descent.descend)
    same = min(len(theirs), len(ours), 60)  # later, the last bits tell
    assert ours[:same] == [pytest.approx(each, abs=1e-6) for each in theirs[:same]]
    assert len(ours) == pytest.approx(len(theirs), rel=0.3)


@given(st.lists(st.lists(st.floats(-9, 9), min_size=3, max_size=3), min_size=3, max_size=3))
def test_law_an_inverse_is_that_of_numpy(rows):
    matrix = np.array(rows)
    if np.linalg.cond(matrix) < 1e6:
        ours = np.array(_descent._inverse(rows))
        assert ours @ matrix == pytest.approx(np.eye(3), abs=1e-6)


def test_errors_are_infinite_along_what_is_flat():
    root = _descent.root_inverse_diagonal
    assert root([[4.0, 0.0], [0.0, 0.0011]]) == pytest.approx([0.5, 0.0011**-0.5])
    assert root([[4.0, 0.0], [0.0, 0.0009]]) == [0.5, math.inf]
    assert root([[1.0, 2.0], [2.0, 1.0]]) == [math.inf, math.inf]


def test_a_coordinate_knows_its_times_and_who_was_rated():
    seen = [Tick(7.0, 0.0, 0.1), Tick(0.5, 0.0, None), Tick(0.0, 0.0, 0.2), Tick(3.0, 0.0, 0.3)]
    one = Coordinate(trajectories=[seen])
    assert (one.span, one.shortest_gap) == (10.5, 0.5)
    unrated = [evolve(each, rating=None) for each in seen]
    assert [Coordinate(trajectories=each).shared for each in ([seen, unrated], [seen, seen])] == [
        True,
        False,
    ]
    assert (one.pushed, one.doubted) == (False, False)
    assert Coordinate(trajectories=[[Tick(1.0, -1.0, 0.1)], seen]).pushed
    assert Coordinate(trajectories=[seen, [Tick(1.0, 0.0, 0.1, 1.0)]]).doubted


def simulated(seed, *, people=8, moments=12, push=0.4, apart=0.0, doubt=0.0, scale=1.0):
    """Ratings of people whose half-life is 600 s, spread 0.5, gain 1.2 and rater's noise 0.3."""
    rng = Random(seed)
    for _ in range(people):
        home = rng.gauss(-0.2, apart)
        at, steps = rng.gauss(home, 0.5), []
        for _ in range(moments):
            gap, pushed = rng.choice([60.0, 300.0, 900.0]), rng.choice([-push, 0.0, push])
            kept = 2 ** (-gap / 600.0)
            at = home + (at - home) * kept + rng.gauss(0, 0.5 * (1 - kept**2) ** 0.5)
            at += 1.2 * rng.gauss(pushed, doubt)
            steps.append(Tick(gap, pushed * scale, rng.gauss(at, 0.3) * scale, doubt * scale))
        yield steps


def log_likelihood(people, fit):
    """The density of all ratings, from the whole covariance of each person's."""
    total = 0.0
    for steps in people:
        times = np.cumsum([step.gap for step in steps])
        kept = 2.0 ** (-np.abs(times[:, None] - times[None, :]) / fit.half_life)
        pushes = fit.gain * np.tril(kept)
        landed = pushes * [step.doubt for step in steps]
        covariance = fit.variance * kept + fit.noise * np.eye(len(steps)) + fit.apart
        covariance = covariance + landed @ landed.T
        off = [step.rating for step in steps] - pushes @ [step.push for step in steps] - fit.home
        _, size = np.linalg.slogdet(2 * math.pi * covariance)
        total -= 0.5 * (size + off @ np.linalg.solve(covariance, off))
    return float(total)


def by_so_much(value, by):
    return value + by


def by_a_share(value, by):
    return value * math.exp(by)


def half_a_root(number):
    """What a standard deviation moves by where the logarithm of its square does."""
    return lambda fit: 0.5 * math.sqrt(getattr(fit, number))


FREE = {  # how each number is moved, the name of its error, and what one of that is
    "home": (by_so_much, "home_error", lambda _: 1.0),
    "gain": (by_so_much, "gain_error", lambda _: 1.0),
    "half_life": (by_a_share, "half_life_error", lambda fit: fit.half_life),
    "variance": (by_a_share, "volatility_error", half_a_root("variance")),
    "noise": (by_a_share, "noise_error", half_a_root("noise")),
    "apart": (by_a_share, "apart_error", half_a_root("apart")),
}
RATED = {
    "one person": {"people": 1, "moments": 60},
    "one person, nothing done": {"people": 1, "moments": 60, "push": 0.0},
    "people of many homes": {"apart": 0.6},
    "pushes too weak to tell": {"people": 1, "moments": 60, "push": 0.02},
    "landings in doubt": {"people": 1, "moments": 60, "doubt": 0.3},
    "all so small that it is next to nothing": {"people": 1, "moments": 60, "scale": 0.01},
    "small and in doubt": {"people": 1, "moments": 60, "doubt": 0.3, "scale": 0.01},
}


@pytest.mark.parametrize("rated", RATED)
def test_law_nothing_near_a_fit_is_likelier_and_its_errors_are_those_of_the_curvature(rated):
    people = list(simulated(6, **RATED[rated]))
    fit = fitted(Coordinate(trajectories=people))
    assert fit.log_likelihood == pytest.approx(log_likelihood(people, fit), abs=1e-7)
    pushed = RATED[rated].get("push", 1)
    free = [name for name in FREE if (name != "gain" or pushed) and getattr(fit, name)]

    def at(moves):
        moved = {name: FREE[name][0](getattr(fit, name), by) for name, by in moves.items()}
        return log_likelihood(people, evolve(fit, **moved))

    by = dict.fromkeys(free, 1e-3) | {"home": 1e-3 * math.sqrt(fit.variance)}
    for name in free:
        assert at({name: 20 * by[name]}) < fit.log_likelihood > at({name: -20 * by[name]}), name
    curvature = np.array(
        [
            [
                (at({i: by[i]}) + at({i: -by[i]}) - 2 * at({})) / by[i] ** 2
                if i == j
                else sum(
                    one * other * at({i: one * by[i], j: other * by[j]})
                    for one in (1, -1)
                    for other in (1, -1)
                )
                / (4 * by[i] * by[j])
                for j in free
            ]
            for i in free
        ]
    )
    errors = np.sqrt(np.diag(np.linalg.inv(-curvature)))
    for name, error in zip(free, errors, strict=True):
        _, told, unit = FREE[name]
        assert getattr(fit, told) == pytest.approx(error * unit(fit), rel=0.01), name


def test_the_search_sets_out_from_the_likeliest_of_seventy_places(monkeypatch):
    """Seven half-lives from end to end, five noises a power of ten apart, homes apart or nearly."""
    people = list(simulated(2, people=2))
    looked_at, likelihoods = [], []

    def profile(data, *at):
        looked_at.append(at)
        likelihoods.append((was := found(data, *at)).log_likelihood)
        return was

    found = _likelihood._profile
    monkeypatch.setattr(_likelihood, "_profile", profile)
    data = Coordinate(trajectories=people)
    fitted(data)
    low, high = 60.0 / 50, data.span * 50
    grid = [
        (low * (high / low) ** (at / 8), 10.0**noise, apart)
        for at in range(1, 8)
        for noise in (-3, -2, -1, 0, 1)
        for apart in (0.01, 1.0)
    ]
    assert looked_at[:70] == [pytest.approx(each) for each in grid]
    likeliest = likelihoods.index(max(likelihoods[:70]))
    assert looked_at[70] == pytest.approx(grid[likeliest])


def test_what_lies_within_two_percent_of_an_end_is_at_it():
    data = Coordinate(trajectories=list(simulated(1, people=2)))
    box = _likelihood._Box.of(data)
    low, high = 60.0 / 50, data.span * 50
    inside = {"half_life": 600.0, "noise": 1.0, "apart": 1.0, "reach": 1.0}
    ends = {"half_life": (low, high), "noise": (1e-6, 1e4), "apart": (1e-6, 1e4),
            "reach": (1e-8, 1e6)}  # fmt: skip
    names = dict(zip(ends, ("half_life_s", "rating_noise", "home_spread", "sensitivity"),
                     strict=True))  # fmt: skip

    def touched(held=False, **at):
        """Noise and homes apart count over the person's own variance."""
        at = inside | at
        reach, half_life = at.pop("reach"), at.pop("half_life")
        over = {name: 4.0 * value for name, value in at.items()}
        fit = Fit(home=0.0, gain=1.0, half_life=half_life, variance=4.0, **over)
        return box.touched(fit, reach=reach, held=held)

    assert touched() == ()
    for name, (least, most) in ends.items():
        assert touched(**{name: least * 1.021}) == touched(**{name: most / 1.021}) == ()
        assert touched(**{name: least * 1.019}) == touched(**{name: most / 1.019}) == (names[name],)
    assert touched(noise=1e-6 * 1.02) == touched(noise=1e4 / 1.02) == ("rating_noise",)
    assert touched(half_life=low, held=True) == ()
    assert touched(reach=None) == ()
    alone = evolve(data, trajectories=data.trajectories[:1])
    assert _likelihood._Box.of(alone).touched(
        Fit(home=0.0, gain=1.0, half_life=600.0, variance=1.0, noise=1.0), reach=1.0, held=False
    ) == ()  # fmt: skip


def test_the_shifts_of_a_placebo_go_once_round():
    ticks = [Tick(1.0, float(at), 0.0) for at in range(40)]
    shifted = [each.trajectories for each in _likelihood._shifts(
        Coordinate(trajectories=[ticks[:25], ticks[25:]]))]  # fmt: skip
    assert [[each[0].push for each in people] for people in shifted] == [
        [2.0 * at, (2.0 * at + 25.0) % 40.0] for at in range(1, 20)
    ]
    few = Coordinate(trajectories=[[Tick(1.0, float(at), 0.0) for at in range(8)]])
    assert next(_likelihood._shifts(few)).trajectories[0][0].push == 1.0
