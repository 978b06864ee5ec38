"""The review of a draft reply: what would make matters worse, and how to put it better."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property

from attrs import evolve, frozen

from deescalate.authority import Authority
from deescalate.cues import CueKind, Span
from deescalate.findings import Severity
from deescalate.languages import ENGLISH, Language
from deescalate.moves import Move
from deescalate.promises import Promise
from deescalate.reading import LanguageReader
from deescalate.text import LONGEST, Text
from deescalate.wording._apology import apology_hits
from deescalate.wording._clarity import clarity_hits
from deescalate.wording._codes import CodeFamily
from deescalate.wording._draft import Draft, Hit
from deescalate.wording._faults import HeardFaults, hear
from deescalate.wording._findings import Flaw, Review
from deescalate.wording._granting import authority_hits
from deescalate.wording._heard import Answered
from deescalate.wording._needs import PlanLike, SituationLike
from deescalate.wording._order import again_hits, order_hits
from deescalate.wording._phrases import negative_hits, orders_hits, phrase_hits
from deescalate.wording._promising import promise_hits
from deescalate.wording._rewrite import applied, rewritten
from deescalate.wording._sendable import DANGER, in_danger, sendable_hits, unrelated
from deescalate.wording._settings import Wording
from deescalate.wording._tone import tone_of

__all__ = ["review"]

_BAD_SHARE = 0.8
"""How much of the score the whole can take off. Ours, so that a draft that is bad as a whole is
just refused."""
_UNTOLD = frozenset({"T102", "C605", "O308", "P404", "T117", "T118"})
"""Codes that leave it open whether a draft has to do with what it answers."""
_STRICT = frozenset({CodeFamily.SENDING, CodeFamily.AUTHORITY, CodeFamily.HOUSE})
"""Families that weigh the same however well the draft reads."""
_ALWAYS = frozenset({"T102", "T108", "T109"})
"""Codes that weigh the same too: no draft is fine that sends away, orders calm, or insults."""
_HINTED = frozenset({"S803", "S804", "S806"})
_EXCELLENT = 0.1
"""What weighs one step less where only a cue tells of danger or of a wish for a person, and the
draft is no worse than this as a whole: cues may err. Ours; on authors left out it refuses two good
replies in a hundred fewer, and no unsafe one more is sent."""
_SLIGHT = frozenset({"A201", "O301", "O303", "O305", "T112"})
_SLIGHT_AS_NOTES = frozenset({"P403", "P404"})
"""What is not told of an excellent draft outside of danger; of the second only where it would be a
note. Ours: of findings in turns of real agents that were read, most of these were pedantic."""
_TOO_EARLY = "O301"
"""Weighs less in any draft that is not bad as a whole: what is a solution is often misread."""
_LESS = {
    Severity.ERROR: Severity.WARNING,
    Severity.WARNING: Severity.NOTE,
    Severity.NOTE: Severity.NOTE,
}
_OURS = frozenset({CueKind.BLAME, CueKind.BROKEN_PROMISE})
"""What a customer says that makes the fault ours until more is known."""


def review(  # noqa: PLR0913  what is known, each by its name
    draft: str,
    *,
    plan: PlanLike | None = None,
    authority: Authority | None = None,
    promises: Sequence[Promise] = (),
    situation: SituationLike | None = None,
    previous: Sequence[str | Text] = (),
    customer: str | Text | None = None,
    cues: Collection[CueKind] | None = None,
    wording: Wording | None = None,
    language: Language = ENGLISH,
    longest: int = LONGEST,
) -> Review:
    """Review a draft reply before it is sent.

    What is not given is not looked at: without a situation nothing is said about order, without an
    authority nothing about money.

    Args:
        draft: The reply as it would be sent; any text.
        plan: What the strategy advises now.
        authority: What may be offered without asking.
        promises: Promises to this customer that were broken.
        situation: What is known of the customer and of what has been done so far.
        previous: The earlier replies in this conversation, oldest first.
        customer: What the customer last said, which the draft answers.
        cues: The kinds of cues in it; read from it where not given, as is their distress where no
            situation is.
        wording: The settings; the shipped ones where not given.
        language: The language that the reply is written in.
        longest: Characters of a text that are read, 1 or more; a longer draft is never `ok`.

    Returns:
        The findings, the moves and the score; the draft with every safe replacement made, and what
        to change, when they are asked for.

    Raises:
        SettingError: ``longest`` is no whole number from 1 on.

    >>> said = review("You need to calm down. We can't change the address.")
    >>> said.codes
    ('T108', 'S808', 'T107')
    >>> said.rewritten
    "Let's take this one step at a time. We can't change the address."
    >>> review("I understand. I will call the depot and tell you by 3 pm today.").ok
    True
    """
    said = None if customer is None else Text.shared(customer, language, longest=longest)
    distress = None if situation is None else situation.distress
    if said is not None and (cues is None or distress is None):
        reading = LanguageReader(said.language).read(said)
        cues = reading.acted_on if cues is None else cues
        distress = reading.distress if distress is None else distress
    context = _Context(
        plan=plan,
        authority=authority,
        promises=tuple(promises),
        situation=situation,
        previous=tuple(Text.shared(reply, language, longest=longest) for reply in previous),
        said=said,
        cues=frozenset(cues or ()),
        distress=distress,
        wording=wording or Wording.default(),
        language=language,
        longest=longest,
    )
    return context.look(draft)


@frozen(kw_only=True, slots=False)
class _Context:
    """Everything that a review is made with, but the draft."""

    plan: PlanLike | None
    authority: Authority | None
    promises: tuple[Promise, ...]
    situation: SituationLike | None
    previous: tuple[Text, ...]
    said: Text | None
    cues: frozenset[CueKind]
    distress: float | None
    wording: Wording
    language: Language
    longest: int

    @cached_property
    def answered(self) -> Answered:
        """What the draft answers; a fault that the customer tells of is ours, provisionally."""
        fault = "unknown" if self.situation is None else self.situation.fault
        if fault == "unknown" and self.cues & _OURS:
            fault = "ours"
        return Answered(text=self.said, kinds=sorted(self.cues), upset=self._upset(), fault=fault)

    def _upset(self) -> str:
        if self.distress is None:
            return ""
        limits = self.wording.limits
        if self.distress >= limits.furious:
            return "furious"
        return "upset" if self.distress >= limits.upset else "calm"

    @cached_property
    def danger(self) -> bool:
        """Whether the customer is in danger, as far as is known."""
        return in_danger(self.plan, self.situation, self.answered)

    def look(self, text: str) -> Review:
        """Review a text as it stands."""
        draft = Draft(text, self.wording.phrases, self.language, self.longest)
        told = sorted(filter(self._enabled, self._told(draft)), key=_place)
        heard = self._heard_at_best(draft, told)
        hits = [
            hit
            for hit in self._hits(draft, told, heard)
            if self._enabled(hit) and not self._slight(hit, heard)
        ]
        hits.sort(key=_place)
        findings, points = self._weighed(text, hits, heard)
        return Review(
            draft=text,
            findings=findings,
            moves=draft.reading.moves,
            bad=heard.bad,
            points=points,
            threshold=self.wording.threshold,
            again=self,
        )

    def _heard_at_best(self, draft: Draft, told: Sequence[Hit]) -> HeardFaults:
        """What is heard; a draft is no better than with every safe replacement made."""
        heard = self._heard(draft)
        better = applied(draft.text, told)
        if better == draft.text:
            return heard
        put_better = self._heard(Draft(better, language=self.language, longest=self.longest))
        return evolve(heard, bad=max(heard.bad, put_better.bad))

    def _heard(self, draft: Draft) -> HeardFaults:
        """What is heard; where they spoke of a danger, never less than if they had not."""
        answered = self.answered
        if self.endangered:  # whose fault it was waits until they are safe
            answered = evolve(answered, fault="unknown")
        heard = hear(draft, answered)
        calm = [kind for kind in answered.kinds if kind not in DANGER]
        if len(calm) == len(answered.kinds):
            return heard
        other = hear(draft, evolve(answered, kinds=calm))
        hits = {hit.code: hit for hit in (*other.hits, *heard.hits)}
        for hit in other.hits:
            if not hit.likely:
                hits[hit.code] = hit
        return evolve(heard, bad=max(heard.bad, other.bad), hits=tuple(hits.values()))

    def tone(self, text: str) -> float:
        """How cutting the words of a text are."""
        return tone_of(Draft(text, language=self.language, longest=self.longest))

    def rewritten(self, first: Review) -> str:
        """The draft with every safe replacement made."""
        return rewritten(first, self.look)

    def _enabled(self, hit: Hit) -> bool:
        return self.wording.codes[hit.code].enabled

    def _slight(self, hit: Hit, heard: HeardFaults) -> bool:
        """Whether it is too slight to be told in a draft that is excellent as a whole."""
        if heard.bad >= _EXCELLENT or not (self.answered.known and heard.worst):
            return False
        if self.danger:
            return False
        if hit.code == "O302":
            return self.answered.upset != "furious"
        if hit.code in _SLIGHT_AS_NOTES:
            return self._severity(hit, heard) is Severity.NOTE
        return hit.heard or hit.code in _SLIGHT

    def _weighed(
        self, text: str, hits: Sequence[Hit], heard: HeardFaults
    ) -> tuple[tuple[Flaw, ...], Mapping[str, float]]:
        """What each finding takes off what those before it left, and what the whole takes."""
        left, line, at = 1.0, 1, 0
        findings: list[Flaw] = []
        points: dict[str, float] = {}
        for hit in hits:
            line, at = line + text.count("\n", at, hit.span.start), hit.span.start
            severity = self._severity(hit, heard)
            taken = left * self.wording.penalties[severity]
            findings.append(self._flaw(text, hit, severity, taken, line))
            points[hit.code] = points.get(hit.code, 0.0) + taken
            left -= taken
        if heard.bad:
            points["bad"] = left * _BAD_SHARE * heard.bad
        return tuple(findings), points

    def _hits(self, draft: Draft, told: Sequence[Hit], heard: HeardFaults) -> Iterator[Hit]:
        yield from told
        more = [
            hit
            for hit in heard.hits
            if not (_is_there(draft, hit) or any(_covers(each, hit) for each in told))
        ]
        yield from more
        if heard.bad >= self.wording.limits.bad:
            yield Hit(code="S808", span=heard.worst or draft.end, heard=True)
            codes = {hit.code for hit in (*told, *more)}
            if codes <= _UNTOLD and unrelated(draft, self.answered):
                yield Hit(code="S807", span=Span(0, len(draft.text)))

    def _told(self, draft: Draft) -> Iterator[Hit]:
        """What phrases and the shape of the draft tell."""
        limits, situation, answered = self.wording.limits, self.situation, self.answered
        ours = answered.fault == "ours"
        upset = answered.upset in ("upset", "furious")
        yield from sendable_hits(draft, limits, situation, answered, danger=self.danger)
        for hit in phrase_hits(draft):
            if hit.code != "T111" or upset:
                yield hit
        yield from negative_hits(draft)
        if upset and not self.danger:
            yield from orders_hits(draft)
        for hit in apology_hits(draft, limits, situation, self.previous, ours=ours):
            if hit.code != "A201" or not self.endangered:
                yield hit
        yield from order_hits(draft, limits, self.plan, situation, danger=self.danger, ours=ours)
        yield from again_hits(draft, self.previous)
        yield from promise_hits(draft, limits, self.plan, situation, self.promises, self.cues)
        if self.authority is not None:
            yield from authority_hits(draft, self.authority, self.previous)
        yield from clarity_hits(draft, limits, situation)

    @cached_property
    def told_of(self) -> bool:
        """Whether more than a cue tells of danger or of a wish for a person."""
        asked = self.situation is not None and (
            self.situation.asks_human or self.situation.asks_supervisor
        )
        return asked or self.endangered

    @cached_property
    def endangered(self) -> bool:
        """Whether plan or situation tells of danger."""
        return in_danger(self.plan, self.situation, Answered())

    def _severity(self, hit: Hit, heard: HeardFaults) -> Severity:
        """How bad it is; what is only likely, or slight in a draft that is fine, weighs less."""
        code = self.wording.codes[hit.code]
        severity = self.wording.weighed(hit.code, distress=1.0 if self.danger else self.distress)
        strict = (
            hit.code in _ALWAYS
            or code.family in _STRICT
            or (code.severity is Severity.ERROR and not (self.answered.known and heard.worst))
        )
        limits = self.wording.limits
        least = limits.bad if hit.code == _TOO_EARLY else limits.fine
        fine = heard.bad < least and not strict
        hinted = hit.code in _HINTED and heard.bad < _EXCELLENT and not self.told_of
        return _LESS[severity] if hit.likely or fine or hinted else severity

    def _flaw(self, text: str, hit: Hit, severity: Severity, points: float, line: int) -> Flaw:
        code = self.wording.codes[hit.code]
        return Flaw(
            code=hit.code,
            name=code.name,
            span=hit.span,
            line=line,
            quote=hit.span.of(text),
            severity=severity,
            reason=code.reason,
            suggestion=hit.suggestion or code.suggestion,
            replacement=hit.replacement,
            points=points,
            heard=hit.heard,
        )


def _place(hit: Hit) -> tuple[int, int, str]:
    return hit.span.start, hit.span.end, hit.code


def _is_there(draft: Draft, hit: Hit) -> bool:
    """Whether what the learned model misses stands in the draft: regret, or a link to go on by."""
    if hit.code == "A201":
        return bool(draft.made(Move.APOLOGISE))
    return hit.code == "P404" and any(token.kind == "url" for token in draft.tokens)


def _covers(told: Hit, heard: Hit) -> bool:
    """Whether what is told says already what is heard: the same, or of its family in its place."""
    inside = heard.span.start <= told.span.start and told.span.end <= heard.span.end
    return told.code == heard.code or (inside and told.code[0] == heard.code[0])
