r"""Takes parts out of a parsed document, and notes all that is wrong with them.

>>> from deescalate.documents import parsed
>>> notes = Notes()
>>> document = parsed("desk", "name = 'desk'\nopenn = true")
>>> parts = notes.mapping("", document, ("name", "open", "days"))
>>> notes.text("name", parts.get("name")), notes.texts("days", parts.get("days"))
('desk', ())
>>> print(*notes.problems, sep="\n")
openn: unknown, expected one of `open`, `name`, `days`; did you mean `open`?
days: missing, expected a list
"""

import re
from collections.abc import Callable, Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any, ClassVar, TypeVar

from deescalate.documents._lines import joined
from deescalate.documents._parsing import (
    MOST_DIGITS,
    MOST_PROBLEMS,
    Spelled,
    is_list,
    is_mapping,
    refused,
)
from deescalate.errors import (
    DeescalateError,
    DocumentError,
    Problem,
    SettingError,
    TableError,
    listed_names,
    nearest_name,
    quoted,
)

__all__ = ["Notes"]

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)


def _shown(found: object) -> str:
    return quoted(str(found) if isinstance(found, Decimal) else found)


def _decimal(found: object) -> object:
    """A number that is spelled out, since no number of JSON holds it; anything else as it is."""
    if isinstance(found, str) and len(found) <= MOST_DIGITS and _NUMBER.fullmatch(found):
        return Decimal(found)
    return found


def path_of(path: str, inner: str) -> str:
    """A path below another, where both are paths already."""
    return f"{path}.{inner}" if path and inner else path or inner


class Notes:
    """Takes parts out of a document and notes all that is wrong with them.

    What cannot be taken comes back as the nearest thing to nothing, so that reading goes on;
    ``finished`` at the end refuses the document where anything was noted.

    Attributes:
        problems: What was noted, in order; of very many only the first.
        more: How many there are besides.
        longest_list: Entries that a list may have; ours.
    """

    longest_list: ClassVar[int] = 100_000

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self.more = 0

    @property
    def count(self) -> int:
        """How many problems there are."""
        return len(self.problems) + self.more

    def problem(self, path: str, reason: str, nearest: str | None = None) -> None:
        """Note a problem."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(path or "document", reason, nearest))
        else:
            self.more += 1

    def unknown(self, path: str, name: object, known: Iterable[str], start: str = "") -> None:
        """Note a name that is none of those known; a few of them are told, the nearest first.

        Args:
            path: Where.
            name: The name.
            known: What it could have been.
            start: How the reason begins; what was found, or that it is missing, where not given.
        """
        if len(self.problems) >= MOST_PROBLEMS:
            self.more += 1
            return
        names = list(known)
        nearest = nearest_name(name, names)
        found = start or ("missing" if name is None else f"found {_shown(name)}")
        self.problem(path, f"{found}, expected one of {listed_names(names, nearest)}", nearest)

    def expected(self, path: str, found: object, expected: str, nearest: str | None = None) -> None:
        """Note what was found, or that it is missing, and what was expected."""
        start = "missing" if found is None else f"found {_shown(found)}"
        self.problem(path, f"{start}, expected {expected}", nearest)

    def finished(self, name: str, make: Callable[[], T], document: object = None) -> T:
        """What ``make`` makes of a document in which nothing was wrong.

        Args:
            name: What the document is.
            make: Makes it; its complaint is a problem as well.
            document: The document, from whose text lines are told.

        Raises:
            DocumentError: With every problem that was noted.
        """
        made = None if self.problems else self.tried("", make)
        if made is None:
            raise refused(name, self.problems, document, more=self.more)
        return made

    def tried(
        self,
        path: str,
        make: Callable[[], T],
        *,
        keys: Iterable[str] = (),
        inside: str = "",
        placed: bool = True,
    ) -> T | None:
        """What ``make`` makes; its complaints become problems under the path.

        Args:
            path: Where.
            make: Makes it.
            keys: The settings whose complaints belong below the path, under their names.
            inside: The start of the paths in its complaints that means nothing to the author.
            placed: Whether the place that a `TableError` names means something to the author.
        """
        try:
            return make()
        except DocumentError as error:
            for each in error.problems:
                inner = each.path.removeprefix(inside).removeprefix(".")
                self.problem(path_of(path, inner), each.reason, each.nearest)
            self.more += error.more
        except SettingError as error:
            path = joined(path, error.name) if error.name in keys else path
            named = path == error.name or path.endswith(f".{error.name}")
            found = f"found {_shown(error.value)}, expected {error.allowed}"
            self.problem(path, found if named else str(error))
        except TableError as error:
            self.problem(path_of(path, error.place) if placed else path, error.reason)
        except DeescalateError as error:
            self.problem(path, str(error))
        return None

    def mapping(
        self, path: str, found: object, known: Iterable[str] | None = None
    ) -> dict[str, Any]:
        """A mapping, of known keys where they are told; strange ones are problems."""
        if not is_mapping(found):
            self.expected(path, found, "a mapping")
            return {}
        parts = {str(key): each for key, each in found.items()}
        if known is None:
            return parts
        names = known if is_mapping(known) else dict.fromkeys(known)
        for key in parts:
            if key not in names:
                self.unknown(joined(path, key), key, names, "unknown")
        return {key: each for key, each in parts.items() if key in names}

    def sequence(self, path: str, found: object) -> list[Any]:
        """A list, no longer than ``longest_list``."""
        if not is_list(found):
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

    def exact(self, path: str, found: object) -> Decimal:
        """A finite number, exactly as it is written; 1 stands in."""
        number: object = found
        if is_mapping(found) and set(found) == {"decimal"}:
            number = _decimal(found["decimal"])
        if isinstance(found, float):
            number = Decimal(found.text if isinstance(found, Spelled) else repr(found))
        if type(number) is int or (isinstance(number, Decimal) and number.is_finite()):
            return Decimal(number)
        self.expected(path, found, "a number")
        return Decimal(1)

    def one_of(self, path: str, found: object, known: type[E]) -> E:
        """A word of a vocabulary; its first stands in."""
        if isinstance(found, str) and found in list(known):
            return known(found)
        self.unknown(path, found, [each.value for each in known])
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
