"""Deciding many cases at once, from numpy columns.

Each fact's column becomes a column of segment numbers; facts are then joined one by one, and
cases that meet the same boxes are one group from there on. Every group is decided once, by the
same code as a single case, so the two can never differ.
"""

import math
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from attrs import frozen

from deescalate.errors import FactError, SettingError
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.matching import Axis
from deescalate.rules._engine.rules import Verdict

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["ColumnVerdicts", "decide_columns"]

BLOCK = 1 << 15
"""Cases worked on together: their intermediate columns then stay in the processor's cache."""

MOST_COMPARED = 24
"""Cuts up to which comparing with each is quicker than bisecting (measured)."""

WIDEST = 1 << 22
"""Group and segment numbers up to which joining goes by an array rather than by sorting."""


@frozen(eq=False)
class ColumnVerdicts:
    """What a table says about many cases: few different verdicts, and which case has which.

    Attributes:
        verdicts: The different verdicts, each as ``Table.decide`` gives it.
        index: For each case the place of its verdict.

    >>> import numpy as np
    >>> from deescalate.rules import Number, Rule, Table
    >>> anger = Number("anger", 0, 1)
    >>> desk = Table("desk", [anger], [Rule("hot", anger >= 0.8, "senior")], default="agent")
    >>> decided = desk.decide_columns({"anger": np.array([0.9, 0.1, 0.8])})
    >>> decided.outcome.tolist()
    ['senior', 'agent', 'senior']
    >>> decided[1].because
    ('no rule matched',)
    """

    verdicts: tuple[Verdict, ...]
    index: "NDArray[np.intp]"

    def __len__(self) -> int:
        return len(self.index)

    def __getitem__(self, case: int) -> Verdict:
        return self.verdicts[int(self.index[case])]

    @property
    def outcome(self) -> "NDArray[Any]":
        """The outcomes, a column of texts, truth values, ints or floats where all are one kind."""
        return self._spread([verdict.outcome for verdict in self.verdicts], plain=True)

    @property
    def decided(self) -> "NDArray[np.bool_]":
        """Whether each case is decided."""
        return self._spread([verdict.decided for verdict in self.verdicts], plain=True)

    @property
    def matched(self) -> "NDArray[np.object_]":
        """The rules that each outcome comes from."""
        return self._spread([verdict.matched for verdict in self.verdicts])

    @property
    def because(self) -> "NDArray[np.object_]":
        """The reasons of each case."""
        return self._spread([verdict.because for verdict in self.verdicts])

    @property
    def possible(self) -> "NDArray[np.object_]":
        """Every outcome that some completion of each case gives."""
        return self._spread([verdict.possible for verdict in self.verdicts])

    @property
    def missing(self) -> "NDArray[np.object_]":
        """The facts that can still change each outcome."""
        return self._spread([verdict.missing for verdict in self.verdicts])

    def _spread(self, values: Sequence[Any], *, plain: bool = False) -> "NDArray[Any]":
        import numpy as np

        kinds: set[type] = {type(value) for value in values}
        small = all(-(2**63) <= value < 2**63 for value in values) if kinds == {int} else plain
        if plain and small and len(kinds) == 1 and kinds <= {str, bool, float, int}:
            return np.array(values)[self.index]
        column = np.empty(len(values), dtype=object)
        for place, value in enumerate(values):
            column[place] = value
        return column[self.index]


class VerdictFor(Protocol):
    """Gives the verdict on the cases that lie in some boxes, with some facts missing."""

    def __call__(self, mask: int, missing: tuple[int, ...], /) -> Verdict: ...


def decide_columns(
    axes: Sequence[Axis], verdict_for: VerdictFor, columns: Mapping[str, Any]
) -> ColumnVerdicts:
    """Decide many cases; see ``Table.decide_columns``.

    Args:
        axes: The table's facts, cut by every box.
        verdict_for: The table's verdicts, by the boxes that are left and the missing facts' places.
        columns: A column by the name of a fact of the table, all of one length.

    Returns:
        What ``Table.decide`` gives for each case.
    """
    given = [
        (place, _segmenter(axis, columns[axis.fact.name]))
        for place, axis in enumerate(axes)
        if axis.fact.name in columns
    ]
    lengths = {axes[place].fact.name: len(segmenter) for place, segmenter in given}
    if len(set(lengths.values())) != 1:
        raise SettingError("columns", lengths, "one column or more, all of one length")
    joiner = _Joiner(axes, verdict_for, [place for place, _ in given])
    return joiner.decide([segmenter for _, segmenter in given], next(iter(lengths.values())))


class _Segmenter:
    """Turns one fact's column into segment numbers; one past the last stands for missing."""

    def __init__(self, axis: Axis, column: Any) -> None:
        import numpy as np

        self.axis = axis
        self.count = len(axis.masks)
        self.column: NDArray[Any] = np.asanyarray(column)
        if self.column.ndim != 1:
            raise SettingError(axis.fact.name, self.column.shape, "a column of one dimension")
        hidden = isinstance(column, np.ma.MaskedArray)
        self.hidden: NDArray[Any] | None = np.ma.getmaskarray(self.column) if hidden else None
        self.column = np.asarray(self.column)

    def __len__(self) -> int:
        return len(self.column)

    def block(self, start: int, end: int) -> "NDArray[Any]":
        """The segment numbers of some of the cases."""
        import numpy as np

        hidden = None if self.hidden is None else self.hidden[start:end]
        if hidden is None or not hidden.any():
            return self.places(self.column[start:end], start)
        places = np.full(end - start, self.count, dtype=np.intp)
        places[~hidden] = self.places(self.column[start:end][~hidden], start)
        return places

    def places(self, part: "NDArray[Any]", start: int) -> "NDArray[Any]":
        """The segment numbers of a part of the column, value by value."""
        import numpy as np

        return np.fromiter(
            (self.place(value, start + row) for row, value in enumerate(part.tolist())),
            dtype=np.intp,
            count=len(part),
        )

    def place(self, value: object, row: int) -> int:
        if value is None or (isinstance(value, float) and math.isnan(value)):
            return self.count
        if isinstance(value, Decimal) and value.is_nan():
            return self.count
        return self.axis.place_of(self.checked(value, row))

    def checked(self, value: object, row: int) -> object:
        try:
            return self.axis.fact.check(value)
        except FactError as error:
            error.allowed += f" (in case {row})"
            raise

    def refuse(self, part: "NDArray[Any]", start: int) -> NoReturn:
        """Raise for the first value that the fact does not allow, which there must be."""
        rows = enumerate(part.tolist(), start)
        while True:
            row, value = next(rows)
            self.place(value, row)


class _Numbers(_Segmenter):
    """A column of floats or ints: each number passes some of the cuts."""

    def __init__(self, axis: Axis, column: Any) -> None:
        import numpy as np

        super().__init__(axis, column)
        kind = int if self.column.dtype.kind in "iu" else float
        cuts = axis.cuts
        self.whole = kind is float and float not in cuts
        bounds: Any = cuts[int] if self.whole else cuts[kind]
        least, most = -np.inf, np.inf
        if kind is int:
            info = np.iinfo(self.column.dtype)
            least, most = info.min, info.max
        self.passed = sum(cut <= least for cut in bounds)
        kept = [cut for cut in bounds if least < cut <= most]
        self.cuts = np.array(kept, dtype=self.column.dtype if kind is int else np.float64)

    def places(self, part: "NDArray[Any]", start: int) -> "NDArray[Any]":
        import numpy as np

        if len(self.cuts) <= MOST_COMPARED:
            passed = np.full(len(part), self.passed, dtype=np.int16)
            for cut in self.cuts:
                passed += part >= cut
        else:
            passed = np.searchsorted(self.cuts, part, side="right") + self.passed
        if self.is_clean(part, passed):
            return passed - 1
        here = part == part  # noqa: PLR0124  only not-a-number differs from itself
        if not self.is_clean(part[here], passed[here]):
            self.refuse(part, start)
        return np.where(here, passed - 1, self.count)

    def is_clean(self, part: "NDArray[Any]", passed: "NDArray[Any]") -> bool:
        """Whether every number lies in the domain."""
        inside = passed.min(initial=1) > 0 and passed.max(initial=1) <= self.count
        return bool(inside and not (self.whole and (part % 1).any()))


class _Options(_Segmenter):
    """A column of texts, of truth values, or of the places of options."""

    def places(self, part: "NDArray[Any]", start: int) -> "NDArray[Any]":
        import numpy as np

        places = np.full(len(part), -1, dtype=np.int16)
        for place, option in enumerate(self.axis.fact.domain.options):  # type: ignore[attr-defined]  # a choice or a flag
            places[part == option] = place
        if places.min(initial=0) < 0:
            self.refuse(part, start)
        return places


class _Codes(_Segmenter):
    """A column of whole numbers for a choice: the places of its options, -1 for missing."""

    def places(self, part: "NDArray[Any]", start: int) -> "NDArray[Any]":
        import numpy as np

        wrong = np.flatnonzero((part < -1) | (part >= self.count))
        if len(wrong):
            allowed = f"the place of an option, 0 to {self.count - 1}, or -1 for missing"
            row = int(wrong[0])
            raise FactError(
                self.axis.fact.name, part[row].item(), f"{allowed} (in case {start + row})"
            )
        return np.where(part == -1, self.count, part).astype(np.intp)


def _segmenter(axis: Axis, column: Any) -> _Segmenter:
    import numpy as np

    column = getattr(column, "cat", column)
    if isinstance(axis.fact, Choice) and hasattr(column, "codes") and hasattr(column, "categories"):
        names = [*np.asarray(column.categories).tolist(), None]
        column = np.array(names, dtype=object)[np.asarray(column.codes)]
    made: NDArray[Any] = np.asanyarray(column)
    kind, size = made.dtype.kind, made.dtype.itemsize
    if isinstance(axis.fact, Number):
        floats = kind == "f" and size <= 8 and not axis.fact.decimal
        return (_Numbers if floats or kind in "iu" else _Segmenter)(axis, made)
    if isinstance(axis.fact, Flag):
        return (_Options if kind == "b" else _Segmenter)(axis, made)
    if kind in "iu":
        return _Codes(axis, made)
    return (_Options if kind == "U" else _Segmenter)(axis, made)


class _Joiner:
    """Joins segment numbers fact by fact into groups of cases that meet the same boxes."""

    def __init__(
        self, axes: Sequence[Axis], verdict_for: VerdictFor, places: Sequence[int]
    ) -> None:
        self.verdict_for = verdict_for
        absent = tuple(place for place in range(len(axes)) if place not in places)
        self.levels = [_Level(axes[place], place) for place in places]
        everything = axes[0].idle
        for mask in axes[0].masks:  # every box allows some value of every fact
            everything |= mask
        self.root = everything, absent
        self.verdicts: dict[int, int] = {}
        self.found: list[Verdict] = []

    def decide(self, segmenters: Sequence[_Segmenter], count: int) -> ColumnVerdicts:
        import numpy as np

        index = np.empty(count, dtype=np.intp)
        ends = np.empty(0, dtype=np.intp)
        for start in range(0, count, BLOCK):
            end = min(start + BLOCK, count)
            groups = np.zeros(end - start, dtype=np.intp)
            known: list[tuple[int, tuple[int, ...]]] = [self.root]
            for level, segmenter in zip(self.levels, segmenters, strict=True):
                groups = level.join(groups, segmenter.block(start, end), known)
                known = level.groups
            if len(ends) < len(known):
                ends = np.array([*ends, *(self.verdict(each) for each in known[len(ends) :])])
            index[start:end] = ends[groups]
        return ColumnVerdicts(tuple(self.found), index)

    def verdict(self, group: tuple[int, tuple[int, ...]]) -> int:
        verdict = self.verdict_for(*group)
        place = self.verdicts.setdefault(id(verdict), len(self.found))
        if place == len(self.found):
            self.found.append(verdict)
        return place


class _Level:
    """One fact's turn in joining: from a group and a segment to the group of both."""

    def __init__(self, axis: Axis, place: int) -> None:
        import numpy as np

        self.axis, self.place = axis, place
        self.width = len(axis.masks) + 1
        self.groups: list[tuple[int, tuple[int, ...]]] = []
        self.numbers: dict[tuple[int, tuple[int, ...]], int] = {}
        self.next = np.empty(0, dtype=np.intp)

    def join(
        self,
        groups: "NDArray[np.intp]",
        segments: "NDArray[Any]",
        known: Sequence[tuple[int, tuple[int, ...]]],
    ) -> "NDArray[np.intp]":
        import numpy as np

        pairs = groups * self.width + segments
        size = len(known) * self.width
        if size > WIDEST:
            distinct, where = np.unique(pairs, return_inverse=True)
            found = [self.group(pair, known) for pair in distinct.tolist()]
            return np.asarray(np.array(found, dtype=np.intp)[where])
        if size > len(self.next):
            grown = np.full(min(2 * size, WIDEST), -1, dtype=np.intp)
            grown[: len(self.next)] = self.next
            self.next = grown
        joined: NDArray[np.intp] = self.next[pairs]
        if joined.min(initial=0) < 0:
            for pair in np.unique(pairs[joined < 0]).tolist():
                self.next[pair] = self.group(pair, known)
            joined = self.next[pairs]
        return joined

    def group(self, pair: int, known: Sequence[tuple[int, tuple[int, ...]]]) -> int:
        before, segment = divmod(pair, self.width)
        mask, missing = known[before]
        if segment == len(self.axis.masks):
            key = mask, tuple(sorted((*missing, self.place)))
        else:
            key = mask & self.axis.masks[segment], missing
        number = self.numbers.setdefault(key, len(self.groups))
        if number == len(self.groups):
            self.groups.append(key)
        return number
