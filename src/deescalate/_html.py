"""Parts of pages: elements that escape what they are given, tables, marked text, courses in SVG.

A page needs nothing from elsewhere: no script, no font, no picture. It follows the reader's choice
of light or dark and is read on a telephone too.
"""

from collections.abc import Iterable, Sequence
from html import escape
from itertools import pairwise

from attrs import frozen

from deescalate.escaping import for_html

__all__ = ["Mark", "Markup", "Point", "bar", "course", "fragment", "marked", "page", "table", "tag"]

STYLE = """
.deescalate{--ink:#1d2433;--soft:#5a6478;--line:#d9dee8;--ground:#fff;--card:#f5f7fb;--good:#1b7f5a;
--warn:#9a6400;--bad:#b3261e;--cool:#2457b3;--up:196 60 32;--down:24 128 92;color:var(--ink);
background:var(--ground);font:16px/1.55 system-ui,-apple-system,"Segoe UI",Roboto,sans-serif;
overflow-wrap:anywhere}
@media(prefers-color-scheme:dark){.deescalate{--ink:#e6e9f0;--soft:#a3adc0;--line:#39415a;
--ground:#141824;--card:#1d2333;--good:#5fcf9f;--warn:#f0b54a;--bad:#ff8f85;--cool:#8fb5ff;
--up:255 122 92;--down:82 200 150;color-scheme:dark}}
.deescalate *{box-sizing:border-box}
.deescalate h1{font-size:1.5rem;line-height:1.25;margin:.2em 0 .6em}
.deescalate h2{font-size:1.15rem;margin:1.6em 0 .5em}
.deescalate p,.deescalate ul,.deescalate ol{margin:.4em 0}
.deescalate ul,.deescalate ol{padding-left:1.3em}
.deescalate svg{display:block;width:100%;max-width:44rem;height:auto}
.deescalate svg text{fill:var(--soft);font:11px system-ui,sans-serif}
.deescalate .card{background:var(--card);border:1px solid var(--line);border-left-width:4px;
border-radius:8px;padding:.7em .9em;margin:.7em 0}
.deescalate .customer{border-left-color:var(--cool)}
.deescalate .agent{border-left-color:var(--soft)}
.deescalate .said{white-space:pre-wrap;margin:.2em 0 .5em;font-size:1.05em}
.deescalate .soft{color:var(--soft);font-size:.9em}
.deescalate .good{color:var(--good)}.deescalate .warn{color:var(--warn)}
.deescalate .bad{color:var(--bad)}
.deescalate .tag{display:inline-block;border:1px solid currentColor;border-radius:99px;
padding:0 .6em;margin:.1em .3em .1em 0;font-size:.85em}
.deescalate mark{color:inherit;border-radius:3px;background:rgb(var(--up)/calc(var(--w,.5)*.6))}
.deescalate mark.down{background:rgb(var(--down)/calc(var(--w,.5)*.6))}
.deescalate mark.cue{border-bottom:2px solid var(--warn)}
.deescalate mark.cue:not(.up):not(.down){background:none}
.deescalate .wide{overflow-x:auto;margin:.6em 0}
.deescalate table{border-collapse:collapse;font-size:.92em;margin:0}
.deescalate th,.deescalate td{border:1px solid var(--line);padding:.3em .6em;text-align:left;
vertical-align:top;overflow-wrap:normal}
.deescalate th{background:var(--card)}
.deescalate tr.hit td{background:rgb(var(--down)/.22)}
"""
_PAGE_STYLE = (
    "html{background:#fff}@media(prefers-color-scheme:dark){html{background:#141824}}"
    "body{margin:0}.deescalate{max-width:52rem;margin:0 auto;padding:1rem}"
)
_POLICY = "default-src 'none'; style-src 'unsafe-inline'"
_VOID = frozenset({"meta", "br"})
_JOINERS = "\u200c\u200d"


class Markup(str):
    """HTML that is made: it is not escaped again, and notebooks show it.

    >>> tag("b", Markup("<i>"), "<i>")
    '<b><i>&lt;i&gt;</b>'
    """

    __slots__ = ()

    def _repr_html_(self) -> str:
        return str(self)


def tag(name: str, /, *inside: object, **attributes: object) -> Markup:
    """An element; texts in it and its attributes are escaped, what is `Markup` stands.

    Args:
        name: Of the element.
        inside: Texts, markup; ``None`` is left out.
        attributes: An underscore stands for a hyphen and is dropped at the end; ``None`` is none.

    >>> tag("p", "a < b", class_="soft")
    '<p class="soft">a &lt; b</p>'
    """
    told = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{for_html(str(value))}"'
        for key, value in attributes.items()
        if value is not None
    )
    body = "".join(_safe(each) for each in inside if each is not None)
    return Markup(f"<{name}{told}>" if name in _VOID else f"<{name}{told}>{body}</{name}>")


def _safe(part: object) -> str:
    return part if isinstance(part, Markup) else _words(str(part))


def _words(text: str) -> str:
    """A text as it stands, its spaces too; what cannot be shown is marked."""
    return escape(text if text.isprintable() else "".join(map(_shown, text)))


def fragment(*body: object) -> Markup:
    """Parts for a notebook, with their style.

    >>> fragment(tag("p", "hi")).endswith("</style><p>hi</p></div>")
    True
    """
    return tag("div", tag("style", Markup(STYLE)), *body, class_="deescalate")


def page(title: str, *body: object, lang: str = "en") -> Markup:
    """A whole page of its own.

    Args:
        title: Also its heading.
        body: Its parts.
        lang: The language, as HTML names it.

    >>> page("Desk").startswith("<!doctype html>")
    True
    """
    head = tag(
        "head",
        tag("meta", charset="utf-8"),
        tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
        tag("meta", name="color-scheme", content="light dark"),
        tag("meta", http_equiv="Content-Security-Policy", content=_POLICY),
        tag("title", title),
        tag("style", Markup(STYLE + _PAGE_STYLE)),
    )
    main = tag("main", tag("h1", title), *body, class_="deescalate")
    return Markup(f"<!doctype html>\n{tag('html', head, tag('body', main), lang=lang)}\n")


def table(
    head: Sequence[str], rows: Iterable[Sequence[object]], hits: Iterable[int] = ()
) -> Markup:
    """A table that scrolls by itself where the screen is narrow.

    Args:
        head: The names of its columns.
        rows: Texts or markup, as many a row.
        hits: Rows that are marked, from 0.

    >>> "&lt;b&gt;" in table(["a"], [["<b>"]])
    True
    """
    marks = frozenset(hits)
    lines = [
        tag("tr", *(tag("td", cell) for cell in row), class_="hit" if place in marks else None)
        for place, row in enumerate(rows)
    ]
    heads = tag("tr", *(tag("th", name, scope="col") for name in head))
    return tag("div", tag("table", tag("thead", heads), tag("tbody", *lines)), class_="wide")


@frozen
class Mark:
    """A passage that stands out.

    Attributes:
        start: Of its first character.
        end: After its last.
        title: What is said of it.
        style: ``up``, ``down`` or ``cue``.
        weight: How strongly, 0 to 1.
    """

    start: int
    end: int
    title: str
    style: str = "cue"
    weight: float = 0.5


def marked(text: str, marks: Iterable[Mark]) -> Markup:
    r"""A text whose passages stand out; its line breaks stay, nothing in it is markup.

    >>> marked("so <bad>", [Mark(3, 8, "anger")])
    'so <mark class="cue" title="anger">&lt;bad&gt;</mark>'
    """
    known = [each for each in marks if 0 <= each.start < each.end <= len(text)]
    begins: dict[int, list[Mark]] = {}
    for each in known:
        begins.setdefault(each.start, []).append(each)
    edges = sorted({0, len(text), *begins, *(each.end for each in known)})
    parts: list[str] = []
    over: list[Mark] = []
    for start, end in pairwise(edges):
        over = [each for each in over if each.end > start] + begins.get(start, [])
        parts.append(_piece(text[start:end], over))
    return Markup("".join(parts))


def _piece(text: str, over: Sequence[Mark]) -> str:
    shown = Markup(_words(text))
    if not over:
        return shown
    titles = "; ".join(dict.fromkeys(each.title for each in over))
    painted = sorted((each for each in over if each.style != "cue"), key=lambda each: each.weight)
    styles = ["cue"] if len(painted) < len(over) else []
    style = None
    if painted:
        styles.append(painted[-1].style)
        style = f"--w:{min(painted[-1].weight, 1.0):.2f}"
    return tag("mark", shown, class_=" ".join(styles), style=style, title=titles)


def _shown(char: str) -> str:
    if char.isprintable() or char in _JOINERS or char == "\n":
        return char
    return " " if char.isspace() else "\N{REPLACEMENT CHARACTER}"


@frozen
class Point:
    """One point of a course.

    Attributes:
        value: Its height, 0 to 1.
        low: The lower end of its interval.
        high: The upper end.
        title: What is said of it.
        up: Whether something is marked here, such as a case that goes up.
    """

    value: float
    low: float
    high: float
    title: str
    up: bool = False


_WIDE, _HIGH, _LEFT, _TOP = 360, 150, 28, 12


def course(points: Sequence[Point], *, title: str) -> Markup:
    """A course from 0 to 1 with its interval, as a picture that can be read aloud.

    Args:
        points: In order; none gives an empty frame.
        title: What it shows.

    >>> course([Point(0.2, 0.1, 0.3, "first")], title="distress").count("<circle")
    1
    """
    across = (_WIDE - _LEFT - 10) / max(len(points) - 1, 1)

    def at(place: int, value: float) -> str:
        return f"{_LEFT + 4 + place * across:.1f},{_down(value):.1f}"

    lines = [
        Markup(
            f'<line x1="{_LEFT}" x2="{_WIDE - 4}" y1="{_down(each):.1f}" y2="{_down(each):.1f}" '
            f'stroke="var(--line)"/><text x="2" y="{_down(each) + 4:.1f}">{each:g}</text>'
        )
        for each in (0.0, 0.5, 1.0)
    ]
    highs = [at(place, each.high) for place, each in enumerate(points)]
    lows = [at(place, each.low) for place, each in enumerate(points)]
    middle = [at(place, each.value) for place, each in enumerate(points)]
    band = " ".join((*highs, *reversed(lows)))
    dots = [
        tag(
            "circle",
            tag("title", each.title),
            cx=middle[place].split(",")[0],
            cy=middle[place].split(",")[1],
            r="5" if each.up else "3.5",
            fill="var(--bad)" if each.up else "var(--cool)",
        )
        for place, each in enumerate(points)
    ]
    return tag(
        "svg",
        tag("title", title),
        *lines,
        tag("polygon", points=band, fill="var(--cool)", fill_opacity="0.18"),
        tag("polyline", points=" ".join(middle), fill="none", stroke="var(--cool)", stroke_width=2),
        *dots,
        viewBox=f"0 0 {_WIDE} {_HIGH + 8}",
        role="img",
        aria_label=title,
    )


def _down(value: float) -> float:
    return _TOP + (1.0 - min(max(value, 0.0), 1.0)) * (_HIGH - 2 * _TOP)


def bar(value: float, low: float, high: float, *, title: str) -> Markup:
    """One number from 0 to 1 with its interval, on a line.

    >>> "aria-label" in bar(0.5, 0.4, 0.6, title="score")
    True
    """

    def across(number: float) -> float:
        return 4 + min(max(number, 0.0), 1.0) * (_WIDE - 8)

    left, right = across(low), across(high)
    return tag(
        "svg",
        tag("title", title),
        Markup(
            f'<line x1="4" x2="{_WIDE - 4}" y1="9" y2="9" stroke="var(--line)" stroke-width="4"/>'
            f'<line x1="{left:.1f}" x2="{right:.1f}" y1="9" y2="9" stroke="var(--cool)" '
            'stroke-width="8" stroke-opacity="0.35"/>'
            f'<circle cx="{across(value):.1f}" cy="9" r="5" fill="var(--cool)"/>'
        ),
        viewBox=f"0 0 {_WIDE} 18",
        role="img",
        aria_label=title,
    )
