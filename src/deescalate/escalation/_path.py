"""The route of a case in time: who is asked when, until a human has it.

A path is a value. What time alone brings (nobody answered, somebody took it and did nothing) is
worked out from the clock that is handed in; what people do comes as events. The same events give
the same path.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from attrs import evolve, frozen

from deescalate.errors import EventError, SettingError, nearest_name, quoted
from deescalate.escalation._events import Happening, LogLine, PathEvent, Stage, Status
from deescalate.escalation._ladder import Ladder, Stop
from deescalate.escalation._tiers import Target
from deescalate.hours import after, aware, instant

__all__ = ["Path"]

_TOLD = {
    Happening.ACKNOWLEDGED: "took the case",
    Happening.PROGRESSED: "reported progress",
    Happening.DECLINED: "declined",
    Happening.BELITTLED: "took the case lightly",
    Happening.TIMED_OUT: "was reported to have run out of time",
    Happening.LEFT: "is away",
    Happening.CAME_BACK: "is back",
    Happening.MOVED: "moved the case",
    Happening.RESOLVED: "resolved the case",
    Happening.REOPENED: "reopened the case",
}
_OF_TIME = {Happening.TIMED_OUT, Happening.DID_NOTHING}


@frozen(kw_only=True)
class Path:
    """A case on its way, at a moment.

    Made by ``EscalationPolicy.path``; ``advance`` and ``until`` give later values.

    Attributes:
        ladder: Who can be asked.
        start: The tier at which the present course began.
        at: The moment that this value describes.
        within: The longest that anybody may take to answer, where the case is pressing; a reopened
            case keeps it.
        status: Where the case is.
        place: Which moment of asking the course has reached; past the last, the fail-safe.
        asked: Who is being asked now.
        since: Since when they are asked, or the last sign of life of whoever holds the case.
        holder: Who took it.
        absent: Targets that are known to be away.
        declined: Targets that would not take it in this course.
        distrusted: Targets that took it lightly, or took it and did nothing: not asked again.
        ever_asked: Everyone asked so far.
        dangers: Why safety is concerned, as far as it ever was.
        history: Everything that happened, in order of time.
    """

    ladder: Ladder
    start: str
    at: datetime
    within: timedelta | None = None
    status: Status = Status.ASKING
    place: int = 0
    asked: tuple[str, ...] = ()
    since: datetime
    holder: str | None = None
    absent: frozenset[str] = frozenset()
    declined: frozenset[str] = frozenset()
    distrusted: frozenset[str] = frozenset()
    ever_asked: frozenset[str] = frozenset()
    dangers: tuple[str, ...] = ()
    history: tuple[LogLine, ...] = ()

    @classmethod
    def begin(
        cls,
        ladder: Ladder,
        start: str,
        *,
        at: datetime,
        absent: Iterable[str] = (),
        within: timedelta | None = None,
        because: str = "",
    ) -> "Path":
        """Ask the first tier where somebody is there.

        Args:
            ladder: Who can be asked.
            start: The tier to begin with.
            at: Now, an aware datetime.
            absent: Targets that are away now.
            within: The longest that anybody may take to answer; at most the tier's own time.
            because: Why, in words.

        Raises:
            SettingError: An unknown tier, or a naive datetime.
            EventError: An absent target that is unknown.

        >>> from datetime import UTC, datetime, timedelta
        >>> from deescalate.hours import after
        >>> from deescalate.escalation import FailSafe, Ladder, Target, Tier
        >>> boss = Tier(name="manager", targets=(Target(name="Kim"), Target(name="Lee")))
        >>> ladder = Ladder(tiers=(boss,), fail_safe=FailSafe(name="duty line"))
        >>> noon = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
        >>> path = Path.begin(ladder, "manager", at=noon, absent={"Kim"})
        >>> path.asked, path.until(after(noon, timedelta(minutes=20))).asked
        (('Lee',), ('duty line',))
        """
        away = frozenset(absent)
        path = cls(ladder=ladder, start=start, at=aware("at", at), since=at, absent=away)
        for name in sorted(away):
            _refuse_unknown(path, Happening.LEFT, name)
        move = PathEvent(kind=Happening.MOVED, at=at, because=because, tier=start, within=within)
        return _restarted(path, move)

    @property
    def stop(self) -> Stop | None:
        """The moment of asking that the course has reached; ``None`` past the last."""
        return _stop_at(self, self.place)

    @property
    def tier(self) -> str | None:
        """The tier that is asked or holds the case; ``None`` at the fail-safe."""
        if self.holder is not None:
            return self.ladder.tier_of(self.holder)
        return self.stop.tier.name if self.stop and self.status is Status.ASKING else None

    @property
    def deadline(self) -> datetime | None:
        """When the case goes on by itself; ``None`` if it does not."""
        if self.status is Status.ASKING and (stop := self.stop):
            return self._last_answer(stop)
        tier = self.tier
        if self.status is not Status.HELD or tier is None:
            return None
        patience = self.ladder.tier(tier).act_within
        return None if patience is None else after(self.since, patience)

    def _last_answer(self, stop: Stop) -> datetime:
        """When the window closes: with its time, or with the shift of the last one asked.

        Who has gone home cannot answer, and a case that waits for an empty desk loses the time
        that the next desk would have had.
        """
        end = after(self.since, stop.within)
        asked = (target for target in stop.targets if target.name in self.asked)
        return max((each.there_until(self.since, latest=end) for each in asked), key=instant)

    @property
    def concerns(self) -> tuple[LogLine, ...]:
        """What is documented about people who took the case lightly or sat on it."""
        kinds = {Happening.BELITTLED, Happening.DID_NOTHING}
        return tuple(note for note in self.history if note.kind in kinds)

    @property
    def warnings(self) -> tuple[str, ...]:
        """What colleagues are told before they take it, where safety was ever concerned."""
        return tuple(f"take care, safety is concerned: {danger}" for danger in self.dangers)

    @property
    def plan(self) -> tuple[Stage, ...]:
        """Who is asked when, from now on, if nobody answers; it ends at the fail-safe.

        Empty while somebody holds the case and once it is resolved.
        """
        steps: list[Stage] = []
        path = self
        while path.status is Status.ASKING and (stop := path.stop) and (end := path.deadline):
            steps.append(
                Stage(
                    at=path.since, until=end, tier=stop.tier.name, who=path.asked, round=stop.round
                )
            )
            path = path.until(end)
        if path.status is Status.FAIL_SAFE:
            steps.append(Stage(at=path.since, until=None, tier=None, who=path.asked, round=0))
        return tuple(steps)

    def until(self, now: datetime) -> "Path":
        """What the path is at a later moment, if nothing but time passes.

        Args:
            now: The moment, not before ``at``.

        Raises:
            EventError: The moment is before ``at``.
            SettingError: A naive datetime.
        """
        if instant(aware("now", now)) < instant(self.at):
            raise EventError("until", f"{now} is before {self.at}, where the case already is")
        path = self
        while (end := path.deadline) and instant(end) <= instant(now):
            path = _expired(path, end)
        return evolve(path, at=now)

    def advance(self, event: PathEvent) -> "Path":
        """What the path is after something happened.

        An answer that comes late, when others are asked already, still counts; whoever holds the
        case then hands it over, and the history says from whom to whom. A case can be resolved or
        reopened by anybody, since what settles it may lie outside the ladder (the courier came)
        and asking on about a settled case helps nobody; the history says where they stand.

        Args:
            event: What happened, not before ``at``.

        Raises:
            EventError: A time that runs backwards, somebody who is unknown or was not asked, a
                case that is closed or not closed, a window that is still open. The path is
                unchanged.
            SettingError: A naive datetime, or an unknown tier.
        """
        if instant(aware("at", event.at)) < instant(self.at):
            raise EventError(event.kind, f"its time {event.at} is before {self.at}")
        if (self.status is Status.RESOLVED) is not (event.kind is Happening.REOPENED):
            closed = "closed" if self.status is Status.RESOLVED else "not closed"
            raise EventError(event.kind, f"the case is {closed}")
        path = self.until(event.at)
        _refuse(path, event)
        text, who = _told(path, event)
        note = LogLine(
            at=event.at,
            kind=event.kind,
            who=who,
            text=f"{text}: {event.because}" if event.because else text,
            event=True,
        )
        return _CHANGES[event.kind](_noted(path, note), event)


def _told(path: Path, event: PathEvent) -> tuple[str, tuple[str, ...]]:
    """What happened in words, and the names concerned."""
    by, holder = event.by, path.holder
    if event.kind is Happening.ACKNOWLEDGED and holder not in {None, by}:
        return f"{by} {_TOLD[event.kind]} over from {holder}", (by, str(holder))
    known = {path.ladder.fail_safe.name, *(target.name for target in path.ladder.targets)}
    where = ", who is not on the ladder," if by and by not in known else ""
    return f"{by or 'somebody'}{where} {_TOLD[event.kind]}", (by,) if by else ()


def _refuse(path: Path, event: PathEvent) -> None:
    """Refuse an event that does not fit where the case is."""
    kind, by = event.kind, event.by
    if kind not in _CHANGES:
        raise EventError(kind, "it comes of itself and is nobody's doing")
    if kind in {Happening.LEFT, Happening.CAME_BACK}:
        _refuse_unknown(path, kind, by)
    if kind in {Happening.ACKNOWLEDGED, Happening.BELITTLED} and by not in path.ever_asked:
        raise EventError(kind, f"{quoted(by)} was not asked{_meant(by, path.ever_asked)}")
    if kind is Happening.ACKNOWLEDGED and by in path.distrusted:
        raise EventError(kind, f"{quoted(by)} was passed over for good")
    if kind is Happening.DECLINED and by not in {*path.asked, path.holder}:
        raise EventError(kind, f"{quoted(by)} is not asked now{_meant(by, path.asked)}")
    if kind is Happening.PROGRESSED and by != path.holder:
        raise EventError(kind, f"{quoted(by)} does not hold the case")
    if kind is Happening.TIMED_OUT and not _ran_out(path):
        end = path.deadline
        raise EventError(kind, f"the window is open until {end}" if end else "no window is open")
    if event.tier is not None:
        path.ladder.tier(event.tier)
    elif kind is Happening.MOVED:
        raise SettingError("tier", None, "the tier that the case moves to")


def _refuse_unknown(path: Path, kind: Happening, name: str) -> None:
    names = [target.name for target in path.ladder.targets]
    if name not in names:
        raise EventError(kind, f"there is no target {quoted(name)}{_meant(name, names)}")


def _meant(name: str, known: Iterable[str]) -> str:
    near = nearest_name(name, known)
    return f"; did you mean {quoted(near)}?" if near else ""


def _ran_out(path: Path) -> bool:
    """Whether a window has closed since people last did something."""
    for note in reversed(path.history):
        if note.event or note.kind in _OF_TIME:
            return not note.event
    return False


def _acknowledged(path: Path, event: PathEvent) -> Path:
    declined = path.declined - {event.by}
    held = evolve(path, status=Status.HELD, holder=event.by, asked=(), declined=declined)
    return evolve(held, since=event.at)


def _progressed(path: Path, event: PathEvent) -> Path:
    return evolve(path, since=event.at)


def _declined(path: Path, event: PathEvent) -> Path:
    return _without(evolve(path, declined=path.declined | {event.by}), event)


def _left(path: Path, event: PathEvent) -> Path:
    return _without(evolve(path, absent=path.absent | {event.by}), event)


def _came_back(path: Path, event: PathEvent) -> Path:
    return evolve(path, absent=path.absent - {event.by})


def _belittled(path: Path, event: PathEvent) -> Path:
    if event.by == path.ladder.fail_safe.name:
        return path
    if event.by in {*path.asked, path.holder}:
        return _above(path, event.by, event.at)
    return evolve(path, distrusted=path.distrusted | {event.by})


def _resolved(path: Path, event: PathEvent) -> Path:  # noqa: ARG001  one signature for all changes
    return evolve(path, status=Status.RESOLVED, asked=())


def _restarted(path: Path, event: PathEvent) -> Path:
    """Begin a new course, with all that is known from the one before."""
    start = event.tier or path.tier or path.start
    if path.ladder.tier(start).safety:
        path = evolve(path, dangers=(*path.dangers, event.because or f"it went to {start}"))
    path = evolve(path, start=start, within=event.within, declined=frozenset())
    return _ask(path, 0, event.at)


def _reopened(path: Path, event: PathEvent) -> Path:
    """Begin again as pressing as it was: what was not settled has not become less so."""
    return _restarted(path, evolve(event, within=event.within or path.within))


def _unchanged(path: Path, event: PathEvent) -> Path:  # noqa: ARG001  one signature for all changes
    return path


_CHANGES: Mapping[Happening, Callable[[Path, PathEvent], Path]] = {
    Happening.ACKNOWLEDGED: _acknowledged,
    Happening.PROGRESSED: _progressed,
    Happening.DECLINED: _declined,
    Happening.BELITTLED: _belittled,
    Happening.TIMED_OUT: _unchanged,
    Happening.LEFT: _left,
    Happening.CAME_BACK: _came_back,
    Happening.MOVED: _restarted,
    Happening.RESOLVED: _resolved,
    Happening.REOPENED: _reopened,
}


def _without(path: Path, event: PathEvent) -> Path:
    """Go on without somebody: ask anew if they held the case or were the last one asked."""
    if event.by == path.ladder.fail_safe.name:
        return path
    if event.by == path.holder:
        return _ask(path, path.place, event.at)
    rest = tuple(name for name in path.asked if name != event.by)
    if rest or event.by not in path.asked:
        return evolve(path, asked=rest)
    return _ask(path, path.place + 1, event.at)


def _above(path: Path, name: str, at: datetime) -> Path:
    """Go past somebody who does not take the case in earnest, to the tier after theirs."""
    path = evolve(path, distrusted=path.distrusted | {name})
    place = path.place
    while (stop := _stop_at(path, place)) and stop.tier.name == path.ladder.tier_of(name):
        place += 1
    return _ask(path, place, at)


def _expired(path: Path, at: datetime) -> Path:
    """Go on because a window has closed."""
    waited = f"{(instant(at) - instant(path.since)).total_seconds() / 60:g} min"
    if path.holder is None:
        text = f"no answer from {' and '.join(path.asked)} in {waited}"
        note = LogLine(at=at, kind=Happening.TIMED_OUT, who=path.asked, text=text)
        return _ask(_noted(path, note), path.place + 1, at)
    text = f"{path.holder} took the case and showed no progress in {waited}"
    note = LogLine(at=at, kind=Happening.DID_NOTHING, who=(path.holder,), text=text)
    return _above(_noted(path, note), path.holder, at)


def _ask(path: Path, place: int, at: datetime) -> Path:
    """Ask at the first place from here on where somebody is there, or the fail-safe."""
    path = evolve(path, holder=None, at=at)
    while stop := _stop_at(path, place):
        missing = {each.name: why for each in stop.targets if (why := _missing(path, each))}
        if missing:
            text = ", ".join(f"{name} {why}" for name, why in missing.items())
            note = LogLine(at=at, kind=Happening.PASSED_OVER, who=tuple(missing), text=text)
            path = _noted(path, note)
        there = tuple(each.name for each in stop.targets if each.name not in missing)
        if there:
            return _asking(path, Status.ASKING, place, there)
        place += 1
    return _asking(path, Status.FAIL_SAFE, place, (path.ladder.fail_safe.name,))


def _asking(path: Path, status: Status, place: int, who: tuple[str, ...]) -> Path:
    names = " and ".join(who)
    path = _noted(path, LogLine(at=path.at, kind=Happening.ASKED, who=who, text=f"{names} asked"))
    if path.dangers:
        text = f"{names} warned: {'; '.join(path.dangers)}"
        path = _noted(path, LogLine(at=path.at, kind=Happening.WARNED, who=who, text=text))
    known = path.ever_asked | frozenset(who)
    return evolve(path, status=status, place=place, asked=who, since=path.at, ever_asked=known)


def _missing(path: Path, target: Target) -> str:
    """Why a target cannot be asked now; empty if it can."""
    if target.name in path.distrusted:
        return "did not take it in earnest"
    if target.name in path.declined:
        return "declined"
    if target.name in path.absent:
        return "is away"
    return "" if target.is_there(path.at) else "is not on duty"


def _stop_at(path: Path, place: int) -> Stop | None:
    return path.ladder.stop(path.start, place, within=path.within)


def _noted(path: Path, note: LogLine) -> Path:
    return evolve(path, history=(*path.history, note))
