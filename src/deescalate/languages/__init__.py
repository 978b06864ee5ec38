"""Languages as folders of plain lists: one phrase a line.

A line is a phrase, or ``phrase = value``; ``[name]`` begins a section; ``#`` begins a comment.
"""

from collections.abc import Mapping
from functools import cache
from importlib.resources import files

from deescalate.errors import SettingError

__all__ = ["languages", "lists_of"]


@cache
def languages() -> tuple[str, ...]:
    """The names of the shipped languages.

    >>> "english" in languages()
    True
    """
    folders = (each for each in files(__name__).iterdir() if each.is_dir())
    return tuple(sorted(each.name for each in folders if not each.name.startswith("_")))


@cache
def lists_of(language: str, name: str) -> Mapping[str, Mapping[str, str]]:
    """Read one file of a language; once read it is kept.

    Args:
        language: The name of a shipped language.
        name: The file, without its ending.

    Returns:
        The values of the phrases of each section; what stands before any section is under ``""``, a
        phrase without a value has the value ``""``. A language may lack a file: it is empty.

    Raises:
        SettingError: If there is no such language.

    >>> lists_of("english", "chat")[""]["pls"]
    'please'
    """
    if language not in languages():
        raise SettingError("language", language, f"one of {', '.join(languages())}")
    file = files(__name__) / language / f"{name}.txt"
    return _sections(file.read_text("utf-8")) if file.is_file() else {}


def _sections(text: str) -> Mapping[str, Mapping[str, str]]:
    section: dict[str, str] = {}
    found = {"": section}
    for line in text.splitlines():
        entry = line.strip()
        if entry.startswith("[") and entry.endswith("]"):
            section = found.setdefault(entry[1:-1], {})
        elif entry and not entry.startswith("# ") and entry != "#":
            phrase, _, value = entry.partition(" = ")
            section[phrase.strip()] = value.strip()
    return found
