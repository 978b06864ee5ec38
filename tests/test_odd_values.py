"""Odd values, each in the place of a good one: an answer, or an error of our own, at once."""

from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate import EscalationPolicy, Ledger, Money, Number, Rule, Table
from deescalate.errors import DeescalateError, FactError, SettingError
from deescalate.escalation import PathEvent
from deescalate.hours import after, instant
from deescalate.promises import Course
from deescalate.statistics import (
    chance_of,
    change_point,
    difference,
    frequency,
    paired,
    rate,
    slope,
)
from deescalate.text import Text
from deescalate.wording import review

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
POLICY = EscalationPolicy.default()
ANGER = Number("anger", 0, 1)
DESK = Table("desk", [ANGER], [Rule("hot", ANGER >= 0.8, "supervisor")])
NUMBERS = (
    0, -1, True, 2**63, 10**400, -(10**400), 0.0, -0.0, 5e-324, 1e-200, 1e308, float("nan"),
    float("inf"), -float("inf"), Decimal("NaN"), Decimal("sNaN"), Decimal("Infinity"), Decimal("-0"),
    Decimal("1e999999"), Decimal("0.1"), Fraction(1, 3),
)  # fmt: skip
OTHERS = (
    None, "", "x", "\ud800", b"x", (), [1], {"a": 1}, 1j, AT, AT.replace(tzinfo=None), date.max,
    time.max, timedelta.max, timedelta(-1), Money(1, "EUR"), object(),
)  # fmt: skip
DOORS = {
    "rate of": lambda odd: rate(0, odd),
    "rate hits": lambda odd: rate(odd, 3),
    "rate level": lambda odd: rate(1, 3, level=odd),
    "chance of": lambda odd: chance_of(odd, 1.0),
    "chance expected": lambda odd: chance_of(3, odd),
    "frequency count": lambda odd: frequency(odd, 10.0),
    "frequency exposure": lambda odd: frequency(3, odd),
    "change point": lambda odd: change_point([1, 2, odd, 4, 5]),
    "difference": lambda odd: difference([1, 2, odd], [4, 5]),
    "paired": lambda odd: paired([1, 2, odd], [4, 5, 7]),
    "slope": lambda odd: slope([(1, 2), (2, odd), (3, 4)]),
    "slope along": lambda odd: slope([(0, 1), (odd, 2), (0, 4)]),
    "within low": lambda odd: DESK.decide_within({}, {"anger": (odd, 1)}),
    "within high": lambda odd: DESK.decide_within({}, {"anger": (0, odd)}),
    "decide": lambda odd: DESK.decide({"anger": odd}),
    "evaluate": lambda odd: POLICY.evaluate({"distress": odd}),
    "nearest tier": lambda odd: POLICY.nearest({"distress": 0.1}, odd),
    "event": lambda odd: PathEvent(kind=odd, at=AT),
    "instant": instant,
    "after": lambda odd: after(AT, odd),
    "due soon": lambda odd: Ledger(due_soon=odd),
    "ahead of a promise": lambda odd: Course(ahead_of_promise=odd),
    "text": Text.of,
    "review": review,
    "money": lambda odd: Money(odd, "EUR"),
    "money plus": lambda odd: Money(1, "EUR") + odd,
    "money times": lambda odd: Money(1, "EUR").times(odd),
}


@pytest.mark.parametrize("door", DOORS)
def test_law_an_odd_value_is_answered_or_refused_in_our_words(door):
    for odd in (*NUMBERS, *OTHERS):
        try:
            answer = DOORS[door](odd)
        except DeescalateError as error:
            assert str(error).encode()
        else:
            assert repr(answer)


@pytest.mark.parametrize(
    ("door", "odd", "error", "says"),
    [
        ("nearest tier", "supervisr", SettingError, "did you mean `supervisor`"),
        ("event", "resolvd", SettingError, "PathEvent.kind"),
        ("within low", float("nan"), FactError, "the least first"),
        ("within low", 2, FactError, "the least first"),
        ("chance of", 10**7, SettingError, "count"),
        ("frequency exposure", 0, SettingError, "a number above 0"),
        ("rate of", 10**101, SettingError, "to 1e\\+100"),
        ("text", None, SettingError, "a text"),
        ("due soon", 5, SettingError, "due_soon"),
        ("ahead of a promise", None, SettingError, "ahead_of_promise"),
        ("after", 5, SettingError, "a timedelta"),
        ("instant", "now", SettingError, "a datetime"),
    ],
)
def test_what_is_refused_and_with_which_words(door, odd, error, says):
    with pytest.raises(error, match=says):
        DOORS[door](odd)


FAR = st.floats(-1e50, 1e50)


@given(st.lists(st.tuples(FAR, FAR), max_size=6))
def test_law_a_slope_lies_in_its_interval_however_far_the_points(points):
    found = slope(points)
    assert found is None or found.low <= found.estimate <= found.high
