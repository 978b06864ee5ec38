"""All situations at once: where a strategy would do something, and where it would not."""

from collections.abc import Iterable, Mapping, Sequence
from functools import cached_property
from typing import Any

from attrs import frozen

from deescalate.moves import Move, Phase, moves_called
from deescalate.rules import EVERYTHING, Choice, Condition, Flag, Rule, Table, all_of
from deescalate.rules._engine.conditions import Box
from deescalate.rules._engine.matching import axes_of
from deescalate.rules.proofs import is_monotone, never
from deescalate.rules.proofs._search import Search, sample_of
from deescalate.strategy._choosing import Choosing

__all__ = ["Breach", "Space", "in_phase"]

_PHASE = Choice("phase", [phase.value for phase in Phase])


@frozen(kw_only=True)
class Breach:
    """Situations in which something happens that should not.

    Attributes:
        region: Which, in words.
        facts: One of them, as facts by name.
    """

    region: str
    facts: dict[str, Any]


def in_phase(*phases: Phase) -> Condition:
    """The conversation is held in one of some phases.

    >>> print(in_phase(Phase.SAFETY, Phase.PERSON))
    phase is safety or person
    """
    return _PHASE.is_in(*(phase.value for phase in phases))


@frozen
class Space:
    """Every situation that a strategy can be asked about, with the phase as one more fact.

    A search asks `deescalate.rules.proofs` about a table in which whatever excuses a situation
    comes first, and the breach last: the breach is hit only where no excuse holds. That is exact.

    Attributes:
        strategy: The strategy.
    """

    strategy: Choosing

    def search(
        self, bad: Iterable[Condition], *, unless: Iterable[Condition] = ()
    ) -> Breach | None:
        """Find situations that are bad in one of some ways and have no excuse.

        Args:
            bad: What must not be.
            unless: What excuses it.

        Returns:
            Some of them, or ``None`` where there are none.
        """
        excuses = (*self._impossible, *unless)
        breaches = [condition & held for condition in bad for held in self._holding]
        if not any(condition.boxes for condition in breaches):
            return None
        rules = [
            Rule(f"{then} {at}", condition, then)
            for then, conditions in (("excused", excuses), ("broken", breaches))
            for at, condition in enumerate(conditions)
        ]
        probe = Table("probe", self.strategy.moves.facts, rules, "first", default="fine")
        found = never(probe, EVERYTHING, "broken")
        return next(
            (Breach(region=str(each.region), facts=dict(each.facts)) for each in found), None
        )

    def crowded(self, phase: Phase) -> Breach | None:
        """Where more moves are sure to be made in a phase than a plan may have.

        Args:
            phase: The phase.
        """
        [here] = in_phase(phase).boxes
        boxes: list[Box] = [here]

        def mask(conditions: Iterable[Condition]) -> int:
            """The bits of some boxes, which come after those that there are."""
            first = len(boxes)
            boxes.extend(box for each in conditions for box in each.boxes)
            return (1 << len(boxes)) - (1 << first)

        excused, held = mask(self._impossible), mask(self._held[phase])
        made = [bits for move in Move if (bits := mask(self.sure(move)))]
        most = self.strategy.longest

        def crowd(some: int) -> bool:
            return len([move for move in made if move & some]) > most

        def settle(possible: int, certain: int) -> object:
            if certain & excused or not possible & held or not crowd(possible):
                return False
            sure = certain & held and not possible & excused
            return (sure and crowd(certain)) or None

        def prune(possible: int, certain: int) -> int:
            """One way in which a move is sure to be made is as good as all of them."""
            for move in made:
                if sure := move & certain:
                    possible &= ~move | sure & -sure
            return possible

        facts = self.strategy.moves.facts
        search = Search(
            axes_of(facts, boxes), "where a plan is too long", prune=prune, first=sum(made)
        )
        found = next(search.run(settle, boxes=(1 << len(boxes)) - 1, inside=1), None)
        if found is None:
            return None
        region = found.region.meet(here) or here
        return Breach(region=str(region), facts=sample_of(facts, region))

    def turning(self, fact: str, order: Sequence[str]) -> Breach | None:
        """Where more of a fact moves the phase backward in an order of phases.

        Args:
            fact: The fact.
            order: The phases, in the order in which more of the fact may move them.
        """
        turns = is_monotone(self.strategy.phase, fact, order)
        return next((Breach(region=str(turn), facts=dict(turn.higher)) for turn in turns), None)

    def standing(self, flag: str, phases: Iterable[Phase]) -> Breach | None:
        """Where a phase does not become an earlier one once a flag is raised.

        Args:
            flag: The fact.
            phases: The phases that are to fall back.
        """
        return next(filter(None, (self._stays(flag, phase) for phase in phases)), None)

    def _stays(self, flag: str, phase: Phase) -> Breach | None:
        """Look for a phase that holds while a flag is down, and no earlier one once it is up."""
        earlier = [each for each in Phase if each.rank < phase.rank]
        excuses = [
            _given(when, flag, raised=raised)
            for each in earlier
            for when in self._held[each]
            for raised in (False, True)
        ]
        probe = Table(
            "probe",
            self.strategy.phase.facts,
            [
                *(Rule(f"excused {at}", when, "excused") for at, when in enumerate(excuses)),
                *(
                    Rule(f"stays {at}", _given(when, flag, raised=False), "stays")
                    for at, when in enumerate(self._held[phase])
                ),
            ],
            "first",
            default="fine",
        )
        found = next(iter(never(probe, Flag(flag).is_true(), "stays")), None)
        if found is None:
            return None
        raised = {**found.facts, flag: True}
        return Breach(region=str(found), facts={**raised, "phase": self._phase_at(raised).value})

    def _phase_at(self, facts: Mapping[str, Any]) -> Phase:
        return Phase(str(self.strategy.phase.decide(facts).demand()))

    def place(self, move: Move) -> int:
        """Where a move stands in the order of a plan."""
        return self.strategy.order.index(move)

    def doing(self, move: Move) -> tuple[Condition, ...]:
        """Where rules ask for a move and its phase is open; it may still be avoided."""
        return self._doing[move]

    def avoiding(self, *moves: Move) -> tuple[Condition, ...]:
        """Where the plan says to avoid one of some moves."""
        return tuple(
            rule.when
            for rule in self.strategy.avoid.rules
            if not {*moves}.isdisjoint(moves_called(str(rule.then)))
        )

    def sure(self, *moves: Move) -> tuple[Condition, ...]:
        """Where one of some moves is made for sure: a spare one may be left out."""
        return tuple(when for move in moves for when in self._sure[move])

    @cached_property
    def _doing(self) -> dict[Move, tuple[Condition, ...]]:
        rules = self.strategy.moves.rules
        return {
            move: tuple(rule.when & _open_to(move) for rule in rules if rule.then == move.value)
            for move in Move
        }

    @cached_property
    def _sure(self) -> dict[Move, tuple[Condition, ...]]:
        sure: dict[Move, tuple[Condition, ...]] = dict.fromkeys(self.strategy.spare, ())
        for move, done in self._doing.items():
            if move not in sure:
                allowed = all_of(*(~avoided for avoided in self.avoiding(move)))
                sure[move] = tuple(when & allowed for when in done)
        return sure

    @cached_property
    def _held(self) -> dict[Phase, tuple[Condition, ...]]:
        """For each phase the ways in which it can come to hold, if no earlier phase does."""
        rules = self.strategy.phase.rules
        ways = {
            phase: tuple(rule.when for rule in rules if rule.then == phase.value) for phase in Phase
        }
        default = Phase(str(self.strategy.phase.default))
        later = (rule.when for rule in rules if Phase(str(rule.then)).rank > default.rank)
        ways[default] += (all_of(*(~when for when in later)),)
        return ways

    @cached_property
    def _holding(self) -> tuple[Condition, ...]:
        """The ways in which any phase can come to hold, each with its phase."""
        return tuple(in_phase(phase) & held for phase, ways in self._held.items() for held in ways)

    @cached_property
    def _impossible(self) -> tuple[Condition, ...]:
        """Where the phase would be later than a rule that holds allows."""
        return tuple(
            rule.when & in_phase(*(later for later in Phase if later.rank > phase.rank))
            for rule in self.strategy.phase.rules
            for phase in (Phase(str(rule.then)),)
            if phase is not Phase.CLOSING
        )


def _given(condition: Condition, flag: str, *, raised: bool) -> Condition:
    """What a condition asks of the other facts where a flag has a value."""
    return Condition(
        tuple(
            Box(tuple(test for test in box if test.fact.name != flag))
            for box in condition.boxes
            if raised in box.of(Flag(flag))
        )
    )


def _open_to(move: Move) -> Condition:
    """The phases in which a move is open: its own and later ones, and the person's always."""
    lowest = 0 if move.phase.rank <= Phase.PERSON.rank else move.phase.rank
    return in_phase(*(phase for phase in Phase if phase.rank >= lowest))
