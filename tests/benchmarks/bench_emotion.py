"""How well the tracked state follows people, and how sure it may be of itself.

    python tests/benchmarks/bench_emotion.py [FOLDER OF THE SHARED DATA]

Over 126 support dialogues whose customer turns a panel rated for frustration: Spearman's rho
between distress after each turn and the panel's mean ("per turn"), and between the distress
forecast before a turn is read and its rating ("next turn"), beside what a user would pick instead;
how often 90 % intervals hold the panel's mean, and by how much the panel's log odds rise for each 1
of the state's (1 is the right scale).
Whatever was fitted on these dialogues, the reader's words and the effects of moves, is fitted
again without the fold that it is measured on. Takes about a minute, nearly all of it for that.
"""

import importlib.util
import json
import math
import random
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from types import ModuleType

from attrs import evolve, frozen

from deescalate.emotion import (
    Affect,
    EmotionState,
    Impulse,
    Measurement,
    MoveEffects,
    Observation,
    Temperament,
)
from deescalate.emotion._values import (
    DISTRESS_AT_NEUTRAL,
    DISTRESS_PER_PLEASURE,
    distress_logit,
    distress_spread,
)
from deescalate.reading import EnglishReader, read_agent
from deescalate.wording import harms_in, review

ROOT = Path(__file__).parents[2]
FOLDS = 5
KEPT = 0.5
"""How much a smoothed score keeps of the turn before; the best of 0.3, 0.4, 0.5 for VADER."""


@frozen
class Point:
    """One rated customer turn, with what was believed before and after it was read."""

    rating: float
    first: bool
    forecast: EmotionState
    state: EmotionState


Read = Callable[[int, str], Observation]
"""What a customer turn of a dialogue shows: the dialogue's number and the text."""


def script(name: str) -> ModuleType:
    """One of the fitting scripts, as a module."""
    path = ROOT / f"examples/fitting/{name}.py"
    sys.path.insert(0, str(path.parent))
    spec = importlib.util.spec_from_file_location(name, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def spearman(one: Sequence[float], other: Sequence[float]) -> float:
    """Rank correlation; those that are equal share their middle rank."""
    x, y = ranks(one), ranks(other)
    middle = (len(x) + 1) / 2
    together = sum((a - middle) * (b - middle) for a, b in zip(x, y, strict=True))
    return together / math.sqrt(
        sum((a - middle) ** 2 for a in x) * sum((b - middle) ** 2 for b in y)
    )


def ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value, from 1."""
    order = sorted(range(len(values)), key=values.__getitem__)
    found = [0.0] * len(values)
    start = 0
    while start < len(order):
        end = start
        while end < len(order) and values[order[end]] == values[order[start]]:
            end += 1
        for place in order[start:end]:
            found[place] = (start + 1 + end) / 2
        start = end
    return found


def track(
    talk: Sequence,
    number: int,
    read: Read,
    felt: Callable[[int, str], Impulse] | None = None,
    temperament: Temperament | None = None,
    gap_s: float = 900.0,
) -> Iterator[Point]:
    """Follow one dialogue."""
    temperament = temperament or Temperament()
    state, first = temperament.start(), True
    for turn in talk:
        if turn.role == "agent":
            if felt and not first:
                state = temperament.feel(state, felt(number, turn.text))
            continue
        forecast = state if first else temperament.drift(state, seconds=gap_s)
        state = temperament.observe(forecast, read(number, turn.text))
        if turn.rating is not None:
            yield Point(turn.rating, first, forecast, state)
        first = False


def report(name: str, per_turn: float | None, next_turn: float | None) -> None:
    """One line of the table."""
    shown = [f"{'-':>10}" if value is None else f"{value:10.3f}" for value in (per_turn, next_turn)]
    print(f"{name:62}{''.join(shown)}")


def correlations(points: Sequence[Point]) -> tuple[float, float]:
    """Per turn and next turn."""
    later = [point for point in points if not point.first]
    return (
        spearman([point.rating for point in points], [point.state.distress for point in points]),
        spearman([point.rating for point in later], [point.forecast.distress for point in later]),
    )


def by_score(talks: Sequence, read: Read, *, keep: float) -> tuple[float, float]:
    """Correlations of a message's own distress, smoothed over the turns of a dialogue."""
    per_turn, next_turn = [], []
    for number, talk in enumerate(talks):
        before: float | None = None
        for turn in talk:
            if turn.role != "customer":
                continue
            seen = read(number, turn.text)
            score = distress_logit(seen.pleasure.value, seen.arousal.value)
            if before is not None and turn.rating is not None:
                next_turn.append((turn.rating, before))
            before = score if before is None else (1 - keep) * score + keep * before
            if turn.rating is not None:
                per_turn.append((turn.rating, before))
    return spearman(*zip(*per_turn, strict=True)), spearman(*zip(*next_turn, strict=True))


def by_last_rating(talks: Sequence) -> float:
    """The truth one turn ago: what nobody has, and no forecast of the next turn easily beats."""
    pairs = []
    for talk in talks:
        ratings = [turn.rating for turn in talk if turn.role == "customer"]
        pairs += [
            (now, before)
            for before, now in pairwise(ratings)
            if before is not None and now is not None
        ]
    return spearman(*zip(*pairs, strict=True))


def one_against_the_others(data: Path) -> tuple[float, float]:
    """One rater against the mean of the others: all raters ranked together, and each apart.

    The raters use the scale differently, so that ranked together they agree far less.
    """
    lines = (data / "twitter_support_frustration/dialogues.jsonl").read_text("utf-8").splitlines()
    pairs: dict[int, list[tuple[float, float]]] = {}
    for line in lines:
        for turn in json.loads(line)["turns"]:
            given = (turn.get("raw_ratings") or "").split(",")
            ratings = {rater: int(each) for rater, each in enumerate(given) if each.isdigit()}
            for rater, rating in ratings.items():
                others = [each for other, each in ratings.items() if other != rater]
                if others:
                    pairs.setdefault(rater, []).append((rating, sum(others) / len(others)))
    together = [pair for each in pairs.values() for pair in each]
    apart = [spearman(*zip(*each, strict=True)) for each in pairs.values()]
    return spearman(*zip(*together, strict=True)), sum(apart) / len(apart)


def unseen_reader(data: Path, talks: Sequence, keys: Sequence[str]) -> Read:
    """The English reader whose words were fitted without the dialogue being read."""
    import numpy as np

    from deescalate.languages import ENGLISH
    from deescalate.reading._affect import affect_of
    from deescalate.reading._constructions import CueFinder
    from deescalate.reading._lexicon import Lexicon, Scale
    from deescalate.text import Text

    fitting = script("fit_reader")
    shipped = Lexicon.of(ENGLISH)
    messages = fitting.read(data)
    corpus = fitting.Corpus.of(messages, evolve(shipped, weights={}, scale=Scale()))
    everything = np.ones(len(messages), dtype=bool)
    first = fitting.Fitter(corpus, corpus.matrix({}))
    fitter = fitting.Fitter(corpus, corpus.matrix(fitting.fit(first, everything, fitting.SOURCES)))
    groups = np.array([message.group for message in messages])
    finder = CueFinder.of(ENGLISH)
    seen: dict[tuple[int, str], Observation] = {}
    for fold in range(FOLDS):
        left_out = {key for number, key in enumerate(keys) if number % FOLDS == fold}
        rows = np.array([group not in left_out for group in groups])
        weights = fitting.fit(fitter, rows, fitting.SOURCES)
        language = evolve(shipped, weights=weights)
        for number, talk in enumerate(talks):
            if number % FOLDS == fold:
                for turn in talk:
                    own = Text.of(turn.text).own
                    affect = affect_of(own.tokens, language, finder.find(own))
                    seen[number, turn.text] = affect.observation
    return lambda number, text: seen[number, text]


def unseen_effects(fitting: ModuleType, talks: Sequence) -> Callable[[int, str], Impulse]:
    """The effects of moves, fitted without the dialogue they are felt in."""
    spread = MoveEffects.default().spread
    tables = []
    for fold in range(FOLDS):
        others = [talk for number, talk in enumerate(talks) if number % FOLDS != fold]
        effects = fitting.fit_effects(list(fitting.replies(others)))
        tables.append(MoveEffects.from_document(fitting.document(effects, spread, "")))
    moves = {turn.text: read_agent(turn.text).kinds for talk in talks for turn in talk}
    return lambda number, text: tables[number % FOLDS].impulse(map(str, moves[text]))


def hurting(talks: Sequence, felt: Callable[[int, str], Impulse]) -> Callable[[int, str], Impulse]:
    """The effects of moves, and what the review finds that hurts."""
    harms: dict[str, tuple[str, ...]] = {}
    for talk in talks:
        before = None
        for turn in talk:
            if turn.role == "agent":
                harms[turn.text] = harms_in(review(turn.text, customer=before).of("T"))
            else:
                before = turn.text
    effects = MoveEffects(pushes={})

    def felt_and_hurt(number: int, text: str) -> Impulse:
        moved, hurt = felt(number, text), effects.impulse([], hurts=harms[text])
        return evolve(
            moved,
            pleasure=moved.pleasure + hurt.pleasure,
            arousal=moved.arousal + hurt.arousal,
            dominance=moved.dominance + hurt.dominance,
        )

    return felt_and_hurt


def followed(talks: Sequence, read: Read, felt: object = None, **settings: object) -> list[Point]:
    """All points of all dialogues."""
    return [
        point
        for number, talk in enumerate(talks)
        for point in track(talk, number, read, felt, **settings)
    ]


def calibration(name: str, points: Sequence[Point], fitting: ModuleType, noise: float) -> None:
    """How often 90 % intervals of distress hold the panel's mean."""
    reach = 1.6449
    believed = [distress_logit(p.state.mean.pleasure, p.state.mean.arousal) for p in points]
    rise = slope(believed, [fitting.log_odds(point.rating) for point in points])
    held = {"state": 0, "state and panel noise": 0, "forecast and panel noise": 0}
    misses = []
    for point in points:
        rated = fitting.log_odds(point.rating)
        for what, state, extra in (
            ("state", point.state, 0.0),
            ("state and panel noise", point.state, noise),
            ("forecast and panel noise", point.forecast, noise),
        ):
            off = rated - distress_logit(state.mean.pleasure, state.mean.arousal)
            spread = distress_spread(state.variance.pleasure, state.variance.arousal)
            held[what] += abs(off) <= reach * math.hypot(spread, extra)
            if what == "state":
                misses.append(off)
    shares = ", ".join(f"{what} {count / len(points):.1%}" for what, count in held.items())
    error = math.sqrt(sum(miss * miss for miss in misses) / len(misses))
    miss = sum(misses) / len(misses)
    print(f"  {name}: {shares}")
    print(
        f"    log odds: panel above the state {miss:+.2f}, error {error:.2f}, rises by {rise:.2f}"
    )


def slope(one: Sequence[float], other: Sequence[float]) -> float:
    """By how much the other rises for each 1 of the one, by least squares."""
    middle = sum(one) / len(one)
    return sum((x - middle) * y for x, y in zip(one, other, strict=True)) / sum(
        (x - middle) ** 2 for x in one
    )


def seconds_each(action: Callable[[], object], repeats: int = 20_000) -> float:
    """The best of five timings of one action."""
    best = math.inf
    for _ in range(5):
        start = time.perf_counter()
        for _ in range(repeats // 5):
            action()
        best = min(best, (time.perf_counter() - start) / (repeats // 5))
    return best


def speed() -> None:
    """What a turn costs."""
    usual, rng = Temperament(), random.Random(7)
    state = usual.start()
    seen = Observation(pleasure=Measurement(-0.8, 2.0), arousal=Measurement(0.5, 1.0))
    moves = ["apologise", "empathise", "act"]
    effects = MoveEffects.default()

    def turn() -> EmotionState:
        after = usual.forecast(state, seconds=60.0, impulse=effects.impulse(moves))
        return usual.observe(after, seen)

    print("\nmicroseconds each")
    for name, action in (
        ("a turn: feel a reply, let time pass, observe", turn),
        ("drift", lambda: usual.drift(state, seconds=60.0)),
        ("observe", lambda: usual.observe(state, seen)),
        ("sample", lambda: usual.sample(state, seconds=60.0, rng=rng)),
        ("distress with its interval", state.distress_interval),
        ("name the dominant emotion", lambda: state.dominant),
    ):
        print(f"  {name:46}{1e6 * seconds_each(action):8.1f}")


def main() -> None:
    """Print every figure."""
    data = Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT.parent / "shared/data"
    if not (data / "twitter_support_frustration").is_dir():
        print(f"skipped: no rated dialogues in {data}")
        speed()
        return
    fitting = script("fit_temperament")
    talks, keys = fitting.dialogues(data), fitting.keys(data)
    course = fitting.fit_temperament(fitting.courses(talks))
    noise = course.rating_noise.pleasure
    felt = unseen_effects(fitting, talks)
    unsure = MoveEffects(pushes={}, spread=MoveEffects.default().spread).impulse([])
    gap = f"{fitting.GAP_S / 60:g} minutes from turn to turn assumed"
    print(f"{len(talks)} dialogues, {gap}\n\n{'Spearman with the panel':62}  per turn next turn")
    together, apart = one_against_the_others(data)
    report("one rater against the mean of the others, raters together", together, None)
    report("  each rater apart", apart, None)
    report("the previous true rating", None, by_last_rating(talks))
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        print("VADER is not installed: not compared")
    else:
        compound = SentimentIntensityAnalyzer().polarity_scores

        def vader(_: int, text: str) -> Observation:
            return Observation(pleasure=Measurement(compound(text)["compound"], 2.0))

        report("VADER", by_score(talks, vader, keep=0.0)[0], by_score(talks, vader, keep=0.0)[1])
        report("VADER, smoothed", *by_score(talks, vader, keep=KEPT))
        report("VADER, tracked by this state", *correlations(followed(talks, vader, felt)))
    reader = EnglishReader()
    shipped = followed(talks, lambda _, text: reader.read(text).affect, felt)
    report("this reader as shipped (its words saw these), tracked", *correlations(shipped))
    unseen = unseen_reader(data, talks, keys)
    report("this reader, fitted without the dialogue", *by_score(talks, unseen, keep=0.0))
    report("  smoothed", *by_score(talks, unseen, keep=KEPT))
    report("  tracked, time only", *correlations(followed(talks, unseen)))
    report(
        "  tracked, every reply alike",
        *correlations(followed(talks, unseen, lambda *_: unsure)),
    )
    tracked = followed(talks, unseen, felt)
    report("  tracked, replies felt by their moves", *correlations(tracked))
    report(
        "  tracked, and what hurts in them",
        *correlations(followed(talks, unseen, hurting(talks, felt))),
    )
    print(
        f"\n90 % intervals of distress holding the panel's mean (panel noise {noise:.2f} log odds)"
    )
    calibration("usual home", tracked, fitting, noise)
    resting = (course.home.pleasure - DISTRESS_AT_NEUTRAL) / DISTRESS_PER_PLEASURE
    at_home = evolve(Temperament(), home=Affect(pleasure=resting))
    theirs = followed(talks, unseen, felt, temperament=at_home)
    calibration(f"home where these rest (pleasure {resting:.2f})", theirs, fitting, noise)
    report("  tracked, home where these rest", *correlations(theirs))
    speed()


if __name__ == "__main__":
    main()
