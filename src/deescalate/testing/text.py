"""Hostile texts: shapes that make a careless reader slow, at any length, and a strategy of them."""

import json
from base64 import b64encode
from collections.abc import Callable, Mapping
from functools import partial
from hashlib import sha256
from types import MappingProxyType
from typing import Final, TypeAlias

from hypothesis import strategies as st

__all__ = ["HOSTILE_SHAPES", "HostileShape", "hostile_texts"]

HostileShape: TypeAlias = Callable[[int], str]
"""Makes a text of a shape, of so many characters."""

_UNITS: Final = {
    # runs without a gap
    "one letter": "a",
    "capitals": "A",
    "one digit": "7",
    "one dot": ".",
    "one comma": ",",
    "exclamations": "!",
    "questions": "?",
    "apostrophes": "'",
    "hyphens": "-",
    "underscores": "_",
    "stars": "*",
    "spaces": " ",
    "tabs": "\t",
    "blank lines": "\n",
    "blank lines of a pager": "\r\n \r\n",
    "brackets never closed": "(",
    "braces never closed": "{",
    "tags never closed": "<a ",
    "entities never closed": "&#",
    "fences never closed": "```\n",
    "quotes never closed": '"',
    "commands": "\x1b[31m",
    "nothing": "\x00",
    "digits and hyphens": "1-",
    "digits and dots": "1.",
    "letters and digits": "x1",
    "stretched words": "soooooo ",
    "drawn letters": "s t u p i d ",
    # what hides words
    "marks of no width": "a\u200b",
    "joiners": "a\u200d",
    "combining marks": "e\u0301\u0301",
    "a heap of marks": "\u0301",
    "look-alikes": "\u0430a\u043e",
    "full width": "\uff41\uff42 ",
    "surrogates": "\ud83d",
    "surrogate pairs": "\ud83d\ude21",
    "emoji": "😡",
    "families": "👨‍👩‍👧 ",
    "flags": "🇩🇪",
    "entities": "&amp;&lt;&#39; ",
    "tags": "<b>no</b> ",
    "masked words": "f*ck sh1t ",
    "right to left": "\u202eon ",
    "other scripts": "не приходит ",
    "no spaces": "我的包裹没有到",
    # the forms of a message
    "quoted lines": "> I am furious\n",
    "quotes in quotes": "> > > you said\n",
    "signatures": "-- \nBob\n",
    "headers": "from: \n",
    "attributions": "On 1 May 2026, Bob wrote:\n",
    "dashes": "--\n",
    "logs": "2026-01-05 10:00:00 ERROR no\n",
    "frames": '  File "x.py", line 1\n',
    "a letter a line": "a\n",
    "roles": "Customer: hi\nAgent: hello\n",
    "clocks": "[5/1/26, 10:00:00] Ann: hi\n",
    "fields": "a,b,c\n",
    "fields never closed": 'a,"b\n',
    "messages": '{"role": "user", "content": "hi"}\n',
    # numbers, sums, times
    "sums": "$50 ",
    "sums in words": "two hundred pounds ",
    "signs of money": "$",
    "thousands": "1 000 ",
    "hundreds": "hundred and ",
    "ones": "one ",
    "fractions": "1/2 ",
    "dates": "5 January 2026 ",
    "days": "friday ",
    "clock times": "5 pm ",
    "lengths": "two weeks ",
    "half": "half ",
    "within": "within ",
    "ranges": "3 to ",
    "weeks of": "a week ",
    # what identifies
    "addresses": "ann@example.org ",
    "addresses begun": "a@",
    "addresses spelt": "x (at) y ",
    "links": "https://example.org/a?b=c ",
    "links begun": "http://",
    "phones": "+44 20 7946 0958 ",
    "phones begun": "+1-",
    "cards": "4111 1111 1111 1111 ",
    "accounts": "GB12 ",
    "handles": "@ann ",
    # words that rules begin with
    "a refund": "I want a refund of $50 by Friday. ",
    "a wish": "I want to ",
    "said": "as I already said, ",
    "sorry": "Sorry, but ",
    "not": "not ",
    "very": "very ",
    "never ever": "never ever ",
    "and": "and ",
    "you": "you ",
    "call": "call ",
    "calls": "I will call you. ",
    "threats": "I will kill you ",
    "threats begun": "i will kill ",
    "spelling": "gonna ",
    "shouting": "WHERE IS IT ",
    "insults": "you idiot, ",
    "thanks": "thank you ",
    "asking": "why? ",
    "calm": "You need to calm down. ",
    "anything but": "anything but ",
    "if": "if you ",
    "he said": 'he said "I will ',
    "promises": "I promise to ",
    "told": "I told you that you told me that ",
}


_COUNTED: Final = {
    # the same with another number each time, which no memory of sentences helps with
    "different sums": "${} ",
    "refunds": "I will refund you ${} today. ",
    "granted": "I have refunded ${}. ",
    "different promises": "I will call you on {} March. ",
    "promised times": "I will ring you in {} minutes. ",
    "deeds": "I have sent it to depot {}. ",
    "different dates": "2026-01-{} ",
    "different phones": "+44 20 7946 {} ",
    "different handles": "@ann{} ",
    "references": "order {} is late. ",
    "times": "for the {}th time! ",
    "different links": "see https://example.org/help/{} and follow it step by step. ",
    "steps": "Please restart router number{} and tell me whether light number{} is green. ",
    "apologies": "I am sorry about parcel {}. ",
    "matters": "and parcel {} is broken, ",
    "ages": "I am {} years old. ",
    "asked": "Is your number {} right? ",
    "threats with a number": "I will smash window {}. ",
    "different rows": "2026-01-05 10:00,customer,hi {}\n",
    "mails": "ann{}@example.org ",
    "different logs": "ERROR [{}] no\n",
    "names": "Customer {}: hi\n",
}


def _again(unit: str, length: int) -> str:
    return (unit * (length // len(unit) + 1))[:length]


def _counted(form: str, length: int) -> str:
    made = (form.replace("{}", str(number)) for number in range(1, length // (len(form) - 1) + 2))
    return "".join(made)[:length]


def _nested(opening: str, closing: str, length: int) -> str:
    depth = length // (len(opening) + len(closing))
    return (opening * depth + "no" + closing * depth)[:length]


def _words(length: int, *, apart: str, letters: int) -> str:
    """Words that nobody has seen, each once: what defeats every memory of words."""
    digits = (sha256(str(number).encode()).digest() for number in range(length // letters + 1))
    words = ("".join(chr(97 + each % 26) for each in found[:letters]) for found in digits)
    return apart.join(words)[:length]


def _base64(length: int) -> str:
    chunks = (sha256(str(number).encode()).digest() for number in range(length // 40 + 1))
    return b64encode(b"".join(chunks)).decode()[:length]


def _json(length: int) -> str:
    return json.dumps([{"id": number, "why": "no"} for number in range(length // 25 + 1)])[:length]


def _deeper_quotes(length: int) -> str:
    """Each line quoted once more than the one before it."""
    lines = int((2 * length) ** 0.5)
    return "\n".join(">" * depth + " no" for depth in range(lines))[:length]


HOSTILE_SHAPES: Final[Mapping[str, HostileShape]] = MappingProxyType(
    {
        **{name: partial(_again, unit) for name, unit in _UNITS.items()},
        **{name: partial(_counted, form) for name, form in _COUNTED.items()},
        "brackets": partial(_nested, "(", ")"),
        "lists": partial(_nested, "[", "]"),
        "objects": partial(_nested, '{"a":', "}"),
        "tags in tags": partial(_nested, "<div>", "</div>"),
        "quotes": partial(_nested, "“", "”"),
        "strange words": partial(_words, apart=" ", letters=7),
        "strange sentences": partial(_words, apart=". ", letters=12),
        "strange lines": partial(_words, apart="\n", letters=20),
        "base64": _base64,
        "json": _json,
        "deeper quotes": _deeper_quotes,
    }
)
"""The shapes by name. A reader of text should take time in proportion to the length of each."""


def _made(shape: HostileShape, length: int) -> str:
    return shape(length)


def hostile_texts(*, longest: int = 2_000) -> st.SearchStrategy[str]:
    """Texts of one hostile shape, or of a few one after the other.

    Args:
        longest: Characters of each part at most.

    >>> isinstance(hostile_texts(), st.SearchStrategy)
    True
    """
    shapes = st.sampled_from([*HOSTILE_SHAPES.values()])
    part = st.builds(_made, shapes, st.integers(0, longest))
    return st.lists(part, min_size=1, max_size=3).map("".join)
