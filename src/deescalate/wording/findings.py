"""What a review finds, and the review itself."""

from attrs import frozen

from deescalate._plain import to_json
from deescalate.cues import Span
from deescalate.findings import Severity
from deescalate.reading.agent import MoveFound

__all__ = ["Finding", "Review"]


@frozen(kw_only=True)
class Finding:
    """One thing in a draft that is likely to make matters worse.

    Attributes:
        code: Its stable code, such as ``T108``; see the reference page of the codes.
        name: What the code finds, in a word or two.
        span: Where it stands; empty, at the end, for something that is missing.
        quote: The passage, exactly.
        severity: How bad it is for this customer.
        reason: Why it makes matters worse.
        suggestion: What to do instead.
        replacement: What may safely be put in place of the passage, ``None`` where only a person
            can tell. The empty text takes the passage out.

    >>> str(Finding(
    ...     code="T108", name="demand to calm down", span=Span(0, 9), quote="Calm down",
    ...     severity=Severity.ERROR, reason="it denies them their right to be upset",
    ...     suggestion="acknowledge the feeling"))
    'T108 error: `Calm down`: demand to calm down; acknowledge the feeling'
    """

    code: str
    name: str
    span: Span
    quote: str
    severity: Severity
    reason: str
    suggestion: str
    replacement: str | None = None

    def __str__(self) -> str:
        quote = f"`{self.quote}`: " if self.quote else ""
        return f"{self.code} {self.severity}: {quote}{self.name}; {self.suggestion}"


@frozen(kw_only=True)
class Review:
    """What the review of a draft says.

    Attributes:
        draft: The draft that was reviewed.
        findings: What it finds, in the order of the text; what is missing comes last.
        moves: The moves that the draft makes, with the passages that make them.
        tone: How cutting the words are, 0 (not at all) to 1, beneath what any one code reports.
        score: 0 to 1, where 1 is clean: one minus the penalty of each finding, multiplied, and what
            the tone takes off.
        threshold: The score from which the settings call a draft good enough.
        rewritten: The draft with every safe replacement made.

    >>> Review(draft="").ok
    True
    """

    draft: str
    findings: tuple[Finding, ...] = ()
    moves: tuple[MoveFound, ...] = ()
    tone: float = 0.0
    score: float = 1.0
    threshold: float = 0.0
    rewritten: str = ""

    @property
    def ok(self) -> bool:
        """Whether it may be sent; no finding is an error and the score reaches the threshold."""
        return self.score >= self.threshold and self.worst is not Severity.ERROR

    @property
    def worst(self) -> Severity | None:
        """The worst severity found, ``None`` for a clean draft."""
        return max((each.severity for each in self.findings), key=_rank, default=None)

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes found, each once, in the order of the findings."""
        return tuple(dict.fromkeys(each.code for each in self.findings))

    def to_json(self) -> str:
        """The review as one JSON object, with whether it is ``ok``.

        >>> Review(draft="").to_json()[:24]
        '{"ok": true, "draft": ""'
        """
        return to_json(self, ok=self.ok)

    def of(self, *codes: str) -> tuple[Finding, ...]:
        """The findings of some codes, or of whole families by their letter.

        >>> Review(draft="").of("T", "A201")
        ()
        """
        return tuple(each for each in self.findings if each.code.startswith(codes))


def _rank(severity: Severity) -> int:
    return severity.rank
