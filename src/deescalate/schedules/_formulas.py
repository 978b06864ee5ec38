"""Formulas of schedules: arithmetic over facts, read from text, worked out exactly.

The language is data, not code: numbers, names of facts, ``+ - * /``, brackets, percentages
(``25% of price``) and the functions listed in `FUNCTIONS`. Every number is a fraction inside,
so nothing is rounded but where a formula says so.
"""

import math
import operator
import re
from collections.abc import Callable, Iterator, Mapping
from fractions import Fraction
from typing import TypeAlias

from attrs import field, frozen

from deescalate.errors import SettingError, nearest_name
from deescalate.money import Rounding, round_to
from deescalate.schedules._spans import (
    End,
    Span,
    add,
    divide,
    multiply,
    subtract,
)

__all__ = ["FUNCTIONS", "Call", "Constant", "Formula", "Name", "Node"]

_LONGEST = 300
_DEEPEST = 40
_TOKEN = re.compile(
    r"[ \t\r\n]*(?:([0-9]{1,15}(?:\.[0-9]{1,12})?(?![0-9.]))|([A-Za-z_][A-Za-z0-9_]*)|([-+*/(),%]))"
)


@frozen
class Constant:
    """A number in a formula.

    Attributes:
        number: The number.
    """

    number: Fraction


@frozen
class Name:
    """A fact in a formula.

    Attributes:
        name: Its name.
    """

    name: str


@frozen
class Call:
    """An operation in a formula.

    Attributes:
        function: One of `FUNCTIONS`, or a sign.
        arguments: What it is applied to.
    """

    function: str
    arguments: tuple["Node", ...]


Node: TypeAlias = Constant | Name | Call


def _over(quantity: End, after: End) -> End:
    if isinstance(after, float):
        return Fraction(0) if after == math.inf else math.inf
    return max(Fraction(0), quantity if isinstance(quantity, float) else quantity - after)


def _begun(quantity: End, after: End, size: End) -> End:
    over = _over(quantity, after)
    return over if isinstance(over, float) else Fraction(math.ceil(over / Fraction(size)))


def _completed(quantity: End, after: End, size: End) -> End:
    over = _over(quantity, after)
    return over if isinstance(over, float) else Fraction(math.floor(over / Fraction(size)))


def _rounding(mode: Rounding) -> Callable[[End, End], End]:
    def rounded(value: End, place: End) -> End:
        return value if isinstance(value, float) else round_to(value, mode, Fraction(place))

    return rounded


def _pays_from(amount: End, least: End) -> End:
    return amount if amount >= max(least, 0) else Fraction(0)


def _pays_above(amount: End, least: End) -> End:
    return amount if amount > max(least, 0) else Fraction(0)


def _raised_to(amount: End, least: End) -> End:
    return max(amount, least) if amount > 0 else Fraction(0)


def _with_penalty(amount: End, penalty: End) -> End:
    if amount <= 0:
        return Fraction(0)
    if isinstance(amount, float) or isinstance(penalty, float):
        return math.inf if penalty > 0 or isinstance(amount, float) else Fraction(0)
    return max(Fraction(0), amount + penalty)


@frozen
class _Function:
    """A function that never falls, or never rises, in each of its arguments.

    ``directions`` holds ``+`` or ``-`` for each argument and ``1`` for one that must be a
    number above 0 standing in the text; ``defaults`` fill the last arguments.
    """

    apply: Callable[..., End]
    directions: str
    defaults: tuple[int, ...] = ()
    many: bool = False


FUNCTIONS: Mapping[str, str] = {
    "min": "the lesser of two or more: min(4 * fare, 2150)",
    "max": "the greater of two or more: max(bill, 300)",
    "over": "what exceeds an allowance, else 0: over(hours, 24)",
    "begun": "units begun after an allowance: begun(hours, 24, 12); begun(hours) if 0 and 1",
    "completed": "whole units completed after an allowance: completed(hours, 24, 12)",
    "round_up": "up to a multiple of a place: round_up(price / 6, 0.01)",
    "round_down": "down to a multiple of a place: round_down(amount, 1)",
    "round_half_up": "to the nearest, ties up: round_half_up(amount, 25)",
    "round_half_even": "to the nearest, ties to the even one: round_half_even(amount, 0.01)",
    "pays_from": "nothing below a least amount, which itself is paid: pays_from(amount, 4)",
    "pays_above": "nothing up to an amount, which itself is not paid: pays_above(amount, 4)",
    "raised_to": "at least so much where anything is due at all: raised_to(amount, 20)",
    "with_penalty": "so much more where anything is due at all: with_penalty(amount, 40)",
}
"""The functions a formula may call, each with what it gives."""

_FUNCTIONS: Mapping[str, _Function] = {
    "min": _Function(min, "+", many=True),
    "max": _Function(max, "+", many=True),
    "over": _Function(_over, "+-"),
    "begun": _Function(_begun, "+-1", defaults=(0, 1)),
    "completed": _Function(_completed, "+-1", defaults=(0, 1)),
    **{f"round_{mode}": _Function(_rounding(mode), "+1") for mode in Rounding},
    "pays_from": _Function(_pays_from, "+-"),
    "pays_above": _Function(_pays_above, "+-"),
    "raised_to": _Function(_raised_to, "++"),
    "with_penalty": _Function(_with_penalty, "++"),
}


def _quotient(left: Fraction, right: Fraction) -> Fraction:
    return left / right


_OPERATORS: Mapping[str, tuple[Callable[..., Fraction], Callable[..., Span]]] = {
    "+": (operator.add, add),
    "-": (operator.sub, subtract),
    "*": (operator.mul, multiply),
    "/": (_quotient, divide),
}
_APPLY: Mapping[str, Callable[..., End]] = {
    **{sign: value for sign, (value, _) in _OPERATORS.items()},
    **{name: function.apply for name, function in _FUNCTIONS.items()},
}


@frozen
class Formula:
    """One formula, parsed.

    Attributes:
        text: The formula as written.
        names: The facts it names.
        root: What it means, as a tree.

    >>> from fractions import Fraction
    >>> fare = Formula.parse("min(200% of fare, 1075)")
    >>> fare.value({"fare": Fraction(600)})
    Fraction(1075, 1)
    >>> sorted(fare.names)
    ['fare']
    """

    text: str
    names: frozenset[str] = field(eq=False)
    root: Node = field(eq=False, repr=False)

    @classmethod
    def parse(cls, text: str) -> "Formula":
        """Read a formula.

        Args:
            text: At most 300 characters.

        Raises:
            SettingError: What stands there is no formula; the message says where it breaks off.

        >>> Formula.parse("25% of")
        Traceback (most recent call last):
        deescalate.errors.SettingError: `formula` is `25% of`: expected a number, a name or `(` \
at its end
        """
        reader = _Reader(text)
        root = reader.whole()
        return cls(text, frozenset(reader.names), root)

    @classmethod
    def constant(cls, number: Fraction) -> "Formula":
        """The formula that is one number.

        >>> from fractions import Fraction
        >>> Formula.constant(Fraction(250)).value({})
        Fraction(250, 1)
        """
        return cls(str(number), frozenset(), Constant(number))

    def value(self, facts: Mapping[str, Fraction]) -> Fraction:
        """Work it out.

        Args:
            facts: A number for every name.

        Raises:
            ZeroDivisionError: It divides by a fact that is 0; a schedule refuses at loading
                any formula that could.

        >>> from fractions import Fraction
        >>> Formula.parse("begun(hours, 24, 12) * 30").value({"hours": Fraction(37)})
        Fraction(60, 1)
        """
        return _value(self.root, facts)

    def span(self, facts: Mapping[str, Span]) -> Span:
        """All that it can come to.

        Args:
            facts: A range for every name.

        Returns:
            A range that holds every value; it may be wider where a name stands twice.

        >>> from fractions import Fraction
        >>> import math
        >>> from deescalate.schedules._spans import Span
        >>> Formula.parse("min(price / 2, 10)").span({"price": Span(Fraction(4), math.inf)})
        Span(low=Fraction(2, 1), high=Fraction(10, 1))
        """
        return _span(self.root, facts)

    def divides_by_zero(self, facts: Mapping[str, Span]) -> bool:
        """Whether some divisor could be 0.

        Args:
            facts: A range for every name.

        >>> from fractions import Fraction
        >>> import math
        >>> from deescalate.schedules._spans import Span
        >>> Formula.parse("1 / days").divides_by_zero({"days": Span(Fraction(0), math.inf)})
        True
        """
        return _divides_by_zero(self.root, facts)


def _value(node: Node, facts: Mapping[str, Fraction]) -> Fraction:
    if isinstance(node, Constant):
        return node.number
    if isinstance(node, Name):
        return facts[node.name]
    arguments = [_value(each, facts) for each in node.arguments]
    return Fraction(_APPLY[node.function](*arguments))


def _span(node: Node, facts: Mapping[str, Span]) -> Span:
    if isinstance(node, Constant):
        return Span.point(node.number)
    if isinstance(node, Name):
        return facts[node.name]
    arguments = [_span(each, facts) for each in node.arguments]
    if node.function in _OPERATORS:
        return _OPERATORS[node.function][1](*arguments)
    function = _FUNCTIONS[node.function]
    falls = [sign == "-" for sign in function.directions.ljust(len(arguments), "+")]
    turned = list(zip(arguments, falls, strict=True))
    return Span(
        function.apply(*(each.high if down else each.low for each, down in turned)),
        function.apply(*(each.low if down else each.high for each, down in turned)),
    )


def _divides_by_zero(node: Node, facts: Mapping[str, Span]) -> bool:
    if not isinstance(node, Call):
        return False
    if node.function == "/":
        divisor = _span(node.arguments[1], facts)
        if divisor.low <= 0 <= divisor.high:
            return True
    return any(_divides_by_zero(each, facts) for each in node.arguments)


class _Reader:
    """A recursive-descent reader of one formula."""

    def __init__(self, text: str) -> None:
        if len(text) > _LONGEST:
            raise SettingError("formula", text, f"at most {_LONGEST} characters")
        self.text = text
        self.names: set[str] = set()
        self.at = 0
        self.depth = 0
        self.tokens = list(self._scan())

    def _scan(self) -> Iterator[tuple[str, int]]:
        at = 0
        end = len(self.text.rstrip())
        while at < end:
            found = _TOKEN.match(self.text, at)
            if not found:
                raise self._wrong("a number, a name or one of `+ - * / % ( ) ,`", at)
            yield found[0].strip(), found.start(found.lastindex or 0)
            at = found.end()

    def _wrong(self, expected: str, at: int | None = None) -> SettingError:
        if at is None:
            at = self.tokens[self.at][1] if self.at < len(self.tokens) else len(self.text)
        where = f"at character {at + 1}" if at < len(self.text) else "at its end"
        return SettingError("formula", self.text, f"{expected} {where}")

    def _peek(self) -> str:
        return self.tokens[self.at][0] if self.at < len(self.tokens) else ""

    def _take(self) -> str:
        token = self._peek()
        self.at += 1
        return token

    def _expect(self, symbol: str) -> None:
        if self._peek() != symbol:
            raise self._wrong(f"`{symbol}`")
        self.at += 1

    def whole(self) -> Node:
        node = self.sum()
        if self._peek():
            raise self._wrong("the end or one of `+ - * /`")
        return node

    def sum(self) -> Node:
        node = self.product()
        while self._peek() in ("+", "-"):
            node = Call(self._take(), (node, self.product()))
        return node

    def product(self) -> Node:
        node = self.factor()
        while self._peek() in ("*", "/"):
            node = Call(self._take(), (node, self.factor()))
        return node

    def factor(self) -> Node:
        if self.depth > _DEEPEST:
            raise self._wrong(f"brackets no deeper than {_DEEPEST}")
        self.depth += 1
        node: Node
        if self._peek() == "-":
            self._take()
            node = Call("-", (Constant(Fraction(0)), self.factor()))
        else:
            node = self.atom()
            if self._peek() == "%":
                self._take()
                node = Call("/", (node, Constant(Fraction(100))))
                if self._peek() == "of":
                    self._take()
                    node = Call("*", (node, self.factor()))
        self.depth -= 1
        return node

    def atom(self) -> Node:
        token = self._peek()
        if token[:1].isdigit():
            self._take()
            return Constant(Fraction(token))
        if self._peek() == "(":
            self._take()
            node = self.sum()
            self._expect(")")
            return node
        if not token[:1].isidentifier() or self._peek() == "of":
            raise self._wrong("a number, a name or `(`")
        self._take()
        if self._peek() == "(":
            return self.call(token)
        self.names.add(token)
        return Name(token)

    def call(self, name: str) -> Node:
        if name not in _FUNCTIONS:
            self.at -= 1
            near = nearest_name(name, _FUNCTIONS)
            hint = f" (did you mean `{near}`?)" if near else ""
            raise self._wrong(f"one of the functions {', '.join(_FUNCTIONS)}{hint}")
        self._expect("(")
        arguments = [self.sum()]
        while self._peek() == ",":
            self._take()
            arguments.append(self.sum())
        self._expect(")")
        return Call(name, self._complete(name, arguments))

    def _complete(self, name: str, arguments: list[Node]) -> tuple[Node, ...]:
        function = _FUNCTIONS[name]
        if function.many:
            if len(arguments) < 2:
                raise self._wrong(f"2 or more arguments of {name} before here")
            return tuple(arguments)
        wanted = len(function.directions)
        least = wanted - len(function.defaults)
        if not least <= len(arguments) <= wanted:
            counts = " to ".join(str(each) for each in sorted({least, wanted}))
            raise self._wrong(f"{counts} arguments of {name} before here")
        given = len(arguments) - least
        arguments += [Constant(Fraction(each)) for each in function.defaults[given:]]
        for node, direction in zip(arguments, function.directions, strict=True):
            fixed = not isinstance(node, Constant) or node.number <= 0
            if direction == "1" and fixed:
                raise self._wrong(f"the last argument of {name} to be a number above 0 before here")
        return tuple(arguments)
