"""A little of `fuzz.py` in every run, and all that it ever found."""

import runpy
from contextlib import suppress
from pathlib import Path

import pytest
from hypothesis import given, settings

from deescalate.errors import DeescalateError
from deescalate.rules import Table
from deescalate.wording import Wording

pytest.importorskip("openpyxl", reason="the extra `spreadsheet` is not installed")
TARGETS = runpy.run_path(str(Path(__file__).parent / "fuzz.py"))["TARGETS"]
SAID = {"role": "user", "content": [{"type": [], "text": "hi"}]}
FOUND = [
    ("documents", (Wording, {"house": [None]}, False)),
    ("facts", (Table("empty", [], []), {})),
    ("transcripts", ("0:", "Ann", True)),
    ("message_lists", ({"m": None}, None)),
    ("message_lists", ({"m": [SAID]}, None)),
    ("message_lists", ({"m": [{"role": "x", "content": "hi"}]}, lambda _: [])),
    ("event_logs", [[{"event": "opened"}]]),
    ("small_texts", "[rule x]\na\n" + " b\n" * 300_000),
]


@pytest.mark.parametrize("name", TARGETS)
def test_law_only_documented_errors_come_out(name):
    drawn, of = TARGETS[name]

    @settings(max_examples=8)
    @given(drawn)
    def one(value):
        with suppress(DeescalateError):
            of(value)

    one()


@pytest.mark.parametrize(("name", "value"), FOUND)
def test_what_was_found_is_found_no_more(name, value):
    with suppress(DeescalateError):
        TARGETS[name][1](value)
