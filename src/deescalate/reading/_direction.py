"""Who does what a cue tells of, to whom, and when: of the kinds that move a case.

Small additive heads, learnt from messages whose authors said so, over the words of the sentence
that shows the cue and of those beside it; each word counts for every kind, for the family of the
kind, and for the kind itself.
A head that is not sure enough says nothing.
"""

import math
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Any, Final, Self

from attrs import evolve, frozen

from deescalate.cues import Cue, CueKind
from deescalate.languages import Language
from deescalate.reading._features import ENDS, features_of
from deescalate.reading._signals import Signals, learned
from deescalate.text import Cut, Text, Token

__all__ = ["DIRECTED", "Directions", "beside", "direction_features"]

DIRECTED: Final = frozenset(
    kind for kind in CueKind if kind.startswith(("threat_", "vulnerable_", "asks_"))
)
"""The kinds that have a direction."""


def direction_features(kind: str, tokens: Sequence[Cut], language: Language | str) -> Iterator[str]:
    """The features that tell the direction of a cue.

    Args:
        kind: Its kind.
        tokens: Those of the sentence that shows it and of those beside it.
        language: Its language.
    """
    family = kind.partition("_")[0]
    yield from (f"<{kind}>", f"<{family}>")
    for feature in features_of(tokens, language, ends=ENDS):
        yield feature
        if " " not in feature:
            yield f"<{family}> {feature}"
            yield f"<{kind}> {feature}"


@frozen(kw_only=True)
class Directions:
    """The learned directions of a language.

    Attributes:
        signals: The heads: ``by``, ``against`` and ``when``, a label an answer (``by customer``),
            and ``told yes``.
        least: The log odds from which each head says something of a kind.
    """

    signals: Signals
    least: Mapping[str, Mapping[str, float]]

    @classmethod
    def of(cls, language: Language) -> "Directions | None":
        """What was learnt for a language; ``None`` where nothing was."""
        return _of(language)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Take it out of the file that a fit has written for a language."""
        return learned(text, cls._made)

    @classmethod
    def _made(cls, found: Mapping[str, Any]) -> Self:
        signals = Signals.from_parsed(found)
        heads = {head for head, _ in map(str.split, signals.labels)}
        least = {h: {str(k): float(found["least"][h][k]) for k in DIRECTED} for h in heads}
        return cls(signals=signals, least=least)

    def told(self, text: Text, cues: Sequence[Cue]) -> tuple[Cue, ...]:
        """The cues, those of kinds that move a case with their direction.

        Args:
            text: What was newly written.
            cues: What was found in it.

        Returns:
            The cues in the same order. One that only tells of something past, of others or of
            things is not sure.
        """
        if DIRECTED.isdisjoint([cue.kind for cue in cues]):
            return tuple(cues)
        starts = [text.cuts[each.first][1] for each in text.sentences]
        known: dict[tuple[int, CueKind], Mapping[str, Any]] = {}
        found: list[Cue] = []
        for cue in cues:
            if cue.kind in DIRECTED:
                at = max(bisect_right(starts, cue.span.start) - 1, 0)
                if (at, cue.kind) not in known:
                    known[at, cue.kind] = self._of_sentence(text, at, cue.kind)
                direction = known[at, cue.kind]
                sure = cue.sure and not direction["told"]
                found.append(evolve(cue, sure=sure, **direction))
            else:
                found.append(cue)
        return tuple(found)

    def _of_sentence(self, text: Text, at: int, kind: CueKind) -> Mapping[str, Any]:
        """What each head says of a kind in a sentence: the answer with the most log odds."""
        signals = self.signals
        odds = signals.log_odds(direction_features(kind, beside(text, at), text.language))
        best: dict[str, tuple[float, str]] = {}
        for label, each in zip(signals.labels, odds, strict=True):
            head, answer = label.split()
            best[head] = max(best.get(head, (-math.inf, "")), (each, answer))
        said = {
            head: answer if each >= self.least[head][kind] else None
            for head, (each, answer) in best.items()
        }
        return {**said, "told": said["told"] is not None}


def beside(text: Text, at: int) -> Sequence[Token]:
    """The tokens of a sentence and of those beside it.

    Args:
        text: The text.
        at: The number of the sentence.
    """
    near = text.sentences[max(at - 1, 0) : at + 2]
    return text.tokens[near[0].first : near[-1].last + 1]


@cache
def _of(language: Language) -> Directions | None:
    text = language.files.get("directions.json")
    return None if text is None else Directions.from_text(text)
