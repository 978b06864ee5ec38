"""What a customer newly wrote: not quoted mail, signatures, footers, logs and code.

A sentence of the customer's own is never lost while there is doubt: where nothing of their own
would be left beside quoted mail, all of it is taken for theirs.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Final, NamedTuple

from deescalate.text._tokens import Span
from deescalate.text._words import Words

__all__ = ["is_plain", "own_spans"]

_LINE: Final = re.compile(r"[^\n]*\n?")
_QUOTED: Final = re.compile(r"[ \t]{0,3}>")
_SIGNATURE: Final = re.compile(r"(?:--|––|__) ?\r?\n?$")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_STAMPED: Final = re.compile(
    r"\s*[\[(]?(?:\d{4}-\d\d-\d\d[T ]|\d\d/\w{2,3}/\d{4}:|\w{3} \d\d )?\d\d:\d\d:\d\d"
    r"[\d.,:Z+\] -]{0,20}\s*"
    r"[\[(]?(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|TRACE|CRITICAL|SEVERE|NOTICE)\b"
)
_MACHINE: Final = re.compile(
    r"\s*(?:Traceback \(most recent call last\):|File \"[^\"\n]{1,300}\", line \d+"
    r"|at [\w.$<>]{3,200}\([\w.]{0,80}(?::\d+)?\)|Caused by: [\w.]+"
    r"|Exception in thread|HTTP/\d\.\d \d{3}\b|\w+(?:\.\w+)*(?:Error|Exception): "
    r"|SELECT\b[^\n]{1,400}\bFROM\b|INSERT INTO\b|UPDATE \w+ SET\b|DELETE FROM\b"
    r"|(?:CREATE|ALTER|DROP) TABLE\b"
    r"|[{}\[\]]+,?\s*$|\"[\w.-]{1,60}\"\s*:\s*\S|\{\"|\[\{|</?\w+[^\n>]{0,200}>\s*$"
    r"|(?:GET|POST|PUT|DELETE) /\S*)"
)
_FRAME: Final = re.compile(r"\s*File \"")
_LEVEL: Final = re.compile(
    r"\s*[\[(]?(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|TRACE|CRITICAL|SEVERE)\b[\]):]?\s"
)
_TECHNICAL: Final = re.compile(r"[A-Z]{4}|[{}<\[(]|Error|Exception|Caused")
_LONG_SIGNATURE: Final = 15


class _Mail(NamedTuple):
    """How mail programs speak in a language, as patterns."""

    wrote: re.Pattern[str]
    on: re.Pattern[str]
    wrote_end: re.Pattern[str]
    history: re.Pattern[str]
    from_: re.Pattern[str]
    header: re.Pattern[str]
    sent_from: re.Pattern[str]
    footer: tuple[re.Pattern[str], re.Pattern[str]]


@cache
def _mail(words: Words) -> _Mail:
    def either(section: str) -> str:
        return "(?:" + "|".join(map(re.escape, words.section("mail", section))) + ")"

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    on, wrote = rf"[ \t]*{either('on')}\b", rf"\b{either('wrote')}[ \t]*:\s*$"
    return _Mail(
        wrote=compiled(rf"{on}(?=.{{0,120}}\d).{{0,300}}{wrote}"),
        on=compiled(rf"{on}(?=.{{0,120}}\d)"),
        wrote_end=compiled(rf".{{0,160}}{wrote}"),
        history=compiled(
            rf"\s*(?:-{{2,20}}\s*{either('history')}[\s-]*|{either('history')}|_{{20,}})\s*$"
        ),
        from_=compiled(rf"[ \t]*\*?{either('from')}\*?[ \t]*\S"),
        header=compiled(rf"[ \t]*\*?{either('headers')}"),
        sent_from=compiled(rf"[ \t]*{either('sent from')}\b[^\n]{{0,40}}$"),
        footer=(
            compiled(rf"\b{either('footer about')}\b"),
            compiled(rf"\b{either('footer secrecy')}"),
        ),
    )


def is_plain(text: str) -> bool:
    """Whether a look at a single line says that all of it was written by hand.

    >>> is_plain("Where is my parcel?")
    True
    """
    return "\n" not in text and not (_TECHNICAL.search(text) and _MACHINE.match(text))


def own_spans(text: str, words: Words) -> tuple[Span, ...] | None:
    r"""The passages that were newly written; ``None`` where that is the whole text.

    >>> from deescalate.languages import ENGLISH
    >>> from deescalate.text._words import words_of
    >>> text = "Thanks, all sorted.\n> I am furious."
    >>> [span.of(text) for span in own_spans(text, words_of(ENGLISH)) or ()]
    ['Thanks, all sorted.\n']
    """
    lines = [found.span() for found in _LINE.finditer(text) if found.end() > found.start()]
    shown = [text[start:end] for start, end in lines]
    kept = _without_machines(shown, [True] * len(lines))
    quoted = _without_mail(shown, kept, _mail(words))
    if any(
        keep and any(letter.isalnum() for letter in line)
        for keep, line in zip(quoted, shown, strict=True)
    ):
        kept = quoted
    if all(kept):
        return None
    return tuple(_merged(lines, kept))


def _merged(lines: Sequence[tuple[int, int]], kept: Sequence[bool]) -> list[Span]:
    spans: list[Span] = []
    for (start, end), keep in zip(lines, kept, strict=True):
        if keep and spans and spans[-1].end == start:
            spans[-1] = Span(spans[-1].start, end)
        elif keep:
            spans.append(Span(start, end))
    return spans


def _without_mail(lines: Sequence[str], kept: Sequence[bool], mail: _Mail) -> list[bool]:
    """Leave out quoted mail, what stands under a signature, and footers."""
    keep = list(kept)
    written = False
    for at, line in enumerate(lines):
        if not keep[at]:
            continue
        if _QUOTED.match(line) or mail.sent_from.match(line):
            keep[at] = False
        elif attribution := _attribution(lines, at, mail):
            after = next((each for each in lines[at + attribution :] if each.strip()), "")
            keep[at : at + attribution] = [False] * attribution
            if written and not _QUOTED.match(after):
                keep[at:] = [False] * (len(lines) - at)
        elif written and (_is_history(lines, at, mail) or _is_signature(lines, at)):
            keep[at:] = [False] * (len(lines) - at)
        else:
            written = written or any(letter.isalnum() for letter in line)
    return _without_footers(lines, keep, mail)


def _attribution(lines: Sequence[str], at: int, mail: _Mail) -> int:
    """How many lines say "On Monday, 5 January 2026, somebody wrote:" from here on."""
    if mail.wrote.match(lines[at]):
        return 1
    wraps = at + 1 < len(lines) and mail.on.match(lines[at]) and mail.wrote_end.match(lines[at + 1])
    return 2 if wraps else 0


def _is_history(lines: Sequence[str], at: int, mail: _Mail) -> bool:
    if mail.history.match(lines[at]):
        return True
    return bool(mail.from_.match(lines[at])) and any(
        mail.header.match(each) for each in lines[at + 1 : at + 4]
    )


def _is_signature(lines: Sequence[str], at: int) -> bool:
    return bool(_SIGNATURE.match(lines[at])) and len(lines) - at <= _LONG_SIGNATURE


def _without_footers(lines: Sequence[str], keep: list[bool], mail: _Mail) -> list[bool]:
    """Leave out paragraphs that speak of the mail and of secrecy, where others go before them."""
    first = last = 0
    written = False
    while first < len(lines):
        last = first
        while last < len(lines) and lines[last].strip():
            last += 1
        paragraph = "".join(lines[first:last])
        if written and all(mark.search(paragraph) for mark in mail.footer):
            keep[first:last] = [False] * (last - first)
        written = written or any(keep[first:last])
        first = last + 1
    return keep


def _without_machines(lines: Sequence[str], kept: Sequence[bool]) -> list[bool]:
    """Leave out fenced code, logs, stack traces, queries and data."""
    keep = list(kept)
    fenced = -1
    for at, line in enumerate(lines):
        if _FENCE.match(line):
            if fenced < 0:
                fenced = at
            else:
                keep[fenced : at + 1] = [False] * (at + 1 - fenced)
                fenced = -1
        elif _MACHINE.match(line) or _STAMPED.match(line):
            keep[at] = False
            if _FRAME.match(line) and lines[at + 1 : at + 2] and lines[at + 1][:1].isspace():
                keep[at + 1] = False
        elif _LEVEL.match(line):
            near = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
            keep[at] = not any(_LEVEL.match(each) or _STAMPED.match(each) for each in near)
    return keep
