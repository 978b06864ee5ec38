"""The drill for people: a difficult customer in a terminal, with coaching after each reply."""

from collections.abc import Callable
from datetime import datetime
from typing import cast

from deescalate.errors import SettingError
from deescalate.escaping import for_terminal
from deescalate.findings import Severity
from deescalate.playbook import Playbook
from deescalate.simulation._bots import Answer
from deescalate.simulation._card import ReportCard
from deescalate.simulation._course import Course
from deescalate.simulation._drill import courses_of
from deescalate.simulation._results import Exchanged
from deescalate.simulation._scenarios import Scenario

__all__ = ["practise"]

_MOST_ADVICE = 3
_FELT = 0.03
"""Change of distress that is told as one; ours."""


def practise(
    scenario: Scenario,
    *,
    read: Callable[[str], str] = input,
    write: Callable[[str], object] = print,
    seed: int = 0,
    start: datetime | None = None,
    playbook: Playbook | None = None,
) -> ReportCard:
    """Answer a difficult customer yourself, turn by turn, with coaching after each reply.

    Args:
        scenario: The customer.
        read: Asks for a reply, given the prompt. Where it raises `EOFError` or
            `KeyboardInterrupt`, the practice ends with what there is.
        write: Shows a line.
        seed: Which luck the customer has.
        start: When it takes place, aware; a Monday at nine where not given.
        playbook: What the replies are reviewed by; the shipped one where not given.

    Returns:
        The card of this one scenario.

    Raises:
        SettingError: No scenario, or a setting out of its range.

    >>> from deescalate.simulation import STANDARD
    >>> replies = iter(["I am so sorry. I am sending you a new router today by 5 pm."])
    >>> card = practise(
    ...     STANDARD["one word answers"],
    ...     read=lambda prompt: next(replies), write=lambda line: None)
    >>> card.grade in "AB"
    True
    """
    [course] = courses_of([scenario], seed=seed, start=start, playbook=playbook)
    write(for_terminal(f"{scenario.name} ({scenario.hardness}): {scenario.about}"))
    for each in scenario.known:
        write(for_terminal(f"- you know: {each}"))
    while course.result is None:
        write("")
        write(f"customer: {for_terminal(course.words)}")
        plan = ", ".join(move.value.replace("_", " ") for move in course.talk.plan.kinds)
        try:
            reply = cast("object", read("you: "))
        except (EOFError, KeyboardInterrupt):
            course.give_up()
            continue
        if not isinstance(reply, str):
            raise SettingError("read", reply, "a function that gives a text")
        course.hear(Answer.of(reply))
        for line in _coaching(course, plan):
            write(f"  {for_terminal(line)}")
    if course.result.goodbye:
        write(f"customer: {for_terminal(course.result.goodbye)}")
    card = ReportCard(results=[course.result], bot="you", seed=seed)
    write("")
    for line in card.to_text().split("\n"):
        write(line)
    return card


def _coaching(course: Course, plan: str) -> list[str]:
    """What the reply did, what to do instead, and what was planned."""
    if not course.exchanged:
        return []
    last = course.exchanged[-1]
    lines = [f"coach: {_effect(last)}, the review gives {100 * last.score:.0f} of 100"]
    lines += [f"law broken, {each.law}: {each.because}" for each in last.laws]
    told = sorted(last.findings, key=lambda each: -each.severity.rank)
    once = {each.code: each for each in reversed(told) if each.severity is not Severity.NOTE}
    for each in list(reversed(once.values()))[:_MOST_ADVICE]:
        lines.append(f"{each.name}: {each.suggestion}")
    if plan and (last.laws or once):
        lines.append(f"the plan was: {plan}")
    return lines


def _effect(last: Exchanged) -> str:
    felt = f"distress {last.before:.2f} to {last.after:.2f}"
    if last.change < -_FELT:
        return f"they calmed, {felt}"
    return f"they are more upset, {felt}" if last.change > _FELT else f"no change, {felt}"
