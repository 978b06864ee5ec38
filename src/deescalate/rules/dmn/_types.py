"""The types of a model: what its item definitions say, as far as tables need it."""

from collections.abc import Iterable, Mapping

from attrs import field, frozen

from deescalate.documents import FrozenMapping
from deescalate.rules.dmn._xml import Element

__all__ = ["ANY", "Type", "Types", "flat"]

_PLAIN: Mapping[str, str] = {
    "string": "string",
    "boolean": "boolean",
    "number": "number",
    "double": "number",
    "decimal": "number",
    "float": "number",
    "integer": "integer",
    "long": "integer",
    "short": "integer",
    "int": "integer",
    "date": "date",
    "time": "time",
    "dateTime": "date and time",
    "date and time": "date and time",
    "dayTimeDuration": "days and time duration",
    "days and time duration": "days and time duration",
    "yearMonthDuration": "years and months duration",
    "years and months duration": "years and months duration",
    "Any": "",
    "": "",
}
"""The types of FEEL, with the names that modelers and Camunda have for them."""

MOST_STEPS = 20
"""How long a chain of types that are other types may be; ours."""


@frozen
class Type:
    """A type.

    Attributes:
        kind: The type of FEEL beneath it; empty for any.
        allowed: Its allowed values as unary tests; empty for all.
        line: Where these stand.
        parts: The types of its components.
        many: Whether it is a list of such.
    """

    kind: str = ""
    allowed: str = ""
    line: int = 0
    parts: Mapping[str, "Type"] = field(default=FrozenMapping({}))
    many: bool = False

    def part(self, names: Iterable[str]) -> "Type":
        """The type of a component of a component."""
        found = self
        for name in names:
            found = found.parts.get(name, ANY)
        return found


ANY = Type()


def flat(name: str) -> str:
    """A name with single blanks, as FEEL compares them."""
    return " ".join(name.split())


class Types:
    """The item definitions of a model."""

    def __init__(self, definitions: Element) -> None:
        self.found = {flat(each.get("name")): each for each in definitions.all("itemDefinition")}
        self.known: dict[str, Type | None] = {}

    def of(self, reference: str, depth: int = 0) -> Type | None:
        """The type of a name; ``None`` where there is none, or it leads back to itself."""
        name = flat(reference.rpartition("}")[2])
        local = name if name in self.found or ":" not in name else name.partition(":")[2]
        if local in self.known:
            return self.known[local]
        if local in self.found:
            self.known[local] = None
            if depth <= MOST_STEPS:
                self.known[local] = self.defined(self.found[local], depth)
            return self.known[local]
        return None if local not in _PLAIN else Type(_PLAIN[local])

    def defined(self, item: Element, depth: int) -> Type | None:
        """The type that an item definition or component defines."""
        many = item.get("isCollection") == "true"
        if item.one("itemComponent") is not None:
            parts: dict[str, Type] = {}
            for each in item.all("itemComponent"):
                part = self.defined(each, depth + 1)
                if part is None:
                    return None
                parts[flat(each.get("name"))] = part
            return Type("context", parts=FrozenMapping(parts), many=many)
        base = self.of(item.said("typeRef") or item.get("typeRef"), depth + 1)
        if base is None:
            return None
        own = item.one("allowedValues")
        line = base.line if own is None else own.line
        allowed = base.allowed if own is None else own.said("text")
        return Type(base.kind, allowed, line, base.parts, many or base.many)
