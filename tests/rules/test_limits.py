"""How large things may be, as stated: so much is taken, and one more is refused."""

from collections.abc import Callable
from decimal import Decimal

import pytest

from deescalate.errors import DeescalateError, DocumentError
from deescalate.rules import Choice, Number, any_of
from deescalate.rules._engine.cells import read_cell
from deescalate.rules._engine.plain import some_of
from deescalate.rules._engine.rules import total
from deescalate.rules.dmn import read_dmn
from deescalate.rules.sheets import read_csv

SPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"


def padded(text: str, length: int) -> str:
    return text + " " * (length - len(text))


def model(body: str) -> object:
    return read_dmn(f'<definitions xmlns="{SPACE}" name="m" namespace="urn:m">{body}</definitions>')


def literal(text: str, name: str = "d", more: str = "") -> str:
    return (
        f'<decision id="{name}" name="{name}"><variable name="{name}"/>{more}'
        f"<literalExpression><text>{text}</text></literalExpression></decision>"
    )


def needing_each_other(count: int) -> object:
    """Decisions each of which needs the next, the last of them nothing."""
    made = [literal("1", "d1")]
    for at in range(2, count + 1):
        needs = f'<requiredDecision href="#d{at - 1}"/>'
        needs = f"<informationRequirement>{needs}</informationRequirement>"
        made.append(literal(f"d{at - 1}", f"d{at}", needs))
    return model("".join(reversed(made)))


def input_of_a_type_by_way_of(count: int) -> object:
    """A table over an input whose type is defined by way of so many names, or is none."""
    types = "".join(
        f'<itemDefinition name="t{at}"><typeRef>{f"t{at + 1}" if at < count else "number"}'
        "</typeRef></itemDefinition>"
        for at in range(1, count + 1)
    )
    table = (
        '<decision id="d" name="d"><decisionTable><input><inputExpression typeRef="t1">'
        "<text>x</text></inputExpression></input><output name='o'/>"
        "<rule><inputEntry><text>&gt; 1</text></inputEntry>"
        "<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>"
    )
    return model(types + table)


def allowed_values(length: int) -> object:
    """A table of an input with so many characters of allowed values."""
    values = '"a"' + " " * (length - 7) + ',"b"'
    return model(
        '<decision id="d" name="d"><decisionTable><input><inputExpression typeRef="string">'
        f"<text>x</text></inputExpression><inputValues><text>{values}</text></inputValues></input>"
        "<output name='o'/><rule><inputEntry><text>-</text></inputEntry>"
        "<outputEntry><text>1</text></outputEntry></rule></decisionTable></decision>"
    )


X, EXACT, WORD = Number("x"), Number("x", decimal=True), Choice("word", ["a", "b"])
LIMITS: dict[str, tuple[Callable[[int], object], int]] = {
    "characters of a cell": (lambda count: read_cell(WORD, padded('"a"', count)), 100_000),
    "characters of a number": (lambda count: read_cell(X, "0" * (count - 1) + "1"), 400),
    "characters of a decimal": (lambda count: read_cell(EXACT, "0." + "1" * (count - 2)), 400),
    "places of a decimal": (lambda count: Number("x", high=Decimal(f"1E+{count}")), 400),
    "places behind the point": (lambda count: Number("x", 0, Decimal(f"1E-{count}")), 400),
    "digits of a whole number": (lambda count: Number("x", high=10 ** (count - 1)), 401),
    "boxes of a condition": (lambda count: any_of(*map(X.is_, range(count))), 4096),
    "characters of a CSV file": (
        lambda count: read_csv(("x,then\n>1,1\n" + (" " * 99_999 + "\n") * 41)[:count]),
        4_000_000,
    ),
    "characters of a CSV cell": (
        lambda count: read_csv(f"word,then\n{'a' * count},1\nb,2\n"),
        10_000,
    ),
    "decisions that need each other": (needing_each_other, 101),
    "types by way of each other": (input_of_a_type_by_way_of, 21),
    "characters of an expression": (
        lambda count: model(literal("1 +" + " " * (count - 4) + "1")),
        100_000,
    ),
    "characters of allowed values": (allowed_values, 1_000_000),
}


@pytest.mark.parametrize(("make", "most"), LIMITS.values(), ids=LIMITS)
def test_law_so_much_is_taken_and_one_more_is_refused(
    make: Callable[[int], object], most: int
) -> None:
    make(most)
    with pytest.raises(DeescalateError):
        make(most + 1)


def test_the_first_problems_of_a_sheet_are_told_and_the_rest_counted() -> None:
    for count in (99, 100, 101, 150):
        with pytest.raises(DocumentError) as caught:
            read_csv("x,then\n>1,1\n" + ">1\n" * count)
        told = len(caught.value.problems), caught.value.more
        assert told == (min(count, 100), max(0, count - 100))


def test_twenty_names_are_listed_and_of_more_the_rest_is_counted() -> None:
    assert some_of([*"abcdefghijklmnopqrst"]).endswith("`s`, `t`")
    assert some_of([*"abcdefghijklmnopqrstu"]).endswith("`s`, `t` and 1 more")


def test_a_sum_of_whole_numbers_and_floats_is_rounded_once() -> None:
    for whole in (2**53 - 1, 2**53, 2**53 + 1, 2**53 + 3, -(2**53) - 1):
        assert total([whole, 1.0, 1.0]) == float(whole + 2)
