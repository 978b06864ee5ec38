"""Which kinds of cue a message shows: phrases and learned signals decide together.

A phrase that matched is one feature of the learned model among others, so both speak in one
probability. A kind is shown from the probability on that its costs chose; what shows it is quoted
from the phrase or, where there is none, from the sentence that speaks for it most. What moves a
case, a danger above all, is shown early, so that one asks; it is sure enough to act upon from a
second threshold on, and earlier where a phrase agrees. In a long text each sentence is one more
chance to be wrong, so there what no phrase found must be likelier to be shown, or, if it is a
danger, to be sure.
"""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache, cached_property
from typing import Any, Final, Self

from attrs import evolve, field, frozen

from deescalate.cues import Cue, CueKind, Span
from deescalate.languages import Language
from deescalate.reading._affect import Shown
from deescalate.reading._constructions import CueFinder
from deescalate.reading._features import ENDS
from deescalate.reading._signals import Signals, learned, logistic
from deescalate.reading._windows import Windows
from deescalate.text import Text

__all__ = ["Kinds", "chances_of", "peril_of", "shown_of"]

_TOLD: Final = 0.25
"""Log odds that a feature must add to count as one of a cue's parts; ours."""
_LEAST: Final = 0.6
"""Log odds that one feature must add before a kind without a phrase is shown: weightless words
alone ("me", "going to") never show anything; ours."""
_FEW, _MANY, _EACH = 2, 8, 2.2
"""Sentences of a text from which, and up to which, each is one more chance to be wrong, and how
much their logarithm counts; ours, chosen on the letters of authors left out of a fit."""
_FORMS: Final = (CueKind.SHOUTING, CueKind.PROFANITY)
DANGERS: Final = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)
_PERILS: Final = (*DANGERS, CueKind.VULNERABLE_HEALTH)
_HEARD: Final = math.log(0.2 / 0.8)
"""Log odds from which a danger that a phrase found is asked about. Ours: on authors left out of a
fit, from 0.05 on twice as many near misses of self-harm fire and one in a hundred more is heard."""
_LENIENT: Final = 1.2
"""Log odds by which any other phrase may fall short: people wrote it; ours. A model of few
messages, which has hardly met its phrases, says more."""
HINT: Final = 0.1
"""The chance from which a kind that may be there tells something of how upset somebody is; ours."""
_AGREED: Final = 0.0
"""Log odds from which a danger that a phrase found is sure: it is as likely as not; ours."""


@frozen(kw_only=True, slots=False, eq=False)
class Kinds:
    """The learned part of a language's reader.

    Attributes:
        signals: What words and pairs add to each kind.
        shown: The log odds from which each kind is shown, in the order of the signals' labels.
        sure: The log odds from which it is sure.
        windows: Finds the features of a message.
        lenient: Log odds by which a phrase may fall short.
    """

    signals: Signals = field(repr=False)
    shown: tuple[float, ...] = field(repr=False)
    sure: tuple[float, ...] = field(repr=False)
    windows: Windows = field(repr=False)
    lenient: float = _LENIENT

    @classmethod
    def of(cls, language: Language) -> "Kinds | None":
        """The learned part of a language; ``None`` where nothing was learnt."""
        return _of(language)

    @classmethod
    def from_text(cls, text: str, language: Language) -> Self:
        """Take it out of the file that a fit has written for a language."""
        return learned(text, lambda found: cls._made(found, language))

    @classmethod
    def _made(cls, found: Mapping[str, Any], language: Language) -> Self:
        signals, limits = Signals.from_parsed(found), found["thresholds"]
        return cls(
            signals=signals,
            shown=tuple(_log_odds(limits[label][0]) for label in signals.labels),
            sure=tuple(_log_odds(limits[label][-1]) for label in signals.labels),
            windows=Windows(signals, language, ENDS),
            lenient=float(found.get("lenient", _LENIENT)),
        )

    def decide(self, text: Text, phrases: Sequence[Cue]) -> tuple[tuple[Cue, ...], Sequence[Shown]]:
        """What a message shows.

        Args:
            text: What was newly written.
            phrases: The cues that phrases found in it.

        Returns:
            The cues in the order of the text; and each kind that may be there, how far it is shown.
        """
        signals = self.signals
        windows = self.windows.of(text, phrases)
        sums = [signals.added(window) for window in windows]
        limits = self._limits
        found = signals.reached([each + limits for each in sums])
        cues: list[Cue] = []
        chances = chances_of(len(text.sentences))
        if phrases:
            cues.extend(self._agreed(phrases, sums))
            phrased = {signals.labels.index(cue.kind) for cue in phrases}
            found = [at for at in found if at not in phrased]
        for at in found:
            cue = self._learned(text, at, windows, sums, chances)
            if cue is not None:
                cues.append(cue)
        return tuple(sorted(cues, key=_in_order)), self._shown(text, phrases, sums)

    def _shown(self, text: Text, phrases: Sequence[Cue], sums: Sequence[int]) -> Sequence[Shown]:
        if not text.cuts:
            return ()
        signals = self.signals
        chances: dict[CueKind, Shown] = {}
        for at in signals.reached([each + self._hints for each in sums]):
            units = [signals.units(each, at) for each in sums]
            most = max(units)
            span, kind = _span(text, units.index(most)), self._kinds[at]
            chances[kind] = Shown(kind, logistic(signals.odds(most, at)), span.start, span.end)
        return shown_of(phrases, chances)

    def _agreed(self, phrases: Sequence[Cue], sums: Sequence[int]) -> Iterator[Cue]:
        """The cues of phrases that are likely enough."""
        signals = self.signals
        likely: dict[CueKind, tuple[bool, float, bool]] = {}
        for kind in {cue.kind for cue in phrases}:
            at = signals.labels.index(kind)
            odds = signals.odds(max(signals.units(each, at) for each in sums), at)
            shown = odds >= self._least(kind, self.shown[at], _HEARD)
            sure = odds >= self._least(kind, self.sure[at], _AGREED)
            likely[kind] = shown, logistic(odds), sure
        for cue in phrases:
            shown, chance, sure = likely[cue.kind]
            if shown:
                yield evolve(cue, chance=chance, sure=sure, found_by="both")

    def _learned(
        self,
        text: Text,
        at: int,
        windows: Sequence[AbstractSet[int]],
        sums: Sequence[int],
        chances: float,
    ) -> Cue | None:
        """The cue of a kind that no phrase found; none where only weightless words speak for it."""
        signals, kind = self.signals, self._kinds[at]
        units = [signals.units(each, at) for each in sums]
        most = max(units)
        odds = signals.odds(most, at)
        if kind not in DANGERS and odds < self.shown[at] + chances:
            return None
        parts = signals.heard(windows[units.index(most)], at, self._told)
        if not parts or signals.step * parts[0][0] < _LEAST:
            return None
        span = _span(text, units.index(max(units[1:]), 1) if len(units) > 1 else 0)
        chance, features = logistic(odds), signals.features
        cue = Cue(
            kind=kind,
            span=span,
            quote=span.of(text.raw),
            weight=chance,
            chance=chance,
            sure=odds >= self.sure[at] + chances,
            found_by="model",
            parts=tuple([(features[number], signals.step * weight) for weight, number in parts]),
        )
        return CueFinder.of(text.language).with_carried(cue, text)

    def _least(self, kind: CueKind, limit: float, of_danger: float) -> float:
        """The log odds that a phrase needs to reach a limit; capitals and swearing always do."""
        if kind in _FORMS:
            return -math.inf
        return min(limit, of_danger) if kind in DANGERS else limit - self.lenient

    @cached_property
    def _kinds(self) -> Sequence[CueKind]:
        return [CueKind(label) for label in self.signals.labels]

    @cached_property
    def _limits(self) -> int:
        """What raises sums so that those that are shown stand out."""
        return self._raising(self.shown)

    @cached_property
    def _hints(self) -> int:
        """What raises sums so that those that may be there stand out."""
        return self._raising([_log_odds(HINT)] * len(self.shown))

    def _raising(self, odds: Sequence[float]) -> int:
        signals = self.signals
        return signals.reaching(
            math.ceil((each - base) / signals.step)
            for base, each in zip(signals.intercepts, odds, strict=True)
        )

    @cached_property
    def _told(self) -> int:
        return math.ceil(_TOLD / self.signals.step)


def shown_of(phrases: Iterable[Cue], chances: Mapping[CueKind, Shown]) -> Sequence[Shown]:
    """How far each kind is shown.

    Args:
        phrases: The cues of phrases; one shows its kind where it stands, as far as that is likely.
        chances: The kinds that may be there, how likely each is, and where.

    >>> angry = Shown(CueKind.ANGER, 0.4, 0, 30)
    >>> from deescalate.cues import Span
    >>> phrase = Cue(kind=CueKind.ANGER, span=Span(5, 12), quote="furious", weight=0.5)
    >>> shown_of([phrase], {CueKind.ANGER: angry}), shown_of([], {CueKind.ANGER: angry}) == [angry]
    ([Shown(kind=<CueKind.ANGER: 'anger'>, share=0.2, start=5, end=12)], True)
    """
    said = [cue for cue in phrases if cue.kind in chances]
    phrased = {cue.kind for cue in said}
    return [
        Shown(cue.kind, cue.weight * chances[cue.kind].share, cue.span.start, cue.span.end)
        for cue in said
    ] + [shown for kind, shown in chances.items() if kind not in phrased]


def chances_of(sentences: int) -> float:
    """The log odds that what no phrase found needs on top of its threshold in a long text.

    Args:
        sentences: How many it has.

    >>> chances_of(1), round(chances_of(6), 2)
    (0.0, 2.42)
    """
    return _EACH * math.log(min(max(sentences, _FEW), _MANY) / _FEW)


def peril_of(text: Text) -> float:
    """The log odds that a message tells of a danger to somebody, whether it is shown or not.

    Those of the likeliest of violence, self-harm and ill health; no phrase is looked for.

    Args:
        text: What was said.

    Returns:
        The log odds; minus infinity for a language in which nothing was learnt.

    >>> from deescalate.text import Text
    >>> calm, worse = Text.of("Where is my parcel?"), Text.of("He has a knife and I am scared.")
    >>> peril_of(calm) < peril_of(worse)
    True
    """
    kinds = Kinds.of(text.language)
    if kinds is None:
        return -math.inf
    signals = kinds.signals
    sums = [signals.added(window) for window in kinds.windows.of(text, ())]
    at = [signals.labels.index(kind) for kind in _PERILS if kind in signals.labels]
    return max(
        (signals.odds(signals.units(each, n), n) for n in at for each in sums), default=-math.inf
    )


def _log_odds(chance: float) -> float:
    return math.log(chance / (1.0 - chance))


def _span(text: Text, window: int) -> Span:
    """Where a window is: the whole text is the first, each sentence another."""
    tokens, first, last = text.cuts, 0, -1
    if window:
        sentence = text.sentences[window - 1]
        first, last = sentence.first, sentence.last
    return Span(tokens[first][1], tokens[last][2])


def _in_order(cue: Cue) -> tuple[int, int, str]:
    return cue.span.start, cue.span.end, cue.kind


@cache
def _of(language: Language) -> Kinds | None:
    text = language.files.get("signals.json")
    return None if text is None else Kinds.from_text(text, language)
