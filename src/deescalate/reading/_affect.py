"""From tokens to affect: an additive score, every part of it tied to its words.

Each word, pair of words and kind of cue adds its fitted weight to three sums: distress (in log
odds), arousal and dominance; a kind adds it in so far as it is likely. Negators turn the soothing
words after them ("anything but" wholly) and soften the first strong one, in which case they say
nothing themselves; degrees scale the next word, and what is said again counts less each time.
Nothing is divided by the length, so nothing that is added waters down what was there; in a clause
that holds an insult or sarcasm nothing soothes.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import Final, NamedTuple, Self

from attrs import frozen

from deescalate.cues import Cue, CueKind, Evidence, Trace
from deescalate.emotion import Measurement, Observation, distress_of
from deescalate.emotion._values import (
    DISTRESS_PER_AROUSAL,
    DISTRESS_PER_PLEASURE,
)
from deescalate.reading._lexicon import NEGATED, Lexicon, Phrase, Scale, Weight, squeezed
from deescalate.text import Cut

__all__ = ["Part", "Shown", "ShownAffect", "affect_of", "parts_of"]

_SHOUTED_LETTERS: Final = 4
_BITTER: Final = (f"<{CueKind.INSULT}>", f"<{CueKind.SARCASM}>")
_LIKELY: Final = 0.5
"""How likely an insult or sarcasm has to be so that nothing soothes beside it."""


_NO_PAIRS: Final[Mapping[str, tuple[str, Weight]]] = MappingProxyType({})

_Found = tuple[str, float, int, int, int, Weight]


@frozen(kw_only=True)
class ShownAffect:
    """What a message shows of a person's core affect.

    Attributes:
        observation: The coordinates as they are felt (`Scale.stretch`), each with its precision:
            what a state learns from.
        distress: The distress that the words amount to, 0 to 1.
        evidence: The parts behind it in the order of the text. Their ``distress`` is in log odds.

    >>> ShownAffect().distress == distress_of(0.0, 0.0)
    True
    """

    observation: Observation = Observation()  # noqa: RUF009  a frozen value
    distress: float = distress_of(0.0, 0.0)
    evidence: Sequence[Evidence] = ()


class Shown(NamedTuple):
    """A kind of cue that a text shows, how far, and where.

    Attributes:
        kind: The kind.
        share: How much of its weight counts, 0 to 1: how strongly a phrase shows it, times how
            likely it is.
        start: The first character of what shows it.
        end: The one after its last.

    >>> Shown(CueKind.ANGER, 0.4, 0, 7).share
    0.4
    """

    kind: CueKind
    share: float
    start: int
    end: int

    @classmethod
    def by(cls, cue: Cue) -> Self:
        """What a phrase shows where nothing was learnt."""
        return cls(cue.kind, cue.weight, cue.span.start, cue.span.end)


class Part(NamedTuple):
    """One feature found in a text.

    Attributes:
        feature: A word, two words, or a construction such as ``<shout>`` or ``<long_wait>``.
        factor: How much of its weight counts; below 0 where a negator turned it.
        first: The index of its first token.
        last: The index of its last token.
        clause: The number of its clause, from 0.

    >>> Part("late", 1.3, 2, 2, 0).factor
    1.3
    """

    feature: str
    factor: float
    first: int
    last: int
    clause: int


def parts_of(
    tokens: Sequence[Cut],
    lexicon: Lexicon,
    cues: Iterable[Cue] = (),
    shown: Iterable[Shown] | None = None,
) -> tuple[Part, ...]:
    """Find the features of a text, in one pass.

    Args:
        tokens: The tokens of the text.
        lexicon: What tells the affect; only features that it weighs are found.
        cues: The cues that phrases found in the same text.
        shown: The kinds that it shows, and how far; those of the cues if not given.

    Returns:
        The features: those of words in the order of the text, then those of kinds. The words of an
        insult are left to its cue, as if they were not there.

    >>> from deescalate.text import tokenize
    >>> from deescalate.languages import ENGLISH
    >>> english = Lexicon.of(ENGLISH)
    >>> [(part.feature, part.factor) for part in parts_of(tokenize("not happy"), english)]
    [('not', 1.0), ('happy', -0.5)]
    """
    return tuple(Part(*found[:5]) for found in _found(tokens, lexicon, cues, shown))


def _found(
    tokens: Sequence[Cut],
    lexicon: Lexicon,
    cues: Iterable[Cue],
    shown: Iterable[Shown] | None,
) -> list[_Found]:
    cues = tuple(cues)
    walk = _Walk(lexicon)
    walk.words(tokens, _tokens_within(tokens, [cue for cue in cues if cue.kind is CueKind.INSULT]))
    walk.kinds(tokens, map(Shown.by, cues) if shown is None else shown)
    return [part for part in walk.found if part[1]]


class _Walk:
    """One walk over the tokens, with what it has seen so far."""

    __slots__ = ("clause_starts", "found", "lexicon", "seen")

    def __init__(self, lexicon: Lexicon) -> None:
        self.lexicon = lexicon
        self.found: list[_Found] = []
        self.seen: dict[str, int] = {}
        self.clause_starts = [0]

    def add(
        self, feature: str, weight: Weight, factor: float, first: int, last: int, clause: int
    ) -> None:
        times = self.seen[feature] = self.seen.get(feature, 0) + 1
        self.found.append((feature, factor / times, first, last, clause, weight))

    def words(self, tokens: Sequence[Cut], left_out: Collection[int]) -> None:  # noqa: C901, PLR0912, PLR0915  one pass in one place, for speed
        lexicon, add, found, seen = self.lexicon, self.add, self.found, self.seen
        weight_of, known_as, reach = lexicon.weights.get, lexicon.known, lexicon.reach
        scope, fresh, turned, negator, negated_at = 0, False, 0.0, -1, -1
        pairs, before_at, degree = _NO_PAIRS, 0, 1.0
        clause, resume = 0, 0
        for index, (said, _, _, kind, shouted, elongated) in enumerate(tokens):
            if index < resume or (left_out and index in left_out):
                continue
            if kind == "word":
                known = known_as[said]
                if elongated:
                    if weight := weight_of("<elongated>"):
                        add("<elongated>", weight, 1.0, index, index, clause)
                    if not (known and known[1]):
                        known = known_as[squeezed(said)]
                if known is None:
                    pairs, degree = _NO_PAIRS, 1.0
                    if scope:
                        scope -= 1
                    continue
                word, own, begins, role = known
                if role:
                    if role.phrases and (phrase := _phrase_at(tokens, index, role.phrases)):
                        words, negates, factor = phrase
                        resume = index + len(words)
                        if negates:
                            scope, fresh, turned, negator = reach, True, 1.0, -1
                            negated_at = resume
                        pairs, degree = _NO_PAIRS, min(degree * factor, lexicon.most)
                        continue
                    if role.contrasts:
                        clause = self._next_clause(index)
                        pairs, scope = _NO_PAIRS, 0
                    if index == negated_at and role.if_negated:
                        add(f"{NEGATED} {word}", role.if_negated, 1.0, index - 1, index, clause)
                paired = pairs.get(word)
                own_factor = pair_factor = degree
                if scope:
                    scope -= 1
                    to_own = own[0] if own else 0.0
                    to_pair = paired[1][0] if paired else 0.0
                    if to_own < 0.0:
                        own_factor, fresh = -turned, False
                    elif fresh and to_own + to_pair >= lexicon.strong:
                        own_factor = pair_factor = lexicon.softened * degree
                        fresh = False
                        if negator >= 0:
                            found[negator] = (*found[negator][:1], 0.0, *found[negator][2:])
                    if to_pair < 0.0:
                        pair_factor = -turned
                place = len(found)
                if own:
                    times = seen[word] = seen.get(word, 0) + 1
                    found.append((word, own_factor / times, index, index, clause, own))
                    loud = shouted and len(word) >= _SHOUTED_LETTERS
                    if loud and (weight := weight_of("<shout>")):
                        add("<shout>", weight, 1.0, index, index, clause)
                if paired:
                    pair, weight = paired
                    times = seen[pair] = seen.get(pair, 0) + 1
                    found.append((pair, pair_factor / times, before_at, index, clause, weight))
                if role and role.negates:
                    scope, fresh, turned = reach, True, lexicon.turned
                    negator, negated_at = place if own else -1, index + 1
                else:
                    pairs, before_at = begins, index
                if role and role.degree != 1.0:
                    degree = min(degree * role.degree, lexicon.most)
                else:
                    degree = 1.0
            elif kind == "punct":
                if said[0] in ".!?":
                    mark = f"<{said}>"
                    if weight := weight_of(mark):
                        add(mark, weight, 1.0, index, index, clause)
                    if elongated and (weight := weight_of(mark := f"<{said}{said}>")):
                        add(mark, weight, 1.0, index, index, clause)
                    clause = self._next_clause(index + 1)
                    pairs, scope, degree = _NO_PAIRS, 0, 1.0
                elif said == ",":
                    if weight := weight_of("<,>"):
                        add("<,>", weight, 1.0, index, index, clause)
                    pairs, degree = _NO_PAIRS, 1.0
            else:
                feature = said if kind == "emoji" else f"<{kind}>"
                if weight := weight_of(feature):
                    add(feature, weight, 1.0, index, index, clause)

    def _next_clause(self, first: int) -> int:
        self.clause_starts.append(first)
        return len(self.clause_starts) - 1

    def kinds(self, tokens: Sequence[Cut], shown: Iterable[Shown]) -> None:
        weights = self.lexicon.weights
        starts: list[int] | None = None
        for kind, share, start, end in shown:
            feature = f"<{kind}>"
            if weight := weights.get(feature):
                if starts is None:
                    starts = [token[1] for token in tokens]
                first = bisect_right(starts, start) - 1
                last = max(bisect_left(starts, end) - 1, first)
                clause = bisect_right(self.clause_starts, first) - 1
                self.add(feature, weight, share, first, last, clause)


def _phrase_at(tokens: Sequence[Cut], index: int, phrases: Sequence[Phrase]) -> Phrase | None:
    """The longest phrase that begins at a token."""
    for phrase in phrases:
        words = phrase[0]
        if words == tuple([token[0] for token in tokens[index : index + len(words)]]):
            return phrase
    return None


def _tokens_within(tokens: Sequence[Cut], cues: Sequence[Cue]) -> Collection[int]:
    if not cues:
        return ()
    starts = [token[1] for token in tokens]
    return {
        index
        for cue in cues
        for index in range(bisect_left(starts, cue.span.start), bisect_left(starts, cue.span.end))
    }


def affect_of(
    tokens: Sequence[Cut],
    lexicon: Lexicon,
    cues: Iterable[Cue] = (),
    shown: Iterable[Shown] | None = None,
) -> ShownAffect:
    """Weigh the features of a text.

    Args:
        tokens: The tokens of the text.
        lexicon: What tells the affect.
        cues: The cues that phrases found in the same text.
        shown: The kinds that it shows, and how far; those of the cues if not given.

    Returns:
        The affect; without any known word neutral, with precision 0.

    >>> from deescalate.text import tokenize
    >>> from deescalate.languages import ENGLISH
    >>> affect = affect_of(tokenize("This is awful"), Lexicon.of(ENGLISH))
    >>> affect.distress > 0.4, affect.evidence[-1].feature
    (True, 'awful')
    """
    found = _found(tokens, lexicon, cues, shown)
    bitter = {part[4] for part in found if part[0] in _BITTER and part[1] >= _LIKELY}
    distress = arousal = dominance = 0.0
    parts: list[tuple[str, float, int, int]] = []
    for feature, factor, first, last, clause, (to_distress, to_arousal, to_dominance) in found:
        adds = factor * to_distress
        if adds < 0.0 and clause in bitter:
            continue
        distress += adds
        arousal += factor * to_arousal if factor > 0.0 else min(factor * to_arousal, to_arousal)
        dominance += factor * to_dominance
        parts.append((feature, adds, tokens[first][1], tokens[last][2]))
    if not parts:
        return ShownAffect()
    parts.sort(key=_start)
    return _affect(distress, arousal, dominance, Trace(tuple(parts)), lexicon.scale)


def _affect(
    distress: float,
    arousal: float,
    dominance: float,
    evidence: Sequence[Evidence],
    scale: Scale,
) -> ShownAffect:
    known = len(evidence)
    latent_arousal = _softly(arousal, scale.arousal)
    pleasure = (
        _softly(distress, scale.distress) - DISTRESS_PER_AROUSAL * latent_arousal
    ) / DISTRESS_PER_PLEASURE
    return ShownAffect(
        observation=Observation(
            pleasure=Measurement(scale.stretch * pleasure, scale.trust_pleasure.precision(known)),
            arousal=Measurement(
                scale.stretch * latent_arousal, scale.trust_arousal.precision(known)
            ),
            dominance=Measurement(
                scale.stretch * _softly(dominance, scale.dominance),
                scale.trust_dominance.precision(known),
            ),
        ),
        distress=distress_of(pleasure, latent_arousal),
        evidence=evidence,
    )


def _start(part: tuple[str, float, int, int]) -> int:
    return part[2]


def _softly(total: float, limit: float) -> float:
    """Close to the total while it is small, growing like its logarithm past the limit."""
    return limit * math.asinh(total / limit)
