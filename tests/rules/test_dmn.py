"""DMN documents: what is read of them, and what is refused, with its line."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import (
    DocumentError,
    FactError,
    HitPolicyError,
    TableError,
)
from deescalate.findings import Report
from deescalate.rules.dmn import Model, read_dmn, write_dmn
from deescalate.rules.dmn._xml import read_xml

SPACES = {
    "1.1": "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
    "1.2": "http://www.omg.org/spec/DMN/20180521/MODEL/",
    "1.3": "https://www.omg.org/spec/DMN/20191111/MODEL/",
    "1.4": "https://www.omg.org/spec/DMN/20211108/MODEL/",
    "1.5": "https://www.omg.org/spec/DMN/20230324/MODEL/",
}


def document(body: str, version: str = "1.3") -> str:
    space = SPACES.get(version, version)
    return f'<definitions xmlns="{space}" id="d" name="desk" namespace="urn:desk">\n{body}</definitions>'


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def text(words: str) -> str:
    return f"<text>{escaped(words)}</text>"


def table(
    *rules: str,
    inputs: str = "anger:number, threat:string",
    outputs: str = "tier:string",
    policy: str = "UNIQUE",
    name: str = "Tier",
    more: str = "",
) -> str:
    """A decision with a table; in a rule, cells have a bar between them, outputs come last."""
    columns = [each.strip().split(":") for each in inputs.split(",") if each.strip()]
    asked = "".join(
        f'<input id="{name}_i{place}"><inputExpression typeRef="{kind}">{text(asks)}'
        "</inputExpression></input>\n"
        for place, (asks, kind) in enumerate(columns)
    )
    said = "".join(
        f'<output id="{name}_o{place}" name="{each.strip().split(":")[0]}" '
        f'typeRef="{each.strip().split(":")[1]}"/>\n'
        for place, each in enumerate(outputs.split(","))
    )
    lines = []
    for place, rule in enumerate(rules):
        cells = [each.strip() for each in rule.split("|")]
        asks = "".join(f"<inputEntry>{text(each)}</inputEntry>" for each in cells[: len(columns)])
        then = "".join(f"<outputEntry>{text(each)}</outputEntry>" for each in cells[len(columns) :])
        lines.append(f'<rule id="{name}_r{place}">{asks}{then}</rule>\n')
    return (
        f'<decision id="{name}" name="{name}">{more}\n<decisionTable hitPolicy="{policy}">\n'
        f"{asked}{said}{''.join(lines)}</decisionTable></decision>\n"
    )


DESK = table('>= 0.9 | - | "supervisor"', '< 0.9 | "violence" | "security"')


@pytest.mark.parametrize("version", SPACES)
def test_every_version_is_read(version: str) -> None:
    model = read_dmn(document(DESK, version))
    tier = model.decide({"anger": 0.5, "threat": "violence"})["Tier"]
    assert (tier.outcome, tier.because) == (
        "security",
        ("anger is below 0.9 and threat is violence",),
    )


def test_what_is_read_is_proved_with_lines_of_the_document() -> None:
    [gap] = read_dmn(document(DESK)).check()
    assert (gap.code, gap.place, gap.line) == ("gap", "Tier.rules", 3)
    assert "threat is (other)" in gap.text


def test_bytes_are_read_in_the_encoding_they_say() -> None:
    said = '<?xml version="1.0" encoding="iso-8859-1"?>' + document(DESK.replace("anger", "ärger"))
    model = read_dmn(said.encode("iso-8859-1"))
    assert model.table.facts[0].name == "ärger"
    assert read_dmn("\ufeff" + said).table == model.table


def test_dates_are_facts_and_messages_write_them_as_cells_do() -> None:
    model = read_dmn(
        document(
            table(
                '< date("2025-01-01") | "old"',
                '>= date("2025-01-01") | "new"',
                inputs="bought:date",
                outputs="kind:string",
            )
        )
    )
    verdict = model.decide({"bought": date(2024, 12, 31)})["Tier"]
    assert str(verdict) == 'old, because bought is below date("2025-01-01")'
    assert model.check().ok
    assert model.decide({"bought": "2025-01-01"})["Tier"].outcome == "new"
    with pytest.raises(FactError, match="expected a date such as `2025-12-31`"):
        model.decide({"bought": "01.02.2025"})


REFUSED = {
    "no XML": ("policy", "not XML", 1),
    "empty": ("", "not XML", 1),
    "entities": (
        '<!DOCTYPE a [<!ENTITY b "b"><!ENTITY c "&b;&b;">]>\n' + document(DESK),
        "document type declaration",
        1,
    ),
    "an external reference": (
        '\n<!DOCTYPE a SYSTEM "file:///etc/passwd">' + document(DESK),
        "document type declaration",
        2,
    ),
    "an entity out of nowhere": (document(DESK.replace("threat", "&threat;")), "undefined", 5),
    "another namespace": (document(DESK, "urn:bpmn"), "expected `definitions` of DMN 1.1", 1),
    "another root": ("<html/>", "expected `definitions` of DMN 1.1", 1),
    "very deep": ("<a>" * 100, "more than 48 deep", 1),
    "cut short": (document(DESK)[:-40], "not XML", 9),
    "half a surrogate": ("\ud800", "surrogate", None),
    "an unknown encoding": (b'<?xml version="1.0" encoding="klingon"?><a/>', "klingon", None),
    "no decision": (document(""), "there is no decision", 1),
    "too few cells": (document(table(">= 0.9")), "it has 1 input cells, expected 2", 7),
    "no output cell": (document(table(">= 0.9|-")), "it has 0 output cells, expected 1", 7),
    "a function": (document(table('max(1, 2)|-|"a"')), "only cells of S-FEEL", 7),
    "a bare word": (document(table('-|violence|"a"')), "expected texts in double quotes", 7),
    "a text for a number": (document(table('"1"|-|"a"')), "expected a number", 7),
    "an output beyond S-FEEL": (document(table("-|-|upper(x)")), "not supported", 7),
    "a hit policy": (document(table(policy="OFTEN")), "expected one of `UNIQUE`", 3),
    "a type": (document(table(inputs="anger:rage")), "there is no type `rage`", 4),
    "a list of types": (document(table(inputs="anger:context")), "no type `context`", 4),
    "two of a name": (document(DESK + DESK), "two decisions of this name", 10),
    "another document": (document('<import name="a"/>' + DESK), "other documents", 2),
    "an input about nothing": (document(DESK.replace(">anger<", "><")), "asks about nothing", 4),
    "no name": (document('<decision id="a"/>'), "it has no name", 2),
    "boxed": (document('<decision id="a" name="a"><context/></decision>'), "`context`", 2),
}


@pytest.mark.parametrize(("found", "reason", "line"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_read_is_refused_with_its_line(
    found: str | bytes, reason: str, line: int | None
) -> None:
    with pytest.raises(DocumentError, match=reason) as caught:
        read_dmn(found)
    assert caught.value.problems[0].line == line
    assert len(Report.of_error(caught.value)) == len(caught.value.problems)


def test_null_meets_only_what_does_not_ask() -> None:
    model = read_dmn(document(table('-|"legal"|"a"', '>= 0|-|"b"', policy="FIRST")))
    assert model.decide({"anger": None, "threat": "legal"})["Tier"].outcome == "a"
    assert model.decide({"anger": None, "threat": "none"})["Tier"].outcome is None
    with pytest.raises(FactError, match="fact `anger` is `None`: expected a value, not missing"):
        model.decide({"threat": "legal"})


ANGER = st.sampled_from(["-", "", ">= 3", "< 5, >= 5", "not(null)", "not( null )", "[0..5)"])
THREAT = st.sampled_from(["-", '"legal"', 'not("legal")', '"legal", "other"', "not(null)"])


@given(
    st.lists(st.tuples(ANGER, THREAT), min_size=1, max_size=4),
    st.sampled_from([None, 0, 4, 7]),
    st.sampled_from([None, "legal", "other", "more"]),
)
def test_law_null_meets_what_is_written_as_it_met_what_was_read(cells, level, threat):
    rules = [f'{one}|{two}|"{place}"' for place, (one, two) in enumerate(cells)]
    model = read_dmn(document(table(*rules, policy="FIRST")))
    case = {"anger": level, "threat": threat}
    again = read_dmn(write_dmn(model))
    assert again.decide(case) == model.decide(case)
    assert write_dmn(again) == write_dmn(model)


def test_a_cell_that_allows_every_value_does_not_meet_null() -> None:
    for cell in ("< 5, >= 5", "not(null)"):
        read = read_dmn(document(table(f'{cell}|-|"a"', '-|-|"b"', policy="FIRST")))
        for model in (read, read_dmn(write_dmn(read))):
            assert model.decide({"anger": None, "threat": ""})["Tier"].outcome == "b"
            assert model.decide({"anger": 5, "threat": ""})["Tier"].outcome == "a"


def test_a_table_that_breaks_its_policy_says_so() -> None:
    model = read_dmn(document(table('> 0|-|"a"', '> 1|-|"b"')))
    with pytest.raises(HitPolicyError):
        model.decide({"anger": 2, "threat": ""})
    assert [each.code for each in model.check()][:2] == ["gap", "conflict"]


def test_numbers_are_exact_decimals() -> None:
    model = read_dmn(document(table("<= 0.1|-|0.30", outputs="fee:number")))
    assert model.decide({"anger": 0.1, "threat": ""})["Tier"].outcome == Decimal("0.30")
    assert model.decide({"anger": Decimal("0.1000001"), "threat": ""})["Tier"].outcome is None


def test_one_decision_is_read_alone() -> None:
    two = document(DESK + '<decision id="a" name="a"><context/></decision>')
    assert read_dmn(two, decision="Tier").table.name == "Tier"
    with pytest.raises(DocumentError, match="did you mean `Tier`"):
        read_dmn(two, decision="Tiers")
    with pytest.raises(TableError, match="did you mean `Tier`"):
        read_dmn(document(DESK)).decide({}, only="tier")


NEEDS = '<informationRequirement id="n"><requiredDecision href="#Risk"/></informationRequirement>'


def graph(
    risk: list[str], tier: list[str], *, policies: tuple[str, str] = ("FIRST", "FIRST")
) -> Model:
    first = table(*risk, name="Risk", inputs="anger:number, threat:string", policy=policies[0])
    second = table(
        *tier, name="Tier", inputs="Risk:string, threat:string", policy=policies[1], more=NEEDS
    )
    return read_dmn(document(second + first))


RISK = ['> 5 | - | "high"', '- | "legal" | "high"', '- | - | "low"']
TIER = ['"high" | "legal" | "lawyer"', '"high" | - | "senior"', '"low" | - | "agent"']


def test_decisions_are_decided_in_order_whatever_their_order_in_the_file() -> None:
    model = graph(RISK, TIER)
    assert [each.name for each in model.decisions] == ["Risk", "Tier"]
    verdicts = model.decide({"anger": 6, "threat": "none"})
    assert {name: each.outcome for name, each in verdicts.items()} == {
        "Risk": "high",
        "Tier": "senior",
    }
    assert list(model.decide({"anger": 6, "threat": "none"}, only="Risk")) == ["Risk"]


def test_a_rule_that_nothing_upstream_can_meet_is_dead() -> None:
    tier = ['"high" | - | "a"', '"medium" | - | "b"', '"low" | - | "c"']
    model = graph(RISK, tier)
    [dead] = (each for each in model.check() if each.code == "dead-rule")
    assert (dead.code, dead.place) == ("dead-rule", "Tier.rules[1]")
    assert dead.line is not None


cells = st.sampled_from(["-", "> 2", "<= 2", "[1..3]", "not(2)"])
words = st.sampled_from(["-", '"legal"', 'not("legal")', '"late", "none"'])
levels = st.sampled_from(["-", '"high"', '"low"', 'not("high")', '"high", "low"'])


@given(st.data())
def test_the_table_over_the_inputs_decides_as_the_model_does(data: st.DataObject) -> None:
    policies = data.draw(st.tuples(*[st.sampled_from(["FIRST", "UNIQUE", "ANY"])] * 2))
    risk = data.draw(
        st.lists(st.tuples(cells, words, st.sampled_from(['"high"', '"low"', '"odd"'])), max_size=3)
    )
    tier = data.draw(
        st.lists(st.tuples(levels, words, st.sampled_from(['"a"', '"b"'])), max_size=3)
    )
    lines = ([" | ".join(each) for each in rows] for rows in (risk, tier))
    model = graph(*lines, policies=policies)
    whole = model.through("Tier")
    anger = data.draw(st.sampled_from([0, 1, 2, 3, Decimal("2.5")]))
    threat = data.draw(st.sampled_from(["legal", "late", "none", "strange"]))
    try:
        expected = model.decide({"anger": anger, "threat": threat})["Tier"].outcome
    except HitPolicyError as error:
        if error.table == "Risk":  # the model cannot go on; the table over its inputs need not know
            return
        expected = error.table
    facts: dict[str, object] = {}
    for fact in whole.facts:
        known = threat in getattr(fact, "options", ())
        facts[fact.name] = anger if fact.name == "anger" else threat if known else "(other)"
    try:
        assert whole.decide(facts).outcome == expected
    except HitPolicyError as error:
        assert error.table == expected


def test_a_word_that_one_table_alone_names_is_any_other_word_to_the_others() -> None:
    risk = ['- | "legal" | "high"', '- | not("legal") | "low"']
    tier = ['"high" | - | "lawyer"', '"low" | "late" | "senior"', '"low" | not("late") | "agent"']
    whole = graph(risk, tier).through("Tier")
    decided = [whole.decide({"threat": each}).outcome for each in ("legal", "late", "(other)")]
    assert decided == ["lawyer", "senior", "agent"]


def test_versions_are_compared_over_the_inputs() -> None:
    old, new = graph(RISK, TIER), graph(['> 7 | - | "high"', *RISK[1:]], TIER)
    assert [f"{each}".partition(" (such")[0] for each in old.differences(new)] == [
        "Risk: anger is above 5 to 7 and threat is (other): high -> low",
        "Tier: anger is above 5 to 7 and threat is (other): senior -> agent",
    ]
    assert old.differences(old) == ()
    gone = read_dmn(document(table(*RISK, name="Risk", policy="FIRST")))
    assert [str(each) for each in old.differences(gone)] == ["Tier: is gone"]
    assert [str(each) for each in gone.differences(old)] == ["Tier: is new"]


@pytest.mark.parametrize(
    ("risk", "policy", "reason"),
    [
        (['- | - | "a" + "b"'], "FIRST", "computes what it comes to"),
        (RISK, "COLLECT", "comes to a list"),
    ],
)
def test_what_cannot_be_put_in_is_said(risk: list[str], policy: str, reason: str) -> None:
    model = graph(risk, ['- | - | "x"'], policies=(policy, "FIRST"))
    with pytest.raises(TableError, match=reason):
        model.through("Tier")
    assert any(each.code == "alone" and reason in each.text for each in model.check())


def test_a_graph_is_written_and_read_again() -> None:
    model = graph(RISK, TIER)
    again = read_dmn(write_dmn(model))
    assert dict(again.tables) == dict(model.tables)
    case = {"anger": 6, "threat": "legal"}
    assert again.decide(case) == model.decide(case)


STANDING = (
    table(
        '< limit | > 5 | "below"',
        'limit | - | "at"',
        'not(<= limit) | - | "above"',
        inputs="amount:number, anger:number",
        policy="FIRST",
        more='<informationRequirement id="n"><requiredInput href="#limit"/></informationRequirement>',
    )
    + '<inputData id="limit" name="limit"><variable name="limit" typeRef="number"/></inputData>'
)


def test_a_cell_may_compare_an_input_with_another() -> None:
    model = read_dmn(document(STANDING))
    case = {"amount": 3, "limit": 4, "anger": 6}
    assert str(model.decide(case)["Tier"]) == (
        "below, because amount against limit is below and anger is above 5"
    )
    assert model.decide({**case, "limit": 3})["Tier"].outcome == "at"
    assert model.decide({**case, "limit": 2.5})["Tier"].outcome == "above"
    assert model.decide({**case, "limit": None})["Tier"].outcome is None
    assert model.decide({**case, "limit": "x"})["Tier"].outcome is None
    assert model.decide({**case, "anger": None})["Tier"].outcome is None
    [gap] = model.check()
    assert "amount against limit is below and anger is at most 5" in gap.text
    with pytest.raises(TableError, match="compares inputs, which is not written"):
        write_dmn(model)


@pytest.mark.parametrize(
    ("kind", "cell", "left", "right", "met"),
    [
        ("number", "[low..7]", 5, 5, True),
        ("number", "(low..7)", 5, 5, False),
        ("number", "]low..7[", 6, 5, True),
        ("number", "low, 9", 9, 5, True),
        ("number", "low", 9, [1, 9], True),
        ("number", "low", 8, [1, 9], False),
        ("string", "low", "a", "a", True),
        ("string", "not(low)", "a", "b", True),
        ("string", "low", "a", ["b"], False),
        ("boolean", "low", True, True, True),
        ("date", "< low", "2025-01-01", date(2025, 1, 2), True),
        ("time", ">= low", "10:00:00Z", "09:00:00Z", True),
        ("time", ">= low", "10:00:00Z", "09:00:00", False),
    ],
)
def test_how_inputs_stand(kind: str, cell: str, left: object, right: object, met: bool) -> None:
    needs = '<informationRequirement><requiredInput href="#low"/></informationRequirement>'
    model = read_dmn(
        document(
            table(f'{cell} | "yes"', inputs=f"x:{kind}", more=needs)
            + '<inputData id="low" name="low"/>'
        )
    )
    found = model.decide({"x": left, "low": right})["Tier"].outcome
    assert (found == "yes") is met


@pytest.mark.parametrize("cell", ["< low", "low + 1", "low..", "not(low", "a, low", ", low"])
def test_what_does_not_compare_is_refused(cell: str) -> None:
    needs = '<informationRequirement><requiredInput href="#low"/></informationRequirement>'
    body = table(f'{cell} | "yes"', inputs="x:string", more=needs)
    with pytest.raises(DocumentError, match="low"):
        read_dmn(document(body + '<inputData id="low" name="low"/>'))


def test_ranks_may_be_those_of_one_output_alone() -> None:
    body = table(
        '> 0 | - | "a" | "low"', '> 1 | - | "b" | "high"', outputs="name:string, risk:string",
        policy="PRIORITY",
    )  # fmt: skip
    ranked = body.replace(
        '<output id="Tier_o1" name="risk" typeRef="string"/>',
        '<output name="risk"><outputValues><text>"high", "low"</text></outputValues></output>',
    )
    model = read_dmn(document(ranked))
    assert model.decide({"anger": 2, "threat": ""})["Tier"].outcome == {"name": "b", "risk": "high"}
    assert read_dmn(write_dmn(model)).table == model.table
    with pytest.raises(DocumentError, match="its list of values is empty"):
        read_dmn(document(ranked.replace('"high", "low"', "")))
    with pytest.raises(DocumentError, match="not supported: found `high`"):
        read_dmn(document(ranked.replace('"high", "low"', "high")))
    with pytest.raises(DocumentError, match="missing or empty: hit policy `priority` needs them"):
        read_dmn(document(body))


OUTPUT = '<output id="Tier_o0" name="tier" typeRef="string"/>'
TWICE = table('> 2 | < 9 | "a"', inputs="anger:number, anger:number")
TEXTS = table('"a" | not("b") | "a"', inputs="threat:string, threat:string")


@pytest.mark.parametrize(
    ("body", "reason", "line"),
    [
        (table('-|-|"x"', '-|-|"x" + "y"', '-|-|"""').replace('"""', "a"), "not supported", 9),
        (table('-|-|"x"+"y"', r'-|-|"\"x\"+\"y\""'), "an expression elsewhere in the table", 3),
        (table('-|-|"a"', policy='COLLECT" aggregation="AVG'), "the aggregation `AVG` of 1", 3),
        (table('-|-|"a"', policy='COLLECT" aggregation="SUM'), "expected a number", 3),
        (TWICE.replace("<", "<", 1).replace(
            '</input>\n<input id="Tier_i1">',
            '<inputValues><text>[0..5]</text></inputValues></input>\n<input id="Tier_i1">',
        ), "asked in two columns of different values", 5),
        (DESK.replace(OUTPUT, ""), "there is no output", 3),
        (DESK.replace(OUTPUT, OUTPUT * 2), "that of another output", 6),
        (DESK.replace(OUTPUT, "<output/>" * 2), "its name is missing", 6),
        (DESK.replace('typeRef="string"/>', 'typeRef="odd"/>'), "there is no type `odd`", 6),
        (DESK.replace("<inputEntry>", '<inputEntry expressionLanguage="juel">', 1), "juel", 7),
        (DESK.replace("<outputEntry>", '<outputEntry expressionLanguage="juel">', 1), "juel", 7),
        (DESK.replace(
            "<inputExpression ", '<inputExpression expressionLanguage="juel" ', 1
        ).replace(">anger<", ">${anger}<"), "juel", 4),
        (DESK.replace('hitPolicy="UNIQUE"', 'expressionLanguage="juel"'), "juel", 3),
    ],
)  # fmt: skip
def test_a_table_that_cannot_be_is_refused_with_its_line(body: str, reason: str, line: int) -> None:
    with pytest.raises(DocumentError, match=reason) as caught:
        read_dmn(document(body))
    assert caught.value.problems[0].line == line


def test_two_columns_may_ask_about_one_fact() -> None:
    assert str(read_dmn(document(TWICE)).table.rules[0].when) == "anger is above 2 to below 9"
    texts = read_dmn(document(TEXTS)).table
    assert texts.facts[0].allowed == "one of `a`, `(other)`, `b`"
    assert str(texts.rules[0].when) == "threat is a"


def test_a_part_without_a_default_is_null_and_computed_values_are_not_ranked() -> None:
    more = (
        '<output name="a"><outputValues><text>"x"</text></outputValues>'
        '<defaultOutputEntry><text>"x"</text></defaultOutputEntry></output>'
        '<output name="b"><outputValues><text>1</text></outputValues></output>'
    )
    body = table('> 0 | - | "x" |', outputs="c:string").replace(
        '<output id="Tier_o0" name="c" typeRef="string"/>', more
    )
    body = body.replace(
        "</rule>", f"<outputEntry>{text('anger + 1')}</outputEntry></rule>"
    ).replace("<outputEntry><text></text></outputEntry>", "")
    needs = '<informationRequirement><requiredInput href="#anger"/></informationRequirement>'
    body = body.replace('name="Tier">', f'name="Tier">{needs}', 1)
    model = read_dmn(document(body + '<inputData id="anger" name="anger"/>'))
    outcomes = [model.decide({"anger": each, "threat": ""})["Tier"].outcome for each in (2, 0)]
    assert outcomes == [{"a": "x", "b": 3}, {"a": "x", "b": None}]
    assert dict(model.table.to_document(form="mapping")["outcomes"]) == {"a": ["x"]}


def test_what_is_too_large_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("deescalate.rules.dmn._xml.MOST_ELEMENTS", 5)
    with pytest.raises(DocumentError, match="more than 5 elements"):
        read_dmn(document(DESK))
    monkeypatch.setattr("deescalate.rules.dmn._xml.MOST_BYTES", 50)
    with pytest.raises(DocumentError, match="expected at most 50"):
        read_dmn(document(DESK))


def test_law_a_document_is_as_large_as_is_said_and_no_larger(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Forty-eight elements in each other; and bounds of exactly what a document has."""

    def deep(count: int) -> str:
        return "<a>" * count + "</a>" * count

    assert read_xml("x", deep(48)).tag == "a"
    with pytest.raises(DocumentError, match="more than 48 deep"):
        read_xml("x", deep(49))
    for bound, most in (("MOST_ELEMENTS", 3), ("MOST_BYTES", len(deep(3)))):
        with monkeypatch.context() as patched:
            patched.setattr(f"deescalate.rules.dmn._xml.{bound}", most)
            assert read_xml("x", deep(3)).tag == "a"
            with pytest.raises(DocumentError):
                read_xml("x", deep(4))


def test_of_very_many_problems_the_first_are_told_and_the_rest_counted() -> None:
    for count in (99, 100, 101, 150):
        rules = ['wrong | - | "a"'] * count
        with pytest.raises(DocumentError) as caught:
            read_dmn(document(table(*rules)))
        told = (len(caught.value.problems), caught.value.more)
        assert told == (min(count, 100), max(0, count - 100))


def test_an_import_is_no_matter_to_a_decision_that_is_read_alone() -> None:
    imported = document('<import name="a"/>' + DESK)
    assert read_dmn(imported, decision="Tier").table.name == "Tier"


def test_a_text_that_is_itself_called_other_is_that_option() -> None:
    model = read_dmn(document(table('-|"(other)"|"a"')))
    assert model.table.facts[1].allowed == "one of `(other)`"
    assert model.decide({"anger": 1, "threat": "whatever"})["Tier"].outcome == "a"


def test_tables_that_allow_a_fact_different_values_are_checked_by_themselves() -> None:
    bounded = table(
        *RISK, name="Risk", inputs="anger:number, threat:string", policy="FIRST"
    ).replace("</input>", "<inputValues><text>[0..9]</text></inputValues></input>", 1)
    second = table(
        '"high" | > 3 | "a"', name="Tier", inputs="Risk:string, anger:number", more=NEEDS
    )
    model = read_dmn(document(second + bounded))
    with pytest.raises(TableError, match="two tables allow it different values"):
        model.through("Tier")
    assert model.differences(model) == ()


def test_what_a_needed_table_says_and_no_cell_can_take_meets_nothing() -> None:
    first = table('> 5 | - | "high"', "- | - | 3", name="Risk", policy="FIRST")
    second = table('"high" | "a"', name="Tier", inputs="Risk:string", more=NEEDS, policy="FIRST")
    whole = read_dmn(document(second + first)).through("Tier")
    assert whole.decide({"anger": 6}).outcome == "a"
    assert whole.decide({"anger": 1}).outcome is None


def test_regions_without_end_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where anything at all comes to the second table: anger, a threat, or neither."""
    monkeypatch.setattr("deescalate.rules.dmn._through.MOST_REGIONS", 3)
    assert graph(RISK, TIER).through("Tier").rules
    monkeypatch.setattr("deescalate.rules.dmn._through.MOST_REGIONS", 2)
    with pytest.raises(TableError, match="more than 2 regions"):
        graph(RISK, TIER).through("Tier")


@given(st.data())
def test_a_broken_document_is_a_table_or_a_documented_error(data: st.DataObject) -> None:
    whole = document(DESK + STANDING.replace('"Tier"', '"Tier 2"'))
    bits = [
        "",
        '"',
        "-",
        ">",
        "not(",
        "null",
        "<text>",
        "</rule>",
        "[1..",
        'name="x"',
        "\x00",
        "&lt;",
    ]
    start = data.draw(st.integers(0, len(whole)))
    end = data.draw(st.integers(start, min(len(whole), start + 40)))
    broken = whole[:start] + data.draw(st.sampled_from(bits)) + whole[end:]
    try:
        model = read_dmn(broken)
    except DocumentError as error:
        assert error.problems
    else:
        assert model.check(most=1) is not None


def test_what_is_drawn_without_logic_or_expressions_is_read_as_far_as_it_says() -> None:
    labelled = DESK.replace('<input id="Tier_i0">', '<input id="Tier_i0" label="anger">')
    model = read_dmn(document(labelled.replace(">anger<", "><") + '<decision id="a" name="a"/>'))
    assert model.tables["Tier"].facts[0].name == "anger"
    found = [each for each in model.check() if each.code == "no-logic"]
    assert [(each.place, each.text) for each in found] == [
        ("a", "it has no logic: it is what is given for it, or null")
    ]
    assert model.decide({"anger": 1, "threat": ""})["a"].outcome is None
    assert model.decide({"anger": 1, "threat": "", "a": "given"})["a"].outcome == "given"
    assert read_dmn(write_dmn(model)).decide({"anger": 1, "threat": ""})["a"].outcome is None
