"""From tokens to affect: an additive score, every part of it tied to its words.

Each word, pair of words and construction adds its fitted weight to three sums: distress (in log
odds), arousal and dominance. Negators turn the calming words after them, degrees scale the next
word, a word said again counts less each time, and what stands beside an insult cannot soothe it.
Nothing is divided by the length, so nothing that is added can water down what was there.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Final, NamedTuple

from attrs import frozen

from deescalate.cues import Cue, CueKind, Evidence, Span
from deescalate.emotion import Measurement, Observation, distress_of
from deescalate.emotion.scales import (
    DISTRESS_AT_NEUTRAL,
    DISTRESS_PER_AROUSAL,
    DISTRESS_PER_PLEASURE,
)
from deescalate.reading.language import Language
from deescalate.reading.tokens import Token

__all__ = ["Part", "parts_of"]

TURNED: Final = -0.5
SOFTENED: Final = 0.3
STRONG: Final = 0.5
SEEN: Final = 0.1
MOST: Final = 2.0
SHOUT: Final = 4


class Part(NamedTuple):
    feature: str
    factor: float
    first: int
    last: int
    clause: int


_NONE: Final = (0.0, 0.0, 0.0)


def parts_of(
    tokens: Sequence[Token], language: Language, skipped: Collection[int] = ()
) -> list[Part]:
    weights, spellings, degrees = language.weights, language.spellings, language.degrees
    negators, contrast, reach = language.negators, language.contrast, language.reach
    found: list[Part] = []
    seen: dict[str, int] = {}

    def add(feature: str, factor: float, first: int, last: int) -> None:
        times = seen[feature] = seen.get(feature, 0) + 1
        found.append(Part(feature, factor / times, first, last, clause))

    clause = scope = 0
    fresh = False
    degree = 1.0
    before, before_at = "", 0
    for index, (word, _, _, kind, shouted, elongated) in enumerate(tokens):
        if index in skipped:
            continue
        if kind == "word":
            if word in spellings:
                word = spellings[word]
            if elongated:
                add("<elongated>", 1.0, index, index)
                if word not in weights:
                    word = squeezed(word)
            if word in contrast:
                clause += 1
                scope = 0
            pair = f"{before} {word}"
            value = weights.get(word, _NONE)[0] + weights.get(pair, _NONE)[0]
            factor = 1.0
            if scope:
                scope -= 1
                if value < 0:
                    factor = TURNED
                    fresh = False
                elif fresh and value > SEEN:
                    factor = SOFTENED if value > STRONG else 1.0
                    fresh = False
            factor *= degree
            if word in weights:
                add(word, factor, index, index)
                if shouted and len(word) >= SHOUT:
                    add("<shout>", 1.0, index, index)
            if pair in weights:
                add(pair, factor, before_at, index)
            if word in negators:
                scope, fresh = reach, True
            else:
                before, before_at = word, index
            degree = min(degree * degrees[word], MOST) if word in degrees else 1.0
        elif kind == "punct":
            if word[0] in ".!?":
                if word != ".":
                    add(f"<{word}>", 1.0, index, index)
                    if elongated and word != "...":
                        add(f"<{word * 2}>", 1.0, index, index)
                clause += 1
                scope = 0
                degree = 1.0
                before = ""
            elif word == ",":
                degree = 1.0
                before = ""
        elif kind == "emoji":
            if word in weights:
                add(word, 1.0, index, index)
        else:
            add(f"<{kind}>", 1.0, index, index)
    return found


def squeezed(word: str) -> str:
    """Leave one of every letter said twice in a row."""
    return "".join(a for a, b in zip(word, word[1:] + " ", strict=True) if a != b)


@frozen(kw_only=True)
class Affect:
    observation: Observation
    distress: float
    evidence: tuple[Evidence, ...]


NOTHING: Final = Affect(observation=Observation(), distress=distress_of(0.0, 0.0), evidence=())


def affect_of(tokens: Sequence[Token], cues: Iterable[Cue], language: Language) -> Affect:
    if not tokens:
        return NOTHING
    insults = [cue.span for cue in cues if cue.kind is CueKind.INSULT]
    skipped = _within(tokens, insults) if insults else ()
    parts = parts_of(tokens, language, skipped)
    weights, scale = language.weights, language.scale
    clauses: dict[int, float] = {}
    arousal = dominance = 0.0
    evidence: list[Evidence] = []
    for feature, factor, first, last, clause in parts:
        weight = weights.get(feature)
        if weight is None:
            continue
        part = factor * weight[0]
        clauses[clause] = clauses.get(clause, 0.0) + part
        lifted = factor * weight[1]
        arousal += min(lifted, weight[1]) if factor < 0 else lifted
        dominance += factor * weight[2]
        evidence.append(
            Evidence(feature=feature, span=Span(tokens[first].start, tokens[last].end), distress=part)
        )
    total = sum(clauses.values())
    d = scale.get("start", DISTRESS_AT_NEUTRAL) + soft(total, 4.0)
    a = soft(arousal, 1.0)
    p = (d - DISTRESS_AT_NEUTRAL - DISTRESS_PER_AROUSAL * a) / DISTRESS_PER_PLEASURE
    known = len(evidence)
    return Affect(
        observation=Observation(
            pleasure=Measurement(p, 4.0 * known / (known + 4.0)),
            arousal=Measurement(a, 2.0 * known / (known + 4.0)),
            dominance=Measurement(soft(dominance, 1.0), 1.0 * known / (known + 4.0)),
        ),
        distress=distress_of(p, a),
        evidence=tuple(evidence),
    )


def _within(tokens: Sequence[Token], spans: Iterable[Span]) -> frozenset[int]:
    return frozenset(
        index
        for index, token in enumerate(tokens)
        if any(span.start <= token.start < span.end for span in spans)
    )


def soft(total: float, limit: float) -> float:
    return limit * math.asinh(total / limit)
