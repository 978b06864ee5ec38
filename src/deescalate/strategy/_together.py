"""Tables over the same facts, decided together for cases that differ in a few facts alone.

What a value leaves possible in all tables stands in one number, each table's boxes in bits of its
own. So a fact is looked at once for all tables, and what does not differ once for all cases.
"""

from collections.abc import Collection, Iterable, Sequence
from functools import cached_property, lru_cache

from attrs import frozen

from deescalate.rules import Table, Verdict

__all__ = ["Together"]


@frozen(slots=False, eq=False)
class Together:
    """Tables that are decided together.

    Attributes:
        tables: The tables.
    """

    tables: Sequence[Table]

    @cached_property
    def bits(self) -> Sequence[tuple[int, int]]:
        """For each table where its bits begin, and its bits."""
        placed, at = list[tuple[int, int]](), 0
        for table in self.tables:
            placed.append((at, table.decider.everything))
            at += table.decider.everything.bit_length()
        return placed

    @cached_property
    def everything(self) -> int:
        """The boxes of all tables."""
        return sum(every << at for at, every in self.bits)

    @cached_property
    def _names(self) -> Sequence[Sequence[str]]:
        return [[fact.name for fact in table.facts] for table in self.tables]

    def left(self, boxes: int, facts: Iterable[tuple[str, object]]) -> int:
        """The boxes of some that facts, as the tables have taken them before, leave possible."""
        for name, value in facts:
            boxes &= _left_by(self, name, value)
        return boxes

    def missing(self, names: Collection[str]) -> Sequence[tuple[int, ...]]:
        """For each table the places of its facts that are not among some."""
        return [
            tuple([at for at, name in enumerate(table) if name not in names])
            for table in self._names
        ]

    def verdict(self, number: int, boxes: int, missing: Sequence[tuple[int, ...]]) -> Verdict:
        """What one of the tables says, by its number, where some boxes are left possible."""
        at, every = self.bits[number]
        return self.tables[number].verdict_for(boxes >> at & every, missing[number])


@lru_cache(maxsize=4_096)
def _left_by(together: Together, name: str, value: object) -> int:
    """The boxes of all tables that a value of a fact leaves possible."""
    refused = 0
    for table, (at, every) in zip(together.tables, together.bits, strict=True):
        for axis in table.axes:
            if axis.fact.name == name:
                refused |= (every ^ axis.masks[axis.locate(value)]) << at
    return together.everything ^ refused
