"""Intervals cover what they claim, and a change of level is found where it is."""

import math
import random
from fractions import Fraction
from statistics import NormalDist, fmean

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.records import change_point, difference, rate
from deescalate.statistics import finite, frequency, slope


def binomial(n: int, share: float, hits: int) -> float:
    return math.comb(n, hits) * share**hits * (1 - share) ** (n - hits)


@pytest.mark.parametrize("n", [5, 20, 60])
@pytest.mark.parametrize("share", [0.05, 0.3, 0.5, 0.9])
def test_law_a_rate_interval_covers_about_what_it_claims(n, share):
    covered = sum(
        binomial(n, share, hits)
        for hits in range(n + 1)
        if rate(hits, n).low <= share <= rate(hits, n).high
    )
    assert 0.8 <= covered <= 1.0


@given(st.integers(0, 50), st.integers(0, 50))
def test_law_a_rate_stays_within_zero_and_one(hits, misses):
    found = rate(hits, hits + misses)
    assert 0 <= found.low <= found.high <= 1
    if found.value is not None:
        assert found.low <= found.value <= found.high


@given(st.integers(1, 40), st.integers(0, 40))
def test_law_more_cases_of_the_same_share_never_widen_the_interval(hits, misses):
    few, many = rate(hits, hits + misses), rate(10 * hits, 10 * (hits + misses))
    assert many.high - many.low <= few.high - few.low + 1e-12


def test_a_rate_of_nothing_says_so():
    assert str(rate(0, 0)) == "no cases"
    assert str(rate(1, 2)).startswith("1 of 2 (")
    with pytest.raises(SettingError, match="hits"):
        rate(3, 2)
    with pytest.raises(SettingError, match="level"):
        rate(1, 2, level=1.0)


def test_a_difference_finds_a_real_one_and_not_another():
    rng = random.Random(5)
    low = [rng.gauss(0.4, 0.1) for _ in range(60)]
    high = [rng.gauss(0.6, 0.1) for _ in range(60)]
    assert difference(high, low).is_clear
    assert difference(high, low).value == pytest.approx(0.2, abs=0.06)
    assert not difference(low[:30], low[30:]).is_clear
    assert difference([1.0], low) is None
    with pytest.raises(SettingError):
        difference(low, high, level=0.0)


def pettitt_by_pairs(series):
    """Pettitt's K straight from its definition: signs over all pairs before and after a place."""
    best, place = 0.0, 1
    for cut in range(1, len(series)):
        total = sum(
            (a > b) - (a < b)
            for a in series[:cut]
            for b in series[cut:]
        )  # fmt: skip
        if abs(total) > best:
            best, place = abs(total), cut
    return best, place


@given(st.lists(st.integers(0, 5).map(float), min_size=4, max_size=25))
def test_law_the_change_point_is_pettitts(series):
    found = change_point(series)
    statistic, place = pettitt_by_pairs(series)
    n = len(series)
    assert found.p == pytest.approx(min(1.0, 2 * math.exp(-6 * statistic**2 / (n**3 + n**2))))
    assert found.index == place
    assert found.before == pytest.approx(fmean(series[:place]))


def test_a_change_of_level_is_found_and_noise_is_not():
    rng = random.Random(7)
    noise = [rng.random() for _ in range(80)]
    changed = [value + 0.8 * (place >= 50) for place, value in enumerate(noise)]
    assert change_point(changed).p < 0.001
    assert abs(change_point(changed).index - 50) <= 3
    assert change_point(noise).p > 0.05
    assert change_point([1.0, 2.0, 3.0]) is None


BAD = [10**400, math.nan, math.inf, -math.inf, "nan", "0.5", None, True, Fraction(1, 3) * 1j]


@given(st.lists(st.floats(0, 1), min_size=3, max_size=8), st.sampled_from(BAD), st.data())
def test_law_nothing_that_is_no_finite_number_is_counted_with(values, bad, data):
    place = data.draw(st.integers(0, len(values)))
    spoilt = [*values[:place], bad, *values[place:]]
    for work in (
        lambda: change_point(spoilt),
        lambda: difference(spoilt, values),
        lambda: difference(values, spoilt),
        lambda: slope([(float(number), each) for number, each in enumerate(spoilt)]),
        lambda: finite("values", spoilt),
    ):
        with pytest.raises(SettingError, match=rf"\[{place}\].*expected a finite number"):
            work()


@given(st.lists(st.integers(0, 8).map(lambda eighths: eighths / 8), min_size=4, max_size=20))
def test_law_every_kind_of_number_is_the_same_number(values):
    assert change_point([np.float32(each) for each in values]) == change_point(values)
    assert change_point([Fraction(each) for each in values]) == change_point(values)


@pytest.mark.parametrize(
    ("hits", "of"), [(0.5, 2), (1, 2.5), (math.nan, 2), (1, math.nan), (-1, 2)]
)
def test_a_rate_is_of_whole_numbers(hits, of):
    with pytest.raises(SettingError, match="a whole number"):
        rate(hits, of)


@pytest.mark.parametrize("level", [0, 1, -1, 2, math.nan, "x", None])
def test_a_level_lies_between_none_and_all(level):
    for work in (
        lambda: rate(1, 2, level=level),
        lambda: rate(0, 0, level=level),
        lambda: frequency(1, 1.0, level=level),
        lambda: difference([], [], level=level),
        lambda: slope([], level=level),
    ):
        with pytest.raises(SettingError, match="level"):
            work()


@given(
    st.floats(0, 1, exclude_min=True, exclude_max=True)
    | st.integers(1, 1074).map(lambda power: 1 - Fraction(1, 2**power)),
    st.floats(0, 1, exclude_min=True, exclude_max=True),
)
@example(1 - 2**-53, 5e-324)
def test_law_the_surer_the_wider_up_to_the_last_level_below_one(level, other):
    less, more = sorted((level, other))
    for work in (
        lambda level: rate(1, 2, level=level),
        lambda level: frequency(3, 1.0, level=level),
        lambda level: difference([1, 2, 4], [2, 3, 5], level=level),
        lambda level: slope([(1, 2), (2, 3), (3, 5)], level=level),
    ):
        narrow, wide = work(less), work(more)
        near = 1e-6 * (1 + abs(narrow.low) + abs(narrow.high))
        assert wide.low <= narrow.low + near
        assert wide.high >= narrow.high - near


@given(
    st.lists(st.integers(0, 1_000), min_size=3, max_size=15, unique=True),
    st.data(),
    st.sampled_from([0.5, 0.9, 0.99]),
)
def test_law_a_slope_and_its_interval_are_those_of_least_squares(places, data, level):
    """numpy's fit, with its covariance, is the other reading of the same points."""
    values = [data.draw(st.integers(-100, 100)) / 7 for _ in places]
    found = slope(list(zip(map(float, places), values, strict=True)), level=level)
    (rise, start), unscaled = np.polyfit(places, values, 1, cov="unscaled")
    rest = float(np.sum((np.array(values) - rise * np.array(places) - start) ** 2))
    error = math.sqrt(max(unscaled[0, 0], 0) * rest / (len(places) - 2))
    wide = NormalDist().inv_cdf((1 + level) / 2) * error
    assert found.estimate == pytest.approx(rise, abs=1e-9)
    assert found.high - found.estimate == pytest.approx(wide, rel=1e-6, abs=1e-9)
    assert found.estimate - found.low == pytest.approx(wide, rel=1e-6, abs=1e-9)


def test_a_slope_needs_three_points_at_two_places():
    assert slope([(0.0, 1.0), (1.0, 2.0)]) is None
    assert slope([(1.0, 1.0), (1.0, 2.0), (1.0, 3.0)]) is None
