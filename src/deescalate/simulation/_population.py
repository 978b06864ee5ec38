"""Very many customers at once: the same model as `react` and `Scene`, over columns of numpy.

Everybody is told the same, answer by answer, so that what was heard and when is one for all. What
differs is computed over a chunk of rows that fits the cache, and those whose conversation is over
are dropped from it. A law holds it to the scalar model, to 1e-9, on the same noise.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import field, frozen

from deescalate.emotion import Temperament
from deescalate.errors import SettingError, nearest_name
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._crowd import COORDINATES, WANTS, Conversations, HeardByAll
from deescalate.simulation._customers import Customer, Grievance, customers
from deescalate.simulation._noise import WORD, mixed
from deescalate.simulation._said import Said
from deescalate.simulation._scenes import Outcome
from deescalate.simulation._studies import counted, named, values_of, whole
from deescalate.statistics import Contrast, paired

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Columns = dict[str, NDArray[Any]]

__all__ = ["Population"]

TEMPERAMENT = ("home", "half_life_s", "volatility", "sensitivity")
_OF_CUSTOMER: Mapping[str, Callable[[Customer], float]] = {
    "size": lambda who: who.grievance.size,
    "can_meet": lambda who: who.grievance.can_meet,
    "amount": lambda who: who.grievance.amount,
    "wants": lambda who: float(WANTS.index(who.wants)),
    "tells": lambda who: who.behaviour.tells,
    "bears": lambda who: float(who.bears),
    "boss": lambda who: who.behaviour.boss,
    "publicity": lambda who: who.behaviour.publicity,
    "takes_offers": lambda who: who.behaviour.takes_offers,
}
_SETTABLE = {"size": 1.0, "can_meet": 1.0, "amount": 1e12}
_FLAGS = tuple(each.value for each in Outcome if each is not Outcome.OPEN)
_OUTPUT = {
    **dict.fromkeys(("good", *_FLAGS), "bool"),
    "turns": "int16",
    **dict.fromkeys(("start", "peak", "final", "mean", "minutes", "money"), "float64"),
    "contacts": "int8",
}


def _count(value: object) -> int:
    return whole("count", value, least=1)


def _turns(value: object) -> int:
    return whole("turns", value, least=1)


def _chunk(value: object) -> int:
    return whole("chunk", value, least=1)


def _ready() -> tuple[Customer, ...]:
    return tuple(customers().values())


def _kinds(given: Mapping[str, Customer] | Iterable[Customer]) -> tuple[Customer, ...]:
    try:
        return values_of(given)
    except TypeError:
        raise SettingError("kinds", given, "customers, at least one") from None


def _not_empty(_: object, __: object, kinds: Any) -> None:
    if not kinds or not all(isinstance(each, Customer) for each in kinds):
        raise SettingError("kinds", list(kinds), "customers, at least one")


@frozen(kw_only=True, eq=False)
class Population:
    """Many customers, as columns; needs numpy, the extra ``numpy``.

    Attributes:
        count: How many, 1 or more.
        kinds: The customers that they are copies of; the ready ones where not given. Customer
            number i is of kind i modulo their count, unless a column ``kind`` says otherwise.
        columns: What differs from the kind, one number a customer or one for all: ``kind`` (a
            place in ``kinds``), and ``size``, ``can_meet`` and ``amount`` of the grievance.
        turns: How many answers at most, 1 to 10,000.
        chunk: Customers computed at a time; it changes memory and speed, never a result.

    Raises:
        SettingError: An unknown column, one of another length or out of its range, or nobody.

    >>> from deescalate.simulation import Said
    >>> crowd = Population(count=1000)
    >>> found = crowd.run([Said(moves=["empathise"]), Said(moves=["act"])], seed=7)
    >>> bool(found["final"].mean() < found["start"].mean())
    True
    """

    count: int = field(converter=_count)
    kinds: tuple[Customer, ...] = field(
        factory=_ready, converter=_kinds, validator=_not_empty, repr=counted
    )
    columns: "Mapping[str, Any]" = field(factory=dict[str, Any], repr=named)
    turns: int = field(default=20, converter=_turns)
    chunk: int = field(default=16_384, converter=_chunk)

    def __attrs_post_init__(self) -> None:
        import numpy as np

        known = ("kind", *_SETTABLE)
        made: dict[str, Any] = {}
        for name, given in self.columns.items():
            if name not in known:
                near = nearest_name(name, known)
                hint = f"; did you mean `{near}`?" if near else ""
                raise SettingError("columns", name, f"one of {', '.join(known)}{hint}")
            made[name] = self._checked(np.asarray(given), name)
        object.__setattr__(self, "columns", made)

    def _checked(self, column: "NDArray[Any]", name: str) -> "NDArray[Any]":
        if column.dtype.kind not in "iuf" or column.shape not in {(), (self.count,)}:
            allowed = f"one number, or {self.count} of them"
            raise SettingError(f"columns[{name}]", f"{column.dtype} of {column.shape}", allowed)
        if name == "kind":
            whole_numbers, most = column.dtype.kind in "iu", float(len(self.kinds) - 1)
        else:
            whole_numbers, most = True, _SETTABLE[name]
        if not whole_numbers or not ((column >= 0) & (column <= most)).all():
            raise SettingError(f"columns[{name}]", column.ravel()[:5].tolist(), f"0 to {most:g}")
        return column

    def customer(self, number: int) -> Customer:
        """One of them, as the scalar model takes it, named by its number.

        Its luck is ``Noise(seed, number)``.

        >>> Population(count=3, columns={"size": [0.1, 0.2, 0.3]}).customer(2).grievance.size
        0.3
        """
        from attrs import evolve

        if whole("number", number, least=0) >= self.count:
            raise SettingError("number", number, f"0 to {self.count - 1}")
        own = {
            name: each if each.shape == () else each[number] for name, each in self.columns.items()
        }
        kind = self.kinds[int(own.pop("kind", number % len(self.kinds)))]
        changed: dict[str, Any] = {name: float(value) for name, value in own.items()}
        grievance: Grievance = evolve(kind.grievance, **changed)
        return evolve(kind, name=str(number), grievance=grievance)

    def run(
        self, policy: Sequence[Said], *, seed: int, assume: Assumptions | None = None
    ) -> "Columns":
        """Answer all of them in the same way, and tell what came of it.

        Args:
            policy: What is said, answer by answer; the last is said again until it is over.
            seed: Any whole number.
            assume: The assumptions; the shipped ones where not given.

        Returns:
            A row a customer: ``good`` and a column for each thing that may happen (``settled``,
            ``left``, ...), ``turns``, distress at the ``start``, its ``peak``, ``final`` and
            ``mean``, and ``minutes``, ``money``, ``contacts``.

        Raises:
            SettingError: The policy is empty or not of `Said`, or the seed is no whole number.
        """
        import numpy as np

        answers: tuple[Any, ...] = tuple(policy)
        if not answers or not all(isinstance(each, Said) for each in answers):
            raise SettingError("policy", list(answers), "what is said, at least one Said")
        index = getattr(seed, "__index__", None)
        if index is None or isinstance(seed, bool):
            raise SettingError("seed", seed, "a whole number")
        key = mixed(0, int(index()) & WORD)
        told = assume or Assumptions.default()
        heard = HeardByAll.of(answers, self.turns, told)
        found = {name: np.empty(self.count, dtype) for name, dtype in _OUTPUT.items()}
        table = _table(self.kinds)
        for first in range(0, self.count, self.chunk):
            rows = slice(first, min(first + self.chunk, self.count))
            Conversations(self._people(table, rows), key, rows, told).play(heard, self.turns, found)
        return found

    def compare(
        self,
        a: Sequence[Said],
        b: Sequence[Said],
        what: str = "final",
        *,
        seed: int,
        assume: Assumptions | None = None,
        level: float = 0.9,
    ) -> Contrast:
        """How much more of something comes of one policy than of another, on the same luck.

        Args:
            a: What is said, answer by answer.
            b: The same for the other.
            what: A column of the results.
            seed: Any whole number.
            assume: The assumptions.
            level: How sure the interval is to be, above 0 and below 1.

        Raises:
            SettingError: As `run` does, there is no such column, or there is only one customer.

        >>> act, insult = Said(moves=["act"]), Said(harms=["insult"])
        >>> Population(count=200).compare([act], [insult], seed=7).high < 0
        True
        """
        if what not in _OUTPUT:
            near = nearest_name(what, _OUTPUT)
            hint = f"; did you mean `{near}`?" if near else ""
            raise SettingError("what", what, f"one of {', '.join(_OUTPUT)}{hint}")
        sides = [self.run(each, seed=seed, assume=assume)[what].astype(float) for each in (a, b)]
        found = paired(*(side.tolist() for side in sides), level=level)
        if found is None:
            raise SettingError("count", self.count, "two customers or more to compare")
        return found

    def _people(self, table: "Columns", rows: slice) -> "Columns":
        import numpy as np

        kind = self.columns.get("kind")
        if kind is None:
            of: NDArray[np.int64] = np.arange(int(rows.start), int(rows.stop)) % len(self.kinds)
        else:
            of = np.broadcast_to(kind, (self.count,))[rows]
        people = {name: column[of] for name, column in table.items()}
        for name in _SETTABLE.keys() & self.columns.keys():
            wide = np.broadcast_to(self.columns[name], (self.count,))
            people[name] = wide[rows].astype(float)
        return people


def _table(kinds: Sequence[Customer]) -> "Columns":
    """What is the same for all of a kind, a row a kind."""
    import numpy as np

    def of(temperament: Temperament, part: str, coordinate: str) -> float:
        value: float = getattr(getattr(temperament, part), coordinate)
        return value

    made = {
        f"{part}_{coordinate}": np.array([of(who.temperament, part, coordinate) for who in kinds])
        for part in TEMPERAMENT
        for coordinate in COORDINATES
    }
    for name, read in _OF_CUSTOMER.items():
        made[name] = np.array([read(who) for who in kinds])
    return made
