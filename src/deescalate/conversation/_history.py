"""What has been done and shown so far, as the plain facts that strategy and policy ask for."""

from collections.abc import Iterable
from decimal import Decimal
from typing import Self

from attrs import evolve, frozen

from deescalate.cues import CueKind, Reading
from deescalate.moves import Move

__all__ = ["History"]

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
ABUSE = (CueKind.INSULT,)
VULNERABILITY = (
    CueKind.VULNERABLE_HEALTH,
    CueKind.VULNERABLE_MONEY,
    CueKind.VULNERABLE_BEREAVEMENT,
    CueKind.VULNERABLE_AGE,
)

RISE = 0.15
"""Distress gained since the last turn that counts as growing more upset: ours."""
LONG_WORDS, SHORT_WORDS = 45, 2
"""Words of a turn that is long or short, for the talkative and the silent: ours."""


@frozen(kw_only=True)
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
        next_step: Whether the last reply said what happens next.
        contacts: How often they say they had to get in touch.
        repeat_contact: Whether they say that this is not the first time.
        waited_s: The longest wait they complain of, in seconds.
        told_of_broken_promise: Whether they say that a promise was broken.
        demand: The largest sum they ask for.
        demand_currency: Its currency, where they say it.
        abusive_turns: Turns with an insult.
        short_turns: Turns in a row of hardly a word.
        vulnerable: Whether health, money, age or a loss make it harder for them.
        danger_shown: The gravest danger shown so far: ``self_harm``, ``violence`` or ``none``.
        danger_turn: The customer turn, from 1, that last showed danger.
        rising: Whether the last turn showed them growing more upset.
        last: The kinds of cue in the last customer turn.
        ever: The kinds of cue in all of them.
        last_words: Words in the last customer turn.

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
    next_step: bool = False
    contacts: int = 0
    repeat_contact: bool = False
    waited_s: float = 0.0
    told_of_broken_promise: bool = False
    demand: Decimal | None = None
    demand_currency: str | None = None
    abusive_turns: int = 0
    short_turns: int = 0
    vulnerable: bool = False
    danger_shown: str = "none"
    danger_turn: int = -1
    rising: bool = False
    last: frozenset[CueKind] = frozenset()
    ever: frozenset[CueKind] = frozenset()
    last_words: int = 0

    def after_agent(self, moves: Iterable[Move]) -> Self:
        """What is so after the agent made some moves.

        >>> History().after_agent([Move.VALIDATE]).acknowledged
        True
        """
        made = frozenset(moves)
        offering = bool(made & OFFERING)
        return evolve(
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
            next_step=bool(made & STEPS),
            offered=self.offered or offering,
            refused=self.refused and not offering,
            agreed=self.agreed or Move.PARTNER in made,
            suggestion=self.suggestion and not offering,
        )

    def settled(self, *, so: bool) -> Self:
        """What is so after the host said that the matter is settled, or that it is not.

        >>> History(agreed=True).settled(so=False).agreed
        False
        """
        return evolve(self, resolved=so, agreed=self.agreed and so)

    def after_offer(self) -> Self:
        """What is so after a remedy was offered.

        >>> History(refused=True).after_offer().refused
        False
        """
        return evolve(self, offered=True, refused=False, suggestion=False)

    def after_customer(self, reading: Reading, *, rise: float, words: int) -> Self:
        """What is so after the customer said something.

        Args:
            reading: What it shows.
            rise: How much more distressed they are than after their last turn, -1 to 1.
            words: How many words it has, 0 or more.

        Growing more upset undoes the listening: they have to be heard and acknowledged again.

        >>> upset = History(customer_turns=1, acknowledged=True)
        >>> upset.after_customer(Reading(), rise=0.3, words=5).acknowledged
        False
        """
        kinds = reading.kinds
        rising = rise >= RISE and self.customer_turns > 0
        refusing = self.offered and CueKind.REFUSAL in kinds
        wanting = bool(kinds.intersection(WANTING))
        agreeing = bool(kinds & AGREEING) and not (refusing or wanting or rising or kinds & THREATS)
        accepting = agreeing and (self.offered or self.next_step)
        demands = [cue for cue in reading.of(CueKind.MONEY_DEMAND) if cue.amount is not None]
        demand = max(demands, key=lambda cue: cue.amount or Decimal(0), default=None)
        return evolve(
            self,
            customer_turns=self.customer_turns + 1,
            heard=self.heard and not rising,
            played_back=self.played_back and not rising,
            acknowledged=self.acknowledged and not rising,
            reassured=self.reassured and not rising,
            rising=rising,
            refused=refusing or (self.refused and not accepting),
            refusals=self.refusals + refusing,
            agreed=accepting or (self.agreed and not refusing),
            suggestion=wanting or (self.suggestion and not accepting),
            contacts=max([self.contacts, *_counts(reading, CueKind.REPEAT_CONTACT)]),
            repeat_contact=self.repeat_contact or CueKind.REPEAT_CONTACT in kinds,
            waited_s=max(
                [self.waited_s, *(cue.seconds or 0.0 for cue in reading.of(CueKind.LONG_WAIT))]
            ),
            told_of_broken_promise=self.told_of_broken_promise or CueKind.BROKEN_PROMISE in kinds,
            demand=demand.amount if demand else self.demand,
            demand_currency=demand.currency if demand else self.demand_currency,
            abusive_turns=self.abusive_turns + bool(kinds.intersection(ABUSE)),
            short_turns=self.short_turns + 1 if words <= SHORT_WORDS and not kinds else 0,
            vulnerable=self.vulnerable or bool(kinds.intersection(VULNERABILITY)),
            danger_shown=_danger(kinds | self.ever),
            danger_turn=(self.customer_turns + 1 if _danger(kinds) != "none" else self.danger_turn),
            last=kinds,
            ever=self.ever | kinds,
            last_words=words,
        )

    @property
    def danger(self) -> str:
        """``violence``, ``self_harm`` or ``none``, as shown in the last two customer turns.

        >>> History(danger_shown="self_harm", danger_turn=1, customer_turns=2).danger
        'self_harm'
        """
        return self.danger_shown if self.customer_turns - self.danger_turn < 2 else "none"

    @property
    def manner(self) -> str:
        """How they behave now, as far as it calls for an answer of its own.

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


def _danger(kinds: frozenset[CueKind]) -> str:
    if CueKind.THREAT_SELF_HARM in kinds:
        return "self_harm"
    return "violence" if CueKind.THREAT_VIOLENCE in kinds else "none"


def _counts(reading: Reading, kind: CueKind) -> list[int]:
    """The numbers that cues of a kind carry, as whole contacts of a believable size."""
    return [min(int(cue.count), 1_000) for cue in reading.of(kind) if cue.count]
