"""One advice: what to say, who should have the case, and what may be granted."""

from collections.abc import Iterable, Iterator, Mapping

from attrs import evolve, field, frozen

from deescalate._plain import to_json
from deescalate.advice import Plan, Situation
from deescalate.authority import Authority
from deescalate.conversation._facts import Judges
from deescalate.conversation._state import State
from deescalate.escalation import Decision
from deescalate.moves import Move
from deescalate.wording import Wording

__all__ = ["Advice", "advice_of", "allowed"]

_NEEDS: Mapping[Move, str] = {Move.APOLOGISE: "apologise", Move.EXPLAIN: "explain"}
"""Moves that a tier may be without leave for, by the names of actions in a policy."""
_MISSING = (
    ("told_matter", "what happened"),
    ("told_reference", "which order, booking or case it is"),
    ("told_since", "since when"),
    ("told_wish", "what would put it right"),
)
_LANGUAGE = "in which language they would like to go on"
_NOT = ("do not ", "never ", "don't ")


@frozen(kw_only=True)
class Advice:
    """All that is advised now, as one value; its text are the instructions.

    Attributes:
        plan: What to say.
        decision: Who should have the case, and why.
        authority: What whoever has it may grant and do.
        wording: How a draft is reviewed.
        ask_for: The one thing to ask for, where the plan asks what is missing; or nothing.
        do: What else to do now: what the policy says until the other tier takes over.
        do_not: What else to avoid, such as asking what was told.
        may_not: Actions that are for others to decide.

    >>> from datetime import UTC, datetime
    >>> from deescalate.playbook import Playbook
    >>> nine = datetime(2026, 1, 5, 9, tzinfo=UTC)
    >>> talk = Playbook.default().open(at=nine).customer_says("I want a manager!", at=nine)
    >>> talk.advice.do[0]
    'tell them that the case goes to the supervisor, who answers within 15 minutes'
    """

    plan: Plan
    decision: Decision
    authority: Authority
    wording: Wording = field(repr=False)
    ask_for: str = ""
    do: tuple[str, ...] = ()
    do_not: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()

    def instructions(
        self,
        *,
        facts: Iterable[str] = (),
        may: Iterable[str] = (),
        may_not: Iterable[str] = (),
    ) -> str:
        """The advice as a prompt for a language model, or for a person in a hurry.

        None of the customer's words are in it.

        Args:
            facts: What is true and may be said, a short sentence each.
            may: Further things that may be offered.
            may_not: Further things that must not be offered or said.
        """
        return self.plan.instructions(
            facts=facts,
            authority=self.authority,
            may=may,
            may_not=[*may_not, *self.may_not],
            do=self.do,
            avoid=self.do_not,
            ask_for=self.ask_for,
        )

    def to_json(self) -> str:
        """All of it as one JSON object, but for the settings of the review."""
        return to_json(self)

    def __str__(self) -> str:
        return self.instructions()


def advice_of(
    state: State, judges: Judges, *, plan: Plan, situation: Situation, authority: Authority
) -> Advice:
    """Bring together what strategy, policy and settings say."""
    decision, say = state.decision, judges.language.say
    meanwhile = decision.meanwhile if decision.escalates else ()
    known = [say(words) for fact, words in _MISSING if getattr(situation, fact)]
    again = [say("asking again for {what}", what=", ".join(known))] if known else []
    return Advice(
        plan=plan,
        decision=decision,
        authority=authority,
        wording=judges.wording,
        ask_for=say(_ask_for(plan, situation)),
        do=(*_told(state, judges), *(say(each) for each in meanwhile if not _forbids(each))),
        do_not=(*(say(each) for each in meanwhile if _forbids(each)), *again),
        may_not=tuple(
            say(action.replace("_", " ")) for action in sorted(_actions(judges) - authority.actions)
        ),
    )


def allowed(plan: Plan, judges: Judges, authority: Authority) -> Plan:
    """The plan without what whoever has the case has no leave for."""
    actions = _actions(judges)
    barred = {
        move for move, action in _NEEDS.items() if action in actions and not authority.may(action)
    }
    if barred.isdisjoint(plan.kinds):
        return plan
    return evolve(plan, moves=tuple(each for each in plan.moves if each.move not in barred))


def _actions(judges: Judges) -> frozenset[str]:
    """What any rung of the ladder may do."""
    rungs = judges.escalation.ladder.tiers
    return frozenset(action for rung in rungs for action in rung.authority.actions)


def _forbids(line: str) -> bool:
    return line.casefold().startswith(_NOT)


def _told(state: State, judges: Judges) -> Iterator[str]:
    """What a customer is told: that not all was read; who takes a case that goes up, by when."""
    decision, say = state.decision, judges.language.say
    if state.last_said and state.last_said.reading.unread:
        line = "say that their long message was read in part, and ask what matters most in it"
        yield say(line)
    if decision.escalates and not decision.safety:
        minutes = f"{decision.acknowledge_within.total_seconds() / 60:g}"
        line = "tell them that the case goes to the {tier}, who answers within {minutes} minutes"
        yield say(line, tier=say(decision.tier), minutes=minutes)


def _ask_for(plan: Plan, situation: Situation) -> str:
    """What is missing first, where the plan asks for the one fact that is needed."""
    if situation.not_understood:
        return _LANGUAGE if Move.CLOSED_QUESTION in plan.kinds else ""
    missing = (words for fact, words in _MISSING if not getattr(situation, fact))
    return next(missing, "") if Move.CLOSED_QUESTION in plan.kinds else ""
