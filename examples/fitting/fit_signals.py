"""Fit the learned signals of a customer's message, and say how well they do on new authors.

    python examples/fitting/fit_signals.py ../shared/data            # measure by authors left out
    python examples/fitting/fit_signals.py ../shared/data --write    # and write the model

The messages (examples/fitting/messages, one file an author) were written for this project. The
same data give the same file. Of the other sets, whose licences permit it, only what company words
keep is learnt, and that they show no danger: twitter_support_frustration (MIT), complaints_xci
(MIT), goemotions (Apache-2.0), github_incivility (MIT), politeness_stanford (Apache-2.0). Needs
numpy and scipy.
"""

import argparse
import json
import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import numpy as np
from attrs import frozen
from learning import Fitted, Vectors, auc, calibrated, fit, written

from deescalate.cues import CueKind
from deescalate.languages import ENGLISH, Language, lists_of
from deescalate.reading._features import features_of
from deescalate.reading.constructions import CueFinder
from deescalate.text import Text

HERE = Path(__file__).parent
MODEL = HERE.parents[1] / "src/deescalate/languages/english/signals.json"
KINDS = tuple(str(kind) for kind in CueKind)
NEAR = 5.0  # how much a near miss counts, beside a message that has nothing to do with a kind
POSITIVE = 2.0
FOLDS = 4
# Kinds so rare that the public sets may be presumed to have none, and how much that counts.
RARE = {
    "threat_violence": 1.0,
    "threat_self_harm": 1.0,
    "threat_legal": 0.2,
    "vulnerable_health": 0.2,
    "vulnerable_money": 0.2,
    "vulnerable_bereavement": 0.5,
    "vulnerable_age": 0.2,
    "asks_human": 0.1,
    "asks_supervisor": 0.3,
}
PRESUMED = 0.3
# What a miss, a near miss that fires and another message that fires cost; ours.
COSTS = {"default": (1.0, 1.0, 5.0), "high": (1.0, 1.6, 60.0), "low": (1.6, 1.0, 5.0)}
DANGER = ("threat_violence", "threat_self_harm")


@frozen(kw_only=True)
class Message:
    """One message of an author."""

    author: str
    level: int | None
    there: frozenset[str]
    near: frozenset[str]
    text: str


def messages(folder: Path) -> list[Message]:
    """All messages, by author."""
    return [
        _message(file.stem, line)
        for file in sorted(folder.glob("*.txt"), key=lambda file: (len(file.stem), file.stem))
        for line in file.read_text("utf-8").splitlines()
        if line.strip()
    ]


def _message(author: str, line: str) -> Message:
    level, kinds, text = (part.strip() for part in line.split("|", 2))
    signs = [kind.strip() for kind in kinds.split(",")]
    return Message(
        author=author,
        level=int(level) if level.isdecimal() else None,
        there=frozenset(kind[1:] for kind in signs if kind.startswith("+")),
        near=frozenset(kind[1:] for kind in signs if kind.startswith("-")),
        text=text,
    )


def public_texts(data: Path) -> Iterator[tuple[str, str]]:
    """The name of each set and its texts."""
    for name in ("train", "dev", "test"):
        for row in _rows(data / f"goemotions/{name}.jsonl"):
            yield "goemotions", str(row["text"])
    for row in _rows(data / "complaints_xci/data.jsonl"):
        yield "complaints", str(row["text"])
    for row in _rows(data / "politeness_stanford/data.jsonl"):
        yield "politeness", str(row["text"])
    for row in _rows(data / "github_incivility/comments.jsonl"):
        yield (
            "github",
            str(row.get("text") or row.get("body") or row.get("comment_body") or "")[:3000],
        )


def _rows(file: Path) -> Iterator[Mapping[str, object]]:
    for line in file.read_text("utf-8").splitlines():
        yield json.loads(line)


def features(text: str, language: Language = ENGLISH) -> list[str]:
    """What the model looks at."""
    own = Text.of(text, language.name).own
    found = CueFinder.of(language).find(own.tokens, text)
    return list(features_of(own.tokens, language, {cue.kind.value for cue in found}))


def words(text: str) -> list[str]:
    """The words of a text, opened as the features are."""
    return [f for f in _in_order(text) if " " not in f]


def _in_order(text: str) -> Iterator[str]:
    opened = lists_of(ENGLISH, "contractions")[""]
    for token in Text.of(text).own.tokens:
        yield from opened.get(token.text, token.text).split()


def targets(found: Sequence[Message]) -> tuple[np.ndarray, np.ndarray]:
    """What is there, and how much each message counts for each kind."""
    there = np.array([[kind in each.there for kind in KINDS] for each in found], dtype=np.float32)
    near = np.array([[kind in each.near for kind in KINDS] for each in found], dtype=np.float32)
    return there, 1.0 + (POSITIVE - 1.0) * there + (NEAR - 1.0) * near * (1 - there)


@frozen
class Corpus:
    """Everything that a fit needs, cut once."""

    found: Sequence[Message]
    rows: Sequence[Sequence[str]]
    presumed: Sequence[Sequence[str]]
    vectors: Vectors

    @classmethod
    def of(cls, data: Path, folder: Path) -> "Corpus":
        """Read and cut all texts."""
        found = messages(folder)
        public = list(public_texts(data))
        company = [words(text) for _, text in public]
        company += [words(each.text) for each in found] * 2
        presumed = [text for name, text in public if name in ("complaints", "politeness", "github")]
        presumed += [text for name, text in public if name == "goemotions"][:3000]
        return cls(
            found,
            [features(each.text) for each in found],
            [features(text) for text in presumed],
            Vectors.of(company),
        )

    def fit(self, keep: np.ndarray) -> Fitted:
        """A model of the messages that are kept."""
        there, counts = targets([each for each, kept in zip(self.found, keep, strict=True) if kept])
        rows = [row for row, kept in zip(self.rows, keep, strict=True) if kept]
        none = np.zeros((len(self.presumed), len(KINDS)), dtype=np.float32)
        few = np.array([[PRESUMED * RARE.get(kind, 0.0) for kind in KINDS]], dtype=np.float32)
        return fit(
            [*rows, *self.presumed],
            np.vstack([there, none]),
            np.vstack([counts, np.repeat(few, len(self.presumed), axis=0)]),
            self.vectors,
        )


def left_out(corpus: Corpus) -> np.ndarray:
    """Log odds of every message by a model that has seen nothing of its author."""
    authors = sorted({each.author for each in corpus.found}, key=lambda name: (len(name), name))
    odds = np.zeros((len(corpus.found), len(KINDS)))
    for fold in range(FOLDS):
        out = set(authors[fold::FOLDS])
        unseen = np.array([each.author in out for each in corpus.found])
        model = corpus.fit(~unseen)
        odds[unseen] = model.log_odds([r for r, u in zip(corpus.rows, unseen, strict=True) if u])
    return odds


def thresholds(chances: np.ndarray, found: Sequence[Message]) -> dict[str, list[float]]:
    """For each kind the probability from which it is shown; for danger two: watch, and act."""
    return {
        kind: (
            [_cheapest(chances[:, at], found, kind, cost) for cost in ("low", "high")]
            if kind in DANGER
            else [_cheapest(chances[:, at], found, kind, "default")]
        )
        for at, kind in enumerate(KINDS)
    }


def _cheapest(chances: np.ndarray, found: Sequence[Message], kind: str, cost: str) -> float:
    miss, near_cost, other_cost = COSTS[cost]
    there = np.array([kind in each.there for each in found])
    near = np.array([kind in each.near for each in found])
    other = ~there & ~near
    best = (math.inf, 0.5)
    for threshold in np.linspace(0.02, 0.95, 94):
        fires = chances >= threshold
        price = (
            miss * (1 - fires[there].mean())
            + near_cost * fires[near].mean()
            + other_cost * fires[other].mean()
        )
        best = min(best, (float(price), round(float(threshold), 2)))
    return best[1]


def report(
    chances: np.ndarray, found: Sequence[Message], limits: Mapping[str, list[float]]
) -> None:
    """Print the figures by kind and by author."""
    rows = []
    for at, kind in enumerate(KINDS):
        there = np.array([kind in each.there for each in found])
        near = np.array([kind in each.near for each in found])
        fires = chances[:, at] >= limits[kind][0]
        rows.append(
            (
                fires[there].mean(),
                fires[near].mean(),
                fires[~there & ~near].mean(),
                auc(chances[there | near, at], there[there | near]),
            )
        )
        seen, alarms, others, area = rows[-1]
        print(
            f"{kind:24} n {there.sum():4} near {near.sum():4}  seen {seen:.2f}  near misses fired"
            f" {alarms:.2f}  others {100 * others:.2f} %  balanced {(1 + seen - alarms) / 2:.3f}"
            f"  AUC {area:.3f}  from {limits[kind]}"
        )
    seen, alarms, others, area = np.nanmean(np.array(rows), axis=0)
    print(
        f"all kinds: seen {seen:.3f}, near misses fired {alarms:.3f}, others {100 * others:.2f} %,"
        f" balanced {(1 + seen - alarms) / 2:.3f}, AUC {area:.3f}"
    )
    for author in sorted({each.author for each in found}, key=lambda name: (len(name), name)):
        here = [n for n, each in enumerate(found) if each.author == author]
        pairs = []
        for at, kind in enumerate(KINDS):
            fires = chances[here, at] >= limits[kind][0]
            there = np.array([kind in found[n].there for n in here])
            near = np.array([kind in found[n].near for n in here])
            if there.any() and near.any():
                pairs.append((1 + fires[there].mean() - fires[near].mean()) / 2)
        print(f"  {author}: {len(here)} messages, balanced {np.mean(pairs):.3f}")


def main() -> None:
    """Measure, and write the model where that is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("data", type=Path)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--messages", type=Path, default=HERE / "messages")
    arguments = parser.parse_args()
    corpus = Corpus.of(arguments.data, arguments.messages)
    odds = left_out(corpus)
    there, _ = targets(corpus.found)
    pairs = [calibrated(odds[:, at], there[:, at]) for at in range(len(KINDS))]
    chances = np.column_stack(
        [1 / (1 + np.exp(-(a * odds[:, at] + b))) for at, (a, b) in enumerate(pairs)]
    )
    limits = thresholds(chances, corpus.found)
    report(chances, corpus.found, limits)
    if arguments.write:
        fitted = corpus.fit(np.ones(len(corpus.found), dtype=bool))
        slopes, shifts = np.array(pairs).T
        moved = Fitted(
            fitted.features, fitted.weights * slopes, fitted.intercepts * slopes + shifts
        )
        counts = Counter(each.author for each in corpus.found)
        extra = {
            "provenance": f"{len(corpus.found)} messages by {len(counts)} authors, written for this"
            " project; examples/fitting/fit_signals.py",
            "thresholds": limits,
        }
        MODEL.write_text(written(moved, KINDS, extra), "utf-8")
        print(f"{MODEL.name}: {MODEL.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
