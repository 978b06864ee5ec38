"""Which kinds of cue a message shows: phrases and learned signals decide together.

A phrase that matched is one feature of the learned model among others, so both speak in one
probability. A kind is shown from the probability on that its costs chose; what shows it is quoted
from the phrase or, where there is none, from the sentence that speaks for it most. A danger is
shown early, so that one asks; it is sure enough to act upon where phrases and model agree, or from
a second threshold on.
"""

import json
import math
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import Final, Self

from attrs import evolve, field, frozen

from deescalate.cues import Cue, CueKind, Span
from deescalate.languages import Language
from deescalate.reading._features import features_of
from deescalate.reading._signals import Signals, logistic
from deescalate.reading.constructions import CueFinder
from deescalate.text import Text

__all__ = ["Kinds", "windows_of"]

_Places = Mapping[str, tuple[int, int]]
_TOLD: Final = 0.25
"""Log odds that a feature must add to count as one of a cue's parts; ours."""
_LEAST: Final = 0.6
"""Log odds that one feature must add before a kind without a phrase is shown: weightless words
alone ("me", "going to") never show anything; ours."""
_FORMS: Final = (CueKind.SHOUTING, CueKind.PROFANITY)
DANGERS: Final = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)
_HEARD: Final = math.log(0.05 / 0.95)
"""Log odds from which a danger that a phrase found is asked about; ours."""
_LENIENT: Final = 0.7
"""Log odds by which any other phrase may fall short: people wrote it; ours."""
_AGREED: Final = math.log(0.3 / 0.7)
"""Log odds from which a danger that a phrase found is sure. Ours: of 14,404 complaints and requests
5 reach it, none of them a danger."""


@frozen(kw_only=True)
class Kinds:
    """The learned part of a language's reader.

    Attributes:
        signals: What words and pairs add to each kind.
        shown: The log odds from which each kind is shown, in the order of the signals' labels.
        sure: The log odds from which it is sure.
    """

    signals: Signals = field(repr=False)
    shown: tuple[float, ...] = field(repr=False)
    sure: tuple[float, ...] = field(repr=False)

    @classmethod
    def of(cls, language: Language) -> "Kinds | None":
        """The learned part of a language; ``None`` where nothing was learnt."""
        return _of(language)

    @classmethod
    def from_text(cls, text: str) -> Self:
        """Take it out of the file that a fit has written."""
        signals = Signals.from_text(text)
        limits: dict[str, list[float]] = json.loads(text)["thresholds"]
        return cls(
            signals=signals,
            shown=tuple(_log_odds(limits[label][0]) for label in signals.labels),
            sure=tuple(_log_odds(limits[label][-1]) for label in signals.labels),
        )

    def decide(self, text: Text, phrases: Sequence[Cue]) -> tuple[Cue, ...]:
        """What a message shows.

        Args:
            text: What was newly written.
            phrases: The cues that phrases found in it.

        Returns:
            The cues in the order of the text.
        """
        windows = windows_of(text, phrases)
        scored = [self.signals.log_odds(window) for window in windows]
        highest = scored[0] if len(scored) == 1 else tuple(map(max, zip(*scored, strict=True)))
        phrased = {cue.kind.value for cue in phrases}
        told = zip(self.signals.labels, highest, self.shown, self.sure, strict=True)
        shown = {
            kind: (each, each >= sure)
            for kind, each, least, sure in told
            if each >= (_least(kind, least) if kind in phrased else least)
        }
        cues: list[Cue] = []
        by_phrase: set[str] = set()
        for cue in phrases:
            if cue.kind.value in shown:
                by_phrase.add(cue.kind.value)
                each, sure = shown[cue.kind.value]
                sure = sure or each >= _AGREED or cue.kind not in DANGERS
                cues.append(evolve(cue, chance=logistic(each), sure=sure, found_by="both"))
        for at, (kind, highest_here) in enumerate(zip(self.signals.labels, highest, strict=True)):
            if kind in shown and kind not in by_phrase:
                odds, sure = shown[kind]
                window = windows[[each[at] for each in scored].index(highest_here)]
                cues.extend(self._learned(text, CueKind(kind), window, odds, sure=sure))
        return tuple(sorted(cues, key=_in_order))

    def _learned(
        self, text: Text, kind: CueKind, window: _Places, odds: float, *, sure: bool
    ) -> Iterator[Cue]:
        parts = sorted(self.signals.parts(window, kind).items(), key=_largest)
        if not parts or parts[0][1] < _LEAST:
            return
        span = _telling(text, *window[parts[0][0]])
        cue = Cue(
            kind=kind,
            span=span,
            quote=span.of(text.raw),
            weight=logistic(odds),
            chance=logistic(odds),
            sure=sure,
            found_by="model",
            parts=tuple(part for part in parts if part[1] >= _TOLD),
        )
        yield CueFinder.of(text.language).with_carried(cue, text)


def windows_of(text: Text, phrases: Sequence[Cue]) -> list[_Places]:
    """The features of the whole text and of each of its sentences.

    What one sentence says counts as if it stood alone, so that nothing around it waters it down.

    Args:
        text: What was newly written.
        phrases: The cues that phrases found in it.
    """
    tokens, language = text.tokens, text.language
    windows: list[_Places] = [features_of(tokens, language, {cue.kind.value for cue in phrases})]
    sentences = text.sentences
    if len(sentences) > 1:
        starts = [cue.span.start for cue in phrases]
        for sentence in sentences:
            inside = tokens[sentence.first : sentence.last + 1]
            first, last = inside[0].start, inside[-1].end
            here = phrases[bisect_left(starts, first) : bisect_left(starts, last)]
            windows.append(
                features_of(inside, language, {c.kind.value for c in here}, at=sentence.first)
            )
    return windows


def _telling(text: Text, first: int, last: int) -> Span:
    """The sentence around the words that say most."""
    tokens = text.tokens
    if (first, last) == (0, len(tokens) - 1):
        return Span(tokens[0].start, tokens[-1].end)
    while first > 0 and not _ends(text, first - 1):
        first -= 1
    while last < len(tokens) - 1 and not _ends(text, last):
        last += 1
    return Span(tokens[first].start, tokens[last].end)


def _ends(text: Text, at: int) -> bool:
    """Whether a sentence ends at a token."""
    token = text.tokens[at]
    if token.kind == "punct" and token.text[0] in ".!?":
        return True
    return text.raw.find("\n", token.end, text.tokens[at + 1].start) >= 0


def _least(kind: str, least: float) -> float:
    """The log odds from which a phrase that was found is shown; capitals and swearing always."""
    if kind in _FORMS:
        return -math.inf
    return min(least, _HEARD) if kind in DANGERS else least - _LENIENT


def _log_odds(chance: float) -> float:
    return math.log(chance / (1.0 - chance))


def _largest(part: tuple[str, float]) -> tuple[float, str]:
    return -part[1], part[0]


def _in_order(cue: Cue) -> tuple[int, int, str]:
    return cue.span.start, cue.span.end, cue.kind


@cache
def _of(language: Language) -> Kinds | None:
    text = language.files.get("signals.json")
    return None if text is None else Kinds.from_text(text)
