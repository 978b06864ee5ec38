"""A strategy: four decision tables over a situation, and how a plan comes out of them."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import Any, TypeVar

from attrs import evolve, field, frozen

from deescalate.advice import (
    AgentAdvice,
    AvoidedMove,
    Plan,
    PlannedMove,
    Situation,
    situation_facts,
)
from deescalate.documents import Given, Notes, Shape, listed, one_of, part, text, whole
from deescalate.errors import FactError
from deescalate.moves import Family, Move, Phase, moves_called
from deescalate.rules import Choice, Fact, Rule, Table, Verdict, facts_shape, table_shape
from deescalate.strategy._cells import Together, cells, cuts_of

__all__ = ["Choosing"]

T = TypeVar("T")

_MOVES = {move.value: move for move in Move}
_TOGETHER = {
    Phase.SAFETY.value: "moves for safety",
    Phase.PERSON.value: "more about the feeling",
    Phase.ISSUE.value: "going into the matter",
    Phase.RESOLUTION.value: "any remedy, whether offered, refused or carried out",
    Phase.CLOSING.value: "bringing it to an end",
    Move.CONFIRM.value: "asking whether all is settled",
    Move.OPEN_QUESTION.value: "an open question",
    Move.EXPLAIN.value: "explaining why it happened",
    Move.APOLOGISE.value: "another apology",
    Move.OWN_RESPONSIBILITY.value: "taking the blame",
    Family.EXPLORE.value: "further questions",
    Family.LIMIT.value: "setting limits",
}
"""What a plan avoids, in words, where the name of the moves alone would not say it."""
_MOST_KNOWN = 2**12
"""Places where a customer may be whose moves are remembered."""
_QUESTIONS = frozenset(move for move in Move if move.asks)


def _given() -> tuple[Fact, ...]:
    """The facts of a situation, which every table knows without declaring them."""
    facts: tuple[Fact, ...] = facts_shape().read(Notes(), "facts", situation_facts())
    return facts


_GIVEN = {fact.name: fact for fact in _given()}
_PHASES = tuple(phase.value for phase in Phase)
_NAMES = (*Move, *Family, *Phase)


def _table(
    name: str,
    frame: Mapping[str, Any],
    otherwise: Mapping[str, Any] | None = None,
    *,
    names_moves: bool = False,
) -> Callable[[Given], Shape]:
    """The shape of one of the tables.

    Args:
        name: Its name.
        frame: What every strategy has there.
        otherwise: What it has where the document says nothing.
        names_moves: Whether an outcome of one word has to name moves.
    """

    def shape(given: Given) -> Shape:
        phase = () if name == "phase" else (Choice("phase", _PHASES),)
        facts = (*given.get("facts", ()), *_GIVEN.values(), *phase)
        table = table_shape(facts=facts, frame={"name": name, **frame}, otherwise=otherwise)

        def read(notes: Notes, path: str, found: object) -> Table | None:
            made: Table | None = table.read(notes, path, found)
            if made is None:
                return None
            for at, rule in enumerate(made.rules):
                place = f"{path}.rules[{at}].then"
                if not isinstance(rule.then, str):
                    notes.expected(place, rule.then, "a text")
                elif names_moves and " " not in rule.then and not moves_called(rule.then):
                    notes.unknown(place, rule.then, _NAMES)
            for at, move in enumerate(made.outcomes if name == "moves" else ()):
                if move not in _MOVES:
                    notes.unknown(f"{path}.outcomes[{at}]", move, _MOVES)
            return made

        return evolve(table, read=read)

    return shape


_PHASE_TABLE = _table(
    "phase", {"hit_policy": "priority", "outcomes": _PHASES}, {"default": _PHASES[-1]}
)
_MOVES_TABLE = _table(
    "moves", {"hit_policy": "output order", "default": None}, {"outcomes": list(_MOVES)}
)
_EACH = {"hit_policy": "rule order", "default": None, "outcomes": ()}
_AVOID_TABLE = _table("avoid", _EACH, names_moves=True)
_AGENT_TABLE = _table("agent", _EACH)


@frozen(kw_only=True)
class Choosing:
    """The tables of a `Strategy`, which tells the attributes, and how a plan comes out of them.

    It stands below the proofs, which work on it and which `Strategy.check` calls.
    """

    name: str = field(default="strategy", metadata=part(text()))
    longest: int = field(default=5, metadata=part(whole(1)))
    spare: tuple[Move, ...] = field(default=(), repr=False, metadata=part(listed(one_of(Move))))
    facts: tuple[Fact, ...] = field(
        default=(), init=False, repr=False, metadata=part(facts_shape([*_GIVEN, "phase"]))
    )
    phase: Table = field(repr=False, metadata=part(_PHASE_TABLE))
    moves: Table = field(repr=False, metadata=part(_MOVES_TABLE))
    avoid: Table = field(repr=False, metadata=part(_AVOID_TABLE, absent={}))
    agent: Table = field(repr=False, metadata=part(_AGENT_TABLE, absent={}))

    def __attrs_post_init__(self) -> None:
        tables = (self.phase, self.moves, self.avoid, self.agent)
        facts = {fact.name: fact for table in tables for fact in table.facts}
        own = (fact for name, fact in facts.items() if name not in _GIVEN and name != "phase")
        object.__setattr__(self, "facts", tuple(own))

    @property
    def order(self) -> tuple[Move, ...]:
        """Every move, in the order in which the moves of a plan are made.

        >>> from deescalate.strategy import Strategy
        >>> Strategy.default().order[0]
        <Move.SAFETY_CHECK: 'safety_check'>
        """
        listed = [Move(str(name)) for name in self.moves.outcomes]
        return (*listed, *(move for move in Move if move not in listed))

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

        >>> from deescalate.strategy import Strategy
        >>> plan = Strategy.default().select(Situation(distress=0.8, openness=0.2, arousal=0.7))
        >>> [move.value for move in plan.kinds]
        ['introduce', 'give_space', 'validate', 'apologise']
        >>> plan.because
        'they cannot take reasons in until someone has seen how they feel'
        """
        case = self._case(situation)
        plan, unsure = self._plan(case), self._unsure(situation, case)
        return evolve(plan, confidence=max(1.0 - unsure, 0.0)) if unsure else plan

    def worth_knowing(self, situation: Situation) -> tuple[str, ...]:
        """The facts that are unknown and would change the moves if they were known.

        Args:
            situation: What is known.

        >>> from deescalate.strategy import Strategy
        >>> Strategy.default().worth_knowing(Situation(asked=True))
        ('can_meet', 'fault')
        """
        moves = self._plan(self._case(situation)).kinds
        known = {
            "can_meet": [evolve(situation, can_meet=each) for each in ("yes", "partly", "no")],
            "fault": [evolve(situation, fault=each) for each in ("ours", "theirs", "nobody")],
        }
        return tuple(
            name
            for name, answers in known.items()
            if getattr(situation, name) == "unknown"
            and any(self._plan(self._case(answer)).kinds != moves for answer in answers)
        )

    def _case(self, situation: Situation) -> "_Case":
        """What the facts of a situation leave possible, those that are estimates the last."""
        together, facts, cuts = self._together, situation.facts, self._cuts
        missing = together.missing((*facts, "phase"))
        try:
            settled = together.left(
                together.everything, [each for each in facts.items() if each[0] not in cuts]
            )
            boxes = together.left(settled, [(name, facts[name]) for name in cuts])
        except (TypeError, FactError):
            self.phase.decide(facts)
            raise
        if len(facts) + len(missing[0]) != len(self.phase.facts):
            self.phase.decide(facts)
        return _Case(settled=settled, boxes=boxes, missing=missing)

    def _plan(self, case: "_Case") -> Plan:
        """The plan for a case, were it known for sure."""
        plan = None if any(case.missing) else self._plans.get(case.boxes)
        if plan is None:
            plan = self._planned(case)
            if not any(case.missing):
                _remember(self._plans, case.boxes, plan)
        return plan

    def _planned(self, case: "_Case") -> Plan:
        held, asked, taken, inside = self._ruled(case.boxes, case.missing)
        phase = str(held.outcome)
        agent = _demanded(self._together.verdict(3, inside, case.missing))
        reasons: dict[str, list[str]] = {}
        for rule in asked:
            reasons.setdefault(str(rule.then), []).append(rule.reason)
        return Plan(
            phase=Phase(phase),
            because=held.matched[0].reason if held.matched else "nothing holds it back",
            moves=_shared(
                tuple(
                    PlannedMove(
                        move,
                        "; ".join(dict.fromkeys(reasons[move.value])),
                        spare=move in self.spare,
                    )
                    for move in self._moves_in(self._performable(asked, taken, phase))
                )
            ),
            avoid=_shared(tuple(self._avoided(taken))),
            agent=_shared(tuple(AgentAdvice(str(rule.then), rule.reason) for rule in agent)),
        )

    def _ruled(
        self, boxes: int, missing: Sequence[tuple[int, ...]]
    ) -> tuple[Verdict, tuple[Rule, ...], tuple[Rule, ...], int]:
        """Which phase holds, what is asked and avoided then, and the boxes that it leaves."""
        together = self._together
        held = together.verdict(0, boxes, missing)
        inside = together.left(boxes, (("phase", held.demand()),))
        taken = _demanded(together.verdict(2, inside, missing))
        asked = _demanded(together.verdict(1, inside, missing))
        return held, asked, taken, inside

    def _unsure(self, situation: Situation, case: "_Case") -> float:
        """How likely the customer is where the moves or the phase would be others."""
        chosen, left = self._moves_at(case.boxes, case.missing), self._together.left
        estimate: dict[str, float] = {name: getattr(situation, name) for name in self._cuts}
        return sum(
            cell.mass
            for cell in cells(estimate, situation.spread, self._cuts)
            if self._moves_at(left(case.settled, cell.facts.items()), case.missing) != chosen
        )

    def _moves_at(self, boxes: int, missing: Sequence[tuple[int, ...]]) -> tuple[str, int]:
        """The phase and the moves where some boxes of the tables together are left possible."""
        found = None if any(missing) else self._known.get(boxes)
        if found is None:
            held, asked, taken, _ = self._ruled(boxes, missing)
            phase = str(held.outcome)
            found = phase, self._performable(asked, taken, phase)
            if not any(missing):
                _remember(self._known, boxes, found)
        return found

    @cached_property
    def _known(self) -> dict[int, tuple[str, int]]:
        return {}

    @cached_property
    def _plans(self) -> dict[int, Plan]:
        return {}

    def _avoided(self, rules: Iterable[Rule]) -> Iterator[AvoidedMove]:
        for rule in rules:
            name = str(rule.then)
            text = _TOGETHER.get(name, name.replace("_", " "))
            for move in self._called[name] or (None,):
                yield AvoidedMove(move, text, rule.reason)

    def _performable(self, asked: Iterable[Rule], taken: Iterable[Rule], phase: str) -> int:
        """What fits into one reply, in bits: one question, the spare moves left out first."""
        wanted = refused = 0
        for rule in asked:
            wanted |= self._wanted[str(rule.then)]
        for rule in taken:
            refused |= self._refused[str(rule.then)]
        kept = wanted & self._open[phase] & ~refused
        questions = kept & self._questions
        kept ^= questions & (questions - 1)
        for spare in self.spare:
            if kept.bit_count() <= self.longest:
                return kept
            kept &= ~self._bits((spare,))
        while kept.bit_count() > self.longest:
            kept ^= 1 << (kept.bit_length() - 1)
        return kept

    def _bits(self, moves: Iterable[Move]) -> int:
        """Moves as bits, the first in the order of a reply the lowest."""
        return sum(1 << self._places[move] for move in moves)

    def _moves_in(self, bits: int) -> tuple[Move, ...]:
        """The moves that bits stand for, in order."""
        return tuple(move for move, place in self._places.items() if bits >> place & 1)

    @cached_property
    def _cuts(self) -> dict[str, tuple[float, ...]]:
        return cuts_of((self.phase, self.moves, self.avoid))

    @cached_property
    def _together(self) -> Together:
        return Together((self.phase, self.moves, self.avoid, self.agent))

    @cached_property
    def _places(self) -> dict[Move, int]:
        return {move: place for place, move in enumerate(self.order)}

    @cached_property
    def _called(self) -> dict[str, tuple[Move, ...]]:
        """The moves that each outcome of the table of what to avoid stands for."""
        return {str(rule.then): moves_called(str(rule.then)) for rule in self.avoid.rules}

    @cached_property
    def _wanted(self) -> dict[str, int]:
        """The move that each outcome of the table of moves names, as a bit."""
        return {name: self._bits((move,)) for name, move in _MOVES.items()}

    @cached_property
    def _refused(self) -> dict[str, int]:
        """The moves that each outcome of the table of what to avoid stands for, in bits."""
        return {name: self._bits(moves) for name, moves in self._called.items()}

    @cached_property
    def _questions(self) -> int:
        return self._bits(_QUESTIONS)

    @cached_property
    def _open(self) -> dict[str, int]:
        """The moves that each phase is open to: the person's always, and none of a later one."""
        return {
            phase.value: self._bits(
                move for move in Move if move.phase.rank <= max(phase.rank, Phase.PERSON.rank)
            )
            for phase in Phase
        }


@frozen(kw_only=True)
class _Case:
    """What is left possible of the tables together.

    Attributes:
        settled: The boxes that all facts but the estimated ones leave possible.
        boxes: Those that all facts do.
        missing: For each table the places of the facts that are missing.
    """

    settled: int
    boxes: int
    missing: Sequence[tuple[int, ...]]


def _demanded(verdict: Verdict) -> tuple[Rule, ...]:
    """The rules that match, where no fact is missing that could add another."""
    if verdict.missing:
        verdict.demand()
    return verdict.matched


def _remember(known: dict[int, T], boxes: int, found: T) -> None:
    if len(known) >= _MOST_KNOWN:
        known.clear()
    known[boxes] = found


@lru_cache(maxsize=2_048)
def _shared(part: T) -> T:
    """The same part of a plan for all that have an equal one, to save memory."""
    return part
