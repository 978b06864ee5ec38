"""The expressions of S-FEEL: literals, names, arithmetic, comparisons, ``and``, ``or``, ``not``.

What is no value of FEEL is ``null``, as FEEL has it: a division by zero, a sum with a text.
"""

import json
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import ROUND_HALF_EVEN, Context, Decimal
from typing import Any, cast

from attrs import frozen

from deescalate.documents import is_mapping
from deescalate.errors import quoted
from deescalate.rules._engine.calendar import TEMPORAL_KINDS, Temporal, TemporalKind
from deescalate.rules._engine.cells import MOST_CHARACTERS, parse_decimal
from deescalate.rules._engine.plain import Real

__all__ = [
    "Expression",
    "Function",
    "Moment",
    "Unsupported",
    "compared",
    "literals_in",
    "moment",
    "names_pattern",
    "read_constants",
    "read_expression",
    "unquoted",
]

MOST_LISTED = 1_000_000
"""Characters of a list of allowed values; ours."""
MOST_DEPTH = 40
"""How deep brackets may lie; ours."""

_CONTEXT = Context(prec=34, rounding=ROUND_HALF_EVEN, Emin=-6111, Emax=6144, traps=[])
"""The decimals of FEEL (IEEE 754 decimal128)."""

_BLANK = re.compile(r"(?:\s|//[^\n]*(?:\n|\Z)|/\*(?:[^*]|\*(?!/))*+\*/)*+")
_NOTHING = re.compile("")
_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_NUMBER = re.compile(r"(?:\d+(?:\.\d+)?|\.\d+)", re.ASCII)
_PART = re.compile(r"[^\W\d][\w]*(?:[ ]+\w+)*")
_MOMENT = re.compile(r'(date and time|date|time|duration)\s*\(\s*("[^"\\]*+")\s*\)|@("[^"\\]*+")')

Scope = Mapping[str, Any]
Run = Callable[[Scope], Any]
Combine = Callable[[Any, Any], Any]


class Unsupported(Exception):  # noqa: N818  an inner signal, turned into a Problem with its line
    """An expression beyond S-FEEL, or none at all."""


@frozen(eq=False)
class Function:
    """Business knowledge that an expression may call.

    Attributes:
        parameters: The names of its parameters, in order.
        run: Computes it from their values.
    """

    parameters: tuple[str, ...]
    run: Run


@frozen
class Moment:
    """A date, a time or a duration.

    Attributes:
        kind: What it is.
        zoned: Whether it says its distance from UTC.
        number: Its days, seconds or months.
    """

    kind: TemporalKind
    zoned: bool
    number: Real

    def __str__(self) -> str:
        return self.fact.text_of(self.number)

    @property
    def fact(self) -> Temporal:
        """A fact of its kind."""
        return Temporal("value", kind=self.kind, zoned=self.zoned)


def moment(kinds: Iterable[TemporalKind], text: str) -> Moment | None:
    """Read a date, a time or a duration; ``None`` where it is none of these.

    >>> str(moment(["date"], "2025-12-31"))
    '2025-12-31'
    """
    for kind in kinds:
        for zoned in (False, True):
            number = Temporal("value", kind=kind, zoned=zoned).measured(text)
            if number is not None:
                return Moment(kind, zoned, number)
    return None


@frozen(eq=False)
class Expression:
    """An expression that can be computed.

    Attributes:
        text: As it is written.
        run: Computes it from the values of names.
        constant: Whether it is a plain literal, so that ``run({})`` says it all.
        path: The name that it is, where it is nothing but a name.
    """

    text: str
    run: Run
    constant: bool = False
    path: str = ""


def read_expression(
    text: str,
    names: Iterable[str] | re.Pattern[str] = (),
    functions: Mapping[str, Function] | None = None,
) -> Expression:
    """Read an expression.

    Args:
        text: The expression.
        names: Names that it may use, which may hold blanks and signs; or their pattern.
        functions: Functions that it may call, by name.

    Raises:
        Unsupported: It is beyond S-FEEL.

    >>> read_expression("(the age + 2) ** 2 > 30", ["the age"]).run({"the age": Decimal(4)})
    True
    """
    if len(text) > MOST_CHARACTERS:
        raise Unsupported(f"found {len(text)} characters, expected at most {MOST_CHARACTERS}")
    return _Reader(text, names, functions or {}).read()


def literals_in(text: str) -> tuple[Moment, ...]:
    """The dates, times and durations that a cell writes out."""
    found = (_literal(each) for each in _MOMENT.finditer(text))
    return tuple(each for each in found if each is not None)


def read_constants(text: str) -> tuple[Expression, ...]:
    """Read plain literals with commas between them.

    Raises:
        Unsupported: One is no literal.
    """
    if len(text) > MOST_LISTED:
        raise Unsupported(f"found {len(text)} characters, expected at most {MOST_LISTED}")
    reader = _Reader(text, (), {})
    found = [reader.next()]
    while reader.sign(","):
        found.append(reader.next())
    if reader.place < len(text) or not all(each.constant for each in found):
        raise Unsupported(f"found {quoted(text)}, expected values with commas between them")
    return tuple(found)


def unquoted(text: str) -> str:
    """The text that a literal in double quotes stands for.

    Raises:
        Unsupported: It holds an escape that is none.
    """
    try:
        return str(json.loads(text, strict=False))
    except ValueError:
        raise Unsupported(f"found {quoted(text)}, expected a text in double quotes") from None


def _flat(name: str) -> str:
    return " ".join(name.split())


def names_pattern(names: Iterable[str]) -> re.Pattern[str]:
    """What any of some names looks like, the longest first."""
    flat = sorted({_flat(each) for each in names if each.split()}, key=len, reverse=True)
    spelled = [r"\s+".join(map(re.escape, each.split(" "))) for each in flat]
    return re.compile(f"({'|'.join(spelled)})(?!\\w)" if spelled else r"(?!)")


class _Reader:
    def __init__(
        self,
        text: str,
        names: Iterable[str] | re.Pattern[str],
        functions: Mapping[str, Function],
    ) -> None:
        self.text = text
        self.names = names if isinstance(names, re.Pattern) else names_pattern(names)
        self.functions = {_flat(name): each for name, each in functions.items()}
        self.called = names_pattern(self.functions)
        self.place = 0
        self.depth = 0

    def read(self) -> Expression:
        whole = self.next()
        if self.place < len(self.text):
            raise self.strange()
        return whole

    def next(self) -> Expression:
        self.take(_NOTHING)
        start = self.place
        run = self.either()
        text = self.text[start : self.place].strip()
        return Expression(text, run, isinstance(run, _Constant), getattr(run, "name", ""))

    def strange(self) -> Unsupported:
        rest = self.text[self.place :].strip()
        found = f"found {quoted(rest)}" if rest else f"{quoted(self.text)} ends too soon"
        return Unsupported(f"{found}, which is beyond S-FEEL or no known name")

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        found = pattern.match(self.text, self.place)
        if found:
            self.place = cast("Any", _BLANK.match(self.text, found.end())).end()
        return found

    def sign(self, *signs: str) -> str:
        """The first of some signs or words that is next; it is then passed."""
        for sign in signs:
            if self.text.startswith(sign, self.place):
                after = self.text[self.place + len(sign) : self.place + len(sign) + 1]
                if not (sign.isalpha() and (after.isalnum() or after == "_")):
                    self.take(re.compile(re.escape(sign)))
                    return sign
        return ""

    def either(self) -> Run:
        self.depth += 1
        if self.depth > MOST_DEPTH:
            raise Unsupported(f"brackets lie more than {MOST_DEPTH} deep")
        run = self.chain(self.both, lambda: _either if self.sign("or") else None)
        self.depth -= 1
        return run

    def chain(self, operand: Callable[[], Run], operator: Callable[[], Combine | None]) -> Run:
        """Operands with operators between them, from left to right."""
        first = operand()
        steps: list[tuple[Combine, Run]] = []
        while combine := operator():
            steps.append((combine, operand()))
        return _folded(first, steps)

    def both(self) -> Run:
        return self.chain(self.comparison, lambda: _both if self.sign("and") else None)

    def comparison(self) -> Run:
        run = self.sum()
        sign = self.sign("<=", ">=", "!=", "<", ">", "=")
        return _folded(run, [(_COMPARISONS[sign], self.sum())] if sign else [])

    def sum(self) -> Run:
        return self.chain(self.product, lambda: _SUMS.get(self.sign("+", "-")))

    def product(self) -> Run:
        return self.chain(self.power, self.factor)

    def factor(self) -> Combine | None:
        power = self.text.startswith("**", self.place)
        return None if power else _PRODUCTS.get(self.sign("*", "/"))

    def power(self) -> Run:
        return self.chain(self.negated, lambda: _power if self.sign("**") else None)

    def negated(self) -> Run:
        minus = 0
        while self.sign("-"):
            minus += 1
        run = self.primary()
        if minus and isinstance(run, _Constant) and isinstance(run.value, Decimal):
            return _Constant(-run.value if minus % 2 else run.value)
        if not minus:
            return run
        return _folded(_Constant(Decimal(-1 if minus % 2 else 1)), [(_times, run)])

    def primary(self) -> Run:  # noqa: PLR0911  one for each kind
        if self.sign("("):
            run = self.either()
            self.close()
            return run
        if named := self.take(self.called):
            return self.call(self.functions[_flat(named[1])])
        if named := self.take(self.names):
            return self.path(_flat(named[1]))
        if text := self.take(_TEXT):
            return _Constant(unquoted(text[0]))
        if number := self.take(_NUMBER):
            decimal = parse_decimal(number[0])
            if decimal is None:
                raise Unsupported(f"found {quoted(number[0])}, a number of too many digits")
            return _Constant(decimal)
        if literal := self.take(_MOMENT):
            made = _literal(literal)
            if made is None:
                raise Unsupported(f"found {quoted(literal[0])}, no date, time or duration")
            return _Constant(made)
        return self.word()

    def word(self) -> Run:
        word = self.sign("true", "false", "null", "not")
        if word == "not" and self.sign("("):
            run = self.either()
            self.close()
            return lambda scope: _negation(run(scope))
        if word in _WORDS:
            return _Constant(_WORDS[word])
        raise self.strange()

    def close(self) -> None:
        if not self.sign(")"):
            raise self.strange()

    def path(self, name: str) -> Run:
        parts = [name]
        while self.text.startswith(".", self.place) and not self.text.startswith("..", self.place):
            self.sign(".")
            part = self.take(_PART)
            if part is None:
                raise self.strange()
            parts.append(_flat(part[0]))
        return _Name(".".join(parts), tuple(parts))

    def call(self, function: Function) -> Run:
        runs: list[Run] = []
        if not self.sign("("):
            raise self.strange()
        while not self.sign(")"):
            runs.append(self.either())
            if not self.sign(",") and not self.text.startswith(")", self.place):
                raise self.strange()
        if len(runs) != len(function.parameters):
            count = f"{len(runs)} values for {len(function.parameters)} parameters"
            raise Unsupported(f"found {count} in {quoted(self.text)}")
        named = list(zip(function.parameters, runs, strict=True))
        return lambda scope: function.run({name: run(scope) for name, run in named})


@frozen
class _Constant:
    value: Any

    def __call__(self, _scope: Scope) -> Any:
        return self.value


@frozen
class _Name:
    name: str
    parts: tuple[str, ...]

    def __call__(self, scope: Scope) -> Any:
        value: Any = scope
        if self.name in scope:
            return scope[self.name]
        for part in self.parts:
            value = value.get(part) if is_mapping(value) else None
        return value


_WORDS = {"true": True, "false": False, "null": None}


def _literal(found: re.Match[str]) -> Moment | None:
    text = (found[2] or found[3])[1:-1]
    if found[1] is None:
        kinds: Sequence[TemporalKind] = TEMPORAL_KINDS
    elif found[1] == "duration":
        kinds = ("days and time duration", "years and months duration")
    else:
        kinds = (cast("TemporalKind", found[1]),)
    return moment(kinds, text)


def _folded(first: Run, steps: Sequence[tuple[Combine, Run]]) -> Run:
    if not steps:
        return first

    def run(scope: Scope) -> Any:
        value = first(scope)
        for combine, operand in steps:
            value = combine(value, operand(scope))
        return value

    return run


def _either(left: object, right: object) -> bool | None:
    if left is True or right is True:
        return True
    return False if left is False and right is False else None


def _both(left: object, right: object) -> bool | None:
    if left is False or right is False:
        return False
    return True if left is True and right is True else None


def _negation(value: object) -> bool | None:
    return not value if isinstance(value, bool) else None


def _sortable(left: Any, right: Any) -> tuple[Any, Any] | None:
    """The two as values that can be compared; ``None`` where they are of two kinds."""
    if isinstance(left, Moment) and isinstance(right, Moment):
        alike = (left.kind, left.zoned) == (right.kind, right.zoned)
        return (left.number, right.number) if alike else None
    return (left, right) if type(left) is type(right) else None


def _compared(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool | None]:
    def compare(left: Any, right: Any) -> bool | None:
        both = _sortable(left, right)
        if both is None or isinstance(both[0], bool | list | dict | None):
            return None
        return test(*both)

    return compare


def _equal(left: Any, right: Any) -> bool | None:
    if left is None or right is None:
        return left is right
    both = _sortable(left, right)
    return None if both is None else bool(both[0] == both[1])


_COMPARISONS: Mapping[str, Combine] = {
    "<": _compared(lambda left, right: left < right),
    "<=": _compared(lambda left, right: left <= right),
    ">": _compared(lambda left, right: left > right),
    ">=": _compared(lambda left, right: left >= right),
    "=": _equal,
    "!=": lambda left, right: _negation(_equal(left, right)),
}


def compared(sign: str, left: Any, right: Any) -> bool | None:
    """Compare two values as FEEL does; ``None`` where they are of two kinds."""
    found: bool | None = _COMPARISONS[sign](left, right)
    return found


def _computed(compute: Callable[[Decimal, Decimal], Decimal]) -> Callable[[Any, Any], Any]:
    def both(left: object, right: object) -> Decimal | None:
        if not (isinstance(left, Decimal) and isinstance(right, Decimal)):
            return None
        result = compute(left, right)
        return result if result.is_finite() else None

    return both


_minus = _computed(_CONTEXT.subtract)
_times = _computed(_CONTEXT.multiply)
_divided = _computed(_CONTEXT.divide)
_power = _computed(_CONTEXT.power)
_add = _computed(_CONTEXT.add)


def _plus(left: Any, right: Any) -> Any:
    if isinstance(left, str) and isinstance(right, str):
        return left + right
    return _add(left, right)


_SUMS: Mapping[str, Combine] = {"+": _plus, "-": _minus}
_PRODUCTS: Mapping[str, Combine] = {"*": _times, "/": _divided}
