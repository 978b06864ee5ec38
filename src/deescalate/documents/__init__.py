"""Documents: read whole, refused with every problem at once, written back, described by a schema."""

from deescalate.documents.document import Document
from deescalate.documents.lines import joined, lines_of
from deescalate.documents.notes import Notes
from deescalate.documents.parsing import Spelled, is_list, is_mapping, parsed
from deescalate.documents.shapes import (
    Shape,
    clock,
    day,
    exact,
    flag,
    listed,
    mapped,
    minutes,
    number,
    one_of,
    part,
    record,
    scalar,
    text,
    whole,
)
from deescalate.documents.writing import write_toml

__all__ = [
    "Document",
    "Notes",
    "Shape",
    "Spelled",
    "clock",
    "day",
    "exact",
    "flag",
    "is_list",
    "is_mapping",
    "joined",
    "lines_of",
    "listed",
    "mapped",
    "minutes",
    "number",
    "one_of",
    "parsed",
    "part",
    "record",
    "scalar",
    "text",
    "whole",
    "write_toml",
]
