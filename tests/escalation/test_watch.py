"""Up at once, down with patience."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import EventError, SettingError
from deescalate.escalation import EscalationPolicy, Watch

POLICY = EscalationPolicy.default()
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def minutes(number):
    return NOON + timedelta(minutes=number)


def watch(**facts):
    return Watch.begin(POLICY, facts, at=NOON)


@given(st.lists(st.tuples(st.integers(0, 60), st.floats(0, 1)), max_size=30))
def test_law_up_at_once_and_never_below_what_the_facts_call_for(course):
    seen, now = watch(), NOON
    for wait, distress in course:
        now += timedelta(minutes=wait)
        before, seen = seen, seen.see({"distress": distress}, at=now)
        fresh = POLICY.evaluate({"distress": distress})
        assert POLICY.rank(seen.decision.tier) >= POLICY.rank(fresh.tier)
        if POLICY.rank(seen.decision.tier) < POLICY.rank(before.decision.tier):
            assert before.calm_since is not None
            assert now - before.calm_since >= POLICY.returning.after


@given(
    st.floats(0, 0.85),
    st.lists(st.tuples(st.integers(0, 60), st.floats(0, 0.149)), max_size=40),
)
def test_law_a_case_does_not_bounce_within_the_margin(base, course):
    """Once it went down, facts that stay within the margin never lead up again."""
    seen, now, fell = watch(distress=1.0), NOON, False
    for wait, above in course:
        now += timedelta(minutes=wait)
        before, seen = seen, seen.see({"distress": base + above}, at=now)
        change = POLICY.rank(seen.decision.tier) - POLICY.rank(before.decision.tier)
        assert not (fell and change > 0)
        fell = fell or change < 0


def test_down_only_when_it_has_been_calm_for_long_enough():
    seen = watch(distress=0.9).see({"distress": 0.2}, at=minutes(10))
    assert (seen.decision.tier, seen.calm_since) == ("supervisor", minutes(10))
    assert seen.see({"distress": 0.2}, at=minutes(39)).decision.tier == "supervisor"
    assert seen.see({"distress": 0.2}, at=minutes(40)).decision.tier == "agent"
    near = seen.see({"distress": 0.75}, at=minutes(39))
    assert near.calm_since is None


def test_facts_at_the_ends_of_their_domain():
    assert watch(distress=1).see({"distress": 0.99}, at=minutes(1)).decision.tier == "supervisor"
    no_numbers = watch(asks_human=True).see({"distress": "x"}, at=minutes(1))
    assert no_numbers.decision.tier == "supervisor"
    decimal = watch(asks_human=True).see({"distress": Decimal("0.1")}, at=minutes(1))
    assert decimal.calm_since == minutes(1)
    assert watch(danger="violence").see(None, at=minutes(1)).decision.tier == "security"


def test_margins_on_numbers_without_an_end():
    from attrs import evolve

    from deescalate.escalation import Returning

    returning = Returning(margins={"contacts": 1, "amount": 10.5})
    policy = evolve(POLICY, returning=returning)
    seen = Watch.begin(policy, {"contacts": 3}, at=NOON).see({"contacts": 2}, at=minutes(1))
    assert seen.calm_since is None
    seen = Watch.begin(policy, {"contacts": 3}, at=NOON).see({"contacts": 1}, at=minutes(1))
    assert seen.calm_since == minutes(1)
    seen = Watch.begin(policy, {"amount": 60}, at=NOON).see({"amount": 45}, at=minutes(1))
    assert seen.calm_since is None


def test_a_safety_channel_is_left_only_by_a_person():
    seen = watch(danger="violence").see({"distress": 0.1}, at=minutes(600))
    assert seen.decision.tier == "security"
    assert seen.see({"distress": 0.1}, at=minutes(1200)).decision.tier == "security"
    assert seen.stand_down({"distress": 0.1}, at=minutes(600)).decision.tier == "agent"


def test_times_must_not_run_backwards():
    for change in (Watch.see, Watch.stand_down):
        with pytest.raises(EventError, match="before"):
            change(watch(), {}, at=minutes(-1))
        with pytest.raises(SettingError, match="aware"):
            change(watch(), {}, at=datetime(2026, 5, 1))  # noqa: DTZ001  on purpose
