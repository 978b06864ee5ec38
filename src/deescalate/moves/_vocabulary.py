"""The moves of an agent, by family and phase, and sentences that make them."""

import re
from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from attrs import field, frozen

from deescalate.errors import SettingError
from deescalate.languages import ENGLISH, Language, lists_of

__all__ = ["Family", "Move", "Phase", "Phrase", "moves_called", "phrases_for", "slots"]

_QUESTIONS = frozenset(
    {
        "safety_check",
        "open_question",
        "closed_question",
        "elicit_want",
        "ask_permission",
        "offer_choice",
        "confirm",
    }
)
_UNSPOKEN = frozenset({"attend", "give_space", "call_security", "diagnose", "debrief"})


class Phase(StrEnum):
    """The five phases of a difficult conversation, in their order: the person before the issue.

    >>> Phase.PERSON.rank < Phase.ISSUE.rank
    True
    """

    SAFETY = "safety"
    PERSON = "person"
    ISSUE = "issue"
    RESOLUTION = "resolution"
    CLOSING = "closing"

    @property
    def rank(self) -> int:
        """The place in the order, 0 (safety) to 4 (closing)."""
        return list(Phase).index(self)


class Family(StrEnum):
    """What kind of thing a move is, across the published frameworks.

    >>> Family("listen") is Family.LISTEN
    True
    """

    SAFETY = "safety"
    CONTACT = "contact"
    LISTEN = "listen"
    EMPATHY = "empathy"
    EXPLORE = "explore"
    ALIGN = "align"
    REPAIR = "repair"
    STEER = "steer"
    SOLVE = "solve"
    LIMIT = "limit"
    ESCALATE = "escalate"
    CLOSE = "close"
    LEARN = "learn"


class Move(StrEnum):
    """One thing an agent can do or say next.

    Attributes:
        phase: Where in the conversation it belongs.
        family: What kind of thing it is.
        purpose: What it is for, in a few words, as an instruction.

    The vocabulary is the one shared by published de-escalation and service-recovery frameworks
    (HEARD, LAST, LEAP, the behavioural-change stairway, verbal de-escalation's ten domains), and
    three moves of our own that those leave unnamed: `GIVE_CHOICE` (the two ways to go on that a
    fair limit leaves open), `ACCEPT` and `DECLINE` (the answers to what a customer suggests).

    >>> Move.APOLOGISE.phase, Move("apologise").family
    (<Phase.PERSON: 'person'>, <Family.REPAIR: 'repair'>)
    """

    phase: Phase
    family: Family
    purpose: str

    # The defaults are never used: they let type checkers accept a look-up such as Move("act").
    def __new__(
        cls,
        value: str,
        phase: Phase = Phase.PERSON,
        family: Family = Family.CONTACT,
        purpose: str = "",
    ) -> Self:
        """Make a member; ``Move("apologise")`` looks one up."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.phase = phase
        member.family = family
        member.purpose = purpose
        return member

    @property
    def asks(self) -> bool:
        """Whether it ends in a question that the customer is to answer; one a turn is enough.

        >>> Move.OPEN_QUESTION.asks, Move.APOLOGISE.asks
        (True, False)
        """
        return self.value in _QUESTIONS

    @property
    def spoken(self) -> bool:
        """Whether it can be seen in the words of a reply; deeds and silence cannot.

        >>> Move.APOLOGISE.spoken, Move.GIVE_SPACE.spoken
        (True, False)
        """
        return self.value not in _UNSPOKEN

    SAFETY_CHECK = (
        "safety_check",
        Phase.SAFETY,
        Family.SAFETY,
        "find out whether anyone is in danger",
    )
    CALL_SECURITY = "call_security", Phase.SAFETY, Family.ESCALATE, "bring security or the police"
    SEEK_HELP = "seek_help", Phase.SAFETY, Family.ESCALATE, "bring in a supervisor or a colleague"
    SET_LIMIT = "set_limit", Phase.PERSON, Family.LIMIT, "name the behaviour and why it must stop"
    STATE_CONSEQUENCE = (
        "state_consequence",
        Phase.PERSON,
        Family.LIMIT,
        "say what follows, reasonable and enforceable",
    )
    GIVE_CHOICE = (
        "give_choice",
        Phase.PERSON,
        Family.LIMIT,
        "offer two acceptable ways to go on",
    )
    INTRODUCE = "introduce", Phase.PERSON, Family.CONTACT, "greet by name, say who you are"
    ATTEND = "attend", Phase.PERSON, Family.LISTEN, "give full, calm attention"
    GIVE_SPACE = "give_space", Phase.PERSON, Family.LISTEN, "let them say it all, in their time"
    MINIMAL_ENCOURAGE = "minimal_encourage", Phase.PERSON, Family.LISTEN, "show that you follow"
    MIRROR = "mirror", Phase.PERSON, Family.LISTEN, "repeat their last words"
    PARAPHRASE = (
        "paraphrase",
        Phase.PERSON,
        Family.LISTEN,
        "play back what happened, to be corrected",
    )
    SUMMARISE = (
        "summarise",
        Phase.PERSON,
        Family.LISTEN,
        "sum up matter and feeling, check it is right",
    )
    LABEL_EMOTION = "label_emotion", Phase.PERSON, Family.LISTEN, "name the feeling, tentatively"
    VALIDATE = "validate", Phase.PERSON, Family.EMPATHY, "say that the feeling makes sense"
    EMPATHISE = "empathise", Phase.PERSON, Family.EMPATHY, "show understanding of their situation"
    SELF_DISCLOSE = (
        "self_disclose",
        Phase.PERSON,
        Family.EMPATHY,
        "say honestly what it does to you",
    )
    AFFIRM = "affirm", Phase.PERSON, Family.EMPATHY, "recognise what they did well"
    AGREE_PARTIAL = "agree_partial", Phase.PERSON, Family.ALIGN, "agree with what is true in it"
    APOLOGISE = "apologise", Phase.PERSON, Family.REPAIR, "express regret, without excuse"
    OWN_RESPONSIBILITY = (
        "own_responsibility",
        Phase.PERSON,
        Family.REPAIR,
        "say that it was our doing",
    )
    REASSURE = "reassure", Phase.PERSON, Family.REPAIR, "commit to seeing it through"
    REFOCUS = "refocus", Phase.ISSUE, Family.STEER, "turn from the grievance to the matter"
    OPEN_QUESTION = (
        "open_question",
        Phase.ISSUE,
        Family.EXPLORE,
        "ask an open question, what or how",
    )
    CLOSED_QUESTION = (
        "closed_question",
        Phase.ISSUE,
        Family.EXPLORE,
        "ask for the one fact that is needed",
    )
    ELICIT_WANT = "elicit_want", Phase.ISSUE, Family.EXPLORE, "ask what would put it right"
    EXPLAIN = "explain", Phase.ISSUE, Family.REPAIR, "say why it happened, not as an excuse"
    INFORM = "inform", Phase.ISSUE, Family.SOLVE, "say what happens next and when"
    ACCEPT = "accept", Phase.RESOLUTION, Family.ALIGN, "say yes to what they suggest"
    DECLINE = (
        "decline",
        Phase.RESOLUTION,
        Family.ALIGN,
        "say what cannot be had and why, with regret",
    )
    ASK_PERMISSION = "ask_permission", Phase.RESOLUTION, Family.ALIGN, "ask before suggesting"
    OFFER_CHOICE = "offer_choice", Phase.RESOLUTION, Family.SOLVE, "offer two or more real options"
    PROPOSE = "propose", Phase.RESOLUTION, Family.SOLVE, "suggest a remedy"
    ACT = "act", Phase.RESOLUTION, Family.SOLVE, "carry the remedy out and say so"
    PARTNER = "partner", Phase.RESOLUTION, Family.ALIGN, "agree a plan together"
    CONFIRM = "confirm", Phase.CLOSING, Family.CLOSE, "check that it is settled"
    THANK = "thank", Phase.CLOSING, Family.CLOSE, "thank them"
    FOLLOW_UP = "follow_up", Phase.CLOSING, Family.CLOSE, "say when they hear from you again"
    DIAGNOSE = "diagnose", Phase.CLOSING, Family.LEARN, "find the root cause, without blame"
    DEBRIEF = "debrief", Phase.CLOSING, Family.LEARN, "learn from it together"


def moves_called(name: str) -> tuple[Move, ...]:
    """The moves that a name stands for.

    Args:
        name: A move, a family or a phase.

    Returns:
        The move, or the moves of the family or phase; none for any other text.

    >>> [move.value for move in moves_called("closing")]
    ['confirm', 'thank', 'follow_up', 'diagnose', 'debrief']
    """
    return _CALLED.get(name, ())


_CALLED: Mapping[str, tuple[Move, ...]] = {
    name: tuple(move for move in Move if name in (move.value, move.family, move.phase))
    for name in (*Move, *Family, *Phase)
}


_SLOT = re.compile(r"\{([a-z]+)\}")


@frozen
class Phrase:
    """One way of making a move.

    Attributes:
        move: The move that it makes.
        template: Its words; a word in braces is a slot.
        language: The language it is in.

    >>> phrases_for(Move.APOLOGISE)[0].filled(matter="the late parcel", name="Ms Hale")
    'I am sorry about the late parcel, Ms Hale.'
    """

    move: Move
    template: str
    language: Language = field(default=ENGLISH, repr=False)

    @property
    def slots(self) -> tuple[str, ...]:
        """The slots in the order in which they stand.

        >>> phrases_for(Move.APOLOGISE)[0].slots
        ('matter', 'name')
        """
        return tuple(_SLOT.findall(self.template))

    def filled(self, **values: str) -> str:
        """The phrase with its slots filled.

        Args:
            **values: A text for each slot, see `slots`; those that this phrase lacks are ignored.
                A text is put in as it stands and never read as a template.

        Returns:
            The phrase. A slot that was given no value shows its hint in square brackets.

        Raises:
            SettingError: A name that is no slot at all.

        >>> phrases_for(Move.APOLOGISE)[1].filled()
        'I apologise for [what went wrong, such as: the late parcel].'
        """
        hints = slots(self.language)
        for name in values:
            if name not in hints:
                raise SettingError("slot", name, "one of " + ", ".join(hints))
        return _SLOT.sub(lambda found: values.get(found[1], f"[{hints[found[1]]}]"), self.template)


def slots(language: Language = ENGLISH) -> Mapping[str, str]:
    """The slots that phrases may have, each with a hint of what belongs there.

    Args:
        language: The language of the phrases.

    >>> slots()["feeling"]
    'the feeling, such as: let down'
    """
    return lists_of(language, "sayings").get("slots", {})


def phrases_for(move: Move, language: Language = ENGLISH) -> tuple[Phrase, ...]:
    """The shipped ways of making a move, in our own words.

    Args:
        move: The move.
        language: The language to speak.

    Returns:
        Two or more phrases; none where the language has none.

    >>> phrases_for(Move.ELICIT_WANT)[0].template
    'What would put this right for you?'
    """
    templates = lists_of(language, "sayings").get(move.value, {})
    return tuple(Phrase(move, template, language) for template in templates)
