"""Every limit of a schedule: what just keeps it is taken, what passes it by one is refused."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate import Schedule, schedules
from deescalate.errors import DocumentError, FactError, SettingError, WorkLimitError
from deescalate.schedules import Formula
from deescalate.schedules._spans import is_huge


def schedule(formula="n", currency="EUR", n=None, **also):
    """One that pays a formula of a number n."""
    return Schedule.from_document(
        {
            "name": "small",
            "title": "Small",
            "currency": currency,
            "facts": {"n": {"number": n or {}, "amount": "rises"}},
            "parts": [{"name": "p", "formula": formula}],
            **also,
        }
    )


@pytest.mark.parametrize("form", ["({})", "-{}"])
def test_a_formula_is_nested_forty_deep(form):
    def nested(depth):
        text = "n"
        for _ in range(depth):
            text = form.format(text)
        return text

    assert Formula.parse(nested(40)).names == {"n"}
    with pytest.raises(SettingError, match="brackets no deeper than 40"):
        Formula.parse(nested(41))


def test_a_formula_has_three_hundred_characters():
    sum_of = "+".join("1" * 150)
    assert Formula.parse(f"{sum_of} ").value({}) == 150
    with pytest.raises(SettingError, match="at most 300 characters"):
        Formula.parse(f"{sum_of}  ")


def test_a_list_has_five_thousand_entries():
    assert len(schedule(notes=["x"] * 5000).notes) == 5000
    with pytest.raises(DocumentError, match="at most 5000"):
        schedule(notes=["x"] * 5001)


@pytest.mark.parametrize(
    ("taken", "refused"),
    [
        ("999999999999", "1000000000000"),
        ("-999999999999", "-1000000000000"),
        (Decimal("1E-40"), Decimal("1E-41")),
        ("1e-40", "1e-41"),
        (999_999_999_999, 10**12),
    ],
)
def test_a_number_of_a_case_has_an_end_to_both_sides(taken, refused):
    small = schedule("max(n, 1)")
    assert small.amount({"n": taken}).amount == max(1, Decimal(taken))
    with pytest.raises(FactError, match="below 10\\^12"):
        small.amount({"n": refused})


def test_an_amount_has_three_hundred_digits():
    assert not is_huge(Fraction(10**300 - 1, 10**300 - 1))
    for huge in (Fraction(10**300), Fraction(-(10**300)), Fraction(1, 10**300)):
        assert is_huge(huge)
    small = schedule(" * ".join(["n"] * 30))
    assert small.amount({"n": 10**10 - 1}).amount == (10**10 - 1) ** 30
    with pytest.raises(FactError, match="below 10\\^300"):
        small.amount({"n": 10**10})


@pytest.mark.parametrize(
    ("currency", "paid"), [("EUR", "33.33"), ("JPY", "33"), ("KWD", "33.333"), ("percent", "33.33")]
)
def test_what_is_paid_has_the_places_of_its_currency(currency, paid):
    assert schedule("n / 3", currency).amount({"n": 100}).amount == Decimal(paid)
    rounded = schedule("n / 3", currency, total=[{"round": "down"}, {"times": 1}])
    [step] = rounded.amount({"n": 100}).steps
    assert step.after == Decimal(paid)


@given(st.integers(1, 10**6), st.sampled_from([3, 7, 9, 11, 60, 365]))
def test_law_a_working_without_end_is_told_to_twelve_places(number, parts):
    document = {"x": {"formula": f"n / {parts}"}, "n": {"number": {"low": 0}}}
    made = schedule("x", facts=document)
    [working] = made.amount({"n": number}).workings
    assert abs(Fraction(working.value) - Fraction(number, parts)) <= Fraction(1, 2 * 10**12)
    assert -12 <= working.value.as_tuple().exponent <= 0


def test_in_a_circle_a_few_names_are_told_and_how_many_more():
    facts = {f"x{place}": {"formula": f"x{(place + 1) % 15}"} for place in range(15)}
    with pytest.raises(DocumentError, match="`x11` and 3 more are worked out from each other"):
        schedule(facts={"n": {"number": {}}, **facts})


@pytest.mark.parametrize(
    ("n", "formula", "pairs"),
    [
        ({"low": 0}, "20 - n", ["0 -> 1", "1 -> 100"]),
        ({"low": 0, "high": 4}, "20 - n", ["0 -> 1", "1 -> 2", "2 -> 3", "3 -> 4"]),
        ({"low": 0, "high": 2}, "20 - n", ["0 -> 1", "1 -> 2"]),
        (
            {"low": 0, "high": 1},
            "20 - n",
            ["0 -> 0.25", "0.25 -> 0.5", "0.5 -> 0.75", "0.75 -> 1"],
        ),
        ({"low": 0, "high": 5, "integer": True}, "20 - n", ["0 -> 1", "1 -> 2", "2 -> 4", "4 -> 5"]),
        ({"high": 0}, "200 - n", ["-100 -> -1", "-1 -> 0"]),
        ({}, "200 - n", ["-100 -> 0", "0 -> 100"]),
    ],
)  # fmt: skip
def test_a_fact_that_a_formula_names_is_tried_at_each_cut_beside_it_and_between(n, formula, pairs):
    turns = schedule(formula, n=n).turns("n", most=9)
    assert [turn.text.split(" pays ")[0] for turn in turns] == pairs


LATE = """
name = "late"
title = "A sum from a day on"
currency = "EUR"
[facts.days]
number = {{ {ends} integer = true }}
[[parts]]
name = "p"
rules = [{{ name = "late", when = {{ days = "{when}" }}, then = "7" }}]
otherwise = "0"
"""


@pytest.mark.parametrize("sign", [1, -1])
def test_a_number_without_an_end_is_moved_by_a_million_at_most(sign):
    test = f">= {10**6}" if sign > 0 else f"<= {-(10**6)}"
    late = Schedule.from_document(LATE.format(ends="", when=test))
    assert [each.value for each in late.nearest({"days": 0})] == [sign * 10**6]
    assert late.nearest({"days": -sign}) == ()


@pytest.mark.parametrize("when", ["0.01", "7.25", "9.99", "10"])
def test_a_number_that_is_not_whole_is_moved_by_hundredths_to_its_end(when):
    late = LATE.replace("integer = true", "").format(ends="low = 0, high = 10", when=f">= {when}")
    [change] = Schedule.from_document(late).nearest({"days": 0})
    assert (change.value, change.award.amount) == (Decimal(when), 7)
    [change] = Schedule.from_document(late).nearest({"days": 10})
    assert change.value == Decimal(when) - Decimal("0.01")


class Counting(Schedule):
    """A schedule that counts how often it is worked out."""

    counted = 0

    def worked_out(self, state):
        Counting.counted += 1
        return super().worked_out(state)


@pytest.mark.parametrize("days", [0, 3, 40])
def test_the_limit_of_a_search_is_the_number_of_cases_and_ranges_worked_out(days):
    late = Counting.from_document(LATE.format(ends="low = 0, high = 60,", when="[30..35]"))
    Counting.counted = 0
    found = late.nearest({"days": days})
    looked_at = Counting.counted - 1 - len(found)  # the case as it is, and after each change
    assert late.nearest({"days": days}, limit=looked_at) == found
    with pytest.raises(WorkLimitError, match=f"more than {looked_at - 1} cases"):
        late.nearest({"days": days}, limit=looked_at - 1)


def test_a_shipped_schedule_is_one_of_a_dozen():
    assert len(schedules.names()) == len(set(schedules.names())) == 12


def test_a_step_may_divide_by_what_cannot_be_nothing():
    least_one = {"name": "p", "formula": "n + 1", "steps": [{"becomes": "100 / amount"}]}
    assert schedule(n={"low": 0}, parts=[least_one]).amount({"n": 3}).amount == 25
    for wrong in ({"parts": [{**least_one, "formula": "n"}]}, {"total": [{"times": "1 / n"}]}):
        with pytest.raises(DocumentError, match="may divide by 0"):
            schedule(n={"low": 0}, **wrong)


def test_a_fact_without_an_end_is_compared_to_forty_digits():
    lower, upper = f"0.{'3' * 41}", f"0.{'3' * 40}4"
    rule = {"name": "third", "when": {"x": f"[{lower}..{upper})"}, "then": 7}
    facts = {"n": {"number": {"low": 1}}, "x": {"formula": "1 / n"}}
    third = schedule(facts=facts, parts=[{"name": "p", "otherwise": 0, "rules": [rule]}])
    assert third.amount({"n": 3}).amount == 7
    assert third.amount({"n": 3.0000001}).amount == 0


def test_what_is_declared_and_what_is_worked_out_meet_in_one_number():
    """Five at most is declared and five at least is worked out: it may be divided by."""
    facts = {"n": {"number": {}}, "x": {"number": {"high": 5}, "formula": "max(n, 5)"}}
    assert schedule("10 / x", facts=facts).amount({"n": 1}).amount == 2
    facts["x"]["number"] = {"high": 6}
    assert schedule("10 / x", facts=facts).amount({"n": 1}).amount == 2
    facts["x"]["number"] = {"high": 4}
    with pytest.raises(DocumentError, match="may divide by 0"):
        schedule("10 / x", facts=facts)
