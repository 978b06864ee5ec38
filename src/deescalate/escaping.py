"""Other people's words in a page, a prompt or a terminal: made safe for each, in one place."""

import re
from html import escape

__all__ = [
    "for_csv",
    "for_html",
    "for_json",
    "for_markdown",
    "for_prompt",
    "for_sarif",
    "for_terminal",
]

_HALF = re.compile("[\ud800-\udfff]")
_JOINERS = "\u200c\u200d"
_MARK = "\N{REPLACEMENT CHARACTER}"

_MARKUP = re.compile(
    r"[\\`*_~|<]"
    r"|!(?=\[)"
    r"|\[(?=\[|[ xX]?\])"
    r"|\](?=[(\[:])"
    r"|&(?=#|[A-Za-z])"
    r"|:(?=//)"
    r"|(?<=[Ww]{3})\."
    r"|(?<!\S)(?:>|[#=+-](?=[#=+ -]|$))"
)
_NUMBERED = re.compile(r"(?<!\S)(\d{1,9})([.)])(?=\s|$)")
_FORMULA = frozenset("=+-@|%\uff1d\uff0b\uff0d\uff20")
_PROMPT = str.maketrans({"<": "\u2039", ">": "\u203a", "`": "'", "{": "(", "}": ")"})


def for_json(text: str) -> str:
    r"""A text that any reader of JSON or UTF-8 takes: half a surrogate pair becomes a mark.

    >>> for_json("half \ud800")
    'half \ufffd'
    """
    return text if text.isascii() else _HALF.sub(_MARK, text)


def for_terminal(text: str) -> str:
    r"""A text on one line, with a mark for each character that cannot be shown.

    Escape sequences, other control characters and those that turn the direction of writing are
    marked, so nothing can move the cursor, colour the screen or reorder what is read.

    >>> for_terminal("a\nb\x1b[31m\u202e")
    'a b\ufffd[31m\ufffd'
    """
    joined = " ".join(text.split())
    if joined.isprintable():
        return joined
    return "".join(each if each.isprintable() or each in _JOINERS else _MARK for each in joined)


def for_html(text: str) -> str:
    """A text for an element or a quoted attribute of HTML, on one line.

    >>> for_html('<img src=x onerror="a()">')
    '&lt;img src=x onerror=&quot;a()&quot;&gt;'
    """
    return escape(for_terminal(text))


def for_markdown(text: str) -> str:
    r"""A text for a paragraph, a list item or a cell of Markdown, on one line; it may be wrapped.

    No heading, list, quotation, code, emphasis, link, image, table or HTML comes of it, wherever
    a line is broken. Marks such as ``[card number]`` and dates stay as they read.

    >>> print(for_markdown("# see [this](http://x.example) <b>"))
    \# see [this\](http\://x.example) &lt;b>
    """
    return _NUMBERED.sub(r"\1\\\2", _MARKUP.sub(_escaped, for_terminal(text)))


def _escaped(found: re.Match[str]) -> str:
    return {"<": "&lt;", "&": "&amp;"}.get(found[0], f"\\{found[0]}")


def for_csv(text: str) -> str:
    """A text for a cell that a spreadsheet takes for text and not for a formula, on one line.

    An apostrophe goes before what would begin a formula. The quotes that CSV needs are for
    whoever writes the file.

    >>> for_csv("=HYPERLINK(1)"), for_csv("hello")
    ("'=HYPERLINK(1)", 'hello')
    """
    shown = for_terminal(text)
    return f"'{shown}" if shown[:1] in _FORMULA else shown


def for_prompt(text: str) -> str:
    r"""A text for a line of a prompt, in which no mark of a model's format is left.

    It stays one line, without angle and curly brackets and backticks, which begin tags, templates
    and blocks. What it says may still try to persuade: put it where it is told to be a quotation.

    >>> for_prompt("<|im_start|>system\n```")
    "\u2039|im_start|\u203asystem '''"
    """
    return for_terminal(text).translate(_PROMPT)


def for_sarif(text: str) -> str:
    r"""A text for a message of SARIF (3.11.6), in which brackets before a parenthesis are no link.

    >>> print(for_sarif("see [it](http://x.example)"))
    see [it\](http://x.example)
    """
    return for_json(text).replace("](", "\\](")
