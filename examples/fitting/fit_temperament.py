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
from deescalate.emotion.scales import DISTRESS_PER_AROUSAL, DISTRESS_PER_PLEASURE
from deescalate.reading.agent import read_agent

GAP_S = 900.0
"""Seconds from one customer turn to the next that are assumed (ours; the data hold none)."""

HIGHEST_RATING = 4.0
EFFECTS = Path(__file__).parents[2] / "src/deescalate/emotion/data/effects.toml"

GUESSES: Mapping[str, tuple[float, float, float]] = {
    "safety_check": (-0.05, 0.6, 0.02),
    "call_security": (0.10, 0.8, -0.15),
    "seek_help": (-0.10, 0.5, 0.02),
    "set_limit": (0.00, 0.5, -0.12),
    "state_consequence": (0.08, 0.6, -0.15),
    "give_choice": (-0.15, 0.5, 0.12),
    "introduce": (-0.10, 0.5, 0.00),
    "attend": (-0.15, 0.7, 0.02),
    "give_space": (-0.15, 0.8, 0.05),
    "minimal_encourage": (-0.08, 0.7, 0.02),
    "mirror": (-0.12, 0.7, 0.02),
    "paraphrase": (-0.18, 0.6, 0.05),
    "summarise": (-0.20, 0.6, 0.05),
    "label_emotion": (-0.20, 0.7, 0.02),
    "validate": (-0.25, 0.6, 0.05),
    "empathise": (-0.22, 0.6, 0.02),
    "self_disclose": (-0.08, 0.5, 0.00),
    "affirm": (-0.18, 0.3, 0.10),
    "agree_partial": (-0.22, 0.6, 0.08),
    "apologise": (-0.18, 0.5, 0.02),
    "own_responsibility": (-0.28, 0.5, 0.05),
    "reassure": (-0.18, 0.5, 0.05),
    "refocus": (-0.05, 0.6, -0.02),
    "open_question": (-0.15, 0.6, 0.05),
    "closed_question": (-0.08, 0.5, 0.00),
    "elicit_want": (-0.18, 0.5, 0.12),
    "explain": (-0.05, 0.2, 0.02),
    "inform": (-0.12, 0.4, 0.05),
    "accept": (-0.35, 0.3, 0.12),
    "decline": (0.20, 0.4, -0.12),
    "ask_permission": (-0.08, 0.4, 0.12),
    "offer_choice": (-0.22, 0.3, 0.12),
    "propose": (-0.25, 0.3, 0.05),
    "act": (-0.35, 0.3, 0.05),
    "partner": (-0.18, 0.4, 0.10),
    "confirm": (-0.12, 0.3, 0.05),
    "thank": (-0.12, 0.2, 0.02),
    "follow_up": (-0.25, 0.3, 0.05),
    "diagnose": (0.00, 0.0, 0.00),
    "debrief": (0.00, 0.0, 0.00),
}
"""Before the data: what a move does to the log odds of distress, the share of it that goes through
arousal, and its push on dominance. Signs follow the published frameworks (being heard and given a
choice calm, a refusal and a threat heat) and recovery findings (responsibility and repair are the
parts of an apology that weigh most: Lewicki, Polin & Lount 2016). Sizes are ours."""

DOUBT = 0.12
"""Standard deviation of the truth around such a guess, in log odds (ours): small, so that only what
the data say often is heard."""


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


def dialogues(data: Path) -> list[list[Turn]]:
    """Read the rated dialogues."""
    lines = (data / "twitter_support_frustration/dialogues.jsonl").read_text("utf-8").splitlines()
    return [
        [
            Turn(turn["role"], turn["text"], turn.get("frustration_mean"))
            for turn in json.loads(line)["turns"]
        ]
        for line in lines
    ]


def log_odds(rating: float) -> float:
    """A panel's mean rating, 0 to 4, as log odds of distress; the ends are pulled in a little."""
    return math.log((rating + 0.25) / (HIGHEST_RATING + 0.25 - rating))


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

    A ridge towards the guesses: change = pull toward the middle + sum of halved effects + noise.
    Which effect of a reply is halved how often depends on the effects themselves, so the fit is
    repeated until that settles.
    """
    import numpy as np

    names = list(GUESSES)
    guess = np.array([GUESSES[name][0] for name in names])
    before = np.array([reply.before for reply in seen])
    change = np.array([reply.after - reply.before for reply in seen])
    before -= before.mean()
    effects, pull = guess.copy(), 0.0
    for _ in range(20):
        weights = np.zeros((len(seen), len(names)))
        for row, reply in enumerate(seen):
            made = [names.index(move) for move in reply.moves if move in GUESSES]
            for sign in (1.0, -1.0):
                ordered = sorted(
                    (i for i in made if sign * effects[i] > 0), key=lambda i: -abs(effects[i])
                )
                for rank, i in enumerate(ordered):
                    weights[row, i] = 0.5**rank
        left = change - pull * before - weights @ effects
        noise = float(left @ left) / len(seen)
        precision = weights.T @ weights / noise + np.eye(len(names)) / DOUBT**2
        aim = weights.T @ (change - pull * before) / noise + guess / DOUBT**2
        effects = np.linalg.solve(precision, aim)
        pull = float(before @ (change - weights @ effects) / (before @ before))
    return {name: float(effect) for name, effect in zip(names, effects, strict=True)}


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
