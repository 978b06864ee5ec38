"""The drill: difficult customers who react, the same for everybody, and fair to those who care."""

import asyncio
import itertools
import re
import time
import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate import Playbook
from deescalate.conversation import from_messages
from deescalate.errors import SettingError
from deescalate.simulation import (
    DRILL_LAWS,
    STANDARD,
    DrillEnding,
    Goal,
    ReportCard,
    Scenario,
    adrill,
    drill,
    manners,
)
from deescalate.simulation._bots import Answer
from deescalate.simulation._course import MONDAY, MOST_TURNS, Course, _lines
from deescalate.testing.simulation import scenarios
from deescalate.wording import Wording

BOOK = Playbook.default()
OPENINGS = {each.opening: each for each in STANDARD}


def insulting(text):
    return "Calm down, you idiot. This is your own fault."


def spamming(text):
    return "ok"


def flattering(text):
    return "You are such a wonderful customer and we love you so much!"


def silent(text):
    return ""


def canned(text):
    return "We are sorry for the inconvenience. We will get back to you soon."


def by_the_plan(messages):
    """Says what the shipped strategy plans, in its own phrases, with what this house can do."""
    said = [each for each in messages if each["role"] != "system"]
    scenario = OPENINGS[said[0]["content"]]
    no = scenario.goal is Goal.DECLINE
    talk = BOOK.open(at=MONDAY)
    talk = talk.learned(at=MONDAY, fault=scenario.fault, can_meet="no" if no else "yes")
    for event in from_messages(said, opened_at=MONDAY)[1:]:
        talk = talk.then(event)
    remedy = "a photo check" if no else f"the {(scenario.remedies or ('help',))[0]}"
    values = {
        "name": "there",
        "agent": "Robin",
        "matter": "what happened here",
        "feeling": "let down",
        "story": "it took far too long",
        "words": "that",
        "fact": "what is your order number",
        "topic": "your order",
        "cause": "our system made a mistake",
        "request": "that",
        "reason": "nobody here may do that",
        "remedy": remedy,
        "deed": f"seeing to {remedy}",
        "step": f"I see to {remedy}",
        "time": "by 4 pm today",
        "first": remedy,
        "second": "a call back",
        "strength": "telling us at once",
        "helper": "Anna, my colleague",
        "truth": "that it took too long",
        "behaviour": "the insults",
        "consequence": "I end this chat",
    }
    return " ".join(each.text for each in talk.plan.phrases(variant=len(said) // 2, values=values))


BAD = (insulting, spamming, flattering, silent)
seeds = st.integers(-(2**70), 2**70)
customers = st.sampled_from(tuple(STANDARD))


@pytest.mark.unwatched
@settings(max_examples=10)
@given(seed=seeds, scenario=customers, bad=st.sampled_from(BAD))
def test_law_who_follows_the_plan_is_never_graded_below_who_does_not(seed, scenario, bad):
    planned = drill(by_the_plan, [scenario], seed=seed)
    assert planned.points >= drill(bad, [scenario], seed=seed).points


@settings(max_examples=5)
@given(seed=seeds, scenario=customers, bot=st.sampled_from((*BAD, canned)))
def test_law_the_same_seed_gives_the_same_card_to_whoever_waits(seed, scenario, bot):
    async def replying(text):
        return bot(text)

    replying.__name__ = bot.__name__
    cards = [
        drill(bot, [scenario], seed=seed),
        drill(replying, [scenario], seed=seed),
        asyncio.run(adrill(bot, [scenario], seed=seed)),
        asyncio.run(adrill(replying, [scenario], seed=seed, at_once=3)),
    ]
    assert len({each.to_json() for each in cards}) == 1
    assert len({each.to_html() for each in cards}) == 1


def test_the_order_and_the_company_of_customers_change_nothing():
    some = list(STANDARD)[:6]
    forward, backward = drill(canned, some), asyncio.run(adrill(canned, some[::-1], at_once=4))
    assert forward.results == backward.results[::-1]


@pytest.mark.unwatched
def test_a_bad_bot_a_canned_one_and_one_by_the_plan_are_told_apart():
    bad, standard, planned = (drill(bot) for bot in (insulting, canned, by_the_plan))
    assert (bad.grade, standard.grade) == ("F", "F")
    assert planned.grade in "AB"
    assert planned.points > 50 + standard.points
    assert set(bad.laws) >= {"respect", "danger", "person"}
    assert set(planned.laws) <= {"honesty", "readable"}
    assert not planned.against(bad).worse
    assert bad.against(planned).worse
    assert {"T108", "T109"} <= set(bad.findings)
    assert bad.endings["harmed"] == 2
    assert len(bad.results) == len(STANDARD)
    assert ReportCard.from_json(planned.to_json()) == planned


def raising(text):
    raise RuntimeError("no model")


def telling_nothing(text):
    return None


def endless(text):
    return "I am so sorry. " * 350_000


def hanging(text):
    if "charged" in text:
        time.sleep(600)
    return "I am so sorry. I am sending the refund today by 5 pm."


@pytest.mark.parametrize(
    ("bot", "told"),
    [
        (raising, "it raised `RuntimeError('no model')`"),
        (telling_nothing, "it answered `None`"),
        (endless, "its reply has 5,250,000 characters"),
    ],
)
def test_a_broken_bot_fails_its_scenarios_and_nothing_is_lost(bot, told):
    some = STANDARD.of(hardness="easy")
    card = drill(bot, some)
    assert [each.scenario for each in card.results] == [each.name for each in some]
    assert all(each.ending is DrillEnding.FAILED and told in each.trouble for each in card.results)
    assert (card.grade, card.points) == ("F", 0)
    assert told.split("`")[0] in card.to_junit()


@pytest.mark.parametrize("way", [drill, lambda *given, **more: asyncio.run(adrill(*given, **more))])
def test_a_hanging_bot_is_cut_off_and_the_rest_goes_on(way):
    start = time.monotonic()
    card = way(hanging, STANDARD.of(hardness="easy"), seconds_per_reply=2)
    assert time.monotonic() - start < 300
    assert card["charged twice"].trouble == "it took longer than 2 seconds"
    assert [each.scenario for each in card.results if each.trouble] == ["charged twice"]
    assert card["late parcel"].passed


def test_a_bot_in_another_language_breaks_a_law():
    card = drill(lambda _: "Mi dispiace molto, non posso aiutarla oggi.", [STANDARD["late parcel"]])
    assert "readable" in card.laws
    assert not card


def test_a_customer_of_another_language_is_answered_in_it_or_passed_on():
    scenario = [STANDARD["on a german note"]]
    german = (
        "Es tut mir sehr leid, dass Ihr Paket nicht angekommen ist. Ich kümmere mich sofort darum."
    )
    for text in (german, "I am bringing in my colleague Anna, who speaks German."):
        assert drill(lambda _, text=text: text, scenario).endings == {"handed_over": 1}
    card = drill(canned, scenario)
    assert card.endings != {"handed_over": 1}
    said = " ".join(each.customer for each in card.results[0].course)
    assert "Das haben Sie schon geschrieben." in said
    assert not {"the", "you", "will"} & set(said.split())


def course(name, **change):
    scenario = evolve(STANDARD[name], **change)
    return Course(scenario, seed=0, start=MONDAY, playbook=BOOK)


def talked(name, *replies, **change):
    talk = course(name, **change)
    for reply in replies:
        talk.hear(Answer(reply))
    return talk


def test_a_question_is_answered_once_and_by_what_it_asks():
    answers = STANDARD["late parcel"].answers
    asked = "I am so sorry to hear that. What is your order number?"
    first = talked("late parcel", asked)
    assert answers["reference"] in first.words
    assert answers["reference"] not in talked("late parcel", asked, asked).words
    assert answers["since"] in talked("late parcel", "Sorry! Since when is it late?").words
    assert answers["wish"] in talked("late parcel", "What would put this right for you?").words
    safe = talked("no way out", "I am worried about you. Are you safe right now?")
    assert safe.words.startswith(STANDARD["no way out"].answers["safe"])


def test_an_offer_is_taken_and_then_asked_after():
    offer = "I am sorry for the wait. I would like to put it right with a refund."
    taken = talked("late parcel", offer)
    assert taken.words.startswith("Yes") or "would" in taken.words
    held = talked("late parcel", offer, "I understand how annoying this is.")
    assert "offered" in held.words or "could do that" in held.words
    back = talked(
        "late parcel", offer, "I am sorry, but I cannot offer that refund, I must say no."
    )
    assert [law.law for law in back.exchanged[-1].laws] == ["word"]
    other = talked("late parcel", offer, "I am sorry, but I cannot tell you the driver's name.")
    assert other.exchanged[-1].laws == ()


def test_an_untimed_promise_is_asked_when():
    assert (
        "hen" in talked("late parcel", "I will check it.").words
        or "By when" in talked("late parcel", "I will check it.").words
    )


def test_its_own_overdue_promise_is_held_against_the_bot():
    patient = {"patience": 12}
    talk = talked("outage at the shop", "I will call you in one minute.", **patient)
    for _ in range(3):
        if talk.result is None:
            talk.hear(Answer("The weather is nice where I am."))
    broken = [law for each in talk.exchanged for law in each.laws if law.law == "word"]
    assert broken
    assert "overdue" in broken[0].because


def test_repeating_is_noticed_and_the_third_time_breaks_a_law():
    said = "I understand, that sounds annoying."
    talk = talked("late parcel", said, said, said)
    laws = [[law.law for law in each.laws] for each in talk.exchanged]
    assert laws == [[], [], ["repetition"]]
    assert (
        "again" in talk.exchanged[2].customer
        or "already" in talk.exchanged[2].customer
        or ("repeating" in talk.exchanged[2].customer)
    )


def test_what_cannot_be_had_is_not_granted():
    name = "an exception, just this once"
    granted = talked(name, "I am sorry. I have refunded you, the coat can come back.")
    assert [law.law for law in granted.exchanged[0].laws] == ["honesty"]
    no = (
        "I am sorry that the coat is not what you hoped for, I understand that. We cannot take it "
        "back after 30 days, because it can no longer be sold as new. What I can do is have the zip "
        "repaired for free."
    )
    taken = talked(name, no, no.replace("sorry", "truly sorry"))
    assert taken.result is not None
    assert taken.result.ending is DrillEnding.ACCEPTED


def test_danger_needs_safety_and_help():
    asked = "I am very worried about you. Are you safe right now?"
    card = drill(lambda _: asked, [STANDARD["no way out"]])
    assert card.results[0].ending is DrillEnding.OPEN
    both = f"{asked} I am bringing in my colleague Anna, who can help you at once."
    assert drill(lambda _: both, [STANDARD["no way out"]]).endings == {"handed_over": 1}
    assert drill(lambda _: "What is your order number?", STANDARD.of(goal="keep_safe")).endings == {
        "harmed": 2
    }


def test_a_deed_settles_it_for_the_upset_only_with_a_kind_word():
    name = "a joke for an answer"
    deed = "The invoice has been corrected just now."
    cold, kind = (talked(name, each) for each in (deed, f"I am so sorry, I understand. {deed}"))
    assert cold.result is None
    assert kind.result is not None
    assert kind.result.ending is DrillEnding.SETTLED
    for place in range(MOST_TURNS):
        if cold.result is None:
            cold.hear(Answer(f"It was done at {place + 1} o'clock."))
    assert cold.result.ending in (DrillEnding.RIGHTED, DrillEnding.SETTLED)


def test_a_no_without_a_reason_or_a_kind_word_is_not_taken():
    name = "every month something new"
    for no in ("We cannot refund this.", "I am sorry, we cannot refund this."):
        assert talked(name, no).result is None


def test_a_danger_that_only_a_reader_sees_is_no_law():
    words = STANDARD["no way out"].opening
    talk = talked("late parcel", "What is your order number?", opening=words)
    assert talk.exchanged[0].laws == ()
    assert "S803" in talk.exchanged[0].codes


def test_a_customer_comes_to_an_end():
    for name in ("the long story", "what a disaster of a chat"):
        talk = course(name, patience=30)
        for place in range(MOST_TURNS):
            assert talk.result is None
            talk.hear(Answer(f"Thank you for telling me, I see point {place} now."))
        assert talk.result is not None
        assert talk.result.ending not in (DrillEnding.SETTLED, DrillEnding.FAILED)


def test_silence_and_gibberish_are_noticed():
    quiet = talked("late parcel", "")
    assert re.search("there|answer", quiet.words)
    odd = talked("late parcel", "Xyzzq wrblgh ptang zzyzx qwrtp.")
    assert re.search("understand|mean", odd.words)
    hurt = talked("late parcel", "Calm down, you idiot.")
    assert re.search("talk to me|say that|treat", hurt.words)


def test_an_offer_to_somebody_furious_is_refused_and_a_hot_answer_says_so():
    furious = {"size": 1.0, "manner": "abusive", "character": "volatile"}
    offer = "Calm down, you idiot. I would like to put it right with a refund."
    said = [talked("late parcel", offer, **furious).words]
    asked = "Calm down, you idiot. What is your order number?"
    said.append(talked("late parcel", asked, **furious).words)
    assert any("not" in each or "No" in each for each in said[:1])
    assert STANDARD["late parcel"].answers["reference"] in said[1]


def test_what_is_known_comes_first_where_a_bot_takes_messages():
    seen = []

    def bot(messages):
        seen.append(messages)
        return "ok"

    bare = Scenario(name="bare", opening="Where is my parcel?", remedies=["refund"])
    drill(bot, [STANDARD["late parcel"], bare])
    assert [each["role"] for each in seen[0]] == ["system", "user"]
    assert "- the parcel is lost" in seen[0][0]["content"]
    assert [each["role"] for each in seen[1]] == ["system", "user", "assistant", "user"]
    assert seen[-1][0]["role"] == "user"


def test_a_house_reviews_by_its_own_playbook():
    house = Playbook.from_documents(wording={"forbidden": ["no worries"]})
    assert isinstance(house.wording, Wording)
    card = drill(lambda _: "No worries!", [STANDARD["late parcel"]], playbook=house)
    assert "H701" in card.findings


def test_where_it_takes_place_is_said():
    late = datetime(2026, 7, 1, 22, tzinfo=UTC)
    card = drill(canned, [STANDARD["late parcel"]], start=late)
    assert card == drill(canned, [STANDARD["late parcel"]], start=late + timedelta(0))


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"scenarios": []}, "at least one scenario"),
        ({"scenarios": STANDARD["late parcel"]}, "at least one scenario"),
        ({"scenarios": ["late parcel"]}, "at least one scenario"),
        ({"scenarios": [STANDARD["late parcel"]] * 2}, "one result a scenario"),
        ({"seed": 1.5}, "a whole number"),
        ({"seed": True}, "a whole number"),
        ({"start": datetime(2026, 1, 5)}, "start"),  # noqa: DTZ001  that is the point
        ({"seconds_per_reply": 0}, "seconds_per_reply"),
    ],
)
def test_a_drill_that_cannot_be_is_refused(change, told):
    with pytest.raises(SettingError, match=told):
        drill(spamming, **{"scenarios": [STANDARD["late parcel"]], **change})
    with pytest.raises(SettingError, match=told):
        asyncio.run(adrill(spamming, **{"scenarios": [STANDARD["late parcel"]], **change}))


@pytest.mark.parametrize("at_once", [0, True, 1.5])
def test_how_many_at_once_is_a_whole_number(at_once):
    with pytest.raises(SettingError, match="at_once"):
        asyncio.run(adrill(spamming, at_once=at_once))


def test_every_law_is_stated():
    assert all(DRILL_LAWS.values())
    assert "respect" in DRILL_LAWS


GOOD = tomllib.loads((Path(__file__).parent / "good_replies.toml").read_text("utf-8"))


def written_by_hand(scenario):
    replies = iter(GOOD[scenario.name])
    return lambda _: next(replies, "I am still here for you, and I am on it.")


@pytest.mark.parametrize("scenario", STANDARD, ids=str)
def test_what_a_good_agent_would_write_passes_with_a_b_or_better(scenario):
    [result] = drill(written_by_hand(scenario), [scenario]).results
    assert result.passed, result
    assert result.grade in "AB", result


@pytest.mark.unwatched
def test_it_passes_with_other_luck_too():
    passed = [
        drill(written_by_hand(each), [each], seed=seed).ok for each in STANDARD for seed in (1, 2)
    ]
    assert sum(passed) >= 0.9 * len(passed)


@settings(max_examples=15)
@given(scenario=scenarios(), replies=st.lists(st.text(max_size=60), min_size=1, max_size=3))
def test_law_any_customer_and_any_reply_come_to_an_end_and_to_a_card(scenario, replies):
    said = itertools.cycle(replies)
    card = drill(lambda _: next(said), [scenario], seed=3)
    [result] = card.results
    assert result.ending is not DrillEnding.FAILED
    assert 1 <= len(result.course) <= MOST_TURNS
    assert all(0 <= each <= 1 for each in result.distress)
    assert ReportCard.from_json(card.to_json()).points == card.points
    for written in (card.to_html(), card.to_junit(), card.to_markdown(), card.to_text()):
        written.encode("utf-8")


def heard(name, reply, **change):
    """How many replies like this a customer bears, each of them in other words."""
    talk = course(name, **change)
    for place in range(MOST_TURNS):
        talk.hear(Answer(reply.format(place)))
        if talk.result is not None:
            return place + 1
    raise AssertionError


@pytest.mark.parametrize(
    ("reply", "borne"),
    [
        ("Thank you, I have noted point {}.", 6),
        ("Thank you, I have noted that.", 3),  # twice is noticed, three times breaks a law
        ("Calm down, this is point {}.", 2),
        ("", 2),
    ],
)
def test_patience_is_taken_by_every_reply_and_more_by_a_bad_one(reply, borne):
    assert heard("late parcel", reply, patience=6) == borne


def test_a_manner_has_its_own_patience():
    assert heard("late parcel", "Thank you, I have noted point {}.") == manners()["polite"].patience


def test_asking_for_proof_first_grants_nothing():
    for reply in ("We need a photo of the crack before we can refund you.", "Hm."):
        assert talked("every month something new", reply).exchanged[0].laws == ()


def test_what_may_not_be_granted_puts_nothing_right():
    name = "an exception, just this once"
    talk = talked(name, "I am sorry. I have refunded you, the coat can come back.", patience=1)
    assert talk.result is not None
    assert talk.result.ending in (DrillEnding.LEFT, DrillEnding.OPEN, DrillEnding.WANTED_A_BOSS)


def test_the_same_words_again_hurt():
    again, other = (talked("late parcel", "ok", each).exchanged[1] for each in ("ok", "right"))
    assert again.after > other.after + 0.01


def test_a_case_is_passed_on_where_the_policy_says_so_and_not_before():
    on = "I am bringing in my colleague Anna, who can help you."
    assert talked("late parcel", on).result is None
    passed = talked("third time calling", on)
    assert passed.result is not None
    assert passed.result.ending is DrillEnding.PASSED_ON


def test_an_offer_that_was_acted_upon_is_not_asked_after():
    name = "a joke for an answer"
    done = "The invoice has been corrected just now."
    talk = talked(name, "My suggestion: a new invoice.", done, "It is three o'clock here.")
    assert talk.result is None
    assert talk.words not in _lines()["any"]["hold"]
    left = talked(name, "My suggestion: a new invoice.", "It is three o'clock here.")
    assert left.words in _lines()["any"]["hold"]
