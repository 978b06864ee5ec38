"""Files and standard input, read within bounds, with one clear line for what cannot be read."""

import os
import sys
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from stat import S_ISDIR
from typing import BinaryIO, TypeVar

from attrs import define

from deescalate.command._page import Page
from deescalate.errors import DeescalateError, TranscriptError
from deescalate.escaping import for_terminal

__all__ = [
    "STDIN",
    "InputError",
    "about",
    "decoded",
    "each_of",
    "read_bytes",
    "read_text",
    "write_text",
]

STDIN = "-"
MOST_BYTES = 256_000_000
"""Bytes of a file that are read at all; ours."""

T = TypeVar("T")


@define(slots=False, eq=False)
class InputError(DeescalateError, ValueError):
    """A file, or a way of calling, that nothing can be done with.

    Attributes:
        source: The file, as it was given; empty where there is none.
        reason: Why.
        line: The line, from 1, where it is known.
    """

    source: str
    reason: str
    line: int | None = None

    def __str__(self) -> str:
        shown = for_terminal(_named(self.source)) if self.source else ""
        place = f"{shown}:{self.line}" if self.line else shown
        return f"{place}: {self.reason}" if place else self.reason


def _named(source: str) -> str:
    return "standard input" if source == STDIN else source


def told(source: str, error: Exception) -> InputError:
    """Any error of the library or of the system, on one line, with its place."""
    match error:
        case InputError():
            return error
        case TranscriptError():
            reason, line = error.reason, error.line
        case OSError():
            reason, line = (error.strerror or str(error)).lower(), None
        case _:
            reason, line = str(error), None
    return InputError(source, for_terminal(reason), line)


def read_bytes(source: str) -> bytes:
    """A file or standard input, of at most so many bytes.

    Raises:
        InputError: It is missing, a folder, too large, or may not be read.
    """
    try:
        if source == STDIN:
            if sys.stdin is None or sys.stdin.closed:
                raise InputError(STDIN, "it is closed: give a file")
            return _bounded(sys.stdin.buffer, source)
        path = Path(source)
        if S_ISDIR(path.stat().st_mode):
            raise InputError(source, "it is a folder, expected a file")
        with path.open("rb") as file:
            return _bounded(file, source)
    except (OSError, ValueError) as error:
        raise told(source, error) from None


def _bounded(file: BinaryIO, source: str) -> bytes:
    data = file.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise InputError(source, f"it has more than {MOST_BYTES:,} bytes, which is too much")
    return data


def read_text(source: str) -> str:
    """A file's text, or that of standard input.

    Raises:
        InputError: It cannot be read, is empty, binary, or no UTF-8.
    """
    return decoded(source, read_bytes(source))


def decoded(source: str, data: bytes) -> str:
    """Bytes as text: UTF-8, or UTF-16 with its mark.

    Raises:
        InputError: They are empty, binary, or neither.
    """
    encoding = "utf-16" if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)) else "utf-8-sig"
    if encoding != "utf-16" and b"\0" in data:
        raise InputError(source, "it is binary, expected text")
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        found = f"byte 0x{data[error.start]:02x}"
        raise InputError(source, f"it is no UTF-8 ({found}): save it as UTF-8", line) from None
    if not text.strip():
        raise InputError(source, "it is empty")
    return text


def write_text(target: str, text: str | bytes) -> None:
    """Write a file whole: it is as it was, or as it is to be.

    Raises:
        InputError: It may not be written.
    """
    data = text.encode("utf-8", "backslashreplace") if isinstance(text, str) else text
    path = Path(target)
    if path.exists() and not path.is_file():  # such as /dev/stdout
        with about(target):
            path.write_bytes(data)
        return
    part = path.with_name(f".{path.name[:60]}.{os.getpid()}.part")
    try:
        with about(target):
            part.write_bytes(data)
            part.replace(path)
    finally:
        with suppress(OSError):
            part.unlink()


class about:  # noqa: N801  reads as a word
    """Errors of the system and of the library become one line that names the file."""

    def __init__(self, source: str) -> None:
        self.source = source

    def __enter__(self) -> None:
        """Nothing is to be done."""

    def __exit__(self, _kind: object, error: object, _trace: object) -> None:
        if isinstance(error, OSError | DeescalateError) and not isinstance(error, BrokenPipeError):
            raise told(self.source, error) from None


def each_of(
    sources: Sequence[str], read: Callable[[str], T], page: Page
) -> Iterator[tuple[str, T | InputError]]:
    """What is read of each file; a bad one is told on standard error and hides no other.

    Args:
        sources: The files; once more the same is read once more.
        read: Reads one.
        page: Where progress and complaints go.
    """
    for number, source in enumerate(sources, 1):
        page.progress(f"{number} of {len(sources)}: {source}" if len(sources) > 1 else "")
        try:
            found = read(source)
        except (DeescalateError, OSError) as error:
            complaint = told(source, error)
            page.complain(complaint)
            yield source, complaint
        else:
            yield source, found
    page.progress("")
