"""Readers of customers' messages: a language's own, any classifier's scores, blends of readers."""

import math
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final, Self, TypeVar

from attrs import field, frozen

from deescalate.cues import Cue, CueReader, Evidence, Reading
from deescalate.emotion import Affect, Measurement, Observation, distress_of
from deescalate.errors import SettingError, nearest_name, quoted
from deescalate.languages import ENGLISH, Language
from deescalate.reading._affect import ShownAffect, affect_of
from deescalate.reading._constructions import CueFinder
from deescalate.reading._direction import Directions
from deescalate.reading._kinds import Kinds
from deescalate.reading._labels import GOEMOTIONS, POLARITY
from deescalate.reading._lexicon import Lexicon
from deescalate.text import LONGEST, Text

__all__ = ["EnglishReader", "LanguageReader", "ScoreReader", "blend"]

_Placed = TypeVar("_Placed", Cue, Evidence)
UNDERSTOOD: Final = 0.4
"""The share of a message's words that the language has to know for the message to be read. Ours:
of messages in ten other languages none reaches it, of 11,470 in English 99 in a hundred do."""
_FURTHEST: Final = 0.95
_FURTHEST_STRETCH: Final = 10.0


@frozen
class LanguageReader:
    """Reads the messages of one language: word weights for the affect, constructions for cues.

    Making one costs nothing; the first message loads the language.

    Attributes:
        language: The language.
        longest: Characters of a message that are read at most, 1 or more; ``unread`` of the reading
            tells how many more there were. A `Text` is read as far as it was taken.

    >>> from deescalate.languages import Language
    >>> reader = LanguageReader(Language.load("english"))
    >>> reader.read("Still no answer. Useless!").distress > 0.5
    True
    """

    language: Language = ENGLISH
    longest: int = LONGEST

    def read(self, text: str | Text) -> Reading:
        """Read one message.

        Only what was newly written is read, not quoted mail, signatures or logs. Of a message that
        the language does not know nothing is told but its cues: its precision is 0.

        Args:
            text: Any text.

        Returns:
            What it shows: a function of the text alone, in time linear in its length.

        Raises:
            DocumentError: On the first message, with every problem of a file of the language.
            SettingError: ``longest`` is no whole number from 1 on.
        """
        lexicon, finder, kinds, directions = _parts(self.language)
        own = Text.of(text, self.language, longest=self.longest).own
        phrases = finder.find(own)
        read = own.understood >= UNDERSTOOD
        cues, shown = kinds.decide(own, phrases) if read and kinds else (phrases, None)
        affect = affect_of(own.cuts, lexicon, phrases, shown) if read else ShownAffect()
        cues = directions.told(own, cues) if read and directions else cues
        return Reading(
            affect=affect.observation,
            distress=affect.distress,
            cues=cues,
            evidence=affect.evidence,
            understood=own.understood,
            unread=own.unread,
        )


@cache
def _parts(language: Language) -> tuple[Lexicon, CueFinder, Kinds | None, Directions | None]:
    finder, kinds = CueFinder.of(language), Kinds.of(language)
    return Lexicon.of(language), finder, kinds, Directions.of(language)


@frozen
class EnglishReader:
    """Reads English messages: a `LanguageReader` of the shipped English.

    >>> reading = EnglishReader().read("Third time I call, and still no refund!")
    >>> reading.distress > 0.4, [cue.count for cue in reading.cues if cue.count]
    (True, [3.0])
    """

    def read(self, text: str | Text) -> Reading:
        """Read one message.

        Only what was newly written is read, not quoted mail, signatures or logs. Of a message that
        the language does not know nothing is told but its cues: its precision is 0.

        Args:
            text: Any text.

        Returns:
            What it shows: a function of the text alone, in time linear in its length.

        >>> EnglishReader().read("").affect.pleasure.precision
        0.0
        """
        return _ENGLISH.read(text)


_ENGLISH: Final = LanguageReader(ENGLISH)


def _places(_: object, __: object, value: Mapping[str, Affect]) -> None:
    for label, place in value.items():
        for name in ("pleasure", "arousal", "dominance"):
            if not -1.0 <= getattr(place, name) <= 1.0:
                raise SettingError(
                    f"labels.{label}.{name}", getattr(place, name), "a number from -1 to 1"
                )


def _precision(_: object, __: object, value: float) -> None:
    if not 0.0 <= value <= 1e6:
        raise SettingError("precision", value, "a number from 0 to 1e+06")


def _stretch(_: object, __: object, value: float) -> None:
    if not 0.0 < value <= _FURTHEST_STRETCH:
        raise SettingError("stretch", value, f"a number above 0, up to {_FURTHEST_STRETCH:g}")


@frozen(kw_only=True)
class ScoreReader:
    """Reads with any classifier that gives a score for each label.

    The place that is observed is the mean of the labels' places, weighted by the scores. It finds
    no cues: `blend` it with a reader that does.

    Attributes:
        classify: From a text to the score of each label, usually 0 to 1; a label that is left out
            has the score 0.
        labels: Where each label lies, each coordinate on the shown scale of -1 to 1. Ready ones are
            `GOEMOTIONS` and `POLARITY` in `deescalate.reading`.
        precision: How precisely the classifier shows pleasure (inverse variance, latent), 0 or
            more; measure it on messages of yours. Arousal gets half of it, dominance a quarter.
        stretch: How many times what is felt exceeds what the scores amount to, above 0 and up to
            10: one over the slope of the readings on people's ratings, both latent. A classifier
            that hedges needs more than 1. What the message reads, its ``distress``, is as scored.

    Raises:
        SettingError: If a place, the precision or the stretch is out of bounds; on reading, if the
            classifier gives an unknown label or a score that is not a finite number.

    >>> def classify(text: str) -> dict[str, float]:
    ...     return {"anger": 0.9, "neutral": 0.1} if "refund" in text else {"neutral": 1.0}
    >>> reader = ScoreReader(classify=classify, labels=GOEMOTIONS, precision=4.0)
    >>> reader.read("refund me").distress > 0.6 > reader.read("hello").distress
    True
    """

    classify: Callable[[str], Mapping[str, float]]
    labels: Mapping[str, Affect] = field(default=GOEMOTIONS, validator=_places)
    precision: float = field(validator=_precision)
    stretch: float = field(default=1.0, validator=_stretch)

    @classmethod
    def from_compound(
        cls, compound: Callable[[str], float], *, precision: float, stretch: float = 1.0
    ) -> Self:
        """Adapt one score from -1 (bad) to 1 (good), such as VADER's compound.

        Args:
            compound: From a text to its score.
            precision: As above.
            stretch: As above.

        Returns:
            The reader.

        >>> ScoreReader.from_compound(lambda text: -0.8, precision=1.0).read("bad").distress > 0.5
        True
        """
        return cls(
            classify=lambda text: {"compound": compound(text)},
            labels=POLARITY,
            precision=precision,
            stretch=stretch,
        )

    def read(self, text: str) -> Reading:
        """Read one message; as much a function of the text alone as the classifier is."""
        scores = self.classify(text)
        for label, score in scores.items():
            self._check(label, score)
        total = sum(abs(score) for score in scores.values())
        if not total:
            return Reading(distress=distress_of(0.0, 0.0))
        share = 1.0 / max(total, 1.0)
        shown = {
            name: share
            * sum(getattr(self.labels[label], name) * score for label, score in scores.items())
            for name in ("pleasure", "arousal", "dominance")
        }
        seen = {
            name: math.atanh(min(max(each, -_FURTHEST), _FURTHEST)) for name, each in shown.items()
        }
        return Reading(
            affect=Observation(
                pleasure=Measurement(self.stretch * seen["pleasure"], self.precision),
                arousal=Measurement(self.stretch * seen["arousal"], self.precision / 2.0),
                dominance=Measurement(self.stretch * seen["dominance"], self.precision / 4.0),
            ),
            distress=distress_of(seen["pleasure"], seen["arousal"]),
        )

    def _check(self, label: str, score: object) -> None:
        if label not in self.labels:
            near = nearest_name(label, self.labels)
            hint = f"; did you mean {quoted(near)}?" if near else ""
            raise SettingError("label", label, "one of " + ", ".join(self.labels) + hint)
        if not isinstance(score, (int, float)) or not math.isfinite(score):
            raise SettingError(f"score of {label}", score, "a finite number")


@frozen
class _Blend:
    readers: tuple[CueReader, ...]
    shares: tuple[float, ...]

    def read(self, text: str) -> Reading:
        readings = [reader.read(text) for reader in self.readers]

        def fused(name: str) -> Measurement:
            seen: list[Measurement] = [getattr(reading.affect, name) for reading in readings]
            weights = [
                share * each.precision for share, each in zip(self.shares, seen, strict=True)
            ]
            precision = sum(weights)
            if not precision:
                return Measurement()
            value = sum(w * each.value for w, each in zip(weights, seen, strict=True)) / precision
            return Measurement(value, precision)

        return Reading(
            affect=Observation(
                pleasure=fused("pleasure"), arousal=fused("arousal"), dominance=fused("dominance")
            ),
            distress=self._distress(readings),
            cues=_merged([cue for reading in readings for cue in reading.cues]),
            evidence=_merged([part for reading in readings for part in reading.evidence]),
            understood=min(reading.understood for reading in readings),
            unread=max(reading.unread for reading in readings),
        )

    def _distress(self, readings: Sequence[Reading]) -> float:
        weights = [
            share * each.affect.pleasure.precision
            for share, each in zip(self.shares, readings, strict=True)
        ]
        if not any(weights):
            return distress_of(0.0, 0.0)
        parts = zip(weights, readings, strict=True)
        return sum(weight * each.distress for weight, each in parts) / sum(weights)


def _merged(parts: Sequence[_Placed]) -> tuple[_Placed, ...]:
    """Each once, in the order of the text."""
    return tuple(sorted(dict.fromkeys(parts), key=lambda part: (part.span.start, part.span.end)))


def blend(*readers: CueReader, shares: Sequence[float] | None = None) -> CueReader:
    """Join readers of the same messages into one.

    They read the same words, so they do not count as independent witnesses: precisions are
    averaged, not added (covariance intersection), and a reader blended with itself is itself. So is
    their distress, each at its share and its precision of pleasure.
    A coordinate that one reader does not see is left to the others, at their share.

    Args:
        readers: One or more.
        shares: How much each counts, above 0; equal shares if not given. Only ratios matter.

    Returns:
        A reader whose cues and evidence are those of all, each once, in the order of the text.

    Raises:
        SettingError: If there is no reader, or the shares do not fit.

    >>> both = blend(EnglishReader(), ScoreReader.from_compound(lambda text: -1.0, precision=4.0))
    >>> both.read("hello").distress > EnglishReader().read("hello").distress
    True
    """
    if not readers:
        raise SettingError("readers", readers, "one reader or more")
    given = tuple(shares) if shares is not None else (1.0,) * len(readers)
    if len(given) != len(readers) or not all(0.0 < each < math.inf for each in given):
        raise SettingError("shares", given, f"{len(readers)} numbers above 0")
    total = sum(given)
    return _Blend(readers, tuple(each / total for each in given))
