"""Records keep what is needed and not a word more; summaries say how sure they are."""

import json
import pickle
import random
import re
from collections import Counter
from copy import deepcopy
from datetime import UTC, datetime, timedelta
from statistics import fmean, pstdev
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from attrs import evolve, fields_dict
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    CustomerSaid,
    Offered,
    Promised,
    PromiseNoted,
    Reopened,
    Resolved,
)
from deescalate.cues import CueKind
from deescalate.errors import SettingError, TranscriptError
from deescalate.moves import Move
from deescalate.playbook import Playbook
from deescalate.records import (
    CAUSES,
    AgentTurn,
    CaseRecord,
    coach,
    columns,
    record_of,
    records_from_json_lines,
    records_to_json_lines,
    summarise,
)
from deescalate.testing.conversation import events
from deescalate.testing.records import records

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()


def case(number: int = 1, **known: object) -> CaseRecord:
    at = AT + timedelta(days=number)
    return CaseRecord(
        **{"case": str(number), "opened_at": at, "closed_at": at, "tier": "agent", **known}
    )


@given(st.lists(records(), max_size=4))
def test_law_records_go_to_json_lines_and_back(cases):
    assert records_from_json_lines(records_to_json_lines(cases)) == tuple(cases)


@given(st.lists(records(), max_size=3), st.lists(records(), max_size=3))
def test_law_files_of_records_can_be_appended(first, second):
    both = records_to_json_lines(first) + records_to_json_lines(second)
    assert records_from_json_lines(both) == (*first, *second)


NONSENSE = st.text("bcdfghjklmnpqrstvwxz", min_size=7, max_size=12)


SAID = {
    CustomerSaid: "text",
    AgentSaid: "text",
    Offered: "what",
    Promised: "what",
    Resolved: "note",
    Reopened: "note",
}
"""The words of each event that are somebody's."""


def words_of(text: str) -> set[str]:
    return set(re.findall(r"[^\W\d_]{4,}", text.casefold()))


OWN = words_of(
    " ".join(
        [
            *(name for kind in (CaseRecord, AgentTurn) for name in fields_dict(kind)),
            *(name for names in (CueKind, Move, CAUSES) for name in names),
            *BOOK.escalation.ladder.names,
            *("true", "false", "null", "format"),
        ]
    ).replace("_", " ")
)
"""The words that a record has of its own; the case has a number here."""


@given(events(), st.lists(NONSENSE, min_size=9, max_size=9, unique=True))
def test_law_a_record_holds_not_a_word_that_was_said(course, nonsense):
    """Each text gets a word that nobody else has, so that there is something to betray."""
    course = [each for each in course if not isinstance(each, PromiseNoted)]  # they name promises
    heard = [
        evolve(event, **{name: f"{getattr(event, name)} {word} {getattr(event, name)}"})
        if (name := SAID.get(type(event)))
        else event
        for event, word in zip(course, nonsense, strict=False)
    ]
    written = records_to_json_lines([record_of(BOOK.replay(heard))])
    kept = words_of(json.dumps(json.loads(written), ensure_ascii=False).replace("_", " "))
    zone = words_of(str(getattr(course[0].at.tzinfo, "key", "")).replace("_", " "))
    assert kept <= OWN | zone


@given(st.lists(records(), max_size=6), st.randoms(use_true_random=False))
def test_law_the_order_of_cases_does_not_matter(cases, rng):
    unlike = list({record.opened_at: record for record in cases}.values())
    shuffled = list(unlike)
    rng.shuffle(shuffled)
    assert summarise(unlike) == summarise(shuffled)


@given(st.lists(records(), max_size=6))
def test_law_counts_add_up(cases):
    found = summarise(cases)
    assert found.cases == len(cases)
    assert found.resolved.hits == sum(record.resolved for record in cases)
    assert found.escalation_precision.of == sum(
        record.escalated and record.escalation_needed is not None for record in cases
    )
    assert found.promises_kept.of == sum(record.promises for record in cases)
    assert {name: share.hits for name, share in found.causes.items()} == Counter(
        cause for record in cases for cause in record.causes
    )
    assert found.to_markdown().startswith(f"# {len(cases)} cases")
    table = columns(cases)
    assert {len(column) for column in table.values()} == {len(cases)}


def test_a_record_of_a_real_course():
    talk = BOOK.open(at=AT, case="48213").customer_says(
        "This is the third time I write and nobody answers! I am furious!", at=AT
    )
    talk = talk.agent_says("I'm so sorry. I will call you tomorrow at 5 pm.", at=AT)
    talk = talk.customer_says("thank you, that helps", at=AT + timedelta(minutes=4))
    talk = talk.resolved(at=AT + timedelta(minutes=5))
    record = record_of(talk, agent="ann", labels={"region": "north"})
    assert record.causes[0] == "lack_of_communication"
    assert record.contacts == 3
    assert record.promises == 1
    assert record.resolved
    assert record.minutes == 5
    assert record.peak > record.end
    (step,) = record.steps
    assert "apologise" in step.moves
    assert step.change < 0
    assert record_of(talk, causes=["late parcel"]).causes == ("late parcel",)


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{broken", "line 1: not JSON"),
        ("{}", "format is `None`: expected 1"),
        ('{"format": 1}', "is missing"),
        (
            '{"format": 1, "opened_at": "2026-01-05T09:00Z", "closed_at": "2026-01-05T09:00Z", "tier": "a", "cuases": []}',
            "did you mean `causes`?",
        ),
    ],
)
def test_a_line_that_is_no_record_is_named(line, message):
    with pytest.raises(TranscriptError) as caught:
        records_from_json_lines(line)
    assert message in str(caught.value)


def test_naive_times_are_refused():
    with pytest.raises(SettingError, match="aware"):
        CaseRecord(opened_at=datetime(2026, 1, 5), closed_at=AT, tier="agent")  # noqa: DTZ001


def test_chains_are_contacts_of_one_cause_close_together():
    chain = summarise(
        [
            case(1, customer="c1", causes=["late"]),
            case(5, customer="c1", causes=["late", "rude"]),
            case(9, customer="c1", causes=["rude"]),
            case(70, customer="c1", causes=["rude"]),
            case(71, customer="c1", causes=["price"]),
            case(2, customer="", causes=["late"]),
        ]
    ).chains
    assert [found.cases for found in chain] == [("1", "5", "9")]
    text = summarise([case(1, customer="c", causes=["x"]), case(2, customer="c", causes=["x"])])
    assert "1 → 2" in text.to_markdown()


def test_which_moves_went_with_calm_is_told_with_its_caution():
    good = AgentTurn(moves=["apologise"], before=0.8, after=0.3, read_before=0.8, read_after=0.4)
    bad = AgentTurn(moves=["explain"], before=0.6, after=0.9, read_before=0.8, read_after=0.9,
                    findings=["T108"])  # fmt: skip
    steps = (good, bad, good, bad, AgentTurn(moves=["inform"], before=0.5, after=0.1))
    found = summarise([case(n, steps=steps) for n in range(5)])
    assert [effect.move for effect in found.moves] == ["apologise", "explain"]
    apologised = found.moves[0]
    assert apologised.is_clear
    assert (apologised.turns, apologised.change, apologised.tracked) == pytest.approx(
        (10, -0.4, -0.5)
    )
    assert found.findings == {"T108": 10}
    text = found.to_markdown()
    assert "Caution" in text
    assert "-0.40" in text
    lonely = summarise([case(1, steps=(good,))])
    assert not lonely.moves[0].is_clear
    assert "too few turns" in lonely.to_markdown()


@settings(max_examples=20)
@given(st.integers(0, 2**32), st.integers(10, 30), st.integers(0, 20))
def test_law_what_is_by_chance_is_what_dealing_anew_gives(seed, dealt, others):
    """The closed form against moves really dealt anew among turns that read alike."""
    rng = random.Random(seed)
    reads = [(rng.choice([0.3, 0.7]), rng.random()) for _ in range(dealt + others)]

    def steps(order):
        return tuple(
            AgentTurn(moves=["act"] * (place < dealt), before=0.5, after=0.5,
                      read_before=before, read_after=after)
            for place, (before, after) in enumerate(order)
        )  # fmt: skip

    effect = summarise([case(1, steps=steps(reads))], level=0.9).moves[0]
    bands = [before for before, _ in reads]
    means = []
    for _ in range(300):
        pools = {band: [after - band for b, after in reads if b == band] for band in set(bands)}
        for pool in pools.values():
            rng.shuffle(pool)
        means.append(fmean(pools[band].pop() for band in bands[:dealt]))
    chance = effect.by_chance
    sd = (chance.high - chance.low) / 2 / 1.6449
    assert fmean(means) == pytest.approx(chance.estimate, abs=5 * sd / 300**0.5 + 1e-9)
    assert pstdev(means) == pytest.approx(sd, rel=0.25, abs=1e-9)


def test_customers_who_answer_with_a_number_are_not_said_to_calm_down():
    talk = BOOK.open(at=AT).customer_says("I am furious, your service is awful!", at=AT)
    for minute in range(1, 25, 2):
        talk = talk.agent_says(
            "I am so sorry. What is the number?", at=AT + timedelta(minutes=minute)
        )
        talk = talk.customer_says("4711", at=AT + timedelta(minutes=minute + 1))
    record = record_of(talk, agent="ann")
    assert record.read[0] > 0.5
    assert set(record.read[1:]) == {None}
    assert record.course[-1] < record.course[0]
    assert all(step.read_change is None for step in record.steps)
    note = coach([record], agent="ann").to_markdown()
    assert "calm down" not in note
    assert not summarise([record]).moves
    assert summarise([record]).calmed.value is None


def test_numbers_of_numpy_in_a_record_are_numbers():
    ours = case(1, course=[0.5, 0.2], read=[0.5, None], contacts=2, escalated=True, cues={"anger": 1},
                steps=(AgentTurn(score=0.5, before=0.25, read_after=1),))  # fmt: skip
    theirs = case(
        1,
        course=np.array([0.5, 0.2]),
        read=[np.float64(0.5), None],
        contacts=np.int64(2),
        escalated=np.bool_(True),
        cues={"anger": np.uint8(1)},
        steps=(AgentTurn(score=np.float32(0.5), before=np.float16(0.25), read_after=np.int8(1)),),
    )
    assert repr(theirs) == repr(ours)
    assert records_to_json_lines([theirs]) == records_to_json_lines([ours])
    days = summarise([ours, theirs], chain_days=timedelta(days=np.int64(30).item()))
    assert days == summarise([ours, theirs], chain_days=np.float32(30))


@pytest.mark.parametrize("read", [[1.5], [True], ["0.5"], [float("nan")]])
def test_what_was_read_is_a_share_or_nothing(read):
    with pytest.raises(SettingError, match=r"read\[0\]"):
        case(1, read=read)


def test_a_change_over_time_is_told():
    calm = [case(day, course=[0.2, 0.1]) for day in range(30)]
    upset = [case(day, course=[0.9, 0.8]) for day in range(30, 60)]
    text = summarise(calm + upset).to_markdown()
    assert "greatest distress: 0.20 before case 31, 0.90 from there on" in text


def test_coaching_praises_first_and_asks_for_two_things_at_most():
    person_first = AgentTurn(
        moves=["validate", "apologise"], before=0.8, after=0.5, read_before=0.8, read_after=0.4
    )
    hasty = AgentTurn(moves=["propose"], before=0.7, after=0.8, findings=["O301", "T108", "C601"])
    kind = [case(n, agent="ann", steps=(person_first,) * 3, promises=2) for n in range(4)]
    note = coach(kind, agent="ann")
    assert len(note.keep) == 4
    assert not note.practise
    assert "Keep doing this" in note.to_markdown()
    rough = coach(
        [case(1, agent="bob", steps=(hasty,) * 6, promises=6, promises_broken=3)],
        agent="bob",
        advice={"O301": "See the feeling before you offer"},
    )
    assert not rough.keep
    assert len(rough.practise) == 2
    assert str(rough.practise[0]) in {
        "See the feeling before you offer (6 of 6)", "Have a look at T108 (6 of 6)",
        "Have a look at C601 (6 of 6)",
    }  # fmt: skip
    assert "Try this next" in rough.to_markdown()
    few = coach(kind, agent="carl")
    assert "too few to say anything fair" in few.to_markdown()
    once = [case(1, agent="dan", steps=(*[evolve(hasty, after=None)] * 1, *[AgentTurn()] * 5))]
    assert not coach(once, agent="dan").practise


def test_columns_are_what_data_frames_take():
    table = columns([case(1, causes=["late"], course=[0.5, 0.2]), case(2)])
    assert table["cause"] == ["late", None]
    assert table["start"] == [0.5, None]
    assert table["customer_turns"] == [2, 0]


SPOILT = [
    "1" + "0" * 400,
    "NaN",
    "Infinity",
    "-Infinity",
    "1e400",
    '"nan"',
    '"0.5"',
    "-0.1",
    "1.5",
    "true",
    "null",
    "[]",
]
LINE = json.loads(records_to_json_lines([case(1, course=[0.5], steps=(AgentTurn(score=0.5),))]))


@given(st.sampled_from(SPOILT), st.sampled_from(["course", "score", "before", "contacts", "cues"]))
def test_law_a_number_that_cannot_be_is_refused_when_it_is_read(spoilt, name):
    """With the line and the name of what is wrong, before anything is counted with it."""
    mark = "<here>"
    changed = {
        "course": {"course": [0.5, mark]},
        "score": {"steps": [{"score": mark}]},
        "before": {"steps": [{"before": mark}]},
        "contacts": {"contacts": mark},
        "cues": {"cues": {"anger": mark}},
    }[name]
    line = json.dumps({**LINE, **changed}).replace(f'"{mark}"', spoilt)
    fits = {("before", "null")} | {(each, "1" + "0" * 400) for each in ("contacts", "cues")}
    if (name, spoilt) in fits:
        assert records_from_json_lines(line)
        return
    where = name if name in line else "course"
    with pytest.raises(TranscriptError, match=f"line 2.*{where}") as caught:
        records_from_json_lines(json.dumps(LINE) + "\n" + line)
    assert caught.value.line == 2


@pytest.mark.parametrize("days", [1e12, float("nan"), float("inf"), -1, True, "x", None])
def test_days_of_a_chain_that_cannot_be_are_refused(days):
    with pytest.raises(SettingError, match="days from 0 to 36525"):
        summarise([case(1), case(2)], chain_days=days)


def test_times_are_compared_as_instants_over_a_change_of_clocks():
    paris = ZoneInfo("Europe/Paris")
    first = datetime(2026, 10, 25, 2, 30, tzinfo=paris)
    again = first.replace(fold=1)
    found = CaseRecord(opened_at=first, closed_at=again, tier="agent", customer="c", causes=["x"])
    assert found.minutes == 60
    late = evolve(found, case="late", opened_at=again, closed_at=again)
    early = evolve(found, case="early", closed_at=first)
    assert summarise([late, early]).chains[0].cases == ("early", "late")
    assert not summarise([late, early], chain_days=1 / 48).chains


def test_a_change_of_nothing_has_no_sign():
    assert str(AgentTurn(before=0.3, after=0.3 - 1e-15).change) == "0.0"


def test_values_hash_and_copy():
    record = case(1, course=[0.5], cues={"anger": 1})
    assert hash(record) == hash(deepcopy(record))
    assert pickle.loads(pickle.dumps(record)) == record  # noqa: S301  our own bytes


def test_what_the_model_adds_is_told_only_where_both_are_known():
    assert AgentTurn(before=0.5, after=0.4).assumed_change is None
    assert AgentTurn(read_before=0.5, read_after=0.4).assumed_change is None
    step = AgentTurn(before=0.5, after=0.3, read_before=0.5, read_after=0.4)
    assert step.assumed_change == pytest.approx(-0.1)


@pytest.mark.parametrize("value", ["yes", 1, None])
def test_a_flag_is_true_or_false(value):
    with pytest.raises(SettingError, match=r"escalated.*true or false"):
        case(1, escalated=value)
