"""Every kind of document: the same names, the same care, whatever is handed in."""

import copy
import json
import pickle
import time
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.compensation import Terms
from deescalate.documents import FrozenMapping
from deescalate.emotion import MoveEffects
from deescalate.errors import DocumentError
from deescalate.escalation import EscalationPolicy
from deescalate.findings import Report
from deescalate.playbook import Playbook
from deescalate.rules import Table
from deescalate.schedules import Schedule
from deescalate.simulation import Scenarios
from deescalate.strategy import Strategy, default_document
from deescalate.wording import Wording

TABLE = """
name = "desk"
hit_policy = "priority"
outcomes = ["high", "low"]
default = "low"
[facts]
anger.number = { low = 0, high = 1 }
threat.choice = ["none", "legal"]
amount.number = { low = 0, decimal = true, unit = "EUR" }
lost.flag = true
[[rules]]
name = "a"
when = { anger = ">= 0.5", amount = "> 12.50" }
then = "high"
because = "it burns"
[[rules]]
name = "b"
when = [{ threat = '"legal"' }, { lost = "true" }]
then = "high"
[[tests]]
facts = { anger = 0.9, threat = "none", amount = 13, lost = false }
outcome = "high"
"""

SHOP = """
currency = "GBP"
cap = 1.2
hour_value = 12.50
courtesy = 5
rounding = "half_even"
[loyalty]
gold = 0.1
[curve]
kept_rate = 2.5
[gate]
default = "wait"
[[gate.rules]]
name = "ours"
when = { fault = '"ours"' }
then = "compensate"
[[provisions]]
remedy = "refund"
[[provisions]]
remedy = "voucher"
cost = 0.7
[[tiers]]
name = "head"
money = { GBP = "unlimited", EUR = 20.50 }
actions = ["overcompensate"]
"""


def shipped(room, name):
    return (files(f"deescalate.{room}") / "data" / name).read_text(encoding="utf-8")


SCENARIOS = """
name = "our shop"
[[scenarios]]
name = "wrong colour"
manner = "sarcastic"
hardness = "easy"
opening = "Oh, a green sofa. I ordered blue."
remedies = ["swap", "refund"]
size = 0.5
patience = 4
answers = { matter = "It is green.", reference = "Order 99120." }
[[scenarios]]
name = "late"
opening = "Where is it?"
remedies = ["refund"]
answers = { matter = "It has not come." }
lines = { hot = "I am furious!" }
"""

TEXTS = {
    Scenarios: SCENARIOS,
    Table: TABLE,
    EscalationPolicy: shipped("escalation", "default.toml"),
    Strategy: default_document(),
    MoveEffects: shipped("emotion", "effects.toml"),
    Terms: SHOP,
    Schedule: shipped("schedules", "gb_water_gss.toml"),
    Wording: 'threshold = 0.7\nforbidden = ["cheers"]\n[codes.T102]\nseverity = "note"',
}
TEXTS[Playbook] = f"[wording]\n{TEXTS[Wording]}".replace("[codes", "[wording.codes")
KINDS = pytest.mark.parametrize("kind", TEXTS, ids=lambda kind: kind.__name__)


def refused(kind, document):
    """The problems of a document, which is told soon and can always be printed."""
    start = time.process_time()
    with pytest.raises(DocumentError) as caught:
        kind.from_document(document)
    str(caught.value).encode("utf-8")
    assert time.process_time() - start < 60
    return caught.value


def plain(text):
    return json.loads(json.dumps(tomllib.loads(text), default=str))


def places(part, path=()):
    """Every place of a document."""
    yield path
    for key, each in part.items() if isinstance(part, dict) else enumerate(part):
        if isinstance(each, dict | list):
            yield from places(each, (*path, key))
        else:
            yield (*path, key)


def put(part, path, value):
    step, *way = path
    changed = copy.copy(part)
    changed[step] = put(part[step], way, value) if way else value
    return changed


@cache
def read(kind):
    """Its text as a document, where its places are, and what tells whether the schema accepts it."""
    document = tomllib.loads(TEXTS[kind])
    where = sorted(places(document), key=str)
    return document, where, jsonschema.Draft202012Validator(kind.json_schema())


@KINDS
def test_law_what_is_written_loads_as_an_equal_value(kind):
    value = kind.from_document(TEXTS[kind])
    for form in ("toml", "json", "mapping"):
        assert kind.from_document(value.to_document(form=form)) == value
    assert kind.from_document("format = 1\n" + TEXTS[kind].replace("format = 1", "")) == value


@KINDS
def test_law_every_kind_checks_itself(kind):
    laws = {"laws": ()} if kind in (Strategy, Playbook) else {}  # proved in their own tests
    report = kind.from_document(TEXTS[kind]).check(**laws)
    assert isinstance(report, Report)
    assert report.ok


@KINDS
def test_law_a_value_differs_from_another_exactly_where_it_is_another(kind):
    value = kind.from_document(TEXTS[kind])
    assert value.differences(value) == ()
    changed = tomllib.loads(TEXTS[kind])
    path, new = CHANGES[kind]
    found = value.differences(kind.from_document(put(changed, path, new)))
    assert found
    where = str(path[0]) if kind is not Playbook else ".".join(path[:2])
    assert all(str(each).startswith(where) for each in found), found


@KINDS
def test_law_values_pickle_copy_and_hash(kind):
    value = kind.from_document(TEXTS[kind])
    assert pickle.loads(pickle.dumps(value)) == copy.deepcopy(value) == value  # noqa: S301  our own


@KINDS
def test_the_schema_accepts_what_is_shipped_and_what_is_written(kind):
    schema = kind.json_schema()
    validator = jsonschema.Draft202012Validator(schema)
    validator.check_schema(schema)
    assert json.loads(json.dumps(schema)) == schema
    assert list(validator.iter_errors(plain(TEXTS[kind]))) == []
    written = kind.from_document(TEXTS[kind]).to_document(form="json")
    assert list(validator.iter_errors(json.loads(written))) == []


@KINDS
@given(data=st.data())
def test_law_the_schema_refuses_a_strange_key_and_what_it_refuses_does_not_load(kind, data):
    _, all_places, validator = read(kind)
    document = plain(TEXTS[kind])
    where = data.draw(st.sampled_from(all_places))
    value = data.draw(st.sampled_from([None, [], {}, {"x": 1}, "", 7, -1, True, [None], 1e9]))
    broken = put(document, where, value) if where else {**document, "strange key": value}
    if not where:
        assert not validator.is_valid(broken)
    if validator.is_valid(broken):
        return
    assert refused(kind, broken).problems


@KINDS
@given(data=st.data())
def test_law_any_change_loads_or_is_told_with_its_path(kind, data):
    document, all_places, _ = read(kind)
    where = data.draw(st.sampled_from(all_places))
    value = data.draw(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers() | st.just({"\ud800": 1})
    )
    try:
        kind.from_document(put(document, where, value) if where else {"\ud800": value})
    except DocumentError as error:
        str(error).encode("utf-8")
        assert all(problem.path for problem in error.problems)


@KINDS
def test_law_problems_of_a_text_tell_their_line(kind):
    lines = TEXTS[kind].split("\n")
    first = next(n for n, line in enumerate(lines) if line.startswith("[") or "=" in line)
    text = "\n".join([*lines[:first], "# \u2028 \x85 is no line", "strange = 1", *lines[first:]])
    [problem] = refused(kind, text).problems
    assert (problem.path, problem.line) == ("strange", first + 2)


CHANGES = {
    Scenarios: (("name",), "theirs"),
    Table: (("rules", 0, "then"), "low"),
    EscalationPolicy: (("tiers", 0, "acknowledge_within_minutes"), 7),
    Strategy: (("longest",), 3),
    MoveEffects: (("pushes", "act"), {"pleasure": 0.1}),
    Terms: (("curve", "kept_rate"), 4),
    Schedule: (("title",), "another"),
    Wording: (("threshold",), 0.8),
    Playbook: (("wording", "threshold"), 0.8),
}


def itself():
    loop = {}
    loop["facts"] = loop
    return loop


def doubled(times):
    part = {"x": 1}
    for _ in range(times):
        part = {"a": part, "b": part}
    return part


HOSTILE = {
    "dotted keys": "when" + ".a" * 12_000 + " = 1",
    "dotted quoted keys": "when" + ' . "a"' * 12_000 + " = 1",
    "a dotted heading": "[when" + ".a" * 600 + "]",
    "keys in an inline table": "facts = { x" + ".a" * 12_000 + " = 1 }",
    "deep lists": '{"rules": ' + "[" * 600 + "]" * 600 + "}",
    "deep mappings": '{"rules": ' + '{"x":' * 600 + "1" + "}" * 600 + "}",
    "very deep": '{"rules": ' + "[" * 100_000,
    "deep TOML": "rules = " + "[" * 600 + "]" * 600,
    "a mapping that holds itself": itself(),
    "one part many times": doubled(40),
    "an exponent": '{"facts": {"x": {"number": {"low": 1e9999999999999999999}}}}',
    "a small exponent": "name = 1e-9999999999999999999",
    "many digits": '{"name": ' + "9" * 5000 + "}",
    "not a number": "name = nan",
    "half a pair": '{"name": "\\ud800"}',
    "half a pair as a key": '{"\\ud800": {"\\udfff": 1}}',
    "a raw half": "\ud800",
    "a key that is no text": {1: 2},
    "strange keys": {f"key{number}": 1 for number in range(30_000)},
    "an endless key": {"k" * 1_000_000: 1},
    "a long value": {"name": ["x"] * 1_000_000},
    "no text": "",
    "another value": [1],
    "unclosed": 'name = """' + '\\"""' * 20_000,
    "quotes": "name = '" * 20_000,
}


LONG = "one part many times"


@KINDS
@pytest.mark.parametrize(
    "name",
    [*(each for each in HOSTILE if each != LONG), pytest.param(LONG, marks=pytest.mark.unwatched)],
)
def test_law_hostile_documents_cost_little_and_are_refused(kind, name):
    if kind in (MoveEffects, Wording, Playbook) and name == "no text":
        return
    if kind not in (Table, Strategy, Playbook) and name == LONG:
        return
    error = refused(kind, HOSTILE[name])
    assert len(error.problems) <= 100
    assert len(str(error)) < 100_000


def many_unknown_facts(size):
    return {
        "name": "desk",
        "facts": {f"fact {number}": {"flag": True} for number in range(size)},
        "rules": [{"name": "a", "when": {f"fakt {n}": "true" for n in range(size)}, "then": 1}],
    }


def many_wrong_outcomes(size):
    return {
        "name": "desk",
        "outcomes": [f"outcome {number}" for number in range(size)],
        "rules": [{"name": f"{n}", "then": f"outcom {n}"} for n in range(size)],
    }


@pytest.mark.unwatched
@pytest.mark.parametrize("make", [many_unknown_facts, many_wrong_outcomes])
def test_many_problems_are_counted_and_the_first_are_told(make):
    error = refused(Table, make(4_000))
    assert (len(error.problems), error.more) == (100, 3_900)
    assert error.problems[0].nearest.endswith(" 0")
    assert " more" in error.problems[0].reason
    assert str(error).endswith("and 3900 more")
    assert len(str(error)) < 100_000


@pytest.mark.parametrize(
    "path",
    [
        ("facts", "amount", "number", "low"),
        ("facts", "amount", "number", "high"),
        ("rules", 0, "when", "amount"),
        ("rules", 0, "then"),
        ("tests", 0, "facts", "amount"),
    ],
)
@pytest.mark.parametrize(
    "number",
    [{"decimal": "1e9999999999999999999"}, 'decimal("1e9999999999999999999")', 10**5000],
    ids=["outcome", "cell", "digits"],
)
def test_numbers_without_end_are_refused_everywhere(path, number):
    refused(Table, put(tomllib.loads(TABLE), path, number))


@pytest.mark.parametrize(
    ("key", "value"), [("opens", "09:00+02:00"), ("opens", "09:00Z"), ("closes", "17:00+02:00")]
)
def test_a_time_of_day_has_no_offset(key, value):
    document = tomllib.loads(TEXTS[EscalationPolicy])
    hours = {"opens": "08:00", "closes": "18:00", key: value}
    document["tiers"][0]["targets"] = [{"name": "desk", **hours}]
    [problem] = refused(EscalationPolicy, document).problems
    assert problem.path == f"tiers[0].targets[0].{key}"
    assert "without offset" in problem.reason


@pytest.mark.parametrize("part", ["name", "because", "unit"])
def test_half_a_pair_is_refused_in_every_text(part):
    where = {
        "name": ("rules", 0, "name"),
        "because": ("rules", 0, "because"),
        "unit": ("facts", "amount", "number", "unit"),
    }
    [problem] = refused(Table, put(tomllib.loads(TABLE), where[part], "\ud800")).problems
    assert "half a surrogate pair" in problem.reason


def test_a_mapping_that_never_changes():
    found: Mapping[str, int] = FrozenMapping({"a": 1})
    assert repr(found) == "FrozenMapping({'a': 1})"
    assert {found: 1}[copy.deepcopy(found)] == 1
