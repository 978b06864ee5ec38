"""Fit what the emotion model ships with: the spread of customers, and what agents' moves do.

Run it beside the shared data; it prints what it finds and rewrites
``src/deescalate/emotion/data/effects.toml``, always to the same bytes::

    python examples/fitting/fit_temperament.py ../shared/data

The data are 126 support dialogues of which people rated the customer's frustration turn by turn.
A panel's mean is read as distress, and its log odds is what is fitted: they are linear in latent
pleasure and arousal. The times of the turns are not known; a stated gap is assumed.
"""

import argparse
import json
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from attrs import frozen

from deescalate.emotion import Affect, FittedTemperament, RatedMoment, fit_temperament
from deescalate.emotion._values import (
    DISTRESS_AT_NEUTRAL,
    DISTRESS_PER_AROUSAL,
    DISTRESS_PER_PLEASURE,
)
from deescalate.reading import read_agent

GAP_S = 900.0
"""Seconds from one customer turn to the next that are assumed (ours; the data hold none)."""

HIGHEST_RATING = 4.0
HALF_A_POINT = HIGHEST_RATING / 24.0
EFFECTS = Path(__file__).parents[2] / "src/deescalate/emotion/data/effects.toml"

GUESSES: Mapping[str, tuple[float, float, float]] = {
    "safety_check": (-0.02, 0.6, 0.02),
    "call_security": (0.03, 0.8, -0.15),
    "seek_help": (-0.03, 0.5, 0.02),
    "set_limit": (0.00, 0.5, -0.12),
    "state_consequence": (0.03, 0.6, -0.15),
    "give_choice": (-0.05, 0.5, 0.12),
    "introduce": (-0.03, 0.5, 0.00),
    "attend": (-0.05, 0.7, 0.02),
    "give_space": (-0.05, 0.8, 0.05),
    "minimal_encourage": (-0.03, 0.7, 0.02),
    "mirror": (-0.04, 0.7, 0.02),
    "paraphrase": (-0.06, 0.6, 0.05),
    "summarise": (-0.07, 0.6, 0.05),
    "label_emotion": (-0.07, 0.7, 0.02),
    "validate": (-0.09, 0.6, 0.05),
    "empathise": (-0.08, 0.6, 0.02),
    "self_disclose": (-0.03, 0.5, 0.00),
    "affirm": (-0.06, 0.3, 0.10),
    "agree_partial": (-0.08, 0.6, 0.08),
    "apologise": (-0.06, 0.5, 0.02),
    "own_responsibility": (-0.10, 0.5, 0.05),
    "reassure": (-0.06, 0.5, 0.05),
    "refocus": (-0.02, 0.6, -0.02),
    "open_question": (-0.05, 0.6, 0.05),
    "closed_question": (-0.03, 0.5, 0.00),
    "elicit_want": (-0.06, 0.5, 0.12),
    "explain": (-0.02, 0.2, 0.02),
    "inform": (-0.04, 0.4, 0.05),
    "accept": (-0.12, 0.3, 0.12),
    "decline": (0.07, 0.4, -0.12),
    "ask_permission": (-0.03, 0.4, 0.12),
    "offer_choice": (-0.08, 0.3, 0.12),
    "propose": (-0.09, 0.3, 0.05),
    "act": (-0.12, 0.3, 0.05),
    "partner": (-0.06, 0.4, 0.10),
    "confirm": (-0.04, 0.3, 0.05),
    "thank": (-0.04, 0.2, 0.02),
    "follow_up": (-0.09, 0.3, 0.05),
    "diagnose": (0.00, 0.0, 0.00),
    "debrief": (0.00, 0.0, 0.00),
}
"""Before the data: what a move does to the log odds of distress, the share of it that goes through
arousal, and its push on dominance. Signs follow the published frameworks (being heard and given a
choice calm, a refusal and a threat heat) and recovery findings (responsibility and repair are the
parts of an apology that weigh most: Lewicki, Polin & Lount 2016). Sizes are ours."""

DOUBT = 0.08
"""Standard deviation of the truth around such a guess, in log odds (ours): small, so that only what
the data say often is heard."""

DOMINANCE_SPREAD = 0.15
"""How unsure the landing of a reply is on dominance, which nobody rated (ours)."""


@frozen
class Turn:
    """One turn of a rated dialogue."""

    role: str
    text: str
    rating: float | None


@frozen
class Reply:
    """What agents did between two rated customer turns, and what became of the distress."""

    moves: frozenset[str]
    before: float
    after: float


def _lines(data: Path) -> list[str]:
    return (data / "twitter_support_frustration/dialogues.jsonl").read_text("utf-8").splitlines()


def keys(data: Path) -> list[str]:
    """The dialogues' names, as ``fit_reader.py`` groups them."""
    return [f"twitter {json.loads(line)['id']}" for line in _lines(data)]


def dialogues(data: Path) -> list[list[Turn]]:
    """Read the rated dialogues."""
    return [
        [
            Turn(turn["role"], turn["text"].replace("///", " "), turn.get("frustration_mean"))
            for turn in json.loads(line)["turns"]
        ]
        for line in _lines(data)
    ]


def log_odds(rating: float) -> float:
    """A panel's mean rating, 0 to 4, as log odds of distress.

    Three raters give up to 12 points; half a point is added at both ends, which makes it the
    empirical logit of Haldane and Anscombe (1956).
    """
    return math.log((rating + HALF_A_POINT) / (HIGHEST_RATING + HALF_A_POINT - rating))


def courses(talks: Iterable[Sequence[Turn]]) -> Iterator[list[RatedMoment]]:
    """The rated course of each customer; what is rated stands on the pleasure coordinate."""
    for talk in talks:
        ratings = [turn.rating for turn in talk if turn.role == "customer"]
        yield [
            RatedMoment(
                seconds=GAP_S * index, pleasure=None if rating is None else log_odds(rating)
            )
            for index, rating in enumerate(ratings)
        ]


def replies(talks: Iterable[Sequence[Turn]]) -> Iterator[Reply]:
    """The replies between two rated customer turns."""
    for talk in talks:
        before: float | None = None
        moves: set[str] = set()
        for turn in talk:
            if turn.role == "agent":
                moves |= {str(move) for move in read_agent(turn.text).kinds}
            else:
                after = None if turn.rating is None else log_odds(turn.rating)
                if before is not None and after is not None and moves:
                    yield Reply(frozenset(moves), before, after)
                before = before if after is None else after
                moves = set()


def fit_effects(seen: Sequence[Reply]) -> dict[str, float]:
    """What each move does to the log odds of distress: the guesses, moved by the data.

    A ridge towards the guesses: change = usual change + pull of the level before + effects + noise,
    where the effects of one reply are halved in order as `MoveEffects` does. The usual change is
    left out of the effects: the first message vents whatever is answered, and who is content stops
    writing. Which effect is halved how often depends on the effects themselves, so the fit is
    repeated until that settles.
    """
    import numpy as np

    names = list(GUESSES)
    guess = np.array([GUESSES[name][0] for name in names])
    change = np.array([reply.after - reply.before for reply in seen])
    before = np.array([reply.before for reply in seen])
    usual = np.column_stack([np.ones(len(seen)), before - before.mean()])
    effects, trend = guess.copy(), np.zeros(2)
    for _ in range(20):
        made = np.array([_halvings(reply.moves, names, effects.tolist()) for reply in seen])
        left = change - usual @ trend
        noise = float(np.mean((left - made @ effects) ** 2))
        precision = made.T @ made / noise + np.eye(len(names)) / DOUBT**2
        effects = np.linalg.solve(precision, made.T @ left / noise + guess / DOUBT**2)
        trend = np.linalg.lstsq(usual, change - made @ effects, rcond=None)[0]
    return {name: float(effect) for name, effect in zip(names, effects, strict=True)}


def _halvings(moves: frozenset[str], names: Sequence[str], effects: Sequence[float]) -> list[float]:
    """How much of each effect counts in one reply: 1, a half, a quarter, in each direction."""
    row = [0.0] * len(names)
    for sign in (1.0, -1.0):
        one_way = [i for i, name in enumerate(names) if name in moves and sign * effects[i] > 0.0]
        for rank, i in enumerate(sorted(one_way, key=lambda i: -abs(effects[i]))):
            row[i] = 0.5**rank
    return row


def volatility_of(course: FittedTemperament) -> Affect:
    """How far these customers lie from the neutral home, split between pleasure and arousal.

    The default home is neutral and theirs is not, so that what sets them apart from it, all of them
    and each, is in the spread.
    """
    apart = course.home.pleasure - DISTRESS_AT_NEUTRAL
    each = math.hypot(course.volatility.pleasure, apart) / math.sqrt(2.0)
    return Affect(pleasure=each / -DISTRESS_PER_PLEASURE, arousal=each / DISTRESS_PER_AROUSAL)


def spread_of(course: FittedTemperament) -> Affect:
    """What a reply stirs: all that chance changes from turn to turn, of which each holds one.

    The drift stirs some of it again. Less doubt than this follows the panel less well.
    """
    changed = 1.0 - 0.25 ** (GAP_S / course.half_life_s.pleasure)
    stirred = course.volatility.pleasure * math.sqrt(changed / 2.0)
    return Affect(
        pleasure=stirred / -DISTRESS_PER_PLEASURE,
        arousal=stirred / DISTRESS_PER_AROUSAL,
        dominance=DOMINANCE_SPREAD,
    )


def document(effects: Mapping[str, float], spread: Affect, about: str) -> str:
    """The effects as the document that `MoveEffects.from_document` reads."""
    lines = [f'about = """\n{about}"""', "", "[spread]", *_numbers(spread)]
    for name in sorted(effects):
        _, through_arousal, dominance = GUESSES[name]
        push = Affect(
            pleasure=effects[name] * (1.0 - through_arousal) / DISTRESS_PER_PLEASURE,
            arousal=effects[name] * through_arousal / DISTRESS_PER_AROUSAL,
            dominance=dominance,
        )
        lines += ["", f"[pushes.{name}]", *_numbers(push)]
    return "\n".join(lines) + "\n"


def _numbers(affect: Affect) -> list[str]:
    return [
        f"pleasure = {affect.pleasure + 0.0:.3f}",
        f"arousal = {affect.arousal + 0.0:.3f}",
        f"dominance = {affect.dominance + 0.0:.3f}",
    ]


def main() -> None:
    """Fit, print, and rewrite the shipped effects."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("data", type=Path, help="the folder of shared data")
    talks = dialogues(parser.parse_args().data)
    course = fit_temperament(courses(talks))
    errors = course.standard_errors
    print(f"{len(talks)} dialogues, {course.ratings} panel means; log odds of distress:")
    for name, value, error in (
        ("home", course.home, errors.home),
        ("volatility", course.volatility, errors.volatility),
        ("rating noise", course.rating_noise, errors.rating_noise),
    ):
        print(f"  {name:20s} {value.pleasure:6.2f} +- {error.pleasure:.2f}")
    turns, off = course.half_life_s.pleasure / GAP_S, errors.half_life_s.pleasure / GAP_S
    print(f"  {'half-life in turns':20s} {turns:6.2f} +- {off:.2f}")
    volatility, spread = volatility_of(course), spread_of(course)
    print(f"volatility: pleasure {volatility.pleasure:.2f}, arousal {volatility.arousal:.2f}")
    print(f"spread of a reply: pleasure {spread.pleasure:.2f}, arousal {spread.arousal:.2f}")
    seen = list(replies(talks))
    effects = fit_effects(seen)
    print(f"{len(seen)} replies; effect on the log odds of distress, guess -> fitted:")
    for name, effect in effects.items():
        count = sum(name in reply.moves for reply in seen)
        if count:
            print(f"  {name:20s} {GUESSES[name][0]:+.2f} -> {effect:+.2f}  ({count} replies)")
    about = (
        f"What each move of an agent does to a customer of sensitivity 1: a push on latent "
        f"pleasure,\narousal and dominance. Directions after the published frameworks, sizes ours, "
        f"moved a little by\n{len(seen)} replies in {len(talks)} rated support dialogues "
        f"(github Lynx1981/dfrustration, MIT).\nWritten by examples/fitting/fit_temperament.py."
    )
    EFFECTS.write_text(document(effects, spread, about), encoding="utf-8")


if __name__ == "__main__":
    main()
