"""The reader of parts that documents share: whatever is handed in, the problems are told."""

from datetime import UTC, date, datetime
from decimal import Decimal
from enum import StrEnum

import pytest
from attrs import field, frozen
from hypothesis import given
from hypothesis import strategies as st

from deescalate.documents import (
    Document,
    Notes,
    day,
    exact,
    joined,
    listed,
    number,
    parsed,
    part,
    record,
    text,
)
from deescalate.errors import DocumentError, MoneyError, SettingError, TableError

SCALARS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals() | st.dates()
)
ANYTHING = st.recursive(
    SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=5
)


class Watched(list):
    """A list that nobody may look into."""

    def __iter__(self):
        raise AssertionError


class Size(StrEnum):
    SMALL = "small"
    LARGE = "large"


TAKERS = {
    "mapping": lambda notes, found: notes.mapping("x", found, ("a", "b")),
    "sequence": lambda notes, found: notes.sequence("x", found),
    "text": lambda notes, found: notes.text("x", found),
    "texts": lambda notes, found: notes.texts("x", found),
    "flag": lambda notes, found: notes.flag("x", found),
    "exact": lambda notes, found: notes.exact("x", found),
    "one_of": lambda notes, found: notes.one_of("x", found, Size),
    "day": lambda notes, found: notes.day("x", found),
}


@given(ANYTHING, st.sampled_from(sorted(TAKERS)))
def test_law_what_is_taken_is_of_its_kind_and_all_else_is_noted(found, kind):
    notes = Notes()
    taken = TAKERS[kind](notes, found)
    shown = list(taken) if isinstance(taken, tuple) else taken
    if not notes.problems:
        assert shown == found or shown == Decimal(repr(found))
    assert all(problem.path.startswith("x") and problem.reason for problem in notes.problems)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "text (line 1): "),
        ("x = [", "text (line 1): "),
        ('{"a": 1, "a": 2}', "text: `a` is given twice"),
        ('{"a": NaN}', "text: found `NaN`, expected a finite number"),
        ("x = " + "[" * 5_000, "text: it is nested too deeply"),
        ("#" * 4_000_001, "text: found 4000001 characters, expected at most 4000000"),
        ([], "document: found `[]`, expected a mapping"),
    ],
)
def test_what_is_no_document(text, told):
    with pytest.raises(DocumentError) as caught:
        parsed("desk", text)
    assert str(caught.value).startswith(f"desk document: {told}")


def test_exact_fractions():
    assert parsed("desk", "\ufeff x = 0.1", fractions=Decimal) == {"x": Decimal("0.1")}
    assert parsed("desk", '{"x": 0.1}', fractions=Decimal) == {"x": Decimal("0.1")}
    with pytest.raises(DocumentError):
        parsed("desk", "x = nan", fractions=lambda _: Decimal("x"))


def test_complaints_become_problems_with_their_path():
    def complain(error):
        def make():
            raise error

        return make

    inner = DocumentError("table", tuple(notes_of("rules[0].then", "is odd").problems))
    notes = Notes()
    notes.tried("tiers[0].cap", complain(SettingError("cap", Decimal(2), "at most 1")))
    notes.tried("tiers[0]", complain(SettingError("cap", 2, "at most 1")))
    notes.tried("gate", complain(inner), inside="rules[0]")
    notes.tried("gate", complain(TableError("rules[1]", "is dead")))
    notes.tried("", complain(MoneyError("GPB", "is not an ISO 4217 code")))
    assert [str(problem) for problem in notes.problems] == [
        "tiers[0].cap: found `2`, expected at most 1",
        "tiers[0]: `cap` is `2`: expected at most 1",
        "gate.then: is odd",
        "gate.rules[1]: is dead",
        "document: `GPB` is not an ISO 4217 code",
    ]
    with pytest.raises(DocumentError) as caught:
        notes.finished("terms", dict)
    assert len(caught.value.problems) == 5
    assert Notes().finished("terms", dict) == {}


def notes_of(path, reason):
    notes = Notes()
    notes.problem(path, reason)
    return notes


def test_paths_and_days():
    assert [joined("", ""), joined("a", ""), joined("", "b"), joined("a", "b")] == [
        "", "a", "b", "a.b",
    ]  # fmt: skip
    notes = Notes()
    assert notes.day("x", "2026-12-25") == date(2026, 12, 25)
    assert notes.day("x", datetime(2026, 12, 25, 9, 0, tzinfo=UTC)) is None
    assert len(notes.problems) == 1


def test_lists_have_an_end():
    class Short(Notes):
        longest_list = 2

    notes = Short()
    assert notes.sequence("x", [1, 2, 3]) == []
    assert str(notes.problems[0]) == "x: found 3 entries, expected at most 2"


@frozen
class Desk(Document):
    document_kind = "desk"
    days: tuple = field(metadata=part(listed(day())))
    fee: Decimal = field(default=Decimal(1), metadata=part(exact()))
    share: float = field(default=0.5, metadata=part(number(0, 1)))


@pytest.mark.parametrize("fee", ["2", "2.50", "0.1234567890123456789012345"])
@pytest.mark.parametrize("form", ["toml", "json", "mapping"])
def test_dates_and_exact_numbers_are_written_as_they_are(form, fee):
    desk = Desk((date(2026, 12, 25),), fee=Decimal(fee))
    assert Desk.from_document(desk.to_document(form=form)) == desk
    with pytest.raises(SettingError, match="form"):
        desk.to_document(form="yaml")


def test_numbers_have_an_end():
    for huge in (
        "1" + "0" * 500 + ".0",
        "1e999",
        "-1e-999",
        10**500,
        Decimal("1e999"),
        Decimal("NaN"),
    ):
        document = (
            f"days = []\nfee = {huge}" if isinstance(huge, str) else {"days": [], "fee": huge}
        )
        with pytest.raises(DocumentError, match="expected a finite number of at most 400 digits"):
            Desk.from_document(document)
    broken = {"days": [10**500] * 300}
    with pytest.raises(DocumentError) as caught:
        Desk.from_document(broken)
    assert len(caught.value.problems) == 100


def test_a_value_that_the_class_refuses_is_a_problem_of_the_document():
    @frozen
    class Door:
        name: str = field(metadata=part(text()))

        def __attrs_post_init__(self):
            raise SettingError("name", self.name, "a door that opens")

    notes = Notes()
    assert record(Door).read(notes, "door", {"name": "x"}) is None
    assert str(notes.problems[0]) == "door.name: found `x`, expected a door that opens"


def test_a_list_longer_than_any_document_is_refused_before_it_is_read():
    with pytest.raises(DocumentError, match="name: more than 500000 parts"):
        parsed("desk", {"name": Watched([0] * 500_001)})
