"""Masking keeps the story and loses the person."""

import random
import re
import sys
import uuid
from datetime import UTC, date, datetime
from types import SimpleNamespace

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from deescalate.conversation import mask
from deescalate.conversation._masking import _apart, masked_passage, places_in
from deescalate.errors import SettingError
from deescalate.playbook import Playbook

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()

GAPS = ["", " ", "-", ".", "_", ",", "/", "\u00a0", "\u2009", "\u202f", "\u200b", "\u2060", " - ", "\u2013", "&nbsp;"]  # fmt: skip
LETTERS = st.text(
    st.characters(categories=["L", "P", "Zs"], exclude_characters="@&#(+-"), max_size=20
)


def luhn_valid(digits: str) -> bool:
    """Luhn's check as ISO/IEC 7812-1 tells it: double every second digit from the right."""
    total = 0
    for place, char in enumerate(reversed(digits)):
        value = int(char)
        if place % 2:
            value = value * 2 if value < 5 else value * 2 - 9
        total += value
    return total % 10 == 0


def completed(digits: str) -> str:
    return next(digits + last for last in "0123456789" if luhn_valid(digits + last))


def cards() -> st.SearchStrategy[str]:
    issuers = [("4", 16), ("4", 19), ("51", 16), ("2720", 16), ("34", 15), ("37", 15), ("6011", 16),
               ("62", 17), ("3528", 16), ("36", 14), ("6304", 12), ("2204", 16)]  # fmt: skip
    return st.sampled_from(issuers).flatmap(
        lambda issuer: st.text(
            "0123456789", min_size=issuer[1] - 1 - len(issuer[0]), max_size=issuer[1] - 1 - len(issuer[0])
        ).map(lambda rest: completed(issuer[0] + rest))
    )  # fmt: skip


@st.composite
def written_cards(draw: st.DrawFn) -> str:
    digits, gap, size = (
        draw(cards()),
        draw(st.sampled_from(GAPS)),
        draw(st.sampled_from([1, 2, 4, 5])),
    )
    return gap.join(digits[at : at + size] for at in range(0, len(digits), size))


@given(LETTERS, written_cards(), LETTERS)
def test_law_a_card_number_leaves_no_part_of_it_whatever_separates_its_digits(before, card, after):
    assert not re.search(r"\d", mask(f"{before} {card} {after}").text)


@given(cards(), st.integers(1, 9))
def test_law_a_number_that_fails_luhn_is_no_card(card, more):
    other = card[:-1] + str((int(card[-1]) + more) % 10)
    assert mask(f"order {other}").cards == 0


@given(st.text("0123456789", min_size=20, max_size=40))
def test_law_a_number_longer_than_any_card_is_none_whatever_its_parts(digits):
    assert mask(digits).text == digits


@given(st.sampled_from([("GB", 18), ("DE", 18), ("NL", 14), ("NO", 11)]), st.data(), st.sampled_from(["", " ", "-", "\u2009"]))  # fmt: skip
def test_law_an_iban_is_a_bank_account_and_its_neighbours_are_not(country, data, gap):
    code, length = country
    body = data.draw(st.text("0123456789", min_size=length, max_size=length))
    number = body + "".join(str(ord(each) - 55) for each in code)
    check = 98 - int(number + "00") % 97
    whole = f"{code}{check:02d}{body}"
    written = gap.join(whole[at : at + 4] for at in range(0, len(whole), 4))
    found = mask(f"to {written}, please")
    assert (found.text, found.accounts) == ("to [bank account], please", 1)
    assert mask(f"to {code}{(check + 1) % 100:02d}{body}, please").accounts == 0


@given(st.uuids(version=4))
def test_law_an_id_of_a_machine_stays(machine: uuid.UUID):
    assert mask(f"id {machine}").text == f"id {machine}"


@given(st.dates(date(1970, 1, 1), date(2069, 12, 31)), st.dates(date(1970, 1, 1), date(2069, 12, 31)),
       st.sampled_from(["{:%Y/%m/%d}-{:%Y/%m/%d}", "{:%Y-%m-%d} {:%Y-%m-%d}", "{:%d.%m.%Y} - {:%d.%m.%Y}", "{:%Y%m%d} {:%Y%m%d}"]))  # fmt: skip
def test_law_dates_stay(first, last, form):
    text = form.format(first, last)
    assert mask(text).phones == mask(text).cards == 0


@given(
    st.text() | st.text("0123456789 -@.+abc()") | st.text("0 1-+@.gb(at)d\u200b\u2009/:,IP")
    | st.lists(st.sampled_from(["call ", "order ", "+44 ", "020 7946 0018", "ann@b.org", " (at) ", " dot ", "4111 1111 ", "GB82WEST12345698765432", "12", "2026-01-05", " is my number", "EUR "])).map("".join),
)  # fmt: skip
@example("010000000+0000000")
def test_law_masking_twice_changes_nothing_more(text):
    once = mask(text).text
    assert mask(once).text == once


@given(st.text(st.characters(exclude_categories=["N"], exclude_characters="@@﹫&tT")))
def test_law_a_text_without_numbers_and_addresses_stays(text):
    assert mask(text).text == text


@given(st.text(), st.text("0123456789-ABC", min_size=1, max_size=18), st.integers(1, 18))
@example("", "0770-090-0001", 4)
def test_law_what_the_host_declares_is_never_masked(text, name, cut):
    assume(name.strip("-"))
    said = f"{text} case {name} {text}"
    for names in ([name], [name, name[:cut]], [name[:cut], name]):
        assert f" case {name} " in mask(said, keep=names).text


@given(st.lists(st.sampled_from(["card ", "4111 1111 1111 1111", "ann@example.org", " x ", "+44 20 7946 0018"])).map(" ".join), st.data())  # fmt: skip
def test_law_a_cut_leaves_no_part_of_what_was_masked(text, data):
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, len(text)))
    passage = masked_passage(text, start, end, places_in(text))
    assert not re.search(r"\d|@|exam", passage)


@given(st.lists(st.tuples(st.integers(0, 30), st.integers(1, 9), st.sampled_from("ab"))))
def test_law_what_is_found_twice_is_masked_once_and_whole(found):
    places = [(start, start + length, what) for start, length, what in found]
    apart = _apart(places)
    covered = {at for start, end, _ in places for at in range(start, end)}
    kept = [at for start, end, _ in apart for at in range(start, end)]
    assert kept == sorted(covered)


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("4111111111111111", "[card number]"),
        ("card 4111-1111-1111-1111, thanks", "card [card number], thanks"),
        ("5500 0000 0000 0004 exp 11/27", "[card number] exp 11/27"),
        ("4111 1111 1111 1111 12/27 123", "[card number] 12/27 123"),
        ("4111-1111-1111-1111cvv", "[card number]cvv"),
        ("4111.1111.1111.1111", "[card number]"),
        ("٤١١١ ١١١١ ١١١١ ١١١١", "[card number]"),
        ("4111 1111 1111 1111 1227 123", "[card number] 1227 123"),
        ("4111 1111 1111 1111 5500 0000 0000 0004", "[card number] [card number]"),
        ("250 000 000 people", "250 000 000 people"),
        ("me@[203.0.113.5] or me@203.0.113.5", "[e-mail address] or [e-mail address]"),
        ("98765 43210 or 12345 67890", "[phone number] or 12345 67890"),
        ("contact: 5550142233", "contact: [phone number]"),
        ("123.456.789 people", "123.456.789 people"),
        ("4222222222222", "[card number]"),
        ("the article 4012345678901", "the article 4012345678901"),
        ("Ann.Lee+shop@mail.example.co.uk wrote", "[e-mail address] wrote"),
        ("mail me at ann@example.org.", "mail me at [e-mail address]."),
        ("a.user＠example.com", "[e-mail address]"),
        ("a.user@\u200bexample.com", "[e-mail address]"),
        ('"a user"@example.com', "[e-mail address]"),
        ("test @example.com", "[e-mail address]"),
        ("test@ example.com", "[e-mail address]"),
        ("I bought it @amazon.com", "I bought it @amazon.com"),
        ("name (at) firm dot com", "[e-mail address]"),
        ("name[at]firm[dot]com", "[e-mail address]"),
        ("name at firm dot com", "[e-mail address]"),
        ("look at the dot matrix", "look at the dot matrix"),
        ("ä.müller@bücher.example", "[e-mail address]"),
        ("me@xn--bcher-kva.xn--p1ai", "[e-mail address]"),
        ("用户@例子。公司", "[e-mail address]"),
        ("ann&#64;example.org", "[e-mail address]"),
        ("@amazon @ home a@b", "@amazon @ home a@b"),
        ("call 020 7946 0018 after six", "call [phone number] after six"),
        ("call (977) 625-2661", "call [phone number]"),
        ("+491701234567", "[phone number]"),
        ("+44\u202f7700\u202f900123", "[phone number]"),
        ("+44(0) 7700 900001", "[phone number]"),
        ("(+44) 7700 900001", "[phone number]"),
        ("0044 7700 900001", "[phone number]"),
        ("07700900001", "[phone number]"),
        ("0770 090 0001", "[phone number]"),
        ("(555) 010-1234", "[phone number]"),
        ("text555-010-1234", "text[phone number]"),
        ("call 98765 43210", "call [phone number]"),
        ("mobile: 9123 4567", "mobile: [phone number]"),
        ("my number is 5550142233", "my number is [phone number]"),
        ("5550142233 is my number", "[phone number] is my number"),
        ("call me about order 5550142233", "call me about order 5550142233"),
        ("SSN 219-09-9999", "SSN [national identifier]"),
        ("my NHS number is 943 476 5919", "my NHS number is [national identifier]"),
        ("my ip is 203.0.113.77", "my ip is [IP address]"),
        ("order 48213 and order 3348917502", "order 48213 and order 3348917502"),
        ("on 2026-07-11 or 11.07.2026", "on 2026-07-11 or 11.07.2026"),
        ("on 01.02.26 at 10:30:15", "on 01.02.26 at 10:30:15"),
        ("from 2026/01/05-2026/01/12", "from 2026/01/05-2026/01/12"),
        ("I paid EUR 1 250 000", "I paid EUR 1 250 000"),
        ("I paid 412 250 000 euros", "I paid 412 250 000 euros"),
        ("sizes 32 34 36 38", "sizes 32 34 36 38"),
        ("in 2019 2020 2021", "in 2019 2020 2021"),
        ("open 0800-1700", "open 0800-1700"),
        ("0.123456789", "0.123456789"),
        ("order 112-3456789-0123456", "order 112-3456789-0123456"),
        ("node-uk-20260304-11", "node-uk-20260304-11"),
        ("version 10.2.3.4", "version 10.2.3.4"),
        ("1545-0009", "1545-0009"),
        ("00481234 and INC0012345", "00481234 and INC0012345"),
        ("1,299.00 at 5 pm", "1,299.00 at 5 pm"),
        ("half a pair \ud800 of 12", "half a pair \ud800 of 12"),
        ("", ""),
    ],
)  # fmt: skip
def test_what_is_masked_and_what_stays(text, masked):
    assert mask(text).text == masked


@pytest.mark.parametrize(
    "number",
    [
        "12345678Z", "X1234567L", "RSSMRA85T10A562S", "2 55 08 14 168 025 38", "111.444.777-35",
        "44051401359", "811228-9874", "131052-308T", "15076500565", "85.07.30-033.28",
        "756.9217.0769.85", "11010519491231002X", "12.345.678-5", "078-05-1120", "QQ123456C".replace("QQ", "AB"),
    ],
)  # fmt: skip
def test_a_national_identifier_is_known_by_its_check(number):
    found = mask(f"it is {number}.")
    assert (found.text, found.identifiers) == ("it is [national identifier].", 1)


@pytest.mark.parametrize(
    "number",
    [
        "12345678A", "RSSMRA85T10A562X", "2 55 08 14 168 025 39", "111.444.777-36", "111.111.111-11",
        "44051401358", "44059901359", "811328-9874", "131052-308U", "756.9217.0769.86", "110105194912310021",
        "12.345.678-9", "666-05-1120",
    ],
)  # fmt: skip
def test_a_number_without_the_right_check_is_none(number):
    assert mask(f"it is {number}.").identifiers == 0


def test_few_random_numbers_are_cards():
    rng = random.Random(1)
    numbers = ["".join(rng.choices("0123456789", k=16)) for _ in range(2_000)]
    assert sum(mask(number).cards for number in numbers) / 2_000 < 0.04


@pytest.mark.parametrize("piece", ["1 ", "a@", "@", "(", "+1-", "1234567890123456789", "x (at) ", "GB12 ", '"', "é ٤"])  # fmt: skip
def test_any_text_is_linear(piece):
    assert len(mask(piece * 10_000).text) > 0


def test_addresses_that_run_into_one_another_are_masked_once():
    assert mask("a@b.cc@d.ee").text == mask("a@b.ccc@d.ee").text == "[e-mail address]"


def test_a_library_looks_up_the_numbers_of_a_country():
    pytest.importorskip("phonenumbers", reason="the extra `masking` is not installed")
    assert mask("98765 43210, 00481234", regions=["IN"]).text == "[phone number], 00481234"
    assert mask("98765 43210", regions=["GB", "IN"]).phones == 1
    assert mask("7 / 8 9123456", regions=["GB"]).phones == 0
    with pytest.raises(SettingError, match="`UK`"):
        mask("hi", regions=["UK"])


def test_a_library_is_asked_for_what_is_no_phone_number_by_its_form(monkeypatch):
    class UnparsedError(Exception):
        pass

    def parse(written, region):
        if region == "GB":
            raise UnparsedError
        return written

    library = SimpleNamespace(
        SUPPORTED_REGIONS={"GB", "IN", "SG"}, NumberParseException=UnparsedError, parse=parse,
        is_valid_number=lambda number: number == "9123 4567",
    )  # fmt: skip
    monkeypatch.setitem(sys.modules, "phonenumbers", library)
    assert (
        mask("9123 4567 or 9123 4568", regions=["GB", "SG"]).text == "[phone number] or 9123 4568"
    )
    assert mask("order 9123 4567, A-9123 4567, $9123 4567", regions=["SG"]).phones == 0
    assert mask("9123 4567", regions=["GB"]).phones == 0
    with pytest.raises(SettingError, match="`UK`"):
        mask("hi", regions=["UK"])


def test_without_the_library_regions_are_refused(monkeypatch):
    monkeypatch.setitem(sys.modules, "phonenumbers", None)
    with pytest.raises(SettingError, match=r"deescalation\[masking\]"):
        mask("98765 43210", regions=["IN"])


@pytest.mark.parametrize("case", ["00481234", "0012345", "CS0001234", "INC0012345", "112-3456789-0123456", "0770 090 0001"])  # fmt: skip
def test_the_case_number_of_the_host_is_never_masked(case):
    talk = BOOK.open(at=AT, case=case).customer_says(f"my case is {case}, call 07700900002!", at=AT)
    note = talk.handover()
    assert note.case == case
    assert f"my case is {case}, call [phone number]!" in note.story[1]


@pytest.mark.parametrize("lead", ["x " * 70 + "card ", "y" * 150, "z " * 72])
@pytest.mark.parametrize("secret", ["4111 1111 1111 1111", "3782 822463 10005", "+44 20 7946 0018", "ann@example.org"])  # fmt: skip
def test_law_a_message_is_masked_before_it_is_shortened(lead, secret):
    talk = BOOK.open(at=AT).customer_says(f"{lead}{secret} ok thanks, I want my money back", at=AT)
    text = talk.handover().to_json()
    assert not re.search(r"(?<![\d.])(4111|3782|7946)|\bann@|2026-01-05T09:00:00\+00:00\d", text)


def test_the_words_that_a_cue_rests_on_are_masked_as_their_message_was():
    talk = BOOK.open(at=AT).customer_says(
        "Send the refund of order 4111 1111 1111 1111 now!", at=AT
    )
    assert "4111" not in talk.handover().to_json()
    assert "4111 1111" in talk.handover(keep=["4111 1111 1111 1111"]).to_json()
