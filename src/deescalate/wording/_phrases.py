"""Phrases that make a reply worse, each with what may safely stand in its place."""

from collections.abc import Iterator

from deescalate.cues import Span
from deescalate.moves import Move
from deescalate.text.phrases import Match
from deescalate.wording._draft import Draft, Hit

__all__ = ["negative_hits", "orders_hits", "phrase_hits"]

_CLOSERS = frozenset(",:;-–—")
_BESIDE_ORDERS = frozenset(
    {"sign.orders_kindly", "sign.gives_why", "sign.safety", "sign.courtesy"}
    | {Move.APOLOGISE, Move.THANK, Move.SAFETY_CHECK, Move.SEEK_HELP, Move.GIVE_SPACE}
)
"""What makes more of orders than orders."""


def phrase_hits(draft: Draft) -> Iterator[Hit]:
    """Every phrase that a code speaks against."""
    reached: dict[str, int] = {}
    for match in draft.phrases:
        if match.first >= reached.get(match.label, 0):
            reached[match.label] = match.last + 1
            yield _hit(draft, match)


def negative_hits(draft: Draft) -> Iterator[Hit]:
    """What cannot be done, where nothing is said about what can."""
    on = any(each.asks for each in draft.sentences) or any(t.kind == "url" for t in draft.tokens)
    if not on and next(draft.signs("can"), None) is None:
        for span in draft.signs("cannot"):
            yield Hit(code="T107", span=span)


def orders_hits(draft: Draft) -> Iterator[Hit]:
    """Orders and nothing beside them: no word of what we do ourselves, why it helps, or please."""
    kept = [
        labels
        for number, labels in enumerate(draft.labels_by_sentence)
        if number not in draft.spoilt_sentences
    ]
    labels = frozenset[str]().union(*kept)
    bare = bool(kept) and all("sign.order" in each for each in kept)
    if bare and labels.isdisjoint(_BESIDE_ORDERS) and not draft.speaks_of_us:
        yield Hit(code="T121", span=Span(0, len(draft.text)))


def _hit(draft: Draft, match: Match) -> Hit:
    also = match.rule.also
    span = draft.span(match.first, match.last)
    if "swap" in also:
        replacement = _swapped(draft, match, str(also["swap"]), str(also["by"]))
        return Hit(code=match.label, span=span, replacement=replacement)
    if "replace" not in also:
        return Hit(code=match.label, span=span)
    words = str(also["replace"])
    if words:
        kept = match.last - int(str(also.get("keep", 0)))
        tail = draft.text[draft.tokens[kept].end : span.end]
        words = _cased(draft, match.first, words) + tail
        return Hit(code=match.label, span=span, replacement=words)
    return _without(draft, match)


def _swapped(draft: Draft, match: Match, old: str, new: str) -> str:
    """The passage with one of its words changed; a full stop also ends the sentence there."""
    tokens = draft.tokens
    place = next(i for i in range(match.last, match.first - 1, -1) if tokens[i].text == old)
    start, end = tokens[match.first].start, tokens[match.last].end
    before, after = draft.text[start : tokens[place].start], draft.text[tokens[place].end : end]
    if new != ".":
        return before + _cased(draft, place, new) + after
    return before.rstrip().rstrip(",;-–—").rstrip() + "." + _capitalised_first(after)


def _cased(draft: Draft, index: int, words: str) -> str:
    """The words, with a capital where the word they replace has one."""
    token = draft.tokens[index]
    if draft.text[token.start].isupper() and not token.shouted:
        return words[:1].upper() + words[1:]
    return words


def _without(draft: Draft, match: Match) -> Hit:
    """Take the passage out; where it began a sentence, the next word begins it now."""
    text, tokens = draft.text, draft.tokens
    after = match.last + 1
    while after < len(tokens) and text[tokens[after].start] in _CLOSERS:
        after += 1
    start = tokens[match.first].start
    if after < len(tokens) and tokens[after].kind == "word" and _begins(draft, match.first):
        end = tokens[after].end
        word = text[tokens[after].start : end]
        return Hit(code=match.label, span=Span(start, end), replacement=_capitalised(word))
    before = tokens[match.first - 1].end if match.first else 0
    if after < len(tokens) and (match.first == 0 or "\n" in text[before:start]):
        return Hit(code=match.label, span=Span(start, tokens[after].start), replacement="")
    return Hit(code=match.label, span=Span(before, tokens[match.last].end), replacement="")


def _begins(draft: Draft, index: int) -> bool:
    """Whether a token is the first word of its sentence, or written as one."""
    return draft.text[draft.tokens[index].start].isupper()


def _capitalised_first(text: str) -> str:
    """Capitalise the first word of a passage that may begin with white space."""
    word = text.lstrip()
    return text[: len(text) - len(word)] + _capitalised(word)


def _capitalised(word: str) -> str:
    """A capital first letter, unless the word has capitals of its own such as iPhone."""
    plain = word.split(" ", 1)[0]
    return word if plain[1:].lower() != plain[1:] else word[:1].upper() + word[1:]
