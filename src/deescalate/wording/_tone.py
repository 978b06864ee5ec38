"""How cutting the words are, graded, beneath what any one code reports.

A linear model over words, pairs of words and turns of phrase: how a sentence turns to the other
person. Its weights are fitted on public data by ``examples/fitting/fit_tone.py``; they stand in the
language's ``tone.toml`` with their provenance.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import pairwise
from math import exp

from attrs import frozen

from deescalate.languages import Language, lists_of
from deescalate.text import Token
from deescalate.text.phrases import Match
from deescalate.wording._draft import Draft

__all__ = ["SentenceTone", "tone_features", "tone_of"]

_CLASSES = (
    "you", "we", "i", "they", "some", "not", "all", "sure", "may", "mind", "views", "orders",
    "askers", "tags", "quotes", "opening you", "closing you", "just you", "your",
)  # fmt: skip
_SHORT = 2
_CURT, _BRIEF, _BRIEF_QUESTION = 2, 5, 4
_MARKS = frozenset({"punct", "emoji"})
_OTHER_KINDS = {
    "mention": "<mention>",
    "url": "<url>",
    "number": "<number>",
    "money": "<number>",
}


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


@frozen
class SentenceTone:
    """What the tone model sees of a sentence.

    Attributes:
        features: Folded words, pairs of words, the first word after ``^``, and turns of phrase in
            angle brackets.
        flagged: Whether a tone code speaks against it.

    >>> SentenceTone(frozenset({"<asks>"})).flagged
    False
    """

    features: frozenset[str]
    flagged: bool = False


def tone_features(draft: Draft) -> Iterator[SentenceTone]:
    """What the model looks at, sentence by sentence.

    >>> seen = next(tone_features(Draft("Your point?"))).features
    >>> sorted(seen)  # doctest: +NORMALIZE_WHITESPACE
    ['<asks>', '<curt>', '<short question>', '<you alone>', '<you asks>', '<you first>',
     '<you not i>', '<you>', '<your views>', '<your>', '?', '^ your', 'point', 'your',
     'your point']
    """
    of = _classes(draft.language)
    at = 0
    phrases = sorted((*draft.phrases, *draft.slights), key=_first_token)
    for sentence in draft.sentences:
        tokens = draft.tokens[sentence.first : sentence.last + 1]
        features = _words(tokens)
        words = [token.text for token in tokens if token.kind == "word"]
        features |= _turns(features, words, of, asks=sentence.asks)
        if _scare_quoted(tokens, of["quotes"]):
            features.add("<scare>")
        labels: set[str] = set()
        while at < len(phrases) and phrases[at].first <= sentence.last:
            labels.add(phrases[at].label)
            at += 1
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


def _turns(
    features: set[str], words: Sequence[str], of: Mapping[str, frozenset[str]], *, asks: bool
) -> set[str]:
    """Whom the sentence turns to, and what it says of them."""
    present = {name for name, members in of.items() if not members.isdisjoint(features)}
    you, we = "you" in present, "we" in present
    turns = {
        "<asks>": asks,
        "<you>": you,
        "<i>": "i" in present,
        "<they>": "they" in present,
        "<no person>": not you and not we,
        "<quoted>": "quotes" in present,
        "<dots>": "..." in features,
    }
    if you:
        turns |= {
            "<you asks>": asks,
            "<you !>": "!" in features,
            "<you not>": "not" in present,
            "<you sure>": "sure" in present,
            "<you all>": "all" in present,
            "<you some>": "some" in present,
            "<you mind>": "mind" in present,
            "<you modal>": "may" in present,
            "<you they>": "they" in present,
            "<you alone>": not we,
            "<you not i>": "i" not in present,
            "<asked you>": asks and words[0] in of["askers"],
            "<you first>": words[0] in of["opening you"],
            "<you last>": words[-1] in of["closing you"],
        }
        for one, two in pairwise(words):
            turns |= _addressed(one, two, of)
    if words:
        turns |= {
            f"^ {words[0]}": True,
            "<order>": words[0] in of["orders"],
            "<curt>": len(words) <= _CURT,
            "<short sentence>": _CURT < len(words) <= _BRIEF,
            "<short question>": asks and len(words) <= _BRIEF_QUESTION,
            "<tag>": asks and words[-1] in of["tags"],
        }
    return {name for name, holds in turns.items() if holds}


def _addressed(one: str, two: str, of: Mapping[str, frozenset[str]]) -> dict[str, bool]:
    """What is said of the person by a word after "you" or "your"."""
    if one in of["just you"]:
        return {
            name: True
            for name, members in (("<you think>", of["mind"]), ("<you should>", of["may"]))
            if two in members
        }
    if one in of["your"]:
        return {"<your>": True, **({"<your views>": True} if two in of["views"] else {})}
    return {}


def _scare_quoted(tokens: Sequence[Token], quotes: frozenset[str]) -> bool:
    """Whether a single word stands in quotes."""
    quotes |= {"’"}
    return any(
        middle.kind == "word" and before.text in quotes and after.text in quotes
        for before, middle, after in zip(tokens, tokens[1:], tokens[2:], strict=False)
    )


@cache
def _classes(language: Language) -> Mapping[str, frozenset[str]]:
    lists = lists_of(language, "tone_signs")
    return {name: frozenset(lists.get(name, ())) for name in _CLASSES}
