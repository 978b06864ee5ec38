"""A report card as Markdown, for a terminal, and as JUnit XML."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from deescalate.escaping import for_markdown, for_terminal
from deescalate.simulation._results import Exchanged, ScenarioResult, Scored

__all__ = ["junit", "markdown", "plain"]

_MOST_WORDS = 300
"""Characters of a reply that a card quotes; ours."""


def markdown(card: Scored) -> str:
    """For people, in a pull request or a wiki."""
    return "\n\n".join(filter(None, _sections(card))) + "\n"


def _sections(card: Scored) -> Iterator[str]:
    yield f"# Report card of {for_markdown(card.bot)}: {card.grade}, {card.points:g} points"
    endings = ", ".join(f"{number} {ending}" for ending, number in card.endings.items())
    passed = len(card.results) - len(card.failed)
    yield f"{passed} of {len(card.results)} scenarios passed: {for_markdown(endings)}."
    rows = ["| scenario | grade | points | ended | distress | laws broken |", "|---" * 6 + "|"]
    rows += [_row(each) for each in card.results]
    yield "\n".join(rows)
    if card.laws:
        broken = [f"- {law}: {for_markdown(', '.join(where))}" for law, where in card.laws.items()]
        yield "\n".join(["## Laws broken", "", *broken])
    if card.findings:
        names = card.names
        found = [
            f"- {code} {for_markdown(names[code])}: in {number} "
            f"{'reply' if number == 1 else 'replies'}"
            for code, number in card.findings.items()
        ]
        yield "\n".join(["## Findings", "", *found])
    for title, reply in (("Best reply", card.best), ("Worst reply", card.worst)):
        yield _quoted(title, reply)
    yield f"## How it is graded\n\n{for_markdown(card.rule)}"


def _row(each: ScenarioResult) -> str:
    course = each.distress
    felt = f"{course[0]:.2f} to {course[-1]:.2f}" if course else ""
    laws = for_markdown(", ".join(each.laws))
    ended = for_markdown(f"{each.ending.value.replace('_', ' ')}: {each.trouble or each.because}")
    name = for_markdown(each.scenario)
    return f"| {name} | {each.grade} | {each.points:g} | {ended} | {felt} | {laws} |"


def _quoted(title: str, reply: Exchanged | None) -> str:
    if reply is None:
        return ""
    why = [f"- {for_markdown(each)}" for each in reply.reasons]
    told = f"> {for_markdown(shortened(reply.customer))}\n\n{for_markdown(shortened(reply.reply))}"
    return "\n".join([f"## {title}", "", told, "", *why])


def shortened(text: str) -> str:
    """A text as a card quotes it."""
    return text if len(text) <= _MOST_WORDS else f"{text[:_MOST_WORDS]} ..."


def plain(card: Scored) -> str:
    """For a terminal: a line a scenario."""
    lines = [f"{card.bot}: {card.grade}, {card.points:g} points"]
    lines += [f"  {each}" for each in card.results]
    lines += [f"best: {shortened(card.best.reply)}"] if card.best else []
    if card.worst and card.worst != card.best:
        lines += [f"worst: {shortened(card.worst.reply)}"]
        lines += [f"  {each}" for each in card.worst.reasons]
    return "\n".join(
        " " * (len(line) - len(line.lstrip(" "))) + for_terminal(line) for line in lines
    )


def junit(card: Scored) -> str:
    """For CI servers: a case a scenario; what did not pass is a failure, trouble is an error."""
    failures = [each for each in card.failed if not each.trouble]
    errors = [each for each in card.failed if each.trouble]
    suite = Element(
        "testsuite",
        name=for_terminal(f"drill of {card.bot}"),
        tests=str(len(card.results)),
        failures=str(len(failures)),
        errors=str(len(errors)),
    )
    for each in card.results:
        case = SubElement(suite, "testcase", classname="drill", name=for_terminal(each.scenario))
        if not each.passed:
            kind = "error" if each.trouble else "failure"
            SubElement(case, kind, message=for_terminal(str(each)), type=each.ending.value)
        output = SubElement(case, "system-out")
        output.text = "\n".join(_talk(each))
    indent(suite)
    body = tostring(suite, encoding="unicode")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{body}\n'


def _talk(each: ScenarioResult) -> Iterator[str]:
    for reply in each.course:
        yield f"customer: {for_terminal(reply.customer)}"
        yield f"bot: {for_terminal(shortened(reply.reply))}"
        yield f"  {for_terminal('; '.join(reply.reasons))}"
    if each.goodbye:
        yield f"customer: {for_terminal(each.goodbye)}"
