"""Fit the word weights of the English reader, and say how well they do on what they have not seen.

    python examples/fitting/fit_reader.py ../shared/data            # measure by cross-validation
    python examples/fitting/fit_reader.py ../shared/data --write    # and write the weights

The same data give the same file, byte for byte. Only sets whose licence permits it are read:
twitter_support_frustration (MIT), complaints_xci (MIT), goemotions (Apache-2.0),
github_incivility (MIT) and politeness_stanford (Apache-2.0), beside the messages in messages/,
which were written for this project by several authors. Needs numpy and scipy.

A ridge regression of distress on the features that the reader itself finds, in which words share
part of their weight with the words of their hand-written group (word_groups.toml) and with words
that are used alike (50 singular vectors of the words' positive mutual information in the same
texts). How likely each kind of cue is in a message comes from models that never saw its author
(fit_signals.py). Each set is standardised and has its own intercept. Names of people, brands and
places are kept out. Whatever signs the laws demand are then enforced: praise never distresses,
polite words and negators never soothe, insults and threats always distress.
"""

import argparse
import json
import math
import re
import tomllib
import zlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import fit_signals
import numpy as np
import scipy.sparse as sp
from attrs import asdict, astuple, evolve, frozen
from scipy.sparse.linalg import lsqr, svds
from scipy.stats import rankdata, spearmanr

from deescalate.cues import Cue, CueKind
from deescalate.emotion._values import (
    DISTRESS_AT_NEUTRAL,
    DISTRESS_PER_AROUSAL,
    DISTRESS_PER_PLEASURE,
)
from deescalate.languages import ENGLISH
from deescalate.reading import CueFinder
from deescalate.reading._affect import Shown, affect_of, parts_of
from deescalate.reading._kinds import HINT, Kinds, shown_of
from deescalate.reading._labels import GOEMOTIONS
from deescalate.reading._lexicon import NEGATED, Lexicon, Scale, Trust, Weight
from deescalate.text import Text, Token

HERE = Path(__file__).parent
WEIGHTS = HERE.parents[1] / "src/deescalate/languages/english/affect.json"

# How much each set counts; chosen by cross-validation.
SOURCES = {
    "twitter": 0.3,
    "complaints_brand": 4.0,
    "complaints_random": 0.5,
    "goemotions": 1.0,
    "github": 0.3,
    "politeness": 0.3,
    "own": 20.0,
}
# Our own messages are many and close to what is read, the rated sets few or far: they are fitted
# apart, each with the freedom that it can bear, and the two sums of weights added at these shares.
RIDGE = {"own": 0.012, "rated": 0.06}
SHARES = {"own": 0.55, "rated": 0.7}
GROUP = 2.0  # how much more freely a group's weight moves than a word's
ALIKE = 1.0  # the same for what words that are used alike share
VECTORS, WINDOW = 50, 6
# Where each level of upset of our own messages lies, in the units of PER_UNIT, 0 being a message
# that shows nothing. Ours, and so is what one unit is worth: chosen so that plain complaints stay
# where they were, and so that what is furious reads as furious.
LEVELS = {0: -0.35, 1: 0.15, 2: 0.65, 3: 1.15, 4: 1.65}
PLEASED = -0.9  # calm, with thanks
FREE = 30.0  # intercepts are as good as free
# Log odds (and latent coordinates) a standard deviation of the labels.
PER_UNIT = {"distress": 2.2, "arousal": 0.45, "dominance": 0.35}
CONSTRUCTION = re.compile(r"<(?!/?3>?$)[^ ]+>")
MARK = re.compile(r"<!+>|<[!?]{2,}>")
WORD, PAIR = 3, 4  # messages that a feature must stand in
SMALLEST = 0.06  # weights nearer to 0 are left out
FOLDS = 5
THREE = (0.48, 0.65)  # distress from which a message is upset, and from which it is very upset

# Distress on a scale of 0 to 4, where a set has labels instead: ours.
SEVERITY = {0: 0.0, 1: 1.5, 2: 2.2, 3: 2.8, 4: 3.3}
HEAT = {
    None: 0.0,
    "Entitlement": 1.0,
    "Irony": 1.0,
    "Impatience": 1.7,
    "Mocking": 1.7,
    "Bitter frustration": 2.0,
    "Vulgarity": 2.0,
    "Identity attack": 2.4,
    "Insulting": 2.4,
    "Threat": 2.4,
}
SOOTHING_GROUPS = ("thanks", "praise", "joy", "emoji_happy", "emoji_thanks")
DISTRESSING_GROUPS = (
    "anger",
    "contempt",
    "bad",
    "insult",
    "profanity",
    "emoji_angry",
    "shape_loud",
)
# What these show, however few examples the data hold: distress (log odds), arousal and dominance.
# All ours. Who insults or threatens takes control; that tells anger from frustration.
FLOORS = {
    CueKind.INSULT: (0.9, 0.4, 0.5),
    CueKind.PROFANITY: (0.3, 0.3, 0.2),
    CueKind.ANGER: (0.8, 0.3, 0.4),
    CueKind.SHOUTING: (0.3, 0.2, 0.2),
    CueKind.THREAT_VIOLENCE: (1.2, 0.5, 0.5),
    CueKind.THREAT_SELF_HARM: (1.2, 0.2, 0.0),
    CueKind.THREAT_LEGAL: (0.6, 0.2, 0.4),
    CueKind.THREAT_PUBLICITY: (0.5, 0.2, 0.4),
    CueKind.THREAT_LEAVING: (0.4, 0.1, 0.3),
    CueKind.BROKEN_PROMISE: (0.3, 0.0, 0.0),
    CueKind.IGNORED: (0.3, 0.0, 0.0),
    CueKind.REPEAT_CONTACT: (0.3, 0.0, 0.0),
    CueKind.LONG_WAIT: (0.3, 0.0, 0.0),
    CueKind.UNRESOLVED: (0.3, 0.0, 0.0),
    CueKind.BLAME: (0.3, 0.1, 0.2),
    CueKind.SARCASM: (0.3, 0.1, 0.1),
    CueKind.ANXIETY: (0.2, 0.2, 0.0),
    CueKind.URGENCY: (0.1, 0.2, 0.0),
    CueKind.REFUSAL: (0.1, 0.0, 0.0),
}
# The least that a word of these groups adds: fits leave to the cue what is the word's.
LEAST = {"anger": 0.6, "contempt": 0.4, "bad": 0.3}
CALMING_CUES = (CueKind.THANKS, CueKind.ACCEPTANCE)


@frozen
class Message:
    """One labelled message."""

    source: str
    group: str
    text: str
    distress: float
    coordinates: tuple[float, float] | None = None


def read(folder: Path, own: Path = HERE / "messages") -> list[Message]:
    """Read all sets, in a fixed order."""
    messages = [
        Message("own", each.author, each.text, _wanted(each))
        for each in fit_signals.messages(own)
        if each.level is not None
    ]
    for dialogue in _rows(folder / "twitter_support_frustration/dialogues.jsonl"):
        for turn in dialogue["turns"]:
            if turn["role"] == "customer" and turn.get("frustration_mean") is not None:
                text = turn["text"].replace("///", " ")
                group = f"twitter {dialogue['id']}"
                messages.append(Message("twitter", group, text, turn["frustration_mean"]))
    for row in _rows(folder / "complaints_xci/data.jsonl"):
        kind = "random" if row["domain"].startswith("random") else "brand"
        level = SEVERITY[int(row["severity"])]
        if not row["complaint"]:
            level = {"joy": -1.5, "anger": 0.3, "sadness": 0.3}.get(row["emotion"], 0.0)
        group = f"{row['domain']} {row['id']}"
        messages.append(Message(f"complaints_{kind}", group, row["text"], level))
    for part in ("train", "dev", "test"):
        for row in _rows(folder / f"goemotions/{part}.jsonl"):
            places = [astuple(GOEMOTIONS[label]) for label in row["labels"]]
            pleasure, arousal, dominance = np.arctanh(np.mean(places, axis=0))
            messages.append(
                Message(
                    "goemotions",
                    row["id"],
                    re.sub(r"\[(NAME|RELIGION)\]", "@someone", row["text"]),
                    -2.4 * pleasure + 1.1 * arousal,
                    (arousal, dominance),
                )
            )
    for row in _rows(folder / "github_incivility/comments.jsonl"):
        text = re.sub(r"\b(CODE|URL|PATH)\b", "@thing", row["text"])
        messages.append(Message("github", f"issue {row['issue']}", text[:1500], HEAT[row["label"]]))
    messages.extend(
        Message("politeness", f"ask {row['id']}", row["text"], -row["score"])
        for row in _rows(folder / "politeness_stanford/data.jsonl")
    )
    return messages


def _wanted(message: fit_signals.Message) -> float:
    pleased = not message.level and CueKind.THANKS in message.there
    return PLEASED if pleased else LEVELS[message.level or 0]


def _rows(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


@frozen
class Corpus:
    """The messages with their tokens and cues, and what may become a feature."""

    messages: list[Message]
    tokens: list[tuple[Token, ...]]
    cues: list[tuple[Cue, ...]]
    shown: list[Sequence[Shown]]
    groups: Mapping[str, tuple[str, ...]]
    features: tuple[str, ...]
    vectors: sp.csr_matrix
    lexicon: Lexicon

    @classmethod
    def of(
        cls, messages: list[Message], lexicon: Lexicon, unseen: Mapping[str, np.ndarray]
    ) -> "Corpus":
        finder, kinds = CueFinder.of(ENGLISH), Kinds.of(ENGLISH)
        assert kinds
        texts = [Text.of(message.text).own for message in messages]
        tokens = [text.tokens for text in texts]
        cues = [finder.find(text) for text in texts]
        shown = [
            likely(unseen[message.text], phrases)
            if message.text in unseen
            else kinds.decide(text, phrases)[1]
            for message, text, phrases in zip(messages, texts, cues, strict=True)
        ]
        document = tomllib.loads((HERE / "word_groups.toml").read_text("utf-8"))
        groups = {
            name: tuple(sorted({word.replace("+", " ") for word in words.split()}))
            for name, words in document["groups"].items()
        }
        names = frozenset(" ".join(document["kept_out"].values()).split())
        features = _features(messages, tokens, lexicon, groups, names)
        vectors = word_vectors(tokens, features, lexicon)
        return cls(messages, tokens, cues, shown, groups, features, vectors, lexicon)

    def members(self) -> sp.csr_matrix:
        """Which features are in which hand-written group."""
        column = {feature: number for number, feature in enumerate(self.features)}
        rows, columns = zip(
            *(
                (column[word], number)
                for number, words in enumerate(self.groups.values())
                for word in words
                if word in column
            ),
            strict=True,
        )
        shape = (len(self.features), len(self.groups))
        return sp.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=shape)

    def matrix(self, weights: Mapping[str, Weight]) -> sp.csr_matrix:
        """A row a message, a column a feature; the weights say what negators turn."""
        blank = Weight(0.0, 0.0, 0.0)
        known = {feature: weights.get(feature, blank) for feature in self.features}
        lexicon = evolve(self.lexicon, weights=known)
        column = {feature: number for number, feature in enumerate(self.features)}
        rows, columns, values = [], [], []
        for row, text in enumerate(zip(self.tokens, self.cues, self.shown, strict=True)):
            for part in parts_of(text[0], lexicon, *text[1:]):
                rows.append(row)
                columns.append(column[part.feature])
                values.append(part.factor)
        shape = (len(self.messages), len(self.features))
        return sp.csr_matrix((values, (rows, columns)), shape=shape)


def unseen_chances(folder: Path) -> dict[str, np.ndarray]:
    """How likely each kind is in a text, by models that saw nothing of its author."""
    corpus = fit_signals.Corpus.of(folder)
    unseen = fit_signals.Unseen.of(corpus)
    texts = [*(each.text for each in corpus.presumed.texts), *(each.text for each in corpus.found)]
    odds = np.vstack([unseen.calm, unseen.odds])
    return dict(zip(texts, unseen.chances(odds), strict=True))


def likely(chances: np.ndarray, phrases: Sequence[Cue]) -> Sequence[Shown]:
    """What a text shows, of the chances of its kinds."""
    return shown_of(
        phrases,
        {
            CueKind(kind): Shown(CueKind(kind), float(chance), 0, 0)
            for kind, chance in zip(fit_signals.KINDS, chances, strict=True)
            if chance >= HINT
        },
    )


def _features(  # noqa: C901, PLR0912  one count over all texts, then the choice
    messages: Sequence[Message],
    tokens: Sequence[Sequence[Token]],
    lexicon: Lexicon,
    groups: Mapping[str, Sequence[str]],
    names: frozenset[str],
) -> tuple[str, ...]:
    """Words and pairs that are frequent enough and no names; constructions; the hand-written."""
    support: Counter[str] = Counter()
    all_sets: Counter[str] = Counter()
    authors: dict[str, set[str]] = {}
    capital: Counter[str] = Counter()
    small: Counter[str] = Counter()
    for message, found in zip(messages, tokens, strict=True):
        here, before, negated, starts = set(), "", False, True
        for token in found:
            if token.kind == "word" and not token.elongated:
                word = lexicon.spellings.get(token.text, token.text)
                here.add(word)
                if before:
                    here.add(f"{before} {word}")
                if negated:
                    here.add(f"{NEGATED} {word}")
                negated = word in lexicon.negators
                if not negated:
                    before = word
                if not starts and not token.shouted:
                    first = message.text[token.start]
                    (capital if first.isupper() else small)[word] += 1
                starts = False
            elif token.kind == "punct":
                negated = False
                if token.text[0] in ".!?,":
                    before = ""
                starts = token.text != ","
            elif token.kind == "emoji":
                here.add(token.text)
        all_sets.update(here)
        if message.source in ("twitter", "complaints_brand", "complaints_random", "own"):
            support.update(here)
        if message.source == "own":
            for feature in here:
                authors.setdefault(feature, set()).add(message.group)

    def is_name(word: str) -> bool:
        return word in names or (capital[word] >= 2 and capital[word] > small[word])

    def is_frequent(feature: str) -> bool:
        if " " in feature:
            return support[feature] >= PAIR
        return all_sets[feature] >= WORD and support[feature] >= 2

    chosen = {
        feature
        for feature in all_sets
        if is_frequent(feature) and not any(is_name(word) for word in feature.split())
    }
    chosen.update(word for words in groups.values() for word in words)
    # Negators are stepped over in pairs, so no pair begins with one.
    chosen -= {each for each in chosen if " " in each and each.split()[0] in lexicon.negators}
    chosen.update(f"<{kind}>" for kind in CueKind if not kind.startswith("vulnerable"))
    chosen.update(
        (
            "<elongated>",
            "<shout>",
            "<.>",
            "<,>",
            "<!>",
            "<!!>",
            "<?>",
            "<??>",
            "<?!>",
            "<!?>",
            "<...>",
        )
    )
    chosen.update(("<number>", "<money>", "<url>", "<mention>"))
    return tuple(sorted(chosen))


class Fitter:
    """Ridge regressions over one feature matrix."""

    def __init__(self, corpus: Corpus, matrix: sp.csr_matrix) -> None:
        self.corpus = corpus
        self.matrix = matrix
        self.source = np.array([message.source for message in corpus.messages])
        self.distress = np.array([message.distress for message in corpus.messages])
        pairs = [message.coordinates or (np.nan, np.nan) for message in corpus.messages]
        self.arousal, self.dominance = np.array(pairs).T
        often = np.asarray((matrix != 0).sum(axis=0)).ravel()
        rarity = sp.diags(np.log(matrix.shape[0] / np.maximum(often, 1)))
        members, alike = corpus.members(), corpus.vectors
        # Weights of features = basis @ what is solved for; each block has its own freedom to move.
        self.basis = sp.hstack(
            [
                rarity / _norm(matrix @ rarity),
                members * (GROUP / _norm(matrix @ members)),
                alike * (ALIKE / _norm(matrix @ alike)),
            ]
        ).tocsr()
        self.design = (matrix @ self.basis).tocsr()

    def distressing(self, sources: Mapping[str, float], rows: np.ndarray) -> np.ndarray:
        """Weights of the features for distress, of our own messages and of the rated sets."""
        rated = {name: share for name, share in sources.items() if name != "own"}
        own = self.solve(self.distress, {"own": sources["own"]}, rows, RIDGE["own"])
        return SHARES["own"] * own + SHARES["rated"] * self.solve(self.distress, rated, rows)

    def solve(
        self,
        target: np.ndarray,
        sources: Mapping[str, float],
        rows: np.ndarray,
        ridge: float = RIDGE["rated"],
    ) -> np.ndarray:
        """Weights of the features for one target, standardised within each set."""
        wanted, weight = np.zeros(len(target)), np.zeros(len(target))
        own: list[np.ndarray] = []
        for source, share in sources.items():
            here = rows & (self.source == source)
            if share and here.any():
                weight[here] = share / here.sum()
                if source == "own":  # a message that shows nothing is neutral
                    wanted[here] = target[here]
                else:
                    wanted[here] = (target[here] - target[here].mean()) / target[here].std()
                    own.append(here * FREE)
        keep = weight > 0
        root = np.sqrt(weight[keep])
        intercepts = (
            sp.csr_matrix(np.array(own).reshape(len(own), -1).T[keep])
            if own
            else sp.csr_matrix((keep.sum(), 0))
        )
        design = sp.diags(root) @ sp.hstack([self.design[keep], intercepts]).tocsr()
        damp = math.sqrt(ridge)
        found = lsqr(design, root * wanted[keep], damp=damp, iter_lim=100, atol=1e-6, btol=1e-6)[0]
        return np.asarray(self.basis @ found[: self.basis.shape[1]])


def _norm(matrix: sp.csr_matrix) -> float:
    return math.sqrt(matrix.multiply(matrix).sum(axis=1).mean() / 10.0)


def word_vectors(
    corpus_tokens: Sequence[Sequence[Token]], features: Sequence[str], lexicon: Lexicon
) -> sp.csr_matrix:
    """A vector for each word from the company it keeps, of length 1; none for the rest."""
    column = {
        feature: number
        for number, feature in enumerate(features)
        if " " not in feature and not CONSTRUCTION.fullmatch(feature)
    }
    pairs: Counter[tuple[int, int]] = Counter()
    for tokens in corpus_tokens:
        words = [
            column.get(lexicon.spellings.get(token.text, token.text))
            for token in tokens
            if token.kind in ("word", "emoji")
        ]
        for place, one in enumerate(words):
            if one is not None:
                for other in words[place + 1 : place + WINDOW]:
                    if other is not None and other != one:
                        pairs[one, other] += 1
    rows, columns = np.array(list(pairs)).T
    together = sp.csr_matrix((list(pairs.values()), (rows, columns)), shape=(len(features),) * 2)
    together = (together + together.T).tocoo().astype(float)
    often = np.asarray(together.sum(axis=1)).ravel() + 1e-9
    flattened = often**0.75 / (often**0.75).sum()
    information = np.log(together.data / (often[together.row] * flattened[together.col]))
    together.data = np.maximum(information, 0.0)
    left, sizes, _ = svds(together.tocsr(), k=VECTORS, v0=np.ones(len(features)))
    vectors = left * np.sqrt(sizes)
    lengths = np.linalg.norm(vectors, axis=1, keepdims=True)
    vectors = np.where(lengths > 1e-6, vectors / np.maximum(lengths, 1e-6), 0.0)
    return sp.csr_matrix(vectors)


def fit(fitter: Fitter, rows: np.ndarray, sources: Mapping[str, float]) -> dict[str, Weight]:
    """The weights from some rows, on the reader's scale, rounded, small ones left out."""
    distress = fitter.distressing(sources, rows) * PER_UNIT["distress"]
    emotions = rows & (fitter.source == "goemotions")
    arousal = fitter.solve(fitter.arousal, {"goemotions": 1.0}, emotions) * PER_UNIT["arousal"]
    dominance = (
        fitter.solve(fitter.dominance, {"goemotions": 1.0}, emotions) * PER_UNIT["dominance"]
    )
    lawful = Laws.of(fitter.corpus)
    weights: dict[str, Weight] = {}
    for number, feature in enumerate(fitter.corpus.features):
        found = lawful.weight(
            feature, float(distress[number]), float(arousal[number]), float(dominance[number])
        )
        if abs(found.distress) >= SMALLEST:
            weights[feature] = found
    return weights


@frozen
class Laws:
    """The signs that the reader's laws demand of the weights."""

    soothing: frozenset[str]
    distressing: Mapping[str, float]
    never_soothing: frozenset[str]
    negators: frozenset[str]

    @classmethod
    def of(cls, corpus: Corpus) -> "Laws":
        """The laws for a corpus's groups and lexicon."""
        lexicon = corpus.lexicon
        soothing = {word for name in SOOTHING_GROUPS for word in corpus.groups[name]}
        distressing = {
            word: LEAST.get(name, 0.0)
            for name in reversed(DISTRESSING_GROUPS)
            for word in corpus.groups[name]
        }
        return cls(
            frozenset(soothing - distressing.keys()),
            distressing,
            lexicon.polite,
            lexicon.negators,
        )

    def weight(self, feature: str, distress: float, arousal: float, dominance: float) -> Weight:
        """The weight nearest to the fitted one that keeps the laws."""
        if feature in self.soothing:
            distress = min(distress, -0.1)
        if feature in self.distressing or feature in self.never_soothing:
            distress = max(distress, self.distressing.get(feature, 0.0))
        first, _, last = feature.partition(" ")
        if feature in self.negators:
            distress, arousal = max(distress, 0.1), min(arousal, 0.0)
        if last in self.negators or (first == NEGATED and last in self.soothing):
            distress, arousal = max(distress, 0.0), min(arousal, 0.0)
        if first == NEGATED:
            arousal = min(arousal, 0.0)
        if MARK.fullmatch(feature):
            distress = max(distress, 0.0)
        for kind, floor in FLOORS.items():
            if feature == f"<{kind}>":
                distress, arousal, dominance = map(max, (distress, arousal, dominance), floor)
        if feature in {f"<{kind}>" for kind in CALMING_CUES}:
            distress = min(distress, 0.0)
        return Weight(*(round(each, 2) + 0.0 for each in (distress, arousal, dominance)))


def readings(
    corpus: Corpus, rows: Iterable[int], weights: Mapping[str, Weight], scale: Scale
) -> list[tuple[float, int]]:
    """The log odds of distress that the reader itself gives, and the number of known features."""
    lexicon = evolve(corpus.lexicon, weights=weights, scale=scale)
    found = []
    for row in rows:
        affect = affect_of(corpus.tokens[row], lexicon, corpus.cues[row], corpus.shown[row])
        odds = affect.distress / (1.0 - affect.distress)
        found.append((math.log(odds), len(affect.evidence)))
    return found


def cross_validated(
    fitter: Fitter, sources: Mapping[str, float], folds: np.ndarray, wanted: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Log odds and number of known features for the wanted rows, each from weights of others."""
    odds, known = np.full(len(folds), np.nan), np.zeros(len(folds))
    for each in sorted(set(folds[wanted])):
        rows = np.flatnonzero(wanted & (folds == each))
        weights = fit(fitter, folds != each, sources)
        found = readings(fitter.corpus, rows, weights, Scale())
        odds[rows], known[rows] = np.array(found).T
    return odds, known


def stretch_of(truth: np.ndarray, odds: np.ndarray) -> float:
    """How many times the truth exceeds what is read of it.

    A regression guesses at the middle: where it knows little it says little. What is read grows by
    less than 1 for each 1 of the truth, and the inverse of that makes a reading a measurement.
    """
    return float(truth.var() / np.mean((truth - truth.mean()) * (odds - odds.mean())))


def trust(residuals: np.ndarray, known: np.ndarray) -> Trust:
    """The precision by number of known features: variance = (1 + half / known) / most."""
    seen = known > 0
    ones = np.ones(seen.sum())
    design = np.column_stack([ones, 1.0 / known[seen]])
    (base, extra), *_ = np.linalg.lstsq(design, residuals[seen] ** 2, rcond=None)
    base, extra = max(base, 0.05), max(extra, 0.05)
    return Trust(most=round(float(1.0 / base), 2), half=round(float(extra / base), 2))


def smoothed(odds: np.ndarray, groups: Sequence[str], keep: float = 0.4) -> np.ndarray:
    """Each turn with what is kept of the turns before it in the same dialogue."""
    found, before = np.array(odds), None
    for row, group in enumerate(groups):
        if group == before:
            found[row] = (1.0 - keep) * odds[row] + keep * found[row - 1]
        before = group
    return found


def area_under_curve(truth: np.ndarray, score: np.ndarray) -> float:
    """The chance that a complaint scores above what is none."""
    ranks, positive = rankdata(score), truth.sum()
    below = ranks[truth].sum() - positive * (positive + 1) / 2
    return float(below / (positive * (len(truth) - positive)))


def upset(wanted: np.ndarray, distress: np.ndarray) -> None:
    """Print how well three levels of upset are told on messages of authors left out."""
    true, told = np.digitize(wanted, (0.4, 0.9)), np.digitize(distress, THREE)
    print(f"three levels of upset, authors left out in {FOLDS} folds: {np.mean(true == told):.1%}")
    print(f"  Spearman with the five levels {spearmanr(wanted, distress)[0]:.3f}")
    for level, lies in LEVELS.items():
        found = distress[wanted == lies]
        middle, high = np.median(found), np.mean(found >= THREE[1])
        print(f"  level {level}: median {middle:.2f}, high (from {THREE[1]}) {high:.0%}")


def measure(fitter: Fitter) -> Scale:
    """Print the figures on messages never fitted on; return what they say about precision."""
    messages = fitter.corpus.messages
    groups = np.array([message.group for message in messages])
    folds = np.array([zlib.crc32(group.encode()) % FOLDS for group in groups])
    rated, brand = fitter.source == "twitter", fitter.source == "complaints_brand"
    own = fitter.source == "own"
    ratings, complaint = fitter.distress[rated], fitter.distress[brand] > 0.5
    odds, known = cross_validated(fitter, SOURCES, folds, rated | brand | own)
    upset(fitter.distress[own], 1.0 / (1.0 + np.exp(-odds[own])))
    vader = _vader([message.text for message in messages], rated | brand)

    def per_turn(name: str, score: np.ndarray) -> None:
        plain = spearmanr(score[rated], ratings)[0]
        over = spearmanr(smoothed(score[rated], groups[rated]), ratings)[0]
        print(f"{name:52}{plain:8.3f}{over:10.3f}")

    def per_message(name: str, score: np.ndarray) -> None:
        print(f"{name:52}{area_under_curve(complaint, score[brand]):8.3f}")

    print(f"{'frustration per turn (Spearman)':52}{'message':>8}{'smoothed':>10}")
    per_turn("reader, dialogues left out in 5 folds", odds)
    unseen = {**SOURCES, "twitter": 0.0}
    never, _ = cross_validated(fitter, unseen, np.where(rated, 0, -1), rated)
    per_turn("reader, no rated dialogue fitted on", never)
    if vader is not None:
        per_turn("VADER", vader)
    print(f"{'complaint or not, brand tweets (area)':52}")
    per_message("reader, 5 folds", odds)
    areas = np.array([zlib.crc32(group.split()[0].encode()) for group in groups])
    odds_of_areas, _ = cross_validated(fitter, SOURCES, areas, brand)
    per_message("reader, the tweet's whole line of business left out", odds_of_areas)
    unseen = {**SOURCES, "complaints_brand": 0.0, "complaints_random": 0.0}
    never, _ = cross_validated(fitter, unseen, np.where(brand, 0, -1), brand)
    per_message("reader, no complaint set fitted on", never)
    if vader is not None:
        per_message("VADER", vader)

    # Log odds of the panel's points, half a point added at both ends (as in fit_temperament.py).
    truth = np.log((ratings + 1.0 / 6.0) / (4.0 + 1.0 / 6.0 - ratings))
    stretch = round(stretch_of(truth, odds[rated]), 1)
    felt = DISTRESS_AT_NEUTRAL + stretch * (odds[rated] - DISTRESS_AT_NEUTRAL)
    residuals = truth - felt
    print(f"stretch {stretch:.1f}, ratings above stretched readings {residuals.mean():+.2f}")
    # Both coordinates err, arousal with twice the variance (`_trust_of`).
    both = math.hypot(DISTRESS_PER_PLEASURE, math.sqrt(2.0) * DISTRESS_PER_AROUSAL)
    emotions = fitter.source == "goemotions"
    pleasure = trust(residuals / both, known[rated])
    scale = Scale(
        stretch=stretch,
        trust_pleasure=pleasure,
        trust_arousal=_trust_of(fitter, fitter.arousal, "arousal", emotions, folds, pleasure),
        trust_dominance=_trust_of(fitter, fitter.dominance, "dominance", emotions, folds, pleasure),
    )
    deviation = both / np.sqrt([max(pleasure.precision(n), 1e-9) for n in known[rated]])
    inside = np.mean(np.abs(residuals) <= 1.645 * deviation)
    print(f"90 % intervals of a message's distress hold {inside:.1%} of the ratings")
    return scale


def _trust_of(
    fitter: Fitter,
    target: np.ndarray,
    name: str,
    rows: np.ndarray,
    folds: np.ndarray,
    pleasure: Trust,
) -> Trust:
    """Precision of a coordinate on the emotion set, weights from four folds, residuals on one.

    Those coordinates are those of labels and nobody rated them, so they are trusted at most half
    as much as pleasure.
    """
    test = rows & (folds == 0)
    found = fitter.solve(target, {"goemotions": 1.0}, rows & ~test) * PER_UNIT[name]
    known = np.asarray((fitter.matrix[test] != 0).sum(axis=1)).ravel().astype(float)
    own = trust(target[test] - fitter.matrix[test] @ found, known)
    return evolve(own, most=round(min(own.most, pleasure.most / 2.0), 2))


def _vader(texts: Sequence[str], wanted: np.ndarray) -> np.ndarray | None:
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        print("VADER is not installed: not compared")
        return None
    score, found = SentimentIntensityAnalyzer().polarity_scores, np.full(len(texts), np.nan)
    for row in np.flatnonzero(wanted).tolist():
        found[row] = -score(texts[row])["compound"]
    return found


def document(weights: Mapping[str, Weight], scale: Scale, messages: Sequence[Message]) -> str:
    """The weights as the file that the reader loads: one feature a line."""
    counts = Counter(message.source for message in messages)
    provenance = {
        "made_by": "examples/fitting/fit_reader.py",
        "columns": "distress (log odds), arousal, dominance (latent)",
        "fitted_on": {
            "messages written for this project": counts["own"],
            "twitter_support_frustration (MIT)": counts["twitter"],
            "complaints_xci (MIT)": counts["complaints_brand"] + counts["complaints_random"],
            "goemotions (Apache-2.0)": counts["goemotions"],
            "github_incivility (MIT)": counts["github"],
            "politeness_stanford (Apache-2.0)": counts["politeness"],
        },
    }
    lines = ",\n".join(
        f"{json.dumps(feature, ensure_ascii=False)}: {json.dumps(list(weight))}"
        for feature, weight in sorted(weights.items())
    )
    head = json.dumps(provenance, indent=1)
    body = json.dumps(asdict(scale), indent=1)
    return f'{{\n"provenance": {head},\n"scale": {body},\n"weights": {{\n{lines}\n}}\n}}\n'


def main() -> None:
    """Measure, and write on demand."""
    parser = argparse.ArgumentParser(description="fit the word weights of the English reader")
    parser.add_argument("data", type=Path, help="the folder of the data sets")
    parser.add_argument("--write", action="store_true", help="write the weights into the package")
    arguments = parser.parse_args()
    lexicon = evolve(Lexicon.of(ENGLISH), weights={}, scale=Scale())
    messages = read(arguments.data)
    corpus = Corpus.of(messages, lexicon, unseen_chances(arguments.data))
    everything = np.ones(len(messages), dtype=bool)
    # Which words soothe, and so are turned by a negator, takes a first fit to know.
    first = Fitter(corpus, corpus.matrix({}))
    fitter = Fitter(corpus, corpus.matrix(fit(first, everything, SOURCES)))
    scale = measure(fitter)
    weights = fit(fitter, everything, SOURCES)
    print(f"{len(weights)} features")
    if arguments.write:
        WEIGHTS.write_text(document(weights, scale, messages), "utf-8")


if __name__ == "__main__":
    main()
