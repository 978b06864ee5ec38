"""Phone numbers: by how they are written, by the words before them, or by a library."""

import re
from collections.abc import Iterator, Sequence
from importlib import import_module
from types import ModuleType

from deescalate.errors import SettingError

__all__ = ["COVER", "phone_places"]

COVER = "\u02ac"
"""A letter that nobody writes: what was found or is no number is covered with it."""
_RUN = re.compile(r"(?:(?<![\d#])|(?=\(?\+))(?:\+|\(\+?|\+\()?\d(?:[ .\-/()]{0,3}\d)*")
_LENGTHS = range(7, 16)
_WITH_TRUNK = range(9, 13)
_SHAPES = frozenset(
    {
        (3, 3, 4), (1, 3, 3, 4), (3, 3, 3), (3, 2, 2, 2), (3, 3, 2, 2), (1, 3, 3, 2, 2),
        (3, 4, 4), (2, 5, 4), (2, 4, 4), (4, 3, 3), (2, 3, 2, 2), (3, 2, 3),
    }
)  # fmt: skip
"""Groups in which numbers of ten countries are written without a leading 0: ours."""
_CALLED = re.compile(
    r"\b(?:call|contact|ph|phone|telephone|tel|mobile|mob|cell|whats ?app|sms|text|fax|ring|dial|"
    r"reach|"
    r"(?:my|new|contact|home|work|his|her|our) (?:number|no\.?|nr\.?)|handy|telefon\w*|rufnummer|"
    r"t[eé]l[eé]fono?|m[oó]vil|celular|portable|num[eé]ro|cellulare|telefoon|mobiel|telefone)\b"
    rf"[^\d\n{COVER}]{{0,25}}$",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?:\b(?:order|case|ref|reference|ticket|invoice|tracking|parcel|item|product|serial|sku|"
    r"version|article|account|booking|policy|claim|transaction|confirmation|customer|contract|part|model|meter|"
    r"sizes?|taille|größen?|"
    r"bestell\w*|auftrag\w*|rechnung\w*|kunden\w*|pedido|commande|ordine|facture|factura)\b|#)"
    r"(?:[ .:#'’]*\b(?:number|numbers|num|no|nr|id|code|is|was|of|numéro|número)\b)*[^\w+(]{0,4}$",
    re.IGNORECASE,
)
_CALLED_AFTER = re.compile(
    r"[ ,)]{1,2}(?:is|are|on) (?:my|our|the) (?:new )?(?:number|phone|mobile|cell)\b",
    re.IGNORECASE,
)
_GLUED = re.compile(r"\w[-_]?$")
_SUM_BEFORE = re.compile(r"(?:[$€£¥₹₩₽]|\b[A-Z]{3}|\b[Rr]s\.?|\bkr\.?|\bzł)[ ]?$")
_SUM_AFTER = re.compile(
    r"[ ]?(?:[$€£¥₹₩₽%]|(?:EUR|USD|GBP|INR|JPY|CHF|SEK|NOK|DKK|PLN)\b"
    r"|(?:euros?|dollars?|pounds?|kr|zł)\b)"
)
_LOOK_BACK = 60
"""Characters before a number in which a word says what it is: ours."""


def phone_places(text: str, regions: Sequence[str] = ()) -> Iterator[tuple[int, int, str]]:
    """Phone numbers: seven to fifteen digits (E.164) that are written or introduced as one.

    Args:
        text: A text whose other numbers are out of the way.
        regions: Countries as two letters, in which the ``phonenumbers`` package is to look up
            numbers that are written without a country code.

    Raises:
        SettingError: The package is not installed, or does not know such a country.
    """
    library = _library(regions)
    for run in _RUN.finditer(text):
        written = run[0]
        groups = re.findall(r"\d+", written)
        if sum(map(len, groups)) not in _LENGTHS:
            continue
        before = text[max(run.start() - _LOOK_BACK, 0) : run.start()]
        numbered = _NUMBERED.search(before)
        if written.startswith(("+", "(+")) or (not numbered and _is_called(text, run, before)):
            yield run.start(), run.end(), "phone number"
        elif numbered or _is_sum(text, run, before):
            continue
        elif _is_written_so(written, groups, glued=before[-1:].isalnum()) or (
            library and not _GLUED.search(before) and _is_valid(library, written, regions)
        ):
            yield run.start(), run.end(), "phone number"


def _is_called(text: str, run: re.Match[str], before: str) -> bool:
    return bool(_CALLED.search(before) or _CALLED_AFTER.match(text, run.end()))


def _is_sum(text: str, run: re.Match[str], before: str) -> bool:
    return bool(_SUM_BEFORE.search(before) or _SUM_AFTER.match(text, run.end()))


def _is_written_so(written: str, groups: Sequence[str], *, glued: bool) -> bool:
    count, first = sum(map(len, groups)), groups[0]
    if written[0] == "(":
        return ")" in written and len(first) <= 5
    if len(groups) == 1:
        return not glued and count in _WITH_TRUNK and first[0] == "0" != first[1]
    if first.startswith("00"):
        return count >= 10
    if first[0] == "0":
        return 1 < len(first) <= 6 and count in _WITH_TRUNK
    return _has_shape(written, groups)


def _has_shape(written: str, groups: Sequence[str]) -> bool:
    """Whether digits stand in the groups of a phone number and not of a sum's thousands."""
    shape = tuple(map(len, groups))
    if shape == (5, 5):
        return groups[0] >= "6"
    thousands = written.count(".") == 2 or all(set(each) == {"0"} for each in groups[1:])
    return shape in _SHAPES and not (shape == (3, 3, 3) and thousands)


def _library(regions: Sequence[str]) -> ModuleType | None:
    if not regions:
        return None
    try:
        library = import_module("phonenumbers")
    except ImportError:
        raise SettingError(
            "regions", regions, "the package phonenumbers: pip install 'deescalation[masking]'"
        ) from None
    for region in regions:
        if region not in library.SUPPORTED_REGIONS:
            raise SettingError("regions", region, "a country as two capital letters, such as GB")
    return library


def _is_valid(library: ModuleType, written: str, regions: Sequence[str]) -> bool:
    for region in regions:
        try:
            if library.is_valid_number(library.parse(written, region)):
                return True
        except library.NumberParseException:
            continue
    return False
