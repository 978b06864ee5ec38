"""The conversations of very many customers with one policy: `react` and `Scene`, over columns."""

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from attrs import define, frozen

from deescalate.emotion import latent_of
from deescalate.moves import Move
from deescalate.simulation._arrays import (
    deviates,
    diminishing_all,
    distress_in,
    likely,
    mixed_all,
    openness_in,
    uniform,
)
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._minds import LISTENS, LN2, fresh_share, gone
from deescalate.simulation._said import Said
from deescalate.simulation._scenes import ASKS, DEEDS, OFFERS

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Floats = NDArray[np.float64]
    Columns = dict[str, NDArray[Any]]

__all__ = ["COORDINATES", "WANTS", "Conversations", "HeardByAll"]

COORDINATES = ("pleasure", "arousal", "dominance")
WANTS = ("remedy", "human", "answer")


@frozen
class _Answer:
    """One answer, with all about it that is the same for everybody."""

    said: Said
    fresh: Mapping[str, float]
    both: Mapping[str, float]
    stale: bool
    harms: frozenset[str]


@frozen
class HeardByAll:
    """The answers in turn: what was still fresh when each was given."""

    answers: tuple[_Answer, ...]

    @classmethod
    def of(cls, policy: Sequence[Said], turns: int, assume: Assumptions) -> "HeardByAll":
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
class Conversations:
    """The conversations of some rows, those that go on."""

    people: "Columns"
    key: int
    rows: slice
    assume: Assumptions

    def play(self, heard: HeardByAll, turns: int, found: "Columns") -> None:
        import numpy as np

        who, v = self.people, dict(self.assume.values)
        size = int(self.rows.stop) - int(self.rows.start)
        numbers = np.arange(int(self.rows.start), int(self.rows.stop))
        seeded: NDArray[np.uint64] = np.full(size, self.key, np.uint64)
        keys = mixed_all(mixed_all(seeded, numbers), 0)
        z = deviates(keys, "start", 0)
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
            "told": uniform(keys, "tells", 0) < who["tells"],
            "asked": np.zeros(size, bool),
            "money": np.zeros(size),
            "row": numbers,
            "keys": keys,
            "kind": np.arange(size),
        }
        for name in COORDINATES:
            m[f"pending_{name}"], m[f"smarting_{name}"] = np.zeros(size), np.zeros(size)
        m["open_to"] = openness_in(m)
        distress = distress_in(m)
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
            self._react(m, p, v, waits, v["reply_s"], deviates(m["keys"], "wait", n))
            deed, empty = self._done(m, p, answer)
            self._react(
                m, p, v, answers[toned], v["answer_s"], deviates(m["keys"], "mood", n),
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
        m["open_to"] = openness_in(m)

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
            diminishing_all(
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
        distress = distress_in(m)
        m["peak"], m["sum"] = np.maximum(m["peak"], distress), m["sum"] + distress
        strain = distress + v["impatience"] * np.maximum(0.0, n - p["bears"])
        before = m["asked"]
        m["asked"] = before | (
            uniform(keys, "above", n) < likely(strain + p["boss"], v["boss_at"], v)
        )
        share = np.where(
            p["size"] > 0.0, m["weight"] / np.where(p["size"] > 0, p["size"], 1.0), 0.0
        )
        settled = (share <= v["settled_below"]) & (distress <= v["settled_distress"])
        boss = ~settled & before & (Move.SEEK_HELP in said.moves)
        reach = 1.0 - v["reach"] * (1.0 - openness_in(m))
        chance = np.zeros(len(keys))
        if OFFERS.intersection(said.moves):
            takes = v["acceptance"] * p["takes_offers"] * p["can_meet"]
            chance = np.where(m["told"], takes, 0.0)
        if Move.DECLINE in said.moves:
            chance = np.maximum(chance, v["taking_no"] * p["takes_offers"])
        free = ~(settled | boss)
        accepted = free & ~(empty | bool(answer.harms))
        accepted &= uniform(keys, "accepts", n) < chance * reach
        leaves = free & ~accepted
        leaves &= uniform(keys, "leaves", n) < likely(strain, v["leave_at"], v)
        public = leaves.copy()
        tells = (v["publicity"] * p["publicity"] * distress)[leaves]
        public[leaves] = uniform(keys[leaves], "public", n) < tells
        over = settled | boss | accepted | leaves | last
        back = v["returning"] * m["weight"] * np.where(accepted, 1.0 - p["can_meet"], 1.0)
        came = np.zeros(len(keys), bool)
        came[over] = uniform(keys[over], "returns", 0) < back[over]
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
