"""Fit who does what a cue tells of, to whom and when, and say how well it does on new authors.

    python examples/fitting/fit_directions.py ../shared/data            # measure, authors left out
    python examples/fitting/fit_directions.py ../shared/data --write    # and write the model

Of the kinds that move a case, many messages (examples/fitting/messages) carry a direction in
brackets: ``+threat_legal[customer>firm/future]``. The model hears the sentence that speaks most for
the kind, as the reader quotes it, and those beside it. The same data give the same file. Of the
public sets (those of fit_signals.py) only what company words keep is learnt. Needs numpy and scipy.
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from attrs import evolve, frozen
from fit_signals import KINDS, Message, folder_of, kept_out, messages, public_texts, words
from learning import Fitted, Vectors, calibrated, fit, written

from deescalate.languages import ENGLISH
from deescalate.reading import CueFinder
from deescalate.reading._direction import beside, direction_features
from deescalate.reading._kinds import Kinds
from deescalate.text import Text, Token

FILE = Path(__file__).parents[2] / "src/deescalate/languages/english/directions.json"
PARTIES = ("customer", "firm", "other", "thing")
HEADS = {"by": PARTIES, "against": PARTIES, "when": ("past", "now", "future"), "told": ("yes",)}
FAR = {"other", "thing"}
LABELS = tuple(f"{head} {answer}" for head, answers in HEADS.items() for answer in answers)
MANY = 150  # an author with so many directions is left out alone, the others together
STEPS = [step / 10 for step in range(-20, 41)]
NEAR = 0.5  # how much a near miss counts: authors do not agree who does what in a play on words
LOST = 0.01  # the share of what is to be acted upon that may be taken for only told; ours
RIGHT = 0.85  # what a head says of what is there is right so often, or it says nothing; ours
FEATURES = 9_000  # that the file keeps


@frozen
class Told:
    """A kind in a message, with its direction and its features."""

    author: str
    kind: str
    there: bool
    answers: tuple[str, str, str, str]
    features: tuple[str, ...]

    @classmethod
    def of(cls, message: Message, out: frozenset[str]) -> "list[Told]":
        """One for each direction of a message."""
        return [
            cls(
                message.author,
                kind,
                kind in message.there,
                (*answers, "yes" if only_told(kind, *answers) else "no"),
                tuple(
                    feature
                    for feature in direction_features(kind, _sentence(message.text, kind), ENGLISH)
                    if out.isdisjoint(feature.split())
                ),
            )
            for kind, answers in message.directions.items()
        ]


def only_told(kind: str, by: str, against: str, when: str) -> bool:
    """Whether a direction is that of something past, of others or of things."""
    whom = {against} if kind.startswith("vulnerable") else {by, against}
    return when == "past" and against != "customer" and bool(whom & FAR)


def _sentence(text: str, kind: str) -> Sequence[Token]:
    """The sentence that speaks most for a kind, and those beside it."""
    own, kinds = Text.of(text).own, Kinds.of(ENGLISH)
    if kinds is None or len(own.sentences) < 2:
        return own.tokens
    signals = kinds.signals
    windows = kinds.windows.of(own, CueFinder.of(ENGLISH).find(own))[1:]
    units = [signals.units(signals.added(each), KINDS.index(kind)) for each in windows]
    return beside(own, units.index(max(units)))


def targets(found: Sequence[Told]) -> np.ndarray:
    """1 where a label is the answer."""
    answers = [
        {f"{head} {answer}" for head, answer in zip(HEADS, each.answers, strict=True)}
        for each in found
    ]
    return np.array([[label in each for label in LABELS] for each in answers], dtype=np.float32)


def fitted(found: Sequence[Told], vectors: Vectors) -> Fitted:
    """The heads."""
    there = targets(found)
    counts = np.array([[1.0 if each.there else NEAR] for each in found]) * np.ones_like(there)
    counts[:, columns("told")] = 1.0
    return fit([each.features for each in found], there, counts, vectors)


def left_out(found: Sequence[Told], vectors: Vectors) -> np.ndarray:
    """Log odds of each label by a model that saw nothing of the author."""
    authors = np.array([each.author for each in found])
    many = [name for name in sorted(set(authors)) if (authors == name).sum() >= MANY]
    folds = [authors == name for name in many]
    folds.append(~np.isin(authors, many))
    odds = np.zeros((len(found), len(LABELS)))
    for unseen in filter(np.any, folds):
        model = fitted([each for each, out in zip(found, unseen, strict=True) if not out], vectors)
        rows = [each.features for each, out in zip(found, unseen, strict=True) if out]
        odds[unseen] = model.log_odds(rows)
    return odds


def columns(head: str) -> list[int]:
    """Where the labels of a head stand."""
    return [at for at, label in enumerate(LABELS) if label.split()[0] == head]


def least_of(found: Sequence[Told], odds: np.ndarray) -> dict[str, dict[str, float]]:
    """For each head and kind the log odds from which what it says is right often enough."""
    there, is_there = targets(found), np.array([each.there for each in found])
    kinds = np.array([each.kind for each in found])
    told = columns("told")[0]
    lost = round(float(np.quantile(odds[is_there & (there[:, told] == 0), told], 1 - LOST)), 2)
    least = {"told": dict.fromkeys(sorted(set(kinds)), lost)}
    for head in tuple(HEADS)[:-1]:
        at, least[head] = columns(head), {}
        most, right = odds[:, at].max(axis=1), there[:, at][_rows(odds, at)] > 0
        for kind in sorted(set(kinds)):
            here = is_there & (kinds == kind)
            least[head][kind] = next(
                (step for step in STEPS if right[here & (most >= step)].mean() >= RIGHT), STEPS[-1]
            )
    return least


def _rows(odds: np.ndarray, at: list[int]) -> tuple[np.ndarray, np.ndarray]:
    return np.arange(len(odds)), odds[:, at].argmax(axis=1)


def report(found: Sequence[Told], odds: np.ndarray, least: dict[str, dict[str, float]]) -> None:
    """Print how often each head is right, by author and kind, of what is there."""
    there = targets(found)
    is_there = np.array([each.there for each in found])
    groups = {"all": is_there, "near misses": ~is_there}
    for what in ("author", "kind"):
        for value in sorted({getattr(each, what) for each in found}):
            here = np.array([getattr(each, what) == value for each in found])
            if what == "kind" or here.sum() >= MANY:
                groups[value] = here & is_there
    for name, here in groups.items():
        line = f"{name:24} {here.sum():5}"
        for head in tuple(HEADS)[:-1]:
            at = columns(head)
            right = there[here][:, at][_rows(odds[here], at)] > 0
            limits = np.array([least[head][each.kind] for each in found])[here]
            says = odds[here][:, at].max(axis=1) >= limits
            line += f"  {head}: right {right.mean():.2f}, says {says.mean():.2f}"
            line += f", then right {right[says].mean() if says.any() else 0:.2f}"
        print(line)
    (column,) = columns("told")
    doubted = odds[:, column] >= min(least["told"].values())
    told = there[:, column] > 0
    for name in ("all", "near misses"):
        for what, wanted in (("only told", told), ("to be acted upon", ~told)):
            here = wanted & groups[name]
            print(f"{name}, {what}: {here.sum()}, taken for only told {doubted[here].sum()}")


def main() -> None:
    """Measure, and write the model where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    arguments = parser.parse_args()
    every = messages(folder_of(ENGLISH))
    out = kept_out(every, ENGLISH)
    found = [told for each in every if each.directions for told in Told.of(each, out)]
    texts = [each.text for each in public_texts(arguments.data)]
    texts += [each.text for each in every] * 2
    company = [[word for word in words(text, ENGLISH) if word not in out] for text in texts]
    vectors = Vectors.of(company)
    odds, there = left_out(found, vectors), targets(found)
    slopes, shifts = np.array([calibrated(odds[:, n], there[:, n]) for n in range(len(LABELS))]).T
    odds = slopes * odds + shifts
    least = least_of(found, odds)
    report(found, odds, least)
    if arguments.write:
        model = fitted(found, vectors)
        moved = evolve(
            model, weights=model.weights * slopes, intercepts=model.intercepts * slopes + shifts
        )
        authors = len({each.author for each in found})
        provenance = f"{len(found)} directions by {authors} authors, written for this project"
        extra = {"provenance": [provenance, "examples/fitting/fit_directions.py"], "least": least}
        FILE.write_text(written(moved, LABELS, extra, most=FEATURES), "utf-8")
        print(f"{FILE.name}: {FILE.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
