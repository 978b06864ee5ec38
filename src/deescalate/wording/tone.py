"""How cutting the words are, graded, beneath what any one code reports.

A linear model over words, pairs of words and turns of phrase. Its weights are fitted on public data
by ``examples/fitting/fit_tone.py``; they stand in ``data/tone.toml`` with their provenance.
"""

import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from math import exp
from typing import Any

from attrs import frozen

from deescalate.reading.patterns import Match
from deescalate.reading.tokens import Token
from deescalate.wording.draft import Draft

__all__ = ["SentenceTone", "tone_features", "tone_of"]

_SHORT = 2
_MARKS = frozenset({"punct", "emoji"})
_OTHER_KINDS = {
    "mention": "<mention>",
    "url": "<url>",
    "number": "<number>",
    "money": "<number>",
}


@frozen
class SentenceTone:
    """What the tone model sees of a sentence.

    Attributes:
        features: Folded words, pairs of words, and turns of phrase in angle brackets.
        flagged: Whether a tone code speaks against it.

    >>> SentenceTone(frozenset({"<asks>"})).flagged
    False
    """

    features: frozenset[str]
    flagged: bool = False


def tone_of(draft: Draft) -> float:
    """The tone level of a draft, 0 (nothing cutting) to 1.

    Polite words in one sentence make up for sharp ones in another, but not for a sentence that a
    tone code speaks against: such a sentence never lowers the level.

    >>> tone_of(Draft("Thank you, Anna.")) < tone_of(Draft("That is pathetic nonsense."))
    True
    """
    if not draft.tokens:
        return 0.0
    model = _shipped()
    plain: set[str] = set()
    heat = -float(model["base"])
    for sentence in tone_features(draft):
        if sentence.flagged:
            heat += max(0.0, _weight(model["weights"], sentence.features))
        else:
            plain |= sentence.features
    heat += _weight(model["weights"], plain)
    return 1.0 - exp(-max(0.0, heat) / float(model["scale"]))


def _weight(weights: Mapping[str, float], features: Iterable[str]) -> float:
    """The sum of the features' weights, in one order so that it is the same every time."""
    return sum(sorted(weights[name] for name in features if name in weights))


def tone_features(draft: Draft) -> Iterator[SentenceTone]:
    """What the model looks at, sentence by sentence.

    >>> sorted(next(tone_features(Draft("Why not?"))).features)
    ['<asks>', '<no person>', '?', 'not', 'why', 'why not']
    """
    at = 0
    phrases = sorted((*draft.phrases, *draft.slights), key=_first_token)
    for sentence in draft.sentences:
        features = _words(draft.tokens[sentence.first : sentence.last + 1])
        if sentence.asks:
            features.add("<asks>")
        labels: set[str] = set()
        while at < len(phrases) and phrases[at].first <= sentence.last:
            labels.add(phrases[at].label)
            at += 1
        features |= _turns(features)
        features.update(f"<{label}>" for label in labels)
        flagged = any(label.startswith("T") for label in labels)
        yield SentenceTone(frozenset(features), flagged)


def _first_token(match: Match) -> int:
    return match.first


def _words(tokens: Iterable[Token]) -> set[str]:
    features: set[str] = set()
    last = ""
    for token in tokens:
        word = _OTHER_KINDS.get(token.kind, token.text)
        features.add(word)
        if token.kind in _MARKS:
            word = ""
        if last and word:
            features.add(f"{last} {word}")
        if token.shouted and len(word) > _SHORT:
            features.add("<shouted>")
        if token.elongated:
            features.add("<elongated>")
        last = word
    return features


def _turns(features: set[str]) -> set[str]:
    """Whom the sentence is about, and what it says of them."""
    classes = _signs()
    you, we = bool(features & classes["you"]), bool(features & classes["we"])
    turns = {
        "<you>": you,
        "<you not>": you and bool(features & classes["not"]),
        "<you asks>": you and "<asks>" in features,
        "<you !>": you and "!" in features,
        "<you sure>": you and bool(features & classes["sure"]),
        "<you all>": you and bool(features & classes["all"]),
        "<you alone>": you and not we,
        "<no person>": not you and not we,
        "<quoted>": bool(features & classes["quotes"]),
        "<dots>": "..." in features,
    }
    return {name for name, holds in turns.items() if holds}


@cache
def _signs() -> Mapping[str, frozenset[str]]:
    return {
        name: frozenset(words) for name, words in _document("tone_signs.toml")["classes"].items()
    }


@cache
def _shipped() -> Mapping[str, Any]:
    return _document("tone.toml")


def _document(name: str) -> dict[str, Any]:
    text = files("deescalate.wording").joinpath(f"data/{name}").read_text(encoding="utf-8")
    return tomllib.loads(text)
