"""The course of one scenario: a reply goes in, and what the customer does next comes out.

The reply is read, reviewed and held to earlier promises by a `Conversation` under the house's
playbook; the customer's mind moves by `react`; what they say next follows from what they were
asked and offered, and from how they feel. A reply takes half a minute, and the customer's next
words up to two: no clock is read.
"""

import tomllib
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from importlib.resources import files

from attrs import evolve

from deescalate.conversation import Turn
from deescalate.emotion import Affect
from deescalate.moves import Move
from deescalate.playbook import Playbook
from deescalate.reading import LanguageReader
from deescalate.simulation._assumptions import Assumptions
from deescalate.simulation._bots import Answer, Message
from deescalate.simulation._heard import Heard, heard_in
from deescalate.simulation._minds import Mind, react
from deescalate.simulation._noise import Noise
from deescalate.simulation._results import DrillEnding, Exchanged, ScenarioResult
from deescalate.simulation._scenarios import Goal, Scenario
from deescalate.text import Text

__all__ = ["MONDAY", "Course"]

MONDAY = datetime(2026, 1, 5, 9, tzinfo=UTC)
"""When a drill takes place where nobody says: a Monday, at nine."""
MOST_TURNS = 12
"""Replies that a scenario takes at most; ours."""
REPLY_S, ANSWER_S = 30.0, 60.0
"""Seconds for a reply, and at least and at most once more for the customer's next words; ours."""
LUCK = 0.35
"""How much of the chance of the simulation a drill keeps, so that what is said decides: ours."""
CONTENT, TAKES_A_NO, UPSET, FURIOUS = 0.55, 0.65, 0.5, 0.75
"""Distress up to which somebody lets it be settled, or takes a no, and from which they leave or
make it public: ours."""
CALMER = 0.05
"""How much less upset than they came somebody is who lets it be settled, and how much more at most
who takes a no, where they met with a kind word: ours."""
HOT, COOL = 0.6, 0.4
"""Distress from which the customer's words are hot, and below which they are cool; ours."""
_HARD = {"respect": 2, "repetition": 2, "readable": 2}
"""Patience that breaking a law takes, beside the one that every reply takes; ours."""
_AS_SEEN = {
    "abusive": "abusive",
    "rambling": "talkative",
    "anxious": "anxious",
    "confused": "confused",
    "curt": "silent",
    "serial_claimant": "serial_claimant",
    "entitled": "overbearing",
    "sarcastic": "disrespectful",
}
"""The manners of the simulation as a strategy knows them; any other is plain."""
_REASONS = frozenset({Move.EXPLAIN, Move.PROPOSE, Move.OFFER_CHOICE, Move.AGREE_PARTIAL})
_KIND = frozenset({Move.EMPATHISE, Move.VALIDATE, Move.APOLOGISE, Move.LABEL_EMOTION})


_GOODBYES = {
    DrillEnding.SETTLED: "settled",
    DrillEnding.RIGHTED: "righted",
    DrillEnding.ACCEPTED: "declined",
    DrillEnding.HANDED_OVER: "handed",
    DrillEnding.PASSED_ON: "handed",
    DrillEnding.LEFT: "leave",
    DrillEnding.WENT_PUBLIC: "public",
    DrillEnding.WANTED_A_BOSS: "boss",
}


class Course:
    """One customer in the midst of it."""

    def __init__(
        self, scenario: Scenario, *, seed: int, start: datetime, playbook: Playbook
    ) -> None:
        self.scenario = scenario
        self.result: ScenarioResult | None = None
        self.exchanged: list[Exchanged] = []
        self.words = scenario.opening
        self._customer = scenario.customer
        self._assume = Assumptions.default()
        self._noise = Noise(seed, scenario.name)
        self._mind = Mind.start(self._customer, noise=self._luck("start", 0), assume=self._assume)
        self._came = self._mind.distress
        self._patience = self._customer.bears
        self._seen: frozenset[Move] = frozenset()
        self._deed = 0.0
        self._stands = False
        self._answered: set[str] = set()
        self._house = playbook
        self._goes_up = False
        talk = playbook.open(at=start, case=scenario.name)
        known = {"can_meet": "no" if scenario.goal is Goal.DECLINE else "yes"}
        manner = _AS_SEEN.get(scenario.manner, "plain")
        talk = talk.learned(at=start, fault=scenario.fault, manner=manner, **known)  # type: ignore[arg-type]  # facts by name
        self.talk = talk.customer_says(self.words, at=start)

    @property
    def messages(self) -> list[Message]:
        """What was said so far, as models take it, after what the agent's side knows."""
        roles = ("user", "assistant")
        said = [
            {"role": roles[turn.review is not None], "content": turn.event.text}
            for turn in self.talk.turns
        ]
        if not self.scenario.known:
            return said
        known = "\n".join(f"- {each}" for each in self.scenario.known)
        return [{"role": "system", "content": f"What you know of the case:\n{known}"}, *said]

    def hear(self, answer: Answer) -> None:
        """The reply, and all that follows from it."""
        if answer.trouble:
            self._ends(DrillEnding.FAILED, answer.trouble, trouble=answer.trouble)
            return
        self._goes_up = self.talk.escalation.escalates
        heard, turn = self._understood(answer.text)
        before = self._mind.distress
        seconds = ANSWER_S * (1.0 + self._noise.uniform("pace", len(self.exchanged)))
        self._mind = react(
            self._customer,
            self._mind,
            heard.said(answer.text),
            seconds=REPLY_S + seconds,
            noise=self._luck("mood", len(self.exchanged)),
            assume=self._assume,
        )
        self.exchanged.append(_noted(self.words, turn, heard, before, self._mind.distress))
        self._remember(heard)
        ended = self._ending(heard)
        if ended is not None:
            self._ends(*ended)
            return
        self.words = self._next(heard, turn)
        self.talk = self.talk.customer_says(
            self.words, at=self.talk.at + timedelta(seconds=round(seconds))
        )

    def _luck(self, purpose: str, turn: int) -> Affect:
        drawn = self._noise.affect(purpose, turn)
        return Affect(
            pleasure=LUCK * drawn.pleasure,
            arousal=LUCK * drawn.arousal,
            dominance=LUCK * drawn.dominance,
        )

    def give_up(self) -> None:
        """Nobody answers any more: it ends with what there is."""
        self._ends(*self._out_of_patience())

    # --- what is made of a reply --------------------------------------------------------------

    def _understood(self, text: str) -> tuple[Heard, Turn]:
        before, theirs = self.talk, self._in_their_language(text)
        at = before.at + timedelta(seconds=REPLY_S)
        reader = before
        if theirs:
            spoken = self.scenario.spoken
            book = evolve(self._house, language=spoken, reader=LanguageReader(spoken))
            reader = evolve(before, judges=book)
        heard_by = reader.agent_says(text, at=at)
        self.talk = evolve(heard_by, judges=self._house)
        turn = heard_by.turns[-1]
        heard = heard_in(
            turn,
            talk=self.talk,
            before=before,
            scenario=self.scenario,
            theirs=theirs,
            offered=self._stands or self._deed > 0.0,
        )
        return heard, turn

    def _in_their_language(self, text: str) -> bool:
        spoken, house = self.scenario.spoken, self._house.language
        if spoken == house:
            return False
        return Text.of(text, spoken).understood > Text.of(text, house).understood

    def _remember(self, heard: Heard) -> None:
        self._seen |= heard.moves
        self._deed = max(self._deed, heard.deed)
        self._stands = (self._stands or heard.offers) and not heard.deed
        cost = 1 + max((_HARD.get(each.law, 0) for each in heard.laws), default=0)
        self._patience -= cost + bool(heard.again) + heard.empty

    # --- how it ends --------------------------------------------------------------------------

    def _ending(self, heard: Heard) -> tuple[DrillEnding, str] | None:
        goal = self.scenario.goal
        if goal is Goal.SETTLE and self._deed and self._content:
            return DrillEnding.SETTLED, "it was put right, and they let it be"
        if goal is Goal.SETTLE and self._goes_up and heard.passes_on:
            return DrillEnding.PASSED_ON, "it went up, as the policy says"
        if goal is not Goal.SETTLE and (heard.passes_on or (heard.theirs and heard.moves)):
            return DrillEnding.HANDED_OVER, "somebody who can help was brought in"
        if goal is Goal.DECLINE and Move.DECLINE in self._seen and self._takes_it:
            return DrillEnding.ACCEPTED, "the no was explained, and they took it"
        if self._patience <= 0 or len(self.exchanged) >= MOST_TURNS:
            return self._out_of_patience()
        return None

    @property
    def _content(self) -> bool:
        """Whether they let a deed settle it: calm, or calmer than they came and kindly met."""
        distress = self._mind.distress
        return distress <= CONTENT or (self._met and distress <= self._came - CALMER)

    @property
    def _takes_it(self) -> bool:
        """Whether they take a no: with a reason, kindly met, hardly more upset than they came."""
        told = self._met and bool(self._seen & _REASONS)
        return told and self._mind.distress <= max(TAKES_A_NO, self._came + CALMER)

    @property
    def _met(self) -> bool:
        return bool(self._seen & _KIND)

    def _out_of_patience(self) -> tuple[DrillEnding, str]:
        if self.scenario.goal is Goal.KEEP_SAFE:
            if Move.SAFETY_CHECK in self._seen:
                return DrillEnding.OPEN, "they were asked, and nobody was brought in"
            return DrillEnding.HARMED, "nobody asked whether they are safe, or brought in help"
        if self._deed:
            return DrillEnding.RIGHTED, "it was put right, and they are still upset"
        return self._unsettled()

    def _unsettled(self) -> tuple[DrillEnding, str]:
        distress, manner = self._mind.distress, self._customer.behaviour
        if distress >= FURIOUS and self._noise.uniform("public") < 0.3 * manner.publicity:
            return DrillEnding.WENT_PUBLIC, f"distress {distress:.2f}, and nothing was put right"
        if distress >= UPSET and self._noise.uniform("boss") < 0.2 + 3.0 * manner.boss:
            return DrillEnding.WANTED_A_BOSS, "they want somebody who can do something"
        if distress >= UPSET:
            return DrillEnding.LEFT, f"patience ran out at distress {distress:.2f}"
        return DrillEnding.OPEN, "nothing was settled when patience ran out"

    def _ends(self, ending: DrillEnding, because: str, *, trouble: str = "") -> None:
        told = self.scenario
        self.result = ScenarioResult(
            scenario=told.name,
            about=told.about,
            hardness=told.hardness.value,
            manner=told.manner,
            grievance=told.grievance.value,
            ending=ending,
            because=because,
            course=tuple(self.exchanged),
            goodbye=self._line(_GOODBYES[ending]) if ending in _GOODBYES else "",
            trouble=trouble,
        )

    # --- what they say next -------------------------------------------------------------------

    def _next(self, heard: Heard, turn: Turn) -> str:
        """What they answer, what they make of it, and how they feel: a few sentences."""
        if heard.empty:
            return self._line("silence")
        if heard.unread:
            return self._line("unread")
        first = self._remark(heard)
        answer = self._answer(heard, turn)
        if answer:
            last = self._line("hot") if self._mind.distress >= HOT else ""
        else:
            last = self._follows(heard, remarked=bool(first))
        return " ".join(filter(None, (first, answer, last)))

    def _remark(self, heard: Heard) -> str:
        if heard.again:
            return self._line("again")
        hurt = any(each.law == "respect" for each in heard.laws)
        return self._line("hurt") if hurt else ""

    def _follows(self, heard: Heard, *, remarked: bool) -> str:
        if heard.offers:
            return self._line("accept" if self._mind.distress < FURIOUS else "refuse")
        if heard.deed:
            return self._line("righted")
        if self._stands:
            return self._line("hold")
        if heard.untimed:
            return self._line("when")
        return "" if remarked else self._line(self._feeling)

    @property
    def _feeling(self) -> str:
        distress = self._mind.distress
        return "hot" if distress >= HOT else "warm" if distress >= COOL else "cool"

    def _answer(self, heard: Heard, turn: Turn) -> str:
        """The answer to what was asked, once; the matter first, where that is still untold."""
        for topic in _asked(heard.moves, turn):
            if topic in self.scenario.answers and topic not in self._answered:
                self._answered.add(topic)
                return self.scenario.answers[topic]
        return ""

    def _line(self, name: str) -> str:
        own = self.scenario.lines.get(name)
        if own is not None:
            return own
        known = _lines()
        options = known.get(self.scenario.manner, {}).get(name) or known["any"][name]
        place = len(self.exchanged)
        first = int(self._noise.uniform("words", index=len(name)) * len(options))
        return options[(first + place) % len(options)]


def _noted(words: str, turn: Turn, heard: Heard, before: float, after: float) -> Exchanged:
    review = turn.review
    return Exchanged(
        customer=words,
        reply=turn.event.text,
        before=round(before, 4),
        after=round(after, 4),
        score=0.0 if review is None else round(review.score, 4),
        moves=tuple(dict.fromkeys(each.move.value for each in turn.moves)),
        findings=() if review is None else review.findings,
        laws=heard.laws,
    )


_QUESTIONS: Mapping[Move, Sequence[str]] = {
    Move.SAFETY_CHECK: ("safe",),
    Move.ELICIT_WANT: ("wish",),
    Move.OFFER_CHOICE: ("choice",),
    Move.OPEN_QUESTION: ("matter",),
    Move.SUMMARISE: (),
}
_WORDS = {
    "since": ("since when", "how long", "when did", "when was", "what date", "which day"),
    "reference": ("number", "reference", "order", "booking", "account", "contract", "invoice"),
    "wish": ("would you like", "what would", "prefer", "want"),
}


def _asked(moves: frozenset[Move], turn: Turn) -> list[str]:
    """What a reply asks for, the surest first."""
    asked = [topic for move in moves for topic in _QUESTIONS.get(move, ())]
    questions = [each for each in turn.moves if each.move.asks]
    if not questions:
        return []
    last = max(each.span.end for each in questions)
    told = turn.event.text[:last].casefold()
    words = [topic for topic, each in _WORDS.items() if any(word in told for word in each)]
    rest = ["matter", "reference", "since", "wish"] if Move.CLOSED_QUESTION in moves else ["matter"]
    return list(dict.fromkeys((*sorted(asked), *words, *rest)))


@cache
def _lines() -> Mapping[str, Mapping[str, Sequence[str]]]:
    shipped = files("deescalate.simulation").joinpath("data/lines.toml")
    return tomllib.loads(shipped.read_text(encoding="utf-8"))
