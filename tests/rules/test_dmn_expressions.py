"""Literal expressions of S-FEEL, business knowledge, and the types of a model."""

from datetime import date, time, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import DocumentError, FactError, TableError
from deescalate.rules.dmn import Model, as_facts, read_dmn, write_dmn
from deescalate.rules.dmn._feel import MOST_DEPTH

SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def read(body: str, **settings: Any) -> Model:
    return read_dmn(
        f'<definitions xmlns="{SPACE}" name="m" namespace="urn:m">{body}</definitions>', **settings
    )


def escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def decision(text: str, *needs: str, name: str = "d", kind: str = "") -> str:
    """A literal expression over inputs."""
    required = "".join(
        f'<informationRequirement><requiredInput href="#{each}"/></informationRequirement>'
        for each in needs
    )
    variable = f'<variable name="{name}" typeRef="{kind}"/>'
    return (
        f'<decision id="{name}" name="{name}">{variable}{required}'
        f"<literalExpression><text>{escaped(text)}</text></literalExpression></decision>"
        + "".join(f'<inputData id="{each}" name="{each}"/>' for each in needs)
    )


def said(text: str, **facts: object) -> Any:
    model = read(decision(text, *facts))
    return model.decide(facts)["d"].outcome


@pytest.mark.parametrize(
    ("text", "outcome"),
    [
        ("1 + 2 * 3", 7),
        ("(1 + 2) * 3 // a sum first", 9),
        ("2 ** 3 ** 2 /* from the left */", 64),
        ("-2 ** 2", 4),
        ("--3", 3),
        ("10 / 4", Decimal("2.5")),
        ("1 / 3 * 3 = 1", False),
        ("1 / 0", None),
        ("10 ** 9999", None),
        ('1 + "a"', None),
        ('"a" + "b"', "ab"),
        ('"\\u00e9"', "é"),
        ("null", None),
        ("true and null", None),
        ("false and null", False),
        ("true or null", True),
        ("false or null", None),
        ("false or false", False),
        ("not(true)", False),
        ("not(null)", None),
        ("not(1)", None),
        ("1 < 2 and 2 <= 2 and 3 > 2 and 3 >= 3", True),
        ('"a" < "b"', True),
        ("true < false", None),
        ('1 < "a"', None),
        ("null = null", True),
        ("null != 1", True),
        ("1 != 2", True),
        ('1 = "1"', None),
        ('date("2025-01-01") < date("2025-01-02")', True),
        ('@"2025-01-01" = date("2025-01-01")', True),
        ('date("2025-01-01") < time("10:00:00")', None),
        ('duration("P1D") >= @"PT24H"', True),
        ('duration("P1Y2M")', "P1Y2M"),
        ('date and time("2025-01-01T10:00:00")', "2025-01-01T10:00:00"),
    ],
)
def test_what_an_expression_comes_to(text: str, outcome: object) -> None:
    found = said(text)
    assert found == outcome
    assert type(found) is type(outcome)


VALUES = {"true": True, "false": False, "null": None, "1": Decimal(1), '"a"': "a"}


@pytest.mark.parametrize("left", VALUES)
@pytest.mark.parametrize("right", VALUES)
def test_law_logic_has_three_values_and_sums_have_one_kind(left: str, right: str) -> None:
    """Kleene's tables, where what is no truth value is unknown; and no sum of unlike things."""
    one, other = VALUES[left], VALUES[right]
    known = {each for each in (one, other) if isinstance(each, bool)}
    both = len([each for each in (one, other) if isinstance(each, bool)]) == 2
    assert said(f"{left} and {right}") is (False if False in known else True if both else None)
    assert said(f"{left} or {right}") is (True if True in known else False if both else None)
    alike = type(one) is type(other) and not isinstance(one, bool) and one is not None
    found = said(f"{left} + {right}")
    assert found == (one + other if alike else None)  # type: ignore[operator]
    assert (said(f"{left} < {right}") is not None) == alike
    assert (said(f"{left} = {right}") is None) == (
        type(one) is not type(other) and one is not None and other is not None
    )


@pytest.mark.parametrize("signs", range(5))
def test_law_two_signs_undo_each_other(signs: int) -> None:
    minus, value = "- " * signs, 7 * (-1) ** signs
    assert said(f"{minus}7") == said(f"2 + {minus}7") - 2 == value
    assert read(decision(f"{minus}x", "x")).decide({"x": 7})["d"].outcome == value


def test_law_brackets_lie_as_deep_as_is_said_and_no_deeper() -> None:
    def nested(depth: int) -> str:
        return "(" * depth + "1" + ")" * depth

    deepest = MOST_DEPTH - 1
    assert said(nested(deepest)) == 1
    with pytest.raises(DocumentError):
        said(nested(deepest + 1))


def test_names_may_hold_blanks_and_signs_and_parts() -> None:
    needs = ["net  price", "net price-2", "order"]
    model = read(decision("net price-2 + net price - order.unit price", *needs))
    case = {"net price": 5, "net price-2": 7, "order": {"unit price": 2}}
    assert model.decide(case)["d"].outcome == 10
    assert model.decide({**case, "order": {}})["d"].outcome is None
    assert model.decide({**case, "order": 3})["d"].outcome is None


@pytest.mark.parametrize(
    "text",
    ["", "1 +", "(1", "1 2", "foo", "if true then 1 else 2", "[1, 2]", "x.", "not true", "trueish", '"a', "1..2",
     'date("soon")', "max(1)", '"\\q"', "(" * 50 + "1" + ")" * 50, "1" * 500, "x" * 10_001],
)  # fmt: skip
def test_what_is_beyond_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(DocumentError, match=r"d \(line 2\): not supported") as caught:
        read("\n" + decision(text, "x"))
    assert len(caught.value.problems) == 1


@given(st.text(alphabet='ab1.+-*/()<>=" \\notrue@,', max_size=40))
def test_any_text_is_an_expression_or_a_documented_error(text: str) -> None:
    try:
        found = read(decision(text, "a", "b")).decide({"a": 1, "b": "x"})["d"]
    except DocumentError as error:
        assert all(each.line == 1 for each in error.problems)
    else:
        assert found.decided is (found.outcome is not None)


def test_an_expression_of_very_many_terms_is_computed() -> None:
    assert said("+".join(["1"] * 4000)) == 4000


def test_a_sum_may_be_taken_with_its_sign() -> None:
    assert said("-(1 + x)", x=2) == -3
    assert said("1 - -x", x=2) == 3


def test_values_of_python_are_values_of_dmn() -> None:
    assert said("x", x=0.1) == Decimal("0.1")
    assert said("x", x=date(2025, 1, 1)) == "2025-01-01"
    assert said("x", x=time(10)) == "10:00:00"
    assert said("x", x=timedelta(1)) == "P1D"
    assert said("x", x=[1, {"a": True}]) == (1, {"a": True})
    assert said("x", x=None) is None
    odd = object()
    assert said("x", x=odd) is odd


KNOWLEDGE = (
    '<businessKnowledgeModel id="twice" name="twice"><encapsulatedLogic>'
    '<formalParameter name="x"/><formalParameter name="y"/>'
    "<literalExpression><text>x * 2 + y</text></literalExpression>"
    "</encapsulatedLogic></businessKnowledgeModel>"
)
CALLS = '<knowledgeRequirement><requiredKnowledge href="#twice"/></knowledgeRequirement>'


def called(logic: str, knowledge: str = KNOWLEDGE) -> Model:
    return read(f'<decision id="d" name="d">{CALLS}{logic}</decision>{knowledge}')


def binding(name: str, text: str) -> str:
    given = f"<literalExpression><text>{text}</text></literalExpression>"
    return f'<binding><parameter name="{name}"/>{given}</binding>'


def invoked(*bindings: str, name: str = "twice") -> str:
    target = f"<literalExpression><text>{name}</text></literalExpression>"
    return f"<invocation>{target}{''.join(bindings)}</invocation>"


def test_business_knowledge_is_called_by_place_and_by_name() -> None:
    by_place = called("<literalExpression><text>twice(3, 1) + 1</text></literalExpression>")
    assert by_place.decide({})["d"].outcome == 8
    by_name = called(invoked(binding("y", "1"), binding("x", "3")))
    assert by_name.decide({})["d"].outcome == 7
    with pytest.raises(TableError, match="calls business knowledge"):
        write_dmn(by_name)


@pytest.mark.parametrize(
    ("logic", "reason"),
    [
        ("<literalExpression><text>twice(3)</text></literalExpression>", "1 values for 2"),
        ("<literalExpression><text>twice(3 4)</text></literalExpression>", "beyond S-FEEL"),
        ("<literalExpression><text>twice + 1</text></literalExpression>", "beyond S-FEEL"),
        ("<literalExpression/>", "an expression without text"),
        (invoked(name="twise"), "there is no function `twise`; did you mean `twice`"),
        (invoked(name="once"), "there is no function `once`"),
        (invoked(binding("z", "1")), "the parameter `z`"),
        ("<invocation/>", "there is no function"),
        (invoked("<binding><parameter name='x'/></binding>"), "the parameter `x`"),
        ("<literalExpression expressionLanguage='juel'><text>1</text></literalExpression>", "juel"),
    ],
)
def test_a_call_that_cannot_be_is_refused(logic: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        called(logic)


@pytest.mark.parametrize(
    ("knowledge", "reason"),
    [
        ("", "there is no element `twice`"),
        (
            KNOWLEDGE.replace("<encapsulatedLogic", '<encapsulatedLogic kind="Java"'),
            "business knowledge beyond FEEL",
        ),
        (KNOWLEDGE.replace("<encapsulated", CALLS + "<encapsulated"), "it calls itself"),
        (KNOWLEDGE.replace("x * 2", "sqrt(x)"), "not supported"),
    ],
)
def test_knowledge_that_cannot_be_read_is_refused(knowledge: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        called("<literalExpression><text>1</text></literalExpression>", knowledge)


def test_knowledge_without_logic_is_no_matter_until_it_is_called() -> None:
    empty = '<businessKnowledgeModel id="twice" name="twice"/>'
    assert called("<literalExpression><text>1</text></literalExpression>", empty).decide({})
    with pytest.raises(DocumentError, match="no known name"):
        called("<literalExpression><text>twice(1, 2)</text></literalExpression>", empty)


def test_knowledge_called_twice_is_read_once() -> None:
    second = f'<decision id="e" name="e">{CALLS}{invoked(binding("x", "1"), binding("y", "1"))}</decision>'
    first = f'<decision id="d" name="d">{CALLS}{invoked(binding("x", "2"), binding("y", "0"))}</decision>'
    found = read(first + second + KNOWLEDGE).decide({})
    assert {name: each.outcome for name, each in found.items()} == {"d": 4, "e": 3}


def table(asks: str, kind: str, *cells: str, more: str = "", values: str = "") -> str:
    rules = "".join(
        f"<rule><inputEntry><text>{escaped(cell)}</text></inputEntry>"
        f'<outputEntry><text>"{place}"</text></outputEntry></rule>'
        for place, cell in enumerate(cells)
    )
    asked = f'<inputExpression typeRef="{kind}"><text>{asks}</text></inputExpression>'
    allowed = f"<inputValues><text>{escaped(values)}</text></inputValues>" if values else ""
    return (
        f'<decision id="t" name="t">{more}<decisionTable hitPolicy="FIRST">'
        f"<input>{asked}{allowed}</input><output/>{rules}</decisionTable></decision>"
    )


TYPES = """
<itemDefinition name="Level"><typeRef>string</typeRef>
<allowedValues><text>"low", "high", null</text></allowedValues></itemDefinition>
<itemDefinition name="Order"><itemComponent name="level"><typeRef>Level</typeRef></itemComponent>
<itemComponent name="count" typeRef="tns:Count"/>
<itemComponent name="tags" isCollection="true"><typeRef>string</typeRef></itemComponent>
</itemDefinition>
<itemDefinition name="Count"><typeRef>feel:number</typeRef><allowedValues><text>[0..9]</text>
</allowedValues></itemDefinition>
<itemDefinition name="Loop"><typeRef>Loop</typeRef></itemDefinition>
<itemDefinition name="Holder"><itemComponent name="x" typeRef="Loop"/></itemDefinition>
<inputData id="order" name="order"><variable name="order" typeRef="Order"/></inputData>
"""
ORDER = '<informationRequirement><requiredInput href="#order"/></informationRequirement>'


def test_types_say_what_an_input_may_be() -> None:
    model = read(TYPES + table("order.level", "", '"low"', more=ORDER))
    assert model.table.facts[0].allowed == "one of `low`, `high`"
    assert model.decide({"order": {"level": "low"}})["t"].outcome == "0"
    assert model.decide({"order.level": "high"})["t"].outcome is None
    with pytest.raises(FactError, match="expected one of `low`, `high`"):
        model.decide({"order": {"level": "medium"}})
    with pytest.raises(FactError, match=r"fact `order.level` is `None`"):
        model.decide({"order": {}})
    count = read(TYPES + table("order.count", "", "> 3", more=ORDER)).table
    assert count.facts[0].allowed == "a number as int or Decimal from 0 to 9"


@pytest.mark.parametrize(
    ("asks", "kind", "reason"),
    [
        ("order.tags", "", "is a list"),
        ("x", "Loop", "there is no type `Loop`"),
        ("x", "Holder", "there is no type `Holder`"),
        ("order", "", "an input of type `context`"),
        ("", "number", "it asks about nothing"),
        ("count(x)", "number", "beyond S-FEEL"),
    ],
)
def test_an_input_that_can_be_no_fact_is_refused(asks: str, kind: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        read(TYPES + table(asks, kind, "-", more=ORDER))


@pytest.mark.parametrize(
    ("kind", "values", "cell", "allowed"),
    [
        ("number", "[0..5]", "> 3", "a number as int or Decimal from 0 to 5"),
        ("number", ">= 0, null", "> 3", "a number as int or Decimal, 0 or more"),
        ("number", "null, <= 0", "-", "a number as int or Decimal, at most 0"),
        ("integer", "> 0", "3", "a whole number, 1 or more"),
        ("long", "1, 2, 3", "3", "a whole number from 1 to 3"),
        ("boolean", "true, false", "not(true)", "True or False"),
        ("date", '>= date("2025-01-01")', "-", "a date such as `2025-12-31` from 2025-01-01"),
        ("", "", "> 3", "a number as int or Decimal"),
        ("Any", "", "true", "True or False"),
        ("", "", '"a"', "one of `a`, `(other)`"),
        ("", "", '> date("2025-01-01")', "a date such as `2025-12-31`"),
        ("", "", "-", "one of `(other)`"),
        ("", "", "strange", "one of `(other)`"),
        ("date", "", '> date and time("2025-01-01T00:00:00Z")', "with a zone"),
    ],
)
def test_allowed_values_and_cells_say_what_an_input_may_be(
    kind: str, values: str, cell: str, allowed: str
) -> None:
    if cell == "strange":
        with pytest.raises(DocumentError, match="expected texts in double quotes"):
            read(table("x", kind, cell))
        return
    assert allowed in read(table("x", kind, cell, values=values)).table.facts[0].allowed


@pytest.mark.parametrize(
    ("kind", "values", "reason"),
    [
        ("number", "1, 3", "with gaps between them"),
        ("number", "> 0", "begin above or end below"),
        ("number", "many", "expected a number"),
        ("string", "1, 2", "of a text"),
        ("string", "x", "beyond S-FEEL"),
        ("string", '"a" "b"', "values with commas between"),
        ("string", '"\\q"', "expected a text in double quotes"),
        ("string", '"a", "a"', "named twice"),
    ],
)
def test_allowed_values_that_cannot_be_are_refused(kind: str, values: str, reason: str) -> None:
    with pytest.raises(DocumentError, match=reason):
        read(table("x", kind, "-", values=values))


def test_decisions_that_need_themselves_or_too_many_others_are_refused() -> None:
    def needing(name: str, other: str) -> str:
        required = (
            f'<informationRequirement><requiredDecision href="#{other}"/></informationRequirement>'
        )
        logic = "<literalExpression><text>1</text></literalExpression>"
        return f'<decision id="{name}" name="{name}">{required}{logic}</decision>'

    with pytest.raises(DocumentError, match="it needs itself, by way of others"):
        read(needing("a", "b") + needing("b", "a"))
    chain = "".join(needing(f"n{place}", f"n{place + 1}") for place in range(200))
    with pytest.raises(DocumentError, match="more than 100 decisions need each other"):
        read(chain)
    with pytest.raises(DocumentError, match=r"`urn:other`, another document"):
        read(needing("a", "b").replace("#b", "urn:other#b"))
    local = needing("a", "b").replace("#b", "urn:m#b") + decision("2", name="b")
    assert list(read(local).decide({})) == ["b", "a"]


def test_a_list_of_values_too_long_and_a_chain_of_types_too_long_are_refused() -> None:
    with pytest.raises(DocumentError, match="characters, expected at most 1000000"):
        read(table("x", "string", "-", values='"a",' * 300_000 + '"b"'))
    chain = "".join(
        f'<itemDefinition name="t{place}"><typeRef>t{place + 1}</typeRef></itemDefinition>'
        for place in range(100)
    )
    with pytest.raises(DocumentError, match="there is no type `t0`"):
        read(chain + table("x", "t0", "-"))
    with pytest.raises(DocumentError, match="there is no type `odd`"):
        read(decision("1", kind="odd"))


def test_a_range_of_outputs_is_no_list_of_them() -> None:
    ranged = table("x", "number", "> 3").replace(
        "<output/>", "<output><outputValues><text>[0..9]</text></outputValues></output>"
    )
    assert read(ranged).table.outcomes == ()


def test_dates_of_another_kind_are_refused() -> None:
    model = read(table("x", "date", '> date("2025-01-01")'))
    assert model.decide({"x": date(2025, 1, 2)})["t"].outcome == "0"
    with pytest.raises(FactError, match="fact `x` is `10:00:00`: expected a date"):
        model.decide({"x": time(10)})


def test_a_recorded_case_keeps_what_the_table_refuses() -> None:
    bounded = read(table("x", "number", "> 3", values="[0..9]")).table
    assert as_facts(bounded, {"x": 10, "y": 1}) == {"x": 10, "y": 1}
    assert as_facts(bounded, {"x": 0.5}) == {"x": Decimal("0.5")}


def test_lists_of_computed_outcomes_are_computed() -> None:
    collected = table("x", "number", "> 3", "> 2").replace("FIRST", "COLLECT")
    needs = '<informationRequirement><requiredInput href="#x"/></informationRequirement>'
    collected = collected.replace('"0"', "x + 1").replace('name="t">', f'name="t">{needs}')
    model = read(collected + '<inputData id="x" name="x"/>')
    assert model.decide({"x": 4})["t"].outcome == (5, "1")


def test_what_has_no_single_table_says_so() -> None:
    model = read(decision("1"))
    with pytest.raises(TableError, match="it has 0 tables, expected one"):
        _ = model.table
    with pytest.raises(TableError, match="it has no table"):
        model.through("d")
    assert repr(model) == "Model('m', 1 decisions)"
    assert model.check().ok
    [changed] = model.differences(read(decision("2")))
    assert str(changed) == "d: `1` -> `2`"
    assert model.differences(model) == ()
    assert read_dmn(write_dmn(model)).decide({})["d"].outcome == 1
