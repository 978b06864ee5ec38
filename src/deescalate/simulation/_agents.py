"""Ready agents to compare: functions from what can be seen to what is said, all of which pickle."""

import struct
from collections.abc import Callable, Mapping
from functools import lru_cache
from types import MappingProxyType

from attrs import frozen

from deescalate.advice import Situation
from deescalate.cues import CueKind
from deescalate.emotion import EmotionState
from deescalate.errors import SettingError
from deescalate.languages import ENGLISH, Language
from deescalate.moves import Family, Move
from deescalate.simulation._noise import Noise, mixed
from deescalate.simulation._said import Said
from deescalate.simulation._scenes import Agent, Seen, Sight
from deescalate.simulation._tracking import follow
from deescalate.strategy import Strategy

__all__ = [
    "AGENTS",
    "AtRandom",
    "ByPlan",
    "Texting",
    "at_random",
    "by_plan",
    "defensive",
    "person_only",
    "script_reader",
    "silent",
    "solution_first",
    "spammer",
    "texting",
]

_FEELING = frozenset({Move.LABEL_EMOTION, Move.VALIDATE, Move.EMPATHISE})
_PLAYS_BACK = frozenset({Move.PARAPHRASE, Move.SUMMARISE})
_OFFERS = frozenset({Move.PROPOSE, Move.OFFER_CHOICE})
_EXPLORES = frozenset(move for move in Move if move.family is Family.EXPLORE)
_LIMITS = frozenset(move for move in Move if move.family is Family.LIMIT)
_VULNERABLE = frozenset(kind for kind in CueKind if kind.value.startswith("vulnerable"))
_DANGER = MappingProxyType(
    {CueKind.THREAT_VIOLENCE: "violence", CueKind.THREAT_SELF_HARM: "self_harm"}
)


@frozen
class ByPlan:
    """Does what a strategy advises, for the state that it estimates from what it sees.

    Attributes:
        strategy: The strategy; the shipped one where not given.

    >>> from deescalate.cues import CueKind
    >>> from deescalate.simulation import Utterance
    >>> upset = frozenset({CueKind.ANGER})
    >>> by_plan(Sight(utterance=Utterance(cues=upset))).moves
    (<Move.INTRODUCE: 'introduce'>, <Move.OPEN_QUESTION: 'open_question'>)
    """

    strategy: Strategy | None = None

    def __call__(self, sight: Sight, /) -> Said:
        """Answer by the plan; then act on it, where a remedy is agreed or plainly due."""
        before = sight.memory if isinstance(sight.memory, _Memory) else _Memory()
        last = sight.history[-1].said if sight.history else None
        belief = follow(
            before.belief, last, sight.utterance, seconds=sight.seconds - before.seconds
        )
        situation = _situation(sight, belief)
        moves = _planned(self.strategy, situation)
        return Said(moves=moves, memory=_Memory(belief, sight.seconds))


@frozen
class _Memory:
    belief: EmotionState | None = None
    seconds: float = 0.0


def _situation(sight: Sight, belief: EmotionState) -> Situation:
    """What the plan depends on, with the estimate on a grid of a twentieth so that plans recur."""
    made = [move for seen in sight.history for move in seen.said.moves]
    once = frozenset(made)
    cues = sight.utterance.cues
    ever = cues.union(*(seen.utterance.cues for seen in sight.history))
    case, deeds = sight.case, sum(seen.said.deed or 0.0 for seen in sight.history)
    meets = "unknown"
    if case is not None:
        meets = "yes" if case.can_meet >= 1.0 else "partly" if case.can_meet > 0.0 else "no"
    return Situation(
        distress=_grid(belief.distress),
        openness=_grid(belief.openness),
        arousal=_grid(belief.arousal),
        emotion=belief.dominant,
        vulnerable=bool(ever & _VULNERABLE),
        danger=next((name for cue, name in _DANGER.items() if cue in ever), "none"),
        personal_remark=CueKind.INSULT in cues,
        off_topic=CueKind.OFF_TOPIC in cues,
        asks_human=CueKind.ASKS_HUMAN in cues,
        asks_supervisor=CueKind.ASKS_SUPERVISOR in cues,
        manner="anxious" if CueKind.ANXIETY in cues else "plain",
        turns=len(sight.history),
        heard=bool(sight.history) or case is not None,
        played_back=bool(once & _PLAYS_BACK),
        acknowledged=bool(once & _FEELING),
        apologies=made.count(Move.APOLOGISE),
        responsibility_owned=Move.OWN_RESPONSIBILITY in once,
        reassured=Move.REASSURE in once,
        asked=bool(once & _EXPLORES),
        explained=Move.EXPLAIN in once,
        offered=bool(once & _OFFERS),
        refused=_refused(sight),
        agreed=CueKind.ACCEPTANCE in ever,
        resolved=case is not None and 0.0 < case.can_meet <= deeds,
        limits=sum(move in _LIMITS for move in made),
        helped=Move.SEEK_HELP in once,
        fault=case.fault if case else "unknown",
        can_meet=meets,
        told_matter=case is not None,
        repeat_contact=CueKind.REPEAT_CONTACT in ever,
    )


def _refused(sight: Sight) -> bool:
    offered = bool(sight.history) and bool(_OFFERS.intersection(sight.history[-1].said.moves))
    return offered and CueKind.REFUSAL in sight.utterance.cues


def _grid(value: float) -> float:
    return round(value * 20.0) / 20.0


@lru_cache(maxsize=4096)
def _planned(strategy: Strategy | None, situation: Situation) -> tuple[Move, ...]:
    return (strategy or Strategy.default()).select(situation).kinds


by_plan = ByPlan()
"""Does what the shipped strategy advises."""


def solution_first(sight: Sight, /) -> Said:
    """Goes for the matter at once: ask for it, act, say what happens next.

    >>> from deescalate.simulation import Utterance
    >>> solution_first(Sight(utterance=Utterance())).moves
    (<Move.CLOSED_QUESTION: 'closed_question'>,)
    """
    return _in_turn(
        sight, ask=["closed_question"], then=(["act", "inform"], ["propose"], ["inform"])
    )


def person_only(sight: Sight, /) -> Said:
    """Is kind, in ever other words, and never does a thing."""
    kind = (
        ["empathise", "validate"],
        ["apologise", "label_emotion"],
        ["paraphrase", "affirm"],
        ["own_responsibility", "reassure"],
        ["summarise", "agree_partial"],
    )
    return Said(moves=kind[sight.turn % len(kind)])


def script_reader(sight: Sight, /) -> Said:
    """Reads a script, line after line, whatever is said; the deed stands in the fourth line."""
    script = (
        ["introduce", "thank"],
        ["apologise", "closed_question"],
        ["inform", "closed_question"],
        ["act", "inform"],
        ["confirm", "thank"],
    )
    return Said(moves=script[min(sight.turn, len(script) - 1)], harms=["wall"])


def defensive(sight: Sight, /) -> Said:
    """Explains, disputes and blames; acts when nothing else is left."""
    if sight.turn >= 4 and sight.case is not None:
        return Said(moves=["act"], harms=["blame"])
    return Said(
        moves=["explain", "closed_question"], harms=["argument" if sight.turn % 2 else "blame"]
    )


def spammer(sight: Sight, /) -> Said:  # noqa: ARG001  it does not look
    """Says the same few soothing words again and again."""
    return Said(moves=["apologise", "empathise", "minimal_encourage"])


def silent(sight: Sight, /) -> Said:  # noqa: ARG001  it does not look
    """Says nothing at all."""
    return Said()


def _in_turn(sight: Sight, *, ask: list[str], then: tuple[list[str], ...]) -> Said:
    """Ask until the matter is told, then one thing after the other, the last again and again."""
    if sight.case is None:
        return Said(moves=ask)
    since = sum(
        Move.ACT in seen.said.moves or Move.PROPOSE in seen.said.moves for seen in sight.history
    )
    return Said(moves=then[min(since, len(then) - 1)])


@frozen
class AtRandom:
    """Makes one to three moves at random; what it makes depends on the seed and what it sees.

    Attributes:
        seed: Any whole number.

    >>> from deescalate.simulation import Utterance
    >>> sight = Sight(utterance=Utterance())
    >>> at_random(sight) == at_random(sight)
    True
    """

    seed: int = 0

    def __call__(self, sight: Sight, /) -> Said:
        """Answer anything."""
        shown = sight.utterance.shown.pleasure.value
        seen = int.from_bytes(struct.pack(">d", shown), "big")
        noise = Noise(self.seed, mixed(seen, sight.turn))
        count = noise.pick("count", 0, (1, 2, 3))
        return Said(moves=[noise.pick("move", 0, _ALL, at) for at in range(count)])


_ALL = tuple(Move)

at_random = AtRandom()
"""Makes moves at random."""


@frozen
class Texting:
    """Lets a bot that writes answer; what it writes is read as a customer would take it.

    Attributes:
        bot: From the customer's message to the reply; or from all messages, oldest first, each with
            ``role`` and ``content``, where ``messages`` is true.
        messages: Whether the bot takes all messages.
        language: The language that is written.

    >>> from deescalate.simulation import Utterance
    >>> bot = texting(lambda text: "I am sorry about that. I have refunded the fee.")
    >>> bot(Sight(utterance=Utterance(text="You charged me twice!"))).moves
    (<Move.APOLOGISE: 'apologise'>, <Move.ACT: 'act'>)
    """

    bot: Callable[..., str]
    messages: bool = False
    language: Language = ENGLISH

    def __call__(self, sight: Sight, /) -> Said:
        """Ask the bot and read what it says.

        Raises:
            SettingError: It gives no text.
        """
        text = self.bot(_messages(sight) if self.messages else sight.utterance.text)
        if not isinstance(text, str):  # pyright: ignore[reportUnnecessaryIsInstance]  any callable
            raise SettingError("bot", text, "a text")
        return Said.from_text(text, before=sight.utterance.text, language=self.language)


def _messages(sight: Sight) -> list[dict[str, str]]:
    said: list[dict[str, str]] = []
    for seen in sight.history:
        said += _pair(seen)
    return [*said, {"role": "user", "content": sight.utterance.text}]


def _pair(seen: Seen) -> list[dict[str, str]]:
    return [
        {"role": "user", "content": seen.utterance.text},
        {"role": "assistant", "content": seen.said.text},
    ]


def texting(
    bot: Callable[..., str], *, messages: bool = False, language: Language = ENGLISH
) -> Texting:
    """Make an agent of a bot that writes; play it with ``words=True``.

    Args:
        bot: From the customer's message, or from all messages, to the reply. A function at the top
            of a module pickles, a lambda does not.
        messages: Whether it takes all messages.
        language: The language that is written.
    """
    return Texting(bot, messages=messages, language=language)


AGENTS: Mapping[str, Agent] = MappingProxyType(
    {
        "at_random": at_random,
        "by_plan": by_plan,
        "defensive": defensive,
        "person_only": person_only,
        "script_reader": script_reader,
        "silent": silent,
        "solution_first": solution_first,
        "spammer": spammer,
    }
)
"""The ready agents, by name, in the order of the alphabet."""
