"""Worked situations: what a good team lead would say to do next, and why."""

import json
from pathlib import Path

import pytest

from deescalate.strategy import Situation, Strategy

CASES = json.loads((Path(__file__).parent / "vectors" / "worked.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("case", CASES["cases"], ids=lambda case: case["name"])
def test_worked_situation(case):
    plan = Strategy.default().select(Situation(**case["situation"]))
    assert plan.phase == case["phase"]
    assert [move.value for move in plan.kinds] == case["moves"]
    said = {each.text for each in plan.avoid}
    assert set(case.get("avoid", ())) <= said, said
    advice = " ".join(each.text for each in plan.agent)
    assert all(word in advice for word in case.get("agent", ()))
