"""What would have brought another tier."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate import EscalationPolicy, Money
from deescalate.errors import FactError

POLICY = EscalationPolicy.default()
CASES = st.fixed_dictionaries(
    {
        "distress": st.floats(0, 1),
        "contacts": st.integers(0, 5),
        "broken_promises": st.integers(0, 5),
    }
)


@given(CASES, st.sampled_from(POLICY.ladder.names))
def test_law_after_the_change_the_policy_decides_as_told(case, tier):
    change = POLICY.nearest(case, tier)
    if change is None:
        assert POLICY.evaluate(case).tier == tier
    else:
        assert POLICY.evaluate(dict(change.facts)).tier == tier == change.outcome
        assert POLICY.evaluate(case).tier == change.before
        assert POLICY.current not in change.changed


def test_sums_of_money_are_counted_and_strange_ones_refused():
    change = POLICY.nearest({"amount": Money(60, "EUR")}, "agent")
    assert change.changed == ("amount",)
    with pytest.raises(FactError, match="amount"):
        POLICY.nearest({"amount": Money(60, "JPY")})


def test_what_is_protected_is_not_looked_at():
    assert POLICY.nearest({POLICY.protected[0]: "anything"}, "legal") is not None
