"""How cutting the words are, graded, beneath what any one code reports.

A linear model over words and a few turns of phrase, sentence by sentence. Its weights are fitted on
public data by ``examples/fitting/fit_tone.py``; they stand in ``data/tone.toml`` with their
provenance.
"""

import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.resources import files
from math import exp
from types import MappingProxyType

from attrs import frozen

from deescalate.reading.sentences import Sentence
from deescalate.wording.draft import Draft

__all__ = ["tone_features", "tone_of"]


@frozen
class _Weights:
    words: Mapping[str, float]
    base: float
    scale: float


def tone_of(draft: Draft) -> float:
    """The tone level of a draft, 0 (nothing cutting) to 1.

    Each sentence has a sum of weights; what passes the base is heat. The level saturates in the
    heat of all sentences together, so that another sentence never lowers it.

    >>> tone_of(Draft("Thank you, Anna.")) < tone_of(Draft("That is pathetic nonsense."))
    True
    """
    weights = _shipped()
    known = weights.words
    heat = 0.0
    for names in tone_features(draft):
        heat += max(0.0, sum(known.get(name, 0.0) for name in names) - weights.base)
    return 1.0 - exp(-heat / weights.scale)


def tone_features(draft: Draft) -> Iterator[set[str]]:
    """What the model looks at, sentence by sentence: folded words, pairs and turns of phrase.

    >>> sorted(next(tone_features(Draft("Why not?"))))
    ['<asks>', '?', 'not', 'not ?', 'why', 'why not']
    """
    at = 0
    phrases = draft.phrases
    for sentence in draft.sentences:
        names = _words(draft, sentence)
        while at < len(phrases) and phrases[at].first <= sentence.last:
            names.add(f"<{phrases[at].label}>")
            at += 1
        yield names


def _words(draft: Draft, sentence: Sentence) -> set[str]:
    names: set[str] = set()
    last = ""
    for token in draft.tokens[sentence.first : sentence.last + 1]:
        if token.kind == "mention" or token.kind == "url":
            word = f"<{token.kind}>"
        elif token.kind == "number" or token.kind == "money":
            word = "<number>"
        else:
            word = token.text
        names.add(word)
        if last:
            names.add(f"{last} {word}")
        if token.shouted and len(word) > 2:
            names.add("<shouted>")
        if token.elongated:
            names.add("<elongated>")
        last = word
    if sentence.asks:
        names.add("<asks>")
    return names


@cache
def _shipped() -> _Weights:
    text = files("deescalate.wording").joinpath("data/tone.toml").read_text(encoding="utf-8")
    document = tomllib.loads(text)
    words = {name: float(value) for name, value in document["weights"].items()}
    return _Weights(MappingProxyType(words), document["base"], document["scale"])
