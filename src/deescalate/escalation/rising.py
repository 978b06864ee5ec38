"""Whether more of a fact ever leads lower: an exact proof that is quick for priority tables.

Where the highest outcome among the matching rules wins, a table is rising in a fact exactly if,
from every box of every rule, going up in that fact alone never leads below that rule's outcome.
Most boxes are open upwards and need no proof at all.
"""

from collections.abc import Callable, Iterator
from typing import cast

from deescalate.rules import EVERYTHING, Choice, Condition, Fact, Flag, HitPolicy, Number, Table
from deescalate.rules.conditions import Box
from deescalate.rules.proofs import Turn, Witness, always, is_monotone
from deescalate.rules.sets import NumberSet

__all__ = ["falls"]


def falls(table: Table, name: str, rank: Callable[[str], int]) -> Iterator[Turn | Witness]:
    """Find cases in which more of a fact leads lower; none is a proof that there are none.

    Args:
        table: A table with one outcome a case.
        name: A fact that it declares; choices rise in the order of their options.
        rank: How high an outcome stands; in a priority table, as in its list of outcomes.

    Raises:
        WorkLimitError: The proof would take too much work.

    >>> from deescalate.rules import Rule
    >>> anger = Number("anger", 0, 1)
    >>> rules = [Rule("hot", anger.between(0.7, 0.9), "boss")]
    >>> table = Table("desk", [anger], rules, "priority", default="desk", outcomes=["boss", "desk"])
    >>> next(falls(table, "anger", ["desk", "boss"].index)).outcome
    'desk'
    """
    outcomes = {str(rule.then) for rule in table.rules}
    lowest = table.default is not None and all(
        rank(str(table.default)) <= rank(each) for each in outcomes
    )
    if table.hit_policy is not HitPolicy.PRIORITY or not lowest:
        yield from is_monotone(table, name, rank)
        return
    fact = next(each for each in table.facts if each.name == name)
    for rule in table.rules:
        high_enough = _at_or_above(rank, str(rule.then))
        for box in rule.when.boxes:
            above = _above(fact, box)
            if above.boxes:
                yield from always(table, above, high_enough)


def _at_or_above(rank: Callable[[str], int], outcome: str) -> Callable[[str], bool]:
    least = rank(outcome)
    return lambda given: rank(given) >= least


def _above(fact: Fact, box: Box) -> Condition:
    """The cases outside a box that more of the fact alone leads to."""
    rest = Condition((Box(tuple(test for test in box if test.fact != fact)),))
    return rest & _at_least(fact, box) & ~Condition((box,))


def _at_least(fact: Fact, box: Box) -> Condition:
    values = box.of(fact)
    if isinstance(fact, Number):
        start = cast("NumberSet", values).intervals[0].start
        if not start.finite:
            return EVERYTHING
        return fact > start.value if start.after else fact >= start.value
    if isinstance(fact, Choice):
        first = next(place for place, each in enumerate(fact.options) if each in values)
        return fact.is_in(*fact.options[first:])
    return EVERYTHING if False in values else cast("Flag", fact).is_true()
