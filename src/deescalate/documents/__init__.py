"""Documents: read whole, refused with every problem at once, written back, with a schema."""

from deescalate._public import publish
from deescalate.documents._document import Difference, Document, write_toml
from deescalate.documents._lines import joined, lines_of
from deescalate.documents._notes import Notes
from deescalate.documents._parsing import FrozenMapping, Spelled, is_list, is_mapping, parsed
from deescalate.documents._shapes import (
    Given,
    Shape,
    clock,
    day,
    exact,
    flag,
    keyed,
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

__all__ = [
    "Document",
    "Difference",
    "FrozenMapping",
    "Given",
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
    "keyed",
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

publish(__name__, __all__, globals())
