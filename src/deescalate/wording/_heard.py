"""What the learned model of faults looks at: the draft, sentence by sentence, and what it answers.

The features of the whole draft are those of its sentences and what is missing between it and the
customer: no regret to somebody upset by our fault, no word of what they asked for.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cache, cached_property, lru_cache
from typing import Final

from attrs import frozen

from deescalate.cues import CueKind
from deescalate.languages import Language, lists_of
from deescalate.moves import Move
from deescalate.reading import features_of, peril_of
from deescalate.text import Text
from deescalate.wording._draft import Draft

__all__ = [
    "Answered",
    "Features",
    "features_of_sentences",
    "form_of",
    "parts_around",
]

Features = dict[str, tuple[int, int]]

_LENGTHS: Final = (2, 4, 8, 14, 22, 35, 55, 85)
_ASKS: Final = (1, 2, 3, 4)
_SHARES: Final = (0.01, 0.1, 0.2, 0.35)
"""From how many words, questions, and shares of the customer's words a feature speaks; ours."""
_CUE: Final = "c:"
_BRIEF: Final = 6
_PERILS: Final = (-3.0, -2.0, -1.0)
"""Log odds of danger in the customer's words from which a feature speaks; ours."""
_LETTERS: Final = 4
"""Letters from which a word of the customer is expected to be taken up."""
_CRUCIAL: Final = (
    CueKind.THREAT_SELF_HARM,
    CueKind.THREAT_VIOLENCE,
    CueKind.ASKS_HUMAN,
    CueKind.ASKS_SUPERVISOR,
    CueKind.REFUND_REQUEST,
    CueKind.VULNERABLE_HEALTH,
)
_DANGERS: Final = frozenset({CueKind.THREAT_SELF_HARM, CueKind.THREAT_VIOLENCE})
_DOES: Final[Mapping[str, frozenset[str]]] = {
    "sorry": frozenset({Move.APOLOGISE}),
    "heard": frozenset({Move.EMPATHISE, Move.VALIDATE, Move.LABEL_EMOTION, Move.AGREE_PARTIAL}),
    "owns": frozenset({Move.OWN_RESPONSIBILITY}),
    "acts": frozenset({Move.ACT}),
    "timed": frozenset({"sign.time"}),
    "offers": frozenset({Move.PROPOSE, Move.OFFER_CHOICE}),
    "safety": frozenset({Move.SAFETY_CHECK, Move.SEEK_HELP}),
    "human": frozenset({Move.CALL_SECURITY, "sign.human"}),
    "refuses": frozenset({"sign.cannot", "T107", Move.DECLINE}),
    "way out": frozenset({"sign.can", "sign.remedy", "sign.step", Move.PROPOSE, Move.OFFER_CHOICE}),
    "orders": frozenset({"sign.order"}),
    "why": frozenset({"sign.gives_why", "sign.reason", Move.EXPLAIN}),
}
_DONE: Final = (*_DOES, "asks", "brief", "cares", "we", "answers", "number", "only orders")
_BOTH: Final = (
    ("refuses", "way out"),
    ("refuses", "why"),
    ("orders", "we"),
    ("orders", "why"),
    ("only orders", "why"),
    ("sorry", "acts"),
    ("sorry", "heard"),
    ("asks", "acts"),
    ("brief", "acts"),
    ("brief", "we"),
    ("brief", "way out"),
    ("answers", "brief"),
)
"""What a draft does that means something else beside what else it does."""


@frozen(kw_only=True, slots=False)
class Answered:
    """What a draft answers, as far as it is known.

    Attributes:
        text: What the customer last said.
        kinds: The cues that were found in it.
        upset: ``calm``, ``upset`` or ``furious``; empty where it is not known.
        fault: Whose doing it is: ``ours``, ``theirs``, ``nobody``, ``unknown``.
    """

    text: Text | None = None
    kinds: Collection[CueKind] = ()
    upset: str = ""
    fault: str = ""

    @property
    def known(self) -> bool:
        """Whether both their words and their state are known; the weights were fitted on both."""
        return self.text is not None and bool(self.upset)

    @cached_property
    def state(self) -> tuple[str, ...]:
        """What is known of the customer, in names of features."""
        found = [f"c:{kind}" for kind in _CRUCIAL if kind in self.kinds]
        if self.text is not None:
            if any(each.asks for each in self.text.sentences):
                found += ("asked", *sorted({*_asked(self.text)}))
            peril = peril_of(self.text)
            found += [f"hazard {self.upset}"] if self._hazard else []
            found += [f"peril {least}" for least in _PERILS if peril >= least]
            found += ["hazard and peril"] if self._hazard and peril >= _PERILS[0] else []
        if self.upset:
            found += (self.upset, f"fault {self.fault}")
        return tuple(found)

    @property
    def perilous(self) -> bool:
        """Whether somebody is upset and a word or a cue may tell of a danger."""
        if self.upset in ("", "calm"):
            return False
        return self._hazard or not _DANGERS.isdisjoint(self.kinds)

    @cached_property
    def _hazard(self) -> bool:
        text = self.text
        hazards = () if text is None else _listed(text.language, "hazards", "told")
        return not self.words.isdisjoint(hazards)

    @cached_property
    def words(self) -> frozenset[str]:
        """The customer's words."""
        return frozenset[str]().union(*(() if self.text is None else self.text.said))

    @cached_property
    def told(self) -> frozenset[str]:
        """The customer's words and cues, in names of features, as far as they are known."""
        if self.text is None:
            return frozenset(f"<{state}>" for state in self.state if state.startswith(_CUE))
        words, kinds = (f"c:{word}" for word in self.words), (f"<c:{kind}>" for kind in self.kinds)
        return frozenset(("<known>", *words, *kinds))

    @cached_property
    def content(self) -> frozenset[str]:
        """Those of them that a reply may be expected to take up."""
        return frozenset(word for word in self.words if len(word) >= _LETTERS)


def features_of_sentences(draft: Draft) -> list[Features]:
    """The features of each sentence, with their first and last token."""
    found: list[Features] = []
    tokens, sentences = draft.tokens, draft.sentences
    for sentence, labels, said in zip(
        sentences, draft.labels_by_sentence, draft.cut.said, strict=True
    ):
        part = tokens[sentence.first : sentence.last + 1]
        here = features_of(part, draft.language, labels, at=sentence.first)
        place = (sentence.first, sentence.last)
        here.update(dict.fromkeys(form_of(len(said), asks=sentence.asks), place))
        found.append(here)
    return found


@cache
def form_of(words: int, *, asks: bool) -> frozenset[str]:
    """The features of a sentence that are neither words nor what phrases found in it."""
    long = (f"<words {least}>" for least in _LENGTHS if words > least)
    return frozenset((*long, *(("<asks>",) if asks else ())))


def parts_around(
    draft: Draft, kept: Sequence[int], answered: Answered
) -> tuple[frozenset[str], ...]:
    """The features of a draft as a whole, but those of its sentences and what the customer told.

    Args:
        draft: The draft.
        kept: Numbers of the sentences that it is made of.
        answered: What it answers.

    Returns:
        Parts without a common feature.
    """
    said, sentences, labels = draft.cut.said, draft.sentences, draft.labels_by_sentence
    words = frozenset[str]().union(*[said[number] for number in kept])
    asks = sum([sentences[number].asks for number in kept])
    size = sum([len(said[number]) for number in kept])
    same = 0
    if answered.text is not None:
        share = len(answered.content & words) / max(len(answered.content), 1)
        same = bisect_right(_SHARES, share)
    lengths, questions = bisect_left(_LENGTHS, size), bisect_right(_ASKS, asks)
    shape = _shaped(len(kept) == 1, lengths, questions, same)
    orders = sum(["sign.order" in labels[number] for number in kept])
    ends = _ended(labels[kept[0]], labels[kept[-1]], bisect_right(_ASKS, orders))
    made = frozenset[str]().union(*[labels[number] for number in kept])
    done = (
        *[not made.isdisjoint(members) for members in _DOES.values()],
        asks > 0,
        size <= _BRIEF,
        not words.isdisjoint(_listed(draft.language, "hazards", "seen to")),
        not words.isdisjoint(_listed(draft.language, "shapes", "we")),
        not _listed(draft.language, "shapes", "answers").keys().isdisjoint(said[kept[0]][:1]),
        not draft.counted_sentences.isdisjoint(kept),
        0 < orders == len(kept),
    )
    return shape, ends, _met(answered.state, done)


@cache
def _shaped(only: bool, lengths: int, asks: int, same: int) -> frozenset[str]:  # noqa: FBT001  a key
    """How long a draft is, how much it asks, and how much of the customer's words it takes up."""
    return frozenset(
        (
            "<whole>",
            *(("<only>",) if only else ()),
            *(f"<all words {least}>" for least in _LENGTHS[:lengths]),
            *(f"<asks {least}>" for least in _ASKS[:asks]),
            *(f"<same {least}>" for least in _SHARES[:same]),
        )
    )


@lru_cache(maxsize=1024)
def _ended(first: Collection[str], last: Collection[str], orders: int) -> frozenset[str]:
    """What phrases find in the first and in the last sentence, and how many give orders."""
    ends = (
        f"<{place} {label}>" for place, its in (("first", first), ("last", last)) for label in its
    )
    return frozenset((*ends, *(f"<orders {least}>" for least in _ASKS[:orders])))


def _asked(text: Text) -> Iterator[str]:
    """What a text asks: when, where, why, whether."""
    openers = _listed(text.language, "shapes", "asking")
    for sentence, said in zip(text.sentences, text.said, strict=True):
        first = next((openers[word] for word in said if word in openers), None)
        if sentence.asks and first is not None:
            yield f"asked {first}"


@lru_cache(maxsize=256)
def _met(states: tuple[str, ...], done: tuple[bool, ...]) -> frozenset[str]:
    """What a draft does and does not about each state of the customer, and beside what else."""
    did = {name: name if so else f"no {name}" for name, so in zip(_DONE, done, strict=True)}
    beside = (f"<{did[one]}, {did[other]}>" for one, other in _BOTH)
    named = (f"<{state}>" for state in states if not state.startswith(_CUE))
    about = (f"<{state}, {name}>" for state in states for name in did.values())
    return frozenset((*beside, *named, *about))


@cache
def _listed(language: Language, file: str, section: str) -> Mapping[str, str]:
    return lists_of(language, file).get(section, {})
