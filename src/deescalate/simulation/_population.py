"""Very many customers at once: the same model as `react` and `Scene`, over columns of numpy.

Everybody is told the same, answer by answer, so that what was heard and when is one for all. What
differs is computed over a chunk of rows that fits the cache, and those whose conversation is over
are dropped from it. A law holds it to the scalar model, to 1e-9, on the same noise.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import define, field, frozen

from deescalate.emotion import Temperament, latent_of
from deescalate.emotion._values import (
    DISTRESS_AT_NEUTRAL,
    DISTRESS_PER_AROUSAL,
    DISTRESS_PER_PLEASURE,
    OPENNESS_AT_NEUTRAL,
    OPENNESS_PER_AROUSAL,
    OPENNESS_PER_PLEASURE,
)
from deescalate.errors import SettingError, nearest_name
from deescalate.moves import Move
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._customers import Customer, Grievance, customers
from deescalate.simulation._minds import LISTENS, LN2, fresh_share, gone
from deescalate.simulation._noise import FIRST, GOLDEN, SECOND, UNIT, WORD, key_of, mixed
from deescalate.simulation._said import Said
from deescalate.simulation._scenes import ASKS, DEEDS, OFFERS, Outcome
from deescalate.simulation._studies import counted, named, values_of, whole
from deescalate.statistics import Contrast, paired

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Columns = dict[str, NDArray[Any]]

__all__ = ["Population"]

COORDINATES = ("pleasure", "arousal", "dominance")
WANTS = ("remedy", "human", "answer")
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
        heard = _Heard.of(answers, self.turns, told)
        found = {name: np.empty(self.count, dtype) for name, dtype in _OUTPUT.items()}
        table = _table(self.kinds)
        for first in range(0, self.count, self.chunk):
            rows = slice(first, min(first + self.chunk, self.count))
            _Chunk(self._people(table, rows), key, rows, told).play(heard, self.turns, found)
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


@frozen
class _Answer:
    """One answer, with all about it that is the same for everybody."""

    said: Said
    fresh: Mapping[str, float]
    both: Mapping[str, float]
    stale: bool
    harms: frozenset[str]


@frozen
class _Heard:
    """The answers in turn: what was still fresh when each was given."""

    answers: tuple[_Answer, ...]

    @classmethod
    def of(cls, policy: Sequence[Said], turns: int, assume: Assumptions) -> "_Heard":
        made: list[_Answer] = []
        last: dict[str, float] = {}
        clock = 0.0
        for n in range(turns):
            said = policy[min(n, len(policy) - 1)]
            clock += assume["reply_s"]
            fresh = {
                name: share
                for name, at in last.items()
                if (share := fresh_share(clock - at, assume["memory_s"])) > 0.0
            }
            names = [move.value for move in said.moves]
            new = {*names} - LISTENS
            made.append(
                _Answer(
                    said,
                    fresh,
                    {**fresh, **dict.fromkeys(names, 1.0)},
                    bool(new) and all(fresh.get(name, 0.0) > 0.5 for name in new),
                    frozenset({"silence"} if said.empty else said.harms),
                )
            )
            last.update(dict.fromkeys(names, clock))
            clock += assume["answer_s"]
        return cls(tuple(made))


@frozen
class _Span:
    """What a stretch of time keeps, and what of a push it lets be felt, for one coordinate."""

    kept: "Floats"
    felt: "Floats"
    stirred: "Floats"
    pulled: tuple["Floats", "Floats", "Floats", "Floats"] | None

    @classmethod
    def of(
        cls, half: "Floats", stir: "Floats", v: Mapping[str, float], seconds: float, *, caught: bool
    ) -> "_Span":
        back = LN2 / half
        alone = cls._parts(back, back, stir, v, seconds)
        pull = v["contagion"] * LN2 / v["catching_s"]
        if not caught or pull <= 0.0:
            return cls(*alone, None)
        rate = back + pull
        return cls(*alone, (*cls._parts(back, rate, stir, v, seconds), back / rate))

    @staticmethod
    def _parts(
        back: "Floats", rate: "Floats", stir: "Floats", v: Mapping[str, float], seconds: float
    ) -> tuple["Floats", "Floats", "Floats"]:
        import numpy as np

        kept, onset = np.exp(-rate * seconds), v["onset_s"]
        felt = kept
        if onset > 0.0:
            at = LN2 / onset
            apart = at - rate
            near = np.abs(apart) * seconds <= 1e-6
            unfelt = math.exp2(-seconds / onset)
            felt = np.where(
                near, at * seconds * kept, at * (kept - unfelt) / np.where(near, 1.0, apart)
            )
        return kept, felt, -stir * stir * (back / rate) * np.expm1(-2.0 * rate * seconds)


@define
class _Chunk:
    """The conversations of some rows, those that go on."""

    people: "Columns"
    key: int
    rows: slice
    assume: Assumptions

    def play(self, heard: _Heard, turns: int, found: "Columns") -> None:
        import numpy as np

        who, v = self.people, dict(self.assume.values)
        size = int(self.rows.stop) - int(self.rows.start)
        numbers = np.arange(int(self.rows.start), int(self.rows.stop))
        seeded: NDArray[np.uint64] = np.full(size, self.key, np.uint64)
        keys = _mixed(_mixed(seeded, numbers), 0)
        z = _deviates(keys, "start", 0)
        by = v["start_spread"]
        m: dict[str, Any] = {
            "pleasure": who["home_pleasure"]
            - who["size"] * v["displeasure"]
            + by * who["volatility_pleasure"] * z[0],
            "arousal": who["home_arousal"]
            + who["size"] * v["heat"]
            + by * who["volatility_arousal"] * z[1],
            "dominance": who["home_dominance"] + by * who["volatility_dominance"] * z[2],
            "weight": who["size"].copy(),
            "righted": np.zeros(size),
            "told": _uniform(keys, "tells", 0) < who["tells"],
            "asked": np.zeros(size, bool),
            "money": np.zeros(size),
            "row": numbers,
            "keys": keys,
            "kind": np.arange(size),
        }
        for name in COORDINATES:
            m[f"pending_{name}"], m[f"smarting_{name}"] = np.zeros(size), np.zeros(size)
        m["open_to"] = _openness(m)
        distress = _distress(m)
        m["peak"], m["sum"] = distress.copy(), distress.copy()
        found["start"][self.rows] = distress
        waits = self._spans(v, "reply_s")
        answers: dict[bool, list[_Span]] = {}
        for n, answer in enumerate(heard.answers[:turns], 1):
            if not len(m["row"]):
                break
            toned = answer.said.tone is not None
            if toned not in answers:
                answers[toned] = self._spans(v, "answer_s", toned=toned)
            p = {name: column[m["kind"]] for name, column in who.items()}
            self._react(m, p, v, waits, v["reply_s"], _deviates(m["keys"], "wait", n))
            deed, empty = self._done(m, p, answer)
            self._react(
                m, p, v, answers[toned], v["answer_s"], _deviates(m["keys"], "mood", n),
                answer=answer, deed=deed, empty=empty,
            )  # fmt: skip
            m["told"] = m["told"] | bool(ASKS.intersection(answer.said.moves))
            over = self._endings(m, p, v, answer, n, empty, found, last=n == turns)
            if over.any():
                m = {name: column[~over] for name, column in m.items()}

    def _spans(self, v: Mapping[str, float], name: str, *, toned: bool = False) -> list[_Span]:
        who = self.people
        return [
            _Span.of(
                who[f"half_life_s_{each}"],
                v["unrest"] * who[f"volatility_{each}"],
                v,
                v[name],
                caught=toned and each != "dominance",
            )
            for each in COORDINATES
        ]

    @staticmethod
    def _done(
        m: dict[str, Any], p: "Columns", answer: _Answer
    ) -> tuple["Floats", "NDArray[np.bool_]"]:
        """What is put right, and who is told of a deed that is not done; what is paid is noted."""
        import numpy as np

        said = answer.said
        left = np.maximum(0.0, p["can_meet"] - m["righted"])
        wants = p["wants"].astype(int)
        if said.deed is None:
            acts = np.array([bool(DEEDS[want].intersection(said.moves)) for want in WANTS])
            deed = np.where(acts[wants] & (m["told"] | (wants == WANTS.index("human"))), left, 0.0)
        else:
            deed = np.minimum(said.deed, left)
        empty = np.zeros(len(deed), bool)
        if Move.ACT in said.moves:
            short = m["righted"] < p["can_meet"]
            empty = ((deed == 0.0) & short) | (p["can_meet"] == 0.0)
        m["money"] = (
            m["money"]
            + said.money
            + np.where(wants == WANTS.index("remedy"), p["amount"] * deed, 0.0)
        )
        return deed, empty

    def _react(  # noqa: PLR0913  what `react` takes, and the arrays that stand for it
        self,
        m: dict[str, Any],
        p: "Columns",
        v: Mapping[str, float],
        spans: list[_Span],
        seconds: float,
        z: tuple["Floats", "Floats", "Floats"],
        *,
        answer: _Answer | None = None,
        deed: "Floats | float" = 0.0,
        empty: "NDArray[np.bool_] | bool" = False,
    ) -> None:
        """`react`, over columns."""
        import numpy as np

        reach = 1.0 - v["reach"] * (1.0 - m["open_to"])
        m["righted"] = np.minimum(1.0, m["righted"] + deed)
        left = p["size"] * (1.0 - m["righted"])
        if v["settling_s"] > 0.0:
            settled = 1.0 - np.exp2(-seconds * reach / v["settling_s"])
        else:
            settled = np.ones(len(left))
        weight = m["weight"] + np.minimum(left - m["weight"], 0.0) * settled
        relief = v["relief"] * (m["weight"] - weight)
        m["weight"] = weight
        soothing = [m[f"pending_{name}"] for name in COORDINATES]
        hurting = [m[f"smarting_{name}"] for name in COORDINATES]
        hurt: Any = False
        doubt: Any = 0.0
        if answer is not None:
            hurt = empty | bool(answer.harms)
            says = bool(answer.said.moves or answer.said.text)
            doubt = np.where(hurt | says | (deed != 0.0), v["doubt"], 0.0)
            waiting = np.where(hurt, 1.0 - v["spoiling"], 1.0)
            soothes, hurts = self._pushes(answer, v, reach, deed, empty, waiting)
            gains = [p[f"sensitivity_{name}"] for name in COORDINATES]
            soothing = [
                waiting * a + g * b for a, g, b in zip(soothing, gains, soothes, strict=True)
            ]
            hurting = [a + g * b for a, g, b in zip(hurting, gains, hurts, strict=True)]
        soothing[0] = soothing[0] + relief * v["displeasure"]
        soothing[1] = soothing[1] - relief * v["heat"]
        shifts = (-weight * v["displeasure"], weight * v["heat"], 0.0)
        later = 1.0 - gone(seconds, v["onset_s"])
        tone = answer.said.tone if answer is not None else None
        for at, name in enumerate(COORDINATES):
            span, home = spans[at], p[f"home_{name}"] + shifts[at]
            unsure = doubt * p[f"sensitivity_{name}"] * getattr(self.assume.effects.spread, name)
            push, old, kind = soothing[at] + hurting[at], m[name], m["kind"]

            def moved(kept: Any, felt: Any, stirred: Any, to: Any) -> Any:
                chance = np.sqrt(stirred[kind] + (unsure * felt[kind]) ** 2) * z[at]  # noqa: B023
                return to + (old - to) * kept[kind] + push * felt[kind] + chance  # noqa: B023

            m[name] = moved(span.kept, span.felt, span.stirred, home)
            if span.pulled is not None and tone is not None:
                kept, felt, stirred, share = span.pulled
                of = share[kind]
                to = of * home + (1.0 - of) * latent_of(getattr(tone, name))
                pulled = moved(kept, felt, stirred, to)
                worse = np.minimum if name == "pleasure" else np.maximum
                m[name] = np.where(hurt, worse(m[name], pulled), pulled)
            m[f"pending_{name}"] = later * soothing[at]
            m[f"smarting_{name}"] = later * hurting[at]
        m["open_to"] = _openness(m)

    def _pushes(
        self,
        answer: _Answer,
        v: Mapping[str, float],
        reach: "Floats",
        deed: Any,
        empty: Any,
        spared: "Floats",
    ) -> tuple[list["Floats"], list["Floats"]]:
        import numpy as np

        new = [np.zeros(len(reach)) for _ in COORDINATES]
        if answer.said.moves:
            after, before = (self._together(each, reach) for each in (answer.both, answer.fresh))
            new = [a - b for a, b in zip(after, before, strict=True)]
        hurt = np.full(len(reach), math.fsum(v[name] for name in answer.harms))
        if "empty_promise" not in answer.harms:
            hurt += np.where(empty, v["empty_promise"], 0.0)
        if answer.stale:
            hurt += np.where(deed == 0.0, v["repetition"], 0.0)
        heat, control = v["hurt_heat"], v["hurt_control"]
        p, a, d = new
        soothes = [
            spared * np.maximum(p, 0.0),
            spared * np.minimum(a, 0.0),
            spared * np.maximum(d, 0.0),
        ]
        hurts = [
            np.minimum(p, 0.0) - (1.0 - heat) * hurt,
            np.maximum(a, 0.0) + heat * hurt,
            np.minimum(d, 0.0) - control * hurt,
        ]
        return soothes, hurts

    def _together(self, fresh: Mapping[str, float], reach: "Floats") -> list["Floats"]:
        known = self.assume.pushes
        made = [(share, known[name]) for name, share in fresh.items() if name in known]
        return [
            _diminishing(
                [(share * getattr(push, name), push.issue) for share, push in made],
                reach,
                soothes=-1.0 if name == "arousal" else 1.0,
            )
            for name in COORDINATES
        ]

    def _endings(
        self,
        m: dict[str, Any],
        p: "Columns",
        v: Mapping[str, float],
        answer: _Answer,
        n: int,
        empty: "NDArray[np.bool_]",
        found: "Columns",
        *,
        last: bool,
    ) -> "NDArray[np.bool_]":
        """Who has ended it with this answer; their rows are written."""
        import numpy as np

        keys, said = m["keys"], answer.said
        distress = _distress(m)
        m["peak"], m["sum"] = np.maximum(m["peak"], distress), m["sum"] + distress
        strain = distress + v["impatience"] * np.maximum(0.0, n - p["bears"])
        before = m["asked"]
        m["asked"] = before | (
            _uniform(keys, "above", n) < _chance(strain + p["boss"], v["boss_at"], v)
        )
        share = np.where(
            p["size"] > 0.0, m["weight"] / np.where(p["size"] > 0, p["size"], 1.0), 0.0
        )
        settled = (share <= v["settled_below"]) & (distress <= v["settled_distress"])
        boss = ~settled & before & (Move.SEEK_HELP in said.moves)
        reach = 1.0 - v["reach"] * (1.0 - _openness(m))
        chance = np.zeros(len(keys))
        if OFFERS.intersection(said.moves):
            takes = v["acceptance"] * p["takes_offers"] * p["can_meet"]
            chance = np.where(m["told"], takes, 0.0)
        if Move.DECLINE in said.moves:
            chance = np.maximum(chance, v["taking_no"] * p["takes_offers"])
        free = ~(settled | boss)
        accepted = free & ~(empty | bool(answer.harms))
        accepted &= _uniform(keys, "accepts", n) < chance * reach
        leaves = free & ~accepted
        leaves &= _uniform(keys, "leaves", n) < _chance(strain, v["leave_at"], v)
        public = leaves.copy()
        tells = (v["publicity"] * p["publicity"] * distress)[leaves]
        public[leaves] = _uniform(keys[leaves], "public", n) < tells
        over = settled | boss | accepted | leaves | last
        back = v["returning"] * m["weight"] * np.where(accepted, 1.0 - p["can_meet"], 1.0)
        came = np.zeros(len(keys), bool)
        came[over] = _uniform(keys[over], "returns", 0) < back[over]
        agreed = np.where(accepted, p["amount"] * np.maximum(0.0, p["can_meet"] - m["righted"]), 0)
        made = {
            "good": settled | accepted,
            "settled": settled,
            "accepted": accepted,
            "left": leaves,
            "went_public": public,
            "asked_for_boss": m["asked"],
            "came_back": came,
            "turns": np.full(len(keys), n),
            "peak": m["peak"],
            "final": distress,
            "mean": m["sum"] / (n + 1),
            "minutes": np.full(len(keys), n * (v["reply_s"] + v["answer_s"]) / 60.0),
            "money": m["money"] + agreed,
            "contacts": 1 + came.astype(int),
        }
        rows = m["row"][over]
        for name, column in made.items():
            found[name][rows] = column[over]
        return np.asarray(over)


def _mixed(keys: "NDArray[np.uint64]", value: Any) -> "NDArray[np.uint64]":
    """`mixed`, over columns: numpy's arithmetic on 64 bits wraps as the masks do."""
    import numpy as np

    z = (keys ^ np.asarray(value, np.uint64)) + np.uint64(GOLDEN)
    z = (z ^ (z >> np.uint64(30))) * np.uint64(FIRST)
    z = (z ^ (z >> np.uint64(27))) * np.uint64(SECOND)
    made: NDArray[np.uint64] = z ^ (z >> np.uint64(31))
    return made


def _unit(keys: "NDArray[np.uint64]", index: int) -> "Floats":
    import numpy as np

    made: Floats = ((_mixed(keys, index) >> np.uint64(11)).astype(float) + 0.5) * UNIT
    return made


def _uniform(keys: "NDArray[np.uint64]", purpose: str, turn: int) -> "Floats":
    return _unit(_mixed(_mixed(keys, key_of(purpose)), turn), 0)


def _deviates(
    keys: "NDArray[np.uint64]", purpose: str, turn: int
) -> tuple["Floats", "Floats", "Floats"]:
    import numpy as np

    key = _mixed(_mixed(keys, key_of(purpose)), turn)
    far, further = np.sqrt(-2.0 * np.log(_unit(key, 0))), np.sqrt(-2.0 * np.log(_unit(key, 2)))
    angle = math.tau * _unit(key, 1)
    return far * np.cos(angle), far * np.sin(angle), further * np.cos(math.tau * _unit(key, 3))


def _logistic(x: "Floats") -> "Floats":
    import numpy as np

    made: Floats = 1.0 / (1.0 + np.exp(-np.clip(x, -700.0, 700.0)))
    return made


def _chance(strain: "Floats", at: float, v: Mapping[str, float]) -> "Floats":
    return _logistic(v["steepness"] * (strain - at))


def _distress(m: Mapping[str, Any]) -> "Floats":
    return _logistic(
        DISTRESS_AT_NEUTRAL
        + DISTRESS_PER_PLEASURE * m["pleasure"]
        + DISTRESS_PER_AROUSAL * m["arousal"]
    )


def _openness(m: Mapping[str, Any]) -> "Floats":
    return _logistic(
        OPENNESS_AT_NEUTRAL
        + OPENNESS_PER_PLEASURE * m["pleasure"]
        + OPENNESS_PER_AROUSAL * m["arousal"]
    )


def _diminishing(
    pushes: Sequence[tuple[float, bool]], reach: "Floats", *, soothes: float
) -> "Floats":
    """`diminishing` over columns: issue moves that soothe reach as far as openness lets them."""
    import numpy as np

    total = np.zeros(len(reach))
    for sign in (1.0, -1.0):
        way = [(abs(push), issue) for push, issue in pushes if push * sign > 0.0]
        held = sign == soothes
        fixed = sorted((push for push, issue in way if not (issue and held)), reverse=True)
        scaled = sorted((push for push, issue in way if issue and held), reverse=True)
        total += sign * _ranked(fixed, scaled, reach)
    return total


def _ranked(fixed: Sequence[float], scaled: Sequence[float], reach: "Floats") -> "Floats":
    """Halved by rank, where some of the pushes are scaled by a number of each customer."""
    import numpy as np

    if not scaled:
        return np.full(len(reach), math.fsum(push * 0.5**rank for rank, push in enumerate(fixed)))
    total = np.zeros(len(reach))
    for rank, push in enumerate(fixed):
        before = sum((each * reach > push for each in scaled), np.zeros(len(reach)))
        total += push * np.exp2(-rank - before)
    for rank, push in enumerate(scaled):
        before = sum((each >= push * reach for each in fixed), np.zeros(len(reach)))
        total += push * reach * np.exp2(-rank - before)
    return total
