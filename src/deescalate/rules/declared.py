"""What a table is made of, checked before it is made."""

from collections.abc import Iterable, Sequence

from deescalate.errors import TableError, nearest_name, quoted
from deescalate.rules.conditions import Condition
from deescalate.rules.fact import Fact
from deescalate.rules.facts import Choice, Flag
from deescalate.rules.number import Number
from deescalate.rules.policies import HitPolicy
from deescalate.rules.rule import Rule
from deescalate.rules.shapes import is_a

__all__ = ["check_conditions", "to_facts", "to_policy", "to_rules"]


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
