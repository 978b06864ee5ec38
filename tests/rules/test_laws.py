"""The laws of tables, against an interpreter that shares nothing with the engine."""

import itertools
from collections import Counter
from decimal import Context, Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import HitPolicyError, TableError
from deescalate.rules import (
    EVERYTHING,
    Choice,
    Flag,
    HitPolicy,
    Number,
    Rule,
    Table,
)
from deescalate.rules.proofs import (
    always,
    can_merge,
    check,
    dead_rules,
    differences,
    gaps,
    is_monotone,
    nearest,
    never,
    overlaps,
    unreachable,
)
from deescalate.testing.rules import cases, conditions, numbers, tables

CONFLICT = "CONFLICT"
NUMBER = Number("n", 0, 3)
WHOLE = Number("w", 0, 3, integer=True)
MONEY = Number("m", 0, 3, decimal=True)
OPEN = Number("o", decimal=True)
CHOICE = Choice("c", ["a", "b", "d"])
FLAG = Flag("f")
FACTS = {"n": NUMBER, "w": WHOLE, "m": MONEY, "o": OPEN, "c": CHOICE, "f": FLAG}
CUTS = [0, 1, 2, 3, 0.5, 0.1, Decimal("0.1"), Decimal("1.50"), Decimal("1.51")]
SMALL = Decimal("0.1000000000000000000001")
VALUES = {
    "n": [
        0,
        0.05,
        Decimal("0.1"),
        SMALL,
        0.1,
        0.3,
        0.5,
        0.7,
        1,
        1.2,
        Decimal("1.5"),
        1.505,
        Decimal("1.51"),
        1.7,
        2,
        2.5,
        3,
    ],
    "w": [0, 1, 2, 3],
    "c": ["a", "b", "d"],
    "f": [False, True],
}
VALUES["m"] = [Decimal(each) for each in VALUES["n"]]
VALUES["o"] = [-1, *VALUES["m"], 4]
"""One value at least in every piece that the cuts make of the domain, so that trying all of them
is as good as trying everything."""

# --- the naive side: conditions as plain tuples, evaluated value by value ----------------------


def holds(spec, case):
    kind, *rest = spec
    if kind == "and":
        return all(holds(each, case) for each in rest)
    if kind == "or":
        return any(holds(each, case) for each in rest)
    if kind == "not":
        return not holds(rest[0], case)
    name, *wanted = rest
    value = case[name]
    if kind == "in":
        return value in wanted
    number, cut = Fraction(value), Fraction(wanted[0])
    if kind == "between":
        high, left, right = Fraction(wanted[1]), wanted[2], wanted[3]
        above = number >= cut if left else number > cut
        return above and (number <= high if right else number < high)
    return {
        "<": number < cut,
        "<=": number <= cut,
        ">": number > cut,
        ">=": number >= cut,
        "==": number == cut,
    }[kind]


def naive(policy, specs, default, order, case):
    hits = [then for when, then in specs if holds(when, case)]
    if policy in ("rule order", "collect", "output order"):
        if not hits:
            return () if default is None else (default,)
        return tuple(sorted(hits, key=order.index)) if policy == "output order" else tuple(hits)
    if policy == "collect count":
        return len(hits) if hits or default is None else default
    if not hits:
        return default
    if policy == "unique":
        return hits[0] if len(hits) == 1 else CONFLICT
    if policy == "any":
        return hits[0] if len(set(hits)) == 1 else CONFLICT
    return {
        "first": lambda: hits[0],
        "priority": lambda: min(hits, key=order.index),
        "collect sum": lambda: sum(hits),
        "collect min": lambda: min(hits),
        "collect max": lambda: max(hits),
    }[policy]()


def built(spec):
    kind, *rest = spec
    if kind == "and":
        return built(rest[0]) & built(rest[1])
    if kind == "or":
        return built(rest[0]) | built(rest[1])
    if kind == "not":
        return ~built(rest[0])
    fact, wanted = FACTS[rest[0]], rest[1:]
    if kind == "in":
        if isinstance(fact, Choice):
            return fact.is_in(*wanted)
        return fact.is_true() if wanted[0] else fact.is_false()
    if kind == "between":
        low, high, left, right = wanted
        ends = {(True, True): "both", (True, False): "left", (False, True): "right"}
        return fact.between(low, high, closed=ends.get((left, right), "neither"))
    return {
        "<": lambda: fact < wanted[0],
        "<=": lambda: fact <= wanted[0],
        ">": lambda: fact > wanted[0],
        ">=": lambda: fact >= wanted[0],
        "==": lambda: fact.is_(wanted[0]),
    }[kind]()


def asking_about(name):
    if name == "f":
        return st.tuples(st.just("in"), st.just("f"), st.booleans())
    if name == "c":
        options = st.lists(st.sampled_from(["a", "b", "d"]), min_size=1, max_size=2, unique=True)
        return options.map(lambda wanted: ("in", "c", *wanted))
    cut = st.sampled_from(CUTS)
    return st.one_of(
        st.tuples(st.sampled_from(["<", "<=", ">", ">=", "=="]), st.just(name), cut),
        st.tuples(st.just("between"), st.just(name), cut, cut, st.booleans(), st.booleans()),
    )


def specs_over(names):
    return st.recursive(
        st.sampled_from(names).flatmap(asking_about),
        lambda inner: st.one_of(
            st.tuples(st.sampled_from(["and", "or"]), inner, inner),
            st.tuples(st.just("not"), inner),
        ),
        max_leaves=4,
    )


class World:
    """A small table, and what the naive interpreter says of every case of it."""

    def __init__(self, names, policy, specs, default, order):
        self.names, self.policy, self.specs = names, policy, specs
        self.default, self.order = default, order
        rules = [Rule(f"r{at}", built(when), then) for at, (when, then) in enumerate(specs)]
        outcomes = order if policy in ("priority", "output order") else ()
        facts = [FACTS[name] for name in names]
        self.table = Table("world", facts, rules, policy, default, outcomes)
        self.cases = [
            dict(zip(names, values, strict=True))
            for values in itertools.product(*(VALUES[name] for name in names))
        ]
        self.said = {key(case): naive(policy, specs, default, order, case) for case in self.cases}

    def of(self, case):
        return self.said[key(case)]

    def check(self, case):
        """The naive answer for any case, of the grid or not."""
        return naive(self.policy, self.specs, self.default, self.order, case)


def key(case):
    return tuple(sorted(case.items()))


@st.composite
def worlds(draw, policies=tuple(each.value for each in HitPolicy)):
    names = draw(st.lists(st.sampled_from("wcf"), min_size=1, max_size=2, unique=True))
    names = [*draw(st.sampled_from(["", "n", "m", "o"])), *names]
    policy = draw(st.sampled_from(policies))
    order = (
        [1, 2, 3] if policy in ("collect sum", "collect min", "collect max") else ["x", "y", "z"]
    )
    rule = st.tuples(specs_over(names), st.sampled_from(order))
    specs = draw(st.lists(rule, max_size=5))
    numeric = policy in ("collect sum", "collect count")
    default = draw(st.sampled_from([None, 7 if numeric else order[0]]))
    return World(names, policy, specs, default, order)


def decided(table, case):
    try:
        return table.decide(case).outcome
    except HitPolicyError:
        return CONFLICT


# --- deciding ----------------------------------------------------------------------------------


@given(worlds())
def test_law_a_table_decides_as_the_naive_interpreter_does(world):
    for case in world.cases:
        found = decided(world.table, case)
        assert found == world.of(case)
        assert type(found) is type(world.of(case))


@given(worlds())
def test_law_the_rules_that_match_are_those_whose_condition_holds(world):
    for case in world.cases[:50]:
        names = [rule.name for rule in world.table.matches(case)]
        assert names == [f"r{at}" for at, (when, _) in enumerate(world.specs) if holds(when, case)]
        assert names == [rule.name for rule in world.table.rules if rule.when.holds(case)]


@given(worlds(), st.randoms(use_true_random=False))
def test_law_the_order_of_rules_matters_only_where_dmn_says_so(world, chance):
    if world.policy in ("first", "rule order"):
        return
    shuffled = list(world.table.rules)
    chance.shuffle(shuffled)
    table = world.table
    other = Table(
        table.name, table.facts, shuffled, table.hit_policy, table.default, table.outcomes
    )
    for case in world.cases:
        before, after = decided(table, case), decided(other, case)
        assert Counter(before) == Counter(after) if world.policy == "collect" else before == after


@given(worlds(), st.data())
def test_law_missing_facts_leave_exactly_what_some_completion_reaches(world, data):
    case = data.draw(st.sampled_from(world.cases))
    kept = data.draw(st.sets(st.sampled_from(world.names), max_size=len(world.names) - 1))
    part = {name: case[name] for name in kept}
    completions = [each for each in world.cases if part.items() <= each.items()]
    reached = {repr(world.of(each)) for each in completions}
    if reached == {repr(CONFLICT)}:
        with pytest.raises(HitPolicyError):
            world.table.decide(part)
        return
    verdict = world.table.decide(part)
    assert {repr(each) for each in verdict.possible} == reached - {repr(CONFLICT)}
    assert len(verdict.possible) == len({repr(each) for each in verdict.possible})
    assert verdict.decided == (len(reached) == 1 and reached != {"None"})
    turning = {
        name
        for each in completions
        for name in set(world.names) - kept
        for value in VALUES[name]
        if repr(world.of({**each, name: value})) != repr(world.of(each))
    }
    assert set(verdict.missing) == turning
    for rule in verdict.matched:
        assert all(rule.when.holds(each) for each in completions)


@given(tables())
def test_law_tables_compare_hash_and_survive_documents_and_pickling(table):
    import pickle

    for form in ("toml", "json", "mapping"):
        again = Table.from_document(table.to_document(form=form))
        assert again == table
        assert hash(again) == hash(table)
    assert pickle.loads(pickle.dumps(table)) == table  # noqa: S301  our own bytes


@given(st.data())
def test_law_conditions_keep_the_rules_of_logic(data):
    facts = list(FACTS.values())
    a, b = data.draw(conditions(facts)), data.draw(conditions(facts))
    case = data.draw(cases(facts))
    assert (a & b).holds(case) == (a.holds(case) and b.holds(case))
    assert (a | b).holds(case) == (a.holds(case) or b.holds(case))
    assert (~a).holds(case) != a.holds(case)


@given(worlds(), st.data())
def test_law_columns_say_what_single_cases_do(world, data):
    numpy = pytest.importorskip("numpy")
    chosen = data.draw(st.lists(st.sampled_from(world.cases), min_size=1, max_size=40))
    blanks = data.draw(st.lists(st.sampled_from([None, *world.names]), min_size=40, max_size=40))
    cells = [
        {name: value for name, value in case.items() if name != blank}
        for case, blank in zip(chosen, blanks, strict=False)
    ]
    if any(decided_or_conflict(world.table, case) == CONFLICT for case in cells):
        return
    columns = {}
    for name in world.names:
        column = [case.get(name) for case in cells]
        plain = (
            float
            if name in "nw" and not any(isinstance(each, Decimal) for each in column)
            else object
        )
        columns[name] = numpy.array(column, dtype=plain)
    result = world.table.decide_columns(columns)
    singles = [world.table.decide(case) for case in cells]
    assert [result[at] for at in range(len(cells))] == singles
    for field in ("outcome", "decided", "matched", "because", "possible", "missing"):
        assert getattr(result, field).tolist() == [getattr(each, field) for each in singles]


def decided_or_conflict(table, case):
    try:
        return table.decide(case)
    except HitPolicyError:
        return CONFLICT


# --- proving -----------------------------------------------------------------------------------


@given(worlds())
def test_law_gaps_are_just_the_cases_that_no_rule_matches(world):
    found = gaps(world.table, most=1000)
    for gap in found:
        assert not any(holds(when, gap.facts) for when, _ in world.specs)
    for case in world.cases:
        within = sum(lies_in(case, gap.region) for gap in found)
        assert within == (not any(holds(when, case) for when, _ in world.specs))


def lies_in(case, region):
    return all(case[test.fact.name] in test.values for test in region)


@given(worlds(), st.data())
def test_law_never_and_always_are_exact(world, data):
    spec = data.draw(specs_over(world.names))
    target = data.draw(st.sampled_from(["x", "y", 1, 2, 7]))
    when = built(spec)

    def comes(outcome):
        return target in outcome if isinstance(outcome, tuple) else outcome == target

    inside = [case for case in world.cases if holds(spec, case)]
    coming = [case for case in inside if comes(world.of(case))]
    found = never(world.table, when, target)
    assert bool(found) == bool(coming)
    for witness in found:
        assert holds(spec, witness.facts)
        assert comes(world.check(witness.facts))
    found = always(world.table, when, lambda outcome: outcome == target)
    assert bool(found) == (len(coming) < len(inside))
    for witness in found:
        assert holds(spec, witness.facts)
        assert not comes(world.check(witness.facts))


@given(worlds(), st.data())
def test_law_differences_are_just_the_cases_decided_differently(world, data):
    rule = st.tuples(specs_over(world.names), st.sampled_from(world.order))
    specs = [data.draw(st.one_of(st.just(each), rule)) for each in world.specs]
    default = data.draw(
        st.sampled_from([world.default, world.order[0] if world.policy != "collect count" else 7])
    )
    other = World(world.names, world.policy, specs, default, world.order)

    def plain(outcome):
        if outcome == CONFLICT:
            return None
        return Counter(outcome) if world.policy == "collect" else outcome

    found = differences(world.table, other.table, most=1000)
    for case in world.cases:
        differs = plain(world.of(case)) != plain(other.of(case))
        assert sum(lies_in(case, each.region) for each in found) == differs
    for each in found:
        assert plain(world.check(each.facts)) == plain(
            each.before if each.before is not None else CONFLICT
        )
        assert plain(other.check(each.facts)) == plain(
            each.after if each.after is not None else CONFLICT
        )


@given(worlds())
def test_law_dead_rules_are_just_those_that_decide_nothing(world):
    dead = {each.rule for each in dead_rules(world.table)}
    alive = set()
    for case in world.cases:
        verdict = decided_or_conflict(world.table, case)
        rules = world.table.matches(case) if verdict == CONFLICT else verdict.matched
        alive |= {rule.name for rule in rules}
    assert dead == {rule.name for rule in world.table.rules} - alive


@given(worlds())
def test_law_overlaps_are_just_the_pairs_that_match_together(world):
    pairs = {
        (f"r{a}", f"r{b}")
        for case in world.cases
        for a, b in itertools.combinations(
            [at for at, (when, _) in enumerate(world.specs) if holds(when, case)], 2
        )
    }
    found = overlaps(world.table)
    assert {each.rules for each in found} == pairs
    for each in found:
        assert {rule.name for rule in world.table.matches(each.facts)} >= set(each.rules)
        both = [world.specs[int(name[1:])][0] for name in each.rules]
        for case in world.cases:
            inside = any(lies_in(case, region) for region in each.regions)
            assert inside == all(holds(spec, case) for spec in both)


@given(worlds(["unique", "any", "priority", "first", "collect sum", "collect max"]), st.data())
def test_law_monotony_is_exact(world, data):
    name = data.draw(st.sampled_from(world.names))
    order = None if world.policy.startswith("collect") else world.order

    def rank(outcome):
        return outcome if order is None else order.index(outcome)

    def falls(one, other):
        before, after = world.of(one), world.of(other)
        return (
            CONFLICT not in (before, after)
            and None not in (before, after)
            and rank(after) < rank(before)
        )

    pairs = [
        (case, {**case, name: value})
        for case in world.cases
        for value in VALUES[name][VALUES[name].index(case[name]) + 1 :]
    ]
    found = is_monotone(world.table, name, order)
    assert bool(found) == any(falls(one, other) for one, other in pairs)
    for turn in found:
        assert rank(turn.after) < rank(turn.before)
        assert decided(world.table, turn.lower) == turn.before
        assert decided(world.table, turn.higher) == turn.after


@given(worlds(["priority", "first", "collect max"]), st.data())
def test_law_monotony_is_exact_where_the_highest_wins(world, data):
    name = data.draw(st.sampled_from(world.names))
    order = [1, 2, 3] if world.policy == "collect max" else ["x", "y", "z"]
    high_first = order if world.policy != "collect max" else order[::-1]
    specs = sorted(world.specs, key=lambda spec: high_first.index(spec[1]))
    default = data.draw(st.sampled_from([None, high_first[-1]]))
    world = World(world.names, world.policy, specs, default, order)

    def falls(one, other):
        before, after = world.of(one), world.of(other)
        return None not in (before, after) and high_first.index(after) > high_first.index(before)

    expected = any(
        falls(case, {**case, name: value})
        for case in world.cases
        for value in VALUES[name][VALUES[name].index(case[name]) + 1 :]
    )
    found = is_monotone(world.table, name, high_first[::-1])
    assert bool(found) == expected
    for turn in found:
        assert decided(world.table, turn.lower) == turn.before
        assert decided(world.table, turn.higher) == turn.after
        assert high_first.index(turn.after) > high_first.index(turn.before)
        assert {each for each in turn.lower if turn.lower[each] != turn.higher[each]} == {name}
        values = turn.lower[name], turn.higher[name]
        places = [FACTS[name].options.index(each) for each in values] if name == "c" else values
        assert places[0] < places[1]


@given(worlds(), st.data())
def test_law_nothing_is_nearer_than_nearest(world, data):
    case = data.draw(st.sampled_from(world.cases))
    if world.of(case) == CONFLICT:
        with pytest.raises(HitPolicyError):
            nearest(world.table, case)
        return
    others = [each for each in world.cases if world.of(each) not in (CONFLICT, world.of(case))]
    change = nearest(world.table, case)
    assert (change is None) == (not others)
    if change:
        fewest = min(sum(each[name] != case[name] for name in case) for each in others)
        assert len(change.changed) == fewest == int(change.distance)
        assert (
            decided(world.table, change.facts) == change.outcome != change.before == world.of(case)
        )
        near = [each for each in others if sum(each[name] != case[name] for name in case) == fewest]
        assert change.distance <= min(distance(case, each) for each in near) + 1e-12


@given(worlds(), st.data())
def test_law_nearest_misses_no_way_to_an_outcome(world, data):
    """For lists, as for ``always``, the outcome is to be in the list."""
    case = data.draw(st.sampled_from(world.cases))
    target = data.draw(st.sampled_from(world.order))

    def comes(outcome):
        return target in outcome if isinstance(outcome, tuple) else outcome == target

    if world.of(case) == CONFLICT:
        return
    there = [each for each in world.cases if comes(world.of(each))]
    change = nearest(world.table, case, target)
    assert change == nearest(world.table, case, lambda outcome: outcome == target)
    assert (change is None) == (comes(world.of(case)) or not there)
    if change:
        assert comes(decided(world.table, change.facts))
        fewest = min(sum(each[name] != case[name] for name in case) for each in there)
        assert len(change.changed) == fewest


def distance(case, other):
    """The stated measure, from the facts alone: facts that change, then how far numbers move."""
    changed = [name for name in case if case[name] != other[name]]
    ways = {
        name: abs(Fraction(case[name]) - Fraction(other[name]))
        for name in changed
        if name in "nwmo"
    }
    moves = [way / (way + 1) if name == "o" else way / 3 for name, way in ways.items()]
    return len(changed) + float(sum(moves)) / (len(changed) + 1)


@given(worlds())
def test_law_merging_changes_nothing(world):
    for merge in can_merge(world.table):
        first, second = merge.rules
        rules = [
            Rule(rule.name, merge.when, rule.then, rule.because) if rule.name == first else rule
            for rule in world.table.rules
            if rule.name != second
        ]
        table = world.table
        merged = Table(
            table.name, table.facts, rules, table.hit_policy, table.default, table.outcomes
        )
        for case in world.cases:
            before, after = decided(world.table, case), decided(merged, case)
            assert (
                Counter(before) == Counter(after) if world.policy == "collect" else before == after
            )


@given(worlds())
def test_law_unreachable_outcomes_are_never_reached(world):
    reached = set()
    for case in world.cases:
        said = world.of(case)
        reached |= set(said) if isinstance(said, tuple) else {said}
    stated = {world.default} - {None} | set(world.table.outcomes)
    if not world.table.hit_policy.totals:
        stated |= {then for _, then in world.specs}
    assert set(unreachable(world.table)) == stated - reached


@given(worlds())
def test_law_a_clean_check_means_no_failing_case(world):
    findings = check(world.table)
    assert all(str(finding) for finding in findings)
    errors = {finding.code for finding in findings if finding.severity == "error"}
    silent = any(world.of(case) is None for case in world.cases)
    conflict = any(world.of(case) == CONFLICT for case in world.cases)
    assert ("gap" in errors) == silent
    assert bool(errors & {"overlap", "conflict"}) == conflict


# --- witnesses, and the caller's context --------------------------------------------------------


def everything_proved(world, other):
    """What every proof has to say of a world, and of its change into another."""
    table = world.table
    yield from gaps(table)
    yield from overlaps(table)
    yield from dead_rules(table)
    yield from can_merge(table)
    yield from check(table)
    yield unreachable(table)
    yield from differences(table, other.table)
    for outcome in world.order:
        yield from always(table, EVERYTHING, outcome)
        yield from never(table, EVERYTHING, outcome)
    if world.policy in ("collect sum", "collect min", "collect max"):
        for name in world.names:
            yield from is_monotone(table, name)
    for case in world.cases[:3]:
        if world.of(case) != CONFLICT:
            yield nearest(table, case)


def shown(finding):
    """The cases that a finding shows, by name."""
    parts = ("facts", "lower", "higher")
    return [getattr(finding, each) for each in parts if getattr(finding, each, None)]


OWN = {"n": (int, float, Decimal), "w": (int,), "m": (int, Decimal), "o": (int, Decimal)}


@given(worlds(), worlds())
def test_law_every_witness_is_a_case_that_the_table_accepts_as_it_is(world, other):
    for case in itertools.chain.from_iterable(map(shown, everything_proved(world, other))):
        ours = {name: case[name] for name in world.names}
        assert world.table.check_case(ours) == ours
        assert all(type(case[name]) in OWN[name] for name in case if name in OWN)


HOSTILE = Context(prec=2, Emin=-3, Emax=3, traps=[*Context().flags])


@given(worlds(), worlds())
def test_law_the_context_of_decimals_never_matters(world, other):
    plain = [*map(repr, everything_proved(world, other))]
    said = [decided(world.table, case) for case in world.cases]
    with localcontext(HOSTILE):
        again = World(world.names, world.policy, world.specs, world.default, world.order)
        assert [*map(repr, everything_proved(again, other))] == plain
        assert [decided(again.table, case) for case in world.cases] == said


ANY_CUT = st.sampled_from([0, 1, 3, 0.1, 2.5, Decimal("0.1"), Decimal("2.50"), Decimal("2.51")])


@given(numbers("n"), numbers("n"), ANY_CUT, ANY_CUT, st.booleans())
def test_law_differences_show_cases_that_both_versions_accept(old, new, low, high, hostile):
    versions = [
        Table("desk", [fact], [Rule("r", fact > cut, "x")], default="y")
        for fact, cut in ((old, low), (new, high))
    ]
    with localcontext(HOSTILE if hostile else Context()):
        try:
            found = differences(*versions)
        except TableError:
            return
        for each in found:
            said = [table.decide(table.check_case(each.facts)).outcome for table in versions]
            assert said == [each.before, each.after]
            assert sorted(said) == ["x", "y"]
