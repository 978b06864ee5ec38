"""A rule: when something holds, then an outcome, and because of what. What a table says of it."""

from collections.abc import Mapping
from typing import Any, cast

from attrs import field, frozen

from deescalate.errors import TableError, UndecidedError, quoted
from deescalate.rules._engine.conditions import Condition
from deescalate.rules._engine.outcomes import Outputs, Scalar, to_outcome
from deescalate.rules._engine.plain import check_text, is_a, is_mapping, plain, plain_text

__all__ = ["Example", "Rule", "Verdict"]


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
