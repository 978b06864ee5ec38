"""Contradictions stay where they are, margins know every number, windows know when desks close."""

import pickle
from copy import deepcopy
from datetime import UTC, datetime, time, timedelta, timezone
from decimal import Decimal
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.errors import DocumentError, EventError, SettingError
from deescalate.escalation import (
    EscalationPolicy,
    FailSafe,
    Ladder,
    Path,
    PathEvent,
    Target,
    Tier,
    Urgency,
    Watch,
)
from deescalate.money import Money
from deescalate.promises import WEEKDAYS, WorkingHours, after, instant, on_clock
from deescalate.testing.promises import moments

POLICY = EscalationPolicy.default()
NOON = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
TIERS = ("bot", "clerk", "boss", "guard")


@st.composite
def contradictory(draw):
    """Policies whose rules overlap at random: unique and any tables with conflicts in them."""
    cells = st.sampled_from(["< 3", "> 2", ">= 5", "[1..6]", "-"])

    def rules(outcomes):
        return [
            {"name": f"r{n}", "when": {"a": draw(cells), "b": draw(cells)}, "then": outcome}
            for n, outcome in enumerate(draw(st.lists(st.sampled_from(outcomes), max_size=4)))
        ]

    hit = st.sampled_from(["unique", "any", "first"])
    return EscalationPolicy.from_document(
        {
            "name": "random",
            "format": 1,
            "on_error": "clerk",
            "fail_safe": {"name": "duty line"},
            "tiers": [
                {
                    "name": name,
                    "targets": [{"name": f"at the {name}"}],
                    "human": name != "bot",
                    "urgency": draw(st.sampled_from(list(Urgency))),
                }
                for name in TIERS[:3]
            ],
            "channels": [{"name": "guard", "safety": True, "targets": [{"name": "Sam"}]}],
            "table": {
                "name": "who",
                "format": 1,
                "hit_policy": draw(hit),
                "facts": {name: {"number": {"low": 0, "high": 9}} for name in "ab"},
                "rules": rules(TIERS),
                "default": "bot",
            },
            "urgency": {
                "hit_policy": draw(hit),
                "rules": rules(list(Urgency)),
                "default": "normal",
            },
        }
    )


def matching(table, facts):
    return [str(rule.then) for rule in table.rules if rule.when.holds(facts)]


@settings(max_examples=150)
@given(contradictory(), st.integers(0, 9), st.integers(0, 9))
def test_law_a_conflict_in_one_table_discards_nothing_that_another_decided(policy, a, b):
    facts = {"a": a, "b": b}
    decision = policy.evaluate(facts)
    without = evolve(policy, urgency=None).evaluate(facts)
    assert (decision.tier, decision.rules) == (without.tier, without.rules)
    assert decision.because[: len(without.because)] == without.because
    assert not any("could not be evaluated" in reason for reason in decision.because)
    assert decision.urgency.rank >= policy.ladder.tier(decision.tier).urgency.rank
    stated = matching(policy.urgency, facts)
    if policy.urgency.hit_policy != "first" and stated:
        assert decision.urgency.rank >= max(Urgency(each).rank for each in stated)
    claims = matching(policy.table, facts)
    if policy.table.hit_policy != "first" and claims:
        assert policy.rank(decision.tier) >= max(map(policy.rank, claims))


@given(
    contradictory(), st.fixed_dictionaries({}, optional={name: st.integers(0, 9) for name in "ab"})
)
def test_law_a_case_escalates_if_and_only_if_its_tier_ranks_above_the_present_one(policy, facts):
    decision = policy.evaluate(facts)
    assert decision.current == "bot"
    assert decision.escalates == (policy.rank(decision.tier) > policy.rank("bot"))


@given(st.sampled_from(POLICY.ladder.names), st.floats(0, 1), st.booleans())
def test_law_escalates_tells_up_from_staying_and_from_down(current, distress, asks):
    decision = POLICY.evaluate({"tier": current, "distress": distress, "asks_human": asks})
    assert decision.current == current
    assert decision.escalates == (POLICY.rank(decision.tier) > POLICY.rank(current))


def test_violence_goes_to_security_whatever_the_rules_of_urgency_say():
    document = {**_document(), "urgency": _contradiction()}
    decision = EscalationPolicy.from_document(document).evaluate({"danger": "violence"})
    assert (decision.tier, decision.urgency) == ("security", Urgency.IMMEDIATE)
    assert any("`urgency` is unique but 2 rules matched" in each for each in decision.because)
    assert decision.errors


def _document():
    import tomllib
    from importlib.resources import files

    text = (files("deescalate.escalation") / "data" / "default.toml").read_text("utf-8")
    return tomllib.loads(text)


def _contradiction():
    rules = [
        {"name": name, "when": {"danger": '"violence"'}, "then": then}
        for name, then in (("one", "high"), ("two", "normal"))
    ]
    return {"hit_policy": "unique", "rules": rules, "default": "normal"}


# --- margins --------------------------------------------------------------------------------


def eased(policy, fact, high, value):
    seen = Watch.begin(policy, {fact: high}, at=NOON)
    for hours in (0, 1, 2):
        seen = seen.see({fact: value}, at=NOON + timedelta(hours=hours))
    return seen.decision.tier


@given(st.integers(0, 100).map(lambda number: number / 100 + 0.001))
def test_law_a_margin_holds_alike_for_every_kind_of_number(distress):
    values = (distress, Decimal(str(distress)), np.float64(distress), np.float32(distress))
    tiers = {eased(POLICY, "distress", 1.0, min(value, 1)) for value in values}
    assert len(tiers) == 1


@given(st.integers(0, 400))
def test_law_a_margin_holds_alike_for_money_and_plain_sums(amount):
    margins = {"amount": 100, "contacts": Decimal("0.5")}
    policy = evolve(POLICY, returning=evolve(POLICY.returning, margins=margins))
    values = (amount, float(amount), Decimal(amount), np.int64(amount), np.float32(amount))
    values += (Money(amount, "EUR"), Money(amount, "GBP"))
    tiers = {eased(policy, "amount", 260, value) for value in values}
    assert len(tiers) == 1
    if amount + 100 > 200:
        assert tiers == {"supervisor"}
    else:
        assert tiers == {"senior agent"}  # where the sum with its margin would lead back


def test_margins_keep_to_the_domain_and_to_whole_numbers():
    margins = {"contacts": 1.5, "distress": 0.5}
    policy = evolve(POLICY, returning=evolve(POLICY.returning, margins=margins))
    assert eased(policy, "contacts", 5, 3) == "supervisor"  # 3 + 1.5 counts as 5
    assert eased(policy, "contacts", 5, 2) == "senior agent"
    assert eased(policy, "distress", 0.9, 0.8) == "supervisor"
    assert eased(policy, "distress", 0.9, "loud") == "supervisor"


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"returning": {"margins": {"distress": -0.1}}}, "returning.margins.distress"),
        ({"returning": {"margins": {"distress": float("nan")}}}, "returning.margins.distress"),
        ({"returning": {"margins": {"distress": "0.1"}}}, "returning.margins.distress"),
        ({"answer_within_minutes": {"high": float("inf")}}, "answer_within_minutes.high"),
        ({"answer_within_minutes": {"high": float("nan")}}, "answer_within_minutes.high"),
        ({"answer_within_minutes": {"high": 10**9}}, "answer_within_minutes.high"),
        ({"answer_within_minutes": {"high": True}}, "answer_within_minutes.high"),
    ],
)
def test_numbers_that_a_policy_cannot_use_are_refused_with_their_place(change, place):
    with pytest.raises(DocumentError, match=place):
        EscalationPolicy.from_document({**_document(), **change})


# --- hours ----------------------------------------------------------------------------------


def desk(**hours):
    document = _document()
    document["tiers"][1]["targets"] = [{"name": "desk", **hours}]
    return EscalationPolicy.from_document(document)


@pytest.mark.parametrize(
    "clock", ["09:00+02:00", "09:00Z", time(9, tzinfo=UTC), time(9, tzinfo=timezone(MINUTE))]
)
@pytest.mark.parametrize("key", ["opens", "closes"])
def test_a_time_of_day_has_no_offset(key, clock):
    with pytest.raises(DocumentError, match=f"targets.0..{key}: found .* without offset"):
        desk(**{key: clock})


def test_hours_until_midnight_and_over_it():
    evening = desk(opens="12:00", closes="24:00").ladder.tier("senior agent").targets[0]
    night = desk(opens="22:00", closes="06:00", days=list(WEEKDAYS)).ladder.targets[1]
    late = datetime(2026, 5, 1, 23, 59, 59, 999_999, tzinfo=UTC)
    assert evening.is_there(late)
    assert not evening.is_there(after(late, timedelta.resolution))
    assert night.is_there(late)
    assert night.is_there(datetime(2026, 5, 2, 5, 59, tzinfo=UTC))
    with pytest.raises(DocumentError, match="opens: found `24:00`"):
        desk(opens="24:00", closes="12:00")


CLOCKS = st.builds(time, st.integers(0, 23), st.sampled_from([0, 15, 30]))
ZONES = st.sampled_from(["UTC", "Europe/Paris", "Australia/Lord_Howe", "America/New_York"])


def small(targets):
    """The least policy, with some targets at its only rung."""
    table = {"name": "who", "format": 1, "facts": {}, "rules": [], "default": "desk"}
    top = {"name": "desk", "targets": targets}
    parts = {"format": 1, "name": "small", "on_error": "desk", "fail_safe": {"name": "duty line"}}
    return EscalationPolicy.from_document({**parts, "tiers": [top], "table": table})


@given(st.lists(CLOCKS, min_size=2, max_size=4, unique=True).map(sorted), ZONES)
def test_law_a_rota_round_the_clock_is_never_said_to_be_empty(clocks, zone):
    """By several desks, with a shift over midnight or one until 24:00."""
    ends = [*clocks[1:], clocks[0]]
    shifts = [
        {"name": f"desk {n}", "opens": a, "closes": b, "days": list(WEEKDAYS), "zone": zone}
        for n, (a, b) in enumerate(zip(clocks, ends, strict=True))
    ]
    assert "nobody-there" not in {each.code for each in small(shifts).check().findings}
    assert "nobody-there" in {each.code for each in small(shifts[:-1]).check().findings}


def test_desks_that_do_not_meet_between_two_changes_of_clocks_are_found():
    """New York goes over on 8 March, Paris on 29 March: three weeks with an hour of nobody."""
    paris = {"name": "Paris", "zone": "Europe/Paris", "opens": "08:00", "closes": "20:00"}
    york = {"name": "New York", "zone": "America/New_York", "opens": "14:00", "closes": "02:00"}
    findings = small([{**each, "days": list(WEEKDAYS)} for each in (paris, york)]).check().findings
    [found] = [each for each in findings if each.code == "nobody-there"]
    assert "at 06:00 UTC nobody is there" in found.text


# --- what callers supply --------------------------------------------------------------------


def test_a_policy_is_deaf_to_what_nobody_tells_it():
    names = {fact.name for fact in POLICY.table.facts}
    assert POLICY.check(supplied=names).ok
    found = POLICY.check(supplied=names - {"threat"} | {"treat"}).findings
    assert [(each.code, each.place) for each in found] == [
        ("fact-not-supplied", "table.facts.threat")
    ]
    assert "did you mean `treat`" in found[0].text
    both = POLICY.check(supplied=names - {"danger"}).findings
    assert {each.place for each in both} == {"table.facts.danger"}
    assert [each.text.split()[3] for each in both] == ["table", "urgency"]


# --- the path -------------------------------------------------------------------------------


def ladder(*, hours=None, zone=UTC):
    day = Target(name="day desk", hours=hours or WorkingHours(), zone=zone)
    boss = Tier(name="boss", targets=(Target(name="Lee"),))
    return Ladder(
        tiers=(Tier(name="desk", targets=(day,)), boss), fail_safe=FailSafe(name="duty line")
    )


def happened(kind, at, **more):
    return PathEvent(kind=kind, at=at, **more)


@given(moments(), CLOCKS, CLOCKS, st.integers(1, 600), ZONES)
def test_law_a_window_ends_with_its_time_or_with_the_shift(at, opens, closes, minutes, zone):
    if opens == closes != time(0):
        return
    hours = WorkingHours(opens=opens, closes=closes, days=WEEKDAYS)
    on = ladder(hours=hours, zone=ZoneInfo(zone))
    path = Path.begin(on, "desk", at=at, within=minutes * MINUTE)
    if path.asked == ("day desk",):
        wait = instant(path.deadline) - instant(at)
        assert timedelta(0) < wait <= min(minutes, 15) * MINUTE
        target = on.targets[0]
        shorter = wait < min(minutes, 15) * MINUTE
        assert shorter == (not target.is_there(path.deadline) and shorter)
        assert target.is_there(after(path.deadline, -timedelta.resolution))
    assert instant(path.plan[-1].at) - instant(at) <= on.worst_case("desk")


def test_a_desk_about_to_close_is_not_waited_for():
    closing = datetime(2026, 5, 1, 16, 59, tzinfo=UTC)
    path = Path.begin(ladder(), "desk", at=closing)
    assert path.deadline == datetime(2026, 5, 1, 17, 0, tzinfo=UTC)
    assert path.until(path.deadline).asked == ("Lee",)
    always = ladder(hours=WorkingHours(opens=time(0), closes=time(0), days=WEEKDAYS))
    night = datetime(2026, 5, 1, 23, 59, tzinfo=UTC)
    assert Path.begin(always, "desk", at=night).deadline == after(night, 15 * MINUTE)


@given(st.none() | st.integers(1, 30), st.none() | st.integers(1, 30))
def test_law_a_reopened_case_is_as_pressing_as_it_was_unless_it_is_said_otherwise(first, again):
    def length(minutes):
        return None if minutes is None else minutes * MINUTE

    path = Path.begin(ladder(), "boss", at=NOON, within=length(first))
    path = path.advance(happened("resolved", NOON, by="Lee"))
    path = path.advance(happened("reopened", NOON, within=length(again)))
    assert path.within == length(first if again is None else again)


def test_who_takes_a_case_over_is_told_with_who_had_it():
    path = Path.begin(ladder(), "desk", at=NOON).until(NOON + 15 * MINUTE)
    held = path.advance(happened("acknowledged", NOON + 16 * MINUTE, by="Lee"))
    over = held.advance(happened("acknowledged", NOON + 17 * MINUTE, by="day desk"))
    assert over.holder == "day desk"
    assert over.history[-1].text == "day desk took the case over from Lee"
    assert over.history[-1].who == ("day desk", "Lee")
    again = over.advance(happened("acknowledged", NOON + 18 * MINUTE, by="day desk"))
    assert again.history[-1].text == "day desk took the case"


def test_anybody_may_say_that_it_is_resolved_and_the_history_says_who():
    path = Path.begin(ladder(), "desk", at=NOON)
    done = path.advance(happened("resolved", NOON, by="mallory", because="the parcel came"))
    assert done.history[-1].text == (
        "mallory, who is not on the ladder, resolved the case: the parcel came"
    )
    with pytest.raises(EventError, match="`mallory` was not asked"):
        path.advance(happened("acknowledged", NOON, by="mallory"))


@pytest.mark.parametrize("within", [timedelta(0), -MINUTE, timedelta.max, 5, float("nan")])
def test_windows_that_cannot_be_are_refused(within):
    for make in (
        lambda: happened("moved", NOON, tier="boss", within=within),
        lambda: Tier(name="x", targets=(Target(name="y"),), acknowledge_within=within),
        lambda: Path.begin(ladder(), "boss", at=NOON, within=within),
    ):
        with pytest.raises(SettingError, match="longer than 0 and at most 365 days"):
            make()


@pytest.mark.parametrize("zone", [UTC, ZoneInfo("Pacific/Kiritimati"), timezone(-12 * 60 * MINUTE)])
@pytest.mark.parametrize("day", [datetime.min, datetime.max])  # noqa: DTZ901  given a zone below
def test_no_path_leads_out_of_the_calendar_but_into_a_setting_error(day, zone):
    for at in (day.replace(tzinfo=zone), day.replace(tzinfo=UTC)):
        try:
            path = Path.begin(ladder(zone=zone), "desk", at=at)
            assert path.plan
        except SettingError as error:
            assert "years 1 to 9999" in str(error)


def test_values_hash_pickle_and_copy():
    path = Path.begin(ladder(), "desk", at=NOON)
    for each in (path, path.history[0], path.plan[0], ladder(), POLICY.ladder):
        assert hash(each) == hash(deepcopy(each))
    for each in (path, POLICY, POLICY.evaluate({"distress": 0.9}), POLICY.check()):
        assert pickle.loads(pickle.dumps(each)) == each == deepcopy(each)  # noqa: S301  our own


def test_shifts_stand_on_the_clock_of_their_zone_on_the_day_of_the_change():
    paris = ZoneInfo("Europe/Paris")
    night = Target(
        name="n", zone=paris, hours=WorkingHours(opens=time(22), closes=time(6), days=WEEKDAYS)
    )
    for day in (datetime(2026, 3, 29), datetime(2026, 10, 25)):  # noqa: DTZ001  dates
        six = on_clock(day.date(), time(6), paris)
        assert night.is_there(after(six, -timedelta.resolution))
        assert not night.is_there(six)
