"""What every kind of document offers under the same names.

A plain mapping written as TOML text.
"""

import json
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self, overload

from attrs import fields, frozen

from deescalate.documents._lines import joined
from deescalate.documents._notes import Notes
from deescalate.documents._parsing import is_list, is_mapping, parsed
from deescalate.documents._shapes import Shape, record
from deescalate.errors import SettingError, quoted

__all__ = ["Difference", "Document", "write_toml"]


@frozen(kw_only=True)
class Difference:
    """One way in which two documents differ.

    Attributes:
        where: The part, as a path.
        what: The difference in words.
        cases: The cases that are decided otherwise, where it is in a table.

    >>> print(Difference(where="limits.words", what="`120` -> `90`"))
    limits.words: `120` -> `90`
    """

    where: str
    what: str
    cases: Any = None

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class Document:
    """A value that is read from a document and written as one; its attrs fields say how.

    Attributes:
        document_kind: What it is, for errors and as the title of its schema.

    >>> from attrs import field, frozen
    >>> from deescalate.documents import flag, part
    >>> @frozen
    ... class Desk(Document):
    ...     document_kind = "desk"
    ...     open: bool = field(metadata=part(flag()))
    >>> print(Desk.from_document("open = true").to_document(), end="")
    format = 1
    open = true
    >>> Desk.json_schema()["properties"]["open"]
    {'type': 'boolean'}
    """

    __slots__ = ()
    document_kind: ClassVar[str]

    def __repr__(self) -> str:
        """Its plain settings that are not as they are by default."""
        kind: Any = type(self)
        told = ((each.alias, getattr(self, each.name), each) for each in fields(kind) if each.repr)
        shown = ", ".join(
            f"{name}={value!r}"
            for name, value, each in told
            if isinstance(value, str | int | float | Decimal) and value != each.default
        )
        return f"{kind.__name__}({shown})"

    @classmethod
    def document_shape(cls) -> Shape:
        """How it is read and written."""
        return record(cls)

    @classmethod
    def from_document(cls, document: str | Mapping[str, Any]) -> Self:
        """Load it.

        Args:
            document: TOML or JSON text (JSON where it begins with a brace), or a plain mapping of
                the same form. ``format = 1`` may be said.

        Raises:
            DocumentError: Something is wrong with it; it holds every problem, each with its path,
                and its line where the document is a text.
        """
        notes = Notes()
        made: Any = cls.document_shape().read(notes, "", parsed(cls.document_kind, document))
        loaded: Self = notes.finished(cls.document_kind, lambda: made, document)
        return loaded

    @overload
    def to_document(self) -> str: ...
    @overload
    def to_document(self, *, form: Literal["toml", "json"]) -> str: ...
    @overload
    def to_document(self, *, form: Literal["mapping"]) -> dict[str, Any]: ...
    def to_document(
        self, *, form: Literal["toml", "json", "mapping"] = "toml"
    ) -> str | dict[str, Any]:
        """Write it so that it loads back as an equal one.

        Args:
            form: ``toml`` or ``json`` for text, ``mapping`` for a mapping of plain values.

        Raises:
            SettingError: The form is none of these.
        """
        written: dict[str, Any] = {"format": 1, **self.document_shape().write(self)}
        if form == "mapping":
            return written
        if form == "json":
            return json.dumps(written, indent=2, ensure_ascii=False, default=_plain) + "\n"
        if form != "toml":
            raise SettingError("form", form, "`toml`, `json` or `mapping`")
        return write_toml(written)

    def differences(self, other: Self) -> tuple[Difference, ...]:
        """Tell how another one, such as the one to go live, differs: part by part.

        Args:
            other: The one that comes after.
        """
        before, after = (each.to_document(form="mapping") for each in (self, other))
        return tuple(_differences("", before, after))

    @classmethod
    def json_schema(cls) -> dict[str, Any]:
        """The JSON Schema of its documents, for editors and checks before loading.

        It says all that is of form: keys, kinds, bounds and words. What one part says of another,
        such as the facts that a rule may ask about, only loading can check.
        """
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": cls.document_kind,
            **cls.document_shape().schema(),
        }


def _differences(path: str, before: Any, after: Any) -> Iterator[Difference]:
    """Where two plain values differ; entries of lists are told apart by their names."""
    old, new = _by_name(before), _by_name(after)
    if before == after:
        return
    if not (is_mapping(old) and is_mapping(new)):
        yield Difference(where=path, what=f"{quoted(before)} -> {quoted(after)}")
        return
    for key in dict.fromkeys((*old, *new)):
        where = joined(path, key)
        if key not in new:
            yield Difference(where=where, what="is gone")
        elif key not in old:
            yield Difference(where=where, what="is new")
        else:
            yield from _differences(where, old[key], new[key])


def _by_name(value: Any) -> Any:
    if not is_list(value) or not all(is_mapping(each) and "name" in each for each in value):
        return value
    named = {str(each["name"]): each for each in value}
    return named if len(named) == len(value) else value


def _plain(value: object) -> object:
    """Decimals in JSON: as a number where that loses nothing, else spelled out."""
    if not isinstance(value, Decimal):
        return str(value)
    near = int(value) if value == value.to_integral_value() else float(value)
    return near if Decimal(repr(near)) == value else {"decimal": str(value)}


_BARE = re.compile(r"[A-Za-z0-9_-]+", re.ASCII)


def write_toml(document: Mapping[str, object]) -> str:
    """Write a mapping of texts, numbers, truth values, lists and mappings as TOML.

    Args:
        document: What to write. A mapping becomes a section of its own at the top, a list of
            mappings a section each; whatever lies deeper is written on one line.

    Returns:
        The text, ending in a line break.

    >>> print(write_toml({"format": 1, "facts": {"hot": {"flag": True}}}), end="")
    format = 1
    <BLANKLINE>
    [facts]
    hot = { flag = true }
    """
    plain: list[str] = []
    sections: list[str] = []
    for key, value in document.items():
        if is_mapping(value):
            sections.append("\n".join((f"[{_key(key)}]", *_lines(value))))
        elif is_list(value) and value and all(is_mapping(each) for each in value):
            sections += ["\n".join((f"[[{_key(key)}]]", *_lines(each))) for each in value]
        else:
            plain.append(f"{_key(key)} = {_value(value)}")
    return "\n\n".join(("\n".join(plain), *sections)) + "\n"


def _lines(section: Mapping[str, object]) -> list[str]:
    return [f"{_key(key)} = {_value(value)}" for key, value in section.items()]


def _key(key: str) -> str:
    return key if _BARE.fullmatch(key) else _text(key)


def _text(text: str) -> str:
    if '"' in text and "'" not in text and text.isprintable():
        return f"'{text}'"
    return json.dumps(text, ensure_ascii=False).replace("\x7f", "\\u007f")


def _value(value: object) -> str:
    if is_mapping(value):
        inside = ", ".join(_lines(value))
        return f"{{ {inside} }}" if inside else "{}"
    if is_list(value):
        return f"[{', '.join(map(_value, value))}]"
    if isinstance(value, str):
        return _text(value)
    if isinstance(value, Decimal):
        return format(value, "f")
    return str(value).lower() if isinstance(value, bool) else repr(value)
