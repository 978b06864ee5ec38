"""The page that says where each piece of advice lives, looked up place by place."""

import re
from importlib import import_module
from pathlib import Path

import pytest

from deescalate.cues import CueKind
from deescalate.moves import Move
from deescalate.strategy import Strategy, strategy_laws
from deescalate.wording import Wording

PAGE = Path(__file__).resolve().parents[2] / "docs" / "explanation" / "advice.md"
ROW = re.compile(r"^\| (A\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
ROWS = [
    (name, text, re.findall(r"`([^`]+)`", places))
    for name, text, places in ROW.findall(PAGE.read_text(encoding="utf-8"))
]


def known():
    strategy = Strategy.default()
    tables = (strategy.phase, strategy.moves, strategy.avoid, strategy.agent)
    return {
        "rule": {rule.name for table in tables for rule in table.rules},
        "law": {law.id for law in strategy_laws()},
        "move": {move.value for move in Move},
        "cue": {kind.value for kind in CueKind},
        "code": set(Wording.default().codes),
    }


def importable(name):
    parts = name.split(".")
    for split in range(len(parts), 0, -1):
        try:
            found = import_module(".".join(parts[:split]))
        except ModuleNotFoundError:
            continue
        for part in parts[split:]:
            found = getattr(found, part, None)
        return found is not None
    return False


def test_every_piece_of_advice_is_there_once_in_order():
    assert [name for name, _, _ in ROWS] == [f"A{each}" for each in range(1, 48)]


@pytest.mark.parametrize(("name", "text", "places"), ROWS, ids=[row[0] for row in ROWS])
def test_advice_lives_where_the_page_says(name, text, places):
    kinds = known()
    assert places
    for place in places:
        kind, _, label = place.partition(": ")
        assert label in kinds[kind] if label else importable(place), place


def test_a_place_that_is_not_there_is_noticed():
    """The look-up itself can fail."""
    assert not importable("deescalate.strategy.nothing")
    assert not importable("nowhere.at.all")
    assert "no such rule" not in known()["rule"]


def test_the_list_is_as_long_as_the_advice(shared):
    text = shared("ADVICE.md").read_text(encoding="utf-8")
    assert re.findall(r"^- (A\d+) ", text, re.MULTILINE) == [name for name, _, _ in ROWS]
