"""The proofs against a solver that shares nothing with them: z3, on random tables."""

from fractions import Fraction

import z3
from hypothesis import given, settings

from deescalate.rules import EVERYTHING, Choice, Number, Table
from deescalate.rules.proofs import gaps, is_monotone, never, overlaps
from deescalate.testing.rules import tables

NONE, CONFLICT = -1, -2


def variable(fact, tag=""):
    name = f"{fact.name}{tag}"
    if isinstance(fact, Number):
        return z3.Int(name) if fact.integer else z3.Real(name)
    return z3.Int(name) if isinstance(fact, Choice) else z3.Bool(name)


def rational(value):
    exact = Fraction(value)
    return z3.Q(exact.numerator, exact.denominator)


def lies_in(fact, values, x):
    """That a fact is one of some values: written from what the sets say of themselves."""
    if not isinstance(fact, Number):
        options = fact.options if isinstance(fact, Choice) else (False, True)
        return z3.Or(
            [
                x == (at if isinstance(fact, Choice) else each)
                for at, each in enumerate(options)
                if each in values
            ]
        )
    ways = []
    for stretch in values.stretches:
        ends = []
        if stretch.start.finite:
            low = rational(stretch.start.value)
            ends.append(x > low if stretch.start.after else x >= low)
        if stretch.end.finite:
            high = rational(stretch.end.value)
            ends.append(x <= high if stretch.end.after else x < high)
        ways.append(z3.And(ends))
    return z3.Or(ways)


def domain(table, xs):
    return z3.And([lies_in(fact, fact.domain, xs[fact.name]) for fact in table.facts])


def holds(condition, xs):
    return z3.Or(
        [
            z3.And([lies_in(test.fact, test.values, xs[test.fact.name]) for test in box])
            for box in condition.boxes
        ]
    )


def is_possible(*claims):
    solver = z3.Solver()
    solver.add(*claims)
    found = solver.check()
    assert found != z3.unknown
    return found == z3.sat


def first_of(table, xs, numbers):
    """The outcome of a table whose first rule wins, as a number."""
    said = z3.IntVal(numbers[table.default])
    for rule in reversed(table.rules):
        said = z3.If(holds(rule.when, xs), z3.IntVal(numbers[rule.then]), said)
    return said


@given(tables())
@settings(max_examples=25)
def test_law_there_is_a_gap_just_where_the_solver_finds_one(table):
    xs = {fact.name: variable(fact) for fact in table.facts}
    missed = z3.Not(z3.Or([holds(rule.when, xs) for rule in table.rules]))
    assert bool(gaps(table)) == is_possible(domain(table, xs), missed)


@given(tables())
@settings(max_examples=25)
def test_law_rules_overlap_just_where_the_solver_finds_a_case_of_both(table):
    xs = {fact.name: variable(fact) for fact in table.facts}
    pairs = {
        (one.name, other.name)
        for at, one in enumerate(table.rules)
        for other in table.rules[at + 1 :]
        if is_possible(domain(table, xs), holds(one.when, xs), holds(other.when, xs))
    }
    found = {tuple(each.rules) for each in overlaps(table, most=1_000)}
    assert {frozenset(each) for each in found} == {frozenset(each) for each in pairs}


@given(tables(hit_policy="first"))
@settings(max_examples=25)
def test_law_an_outcome_never_comes_just_where_the_solver_finds_no_case(table):
    xs = {fact.name: variable(fact) for fact in table.facts}
    outcomes = list(dict.fromkeys([*(rule.then for rule in table.rules), table.default]))
    numbers = {each: at if each is not None else NONE for at, each in enumerate(outcomes)}
    said = first_of(table, xs, numbers)
    for outcome in filter(lambda each: each is not None, outcomes):
        comes = is_possible(domain(table, xs), said == numbers[outcome])
        assert bool(never(table, EVERYTHING, outcome)) == comes


@given(tables(hit_policy="first"))
@settings(max_examples=25)
def test_law_a_table_is_monotone_just_where_the_solver_finds_no_turn(table):
    outcomes = list(dict.fromkeys([*(rule.then for rule in table.rules), table.default]))
    order = [each for each in outcomes if each is not None]
    numbers = {each: at for at, each in enumerate(order)} | {None: NONE}
    for fact in table.facts:
        low = {each.name: variable(each) for each in table.facts}
        high = {**low, fact.name: variable(fact, "'")}
        more = (
            high[fact.name] > low[fact.name]
            if isinstance(fact, Number | Choice)
            else z3.And(high[fact.name], z3.Not(low[fact.name]))
        )
        before, after = first_of(table, low, numbers), first_of(table, high, numbers)
        turns = is_possible(
            domain(table, low),
            domain(table, high),
            more,
            before != NONE,
            after != NONE,
            after < before,
        )
        for turned in (order, order[::-1]):
            wanted = turns
            if turned is not order:
                flipped = {each: at for at, each in enumerate(turned)} | {None: NONE}
                before, after = first_of(table, low, flipped), first_of(table, high, flipped)
                wanted = is_possible(
                    domain(table, low),
                    domain(table, high),
                    more,
                    before != NONE,
                    after != NONE,
                    after < before,
                )
            assert bool(is_monotone(table, fact.name, turned)) == wanted


def test_the_solver_sees_what_it_should():
    anger = Number("anger", 0, 1)
    table = Table("desk", [anger], [], "first")
    assert is_possible(domain(table, {"anger": variable(anger)}))
    assert not is_possible(domain(table, {"anger": variable(anger)}), variable(anger) > 1)
