"""A reply in the making: what to ask a model for, what came, and what leaves the house."""

from collections.abc import Awaitable, Callable, Iterator
from datetime import datetime
from enum import StrEnum
from functools import cached_property
from typing import Final, Self, TypeAlias, cast
from unicodedata import category

from attrs import define, evolve, field, frozen

from deescalate.conversation import Conversation
from deescalate.guard._fallbacks import fallback_for, last_reply, was_fallback
from deescalate.guard._limits import Failed, adraft_within
from deescalate.wording import Review

__all__ = ["Attempt", "Guarded", "How", "Messages", "Pending"]

Messages: TypeAlias = list[dict[str, str]]

LONGEST: Final = 8_000
"""Characters from which a draft is no reply to anybody, and is not read: ours."""
_SENTENCE: Final = 4
"""Words from which a reply may not be the last one again: ours."""
_MEND: Final = "Your last draft was not sent. Write the reply again, and mend this:"
_LESS: Final = "it is far too long"
_NEW: Final = "it is the last reply word for word; say what is new, or try another step"
_LAYOUT: Final = frozenset("\n\r\t")


class How(StrEnum):
    """What became of the drafts.

    >>> How("handed over") is How.HANDED_OVER
    True
    """

    SENT = "sent"
    RETRIED = "retried"
    REPLACED = "replaced"
    HANDED_OVER = "handed over"
    REPEATED = "repeated"


@frozen(kw_only=True)
class Guarded:
    """What leaves the house, and why; its text is the reply.

    Attributes:
        text: The reply. It may be sent, whatever the model gave; empty where nothing may be said,
            and then a person has to.
        talk: The conversation with the reply in it, and with who has the case now.
        how: ``sent``, a first draft as it was; ``retried``, a later draft; ``replaced``, a rewrite
            or a fallback; ``handed over``, the case is with another tier, and the text tells the
            customer what there is to say meanwhile; ``repeated``, this turn had its reply before.
        why: A line for each draft, and one for each thing that was done instead of sending it.
        reviews: The reviews of the drafts that could be reviewed.
        to: The tier that has the case where it is not the bot; or nothing.
    """

    text: str
    talk: Conversation = field(repr=False)
    how: How
    why: tuple[str, ...] = ()
    reviews: tuple[Review, ...] = field(default=(), repr=False)
    to: str = ""

    def to_mapping(self) -> dict[str, str | list[str]]:
        """Its text, how, why and to as plain values, for a log, a message or a response."""
        return {"text": self.text, "how": self.how.value, "why": [*self.why], "to": self.to}

    def __str__(self) -> str:
        return self.text


@frozen(kw_only=True, slots=False)
class Attempt:
    """A reply in the making, for a loop of your own; `Guard.reply` is such a loop.

    It is a value: `drafted` gives the next one, until `guarded` is there.

    Attributes:
        talk: The conversation, the customer's turn in it.
        tries: How many drafts a model may make.
        at: When the reply is sent.
        turn_id: The name of the reply's turn.
        facts: As `Conversation.instructions` takes them; so are ``may`` and ``may_not``.
        may: Further things that may be offered.
        may_not: Further things that must not be offered or said.
        last: How many of the last turns the model is given; ``None`` for all.
        tried: What came of each draft: its review, or why there is none.
    """

    talk: Conversation = field(repr=False)
    tries: int
    at: datetime
    turn_id: str = ""
    facts: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    may_not: tuple[str, ...] = ()
    last: int | None = None
    tried: tuple[Review | Failed, ...] = field(default=(), repr=False)

    # --- what to ask for ---------------------------------------------------------------------

    @cached_property
    def instructions(self) -> str:
        """The prompt for the next draft, with what was wrong with the last one.

        None of the customer's words are in it, and of the last draft only passages, escaped.
        """
        given = self.talk.instructions(facts=self.facts, may=self.may, may_not=self.may_not)
        again = self.feedback
        return f"{given}\n\n{again}" if again else given

    @property
    def feedback(self) -> str:
        """What was wrong with the last draft, for the model; empty before the first one."""
        last, say = self.tried[-1] if self.tried else Failed(""), self.talk.judges.language.say
        told = last.feedback() if isinstance(last, Review) else last.hint and f"- {say(last.hint)}"
        return f"{say(_MEND)}\n{told}" if told else ""

    @property
    def messages(self) -> Messages:
        """The instructions and what was said, with ``role`` and ``content``."""
        _, *said = self.talk.messages(last=self.last)
        return [{"role": "system", "content": self.instructions}, *said]

    # --- what came ---------------------------------------------------------------------------

    def drafted(self, draft: object) -> Self:
        """The model gave something: a text is reviewed, anything else is no draft.

        Args:
            draft: Whatever came.
        """
        return evolve(self, tried=(*self.tried, self._judged(draft)))

    def failed(self, why: str) -> Self:
        """The model gave nothing.

        Args:
            why: Why not.
        """
        return evolve(self, tried=(*self.tried, Failed(why)))

    def _judged(self, draft: object) -> Review | Failed:
        if isinstance(draft, Failed):
            return draft
        if not issubclass(type(draft), str):
            return Failed(f"it is no text but `{type(draft).__name__}`")
        text = str.__str__(cast("str", draft))  # of a kind of text, the text
        if len(text) > LONGEST:
            return Failed(f"it is {len(text)} characters long, more than {LONGEST}", _LESS)
        if any(category(char) in ("Cc", "Cs") and char not in _LAYOUT for char in text):
            return Failed("it holds characters that no text has")
        words = text.casefold().split()
        if len(words) >= _SENTENCE and words == last_reply(self.talk).casefold().split():
            return Failed("it is the last reply again", _NEW)
        return self.talk.review(text)

    # --- what leaves the house ---------------------------------------------------------------

    @cached_property
    def guarded(self) -> Guarded | None:
        """What leaves the house; ``None`` as long as another draft is wanted."""
        given = self.talk.state.heard.get(self.turn_id) if self.turn_id else None
        if given is not None:
            text = self.talk.turns[given].event.text
            why = ("this turn had its reply before",)
            return Guarded(text=text, talk=self.talk, how=How.REPEATED, why=why, to=self._elsewhere)
        if self._elsewhere:
            return self._fallback()
        last = self.tried[-1] if self.tried else None
        if isinstance(last, Review) and last.ok:
            return self._sent(last.draft, How.SENT if len(self.tried) == 1 else How.RETRIED)
        return None if len(self.tried) < self.tries else self._instead()

    @property
    def _elsewhere(self) -> str:
        """The tier that has the case, where that is a person and not the bot."""
        ladder = self.talk.judges.escalation.ladder
        tier = ladder.tier(self.talk.tier)
        return tier.name if tier.human and tier.name != ladder.names[0] else ""

    @property
    def _goes_to(self) -> str:
        """The tier that the policy gives the case to now, where it is another."""
        decision = self.talk.escalation
        return decision.tier if decision.escalates and decision.tier != self.talk.tier else ""

    def _instead(self) -> Guarded:
        """No draft may be sent, or none was asked for: a rewrite, or else a fallback."""
        rewrites = (each.sendable for each in self.tried if isinstance(each, Review))
        rewrite = next(filter(None, rewrites), None)
        if rewrite is not None:
            return self._sent(rewrite, How.REPLACED, "a rewrite may be sent")
        return self._fallback()

    def _fallback(self) -> Guarded:
        """A line for the occasion; a second one in a row, and none, bring in somebody."""
        elsewhere, to = self._elsewhere, self._goes_to
        stuck = not elsewhere and was_fallback(self.talk)
        line = fallback_for(self.talk, goes_up=bool(to) or stuck, with_person=bool(elsewhere))
        if not (to or elsewhere) and (stuck or line.brings_somebody):
            to = self._next_up
        why = f"a fallback: {line.occasion}" if line.text else "no fallback may be sent"
        return self._sent(line.text, How.REPLACED, why, to=to)

    @property
    def _next_up(self) -> str:
        """Whom a case goes on to from here; nothing where there is nobody."""
        ladder = self.talk.judges.escalation.ladder
        above = ladder.after(ladder.tier(self.talk.tier))
        return above.name if above else ""

    def _sent(self, text: str, how: How, *why: str, to: str = "") -> Guarded:
        """The reply is said, and whoever has the case now is told to the conversation."""
        to = to or self._goes_to
        talk = self.talk
        if text:
            talk = talk.agent_says(text, at=self.at, turn_id=self.turn_id)
        if to:
            talk = talk.handed_over(to, at=self.at)
        return Guarded(
            text=text,
            talk=talk,
            how=How.HANDED_OVER if to or self._elsewhere else how,
            why=(*self._told(), *why, *self._passed_on(to)),
            reviews=tuple(each for each in self.tried if isinstance(each, Review)),
            to=to or self._elsewhere,
        )

    def _told(self) -> Iterator[str]:
        """A line for each draft."""
        for number, each in enumerate(self.tried, 1):
            if isinstance(each, Failed):
                told = each.why
            else:
                told = "it may be sent" if each.ok else f"not to be sent: {', '.join(each.codes)}"
            yield f"draft {number}: {told}"

    def _passed_on(self, to: str) -> Iterator[str]:
        if to and self._goes_to:
            yield f"the case goes to {to}: {'; '.join(self.talk.escalation.because)}"
        elif to:
            yield f"the case goes to {to}: no draft could be sent"
        elif self._elsewhere:
            yield f"{self._elsewhere} has the case: no draft was asked for"


@define
class Pending:
    """One reply in the making that the hooks of a framework share.

    Attributes:
        attempt: The reply as it is now.
    """

    attempt: Attempt

    def drafted(self, draft: object) -> Guarded | None:
        """The model gave something.

        Returns:
            What leaves the house; ``None`` where another draft is wanted.
        """
        if self.attempt.guarded is None:
            self.attempt = self.attempt.drafted(draft)
        return self.attempt.guarded

    async def settled(
        self, run: Callable[[], Awaitable[object]], *, seconds: float | None
    ) -> Guarded:
        """Run an agent, whose hooks call `drafted`, until something may leave the house.

        Args:
            run: Runs it once; a run without a draft is a try as well.
            seconds: How long a run may take, above 0; ``None`` for as long as it does.
        """
        while self.attempt.guarded is None:
            before = self.attempt
            came = await adraft_within(seconds, run)
            if self.attempt is before:
                why = came.why if isinstance(came, Failed) else "the run gave no draft"
                self.attempt = before.failed(why)
        return self.attempt.guarded
