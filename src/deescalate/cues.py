"""What a customer's message shows: the vocabulary of cues, and a Reading of one message."""

from collections.abc import Sequence
from decimal import Decimal
from enum import StrEnum
from typing import Literal, Protocol, overload, runtime_checkable

from attrs import frozen

from deescalate._html import Mark, Markup, bar, fragment, marked, page, tag
from deescalate._public import publish
from deescalate.emotion import Observation
from deescalate.text import Span

__all__ = ["Cue", "CueKind", "CueReader", "Evidence", "Reading", "Span", "Trace"]


Party = Literal["customer", "firm", "other", "thing"]


class CueKind(StrEnum):
    """What a passage of a customer's message can show.

    >>> CueKind("threat_violence") is CueKind.THREAT_VIOLENCE
    True
    """

    ANGER = "anger"
    INSULT = "insult"
    PROFANITY = "profanity"
    SHOUTING = "shouting"
    BLAME = "blame"
    SARCASM = "sarcasm"
    THREAT_VIOLENCE = "threat_violence"
    THREAT_SELF_HARM = "threat_self_harm"
    THREAT_LEGAL = "threat_legal"
    THREAT_PUBLICITY = "threat_publicity"
    THREAT_LEAVING = "threat_leaving"
    ASKS_HUMAN = "asks_human"
    ASKS_SUPERVISOR = "asks_supervisor"
    REPEAT_CONTACT = "repeat_contact"
    LONG_WAIT = "long_wait"
    IGNORED = "ignored"
    BROKEN_PROMISE = "broken_promise"
    UNRESOLVED = "unresolved"
    MONEY_DEMAND = "money_demand"
    REFUND_REQUEST = "refund_request"
    CONFUSION = "confusion"
    ANXIETY = "anxiety"
    URGENCY = "urgency"
    VULNERABLE_HEALTH = "vulnerable_health"
    VULNERABLE_MONEY = "vulnerable_money"
    VULNERABLE_BEREAVEMENT = "vulnerable_bereavement"
    VULNERABLE_AGE = "vulnerable_age"
    THANKS = "thanks"
    ACCEPTANCE = "acceptance"
    REFUSAL = "refusal"
    SUGGESTION = "suggestion"
    OFF_TOPIC = "off_topic"

    __hash__ = str.__hash__  # that of the text which it equals, told in a tenth of the time


_DANGERS = (CueKind.THREAT_VIOLENCE, CueKind.THREAT_SELF_HARM)


@frozen(kw_only=True)
class Cue:
    """One cue, with the passage that shows it.

    Attributes:
        kind: What it shows.
        span: Where.
        quote: The passage, exactly.
        weight: How strongly it shows it, above 0 and at most 1.
        count: A number it carries, such as 3 for "the third time".
        seconds: A duration it carries, such as 1,209,600 for "two weeks".
        amount: A sum of money it carries.
        currency: The ISO 4217 code of ``amount`` where the text tells.
        chance: The calibrated probability that it is there, 0 to 1, where one was learnt.
        sure: Whether it is to be acted upon: likely enough, and not only told of something past,
            of others or of things. A danger that is not sure is asked about.
        found_by: ``phrase``, ``model`` or ``both``.
        parts: What the model heard, strongest first: words or pairs with their log odds.
        by: Of a threat, a wish for a person or a vulnerability: who does it; ``None`` where that is
            not known.
        against: The same: to whom it is done, or whom it concerns.
        when: The same: over (``past``), going on (``now``) or still to come (``future``).
        told: The same: whether it only tells of something past, of others or of things, so that
            nobody has to act; it is not ``sure`` then.

    >>> Cue(kind=CueKind.ANGER, span=Span(0, 7), quote="furious").weight
    1.0
    """

    kind: CueKind
    span: Span
    quote: str
    weight: float = 1.0
    count: float | None = None
    seconds: float | None = None
    amount: Decimal | None = None
    currency: str | None = None
    chance: float | None = None
    sure: bool = True
    found_by: Literal["phrase", "model", "both"] = "phrase"
    parts: tuple[tuple[str, float], ...] = ()
    by: Party | None = None
    against: Party | None = None
    when: Literal["past", "now", "future"] | None = None
    told: bool = False


@frozen(kw_only=True)
class Evidence:
    """One contribution to the affect reading, so that every score can be traced to its words.

    >>> Evidence(feature="awful", span=Span(8, 13), distress=0.9).feature
    'awful'
    """

    feature: str
    span: Span
    distress: float


@frozen
class Trace(Sequence[Evidence]):
    """Evidence as plain numbers, made into values when it is looked at.

    Attributes:
        parts: Of each contribution the feature, its distress, and its span's start and end.

    >>> Trace((("awful", 0.9, 8, 13),))[0].feature
    'awful'
    """

    parts: tuple[tuple[str, float, int, int], ...] = ()

    def __len__(self) -> int:
        return len(self.parts)

    @overload
    def __getitem__(self, index: int) -> Evidence: ...

    @overload
    def __getitem__(self, index: slice) -> Sequence[Evidence]: ...

    def __getitem__(self, index: int | slice) -> Evidence | Sequence[Evidence]:
        if isinstance(index, slice):
            return Trace(self.parts[index])
        feature, distress, start, end = self.parts[index]
        return Evidence(feature=feature, distress=distress, span=Span(start, end))


@frozen(kw_only=True)
class Reading:
    """What one message shows.

    Attributes:
        affect: The observed coordinates, each with a precision.
        distress: The distress that the message alone shows, 0 to 1.
        cues: The cues in the order of the text.
        evidence: The words behind the affect, in the order of the text.
        understood: The share of its words that the reader's language knows, 0 to 1.
        unread: Characters at its end that were not read, since it is too long; 0 for most.

    >>> Reading().kinds
    frozenset()
    """

    affect: Observation = Observation()  # noqa: RUF009  a frozen value
    distress: float = 0.0
    cues: tuple[Cue, ...] = ()
    evidence: Sequence[Evidence] = ()
    understood: float = 1.0
    unread: int = 0

    @property
    def kinds(self) -> frozenset[CueKind]:
        """The kinds of cue found."""
        return frozenset(cue.kind for cue in self.cues)

    @property
    def acted_on(self) -> frozenset[CueKind]:
        """The kinds that are sure, and dangers, which are asked about, so what to act upon."""
        return frozenset(cue.kind for cue in self.cues if cue.sure or cue.kind in _DANGERS)

    def of(self, *kinds: CueKind) -> tuple[Cue, ...]:
        """The cues of some kinds, in the order of the text."""
        return tuple(cue for cue in self.cues if cue.kind in kinds)

    def to_html(self, text: str) -> str:
        """The message as a page of its own, coloured by the evidence, its cues underlined.

        Args:
            text: The message that was read.

        >>> "&lt;b&gt;" in Reading().to_html("<b>")
        True
        """
        words = (
            Mark(
                each.span.start,
                each.span.end,
                f"{each.feature} {each.distress:+.2f}",
                "up" if each.distress > 0 else "down",
                abs(each.distress),
            )
            for each in self.evidence
        )
        cues = (
            Mark(each.span.start, each.span.end, each.kind.value.replace("_", " "))
            for each in self.cues
        )
        said = tag("div", marked(text, (*words, *cues)), class_="card customer said")
        legend = "Red words add to the distress, green ones take from it; cues are underlined."
        return page("A message, read", said, tag("p", legend, class_="soft"), self._picture())

    def _picture(self) -> Markup:
        """The distress, the cues and the weightiest words."""
        weighty = sorted(self.evidence, key=lambda each: -abs(each.distress))[:12]
        told = f"distress {self.distress:.2f}, of this message alone"
        rest = f"its last {self.unread:,} characters were not read"
        return tag(
            "div",
            tag("p", told),
            tag("p", rest) if self.unread else "",
            bar(self.distress, self.distress, self.distress, title=told),
            tag(
                "ul",
                *(
                    tag(
                        "li",
                        tag("strong", cue.kind.value.replace("_", " ")),
                        "" if cue.sure else ", perhaps",
                        f": “{cue.quote}”",
                    )
                    for cue in self.cues
                ),
            ),
            tag("p", ", ".join(f"{e.feature} {e.distress:+.2f}" for e in weighty), class_="soft"),
        )

    def _repr_html_(self) -> str:
        return fragment(self._picture())


@runtime_checkable
class CueReader(Protocol):
    """Anything that reads a customer's message.

    >>> class Deaf:
    ...     def read(self, text: str) -> Reading:
    ...         return Reading()
    >>> isinstance(Deaf(), CueReader)
    True
    """

    def read(self, text: str) -> Reading:
        """Read one message: a function of the text alone, linear in its length."""
        ...


publish(__name__, __all__, globals())
