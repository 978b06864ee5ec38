"""The families of bad replies: each by drafts that were written before the review was tried on them."""

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from deescalate.authority import Authority
from deescalate.findings import Severity
from deescalate.testing.wording import KnownSituation
from deescalate.wording import Review, review

VECTORS = json.loads(
    (Path(__file__).parent / "vectors" / "families.json").read_text(encoding="utf-8")
)["families"]
BAD = [(each, text) for each in VECTORS for text in (*each["bad"], *each["bad_again"])]
GOOD = [(each, text) for each in VECTORS for text in (*each["good"], *each["good_again"])]


def reviewed(family: dict[str, Any], text: str) -> Review:
    beside = family["beside"]
    limits = {code: Decimal(limit) for code, limit in beside.get("authority", {}).items()}
    return review(
        text,
        situation=KnownSituation(**beside["situation"]),
        authority=Authority(money=limits) if limits else None,
        previous=beside.get("previous", ()),
    )


@pytest.mark.parametrize(("family", "text"), BAD, ids=[text[:50] for _, text in BAD])
def test_a_bad_reply_yields_a_code_of_its_family(family: dict[str, Any], text: str):
    assert set(reviewed(family, text).codes) & set(family["codes"])


@pytest.mark.parametrize(("family", "text"), GOOD, ids=[text[:50] for _, text in GOOD])
def test_a_good_reply_to_the_same_customer_does_not(family: dict[str, Any], text: str):
    told = {each.code for each in reviewed(family, text).findings if not each.heard}
    assert not told & set(family["codes"])


def test_nearly_all_good_replies_have_nothing_worse_than_a_note():
    worse = [
        (text, found.codes)
        for family, text in GOOD
        if (found := reviewed(family, text)).worst not in (None, Severity.NOTE)
    ]
    assert len(worse) <= 4, worse


def test_every_family_has_at_least_three_of_each():
    assert len(VECTORS) == 19
    assert all(len(each["bad"]) >= 3 and len(each["good"]) >= 3 for each in VECTORS)
