"""What in a reply hurts the one who reads it: findings of the review, by what they do."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from deescalate.findings import Finding, Severity

__all__ = ["HARMS", "harms_in", "harms_of"]

HARMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "insult": ("T109", "T110", "T114", "T116"),
        "threat": ("S803", "S805"),
        "calm_down": ("T108",),
        "blame": ("T104", "T105", "T120"),
        "condescension": ("T101", "T103", "T111", "A204"),
        "dismissal": ("T102", "T115", "T118", "O306", "O308", "S806", "S807"),
        "argument": ("T106", "T112", "T113", "A202", "A203", "A207"),
        "wall": ("C604", "C605", "O309"),
        "empty_promise": ("P402", "P403", "P405"),
        "silence": ("S801", "S802"),
    }
)
"""What hurts, by name, with the codes of the review that find it. The grouping is ours."""
_CODED = {code: name for name, codes in HARMS.items() for code in codes}


def harms_of(code: str) -> tuple[str, ...]:
    """The harm that a code of the review stands for; none where it is about form.

    >>> harms_of("T108"), harms_of("C602")
    (('calm_down',), ())
    """
    return (_CODED[code],) if code in _CODED else ()


def harms_in(findings: Iterable[Finding]) -> tuple[str, ...]:
    """What hurts in a reply, each once, by those of its findings that are more than notes.

    Args:
        findings: Of a review of the reply, all or some, such as ``review(reply).of("T")``.

    >>> from deescalate.wording import review
    >>> harms_in(review("You need to calm down.").findings)
    ('calm_down',)
    """
    heavy = (each.code for each in findings if each.severity is not Severity.NOTE)
    return tuple(dict.fromkeys(name for code in heavy for name in harms_of(code)))
