"""Check the two files of a lexicon and report everything that is wrong in them at once."""

import json
import math
import tomllib
from collections.abc import Iterable, Mapping
from typing import Final, cast

from deescalate.errors import Problem, nearest_name, quoted

__all__ = ["Checker"]

_COLUMNS: Final = 3
_LARGEST: Final = 100.0


class Checker:
    """Takes values out of documents and keeps a list of what was wrong with them.

    >>> checker = Checker()
    >>> checker.number({"reach": "4"}, "negation.reach", low=1)
    1.0
    >>> print(*checker.problems)
    negation.reach: found `4`, expected a number, 1 or more
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []

    def _wrong(self, path: str, value: object, expected: str, nearest: str | None = None) -> None:
        found = "missing" if value is None else f"found {quoted(value)}"
        self.problems.append(Problem(path, f"{found}, expected {expected}", nearest))

    def toml(self, text: str) -> Mapping[str, object]:
        """Parse a TOML document."""
        try:
            return tomllib.loads(text)
        except tomllib.TOMLDecodeError as error:
            self.problems.append(Problem("affect.toml", f"is not TOML: {error}"))
            return {}

    def json(self, text: str) -> Mapping[str, object]:
        """Parse a JSON object."""
        try:
            found: object = json.loads(text)
        except (ValueError, RecursionError) as error:
            self.problems.append(Problem("affect.json", f"is not JSON: {error}"))
            return {}
        return self._as_table(found, "affect.json")

    def only(self, table: Mapping[str, object], path: str, allowed: Iterable[str]) -> None:
        """Report the keys that are none of those allowed."""
        names = tuple(allowed)
        for key in table:
            if key not in names:
                where = f"{path}.{key}" if path else key
                expected = "one of " + ", ".join(names)
                self.problems.append(
                    Problem(where, f"unknown, expected {expected}", nearest_name(key, names))
                )

    def _as_table(self, found: object, path: str) -> Mapping[str, object]:
        if isinstance(found, dict):
            return cast("Mapping[str, object]", found)
        self._wrong(path, found, "a table")
        return {}

    def table(
        self, document: Mapping[str, object], path: str, *, optional: bool = False
    ) -> Mapping[str, object]:
        """A table; the last part of the path is its key."""
        found = document.get(_key(path), {} if optional else None)
        return self._as_table(found, path)

    def words(self, document: Mapping[str, object], path: str) -> frozenset[str]:
        """A list of words, each written folded."""
        found = document.get(_key(path))
        if not isinstance(found, list):
            self._wrong(path, found, "a list of words")
            return frozenset()
        words = cast("list[object]", found)
        for number, word in enumerate(words):
            self._word(f"{path}[{number}]", word)
        return frozenset(word for word in words if isinstance(word, str))

    def _word(self, path: str, word: object) -> None:
        if not isinstance(word, str) or not word or word != word.casefold() or " " in word:
            self._wrong(path, word, "one word in lower case")

    def spellings(self, document: Mapping[str, object], path: str) -> dict[str, str]:
        """A table from words to words."""
        table = self.table(document, path, optional=True)
        for word, meant in table.items():
            self._word(f"{path}.{word}", meant)
        return {word: meant for word, meant in table.items() if isinstance(meant, str)}

    def factors(self, document: Mapping[str, object], path: str) -> dict[str, float]:
        """A table from words to numbers above 0."""
        table = self.table(document, path, optional=True)
        return {
            word: self.number(table, f"{path}.{word}", low=0.0, high=_LARGEST) for word in table
        }

    def number(
        self,
        document: Mapping[str, object],
        path: str,
        *,
        low: float,
        high: float = math.inf,
        default: float | None = None,
    ) -> float:
        """A number within bounds, which stand in for it where it is wrong."""
        found = document.get(_key(path), default)
        if isinstance(found, (int, float)) and not isinstance(found, bool) and low <= found <= high:
            return float(found)
        expected = (
            f"a number, {low:g} or more"
            if math.isinf(high)
            else f"a number from {low:g} to {high:g}"
        )
        self._wrong(path, found, expected)
        return float(low)

    def rows(self, document: Mapping[str, object], path: str) -> dict[str, tuple[float, ...]]:
        """A table from features to rows of three numbers."""
        rows: dict[str, tuple[float, ...]] = {}
        for feature, row in self.table(document, path, optional=True).items():
            numbers = _row(row)
            if numbers is None:
                self._wrong(
                    f"{path}.{feature}",
                    row,
                    f"{_COLUMNS} numbers from -{_LARGEST:g} to {_LARGEST:g}",
                )
            else:
                rows[feature] = numbers
        return rows


def _row(found: object) -> tuple[float, ...] | None:
    if not isinstance(found, list):
        return None
    numbers = tuple(
        float(each)
        for each in cast("list[object]", found)
        if isinstance(each, (int, float)) and not isinstance(each, bool) and abs(each) <= _LARGEST
    )
    return numbers if len(numbers) == len(cast("list[object]", found)) == _COLUMNS else None


def _key(path: str) -> str:
    return path.rsplit(".", 1)[-1]
