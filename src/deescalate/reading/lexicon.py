"""What tells the affect in a language, in two of its files.

People write the one, ``affect.toml`` (negators, contrast, degrees, polite words, spellings), a
script fits the other, ``affect.json`` (the weights of words, pairs and constructions, with where
they come from). The code holds no word of any language.
"""

import json
from collections.abc import Mapping
from functools import cache
from typing import Final, NamedTuple

from attrs import Factory, asdict, evolve, field, frozen

from deescalate.errors import DocumentError
from deescalate.languages import Language
from deescalate.reading.lexicon_documents import Checker
from deescalate.text import words_of

__all__ = ["Known", "Lexicon", "Scale", "Trust", "Weight", "squeezed"]

_SETTINGS: Final = ("negation", "clauses", "degrees", "polite", "spellings")


class Weight(NamedTuple):
    """What one feature adds to the three sums.

    Attributes:
        distress: In log odds of distress.
        arousal: In latent arousal.
        dominance: In latent dominance.

    >>> Weight(0.9, 0.2, 0.0).distress
    0.9
    """

    distress: float
    arousal: float
    dominance: float


@frozen(kw_only=True)
class Trust:
    """How precisely a message shows a coordinate, given how many of its features are known.

    Attributes:
        most: The precision (inverse variance, latent) that many known features come near.
        half: The number of known features that gives half of it.

    >>> Trust(most=4.0, half=3.0).precision(3), Trust(most=4.0, half=3.0).precision(0)
    (2.0, 0.0)
    """

    most: float = 1.0
    half: float = 4.0

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

    distress: float = 4.0
    arousal: float = 1.0
    dominance: float = 1.0
    stretch: float = 1.0
    trust_pleasure: Trust = Trust()
    trust_arousal: Trust = Trust()
    trust_dominance: Trust = Trust()


class Known(NamedTuple):
    """All that a language knows of one word.

    Attributes:
        word: The word, in its usual spelling.
        weight: Its own weight, if it has one.
        contrasts: Whether it begins a new clause.
        negates: Whether it turns what follows.
        leads: Whether a pair that has a weight begins with it.
        degree: Its factor on the next word, 1 for most.

    >>> Lexicon.of(Language.load("english")).known["not"].negates
    True
    """

    word: str
    weight: Weight | None
    contrasts: bool
    negates: bool
    leads: bool
    degree: float


def _all_known(lexicon: "Lexicon") -> Mapping[str, Known]:
    pairs = [feature.split(" ") for feature in lexicon.weights if " " in feature]
    leads = {pair[0] for pair in pairs}
    words = {
        *(word for feature in lexicon.weights for word in feature.split(" ")),
        *lexicon.contrast,
        *lexicon.negators,
        *lexicon.degrees,
    }
    known = {
        word: Known(
            word,
            lexicon.weights.get(word),
            word in lexicon.contrast,
            word in lexicon.negators,
            word in leads,
            lexicon.degrees.get(word, 1.0),
        )
        for word in words.union(lexicon.spellings.values())
    }
    return known | {other: known[word] for other, word in lexicon.spellings.items()}


@frozen(kw_only=True)
class Lexicon:
    """What a reader must know of a language to tell the affect.

    Attributes:
        negators: Words that turn what follows.
        reach: How many words after a negator it turns, within the clause.
        turned: How much of a soothing word's weight counts the other way once negated.
        softened: How much of a distressing word's weight is left once negated.
        strong: The weight (log odds) from which a distressing word is softened at all.
        contrast: Words that begin a new clause, such as "but".
        degrees: The factor of a degree word on the next word.
        most: The largest factor that degree words reach together.
        polite: Polite words that calm nobody: the fit gives them no soothing weight.
        spellings: Other spellings and short forms of words.
        weights: The weight of each feature.
        scale: How the sums become coordinates.
        provenance: What the weights were fitted on.
        known: All that is known of each word, other spellings included.

    >>> english = Lexicon.of(Language.load("english"))
    >>> english.weights["awful"].distress > 0 > english.weights["thanks"].distress
    True
    """

    negators: frozenset[str] = frozenset()
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
    known: Mapping[str, Known] = field(
        init=False, repr=False, eq=False, default=Factory(_all_known, takes_self=True)
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

        >>> own = Language.from_files("own", {"affect.json": '{"weights": {"late": [0.3]}}'})
        >>> Lexicon.of(own)  # doctest: +ELLIPSIS
        Traceback (most recent call last):
            ...
        deescalate.errors.DocumentError: language document has 12 problems:
          ...
          weights.late: found `[0.3]`, expected 3 numbers from -100 to 100
        """
        return _read(language)


def _parsed(settings: str, weights: str) -> Lexicon:
    check = Checker()
    own = check.toml(settings)
    fitted = check.json(weights)
    check.only(own, "", _SETTINGS)
    check.only(fitted, "", ("provenance", "scale", "weights"))
    negation, degrees = check.table(own, "negation"), check.table(own, "degrees")
    lexicon = Lexicon(
        negators=check.words(negation, "negation.words") if "words" in negation else frozenset(),
        reach=int(check.number(negation, "negation.reach", low=1)),
        turned=check.number(negation, "negation.turned", low=0, high=1),
        softened=check.number(negation, "negation.softened", low=0, high=1),
        strong=check.number(negation, "negation.strong", low=0),
        contrast=check.words(check.table(own, "clauses"), "clauses.contrast"),
        degrees=check.factors(degrees, "degrees.words"),
        most=check.number(degrees, "degrees.most", low=1),
        polite=check.words(check.table(own, "polite"), "polite.words"),
        spellings=check.spellings(own, "spellings"),
        weights={word: Weight(*row) for word, row in check.rows(fitted, "weights").items()},
        scale=_scale(check, fitted),
        provenance=json.dumps(fitted.get("provenance", ""), ensure_ascii=False),
    )
    if check.problems:
        raise DocumentError("language", tuple(check.problems))
    return lexicon


def _scale(check: Checker, fitted: Mapping[str, object]) -> Scale:
    found = check.table(fitted, "scale", optional=True)
    usual = asdict(Scale(), recurse=False)
    check.only(found, "scale", usual)

    def limit(name: str) -> float:
        return check.number(found, f"scale.{name}", low=0.01, high=100, default=usual[name])

    def trust(name: str) -> Trust:
        if name not in found:
            return Trust()
        table = check.table(found, f"scale.{name}")
        check.only(table, f"scale.{name}", ("half", "most"))
        return Trust(
            most=check.number(table, f"scale.{name}.most", low=0, high=1e6),
            half=check.number(table, f"scale.{name}.half", low=0.01, high=1e6),
        )

    return Scale(
        distress=limit("distress"),
        arousal=limit("arousal"),
        dominance=limit("dominance"),
        stretch=limit("stretch"),
        trust_pleasure=trust("trust_pleasure"),
        trust_arousal=trust("trust_arousal"),
        trust_dominance=trust("trust_dominance"),
    )


@cache
def _read(language: Language) -> Lexicon:
    files = language.files
    if not files.keys() & {"affect.toml", "affect.json"}:
        return Lexicon()
    lexicon = _parsed(files.get("affect.toml", ""), files.get("affect.json", "{}"))
    return evolve(lexicon, negators=lexicon.negators | words_of(language).negators)


def squeezed(word: str) -> str:
    """Leave one of every letter that a word says twice in a row.

    >>> squeezed("soo"), squeezed("pleease")
    ('so', 'please')
    """
    return "".join(a for a, b in zip(word, word[1:] + " ", strict=True) if a != b)
