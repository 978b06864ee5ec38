"""Columns of every type, against single cases."""

import math
from decimal import Decimal

import pytest

from deescalate.errors import FactError, HitPolicyError, SettingError
from deescalate.rules import Choice, Flag, Number, Rule, Table
from deescalate.rules._engine import columns

np = pytest.importorskip("numpy")

ANGER = Number("anger", 0, 1)
COUNT = Number("count", integer=True)
PRICE = Number("price", 0, decimal=True)
THREAT = Choice("threat", ["none", "legal"])
LOST = Flag("lost")
RULES = [
    Rule("a", ANGER >= 0.8, "x"),
    Rule("b", COUNT.between(-2, 3) & LOST.is_true(), "y"),
    Rule("c", (Decimal("0.1") < PRICE) & THREAT.is_("legal"), "z"),
]
TABLE = Table("t", [ANGER, COUNT, PRICE, THREAT, LOST], RULES, "first", default="d")


class Categorical:
    categories = ("legal", "none")
    codes = np.array([0, 1, -1])


def same(table, given, rows):
    result = table.decide_columns(given)
    assert len(result) == len(rows)
    assert [result[at] for at in range(len(rows))] == [table.decide(row) for row in rows]


@pytest.mark.parametrize(
    "dtype", [np.int8, np.uint8, np.int64, np.uint64, np.float32, np.float64, object]
)
def test_numbers_of_every_width(dtype):
    values = [0, 1, 3, 4, 100]
    rows = [{"count": value, "lost": True, "anger": 0.1} for value in values]
    given = {
        "count": np.array(values, dtype=dtype),
        "lost": np.ones(5, dtype=bool),
        "anger": [0.1] * 5,
    }
    same(TABLE, given, rows)


def test_choices_of_every_kind():
    rows = [{"threat": "legal"}, {"threat": "none"}, {}]
    same(TABLE, {"threat": Categorical()}, rows)
    same(TABLE, {"threat": np.array([1, 0, -1])}, rows)
    same(TABLE, {"threat": ["legal", "none", None]}, rows)
    same(TABLE, {"threat": np.ma.array(["legal", "none", "legal"], mask=[0, 0, 1])}, rows)
    same(TABLE, {"threat": np.ma.array(["legal", "none"])}, rows[:2])
    same(
        TABLE,
        {"lost": np.array([True, None, False], dtype=object)},
        [{"lost": True}, {}, {"lost": False}],
    )
    same(
        TABLE,
        {"price": np.array([Decimal("0.2"), 0, Decimal("NaN")], dtype=object)},
        [{"price": Decimal("0.2")}, {"price": 0}, {}],
    )
    same(TABLE, {"count": np.array([2.0, math.nan])}, [{"count": 2}, {}])


@pytest.mark.parametrize(
    ("name", "column"),
    [
        ("anger", [0.1, 1.1]), ("anger", [math.nan, -0.1]), ("anger", [0.1, math.inf]), ("anger", ["x"]),
        ("anger", [True]), ("count", [1.5]), ("count", [math.inf]), ("price", [0.5]), ("price", [-1]),
        ("threat", ["legl"]), ("threat", [2]), ("threat", [-2]), ("threat", [0.5]), ("lost", [1]), ("lost", ["x"]),
        ("angr", [1]),
    ],
)  # fmt: skip
def test_bad_cells_are_refused(name, column):
    with pytest.raises(FactError) as caught:
        TABLE.decide_columns({name: np.array(column)})
    assert caught.value.fact == name
    assert name == "angr" or "(in case " in str(caught.value)
    if column in ([2], [-2]):
        assert "the place of an option, 0 to 1, or -1 for missing" in str(caught.value)


@pytest.mark.parametrize(
    "given", [{}, [], {"anger": [0.1], "count": [1, 2]}, {"anger": [[0.1]]}, {"anger": 0.1}]
)
def test_columns_that_do_not_fit_are_refused(given):
    with pytest.raises(SettingError):
        TABLE.decide_columns(given)


def test_conflicts_are_refused():
    table = Table("t", [ANGER], [Rule("a", ANGER > 0.5, 1), Rule("b", ANGER > 0.6, 2)])
    with pytest.raises(HitPolicyError):
        table.decide_columns({"anger": [0.1, 0.7]})


def test_many_cuts_and_blocks(monkeypatch):
    cuts = [n / 50 for n in range(50)]
    rules = [Rule(f"r{n}", (cut <= ANGER) & (n <= COUNT), n) for n, cut in enumerate(cuts)]
    table = Table("t", [ANGER, COUNT], rules, "collect sum")
    chance = np.random.default_rng(1)
    angers, counts = chance.integers(0, 101, 500) / 100, chance.integers(-3, 60, 500)
    angers[::17] = math.nan
    rows = [
        {"count": int(c)} | ({} if math.isnan(a) else {"anger": float(a)})
        for a, c in zip(angers, counts, strict=True)
    ]
    for widest in (1 << 22, 10):
        monkeypatch.setattr(columns, "WIDEST", widest)
        monkeypatch.setattr(columns, "BLOCK", 37)
        same(table, {"anger": angers, "count": counts}, rows)
    assert table.decide_columns({"anger": angers, "count": counts}).outcome.dtype == object
    assert len(table.decide_columns({"anger": np.array([])})) == 0


@pytest.mark.parametrize(
    ("outcomes", "kind"),
    [
        ((1, 2), "i"),
        (("a", "b"), "U"),
        ((True, False), "b"),
        ((0.5, 1.5), "f"),
        ((1, "a"), "O"),
        ((10**30, 1), "O"),
    ],
)
def test_outcomes_come_in_plain_columns(outcomes, kind):
    table = Table(
        "t",
        [LOST],
        [Rule("a", LOST.is_true(), outcomes[0]), Rule("b", LOST.is_false(), outcomes[1])],
    )
    column = table.decide_columns({"lost": [True, False]}).outcome
    assert column.dtype.kind == kind
    assert column.tolist() == list(outcomes)
