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
_QUOTED: Final = re.compile(r"[ \t]{0,3}(?:>|&gt;)")
_SIGNATURE: Final = re.compile(r"(?:--|––|__) ?\r?\n?$")
_FENCE: Final = re.compile(r"\s*(?:```|~~~)")
_LEVELS: Final = r"(?:ERROR|WARN(?:ING)?|INFO|DEBUG|FATAL|TRACE|CRITICAL|SEVERE|NOTICE)\b"
# What begins with a moment and tells a level, a host and its program, or is written by a program.
_STAMPED: Final = re.compile(
    r"\s*[\[(]?(?:\d{4}-\d\d-\d\d[T ]|\d\d/\w{2,3}/\d{4}:|\w{3} [ \d]\d )?\d\d:\d\d:\d\d"
    rf"[^\n]{{0,60}}?[\s\[(]{_LEVELS}"
    r"|\s*\w{3} [ \d]\d \d\d:\d\d:\d\d [\w.-]{1,80} [\w./-]{1,80}(?:\[\d+\])?: "
    r"|\s*(?:<\d{1,3}>\d? ?)?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\S{0,20}\s"
    r"|\d{1,3}(?:\.\d{1,3}){3} - \S{1,80} \[|(?:time|level|ts)=\S{1,80} [a-z]{2,20}=\S"
    r"|[VDIWEF]/[\w.$]{1,80}\(\s*\d+\): "
    r"|[IWEF]\d{4} \d\d:\d\d:\d\d\.\d"
)
_MACHINE: Final = re.compile(
    r"\s*(?:Traceback \(most recent call last\):|File \"[^\"\n]{1,300}\", line \d+"
    r"|at [\w$<>]{1,80}(?:\.[\w$<>]{1,80})+ ?\([^()\n]{0,200}\)"
    r"|at (?:[\w$<>. ]{1,200}\()?[^()\s]{1,200}:\d+:\d+\)?\s*$|\.\.\. \d+ more\s*$|[~^]{2,}\s*$"
    r"|Caused by: [\w.]+|Exception in thread|HTTP/\d\.\d \d{3}\b"
    r"|(?:Uncaught )?\w+(?:\.\w+)*(?:Error|Exception)(?:: | \()"
    r"|panic: runtime error|goroutine \d+ \[|[\w./*]{1,80}\(0x[0-9a-f]|/\S{1,200}\.go:\d+"
    r"|thread '[^'\n]{1,80}' panicked at|\S{1,200}\.rb:\d+:in "
    r"|(?:PHP )?(?:Fatal|Parse) error: |Stack trace:\s*$|#\d+ (?:/\S+\(\d+\)|\{main\})|thrown in /"
    r"|SELECT\b[^\n]{1,400}\bFROM\b|INSERT INTO\b|UPDATE \w+ SET\b|DELETE FROM\b"
    r"|(?i:select\s+(?:\*|[\w.]{1,80}(?:,\s*[\w.]{1,80}){0,40})\s+from\s+[\w.]{1,80}\s*"
    r"(?:;|$|where\b|join\b|order by\b|group by\b|limit\b))"
    r"|(?:CREATE|ALTER|DROP) TABLE\b"
    r"|[{}\[\]]+,?\s*$|\"[\w.-]{1,60}\"\s*:\s*\S|\{[\"']\w|\[\{|</?\w+[^\n>]{0,200}>\s*$|<\?xml\b"
    r"|<(?!(?:p|b|i|u|a|q|s|em|li|td|th|tr|h\d|div|span|strong|font|small|blockquote|body|html)\b)"
    r"([\w:-]{1,60})(?:\s[^<>\n]{0,200})?>[^<\n]{0,400}</\1>\s*$"
    r"|(?:GET|POST|PUT|DELETE) /\S*)"
)
_FRAME: Final = re.compile(r"\s*File \"")
# Lines that tell nothing alone, beside another of their kind.
_LEVEL: Final = re.compile(rf"\s*[\[(]?{_LEVELS}[\]):]?\s")
_CLAUSE: Final = re.compile(
    r"\s*(?:SELECT\s+(?:\*|[\w.]{1,80}(?:,\s*[\w.]{1,80}){0,40})|FROM\s+[\w.]{1,80}(?:\s+\w{1,3})?"
    r"|(?:(?:INNER|LEFT|RIGHT) )?JOIN\s[^\n]{0,200}"
    r"|(?:WHERE|AND|SET)\s[^\n]{0,200}[=<>][^\n]{0,200}"
    r"|(?:GROUP|ORDER) BY\s[\w., ]{1,200}|LIMIT \d+)\s*;?\s*$"
)
# Each begins with a set of letters, by which a search skips what cannot be one.
_TECHNICAL: Final = re.compile(
    r"[A-Z{}<\[(:=s](?:(?<=[{}<\[(=])|(?<=[A-Z])[A-Z]{3}|(?<=E)(?:rror|xception)|(?<=C)aused"
    r"|(?<=\d:)\d\d|(?<=s)elect )"
)
_EXACT: Final = re.compile(r"\d:\d\d|@|\b(?:19|20)\d\d\b")
_ADDRESS: Final = re.compile(r"@|\b(?:19|20)\d\d\b.*\d:\d\d", re.DOTALL)
_SECRETS: Final = 2
_LONG_SIGNATURE: Final = 15


class _Mail(NamedTuple):
    """How mail programs speak in a language, as patterns."""

    wrote: re.Pattern[str]
    on: re.Pattern[str]
    wrote_end: re.Pattern[str]
    history: re.Pattern[str]
    from_: re.Pattern[str]
    header: re.Pattern[str]
    said: re.Pattern[str]
    sent_from: re.Pattern[str]
    footer: tuple[re.Pattern[str], re.Pattern[str]]
    alone: re.Pattern[str]
    own: re.Pattern[str]
    told: re.Pattern[str]


@cache
def _mail(words: Words) -> _Mail:
    def either(section: str) -> str:
        return "(?:" + "|".join(map(re.escape, words.section("mail", section))) + ")"

    def compiled(pattern: str) -> re.Pattern[str]:
        return re.compile(pattern, re.IGNORECASE)

    on, marks = rf"[ \t]*{either('on')}\b", r"[-=_*#\s]"
    wrote, colon = rf"\b{either('wrote')}\b[^\n:]{{0,80}}:\s*$", r"\*?[ \t\u00a0]?:\*?"
    return _Mail(
        wrote=compiled(rf"{on}(?=.{{0,120}}\d).{{0,300}}{wrote}"),
        on=compiled(rf"{on}(?=.{{0,120}}\d)"),
        wrote_end=compiled(rf".{{0,160}}{wrote}"),
        history=compiled(rf"{marks}{{0,20}}{either('history')}{marks}{{0,20}}$|\s*_{{20,}}\s*$"),
        from_=compiled(rf"[ \t]*\*?{either('from')}{colon}[ \t]*\S"),
        header=compiled(rf"[ \t]*\*?{either('headers')}{colon}"),
        said=compiled(rf"[^\n]{{0,200}}{wrote}"),
        sent_from=compiled(rf"[ \t]*{either('sent from')}[^\n]{{0,40}}$"),
        footer=(
            compiled(rf"\b{either('footer about')}\b"),
            compiled(rf"\b{either('footer secrecy')}"),
        ),
        alone=compiled(rf"\b{either('footer alone')}\b"),
        own=compiled(rf"\b{either('own')}\b"),
        told=compiled(rf"\b(?:{either('own')}|{either('told')})\b"),
    )


def is_plain(text: str) -> bool:
    """Whether a look at a single line says that all of it was written by hand.

    >>> is_plain("Where is my parcel?")
    True
    """
    if "\n" in text or not _TECHNICAL.search(text):
        return "\n" not in text
    return not (_MACHINE.match(text) or _STAMPED.match(text))


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
        if _QUOTED.match(line) or mail.sent_from.match(line) or _introduces(lines, at, mail):
            keep[at] = False
        elif attribution := _attribution(lines, at, mail):
            after = next((each for each in lines[at + attribution :] if each.strip()), "")
            said = "".join(lines[at : at + attribution])
            exact = bool(_ADDRESS.search(said)) and not mail.told.search(said)
            if exact or _QUOTED.match(after):
                keep[at : at + attribution] = [False] * attribution
            if written and exact and not _QUOTED.match(after):
                keep[at:] = [False] * (len(lines) - at)
            written = written or not exact
        elif written and (_is_history(lines, at, mail) or _is_signature(lines, at)):
            keep[at:] = [False] * (len(lines) - at)
        else:
            written = written or any(letter.isalnum() for letter in line)
    return _without_footers(lines, keep, mail)


def _introduces(lines: Sequence[str], at: int, mail: _Mail) -> bool:
    """Whether a line says of the quoted lines under it whose they are, in any language."""
    if not lines[at].rstrip().endswith(":"):
        return False
    after = next((each for each in lines[at + 1 : at + 3] if each.strip()), "")
    told = _EXACT.search(lines[at]) or mail.said.match(lines[at])
    return bool(_QUOTED.match(after) and told)


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
        if written and _is_footer(paragraph, mail):
            keep[first:last] = [False] * (last - first)
        written = written or any(keep[first:last])
        first = last + 1
    return keep


def _is_footer(paragraph: str, mail: _Mail) -> bool:
    about, secrecy = mail.footer
    marks = {mark.lower() for mark in secrecy.findall(paragraph)}
    told = about.search(paragraph) and len(marks) >= _SECRETS
    return bool((told or mail.alone.search(paragraph)) and not mail.own.search(paragraph))


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
        elif _LEVEL.match(line) or _CLAUSE.match(line):
            near = [*lines[max(at - 1, 0) : at], *lines[at + 1 : at + 2]]
            alike = (_LEVEL, _STAMPED) if _LEVEL.match(line) else (_CLAUSE,)
            keep[at] = not any(kind.match(each) for kind in alike for each in near)
    return keep
