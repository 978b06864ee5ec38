"""Strategies for facts, conditions, rules, tables and cases."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

from hypothesis import strategies as st

from deescalate.rules import Choice, Condition, Fact, Flag, HitPolicy, Number, Rule, Table
from deescalate.rules._engine.facts import Closed
from deescalate.rules._engine.sets import NumberSet

__all__ = ["cases", "conditions", "facts", "numbers", "rules", "tables", "values_of"]

NAMES = ("anger", "waiting", "contacts", "threat", "tier", "vulnerable", "lost", "amount")
OPTIONS = ("none", "legal", "violence", "leaving")
CUTS: tuple[Any, ...] = (0, 1, 2, 3, 5, 0.1, 0.5, 0.7, 2.5, Decimal("0.1"), Decimal("2.50"))


@st.composite
def numbers(draw: st.DrawFn, name: str = "anger") -> Number:
    """Numbers with all kinds of domains.

    >>> from hypothesis import find
    >>> find(numbers(), lambda number: number.integer).name
    'anger'
    """
    low = draw(st.sampled_from([None, 0, -1, 0.5, Decimal("0.1")]))
    high = draw(st.sampled_from([None, 3, 10, 2.5, Decimal("7.3")]))
    kind = draw(st.sampled_from(["plain", "integer", "decimal"]))
    unit = draw(st.sampled_from(["", "min"]))
    return Number(name, low, high, unit=unit, integer=kind == "integer", decimal=kind == "decimal")


@st.composite
def facts(draw: st.DrawFn, *, most: int = 4) -> tuple[Fact, ...]:
    """One fact or more, with different names.

    Args:
        draw: Supplied by Hypothesis.
        most: Facts at most.
    """
    names = draw(st.lists(st.sampled_from(NAMES), min_size=1, max_size=most, unique=True))
    return tuple(draw(_fact(name)) for name in names)


def _fact(name: str) -> st.SearchStrategy[Fact]:
    options = st.lists(st.sampled_from(OPTIONS), min_size=1, max_size=4, unique=True)
    return st.one_of(
        numbers(name), options.map(lambda listed: Choice(name, listed)), st.just(Flag(name))
    )


def conditions(declared: Sequence[Fact]) -> st.SearchStrategy[Condition]:
    """Conditions over some facts: comparisons, ranges and options, with and, or and not.

    Args:
        declared: The facts.
    """
    tests = st.sampled_from(list(declared)).flatmap(_test)
    return st.recursive(
        tests,
        _combined,
        max_leaves=5,
    )


def _combined(inner: st.SearchStrategy[Condition]) -> st.SearchStrategy[Condition]:
    pairs = st.tuples(inner, inner)
    return st.one_of(
        pairs.map(lambda pair: pair[0] & pair[1]),
        pairs.map(lambda pair: pair[0] | pair[1]),
        inner.map(lambda condition: ~condition),
    )


def _test(fact: Fact) -> st.SearchStrategy[Condition]:
    if isinstance(fact, Number):
        cut = st.sampled_from(CUTS)
        ends: list[Closed] = ["both", "left", "right", "neither"]
        closed = st.sampled_from(ends)
        return st.one_of(
            cut.map(lambda value: fact >= value),
            cut.map(lambda value: fact > value),
            cut.map(lambda value: fact <= value),
            cut.map(lambda value: fact < value),
            cut.map(fact.is_),
            cut.map(fact.is_not),
            st.tuples(cut, cut, closed).map(
                lambda span: fact.between(span[0], span[1], closed=span[2])
            ),
        )
    if isinstance(fact, Choice):
        return st.lists(st.sampled_from(fact.options), min_size=1).map(
            lambda options: fact.is_in(*options)
        )
    flag = cast("Flag", fact)
    return st.sampled_from([flag.is_true(), flag.is_false()])


@st.composite
def rules(
    draw: st.DrawFn, declared: Sequence[Fact], outcomes: Sequence[Any], *, most: int = 5
) -> list[Rule]:
    """Rules over some facts, with different names.

    Args:
        draw: Supplied by Hypothesis.
        declared: The facts.
        outcomes: The outcomes they may have.
        most: Rules at most.
    """
    count = draw(st.integers(0, most))
    because = st.sampled_from(["", "so it was agreed", "for their sake"])
    return [
        Rule(
            f"rule {place}",
            draw(conditions(declared)),
            draw(st.sampled_from(outcomes)),
            draw(because),
        )
        for place in range(count)
    ]


@st.composite
def tables(draw: st.DrawFn, *, hit_policy: str | None = None, most_facts: int = 4) -> Table:
    """Tables of every hit policy.

    Args:
        draw: Supplied by Hypothesis.
        hit_policy: The hit policy; ``None`` for any.
        most_facts: Facts at most.

    >>> from hypothesis import find
    >>> find(tables(hit_policy="first"), lambda table: len(table.rules) > 1).hit_policy.value
    'first'
    """
    policy = HitPolicy(hit_policy or draw(st.sampled_from([each.value for each in HitPolicy])))
    outcomes: list[Any] = ["security", "supervisor", "agent"]
    if policy.needs_numbers:
        outcomes = [10, 25, -3]
    declared = draw(facts(most=most_facts))
    default = 0 if policy.totals else outcomes[-1]
    return Table(
        "table",
        declared,
        draw(rules(declared, outcomes)),
        policy.value,
        default=draw(st.sampled_from([None, default])),
        outcomes=outcomes if policy.needs_order else (),
    )


def values_of(fact: Fact) -> st.SearchStrategy[Any]:
    """Values that a fact may take: for numbers, at and around the cuts above too.

    Args:
        fact: The fact.
    """
    if not isinstance(fact, Number):
        return st.sampled_from([fact.check(each) for each in _options(fact)])
    pool: list[Any] = [
        -1,
        4,
        6,
        7,
        10,
        100,
        0.05,
        0.3,
        0.6,
        1.7,
        2.7,
        Decimal("0.3"),
        Decimal("7.3"),
    ]
    pool += [*CUTS, Decimal("0.10000000000000000001"), 0.7000000000000001, 2.4999999999999996]
    allowed = [each for each in pool if is_allowed(fact, each)]
    start = fact.domain.stretches[0].start
    end = fact.domain.stretches[-1].end
    edges = [bound.value for bound in (start, end) if bound.finite]
    return st.sampled_from([*allowed, *(each for each in edges if is_allowed(fact, each))])


def _options(fact: Fact) -> Sequence[object]:
    return fact.options if isinstance(fact, Choice) else (False, True)


def is_allowed(fact: Number, value: Any) -> bool:
    """Whether a number lies in a fact's domain and is of a type that it takes."""
    if fact.decimal and isinstance(value, float):
        return False
    return (not fact.integer or value == int(value)) and value in NumberSet.of(
        *fact.domain.stretches
    )


def cases(
    declared: Sequence[Fact], *, complete: bool = True
) -> st.SearchStrategy[Mapping[str, Any]]:
    """Cases: a value for every fact, or for some.

    Args:
        declared: The facts.
        complete: Whether every fact has a value.

    >>> from hypothesis import find
    >>> find(cases([Flag("lost")]), lambda case: case["lost"])
    {'lost': True}
    """
    known = {fact.name: values_of(fact) for fact in declared}
    if complete:
        return st.fixed_dictionaries(known)
    return st.fixed_dictionaries({}, optional=known)
