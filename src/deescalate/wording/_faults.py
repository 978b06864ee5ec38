"""Faults heard in other words than phrases know: learned over sentences and over the whole.

A fault is told by what the whole draft adds to its log odds and what its worst sentence adds; a
fault that is something missing by the whole alone. ``examples/fitting/fit_faults.py`` fits the
weights on replies written for this project and prints how well they do on other authors.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from functools import cache
from itertools import combinations
from math import log
from types import MappingProxyType
from typing import Any, Final

from attrs import field, frozen

from deescalate.cues import Span
from deescalate.languages import Language
from deescalate.reading import Signals, logistic
from deescalate.reading._signals import learned
from deescalate.reading._windows import Windows
from deescalate.wording._draft import Draft, Hit
from deescalate.wording._heard import (
    Answered,
    form_of,
    parts_around,
)

__all__ = ["CODES_OF_FAULTS", "WHOLE", "HeardFaults", "hear"]

CODES_OF_FAULTS: Final = MappingProxyType(
    {
        "arguing": "T106",
        "blaming": "T105",
        "calm_down": "T108",
        "cheerful": "T117",
        "commands": "T113",
        "condescending": "T101",
        "conditional_apology": "A202",
        "curt": "T118",
        "defensive": "T104",
        "dismissive": "T102",
        "doubts_honesty": "T120",
        "excuse": "A207",
        "ignores_request": "O308",
        "impatient": "T115",
        "missing_apology": "A201",
        "negative_phrasing": "T107",
        "no_next_step": "P404",
        "over_promise": "P402",
        "personal": "T110",
        "policy_wall": "C604",
        "premature_solution": "O301",
        "repeats_apology": "A206",
        "robotic": "C605",
        "sarcastic": "T103",
        "unsafe": "S805",
        "vague_promise": "P405",
    }
)
WHOLE: Final = frozenset(
    {"bad", "missing_apology", "no_next_step", "ignores_request", "repeats_apology"}
)
"""Faults that the whole draft alone tells; ``bad`` is any."""
_MISSING: Final = frozenset({"missing_apology", "no_next_step", "ignores_request"})
_BESIDE: Final = frozenset(
    {
        "cheerful",
        "curt",
        "ignores_request",
        "missing_apology",
        "no_next_step",
        "premature_solution",
        "unsafe",
    }
)
"""Faults that are only told beside what the customer said and how they are."""
_MORE: Final = 1.2
"""Log odds more that it takes where nothing is known of the customer: a text may then be no reply
at all. Ours; chosen on polite requests that are not in the fit."""
_MOST: Final = 2**12
"""Sets of features whose sums are remembered."""
_WARY: Final = 3.0
"""Log odds fewer that it takes where their words may tell of a danger and nothing is said of
safety. Ours; chosen on authors left out."""
_FEW: Final = 6
_FEWER: Final = 4
"""Spoilt sentences of a short draft, and of one in which every choice of them is tried; ours."""


def _log_odds(chance: float) -> float:
    return log(chance / (1.0 - chance))


@frozen
class _Belief:
    """How log odds become a probability, and the log odds from which it is likely and sure."""

    slope: float
    shift: float
    likely: float = field(converter=_log_odds)
    sure: float = field(converter=_log_odds)

    def moved(self, odds: float) -> float:
        """Log odds as they hold on other authors."""
        return self.slope * odds + self.shift

    def tells(self, odds: float, *, doubted: bool, known: bool) -> bool:
        """Whether a fault is told: a sure or a doubted one, alone only where it is both."""
        if known:
            return odds >= (self.likely if doubted else self.sure)
        return doubted and odds >= self.sure


@frozen
class HeardFaults:
    """What is heard in a draft.

    Attributes:
        bad: How bad the draft is as a whole, 0 to 1: one half is what few good replies reach.
        hits: The faults, each once, where they are worst.
        worst: The sentence that adds most to it.
    """

    bad: float = 0.0
    hits: tuple[Hit, ...] = ()
    worst: Span | None = None


@frozen
class _Model:
    """The weights, and how far each fault is believed: beside what is answered, and alone."""

    signals: Signals
    windows: Windows
    beside: Mapping[str, _Belief]
    alone: Mapping[str, _Belief]
    _sums: dict[frozenset[str], int] = field(factory=dict[frozenset[str], int], init=False)

    def numbered(self, draft: Draft) -> list[set[int]]:
        """The features of each sentence, by number."""
        found: list[set[int]] = []
        tokens, places = draft.tokens, self.signals.places.get
        for sentence, labels, said in zip(
            draft.sentences, draft.labels_by_sentence, draft.cut.said, strict=True
        ):
            here = self.windows.alone(tokens[sentence.first : sentence.last + 1])
            form = form_of(len(said), asks=sentence.asks)
            for name in (*form, *[f"<{label}>" for label in labels]):
                if (place := places(name)) is not None:
                    here.add(place)
            found.append(here)
        return found

    def added(self, features: frozenset[str]) -> int:
        """What features that are often together add, as `Signals.added` gives it."""
        total = self._sums.get(features)
        if total is None:
            if len(self._sums) >= _MOST:
                self._sums.clear()
            total = self._sums[features] = self.signals.added(self.signals.numbers(features))
        return total


@cache
def _model(language: Language) -> _Model | None:
    text = language.files.get("faults.json")
    if text is None:
        return None
    return learned(text, lambda found: _made(found, language))


def _made(found: Mapping[str, Any], language: Language) -> _Model:
    signals = Signals.from_parsed(found)
    beside, alone = (
        {name: _Belief(*found[key][name]) for name in signals.labels}
        for key in ("settings", "alone")
    )
    return _Model(signals, Windows(signals, language), beside, alone)


def hear(draft: Draft, answered: Answered) -> HeardFaults:
    """Find what is heard in a draft.

    Where the customer's state is known, a fault is told that is sure, or likely in a draft that is
    doubtful as a whole; where it is not, one that is sure in a doubtful draft. A sentence that
    shows a fault never makes up for another: the draft is as bad as it is with all its sentences,
    or as without those, whichever is worse. So a fault that is told, added to a draft without one,
    never makes it less bad.

    >>> sharp = hear(Draft("Well, you should have read the terms, shouldn't you."), Answered())
    >>> kind = hear(Draft("I have asked for a new one, it is with you by noon."), Answered())
    >>> sharp.bad > kind.bad
    True
    """
    model = _model(draft.language)
    if model is None or not draft.sentences:
        return HeardFaults()
    signals = model.signals
    known = answered.known
    answered, beliefs = (answered, model.beside) if known else (Answered(), model.alone)
    numbered, by_customer = model.numbered(draft), signals.added(signals.numbers(answered.told))
    columns = [*zip(*(signals.all_units(signals.added(each)) for each in numbered), strict=True)]

    def listened(numbers: Collection[int], told: AbstractSet[int]) -> list[tuple[float, int]]:
        """How likely each fault is in some sentences, and in which of them it is worst."""

        def without(left_out: Collection[int]) -> list[float]:
            kept = [number for number in numbers if number not in left_out]
            around = sum(map(model.added, parts_around(draft, kept, answered)), by_customer)
            inside = signals.added(set[int]().union(*[numbered[number] for number in kept]))
            return signals.all_odds(around + inside)

        def moved() -> list[float]:
            return [
                belief.moved(odds + more)
                for belief, odds, (_, more) in zip(beliefs.values(), whole, worst, strict=True)
            ]

        def loudest(label: int, units: Sequence[int]) -> tuple[int, float]:
            number = max(numbers, key=units.__getitem__)
            return number, signals.odds(units[number], label)

        whole = without(())
        worst = [
            (-1, 0.0) if name in WHOLE else loudest(label, columns[label])
            for label, name in enumerate(signals.labels)
        ]
        found = moved()
        spoilt = told | {
            number
            for name, odds, (number, _) in zip(signals.labels, found, worst, strict=True)
            if number >= 0 and odds >= beliefs[name].likely
        }
        for left_out in _without(spoilt, len(numbers)):
            whole = [*map(max, whole, without(left_out))]
            found = moved()
        return [(odds, number) for odds, (number, _) in zip(found, worst, strict=True)]

    told = draft.spoilt_sentences
    everything = range(len(numbered))
    heard = listened(everything, told)
    if 0 < len(told) < len(numbered):
        rest = listened([at for at in everything if at not in told], frozenset())
        heard = [*map(max, heard, rest)]
    found = [odds for odds, _ in heard]
    bad = signals.labels.index("bad")
    doubt = found[bad] - beliefs["bad"].likely
    if not known:
        doubt -= _MORE
    elif answered.perilous and not draft.sees_to_safety:
        doubt += _WARY
    doubted = doubt >= 0.0
    hits = tuple(
        _hit(draft, name, number, likely=odds < beliefs[name].sure)
        for name, (odds, number) in zip(signals.labels, heard, strict=True)
        if name != "bad" and (known or name not in _BESIDE)
        if beliefs[name].tells(odds, doubted=doubted, known=known)
    )
    worst = draft.sentences[columns[bad].index(max(columns[bad]))]
    return HeardFaults(logistic(doubt), hits, draft.span(worst.first, worst.last))


def _without(spoilt: Collection[int], size: int) -> Iterator[Collection[int]]:
    """The sentences to leave out so that no spoilt one makes up for another.

    All of them and, of a short draft, every choice of them or, where those are many, all but one,
    so that one more never helps.
    """
    count = len(spoilt)
    if 0 < count < size:
        yield spoilt
    if 1 < count <= _FEW:
        for number in range(1 if count <= _FEWER else count - 1, count):
            yield from combinations(sorted(spoilt), number)


def _hit(draft: Draft, name: str, worst: int, *, likely: bool) -> Hit:
    sentence = draft.sentences[worst]
    span = draft.end if name in _MISSING else draft.span(sentence.first, sentence.last)
    return Hit(code=CODES_OF_FAULTS[name], span=span, likely=likely, heard=True)
