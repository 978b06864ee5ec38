"""What every kind of document offers under the same names."""

import json
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar, Literal, Self, overload

from deescalate.documents._notes import Notes
from deescalate.documents._parsing import parsed
from deescalate.documents._shapes import Shape, record
from deescalate.documents._writing import write_toml
from deescalate.errors import SettingError

__all__ = ["Document"]


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


def _plain(value: object) -> object:
    """Decimals in JSON: as a number where that loses nothing, else spelled out."""
    if not isinstance(value, Decimal):
        return str(value)
    near = int(value) if value == value.to_integral_value() else float(value)
    return near if Decimal(repr(near)) == value else {"decimal": str(value)}
