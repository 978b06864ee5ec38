"""What the learned model of faults looks at: the draft, sentence by sentence, and what it answers.

The features of the whole draft are those of its sentences and what is missing between it and the
customer: no regret to somebody upset by our fault, no word of what they asked for.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import cache, cached_property
from typing import Final

from attrs import frozen

from deescalate.cues import CueKind
from deescalate.languages import Language, lists_of
from deescalate.moves import Move
from deescalate.reading import features_of
from deescalate.text import Text
from deescalate.wording._draft import Draft

__all__ = ["Answered", "Features", "features_of_draft", "features_of_sentences"]

Features = dict[str, tuple[int, int]]

_LENGTHS: Final = (2, 4, 8, 14, 22, 35, 55, 85)
_ASKS: Final = (1, 2, 3, 4)
_SHARES: Final = (0.01, 0.1, 0.2, 0.35)
"""From how many words, questions, and shares of the customer's words a feature speaks; ours."""
_BRIEF: Final = 6
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
_DOES: Final[Mapping[str, frozenset[str]]] = {
    "sorry": frozenset({Move.APOLOGISE}),
    "heard": frozenset({Move.EMPATHISE, Move.VALIDATE, Move.LABEL_EMOTION, Move.AGREE_PARTIAL}),
    "owns": frozenset({Move.OWN_RESPONSIBILITY}),
    "acts": frozenset({Move.ACT}),
    "timed": frozenset({"sign.time"}),
    "offers": frozenset({Move.PROPOSE, Move.OFFER_CHOICE}),
    "safety": frozenset({Move.SAFETY_CHECK, Move.SEEK_HELP}),
    "human": frozenset({Move.CALL_SECURITY, "sign.human"}),
}


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
                found.append("asked")
            told = not self.words.isdisjoint(_hazards(self.text.language, "told"))
            found += [f"hazard {self.upset}"] if told else []
        if self.upset:
            found += (self.upset, f"fault {self.fault}")
        return tuple(found)

    @cached_property
    def words(self) -> frozenset[str]:
        """The customer's words."""
        tokens = () if self.text is None else self.text.tokens
        return frozenset(token.text for token in tokens if token.kind == "word")

    @cached_property
    def content(self) -> frozenset[str]:
        """Those of them that a reply may be expected to take up."""
        return frozenset(word for word in self.words if len(word) >= _LETTERS)


def features_of_sentences(draft: Draft) -> list[Features]:
    """The features of each sentence, with their first and last token."""
    found: list[Features] = []
    tokens, sentences = draft.tokens, draft.sentences
    for sentence, labels in zip(sentences, draft.labels_by_sentence, strict=True):
        part = tokens[sentence.first : sentence.last + 1]
        here = features_of(part, draft.language, labels, at=sentence.first)
        words = sum(token.kind == "word" for token in part)
        place = (sentence.first, sentence.last)
        for least in _LENGTHS:
            if words > least:
                here[f"<words {least}>"] = place
        if sentence.asks:
            here["<asks>"] = place
        found.append(here)
    return found


def features_of_draft(
    draft: Draft, sentences: list[Features], answered: Answered, *, left_out: Collection[int] = ()
) -> set[str]:
    """The features of the draft as a whole.

    Args:
        draft: The draft.
        sentences: The features of its sentences.
        answered: What it answers.
        left_out: Numbers of sentences that are left out.
    """
    kept = [number for number in range(len(sentences)) if number not in left_out]
    found = {"<whole>"}.union(*(sentences[number] for number in kept))
    if len(kept) == 1:
        found.add("<only>")
    labels = {label for number in kept for label in draft.labels_by_sentence[number]}
    asks = sum(draft.sentences[number].asks for number in kept)
    tokens = (
        token
        for number in kept
        for token in draft.tokens[draft.sentences[number].first : draft.sentences[number].last + 1]
    )
    words = [token.text for token in tokens if token.kind == "word"]
    size = len(words)
    found.update(f"<all words {least}>" for least in _LENGTHS if size > least)
    found.update(f"<asks {least}>" for least in _ASKS if asks >= least)
    brief = size <= _BRIEF
    found.update(_beside(answered, labels, set(words), draft.language, asks=asks, brief=brief))
    return found


@cache
def _hazards(language: Language, section: str) -> Collection[str]:
    return lists_of(language, "hazards").get(section, {}).keys()


def _beside(
    answered: Answered,
    labels: set[str],
    words: set[str],
    language: Language,
    *,
    asks: int,
    brief: bool,
) -> Iterator[str]:
    """What the draft is beside the customer's words and state."""
    if answered.text is not None:
        yield "<known>"
        for word in answered.words:
            yield f"c:{word}"
        for kind in answered.kinds:
            yield f"<c:{kind}>"
        share = len(answered.content & words) / max(len(answered.content), 1)
        yield from (f"<same {least}>" for least in _SHARES if share >= least)
    if not answered.state:
        return
    does = {name: not labels.isdisjoint(members) for name, members in _DOES.items()}
    cares = not words.isdisjoint(_hazards(language, "seen to"))
    does |= {"asks": asks > 0, "brief": brief, "cares": cares}
    for state in answered.state:
        yield f"<{state}>"
        for name, done in does.items():
            yield f"<{state}, {name}>" if done else f"<{state}, no {name}>"
