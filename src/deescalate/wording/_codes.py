"""The codes of the review: what each finds, how much it weighs, why, and what is better."""

from enum import StrEnum

from attrs import field, frozen

from deescalate.documents import flag, one_of, part, text
from deescalate.findings import Severity

__all__ = ["Code", "CodeFamily"]


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
