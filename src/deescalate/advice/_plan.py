"""What to do next, in order and with reasons, and how to put it to a person or to a model."""

from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from attrs import field, frozen

from deescalate._plain import to_json
from deescalate.authority import Authority
from deescalate.escaping import for_terminal
from deescalate.languages import ENGLISH, Language
from deescalate.moves import Move, Phase, fits, phrases_for

__all__ = ["AgentAdvice", "AvoidedMove", "Plan", "PlannedMove", "StartingPhrase"]

_BRIEF = MappingProxyType(
    {Phase.SAFETY: 4, Phase.PERSON: 4, Phase.ISSUE: 6, Phase.RESOLUTION: 7, Phase.CLOSING: 6}
)

_STEPS = 2
_PLAYED_BACK = frozenset({Move.PARAPHRASE, Move.SUMMARISE})
_DEEDS = frozenset({Move.CALL_SECURITY, Move.DIAGNOSE, Move.DEBRIEF})


@frozen
class PlannedMove:
    """One move of a plan.

    Attributes:
        move: What to do.
        because: Why now.
        spare: Whether the reply does without it where it is long.

    >>> from deescalate.advice import PlannedMove
    >>> from deescalate.moves import Move
    >>> PlannedMove(Move.APOLOGISE, "nobody has said sorry yet").move.purpose
    'express regret, without excuse'
    """

    move: Move
    because: str
    spare: bool = False


@frozen
class AvoidedMove:
    """One thing to avoid.

    Attributes:
        move: The move to avoid, or ``None`` where it is a way of speaking.
        text: It in words.
        because: Why.

    >>> from deescalate.advice import AvoidedMove
    >>> AvoidedMove(None, "telling them to calm down", "nobody has ever calmed down on demand").text
    'telling them to calm down'
    """

    move: Move | None
    text: str
    because: str


@frozen
class AgentAdvice:
    """A word to the agent, for the agent's own sake.

    >>> from deescalate.advice import AgentAdvice
    >>> AgentAdvice("Pause and breathe out.", "the first reaction is where it goes wrong").text
    'Pause and breathe out.'
    """

    text: str
    because: str


@frozen
class StartingPhrase:
    """Words that make one move of a plan, to start from.

    >>> from deescalate.advice import StartingPhrase
    >>> from deescalate.moves import Move
    >>> StartingPhrase(Move.ELICIT_WANT, "What would put this right for you?").move.asks
    True
    """

    move: Move
    text: str


@frozen(kw_only=True, cache_hash=True)
class Plan:
    """What to do next.

    Attributes:
        phase: Where the conversation is held.
        because: Why there.
        moves: What to do, in order: few enough for one reply, with one question at most.
        avoid: What not to do.
        agent: Advice for the agent's own sake.
        confidence: How likely it is that the plan would be the same if the customer's state were
            known exactly, 0 to 1. It is 1 where the state has no spread.
        language: The language that the agent is to speak.

    >>> from deescalate.advice import Plan, PlannedMove
    >>> from deescalate.moves import Move
    >>> plan = Plan(moves=(PlannedMove(Move.EMPATHISE, "they are upset"),))
    >>> plan.kinds
    (<Move.EMPATHISE: 'empathise'>,)
    """

    phase: Phase = Phase.ISSUE
    because: str = ""
    moves: tuple[PlannedMove, ...] = ()
    avoid: tuple[AvoidedMove, ...] = ()
    agent: tuple[AgentAdvice, ...] = ()
    confidence: float = 1.0
    language: Language = field(default=ENGLISH, repr=False)

    @property
    def kinds(self) -> tuple[Move, ...]:
        """The moves without their reasons, in order."""
        return tuple(each.move for each in self.moves)

    @property
    def avoided(self) -> frozenset[Move]:
        """The moves to avoid."""
        return frozenset(each.move for each in self.avoid if each.move is not None)

    @property
    def frameworks(self) -> tuple[str, ...]:
        """Names of the published frameworks of which it makes two steps or more, in their order.

        >>> from deescalate.advice import Plan, PlannedMove
        >>> from deescalate.moves import Move
        >>> Plan(moves=(PlannedMove(Move.APOLOGISE, ""), PlannedMove(Move.THANK, ""))).frameworks
        ('LAST', 'BLAST')
        """
        return tuple(
            fit.framework.name
            for fit in fits(self.kinds)
            if fit.compatible and len(fit.reached) >= _STEPS
        )

    def instructions(
        self,
        *,
        facts: Iterable[str] = (),
        authority: Authority | None = None,
        may: Iterable[str] = (),
        may_not: Iterable[str] = (),
        do: Iterable[str] = (),
        avoid: Iterable[str] = (),
        ask_for: str = "",
    ) -> str:
        """The plan as instructions for a language model's prompt, or for a person in a hurry.

        Args:
            facts: What is true and may be said, a short sentence each. Nothing else is to be stated
                as a fact.
            authority: What may be granted without asking.
            may: Further things that may be offered, in words.
            may_not: Things that must not be offered or said, in words.
            do: What else is to be done, in words.
            avoid: What else is to be avoided, in words.
            ask_for: The one thing that the question of the plan is to ask for.

        Returns:
            Short lines in the imperative. Texts given are put in as they are, each on one line
            without control characters; what others said is to go through
            `deescalate.escaping.for_prompt` first.
            Where a remedy has to wait, nothing may be offered, whatever the authority.

        >>> from deescalate.advice import Plan, PlannedMove
        >>> from deescalate.moves import Move
        >>> plan = Plan(moves=(PlannedMove(Move.EMPATHISE, "they are upset"),))
        >>> print(plan.instructions(facts=["the parcel is in Leeds"]))
        Write the agent's next reply. Do this, in this order:
        1. Show understanding of their situation (empathise): they are upset.
        Use these facts and no others:
        - the parcel is in Leeds
        Style: plain, warm, short sentences; at most 6. Ask no question.
        """
        say = self.language.say
        steps, deeds = self._split()
        shunned = dict.fromkeys([*(say(each.text) for each in self.avoid), *avoid])
        offers = [*_granted(authority, self.language), *may]
        if self._too_early:
            offers = [say("nothing in this reply")]
        style = "Style: plain, warm, short sentences; at most {most}. {question}"
        return "\n".join(
            [
                say("Write the agent's next reply. Do this, in this order:"),
                *(f"{place}. {self._told(each)}" for place, each in enumerate(steps, start=1)),
                *_section(say("To be done besides the reply:"), map(self._told, deeds)),
                *_section(say("Do this too:"), do),
                *_section(say("Ask for this and nothing else:"), [ask_for] if ask_for else ()),
                *_section(say("Avoid, whatever the customer says:"), shunned),
                *_section(say("Use these facts and no others:"), facts),
                *_section(say("You may offer:"), offers),
                *_section(say("You must not offer or say:"), may_not),
                say(style, most=str(self._longest), question=say(self._question)),
            ]
        )

    def to_json(self) -> str:
        """The plan as one JSON object.

        >>> from deescalate.advice import Plan
        >>> Plan(because="it is settled").to_json()[:38]
        '{"phase": "issue", "because": "it is s'
        """
        return to_json(self)

    def _told(self, each: PlannedMove) -> str:
        purpose = self.language.say(each.move.purpose)
        because = self.language.say(each.because)
        return f"{purpose[:1].upper()}{purpose[1:]} ({each.move.value}): {because}."

    def _split(self) -> tuple[list[PlannedMove], list[PlannedMove]]:
        """What the reply does, and what is done by other hands than those that write it."""
        deeds = [each for each in self.moves if each.move in _DEEDS]
        return [each for each in self.moves if each not in deeds], deeds

    @property
    def _too_early(self) -> bool:
        """Whether a remedy has to wait."""
        return self.phase in (Phase.SAFETY, Phase.PERSON)

    @property
    def _longest(self) -> int:
        """How many sentences the reply may have: one for each move that it makes at least."""
        return max(_BRIEF[self.phase], len(self._split()[0]))

    @property
    def _question(self) -> str:
        if any(move.asks for move in self.kinds):
            return "Ask one question, not more."
        if not _PLAYED_BACK.isdisjoint(self.kinds):
            return "Ask nothing but whether you have it right."
        return "Ask no question."

    def phrases(
        self, *, variant: int = 0, values: Mapping[str, str] | None = None
    ) -> tuple[StartingPhrase, ...]:
        """Words to start from, one phrase a move.

        Args:
            variant: Which of the phrases for each move to take; it goes round. Give the number of
                the turn, so that nobody hears the same words twice running.
            values: Texts for the slots of the phrases, see `deescalate.moves.slots`. A slot
                without a value shows what belongs there, in square brackets.

        Returns:
            The phrases in the order of the moves, without those of deeds that need no words.

        >>> from deescalate.advice import Plan, PlannedMove
        >>> from deescalate.moves import Move
        >>> plan = Plan(moves=(PlannedMove(Move.APOLOGISE, ""), PlannedMove(Move.ATTEND, "")))
        >>> plan.phrases(variant=1, values={"matter": "the late parcel"})
        (StartingPhrase(move=<Move.APOLOGISE: 'apologise'>,
                        text='I apologise for the late parcel.'),)
        """
        return tuple(
            StartingPhrase(move, options[variant % len(options)].filled(**(values or {})))
            for move in self.kinds
            if move.spoken
            for options in (phrases_for(move, self.language),)
            if options
        )


def _section(title: str, lines: Iterable[str]) -> list[str]:
    items = [f"- {for_terminal(line)}" for line in lines]
    return [title, *items] if items else []


def _granted(authority: Authority | None, language: Language) -> Iterator[str]:
    if authority is not None:
        for currency, most in authority.money.items():
            said = "up to {most} {currency} in all" if most.is_finite() else "any sum in {currency}"
            yield language.say(said, most=str(most), currency=currency)
        for action in sorted(authority.actions):
            yield language.say(action.replace("_", " "))
