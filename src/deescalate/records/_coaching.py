"""Notes for one agent: kind, specific, and from the agent's own cases."""

from collections import Counter
from collections.abc import Iterable
from statistics import fmean

from attrs import frozen

from deescalate.escaping import for_markdown
from deescalate.moves import Family, Move
from deescalate.records._record import AgentTurn, CaseRecord
from deescalate.statistics import Rate, rate

__all__ = ["CoachingNote", "Remark", "coach"]

ENOUGH = 5
"""Turns below which nothing is said about an agent: ours."""
ENOUGH_READ = 10
"""Turns between two messages that showed something, below which calming is not spoken of: ours."""
HOT = 0.5
"""Distress from which a feeling wants to be acknowledged before anything else: ours."""
PERSON_FIRST = frozenset({Family.LISTEN, Family.EMPATHY})


@frozen(kw_only=True)
class Remark:
    """One thing to say, with what it rests on.

    Attributes:
        text: What to say.
        rests_on: How often, of how many.

    >>> Remark(text="You ask one question at a time.", rests_on=rate(9, 10)).rests_on.hits
    9
    """

    text: str
    rests_on: Rate

    def __str__(self) -> str:
        return f"{self.text} ({self.rests_on.hits} of {self.rests_on.of})"


@frozen(kw_only=True)
class CoachingNote:
    """What to tell an agent: what to keep first, then one or two things to try.

    Attributes:
        agent: Whom.
        cases: Cases it rests on.
        turns: Turns it rests on.
        keep: What they do well.
        practise: What to try next, at most two.

    >>> coach([], agent="ann").keep
    ()
    """

    agent: str
    cases: int
    turns: int
    keep: tuple[Remark, ...] = ()
    practise: tuple[Remark, ...] = ()

    def to_markdown(self) -> str:
        """The note for a person."""
        whom = for_markdown(self.agent) or "the team"
        parts = [f"# For {whom}: {self.cases} cases, {self.turns} replies"]
        if not self.keep and not self.practise:
            parts.append(f"Fewer than {ENOUGH} replies: too few to say anything fair.")
        if self.keep:
            parts += [
                "## Keep doing this",
                "\n".join(f"- {for_markdown(str(remark))}" for remark in self.keep),
            ]
        if self.practise:
            parts += [
                "## Try this next",
                "\n".join(f"- {for_markdown(str(remark))}" for remark in self.practise),
            ]
        return "\n\n".join(parts) + "\n"


def coach(
    records: Iterable[CaseRecord], *, agent: str, advice: dict[str, str] | None = None
) -> CoachingNote:
    """Write a note for one agent.

    Args:
        records: Cases of anybody; only the agent's own are looked at.
        agent: Whose.
        advice: What to say to a code of the wording review, by code; the code itself where
            nothing is given.

    Returns:
        A note that praises before it asks, and asks for two things at most.
    """
    own = [record for record in records if record.agent == agent]
    steps = [step for record in own for step in record.steps]
    if len(steps) < ENOUGH:
        return CoachingNote(agent=agent, cases=len(own), turns=len(steps))
    keep = [*_strengths(steps, own)]
    practise = [*_weak_spots(steps, advice or {})]
    return CoachingNote(
        agent=agent,
        cases=len(own),
        turns=len(steps),
        keep=tuple(keep),
        practise=tuple(practise[:2]),
    )


def _strengths(steps: list[AgentTurn], own: list[CaseRecord]) -> Iterable[Remark]:
    hot = [step for step in steps if step.before is not None and step.before >= HOT]
    first = [step for step in hot if step.moves and Move(step.moves[0]).family in PERSON_FIRST]
    if len(hot) >= ENOUGH and 2 * len(first) >= len(hot):
        yield Remark(
            text="With an upset customer you turn to the person first",
            rests_on=rate(len(first), len(hot)),
        )
    clean = [step for step in steps if not step.findings]
    if 2 * len(clean) >= len(steps):
        yield Remark(
            text="Your replies have nothing to mend", rests_on=rate(len(clean), len(steps))
        )
    promises = sum(record.promises for record in own)
    broken = sum(record.promises_broken for record in own)
    if promises >= ENOUGH and 10 * broken <= promises:
        yield Remark(text="You keep your promises", rests_on=rate(promises - broken, promises))
    changes = [step.read_change for step in steps if step.read_change is not None]
    calmed = rate(sum(change < 0 for change in changes), len(changes))
    if len(changes) >= ENOUGH_READ and calmed.low > 0.5 and fmean(changes) < 0:
        yield Remark(text="Customers calm down with you", rests_on=calmed)


def _weak_spots(steps: list[AgentTurn], advice: dict[str, str]) -> Iterable[Remark]:
    found = Counter(code for step in steps for code in dict.fromkeys(step.findings))
    for code, count in found.most_common():
        if count >= 2:
            text = advice.get(code, f"Have a look at {code}")
            yield Remark(text=text, rests_on=rate(count, len(steps)))
