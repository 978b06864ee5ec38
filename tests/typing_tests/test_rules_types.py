"""What type checkers know of the rules room."""

from typing import Any, assert_type

from deescalate.rules import (
    Choice,
    Condition,
    Flag,
    Number,
    Rule,
    Table,
    Verdict,
)
from deescalate.rules.proofs import Change, Disagreement, Witness, differences, nearest, never

anger = Number("anger", 0, 1)
threat = Choice("threat", ["none", "legal"])
lost = Flag("lost")
assert_type(anger >= 0.8, Condition)
assert_type(anger.between(0.2, 0.4, closed="left"), Condition)
assert_type((anger < 0.5) & ~threat.is_("legal") | lost.is_true(), Condition)
anger.between(0.2, 0.4, closed="up")  # type: ignore[arg-type]
_ = anger >= "high"  # type: ignore[operator]

rule = Rule("hot", anger >= 0.8, {"tier": "senior", "minutes": 15}, "so hot")
table = Table("desk", [anger, threat, lost], [rule], "first", default={"tier": "a", "minutes": 60})
Rule("hot", "anger >= 0.8", "senior")  # type: ignore[arg-type]
assert_type(table.decide({"anger": 0.9}), Verdict)
assert_type(table.decide({"anger": 0.9}).outcome, Any)
assert_type(table.decide({}).missing, tuple[str, ...])
assert_type(Table.from_document("format = 1"), Table)
assert_type(table.to_document(), str)
assert_type(table.to_document(form="mapping"), dict[str, Any])
assert_type(never(table, anger >= 0.9, {"tier": "a"}), tuple[Witness, ...])
assert_type(differences(table, table), tuple[Disagreement, ...])
assert_type(nearest(table, {"anger": 0.9}), Change | None)
