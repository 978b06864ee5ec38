"""Every code: its bad example is found, its good one is not, and its page section is there."""

from decimal import Decimal
from pathlib import Path

import pytest

from deescalate.authority import Authority
from deescalate.findings import Severity
from deescalate.moves import Move
from deescalate.testing.wording import KnownSituation, PlannedMoves
from deescalate.wording import Code, CodeFamily, Wording, review

CODES = Wording.default().codes
PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "wording-codes.md"

UPSET = KnownSituation(distress=0.6)
AGENT = Authority(money={"EUR": Decimal(20)}, actions=["replace"])
SMELL = {"customer": "There is a strong gas smell in my kitchen", "situation": UPSET}
BESIDE = {
    "T117": {
        "customer": "My parcel is lost and I need it today!",
        "situation": KnownSituation(distress=0.8),
    },
    "T118": {"customer": "Do you have the red one?", "situation": UPSET},
    "T121": {"situation": UPSET},
    "A207": {"customer": "I have been waiting for three weeks now.", "situation": UPSET},
    "O308": {"customer": "When do I get my refund?", "situation": KnownSituation()},
    "O309": {"previous": ["Please restart the app."]},
    "S803": {"situation": KnownSituation(danger="self_harm")},
    "S804": {"situation": KnownSituation(danger="self_harm")},
    "S805": SMELL,
    "S806": {"situation": KnownSituation(asks_human=True)},
    "S807": {
        "customer": "My chair arrived with a broken leg.",
        "situation": UPSET,
    },
    "S809": {"longest": 20},
    "S808": {"customer": "When will the part be here?", "situation": UPSET},
    "T111": {"situation": KnownSituation(distress=0.8)},
    "A201": {"situation": KnownSituation(fault="ours")},
    "A206": {"situation": KnownSituation(apologies=3)},
    "O301": {"situation": UPSET},
    "O302": {"plan": PlannedMoves.of(Move.APOLOGISE), "situation": UPSET},
    "O303": {"plan": PlannedMoves.of(avoid=(Move.EXPLAIN, None))},
    "O304": {"situation": KnownSituation(openness=0.2)},
    "O305": {"situation": KnownSituation(fault="ours")},
    "O306": {"situation": KnownSituation(acknowledged=True)},
    "P403": {"situation": KnownSituation(promise_broken=True)},
    "P404": {"situation": UPSET},
    "M501": {"authority": AGENT},
    "M502": {"authority": AGENT},
}
DESCRIBED = {"C602": "word " * 161, "C606": "word " * 41 + "."}
WITH_EXAMPLES = [code for code in CODES.values() if code.bad]


@pytest.mark.parametrize("code", WITH_EXAMPLES, ids=lambda code: code.code)
def test_the_bad_example_is_found(code: Code):
    found = review(DESCRIBED.get(code.code, code.bad), **BESIDE.get(code.code, {}))
    assert code.code in found.codes


@pytest.mark.parametrize("code", WITH_EXAMPLES, ids=lambda code: code.code)
def test_the_good_example_is_clean_of_it_and_of_anything_worse_than_a_note(code: Code):
    beside = BESIDE.get(code.code, {})
    found = review(code.good, **beside)
    assert code.code not in found.codes
    assert {each.code for each in found.findings if each.severity is not Severity.NOTE} <= {"P404"}


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_every_code_says_why_what_instead_and_on_what_grounds(code: Code):
    assert code.reason
    assert code.suggestion
    assert code.source
    assert code.family in CodeFamily
    assert code.upset is not None
    assert code.upset.rank >= code.severity.rank


def test_the_house_codes_have_no_examples_since_they_are_the_users_own():
    assert [code.code for code in CODES.values() if not code.bad] == ["H701", "H702"]


@pytest.mark.parametrize("code", CODES.values(), ids=lambda code: code.code)
def test_the_page_has_a_section_for_the_code(code: Code):
    page = PAGE.read_text(encoding="utf-8")
    section = page.split(f"\n### {code.code} {code.name}\n", 1)[1].split("\n### ", 1)[0]
    for text in (code.reason, code.suggestion, code.bad, code.good, code.source):
        assert text in section


def test_no_code_is_documented_that_does_not_exist():
    page = PAGE.read_text(encoding="utf-8")
    heads = [line.split()[1] for line in page.splitlines() if line.startswith("### ")]
    assert heads == list(CODES)
