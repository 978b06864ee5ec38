"""What is known before the next reply: the plain facts that a strategy decides over."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Self, TypeAlias

from attrs import field, fields, frozen

from deescalate.emotion import EMOTIONS, Affect, EmotionState
from deescalate.emotion._names import NEUTRAL
from deescalate.emotion._values import checked_affect

__all__ = ["MANNERS", "Situation", "situation_facts"]

_Pairs: TypeAlias = tuple[tuple[str, object], ...]

_KNOWN = Affect()

MANNERS = (
    "plain",
    "overbearing",
    "abusive",
    "talkative",
    "anxious",
    "confused",
    "silent",
    "serial_claimant",
    "disrespectful",
)
"""How a customer behaves, as far as it calls for an answer of its own."""


def _number(default: float, low: float, high: float) -> Any:
    return field(default=default, metadata={"fact": {"number": {"low": low, "high": high}}})


def _count(default: int = 0) -> Any:
    return field(default=default, metadata={"fact": {"number": {"low": 0, "integer": True}}})


def _flag() -> Any:
    return field(default=False, metadata={"fact": {"flag": True}})


def _choice(*options: str) -> Any:
    return field(default=options[0], metadata={"fact": {"choice": list(options)}})


def _spread(of: Affect | float) -> Affect:
    spread = of if isinstance(of, Affect) else Affect(pleasure=of, arousal=of, dominance=of)
    checked_affect("spread", spread, low=0.0)
    return spread


def _sorted(more: Mapping[str, object]) -> tuple[tuple[str, object], ...]:
    return tuple(sorted(dict(more).items()))


@frozen(kw_only=True, cache_hash=True)
class Situation:
    """What is known before the next reply. Every field has a default, so give what you know.

    The person, as estimated now:

    Attributes:
        openness: How far reason can reach the customer, 0 to 1.
        distress: How distressed the customer is, 0 to 1.
        arousal: How stirred, as shown, -1 to 1.
        emotion: The named emotion felt most, or ``neutral``.
        rising: Whether the customer has just grown more upset.
        spread: How unsure the estimate is: the standard deviation of each latent coordinate, as in
            `EmotionState.spread`; one number stands for all. No rule decides on it; it is what
            `Plan.confidence` comes from.
        vulnerable: Whether health, money, age or a loss make it harder for them.
        manner: How they behave, one of `MANNERS`.
        danger: ``none``, ``violence`` or ``self_harm``, until somebody says that they are safe.
        danger_suspected: Danger that is possible but not sure, so that one asks: ``none``,
            ``violence`` or ``self_harm``.
        danger_watched: Whether they are safe since a short while and still watched.
        danger_from: Whose the open danger is: ``customer``, who threatens or may harm themselves;
            ``other``, so that they, or somebody near them, suffer it; or ``unknown``.
        personal_remark: Whether they have just attacked the agent in person.
        off_topic: Whether they have left the matter.
        asks_human: Whether they ask for a person instead of a machine.
        asks_supervisor: Whether they ask for someone above.
        lost: Whether they have left, or said that they will.
        unanswered: Whether they asked something that nobody has answered.
        not_understood: Whether their last message was in words that the reader does not know.
        cooling: Whether they have grown short and formal after heat, without thanks.

    What has been done so far:

    Attributes:
        turns: Replies given so far.
        heard: Whether they have had room to say it all.
        played_back: Whether what they said has been played back and checked.
        acknowledged: Whether the feeling has been acknowledged.
        apologies: Apologies made so far.
        responsibility_owned: Whether our part has been owned.
        reassured: Whether they have been told that someone has this in hand.
        asked: Whether the matter has been asked about.
        explained: Whether the cause has been explained.
        offered: Whether a remedy has been offered.
        refused: Whether the last offer was refused.
        agreed: Whether a remedy or a next step has been agreed.
        promised: Whether a time to come back has been promised.
        resolved: Whether the matter is settled.
        limits: Limits set so far.
        helped: Whether someone else has been brought in.
        same_plan: How often in a row this same plan was made without the customer getting better.
        rounds_without_deed: Rounds of talk since something was last done.
        repeated_advice: How often the same advice, link or question was given again since then.
        untimed_promises: Promises without a time since then.
        silent_minutes: Whole minutes since the agent asked what is not answered yet.
        goes_up: Whether the case goes to someone above, and nobody has told the customer yet.

    The case:

    Attributes:
        fault: ``unknown``, ``ours``, ``theirs`` or ``nobody``.
        can_meet: Whether what they want can be given: ``unknown``, ``yes``, ``partly`` or ``no``.
        not_our_doing: Whether it is a loss of theirs, the weather or another firm, and not us.
        told_matter: Whether they told what happened.
        told_since: Whether they told since when.
        told_wish: Whether they told what they want.
        told_reference: Whether they told which order, booking or case it is.
        open_matters: How many faults they told of that are not settled.
        suggestion: Whether a suggestion of theirs waits for an answer.
        exception_asked: Whether they ask for an exception from a rule.
        contacts: How often they have had to contact us about this, this time among them.
        repeat_contact: Whether they say that this is not the first time.
        promise_broken: Whether a promise to them was broken.
        waiting_for_news: Whether the answer depends on someone else and is not there yet.
        agent_composure: How composed the agent is, 0 to 1; 1 for a machine.
        more: Facts of your own, by name, for a strategy that declares them.

    >>> from deescalate.advice import Situation
    >>> Situation(distress=0.9, heard=True).facts["distress"]
    0.9
    """

    openness: float = _number(0.8, 0, 1)
    distress: float = _number(0.25, 0, 1)
    arousal: float = _number(0.0, -1, 1)
    emotion: str = _choice(NEUTRAL, *EMOTIONS)
    rising: bool = _flag()
    spread: Affect = field(default=_KNOWN, converter=_spread)
    vulnerable: bool = _flag()
    manner: str = _choice(*MANNERS)
    danger: str = _choice("none", "violence", "self_harm")
    danger_suspected: str = _choice("none", "violence", "self_harm")
    danger_watched: bool = _flag()
    danger_from: str = _choice("unknown", "customer", "other")
    personal_remark: bool = _flag()
    off_topic: bool = _flag()
    asks_human: bool = _flag()
    asks_supervisor: bool = _flag()
    lost: bool = _flag()
    unanswered: bool = _flag()
    not_understood: bool = _flag()
    cooling: bool = _flag()

    turns: int = _count()
    heard: bool = _flag()
    played_back: bool = _flag()
    acknowledged: bool = _flag()
    apologies: int = _count()
    responsibility_owned: bool = _flag()
    reassured: bool = _flag()
    asked: bool = _flag()
    explained: bool = _flag()
    offered: bool = _flag()
    refused: bool = _flag()
    agreed: bool = _flag()
    promised: bool = _flag()
    resolved: bool = _flag()
    limits: int = _count()
    helped: bool = _flag()
    same_plan: int = _count()
    rounds_without_deed: int = _count()
    repeated_advice: int = _count()
    untimed_promises: int = _count()
    silent_minutes: int = _count()
    goes_up: bool = _flag()

    fault: str = _choice("unknown", "ours", "theirs", "nobody")
    can_meet: str = _choice("unknown", "yes", "partly", "no")
    not_our_doing: bool = _flag()
    told_matter: bool = _flag()
    told_since: bool = _flag()
    told_wish: bool = _flag()
    told_reference: bool = _flag()
    open_matters: int = _count()
    suggestion: bool = _flag()
    exception_asked: bool = _flag()
    contacts: int = _count(1)
    repeat_contact: bool = _flag()
    promise_broken: bool = _flag()
    waiting_for_news: bool = _flag()
    agent_composure: float = _number(1.0, 0, 1)
    _more: _Pairs = field(default=(), converter=_sorted, alias="more")

    @classmethod
    def of(cls, state: EmotionState, **known: Any) -> Self:
        """A situation whose feelings are those of an estimated state.

        Args:
            state: The customer's state, its ``spread`` with it.
            **known: Any other field.

        >>> from deescalate.advice import Situation
        >>> from deescalate.emotion import EmotionState
        >>> calm = Situation.of(EmotionState(), turns=1)
        >>> calm.emotion, round(calm.openness, 2), calm.spread.pleasure
        ('neutral', 0.8, 0.0)
        """
        return cls(
            openness=state.openness,
            distress=state.distress,
            arousal=state.arousal,
            emotion=state.dominant,
            spread=state.spread,
            **known,
        )

    @property
    def more(self) -> Mapping[str, object]:
        """Facts of your own, by name, read only."""
        return MappingProxyType(dict(self._more))

    @property
    def facts(self) -> dict[str, object]:
        """The facts by name, as a strategy's tables take them, your own among them."""
        known: dict[str, object] = {name: getattr(self, name) for name in _FACTS}
        return {**known, **dict(self._more)}


_FACTS = tuple(each.name for each in fields(Situation) if "fact" in each.metadata)


def situation_facts() -> dict[str, dict[str, Any]]:
    """The facts of a situation and their domains, as a table document declares them.

    >>> from deescalate.advice import situation_facts
    >>> situation_facts()["openness"], situation_facts()["heard"]
    ({'number': {'low': 0, 'high': 1}}, {'flag': True})
    """
    return {
        each.name: each.metadata["fact"] for each in fields(Situation) if "fact" in each.metadata
    }
