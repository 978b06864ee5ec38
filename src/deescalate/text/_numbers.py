"""Numbers in a row of tokens: digits, words, both."""

import re
from collections.abc import Sequence
from decimal import Decimal
from functools import cached_property
from typing import Final, NamedTuple

from attrs import frozen

from deescalate.text._tokens import Token
from deescalate.text._words import Words

__all__ = ["Row", "SaidNumber", "decimal_of"]

_DIGITS: Final = re.compile(r"\d+(?:[.,'’]\d+)*")
_GLUED: Final = re.compile(r"(\d+(?:[.,'’]\d+)*)([^\W\d_]{1,12})")
_HEADED: Final = re.compile(r"([^\W\d_]{2,3})(\d+(?:[.,'’]\d+)*)")
_FRACTION: Final = re.compile(r"(\d{0,9})(\d)⁄(\d)")
_HYPHENS: Final = frozenset("-\u2010\u2011")
_LONGEST: Final = 40
_SMALLEST_SCALE: Final = 100
_TENS: Final = 20
_GREATEST: Final = 10**15


class SaidNumber(NamedTuple):
    """A number as it was written.

    Attributes:
        value: Its value, read as a plain number.
        first: The index of its first token.
        last: The index of its last token.
        digits: The digits as written, where it is written in digits and nothing else.
        tail: Letters glued to the digits, such as "hrs" or "k".
        head: Letters glued before them, such as "usd".
        scale: What the value was multiplied with.
        ordinal: Whether it is one, such as "third".

    >>> from deescalate.text import Text
    >>> [number.tail for number in Text.of("3 calls, 24hrs").numbers]
    ['', 'hrs']
    """

    value: Decimal
    first: int
    last: int
    digits: str = ""
    tail: str = ""
    head: str = ""
    scale: Decimal = Decimal(1)
    ordinal: bool = False


@frozen(slots=False)
class Row:
    """Tokens with the numbers in them, which the readers of quantities share.

    Attributes:
        tokens: The tokens.
        text: The text that their places point into.
        words: What is known of the language.

    >>> from deescalate.text._tokens import tokenize
    >>> from deescalate.languages import ENGLISH
    >>> from deescalate.text._words import words_of
    >>> text = "two hundred and five, 3rd, 5k"
    >>> [int(each.value) for each in Row(tokenize(text), text, words_of(ENGLISH)).numbers]
    [205, 3, 5]
    """

    tokens: Sequence[Token]
    text: str
    words: Words

    @cached_property
    def numbers(self) -> tuple[SaidNumber, ...]:
        """The numbers, in order, apart."""
        found: list[SaidNumber] = []
        starts = self.words.number_starts
        at = 0
        for index, token in enumerate(self.tokens):
            word = token.text
            if index < at or not (
                word in starts
                or word[:1].isdecimal()
                or word[-1:].isdecimal()
                or token.kind == "money"
            ):
                continue
            number = self._number(index)
            if number is not None:
                number = self._told_twice(number)
                found.append(number)
                at = number.last + 1
        return tuple(found)

    @cached_property
    def starting(self) -> dict[int, SaidNumber]:
        """The numbers by their first token."""
        return {number.first: number for number in self.numbers}

    @cached_property
    def ending(self) -> dict[int, SaidNumber]:
        """The numbers by their last token."""
        return {number.last: number for number in self.numbers}

    def word(self, index: int) -> str:
        """The folded token at a place; nothing outside of the row."""
        return self.tokens[index].text if 0 <= index < len(self.tokens) else ""

    def raw(self, index: int) -> str:
        """A token as it was written."""
        return self.text[self.tokens[index].start : self.tokens[index].end]

    def gap(self, index: int) -> str:
        """What stands between a token and the one before it."""
        return self.text[self.tokens[index - 1].end : self.tokens[index].start]

    def hyphen(self, index: int) -> bool:
        """Whether nothing but a hyphen stands before a token."""
        return 0 < index < len(self.tokens) and self.gap(index).strip() in _HYPHENS

    def _number(self, index: int) -> SaidNumber | None:
        token = self.tokens[index]
        if token.kind == "money":
            digits = _DIGITS.search(token.text)
            return self._scaled(index, digits[0], "") if digits else None
        word = token.text
        if word[:1].isdecimal():
            glued = _GLUED.fullmatch(word)
            if glued:
                number = self._scaled(index, glued[1], glued[2])
                ordinal = glued[2] in self.words.section("numbers", "ordinal endings")
                return number and number._replace(ordinal=ordinal)
            if _DIGITS.fullmatch(word):
                return self._scaled(index, word, "")
            fraction = _FRACTION.fullmatch(word)
            return SaidNumber(_mixed(*fraction.groups()), index, index) if fraction else None
        if headed := _HEADED.fullmatch(word):
            shown, last = self._glued_digits(index, headed[2])
            value = decimal_of(shown, money=True)
            return None if value is None else SaidNumber(value, index, last, shown, head=headed[1])
        return self._in_words(index) if word in self.words.number_starts else None

    def _glued_digits(self, last: int, digits: str) -> tuple[str, int]:
        """Digits with those behind a comma or a point, and the last token: "USD1,234.50"."""
        while self.word(last + 1) in {",", "."} and self.word(last + 2).isdecimal():
            if self.gap(last + 1) or self.gap(last + 2) or len(digits) > _LONGEST:
                break
            digits, last = digits + self.word(last + 1) + self.word(last + 2), last + 2
        return digits, last

    def _told_twice(self, number: SaidNumber) -> SaidNumber:
        """A number with itself in brackets behind it: "two (2)"."""
        after = number.last + 1
        if self.word(after) != "(" or self.word(after + 2) != ")":
            return number
        again = self._number(after + 1)
        same = again is not None and again.value == number.value
        return number._replace(last=after + 2) if same else number

    def _scaled(self, index: int, digits: str, tail: str) -> SaidNumber | None:
        """Digits, with "k", "million", "and a half" or "½" behind them."""
        value = decimal_of(digits)
        if value is None:
            return None
        if tail:
            return SaidNumber(value, index, index, digits, tail)
        scale, last = Decimal(1), index
        while (factor := self.words.scales.get(self.word(last + 1))) is not None:
            short = len(self.word(last + 1)) == 1
            if short and self.gap(last + 1) and self.tokens[index].kind != "money":
                break
            scale, last = scale * factor, last + 1
            if scale > _GREATEST:
                break
        if half := self._half(last + 1):
            return self._times(SaidNumber((value + half) * scale, index, last + 3))
        return SaidNumber(value * scale, index, last, digits, scale=scale)

    def _times(self, number: SaidNumber) -> SaidNumber:
        """A number with the "thousand" behind it: "three and a half thousand"."""
        factor = self.words.scales.get(self.word(number.last + 1))
        if factor is None or len(self.word(number.last + 1)) == 1:
            return number
        return number._replace(value=number.value * factor, last=number.last + 1)

    def _half(self, index: int) -> Decimal:
        """What "and a half" adds, from here on."""
        part = self.words.numbers.get(self.word(index + 2), Decimal(1))
        joined = self.word(index) in self.words.joiners
        return (
            part
            if joined and self.word(index + 1) in self.words.articles and part < 1
            else Decimal(0)
        )

    def _in_words(self, index: int) -> SaidNumber | None:
        scales, numbers, word = self.words.scales, self.words.numbers, self.word(index)
        first = index
        if word in scales:
            if index and len(word) > 1 and self.word(index - 1) in self.words.articles:
                first = index - 1
            elif not self.words.section("numbers", "money alone").get(word):
                return None
        elif numbers.get(word, Decimal(1)) < 1:
            after = index + 1
            after += self.word(after) in self.words.section("numbers", "of")
            after += self.word(after) in self.words.articles
            factor = scales.get(self.word(after)) if len(self.word(after)) > 1 else None
            if factor is None:
                return SaidNumber(numbers[word], index, index)
            return SaidNumber(numbers[word] * factor, index, after)
        value, last, ordinal = self._run(index)
        part = self.words.numbers.get(self.word(last + 1), Decimal(1))
        if part < 1 and not ordinal:  # three quarters of a million
            whole = self._in_words(last + 1)
            if whole is not None and whole.last > last + 1:
                return SaidNumber(value * whole.value, first, whole.last)
        half = Decimal(0) if ordinal else self._half(last + 1)
        number = SaidNumber(value + half, first, last + 3 * bool(half), ordinal=ordinal)
        return self._times(number) if half else number

    def _run(self, index: int) -> tuple[Decimal, int, bool]:
        """Number words that make one number: its value, its last token, whether it counts."""
        words, total, current, last = self.words, Decimal(0), Decimal(0), index - 1
        of, couples = words.section("numbers", "of"), words.section("numbers", "with of")
        for at in range(index, min(len(self.tokens), index + _LONGEST)):
            word = self.tokens[at].text
            if current > _GREATEST or total > _GREATEST:
                break
            open_ended = current % _SMALLEST_SCALE == 0 and (
                current > 0 or total > 0 or at == index
            )
            if word in words.scales and len(word) > 1:
                current = (current or Decimal(1)) * words.scales[word]
                if words.scales[word] >= 1000:
                    total, current = total + current, Decimal(0)
            elif word in words.numbers or word in words.ordinals:
                ordinal = word in words.ordinals
                value = words.ordinals[word] if ordinal else words.numbers[word]
                low = current % _SMALLEST_SCALE
                units = low >= _TENS and low % 10 == 0 and value < 10
                if value < 1 or not (open_ended or units):
                    break
                current += value
                if ordinal:
                    return total + current, at, True
            elif word in of and self.word(at - 1) in couples:
                pass
            elif not (
                word in words.joiners
                and open_ended
                and at > index
                and words.numbers.get(self.word(at + 1), Decimal(0)) >= 1
            ):
                break
            else:
                continue
            last = at
        return total + current, last, False


def _mixed(whole: str, over: str, under: str) -> Decimal:
    """The value of such as "2½"."""
    return Decimal(int(whole or 0)) + Decimal(int(over)) / max(int(under), 1)


def decimal_of(digits: str, *, money: bool = False, places: int = 2) -> Decimal | None:
    """Read digits: "1,200.50", "1.200,50", "1'250", "1,00,000".

    Args:
        digits: Digits with marks between them.
        money: Whether they are a sum of money: those have no three decimals, so "1.250" is more
            than a thousand.
        places: The decimal places that the currency has, where it is money.

    Returns:
        The value; none where the digits are too many to be an amount of anything.

    >>> decimal_of("1.250"), decimal_of("1.250", money=True)
    (Decimal('1.250'), Decimal('1250'))
    """
    if len(digits) > _LONGEST:
        return None
    plain = digits.replace("’", "'").replace("'", "")
    last = max(plain.rfind("."), plain.rfind(","))
    if last < 0:
        return Decimal(int(plain))
    whole, mark, rest = plain[:last], plain[last], plain[last + 1 :]
    bare = whole.replace(",", "").replace(".", "")
    other = "." if mark == "," else ","
    thousands = len(rest) == 3 and bare.strip("0") != "" and other not in whole
    if thousands and (mark == "," or whole.count(".") > 0 or (money and places < 3)):
        return Decimal(int(bare + rest))
    if mark in whole and other not in whole:  # such as 03.12.2026
        return None
    return Decimal(f"{int(bare)}.{''.join(str(int(digit)) for digit in rest)}")
