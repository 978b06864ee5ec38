"""What a reply must do to be sent at all: say what can be read, fit the customer, meet danger."""

from collections.abc import Iterator
from typing import Final

from deescalate.cues import CueKind, Span
from deescalate.moves import Move, Phase
from deescalate.wording._draft import Draft, Hit
from deescalate.wording._heard import Answered
from deescalate.wording._needs import PlanLike, SituationLike
from deescalate.wording._settings import Limits

__all__ = ["DANGER", "in_danger", "sendable_hits", "unrelated"]

_BUSINESS: Final = frozenset({Move.OFFER_CHOICE, Move.CONFIRM, Move.DIAGNOSE})
_TOLD: Final = frozenset({Move.INFORM, Move.EXPLAIN, Move.PROPOSE, Move.THANK, Move.INTRODUCE})
DANGER: Final = frozenset({CueKind.THREAT_SELF_HARM, CueKind.THREAT_VIOLENCE})
_PERSON: Final = frozenset({CueKind.ASKS_HUMAN, CueKind.ASKS_SUPERVISOR})
_LEAST_SAID: Final = 3
"""Words of the customer's, and of a draft, from which the two can be seen to be unrelated; ours."""
_ADVERT: Final = 6


def in_danger(plan: PlanLike | None, situation: SituationLike | None, answered: Answered) -> bool:
    """Whether the reply is to somebody in danger, as far as is known."""
    return (
        (plan is not None and plan.phase is Phase.SAFETY)
        or (situation is not None and situation.danger != "none")
        or not DANGER.isdisjoint(answered.kinds)
    )


def sendable_hits(
    draft: Draft,
    limits: Limits,
    situation: SituationLike | None,
    answered: Answered,
    *,
    danger: bool,
) -> Iterator[Hit]:
    """What forbids to send the draft, whatever its tone."""
    whole = Span(0, len(draft.text))
    if not (draft.words or draft.counted_sentences):
        yield Hit(code="S801", span=draft.end)
        return
    if draft.cut.unread:
        yield Hit(code="S809", span=Span(len(draft.cut.raw), len(draft.text)))
    if draft.cut.understood < limits.understood:
        yield Hit(code="S802", span=whole)
    if danger:
        yield from _unsafe(draft)
    asked = not _PERSON.isdisjoint(answered.kinds) or (
        situation is not None and (situation.asks_human or situation.asks_supervisor)
    )
    if asked and next(draft.signs("person"), None) is None and not danger:
        yield Hit(code="S806", span=draft.end)


def _unsafe(draft: Draft) -> Iterator[Hit]:
    if not draft.sees_to_safety:
        yield Hit(code="S803", span=draft.end)
    business = [each.span for each in draft.made(*_BUSINESS)]
    business += [each.span for each in draft.cut.amounts]
    if business:
        yield Hit(code="S804", span=min(business, key=lambda span: span.start))


def unrelated(draft: Draft, answered: Answered) -> bool:
    """Whether the draft neither answers nor asks nor takes up a word of the customer's."""
    if len(answered.content) < _LEAST_SAID or draft.words < _ADVERT:
        return False
    turned = {each.move for each in draft.said} - _TOLD
    return not turned and answered.content.isdisjoint(token.text for token in draft.tokens)
