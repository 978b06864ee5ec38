"""How cutting the words are, graded, beneath what any one code reports.

A linear model over words, pairs of words and turns of phrase. Its weights are fitted on public data
by ``examples/fitting/fit_tone.py``; they stand in the language's ``tone.toml`` with their
provenance.
"""

from collections.abc import Iterable, Mapping
from math import exp

from deescalate.wording.draft import Draft
from deescalate.wording.turns import tone_features

__all__ = ["tone_of"]


def tone_of(draft: Draft) -> float:
    """The tone level of a draft, 0 (nothing cutting) to 1.

    Polite words in one sentence make up for sharp ones in another, but not for a sentence that a
    tone code speaks against: such a sentence never lowers the level. It is 0 in a language that has
    no weights.

    >>> tone_of(Draft("Thanks! The parcel is at the depot."))
    0.0
    >>> tone_of(Draft("You clearly did not read it.")) > 0.5
    True
    """
    if not draft.tokens:
        return 0.0
    model = draft.language.settings("tone")
    if not model:
        return 0.0
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
