"""A report card as one page: the courses drawn, every reply with its reasons, no script."""

from collections.abc import Iterator

from deescalate._html import Markup, Point, course, page, table, tag
from deescalate.simulation._reports import shortened
from deescalate.simulation._results import GRADES, Exchanged, ScenarioResult, Scored

__all__ = ["card_page"]

_STYLE = """
.deescalate .grade{display:inline-block;min-width:1.7em;text-align:center;border-radius:6px;
font-weight:700;padding:0 .3em;border:2px solid currentColor}
.deescalate .top{display:flex;gap:1em;align-items:center;flex-wrap:wrap}
.deescalate .top .grade{font-size:2.4rem;line-height:1.3}
.deescalate .grid{display:grid;gap:.8em;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr))}
.deescalate .grid .card{margin:0}
.deescalate h3{font-size:1rem;margin:0 0 .2em;display:flex;gap:.5em;justify-content:space-between;
align-items:flex-start}
.deescalate details{margin-top:.4em}.deescalate summary{cursor:pointer;color:var(--cool)}
.deescalate .fine{border-left-color:var(--good)}.deescalate .poor{border-left-color:var(--bad)}
"""


def card_page(card: Scored) -> str:
    """The whole card."""
    return page(f"Report card of {card.bot}", tag("style", Markup(_STYLE)), *_parts(card))


def _parts(card: Scored) -> Iterator[Markup]:
    passed = len(card.results) - len(card.failed)
    endings = ", ".join(f"{number} {_spaced(each)}" for each, number in card.endings.items())
    yield tag(
        "div",
        _grade(card.grade, card.points),
        tag(
            "div",
            tag("strong", f"{card.points:g} of 100 points"),
            tag("div", f"{passed} of {len(card.results)} scenarios passed", class_="soft"),
            tag("div", endings, class_="soft"),
        ),
        class_="top",
    )
    if card.laws:
        yield tag("h2", "Laws broken")
        yield table(("law", "in"), [(law, ", ".join(where)) for law, where in card.laws.items()])
    for title, reply in (("Best reply", card.best), ("Worst reply", card.worst)):
        if reply is not None:
            yield tag("h2", title)
            yield tag("div", *_exchange(reply))
    yield tag("h2", "Scenarios")
    yield tag("p", "The distress of the customer, 0 to 1, at the start and after each reply.")
    yield tag("div", *map(_scenario, card.results), class_="grid")
    if card.findings:
        yield tag("h2", "Findings of the review")
        rows = [(code, card.names[code], str(each)) for code, each in card.findings.items()]
        yield table(("code", "what", "replies"), rows)
    yield tag("h2", "How it is graded")
    yield tag("p", card.rule, class_="soft")


def _scenario(each: ScenarioResult) -> Markup:
    told = ", ".join(filter(None, (each.hardness, each.manner, each.grievance)))
    points = [
        Point(value, value, value, title, up=up)
        for value, (title, up) in zip(each.distress, _titles(each), strict=True)
    ]
    body = [
        tag("h3", each.scenario, _grade(each.grade, each.points)),
        tag("div", f"{_spaced(told)}; {each.points:g} points", class_="soft"),
        course(points, title=f"distress in {each.scenario}") if points else None,
        tag(
            "div",
            tag("strong", f"{_spaced(each.ending.value)}:"),
            Markup(" "),
            each.trouble or each.because,
        ),
        *(tag("span", law, class_="tag bad") for law in each.laws),
    ]
    if each.course:
        talk = [part for reply in each.course for part in _exchange(reply)]
        if each.goodbye:
            talk.append(tag("div", tag("div", each.goodbye, class_="said"), class_="card customer"))
        count = "1 reply" if len(each.course) == 1 else f"{len(each.course)} replies"
        body.append(tag("details", tag("summary", count), tag("p", each.about), *talk))
    return tag("section", *body, class_=f"card {'fine' if each.passed else 'poor'}")


def _titles(each: ScenarioResult) -> list[tuple[str, bool]]:
    if not each.course:
        return []
    start = (f"{each.course[0].before:.2f} at the start", False)
    return [
        start,
        *(
            (f"{reply.after:.2f} after: {shortened(reply.reply)}", bool(reply.laws))
            for reply in each.course
        ),
    ]


def _exchange(reply: Exchanged) -> Iterator[Markup]:
    yield tag("div", tag("div", reply.customer, class_="said"), class_="card customer")
    yield tag(
        "div",
        tag("div", shortened(reply.reply) or "(nothing)", class_="said"),
        tag("ul", *(tag("li", each, class_="soft") for each in reply.reasons)),
        class_="card agent",
    )


def _grade(grade: str, points: float) -> Markup:
    look = "good" if points >= GRADES["B"] else "warn" if points >= GRADES["C"] else "bad"
    return tag("span", grade, class_=f"grade {look}", title=f"{points:g} points")


def _spaced(text: str) -> str:
    return text.replace("_", " ")
