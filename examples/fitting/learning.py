"""What the fits of the learned models share: rows of features, word vectors, heads, a file.

A model is one logistic head a label over the features of a text. The weight of a word is its own
and what it shares with words that keep the same company (singular vectors of the words' positive
mutual information), so that a word met once says something. All of it collapses into one weight a
feature.
"""

import base64
import json
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np
import scipy.sparse as sp
from attrs import frozen
from scipy.optimize import minimize
from scipy.sparse.linalg import svds
from scipy.stats import rankdata

VECTORS, WINDOW = 200, 4
LEAST = 4  # times that a word must occur to get a vector
RIDGE = (1.0, 1.0)  # of a feature's own weight, and of what words share
ROUNDS = 80
LONGEST = 110  # characters of a line of the file
STEP = 0.03  # log odds of one unit of weight
MOST = 27_500  # features that a file keeps: those that move the most texts the furthest


@frozen
class Vectors:
    """A vector of length 1 for each word, from the company that it keeps."""

    place: Mapping[str, int]
    rows: np.ndarray

    @classmethod
    def of(cls, texts: Iterable[Sequence[str]]) -> "Vectors":
        """Vectors of the words of many texts."""
        kept = [list(text) for text in texts]
        often = Counter(word for text in kept for word in text)
        place = {
            word: number
            for number, word in enumerate(sorted(w for w, n in often.items() if n >= LEAST))
        }
        # All texts in one row, with as many gaps between two as words are looked at.
        row = np.array([place.get(w, -1) for text in kept for w in (*text, *[""] * WINDOW)])
        size = len(place)
        together = sp.csr_matrix((size, size))
        for gap in range(1, WINDOW + 1):
            one, other = row[:-gap], row[gap:]
            both = (one >= 0) & (other >= 0)
            shares = np.full(int(both.sum()), 1.0 / gap)
            together += sp.csr_matrix((shares, (one[both], other[both])), shape=(size, size))
        together = (together + together.T).tocoo()
        seen = np.asarray(together.sum(axis=1)).ravel() + 1e-9
        flat = seen**0.75 / (seen**0.75).sum()
        together.data = np.maximum(
            np.log(together.data / (seen[together.row] * flat[together.col])) - 0.5, 0.0
        )
        most = min(VECTORS, size - 1)
        left, sizes, _ = svds(together.tocsr(), k=most, v0=np.ones(size))
        found = left * np.sqrt(sizes)
        found /= np.linalg.norm(found, axis=1, keepdims=True) + 1e-9
        return cls(place, (found - found.mean(axis=0)).astype(np.float32))


@frozen
class Fitted:
    """Weights of the features for each label, as they came out of a fit."""

    features: tuple[str, ...]
    weights: np.ndarray
    intercepts: np.ndarray
    often: np.ndarray

    def log_odds(self, texts: Sequence[Iterable[str]]) -> np.ndarray:
        """A row a text, a column a label."""
        place = {feature: number for number, feature in enumerate(self.features)}
        return np.asarray(matrix(texts, place) @ self.weights + self.intercepts)


def matrix(texts: Sequence[Iterable[str]], place: Mapping[str, int]) -> sp.csr_matrix:
    """A row a text, a column a feature: 1 where it is there."""
    found = [sorted({place[f] for f in text if f in place}) for text in texts]
    indptr = np.cumsum([0, *map(len, found)])
    indices = np.fromiter((i for row in found for i in row), dtype=np.int32, count=indptr[-1])
    ones = np.ones(len(indices), dtype=np.float32)
    return sp.csr_matrix((ones, indices, indptr), shape=(len(texts), len(place)))


def fit(
    texts: Sequence[Iterable[str]],
    there: np.ndarray,
    counts: np.ndarray,
    vectors: Vectors,
    *,
    least: int = 2,
    rounds: int = ROUNDS,
    ridge: tuple[float, float] = RIDGE,
) -> Fitted:
    """Fit one head a label.

    Args:
        texts: The features of each text.
        there: 1 where a text (row) has a label (column), else 0.
        counts: How much each of these counts.
        vectors: Of words.
        least: In how many texts a feature must be to get a weight of its own.
        rounds: Of the search for the weights; many labels take more.
        ridge: How much a feature's own weight is held back, and what words share.
    """
    rows = [set(text) for text in texts]
    often = Counter(feature for row in rows for feature in row)
    own = sorted(feature for feature, times in often.items() if times >= least)
    place = {feature: number for number, feature in enumerate(own)}
    shares = {
        word: math.log(len(rows) / max(often.get(word, 1), 1)) / 6.0 for word in vectors.place
    }
    scaled = vectors.rows * np.array([[shares[word]] for word in vectors.place], dtype=np.float32)
    direct = matrix(rows, place)
    alike = np.asarray(matrix(rows, vectors.place) @ scaled, dtype=np.float32)
    scale = 3.0 / math.sqrt((alike**2).sum(axis=1).mean())
    alike *= scale
    weights, shared, intercepts = _solve(
        direct, alike, there.astype(np.float32), counts.astype(np.float32), rounds, ridge
    )
    of_words = scaled @ shared * scale
    total = dict(zip(own, weights, strict=True))
    for word, number in vectors.place.items():
        total[word] = total[word] + of_words[number] if word in total else of_words[number]
    names = tuple(sorted(total))
    return Fitted(
        names,
        np.array([total[name] for name in names]),
        intercepts,
        np.array([often.get(name, 0) + 1 for name in names]),
    )


def _solve(
    direct: sp.csr_matrix,
    alike: np.ndarray,
    there: np.ndarray,
    counts: np.ndarray,
    rounds: int,
    ridge: tuple[float, float],
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    own, common = ridge
    features, labels, size = direct.shape[1], there.shape[1], alike.shape[1]
    turned = direct.T.tocsr()
    ends = (features * labels, (features + size) * labels)
    positives = (there * counts).sum(axis=0)
    start = np.log(np.maximum(positives, 0.5) / ((1 - there) * counts).sum(axis=0))

    def parts(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        flat = flat.astype(np.float32)
        return (
            flat[: ends[0]].reshape(features, labels),
            flat[ends[0] : ends[1]].reshape(size, labels),
            flat[ends[1] :],
        )

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights, shared, intercepts = parts(flat)
        odds = direct @ weights + alike @ shared + intercepts
        small = np.exp(-np.abs(odds))
        lost = np.log1p(small) + np.maximum(odds, 0) - there * odds
        found = float((counts * lost).sum(dtype=np.float64))
        found += 0.5 * own * float((weights**2).sum(dtype=np.float64))
        found += 0.5 * common * float((shared**2).sum(dtype=np.float64))
        error = counts * (np.where(odds >= 0, 1.0, small) / (1.0 + small) - there)
        slopes = (turned @ error + own * weights, alike.T @ error + common * shared)
        return found, np.concatenate(
            [slopes[0].ravel(), slopes[1].ravel(), error.sum(axis=0)]
        ).astype(np.float64)

    flat = np.concatenate([np.zeros(ends[1]), start])
    options = {"maxiter": rounds, "maxcor": 6}
    return parts(minimize(loss, flat, jac=True, method="L-BFGS-B", options=options).x)


def calibrated(odds: np.ndarray, there: np.ndarray) -> tuple[float, float]:
    """Slope and shift that make log odds of texts left out those of the shares that were there."""

    def loss(pair: np.ndarray) -> float:
        moved = pair[0] * odds + pair[1]
        return float((np.logaddexp(0, moved) - there * moved).sum())

    slope, shift = minimize(loss, np.array([1.0, 0.0]), method="Nelder-Mead").x
    return max(float(slope), 0.05), float(shift)


def auc(odds: np.ndarray, there: np.ndarray) -> float:
    """The chance that one that is there scores above one that is not."""
    many = int(there.sum())
    if not 0 < many < len(there):
        return math.nan
    ranks = rankdata(odds)[there > 0].sum()
    return float((ranks - many * (many + 1) / 2) / (many * (len(there) - many)))


def written(
    fitted: Fitted, labels: Sequence[str], extra: Mapping[str, object], *, most: int = MOST
) -> str:
    """The file of a model, as `deescalate.reading.Signals` takes it."""
    units = np.clip(np.rint(fitted.weights / STEP), -127, 127).astype(int)
    moves = np.abs(units).max(axis=1) * np.sqrt(fitted.often)
    kept = sorted(np.argsort(-moves, kind="stable")[:most])
    packed = base64.b64encode((units[kept] + 128).astype(np.uint8).tobytes()).decode()
    document = {
        **extra,
        "labels": list(labels),
        "intercepts": [round(float(each), 4) for each in fitted.intercepts],
        "step": STEP,
        "features": _lines([fitted.features[i] for i in kept]),
        "weights": [packed[i : i + 100] for i in range(0, len(packed), 100)],
    }
    return json.dumps(document, indent=0, ensure_ascii=False) + "\n"


def _lines(texts: Sequence[str]) -> list[str]:
    """Texts joined to lines of JSON that are not long."""
    lines: list[str] = []
    for text in texts:
        joined = f"{lines[-1]}\n{text}" if lines else text
        if lines and len(json.dumps(joined, ensure_ascii=False)) <= LONGEST:
            lines[-1] = joined
        else:
            lines.append(text)
    return lines
