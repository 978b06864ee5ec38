"""A table of turns as Parquet, where polars is installed."""

import pytest

from deescalate.command import main

polars = pytest.importorskip("polars")


def test_turns_and_studies_are_written_as_parquet(desk):
    assert main(["turns", "call.txt", "-o", "turns.parquet"]) == 0
    turns = polars.read_parquet("turns.parquet")
    assert turns["cues"].dtype == polars.List(polars.String)
    assert turns["case"][0] == "call"
    assert turns["at"].dtype.time_zone == "UTC"
    few = ("--repeats", "1", "--turns", "1", "-o", "rows.parquet")
    assert main(["study", "silent", *few]) == 0
    assert polars.read_parquet("rows.parquet")["agent"][0] == "silent"
