"""The laws that the shipped strategy keeps, and their proof on any strategy."""

from collections.abc import Iterable

from attrs import fields_dict, frozen

from deescalate.advice import Plan, Situation, situation_facts
from deescalate.errors import SettingError
from deescalate.moves import Family, Move, Phase
from deescalate.rules import Choice, Condition, Flag, Number
from deescalate.strategy._choosing import Choosing
from deescalate.strategy._laws import (
    Absent,
    FallsBack,
    Held,
    Law,
    Needs,
    NeverBackward,
    Ordered,
    Present,
    ShortEnough,
    Together,
    pairs,
)
from deescalate.strategy._space import Breach, Space, in_phase

__all__ = ["LawResult", "prove_strategy", "strategy_laws"]


def _of(*families: Family) -> tuple[Move, ...]:
    return tuple(move for move in Move if move.family in families)


def _during(*phases: Phase) -> tuple[Move, ...]:
    return tuple(move for move in Move if move.phase in phases)


def _is(flag: str) -> Condition:
    return Flag(flag).is_true()


def _not(flag: str) -> Condition:
    return Flag(flag).is_false()


def _one_of(choice: str, *options: str) -> Condition:
    return Choice(choice, situation_facts()[choice]["choice"]).is_in(*options)


_LISTENING = _of(Family.LISTEN)
_EMPATHY = (*_of(Family.EMPATHY), Move.LABEL_EMOTION)
_REMEDY = (Move.ACCEPT, Move.OFFER_CHOICE, Move.PROPOSE, Move.ACT, Move.PARTNER)
_QUESTIONS = tuple(move for move in Move if move.asks)
_REASONING = (Move.EXPLAIN, Move.REFOCUS)
_CONTRADICTING = (
    (Move.ACCEPT, Move.DECLINE),
    (Move.PROPOSE, Move.DECLINE),
    (Move.PROPOSE, Move.OFFER_CHOICE),
    (Move.PARAPHRASE, Move.SUMMARISE),
    (Move.ACT, Move.CONFIRM),
    (Move.SET_LIMIT, Move.APOLOGISE),
    (Move.SET_LIMIT, Move.THANK),
    (Move.SET_LIMIT, Move.AFFIRM),
    *((Move.GIVE_SPACE, move) for move in (*_QUESTIONS, *_REASONING, Move.INFORM)),
)


def strategy_laws(
    *, closed_below: float = 0.35, upset_from: float = 0.5, heated_from: float = 0.5
) -> tuple[Law, ...]:
    """The laws that the shipped strategy keeps.

    The thresholds are ours and those of the shipped tables.

    Args:
        closed_below: The openness, 0 to 1, below which reason cannot reach a customer.
        upset_from: The distress, 0 to 1, from which a feeling must be acknowledged before a remedy.
        heated_from: The arousal, -1 to 1, from which nothing is explained.

    Raises:
        SettingError: A threshold outside its range.

    >>> [law.id for law in strategy_laws()][:3]
    ['O1-safety', 'O1-only-safety', 'O1-first']
    """
    for name, value, low in (
        ("closed_below", closed_below, 0),
        ("upset_from", upset_from, 0),
        ("heated_from", heated_from, -1),
    ):
        if not low <= value <= 1:
            raise SettingError(name, value, f"a number from {low} to 1")
    open_, distress = Number("openness", 0, 1), Number("distress", 0, 1)
    arousal, apologies = Number("arousal", -1, 1), Number("apologies", 0, integer=True)
    same_plan = Number("same_plan", 0, integer=True)
    danger = _one_of("danger", "violence", "self_harm")
    unagreed = _not("agreed") & _not("resolved")
    unsettled = unagreed & _not("lost")
    closed = (open_ < closed_below) & _not("acknowledged")
    return (
        Held(
            id="O1-safety",
            statement="danger to anyone comes before everything else",
            source="O1: verbal de-escalation's first domain",
            when=danger,
            phases=(Phase.SAFETY,),
        ),
        Absent(
            id="O1-only-safety",
            statement="in danger there is nothing but safety, listening, comfort and help",
            source="O1",
            moves=tuple(
                move
                for move in Move
                if move.phase not in (Phase.SAFETY, Phase.PERSON)
                or move in (Move.APOLOGISE, Move.OWN_RESPONSIBILITY)
                or move.family is Family.LIMIT
            ),
            when=danger,
        ),
        Ordered(
            id="O1-first",
            statement="a move for safety is made before any other",
            source="O1",
            first=(Move.SAFETY_CHECK, Move.CALL_SECURITY),
            then=tuple(
                move for move in Move if move not in (Move.SAFETY_CHECK, Move.CALL_SECURITY)
            ),
        ),
        Present(
            id="O1-possible-danger",
            statement="where danger is possible, one asks whether they are safe",
            source="O1",
            moves=(Move.SAFETY_CHECK,),
            when=_one_of("danger_suspected", "violence", "self_harm") & _one_of("danger", "none"),
        ),
        Held(
            id="O2-person-first",
            statement="a closed customer whose feeling nobody has seen is met as a person first",
            source="O2 and O5: the stairway, influence only after rapport",
            when=closed,
            phases=(Phase.SAFETY, Phase.PERSON),
        ),
        Ordered(
            id="O2-listening-first",
            statement="whoever listens in a reply does so before a remedy or a next step",
            source="O2: listening comes first in 12 of the 13 ordered frameworks that know both",
            first=(*_of(Family.CONTACT), *_LISTENING),
            then=(*_REMEDY, Move.INFORM),
        ),
        Needs(
            id="O3-empathy-before-remedy",
            statement="an upset customer is acknowledged before a remedy is offered",
            source="O3: HEARD, LEAP, LEARN, HEAT, CARP, the stairway",
            moves=_REMEDY,
            one_of=_EMPATHY,
            when=_not("acknowledged") & (distress >= upset_from) & unsettled,
        ),
        Needs(
            id="O4-apology-after-listening",
            statement="sorry is said after listening, or it is said to nobody",
            source="O4: HEARD, LAST, LEARN, HEAT, BLAST",
            moves=(Move.APOLOGISE,),
            one_of=(*_LISTENING, *_EMPATHY),
            when=_not("heard") & _not("acknowledged"),
        ),
        Ordered(
            id="O4-apology-before-remedy",
            statement="sorry is said before the remedy",
            source="O4",
            first=(Move.APOLOGISE, Move.OWN_RESPONSIBILITY),
            then=_during(Phase.RESOLUTION, Phase.CLOSING),
        ),
        Held(
            id="O5-fall-back",
            statement="while nothing is agreed, growing upset takes every remedy off the table",
            source="O5: on escalation by the customer fall back a stage",
            when=_is("rising") & unagreed,
            phases=(Phase.SAFETY, Phase.PERSON, Phase.ISSUE),
        ),
        Held(
            id="O5-fall-back-again",
            statement="growing upset reopens what was agreed",
            source="O5",
            when=_is("rising"),
            phases=(Phase.SAFETY, Phase.PERSON, Phase.ISSUE, Phase.RESOLUTION),
        ),
        FallsBack(
            id="O5-back-a-phase",
            statement="growing upset, all else equal, moves the conversation back by a phase",
            source="O5: on escalation by the customer fall back a stage",
            flag="rising",
        ),
        Needs(
            id="O6-limit-with-choice",
            statement="a limit comes with two ways to go on",
            source="O6: five-step limit setting",
            moves=(Move.SET_LIMIT,),
            one_of=(Move.GIVE_CHOICE,),
            before=False,
        ),
        Needs(
            id="O6-limit-with-consequence",
            statement="a limit comes with a consequence",
            source="O6",
            moves=(Move.SET_LIMIT,),
            one_of=(Move.STATE_CONSEQUENCE,),
            before=False,
        ),
        Needs(
            id="O6-limit-not-first",
            statement="a limit is never the first thing said",
            source="O6",
            moves=(Move.SET_LIMIT, Move.GIVE_CHOICE, Move.STATE_CONSEQUENCE),
            one_of=(*_LISTENING, *_EMPATHY),
        ),
        Absent(
            id="O6-limit-for-conduct",
            statement="limits are for conduct, never for being angry, loud or slow",
            source="O6, and ADVICE A29 to A34",
            moves=_of(Family.LIMIT),
            when=~_one_of("manner", "abusive", "disrespectful"),
        ),
        Absent(
            id="O7-no-reasons-in-heat",
            statement="nothing is explained at high arousal",
            source="O7: the verbal escalation continuum",
            moves=(Move.EXPLAIN,),
            when=arousal >= heated_from,
        ),
        Absent(
            id="O7-no-reasons-when-closed",
            statement="nothing is explained to someone who is closed",
            source="O7",
            moves=(Move.EXPLAIN,),
            when=open_ < closed_below,
        ),
        Needs(
            id="O8-responsibility-before-reasons",
            statement="where it was our fault, the cause is told after responsibility is taken",
            source="O8: Lewicki, Polin & Lount 2016, the parts of an apology",
            moves=(Move.EXPLAIN,),
            one_of=(Move.OWN_RESPONSIBILITY,),
            when=_one_of("fault", "ours") & _not("responsibility_owned"),
        ),
        Absent(
            id="O9-closing-last",
            statement="closing waits for a resolution or an agreed next step",
            source="O9",
            moves=_during(Phase.CLOSING),
            when=unsettled,
        ),
        Together(
            id="O10-one-question",
            statement="one question at a time",
            source="O10",
            pairs=pairs(_QUESTIONS),
        ),
        Together(
            id="performable",
            statement="no move contradicts another",
            source="ours",
            pairs=_CONTRADICTING,
        ),
        ShortEnough(
            id="short",
            statement="a plan fits into one reply: only what can be spared is ever left out",
            source="O10, and ours",
        ),
        *(
            Present(
                id=f"does-{phase.value}",
                statement=f"a plan held in the {phase.value} phase does something about it",
                source="ours",
                moves=moves,
                when=in_phase(phase),
            )
            for phase, moves in (
                (Phase.SAFETY, (Move.SAFETY_CHECK, Move.CALL_SECURITY)),
                (Phase.PERSON, _during(Phase.PERSON)),
                (Phase.ISSUE, (*_during(Phase.ISSUE), Move.SEEK_HELP)),
                (Phase.RESOLUTION, _during(Phase.RESOLUTION)),
                (Phase.CLOSING, (*_during(Phase.CLOSING), Move.ACT)),
            )
        ),
        NeverBackward(
            id="distress-never-hurries",
            statement="more distress, all else equal, never moves the phase toward closing",
            source="O5",
            fact="distress",
        ),
        NeverBackward(
            id="arousal-never-hurries",
            statement="more arousal, all else equal, never moves the phase toward closing",
            source="O5",
            fact="arousal",
        ),
        NeverBackward(
            id="openness-never-holds-back",
            statement="more openness, all else equal, never moves the phase back",
            source="O5",
            fact="openness",
            rising=False,
        ),
        NeverBackward(
            id="rising-never-hurries",
            statement="growing upset, all else equal, never moves the phase toward closing",
            source="O5",
            fact="rising",
        ),
        Absent(
            id="sorry-has-an-end",
            statement="two apologies are enough",
            source="ADVICE A13, ours",
            moves=(Move.APOLOGISE,),
            when=apologies >= 2,
        ),
        Absent(
            id="own-what-is-ours",
            statement="responsibility is taken for what is ours and for nothing else",
            source="ADVICE A22, ours",
            moves=(Move.OWN_RESPONSIBILITY,),
            when=~_one_of("fault", "ours") & _not("promise_broken"),
        ),
        Needs(
            id="no-with-an-alternative",
            statement="a no comes with an alternative",
            source="ADVICE A21 and A22",
            moves=(Move.DECLINE,),
            one_of=(Move.OFFER_CHOICE, Move.PROPOSE),
            before=False,
        ),
        Present(
            id="asked-for-someone",
            statement="who asks for a supervisor or a person gets one",
            source="ADVICE A38",
            moves=(Move.SEEK_HELP,),
            when=_is("asks_supervisor") | _is("asks_human"),
        ),
        Present(
            id="stuck-brings-help",
            statement="three tries in a row without effect bring in someone else",
            source="ADVICE A38, ours",
            moves=(Move.SEEK_HELP,),
            when=(same_plan >= 3) & unagreed,
        ),
        Present(
            id="heated-agent-hands-over",
            statement="an agent who has lost their composure is relieved",
            source="ADVICE A5, ours",
            moves=(Move.SEEK_HELP,),
            when=(Number("agent_composure", 0, 1) < 0.25) & unagreed,
        ),
        Held(
            id="no-closing-on-a-question",
            statement="nothing is closed while a question of theirs is open",
            source="ours",
            when=_is("unanswered"),
            phases=(Phase.SAFETY, Phase.PERSON, Phase.ISSUE),
        ),
        Held(
            id="no-closing-on-what-is-not-understood",
            statement="nothing is closed on words that nobody understood",
            source="ours",
            when=_is("not_understood"),
            phases=(Phase.SAFETY, Phase.PERSON, Phase.ISSUE),
        ),
        Present(
            id="not-understood-gets-a-person",
            statement="whose words cannot be understood is offered a person who reads them",
            source="ours",
            moves=(Move.SEEK_HELP,),
            when=_is("not_understood"),
        ),
        Held(
            id="watched-is-not-closed",
            statement="nobody is sent away shortly after a danger",
            source="ours",
            when=_is("danger_watched"),
            phases=(Phase.SAFETY, Phase.PERSON, Phase.ISSUE, Phase.RESOLUTION),
        ),
        Absent(
            id="told-is-not-asked",
            statement="nobody is asked what happened who has told it",
            source="ADVICE A10",
            moves=(Move.OPEN_QUESTION,),
            when=_is("told_matter"),
        ),
        Absent(
            id="no-regret-for-what-is-not-ours",
            statement="a loss, the weather or another firm meets sympathy and no regret of ours",
            source="ours",
            moves=(Move.APOLOGISE, Move.OWN_RESPONSIBILITY),
            when=_is("not_our_doing") & ~_one_of("fault", "ours") & _not("promise_broken"),
        ),
        Present(
            id="going-up-is-told",
            statement="whose case goes to someone above is told so",
            source="ADVICE A38",
            moves=(Move.SEEK_HELP,),
            when=_is("goes_up"),
        ),
        Present(
            id="no-news-is-told",
            statement="who waits for news hears what is being done, even where there is none",
            source="ADVICE A36 and A43",
            moves=(Move.INFORM,),
            when=_is("waiting_for_news") & in_phase(Phase.ISSUE),
        ),
    )


@frozen(kw_only=True)
class LawResult:
    """Whether a strategy keeps a law.

    Attributes:
        law: The law.
        breach: Situations in which it is broken, ``None`` where it holds in every situation.
        situation: One of them.
        plan: What the strategy plans there.

    >>> print(LawResult(law=strategy_laws()[0]))
    O1-safety holds: danger to anyone comes before everything else
    """

    law: Law
    breach: Breach | None = None
    situation: Situation | None = None
    plan: Plan | None = None

    @property
    def holds(self) -> bool:
        """Whether the law holds in every situation."""
        return self.breach is None

    def __str__(self) -> str:
        if self.breach is None or self.plan is None:
            return f"{self.law.id} holds: {self.law.statement}"
        moves = ", ".join(move.value for move in self.plan.kinds) or "nothing"
        return (
            f"{self.law.id} is broken: {self.law.statement}\n"
            f"  where {self.breach.region}\n"
            f"  the plan in the {self.plan.phase.value} phase is: {moves}"
        )


def prove_strategy(strategy: Choosing, laws: Iterable[Law] | None = None) -> tuple[LawResult, ...]:
    """Prove each law on a strategy, or find the situation that breaks it.

    Nothing is sampled: every law is settled for all situations at once.

    Args:
        strategy: The strategy, yours or the shipped one.
        laws: The laws; those of `strategy_laws` if none are given.

    Returns:
        One result a law, in their order.

    Raises:
        WorkLimitError: A search would pass its limit; nothing was guessed.

    >>> from deescalate.strategy import Strategy
    >>> strict = [law for law in strategy_laws(heated_from=0.4) if law.id.startswith("O7")]
    >>> [result.holds for result in prove_strategy(Strategy.default(), strict)]
    [False, True]
    """
    space = Space(strategy)
    return tuple(_settled(law, space) for law in (strategy_laws() if laws is None else laws))


def _settled(law: Law, space: Space) -> LawResult:
    breach = law.breach(space)
    if breach is None:
        return LawResult(law=law)
    own = {name: value for name, value in breach.facts.items() if name in fields_dict(Situation)}
    more = {
        name: value for name, value in breach.facts.items() if name not in own and name != "phase"
    }
    situation = Situation(**own, more=more)
    return LawResult(
        law=law, breach=breach, situation=situation, plan=space.strategy.select(situation)
    )
