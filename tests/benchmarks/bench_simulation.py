"""What a study costs: populations beside what a user would write, episodes, processes, Dask.

    python tests/benchmarks/bench_simulation.py [MOST]      # up to MOST customers, 1,000,000 by default

The same model of the same customers under the same policy, four times: `Population`; numpy written
by hand for this policy alone, in chunks, with numpy's own generator; mesa, an object a customer;
and mesa-frames, a frame (it wants numpy 1.26, so it runs in an environment of its own). Ratios of
one run count, not the seconds of a machine. Peak memory is that of the columns and temporaries.
"""

import math
import multiprocessing
import resource
import subprocess
import sys
import time
from concurrent.futures import ProcessPoolExecutor
from types import SimpleNamespace

import numpy as np
from attrs import evolve

from deescalate.emotion._effects import diminishing
from deescalate.simulation import (
    AGENTS,
    Assumptions,
    Population,
    Said,
    Study,
    customers,
    run_episodes,
)

POLICY = (Said(moves=["open_question", "empathise"]), Said(moves=["act", "apologise"]))
TURNS = 8
SIZES = (1_000, 100_000, 1_000_000)
V = dict(Assumptions.default().values)
PUSHES = Assumptions.default().pushes
SPREAD = Assumptions.default().effects.spread
WHO = list(customers().values())
LN2 = math.log(2.0)

# ---- the model by hand, for this policy: one text for arrays and for floats


FLOATS = SimpleNamespace(
    exp=math.exp, sqrt=math.sqrt, minimum=min, maximum=max, exp2=math.exp2,
    where=lambda condition, one, other: one if condition else other,
)  # fmt: skip


def logistic(xp, x):
    return 1.0 / (1.0 + xp.exp(-x))


def openness(xp, p, a):
    return logistic(xp, 1.4 + 1.3 * p - 2.2 * a)


def distress(xp, p, a):
    return logistic(xp, -1.1 - 2.4 * p + 1.1 * a)


def answers():
    """For each answer, the pushes that are new in it: of the person, of the issue; then staleness."""
    made, heard = [], set()
    for n in range(TURNS):
        names = {move.value for move in POLICY[min(n, 1)].moves}
        rows = []
        for group in (heard, heard | names):
            fixed = [PUSHES[name] for name in group if not PUSHES[name].issue]
            issue = [PUSHES[name] for name in group if PUSHES[name].issue]
            rows.append((fixed, issue))
        made.append((rows, bool(n > 1), n > 0))
        heard |= names
    return made


ANSWERS = answers()


def together(xp, fixed, issue, reach):
    """The pushes with diminishing returns; issue moves reach as far as openness lets them."""
    total = []
    for name, sign in (("pleasure", 1.0), ("arousal", -1.0), ("dominance", 1.0)):
        soothing = [(sign * getattr(push, name), 1.0) for push in fixed]
        soothing += [(sign * getattr(push, name), reach) for push in issue]
        made = diminishing([each for each, _ in soothing if each < 0.0])
        ways = sorted((pair for pair in soothing if pair[0] > 0.0), key=lambda pair: -pair[0])
        for rank, (push, by) in enumerate(ways):
            before = rank
            for other, (theirs, its) in enumerate(ways):
                if its is not by:
                    above = xp.where(theirs * its > push * by, 1.0, 0.0)
                    before = before + above - (1.0 if other < rank else 0.0)
            half = 0.5**before if isinstance(before, (int, float)) else xp.exp2(-before)
            made = made + push * by * half
        total.append(sign * made)
    return total


def coefficients(half, stir, seconds):
    rate, onset = LN2 / half, LN2 / V["onset_s"]
    kept = np.exp(-rate * seconds)
    felt = onset * (kept - math.exp(-onset * seconds)) / (onset - rate)
    return kept, felt, stir * stir * (1.0 - kept * kept)


def table():
    """Numbers of each kind of customer."""
    rows = []
    for who in WHO:
        t, row = who.temperament, {}
        for name in ("pleasure", "arousal", "dominance"):
            row[f"home_{name}"] = getattr(t.home, name)
            row[f"vol_{name}"] = getattr(t.volatility, name)
            row[f"gain_{name}"] = getattr(t.sensitivity, name)
            for step, seconds in (("wait", V["reply_s"]), ("mood", V["answer_s"])):
                k, f, s = coefficients(
                    getattr(t.half_life_s, name), getattr(t.volatility, name), seconds
                )
                row[f"{step}_kept_{name}"], row[f"{step}_felt_{name}"], row[f"{step}_stir_{name}"] = (
                    float(k), float(f), float(s))  # fmt: skip
        b = who.behaviour
        row |= {"size": who.grievance.size, "can": who.grievance.can_meet, "amount": who.grievance.amount,
                "tells": b.tells, "bears": float(who.bears), "boss": b.boss, "public": b.publicity}  # fmt: skip
        rows.append(row)
    return rows


TABLE = table()
COORDINATES = ("pleasure", "arousal", "dominance")


def begin(xp, w, z, u):
    m = {
        "pleasure": w["home_pleasure"] - w["size"] * V["displeasure"] + V["start_spread"] * w["vol_pleasure"] * z[0],
        "arousal": w["home_arousal"] + w["size"] * V["heat"] + V["start_spread"] * w["vol_arousal"] * z[1],
        "dominance": w["home_dominance"] + V["start_spread"] * w["vol_dominance"] * z[2],
        "weight": w["size"] * 1.0, "righted": w["size"] * 0.0, "told": u < w["tells"], "asked": u < 0.0,
        "money": w["size"] * 0.0,
    }  # fmt: skip
    for name in COORDINATES:
        m[f"soothe_{name}"], m[f"hurt_{name}"] = w["size"] * 0.0, w["size"] * 0.0
    m["open"] = openness(xp, m["pleasure"], m["arousal"])
    m["peak"] = m["sum"] = m["start"] = distress(xp, m["pleasure"], m["arousal"])
    return m


def pass_time(xp, w, m, step, seconds, z, soothes=None, hurts=None, spared=1.0, deed=0.0):
    reach = 1.0 - V["reach"] * (1.0 - m["open"])
    m["righted"] = xp.minimum(1.0, m["righted"] + deed)
    left = w["size"] * (1.0 - m["righted"])
    weight = m["weight"] + xp.minimum(left - m["weight"], 0.0) * (
        1.0 - xp.exp2(-seconds * reach / V["settling_s"])
    )
    relief = V["relief"] * (m["weight"] - weight)
    m["weight"] = weight
    later = 2.0 ** (-seconds / V["onset_s"])
    shift = (-weight * V["displeasure"], weight * V["heat"], 0.0)
    lifted = (relief * V["displeasure"], -relief * V["heat"], 0.0)
    for at, name in enumerate(COORDINATES):
        soothe = spared * m[f"soothe_{name}"] + lifted[at]
        hurt, unsure = m[f"hurt_{name}"], 0.0
        if soothes is not None:
            soothe = soothe + w[f"gain_{name}"] * soothes[at]
            hurt = hurt + w[f"gain_{name}"] * hurts[at]
            unsure = V["doubt"] * w[f"gain_{name}"] * getattr(SPREAD, name)
        home, felt = w[f"home_{name}"] + shift[at], w[f"{step}_felt_{name}"]
        m[name] = (
            home + (m[name] - home) * w[f"{step}_kept_{name}"] + (soothe + hurt) * felt
            + xp.sqrt(w[f"{step}_stir_{name}"] + (unsure * felt) ** 2) * z[at]
        )  # fmt: skip
        m[f"soothe_{name}"], m[f"hurt_{name}"] = later * soothe, later * hurt
    m["open"] = openness(xp, m["pleasure"], m["arousal"])


def answer(xp, w, m, n, z, u):
    """One answer and what comes of it: whether they settled, and whether they left."""
    (before, after), stale, acts = ANSWERS[n - 1]
    pass_time(xp, w, m, "wait", V["reply_s"], z[0:3])
    reach = 1.0 - V["reach"] * (1.0 - m["open"])
    old, new = together(xp, *before, reach), together(xp, *after, reach)
    short = xp.maximum(0.0, w["can"] - m["righted"])
    deed = xp.where(m["told"], short, 0.0) if acts else 0.0 * short
    empty = (
        (xp.where(deed > 0.0, 0.0, 1.0) * xp.where(short > 0.0, 1.0, 0.0)) if acts else 0.0 * short
    )
    if acts:
        empty = xp.maximum(empty, xp.where(w["can"] > 0.0, 0.0, 1.0))
    m["money"] = m["money"] + w["amount"] * deed
    spared = 1.0 - V["spoiling"] * empty
    hurt = empty * V["empty_promise"] + (
        xp.where(deed > 0.0, 0.0, V["repetition"]) if stale else 0.0
    )
    p, a, d = (y - x for x, y in zip(old, new, strict=True))
    soothes = (
        spared * xp.maximum(p, 0.0),
        spared * xp.minimum(a, 0.0),
        spared * xp.maximum(d, 0.0),
    )
    hurts = (xp.minimum(p, 0.0) - (1.0 - V["hurt_heat"]) * hurt, xp.maximum(a, 0.0) + V["hurt_heat"] * hurt,
             xp.minimum(d, 0.0) - V["hurt_control"] * hurt)  # fmt: skip
    pass_time(xp, w, m, "mood", V["answer_s"], z[3:6], soothes, hurts, spared, deed)
    m["told"] = m["told"] | (n == 1)
    now = distress(xp, m["pleasure"], m["arousal"])
    m["peak"], m["sum"] = xp.maximum(m["peak"], now), m["sum"] + now
    strain = now + V["impatience"] * xp.maximum(0.0, n - w["bears"])
    m["asked"] = m["asked"] | (
        u[0] < logistic(xp, V["steepness"] * (strain + w["boss"] - V["boss_at"]))
    )
    settled = (m["weight"] <= V["settled_below"] * w["size"]) & (now <= V["settled_distress"])
    leaves = (u[1] < logistic(xp, V["steepness"] * (strain - V["leave_at"]))) & (settled == False)  # noqa: E712
    m["final"] = now
    m["public"] = leaves & (u[2] < V["publicity"] * w["public"] * now)
    m["back"] = u[3] < V["returning"] * m["weight"]
    return settled, leaves


NAMES = ("start", "peak", "final", "mean", "money")


def by_hand(count, chunk=16_384):
    """Chunked numpy with compaction, as somebody who knows numpy would write it."""
    rng = np.random.default_rng(7)
    found = {name: np.empty(count) for name in NAMES}
    found |= {
        name: np.zeros(count, bool) for name in ("settled", "left", "asked", "public", "back")
    }
    found["turns"] = np.empty(count, np.int16)
    columns = {name: np.array([row[name] for row in TABLE]) for name in TABLE[0]}
    for first in range(0, count, chunk):
        rows = np.arange(first, min(first + chunk, count))
        w = {name: column[rows % len(TABLE)] for name, column in columns.items()}
        m = begin(np, w, rng.standard_normal((3, len(rows))), rng.random(len(rows)))
        for n in range(1, TURNS + 1):
            settled, leaves = answer(
                np, w, m, n, rng.standard_normal((6, len(rows))), rng.random((4, len(rows)))
            )
            over = settled | leaves | (n == TURNS)
            out = rows[over]
            for name in ("start", "peak", "final", "money"):
                found[name][out] = m[name][over]
            found["mean"][out] = m["sum"][over] / (n + 1)
            found["turns"][out] = n
            found["settled"][out], found["left"][out] = settled[over], leaves[over]
            found["asked"][out], found["public"][out] = m["asked"][over], m["public"][over]
            found["back"][out] = m["back"][over]
            if over.all():
                break
            m = {name: column[~over] for name, column in m.items()}
            w = {name: column[~over] for name, column in w.items()}
            rows = rows[~over]
    return found


def by_population(count):
    return Population(count=count, turns=TURNS).run(POLICY, seed=7)


def by_mesa(count):
    """An object a customer, stepped by mesa, in plain floats."""
    import mesa

    class Crowd(mesa.Model):
        def step(self):
            self.going.shuffle_do("answered")
            self.going = self.going.select(lambda agent: not agent.over)

    class Person(mesa.Agent):
        def __init__(self, model, row):
            super().__init__(model)
            self.w, self.n, self.over, self.settled = row, 0, False, False
            gauss = model.random.gauss
            self.m = begin(FLOATS, row, [gauss(0, 1) for _ in range(3)], model.random.random())

        def answered(self):
            self.n += 1
            gauss, uniform = self.model.random.gauss, self.model.random.random
            self.settled, leaves = answer(
                FLOATS,
                self.w,
                self.m,
                self.n,
                [gauss(0, 1) for _ in range(6)],
                [uniform() for _ in range(4)],
            )
            self.over = self.settled or leaves or self.n == TURNS

    try:
        model = Crowd(rng=7)
    except TypeError:
        model = Crowd(seed=7)
    people = [Person(model, TABLE[at % len(TABLE)]) for at in range(count)]
    model.going = model.agents
    while len(model.going):
        model.step()
    return {"settled": np.array([each.settled for each in people]),
            "final": np.array([each.m["final"] for each in people])}  # fmt: skip


def by_frames(count):
    """One frame of all customers, stepped by mesa-frames; columns of it go through numpy."""
    import polars as pl
    from mesa_frames import AgentSetPolars, ModelDF

    class People(AgentSetPolars):
        def __init__(self, model):
            super().__init__(model)
            self.chance = np.random.default_rng(7)
            columns = {name: np.array([row[name] for row in TABLE]) for name in TABLE[0]}
            w = {name: column[np.arange(count) % len(TABLE)] for name, column in columns.items()}
            m = begin(np, w, self.chance.standard_normal((3, count)), self.chance.random(count))
            self.n, self.inner = 0, list(m)
            no = np.zeros(count, bool)
            ends = {"settled": no, "over": no, "final": m["start"]}
            self += pl.DataFrame({"unique_id": np.arange(count), **w, **m, **ends})

        def step(self):
            self.n += 1
            frame = self.agents
            live = {name: frame[name].to_numpy() for name in frame.columns}
            m, size = {name: live[name] for name in self.inner}, len(frame)
            settled, leaves = answer(
                np,
                live,
                m,
                self.n,
                self.chance.standard_normal((6, size)),
                self.chance.random((4, size)),
            )
            going = ~live["over"]
            new = {name: np.where(going, m[name], live[name]) for name in (*self.inner, "final")}
            new["settled"] = np.where(going, settled, live["settled"])
            new["over"] = live["over"] | settled | leaves | (self.n == TURNS)
            self.agents = frame.with_columns(
                **{name: pl.Series(each) for name, each in new.items()}
            )

    people = People(ModelDF())
    for _ in range(TURNS):
        people.step()
    frame = people.agents
    return {"settled": frame["settled"].to_numpy(), "final": frame["final"].to_numpy()}


WAYS = {"population": by_population, "by hand": by_hand, "mesa": by_mesa, "mesa-frames": by_frames}


def one(name, count):
    """In a process of its own: seconds (best of what fits two), the peak, and what came out."""
    way = WAYS[name]
    way(1_000)  # everything is loaded
    base = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    best, start = math.inf, time.process_time()
    while best is math.inf or (time.process_time() - start < 2.0):
        at = time.process_time()
        found = way(count)
        best = min(best, time.process_time() - at)
    peak = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - base) / 1024
    print(best, peak, float(found["settled"].mean()), float(found["final"].mean()))


def populations(most):
    print("seconds of one core, peak MB over a run of 1,000, share settled, distress at the end")
    for count in (size for size in SIZES if size <= most):
        seconds = {}
        for name in WAYS:
            if name == "mesa" and count > 100_000:
                print(f"{count:>9,} {name:12} left out: minutes; its cost is linear")
                continue
            command = [sys.executable, __file__, "--one", name, str(count)]
            made = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603  our own script
            if made.returncode:
                print(f"{count:>9,} {name:12} not run: {made.stderr.strip().splitlines()[-1][:80]}")
                continue
            seconds[name], peak, settled, final = map(float, made.stdout.split())
            print(
                f"{count:>9,} {name:12} {seconds[name]:8.3f} s {peak:6.0f} MB  {settled:.3f}  {final:.3f}"
            )
        ours = seconds["population"]
        ratios = [
            f"{other} {seconds[other] / ours:.2f}"
            for other in WAYS
            if other in seconds and other != "population"
        ]
        print(f"{'':9} times the speed of: {', '.join(ratios)}")


def episodes():
    """Episodes a second on one core, with and without words."""
    print("\nepisodes a second on one core, of the plan with all ready customers")
    study = Study(agents={"by_plan": AGENTS["by_plan"]}, repeats=8)
    list(run_episodes(evolve(study, words=True), seed=7))  # everything is loaded
    for words in (False, True):
        start = time.process_time()
        count = sum(map(len, run_episodes(evolve(study, words=words), seed=7)))
        print(
            f"  {'with' if words else 'without'} words {count / (time.process_time() - start):8.0f}"
        )


def executors():
    """Two processes and Dask against one, at batches of 100 ms and more."""
    study = Study(agents={name: AGENTS[name] for name in ("by_plan", "solution_first")}, repeats=40)
    warm = evolve(study, repeats=1)
    start = time.perf_counter()
    list(run_episodes(study, seed=7, batch=128))
    alone = time.perf_counter() - start
    print(f"\n{study.episodes} episodes in batches of 128, {alone / study.episodes * 128 * 1000:.0f} ms each: "
          f"{alone:.1f} s here")  # fmt: skip
    with ProcessPoolExecutor(2, mp_context=multiprocessing.get_context("spawn")) as pool:
        list(run_episodes(warm, seed=7, executor=pool, batch=8))
        start = time.perf_counter()
        list(run_episodes(study, seed=7, executor=pool, batch=128))
        print(f"  two processes {alone / (time.perf_counter() - start):.2f} times as fast")
    try:
        from distributed import Client, LocalCluster
    except ImportError:
        print("  dask is not installed: not compared")
        return
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster) as client,
    ):
        executor = client.get_executor()
        list(run_episodes(warm, seed=7, executor=executor, batch=32))
        for batch in (8, 128):
            start = time.perf_counter()
            list(run_episodes(study, seed=7, executor=executor, batch=batch))
            print(
                f"  Dask, one worker, batches of {batch}: {time.perf_counter() - start - alone:+.1f} s over none"
            )


def main():
    if "--one" in sys.argv:
        one(sys.argv[2], int(sys.argv[3]))
        return
    populations(int(sys.argv[1]) if len(sys.argv) > 1 else SIZES[-1])
    episodes()
    executors()


if __name__ == "__main__":
    main()
