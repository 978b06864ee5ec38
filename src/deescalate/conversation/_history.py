"""What has been done and shown so far, as the plain facts that strategy and policy ask for."""

from collections.abc import Iterable
from datetime import UTC, datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Self, TypeVar

from attrs import frozen

from deescalate.conversation._told import Found, Told, is_alike
from deescalate.cues import CueKind, Reading
from deescalate.moves import Move

__all__ = ["History", "Message", "Reply", "changed"]

Whole = TypeVar("Whole")
HEARING = frozenset(
    {Move.ATTEND, Move.GIVE_SPACE, Move.MINIMAL_ENCOURAGE, Move.MIRROR}
    | {Move.PARAPHRASE, Move.SUMMARISE, Move.LABEL_EMOTION}
)
PLAYING_BACK = frozenset({Move.PARAPHRASE, Move.SUMMARISE})
ACKNOWLEDGING = frozenset({Move.LABEL_EMOTION, Move.VALIDATE, Move.EMPATHISE})
OWNING = frozenset({Move.APOLOGISE, Move.OWN_RESPONSIBILITY})
STEPS = frozenset({Move.ACT, Move.INFORM, Move.FOLLOW_UP, Move.ACCEPT, Move.PARTNER})
ASKING = frozenset({Move.OPEN_QUESTION, Move.CLOSED_QUESTION, Move.ELICIT_WANT})
OFFERING = frozenset({Move.PROPOSE, Move.OFFER_CHOICE})

WANTING = (CueKind.SUGGESTION, CueKind.MONEY_DEMAND, CueKind.REFUND_REQUEST)
AGREEING = frozenset({CueKind.ACCEPTANCE, CueKind.THANKS})
THREATS = frozenset(kind for kind in CueKind if kind.value.startswith("threat_"))
NAMED_THREATS = (
    (CueKind.THREAT_LEGAL, "legal"),
    (CueKind.THREAT_PUBLICITY, "publicity"),
    (CueKind.THREAT_LEAVING, "leaving"),
)
ABUSE = (CueKind.INSULT,)
VULNERABILITY = (
    CueKind.VULNERABLE_HEALTH,
    CueKind.VULNERABLE_MONEY,
    CueKind.VULNERABLE_BEREAVEMENT,
    CueKind.VULNERABLE_AGE,
)

LOSS = CueKind.VULNERABLE_BEREAVEMENT
REOPENING = frozenset({CueKind.UNRESOLVED, CueKind.BROKEN_PROMISE})
TELLING = frozenset({"since", "reference", "wish", "exception"})

LAST = datetime.max.replace(tzinfo=UTC)
REMEMBERED = 16
"""How many of the agent's last sayings a new one is compared with: ours."""
HEATED = 0.5
"""Distress from which a conversation was heated: ours, as in the shipped strategy."""
COOLER = 4
"""How many times shorter than their longest turn one is that shows coldness: ours."""
RISE = 0.15
"""Distress gained since the last turn that counts as growing more upset: ours."""
LONG_WORDS, SHORT_WORDS = 45, 2
"""Words of a turn that is long or short, for the talkative and the silent: ours."""


def changed(whole: Whole, **parts: Any) -> Whole:
    """The same with some parts changed, as `attrs.evolve` does it, in a tenth of the time.

    The parts are taken as they are, and what was worked out of the old ones is left behind.

    Args:
        whole: A frozen value without slots.
        parts: Fields of it, by name.
    """
    new = object.__new__(type(whole))
    new.__dict__.update(whole.__dict__, **parts)
    new.__dict__.pop("facts", None)
    return new


@frozen(kw_only=True)
class Message:
    """What is known of a customer's message beside its reading.

    Attributes:
        at: When it was said.
        words: How many words it has, 0 or more.
        rise: How much more distressed they are than after their last turn, -1 to 1.
        distress: The customer's distress after it, 0 to 1.
        asks: Whether it asks a question.
        found: What it tells of the case.
        understood: Whether its words are known to the reader.
        whole: Whether all of it was read; it may have been too long.
    """

    at: datetime = LAST
    words: int = 0
    rise: float = 0.0
    distress: float = 0.0
    asks: bool = False
    found: tuple[Found, ...] = ()
    understood: bool = True
    whole: bool = True

    def tells(self, what: str) -> bool:
        """Whether it tells something of a kind."""
        return any(found.what == what for found in self.found)

    @property
    def faults(self) -> frozenset[str]:
        """The kinds of fault that it tells of."""
        return frozenset(each.what for each in self.found if each.what.startswith("fault."))


@frozen(kw_only=True)
class Reply:
    """What an agent's reply does beside the moves that it makes.

    Attributes:
        at: When it was said.
        text: Its text.
        answers: Whether it says something that may answer a question.
        done: Whether it says that something is done, rather than that it will be.
        tells: The kinds of thing that it tells.
        sayings: Its advice, links and questions.
        untimed: Whether it promises something without a time.
    """

    at: datetime | None = None
    text: str = ""
    answers: bool = False
    done: bool = False
    tells: frozenset[str] = frozenset()
    sayings: tuple[frozenset[str], ...] = ()
    untimed: bool = False


SILENT = Reply()
NOTHING: frozenset[str] = frozenset()


@frozen(kw_only=True, slots=False)
class History:
    """What the agent has done and the customer has shown so far.

    Attributes:
        customer_turns: Turns of the customer.
        agent_turns: Turns of the agent.
        heard: Whether they have been heard since they last grew more upset.
        played_back: Whether what they said has been played back since then.
        acknowledged: Whether the feeling has been acknowledged since then.
        apologies: Apologies made.
        responsibility_owned: Whether our part has been owned.
        reassured: Whether they have been told since then that someone has this in hand.
        asked: Whether the matter has been asked about.
        explained: Whether the cause has been explained.
        offered: Whether a remedy has been offered.
        refused: Whether the last offer was refused.
        refusals: Offers refused.
        agreed: Whether the last offer or next step was accepted, with a yes or with thanks.
        resolved: Whether the matter is settled.
        suggestion: Whether a wish of theirs waits for an answer.
        limits: Limits set.
        helped: Whether someone else was brought in.
        proposed: Whether an offer or a next step waits for a yes.
        questioned: Whether the last reply asked something else, which a yes would answer.
        contacts: How often they say they had to get in touch.
        repeat_contact: Whether they say that this is not the first time.
        waited_s: The longest wait they complain of, in seconds.
        told_of_broken_promise: Whether they say that a promise was broken.
        demand: The largest sum they ask for.
        demand_currency: Its currency, where they say it.
        abusive_turns: Turns with an insult.
        short_turns: Turns in a row of hardly a word.
        vulnerable: Whether health, money, age or a loss make it harder for them.
        unanswered: Whether they asked something that nobody has answered.
        not_understood: Whether their last message was in words that the reader does not know.
        open_matters: The faults told and not settled since, by kind.
        told: What was told of the case, each kind once, with the words.
        heated: Whether they were ever very upset.
        most_words: Words of their longest turn.
        cooling: Whether they have grown short and formal after heat, without thanks.
        rounds_without_deed: Rounds of talk since something was last done.
        repeated_advice: How often advice, a link or a question was given again since then.
        untimed_promises: Promises without a time since then.
        sayings: What was last advised, linked or asked.
        replied: Whether the agent spoke since the customer last did.
        asked_at: When the agent asked what is not answered yet.
        safety_asked: The text of a question about safety that is not answered yet.
        cannot_know_yet: Whether the agent has said that the answer is not there yet.
        rising: Whether the last turn showed them growing more upset.
        last: The kinds of cue in the last customer turn.
        ever: The kinds of cue in all of them.
        last_words: Words in the last customer turn.

    >>> from deescalate.conversation import History
    >>> from deescalate.moves import Move
    >>> History().after_agent([Move.APOLOGISE]).apologies
    1
    """

    customer_turns: int = 0
    agent_turns: int = 0
    heard: bool = False
    played_back: bool = False
    acknowledged: bool = False
    apologies: int = 0
    responsibility_owned: bool = False
    reassured: bool = False
    asked: bool = False
    explained: bool = False
    offered: bool = False
    refused: bool = False
    refusals: int = 0
    agreed: bool = False
    resolved: bool = False
    suggestion: bool = False
    limits: int = 0
    helped: bool = False
    proposed: bool = False
    questioned: bool = False
    contacts: int = 0
    repeat_contact: bool = False
    waited_s: float = 0.0
    told_of_broken_promise: bool = False
    demand: Decimal | None = None
    demand_currency: str | None = None
    abusive_turns: int = 0
    short_turns: int = 0
    vulnerable: bool = False
    unanswered: bool = False
    not_understood: bool = False
    open_matters: frozenset[str] = frozenset()
    told: tuple[Told, ...] = ()
    heated: bool = False
    most_words: int = 0
    cooling: bool = False
    rounds_without_deed: int = 0
    repeated_advice: int = 0
    untimed_promises: int = 0
    sayings: tuple[frozenset[str], ...] = ()
    replied: bool = False
    asked_at: datetime | None = None
    safety_asked: str = ""
    cannot_know_yet: bool = False
    rising: bool = False
    last: frozenset[CueKind] = frozenset()
    ever: frozenset[CueKind] = frozenset()
    last_words: int = 0

    def after_agent(self, moves: Iterable[Move], reply: Reply = SILENT) -> Self:
        """What is so after the agent made some moves.

        Args:
            moves: The moves.
            reply: What else the reply does.

        >>> from deescalate.conversation import History
        >>> from deescalate.moves import Move
        >>> History().after_agent([Move.VALIDATE]).acknowledged
        True
        """
        made = frozenset(moves)
        offering = bool(made & OFFERING)
        asking = any(move.asks for move in made)
        spoken = changed(
            self,
            agent_turns=self.agent_turns + 1,
            heard=self.heard or bool(made & HEARING),
            played_back=self.played_back or bool(made & PLAYING_BACK),
            acknowledged=self.acknowledged or bool(made & ACKNOWLEDGING) or made >= OWNING,
            apologies=self.apologies + (Move.APOLOGISE in made),
            responsibility_owned=self.responsibility_owned or Move.OWN_RESPONSIBILITY in made,
            reassured=self.reassured or Move.REASSURE in made,
            asked=self.asked or bool(made & ASKING),
            explained=self.explained or Move.EXPLAIN in made,
            limits=self.limits + (Move.SET_LIMIT in made),
            helped=self.helped or Move.SEEK_HELP in made,
            proposed=self.proposed or offering or bool(made & STEPS),
            questioned=asking and not (made & (OFFERING | STEPS)),
            offered=self.offered or offering,
            refused=self.refused and not offering,
            suggestion=self.suggestion and not offering,
            unanswered=self.unanswered and not reply.answers,
            repeated_advice=self.repeated_advice + self._says_again(reply.sayings),
            untimed_promises=self.untimed_promises + reply.untimed,
            sayings=(*self.sayings, *reply.sayings)[-REMEMBERED:],
            replied=True,
            asked_at=reply.at if asking else self.asked_at,
            safety_asked=reply.text if Move.SAFETY_CHECK in made else self.safety_asked,
            cannot_know_yet=not reply.done
            and (self.cannot_know_yet or "not known yet" in reply.tells),
        )
        return spoken.after_deed() if reply.done else spoken

    def _says_again(self, sayings: Iterable[frozenset[str]]) -> bool:
        return any(is_alike(one, other) for one in sayings for other in self.sayings)

    def after_deed(self) -> Self:
        """What is so after something was done, and not only said.

        >>> from deescalate.conversation import History
        >>> History(rounds_without_deed=3).after_deed().rounds_without_deed
        0
        """
        return changed(self, rounds_without_deed=0, repeated_advice=0, untimed_promises=0)

    def settled(self, *, so: bool) -> Self:
        """What is so after the host said that the matter is settled, or that it is not.

        >>> from deescalate.conversation import History
        >>> History(agreed=True).settled(so=False).agreed
        False
        """
        if not so:
            return changed(self, resolved=False, agreed=False)
        done = changed(self, resolved=True, unanswered=False, open_matters=frozenset())
        return done.after_deed()

    def after_offer(self) -> Self:
        """What is so after a remedy was offered.

        >>> from deescalate.conversation import History
        >>> History(refused=True).after_offer().refused
        False
        """
        offered = changed(self, offered=True, proposed=True, refused=False, suggestion=False)
        return offered.after_deed()

    def after_customer(self, reading: Reading, message: Message) -> Self:
        """What is so after the customer said something.

        Args:
            reading: What it shows.
            message: What else is known of it.

        Growing more upset undoes the listening: they have to be heard and acknowledged again. A
        yes counts where something was proposed; a new fault, figure, wish or refusal takes it back.
        """
        kinds, words = reading.acted_on, message.words
        rising = message.rise >= RISE and self.customer_turns > 0
        refusing = self.offered and CueKind.REFUSAL in kinds
        wanting = bool(kinds.intersection(WANTING)) or message.tells("exception")
        agreeing = bool(kinds & AGREEING) and not (refusing or wanting or rising or kinds & THREATS)
        faults = message.faults if not agreeing else NOTHING
        unsettled = refusing or wanting or bool(faults) or bool(kinds & REOPENING and not agreeing)
        solved = message.tells("solved") and not (message.asks or wanting or rising or bool(faults))
        unclear = unsettled or message.asks or not (message.understood and message.whole)
        accepting = agreeing and self.proposed and not self.questioned
        demands = [cue for cue in reading.of(CueKind.MONEY_DEMAND) if cue.amount is not None]
        demand = max(demands, key=lambda cue: cue.amount or Decimal(0), default=None)
        warm = bool(kinds & AGREEING)
        return changed(
            self,
            customer_turns=self.customer_turns + 1,
            heard=self.heard and not rising,
            played_back=self.played_back and not rising,
            acknowledged=self.acknowledged and not rising,
            reassured=self.reassured and not rising,
            rising=rising,
            questioned=False,
            refused=refusing or (self.refused and not accepting),
            refusals=self.refusals + refusing,
            proposed=self.proposed and not (accepting or refusing),
            agreed=accepting or (self.agreed and not unclear),
            resolved=solved or (self.resolved and not unsettled),
            suggestion=wanting or (self.suggestion and not accepting),
            unanswered=message.asks or (self.unanswered and not solved),
            not_understood=not message.understood,
            open_matters=NOTHING if accepting or solved else self.open_matters | faults,
            told=self._told(message, reading),
            contacts=max([self.contacts, *_counts(reading, CueKind.REPEAT_CONTACT)]),
            repeat_contact=self.repeat_contact or CueKind.REPEAT_CONTACT in kinds,
            waited_s=max(
                [self.waited_s, *(cue.seconds or 0.0 for cue in reading.of(CueKind.LONG_WAIT))]
            ),
            told_of_broken_promise=self.told_of_broken_promise or CueKind.BROKEN_PROMISE in kinds,
            demand=demand.amount if demand else self.demand,
            demand_currency=demand.currency if demand else self.demand_currency,
            abusive_turns=self.abusive_turns + bool(kinds.intersection(ABUSE)),
            short_turns=self.short_turns + 1
            if words <= SHORT_WORDS and not kinds and message.understood
            else 0,
            vulnerable=self.vulnerable or bool(kinds.intersection(VULNERABILITY)),
            heated=self.heated or message.distress >= HEATED,
            most_words=max(self.most_words, words),
            cooling=self.heated
            and CueKind.THANKS not in kinds
            and message.understood
            and 0 < words * COOLER <= self.most_words,
            rounds_without_deed=self.rounds_without_deed + (self.replied and not warm),
            replied=False,
            asked_at=None,
            safety_asked="",
            last=kinds,
            ever=self.ever | kinds,
            last_words=words,
        )

    def _told(self, message: Message, reading: Reading) -> tuple[Told, ...]:
        """What was told so far: of each kind, the words that told it first."""
        wishes = (Found("wish", cue.quote) for cue in reading.of(*WANTING))
        lost = (Found("not ours.loss", cue.quote) for cue in reading.of(LOSS))
        known = {each.what for each in self.told}
        new: dict[str, Told] = {}
        for found in (*message.found, *wishes, *lost):
            if found.what in TELLING or found.what.startswith(("fault.", "not ours.")):
                told = Told(what=found.what, quote=found.quote, at=message.at)
                new.setdefault(found.what, told)
        return (*self.told, *(told for what, told in new.items() if what not in known))

    def words_for(self, what: str) -> str:
        """The words that told something of a kind, such as ``fault`` or ``since``; or nothing.

        >>> from deescalate.conversation import History
        >>> History().words_for("since")
        ''
        """
        told = (each for each in self.told if f"{each.what}.".startswith(f"{what}."))
        return next((each.quote for each in told), "")

    @cached_property
    def facts(self) -> dict[str, Any]:
        """The facts that depend on nothing else, by name."""
        not_ours = bool(self.words_for("not ours"))
        exception = bool(self.words_for("exception"))
        threat = next((name for kind, name in NAMED_THREATS if kind in self.ever), "none")
        return {
            "rising": self.rising,
            "vulnerable": self.vulnerable,
            "manner": self.manner,
            "personal_remark": CueKind.INSULT in self.last,
            "off_topic": CueKind.OFF_TOPIC in self.last,
            "asks_human": CueKind.ASKS_HUMAN in self.last,
            "asks_supervisor": CueKind.ASKS_SUPERVISOR in self.last,
            "lost": CueKind.THREAT_LEAVING in self.last and self.refusals > 0,
            "turns": self.agent_turns,
            "heard": self.heard,
            "played_back": self.played_back,
            "acknowledged": self.acknowledged,
            "apologies": self.apologies,
            "responsibility_owned": self.responsibility_owned,
            "reassured": self.reassured,
            "asked": self.asked,
            "explained": self.explained,
            "offered": self.offered,
            "refused": self.refused,
            "agreed": self.agreed,
            "resolved": self.resolved,
            "limits": self.limits,
            "helped": self.helped,
            "fault": self._fault(not_ours=not_ours),
            "not_our_doing": not_ours,
            "exception_asked": exception,
            "waiting_for_news": self.cannot_know_yet,
            "told_matter": bool(self.words_for("fault")),
            "told_since": bool(self.words_for("since")),
            "told_wish": exception or bool(self.words_for("wish")),
            "told_reference": bool(self.words_for("reference")),
            "unanswered": self.unanswered,
            "not_understood": self.not_understood,
            "open_matters": len(self.open_matters),
            "rounds_without_deed": self.rounds_without_deed,
            "repeated_advice": self.repeated_advice,
            "untimed_promises": self.untimed_promises,
            "cooling": self.cooling,
            "suggestion": self.suggestion,
            "contacts": max(self.contacts, 2 if self.repeat_contact else 1),
            "repeat_contact": self.repeat_contact,
            "broken_promises": int(self.told_of_broken_promise),
            "promise_broken": CueKind.BROKEN_PROMISE in self.last
            or (self.told_of_broken_promise and not self.responsibility_owned),
            "threat": "none" if self.resolved else threat,
            "abusive": self.abusive_turns > self.limits and self.abusive_turns >= 2,
            "refused_offers": self.refusals,
        }

    def _fault(self, *, not_ours: bool) -> str:
        """Whose fault it is as far as was said: ours where we own it or they tell of one."""
        if self.responsibility_owned:
            return "ours"
        if not_ours:
            return "nobody"
        return "ours" if self.words_for("fault") else "unknown"

    @property
    def manner(self) -> str:
        """How they behave now, as far as it calls for an answer of its own.

        >>> from deescalate.conversation import History
        >>> from deescalate.cues import CueKind
        >>> History(last=frozenset({CueKind.CONFUSION})).manner
        'confused'
        """
        if self.last.intersection(ABUSE) and (
            self.abusive_turns > 1 or CueKind.PROFANITY in self.last
        ):
            return "abusive"
        if CueKind.ANXIETY in self.last:
            return "anxious"
        if CueKind.CONFUSION in self.last:
            return "confused"
        if CueKind.OFF_TOPIC in self.last and self.last_words >= LONG_WORDS // 2:
            return "talkative"
        return "silent" if self.short_turns >= 2 else "plain"


def _counts(reading: Reading, kind: CueKind) -> list[int]:
    """The numbers that cues of a kind carry, as whole contacts of a believable size."""
    return [min(int(cue.count), 1_000) for cue in reading.of(kind) if cue.count]
