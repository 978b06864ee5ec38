"""Rules and their outcomes: plain values, or several named outputs."""

import math
import numbers
from collections.abc import Iterable, Mapping
from decimal import Decimal
from fractions import Fraction
from functools import reduce
from typing import Any, cast

from attrs import field, frozen

from deescalate.documents import FrozenMapping
from deescalate.errors import TableError, UndecidedError, quoted
from deescalate.rules._engine.conditions import Condition
from deescalate.rules._engine.plain import (
    EXACT,
    MOST_DIGITS,
    Real,
    check_text,
    exactly,
    is_a,
    is_huge,
    is_mapping,
    plain,
    plain_flag,
    plain_number,
    plain_text,
)

__all__ = ["Example", "Outputs", "Rule", "Scalar", "Verdict", "kind_of", "to_outcome", "total"]

Scalar = str | bool | int | float | Decimal

MOST_EXACT = 2**53
"""Whole numbers up to this are floats exactly."""


class Outputs(FrozenMapping[Any]):
    """A rule's several outputs by name: a mapping that never changes and can be hashed.

    >>> Outputs({"tier": "manager", "minutes": 15}) == {"minutes": 15, "tier": "manager"}
    True
    """

    __slots__ = ()

    def __str__(self) -> str:
        return ", ".join(f"{name} {value}" for name, value in self.items())


def _to_scalar(place: str, value: object) -> Scalar:
    if isinstance(value, str):
        if any("\ud800" <= each <= "\udfff" for each in value):
            raise TableError(place, f"{quoted(value)} holds half a surrogate pair")
        return plain_text(value)
    flag = plain_flag(value)
    if flag is not None:
        return flag
    number = plain_number(value)
    if number is not None and not is_huge(number):
        return number
    if isinstance(value, numbers.Number):
        reason = f"found {quoted(value)}, expected a finite number of at most {MOST_DIGITS} digits"
        raise TableError(place, reason)
    raise TableError(
        place,
        f"found {quoted(value)}, expected a text, a number, True or False, or a mapping of them",
    )


def to_outcome(place: str, value: object) -> Scalar | Outputs:
    """Pass a scalar on as a plain value, and make a mapping of scalars unchangeable.

    Args:
        place: Whose outcome it is, for the message.
        value: The outcome.

    Raises:
        TableError: It is neither.

    >>> to_outcome("rule", {"tier": "agent"})
    Outputs({'tier': 'agent'})
    """
    if not is_mapping(value):
        return _to_scalar(place, value)
    if not value:
        raise TableError(place, "its outcome is an empty mapping, expected one output or more")
    return Outputs(
        {
            check_text(place, name): _to_scalar(f"{place}.{name}", each)
            for name, each in value.items()
        }
    )


def kind_of(outcome: object) -> object:
    """What makes two outcomes the same: their value, with truth values kept apart from numbers.

    >>> kind_of(1) == kind_of(1.0), kind_of(1) == kind_of(True)
    (True, False)
    """
    if isinstance(outcome, tuple):
        return tuple(kind_of(each) for each in cast("tuple[object, ...]", outcome))
    if isinstance(outcome, Outputs):
        return frozenset((name, kind_of(value)) for name, value in outcome.items())
    return isinstance(outcome, bool), outcome


def total(outcomes: Iterable[object]) -> Real:
    """Add up numbers: exactly in integers and decimals, correctly rounded where floats are among.

    Args:
        outcomes: Numbers, without floats beside decimals.

    Returns:
        The sum; of floats, an exact decimal where it is more than a float holds.

    >>> total([1, Decimal("0.10")]), total([0.1] * 10)
    (Decimal('1.10'), 1.0)
    """
    listed: list[Any] = list(outcomes)
    kinds = set(map(type, listed))
    if float in kinds:
        try:
            exact = int not in kinds or all(abs(each) <= MOST_EXACT for each in listed)
            return math.fsum(listed) if exact else float(sum(map(Fraction, listed)))
        except OverflowError:
            return reduce(EXACT.add, map(exactly, listed))
    return reduce(EXACT.add, map(exactly, listed)) if Decimal in kinds else sum(listed)


@frozen(init=False)
class Rule:
    """One line of a table.

    Attributes:
        name: Its name, its own in the table.
        when: What must hold of the facts.
        then: Its outcome: a text, number or truth value, or a mapping of several.
        because: The reason it gives; empty for its condition in words.

    Raises:
        TableError: The name or the outcome cannot be used.

    >>> from deescalate.rules import Number
    >>> rule = Rule("furious", Number("anger", 0, 1) >= 0.9, "supervisor")
    >>> rule.reason
    'anger is at least 0.9'
    """

    name: str
    when: Condition
    then: Scalar | Outputs
    because: str = ""

    def __init__(
        self, name: str, when: Condition, then: Scalar | Mapping[str, Scalar], because: str = ""
    ) -> None:
        place = f"rule {quoted(name)}"
        if not is_a(when, Condition):
            raise TableError(place, f"its condition is {quoted(when)}, expected a Condition")
        if not is_a(because, str):
            raise TableError(place, f"its reason is {quoted(because)}, expected a text")
        cast("Any", self).__attrs_init__(
            check_text("rule", name), when, to_outcome(place, then), plain_text(because)
        )

    @property
    def reason(self) -> str:
        """Why it gives its outcome, which is what ``because`` says, or the condition in words."""
        return self.because or str(self.when)

    def __str__(self) -> str:
        return f"{self.name}: {self.then}, when {self.when}"


def _case(facts: Mapping[str, Any]) -> Outputs:
    return Outputs({name: plain(value) for name, value in facts.items()})


def _expected(outcome: object) -> object:
    found = plain(outcome)
    return Outputs(found) if is_mapping(found) else found


@frozen
class Example:
    """A case that a table must decide as stated.

    Attributes:
        facts: Values by the fact's name.
        outcome: What the table must say; ``None`` where it must say nothing.

    >>> Example({"anger": 0.95}, "supervisor").outcome
    'supervisor'
    """

    facts: Mapping[str, Any] = field(converter=_case)
    outcome: object = field(converter=_expected)


@frozen(kw_only=True)
class Verdict:
    """What a table says about a case.

    Attributes:
        outcome: The outcome: what a rule's ``then`` gives, a mapping where rules have several
            outputs, a tuple of them where the hit policy lists all; ``None`` while undecided.
        matched: The rules that the outcome comes from. With facts missing, those sure to match.
        because: Their reasons, each once.
        decided: Whether every completion of the facts gives the same outcome.
        possible: Every outcome that some completion gives; ``None`` among them where some gives
            none.
        missing: The missing facts that can still change the outcome, and no others.
        table: The table's name.

    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> table = Table("desk", [anger], [Rule("hot", anger >= 0.8, "supervisor")], default="agent")
    >>> verdict = table.decide({"anger": 0.9})
    >>> verdict.outcome, verdict.because
    ('supervisor', ('anger is at least 0.8',))
    >>> table.decide({}).missing
    ('anger',)
    """

    outcome: Any
    matched: tuple[Rule, ...] = ()
    because: tuple[str, ...] = ()
    decided: bool = True
    possible: tuple[Any, ...] = ()
    missing: tuple[str, ...] = ()
    table: str = field(default="", repr=False)

    def demand(self) -> Any:
        """The outcome, where there must be one.

        Raises:
            UndecidedError: Facts are missing that could change it, or no rule matched and the
                table has no default.

        >>> Verdict(outcome="agent", possible=("agent",)).demand()
        'agent'
        """
        if not self.decided:
            raise UndecidedError(self.table, self.missing)
        return self.outcome

    def __str__(self) -> str:
        if self.decided:
            return f"{self.outcome}, because {'; '.join(self.because)}"
        options = ", ".join(str(each) for each in self.possible if each is not None)
        asked = f"; ask for {', '.join(self.missing)}" if self.missing else ""
        return f"undecided{options and f' between {options}'}{asked}"
