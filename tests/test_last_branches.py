"""Corners that no other test walks into."""

from datetime import UTC, date, datetime
from decimal import Decimal
from fractions import Fraction

import pytest
from attrs import evolve, frozen

from deescalate import Playbook
from deescalate._plain import to_json
from deescalate.documents._document import _differences, _plain
from deescalate.documents._notes import _decimal
from deescalate.errors import DocumentError, SettingError
from deescalate.escalation import EscalationPolicy
from deescalate.escalation._checking import _at
from deescalate.escalation._evaluation import _worse
from deescalate.reading import commitments_in
from deescalate.reading._constructions import _count
from deescalate.records import record_of
from deescalate.rules import Number
from deescalate.testing.conversation import _allows
from deescalate.text import Text
from deescalate.wording import Wording

NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)


@frozen
class Stamped:
    at: datetime


def test_a_moment_is_written_with_its_zone():
    assert "2026-01-05T09:00:00+00:00" in to_json(Stamped(NINE))


def test_parts_that_come_and_go_are_differences():
    assert [each.what for each in _differences("", {"a": 1}, {"b": 1})] == ["is gone", "is new"]


def test_a_day_is_written_as_text_and_a_number_spelled_out_is_one():
    assert _plain(date(2026, 1, 5)) == "2026-01-05"
    assert _decimal("1.50") == Decimal("1.50")
    assert _decimal("ten") == "ten"


def test_a_tier_that_is_none_stands_with_the_tiers():
    assert _at(EscalationPolicy.default(), "nobody") == "tiers"


def test_a_value_that_is_none_gets_no_margin():
    assert _worse(Number("amount", 0, 10), "plenty", Fraction(1)) == "plenty"


def test_a_ladder_has_not_any_number_of_tiers():
    ladder = EscalationPolicy.default().ladder
    with pytest.raises(SettingError, match="at most"):
        evolve(ladder, tiers=ladder.tiers * 1_000)


def test_a_playbook_of_another_format_is_refused():
    with pytest.raises(DocumentError, match="format"):
        Playbook.from_document({"format": 2})


def test_a_promise_beyond_the_calendar_is_none():
    (found,) = commitments_in("You will have your refund within 3 days.")
    assert found.promise(name="p", at=datetime(9999, 12, 31, 12, tzinfo=UTC)) is None


def test_a_number_behind_a_passage_is_not_counted():
    assert _count(Text.of("call me 5 times"), 0, 0) is None


def test_a_flag_of_a_record_is_one():
    record = record_of(Playbook.default().open(at=NINE, case="1"), customer="c")
    with pytest.raises(SettingError, match="true or false"):
        evolve(record, escalated="yes")


def test_a_value_out_of_range_is_not_drawn():
    assert not _allows(Number("share", 0, 1), 2)
    assert _allows(Number("share", 0, 1), 1)


@pytest.mark.parametrize(("say", "found"), [("cheers", 1), ("thank you", 0)])
def test_a_house_does_not_say_what_it_forbids(say, found):
    text = f'forbidden = ["cheers"]\n[[house]]\nsay = "{say}"\ninstead_of = "ta very much"'
    assert len(Wording.from_document(text).check().findings) == found
