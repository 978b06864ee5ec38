"""Hypothesis finds the strategies by type, through the entry point."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate import Authority, EmotionState, Impulse, Money, Observation, Table, Temperament

TYPES = [Authority, EmotionState, Impulse, Money, Observation, Table, Temperament]


@pytest.mark.parametrize("kind", TYPES, ids=lambda kind: kind.__name__)
def test_a_registered_type_draws_its_own_values(kind):
    @given(st.from_type(kind))
    def draws(value):
        assert type(value) is kind

    draws()
