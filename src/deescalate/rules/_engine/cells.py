"""Cells: S-FEEL unary tests, DMN's small language for a set of values, read and written.

A cell is ``-`` (anything), a comma list of tests, or ``not(...)`` of one. A test is a comparison
(``>= 0.8``), an interval (``[10..30)``, also spelled ``[10..30[``) or a value (``"legal"``,
``true``, ``3``). Declared options may stand without their quotes.
"""

import json
import math
import re
from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import cast

from attrs import frozen

from deescalate.errors import DocumentError, Problem, nearest_name, quoted
from deescalate.rules._engine.calendar import Temporal
from deescalate.rules._engine.conditions import EVERYTHING, Condition, Fact, within
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.plain import MOST_DIGITS, Real, is_huge
from deescalate.rules._engine.sets import NumberSet, OptionSet, Stretch, ValueSet, ends, union

__all__ = ["parse_decimal", "parse_number", "read_cell", "read_values", "write_cell"]

MOST_CHARACTERS = 100_000
"""So many that a text of ten thousand is read however it is quoted and escaped; ours."""

_TOKEN = re.compile(
    r'\s*(?:(?P<text>"(?:[^"\\]|\\.)*")|(?P<sign>\.\.|<=|>=|[<>\[\](),])'
    r'|(?P<word>(?:(?!\.\.)[^\s\[\](),<>"])+)|(?P<strange>\S))'
)
_NUMBER = re.compile(r"[+-]?(?:\d+(?P<point>\.\d*)?|\.\d+)(?P<exponent>[eE][+-]?\d+)?", re.ASCII)


@frozen
class _Token:
    kind: str
    text: str


class _Unreadable(Exception):  # noqa: N818  an inner signal, turned into a Problem with its path
    def __init__(self, reason: str, nearest: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.nearest = reason, nearest


def read_cell(fact: Fact, cell: object, path: str = "cell") -> Condition:
    """Read a cell.

    Args:
        fact: The fact it asks about.
        cell: The cell: a text, or a plain number or truth value for just that.
        path: Where it stands, for the message.

    Returns:
        A condition that holds where the fact has a value that the cell allows.

    Raises:
        DocumentError: It cannot be read, or names what the fact does not know.

    >>> print(read_cell(Number("contacts", 0, integer=True), "> 3"))
    contacts is above 3
    """
    written = read_values(fact, cell, path)
    whole = isinstance(fact, Number) and fact.integer
    return within(fact, fact.clip(written), written if whole else None)


def read_values(fact: Fact, cell: object, path: str = "cell") -> ValueSet:
    """Read a cell as it is written, also where it goes beyond what the fact may be."""
    try:
        if not isinstance(cell, str):
            return _plain(fact, cell)
        if len(cell) > MOST_CHARACTERS:
            raise _Unreadable(  # noqa: TRY301  the except below gives it its path
                f"found {len(cell)} characters, expected at most {MOST_CHARACTERS}"
            )
        return fact.domain if cell.strip() == "-" else _Reader(fact, cell).read()
    except _Unreadable as problem:
        raise DocumentError("cell", (Problem(path, problem.reason, problem.nearest),)) from None


def _plain(fact: Fact, cell: object) -> ValueSet:
    if isinstance(fact, Flag) and isinstance(cell, bool):
        return OptionSet((cell,))
    if isinstance(fact, Number) and isinstance(cell, int | float) and not isinstance(cell, bool):
        return _values(fact, fact.is_(parse_number(fact, str(cell))))
    raise _Unreadable(f"found {quoted(cell)}, expected a cell such as {_sample_cell(fact)}")


def _sample_cell(fact: Fact) -> str:
    if isinstance(fact, Temporal):
        return f"`>= {fact.example}`"
    if isinstance(fact, Number):
        return '">= 3", "[1..2)" or "-"'
    return "true or false" if isinstance(fact, Flag) else '\'"one", "another"\' or \'not("one")\''


def _values(fact: Fact, condition: Condition) -> ValueSet:
    if not condition.boxes:
        return fact.domain - fact.domain
    if condition == EVERYTHING:
        return fact.domain
    [test] = condition.boxes[0]
    return test.values if test.written is None else test.written


def parse_number(fact: Number, text: str) -> Real:
    """Read a number as a fact's numbers are: whole, decimal or float.

    >>> parse_number(Number("amount", decimal=True), "12.99")
    Decimal('12.99')
    """
    match = _NUMBER.fullmatch(text)
    if not match or len(text) > MOST_DIGITS:
        raise _Unreadable(f"found {quoted(text)}, expected a number")
    if not match["point"] and not match["exponent"] and "." not in text:
        return int(text)
    if fact.decimal:
        decimal = parse_decimal(text)
        if decimal is None:
            raise _Unreadable(
                f"found {quoted(text)}, expected a number of at most {MOST_DIGITS} digits"
            )
        return decimal
    number = float(text)
    if math.isinf(number):
        raise _Unreadable(f"found {quoted(text)}, expected a number that is not so large")
    return number


def parse_decimal(text: str) -> Decimal | None:
    """Read a decimal; ``None`` for what is none.

    >>> parse_decimal("12.90")
    Decimal('12.90')
    """
    if len(text) > MOST_DIGITS or not _NUMBER.fullmatch(text):
        return None
    try:
        decimal = Decimal(text)
    except InvalidOperation:
        return None
    return None if is_huge(decimal) else decimal


class _Reader:
    def __init__(self, fact: Fact, cell: str) -> None:
        self.fact = fact
        self.cell = cell
        self.tokens = list(_tokens(cell))
        self.place = 0

    def read(self) -> ValueSet:
        if self.peek() == "not" and self.peek(1) == "(":
            self.place += 2
            values = self.fact.domain - self.tests()
            self.expect(")")
        else:
            values = self.tests()
        if self.place < len(self.tokens):
            raise self.strange("a comma or the end")
        return values

    def peek(self, ahead: int = 0) -> str:
        place = self.place + ahead
        if place < len(self.tokens) and self.tokens[place].kind != "text":
            return self.tokens[place].text
        return ""

    def take(self, expected: str) -> _Token:
        if self.place >= len(self.tokens):
            raise self.strange(expected)
        self.place += 1
        return self.tokens[self.place - 1]

    def expect(self, *signs: str) -> str:
        if self.peek() not in signs:
            raise self.strange(" or ".join(quoted(sign) for sign in signs))
        return self.take("").text

    def strange(self, expected: str) -> _Unreadable:
        if self.place < len(self.tokens):
            found = f"found {quoted(self.tokens[self.place].text)} in {quoted(self.cell)}"
        else:
            found = f"{quoted(self.cell)} ends too soon" if self.tokens else "found an empty cell"
        return _Unreadable(f"{found}, expected {expected}")

    def tests(self) -> ValueSet:
        values = [self.test()]
        while self.peek() == ",":
            self.place += 1
            values.append(self.test())
        return union(values)

    def test(self) -> ValueSet:
        if isinstance(self.fact, Number):
            return _values(self.fact, self.number_test(self.fact))
        return OptionSet((self.option(),))

    def number_test(self, fact: Number) -> Condition:
        sign = self.peek()
        if sign in ("[", "(", "]"):
            return self.stretch(fact)
        if sign not in ("<", "<=", ">", ">="):
            return fact.is_(self.number(fact))
        self.place += 1
        value = self.number(fact)
        if sign in ("<", "<="):
            return fact < value if sign == "<" else fact <= value
        return fact > value if sign == ">" else fact >= value

    def stretch(self, fact: Number) -> Condition:
        left = self.take("").text == "["
        low = self.number(fact)
        self.expect("..")
        high = self.number(fact)
        right = self.expect("]", ")", "[") == "]"
        if low > high:
            raise _Unreadable(f"an interval in {quoted(self.cell)} ends before it begins")
        if left:
            return fact.between(low, high, closed="both" if right else "left")
        return fact.between(low, high, closed="right" if right else "neither")

    def number(self, fact: Number) -> Real:
        if isinstance(fact, Temporal):
            return self.moment(fact)
        if self.peek() == "decimal" and self.peek(1) == "(":
            self.place += 2
            token = self.take("a number in double quotes")
            self.expect(")")
            decimal = parse_decimal(token.text[1:-1]) if token.kind == "text" else None
            if decimal is None:
                raise _Unreadable(f"found {quoted(token.text)}, expected a number in double quotes")
            return decimal
        if self.place < len(self.tokens) and self.tokens[self.place].kind != "word":
            raise self.strange("a number")
        return parse_number(fact, self.take("a number").text)

    def moment(self, fact: Temporal) -> Real:
        """A literal such as ``date("2025-12-31")``, or ``@"2025-12-31"``."""
        expected = f"a literal such as {fact.example}"
        words: list[str] = []
        while self.place < len(self.tokens) and self.tokens[self.place].kind == "word":
            words.append(self.take("").text)
        called = " ".join(words) == fact.function and self.peek() == "("
        if not called and words != ["@"]:
            self.place -= bool(words)
            raise self.strange(expected)
        self.place += called
        token = self.take(expected)
        number = fact.measured(token.text[1:-1]) if token.kind == "text" else None
        if number is None:
            raise _Unreadable(f"found {quoted(token.text)}, expected {expected}")
        if called:
            self.expect(")")
        return number

    def option(self) -> str | bool:
        token = self.take("an option")
        if token.kind == "text":
            return self.declared(_unquoted(token.text))
        if token.kind == "sign":
            self.place -= 1
            raise self.strange("an option")
        words = [token.text]
        while self.place < len(self.tokens) and self.tokens[self.place].kind == "word":
            words.append(self.take("").text)
        return self.declared(" ".join(words))

    def declared(self, option: str) -> str | bool:
        if isinstance(self.fact, Flag):
            if option in ("true", "false"):
                return option == "true"
            raise _Unreadable(f"found {quoted(option)}, expected true or false")
        choice = cast("Choice", self.fact)
        if option not in choice.options:
            near = nearest_name(option, choice.options)
            raise _Unreadable(f"found {quoted(option)}, expected {choice.allowed}", near)
        return option


def _tokens(cell: str) -> Iterator[_Token]:
    place, end = 0, len(cell.rstrip())
    while place < end:
        match = _TOKEN.match(cell, place, end)
        kind = match.lastgroup if match else None
        if match is None or kind is None or kind == "strange":
            raise _Unreadable(f"found {quoted(cell[place:])}, expected a test")
        yield _Token(kind, match[kind])
        place = match.end()


def _unquoted(text: str) -> str:
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        raise _Unreadable(f"found {quoted(text)}, expected a text in double quotes") from None


def write_cell(
    fact: Fact,
    values: ValueSet,
    written: ValueSet | None = None,
    spelled: Callable[[Number, Real], str] | None = None,
) -> str:
    """Write a set of values as a cell that reads back as the same set.

    Args:
        fact: The fact.
        values: The set.
        written: The same of a whole number, with the bounds as they were written.
        spelled: How a number of the fact is spelled; ``None`` for as documents do.

    >>> anger = Number("anger", 0, 1)
    >>> write_cell(anger, read_values(anger, "not(0.5)"))
    'not(0.5)'
    """
    if values == fact.domain:
        return "-"
    whole = isinstance(fact, Number) and fact.integer and written is None
    stated = values if written is None else written
    spell = spelled or _number
    inside = _tests(fact, stated, spell, whole=whole)
    outside = _tests(fact, _others(fact, stated), spell, whole=whole)
    return f"not({', '.join(outside)})" if len(outside) < len(inside) else ", ".join(inside)


def _others(fact: Fact, values: ValueSet) -> ValueSet:
    return fact.domain - values


def _tests(
    fact: Fact, values: ValueSet, spell: Callable[[Number, Real], str], *, whole: bool
) -> list[str]:
    if isinstance(fact, Number):
        stretches = cast("NumberSet", values).stretches
        return [_stretch(fact, each, spell, whole=whole) for each in stretches]
    options = cast("OptionSet", values).options
    return [
        str(each).lower() if isinstance(each, bool) else json.dumps(each, ensure_ascii=False)
        for each in options
    ]


def _stretch(
    fact: Number, stretch: Stretch, spell: Callable[[Number, Real], str], *, whole: bool
) -> str:
    low, high = ends(stretch, whole=whole)
    domain = fact.domain.stretches[0]
    if low.value == high.value:
        return spell(fact, low.value)
    if stretch.end == domain.end:
        return f"{'>' if low.after else '>='} {spell(fact, low.value)}"
    if stretch.start == domain.start:
        return f"{'<=' if high.after else '<'} {spell(fact, high.value)}"
    first, last = spell(fact, low.value), spell(fact, high.value)
    return f"{'(' if low.after else '['}{first}..{last}{']' if high.after else ')'}"


def _number(fact: Number, value: Real) -> str:
    """A number that the fact's cells read back as exactly the same."""
    if isinstance(fact, Temporal):
        return fact.said(value)
    if isinstance(value, int):
        return str(value)
    if float(value).is_integer() and value == int(value):
        return str(int(value))
    if fact.decimal:
        return str(value)
    if isinstance(value, float) or value == float(value):
        return repr(float(value))
    return f'decimal("{value}")'
