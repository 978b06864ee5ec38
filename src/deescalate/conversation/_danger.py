"""Danger is a latch: open from the first sign of it until somebody says that the person is safe.

The host says so with `cleared`; of self-harm, the person may say so in answer to a question about
safety. From then on they are watched for a while, and any new sign opens it again.
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
SHORT_ANSWER = 4
"""Words of an answer that is a bare yes or no: ours."""


@frozen(kw_only=True)
class Danger:
    """What danger there is, and why it is thought so.

    Attributes:
        open: The kinds that are open: ``self_harm``, ``violence``.
        since: When it was opened last.
        because: The words, or the reason, that opened it.
        cleared_at: When it was last said that they are safe.
        cleared_because: Who said so, and why.

    >>> from deescalate.conversation import Danger
    >>> Danger(open=("violence", "self_harm")).kind
    'self_harm'
    """

    open: tuple[str, ...] = ()
    since: datetime | None = None
    because: str = ""
    cleared_at: datetime | None = None
    cleared_because: str = ""

    @property
    def kind(self) -> str:
        """``self_harm``, ``violence`` or ``none``: self-harm first, which is met with words."""
        return min(self.open, default="none")

    def watched(self, at: datetime) -> bool:
        """Whether they are safe and still watched at a moment."""
        if self.open or self.cleared_at is None:
            return False
        return instant(at) - instant(self.cleared_at) < WATCHED

    def shown(self, kind: str, *, at: datetime, because: str) -> "Danger":
        """What is so after a sign of danger."""
        kinds = self.open if kind in self.open else (*self.open, kind)
        since = self.since if self.open else at
        return evolve(
            self, open=kinds, since=since, because=because if not self.open else self.because
        )

    def seen(self, cues: tuple[Cue, ...], *, at: datetime) -> "Danger":
        """What is so after the cues of a message."""
        danger = self
        for cue in cues:
            if cue.kind in KINDS and cue.sure:
                danger = danger.shown(KINDS[cue.kind], at=at, because=cue.quote)
        return danger

    def cleared(self, *, at: datetime, because: str, kinds: tuple[str, ...] = ()) -> "Danger":
        """What is so after it was said that they are safe.

        Args:
            at: When.
            because: Who said so, and why.
            kinds: Of which danger; of any where none is named.
        """
        left = tuple(kind for kind in self.open if kinds and kind not in kinds)
        if left == self.open:
            return self
        return evolve(self, open=left, cleared_at=at, cleared_because=because)


NO_DANGER = Danger()


def says_safe(found: tuple[Found, ...], *, words: int, asked_of_harm: bool) -> bool:
    """Whether an answer to a question about safety says that the person is safe.

    Args:
        found: What the answer tells.
        words: How many words it has.
        asked_of_harm: Whether the question was whether they mean harm, so that no is the good
            answer, rather than whether they are safe.

    >>> says_safe((Found("no", "No."),), words=1, asked_of_harm=True)
    True
    """
    told = {each.what for each in found}
    bare = "no" if asked_of_harm else "yes"
    return "safe" in told or (bare in told and words <= SHORT_ANSWER)
