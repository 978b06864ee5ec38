"""Clarity: few questions, few words, no blanks, no shouting."""

import re
from collections.abc import Iterator

from deescalate.cues import Span
from deescalate.wording._draft import Draft, Hit
from deescalate.wording._needs import SituationLike
from deescalate.wording._settings import Limits

__all__ = ["clarity_hits"]

_BLANK = re.compile(
    r"\{\{[^{}\n]{1,40}\}\}|\{[a-z]{2,20}(?:_[a-z]{1,20}){0,3}\}"
    r"|\[[^\[\]\n]{0,60}such as:[^\[\]\n]{0,60}\]"
    r"|[\[<](?:[A-Z]{2,12}[ _]){0,3}"
    r"(?:NAME|DATE|TIME|AMOUNT|NUMBER|AGENT|CUSTOMER|LINK|COMPANY|ORDER)[\]>]"
    r"|\bX{3,20}\b|_{4,20}"
)
_MAYBE_BLANK = re.compile(r"[{\[<]|XXX|____")


def clarity_hits(draft: Draft, limits: Limits, situation: SituationLike | None) -> Iterator[Hit]:
    """What makes a reply hard to take in; jargon is found elsewhere."""
    distress = 0.0 if situation is None else situation.distress
    upset, furious = distress >= limits.upset, distress >= limits.furious
    yield from _questions(draft, limits.questions if upset else limits.questions_calm)
    allowed = limits.words_furious if furious else limits.words_upset if upset else limits.words
    if draft.words > allowed:
        suggestion = f"say it in {allowed} words or fewer: this has {draft.words}"
        yield Hit(code="C602", span=Span(0, len(draft.text)), suggestion=suggestion)
    yield from _long_sentences(draft, limits.sentence_words)
    for blank in _BLANK.finditer(draft.text) if _MAYBE_BLANK.search(draft.text) else ():
        yield Hit(code="C607", span=Span(*blank.span()))
    yield from _shouting(draft, limits.shouted)


def _questions(draft: Draft, allowed: int) -> Iterator[Hit]:
    """Too many questions, also where one sentence strings them together."""
    asked: list[Span] = []
    begun = iter([*draft.signs("question"), draft.end])
    start = next(begun)
    for each in draft.sentences:
        place = draft.span(each.first, each.last)
        here: list[Span] = []
        while start.start < place.end:
            here.append(Span(start.start, place.end))
            start = next(begun)
        if each.asks:
            asked += here or [place]
    if len(asked) > allowed:
        yield Hit(code="C601", span=Span(asked[allowed].start, asked[-1].end))


def _long_sentences(draft: Draft, allowed: int) -> Iterator[Hit]:
    for each, words in zip(draft.sentences, draft.cut.said, strict=True):
        if len(words) > allowed:
            yield Hit(code="C606", span=draft.span(each.first, each.last))


def _shouting(draft: Draft, allowed: int) -> Iterator[Hit]:
    run: list[int] = []
    for index, (text, start, end, kind, shouted, _) in enumerate(draft.tokens):
        if kind == "punct" and end - start > 1 and text.strip("!?") == "":
            one = "?" if "?" in draft.text[start:end] else "!"
            yield Hit(code="T112", span=Span(start, end), replacement=one)
        if kind == "word" and shouted:
            run.append(index)
        elif run and kind in ("word", "number", "punct"):
            yield from _shouted(draft, run, allowed)
            run = []
    yield from _shouted(draft, run, allowed)


def _shouted(draft: Draft, run: list[int], allowed: int) -> Iterator[Hit]:
    if len(run) >= max(allowed, 1):
        yield Hit(code="T112", span=draft.span(run[0], run[-1]))
