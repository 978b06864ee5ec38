"""A document of phrase rules cut into its sections: headers, settings, one phrase a line."""

import re
from collections.abc import Iterable, Iterator, Mapping

from attrs import Factory, define

from deescalate.errors import Problem, nearest_name

__all__ = ["PLAIN", "Line", "Section", "sections_of"]

PLAIN = (
    "negation", "negation except", "negation stops", "clauses", "common", "apostrophes",
    "spellings", "unless", "except",
)  # fmt: skip
NAMED = ("list", "rule")
_HEADER = re.compile(r"\[([^\[\]|]*)\]")
_SETTING = re.compile(r"([a-z_]+) =(?: (.*))?")
_COMMENT = "# "
_BEFORE = "[[rules]]"
"""What rules stood under in the TOML documents of version 0.1.0."""


@define
class Line:
    """A line of a document, with those that go on from it.

    Attributes:
        path: Where it stands.
        text: What it says.
    """

    path: str
    text: str


@define
class Section:
    """What stands under one header.

    Attributes:
        kind: The header's first words.
        name: What follows ``list`` or ``rule`` in it.
        path: Where the header stands.
        settings: The lines ``key = value``.
        lines: The other lines.
    """

    kind: str
    name: str
    path: str
    settings: dict[str, Line] = Factory(dict[str, Line])
    lines: list[Line] = Factory(list[Line])


def sections_of(documents: Mapping[str, str], problems: list[Problem]) -> list[Section]:
    """Cut documents into sections.

    Args:
        documents: Their texts by name; a name is what paths begin with.
        problems: Where problems are added.

    Returns:
        The sections of all, in order.
    """
    found: list[Section] = []
    for name, text in documents.items():
        section = Section("", "", name)
        if _BEFORE in map(str.strip, text.split("\n")):
            reason = "rules in the TOML of version 0.1.0: write `[rule NAME]`, then a phrase a line"
            problems.append(Problem(name or "text", reason))
            continue
        for line in _lines(f"{name}: " if name else "", text.split("\n")):
            header = _HEADER.fullmatch(line.text)
            if header:
                section = _section(header[1].strip(), line.path, problems)
                found.append(section)
            elif not section.kind:
                problems.append(Problem(line.path, "stands before the first header"))
            else:
                _take(section, line, problems)
    return found


def _lines(prefix: str, texts: Iterable[str]) -> Iterator[Line]:
    """Lines that say something; one that begins with a space goes on from the one before it."""
    parts: list[str] = []
    path = ""
    for number, text in enumerate(texts, 1):
        said = text.strip()
        if not said or said == "#" or said.startswith(_COMMENT):
            continue
        if parts and text[0].isspace():
            parts.append(said)
            continue
        if parts:
            yield Line(path, " ".join(parts))
        parts, path = [said], f"{prefix}line {number}"
    if parts:
        yield Line(path, " ".join(parts))


def _section(title: str, path: str, problems: list[Problem]) -> Section:
    kind, _, name = title.partition(" ")
    if kind in NAMED and name:
        return Section(kind, name.strip(), path)
    if title not in PLAIN:
        known = (*PLAIN, *(f"{each} NAME" for each in NAMED))
        reason = f"unknown header `[{title}]`, expected one of {', '.join(known)}"
        problems.append(Problem(path, reason, nearest_name(title, known)))
        return Section("unknown", "", path)
    return Section(title, "", path)


def _take(section: Section, line: Line, problems: list[Problem]) -> None:
    setting = _SETTING.fullmatch(line.text) if section.kind in ("rule", "negation") else None
    if setting is None:
        section.lines.append(line)
    elif setting[1] in section.settings:
        problems.append(Problem(line.path, f"`{setting[1]}` is said twice"))
    else:
        section.settings[setting[1]] = Line(line.path, setting[2] or "")
