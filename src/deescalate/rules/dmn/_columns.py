"""The inputs of a decision table: what each asks about, and its cells as conditions."""

import re
from collections.abc import Iterable, Sequence
from typing import Any, cast

from deescalate.errors import DeescalateError, DocumentError, quoted
from deescalate.rules._engine.calendar import TEMPORAL_KINDS, Temporal, TemporalKind
from deescalate.rules._engine.cells import read_cell, read_values
from deescalate.rules._engine.conditions import EVERYTHING, Condition, Fact, within
from deescalate.rules._engine.facts import Choice, Flag, Number
from deescalate.rules._engine.sets import NumberSet, Stretch, ends
from deescalate.rules.dmn._feel import Unsupported, literals_in, read_constants, unquoted
from deescalate.rules.dmn._logic import OTHER
from deescalate.rules.dmn._marks import Marks

__all__ = ["Cells", "fact_of", "is_blank"]

_STRING = re.compile(r'"(?:[^"\\]|\\.)*+"', re.DOTALL)
_WORD = re.compile(r"[^\W\d]\w*|[?=!+*/{}]")
_ANY = re.compile(r"\s*not\s*\(\s*null\s*\)\s*")
_CALLED = re.compile(r'(?:date and time|date|time|duration)\s*\(\s*"[^"]*+"\s*\)|@"[^"]*+"')


def is_blank(text: str) -> bool:
    """Whether a cell asks nothing."""
    return text.strip() in ("", "-")


def _inferred(texts: Iterable[str]) -> str:
    """The kind of an input that says none, from its cells."""
    for text in texts:
        bare = _CALLED.sub("", text)
        if literals_in(text):
            return literals_in(text)[0].kind
        if '"' in bare:
            return "string"
        if re.search(r"\btrue\b|\bfalse\b", bare):
            return "boolean"
        if re.search(r"\d", bare):
            return "number"
    return "string"


def fact_of(
    name: str,
    kind: str,
    texts: Sequence[str],
    allowed: str = "",
    options: Iterable[str] | None = None,
    marks: Marks | None = None,
) -> Fact:
    """The fact that an input asks about.

    Args:
        name: Its name.
        kind: Its type; empty for what its cells look like.
        texts: Its cells.
        allowed: Its allowed values; empty for all.
        options: What a text may be where a table decides it.
        marks: What our own files say of a number.

    Raises:
        Unsupported: There can be no such fact.
    """
    kind = kind or _inferred((*texts, allowed))
    if kind == "boolean":
        return Flag(name)
    try:
        if kind == "string":
            return _choice(name, texts, allowed, options)
        if kind in TEMPORAL_KINDS:
            return _temporal(name, kind, (*texts, allowed), allowed)
        if kind in ("number", "integer"):
            return _number(name, kind, allowed, marks or Marks(integer=kind == "integer"))
    except DeescalateError as error:
        raise Unsupported(_reason(error)) from None
    raise Unsupported(f"not supported: an input of type {quoted(kind)}")


def _reason(error: DeescalateError) -> str:
    return error.problems[0].reason if isinstance(error, DocumentError) else str(error)


def _strings(text: str) -> list[str]:
    return [unquoted(each) for each in _STRING.findall(_CALLED.sub("", text))]


def _choice(name: str, texts: Sequence[str], allowed: str, options: Iterable[str] | None) -> Choice:
    named = dict.fromkeys(each for text in texts for each in _strings(text))
    if not allowed:
        known = list(options or ())
        return Choice(name, dict.fromkeys((*known, *named) if known else (*named, OTHER)))
    values = [each.run({}) for each in read_constants(allowed)]
    stated = [each for each in values if each is not None]
    if not all(isinstance(each, str) for each in stated):
        raise Unsupported(f"not supported: allowed values {quoted(allowed)} of a text")
    return Choice(name, stated)


def _bare(allowed: str) -> str:
    """Allowed values without the null that may be among them."""
    return re.sub(r",\s*null\s*$|^\s*null\s*,", "", allowed).strip()


def _ends(fact: Number, allowed: str) -> dict[str, Any]:
    """The least and the greatest of allowed values."""
    if not _bare(allowed):
        return {}
    values = cast("NumberSet", read_values(fact, _bare(allowed), ""))
    [whole] = fact.domain.stretches
    if (fact.integer and not all(map(_is_closed, values.stretches))) or len(values.stretches) != 1:
        values = fact.clip(values)
    if len(values.stretches) != 1:
        raise Unsupported(f"not supported: allowed values {quoted(allowed)} with gaps between them")
    low, high = ends(values.stretches[0], whole=fact.integer and fact.clip(values) == values)
    found: dict[str, Any] = {}
    if low.finite and low != whole.start:
        found["low"] = low.value
    if high.finite and values.stretches[0].end != whole.end:
        found["high"] = high.value
    if not _is_closed(Stretch(low, high)):
        raise Unsupported(
            f"not supported: allowed values {quoted(allowed)} that begin above or end below a value"
        )
    return found


def _is_closed(stretch: Stretch) -> bool:
    start, end = stretch.start, stretch.end
    return not (start.finite and start.after) and not (end.finite and not end.after)


def _number(name: str, kind: str, allowed: str, marks: Marks) -> Number:
    spelled = Number(name, integer=marks.integer, decimal=not marks.floats)
    ends = _ends(spelled, allowed)
    decimal = marks.decimal and kind != "integer"
    return Number(name, **ends, unit=marks.unit, integer=marks.integer, decimal=decimal)


def _temporal(name: str, kind: TemporalKind, texts: Sequence[str], allowed: str) -> Temporal:
    found = [each for text in texts for each in literals_in(text)]
    kind = found[0].kind if found else kind
    zoned = bool(found) and found[0].zoned
    bare = Temporal(name, kind=kind, zoned=zoned)
    return Temporal(name, **_ends(bare, allowed), kind=kind, zoned=zoned)


class Cells:
    """The cells of one input, each text read once.

    Args:
        fact: The fact they ask about.
        floats: Whether they are spelled as floats are.
    """

    def __init__(self, fact: Fact, *, floats: bool = False) -> None:
        self.fact = fact
        self.floats = floats
        self.known: dict[str, Condition] = {}
        self.spelled = fact
        if type(fact) is Number and not floats:
            self.spelled = Number(fact.name, integer=fact.integer, decimal=True)

    def read(self, text: str) -> Condition:
        """A cell as a condition.

        Raises:
            Unsupported: It is none of S-FEEL, or names what the fact does not know.
        """
        if text not in self.known:
            anything = is_blank(text) or _ANY.fullmatch(text)
            self.known[text] = EVERYTHING if anything else self._read(text)
        return self.known[text]

    def _read(self, text: str) -> Condition:
        if not isinstance(self.fact, Number):
            self._plain_words(text)
        try:
            if self.spelled is self.fact:
                return read_cell(self.fact, text, "")
            written = cast("NumberSet", read_values(self.spelled, text, ""))
        except DocumentError as error:
            raise Unsupported(f"{_reason(error)} (only cells of S-FEEL are supported)") from None
        integer = cast("Number", self.fact).integer
        return within(self.fact, self.fact.clip(written), written if integer else None)

    def _plain_words(self, text: str) -> None:
        known = ("not", "true", "false") if isinstance(self.fact, Flag) else ("not",)
        strange = [each for each in _WORD.findall(_STRING.sub("", text)) if each not in known]
        if strange:
            expected = "true or false" if isinstance(self.fact, Flag) else "texts in double quotes"
            raise Unsupported(
                f"found {quoted(strange[0])} in {quoted(text)}, expected {expected} "
                "(only cells of S-FEEL are supported)"
            )
