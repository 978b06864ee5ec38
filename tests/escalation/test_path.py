"""The route in time."""

import pickle
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given

from deescalate.errors import EventError, SettingError
from deescalate.escalation import (
    EscalationPolicy,
    FailSafe,
    Happening,
    Ladder,
    Path,
    PathEvent,
    Status,
    Target,
    Tier,
)
from deescalate.promises import WorkingHours, after, instant
from deescalate.testing.escalation import ladders, paths, timelines
from deescalate.testing.promises import moments

NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)  # a Friday


def minutes(number):
    return NOON + timedelta(minutes=number)


def tier(name, *targets, **more):
    return Tier(name=name, targets=tuple(Target(name=each) for each in targets), **more)


LADDER = Ladder(
    tiers=(
        tier("supervisor", "Kim", "Lee", acknowledge_within=timedelta(minutes=10)),
        tier(
            "manager",
            "Max",
            acknowledge_within=timedelta(minutes=20),
            act_within=timedelta(minutes=60),
        ),
    ),
    channels=(tier("security", "Sam", safety=True, then="manager"),),
    fail_safe=FailSafe(name="duty line"),
    rounds=2,
)


def begin(start="supervisor", **more):
    return Path.begin(LADDER, start, at=NOON, **more)


def event(kind, at, by="", **more):
    return PathEvent(kind=kind, at=minutes(at), by=by, **more)


def run(path, events):
    """Apply what fits, and check that what does not fit changes nothing."""
    for each in events:
        try:
            path = path.advance(each)
        except EventError:
            assert path == path
    return path


@given(timelines())
def test_law_every_timeline_ends_within_the_worst_case(timeline):
    """Whatever happened, with nobody answering from now on a human has it within the bound."""
    path = run(*timeline)
    begun = path.at
    bound = max(path.ladder.worst_case(name) for name in path.ladder.names)
    patience = max((t.act_within or timedelta(0) for t in path.ladder), default=timedelta(0))
    end = path.until(after(begun, bound + patience))
    if path.status is Status.RESOLVED:
        assert end.status is Status.RESOLVED
    elif end.status is Status.HELD:
        assert end.deadline is None
        assert end.holder is not None
    else:
        assert end.status is Status.FAIL_SAFE
        assert end.asked == (path.ladder.fail_safe.name,)


@given(paths())
def test_law_the_plan_is_what_happens_and_keeps_the_bound(path):
    steps = path.plan
    assert steps[-1].tier is None
    assert instant(steps[-1].at) - instant(path.at) <= path.ladder.worst_case(path.start)
    for step, following in pairwise(steps):
        assert step.until is not None
        assert instant(step.until) == instant(following.at)
        assert path.until(step.at).asked == step.who
        targets = {target.name: target for each in path.ladder for target in each.targets}
        assert all(targets[name].is_there(step.at) for name in step.who)
        assert not set(step.who) & path.absent


@given(ladders(), moments())
def test_law_always_there_and_nobody_answers_takes_exactly_the_worst_case(ladder, at):
    there = Ladder(
        tiers=tuple(_always(each) for each in ladder.tiers),
        channels=tuple(_always(each) for each in ladder.channels),
        fail_safe=ladder.fail_safe,
        rounds=ladder.rounds,
    )
    for name in there.names:
        last = Path.begin(there, name, at=at).plan[-1]
        assert instant(last.at) - instant(at) == there.worst_case(name)


def _always(each):
    from attrs import evolve

    return evolve(each, targets=tuple(Target(name=target.name) for target in each.targets))


@given(timelines())
def test_law_replay_gives_the_same_value(timeline):
    path, events = timeline
    assert run(path, events) == run(path, events)
    assert pickle.loads(pickle.dumps(run(path, events))) == run(path, events)  # noqa: S301  ours


@given(timelines())
def test_law_looking_in_between_changes_nothing(timeline):
    path, events = timeline
    looked = path
    for each in events:
        looked = looked.until(each.at)
        looked = run(looked, [each])
    straight = run(path, events)
    if events:
        straight = straight.until(events[-1].at)
    assert looked == straight


@given(timelines())
def test_law_history_is_kept_and_in_order(timeline):
    path, events = timeline
    end = run(path, events)
    assert end.history[: len(path.history)] == path.history
    times = [instant(note.at) for note in end.history]
    assert times == sorted(times)
    for name in end.distrusted:
        last = max(
            n
            for n, note in enumerate(end.history)
            if note.kind in {Happening.BELITTLED, Happening.DID_NOTHING} and name in note.who
        )
        assert not any(
            note.kind is Happening.ASKED and name in note.who for note in end.history[last + 1 :]
        )


def test_unanswered_goes_on_twice_round_and_ends_at_the_fail_safe():
    assert [(step.at, step.tier, step.who, step.round) for step in begin().plan] == [
        (minutes(0), "supervisor", ("Kim", "Lee"), 1),
        (minutes(10), "manager", ("Max",), 1),
        (minutes(30), "supervisor", ("Kim", "Lee"), 2),
        (minutes(40), "manager", ("Max",), 2),
        (minutes(60), None, ("duty line",), 0),
    ]
    assert LADDER.worst_case("supervisor") == timedelta(minutes=60)
    assert [step.at for step in begin(within=timedelta(minutes=5)).plan][-1] == minutes(20)


def test_one_by_one():
    two = tier("desk", "Kim", "Lee", asking="one_by_one")
    ladder = Ladder(tiers=(two,), fail_safe=FailSafe(name="duty line"))
    path = Path.begin(ladder, "desk", at=NOON)
    assert [step.who for step in path.plan] == [("Kim",), ("Lee",), ("duty line",)]
    declined = path.advance(event("declined", 1, "Kim"))
    assert (declined.asked, declined.since) == (("Lee",), minutes(1))


def test_absent_and_off_duty_targets_are_passed_over():
    assert begin(absent={"Kim"}).asked == ("Lee",)
    assert begin(absent={"Kim", "Lee"}).asked == ("Max",)
    assert begin(absent={"Kim", "Lee", "Max"}).status is Status.FAIL_SAFE
    day = Target(name="day desk", hours=WorkingHours())
    ladder = Ladder(
        tiers=(Tier(name="desk", targets=(day,)),), fail_safe=FailSafe(name="duty line")
    )
    night = Path.begin(ladder, "desk", at=NOON.replace(hour=17))
    assert night.asked == ("duty line",)
    assert "day desk is not on duty" in night.history[0].text


def test_taken_late_still_counts():
    path = begin().advance(event("acknowledged", 15, "Kim"))
    assert (path.status, path.holder, path.tier, path.deadline) == (
        "held",
        "Kim",
        "supervisor",
        None,
    )
    assert path.plan == ()


def test_whoever_sits_on_it_is_documented_and_passed_over():
    path = begin("manager").advance(event("acknowledged", 5, "Max"))
    assert path.deadline == minutes(65)
    assert path.advance(event("progressed", 60, "Max")).deadline == minutes(120)
    late = path.until(minutes(70))
    assert late.status is Status.FAIL_SAFE
    assert late.concerns[0].text == "Max took the case and showed no progress in 60 min"
    with pytest.raises(EventError, match="passed over for good"):
        late.advance(event("acknowledged", 80, "Max"))


def test_a_manager_who_takes_it_lightly_is_documented_and_passed_over():
    light = event("belittled", 12, "Max", because="told the customer to calm down")
    path = begin().advance(light)
    assert path.concerns[0].text == "Max took the case lightly: told the customer to calm down"
    assert path.asked == ("Kim", "Lee")  # the second round
    assert path.until(minutes(40)).status is Status.FAIL_SAFE
    after_the_fact = begin().until(minutes(35)).advance(event("belittled", 36, "Max"))
    assert after_the_fact.asked == ("Kim", "Lee")
    assert after_the_fact.until(minutes(60)).status is Status.FAIL_SAFE
    end = begin(absent={"Kim", "Lee", "Max"})
    assert end.advance(event("belittled", 1, "duty line")).asked == ("duty line",)
    assert end.advance(event("declined", 1, "duty line")).asked == ("duty line",)


def test_a_late_taker_who_belittles_is_passed_over_where_the_case_is():
    path = begin().advance(event("acknowledged", 15, "Kim")).advance(event("belittled", 16, "Kim"))
    assert (path.asked, path.since) == (("Max",), minutes(16))


def test_who_leaves_and_comes_back():
    path = begin().advance(event("left", 1, "Kim"))
    assert (path.asked, path.since) == (("Lee",), NOON)
    assert path.advance(event("left", 2, "Lee")).asked == ("Max",)
    held = begin().advance(event("acknowledged", 1, "Kim")).advance(event("left", 2, "Kim"))
    assert (held.status, held.asked) == (Status.ASKING, ("Lee",))
    assert held.advance(event("left", 3, "Max")).asked == ("Lee",)
    back = path.advance(event("came_back", 3, "Kim"))
    assert back.until(minutes(30)).asked == ("Kim", "Lee")


def test_handing_back():
    path = begin().advance(event("acknowledged", 1, "Kim")).advance(event("declined", 2, "Kim"))
    assert path.asked == ("Lee",)


def test_reopened_cases_carry_their_history_and_warn_where_safety_is_concerned():
    calm = (
        begin().advance(event("resolved", 5, "Kim")).advance(event("reopened", 9, "the customer"))
    )
    assert (calm.asked, calm.warnings) == (("Kim", "Lee"), ())
    assert len(calm.history) == 4
    path = begin("security", because="a threat of violence")
    solved = path.advance(event("acknowledged", 1, "Sam")).advance(event("resolved", 5, "Sam"))
    moved = solved.advance(event("reopened", 60, tier="supervisor"))
    assert moved.warnings == ("take care, safety is concerned: a threat of violence",)
    assert moved.history[-1].text == "Kim and Lee warned: a threat of violence"
    again = solved.advance(event("reopened", 60, because="he is back"))
    assert again.asked == ("Sam",)
    assert len(again.dangers) == 2
    failed = begin(absent={"Kim", "Lee", "Max"}).advance(event("acknowledged", 1, "duty line"))
    assert failed.tier is None
    assert failed.advance(event("resolved", 2)).advance(event("reopened", 3)).start == "supervisor"


def test_moving_to_a_new_decision():
    policy = EscalationPolicy.default()
    path = policy.path(policy.evaluate({"asks_human": True}), at=NOON)
    path = path.advance(policy.evaluate({"danger": "violence"}).event(at=minutes(2)))
    assert (path.tier, path.deadline) == ("security", minutes(4))
    assert path.dangers == ("a threat of violence goes to security",)


def test_a_reported_time_out_changes_nothing_that_time_has_not_done():
    timed_out = event("timed_out", 10)
    path = begin().advance(timed_out)
    assert path.asked == ("Max",)
    assert begin().until(minutes(10)).advance(timed_out) == path
    with pytest.raises(EventError, match="the window is open until 2026-05-01 12:30"):
        path.advance(event("timed_out", 11))
    held = begin().advance(event("acknowledged", 1, "Kim"))
    with pytest.raises(EventError, match="no window is open"):
        held.advance(event("timed_out", 2))


def test_the_policy_replays_events():
    policy = EscalationPolicy.default()
    decision = policy.evaluate({"asks_supervisor": True})
    events = [event("acknowledged", 3, "duty supervisor"), event("resolved", 30, "duty supervisor")]
    path = policy.path(decision, at=NOON, events=events)
    assert path.status is Status.RESOLVED
    assert path == policy.path(decision, at=NOON, events=events[:1]).advance(events[1])
    assert path.until(minutes(600)).status is Status.RESOLVED


RESOLVED = begin().advance(event("resolved", 5))


@pytest.mark.parametrize(
    ("path", "wrong", "message"),
    [
        (begin(), event("acknowledged", 1, "Kym"), "was not asked; did you mean `Kim`"),
        (begin(), event("acknowledged", 1, "Max"), "`Max` was not asked"),
        (begin(), event("declined", 1, "Max"), "is not asked now"),
        (begin(), event("progressed", 1, "Kim"), "does not hold the case"),
        (begin(), event("left", 1, "Kimm"), "there is no target `Kimm`; did you mean `Kim`"),
        (begin(), event("resolved", -1), "is before"),
        (begin(), event("asked", 1, "Kim"), "nobody's doing"),
        (begin(), event("reopened", 1), "the case is not closed"),
        (RESOLVED, event("acknowledged", 6, "Kim"), "the case is closed"),
        (RESOLVED, event("resolved", 6, "Kim"), "the case is closed"),
    ],
)
def test_events_that_do_not_fit_are_refused_and_change_nothing(path, wrong, message):
    before = pickle.dumps(path)
    with pytest.raises(EventError, match=message):
        path.advance(wrong)
    assert pickle.dumps(path) == before


def test_bad_settings():
    naive = datetime(2026, 5, 1)  # noqa: DTZ001  on purpose
    for make in (
        lambda: Path.begin(LADDER, "supervisor", at=naive),
        lambda: begin().until(naive),
        lambda: begin().advance(PathEvent(kind="resolved", at=naive)),
        lambda: LADDER.targets[0].is_there(naive),
    ):
        with pytest.raises(SettingError, match="aware datetime"):
            make()
    with pytest.raises(SettingError, match="did you mean `supervisor`"):
        begin("superviser")
    with pytest.raises(EventError, match="no target `Kimm`"):
        begin(absent={"Kimm"})
    with pytest.raises(SettingError, match="the tier that the case moves to"):
        begin().advance(event("moved", 1))
    with pytest.raises(SettingError, match="one of supervisor"):
        begin().advance(event("moved", 1, tier="nobody"))
    with pytest.raises(EventError, match="is before"):
        begin().until(minutes(-1))


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: tier("t"), "at least one target"),
        (lambda: tier("t", "a", "a"), "different names"),
        (lambda: tier(" ", "a"), "not empty"),
        (lambda: tier("t", "a", acknowledge_within=timedelta(0)), "longer than 0"),
        (lambda: tier("t", "a", act_within=timedelta(-1)), "longer than 0"),
        (lambda: Ladder(tiers=(), fail_safe=FailSafe(name="x")), "at least one tier"),
        (
            lambda: Ladder(tiers=(tier("t", "a"),), rounds=0, fail_safe=FailSafe(name="x")),
            "from 1 to 100",
        ),
        (
            lambda: Ladder(tiers=(tier("t", "a"), tier("t", "b")), fail_safe=FailSafe(name="x")),
            "used once",
        ),
        (
            lambda: Ladder(tiers=(tier("t", "a"), tier("u", "a")), fail_safe=FailSafe(name="x")),
            "used once",
        ),
        (
            lambda: Ladder(tiers=(tier("t", "a", then="u"),), fail_safe=FailSafe(name="x")),
            "one of t",
        ),
        (
            lambda: Ladder(
                tiers=(tier("t", "a"), tier("u", "b", then="t")), fail_safe=FailSafe(name="x")
            ),
            "no cycle, found t -> u -> t",
        ),
    ],
)
def test_ladders_that_cannot_be(make, message):
    with pytest.raises(SettingError, match=message):
        make()


def many(rungs, channels=0, **settings):
    tiers = tuple(tier(f"t{number}", f"a{number}") for number in range(rungs))
    more = tuple(tier(f"c{number}", f"b{number}") for number in range(channels))
    return Ladder(tiers=tiers, channels=more, fail_safe=FailSafe(name="x"), **settings)


@pytest.mark.parametrize(
    ("make", "low", "high", "step"),
    [
        (lambda each: many(1, rounds=each), 1, 100, 1),
        (many, 1, 100, 1),
        (lambda each: many(1, each), 0, 99, 1),
        (
            lambda each: tier("t", "a", acknowledge_within=each),
            timedelta.resolution,
            timedelta(days=365),
            timedelta.resolution,
        ),
        (
            lambda each: tier("t", "a", act_within=each),
            timedelta.resolution,
            timedelta(days=365),
            timedelta.resolution,
        ),
    ],
)
def test_law_the_ends_of_a_range_are_in_it_and_what_lies_beyond_is_refused(make, low, high, step):
    make(low)
    make(high)
    with pytest.raises(SettingError):
        make(high + step)
    if low:
        with pytest.raises(SettingError):
            make(low - step)
