"""What may be sent, and what may not, whatever its tone."""

from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from deescalate.authority import Authority
from deescalate.cues import CueKind
from deescalate.languages import ENGLISH, Language
from deescalate.moves import Move, Phase
from deescalate.playbook import Playbook
from deescalate.testing.wording import KnownSituation, PlannedMoves, drafts, known_situations
from deescalate.wording import Review, Wording, review

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
UPSET = KnownSituation(distress=0.9, openness=0.3, fault="ours")


@pytest.mark.parametrize("draft", ["", " \n", "...", "!!!", "🙂", "Xq zzv plkj grmbl trff wpq."])
def test_what_says_nothing_that_can_be_read_is_never_sent(draft):
    assert not review(draft)
    assert review(draft).sendable is None


GOOD = (
    "I'm so sorry, that was our mistake. I have sent a new one; it is with you by noon tomorrow.",
    "Settings, then Billing, then the pencil next to the address.",
    "Still do, every Friday from 5. Separate fryer as well.",
    "No, sorry, that one is sold out. The blue one is here until six if you want it.",
    "Aye, nae bother, I'll get that swapped for ye by the morn.",
    "I understand, and I'm sorry about the wait. Your refund went out this morning.",
)
FAULTY = (
    "You need to calm down.",
    "You should have read the terms before you ordered.",
    "As I already told you, it takes three days.",
    "Go ahead and sue, see if we care.",
    "Then never use it again, it is not such a big deal.",
    "Are you quite sure that you did not break it yourself?",
)
BESIDE = (
    {},
    {"customer": "Where is my parcel?", "cues": [], "situation": KnownSituation()},
    {"customer": "It came broken. I am furious!", "cues": [], "situation": UPSET},
)


@pytest.mark.parametrize("draft", GOOD)
def test_good_replies_of_every_register_pass(draft):
    assert review(draft)


@given(st.sampled_from(GOOD), st.sampled_from(FAULTY), st.booleans(), st.sampled_from(BESIDE))
def test_law_a_fault_in_a_reply_never_raises_the_score_nor_makes_it_ok(good, fault, first, beside):
    alone = review(good, **beside)
    with_fault = review(f"{fault} {good}" if first else f"{good} {fault}", **beside)
    assert with_fault.ok <= alone.ok
    assume(alone.ok)
    assert with_fault.score <= alone.score


@given(drafts(), known_situations())
def test_law_the_points_are_what_the_score_lacks(draft, situation):
    found = review(draft, situation=situation)
    assert found.score == pytest.approx(1.0 - sum(found.points.values()))
    by_code = {}
    for each in found.findings:
        assert each.points > 0
        by_code[each.code] = by_code.get(each.code, 0.0) + each.points
    assert by_code == pytest.approx({c: p for c, p in found.points.items() if c in by_code})
    assert found.points.keys() - by_code.keys() <= {"bad"}


@given(drafts())
def test_law_ok_is_monotone_in_danger(draft):
    if review(draft, customer="I want to kill myself", cues=[CueKind.THREAT_SELF_HARM]):
        assert review(draft, customer="I want to kill myself", cues=[])


HOSTILE = st.text(st.sampled_from("`\n\r\x1b\u202ea <>|*_#[](){}\u2028"), max_size=40)


@given(HOSTILE, st.sampled_from(FAULTY))
def test_law_nothing_stands_in_the_feedback_unescaped(hostile, fault):
    threat = f"{fault} Go to hell, {hostile} you idiot."
    lines = review(threat).feedback().split("\n")
    assert len(lines) <= 5
    for line in lines:
        assert line.startswith("- ")
        assert line.isprintable()


def test_feedback_names_the_weightiest_first_and_is_empty_for_what_may_be_sent():
    lines = review("Kindly wait!! You need to calm down.", situation=UPSET).feedback().splitlines()
    assert 1 < len(lines) <= 5
    assert "`You need to calm down`" in "".join(lines[:2])
    assert review(GOOD[0]).feedback() == ""


def test_what_may_be_sent_is_the_draft_or_else_its_rewrite():
    assert review(GOOD[0]).sendable == GOOD[0]
    mended = review("Go ahead and sue, see if we care.").sendable
    assert mended is None
    assert Review(draft="So.", threshold=2.0).sendable is None
    house = Wording.from_document(
        '[[house]]\nsay = "guest"\ninstead_of = "punter"\n[codes.H702]\nseverity = "error"\n'
    )
    first = review(GOOD[0].replace("a new one", "the punter a new one"), wording=house)
    assert not first
    assert first.sendable == GOOD[0].replace("a new one", "the guest a new one")


DANGER = "I can't go on any more. I have the pills in front of me."


def talk(*said: str):
    found = Playbook.default().open(at=AT)
    for each in said:
        found = found.customer_says(each, at=AT)
    return found


@pytest.mark.parametrize(
    "draft",
    [
        "I understand. I will send you a 20 EUR voucher today.",
        "Thank you for your message. Your order ships tomorrow at nine.",
        "Please give me your order number.",
        "Are you safe right now? We can also offer you 20 EUR off your next order.",
    ],
)
def test_in_danger_only_what_sees_to_their_safety_and_to_nothing_else_is_sent(draft):
    assert not review(draft, customer=DANGER, cues=[CueKind.THREAT_SELF_HARM])


@pytest.mark.parametrize(
    "draft",
    [
        "I'm really glad you told me. Are you safe right now? Is anybody with you?",
        "I'm here with you. Please ring 999 now, or let me call someone for you. Are you alone?",
    ],
)
def test_a_reply_that_sees_to_their_safety_is_sent(draft):
    assert review(draft, customer=DANGER, cues=[CueKind.THREAT_SELF_HARM])


def test_the_plan_and_the_situation_tell_of_danger_too():
    calm = "Your order ships tomorrow at nine."
    plan = PlannedMoves.of(Move.SAFETY_CHECK, phase=Phase.SAFETY)
    assert "S803" in review(calm, plan=plan).codes
    assert "S803" in review(calm, situation=KnownSituation(danger="violence")).codes
    assert "S803" not in review(calm, situation=KnownSituation(danger="none")).codes


def test_a_wish_for_a_person_is_answered():
    wish = {"customer": "Can I talk to a real person please", "cues": [CueKind.ASKS_HUMAN]}
    assert "S806" in review("Please describe your problem in a few words.", **wish).codes
    for answer in (
        "Of course, I am passing you to my colleague Dana now.",
        "Nobody is here before nine, I'm afraid. I can book you a call for 9:15.",
        "I'm a human, promise. What has gone wrong?",
    ):
        assert "S806" not in review(answer, **wish).codes
    assert "S806" in review("Noted.", situation=KnownSituation(asks_human=True)).codes


def test_an_advert_is_no_answer():
    said = "My chair arrived with a broken leg and nobody answers the phone."
    advert = "Discover our summer sale: up to half off all garden furniture!"
    found = review(advert, customer=said, situation=KnownSituation(distress=0.6))
    assert not found


AGENT = Authority(money={"EUR": Decimal(50), "GBP": Decimal(50)}, actions=["replace"])


@pytest.mark.parametrize(
    "draft",
    [
        "I will refund you five hundred euros.",
        "I'll refund you £5k.",
        "I will refund 40 euros and credit another 40 euros.",
        "I will refund you 40 EUR. I will also send you an extra 20 EUR.",
        "Please enjoy a free night worth £300.",
    ],
)
def test_money_beyond_authority_is_never_sent(draft):
    found = review(draft, authority=AGENT)
    assert "M501" in found.codes
    assert not found


def test_money_adds_up_over_the_talk_and_counts_once():
    before = ["I have refunded you 40 EUR."]
    assert "M501" in review("I will refund another 20 EUR.", authority=AGENT, previous=before).codes
    again = "The refund of 40 EUR is on its way: you will receive 40 EUR by Friday."
    assert "M501" not in review(again, authority=AGENT, previous=before).codes
    assert "M501" not in review("I will refund 20 EUR.", authority=AGENT, previous=["Hi."]).codes


SAME = "Please restart the app and sign in again."


def test_the_same_step_again_is_seen_the_second_time():
    assert "O309" not in review(SAME).codes
    assert "O309" in review(SAME, previous=["Hello there.", SAME]).codes
    thanks = "Thank you for your patience with us today."
    assert "O309" not in review(thanks, previous=[thanks]).codes


BOTS = {
    "rude": (
        "You people never read anything, do you?",
        "Calm down, it is only a parcel.",
        "Then sue us. Good luck with that.",
        "That is your own fault, you should have read the terms.",
    ),
    "flattering": (
        "Wow, what an amazing customer you are! We simply love you! Have a fabulous day! 🎉",
        "You are so wonderful and we value you so very much, our dear valued customer!",
        "I guarantee that everything will be absolutely perfect for ever, trust me!",
    ),
    "stonewalling": (
        "Our policy does not allow that. There is nothing we can do.",
        "Your request has been noted. Thank you for contacting us.",
        "As already stated, the terms and conditions apply. No exceptions.",
    ),
}


@pytest.mark.parametrize("bot", BOTS)
def test_three_bots_never_get_an_ok_for_their_worst(bot):
    found = talk(
        "My parcel is a week late, you promised it for Monday and nobody calls me back.",
        "This is the third time I ask! I am furious. Where is my parcel?",
    )
    for reply in BOTS[bot]:
        assert not found.review(reply), reply


def test_where_no_model_hears_an_error_is_an_error():
    files = {name: text for name, text in ENGLISH.files.items() if name != "faults.json"}
    deaf = Language.from_files("english", files)
    said = {"customer": "Where is my parcel?", "situation": KnownSituation(), "language": deaf}
    assert not review("Calm down. I have found it, it is with you by six today.", **said)


@pytest.mark.parametrize(
    ("earlier", "beyond"),
    [
        (["I have refunded 30 euros to your card."], True),
        (["I have refunded 30 euros to your card."] * 2, True),
        (["I could refund 30 euros to your card."], False),
    ],
)
def test_what_was_done_is_added_up_and_what_was_only_offered_is_not(earlier, beyond):
    agent = Authority(money={"EUR": 50})
    found = review("I will refund 40 euros to your card.", authority=agent, previous=earlier)
    assert ("M501" in found.codes) is beyond
