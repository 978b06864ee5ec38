"""The review of a draft reply: what would make matters worse, and how to put it better."""

from collections.abc import Iterator, Sequence
from math import prod

from attrs import evolve, frozen

from deescalate.authority import Authority
from deescalate.languages import ENGLISH, Language
from deescalate.promises import Promise
from deescalate.text import Text
from deescalate.wording.apology import apology_hits
from deescalate.wording.clarity import clarity_hits
from deescalate.wording.draft import Draft, Hit
from deescalate.wording.findings import Finding, Review
from deescalate.wording.granting import authority_hits
from deescalate.wording.needs import PlanLike, SituationLike
from deescalate.wording.order import order_hits
from deescalate.wording.phrases import negative_hits, phrase_hits
from deescalate.wording.promising import promise_hits
from deescalate.wording.rewrite import rewritten
from deescalate.wording.settings import Wording
from deescalate.wording.tone import tone_of

__all__ = ["review"]

_TONE_SHARE = 0.4
_TONE_POWER = 8
"""How much of the score the tone can take off: its eighth power, so that a tone as most replies
have it costs less than a hundredth, a cutting one much, and still no two levels cost the same.
Ours."""


def review(
    draft: str,
    *,
    plan: PlanLike | None = None,
    authority: Authority | None = None,
    promises: Sequence[Promise] = (),
    situation: SituationLike | None = None,
    previous: Sequence[str | Text] = (),
    wording: Wording | None = None,
    language: Language = ENGLISH,
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
        wording: The settings; the shipped ones where not given.
        language: The language that the reply is written in.

    Returns:
        The findings, the moves, the score and the draft with every safe replacement made.

    >>> said = review("You need to calm down. We can't change the address.")
    >>> said.codes
    ('T108', 'T107')
    >>> said.rewritten
    "Let's take this one step at a time. We can't change the address."
    >>> review("I understand. I will call the depot and tell you by 3 pm today.").ok
    True
    """
    context = _Context(
        plan=plan,
        authority=authority,
        promises=tuple(promises),
        situation=situation,
        previous=tuple(previous),
        wording=wording or Wording.default(),
        language=language,
    )
    first = context.look(draft)
    return evolve(first, rewritten=rewritten(first, context.look))


@frozen(kw_only=True)
class _Context:
    """Everything that a review is made with, but the draft."""

    plan: PlanLike | None
    authority: Authority | None
    promises: tuple[Promise, ...]
    situation: SituationLike | None
    previous: tuple[str | Text, ...]
    wording: Wording
    language: Language

    def look(self, text: str) -> Review:
        """Review a text as it stands."""
        draft = Draft(text, self.wording.phrases, self.language)
        tone = tone_of(draft)
        hits = [hit for hit in self._hits(draft, tone) if self.wording.codes[hit.code].enabled]
        findings = tuple(
            self._finding(text, hit)
            for hit in sorted(hits, key=lambda hit: (hit.span.start, hit.span.end, hit.code))
        )
        kept = prod(1.0 - self.wording.penalties[each.severity] for each in findings)
        return Review(
            draft=text,
            findings=findings,
            moves=draft.reading.moves,
            tone=tone,
            score=kept * (1.0 - _TONE_SHARE * tone**_TONE_POWER),
            threshold=self.wording.threshold,
            rewritten=text,
        )

    def _hits(self, draft: Draft, tone: float) -> Iterator[Hit]:
        limits, situation = self.wording.limits, self.situation
        upset = situation is not None and situation.distress >= limits.upset
        tone_phrase = False
        for hit in phrase_hits(draft):
            tone_phrase = tone_phrase or hit.code.startswith("T")
            if hit.code != "T111" or upset:
                yield hit
        yield from negative_hits(draft)
        yield from apology_hits(draft, limits, situation, self.previous)
        yield from order_hits(draft, limits, self.plan, situation)
        yield from promise_hits(draft, self.plan, situation, self.promises)
        if self.authority is not None:
            yield from authority_hits(draft, self.authority)
        yield from clarity_hits(draft, limits, situation)
        if tone >= limits.tone and not tone_phrase:
            yield Hit(code="T119", span=draft.span(0, len(draft.tokens) - 1))

    def _finding(self, text: str, hit: Hit) -> Finding:
        code = self.wording.codes[hit.code]
        distress = None if self.situation is None else self.situation.distress
        return Finding(
            code=hit.code,
            name=code.name,
            span=hit.span,
            quote=hit.span.of(text),
            severity=self.wording.weighed(hit.code, distress=distress),
            reason=code.reason,
            suggestion=hit.suggestion or code.suggestion,
            replacement=hit.replacement,
        )
