"""What stands beside the logic of a DMN element: our own marks, lines, languages."""

from collections.abc import Iterator

from attrs import frozen

from deescalate.errors import quoted
from deescalate.rules.dmn._feel import Unsupported
from deescalate.rules.dmn._xml import Element

__all__ = ["OWN", "Marks", "check_language", "line_of", "marks_of", "own_mark", "owned"]

OWN = "https://pypi.org/project/deescalation/dmn"
"""The namespace of what our own files say beyond DMN, in its places for extensions."""


@frozen
class Marks:
    """What our own files say of a number beyond DMN.

    Attributes:
        unit: What it counts.
        integer: Whether it is whole.
        decimal: Whether it is exact decimal; so it is in files of others.
        floats: Whether its cells are spelled as floats are.
    """

    unit: str = ""
    integer: bool = False
    decimal: bool = True
    floats: bool = False


def owned(element: Element, tag: str) -> Iterator[Element]:
    extension = element.one("extensionElements")
    for each in () if extension is None else extension.children:
        if each.space == OWN and each.tag == tag:
            yield each


def own_mark(element: Element, tag: str, name: str) -> str:
    """What one of our own files says of an element beyond DMN."""
    return next((each.get(name) for each in owned(element, tag)), "")


def marks_of(element: Element) -> Marks | None:
    for each in owned(element, "fact"):
        return Marks(
            each.get("unit"),
            each.get("integer") == "true",
            each.get("decimal") == "true",
            bool(each.get("floats")),
        )
    return None


def line_of(entry: Element) -> int:
    text = entry.one("text")
    return entry.line if text is None else text.line


def check_language(element: Element) -> None:
    """Refuse an expression in another language than FEEL.

    Raises:
        Unsupported: It is in another one.
    """
    language = element.get("expressionLanguage")
    if language and "feel" not in language.casefold():
        raise Unsupported(f"not supported: the language {quoted(language)}")
