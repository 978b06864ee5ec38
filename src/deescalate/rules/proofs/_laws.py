"""Laws of a table: an outcome that always or never comes where something holds."""

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal
from itertools import islice
from typing import Any

from deescalate.rules._engine.conditions import Box, Condition
from deescalate.rules._engine.declared import check_conditions
from deescalate.rules._engine.matching import axes_of
from deescalate.rules._engine.plain import Real, exactly, is_list, is_mapping
from deescalate.rules._engine.policies import Decider, HitPolicy, bits_of
from deescalate.rules._engine.rules import Scalar, kind_of
from deescalate.rules._engine.table import Table
from deescalate.rules.proofs._covering import DEFAULT_LIMIT
from deescalate.rules.proofs._search import Found, Search, Witness, sample_of

__all__ = ["Expected", "always", "comes_to", "never", "to_test", "witness_of"]

Expected = Scalar | Mapping[str, Scalar] | Callable[[Any], bool]
"""An outcome, as its value, some of its outputs, or a function that says whether it is meant."""


def always(
    table: Table, when: Condition, outcome: Expected, *, most: int = 3, limit: int = DEFAULT_LIMIT
) -> tuple[Witness, ...]:
    """Prove that an outcome comes in every case of a kind, or show cases in which it does not.

    Args:
        table: The table.
        when: The cases; ``EVERYTHING`` for all.
        outcome: The outcome: a value, a mapping of outputs that it must have (it may have more),
            or a function that is given an outcome and says whether it will do. Where the hit
            policy lists outcomes, one in the list has to be it.
        most: Witnesses given at most.
        limit: Regions looked at before giving up.

    Returns:
        Cases in which it does not come, which include those that no rule decides and those that
        break the hit policy. Empty: it is proved, for the whole declared domain.

    Raises:
        WorkLimitError: It would take more work than the limit.
        TableError: ``when`` asks about a fact that the table does not declare.

    >>> from deescalate.rules import Choice, Number, Rule, Table
    >>> anger, threat = Number("anger", 0, 1), Choice("threat", ["none", "violence"])
    >>> rules = [
    ...     Rule("calm", anger < 0.2, "agent"),
    ...     Rule("violent", threat.is_("violence"), "security"),
    ... ]
    >>> desk = Table("desk", [anger, threat], rules, "first", default="agent")
    >>> print(*always(desk, threat.is_("violence"), "security"))
    anger is below 0.2 and threat is violence: agent (such as anger = 0, threat = violence)
    """
    search = _search(table, when, f"always of {table.name}", limit)
    return _prove(table, when, search, _Question(table.decider, outcome, wanted=True), most)


def never(
    table: Table, when: Condition, outcome: Expected, *, most: int = 3, limit: int = DEFAULT_LIMIT
) -> tuple[Witness, ...]:
    """Prove that an outcome comes in no case of a kind, or show cases in which it does.

    Args:
        table: The table.
        when: The cases; ``EVERYTHING`` for all.
        outcome: The outcome: a value, a mapping of outputs (an outcome that has these and more is
            meant too), or a function that is given an outcome and says whether it is meant.
            Where the hit policy lists outcomes, it must not be in the list.
        most: Witnesses given at most.
        limit: Regions looked at before giving up.

    Returns:
        Cases in which it does come. Empty: it is proved, for the whole declared domain.

    Raises:
        WorkLimitError: It would take more work than the limit.
        TableError: ``when`` asks about a fact that the table does not declare.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> rules = [Rule("hot", anger >= 0.7, "listen"), Rule("offer", anger <= 0.8, "offer")]
    >>> desk = Table("desk", [anger], rules, "first")
    >>> never(desk, anger >= 0.7, "offer")
    ()
    """
    search = _search(table, when, f"never of {table.name}", limit)
    return _prove(table, when, search, _Question(table.decider, outcome, wanted=False), most)


def to_test(outcome: Expected) -> Callable[[Any], bool]:
    """Make a test of outcomes from what a caller wrote for one.

    >>> from deescalate.rules import Outputs
    >>> to_test({"tier": "manager"})(Outputs({"tier": "manager", "minutes": 15}))
    True
    """
    if callable(outcome):
        return outcome
    if is_mapping(outcome):
        parts: dict[str, object] = {name: kind_of(value) for name, value in outcome.items()}
        return lambda given: (
            is_mapping(given)
            and all(name in given and kind_of(given[name]) == kind for name, kind in parts.items())
        )
    kind = kind_of(outcome)
    return lambda given: kind_of(given) == kind


def comes_to(meant: Callable[[Any], bool], outcome: object) -> bool:
    """Whether an outcome, or one in a list of outcomes, is what is meant.

    >>> comes_to(to_test("refund"), ("apology", "refund")), comes_to(to_test("refund"), None)
    (True, False)
    """
    if is_list(outcome):
        return any(map(meant, outcome))
    return outcome is not None and bool(meant(outcome))


def _search(table: Table, when: Condition, task: str, limit: int) -> Search:
    check_conditions(table.facts, [("when", when)])
    return Search(axes_of(table.facts, (*table.decider.boxes, *when.boxes)), task, limit)


def _prove(
    table: Table, when: Condition, search: Search, question: "_Question", most: int
) -> tuple[Witness, ...]:
    count = len(table.decider.boxes)
    found = (
        witness_of(table, each.region)
        for place in range(len(when.boxes))
        for each in question.ask(search, 1 << count + place)
    )
    return tuple(islice(found, most))


def witness_of(table: Table, region: Box) -> Witness:
    """A region with one of its cases, decided."""
    facts = sample_of(table.facts, region)
    hit = table.decider.resolve(table.mask_of(facts))
    rules = tuple(table.rules[place].name for place in hit.rules)
    return Witness(region=region, facts=facts, outcome=hit.outcome, rules=rules)


class _Question:
    """Where a decision is a breach: an outcome that is meant and not wanted, or the reverse."""

    def __init__(self, decider: Decider, outcome: Expected, *, wanted: bool) -> None:
        self.decider = decider
        self.meant = meant = to_test(outcome)
        self.value = outcome if isinstance(outcome, int | float | Decimal) else None
        self.wanted = wanted
        self.everything = (1 << len(decider.boxes)) - 1
        self.marked = sum(
            1 << bit for bit, owner in enumerate(decider.owners) if meant(decider.rules[owner].then)
        )
        self.breaching = self.everything & ~self.marked if wanted else self.marked
        self.default_breaches = self.is_breach(decider.default.outcome)

    def is_breach(self, outcome: object) -> bool:
        return comes_to(self.meant, outcome) != self.wanted

    def ask(self, search: Search, inside: int) -> Iterator[Found]:
        policy = self.decider.policy
        if policy.lists:
            yield from search.run(self.settle_list, boxes=self.list_boxes, inside=inside)
        elif policy.ranks:
            yield from self.ask_ranked(search, inside)
        else:
            yield from search.run(self.settle_any, boxes=self.everything, inside=inside)

    @property
    def list_boxes(self) -> int:
        """A list without a default depends on the rules that are meant, and on no others."""
        return self.marked if self.decider.default.outcome == () else self.everything

    def settle_list(self, possible: int, certain: int) -> object:
        if certain & self.marked:
            return not self.wanted
        if possible & self.marked:
            return None
        if self.decider.default.outcome == () or certain:
            return self.wanted
        return None if possible else self.default_breaches

    def ask_ranked(self, search: Search, inside: int) -> Iterator[Found]:
        """Go through the boxes that breach, each less those that outrank it and do not."""
        decider = self.decider
        for bit in bits_of(self.breaching):
            rank = decider.ranks[decider.owners[bit]]
            better = decider.upto[rank] & ~self.breaching
            yield from search.uncovered(better, inside=inside | 1 << bit)
        if self.default_breaches:
            yield from search.uncovered(self.everything, inside=inside)

    def settle_any(self, possible: int, certain: int) -> object:
        hit = self.decider.settle(possible, certain)
        if hit is not None:
            return self.wanted if hit.conflict else self.is_breach(hit.outcome)
        if self.decider.policy is HitPolicy.UNIQUE and not self.wanted:
            hopeless = not possible & self.breaching and not (self.default_breaches and not certain)
            return False if hopeless else None
        if self.decider.policy.totals and self.value is not None:
            return self.settle_total(possible, certain, self.value)
        return None

    def settle_total(self, possible: int, certain: int, value: Real) -> object:
        """Where a total cannot be the value, and the default is not it, the question is settled."""
        low, high = map(exactly, self.decider.span(possible, certain))
        if low <= exactly(value) <= high or (not certain and self.default_breaches != self.wanted):
            return None
        return self.wanted
