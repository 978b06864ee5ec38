"""Documents and cells: the form, its problems, hostile input."""

import json
import time
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError, SettingError
from deescalate.rules import (
    EVERYTHING,
    Choice,
    Example,
    Flag,
    Number,
    Rule,
    Table,
)
from deescalate.rules._engine.cells import read_values, write_cell

DESK = {
    "format": 1,
    "name": "desk",
    "hit_policy": "priority",
    "outcomes": ["high", "low"],
    "default": "low",
    "facts": {
        "anger": {"number": {"low": 0, "high": 1}},
        "price": {"number": {"low": 0, "unit": "EUR", "decimal": True}},
        "count": {"number": {"integer": True}},
        "threat": {"choice": ["none", "legal", "very bad"]},
        "lost": {"flag": True},
    },
    "rules": [
        {"name": "a", "when": {"anger": ">= 0.8", "threat": "very bad"}, "then": "high"},
        {"name": "b", "when": [{"count": 3}, {"lost": True}], "then": "high", "because": "so"},
        {"name": "c", "then": "low"},
    ],
    "tests": [
        {
            "facts": {"anger": 0.9, "price": 1, "count": 3, "threat": "none", "lost": False},
            "outcome": "high",
        }
    ],
}
ANGER = Number("anger", 0, 1)
COUNT = Number("count", integer=True)
PRICE = Number("price", 0, decimal=True)
THREAT = Choice("threat", ["none", "legal", "very bad", "-", "true", 'say "x"'])
LOST = Flag("lost")


def changed(path, value):
    """The document with one part replaced; a part set to `...` is left out."""
    copy = json.loads(json.dumps(DESK))
    *way, last = path
    part = copy
    for step in way:
        part = part[step]
    if value is ...:
        del part[last]
    else:
        part[last] = value
    return copy


def test_a_document_loads_from_every_form():
    table = Table.from_document(DESK)
    assert Table.from_document(json.dumps(DESK)) == table
    assert not table.run_tests()
    assert table.decide({"anger": 0.9, "threat": "very bad"}).outcome == "high"
    for form in ("toml", "json", "mapping"):
        assert Table.from_document(table.to_document(form=form)) == table
    with pytest.raises(SettingError, match="form"):
        table.to_document(form="yaml")


@pytest.mark.parametrize(
    ("path", "value", "place", "words"),
    [
        (["format"], 2, "format", "expected 1"),
        (["format"], True, "format", "expected 1"),
        (["name"], ..., "name", "missing"),
        (["name"], 3, "name", "expected a text"),
        (["nme"], "x", "nme", "did you mean `name`"),
        (["hit_policy"], "prioritty", "hit_policy", "did you mean `priority`"),
        (["outcomes"], "high", "outcomes", "expected a list"),
        (["outcomes"], [], "outcomes", "needs them"),
        (["default"], "lo", "default", "did you mean `low`"),
        (["facts"], [], "facts", "expected a mapping"),
        (["facts", "anger"], 3, "facts.anger", "expected a mapping"),
        (["facts", "anger"], {}, "facts.anger", "exactly one"),
        (["facts", "anger", "nmber"], {}, "facts.anger.nmber", "did you mean `number`"),
        (["facts", "anger", "number", "low"], "0", "facts.anger.number.low", "expected a number"),
        (["facts", "anger", "number", "low"], 3, "facts.anger.number", "no value lies between"),
        (["facts", "anger", "number", "integer"], 1, "facts.anger.number.integer", "true or false"),
        (["facts", "anger", "number"], 3, "facts.anger.number", "expected a mapping"),
        (["facts", "threat", "choice"], "none", "facts.threat.choice", "a list of texts"),
        (["facts", "threat", "choice"], [], "facts.threat", "no options"),
        (["facts", "lost", "flag"], False, "facts.lost.flag", "expected true"),
        (["rules"], {}, "rules", "expected a list"),
        (["rules", 0], 3, "rules[0]", "expected a mapping"),
        (["rules", 1, "name"], "a", "rules[1].name", "taken by rules[0]"),
        (["rules", 0, "then"], ..., "rules[0].then", "missing"),
        (["rules", 0, "then"], "hgh", "rules[0].then", "did you mean `high`"),
        (["rules", 0, "then"], None, "rules[0].then", "expected a text, a number"),
        (["rules", 0, "because"], 3, "rules[0].because", "expected a text"),
        (["rules", 0, "when"], "x", "rules[0].when", "a mapping from facts to cells"),
        (["rules", 0, "when"], ["x"], "rules[0].when[0]", "a mapping from facts to cells"),
        (["rules", 0, "when"], {"angr": "-"}, "rules[0].when.angr", "did you mean `anger`"),
        (["rules", 0, "when"], {"anger": ">= x"}, "rules[0].when.anger", "expected a number"),
        (
            ["rules", 1, "when"],
            [{"threat": "legl"}],
            "rules[1].when[0].threat",
            "did you mean `legal`",
        ),
        (["tests"], 3, "tests", "expected a list"),
        (["tests", 0, "facts"], 3, "tests[0].facts", "expected a mapping"),
        (["tests", 0, "facts", "angr"], 3, "tests[0].facts.angr", "did you mean `anger`"),
        (["tests", 0, "facts", "anger"], 3, "tests[0].facts.anger", "from 0 to 1"),
    ],
)
def test_a_problem_names_its_path(path, value, place, words):
    with pytest.raises(DocumentError) as caught:
        Table.from_document(changed(path, value))
    assert caught.value.problems[0].path == place
    assert words in str(caught.value)


def test_every_problem_is_reported_at_once():
    document = changed(["hit_policy"], "frist")
    document["rules"][0]["when"]["angr"] = "-"
    document["rules"][1]["then"] = "hgh"
    with pytest.raises(DocumentError) as caught:
        Table.from_document(document)
    assert [each.path for each in caught.value.problems] == [
        "hit_policy",
        "rules[0].when.angr",
        "rules[1].then",
    ]


@pytest.mark.parametrize(
    "text",
    [
        "", "{", "[[", "format = ", '{"format": 1, "format": 1}', '{"format": NaN}', "[" * 100_000,
        '{"a":' * 100_000, "x = " + "[" * 100_000, 'a = "\x00"', "\ud800", "\ufeff", "format = 1",
        "x" * 9_000_000, "{}", "[]", "null", 'format = 1\nname = "x"\nrules = [{name="\\ud800"}]',
        '{"format": 1, "name": "\\ud800"}',
    ],
)  # fmt: skip
def test_hostile_text_is_refused_quickly(text):
    started = time.process_time()
    with pytest.raises(DocumentError):
        Table.from_document(text)
    assert time.process_time() - started < 5


@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
        lambda inner: (
            st.lists(inner) | st.dictionaries(st.sampled_from([*DESK, "x"]) | st.text(), inner)
        ),
    )
)
def test_law_any_mapping_is_a_table_or_a_document_error(found):
    with pytest.raises(DocumentError):
        Table.from_document(found)


@pytest.mark.parametrize(
    ("fact", "cell", "words", "written"),
    [
        (ANGER, "-", "anything", "-"),
        (ANGER, " >= 0.8 ", "at least 0.8", ">= 0.8"),
        (ANGER, "<.5", "below 0.5", "< 0.5"),
        (ANGER, "<= 5e-1", "at most 0.5", "<= 0.5"),
        (ANGER, "0.5", "0.5", "0.5"),
        (ANGER, "]0.2..0.4[", "above 0.2 to below 0.4", "(0.2..0.4)"),
        (ANGER, "[0.2..0.4], > 0.9", "from 0.2 to 0.4 or above 0.9", "[0.2..0.4], > 0.9"),
        (ANGER, "not(0.5, 0.6)", "not 0.5 or 0.6", "not(0.5, 0.6)"),
        (ANGER, 'decimal("0.1")', "0.1", 'decimal("0.1")'),
        (ANGER, 'decimal("0.5")', "0.5", "0.5"),
        (ANGER, 0.25, "0.25", "0.25"),
        (COUNT, "> -3", "at least -2", ">= -2"),
        (COUNT, 4, "4", "4"),
        (COUNT, "[1..3),7", "from 1 to 2 or 7", "[1..2], 7"),
        (PRICE, "> 12.99", "above 12.99", "> 12.99"),
        (PRICE, "[1.10..2.0]", "from 1.10 to 2.0", "[1.10..2]"),
        (THREAT, "very   bad", "very bad", '"very bad"'),
        (THREAT, '"-"', "-", '"-"'),
        (THREAT, "true", "true", '"true"'),
        (THREAT, '"say \\"x\\""', 'say "x"', '"say \\"x\\""'),
        (THREAT, 'not("none")', "not none", 'not("none")'),
        (LOST, "true", "true", "true"),
        (LOST, "not(true)", "false", "false"),
        (LOST, False, "false", "false"),
        (LOST, "true,false", "anything", "-"),
    ],
)
def test_cells(fact, cell, words, written):
    values = fact.clip(read_values(fact, cell))
    assert fact.describe(values) == f"{fact.name} is {words}"
    assert write_cell(fact, values) == written
    assert fact.clip(read_values(fact, written)) == values


@pytest.mark.parametrize(
    ("fact", "cell"),
    [
        (ANGER, ""), (ANGER, ">="), (ANGER, ">= high"), (ANGER, "[0.1..0.2"), (ANGER, "[0.3..0.2]"),
        (ANGER, "0.1 0.2"), (ANGER, "not(0.1"), (ANGER, "not 0.1"), (ANGER, "[0.1,0.2]"), (ANGER, '"0.1"'),
        (ANGER, "decimal(0.1)"), (ANGER, 'decimal("x")'), (ANGER, 'decimal("0.1"'), (ANGER, "decimal("),
        (ANGER, "1e999"), (ANGER, "9" * 500), (ANGER, ","), (ANGER, "0.1,"), (ANGER, ") 0.1"), (ANGER, None),
        (ANGER, True), (ANGER, "0" * 20_000), (ANGER, '"open'), (PRICE, "1e500"), (ANGER, "nan"),
        (THREAT, "legl"), (THREAT, ">= legal"), (THREAT, '"\\x"'), (THREAT, 3), (THREAT, "[legal]"), (THREAT, "none,"),
        (LOST, "maybe"), (LOST, 1), (LOST, '"\x00'),
    ],
)  # fmt: skip
def test_a_cell_that_cannot_be_read_is_refused(fact, cell):
    with pytest.raises(DocumentError):
        read_values(fact, cell, "here")


@given(
    st.sampled_from([ANGER, COUNT, PRICE, THREAT, LOST]),
    st.text() | st.text(alphabet='[]().,<>=-0123456789"\\ notdecimal'),
)
def test_law_any_cell_is_read_or_refused(fact, cell):
    try:
        values = fact.clip(read_values(fact, cell))
    except DocumentError:
        return
    assert not values or fact.clip(read_values(fact, write_cell(fact, values))) == values


def test_decimals_and_odd_names_survive():
    number = Number("amount due", Decimal("0.1"), high=10**30)
    choice = Choice("it's", ["a\tb", 'c"d', "\x7f", "é🙂"])
    rules = [
        Rule(
            "r\n1",
            (number > Decimal("0.3")) & choice.is_("\x7f"),
            {"pay": Decimal("12.50"), "far": 0.1},
        ),
        Rule("never", number > 10**31, {"pay": Decimal("1E-7"), "far": 1e300}),
        Rule("'\"", EVERYTHING, {"pay": 1, "far": True}),
    ]
    tests = [
        Example({"amount due": Decimal("0.35"), "it's": "é🙂"}, {"pay": 1, "far": True}),
        Example({}, None),
    ]
    table = Table("t", [number, choice], rules, "first", tests=tests)
    for form in ("toml", "json", "mapping"):
        again = Table.from_document(table.to_document(form=form))
        assert again == table
        assert type(again.rules[0].then["pay"]) is Decimal
        assert type(again.rules[0].then["far"]) is float
    listed = Table("t", [number], rules[2:], "collect", tests=[Example({}, (rules[2].then,))])
    assert Table.from_document(listed.to_document()) == listed
    assert Table.from_document(Table("t", [], []).to_document()) == Table("t", [], [])


def test_several_outputs_must_be_stated_ones():
    document = {
        "format": 1, "name": "t", "hit_policy": "priority",
        "outcomes": {"tier": ["high", "low"]},
        "facts": {"lost": {"flag": True}},
        "rules": [{"name": "a", "when": {}, "then": {"tier": "hgh"}}],
    }  # fmt: skip
    with pytest.raises(DocumentError, match=r"rules\[0\].then.tier: .*did you mean `high`"):
        Table.from_document(document)


def test_decimal_facts_read_fractions_as_they_are_written():
    text = """
    format = 1
    name = "t"
    [facts.price]
    number = { low = 0.10, high = { decimal = "99.90" }, decimal = true }
    [facts.anger]
    number = { low = 0.1, high = { decimal = "x" } }
    """
    with pytest.raises(DocumentError, match="high"):
        Table.from_document(text)
    table = Table.from_document(
        text.replace('{ decimal = "x" }', "0.9")
        + """
    [[rules]]
    name = "a"
    when = { price = 12.99, anger = 0.7 }
    then = 0.5
    [[tests]]
    facts = { price = 12.99, anger = 0.7 }
    outcome = 0.5
    """
    )
    assert table.facts[0].low == Decimal("0.10")
    assert table.facts[1].low == 0.1
    assert not table.run_tests()
    assert Table.from_document(
        {"format": 1, "name": "t", "facts": {"p": {"number": {"low": 0.1, "decimal": True}}}}
    ).facts[0].low == Decimal("0.1")


def test_a_condition_is_written_back_as_its_author_wrote_it():
    when = [
        {"count": "> 3", "threat": "legal, none"},
        {"anger": "[0.10..0.5[", "count": "not(1, 2, 3)", "lost": "-"},
        {"count": 2, "price": 12.5, "lost": True},
    ]
    document = {
        "format": 1,
        "name": "desk",
        "facts": {
            "anger": {"number": {"low": 0, "high": 1}},
            "count": {"number": {"integer": True}},
            "price": {"number": {"low": 0, "decimal": True}},
            "threat": {"choice": ["none", "legal", "very bad"]},
            "lost": {"flag": True},
        },
        "rules": [{"name": "a", "when": when, "then": "x"}, {"name": "b", "when": {}, "then": "y"}],
    }
    table = Table.from_document(document)
    for form in ("toml", "json", "mapping"):
        again = Table.from_document(table.to_document(form=form))
        assert again == table
        assert again.to_document(form="mapping")["rules"] == document["rules"]
    spelled = 'format = 1\nname = "t"\nfacts.p.number.decimal = true\n[[rules]]\nname = "a"\nwhen.p = 25.50\nthen = 1'
    assert Table.from_document(spelled).to_document(form="mapping")["rules"][0]["when"] == {
        "p": "25.50"
    }
    combined = Rule("c", table.rules[0].when & COUNT.is_not(9), "z")
    assert combined.when.written is None


NAMED = {
    "hot": {"anger": ">= 0.8"},
    "bad": [{"hot": True, "count": "> 3"}, {"threat": "very bad"}],
    "worse": {"bad": True, "lost": True},
}


def test_a_condition_with_a_name_means_what_it_says():
    document = DESK | {"conditions": NAMED}
    document["rules"] = [
        {"name": "a", "when": {"worse": True, "price": "> 1"}, "then": "high"},
        {"name": "b", "when": [{"bad": True}, {"lost": False, "hot": True}], "then": "high"},
        {"name": "c", "when": {"anger": "< 0.10"}, "then": "low"},
    ]
    table = Table.from_document(document)
    _, price, _, threat, _ = table.facts
    bad = ((ANGER >= 0.8) & (COUNT > 3)) | threat.is_("very bad")
    assert table.rules[0].when == bad & LOST.is_true() & (price > 1)
    assert table.rules[1].when == bad | (LOST.is_false() & (ANGER >= 0.8))
    written = table.to_document(form="mapping")
    assert "conditions" not in written
    assert written["rules"][2]["when"] == {"anger": "< 0.10"}
    assert Table.from_document(written) == table
    assert table == Table.from_document(json.dumps(document))


@pytest.mark.parametrize(
    ("named", "when", "path", "words"),
    [
        ({"lost": {"anger": "1"}}, {}, "conditions.lost", "taken"),
        ({"hot": {"anger": "hot"}}, {}, "conditions.hot.anger", "found `hot`"),
        ({"hot": 3}, {}, "conditions.hot", "a mapping from facts to cells"),
        ([], {}, "conditions", "a mapping"),
        ({"later": {"hot": True}, "hot": {}}, {}, "conditions.later.hot", "unknown fact `hot`"),
        ({"hot": {}}, {"hot": "true"}, "rules[0].when.hot", "found `true`, expected true"),
        ({"hot": {}}, {"hott": True}, "rules[0].when.hott", "did you mean `hot`"),
    ],
)
def test_a_condition_with_a_name_that_cannot_be_is_told(named, when, path, words):
    rules = [{"name": "a", "when": when, "then": "high"}]
    with pytest.raises(DocumentError) as caught:
        Table.from_document(DESK | {"conditions": named, "rules": rules})
    [problem] = caught.value.problems
    assert problem.path == path
    assert words in str(problem)


@pytest.mark.parametrize("ways", [2, 40])
def test_conditions_with_names_never_come_to_too_much(ways):
    facts = {f"n{place}": {"number": {}} for place in range(24)}
    named = {
        f"c{place}": [
            {f"n{2 * place}": f"> {at}", f"n{2 * place + 1}": f"> {-at}"} for at in range(ways)
        ]
        for place in range(12)
    }
    when = dict.fromkeys(named, True)
    rules = [{"name": str(place), "when": when, "then": 1} for place in range(20)]
    start = time.perf_counter()
    with pytest.raises(DocumentError, match=r"more than|boxes") as caught:
        Table.from_document({"name": "t", "facts": facts, "conditions": named, "rules": rules})
    assert time.perf_counter() - start < 10
    assert len(caught.value.problems) < 20 + ways


def test_whole_numbers_keep_the_bounds_they_were_given():
    conditions = {
        "count is above 3": ((COUNT > 3), "> 3"),
        "count is at most 3": (~(COUNT > 3), "<= 3"),
        "count is above 3 to below 9": ((COUNT > 3) & (COUNT < 9), "(3..9)"),
        "count is above 2.5": ((COUNT > 2.5), "> 2.5"),
        "count is not 5": (COUNT.is_not(5), "not(5)"),
    }
    for words, (condition, cell) in conditions.items():
        assert str(condition) == words
        document = Table("t", [COUNT], [Rule("r", condition, 1)]).to_document(form="mapping")
        assert document["rules"][0]["when"] == {"count": cell}
        assert Table.from_document(document).rules[0].when == condition
    assert (COUNT > 3) == (COUNT >= 4)
    assert hash(COUNT > 3) == hash(COUNT >= 4)
