"""A conversation as HTML: the course of distress, what each turn shows, plans and reviews."""

from deescalate._html import Mark, Markup, Point, course, marked, tag
from deescalate.advice import Plan
from deescalate.conversation._events import CustomerSaid
from deescalate.conversation._state import State, Turn
from deescalate.cues import Cue
from deescalate.wording import Flaw, Review

__all__ = ["picture"]


def picture(state: State, plan: Plan, *, tier: str) -> Markup:
    """The whole of a conversation, for a page or a notebook.

    Args:
        state: What it came to.
        plan: What is best said next.
        tier: Who has the case.
    """
    up = "tag bad" if state.decision.tier != tier else "tag"
    until = f"{len(state.turns)} turns until {state.at:%Y-%m-%d %H:%M %Z}"
    parts = [
        tag(
            "p",
            tag("span", f"for {state.decision.tier}", class_=up),
            tag("span", plan.phase.value, class_="tag"),
            tag("span", until, class_="soft"),
        )
    ]
    if state.turns:
        parts += [
            tag("h2", "Distress, with its 90 % interval"),
            course(
                [_point(place, turn) for place, turn in enumerate(state.turns, 1)], title=_TITLE
            ),
            tag("p", "A red point is where the case goes up.", class_="soft"),
            tag("h2", "Turn by turn"),
        ]
    parts += map(_turn, state.turns)
    parts += [tag("h2", "What is best said next"), _plan(plan)]
    return Markup("".join(parts))


_TITLE = "The customer's distress after each turn, from 0 to 1"


def _point(place: int, turn: Turn) -> Point:
    state, band = turn.emotion, turn.emotion.distress_interval()
    who = "customer" if isinstance(turn.event, CustomerSaid) else "agent"
    title = f"{place} ({who}): {state.distress:.2f} ({band.low:.2f} to {band.high:.2f})"
    return Point(state.distress, band.low, band.high, title, up=turn.escalated)


def _turn(turn: Turn) -> Markup:
    event, state = turn.event, turn.emotion
    theirs = isinstance(event, CustomerSaid)
    up = None
    if turn.escalated:
        reasons = "; ".join(turn.escalation.because)
        up = tag("p", tag("strong", f"Goes to {turn.escalation.tier}: "), reasons, class_="bad")
    if theirs:
        said = marked(event.text, (_cue(cue) for cue in turn.reading.cues))
        kinds = dict.fromkeys(cue.kind.value.replace("_", " ") for cue in turn.reading.cues)
        below: list[object] = [
            tag("p", *(tag("span", kind, class_="tag warn") for kind in kinds)) if kinds else None,
            tag(
                "p",
                f"distress {state.distress:.2f}, {state.dominant}, ",
                f"open to reason {state.openness:.0%}",
                class_="soft",
            ),
            up,
            tag("details", tag("summary", f"next: {turn.plan.phase.value}"), _plan(turn.plan)),
        ]
    else:
        said = _draft(event.text, turn.review)
        below = [_review(turn.review), up]
    head = tag("strong", "Customer" if theirs else "Agent")
    when = tag("span", f" {event.at:%H:%M}", class_="soft")
    return tag(
        "section",
        head,
        when,
        tag("div", said, class_="said"),
        *below,
        class_=f"card {'customer' if theirs else 'agent'}",
    )


def _cue(cue: Cue) -> Mark:
    return Mark(cue.span.start, cue.span.end, cue.kind.value.replace("_", " "))


def _passage(found: Flaw) -> Mark:
    return Mark(found.span.start, found.span.end, f"{found.code} {found.name}")


def _draft(text: str, review: Review | None) -> Markup:
    return marked(text, () if review is None else map(_passage, review.findings))


def _review(review: Review | None) -> Markup | None:
    if review is None:
        return None
    found = [
        tag("li", tag("strong", each.code), f" {each.reason}; {each.suggestion}")
        for each in review.findings
    ]
    verdict = "may be sent" if review.ok else "should not have been sent"
    style = "good" if review.ok else "bad"
    return tag(
        "div",
        tag("p", tag("span", verdict, class_=style), f" (score {review.score:.2f})"),
        tag("ul", *found, class_="soft") if found else None,
    )


def _plan(plan: Plan) -> Markup:
    steps = [
        tag("li", tag("strong", step.move.value.replace("_", " ")), f": {step.because}")
        for step in plan.moves
    ]
    shunned = [tag("li", f"not {each.text}: {each.because}") for each in plan.avoid]
    return tag(
        "div",
        tag("p", f"{plan.phase.value}: {plan.because}"),
        tag("ol", *steps) if steps else None,
        tag("ul", *shunned, class_="soft") if shunned else None,
    )
