"""The playbook: one bundle of all the tables and settings that a house works by."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime
from functools import cached_property
from hashlib import sha256
from typing import Any, Self, TypeVar

from attrs import Factory, evolve, field, frozen

from deescalate._public import publish
from deescalate.compensation import Terms
from deescalate.conversation import Conversation, Event, Opened
from deescalate.cues import CueReader
from deescalate.documents import Difference, Document, Notes, Shape
from deescalate.emotion import Exchange, MoveEffects, Temperament
from deescalate.errors import DocumentError, Problem, SettingError, SnapshotError, quoted
from deescalate.escalation import EscalationPolicy
from deescalate.findings import Finding, Report, Severity
from deescalate.languages import ENGLISH, Language
from deescalate.reading import LanguageReader
from deescalate.rules import Fact
from deescalate.strategy import Law, Strategy
from deescalate.text import LONGEST
from deescalate.wording import Wording

__all__ = ["Playbook"]

T = TypeVar("T")
_ANY_TIME = datetime(2026, 1, 5, tzinfo=UTC)


def _reader_of(book: "Playbook") -> CueReader:
    return LanguageReader(book.language)


def _is_length(_: object, __: object, value: object) -> None:
    if type(value) is not int or value < 1:
        raise SettingError("longest", value, "a whole number, 1 or more")


_PARTS: Mapping[str, type[Document]] = {
    "strategy": Strategy,
    "wording": Wording,
    "terms": Terms,
    "escalation": EscalationPolicy,
    "effects": MoveEffects,
}


@frozen(kw_only=True)
class Playbook(Document):
    """All that a house works by: who reads, how feelings move, what is said, paid and passed on.

    Attributes:
        language: The language in which customers and agents write and the library answers.
        reader: Reads the customer's words; a reader of the language where not given.
        exchange: How the customer's and the agent's states move each other.
        effects: What the agent's moves do to the customer.
        strategy: Chooses the next moves.
        wording: Reviews replies.
        terms: What may be offered, on the authority that the ladder of ``escalation`` gives.
        escalation: Who takes over, and when.
        month_first: Whether a date such as 3/4 in a promise has its month first, as in the
            United States, rather than its day.
        longest: Characters of a message or a reply that are read, 1 or more. What comes after them
            is kept and not read, which the reading, the advice, the handover and the review say.
        facts: Facts of your own that a conversation may be told, beside those that the strategy
            and the escalation policy declare.

    As a document: a section for each of ``strategy``, ``wording``, ``terms``, ``escalation`` and
    ``effects``, each in the form of its own documents; what is left out is as shipped.

    >>> Playbook.default().strategy.name
    'person first'
    """

    document_kind = "playbook"

    language: Language = ENGLISH
    reader: CueReader = field(default=Factory(_reader_of, takes_self=True), repr=False)
    exchange: Exchange = field(factory=Exchange, repr=False)
    effects: MoveEffects = field(factory=MoveEffects.default, repr=False)
    strategy: Strategy = field(factory=Strategy.default)
    wording: Wording = field(factory=Wording.default, repr=False)
    terms: Terms = field(factory=Terms.default)
    escalation: EscalationPolicy = field(factory=EscalationPolicy.default, repr=False)
    month_first: bool = field(default=False, repr=False)
    longest: int = field(default=LONGEST, repr=False, validator=_is_length)
    facts: tuple[Fact, ...] = field(default=(), repr=False)

    def __attrs_post_init__(self) -> None:
        object.__setattr__(self, "terms", self.terms.under(self.escalation))

    @classmethod
    def default(cls, *, currency: str = "EUR", language: Language = ENGLISH) -> Self:
        """The playbook as shipped; every part of it can be replaced with `attrs.evolve`.

        Args:
            currency: The ISO 4217 code of its sums, one that `EscalationPolicy.default` takes.
            language: The language of the conversations.

        Raises:
            SettingError: Another currency.

        >>> Playbook.default(currency="GBP").terms.currency
        'GBP'
        """
        policy = EscalationPolicy.default(currency=currency)
        return cls(language=language, terms=Terms(currency=currency), escalation=policy)

    @classmethod
    def document_shape(cls) -> Shape:
        """How it is read and written."""
        shapes = {name: part.document_shape() for name, part in _PARTS.items()}

        def read(notes: Notes, path: str, found: object) -> Playbook | None:
            parts = notes.mapping(path, found, ("format", *shapes))
            if type(said := parts.pop("format", 1)) is not int or said != 1:
                notes.expected("format", said, "1")
            sections: dict[str, Any] = {
                name: notes.mapping(name, each) for name, each in parts.items()
            }
            return notes.tried(path, lambda: cls.from_documents(**sections))

        def schema() -> dict[str, Any]:
            properties = {name: shape.schema() for name, shape in shapes.items()}
            properties["format"] = {"const": 1}
            return {"type": "object", "properties": properties, "additionalProperties": False}

        def write(book: Playbook) -> dict[str, Any]:
            return {name: shape.write(getattr(book, name)) for name, shape in shapes.items()}

        return Shape(read, schema, write)

    @classmethod
    def from_documents(
        cls,
        *,
        strategy: str | Mapping[str, Any] | None = None,
        wording: str | Mapping[str, Any] | None = None,
        terms: str | Mapping[str, Any] | None = None,
        escalation: str | Mapping[str, Any] | None = None,
        effects: str | Mapping[str, Any] | None = None,
        reader: CueReader | None = None,
        language: Language = ENGLISH,
    ) -> Self:
        """A playbook whose parts are read from documents; what is not given is as shipped.

        Shipped terms and a shipped policy are in the currency of the other one.

        Args:
            strategy: A strategy document, as text or as a mapping; so are the others.
            wording: A wording document.
            terms: A document of terms.
            escalation: An escalation policy.
            effects: The effects of the agent's moves.
            reader: Who reads the customer's words.
            language: The language of the conversations.

        Raises:
            DocumentError: With all problems of all documents at once, each with its path and line.

        >>> Playbook.from_documents().escalation == EscalationPolicy.default()
        True
        """
        problems: list[Problem] = []

        more = 0

        def read(
            name: str,
            document: str | Mapping[str, Any] | None,
            load: Callable[[str | Mapping[str, Any]], T],
            default: T,
        ) -> T:
            nonlocal more
            if document is None:
                return default
            try:
                return load(document)
            except DocumentError as error:
                more += error.more
                problems.extend(evolve(each, path=f"{name}.{each.path}") for each in error.problems)
                return default

        policy = read("escalation", escalation, EscalationPolicy.from_document, None)
        offered = read("terms", terms, Terms.from_document, None)
        currency = next((each.currency for each in (policy, offered) if each), None) or "EUR"
        escalate = policy or _default_policy(currency if escalation is None else "EUR", problems)
        try:
            offer = (offered or Terms(currency=currency)).under(escalate)
        except SettingError as error:
            problems.append(Problem(f"terms.{error.name}", str(error)))
            offer = Terms(currency=currency)
        book = cls(
            language=language,
            reader=reader or LanguageReader(language),
            strategy=read("strategy", strategy, Strategy.from_document, Strategy.default()),
            wording=read("wording", wording, Wording.from_document, Wording.default()),
            effects=read("effects", effects, MoveEffects.from_document, MoveEffects.default()),
            terms=offer,
            escalation=escalate,
        )
        if policy is not None:
            problems.extend(_currency_problems(book))
        if problems:
            raise DocumentError("playbook", tuple(problems), more)
        return book

    def differences(self, other: Self) -> tuple[Difference, ...]:  # pyright: ignore[reportIncompatibleMethodOverride]  Self
        """Tell how another playbook differs, part by part: see the same of its parts.

        Args:
            other: The one that comes after.

        Raises:
            TableError: A fact has changed its kind, so that cases cannot be compared.
            WorkLimitError: The comparison would take too much work.

        >>> Playbook.default().differences(Playbook.default())
        ()
        """
        return tuple(
            evolve(each, where=f"{name}.{each.where}")
            for name in _PARTS
            for each in getattr(self, name).differences(getattr(other, name))
        )

    def check(self, laws: Iterable[Law] | None = None) -> Report:
        """Look for everything that is wrong or odd with its parts, and whether they fit together.

        Beside each part's own check: that the policy asks about no fact that no conversation
        supplies, and that what is offered is in a currency that the policy knows.

        Args:
            laws: What the strategy has to hold to; those of `strategy_laws` if none are given,
                which take about a second.

        Raises:
            WorkLimitError: A proof would take more work than its limit.

        >>> Playbook.default().check(laws=()).ok
        True
        """
        known = self.open(at=_ANY_TIME).facts
        supplied = {*known, self.escalation.amount, *(fact.name for fact in self.facts)}
        reports = {
            "strategy": self.strategy.check(laws),
            "wording": self.wording.check(),
            "escalation": self.escalation.check(supplied=supplied),
            "effects": self.effects.check(),
            "terms": self.terms.check(),
        }
        odd = [
            Finding(severity=Severity.ERROR, code="currency", text=each.reason, place=each.path)
            for each in _currency_problems(self)
        ]
        return Report(
            name="playbook",
            findings=[
                *odd,
                *(
                    evolve(each, place=f"{part}.{each.place}")
                    for part, report in reports.items()
                    for each in report
                ),
            ],
            proved=[each for report in reports.values() for each in report.proved],
            meanings={"currency": "what is offered is in a currency that the policy does not know"}
            | {
                code: meaning
                for report in reports.values()
                for code, meaning in report.meanings.items()
            },
        )

    @property
    def temperament(self) -> Temperament:
        """How the customer's state moves."""
        return self.exchange.customer

    @property
    def fingerprint(self) -> str:
        """The SHA-256 of all its documents and settings, which tells it from any other.

        A reader of your own is told by its type, and by its ``fingerprint`` where it has one.

        >>> Playbook.default().fingerprint == Playbook.default(currency="GBP").fingerprint
        False
        """
        return self._digest

    @cached_property
    def _digest(self) -> str:
        kind = type(self.reader)
        parts = (
            self.language.name,
            *(self.language.files.items()),
            f"{kind.__module__}.{kind.__qualname__} {getattr(self.reader, 'fingerprint', '')}",
            self.exchange,
            self.month_first,
            self.longest,
            self.facts,
            self.to_document(),
        )
        return sha256(repr(parts).encode("utf-8", "backslashreplace")).hexdigest()

    def resume(self, snapshot: str, *, replay: bool = False) -> Conversation:
        """Take up a conversation from its snapshot, in one step.

        Args:
            snapshot: What `Conversation.to_snapshot` wrote.
            replay: Whether to replay its events where it was made by another version of the
                library or under another playbook, which takes as long as they did.

        Raises:
            SnapshotError: It is no snapshot, or made under another playbook and not replayed.

        >>> from datetime import UTC, datetime
        >>> book = Playbook.default()
        >>> talk = book.open(at=datetime(2026, 1, 5, 9, tzinfo=UTC), case="7")
        >>> book.resume(talk.to_snapshot()) == talk
        True
        """
        try:
            return Conversation.from_snapshot(snapshot, self)
        except SnapshotError as error:
            if not (replay and error.events):
                raise
            return self.replay(error.events)

    def open(self, *, at: datetime, case: str = "", history: Iterable[str] = ()) -> Conversation:
        """Begin a conversation.

        Args:
            at: When, aware.
            case: The host's name for the case.
            history: One line for each earlier conversation of the case.

        Raises:
            SettingError: A naive datetime.

        >>> from datetime import UTC
        >>> Playbook.default().open(at=datetime(2026, 1, 5, 9, tzinfo=UTC)).turns
        ()
        """
        return Conversation.open(self, Opened(at=at, case=case, history=tuple(history)))

    def replay(self, events: Iterable[Event]) -> Conversation:
        """Fold events into the conversation that they make.

        Raises:
            EventError: There is no event, or one does not fit those before it.

        >>> from datetime import UTC
        >>> opened = Opened(at=datetime(2026, 1, 5, 9, tzinfo=UTC), case="7")
        >>> Playbook.default().replay([opened]).opened.case
        '7'
        """
        return Conversation.replay(events, self)


def _default_policy(currency: str, problems: list[Problem]) -> EscalationPolicy:
    """The shipped policy in a currency, or why there is none."""
    try:
        return EscalationPolicy.default(currency=currency)
    except SettingError as error:
        problems.append(Problem("escalation", f"missing, and the shipped one cannot be: {error}"))
        return EscalationPolicy.default()


def _currency_problems(book: Playbook) -> Iterator[Problem]:
    """What is offered has to be in a currency that the policy understands."""
    policy, currency = book.escalation, book.terms.currency
    if policy.currency not in (None, currency) and currency not in policy.exchange:
        known = ", ".join((str(policy.currency), *policy.exchange))
        reason = f"found {quoted(currency)}, expected one that the escalation policy knows: {known}"
        yield Problem("terms.currency", reason)


publish(__name__, __all__, globals())
