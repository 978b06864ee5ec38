"""Whatever a value comes as, it decides as the plain value that it is, and nothing raw comes back."""

import enum
import itertools
import json
import math
import sys
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate.errors import DeescalateError, FactError, TableError, WorkLimitError
from deescalate.rules import (
    EVERYTHING,
    Choice,
    Example,
    Flag,
    Number,
    Rule,
    Table,
    all_of,
)
from deescalate.rules._engine.cells import parse_decimal, read_cell
from deescalate.rules._engine.partial import look_ahead
from deescalate.rules._engine.rules import total
from deescalate.rules._engine.sets import Bound, NumberSet, OptionSet, Stretch, union
from deescalate.rules.proofs import always, check, gaps, is_monotone, nearest, never


class Amount(Decimal):
    pass


class Count(int):
    pass


class Score(float):
    pass


class Word(str):
    __slots__ = ()


class Level(enum.IntEnum):
    TWO = 2


class Threat(enum.StrEnum):
    LEGAL = "legal"


class Mixed(str, enum.Enum):  # noqa: UP042  unlike StrEnum, its str() is not its text
    LEGAL = "legal"


NUMPY = [
    np.int8, np.int16, np.int32, np.int64, np.uint8, np.uint16, np.uint32, np.uint64,
    np.float16, np.float32, np.float64, np.longdouble,
]  # fmt: skip
TWOS = [Amount("2"), Amount("2.0"), Count(2), Score(2.0), Level.TWO, *(kind(2) for kind in NUMPY)]
FACTS = {
    "plain": Number("n", 0, 3),
    "open": Number("n"),
    "integer": Number("n", 0, 3, integer=True),
    "decimal": Number("n", 0, 3, decimal=True),
}


def desk(fact):
    rules = [Rule("one", fact < 2, "few"), Rule("two", fact.is_(2), "two")]
    return Table("desk", [fact], rules, default="many")


@pytest.mark.parametrize("kind", FACTS)
@pytest.mark.parametrize("value", TWOS, ids=lambda each: type(each).__name__)
def test_a_number_of_any_class_decides_as_the_number_it_is(kind, value):
    fact = FACTS[kind]
    table = desk(fact)
    if kind == "decimal" and isinstance(value, float | np.floating):
        with pytest.raises(FactError, match="int or Decimal"):
            table.decide({"n": value})
        return
    for _ in range(2):
        assert table.decide({"n": value}).outcome == "two"
    assert type(fact.check(value)) in (int, float, Decimal)
    assert type(table.check_case({"n": value})["n"]) in (int, float, Decimal)


@pytest.mark.parametrize(
    "value",
    [
        True, np.True_, np.timedelta64(2, "D"), np.datetime64("2026-01-01"), 2 + 0j, np.complex64(2),
        np.float64("nan"), np.float32("inf"), Amount("nan"), Amount("sNaN"), Amount("inf"),
        Score("nan"), "2", b"2", Fraction(2), [2], np.array([2]), np.str_("2"), None,
    ],
    ids=repr,
)  # fmt: skip
@pytest.mark.parametrize("kind", FACTS)
def test_what_is_no_number_is_refused_as_a_fact(kind, value):
    with pytest.raises(FactError):
        desk(FACTS[kind]).decide({"n": value})


@pytest.mark.parametrize("value", [Word("legal"), Threat.LEGAL, Mixed.LEGAL, np.str_("legal")])
def test_a_text_of_any_class_is_the_option_it_says(value):
    threat = Choice("threat", ["none", value, "violence"])
    assert all(type(each) is str for each in threat.options)
    table = Table("t", [threat], [Rule("a", threat.is_(value), value)], default="none")
    assert table == Table("t", [threat], [Rule("a", threat.is_("legal"), "legal")], default="none")
    verdict = table.decide({"threat": value})
    assert verdict.outcome == "legal"
    assert type(verdict.outcome) is type(threat.check(value)) is str


@pytest.mark.parametrize("value", [True, np.True_, np.bool_(1)])
def test_a_flag_takes_truth_values_of_python_and_numpy(value):
    flag = Flag("f")
    table = Table("t", [flag], [Rule("a", flag.is_true(), value)])
    assert table.decide({"f": value}).outcome is True
    for other in (1, 0.0, "true", np.int8(1), np.array([True])):
        with pytest.raises(FactError):
            table.decide({"f": other})


@pytest.mark.parametrize("value", TWOS, ids=lambda each: type(each).__name__)
def test_outcomes_and_bounds_are_plain_numbers_and_survive_documents(value):
    n = Number("n", value)
    rules = [Rule("r", n >= value, value), Rule("s", n.is_(value), value)]
    table = Table("t", [n], rules, "collect sum", tests=[Example({"n": 2}, value)])
    assert {type(rule.then) for rule in rules} <= {int, float, Decimal}
    for form in ("toml", "json"):
        assert Table.from_document(table.to_document(form=form)) == table


def test_names_and_reasons_are_plain_texts():
    fact = Flag(Mixed.LEGAL)
    rule = Rule(Mixed.LEGAL, fact.is_true(), {Mixed.LEGAL: Mixed.LEGAL}, Mixed.LEGAL)
    table = Table(Mixed.LEGAL, [fact], [rule])
    texts = (fact.name, rule.name, rule.because, table.name, *rule.then, *rule.then.values())
    assert {type(each) for each in texts} == {str}
    assert json.loads(table.to_document(form="json"))["name"] == "legal"


def test_a_column_of_objects_decides_as_single_cases_do():
    table = desk(FACTS["open"])
    absent = [None, math.nan, Score("nan"), Decimal("nan"), Amount("sNaN")]
    column = np.array([*TWOS, *absent], dtype=object)
    outcomes = table.decide_columns({"n": column}).outcome.tolist()
    assert outcomes == ["two"] * len(TWOS) + [None] * len(absent)


# --- numbers of many digits ----------------------------------------------------------------------

HUGE = [Decimal("1e401"), Decimal("1e-401"), Decimal("0e-999999"), 10**401, -(10**5000)]


@pytest.mark.parametrize("value", HUGE, ids=["large", "small", "zero", "int", "low"])
def test_numbers_of_very_many_digits_are_refused_where_they_would_stay(value):
    with pytest.raises(TableError, match="expected a finite number"):
        Rule("r", EVERYTHING, value)
    with pytest.raises(TableError, match="expected a finite number"):
        Number("n", value)
    with pytest.raises(TableError, match="expected a finite number"):
        Rule("r", EVERYTHING, {"a": value})


def test_a_decimal_of_very_many_digits_decides_but_has_no_nearest_change():
    table = Table("t", [Number("n")], [Rule("r", Number("n") > 3, "x")])
    assert table.decide({"n": Decimal("1e999999999")}).outcome == "x"
    with pytest.raises(FactError, match="at most 400 digits"):
        nearest(table, {"n": Decimal("1e999999999")})


@pytest.mark.parametrize("text", ["1e401", "1e-401", f"1e{'9' * 30}", f"-0e-{'9' * 30}"])
def test_a_decimal_out_of_all_bounds_cannot_be_read(text):
    assert parse_decimal(text) is None
    for cell in (f"<= {text}", f'<= decimal("{text}")'):
        with pytest.raises(DeescalateError, match="expected a number"):
            read_cell(Number("n", decimal=True), cell)


NUMBERS = st.one_of(
    st.integers(-(10**30), 10**30),
    st.decimals(
        allow_nan=False, allow_infinity=False, places=5, min_value=-(10**9), max_value=10**9
    ),
)


@given(st.lists(NUMBERS, min_size=1, max_size=6))
def test_law_sums_of_integers_and_decimals_are_exact(numbers):
    with localcontext(Context(prec=2, traps=[*Context().flags])):
        found = total(numbers)
    assert Fraction(found) == sum(map(Fraction, numbers))


@given(st.lists(st.one_of(st.integers(-(2**70), 2**70), st.floats(-1e300, 1e300)), min_size=1))
def test_law_sums_with_floats_are_the_nearest_float(numbers):
    found = total(numbers)
    assert found == (
        float(sum(map(Fraction, numbers))) if float in map(type, numbers) else sum(numbers)
    )


def test_a_sum_of_far_apart_decimals_is_exact_and_one_beyond_floats_is_too():
    def summed(*outcomes):
        rules = [Rule(f"r{at}", EVERYTHING, then) for at, then in enumerate(outcomes)]
        return Table("t", [], rules, "collect sum").decide({}).outcome

    assert summed(Decimal("1e400"), Decimal("1e-400")) == Decimal(
        "1" + "0" * 400 + "." + "0" * 399 + "1"
    )
    assert summed(1e308, 1e308) == 2 * int(1e308)
    assert Fraction(summed(10**400, 0.5)) == 10**400 + Fraction(1, 2)
    assert always(
        Table("t", [], [Rule("a", EVERYTHING, 1e308), Rule("b", EVERYTHING, 1e308)], "collect sum"),
        EVERYTHING,
        lambda outcome: outcome > sys.float_info.max,
    ) == ()  # fmt: skip


# --- a value between any two bounds --------------------------------------------------------------

ENDS = st.one_of(
    st.integers(-5, 5),
    st.floats(-5, 5),
    st.sampled_from(
        [5e-324, 0.1, math.nextafter(0.1, 1), Decimal("0.1"), Decimal("25.50"), Decimal("25.51")]
    ),
    st.decimals(allow_nan=False, allow_infinity=False, min_value=-5, max_value=5),
)


@given(
    st.sampled_from([*FACTS.values(), Number("n", decimal=True)]),
    ENDS,
    ENDS,
    st.booleans(),
    st.booleans(),
)
def test_law_every_set_of_a_number_has_a_value_that_the_number_accepts(fact, low, high, after, end):
    start, stop = Bound(low, after=after), Bound(high, after=end)
    assume(start < stop)
    values = fact.clip(NumberSet.of(Stretch(start, stop)))
    if not values:
        assert fact.integer or stop <= Bound(0) or start >= Bound(3, after=True)
        return
    for chosen in (fact.sample(values), fact.sample(values, near=-6), fact.sample(values, near=7)):
        assert chosen in values
        assert fact.check(chosen) == chosen
        assert not (fact.decimal and isinstance(chosen, float))
        assert not (fact.integer and not isinstance(chosen, int))


def test_between_two_prices_lies_a_gap_with_a_decimal_in_it():
    amount = Number("amount", 0, decimal=True)
    rules = [
        Rule("pay", amount <= Decimal("25.50"), "pay"),
        Rule("ask", amount >= Decimal("25.51"), "ask"),
    ]
    [gap] = gaps(Table("t", [amount], rules))
    assert gap.facts["amount"] == Decimal("25.505")
    whole = Number("cents", 0, integer=True)
    assert (
        gaps(
            Table("t", [whole], [Rule("a", whole <= 2550, "pay"), Rule("b", whole >= 2551, "ask")])
        )
        == ()
    )


# --- lists ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("policy", ["collect", "rule order", "output order"])
def test_nearest_finds_the_way_to_an_outcome_in_a_list(policy):
    x = Flag("x")
    rules = [Rule("a", x.is_true(), "refund"), Rule("b", EVERYTHING, "apology")]
    table = Table("t", [x], rules, policy, outcomes=["refund", "apology"])
    assert always(table, x.is_true(), "refund") == ()
    change = nearest(table, {"x": False}, "refund")
    assert change is not None
    assert dict(change.facts) == {"x": True}
    assert nearest(table, {"x": True}, "refund") is None


# --- size ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 63, 64, 65, 400, 2500])
def test_many_facts_are_decided_without_recursion(size):
    flags = [Flag(f"f{at}") for at in range(size)]
    table = Table(
        "t", flags, [Rule("all", all_of(*(each.is_true() for each in flags)), "x")], default="no"
    )
    case = dict.fromkeys((each.name for each in flags), True)
    assert table.decide(case).outcome == table.decide(case).outcome == "x"
    assert table.decide(case | {f"f{size - 1}": False}).outcome == "no"
    assert table.decide(case | {"f0": np.True_}).outcome == "x"
    assert table.decide({}).missing == tuple(case)
    assert table.decide({"f0": False}).outcome == "no"


@pytest.mark.unwatched
@pytest.mark.parametrize("size", [300, 1100])
def test_many_facts_are_proved_without_recursion(size):
    flags = [Flag(f"f{at}") for at in range(size)]
    rule = Rule("all", all_of(*(each.is_true() for each in flags)), 2)
    table = Table("t", flags, [rule], default=1)
    assert [len(witness.region.tests) for witness in never(table, EVERYTHING, 2)] == [size]
    assert is_monotone(table, "f0") == ()
    assert [finding.code for finding in check(table)] == []


def test_rules_that_come_to_the_same_are_drawn_as_one():
    """However many of them match, what is better is all that is left to ask."""
    numbers = [Number(f"n{at}", 0, 9) for at in range(40)]
    rules = [Rule(number.name, number > 5, "some") for number in numbers[:-1]]
    rules.append(Rule("best", numbers[-1] > 5, "best"))
    table = Table("t", numbers, rules, "priority", default="no", outcomes=["best", "some", "no"])
    found = look_ahead(table.decider, table.mask_of({}), table.axes, table="t", limit=2_000)
    assert {hit.outcome for hit in found.hits} == {"best", "some", "no"}
    assert found.facts == tuple(number.name for number in numbers)
    some = table.decide({"n0": 9})
    assert {*some.possible} == {"best", "some"}
    assert some.missing == ("n39",)


def test_what_would_take_too_long_with_facts_missing_is_refused():
    numbers = [Number(f"n{at}", 0, 9) for at in range(10)]
    rules = [Rule(f"r{at}", numbers[at] > 5, at) for at in range(10)]
    table = Table("t", numbers, rules, "collect sum")
    with pytest.raises(WorkLimitError, match="deciding `t` with facts missing"):
        look_ahead(table.decider, table.mask_of({}), table.axes, table="t", limit=10)


def steps_of(make):
    """Lines run while something is made: a measure of work that no busy machine disturbs."""
    count = itertools.count()

    def trace(frame, event, _argument):
        if "deescalate" not in frame.f_code.co_filename:
            return None
        next(count)
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        make()
    finally:
        sys.settrace(before)
    return next(count)


def many_outcomes(size):
    names = [f"o{at}" for at in range(size)]
    return lambda: Table(
        "t", [], [Rule(each, EVERYTHING, each) for each in names], "priority", outcomes=names
    )


def many_tests(size):
    flags = [Flag(f"f{at}") for at in range(size)]
    return lambda: all_of(*(each.is_true() for each in flags))


def many_numbers(size):
    return lambda: read_cell(Number("n"), ",".join(str(2 * at) for at in range(size)))


def many_options(size):
    names = [f"o{at}" for at in range(size)]
    return lambda: read_cell(Choice("c", names), ",".join(names[::2]))


@pytest.mark.parametrize("make", [many_outcomes, many_tests, many_numbers, many_options])
def test_law_twice_the_size_is_twice_the_work(make):
    assert steps_of(make(800)) < 2.5 * steps_of(make(400))


def test_an_option_named_twice_is_found_among_thousands():
    with pytest.raises(TableError, match="`o3999` is named twice"):
        Choice("c", [*(f"o{at}" for at in range(4000)), "o3999"])


@pytest.mark.unwatched
def test_messages_name_a_few_of_many_names():
    choice = Choice("c", [f"option {at}" for at in range(4000)])
    facts = [Flag(f"fact {at}") for at in range(4000)]
    for ask in (lambda: choice.check("no"), lambda: Table("t", facts, []).decide({"no": 1})):
        with pytest.raises(FactError, match="and 3980 more") as caught:
            ask()
        assert len(str(caught.value)) < 1000


def test_unions_keep_every_value_once():
    assert union([OptionSet(("b", "a")), OptionSet(("a",))]).options == ("b", "a")


# --- look-alikes ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("declared", "asked", "told"),
    [
        ("аnger", "anger", "U+0430"),
        ("anger", "аnger", "U+0430"),
        ("сор", "cop", "U+0441, U+043E, U+0440"),
    ],
)
def test_names_that_look_alike_are_told_apart(declared, asked, told):
    with pytest.raises(FactError) as caught:
        Table("t", [Flag(declared)], []).decide({asked: True})
    assert f"(with {told})" in str(caught.value)


def test_names_of_other_scripts_are_left_alone():
    with pytest.raises(FactError) as caught:
        Table("t", [Flag("гнев")], []).decide({"цена": True})
    assert "U+" not in str(caught.value)
