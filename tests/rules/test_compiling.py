"""What makes a decision quick must not be seen in it: grids, joints and the best rules first."""

import math
import random
from bisect import bisect_right
from collections import Counter, OrderedDict, defaultdict
from decimal import Decimal
from types import MappingProxyType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import FactError
from deescalate.rules import EVERYTHING, Choice, Flag, Number, Rule, Table, any_of
from deescalate.rules._engine.asking import HEAD, MANY, matcher_for
from deescalate.rules._engine.compiling import grid_over, join
from deescalate.rules._engine.table import MOST_REMEMBERED

X, Y = Number("x", 0, 1000), Number("y")
KIND, LOST = Choice("kind", ["a", "b", "c"]), Flag("lost")
FACTS = [X, Y, KIND, LOST]

floats = st.floats(allow_nan=False, allow_infinity=False)


@given(st.lists(floats | st.integers(0, 50).map(float), max_size=60, unique=True), floats)
def test_law_a_cell_of_a_grid_tells_the_place_of_every_float(cuts, value):
    cuts = sorted(cuts)
    grid = grid_over(cuts)
    if grid is None:
        return
    tried = [
        value,
        *cuts,
        *(math.nextafter(cut, side) for cut in cuts for side in (-math.inf, math.inf)),
    ]
    for each in tried:
        if grid.low <= each < grid.high:
            place = grid.places[int((each - grid.low) * grid.scale)]
            assert place in (0, bisect_right(cuts, each))


def test_a_grid_is_laid_only_where_it_helps():
    even = [float(cut) for cut in range(100)]
    clear = [place for place in grid_over([*even, math.inf]).places if place]
    assert len(clear) > 200
    assert grid_over([0.0, 1.0]).places == (0, 1, 1, 1, 1, 1, 1, 1, 0)
    assert grid_over([]) is None
    assert grid_over([0.0, math.inf]) is None
    assert grid_over([-1.7e308, 1.7e308]) is None
    assert grid_over([0.0, 5e-324]) is None
    assert grid_over([*(cut * 1e-9 for cut in even), 1e9]) is None


def many(policy, count, *, span=400, seed=1):
    """Rules over spans of a number, some of several boxes, with cuts at round numbers."""
    chance = random.Random(seed)
    rules = []
    for number in range(count):
        low = chance.randrange(1000 - span // 2)
        when = X.between(
            low, low + chance.randrange(1, span), closed=chance.choice(["left", "both"])
        )
        if number % 3 == 0:
            when &= Y.between(chance.randrange(200), 999)
        if number % 5 == 0:
            when = any_of(when & KIND.is_(chance.choice("ab")), when & LOST.is_true())
        rules.append(Rule(f"r{number}", when, number % 40 if policy != "first" else number))
    return rules


def first_that_holds(rules, case):
    return next((rule for rule in rules if rule.when.holds(case)), None)


def cases_around(count, seed=2):
    chance = random.Random(seed)
    for _ in range(count):
        x = chance.choice(
            [chance.randrange(1001), chance.uniform(0, 1000), Decimal(chance.randrange(1001))]
        )
        y = chance.choice([chance.randrange(-5, 210), chance.uniform(-5, 210)])
        yield {"x": x, "y": y, "kind": chance.choice("abc"), "lost": chance.random() < 0.1}


@pytest.mark.unwatched
@pytest.mark.parametrize("span", [400, 3])
def test_a_table_of_many_rules_finds_the_first(span):
    rules = many("first", MANY + 100, span=span)
    table = Table("many", FACTS, rules, "first", default="none")
    for case in cases_around(150):
        rule = first_that_holds(rules, case)
        assert table.decide(case).outcome == ("none" if rule is None else rule.then)


@pytest.mark.unwatched
def test_many_rules_of_few_ranks_are_all_named():
    rules = many("priority", MANY + 100)
    table = Table("many", FACTS, rules, "priority", default=39, outcomes=range(40))
    for case in cases_around(100):
        holding = [rule for rule in rules if rule.when.holds(case)]
        best = min((rule.then for rule in holding), default=39)
        verdict = table.decide(case)
        assert verdict.outcome == best
        assert verdict.matched == tuple(rule for rule in holding if rule.then == best)


def test_the_best_rules_are_asked_first_only_where_they_decide_most():
    def steps(rules, policy="first", **more):
        table = Table("many", FACTS, rules, policy, default=0, **more)
        matcher = matcher_for(table.axes, table.decider, {}, lambda _: "v")
        return matcher.__code__.co_freevars

    wide, narrow = many("first", MANY), many("first", MANY, span=3)
    assert "otherwise" in steps(wide)
    assert "otherwise" not in steps(narrow)
    assert "otherwise" not in steps(wide[:HEAD])
    assert "otherwise" not in steps(wide, "collect count")
    one_rank = [Rule(rule.name, rule.when, 1) for rule in wide]
    assert "otherwise" not in steps(one_rank, "priority", outcomes=[1, 0])


@pytest.mark.parametrize("count", [5, 13])
def test_what_the_first_rules_leave_open_is_remembered_in_bounds(count):
    flags = [Flag(f"f{number}") for number in range(count)]
    best = [Rule(f"best {flag.name}", flag.is_true(), 1) for flag in flags]
    rest = [Rule(f"rest {number}", Y.between(number, number + 1), 2) for number in range(MANY)]
    table = Table("t", [*flags, Y], [*best, *rest], "priority", default=3, outcomes=[1, 2, 3])
    for case in range(2**count):
        facts = {flag.name: bool(case >> place & 1) for place, flag in enumerate(flags)}
        verdict = table.decide(facts | {"y": 7.5})
        assert len(verdict.matched) == (case.bit_count() or 1)
        assert verdict.outcome == (1 if case else 2)
    assert table.decide(dict.fromkeys(facts, False) | {"y": -1.5}).outcome == 3
    assert len(table._known) <= MOST_REMEMBERED


@pytest.mark.parametrize(
    "kind", [OrderedDict, MappingProxyType, lambda given: defaultdict(float, given)]
)
def test_any_mapping_will_do(kind):
    table = Table("t", [X, LOST], [Rule("a", X > 5, 1)], "first", default=0)
    assert table.decide(kind({"x": 6, "lost": False})).outcome == 1
    assert table.decide(kind({"x": 3, "lost": False})).outcome == 0
    assert table.decide(kind({"lost": False})).missing == ("x",)


def test_a_mapping_that_makes_up_values_hides_no_misspelling():
    table = Table("t", [X, Y], [Rule("a", X > 5, 1)], "first", default=0)
    with pytest.raises(FactError, match="did you mean"):
        table.decide(Counter({"x": 6, "yy": 2}))
    with pytest.raises(FactError, match="unknown"):
        table.decide(defaultdict(float, {"x": 6, "z": 2}))


@pytest.mark.parametrize(
    "value",
    [
        None,
        True,
        "3",
        math.nan,
        math.inf,
        -1,
        1000.5,
        Decimal("NaN"),
        Decimal("sNaN"),
        10**400,
        [3],
        object(),
    ],
)
@pytest.mark.parametrize("rules", [many("first", MANY + 10), many("first", 200), many("first", 3)])
def test_what_no_table_can_use_is_refused_by_all_of_them(value, rules):
    table = Table("t", FACTS, rules, "first", default="none")
    good = {"x": 3, "y": 3, "kind": "a", "lost": False}
    assert table.decide(good).decided
    with pytest.raises(FactError, match="`x`"):
        table.decide(good | {"x": value})
    for name in ("kind", "lost"):
        with pytest.raises(FactError, match=f"`{name}`"):
            table.decide(good | {name: 1})


def test_what_one_number_alone_decides_needs_no_more_than_its_place():
    cuts = [
        Rule(f"r{number}", X.between(number, number + 1, closed="left"), number)
        for number in range(300)
    ]
    table = Table("t", [X], cuts, "first", default=-1)
    for number in range(300):
        assert table.decide({"x": number}).outcome == number
        assert table.decide({"x": number + 0.5}).outcome == number
        assert table.decide({"x": Decimal(number)}).outcome == number
    assert table.decide({"x": 999.0}).outcome == -1
    with pytest.raises(FactError):
        table.decide({"x": 1001.0})
    joint = join(table.axes, table.decider, lambda mask: mask)
    assert joint.joined
    assert not joint.apart


def test_a_table_without_facts_decides():
    table = Table("t", [], [Rule("a", EVERYTHING, 1)], "first")
    assert table.decide({}).outcome == 1


@pytest.mark.parametrize("low", [None, 0])
@pytest.mark.parametrize("high", [None, 9])
@pytest.mark.parametrize("kind", [float, int, Decimal])
def test_the_ends_of_every_domain_are_kept(low, high, kind):
    fact = Number("n", low, high, integer=kind is int, decimal=kind is Decimal)
    table = Table(
        "t", [fact], [Rule("a", fact >= 5, 1), Rule("b", fact < 2, 2)], "first", default=0
    )
    for value, outcome in {1: 2, 3: 0, 5: 1, 9: 1}.items():
        assert table.decide({"n": kind(value)}).outcome == outcome
        assert table.decide({"n": value}).outcome == outcome
    for value in (-1, -(10**30)):
        if low is None:
            assert table.decide({"n": kind(value)}).outcome == 2
        else:
            with pytest.raises(FactError):
                table.decide({"n": kind(value)})
    for value in (10, 10**30):
        if high is None:
            assert table.decide({"n": kind(value)}).outcome == 1
        else:
            with pytest.raises(FactError):
                table.decide({"n": kind(value)})
    for word in ("nan", "inf", "-inf"):
        for value in (float(word), Decimal(word)):
            with pytest.raises(FactError):
                table.decide({"n": value})
