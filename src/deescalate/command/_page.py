"""A terminal's page: wraps, makes any text printable, colours only where that is wanted."""

import os
import shutil
import sys
import textwrap
from io import TextIOWrapper
from time import monotonic
from typing import Literal, TextIO

from deescalate.escaping import for_terminal

__all__ = ["Page", "wants_colour"]

COLOURS = {"red": "31", "green": "32", "yellow": "33", "blue": "34", "dim": "2", "bold": "1"}
LONGEST = 2_000
"""Characters of a message that are shown; ours."""


def wants_colour(stream: TextIO, wish: Literal["auto", "always", "never"] = "auto") -> bool:
    """Whether a stream is to be coloured: NO_COLOR, then FORCE_COLOR, then what it is."""
    if wish != "auto":
        return wish == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


class Page:
    """What is written for people: results to one stream, progress and complaints to another."""

    def __init__(self, out: TextIO, err: TextIO) -> None:
        self.out = out
        self.err = err
        self.colour = wants_colour(out)
        self.width = max(min(shutil.get_terminal_size((80, 24)).columns, 100), 40)
        self._began = monotonic()
        self._shown = 0

    def wish(self, wish: Literal["auto", "always", "never"]) -> None:
        """Take what the caller says of colours."""
        self.colour = wants_colour(self.out, wish)

    def paint(self, text: str, *names: str) -> str:
        """A text in colours, where they are wanted."""
        if not self.colour:
            return text
        return f"\x1b[{';'.join(COLOURS[name] for name in names)}m{text}\x1b[0m"

    def line(self, label: str, text: str, *names: str) -> None:
        """One labelled paragraph."""
        shown = for_terminal(text[:LONGEST])
        if len(text) > LONGEST:
            shown += f" … ({len(text):,} characters)"
        wrapped = textwrap.wrap(shown, self.width - 11) or [""]
        for number, piece in enumerate(wrapped):
            head = self.paint(f"{label if number == 0 else '':<10} ", "dim")
            self.write(head + (self.paint(piece, *names) if names else piece))

    def rule(self) -> None:
        """A line across."""
        self.write(self.paint("─" * self.width, "dim"))

    def write(self, text: str) -> None:
        """A text as it stands, whoever reads it now: live output is not kept back."""
        print(text, file=self.out)

    def complain(self, error: object) -> None:
        """One clear line on the error stream."""
        self.progress("")
        self.out.flush()
        print(f"deescalate: {error}".splitlines()[0], file=self.err, flush=True)

    def progress(self, text: str) -> None:
        """Where long work is, on a terminal only; the empty text takes it away."""
        if not self.err.isatty() or (text and monotonic() - self._began < 1.0):
            return
        shown = for_terminal(text)[: self.width - 1]
        if shown or self._shown:
            print(f"\r{shown.ljust(self._shown)}", end="" if shown else "\r", file=self.err)
            self.err.flush()
        self._shown = len(shown)


def streams() -> tuple[TextIO, TextIO]:
    """Standard output and error, as UTF-8 whatever the locale; a closed one swallows all."""
    out, err = (_utf8(each) for each in (sys.stdout, sys.stderr))
    return out, err


def _utf8(stream: TextIO | None) -> TextIO:
    if stream is None:
        return open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123  lives as long as the process
    if isinstance(stream, TextIOWrapper):
        stream.reconfigure(encoding="utf-8", errors="backslashreplace")
        return sys.stdout if stream is sys.stdout else sys.stderr
    return stream
