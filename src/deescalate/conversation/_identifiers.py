"""Numbers that prove themselves: cards, bank accounts and national identifiers by their checks."""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from types import MappingProxyType

__all__ = ["account_places", "card_places", "identifier_places"]

Place = tuple[int, int, str]

_RUN = re.compile(r"\d(?:[\W_]{0,3}\d)*")
_GROUP = re.compile(r"\d+")
_CARD_LENGTHS = range(12, 20)
_CARD_SHAPES = (
    (4, 4, 4, 4),
    (4, 6, 5),
    (4, 6, 4),
    (8, 8),
    (6, 13),
    *((4, 4, 4, 4, n) for n in (1, 2, 3)),
)
_ISSUERS = (
    ("4", "4", (13, 16, 19)),
    ("51", "55", (16,)),
    ("2221", "2720", (16,)),
    ("34", "34", (15,)),
    ("37", "37", (15,)),
    ("300", "305", (14, 16)),
    ("3095", "3095", (14, 16)),
    ("36", "36", (14, 16)),
    ("38", "39", (14, 16)),
    ("6011", "6011", (16, 17, 18, 19)),
    ("644", "659", (16, 17, 18, 19)),
    ("3528", "3589", (16, 17, 18, 19)),
    ("62", "62", (16, 17, 18, 19)),
    ("2200", "2204", (16, 17, 18, 19)),
    ("60", "60", (16,)),
    ("81", "82", (16,)),
    ("5018", "5018", _CARD_LENGTHS),
    ("5020", "5020", _CARD_LENGTHS),
    ("5038", "5038", _CARD_LENGTHS),
    ("5893", "5893", _CARD_LENGTHS),
    ("6304", "6304", _CARD_LENGTHS),
    ("6759", "6759", _CARD_LENGTHS),
    ("6761", "6763", _CARD_LENGTHS),
)
"""First and last prefix and lengths: Visa, Mastercard, American Express, Diners Club, Discover,
JCB, UnionPay, Mir, RuPay and Maestro, as they publish them (ISO/IEC 7812-1 gives the ranges)."""


def card_places(text: str) -> Iterator[Place]:
    """Card numbers: an issuer's range and length, and Luhn's check on the number as written.

    A number is a whole run of digits with whatever separates them, a part of it in which one
    separator comes back, or groups as cards print them.
    """
    for run in _RUN.finditer(text):
        groups = [
            (run.start() + each.start(), run.start() + each.end())
            for each in _GROUP.finditer(run[0])
        ]
        for first, last in _written(text, groups):
            start, end = groups[first][0], groups[last][1]
            if is_card("".join(text[a:b] for a, b in groups[first : last + 1])):
                yield start, end, "card number"


def _written(text: str, groups: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """The stretches of groups that may be one number: all, those written alike, known shapes."""
    sizes = [end - start for start, end in groups]
    if sum(sizes) in _CARD_LENGTHS:
        yield 0, len(groups) - 1
    first = 0
    for at in range(2, len(groups) + 1):
        if at == len(groups) or _gap(text, groups, at) != _gap(text, groups, at - 1):
            if sum(sizes[first:at]) in _CARD_LENGTHS:
                yield first, at - 1
            first = at - 1
    for at, size in enumerate(sizes):
        if size in _CARD_LENGTHS:
            yield at, at
        for shape in _CARD_SHAPES:
            if tuple(sizes[at : at + len(shape)]) == shape:
                yield at, at + len(shape) - 1


def _gap(text: str, groups: Sequence[tuple[int, int]], at: int) -> str:
    return text[groups[at - 1][1] : groups[at][0]]


def is_card(digits: str) -> bool:
    """Whether digits are a card number.

    >>> is_card("4111111111111111"), is_card("4111111111111112"), is_card("9111111111111119")
    (True, False, False)
    """
    return (
        any(
            len(digits) in lengths and low <= digits[: len(low)] <= high
            for low, high, lengths in _ISSUERS
        )
        and passes_luhn(digits)
        and not _is_article(digits)
    )


def _is_article(digits: str) -> bool:
    """Whether it is a German EAN-13 rather than one of Visa's old numbers of 13 digits."""
    return len(digits) == 13 and "40" <= digits[:2] <= "44" and _closes_in_tens(digits)


def passes_luhn(digits: str) -> bool:
    """Luhn's check (ISO/IEC 7812-1, annex B).

    >>> passes_luhn("79927398713")
    True
    """
    doubled = (2 * int(digit) - 9 * (digit > "4") for digit in digits[-2::-2])
    return (sum(map(int, digits[-1::-2])) + sum(doubled)) % 10 == 0


_ACCOUNT_LENGTHS = MappingProxyType(
    {
        country: length
        for length, countries in (
            (15, "NO"),
            (16, "BE"),
            (18, "DK FI FK FO GL NL SD"),
            (19, "MK SI"),
            (20, "AT BA EE KZ LT LU MN XK"),
            (21, "CH HR LI LV"),
            (22, "BG BH CR DE GB GE IE ME RS VA"),
            (23, "AE GI IL IQ OM SO TL"),
            (24, "AD CZ ES MD PK RO SA SE SK TN VG"),
            (25, "LY PT ST"),
            (26, "IS TR"),
            (27, "BI DJ FR GR IT MC MR SM"),
            (28, "AL AZ BY CY DO GT HN HU LB NI PL SV"),
            (29, "BR EG PS QA UA"),
            (30, "JO KW MU YE"),
            (31, "MT SC"),
            (32, "LC"),
            (33, "RU"),
        )
        for country in countries.split()
    }
)
"""Characters of an IBAN by country (SWIFT's IBAN registry, ISO 13616)."""
_ACCOUNT = re.compile(r"(?:(?<![^\W_])|(?<=iban))[a-z]{2}[ ._/-]{0,2}\d[ ._/-]?\d", re.IGNORECASE)
_LETTER = re.compile(r"[ ._/-]{0,3}([a-z0-9])", re.IGNORECASE)


def account_places(text: str) -> Iterator[Place]:
    """IBANs: a country's length, and the remainder 1 of ISO 7064 MOD 97-10."""
    for found in _ACCOUNT.finditer(text):
        length = _ACCOUNT_LENGTHS.get(found[0][:2].upper(), 0)
        letters, at = "", found.start()
        while len(letters) < length and (each := _LETTER.match(text, at)):
            letters, at = letters + each[1], each.end()
        glued = text[at : at + 1].isalnum()
        if length and len(letters) == length and not glued and is_account(letters):
            yield found.start(), at, "bank account"


def is_account(letters: str) -> bool:
    """Whether letters and digits are an IBAN, but for its length.

    >>> is_account("GB82WEST12345698765432"), is_account("GB82WEST12345698765433")
    (True, False)
    """
    number = int("".join(str(int(each, 36)) for each in letters[4:] + letters[:4]))
    return number % 97 == 1 and "02" <= letters[2:4] <= "98"


def _weighed(digits: str, weights: Sequence[int]) -> int:
    return sum(int(digit) * weight for digit, weight in zip(digits, weights, strict=False))


def _is_day(year: int, month: int, day: int) -> bool:
    try:
        date(year or 2000, month, day)
    except ValueError:
        return False
    return True


def _born(digits: str, order: str = "ymd") -> bool:
    """Whether six digits are a day of a century that is not told."""
    parts = dict(zip(order, (int(digits[at : at + 2]) for at in (0, 2, 4)), strict=True))
    return _is_day(2000 + parts["y"], parts["m"], parts["d"])


def _spain(text: str) -> bool:
    number = int(str("XYZ".find(text[0])) + text[1:-1] if text[0] in "XYZ" else text[:-1])
    return text[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


_ITALIAN_ODD = (
    1,
    0,
    5,
    7,
    9,
    13,
    15,
    17,
    19,
    21,
    2,
    4,
    18,
    20,
    11,
    3,
    6,
    8,
    12,
    14,
    16,
    10,
    22,
    25,
    24,
    23,
)


def _italy(text: str) -> bool:
    values = [int(each) if each.isdigit() else ord(each) - 65 for each in text[:-1]]
    total = sum(_ITALIAN_ODD[value] for value in values[::2]) + sum(values[1::2])
    return chr(65 + total % 26) == text[-1]


def _france(text: str) -> bool:
    body = text[:13].replace("2A", "19").replace("2B", "18")
    return body.isdigit() and 97 - int(body) % 97 == int(text[13:])


def _brazil(text: str) -> bool:
    checks = [_weighed(text[:n], range(n + 1, 1, -1)) * 10 % 11 % 10 for n in (9, 10)]
    return len({*text}) > 1 and text[9:] == f"{checks[0]}{checks[1]}"


def _poland(text: str) -> bool:
    month = int(text[2:4]) % 20
    known = _is_day(2000 + int(text[:2]), month, int(text[4:6]))
    return known and -_weighed(text, (1, 3, 7, 9) * 2 + (1, 3)) % 10 == int(text[10])


def _sweden(text: str) -> bool:
    return _born(text[-10:-4]) and passes_luhn(text[-10:])


def _finland(text: str) -> bool:
    check = "0123456789ABCDEFHJKLMNPRSTUVWXY"[int(text[:6] + text[7:10]) % 31]
    return _born(text[:6], "dmy") and text[10] == check


def _norway(text: str) -> bool:
    first = -_weighed(text[:9], (3, 7, 6, 1, 8, 9, 4, 5, 2)) % 11
    second = -_weighed(text[:10], (5, 4, 3, 2, 7, 6, 5, 4, 3, 2)) % 11
    return _born(text[:6], "dmy") and text[9:] == f"{first}{second}"


def _belgium(text: str) -> bool:
    check = int(text[9:])
    return _born(text[:6]) and check in (97 - int(text[:9]) % 97, 97 - int("2" + text[:9]) % 97)


def _closes_in_tens(text: str) -> bool:
    """The check of EAN-13, which article numbers and the Swiss AHV number share."""
    return _weighed(text, (1, 3) * 6 + (1,)) % 10 == 0


def _china(text: str) -> bool:
    weights = [2**n % 11 for n in range(17, 0, -1)]
    known = _is_day(int(text[6:10]), int(text[10:12]), int(text[12:14]))
    return known and "10X98765432"[_weighed(text[:17], weights) % 11] == text[17]


def _chile(text: str) -> bool:
    total = _weighed(text[-2::-1], (2, 3, 4, 5, 6, 7, 2, 3))
    return "0123456789K0"[11 - total % 11] == text[-1]


def _america(text: str) -> bool:
    return (
        text[:3] not in ("000", "666")
        and text[0] != "9"
        and text[3:5] != "00"
        and text[5:] != "0000"
    )


def _form_alone(_: str) -> bool:
    return True


_NATIONAL: tuple[tuple[str, Callable[[str], bool]], ...] = (
    (r"\d{8}[ .-]?[A-HJ-NP-TV-Z]|[XYZ][ .-]?\d{7}[ .-]?[A-HJ-NP-TV-Z]", _spain),
    (r"[A-Z]{6}\d\d[A-EHLMPRST]\d\d[A-Z]\d{3}[A-Z]", _italy),
    (r"[12] ?\d\d ?(?:0[1-9]|1[0-2]) ?(?:\d\d|2[AB]) ?\d{3} ?\d{3}[ -]?\d\d", _france),
    (r"\d{3}\.?\d{3}\.?\d{3}-?\d\d", _brazil),
    (r"\d{11}", _poland),
    (r"(?:19|20)?\d{6}[-+]\d{4}|(?:19|20)\d{10}", _sweden),
    (r"\d{6}[-+A-FU-Y]\d{3}[0-9A-FHJ-NPR-Y]", _finland),
    (r"\d{6} ?\d{5}", _norway),
    (r"\d\d\.?\d\d\.?\d\d-?\d{3}\.?\d\d", _belgium),
    (r"756[. ]?\d{4}[. ]?\d{4}[. ]?\d\d", _closes_in_tens),
    (r"\d{6}(?:19|20)\d{9}[0-9X]", _china),
    (r"\d{1,2}\.\d{3}\.\d{3}-[0-9K]", _chile),
    (r"\d{3}-\d\d-\d{4}|\d{3} \d\d \d{4}", _america),
    (
        r"(?!BG|GB|KN|NK|NT|TN|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?\d\d ?\d\d ?\d\d ?[A-D]",
        _form_alone,
    ),
)  # fmt: skip
"""Forms of national identifiers and their checks: DNI and NIE, codice fiscale, NIR, CPF, PESEL,
personnummer, henkilötunnus, fødselsnummer, rijksregisternummer, AHV number, resident identity
number, RUT, and by form alone the American SSN and the British National Insurance number."""
_FORMS = tuple(
    (re.compile(rf"(?<![^\W_])(?<![\d][.-])(?:{form})(?![^\W_])(?![.-]\d)"), check)
    for form, check in _NATIONAL
)
_NAMED = re.compile(
    r"(?:\b(?:nhs|ssn|bsn|cpr|pesel|cpf|dni|nie|aadhaar|hkid|nric|nino|passport)\b"
    r"|social (?:security|insurance)|national (?:insurance|id\w*)|tax (?:id|number)|tax file"
    r"|steuer-?id\w*|driving licen[cs]e)"
    r"(?:[ '’]*(?:number|num|no|nr|card|s|is|was)\b)*\W{0,4}"
    r"([A-Z]{0,3}\d(?:[ .-]?\d){6,13}[A-Z]?)(?!\w)",
    re.IGNORECASE,
)
_ADDRESS = re.compile(
    r"\bip\b(?:[ -]?(?:address|v[46]|is|was)\b)*\W{0,4}"
    r"((?:\d{1,3}\.){3}\d{1,3}|[0-9a-f:]*:[0-9a-f:]{3,36})",
    re.IGNORECASE,
)
_SIGNS = str.maketrans("", "", " .-+")


def identifier_places(text: str) -> Iterator[Place]:
    """National identifiers that their form and check digits, or the word before them, tell."""
    for form, holds in _FORMS:
        for found in form.finditer(text):
            signs = found[0] if holds is _finland else found[0].translate(_SIGNS)
            if holds(signs):
                yield found.start(), found.end(), "national identifier"
    for found in _NAMED.finditer(text):
        yield found.start(1), found.end(1), "national identifier"
    for found in _ADDRESS.finditer(text):
        yield found.start(1), found.end(1), "IP address"
