"""A plain mapping written as TOML text."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal

from deescalate.documents._parsing import is_list, is_mapping

__all__ = ["write_toml"]

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
