"""Numbers that prove themselves: every issuer, country and register, and nothing beside them."""

from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import mask

DIGITS = "0123456789"
MAESTRO = tuple(range(12, 20))
LONG = (16, 17, 18, 19)
ISSUED = (
    *((prefix, (13, 16, 19)) for prefix in ("4000", "4500", "4999")),
    *((prefix, (16,)) for prefix in ("51", "53", "55", "2221", "2222", "2500", "2719", "2720")),
    *((prefix, (15,)) for prefix in ("34", "37")),
    *((prefix, (14, 16)) for prefix in ("300", "303", "305", "3095", "36", "38", "39")),
    *((prefix, LONG) for prefix in ("6011", "644", "650", "659", "3528", "3550", "3589", "62")),
    *((prefix, LONG) for prefix in ("2200", "2202", "2204")),
    *((prefix, (16,)) for prefix in ("60", "81", "82")),
    *((prefix, MAESTRO) for prefix in ("5018", "5020", "5038", "5893", "6304", "6759")),
    *((prefix, MAESTRO) for prefix in ("6761", "6762", "6763")),
)
"""Prefixes at both ends of what each issuer publishes, and the lengths of its numbers."""
NO_ISSUER = (
    *("00", "19", "2199", "2205", "2220", "2721", "306", "3094", "3096", "33", "3527", "3590"),
    *("5017", "5019", "5021", "5039", "56", "5892", "61", "6303", "643", "66", "6758", "6764", "7"),
    *("80", "83", "9"),
)
PRINTED = (
    *("4111 1111 1111 1111", "3782 822463 10005", "3056 930902 5904", "41111111 11111111"),
    *("620000 0000000000000", "6011 0009 9013 9424 5", "6011 0009 9013 9424 12"),
    *("6011 0009 9013 9424 123",),
)
ACCOUNTS = """
    AD3863712926908301661318 AE277124171419357392593 AL79246292147A86C5797543C2BC
    AT054259868522973638 AZ12FBHBC89C55B5979C71147BA1 BA901585761863281453 BE45477823879537
    BG82GDHF67432323A30792 BH42DDBC6859952B89AAB0 BI7189777728714248326121392
    BR5561247356682288885232658H2 BY7880386391C84A1B48525C388C CH63964446BC33875B00C
    CR96585468662424846481 CY63862274836CA51CB676B1B222 CZ8313838639931129374415
    DE83459465973168979393 DJ3499183133382916999829144 DK3951298912869945
    DO32788C89495948372786247245 EE632363538427834379 EG677674662616988176959224225
    ES1951353757399862513725 FI6312524252816975 FK24GC194235134559 FO6145893561511199
    FR66498482789784B3353BBA276 GB48BCBB57312795451833 GE49DF1566964154631672
    GI90FDGH338C01412690604 GL9354293768353197 GR399399142002A516780A0A8A3
    GT947407C1B881A81BB74C143BC3 HN16CHHF87285142365531818524 HR1385958882945281582
    HU20985744223956395264887131 IE94FHFF53767626166724 IL691556277267515215345
    IQ54FGDC671799421783581 IS939338765555745897233249 IT16F9486873944125815354C93
    JO87BHFF794745C074952A88AC3143 KW19FFHF640206BCC7970168773C13 KZ70339A1BBAC718C00C
    LB2934152A48A6BC1114893643C9 LC27BBGD745A37838306BA40037AA614 LI52476480B5B65A630C4
    LT159248454484552834 LU988719260309260B02 LV21FFHDB112532A8B704 LY35766832125267294765721
    MC138469846681A63CAC6060721 MD9043B195545904BBB5440B ME88214288757838315346
    MK40686CC91836C2372 MN211899637225242788 MR4934378492555565548434435
    MT59GCDB754993AC1A7010737504310 MU42CGGC2693851264166314514BDF NI21HDCG52418982727939237575
    NL05HDFB5677164774 NO8617372276833 OM441192AC61995B8225428 PK94CBBF7CCCC34207509A61
    PL83347483417937623441916278 PS58GHDH649366A578720097737C9 PT45838722367628991132692
    QA57BGFHC2019BB13274CC2ACB315 RO16GDCD9472487394983550 RS27437356735291689925
    RU29976576366284314844A9A5B0B0324 SA28778502739A0000954185 SC39GCFG53468331438223575119DGH
    SD1589843111917343 SE4112194374997395251891 SI04778283425412651 SK6559795542913544364764
    SM65F9889117454699192200119 SO823631113121264927244 ST43421125823245667516551
    SV79HDDG98517179268194253719 TL604511682838695354483 TN1022892662772716455799
    TR613748399CBC9A0595827A8B UA88638854257AB38344CB92B23B5 VA34963464523247335575
    VG05CBHB5478117749581357 XK221477443287652747 YE62HHHC57880968AA2A5C06710483
"""
"""An account of each country of SWIFT's IBAN registry, with random digits and a right check."""
REGISTERED = {
    "DNI": "55721359H, 96495754J, 83784891P",
    "NIE": "X8141248F, Y3788297G, Z1757253N",
    "codice fiscale": "RSSCLM59D55D271O, NTPBCS51M25C267N, RLSGGF42L68F713X, CLBPMB73H55B116S, TPLFST25H11D687K",
    "NIR": "250074286735635, 299123532232129, 271122A26376951, 284072B97931266",
    "CPF": "262.699.414-66, 314.854.922-89, 121.813.334-16",
    "PESEL": "64090185885, 96031268333, 19323166629, 04281235283",
    "personnummer": "421005-1118, 790425-3478, 19860317-2142, 19811010-6328, 196707071822",
    "henkilötunnus": "221178-345A, 140169-5789, 250644-3387",
    "fødselsnummer": "101146 46445, 121250 42595, 261082 39483",
    "rijksregisternummer": "60.07.21-359.29, 44.01.08-264.39, 86.09.25-976.46",
    "AHV number": "756.7252.4434.96, 756.1831.9891.22, 756.5561.1885.96",
    "resident identity number": "110105194505045855, 11010519430627492X, 110105194704288948",
    "RUT": "38.987.796-4, 41.854.539-9, 35.348.756-6",
}
"""Numbers of thirteen registers, made for these tests, their checks computed by another library."""


def passes_luhn(digits: str) -> bool:
    """Luhn's check as ISO/IEC 7812-1 tells it: double every second digit from the right."""
    doubled = [int(each) * (1 + place % 2) for place, each in enumerate(reversed(digits))]
    return sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def completed(prefix: str, length: int) -> str:
    """A number with a prefix, a length and the right check."""
    start = f"{prefix}73519826405173648295"[: length - 1]
    return next(start + last for last in DIGITS if passes_luhn(start + last))


@pytest.mark.parametrize(("prefix", "lengths"), ISSUED)
def test_law_a_card_has_a_length_of_its_issuer(prefix, lengths):
    numbers = [completed(prefix, length) for length in range(8, 22)]
    cards = [len(number) for number in numbers if mask(f"paid with {number}, ok").cards]
    assert cards == [*lengths]


@pytest.mark.parametrize("prefix", NO_ISSUER)
def test_law_a_number_of_no_issuer_is_no_card_whatever_its_check(prefix):
    assert not any(mask(f"it is {completed(prefix, length)}").cards for length in MAESTRO)


@pytest.mark.parametrize("card", PRINTED)
@given(st.sampled_from(["", "12/27 ", "1227 "]), st.sampled_from(["", "123", "1234"]))
def test_law_a_card_as_it_is_printed_is_told_from_what_stands_beside_it(card, expiry, code):
    digits = card.replace(" ", "")
    rest = iter(completed(digits[:6], len(digits)))
    groups = ["".join(islice(rest, len(group))) for group in card.split(" ")]
    masked = mask(f"{' '.join(groups)} {expiry}{code}")
    assert masked.text == f"[card number] {expiry}{code}"
    assert masked.cards == 1


@given(
    st.sampled_from(["4", "5100", "37", "6011", "6304"]),
    st.integers(1, 7),
    st.permutations(["-", ".", " ", "_", "/"]),
)
def test_law_a_card_in_groups_of_any_size_is_told_from_numbers_before_and_after_it(
    start, size, gaps
):
    number = completed(start, 15 if start == "37" else 16)
    groups = [number[at : at + size] for at in range(0, len(number), size)]
    card = gaps[0].join(groups)
    assert mask(f"{card}{gaps[1]}27").text == f"[card number]{gaps[1]}27"
    assert mask(f"27{gaps[1]}{card}").text == f"27{gaps[1]}[card number]"


@pytest.mark.parametrize("account", ACCOUNTS.split())
def test_law_an_account_of_any_country_has_its_length_and_its_check(account):
    groups = " ".join(account[at : at + 4] for at in range(0, len(account), 4))
    for written in (account, account.lower(), groups):
        found = mask(f"to {written}, please")
        assert (found.text, found.accounts) == ("to [bank account], please", 1)
        assert mask(f"{written} is mine").text == "[bank account] is mine"
    for other in (account[:-1], f"{account}1"):
        assert mask(f"to {other}, please").accounts == 0
    check = int(account[2:4])
    for wrong in (check - 1, check + 1):
        assert mask(f"to {account[:2]}{wrong:02d}{account[4:]}, please").accounts == 0


@pytest.mark.parametrize(
    ("account", "check", "same"),
    [
        ("GB{}ABCD75926399519268", "02", "99"),
        ("GB{}ABCD34391694357931", "98", "01"),
        ("GB{}ABCD71535127745685", "97", "00"),
    ],
)
def test_a_check_has_one_of_97_values_although_two_more_leave_the_same_rest(account, check, same):
    assert mask(account.format(check)).accounts == 1
    assert mask(account.format(same)).accounts == 0


def slips(number: str) -> list[str]:
    """The number with one of its digits read wrong, in every way."""
    return [
        number[:at] + other + number[at + 1 :]
        for at, digit in enumerate(number)
        if digit.isdigit()
        for other in DIGITS.replace(digit, "")
    ]


@pytest.mark.parametrize("register", REGISTERED)
def test_law_a_national_identifier_is_known_and_one_with_a_slip_is_not(register):
    numbers = REGISTERED[register].split(", ")
    slipped = [slip for number in numbers for slip in slips(number)]
    for number in numbers:
        assert mask(f"it is {number}.").text == "it is [national identifier]."
    heard = sum(mask(f"it is {slip}.").identifiers for slip in slipped)
    assert heard <= len(slipped) / 50  # a slip may make a number of another register


@pytest.mark.parametrize(
    ("prefix", "card"), [("40", False), ("42", False), ("44", False), ("45", True), ("49", True)]
)
def test_a_german_article_of_thirteen_digits_is_no_card_although_it_passes_luhn(prefix, card):
    """EAN-13 weighs every second digit by three, and sums to a multiple of ten."""

    def closes(number):
        return sum(int(each) * (1, 3)[at % 2] for at, each in enumerate(number)) % 10 == 0

    starts = (f"{prefix}{middle:010}" for middle in range(1_234_567_890, 1_234_568_990))
    numbers = [start + last for start in starts for last in DIGITS]
    both = [each for each in numbers if passes_luhn(each) and closes(each)]
    assert both
    for number in both[:3]:
        assert mask(f"it is {number}").cards == card
        assert mask(f"it is {completed(number[:12], 16)}").cards == 1
