"""What tells the affect in a language, in two of its files.

People write the one, ``affect.toml`` (negators, contrast, degrees, polite words, spellings), a
script fits the other, ``affect.json`` (the weights of words, pairs and constructions, with where
they come from). The code holds no word of any language.
"""

import json
from bisect import bisect_left
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple, TypeAlias

from attrs import Factory, evolve, field, frozen

from deescalate._memory import Remembered
from deescalate.documents import (
    Notes,
    Shape,
    is_list,
    listed,
    mapped,
    number,
    parsed,
    part,
    record,
    text,
)
from deescalate.languages import Language
from deescalate.reading._weights import MOST, Weight, packed, unpacked, weights_of
from deescalate.text import Words, words_of

__all__ = ["NEGATED", "Known", "Lexicon", "Phrase", "Scale", "Trust", "Weight", "squeezed"]

NEGATED = "<not>"
"""Stands for any negator in the pair that it makes with the word after it."""
_LIMIT = part(number(0.01, MOST))


@frozen(kw_only=True)
class Trust:
    """How precisely a message shows a coordinate, given how many of its features are known.

    Attributes:
        most: The precision (inverse variance, latent) that many known features come near.
        half: The number of known features that gives half of it.

    >>> Trust(most=4.0, half=3.0).precision(3), Trust(most=4.0, half=3.0).precision(0)
    (2.0, 0.0)
    """

    most: float = field(default=1.0, metadata=part(number(0, 1e6), needed=True))
    half: float = field(default=4.0, metadata=part(number(0.01, 1e6), needed=True))

    def precision(self, known: int) -> float:
        """The precision with ``known`` features; 0 with none."""
        return self.most * known / (known + self.half)


@frozen(kw_only=True)
class Scale:
    """How the sums become coordinates.

    Attributes:
        distress: Where the sum of distress begins to count as its logarithm.
        arousal: The same for arousal.
        dominance: The same for dominance.
        stretch: How many times what is felt exceeds what the words amount to. Fitted weights guess
            at the middle, so that praise and fury alike read milder than they are felt.
        trust_pleasure: The precision of pleasure.
        trust_arousal: The precision of arousal.
        trust_dominance: The precision of dominance.

    >>> Scale().trust_pleasure.most
    1.0
    """

    distress: float = field(default=4.0, metadata=_LIMIT)
    arousal: float = field(default=1.0, metadata=_LIMIT)
    dominance: float = field(default=1.0, metadata=_LIMIT)
    stretch: float = field(default=1.0, metadata=_LIMIT)
    trust_pleasure: Trust = field(default=Trust(), metadata=part(record(Trust)))
    trust_arousal: Trust = field(default=Trust(), metadata=part(record(Trust)))
    trust_dominance: Trust = field(default=Trust(), metadata=part(record(Trust)))


Phrase: TypeAlias = tuple[tuple[str, ...], bool, float]
"""Several words that act as one: the words, whether they negate, their factor on the next word."""


class Role(NamedTuple):
    """What a word does to those beside it; most words do nothing.

    Attributes:
        if_negated: What it adds right after a negator, beside its own weight.
        contrasts: Whether it begins a new clause.
        negates: Whether it turns what follows.
        degree: Its factor on the next word, 1 for most.
        phrases: Those that it begins, the longest first.
    """

    if_negated: Weight | None = None
    contrasts: bool = False
    negates: bool = False
    degree: float = 1.0
    phrases: tuple[Phrase, ...] = ()


class Known(NamedTuple):
    """All that a language knows of one word.

    Attributes:
        word: The word, in its usual spelling.
        weight: Its own weight, if it has one.
        pairs: The pairs with a weight that it begins, with this weight, by their second word.
        role: What it does to other words, if anything.

    >>> Lexicon.of(Language.load("english")).known["not"].role.negates
    True
    """

    word: str
    weight: Weight | None
    pairs: Mapping[str, tuple[str, Weight]]
    role: Role | None


class _Knowing:
    """What a lexicon knows of each word, put together when it is first met."""

    def __init__(self, lexicon: "Lexicon") -> None:
        self._lexicon, degrees = lexicon, lexicon.degrees
        self._ordered = sorted(lexicon.weights)
        self._begun: dict[str, list[Phrase]] = {}
        for phrase in sorted({*lexicon.idioms, *degrees}, key=len, reverse=True):
            words = tuple(phrase.split(" "))
            if len(words) > 1:
                found = (words, phrase in lexicon.idioms, degrees.get(phrase, 1.0))
                self._begun.setdefault(words[0], []).append(found)
        self._words = {
            *" ".join(lexicon.weights).split(" "),
            *lexicon.contrast,
            *lexicon.negators,
            *degrees,
            *self._begun,
            *lexicon.spellings.values(),
        }

    def __call__(self, said: str) -> Known | None:
        """What is known of a word; ``None`` for one that says nothing."""
        word = self._lexicon.spellings.get(said, said)
        return self._known(word) if word in self._words else None

    def _known(self, word: str) -> Known:
        lexicon, weights = self._lexicon, self._lexicon.weights
        role = Role(
            weights.get(f"{NEGATED} {word}"),
            word in lexicon.contrast,
            word in lexicon.negators,
            lexicon.degrees.get(word, 1.0),
            tuple(self._begun.get(word, ())),
        )
        low = bisect_left(self._ordered, f"{word} ")
        pairs = self._ordered[low : bisect_left(self._ordered, f"{word}!", low)]
        return Known(
            word,
            weights.get(word),
            {pair.partition(" ")[2]: (pair, weights[pair]) for pair in pairs},
            None if role == Role() else role,
        )


def _known_of(lexicon: "Lexicon") -> Remembered[Known | None]:
    return Remembered(_Knowing(lexicon))


@frozen(kw_only=True)
class Lexicon:
    """What a reader must know of a language to tell the affect.

    Attributes:
        negators: Words that turn what follows.
        idioms: Phrases that turn what follows around wholly, such as "anything but".
        reach: How many words after a negator it turns, within the clause.
        turned: How much of a soothing word's weight counts the other way once negated.
        softened: How much of a distressing word's weight is left once negated.
        strong: The weight (log odds) from which a distressing word is softened at all.
        contrast: Words that begin a new clause, such as "but".
        degrees: The factor of a degree word, or of several, on the next word.
        most: The largest factor that degree words reach together.
        polite: Polite words that calm nobody: the fit gives them no soothing weight.
        spellings: Other spellings and short forms of words.
        weights: The weight of each feature.
        scale: How the sums become coordinates.
        provenance: What the weights were fitted on.
        known: All that is known of each word, other spellings included; ``None`` for a word that
            says nothing.

    >>> from deescalate.languages import Language
    >>> english = Lexicon.of(Language.load("english"))
    >>> english.weights["awful"].distress > 0 > english.weights["thanks"].distress
    True
    """

    negators: frozenset[str] = frozenset()
    idioms: frozenset[str] = frozenset()
    reach: int = 4
    turned: float = 0.5
    softened: float = 0.3
    strong: float = 0.5
    contrast: frozenset[str] = frozenset()
    degrees: Mapping[str, float] = field(factory=dict[str, float])
    most: float = 2.0
    polite: frozenset[str] = frozenset()
    spellings: Mapping[str, str] = field(factory=dict[str, str])
    weights: Mapping[str, Weight] = field(factory=dict[str, Weight], repr=False)
    scale: Scale = Scale()
    provenance: str = ""
    known: Mapping[str, Known | None] = field(
        init=False, repr=False, eq=False, default=Factory(_known_of, takes_self=True)
    )

    @classmethod
    def of(cls, language: Language) -> "Lexicon":
        """Read the two files of a language; once read they are kept.

        Args:
            language: Its ``affect.toml`` holds the tables ``negation`` (reach, turned,
                softened, strong), ``clauses`` (contrast), ``degrees`` (most, words), ``polite``
                (words) and ``spellings``, its ``affect.json`` ``provenance``, ``scale`` and
                ``weights``, each a list of three numbers.

        Returns:
            The lexicon; one that weighs nothing where the language has neither file.

        Raises:
            DocumentError: With every problem of both files.

        >>> from deescalate.languages import Language
        >>> own = Language.from_files("own", {"affect.json": '{"weights": {"late": [0.3]}}'})
        >>> Lexicon.of(own)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        deescalate.errors.DocumentError: language document has 5 problems:
          ...
          weights.late: found `[0.3]`, expected 3 numbers from -100 to 100
        """
        return _read(language)

    @staticmethod
    def compiled(language: Language) -> str:
        """What the library keeps beside ``affect.json`` when it is built, read in less time."""
        return packed(language.files.get("affect.json", ""))


def _word() -> Shape:
    """One word, written folded."""

    def read(notes: Notes, path: str, found: object) -> str:
        if isinstance(found, str) and found and found == found.casefold() and " " not in found:
            return found
        notes.expected(path, found, "one word in lower case")
        return ""

    return evolve(text(), read=read)


def _anything() -> Shape:
    """Whatever a script notes of itself."""
    return Shape(lambda _notes, _path, found: found, dict[str, Any])


def _weight() -> Shape:
    """Three numbers."""
    row = listed(number(-MOST, MOST))

    def read(notes: Notes, path: str, found: object) -> Weight:
        if is_list(found) and len(found) == len(Weight._fields):
            return Weight(*row.read(notes, path, found))
        notes.expected(path, found, f"3 numbers from {-MOST:g} to {MOST:g}")
        return Weight(0.0, 0.0, 0.0)

    return evolve(row, read=read)


_WORDS = listed(_word(), frozenset)


@frozen(kw_only=True)
class _Negation:
    reach: float = field(metadata=part(number(1, 1_000)))
    turned: float = field(metadata=part(number(0, 1)))
    softened: float = field(metadata=part(number(0, 1)))
    strong: float = field(metadata=part(number(0, MOST)))


@frozen(kw_only=True)
class _Clauses:
    contrast: frozenset[str] = field(metadata=part(_WORDS))


@frozen(kw_only=True)
class _Degrees:
    most: float = field(metadata=part(number(1, MOST)))
    words: Mapping[str, float] = field(
        factory=dict[str, float], metadata=part(mapped(number(0, MOST)))
    )


@frozen(kw_only=True)
class _Polite:
    words: frozenset[str] = field(metadata=part(_WORDS))


@frozen(kw_only=True)
class _Said:
    """What people write: ``affect.toml``."""

    negation: _Negation = field(metadata=part(record(_Negation)))
    clauses: _Clauses = field(metadata=part(record(_Clauses)))
    degrees: _Degrees = field(metadata=part(record(_Degrees)))
    polite: _Polite = field(metadata=part(record(_Polite)))
    spellings: Mapping[str, str] = field(factory=dict[str, str], metadata=part(mapped(_word())))


@frozen(kw_only=True)
class _Fitted:
    """What a script fits: ``affect.json``."""

    provenance: object = field(default="", metadata=part(_anything()))
    scale: Scale = field(default=Scale(), metadata=part(record(Scale)))
    weights: Mapping[str, Weight] = field(
        factory=dict[str, Weight], metadata=part(mapped(_weight()))
    )


def _lexicon(settings: str, weights: str, words: Words, compiled: str = "") -> Lexicon:
    notes = Notes()
    said: _Said = record(_Said).read(notes, "", _file(notes, "affect.toml", settings))
    rows, rest = unpacked(compiled, weights) or weights_of(weights)
    fitted: _Fitted = record(_Fitted).read(notes, "", rest or _file(notes, "affect.json", weights))
    return notes.finished(
        "language",
        lambda: Lexicon(
            negators=words.negators,
            idioms=frozenset(words.section("negation", "idioms")),
            reach=int(said.negation.reach),
            turned=said.negation.turned,
            softened=said.negation.softened,
            strong=said.negation.strong,
            contrast=said.clauses.contrast,
            degrees=said.degrees.words,
            most=said.degrees.most,
            polite=said.polite.words,
            spellings=said.spellings,
            weights=rows or fitted.weights,
            scale=fitted.scale,
            provenance=json.dumps(fitted.provenance, ensure_ascii=False),
        ),
    )


def _file(notes: Notes, name: str, text: str) -> Mapping[str, Any]:
    return notes.tried(name, lambda: parsed("language", text)) or {}


@cache
def _read(language: Language) -> Lexicon:
    files = language.files
    if not files.keys() & {"affect.toml", "affect.json"}:
        return Lexicon()
    said, fitted = files.get("affect.toml", ""), files.get("affect.json", "{}")
    return _lexicon(said, fitted, words_of(language), language.compiled("affect"))


def squeezed(word: str) -> str:
    """Leave one of every letter that a word says twice in a row.

    >>> squeezed("soo"), squeezed("pleease")
    ('so', 'please')
    """
    return "".join(a for a, b in zip(word, word[1:] + " ", strict=True) if a != b)
