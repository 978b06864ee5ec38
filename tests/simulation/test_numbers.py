"""Numbers of numpy and lengths of time, where the simulation takes numbers and seconds."""

from datetime import timedelta
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.emotion import Affect
from deescalate.errors import SettingError
from deescalate.simulation import (
    Assumptions,
    Customer,
    Grievance,
    Mind,
    Noise,
    Population,
    Said,
    Scene,
    react,
)

SHIPPED, ADA = Assumptions.default(), Customer()
ENTRIES = {
    "grievance": lambda x: Grievance(size=x, can_meet=x, amount=x),
    "said": lambda x: Said(deed=x, money=x, tone=Affect(pleasure=x)),
    "assumptions": lambda x: SHIPPED.with_(reach=x)["reach"],
    "react": lambda x: react(
        ADA, Mind.start(ADA), Said(moves=["act"]), seconds=x, noise=Affect(), assume=SHIPPED
    ),
    "scene": lambda x: (
        Scene.open(ADA, noise=Noise(7), assume=SHIPPED).after(Said(moves=["act"]), seconds=x).turns
    ),
}
WHOLE = {
    "seed": lambda n: Noise(n, n, n).key,
    "turns": lambda n: Scene.open(ADA, noise=Noise(7), assume=SHIPPED, turns=n + 1).limit,
    "population": lambda n: Population(count=n + 1).customer(n),
}


@given(
    st.sampled_from(sorted(ENTRIES)),
    st.sampled_from([np.float64, np.float32, np.int64, np.int8, Fraction]),
    st.sampled_from([0, 1]),
)
def test_law_a_number_of_any_library_is_the_number(entry, kind, number):
    assert repr(ENTRIES[entry](kind(number))) == repr(ENTRIES[entry](float(number)))


@given(st.sampled_from(sorted(WHOLE)), st.sampled_from([np.int64, np.uint8]), st.integers(0, 9))
def test_law_a_whole_number_of_numpy_is_the_number(entry, kind, number):
    assert repr(WHOLE[entry](kind(number))) == repr(WHOLE[entry](number))


@given(st.sampled_from(["react", "scene"]), st.floats(0, 1e5))
def test_law_a_length_of_time_is_its_seconds(entry, seconds):
    length = timedelta(seconds=seconds)
    assert repr(ENTRIES[entry](length)) == repr(ENTRIES[entry](length.total_seconds()))


@pytest.mark.parametrize("seconds", [timedelta(seconds=-1), "60", True, float("nan")])
def test_what_is_no_length_of_time_is_refused(seconds):
    for entry in ("react", "scene"):
        with pytest.raises(SettingError, match="seconds"):
            ENTRIES[entry](seconds)
