"""A table of turns as Parquet, by polars (the extra ``parquet``)."""

import io
from collections.abc import Mapping, Sequence

import polars as pl

__all__ = ["as_parquet"]

_LISTS = frozenset({"cues", "moves", "plan", "findings"})


def as_parquet(columns: Mapping[str, Sequence[object]]) -> bytes:
    """Columns as a Parquet file, their lists as lists of texts and their times in UTC."""
    lists = {name: pl.List(pl.String) for name in _LISTS & {*columns}}
    file = io.BytesIO()
    pl.DataFrame(columns, schema_overrides=lists).write_parquet(file)
    return file.getvalue()
