"""What is said where no draft may be sent: lines of the language's ``fallbacks.txt``."""

from collections.abc import Iterator, Mapping
from itertools import islice
from typing import Final

from attrs import frozen

from deescalate.conversation import AgentSaid, Conversation
from deescalate.languages import lists_of
from deescalate.moves import Phase

__all__ = ["Fallback", "fallback_for", "last_reply", "was_fallback"]

_VIOLENCE: Final = "violence"
_HARM: Final = "self harm"
_OVER: Final = "handing over"
_PERSON: Final = "with a person"
_BROKEN: Final = "promise broken"
_OVER_BROKEN, _PERSON_BROKEN = f"{_OVER}, {_BROKEN}", f"{_PERSON}, {_BROKEN}"
_BRINGS: Final = frozenset({_VIOLENCE, _HARM, _OVER, _OVER_BROKEN})
"""Sections whose lines say that somebody takes over, so that somebody has to."""
_DANGER: Final[Mapping[str, tuple[str, ...]]] = {
    "violence": (_VIOLENCE, "suspected", _HARM),
    "self_harm": (_HARM, "suspected", _VIOLENCE),
}
_RECENT: Final = 12
"""Turns back to which a line that was said is not said again, if there is another: ours."""


@frozen(kw_only=True)
class Fallback:
    """A line that may be sent.

    Attributes:
        text: The line; empty where none may be sent.
        occasion: The section that it stands in.
    """

    text: str = ""
    occasion: str = ""

    @property
    def brings_somebody(self) -> bool:
        """Whether somebody takes over: the line says so, or there is none."""
        return not self.text or self.occasion in _BRINGS


def fallback_for(talk: Conversation, *, goes_up: bool, with_person: bool) -> Fallback:
    """The first line for the occasion that may be sent; one not said lately, if there is one.

    Args:
        talk: The conversation as it is.
        goes_up: Whether the case goes to somebody else now.
        with_person: Whether a person has it.
    """
    lines = lists_of(talk.judges.language, "fallbacks")
    said = _said_lately(talk)
    for occasion in _occasions(talk, goes_up=goes_up, with_person=with_person):
        section = sorted(lines.get(occasion, ()), key=lambda line: said.get(line, 0))
        for line in section:
            if talk.review(line).ok:
                return Fallback(text=line, occasion=occasion)
    return Fallback()


def was_fallback(talk: Conversation) -> bool:
    """Whether the last reply was a fallback."""
    lines = lists_of(talk.judges.language, "fallbacks").values()
    return any(last_reply(talk) in section for section in lines)


def last_reply(talk: Conversation) -> str:
    """What was replied the last time; nothing where nobody has."""
    return next(_replies(talk), "")


def _occasions(talk: Conversation, *, goes_up: bool, with_person: bool) -> tuple[str, ...]:
    """The sections to look in, the most fitting first."""
    situation = talk.situation
    if talk.plan.phase is Phase.SAFETY or situation.danger != "none":
        suffered = situation.danger_from == "other"
        return _DANGER.get("none" if suffered else situation.danger, _DANGER["self_harm"])
    first: list[str] = []
    if situation.danger_suspected != "none":
        first += ("suspected", *_DANGER.get(situation.danger_suspected, ()))
    broken = situation.promise_broken
    if goes_up:
        first += (_OVER_BROKEN, _OVER) if broken else (_OVER,)
    if with_person:
        first += (_PERSON_BROKEN, _PERSON) if broken else (_PERSON,)
    if broken:
        first.append(_BROKEN)
    if situation.not_understood:
        first.append("not understood")
    upset = situation.distress >= talk.judges.wording.limits.upset
    if upset or talk.plan.phase is Phase.PERSON:
        first.append("person")
    return tuple(dict.fromkeys((*first, "issue", "person", _OVER)))


def _said_lately(talk: Conversation) -> Mapping[str, int]:
    """The last replies, each with how lately it was said: the higher, the later."""
    replies = list(islice(_replies(talk), _RECENT))
    return {text: len(replies) - place for place, text in reversed(list(enumerate(replies)))}


def _replies(talk: Conversation) -> Iterator[str]:
    """What was replied, the last first."""
    events = (turn.event for turn in reversed(talk.turns))
    return (event.text for event in events if isinstance(event, AgentSaid))
