"""What a review finds, and the review itself."""

from collections.abc import Mapping
from functools import cached_property
from math import fsum
from typing import Protocol

from attrs import Factory, field, frozen

from deescalate._html import Mark, fragment, marked, tag
from deescalate._plain import to_json
from deescalate.cues import Span
from deescalate.documents import FrozenMapping
from deescalate.errors import quoted
from deescalate.findings import Finding, Report, Severity
from deescalate.reading import MoveFound

__all__ = ["Flaw", "Review"]

_LINES = 5


class Again(Protocol):
    """What a review was made with: it reviews other texts in the same way."""

    def look(self, text: str) -> "Review":
        """Review a text as it stands."""
        ...

    def tone(self, text: str) -> float:
        """How cutting the words of a text are."""
        ...

    def rewritten(self, first: "Review") -> str:
        """The draft of a review with every safe replacement made."""
        ...


def _line(flaw: "Flaw") -> str:
    quote = f"{quoted(flaw.quote)}: " if flaw.quote else ""
    return quote + "; ".join(filter(None, (flaw.name, flaw.reason, flaw.suggestion)))


@frozen(kw_only=True)
class Flaw(Finding):
    """One thing in a draft that is likely to make matters worse: a finding about a passage.

    Its ``text`` says all of it in a line, what it quotes escaped.

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
        points: What it takes off the score, 0 to 1.
        heard: Whether it is learned, not told by a phrase or by the form of the draft.

    >>> from deescalate.findings import Finding, Report, Severity
    >>> from deescalate.text import Span
    >>> print(Flaw(
    ...     code="T108", name="demand to calm down", span=Span(0, 9), quote="Calm down",
    ...     severity=Severity.ERROR, reason="it denies them their right to be upset",
    ...     suggestion="name what upsets them", line=1))
    error T108 (line 1): `Calm down`: demand to calm down; it denies them their right to be upset; \
name what upsets them
    """

    name: str
    span: Span = field(default=Span(0, 0))
    quote: str = ""
    reason: str = ""
    suggestion: str = ""
    replacement: str | None = None
    points: float = 0.0
    heard: bool = False
    text: str = field(default=Factory(_line, takes_self=True), init=False, eq=False, repr=False)

    def region(self) -> dict[str, int]:
        """Where it stands in the draft, as SARIF writes a region."""
        length = self.span.end - self.span.start
        return {**super().region(), "charOffset": self.span.start, "charLength": length}


def _shares(points: Mapping[str, float]) -> Mapping[str, float]:
    return FrozenMapping(points)


@frozen(kw_only=True, slots=False)
class Review:
    """What the review of a draft says; it is true where the draft may be sent.

    Attributes:
        draft: The draft that was reviewed.
        findings: What it finds, in the order of the text; what is missing comes last.
        moves: The moves that the draft makes, with the passages that make them.
        bad: How bad the draft is as a whole, 0 to 1, learned: one half is what one good reply in
            forty reaches, or in fifty where nothing is known of the customer.
        points: What each code takes off the score, and ``bad``; together they are what the score
            lacks to 1.
        threshold: The score from which the settings call a draft good enough.

    >>> Review(draft="I am on it.").ok, bool(Review(draft="I am on it.", threshold=2.0))
    (True, False)
    """

    draft: str
    findings: tuple[Flaw, ...] = ()
    moves: tuple[MoveFound, ...] = ()
    bad: float = 0.0
    points: Mapping[str, float] = field(factory=dict[str, float], converter=_shares)
    threshold: float = 0.0
    _again: Again | None = field(default=None, alias="again", eq=False, repr=False)

    def __bool__(self) -> bool:
        return self.ok

    @cached_property
    def score(self) -> float:
        """How clean the draft is, 0 to 1; 1 less its points."""
        return min(max(1.0 - fsum(self.points.values()), 0.0), 1.0)

    @cached_property
    def tone(self) -> float:
        """How cutting the words are, 0 (not at all) to 1, whatever they answer; found when asked.

        It ranks texts and takes nothing off the score.
        """
        return 0.0 if self._again is None else self._again.tone(self.draft)

    @cached_property
    def rewritten(self) -> str:
        """The draft with every safe replacement made; found when it is first asked for."""
        return self.draft if self._again is None else self._again.rewritten(self)

    @cached_property
    def sendable(self) -> str | None:
        """What may be sent; the draft, or else its rewrite, ``None`` where neither may.

        >>> Review(draft="I am on it.").sendable
        'I am on it.'
        """
        if self.ok:
            return self.draft
        better = self.rewritten
        if self._again is None or better == self.draft:
            return None
        return better if self._again.look(better) else None

    def feedback(self) -> str:
        """What to change, the weightiest first, in at most five lines; empty where it is ok.

        It may be given to a person or to a model: nothing from the draft stands in it unescaped.

        >>> Review(draft="I am on it.").feedback()
        ''
        """
        if self.ok:
            return ""
        once = {each.code: each for each in sorted(self.findings, key=_lightness, reverse=True)}
        ordered = sorted(once.values(), key=_lightness)[:_LINES]
        return "\n".join(f"- {each.text}" for each in ordered)

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

    def report(self, name: str = "draft") -> Report:
        """The findings as the report of a check, to write as text, JSON, SARIF or annotations.

        Args:
            name: What to call the draft there.

        >>> print(Review(draft="I am on it.").report("reply 3"))
        reply 3: nothing to find
        """
        meanings = {each.code: each.name for each in self.findings}
        return Report(name=name, findings=self.findings, meanings=meanings)

    def to_json(self) -> str:
        """The review as one JSON object, with whether it is ``ok``.

        >>> Review(draft="No.").to_json()[:39]
        '{"ok": true, "score": 1.0, "draft": "No'
        """
        return to_json(self, ok=self.ok, score=self.score)

    def _repr_html_(self) -> str:
        marks = (Mark(e.span.start, e.span.end, f"{e.code} {e.name}") for e in self.findings)
        style, word = ("good", "may be sent") if self.ok else ("bad", "may not be sent")
        found = (
            tag("li", tag("strong", each.code), f" {each.reason}; {each.suggestion}")
            for each in self.findings
        )
        return fragment(
            tag("div", marked(self.draft, marks), class_="card agent said"),
            tag("p", tag("span", word, class_=style), f" (score {self.score:.2f})"),
            tag("ul", *found),
        )

    def of(self, *codes: str) -> tuple[Flaw, ...]:
        """The findings of some codes, or of whole families by their letter.

        >>> Review(draft="No.").of("T", "A201")
        ()
        """
        return tuple(each for each in self.findings if each.code.startswith(codes))


def _rank(severity: Severity) -> int:
    return severity.rank


def _lightness(finding: Flaw) -> tuple[int, float, int]:
    return -finding.severity.rank, -finding.points, finding.span.start
