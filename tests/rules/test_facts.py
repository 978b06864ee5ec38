"""Facts and conditions: what is refused, what is said."""

import contextlib
import math
from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DeescalateError, FactError, SettingError, TableError, WorkLimitError
from deescalate.rules import (
    EVERYTHING,
    Choice,
    Flag,
    Number,
    Outputs,
    Rule,
    Table,
    all_of,
    any_of,
)
from deescalate.rules._engine.conditions import Box, Test
from deescalate.rules._engine.sets import (
    Bound,
    NumberSet,
    OptionSet,
    Stretch,
    sample_between,
    sample_near,
)

ANGER = Number("anger", 0, 1)
WAIT = Number("wait", 0, unit="min")
COUNT = Number("count", 0, integer=True)
PRICE = Number("price", 0, decimal=True)
THREAT = Choice("threat", ["none", "legal", "violence"])
LOST = Flag("lost")
FACTS = [ANGER, WAIT, COUNT, PRICE, THREAT, LOST]
FINE = {
    "anger": 0.5,
    "wait": 3,
    "count": 2,
    "price": Decimal("1.5"),
    "threat": "none",
    "lost": False,
}
TABLE = Table(
    "desk",
    FACTS,
    [
        Rule("a", ANGER >= 0.8, "x"),
        Rule("b", (WAIT > 30) & (COUNT > 1) & LOST.is_true(), "y"),
        Rule("c", (Decimal("12.99") < PRICE) & THREAT.is_("legal"), "z"),
    ],
    "first",
    default="d",
)

BAD = {
    "anger": [
        "0.5",
        True,
        math.nan,
        math.inf,
        -math.inf,
        -0.1,
        1.1,
        None,
        [],
        2,
        Decimal("NaN"),
        1j,
        Decimal("sNaN"),
        Decimal("Infinity"),
        Decimal("1.00001"),
        b"1",
    ],
    "wait": [-1, -0.001, math.inf, math.nan, False, "3", Decimal(-1), None],
    "count": [1.5, -1, "1", True, math.inf, Decimal("1.5"), Decimal("1E+999999999"), math.nan],
    "price": [1.5, -1, "1", True, math.nan, Decimal("-0.01")],
    "threat": ["legl", "", 1, None, True, [], "None"],
    "lost": [0, 1, "true", None, 1.0, "False"],
}


@pytest.mark.parametrize(("name", "value"), [(n, v) for n, values in BAD.items() for v in values])
def test_a_value_that_cannot_be_is_refused_by_name(name, value):
    for case in ({**FINE, name: value}, {name: value}):
        with pytest.raises(FactError) as caught:
            TABLE.decide(case)
        assert caught.value.fact == name
        assert caught.value.value is value
        assert not caught.value.unknown


def test_the_nearest_right_spelling_is_offered():
    with pytest.raises(FactError, match="did you mean `legal`"):
        TABLE.decide({"threat": "legl"})
    with pytest.raises(FactError, match=r"unknown fact `angr`.*did you mean `anger`"):
        TABLE.decide({**FINE, "angr": 1})
    with pytest.raises(FactError, match="unknown fact"):
        TABLE.decide({1: 1})
    with pytest.raises(SettingError, match="expected a mapping"):
        TABLE.decide([("anger", 1)])


@given(
    st.dictionaries(
        st.text() | st.sampled_from(list(FINE)), st.floats() | st.text() | st.booleans() | st.none()
    )
)
def test_law_any_facts_are_decided_or_refused_on_purpose(facts):
    with contextlib.suppress(DeescalateError):
        assert TABLE.decide(facts).possible


def test_numbers_of_every_type_are_compared_exactly():
    tenth = Number("x")
    at_most = Table("t", [tenth], [Rule("r", tenth <= Decimal("0.1"), "in")], default="out")
    assert at_most.decide({"x": Decimal("0.1")}).outcome == "in"
    assert at_most.decide({"x": 0.1}).outcome == "out"
    assert at_most.decide({"x": math.nextafter(0.1, 0)}).outcome == "in"
    big = Table("t", [tenth], [Rule("r", tenth > float(2**53), "in")], default="out")
    assert big.decide({"x": 2**53 + 1}).outcome == "in"
    assert big.decide({"x": 2**53}).outcome == "out"
    assert big.decide({"x": Decimal(2**53) + Decimal("1e-10")}).outcome == "in"
    huge = Table("t", [tenth], [Rule("r", tenth >= 10**400, "in")], default="out")
    assert huge.decide({"x": 1e308}).outcome == "out"
    assert huge.decide({"x": 10**400}).outcome == "in"
    low = Table("t", [tenth], [Rule("r", tenth > -(10**400), "in")], default="out")
    assert low.decide({"x": -1e308}).outcome == "in"
    assert low.decide({"x": -(10**401)}).outcome == "out"
    assert huge.decide({"x": Decimal("1E+999999")}).outcome == "in"
    with localcontext() as context:
        context.traps[__import__("decimal").FloatOperation] = True
        assert at_most.decide({"x": Decimal("0.1")}).outcome == "in"


def test_whole_numbers_may_come_as_any_type():
    table = Table("t", [COUNT], [Rule("r", COUNT > 2, "in")], default="out")
    for value in (3, 3.0, Decimal(3), Decimal("3.0")):
        assert table.decide({"count": value}).outcome == "in"
    many = Table(
        "t", [ANGER], [Rule("r", ANGER.is_in(*[n / 100 for n in range(50)]), "in")], default="out"
    )
    for value, outcome in (
        (0.25, "in"),
        (0.255, "out"),
        (0, "in"),
        (1, "out"),
        (Decimal("0.25"), "in"),
    ):
        assert many.decide({"anger": value}).outcome == outcome
    with pytest.raises(FactError):
        many.decide({"anger": math.nan})


def test_numpy_values_are_plain_values():
    np = pytest.importorskip("numpy")
    case = {
        **FINE,
        "anger": np.float32(0.875),
        "count": np.int64(2),
        "lost": np.True_,
        "wait": np.float64(31),
    }
    assert TABLE.decide(case).outcome == "x"
    assert TABLE.decide({**case, "anger": np.float64(0.1)}).outcome == "y"
    with pytest.raises(FactError):
        TABLE.decide({**case, "anger": np.float32("nan")})


@pytest.mark.parametrize(
    "make",
    [
        lambda: Number(""),
        lambda: Number(3),
        lambda: Flag("\ud800"),
        lambda: Number("x", 2, 1),
        lambda: Number("x", "1"),
        lambda: Number("x", math.inf),
        lambda: Number("x", True),
        lambda: Number("x", Decimal("1E+500")),
        lambda: Number("x", 0.2, 0.8, integer=True),
        lambda: Choice("c", []),
        lambda: Choice("c", ["a", "a"]),
        lambda: Choice("c", ["a", 1]),
        lambda: ANGER >= "x",
        lambda: ANGER.is_(math.nan),
        lambda: THREAT.is_("legl"),
        lambda: (ANGER >= 0.5) & (Number("anger", 0, 2) > 1),
        lambda: Rule("r", "anger", "x"),
        lambda: Rule("r", EVERYTHING, "x", None),
        lambda: Rule("r", EVERYTHING, math.nan),
        lambda: Rule("r", EVERYTHING, Decimal("NaN")),
        lambda: Rule("r", EVERYTHING, object()),
        lambda: Rule("r", EVERYTHING, {}),
        lambda: Rule("r", EVERYTHING, {"a": []}),
        lambda: Rule("r", EVERYTHING, "\ud800"),
    ],
)
def test_what_cannot_be_built_is_refused(make):
    with pytest.raises(TableError):
        make()


def test_a_condition_is_not_true_or_false_by_itself():
    with pytest.raises(TypeError, match="between"):
        assert 0.2 <= ANGER <= 0.5
    with pytest.raises(SettingError, match="closed"):
        ANGER.between(0, 1, closed="up")
    with pytest.raises(FactError, match="missing"):
        (ANGER > 0.5).holds({})


@pytest.mark.parametrize(
    ("condition", "words"),
    [
        (ANGER >= 0, "always"),
        (ANGER > 1, "never"),
        (ANGER.is_(0.5), "anger is 0.5"),
        (ANGER.is_not(0.5), "anger is not 0.5"),
        (ANGER.between(0.2, 0.4, closed="neither"), "anger is above 0.2 to below 0.4"),
        (ANGER.between(0.2, 0.4, closed="right"), "anger is above 0.2 to 0.4"),
        ((ANGER < 0.2) | (ANGER > 0.5), "anger is below 0.2, or anger is above 0.5"),
        (~ANGER.between(0.2, 0.4), "anger is below 0.2 or above 0.4"),
        (COUNT.is_in(1, 2, 3, 7), "count is 1, 2, 3 or 7"),
        (THREAT.is_not("none"), "threat is not none"),
        (LOST.is_true() & (WAIT > 30), "lost is true and wait is above 30 min"),
        (any_of(), "never"),
        (all_of(), "always"),
        ((ANGER > 0.5) | (ANGER > 0.7), "anger is above 0.5"),
    ],
)
def test_conditions_say_what_a_person_would(condition, words):
    assert str(condition) == words


@pytest.mark.unwatched
def test_too_many_boxes_are_too_many():
    facts = [Flag(f"f{n}") for n in range(28)]
    pairs = [a.is_true() | b.is_true() for a, b in zip(facts[::2], facts[1::2], strict=True)]
    with pytest.raises(WorkLimitError):
        all_of(*pairs)


def test_boxes_are_counted_before_they_are_made():
    many = Number("many", integer=True)
    other = Number("other", integer=True)
    with pytest.raises(WorkLimitError):
        any_of(*[many.is_(n) & other.is_(n) for n in range(300)]) & any_of(
            *[many.is_(n) | other.is_(-n - 1) for n in range(300)]
        )
    with pytest.raises(WorkLimitError):
        any_of(*[many.is_(n) for n in range(5_000)])
    lines = [many.is_(n) & other.is_(n) for n in range(300)]
    assert len(any_of(*lines).boxes) == 300


@given(
    st.lists(
        st.decimals(allow_nan=False, allow_infinity=False, places=3, min_value=-9, max_value=9)
        | st.floats(-9, 9),
        min_size=2,
        max_size=2,
        unique=True,
    ),
    st.booleans(),
    st.booleans(),
)
def test_law_a_sample_lies_in_its_stretch(ends, after, upto):
    low, high = sorted(ends)
    start, end = Bound(low, after=after), Bound(high, after=upto)
    assert start <= Bound(sample_between(start, end)) < end
    for value in (-10, 10):
        assert start <= Bound(sample_near(start, end, value)) < end


def test_samples_at_open_ends():
    assert sample_between(Bound(-math.inf, after=True), Bound(math.inf)) == 0
    assert sample_between(Bound(-math.inf, after=True), Bound(3)) == 2
    assert sample_between(Bound(-math.inf, after=True), Bound(3, after=True)) == 3
    near, next_one = 0.5, math.nextafter(0.5, 1)
    between = sample_between(Bound(near, after=True), Bound(next_one))
    assert Decimal(near) < between < Decimal(next_one)


def test_sets_and_boxes():
    some = NumberSet.of(
        Stretch(Bound(0), Bound(2)),
        Stretch(Bound(1), Bound(3)),
        Stretch(Bound(5), Bound(5, after=True)),
    )
    assert len(some.stretches) == 2
    assert some.covers(NumberSet.of(Stretch(Bound(1), Bound(2))))
    assert not NumberSet(())
    assert OptionSet(("a",)) | OptionSet(("a", "b")) == OptionSet(("a", "b"))
    box = Box((Test(ANGER, (ANGER > 0.5).boxes[0].tests[0].values),))
    assert box.of(LOST) == LOST.domain
    assert ANGER.describe(ANGER.domain) == "anger is anything"
    assert THREAT.describe(THREAT.domain) == "threat is anything"
    assert Number("x").allowed == "a number"
    assert Number("x", high=3).allowed == "a number, at most 3"
    assert PRICE.allowed == "a number as int or Decimal, 0 or more"
    assert Number("x", 0.5, decimal=True).low == Decimal("0.5")
    assert Choice("c", "ab").options == ("ab",)


def test_outputs_are_a_mapping_that_stays():
    outputs = Outputs({"tier": "agent", "minutes": 15})
    assert {**outputs} == outputs
    assert len(outputs) == 2
    assert str(outputs) == "tier agent, minutes 15"
    assert hash(outputs) == hash(Outputs({"minutes": 15, "tier": "agent"}))
    assert str(Rule("r", EVERYTHING, outputs)) == "r: tier agent, minutes 15, when always"
