"""Numbers, durations and sums of money in a row of tokens, by tables that a language supplies."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Self

from attrs import field, frozen

from deescalate.errors import DocumentError, Problem
from deescalate.text import Token

__all__ = ["Amount", "Quantities"]

TABLES = ("seconds", "numbers", "scales", "ordinals", "currencies", "minor")
LISTS = ("articles", "joiners", "ranges", "ordinal_endings")
_DIGITS = re.compile(r"\d{1,15}(?:[.,]\d{1,12}){0,5}")
_GLUED = re.compile(r"(\d{1,12}(?:[.,]\d{1,6})?)([^\W\d_]{1,12})")
_TOO_LONG = 40
_WINDOW = 6


@frozen
class Amount:
    """A sum of money as it was written.

    Attributes:
        amount: The sum.
        currency: Its ISO 4217 code, where the text tells.

    >>> Amount(Decimal("50"), "USD").currency
    'USD'
    """

    amount: Decimal
    currency: str | None


@frozen(kw_only=True)
class Quantities:
    """How a language writes numbers, durations and money.

    Attributes:
        seconds: Seconds of one unit of time, by its name.
        numbers: Values of number words.
        scales: Factors such as "hundred".
        ordinals: Values of "second", "third".
        currencies: ISO 4217 codes by sign or name.
        minor: The same for hundredths such as "cents".
        articles: Words that count as one where no number stands.
        joiners: Words that may stand inside a number, such as "and".
        ranges: Words and marks between the ends of a range, such as "to".
        ordinal_endings: What follows the digits of an ordinal.

    >>> from deescalate.text import tokenize
    >>> values = {"seconds": {"weeks": 604800}, "numbers": {"two": 2}}
    >>> Quantities.from_values(values).seconds_in(tokenize("waiting two weeks"))
    1209600.0
    """

    seconds: Mapping[str, float] = field(factory=dict[str, float])
    numbers: Mapping[str, float] = field(factory=dict[str, float])
    scales: Mapping[str, float] = field(factory=dict[str, float])
    ordinals: Mapping[str, float] = field(factory=dict[str, float])
    currencies: Mapping[str, str] = field(factory=dict[str, str])
    minor: Mapping[str, str] = field(factory=dict[str, str])
    articles: frozenset[str] = frozenset()
    joiners: frozenset[str] = frozenset()
    ranges: frozenset[str] = frozenset()
    ordinal_endings: frozenset[str] = frozenset()

    @classmethod
    def from_values(cls, values: Mapping[str, object]) -> Self:
        """Take the tables out of a document's ``values``.

        Args:
            values: Tables and lists by the names of the attributes; others are left alone.

        Returns:
            The quantities.

        Raises:
            DocumentError: With every table or list of the wrong shape.
        """
        problems: list[Problem] = []
        chosen: dict[str, object] = {}
        for name in TABLES:
            table = values.get(name, {})
            kind: type | tuple[type, ...] = str if name in TABLES[4:] else (int, float)
            if isinstance(table, dict) and all(
                isinstance(entry, kind) and not isinstance(entry, bool)
                for entry in table.values()  # pyright: ignore[reportUnknownVariableType]  checked here
            ):
                chosen[name] = table
            else:
                wanted = "texts" if kind is str else "numbers"
                problems.append(Problem(f"values.{name}", f"expected a table of {wanted}"))
        for name in LISTS:
            words = values.get(name, [])
            if isinstance(words, list) and all(isinstance(word, str) for word in words):  # pyright: ignore[reportUnknownVariableType]  checked here
                chosen[name] = frozenset(words)  # pyright: ignore[reportUnknownArgumentType]  the same
            else:
                problems.append(Problem(f"values.{name}", "expected a list of texts"))
        if problems:
            raise DocumentError("quantities", tuple(problems))
        return cls(**chosen)  # type: ignore[arg-type]  # pyright: ignore[reportArgumentType]  checked above

    def count_in(self, tokens: Sequence[Token]) -> float | None:
        """Find the first number: "4 times", "third", "twice", "3x"."""
        for index, token in enumerate(tokens):
            value = self._plain(token.text)
            if value is None:
                value = self._ordinal(token.text)
            if value is None:
                continue
            end = index + 1
            while end < len(tokens) and self._goes_on(tokens, end):
                end += 1
            return self._number(tokens[index:end]) or value
        return None

    def seconds_in(self, tokens: Sequence[Token]) -> float | None:
        """Add up the durations: "2 hours and 15 minutes", "half an hour", "45mins"."""
        total: float | None = None
        for index, token in enumerate(tokens):
            span = self._glued(token.text)
            if span is None and token.text in self.seconds:
                count = self._number_before(tokens, index)
                if count is not None:
                    count += self._half_after(tokens, index)
                    span = count * self.seconds[token.text]
            if span is not None:
                total = span if total is None else total + span
        return total

    def amount_in(self, tokens: Sequence[Token]) -> Amount | None:
        """Find the first sum of money: "$50", "20 euros", "EUR 20", "two hundred quid", "£5k"."""
        for index, token in enumerate(tokens):
            if token.kind == "money":
                value = _decimal(token.text)
                sign = next((mark for mark in token.text if mark in self.currencies), None)
                if value is not None:
                    factor = self._scale_after(tokens, index)
                    return Amount(value * factor, self.currencies[sign] if sign else None)
            elif token.text in self.currencies or token.text in self.minor:
                found = self._named_amount(tokens, index)
                if found is not None:
                    return found
        return None

    def _named_amount(self, tokens: Sequence[Token], index: int) -> Amount | None:
        name = tokens[index].text
        before = self._number_before(tokens, index, articles=False)
        if name in self.currencies:
            code = self.currencies[name]
            if before is not None:
                return Amount(_exact(before), code)
            if index + 1 < len(tokens) and (value := _decimal(tokens[index + 1].text)) is not None:
                return Amount(value * self._scale_after(tokens, index + 1), code)
            return None
        return None if before is None else Amount(_exact(before) / 100, self.minor[name])

    def _scale_after(self, tokens: Sequence[Token], index: int) -> int:
        word = tokens[index + 1].text if index + 1 < len(tokens) else ""
        return int(self.scales.get(word, 1))

    def _number_before(
        self, tokens: Sequence[Token], index: int, *, articles: bool = True
    ) -> float | None:
        start = index
        while start > 0 and index - start < _WINDOW and self._inside(tokens[start - 1]):
            start -= 1
        number = self._number(tokens[start:index])
        if (
            number is None
            and articles
            and any(t.text in self.articles for t in tokens[start:index])
        ):
            return 1.0
        return number

    def _half_after(self, tokens: Sequence[Token], index: int) -> float:
        words = [token.text for token in tokens[index + 1 : index + 4]]
        value = self.numbers.get(words[2], 0.0) if len(words) > 2 else 0.0
        joined = len(words) > 2 and words[0] in self.joiners and words[1] in self.articles
        return float(value) if joined and value < 1 else 0.0

    def _goes_on(self, tokens: Sequence[Token], index: int) -> bool:
        """Whether a number runs on here, perhaps over an "and"."""
        after = tokens[index + 1 : index + 2]
        return self._part(tokens[index]) is not None or (
            tokens[index].text in self.joiners and bool(after) and self._part(after[0]) is not None
        )

    def _inside(self, token: Token) -> bool:
        return (
            self._part(token) is not None
            or token.text in self.articles
            or token.text in self.joiners
            or token.text in self.ranges
        )

    def _part(self, token: Token) -> float | None:
        value = self._plain(token.text)
        if value is None:
            return self.scales.get(token.text)
        return value

    def _number(self, tokens: Iterable[Token]) -> float | None:
        """Read a run of number words; of a range such as "3 to 4" the lower end counts."""
        total = current = 0.0
        seen = digits = False
        for token in tokens:
            text = token.text
            if text in self.scales:
                current = (current or 1.0) * self.scales[text]
                seen = True
                if self.scales[text] >= 1000:
                    total, current = total + current, 0.0
                continue
            value = self._plain(text)
            if value is None:
                if seen and text not in self.joiners and text not in self.articles:
                    break
                continue
            is_digits = text[:1].isdecimal()
            if seen and (digits or is_digits or (0 < current < 10 and value >= 1)):
                break
            current, seen, digits = current + value, True, is_digits
        return total + current if seen else None

    def _plain(self, word: str) -> float | None:
        if word in self.numbers:
            return float(self.numbers[word])
        if word[:1].isdecimal():
            number = word[:-1] if word[-1:] == "x" else word
            value = _decimal(number) if _DIGITS.fullmatch(number) else None
            return None if value is None else float(value)
        return None

    def _ordinal(self, word: str) -> float | None:
        if word in self.ordinals:
            return float(self.ordinals[word])
        match = _GLUED.fullmatch(word)
        if match and match[2] in self.ordinal_endings:
            return float(match[1].replace(",", ""))
        return None

    def _glued(self, word: str) -> float | None:
        match = _GLUED.fullmatch(word) if word[:1].isdecimal() else None
        if match is None or match[2] not in self.seconds:
            return None
        value = _decimal(match[1])
        return None if value is None else float(value) * self.seconds[match[2]]


def _exact(value: float) -> Decimal:
    return Decimal(repr(value)).normalize() if value % 1 else Decimal(int(value))


def _decimal(text: str) -> Decimal | None:
    """Read digits: "1,200.50", "1.200,50", "12,99"; none where they are too many."""
    match = _DIGITS.search(text[:_TOO_LONG])
    if match is None or len(text) >= _TOO_LONG:
        return None
    digits = match[0]
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(int(digits))
    whole, mark, rest = digits[:last], digits[last], digits[last + 1 :]
    whole_digits = whole.replace(",", "").replace(".", "")
    grouped = len(rest) == 3 and (mark == "," or whole.count(".") > 0)
    if grouped:
        return Decimal(int(whole_digits + rest))
    return Decimal(f"{int(whole_digits)}.{''.join(str(int(digit)) for digit in rest)}")
