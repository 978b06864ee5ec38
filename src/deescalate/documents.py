r"""What every reader of documents needs: text parsed, parts taken out, all problems collected.

A room reads its document with a `Notes` of its own: each part is taken with the method for its
kind, under its path, and whatever is wrong is noted on the way, so that the author of a document
sees all of it at once.

>>> notes = Notes()
>>> document = parsed("desk", "name = 'desk'\nopenn = true")
>>> parts = notes.mapping("", document, ("name", "open", "days"))
>>> notes.text("name", parts.get("name")), notes.texts("days", parts.get("days"))
('desk', ())
>>> print(*notes.problems, sep="\n")
openn: unknown, expected one of `name`, `open`, `days`; did you mean `open`?
days: missing, expected a list
"""

import json
import tomllib
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from typing import Any, ClassVar, NoReturn, TypeVar

from typing_extensions import TypeIs

from deescalate.errors import (
    DeescalateError,
    DocumentError,
    Problem,
    SettingError,
    TableError,
    nearest_name,
    quoted,
)

__all__ = ["Notes", "joined", "parsed"]

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

MOST_CHARACTERS = 4_000_000
"""Characters of a document that are read at all; ours."""


def joined(path: str, key: str) -> str:
    """The path of a part.

    >>> joined("tiers[0]", "name"), joined("", "name")
    ('tiers[0].name', 'name')
    """
    return f"{path}.{key}" if path and key else path or key


def parsed(
    name: str,
    document: object,
    *,
    most: int = MOST_CHARACTERS,
    fractions: Callable[[str], Any] = float,
) -> Mapping[str, Any]:
    """The mapping that a document is.

    Args:
        name: What the document is, for the error.
        document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping.
        most: Characters that are read at all.
        fractions: What numbers with a fraction become, such as ``Decimal`` where they are exact.

    Raises:
        DocumentError: The text is neither, or too long, or it is no mapping.

    >>> parsed("desk", '{"open": true}') == parsed("desk", "open = true") == {"open": True}
    True
    """
    try:
        found = _loaded(document, most, fractions) if isinstance(document, str) else document
        if _is_mapping(found):
            return found
        problem = Problem("document", f"found {quoted(found)}, expected a mapping")
    except RecursionError:
        problem = Problem("text", "it is nested too deeply")
    except (ValueError, InvalidOperation) as error:
        problem = Problem("text", str(error)[:1].lower() + str(error)[1:])
    raise DocumentError(name, (problem,))


def _loaded(text: str, most: int, fractions: Callable[[str], Any]) -> object:
    if len(text) > most:
        raise ValueError(f"found {len(text)} characters, expected at most {most}")
    plain = text.lstrip("\ufeff \t\r\n")
    if not plain.startswith("{"):
        return tomllib.loads(plain, parse_float=fractions)
    return json.loads(
        plain,
        parse_float=fractions,
        parse_constant=_no_constant,
        object_pairs_hook=_distinct,
    )


def _no_constant(name: str) -> NoReturn:
    raise ValueError(f"found {quoted(name)}, expected a finite number")


def _distinct(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise ValueError(f"{quoted(key)} is given twice in one mapping")
        found[key] = value
    return found


def _is_mapping(found: object) -> TypeIs[Mapping[Any, Any]]:
    return isinstance(found, Mapping)


def _is_list(found: object) -> TypeIs[Sequence[Any]]:
    return isinstance(found, list | tuple)


def _shown(found: object) -> str:
    return quoted(str(found) if isinstance(found, Decimal) else found)


class Notes:
    """Takes parts out of a document and notes all that is wrong with them.

    What cannot be taken comes back as the nearest thing to nothing, so that reading goes on;
    ``finished`` at the end refuses the document where anything was noted.

    Attributes:
        problems: What was noted, in order.
        longest_list: Entries that a list may have; ours.
    """

    longest_list: ClassVar[int] = 100_000

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        """Note a problem."""
        self.problems.append(Problem(path or "document", reason, nearest))

    def expected(self, path: str, found: object, expected: str, nearest: str | None = None) -> None:
        """Note what was found, or that it is missing, and what was expected."""
        start = "missing" if found is None else f"found {_shown(found)}"
        self.problem(path, f"{start}, expected {expected}", nearest)

    def finished(self, name: str, make: Callable[[], T]) -> T:
        """What ``make`` makes of a document in which nothing was wrong.

        Args:
            name: What the document is.
            make: Makes it; its complaint is a problem as well.

        Raises:
            DocumentError: With every problem that was noted.
        """
        made = None if self.problems else self.tried("", make)
        if made is None:
            raise DocumentError(name, tuple(self.problems))
        return made

    def tried(self, path: str, make: Callable[[], T], *, inside: str = "") -> T | None:
        """What ``make`` makes; its complaints become problems under the path.

        Args:
            path: Where.
            make: Makes it.
            inside: The start of the paths in its complaints that means nothing to the author.
        """
        try:
            return make()
        except DocumentError as error:
            for each in error.problems:
                inner = each.path.removeprefix(inside).removeprefix(".")
                self.problem(joined(path, inner), each.reason, each.nearest)
        except SettingError as error:
            named = path == error.name or path.endswith(f".{error.name}")
            found = f"found {_shown(error.value)}, expected {error.allowed}"
            self.problem(path, found if named else str(error))
        except TableError as error:
            self.problem(joined(path, error.place), error.reason)
        except DeescalateError as error:
            self.problem(path, str(error))
        return None

    def mapping(
        self, path: str, found: object, known: Iterable[str] | None = None
    ) -> dict[str, Any]:
        """A mapping, of known keys where they are told; strange ones are problems."""
        if not _is_mapping(found):
            self.expected(path, found, "a mapping")
            return {}
        parts = {str(key): each for key, each in found.items()}
        if known is None:
            return parts
        names = list(known)
        for key in parts:
            if key not in names:
                listed = ", ".join(quoted(each) for each in names)
                reason = f"unknown, expected one of {listed}"
                self.problem(joined(path, key), reason, nearest_name(key, names))
        return {key: each for key, each in parts.items() if key in names}

    def sequence(self, path: str, found: object) -> list[Any]:
        """A list, no longer than ``longest_list``."""
        if not _is_list(found):
            self.expected(path, found, "a list")
            return []
        entries = list(found)
        if len(entries) > self.longest_list:
            most = self.longest_list
            self.problem(path, f"found {len(entries)} entries, expected at most {most}")
            return []
        return entries

    def every(self, path: str, found: object, read: Callable[[str, Any], T]) -> tuple[T, ...]:
        """What is read from each entry of a list."""
        entries = enumerate(self.sequence(path, found))
        return tuple(read(f"{path}[{place}]", each) for place, each in entries)

    def read(
        self,
        path: str,
        parts: Mapping[str, Any],
        readers: Mapping[str, Callable[[str, Any], object]],
    ) -> dict[str, Any]:
        """What is read from each key that is there, under its own path."""
        return {
            key: reader(joined(path, key), parts[key])
            for key, reader in readers.items()
            if key in parts
        }

    def text(self, path: str, found: object, *, empty: bool = False) -> str:
        """A text, which may be ``empty`` only where that is told."""
        if isinstance(found, str) and (empty or found.strip()):
            return found
        self.expected(path, found, "a text" if empty else "a text that is not empty")
        return ""

    def texts(self, path: str, found: object, *, empty: bool = False) -> tuple[str, ...]:
        """A list of texts."""
        return self.every(path, found, lambda path, each: self.text(path, each, empty=empty))

    def flag(self, path: str, found: object) -> bool:
        """True or false."""
        if not isinstance(found, bool):
            self.expected(path, found, "true or false")
        return found is True

    def whole(self, path: str, found: object) -> int:
        """A whole number; 1 stands in."""
        if type(found) is int:
            return found
        self.expected(path, found, "a whole number")
        return 1

    def exact(self, path: str, found: object) -> Decimal:
        """A finite number, exactly as it is written; 1 stands in."""
        number = Decimal(repr(found)) if isinstance(found, float) else found
        if type(number) is int or (isinstance(number, Decimal) and number.is_finite()):
            return Decimal(number)
        self.expected(path, found, "a number")
        return Decimal(1)

    def one_of(self, path: str, found: object, known: type[E]) -> E:
        """A word of a vocabulary; its first stands in."""
        if isinstance(found, str) and found in list(known):
            return known(found)
        listed = ", ".join(quoted(each.value) for each in known)
        self.expected(path, found, f"one of {listed}", nearest_name(found, known))
        return next(iter(known))

    def day(self, path: str, found: object) -> date | None:
        """A date."""
        if isinstance(found, date) and not isinstance(found, datetime):
            return found
        if isinstance(found, str):
            try:
                return date.fromisoformat(found)
            except ValueError:
                pass
        self.expected(path, found, "a date, such as 2026-12-25")
        return None
