"""Effects of moves as a TOML document, checked as a whole."""

import tomllib
from collections.abc import Iterator, Mapping
from typing import Any, cast

from deescalate.emotion.values import COORDINATES, FURTHEST, Affect, Impulse
from deescalate.errors import DocumentError, Problem, nearest_name

__all__ = ["effects_from_document"]

_KNOWN = ("about", "pushes", "spread")


def effects_from_document(text: str) -> tuple[dict[str, Impulse], Affect]:
    r"""Read the pushes of moves and the spread of a reply.

    Args:
        text: TOML.

    Returns:
        The push of each move by its name, and the spread.

    Raises:
        DocumentError: With every problem in the document and its path.

    >>> effects_from_document("[spread]\narousal = 0.1")[1].arousal
    0.1
    """
    try:
        document = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        problem = Problem("the whole document", f"expected TOML: {error}")
        raise DocumentError("move effects", (problem,)) from error
    problems = tuple(_problems(document))
    if problems:
        raise DocumentError("move effects", problems)
    pushes = {name: Impulse(**push) for name, push in document.get("pushes", {}).items()}
    return pushes, Affect(**document.get("spread", {}))


def _problems(document: Mapping[str, Any]) -> Iterator[Problem]:
    for name in document:
        if name not in _KNOWN:
            yield Problem(name, f"expected one of {', '.join(_KNOWN)}", nearest_name(name, _KNOWN))
    pushes = document.get("pushes", {})
    if isinstance(pushes, dict):
        for name, push in cast("dict[str, object]", pushes).items():
            yield from _affect_problems(f"pushes.{name}", push, low=-FURTHEST)
    else:
        yield Problem("pushes", "expected a table of moves")
    yield from _affect_problems("spread", document.get("spread", {}), low=0.0)


def _affect_problems(path: str, value: object, *, low: float) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(path, f"expected a table of {', '.join(COORDINATES)}")
        return
    for name, number in cast("dict[str, object]", value).items():
        if name not in COORDINATES:
            expected = f"expected one of {', '.join(COORDINATES)}"
            yield Problem(f"{path}.{name}", expected, nearest_name(name, COORDINATES))
        elif not _within(number, low):
            yield Problem(f"{path}.{name}", f"expected a number, {low:g} to {FURTHEST:g}")


def _within(value: object, low: float) -> bool:
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return low <= value <= FURTHEST
