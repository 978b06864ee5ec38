"""Shapes: one value says how a part of a document is read and written, and its JSON Schema."""

from collections.abc import Callable, Iterable, Mapping
from datetime import date, time, timedelta
from decimal import Decimal
from enum import StrEnum
from functools import partial
from typing import Any, TypeAlias

from attrs import NOTHING, Attribute, Factory, evolve, fields, frozen

from deescalate.documents._lines import joined
from deescalate.documents._notes import Notes
from deescalate.documents._parsing import is_mapping

__all__ = [
    "Given",
    "Shape",
    "clock",
    "day",
    "exact",
    "flag",
    "keyed",
    "listed",
    "mapped",
    "minutes",
    "number",
    "one_of",
    "part",
    "record",
    "scalar",
    "text",
    "whole",
]

MOST_MINUTES = 525_600
"""A year: no time in minutes is longer; ours."""
FORMAT = 1
"""The only format there is so far; a document may say it."""
SCALAR = {"type": ["string", "number", "boolean"]}
_SPELLED = {
    "type": "object",
    "properties": {"decimal": {"type": "string", "pattern": r"^-?\d+(\.\d+)?$"}},
    "required": ["decimal"],
    "additionalProperties": False,
}
_DAY = r"^\d{4}-\d{2}-\d{2}$"
_CLOCK = r"^([01]\d|2[0-4]):[0-5]\d(:[0-5]\d)?$"


def _same(value: Any) -> Any:
    return value


@frozen
class Shape:
    """One kind of part.

    Attributes:
        read: Takes the part out of what was found under a path; notes what is wrong.
        schema: Its JSON Schema.
        write: The plain value that it is read from.
        keys: The keys of a record.
    """

    read: Callable[[Notes, str, Any], Any]
    schema: Callable[[], dict[str, Any]]
    write: Callable[[Any], Any] = _same
    keys: Callable[[], tuple[str, ...]] = tuple


Given: TypeAlias = Mapping[str, Any]
"""What of a record is read already, by the name of its field."""


@frozen
class _Part:
    shape: Shape | Callable[[Given], Shape]
    key: str
    inline: bool
    absent: object
    needed: bool

    def shaped(self, given: Given) -> Shape:
        return self.shape if isinstance(self.shape, Shape) else self.shape(given)


def part(
    shape: Shape | Callable[[Given], Shape],
    *,
    key: str = "",
    inline: bool = False,
    absent: object = None,
    needed: bool = False,
) -> dict[str, object]:
    """The metadata of an attrs field that stands in a document.

    Args:
        shape: Its shape, or what makes one from the fields before it.
        key: Its key where that is not the field's name.
        inline: Whether the keys of a record stand beside those around it.
        absent: What is read where a document does not say it; ``None`` for nothing.
        needed: Whether a document has to say what code need not.

    >>> from attrs import field, frozen
    >>> @frozen
    ... class Desk:
    ...     open: bool = field(default=False, metadata=part(flag()))
    >>> notes = Notes()
    >>> record(Desk).read(notes, "", {"open": True})
    Desk(open=True)
    """
    return {"document": _Part(shape, key, inline, absent, needed)}


def text(*, empty: bool = False) -> Shape:
    """A text."""
    schema: dict[str, Any] = {"type": "string"} if empty else {"type": "string", "pattern": r"\S"}
    return Shape(lambda notes, path, found: notes.text(path, found, empty=empty), lambda: schema)


def flag() -> Shape:
    """True or false."""
    return Shape(Notes.flag, lambda: {"type": "boolean"})


def whole(low: int, high: int | None = None) -> Shape:
    """A whole number within bounds."""
    told = f"a whole number, {low} or more" if high is None else f"a whole number, {low} to {high}"

    def read(notes: Notes, path: str, found: object) -> int:
        if type(found) is int and low <= found and (high is None or found <= high):
            return found
        notes.expected(path, found, told)
        return low

    ends = {"minimum": low} | ({} if high is None else {"maximum": high})
    return Shape(read, lambda: {"type": "integer", **ends})


def number(low: float, high: float, told: str = "a number") -> Shape:
    """A number within bounds."""

    def read(notes: Notes, path: str, found: object) -> float:
        if type(found) is not bool and isinstance(found, int | float) and low <= found <= high:
            return float(found)
        notes.expected(path, found, f"{told}, {low:g} to {high:g}")
        return low

    return Shape(read, lambda: {"type": "number", "minimum": low, "maximum": high})


def minutes() -> Shape:
    """A length of time in minutes, above 0."""

    def read(notes: Notes, path: str, found: object) -> timedelta:
        if isinstance(found, int | float) and found is not True and 0 < found <= MOST_MINUTES:
            return timedelta(minutes=found)
        notes.expected(path, found, f"minutes, above 0 and at most {MOST_MINUTES}")
        return timedelta(minutes=1)

    def write(value: timedelta) -> float:
        told = value.total_seconds() / 60
        return int(told) if told.is_integer() else told

    schema = {"type": "number", "exclusiveMinimum": 0, "maximum": MOST_MINUTES}
    return Shape(read, lambda: schema, write)


def exact(judge: Callable[[str, Decimal], object] | None = None, **ends: float) -> Shape:
    """A number, exactly as it is written.

    Args:
        judge: Refuses a number that may not stand under a path.
        ends: What the schema says of them, such as ``minimum``.
    """

    def read(notes: Notes, path: str, found: object) -> Decimal:
        value = notes.exact(path, found)
        if judge is not None:
            notes.tried(path, partial(judge, path, value))
        return value

    def write(value: Decimal) -> Decimal | int:
        return int(value) if value == value.to_integral_value() else value

    return Shape(read, lambda: {"anyOf": [{"type": "number", **ends}, _SPELLED]}, write)


def scalar() -> Shape:
    """A text, a number, or true or false."""

    def read(notes: Notes, path: str, found: object) -> object:
        if isinstance(found, float):
            return float(found)
        if not isinstance(found, str | bool | int | Decimal):
            notes.expected(path, found, "a text, a number, true or false")
        return found

    return Shape(read, lambda: SCALAR)


def one_of(known: type[StrEnum]) -> Shape:
    """A word of a vocabulary."""
    words = [each.value for each in known]
    return Shape(
        lambda notes, path, found: notes.one_of(path, found, known),
        lambda: {"enum": words},
        lambda value: value.value,
    )


def day() -> Shape:
    """A date."""
    return Shape(Notes.day, lambda: {"type": "string", "pattern": _DAY}, date.isoformat)


def clock(*, until_midnight: bool = False) -> Shape:
    """A time of day, without offset: whose it is, a zone beside it says.

    Args:
        until_midnight: Whether it is an end, so that 24:00 is one too: midnight, as ``time(0)``.
    """

    def read(notes: Notes, path: str, found: object) -> time:
        if until_midnight and found == "24:00":
            return time(0)
        try:
            read = found if isinstance(found, time) else time.fromisoformat(str(found))
        except ValueError:
            read = None
        if read is not None and read.tzinfo is None:
            return read
        notes.expected(path, found, 'a time of day without offset, such as "09:00"')
        return time(0)

    def write(at: time) -> str:
        return "24:00" if until_midnight and at == time(0) else f"{at:%H:%M:%S}"

    return Shape(read, lambda: {"type": "string", "pattern": _CLOCK}, write)


def listed(shape: Shape, make: Callable[[Iterable[Any]], Any] = tuple) -> Shape:
    """A list of parts of one shape."""
    return Shape(
        lambda notes, path, found: make(
            notes.every(path, found, lambda at, each: shape.read(notes, at, each))
        ),
        lambda: {"type": "array", "items": shape.schema()},
        lambda value: [shape.write(each) for each in _in_order(value)],
    )


def _in_order(value: Any) -> list[Any]:
    return sorted(value) if isinstance(value, frozenset) else list(value)  # pyright: ignore[reportUnknownArgumentType]  anything


def mapped(shape: Shape) -> Shape:
    """A mapping from names to parts of one shape."""

    def read(notes: Notes, path: str, found: object) -> dict[str, Any]:
        parts = notes.mapping(path, found)
        return {name: shape.read(notes, joined(path, name), each) for name, each in parts.items()}

    return Shape(
        read,
        lambda: {"type": "object", "additionalProperties": shape.schema()},
        lambda value: {name: shape.write(each) for name, each in value.items()},
    )


def keyed(make: Callable[..., Any], shapes: Mapping[str, Shape]) -> Shape:
    """A mapping whose keys are some attributes of a value, for a class that says nothing itself.

    Args:
        make: Makes the value; what the document leaves out is left out.
        shapes: The shape of each attribute.
    """

    def read(notes: Notes, path: str, found: object) -> Any:
        before = notes.count
        parts = notes.mapping(path, found, shapes)
        readers = {key: partial(shape.read, notes) for key, shape in shapes.items()}
        made = notes.read(path, parts, readers)
        return None if notes.count > before else notes.tried(path, lambda: make(**made))

    return Shape(
        read,
        lambda: {
            "type": "object",
            "properties": {key: shape.schema() for key, shape in shapes.items()},
            "additionalProperties": False,
        },
        lambda value: {key: shape.write(getattr(value, key)) for key, shape in shapes.items()},
        lambda: tuple(shapes),
    )


def record(kind: type[Any], *, over: object = None, given: Given | None = None) -> Shape:
    """A mapping whose keys are the fields of an attrs class that say how they are read.

    Args:
        kind: The class.
        over: A value of it that has what is left out.
        given: What the shapes of its fields may ask for, beside the fields before them.
    """
    return _Record(kind, over, given or {}).shape()


@frozen
class _Record:
    kind: type[Any]
    over: object
    given: Given

    def shape(self) -> Shape:
        return Shape(self.read, self.schema, self.write, self.keys)

    def parts(self) -> list[tuple["Attribute[Any]", _Part, str]]:
        return [
            (each, told, told.key or each.alias or each.name)
            for each in fields(self.kind)
            if isinstance(told := each.metadata.get("document"), _Part)
        ]

    def keys(self) -> tuple[str, ...]:
        keys: list[str] = []
        for _, told, key in self.parts():
            keys += told.shaped(self.given).keys() if told.inline else (key,)
        return tuple(keys)

    def optional(self, attribute: "Attribute[Any]") -> bool:
        if attribute.metadata["document"].needed:
            return False
        return self.over is not None or attribute.default is not NOTHING or not attribute.init

    def read(self, notes: Notes, path: str, found: object) -> Any:
        before = notes.count
        formatted = ("format",) if hasattr(self.kind, "document_kind") else ()
        parts = notes.mapping(path, found, (*formatted, *self.keys()))
        if type(parts.get("format", FORMAT)) is not int or parts.get("format", FORMAT) != FORMAT:
            notes.expected(joined(path, "format"), parts["format"], str(FORMAT))
        if not is_mapping(found):
            return None
        so_far: dict[str, Any] = {**self.given, "parts": parts}
        values: dict[str, Any] = {}
        for attribute, told, key in self.parts():
            shape = told.shaped(so_far)
            if told.inline:
                known = frozenset(shape.keys())
                inner = {each: value for each, value in parts.items() if each in known}
                if not inner and attribute.default is None:
                    continue
                value = shape.read(notes, path, inner)
            elif key in parts or told.absent is not None or not self.optional(attribute):
                value = shape.read(notes, joined(path, key), parts.get(key, told.absent))
            else:
                continue
            so_far[attribute.name] = value
            if attribute.init:
                values[attribute.alias or attribute.name] = value
        if notes.count > before:
            return None
        return notes.tried(path, lambda: self.made(values), keys=parts)

    def made(self, values: dict[str, Any]) -> Any:
        return self.kind(**values) if self.over is None else evolve(self.over, **values)  # type: ignore[misc]  # any attrs value

    def schema(self) -> dict[str, Any]:
        properties: dict[str, Any] = {}
        required: list[str] = []
        if hasattr(self.kind, "document_kind"):
            properties["format"] = {"const": FORMAT}
        for attribute, told, key in self.parts():
            schema = told.shaped(self.given).schema()
            if told.inline:
                properties |= schema["properties"]
                required += () if self.optional(attribute) else schema.get("required", ())
            else:
                properties[key] = schema
                needed = told.absent is None and not self.optional(attribute)
                required += (key,) if needed else ()
        return {
            "type": "object",
            "properties": properties,
            "additionalProperties": False,
        } | ({"required": required} if required else {})

    def write(self, value: Any) -> dict[str, Any]:
        document: dict[str, Any] = {}
        so_far = dict(self.given)
        for attribute, told, key in self.parts():
            found = so_far[attribute.name] = getattr(value, attribute.name)
            if self.is_default(attribute, found):
                continue
            written = told.shaped(so_far).write(found)
            if written == told.absent:
                continue
            document |= written if told.inline else {key: written}
        return document

    def is_default(self, attribute: "Attribute[Any]", found: object) -> bool:
        if attribute.metadata["document"].needed:
            return False
        if self.over is not None:
            return bool(found == getattr(self.over, attribute.name))
        default: Any = attribute.default
        if isinstance(default, Factory):  # type: ignore[arg-type]  # attrs types it as a function
            return bool(not default.takes_self and found == default.factory())
        return bool(found == default)
