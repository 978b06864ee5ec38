"""XML as elements that know their lines; nothing in it is expanded, fetched or half read.

The parser is Python's own expat: it tells lines, and it needs no other package. What makes XML a
hostile place are document type declarations, in which entities and external references are
declared; the first sight of one ends the reading. Depth, size and the number of elements are
bounded.
"""

from collections.abc import Iterator, Mapping
from typing import NoReturn
from xml.parsers import expat

from attrs import define, field

from deescalate.errors import DocumentError, Problem, quoted

__all__ = ["Element", "read_xml", "refuse"]

MOST_BYTES = 16_000_000
"""Bytes of a document that are read at all; ours (2,000 rules over 6 inputs take 2 million)."""
MOST_DEPTH = 48
"""How deep an element may lie; ours."""
MOST_ELEMENTS = 500_000
"""Elements of a document, all counted; ours."""

_SEPARATOR = "\n"


@define(eq=False)
class Element:
    """An element of an XML document.

    Attributes:
        space: Its namespace.
        tag: Its name in it.
        attributes: By name; those of another namespace by ``namespace``, a line break and name.
        line: Where it begins, from 1.
        text: What stands in it outside of other elements.
        children: The elements in it.
    """

    space: str
    tag: str
    attributes: Mapping[str, str]
    line: int
    text: str = ""
    children: list["Element"] = field(factory=list["Element"])

    def all(self, tag: str) -> Iterator["Element"]:
        """The children of a name, in the element's own namespace."""
        return (each for each in self.children if each.tag == tag and each.space == self.space)

    def one(self, tag: str) -> "Element | None":
        """The first child of a name."""
        for each in self.children:
            if each.tag == tag and each.space == self.space:
                return each
        return None

    def get(self, name: str) -> str:
        """An attribute; empty where it is not given."""
        return self.attributes.get(name, "")

    def said(self, tag: str) -> str:
        """The text of a child, without blanks around it; empty where there is none."""
        child = self.one(tag)
        return "" if child is None else child.text.strip()


def refuse(document: str, reason: str, line: int | None = None, path: str = "text") -> NoReturn:
    """Refuse a document for one reason."""
    raise DocumentError(document, (Problem(path, reason, line=line),))


class _Builder:
    """Builds elements from what expat tells."""

    def __init__(self, document: str, encoding: str | None) -> None:
        self.document = document
        self.parser = expat.ParserCreate(encoding, _SEPARATOR)
        self.parser.buffer_text = True
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters
        self.parser.StartDoctypeDeclHandler = self.doctype
        self.open = [Element("", "", {}, 0)]
        self.texts: list[list[str]] = []
        self.count = 0

    @property
    def line(self) -> int:
        return self.parser.CurrentLineNumber

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self.count += 1
        if len(self.open) > MOST_DEPTH:
            refuse(self.document, f"elements lie more than {MOST_DEPTH} deep", self.line)
        if self.count > MOST_ELEMENTS:
            refuse(self.document, f"there are more than {MOST_ELEMENTS} elements", self.line)
        space, _, tag = name.rpartition(_SEPARATOR)
        element = Element(space, tag, attributes, self.line)
        self.open[-1].children.append(element)
        self.open.append(element)
        self.texts.append([])

    def end(self, _name: str) -> None:
        self.open.pop().text = "".join(self.texts.pop())

    def characters(self, text: str) -> None:
        self.texts[-1].append(text)

    def doctype(self, *_parts: object) -> None:
        reason = "found a document type declaration: entities and external references are refused"
        refuse(self.document, reason, self.line)


def read_xml(document: str, text: str | bytes) -> Element:
    """Read an XML document.

    Args:
        document: What it is meant to be, for the error.
        text: The document; a text may say any encoding, it counts as it is.

    Raises:
        DocumentError: It is not well-formed, declares a document type, or is too large.

    >>> read_xml("note", "<a><b>1</b></a>").said("b")
    '1'
    """
    if isinstance(text, str):
        try:
            raw = text.removeprefix("\ufeff").encode()
        except UnicodeEncodeError:
            refuse(document, "it holds half a surrogate pair")
        encoding: str | None = "utf-8"
    else:
        raw, encoding = text, None
    if len(raw) > MOST_BYTES:
        refuse(document, f"found {len(raw)} bytes, expected at most {MOST_BYTES}")
    builder = _Builder(document, encoding)
    try:
        builder.parser.Parse(raw, True)  # noqa: FBT003  expat takes no name for it
    except expat.ExpatError as error:
        reason = f"it is not XML: {expat.ErrorString(error.code)}"
        refuse(document, reason, error.lineno)
    except DocumentError:
        raise
    except (LookupError, ValueError) as error:
        refuse(document, f"it is not XML: {quoted(str(error))}")
    [root] = builder.open[0].children
    return root
