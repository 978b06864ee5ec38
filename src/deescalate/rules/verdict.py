"""What a table says about a case, with its reasons."""

from typing import Any

from attrs import field, frozen

from deescalate.errors import UndecidedError
from deescalate.rules.rule import Rule

__all__ = ["Verdict"]


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
