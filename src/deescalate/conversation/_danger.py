"""Danger is a latch: open from the first sure sign of it until somebody says that they are safe.

The host says so with `cleared`; of self-harm, the person may say so in answer to a question about
safety. From then on they are watched for a while, and any new sign opens it again.

A sign that is not sure opens nothing. It is suspected, and asked about: an answer that they are
safe ends it, as do messages without any sign, and another of its kind before that opens it.
"""

from datetime import datetime, timedelta

from attrs import evolve, frozen

from deescalate.conversation._told import Found
from deescalate.cues import Cue, CueKind
from deescalate.promises import instant

__all__ = ["NO_DANGER", "Danger", "says_safe"]

WATCHED = timedelta(hours=24)
"""How long a person is watched after they are known to be safe: ours."""
KINDS = {CueKind.THREAT_SELF_HARM: "self_harm", CueKind.THREAT_VIOLENCE: "violence"}
UNKNOWN = "unknown"
QUIET = 2
"""Messages without a sign after which nothing is suspected any more: ours."""
SHORT_ANSWER = 4
"""Words of an answer that is a bare yes or no: ours."""


@frozen(kw_only=True)
class Danger:
    """What danger there is, and why it is thought so.

    Attributes:
        open: The kinds that are open: ``self_harm``, ``violence``.
        comes_from: Whose it is, as far as every sure sign agrees: ``customer``, ``other``, so that
            the customer or somebody near them suffers it, or ``unknown``.
        since: When it was opened last.
        because: The words, or the reason, that opened it.
        suspected: The kind that is possible but not sure, and asked about; or ``none``.
        suspected_at: When that was shown last.
        suspected_because: The words, or the reason, that showed it.
        quiet: Messages since then.
        cleared_at: When it was last said that they are safe.
        cleared_because: Who said so, and why.

    >>> from deescalate.conversation import Danger
    >>> Danger(open=("violence", "self_harm")).kind
    'self_harm'
    """

    open: tuple[str, ...] = ()
    comes_from: str = UNKNOWN
    since: datetime | None = None
    because: str = ""
    suspected: str = "none"
    suspected_at: datetime | None = None
    suspected_because: str = ""
    quiet: int = 0
    cleared_at: datetime | None = None
    cleared_because: str = ""

    @property
    def kind(self) -> str:
        """``self_harm``, ``violence`` or ``none``: self-harm first, which is met with words."""
        return min(self.open, default="none")

    @property
    def unanswered(self) -> bool:
        """Whether something was suspected that nobody has an answer to."""
        return self.suspected != "none" or self.quiet >= QUIET

    def watched(self, at: datetime) -> bool:
        """Whether they are safe and still watched at a moment."""
        if self.open or self.cleared_at is None:
            return False
        return instant(at) - instant(self.cleared_at) < WATCHED

    def shown(
        self, kind: str, *, at: datetime, because: str, comes_from: str = UNKNOWN
    ) -> "Danger":
        """What is so after a sure sign of danger, which leaves nothing to suspect."""
        agreed = comes_from if not self.open or comes_from == self.comes_from else UNKNOWN
        if kind in self.open:
            return evolve(self, comes_from=agreed)
        opened = evolve(self, open=(*self.open, kind), comes_from=agreed, suspected="none", quiet=0)
        return opened if self.open else evolve(opened, since=at, because=because)

    def suspect(self, kind: str, *, at: datetime, because: str) -> "Danger":
        """What is so after a sign that is not sure: nothing new where danger is open already."""
        if self.open:
            return self
        return evolve(self, suspected=kind, suspected_at=at, suspected_because=because, quiet=0)

    def seen(self, cues: tuple[Cue, ...], *, at: datetime) -> "Danger":
        """What is so after the cues of a message: of what was suspected, another sign is sure."""
        signs = [(KINDS[cue.kind], cue) for cue in cues if cue.kind in KINDS]
        if not signs and self.suspected != "none":
            still = "none" if self.quiet + 1 >= QUIET else self.suspected
            return evolve(self, suspected=still, quiet=self.quiet + 1)
        danger = self
        for kind, cue in signs:
            if cue.sure or self.suspected == kind:
                danger = danger.shown(kind, at=at, because=cue.quote, comes_from=_whose(cue))
        for kind, cue in sorted(signs, key=lambda sign: sign[0], reverse=True):
            danger = danger.suspect(kind, at=at, because=cue.quote)
        return danger

    def cleared(self, *, at: datetime, because: str, kinds: tuple[str, ...] = ()) -> "Danger":
        """What is so after it was said that they are safe: nothing is suspected any more.

        Args:
            at: When.
            because: Who said so, and why.
            kinds: Of which danger; of any where none is named.
        """
        left = tuple(kind for kind in self.open if kinds and kind not in kinds)
        if left == self.open:
            return evolve(self, suspected="none", quiet=0)
        return evolve(self, open=left, cleared_at=at, cleared_because=because)


def _whose(cue: Cue) -> str:
    if cue.by == "customer":
        return "customer"
    return "other" if cue.by in ("other", "firm") and cue.against != "firm" else UNKNOWN


NO_DANGER = Danger()


def says_safe(
    found: tuple[Found, ...], *, words: int, asked_of_harm: bool, sure: bool = True
) -> bool:
    """Whether an answer to a question about safety says that the person is safe.

    Args:
        found: What the answer tells.
        words: How many words it has.
        asked_of_harm: Whether the question was whether they mean harm, so that no is the good
            answer, rather than whether they are safe.
        sure: Whether the danger was sure, so that a yes or no counts only where it stands alone.

    >>> says_safe((Found("no", "No."),), words=1, asked_of_harm=True)
    True
    """
    told = {each.what for each in found}
    bare = "no" if asked_of_harm else "yes"
    return "safe" in told or (bare in told and (words <= SHORT_ANSWER or not sure))
