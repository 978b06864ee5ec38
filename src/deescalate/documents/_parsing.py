"""Text or a mapping taken in as plain values, within bounds, whoever wrote it."""

import json
import math
import re
import tomllib
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn, Self, TypeVar

from attrs import evolve
from typing_extensions import TypeIs

from deescalate.documents._lines import TOKEN, joined, lines_of
from deescalate.errors import DocumentError, Problem, quoted

__all__ = [
    "MOST_CHARACTERS",
    "MOST_DIGITS",
    "MOST_PROBLEMS",
    "FrozenMapping",
    "Spelled",
    "is_list",
    "is_mapping",
    "parsed",
    "refused",
]

MOST_CHARACTERS = 4_000_000
"""Characters of a document that are read at all; ours (2,000 rules take about 400,000)."""
MOST_DEPTH = 48
"""How deep a part may lie, and how many parts a dotted key may have; ours."""
MOST_PARTS = 500_000
"""Parts of a document, all counted; ours."""
MOST_DIGITS = 400
"""Digits that a number may have when it is written out; ours (no float has more)."""
_LARGEST = 10**MOST_DIGITS
MOST_PROBLEMS = 100
"""Problems that are told one by one, the others are counted; ours."""
_LINE = re.compile(r"\bline (\d+)")


class Spelled(float):
    """A float that remembers how the document spelled it."""

    __slots__ = ("text",)
    text: str

    def __new__(cls, text: str) -> Self:
        """Read a float and keep its text."""
        number = super().__new__(cls, text)
        number.text = text
        return number


def is_mapping(found: object) -> TypeIs[Mapping[Any, Any]]:
    """Whether it is a mapping."""
    return isinstance(found, (dict, Mapping))  # the first is quick to see


def is_list(found: object) -> TypeIs[Sequence[Any]]:
    """Whether it is a list or a tuple."""
    return isinstance(found, list | tuple)


def parsed(
    name: str,
    document: object,
    *,
    most: int = MOST_CHARACTERS,
    fractions: Callable[[str], Any] = Spelled,
) -> Mapping[str, Any]:
    """The mapping that a document is: texts, numbers, lists and mappings, and nothing too large.

    Args:
        name: What the document is, for the error.
        document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping.
        most: Characters that are read at all.
        fractions: What numbers with a fraction become.

    Raises:
        DocumentError: The text is neither, or too long, or it is no mapping; a part lies too deep,
            holds half a surrogate pair or is a number of too many digits.

    >>> parsed("desk", '{"open": true}') == parsed("desk", "open = true") == {"open": True}
    True
    """
    found = _loaded(name, document, most, fractions) if isinstance(document, str) else document
    if not is_mapping(found):
        raise refused(name, (Problem("document", f"found {quoted(found)}, expected a mapping"),))
    plain = _Plain()
    taken = plain.mapping(found, ())
    if plain.problems:
        raise refused(name, plain.problems, document)
    return taken


def refused(
    name: str, problems: Iterable[Problem], document: object = None, *, more: int = 0
) -> DocumentError:
    r"""The error that tells problems, each with its line where the document is a text.

    >>> problem = Problem("b.c", "is odd")
    >>> print(refused("desk", [problem], "a = 1\nb = { c = 2 }"))
    desk document: b.c (line 2): is odd
    """
    told = tuple(problems)
    if isinstance(document, str):
        lines = lines_of(document, [each.path for each in told])
        told = tuple(evolve(each, line=each.line or lines.get(each.path)) for each in told)
    return DocumentError(name, told, more)


def _loaded(name: str, text: str, most: int, fractions: Callable[[str], Any]) -> object:
    line: int | None = None
    try:
        return _read(text, most, fractions)
    except RecursionError:
        reason = "it is nested too deeply"
    except (ValueError, InvalidOperation) as error:
        reason = str(error)[:1].lower() + str(error)[1:]
        told = _LINE.search(reason)
        at_end = text.count("\n") + 1 if "end of document" in reason else None
        line = int(told[1]) if told else at_end
    raise DocumentError(name, (Problem("text", reason, line=line),))


def _read(text: str, most: int, fractions: Callable[[str], Any]) -> object:
    if len(text) > most:
        raise ValueError(f"found {len(text)} characters, expected at most {most}")
    plain = text.removeprefix("\ufeff")
    if not plain.lstrip(" \t\r\n").startswith("{"):
        _check_keys(plain)
        return tomllib.loads(plain, parse_float=fractions)
    return json.loads(
        plain,
        parse_float=fractions,
        parse_constant=_no_constant,
        object_pairs_hook=_distinct,
    )


def _check_keys(text: str) -> None:
    """Refuse keys of very many parts, on which readers of TOML spend memory without end."""
    dots = 0
    for token in TOKEN.finditer(text):
        if token[0] == ".":
            dots += 1
            if dots > MOST_DEPTH:
                line = text.count("\n", 0, token.start()) + 1
                raise ValueError(f"a key has more than {MOST_DEPTH} parts (at line {line})")
        elif not (token[0][0].isalnum() or token[0][0] in "_-\"' \t"):
            dots = 0


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"found {quoted(name)}, expected a finite number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{quoted(key)} is given twice in one mapping")
        found[key] = value
    return found


class _Plain:
    """Copies a document into plain dictionaries and lists, and refuses what no text could be."""

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.parts = 0

    def refuse(self, trail: tuple[object, ...], reason: str) -> None:
        if len(self.problems) < MOST_PROBLEMS:
            path = ""
            for each in trail:
                path = f"{path}[{each}]" if isinstance(each, int) else joined(path, str(each))
            self.problems.append(Problem(path or "document", reason))

    def value(self, found: object, trail: tuple[object, ...]) -> object:
        if is_mapping(found):
            return self.mapping(found, trail)
        if is_list(found):
            if not self.bounded(found, trail):
                return []
            return [self.value(each, (*trail, place)) for place, each in enumerate(found)]
        if isinstance(found, str):
            if _is_broken(found):
                self.refuse(trail, f"{quoted(found)} holds half a surrogate pair")
        elif isinstance(found, int | float | Decimal) and not _is_written_out(found):
            shown = quoted(found.text if isinstance(found, Spelled) else found)
            allowed = f"a finite number of at most {MOST_DIGITS} digits"
            self.refuse(trail, f"found {shown}, expected {allowed}")
        return found

    def mapping(self, found: Mapping[Any, Any], trail: tuple[object, ...]) -> dict[str, Any]:
        taken: dict[str, Any] = {}
        for key, each in found.items() if self.bounded(found, trail) else ():
            if not isinstance(key, str):
                self.refuse(trail, f"found the key {quoted(key)}, expected a text")
            elif _is_broken(key):
                self.refuse(trail, f"the key {quoted(key)} holds half a surrogate pair")
            else:
                taken[str(key)] = self.value(each, (*trail, key))
        return taken

    def bounded(self, found: Collection[object], trail: tuple[object, ...]) -> bool:
        """Whether there is room for what lies here; once there was none, there is none."""
        self.parts += len(found)
        if self.parts <= MOST_PARTS and len(trail) <= MOST_DEPTH:
            return True
        reason = (
            "it is nested too deeply"
            if len(trail) > MOST_DEPTH
            else f"more than {MOST_PARTS} parts"
        )
        self.refuse(trail[:4], reason)
        self.parts = MOST_PARTS + 1
        return False


def _is_broken(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= each <= "\udfff" for each in text)


def _is_written_out(number: float | Decimal) -> bool:
    """Whether it is finite and could be written out with few enough digits, as it is spelled."""
    if type(number) is int:
        return bool(abs(number) < _LARGEST)
    if isinstance(number, Spelled):
        if len(number.text) > MOST_DIGITS:
            return False
        try:
            number = Decimal(number.text)
        except InvalidOperation:
            return False
    if isinstance(number, Decimal):
        if not number.is_finite():
            return False
        _, digits, exponent = number.as_tuple()
        return len(digits) <= MOST_DIGITS and -MOST_DIGITS <= int(exponent) <= MOST_DIGITS
    return math.isfinite(number)


V = TypeVar("V")


class FrozenMapping(Mapping[str, V]):
    """A mapping from names that never changes: it compares, hashes, pickles and copies by value.

    >>> FrozenMapping({"a": 1, "b": 2}) == {"b": 2, "a": 1}
    True
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, V]) -> None:
        self._values = dict(values)

    def __getitem__(self, name: str) -> V:
        return self._values[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __hash__(self) -> int:
        return hash(frozenset(self._values.items()))

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._values!r})"

    def __reduce__(self) -> tuple[type[Self], tuple[dict[str, Any]]]:
        return type(self), (self._values,)
