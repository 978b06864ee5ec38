"""What a human needs on taking over: the note, and how it is written for people and machines."""

import json
import textwrap
from collections.abc import Sequence
from datetime import datetime

from attrs import Attribute, asdict, field, frozen

from deescalate.escaping import for_json, for_markdown
from deescalate.languages import ENGLISH, Language

__all__ = ["Handover", "Moment", "OpenPromise", "Quote", "Tried", "felt"]


def _tuple(value: Sequence[str]) -> tuple[str, ...]:
    return tuple(value)


@frozen(kw_only=True)
class Moment:
    """The customer's state after one turn.

    Attributes:
        at: When.
        distress: 0 to 1.
        emotion: The named emotion felt most.

    >>> Moment(at=datetime(2026, 1, 5), distress=0.5, emotion="anger").emotion
    'anger'
    """

    at: datetime
    distress: float
    emotion: str


@frozen(kw_only=True)
class Quote:
    """A cue in the customer's own words.

    Attributes:
        at: When it was said.
        kind: What it shows.
        quote: The words, exactly, unless masked.

    >>> Quote(at=datetime(2026, 1, 5), kind="anger", quote="furious").quote
    'furious'
    """

    at: datetime
    kind: str
    quote: str


@frozen(kw_only=True)
class Tried:
    """A move that was made, and how often.

    >>> Tried(move="apologise", times=2).times
    2
    """

    move: str
    times: int


@frozen(kw_only=True)
class OpenPromise:
    """A promise and how it stands.

    Attributes:
        what: What was promised.
        due: By when.
        standing: How it stands now.

    >>> OpenPromise(what="a call", due=datetime(2026, 1, 5), standing="open").standing
    'open'
    """

    what: str
    due: datetime
    standing: str


@frozen(kw_only=True)
class Handover:
    """What a human needs on taking a case over.

    Attributes:
        case: The host's name for the case.
        at: When the note was made.
        story: What happened, in at most five lines.
        warnings: What whoever takes over must know first, such as danger.
        tier: Who should handle it.
        because: Why it goes there.
        course: The customer's state, turn by turn.
        cues: What was shown, each with its quote; the same words count once.
        tried: The moves that were made.
        offered: What was offered.
        promised: What was promised, with its due time and standing.
        next: What to do first.
        provisional: What is taken to be so because the customer said it, with their words.
        unknown: What is still to be found out.
        history: Earlier conversations of the case.
        language: The language that it is written in.

    >>> from datetime import datetime
    >>> from deescalate.conversation import Handover
    >>> Handover(at=datetime(2026, 1, 5), story=["it began"], tier="agent").to_markdown()[:10]
    '# Handover'
    """

    case: str = ""
    at: datetime
    story: tuple[str, ...] = field(default=(), converter=_tuple)
    warnings: tuple[str, ...] = ()
    tier: str
    because: tuple[str, ...] = ()
    course: tuple[Moment, ...] = ()
    cues: tuple[Quote, ...] = ()
    tried: tuple[Tried, ...] = ()
    offered: tuple[str, ...] = ()
    promised: tuple[OpenPromise, ...] = ()
    next: tuple[str, ...] = ()
    provisional: tuple[str, ...] = ()
    unknown: tuple[str, ...] = ()
    history: tuple[str, ...] = ()
    language: Language = field(default=ENGLISH, repr=False)

    def to_json(self) -> str:
        """The note for a system, as one JSON object.

        >>> import json
        >>> from datetime import datetime
        >>> from deescalate.conversation import Handover
        >>> json.loads(Handover(at=datetime(2026, 1, 5), tier="agent").to_json())["tier"]
        'agent'
        """
        data = asdict(self, recurse=True, filter=_written, value_serializer=_plain)
        return for_json(json.dumps(data, ensure_ascii=False))

    def to_markdown(self, *, width: int = 80) -> str:
        """The note for a person; what others said makes no markup in it.

        Args:
            width: Characters a line at most, 20 or more.
        """
        say = self.language.say
        heading = "Handover of {case} to {tier}" if self.case else "Handover to {tier}"
        title = f"# {for_markdown(say(heading, case=self.case, tier=say(self.tier)))}"
        sections = (
            ("Read this first", self.warnings),
            ("Why", self.because),
            ("The story", self.story),
            ("How they felt", _course_lines(self.course, self.language)),
            ("What they showed", [f"{say(each.kind)}: “{each.quote}”" for each in self.cues]),
            ("What was tried", [_times(each, self.language) for each in self.tried]),
            ("What was offered", self.offered),
            ("What was promised", [_promise_line(each, self.language) for each in self.promised]),
            ("What to do first", self.next),
            ("Provisional, from what they said", self.provisional),
            ("Still unknown", self.unknown),
            ("Before this", self.history),
        )
        parts = [title]
        for heading, lines in sections:
            if lines:
                parts.append(f"## {say(heading)}\n\n{_bullets(lines, width)}")
        return "\n\n".join(parts) + "\n"


def _written(attribute: "Attribute[object]", _value: object) -> bool:
    return attribute.name != "language"


def _plain(_instance: object, _attribute: object, value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _bullets(lines: Sequence[str], width: int) -> str:
    return "\n".join(
        textwrap.fill(
            shown,
            max(width, 20),
            initial_indent="- ",
            subsequent_indent="  ",
            break_long_words=False,
            break_on_hyphens=False,
        )
        for line in lines
        if (shown := for_markdown(line))
    )


def _course_lines(course: Sequence[Moment], language: Language) -> list[str]:
    """The course in words: each change of the emotion felt most, with the distress there."""
    changes = [
        moment
        for before, moment in zip([None, *course], course, strict=False)
        if before is None or moment.emotion != before.emotion
    ]
    return [f"{each.at:%H:%M} {felt(each.emotion, each.distress, language)}" for each in changes]


def felt(emotion: str, distress: float, language: Language) -> str:
    say = language.say
    return say("{emotion}, distress {distress}", emotion=say(emotion), distress=f"{distress:.2f}")


def _times(tried: Tried, language: Language) -> str:
    name = language.say(tried.move.replace("_", " "))
    if tried.times == 1:
        return name
    return language.say("{what}, {times} times", what=name, times=str(tried.times))


def _promise_line(promise: OpenPromise, language: Language) -> str:
    return language.say(
        "{what}, due {when} ({standing})",
        what=language.say(promise.what),
        when=f"{promise.due:%Y-%m-%d %H:%M %Z}",
        standing=language.say(promise.standing.replace("_", " ")),
    )
