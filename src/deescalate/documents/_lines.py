"""Finds the lines on which parts of a TOML or JSON text stand, once there is a problem to tell.

It is tolerant: what cannot be followed is passed over, and the nearest part around it is told.
"""

import json
import re
from collections.abc import Iterable, Iterator

from deescalate.errors import quoted

__all__ = ["TOKEN", "joined", "lines_of"]

TOKEN = re.compile(
    r'"""(?:[^"\\]|\\(?:.|\Z)|"(?!""))*+(?:"{3,5}|\Z)'
    r"|'''(?:[^']|'(?!''))*+(?:'{3,5}|\Z)"
    r'|"(?:[^"\\\n]|\\[^\n])*+"?'
    r"|'[^'\n]*+'?"
    r"|\#[^\n]*+"
    r"|[\w+-][\w+:-]*+"
    r"|[ \t\r]++"
    r"|.",
    re.DOTALL,
)
"""Texts, comments, words, blanks, and every other character alone."""


_PLAIN_KEY = re.compile(r"\w(?:[\w' -]{0,58}[\w'-])?")
_CUT = re.compile(r"[.\[]")
_ENDS = "\n=]:,{}"
_MOST_DEPTH = 60


def joined(path: str, key: str) -> str:
    """The path of a part; a key that would not read well in it is quoted like a value.

    >>> joined("tiers[0]", "name"), joined("", "name"), joined("x", "a.b")
    ('tiers[0].name', 'name', 'x.`a.b`')
    """
    shown = key if not key or _PLAIN_KEY.fullmatch(key) else quoted(key)
    return f"{path}.{shown}" if path and shown else path or shown


def lines_of(text: str, paths: Iterable[str]) -> dict[str, int]:
    r"""The line of each path, from 1; of a path that is not there, that of what is around it.

    Args:
        text: TOML or JSON.
        paths: Such as ``rules[3].when.amount``.

    Returns:
        The lines; a path is left out where nothing of it is in the text.

    >>> lines_of('[[rules]]\nname = "a"\n[[rules]]\nthen = 1', ["rules[1].then", "rules[0].when"])
    {'rules[1].then': 4, 'rules[0].when': 1}
    """
    around = {path: _around(path) for path in paths}
    wanted = {each for outer in around.values() for each in outer}
    walk = _Walk(text, wanted)
    walk.document()
    return {
        path: next(walk.lines[each] for each in outer if each in walk.lines)
        for path, outer in around.items()
        if any(each in walk.lines for each in outer)
    }


def _around(path: str) -> tuple[str, ...]:
    """The path and all that may be around it, the innermost first."""
    return (path, *(path[: cut.start()] for cut in reversed(list(_CUT.finditer(path)))))


class _Walk:
    """Goes through a text once and notes where the wanted paths begin."""

    def __init__(self, text: str, wanted: set[str]) -> None:
        self.wanted = wanted
        self.lines: dict[str, int] = {}
        self.counts: dict[str, int] = {}
        self.line = 1
        self.depth = 0
        self.tokens = self._cut(text.removeprefix("\ufeff"))
        self.now = ""
        self.next()

    def _cut(self, text: str) -> Iterator[str]:
        """The tokens that are not blank; ``line`` is that of the token."""
        for found in TOKEN.finditer(text):
            token = found[0]
            if token[0] not in " \t\r#":
                yield token
            self.line += token.count("\n")

    def next(self) -> None:
        self.now = next(self.tokens, "")

    def passed(self, token: str) -> bool:
        """Whether the token is next; it is then passed."""
        if self.now == token:
            self.next()
            return True
        return False

    def blank(self) -> None:
        while self.now == "\n":
            self.next()

    def note(self, path: str, line: int) -> None:
        if path in self.wanted:
            self.lines.setdefault(path, line)

    def document(self) -> None:
        self.blank()
        if self.now == "{":
            self.value("")
            return
        section = ""
        while self.now:
            if self.now == "[":
                section = self.heading()
            elif self.now not in _ENDS:
                self.pair(section)
            else:
                self.next()

    def heading(self) -> str:
        """A ``[section]``, or one more ``[[entry]]`` of a list."""
        self.next()
        many = self.passed("[")
        line, keys = self.line, self.keys()
        path = ""
        for place, key in enumerate(keys):
            path = joined(path, key)
            if many and place == len(keys) - 1:
                self.counts[path] = self.counts.get(path, -1) + 1
            self.note(path, line)
            if path in self.counts:
                path = f"{path}[{self.counts[path]}]"
                self.note(path, line)
        while self.now not in ("", "\n"):
            self.next()
        return path

    def keys(self) -> list[str]:
        """The parts of a dotted key, as many as are followed."""
        keys: list[str] = []
        while self.now and self.now not in _ENDS:
            if self.now != "." and len(keys) < _MOST_DEPTH:
                keys.append(_unquoted(self.now))
            self.next()
        return keys

    def pair(self, section: str) -> None:
        """A key and its value, in TOML."""
        path = section
        line = self.line
        for key in self.keys():
            path = joined(path, key)
            self.note(path, line)
        if self.passed("=") or self.passed(":"):
            self.value(path)

    def value(self, path: str) -> None:
        self.blank()
        self.depth += 1
        if self.depth > _MOST_DEPTH:
            self.tokens = iter(())
            self.next()
        self.inside(path)
        self.depth -= 1

    def inside(self, path: str) -> None:
        if self.passed("{"):
            while self.now and not self.passed("}"):
                if self.now in _ENDS:
                    self.next()
                else:
                    self.pair(path)
        elif self.passed("["):
            place = 0
            self.blank()
            while self.now and not self.passed("]"):
                if self.now in "\n,}":
                    self.next()
                    continue
                self.note(f"{path}[{place}]", self.line)
                self.value(f"{path}[{place}]")
                place += 1
        else:
            while self.now and self.now not in "\n,]}":
                self.next()


def _unquoted(token: str) -> str:
    if token.startswith('"'):
        try:
            return str(json.loads(token))
        except ValueError:
            return token
    return token.strip("'")
