"""What a table is made of, checked before it is made."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import cast

from deescalate.errors import TableError, nearest_name, quoted
from deescalate.rules._engine.conditions import Condition, Fact
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.plain import is_a, is_mapping, some_of
from deescalate.rules._engine.policies import HitPolicy
from deescalate.rules._engine.rules import Outputs, Rule, Scalar, kind_of, to_outcome

__all__ = ["check_conditions", "outcome_order", "ranks_of", "to_facts", "to_policy", "to_rules"]


def to_policy(value: str) -> HitPolicy:
    """Find a hit policy by its name.

    Raises:
        TableError: There is none of that name.

    >>> to_policy("collect sum").totals
    True
    """
    try:
        return HitPolicy(value)
    except ValueError:
        near = nearest_name(value, [each.value for each in HitPolicy])
        known = ", ".join(quoted(each.value) for each in HitPolicy)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise TableError(
            "hit_policy", f"found {quoted(value)}, expected one of {known}{hint}"
        ) from None


def to_facts(facts: Iterable[Fact]) -> tuple[Fact, ...]:
    """Pass facts on, each with a name of its own.

    Raises:
        TableError: One is no fact, or two have one name.

    >>> len(to_facts([Flag("lost"), Flag("late")]))
    2
    """
    listed = tuple(facts)
    names: set[str] = set()
    for number, fact in enumerate(listed):
        if not isinstance(fact, Number | Choice | Flag):
            raise TableError(
                f"facts[{number}]", f"found {quoted(fact)}, expected a Number, Choice or Flag"
            )
        if fact.name in names:
            raise TableError(f"facts[{number}]", f"its name {quoted(fact.name)} is taken")
        names.add(fact.name)
    return listed


def to_rules(rules: Iterable[Rule]) -> tuple[Rule, ...]:
    """Pass rules on, each with a name of its own.

    Raises:
        TableError: One is no rule, or two have one name.

    >>> to_rules([])
    ()
    """
    listed = tuple(rules)
    names: dict[str, int] = {}
    for number, rule in enumerate(listed):
        if not is_a(rule, Rule):
            raise TableError(f"rules[{number}]", f"found {quoted(rule)}, expected a Rule")
        if rule.name in names:
            taken = f"its name {quoted(rule.name)} is taken by rules[{names[rule.name]}]"
            raise TableError(f"rules[{number}]", taken)
        names[rule.name] = number
    return listed


def check_conditions(facts: Sequence[Fact], conditions: Iterable[tuple[str, Condition]]) -> None:
    """Refuse conditions that ask about facts other than those declared.

    Args:
        facts: The declared facts.
        conditions: Conditions, each with the place to name in the message.

    Raises:
        TableError: One asks about another fact.

    >>> check_conditions([], [("rules[0]", Flag("vulnerable").is_true())])
    Traceback (most recent call last):
    ...
    deescalate.errors.TableError: rules[0]: fact `vulnerable` is not declared
    """
    declared = {fact.name: fact for fact in facts}
    for place, condition in conditions:
        for fact in condition.facts:
            known = declared.get(fact.name)
            if known is None:
                near = nearest_name(fact.name, declared)
                hint = f"; did you mean {quoted(near)}?" if near else ""
                raise TableError(place, f"fact {quoted(fact.name)} is not declared{hint}")
            if known != fact:
                raise TableError(place, f"fact {quoted(fact.name)} is not the one that is declared")


def outcome_order(
    outcomes: Iterable[Scalar] | Mapping[str, Iterable[Scalar]],
) -> tuple[Scalar, ...] | Outputs:
    """Check a table's stated outcomes.

    Args:
        outcomes: Every outcome, best first, or a mapping of them for each output.

    Raises:
        TableError: One is named twice or cannot be used.

    >>> outcome_order(["security", "agent"])
    ('security', 'agent')
    """
    if is_mapping(outcomes):
        return Outputs({name: _order(f"outcomes.{name}", each) for name, each in outcomes.items()})
    return _order("outcomes", outcomes)


def _order(place: str, outcomes: Iterable[Scalar]) -> tuple[Scalar, ...]:
    if isinstance(outcomes, str) or not is_a(outcomes, Iterable):
        raise TableError(place, f"found {quoted(outcomes)}, expected a list")
    found: dict[object, Scalar] = {}
    for number, each in enumerate(outcomes):
        if is_mapping(each):
            raise TableError(f"{place}[{number}]", "found a mapping, expected a scalar")
        outcome = to_outcome(f"{place}[{number}]", each)
        if kind_of(outcome) in found:
            raise TableError(f"{place}[{number}]", f"{quoted(each)} is named twice")
        found[kind_of(outcome)] = cast("Scalar", outcome)
    return tuple(found.values())


def ranks_of(
    rules: Sequence[Rule],
    policy: HitPolicy,
    default: Scalar | Outputs | None,
    outcomes: tuple[Scalar, ...] | Outputs,
) -> tuple[int, ...]:
    """Rank each rule as the hit policy does; lower is better.

    Args:
        rules: The table's rules.
        policy: Its hit policy.
        default: Its default outcome.
        outcomes: Its stated outcomes; empty for none.

    Raises:
        TableError: The outcomes are of different shapes, not among those stated, or not such as
            the policy can deal with.
    """
    places = [f"rule {quoted(rule.name)}" for rule in rules]
    stated = list(zip(places, (rule.then for rule in rules), strict=True))
    if default is not None and policy is HitPolicy.COLLECT_COUNT:
        _check_numbers([("default", default)], policy)
    elif default is not None:
        stated.append(("default", default))
    _check_shapes(stated)
    if policy.needs_numbers:
        _check_numbers(stated, policy)
    if policy.needs_order and not outcomes:
        raise TableError(
            "outcomes",
            f"missing or empty: hit policy {quoted(policy.value)} needs them, best first",
        )
    order = _Order(outcomes)
    keys = [order.rank(place, outcome) for place, outcome in stated] if outcomes else []
    if policy is HitPolicy.FIRST:
        return tuple(range(len(rules)))
    if policy.needs_order:
        return _dense(keys[: len(rules)])
    if policy in (HitPolicy.COLLECT_MIN, HitPolicy.COLLECT_MAX):
        ranks = _dense([rule.then for rule in rules])
        return ranks if policy is HitPolicy.COLLECT_MIN else tuple(-rank for rank in ranks)
    return (0,) * len(rules)


def _dense(keys: Sequence[object]) -> tuple[int, ...]:
    places = {key: place for place, key in enumerate(sorted(set(keys)))}  # type: ignore[type-var]  # all are numbers, or all ranks
    return tuple(places[key] for key in keys)


def _shape(outcome: Scalar | Outputs) -> str:
    if isinstance(outcome, Outputs):
        return "a mapping of " + ", ".join(quoted(name) for name in sorted(outcome))
    return "a scalar"


def _check_shapes(stated: Sequence[tuple[str, Scalar | Outputs]]) -> None:
    expected = _shape(stated[0][1]) if stated else ""
    for place, outcome in stated[1:]:
        if _shape(outcome) != expected:
            reason = f"its outcome is {_shape(outcome)}, expected {expected} as in {stated[0][0]}"
            raise TableError(place, reason)


def _check_numbers(stated: Sequence[tuple[str, Scalar | Outputs]], policy: HitPolicy) -> None:
    kinds: set[type] = set()
    for place, outcome in stated:
        if isinstance(outcome, bool) or not isinstance(outcome, int | float | Decimal):
            reason = (
                f"its outcome is {quoted(outcome)}, expected a number: the table is {policy.value}"
            )
            raise TableError(place, reason)
        kinds.add(type(outcome))
        if {float, Decimal} <= kinds:
            reason = "its outcome mixes float and Decimal in one table, expected one of the two"
            raise TableError(place, reason)


class _Order:
    """The stated outcomes, and the place of each in their order."""

    def __init__(self, outcomes: tuple[Scalar, ...] | Outputs) -> None:
        self.outputs = tuple(outcomes) if isinstance(outcomes, Outputs) else None
        self.listed: Mapping[str, tuple[Scalar, ...]]
        self.listed = outcomes if isinstance(outcomes, Outputs) else {"": outcomes}
        self.places: dict[str, dict[object, int]] = {
            name: {kind_of(each): place for place, each in enumerate(own)}
            for name, own in self.listed.items()
        }

    def rank(self, place: str, outcome: Scalar | Outputs) -> tuple[int, ...]:
        if self.outputs is None:
            if isinstance(outcome, Outputs):
                reason = "expected a mapping of each output's values, best first"
                raise TableError("outcomes", reason)
            return (self.place(place, "", outcome),)
        if not isinstance(outcome, Outputs):
            raise TableError("outcomes", "expected a list of the outcomes, best first")
        strange = set(self.outputs) - set(outcome)
        if strange:
            raise TableError("outcomes", f"{quoted(min(strange))} is not an output of {place}")
        return tuple(self.place(f"{place}.{name}", name, outcome[name]) for name in self.outputs)

    def place(self, place: str, name: str, outcome: Scalar) -> int:
        found = self.places[name].get(kind_of(outcome))
        if found is None:
            known = self.listed[name]
            if not known:
                raise TableError("outcomes", f"the list of {quoted(name)} is empty")
            near = nearest_name(outcome, [each for each in known if isinstance(each, str)])
            hint = f"; did you mean {quoted(near)}?" if near else ""
            reason = f"its outcome {quoted(outcome)} is not among {some_of(known)}{hint}"
            raise TableError(place, reason)
        return found
