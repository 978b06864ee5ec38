"""Decisions kept for an audit, and whether they were so; the nearest change in words."""

from decimal import Decimal

import pytest
from attrs import evolve
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate.errors import DocumentError, FactError, HitPolicyError
from deescalate.rules import Choice, DecisionRecord, Flag, Number, Rule, Table, verify
from deescalate.rules.proofs import nearest
from deescalate.testing.rules import cases, tables


def recorded(table, facts):
    try:
        return DecisionRecord.of(table, facts)
    except HitPolicyError:
        assume(False)


@st.composite
def decided(draw):
    table = draw(tables())
    facts = draw(cases(table.facts))
    left_out = draw(st.sets(st.sampled_from([fact.name for fact in table.facts])))
    return table, {name: each for name, each in facts.items() if name not in left_out}


@given(decided(), st.sampled_from(["toml", "json"]))
def test_law_what_was_decided_verifies_wherever_it_was_kept(found, form):
    table, facts = found
    record = recorded(table, facts)
    again = DecisionRecord.from_document(record.to_document(form=form))
    assert again == record
    assert list(verify(again, Table.from_document(table.to_document()))) == []


@given(decided())
def test_law_a_record_verifies_just_where_the_table_decides_alike(found):
    table, facts = found
    record = recorded(table, facts)
    shorter = Table(
        table.name,
        table.facts,
        table.rules[:-1],
        table.hit_policy.value,
        default=table.default,
        outcomes=table.outcomes,
    )
    now = recorded(shorter, facts)
    report = verify(record, shorter)
    assert report.ok == (evolve(now, fingerprint=record.fingerprint) == record)
    assert (now.fingerprint == record.fingerprint) == (shorter == table)
    assert ("fingerprint" in {each.code for each in report}) == (shorter != table)


ANGER, LATE = Number("anger", 0, 1), Number("late", 0, integer=True, unit="days")
DESK = Table(
    "desk",
    [ANGER, LATE],
    [Rule("hot", ANGER >= 0.8, "supervisor", "very angry")],
    "first",
    default="agent",
)
KEPT = DecisionRecord.of(DESK, {"anger": 0.9, "late": 1})


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"outcome": "agent"}, "outcome"),
        ({"rules": ("cold",)}, "rules"),
        ({"because": ("no reason",)}, "because"),
        ({"decided": False}, "decided"),
        ({"missing": ("late",)}, "missing"),
        ({"facts": {"anger": 0.2, "late": 1}}, "outcome"),
        ({"facts": {"anger": 7}}, "facts"),
        ({"facts": {"temper": 0.9}}, "facts"),
    ],
)
def test_a_record_that_was_changed_is_no_longer_so(change, code):
    report = verify(evolve(KEPT, **change), DESK)
    assert not report.ok
    assert code in {each.code for each in report}


def test_another_version_that_decides_alike_is_noted():
    softer = Table(
        "desk",
        DESK.facts,
        [Rule("hot", ANGER >= 0.85, "supervisor", "very angry")],
        "first",
        default="agent",
    )
    report = verify(KEPT, softer)
    assert report.ok
    assert [each.code for each in report] == ["fingerprint"]
    [told] = report.findings
    decided, now = KEPT.fingerprint[:12], softer.fingerprint[:12]
    assert told.text == f"another version of the table decided: {decided}, and this is {now}"


def test_a_fingerprint_tells_every_part_that_decides_and_no_test():
    with_tests = Table.from_document(
        DESK.to_document()
        + '[[tests]]\nfacts = { anger = 0.9, late = 0 }\noutcome = "supervisor"\n'
    )
    assert with_tests.tests
    assert with_tests.fingerprint == DESK.fingerprint
    others = [
        Table("desk", DESK.facts, DESK.rules, "first", default="senior"),
        Table("desk", DESK.facts, DESK.rules, "unique", default="agent"),
        Table(
            "desk", [ANGER, Number("late", 0, unit="days")], DESK.rules, "first", default="agent"
        ),
        Table("desk", DESK.facts, [], "first", default="agent"),
    ]
    assert len({DESK.fingerprint, *(each.fingerprint for each in others)}) == 5


def test_a_broken_record_is_refused_with_its_places():
    with pytest.raises(DocumentError, match=r"fingerprint"):
        DecisionRecord.from_document({"table": "desk", "facts": {}, "decided": True})


def test_decimals_are_kept_as_they_are():
    price = Number("price", 0, decimal=True)
    table = Table("due", [price], [Rule("dear", price > Decimal("0.10"), Decimal("1.50"))])
    kept = DecisionRecord.of(table, {"price": Decimal("0.11")})
    again = DecisionRecord.from_document(kept.to_document())
    assert again.facts["price"] == Decimal("0.11")
    assert again.outcome == Decimal("1.50")
    assert verify(again, table).ok


THREAT, VIP = Choice("threat", ["none", "legal"]), Flag("vip")
WAITING = Number("waiting", 0, unit="min")
NEAR = Table(
    "near",
    [ANGER, WAITING, LATE, THREAT, VIP],
    [
        Rule("late", (ANGER >= 0.5) & (WAITING > 30), "supervisor"),
        Rule("legal", THREAT.is_("legal"), "legal"),
        Rule("vip", VIP.is_true() & (ANGER < 0.3), "concierge"),
        Rule("early", LATE <= 2, "robot"),
    ],
    "first",
    default="agent",
)
CASE = {"anger": 0.6, "waiting": 20, "late": 5, "threat": "none", "vip": False}


@pytest.mark.parametrize(
    ("outcome", "told"),
    [
        ("supervisor", "had waiting been more than 10 min more (above 30 min, not 20 min)"),
        ("legal", "had threat been legal, not none"),
        (
            "concierge",
            "had anger been more than 0.3 less (below 0.3, not 0.6) and vip been true, not false",
        ),
        ("robot", "had late been 3 days less (at most 2 days, not 5 days)"),
    ],
)
def test_the_nearest_change_is_told_with_how_far_it_is(outcome, told):
    found = nearest(NEAR, CASE, outcome)
    assert found.told == f"{outcome} instead of agent, {told}"
    assert NEAR.decide(found.facts).outcome == outcome


@given(st.data())
def test_law_what_is_fixed_stays(data):
    table = data.draw(tables(hit_policy="first"))
    facts = data.draw(cases(table.facts))
    fixed = data.draw(st.sets(st.sampled_from([fact.name for fact in table.facts])))
    found = nearest(table, facts, fixed=fixed)
    if found is not None:
        assert not fixed & {*found.changed}
        assert found.told.count(" been ") >= len(found.changed)
        assert table.decide(found.facts).outcome == found.outcome
    free = nearest(table, facts)
    assert free is None or found is None or free.distance <= found.distance


def test_a_fixed_fact_that_is_none_is_refused():
    with pytest.raises(FactError, match="angr"):
        nearest(NEAR, CASE, fixed=["angr"])
