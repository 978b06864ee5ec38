"""What is in a handover: the story in words, what was tried and promised, what is unknown."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, partial

from deescalate.advice import Plan, Situation
from deescalate.conversation._events import CustomerSaid, Offered
from deescalate.conversation._handover import Handover, Moment, OpenPromise, Quote, Tried, felt
from deescalate.conversation._history import WANTING
from deescalate.conversation._masking import masked_passage, places_in
from deescalate.conversation._state import State, Turn
from deescalate.languages import Language
from deescalate.promises import instant

__all__ = ["handover_of", "shortened"]

SHORT = 160
"""Characters of a message that a story line quotes: ours."""


def shortened(text: str, limit: int = SHORT) -> str:
    """The beginning of a text, cut at a word where there is one.

    >>> shortened("one two three", 9)
    'one …'
    """
    if len(text) <= limit:
        return text
    head = text[: limit - 1].rstrip()
    return (head.rsplit(maxsplit=1)[0] if " " in head.strip() else head) + " …"


WARNINGS = {
    "self_harm": "danger: they spoke of harming themselves; stay with them until help is there",
    "violence": "danger: they spoke of violence; tell security before any meeting",
}
OF_OTHERS = {
    "self_harm": "danger: they fear that somebody harms themselves; ask where that person is",
    "violence": "danger: somebody harms or threatens them or others; tell nobody where they are",
}


class _Words:
    """What others said, as the note may show it: masked whole, before anything is cut from it."""

    def __init__(
        self, said: Sequence[str], places: Callable[[str], Sequence[tuple[int, int, str]]]
    ) -> None:
        self._said = said
        self._places = cache(places)

    def whole(self, text: str) -> str:
        """A whole text."""
        return self.passage(text, 0, len(text))

    def short(self, text: str) -> str:
        """The beginning of a text."""
        return shortened(self.whole(text))

    def passage(self, text: str, start: int, end: int) -> str:
        """A passage of a text."""
        return masked_passage(text, start, end, self._places(text))

    def quote(self, quote: str) -> str:
        """The beginning of words that stand in something that was said."""
        text = next((each for each in self._said if quote in each), quote)
        start = text.index(quote)
        return shortened(self.passage(text, start, start + len(quote)))


def handover_of(
    state: State,
    *,
    plan: Plan,
    situation: Situation,
    masked: bool = True,
    keep: Iterable[str] = (),
    regions: Sequence[str] = (),
) -> Handover:
    """Write the note of a conversation."""
    said = _said(state)
    kept = (*keep, state.opened.case)
    words = _Words(
        [turn.event.text for turn in said],
        partial(places_in, keep=kept, regions=regions) if masked else lambda _: (),
    )
    first_said = {
        (cue.kind, cue.quote.casefold()): Quote(
            at=turn.event.at,
            kind=cue.kind.value.replace("_", " "),
            quote=words.passage(turn.event.text, cue.span.start, cue.span.end),
        )
        for turn in reversed(said)
        for cue in reversed(turn.reading.cues)
    }
    moves = (dict.fromkeys(each.move for each in turn.moves) for turn in state.turns)
    made = Counter(move for each in moves for move in each)
    decision, language = state.decision, plan.language
    say = language.say
    return Handover(
        case=state.opened.case,
        at=state.at,
        story=tuple(_story(state, words, language)),
        warnings=tuple(_warnings(state, words, language)),
        tier=decision.tier,
        because=tuple(words.whole(say(each)) for each in decision.because),
        course=tuple(
            Moment(at=turn.event.at, distress=turn.emotion.distress, emotion=turn.emotion.dominant)
            for turn in said
        ),
        cues=tuple(reversed(first_said.values())),
        tried=tuple(Tried(move=move.value, times=times) for move, times in made.items()),
        offered=tuple(map(words.whole, _offers(state))),
        promised=tuple(
            OpenPromise(
                what=words.whole(promise.what),
                due=state.ledger.due(promise.name, at=state.at),
                standing=state.ledger.standing(promise.name, at=state.at).value,
            )
            for promise in state.ledger.promises
        ),
        next=tuple(f"{say(step.move.purpose)}: {say(step.because)}" for step in plan.moves),
        provisional=tuple(_provisional(state, words, language)),
        unknown=tuple(_unknown(state, situation, language)),
        history=tuple(map(words.whole, state.opened.history)),
        language=language,
    )


def _said(state: State) -> list[Turn]:
    """The customer's turns."""
    return [turn for turn in state.turns if isinstance(turn.event, CustomerSaid)]


def _story(state: State, words: _Words, language: Language) -> Iterator[str]:
    """At most five lines: when, the beginning, the worst moment, the wish, where it stands."""
    say = language.say
    said = _said(state)
    minutes = (instant(state.at) - instant(state.opened.at)).total_seconds() / 60.0
    yield say(
        "opened {when}, {messages} and {replies} in {length}",
        when=f"{state.opened.at:%Y-%m-%d %H:%M %Z}",
        messages=_count(len(said), "1 message", "{count} messages", language),
        replies=_count(len(state.turns) - len(said), "1 reply", "{count} replies", language),
        length=_length(minutes, language),
    )
    if not said:
        return
    yield say("it began with “{words}”", words=words.short(said[0].event.text))
    worst = max(said, key=lambda turn: turn.emotion.distress)
    if worst is not said[0] and worst is not said[-1]:
        yield say(
            "at the worst, at {when}: “{words}”",
            when=f"{worst.event.at:%H:%M}",
            words=words.short(worst.event.text),
        )
    wish = next((cue for turn in reversed(said) for cue in turn.reading.of(*WANTING)), None)
    if wish is not None:
        yield say("they want: “{words}”", words=words.quote(wish.quote))
    last = said[-1]
    yield say(
        "it is settled; {felt}" if state.history.resolved else "it is open; {felt}",
        felt=felt(last.emotion.dominant, last.emotion.distress, language),
    ) + (
        say(", last words “{words}”", words=words.short(last.event.text))
        if last is not said[0]
        else ""
    )


def _count(number: int, one: str, more: str, language: Language) -> str:
    return language.say(one) if number == 1 else language.say(more, count=str(number))


def _length(minutes: float, language: Language) -> str:
    if minutes < 90:
        return f"{minutes:.0f} min"
    if minutes < 48 * 60:
        return f"{minutes / 60:.0f} h"
    return language.say("{count} days", count=f"{minutes / 1_440:.0f}")


def _warnings(state: State, words: _Words, language: Language) -> Iterator[str]:
    say, danger, sign = language.say, state.danger, words.quote(state.danger.because)
    for kind in danger.open:
        warning = (OF_OTHERS if danger.comes_from == "other" else WARNINGS)[kind]
        yield f"{say(warning)} (“{sign}”, {danger.since:%Y-%m-%d %H:%M %Z})"
    if danger.unanswered:
        sign = words.quote(danger.suspected_because)
        line = "danger is possible, and nobody has an answer yet: ask whether they are safe"
        yield f"{say(line)} (“{sign}”, {danger.suspected_at:%Y-%m-%d %H:%M %Z})"
    if danger.watched(state.at):
        why = words.quote(danger.cleared_because)
        yield say("there was danger (“{sign}”); {why}", sign=sign, why=why)
    if state.broken:
        broken = "{count} promise(s) to them were broken: say so before anything else"
        yield say(broken, count=str(state.broken))
    strange = [turn for turn in _said(state) if turn.situation.not_understood]
    if strange:
        line = "not understood: {messages}, the last “{words}”: find somebody who reads it"
        messages = _count(len(strange), "1 message", "{count} messages", language)
        yield say(line, messages=messages, words=words.short(strange[-1].event.text))
    long = [turn for turn in _said(state) if turn.reading.unread]
    if long:
        line = (
            "too long to be read whole: {messages}, the last by {count} characters: read the rest"
        )
        messages = _count(len(long), "1 message", "{count} messages", language)
        yield say(line, messages=messages, count=str(long[-1].reading.unread))
    if state.unread:
        lines = _count(len(state.unread), "1 line", "{count} lines", language)
        yield say("{lines} of the log could not be read: see what is there", lines=lines)
    if state.history.vulnerable:
        yield say("they told of something that makes this harder for them: see what they showed")


def _provisional(state: State, words: _Words, language: Language) -> Iterator[str]:
    for told in state.history.told:
        fact = "fault" if told.what.startswith(("fault.", "not ours.")) else told.what
        if fact not in state.known:
            what = language.say(told.what.replace(".", ": ").replace("_", " "))
            yield f"{what} (“{words.quote(told.quote)}”, {told.at:%Y-%m-%d %H:%M})"


def _offers(state: State) -> Iterator[str]:
    for event in state.events:
        if isinstance(event, Offered):
            yield event.what + (f" ({event.amount})" if event.amount else "")


def _unknown(state: State, situation: Situation, language: Language) -> Iterator[str]:
    say = language.say
    if situation.fault == "unknown":
        yield say("whose fault it was")
    if situation.can_meet == "unknown":
        yield say("whether what they want can be given")
    if not (situation.told_wish or state.history.ever & {*WANTING}):
        yield say("what would put it right for them")
    if not (state.history.asked or situation.told_matter):
        yield say("the root cause: nobody has asked yet")
    missing = [name.replace("_", " ") for name in state.decision.missing]
    if missing:
        facts = ", ".join(map(say, missing))
        yield say("for the decision who should have it: {facts}", facts=facts)
