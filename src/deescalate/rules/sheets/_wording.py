"""The cells that people write, as those of S-FEEL: ``2 to 5`` is ``[2..5]``."""

import json
import re
from collections.abc import Iterable, Iterator

from deescalate.errors import quoted
from deescalate.rules.dmn._feel import Unsupported

__all__ = ["kind_of", "outcome_text", "to_feel"]

_ANYTHING = ("", "-", "–", "*", "any", "anything")
_FLAGS = {"yes": "true", "true": "true", "y": "true", "no": "false", "false": "false", "n": "false"}
_NUMBER = r"[+-]?(?:\d+(?:\.\d+)?|\.\d+)"
_DATE = r"\d{4}-\d\d-\d\d"
_VALUE = re.compile(rf"{_NUMBER}|{_DATE}", re.ASCII)
_NOT = re.compile(r"(?:not\b|!=|<>|≠)\s*", re.IGNORECASE)
_SIGNS = {"≤": "<=", "≥": ">=", "=<": "<=", "=>": ">="}
_COMPARED = re.compile(r"(<=|>=|=<|=>|≤|≥|<|>|=)\s*(.+)", re.DOTALL)
_SPAN = re.compile(
    rf"({_DATE}|{_NUMBER})\s*(?:\.\.|…|to|–|-(?=\s*[\d.]))\s*({_DATE}|{_NUMBER})",
    re.IGNORECASE | re.ASCII,
)
_FEEL_SPAN = re.compile(r"([\[(\]])([^,\[\]()]*?)\.\.([^,\[\]()]*)([\])\[])")
_LIST = re.compile(r'\s*+(?:"((?:[^"\\]|\\.)*+)"\s*+|([^",]*+))(,|\Z)', re.DOTALL)
_OR = re.compile(r"\sor\s", re.IGNORECASE)
_COMMA = re.compile(r"(?<=\d),(?=\d)")


def is_anything(cell: str) -> bool:
    """Whether a cell asks nothing."""
    return cell.strip().casefold() in _ANYTHING


def decimal_commas(cell: str, *, meant: bool) -> str:
    """The cell with its decimal commas as points.

    Args:
        cell: The cell.
        meant: Whether a comma between digits is one; the file then has semicolons between cells.

    Raises:
        Unsupported: It may be one, or stand between two numbers.
    """
    if meant or not _COMMA.search(cell):
        return _COMMA.sub(".", cell)
    point, blank = _COMMA.sub(".", cell), _COMMA.sub(", ", cell)
    raise Unsupported(
        f"found {quoted(cell)}, expected {quoted(point)} for one number or {quoted(blank)} for two"
    )


def _parts(cell: str) -> tuple[bool, list[tuple[str, bool]]]:
    """Whether a cell excludes what it lists, and what it lists, each with whether it is quoted."""
    told = cell.strip()
    excluded = _NOT.match(told)
    if excluded:
        told = told[excluded.end() :].strip()
        told = told[1:-1] if told.startswith("(") and told.endswith(")") else told
    parts: list[tuple[str, bool]] = []
    place = 0
    while True:
        span = _FEEL_SPAN.match(told, place)
        found = _LIST.match(told, span.end() if span else place)
        if found is None or (span and (found[1] or found[2].strip())):
            raise Unsupported(f"found {quoted(cell)}, expected tests with commas between them")
        if span:
            parts.append((span[0], False))
        elif found[1] is not None:
            parts.append((found[1], True))
        else:
            parts += [(each.strip(), False) for each in _OR.split(found[2])]
        if not found[3]:
            return excluded is not None, parts
        place = found.end()


def _operands(cells: Iterable[str]) -> Iterator[tuple[str, bool]]:
    """All that cells compare with."""
    for cell in cells:
        for part, literal in () if is_anything(cell) else _parts(cell)[1]:
            compared, span = _COMPARED.fullmatch(part), _SPAN.fullmatch(part)
            inner = _FEEL_SPAN.fullmatch(part)
            if literal:
                yield part, True
            elif span:
                yield from ((span[1], False), (span[2], False))
            elif inner:
                yield from ((inner[2].strip(), False), (inner[3].strip(), False))
            else:
                yield (compared[2].strip() if compared else part), False


def kind_of(cells: Iterable[str]) -> str:
    """What a column asks about: a number, a date, a truth value, or a text.

    >>> kind_of([">= 0.5", "", "2 to 3"]), kind_of(["yes", "-"]), kind_of(["legal", "3"])
    ('number', 'boolean', 'string')
    """
    found = list(_operands(cells))
    bare = [each for each, literal in found if not literal]
    if len(bare) < len(found) or not found:
        return "string"
    if all(re.fullmatch(_NUMBER, each, re.ASCII) for each in bare):
        return "number"
    if all(re.fullmatch(_DATE, each, re.ASCII) for each in bare):
        return "date"
    return "boolean" if all(each.casefold() in _FLAGS for each in bare) else "string"


def to_feel(cell: str, kind: str) -> str:
    """A cell as S-FEEL has it.

    Raises:
        Unsupported: It cannot be read as a test of the kind.

    >>> to_feel("2 to 5, > 7", "number"), to_feel("not legal", "string"), to_feel("yes", "boolean")
    ('[2..5], > 7', 'not("legal")', 'true')
    """
    if is_anything(cell):
        return "-"
    excluded, parts = _parts(cell)
    told = ", ".join(_test(cell, part, kind, literal=literal) for part, literal in parts)
    return f"not({told})" if excluded else told


def _test(cell: str, part: str, kind: str, *, literal: bool) -> str:
    if literal or kind == "string":
        compared = _COMPARED.fullmatch(part)
        if not literal and compared and compared[1] != "=":
            raise Unsupported(f"found {quoted(cell)}, expected texts as elsewhere in the column")
        if not literal and (".." in part or part.startswith(("[", "]"))):
            raise Unsupported(f"found {quoted(cell)}, expected a text, or an interval of numbers")
        if not part:
            raise Unsupported(f"found {quoted(cell)}, expected a text before and after each comma")
        return json.dumps(compared[2] if compared and not literal else part, ensure_ascii=False)
    span = _SPAN.fullmatch(part)
    if span:
        return f"[{_value(span[1], kind)}..{_value(span[2], kind)}]"
    inner = _FEEL_SPAN.fullmatch(part)
    if inner:
        low, high = (_value(each.strip(), kind) for each in (inner[2], inner[3]))
        return f"{inner[1]}{low}..{high}{inner[4]}"
    compared = _COMPARED.fullmatch(part)
    if compared:
        sign = _SIGNS.get(compared[1], compared[1])
        value = _value(compared[2].strip(), kind)
        return value if sign == "=" else f"{sign} {value}"
    return _value(part, kind)


def _value(text: str, kind: str) -> str:
    if kind == "date":
        return f'date("{text}")'
    return _FLAGS.get(text.casefold(), text) if kind == "boolean" else text


def outcome_text(cell: str) -> str:
    """An outcome as S-FEEL has it: a number, a truth value, or else a text."""
    told = cell.strip()
    if re.fullmatch(_NUMBER, told, re.ASCII):
        return told.removeprefix("+")
    if told.casefold() in ("true", "false"):
        return told.casefold()
    if len(told) > 1 and told[0] == told[-1] == '"':
        return told
    return json.dumps(told, ensure_ascii=False)
