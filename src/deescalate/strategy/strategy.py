"""A strategy: four decision tables over a situation, and how a plan comes out of them."""

from collections.abc import Iterator, Mapping
from functools import cache
from statistics import NormalDist
from typing import Any

from attrs import evolve, field, frozen

from deescalate.moves import Move, Phase, moves_called
from deescalate.rules import Rule, Table
from deescalate.strategy.document import default_document, read_parts
from deescalate.strategy.plan import Advice, AvoidedMove, Plan, PlannedMove
from deescalate.strategy.situation import Situation

__all__ = ["Strategy", "select"]

_NODES = tuple(NormalDist().inv_cdf((2 * each + 1) / 18) for each in range(9))


@frozen(kw_only=True)
class Strategy:
    """Which moves come next, decided by four tables that people can read, edit and prove things of.

    Attributes:
        name: Its name.
        phase: Where the conversation is held; of all rules that match, the earliest phase wins.
        moves: Each rule that matches adds one move; its ``outcomes`` are the order of a plan.
        avoid: Each rule that matches takes out a move, a family or a phase of moves, or names a way
            of speaking to avoid.
        agent: Each rule that matches gives a piece of advice for the agent's own sake.
        longest: How many moves one plan may have.
        spare: The moves that are left out first, in this order, where a plan would be longer.

    >>> Strategy.default()
    Strategy(name='person first', longest=5)
    """

    name: str
    phase: Table = field(repr=False)
    moves: Table = field(repr=False)
    avoid: Table = field(repr=False)
    agent: Table = field(repr=False)
    longest: int = 5
    spare: tuple[Move, ...] = field(default=(), repr=False)

    @property
    def order(self) -> tuple[Move, ...]:
        """Every move, in the order in which the moves of a plan are made.

        >>> Strategy.default().order[0]
        <Move.SAFETY_CHECK: 'safety_check'>
        """
        listed = [Move(str(name)) for name in self.moves.outcomes]
        return (*listed, *(move for move in Move if move not in listed))

    @classmethod
    def default(cls) -> "Strategy":
        """The shipped strategy: the person first, then the issue.

        >>> Strategy.default() is Strategy.default()
        True
        """
        return _default()

    @classmethod
    def from_document(cls, document: str | Mapping[str, Any]) -> "Strategy":
        """Load a strategy from a document in TOML, or from the mapping that it stands for.

        The facts of a `Situation` are known without being declared, and ``phase`` is one more in
        all tables but the first. Facts of your own are declared under ``facts`` as in any table,
        and given in `Situation.more`.

        Args:
            document: The text or the mapping.

        Raises:
            DocumentError: With every problem in it, each with its path.

        >>> Strategy.from_document("format = 1")
        Traceback (most recent call last):
            ...
        deescalate.errors.DocumentError: strategy document has 2 problems:
          phase: missing, expected a table with rules
          moves: missing, expected a table with rules
        """
        return cls(**read_parts(document))

    def select(self, situation: Situation) -> Plan:
        """Choose what to do next.

        The plan has no move of a phase later than its own (the moves of the safety and person
        phases are always open), none that it says to avoid, one question at most, and no more
        moves than the strategy allows. It depends on nothing but the situation and the tables.

        Args:
            situation: What is known.

        Raises:
            FactError: A fact of the situation is outside its domain.
            UndecidedError: A fact of your own is missing from it that would matter.

        >>> plan = Strategy.default().select(Situation(distress=0.8, openness=0.2, arousal=0.7))
        >>> [move.value for move in plan.kinds]
        ['introduce', 'give_space', 'validate', 'apologise']
        >>> plan.because
        'they cannot take reasons in until someone has seen how they feel'
        """
        plan = self._plan(situation)
        if situation.spread <= 0:
            return plan
        others = [self._plan(_shifted(situation, node)) for node in _NODES]
        same = sum((each.phase, each.kinds) == (plan.phase, plan.kinds) for each in others)
        return evolve(plan, confidence=same / len(others))

    def worth_knowing(self, situation: Situation) -> tuple[str, ...]:
        """The facts that are unknown and would change the moves if they were known.

        Args:
            situation: What is known.

        >>> Strategy.default().worth_knowing(Situation(asked=True))
        ('can_meet', 'fault')
        """
        moves = self._plan(situation).kinds
        known = {
            "can_meet": [evolve(situation, can_meet=each) for each in ("yes", "partly", "no")],
            "fault": [evolve(situation, fault=each) for each in ("ours", "theirs", "nobody")],
        }
        return tuple(
            name
            for name, answers in known.items()
            if getattr(situation, name) == "unknown"
            and any(self._plan(answer).kinds != moves for answer in answers)
        )

    def _plan(self, situation: Situation) -> Plan:
        facts = situation.facts
        held = self.phase.decide(facts)
        phase = Phase(held.demand())
        facts["phase"] = phase.value
        avoid = tuple(self._avoided(facts))
        refused = {each.move for each in avoid}
        reasons: dict[Move, list[str]] = {}
        for rule in _matched(self.moves, facts):
            reasons.setdefault(Move(str(rule.then)), []).append(rule.reason)
        open_to = max(phase.rank, Phase.PERSON.rank)
        wanted = [move for move in reasons if move not in refused and move.phase.rank <= open_to]
        return Plan(
            phase=phase,
            because=held.matched[0].reason if held.matched else "nothing holds it back",
            moves=tuple(
                PlannedMove(move, "; ".join(dict.fromkeys(reasons[move])))
                for move in self._performable(wanted)
            ),
            avoid=avoid,
            agent=tuple(
                Advice(str(rule.then), rule.reason) for rule in _matched(self.agent, facts)
            ),
        )

    def _avoided(self, facts: Mapping[str, object]) -> Iterator[AvoidedMove]:
        for rule in _matched(self.avoid, facts):
            moves = moves_called(str(rule.then))
            for move in moves:
                yield AvoidedMove(move, move.value.replace("_", " "), rule.reason)
            if not moves:
                yield AvoidedMove(None, str(rule.then), rule.reason)

    def _performable(self, moves: list[Move]) -> list[Move]:
        """What fits into one reply: in order, one question, the spare moves left out first."""
        kept = sorted(moves, key=self.order.index)
        questions = [move for move in kept if move.asks]
        kept = [move for move in kept if move not in questions[1:]]
        leave_out = [move for move in self.spare if move in kept]
        while len(kept) > self.longest:
            kept.remove(leave_out.pop(0) if leave_out else kept[-1])
        return kept


@cache
def _default() -> Strategy:
    return Strategy.from_document(default_document())


def select(situation: Situation, strategy: Strategy | None = None) -> Plan:
    """Choose what to do next: `Strategy.select` of the shipped strategy, or of yours.

    Args:
        situation: What is known.
        strategy: Whose tables decide; the shipped strategy if none is given.

    Raises:
        FactError: A fact of the situation is outside its domain.

    >>> [move.value for move in select(Situation(can_meet="yes", turns=1)).kinds]
    ['propose']
    """
    return (strategy or Strategy.default()).select(situation)


def _matched(table: Table, facts: Mapping[str, object]) -> tuple[Rule, ...]:
    """The rules that match, where no fact is missing that could add another."""
    verdict = table.decide(facts)
    if verdict.missing:
        verdict.demand()
    return verdict.matched


def _shifted(situation: Situation, node: float) -> Situation:
    """The same situation with a customer who is in truth more upset, or less for a node below 0."""
    shift = node * situation.spread
    return evolve(
        situation,
        distress=_within(situation.distress + shift, 0.0),
        openness=_within(situation.openness - shift, 0.0),
        arousal=_within(situation.arousal + shift, -1.0),
    )


def _within(value: float, low: float) -> float:
    return min(max(value, low), 1.0)
