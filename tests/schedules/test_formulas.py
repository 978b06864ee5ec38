"""Formulas: exact, total, bounded, and data through and through."""

import math
from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.schedules import FUNCTIONS, Formula
from deescalate.schedules._formulas import _FUNCTIONS
from deescalate.schedules._spans import ANYTHING, Span, add, divide, hull, multiply, subtract

NAMES = ("price", "hours", "days")


@st.composite
def expressions(draw, depth=3):
    """A formula's text beside what it means, built from both ends without a parser."""
    kind = (
        draw(
            st.sampled_from(
                [
                    "number",
                    "name",
                    "sum",
                    "less",
                    "times",
                    "percent",
                    "min",
                    "max",
                    "over",
                    "begun",
                    "completed",
                    "up",
                    "penalty",
                    "raised",
                    "above",
                    "from",
                ]
            )
        )
        if depth
        else draw(st.sampled_from(["number", "name"]))
    )
    if kind == "number":
        number = draw(st.integers(0, 5_000))
        return f"{number / 10}", lambda _: Fraction(number, 10)
    if kind == "name":
        name = draw(st.sampled_from(NAMES))
        return name, lambda facts: facts[name]
    left, one = draw(expressions(depth - 1))
    right, two = draw(expressions(depth - 1))
    meanings = {
        "sum": (f"({left} + {right})", lambda f: one(f) + two(f)),
        "less": (f"({left} - {right})", lambda f: one(f) - two(f)),
        "times": (f"({left}) * ({right})", lambda f: one(f) * two(f)),
        "percent": (f"12.5% of ({left})", lambda f: one(f) / 8),
        "min": (f"min({left}, {right}, 7)", lambda f: min(one(f), two(f), Fraction(7))),
        "max": (f"max({left}, {right})", lambda f: max(one(f), two(f))),
        "over": (f"over({left}, {right})", lambda f: max(Fraction(0), one(f) - two(f))),
        "begun": (
            f"begun({left}, {right}, 12)",
            lambda f: Fraction(-(-max(Fraction(0), one(f) - two(f)) // 12)),
        ),
        "completed": (f"completed({left})", lambda f: Fraction(max(Fraction(0), one(f)) // 1)),
        "up": (f"round_down({left}, 0.05)", lambda f: Fraction(math.trunc(one(f) * 20), 20)),
        "penalty": (
            f"with_penalty({left}, {right})",
            lambda f: max(Fraction(0), one(f) + two(f)) if one(f) > 0 else Fraction(0),
        ),
        "raised": (
            f"raised_to({left}, {right})",
            lambda f: max(one(f), two(f)) if one(f) > 0 else Fraction(0),
        ),
        "above": (
            f"pays_above({left}, {right})",
            lambda f: one(f) if one(f) > 0 and one(f) > two(f) else Fraction(0),
        ),
        "from": (
            f"pays_from({left}, {right})",
            lambda f: one(f) if one(f) > 0 and one(f) >= two(f) else Fraction(0),
        ),
    }
    return meanings[kind]


FACTS = st.fixed_dictionaries(
    {name: st.fractions(-100, 1_000, max_denominator=60) for name in NAMES}
)


@given(expressions(), FACTS)
def test_law_a_formula_means_what_it_says(expression, facts):
    text, meaning = expression
    assume(len(text) <= 300)
    assert Formula.parse(text).value(facts) == meaning(facts)


@given(expressions(), FACTS, FACTS, FACTS)
def test_law_a_span_holds_every_value(expression, low, high, at):
    text, meaning = expression
    assume(len(text) <= 300)
    spans = {name: Span(min(low[name], high[name]), max(low[name], high[name])) for name in NAMES}
    inside = {name: min(max(at[name], span.low), span.high) for name, span in spans.items()}
    span = Formula.parse(text).span(spans)
    assert span.low <= meaning(inside) <= span.high


@given(expressions(), FACTS, st.lists(st.sampled_from(NAMES), unique=True))
def test_law_an_endless_span_holds_every_value(expression, facts, endless):
    text, meaning = expression
    assume(len(text) <= 300)
    spans = {
        name: Span(value if name != "days" else -math.inf, math.inf)
        if name in endless
        else Span.point(value)
        for name, value in facts.items()
    }
    span = Formula.parse(text).span(spans)
    assert span.low <= meaning(facts) <= span.high
    assert not math.isnan(span.low)
    assert not math.isnan(span.high)


@given(st.text())
def test_law_any_text_is_a_formula_or_one_clear_error(text):
    try:
        Formula.parse(text)
    except SettingError as error:
        assert error.name == "formula"


@given(st.text(alphabet="0123456789.+-*/(),% abof", max_size=60))
def test_law_formula_like_text_is_safe_too(text):
    try:
        formula = Formula.parse(text)
    except SettingError:
        return
    facts = dict.fromkeys(formula.names, Fraction(3))
    spans = {name: Span.point(value) for name, value in facts.items()}
    if not formula.divides_by_zero(spans):
        assert formula.span(spans).low <= formula.value(facts) <= formula.span(spans).high


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("25% of price + 3", 28),
        ("25 % of 2 * price", 50),
        ("price / 2 / 5", 10),
        ("-3 * -(2)", 6),
        ("2 - 3 - 4", -5),
        ("50%", Fraction(1, 2)),
        ("begun(hours, 24, 12)", 2),
        ("completed(hours, 24, 12)", 1),
        ("over(hours, 24)", 13),
        ("begun(10, 24, 12)", 0),
        ("round_up(50 / 6, 0.01)", Fraction(834, 100)),
        ("round_half_up(1062.5, 25)", 1075),
        ("round_half_even(1062.5, 25)", 1050),
        ("pays_from(4, 4) + pays_above(4, 4)", 4),
        ("raised_to(1, 20) + raised_to(0, 20)", 20),
        ("with_penalty(1, 40) + with_penalty(0, 40)", 41),
        ("min(4 * price, 2150)", 400),
    ],
)
def test_formulas_as_people_write_them(text, value):
    assert Formula.parse(text).value({"price": Fraction(100), "hours": Fraction(37)}) == value


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "a number, a name or `(` at its end"),
        ("25% of", "a number, a name or `(` at its end"),
        ("25% of of", "a number, a name or `(` at character 8"),
        ("1 % 2", "the end or one of `+ - * /` at character 5"),
        ("(1", "`)` at its end"),
        ("min(1, 2", "`)` at its end"),
        ("min(1)", "2 or more arguments of min"),
        ("over(1)", "2 arguments of over"),
        ("begun(1, 2, 3, 4)", "1 to 3 arguments of begun"),
        ("round_up(price, hours)", "the last argument of round_up to be a number above 0"),
        ("round_up(price, 0)", "the last argument of round_up to be a number above 0"),
        ("mim(1, 2)", "did you mean `min`?"),
        ("1 $ 2", "a number, a name or one of"),
        ("1..2", "a number, a name or one of"),
        ("price.__class__", "a number, a name or one of"),
        ("(" * 50 + "1" + ")" * 50, "brackets no deeper than 40"),
        ("-" * 200 + "1", "brackets no deeper than 40"),
        ("1" * 301, "at most 300 characters"),
    ],
)
def test_what_is_no_formula_says_where_and_why(text, expected):
    with pytest.raises(SettingError) as caught:
        Formula.parse(text)
    assert expected in str(caught.value)


def test_the_longest_sum_is_worked_out():
    assert Formula.parse("+".join("1" * 150)).value({}) == 150


@pytest.mark.parametrize("function", ["over", "begun", "completed"])
def test_over_an_endless_limit_is_nothing_and_over_none_is_endless(function):
    formula = Formula.parse(f"{function}(hours, days)")
    hours, least, most = (Span(Fraction(n), Fraction(n)) for n in (7, 2, 3))
    ends = {"hours": hours, "days": Span(least.low, math.inf)}
    assert formula.span(ends) == Span(Fraction(0), formula.value({"hours": 7, "days": 2}))
    ends = {"hours": hours, "days": Span(-math.inf, most.high)}
    assert formula.span(ends) == Span(formula.value({"hours": 7, "days": 3}), math.inf)


def test_every_function_is_described():
    assert set(FUNCTIONS) == set(_FUNCTIONS)
    for name, described in FUNCTIONS.items():
        assert f"{name}(" in described


def test_division_by_what_could_be_nothing_is_seen():
    formula = Formula.parse("price / (days - hours)")
    whole = {"price": ANYTHING, "days": Span(Fraction(5), math.inf)}
    assert formula.divides_by_zero({**whole, "hours": Span(Fraction(0), Fraction(9))})
    assert not formula.divides_by_zero({**whole, "hours": Span(Fraction(0), Fraction(4))})


ENDS = st.fractions(-50, 50, max_denominator=6)


@given(ENDS, ENDS, ENDS, ENDS, ENDS, ENDS)
def test_law_span_arithmetic_holds_every_pair(a, b, c, d, x, y):
    one, two = Span(min(a, b), max(a, b)), Span(min(c, d), max(c, d))
    x, y = min(max(x, one.low), one.high), min(max(y, two.low), two.high)
    for spans, value in ((add, x + y), (subtract, x - y), (multiply, x * y)):
        assert spans(one, two).low <= value <= spans(one, two).high
    if y:
        assert divide(one, two).low <= x / y <= divide(one, two).high
    assert hull([one, two]).low <= min(x, y)
    assert one.through(lambda end: end + 1).high == one.high + 1


SMALL = [Fraction(each, 4) for each in (-4, -1, 0, 1, 2, 3, 4, 5, 8)]


@pytest.mark.parametrize("amount", SMALL)
@pytest.mark.parametrize("other", SMALL)
def test_near_nothing_every_function_gives_what_it_is_described_to_give(amount, other):
    def given_(text):
        return Formula.parse(text).value({"a": amount, "b": other})

    due = amount > 0
    assert given_("pays_from(a, b)") == (amount if due and amount >= other else 0)
    assert given_("pays_above(a, b)") == (amount if due and amount > other else 0)
    assert given_("raised_to(a, b)") == (max(amount, other) if due else 0)
    assert given_("with_penalty(a, b)") == (max(amount + other, 0) if due else 0)
    left = max(amount - other, 0)
    assert given_("over(a, b)") == left
    assert given_("begun(a, b, 0.5)") == math.ceil(left * 2)
    assert given_("completed(a, b, 0.5)") == math.floor(left * 2)
    assert given_("begun(a)") == math.ceil(max(amount, 0))
    assert given_("completed(a)") == math.floor(max(amount, 0))


FAR = Fraction(10**6)
REACH = st.sampled_from([*SMALL, Fraction(3), None])
"""An end of a span; nothing for none."""


@pytest.mark.parametrize(
    "text",
    [
        "a + b", "a - b", "a * b", "a / b", "min(a, b)", "max(a, b)", "over(a, b)", "pays_from(a, b)",
        "begun(a, b, 0.5)", "completed(a, b, 0.5)", "pays_above(a, b)", "raised_to(a, b)",
        "with_penalty(a, b)", "round_up(a, 0.5) + b", "round_half_even(a, 2) - b",
    ],
)  # fmt: skip
@given(REACH, REACH, REACH, REACH)
def test_law_a_span_ends_where_the_furthest_values_are(text, a, b, c, d):
    """What goes on for ever is tried with a million, and the span of that is endless as well."""

    def between(low, high):
        assume(low is None or high is None or low <= high)
        return -FAR if low is None else low, FAR if high is None else high

    ends = {"a": between(a, b), "b": between(c, d)}
    assume(text != "a / b" or not ends["b"][0] <= 0 <= ends["b"][1])
    formula = Formula.parse(text)
    spans = {
        name: Span(
            *(end if abs(end) < FAR else math.copysign(math.inf, end) for end in both)
        )
        for name, both in ends.items()
    }  # fmt: skip
    values = [
        formula.value({"a": one, "b": two}) for one in ends["a"] for two in ends["b"]
    ]  # fmt: skip
    span = formula.span(spans)
    for found, value in ((span.low, min(values)), (span.high, max(values))):
        if abs(value) > FAR / 10:
            assert found == math.copysign(math.inf, value)
        else:
            assert found == pytest.approx(value, abs=1e-4)


def test_an_endless_span_is_met_by_a_number_of_any_size():
    great, tiny = Fraction(10**400), Fraction(1, 10**400)
    for size in (great, -great, tiny, -tiny):
        endless = Span(Fraction(1), math.inf)
        ends = sorted((size, math.inf if size > 0 else -math.inf))
        assert multiply(endless, Span.point(size)) == Span(*ends)
        assert multiply(Span.point(size), endless) == Span(*ends)
        assert add(endless, Span.point(size)) == Span(size + 1, math.inf)
        assert subtract(Span.point(size), endless) == Span(-math.inf, size - 1)
