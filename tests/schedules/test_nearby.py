"""What would have led to another amount: against every case within reach, one by one."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate import schedules
from deescalate.errors import FactError, SettingError, UndecidedError, WorkLimitError
from deescalate.schedules import Schedule

PARCEL = Schedule.from_document(
    """
name = "parcel"
title = "Our promise on late parcels"
currency = "EUR"
[facts.days_late]
number = { low = 0, high = 60, integer = true, unit = "days" }
[facts.value]
number = { low = 0, high = 40, integer = true, unit = "EUR" }
[facts.express]
flag = true
default = false
[facts.weight]
number = { low = 0 }
formula = "days_late * value / 10"
[[parts]]
name = "delay"
formula = "min(5 * over(days_late, 2), 50)"
[[parts]]
name = "loss"
rules = [ { name = "heavy", when = { weight = "> 40" }, then = "value / 2" } ]
otherwise = "0"
[[parts]]
name = "haste"
rules = [ { name = "express", when = { express = true, days_late = "[1..3]" }, then = "9" } ]
otherwise = "0"
"""
)
CASES = st.fixed_dictionaries(
    {"days_late": st.integers(0, 60), "value": st.integers(0, 40), "express": st.booleans()}
)
RANGES = {"days_late": range(61), "value": range(41)}


def amount(case):
    return PARCEL.amount(case).amount


@given(CASES, st.none() | st.integers(1, 75))
def test_law_no_nearer_value_of_a_fact_leads_there(case, wanted):
    now = amount(case)

    def is_wanted(found):
        return found != now if wanted is None else found >= wanted

    found = {each.fact: each for each in PARCEL.nearest(case, at_least=wanted)}
    for name, values in RANGES.items():
        ways = [
            abs(each - case[name])
            for each in values
            if each != case[name] and is_wanted(amount({**case, name: each}))
        ]
        assert (name in found) == bool(ways)
        if ways:
            assert abs(found[name].value - case[name]) == min(ways)
            assert found[name].award.amount == amount(dict(found[name].facts))
    flipped = amount({**case, "express": not case["express"]})
    assert ("express" in found) == is_wanted(flipped) or is_wanted(now)


@given(CASES, st.sets(st.sampled_from(["days_late", "value", "express"])))
def test_law_what_is_fixed_stays(case, fixed):
    found = PARCEL.nearest(case, fixed=fixed)
    assert not fixed & {each.fact for each in found}
    assert {each.fact for each in found} == {each.fact for each in PARCEL.nearest(case)} - fixed


@given(CASES, st.sets(st.sampled_from(["days_late", "value"]), min_size=1))
def test_law_every_completion_lies_between_the_least_and_the_most(case, missing):
    award = PARCEL.amount({name: each for name, each in case.items() if name not in missing})
    assert award.least <= amount(case)
    assert award.most is None or amount(case) <= award.most


@pytest.mark.parametrize(
    ("name", "case", "told"),
    [
        (
            "eu261",
            {"event": "delay", "km": 1500, "delay_min": 180},
            "had km been 0.01 km more (1500.01, not 1500), EUR 400.00 would be due, not EUR 250.00",
        ),
        (
            "aws_sla",
            {"service": "ec2", "uptime": Decimal("99.995"), "bill": 100},
            None,
        ),
    ],
)
def test_shipped_schedules_say_what_would_have_been(name, case, told):
    schedule = schedules.load(name)
    facts = {
        key: each
        for key, each in case.items()
        if key in {given.fact.name for given in schedule.given}
    }
    if told:
        assert told in map(str, schedule.nearest(facts))


def test_options_are_told_in_words():
    told = [str(each) for each in PARCEL.nearest({"days_late": 2, "value": 5}, at_least=9)]
    assert "had express been true, not false, EUR 9.00 would be due, not EUR 0.00" in told


def test_what_cannot_be_asked_is_refused():
    case = {"days_late": 2, "value": 5}
    with pytest.raises(FactError, match="unknown fact `days_lat`"):
        PARCEL.nearest(case, fixed=["days_lat"])
    with pytest.raises(SettingError, match="at_least"):
        PARCEL.nearest(case, at_least=9.5)
    with pytest.raises(UndecidedError):
        PARCEL.nearest({"value": 5})
    with pytest.raises(WorkLimitError):
        PARCEL.nearest(case, at_least=1000, limit=1)


def test_a_value_with_which_nothing_can_be_worked_out_leads_nowhere():
    schedule = Schedule.from_document(
        """
name = "odd"
title = "Weights up to ten"
currency = "EUR"
[facts.days]
number = { low = 0, high = 20, integer = true }
[facts.weight]
number = { low = 0, high = 10 }
formula = "2 * days"
[[parts]]
name = "delay"
formula = "weight"
"""
    )
    assert [each.value for each in schedule.nearest({"days": 1}, at_least=9)] == [5]
    assert schedule.nearest({"days": 1}, at_least=11) == ()
