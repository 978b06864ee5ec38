"""The codes of the review: what each finds, how much it weighs, why, and what is better."""

from collections.abc import Iterable, Mapping
from enum import StrEnum
from types import MappingProxyType

from attrs import field, frozen

from deescalate.documents import flag, one_of, part, text
from deescalate.findings import Finding, Severity

__all__ = ["HARMS", "Code", "CodeFamily", "harms_in", "harms_of"]


class CodeFamily(StrEnum):
    """What a code is about; the value is the letter that its codes begin with.

    >>> CodeFamily("T").name
    'TONE'
    """

    TONE = "T"
    APOLOGY = "A"
    ORDER = "O"
    PROMISES = "P"
    AUTHORITY = "M"
    CLARITY = "C"
    SENDING = "S"
    HOUSE = "H"


@frozen(kw_only=True)
class Code:
    """One thing that the review looks for.

    Attributes:
        code: Its stable name, such as ``T101``.
        name: What it finds, in a word or two.
        severity: How bad it is.
        upset: How bad it is once the customer is known to be upset; as ``severity`` where it
            makes no difference.
        reason: Why it makes things worse.
        suggestion: What to do instead.
        bad: An example.
        good: The same, said better.
        source: What it rests on.
        needs: What it can only be told from: ``situation``, ``plan``, ``authority``, ``promises``.
        enabled: Whether the review looks for it.

    >>> from deescalate.findings import Severity
    >>> Code(code="T101", name="condescending", severity=Severity.WARNING).family
    <CodeFamily.TONE: 'T'>
    """

    code: str
    name: str
    severity: Severity = field(metadata=part(one_of(Severity)))
    upset: Severity | None = field(default=None, metadata=part(one_of(Severity)))
    reason: str = field(default="", metadata=part(text(empty=True)))
    suggestion: str = field(default="", metadata=part(text(empty=True)))
    bad: str = ""
    good: str = ""
    source: str = ""
    needs: tuple[str, ...] = ()
    enabled: bool = field(default=True, metadata=part(flag()))

    @property
    def family(self) -> CodeFamily:
        """The family that the code's letter stands for."""
        return CodeFamily(self.code[0])

    def weighed(self, *, upset: bool) -> Severity:
        """How bad it is for this customer.

        >>> from deescalate.findings import Severity
        >>> joke = Code(code="T111", name="joke", severity=Severity.NOTE, upset=Severity.ERROR)
        >>> str(joke.weighed(upset=True))
        'error'
        """
        return self.upset if upset and self.upset else self.severity


HARMS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "insult": ("T109", "T110", "T114", "T116"),
        "threat": ("S803", "S805"),
        "calm_down": ("T108",),
        "blame": ("T104", "T105", "T120"),
        "condescension": ("T101", "T103", "T111", "A204"),
        "dismissal": ("T102", "T115", "T118", "O306", "O308", "S806", "S807"),
        "argument": ("T106", "T112", "T113", "T121", "A202", "A203", "A207"),
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
