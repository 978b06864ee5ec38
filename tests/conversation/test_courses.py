"""Laws of a conversation event by event: what may change with which event, over any course of them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import (
    AgentSaid,
    CustomerSaid,
    Danger,
    HandedOver,
    History,
    Offered,
    Reopened,
    Resolved,
    Waited,
)
from deescalate.cues import CueKind
from deescalate.moves import Move, Phase
from deescalate.playbook import Playbook

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
OFFER = "We can offer you a refund or a replacement, which would you prefer?"
CUSTOMER = (
    *("hello", "my parcel is late", "where is my order?", "yes please", "ok, thank you", "no"),
    *("no, that is not good enough", "I want my £45 back", "you useless idiots", "I will sue you"),
    *("It's working now, thanks", "This is the third time I am writing!", "where is it now??"),
    *("I am ill and need my medicine", "I am furious, this is a scandal!!!", "hm", "You broke it."),
    *("I want to speak to a supervisor", "ok", "I have been waiting for two weeks."),
    *("I will cancel my contract and leave.", "I never got a reply from you."),
)
AGENT = (
    *("hello, how can I help?", "I am so sorry, that was our mistake.", OFFER, "I see."),
    *("I understand how upsetting that is.", "is there anything else?", "I have refunded the fee."),
    *("I will call you tomorrow by 5 pm.", "We'll get back to you shortly.", "Please restart it."),
    *("Please stop insulting me, or I will have to end this chat.", "What is your order number?"),
    *("My supervisor is joining us now.", "Please restart it again.", "You have to calm down."),
    *("So your parcel is late.", "I'm sorry.", "We have to ask the courier."),
)
STEPS = {Move.PROPOSE, Move.OFFER_CHOICE, Move.ACT, Move.INFORM, Move.FOLLOW_UP, Move.ACCEPT}
STEPS |= {Move.PARTNER}
OTHERS = (Waited, Offered, Resolved, Reopened, HandedOver)
GIVEN = {Offered: {"what": "money back"}, HandedOver: {"to": "senior agent"}}
YES = {CueKind.ACCEPTANCE, CueKind.THANKS}


@st.composite
def courses(draw):
    """Events in the order of time, mostly of a customer and an agent in turn."""
    now, course = AT, []
    for number in range(draw(st.integers(1, 9))):
        now += timedelta(minutes=draw(st.sampled_from([0, 1, 7, 61, 1_500])))
        told = CustomerSaid(at=now, text=draw(st.sampled_from(CUSTOMER)))
        said = AgentSaid(at=now, text=draw(st.sampled_from(AGENT)))
        other = draw(st.sampled_from([None, None, None, *OTHERS]))
        if other is not None:
            course.append(other(at=now, **GIVEN.get(other, {})))
        course.append(said if number % 2 else told)
    return course


def the_history_counts_what_the_turns_show(steps):
    for _, _, talk in steps:
        told = [turn for turn in talk.turns if isinstance(turn.event, CustomerSaid)]
        said = [{each.move for each in turn.moves} for turn in talk.turns if turn not in told]
        kinds = [turn.reading.acted_on for turn in told]
        history = talk.history
        assert (history.customer_turns, history.agent_turns) == (len(told), len(said))
        assert history.apologies == sum(Move.APOLOGISE in moves for moves in said)
        assert history.limits == sum(Move.SET_LIMIT in moves for moves in said)
        assert history.explained == any(Move.EXPLAIN in moves for moves in said)
        assert history.abusive_turns == sum(CueKind.INSULT in each for each in kinds)
        assert history.ever == frozenset().union(*kinds)
        assert history.last == (kinds[-1] if kinds else frozenset())
        assert history.most_words == max((len(turn.event.text.split()) for turn in told), default=0)
        assert history.heated == any(turn.emotion.distress >= 0.5 for turn in told)
        assert history.vulnerable == any(
            kind.value.startswith("vulnerable") for kind in history.ever
        )


def nobody_agrees_to_what_nobody_proposed(steps):
    proposed = False
    for _, event, talk in steps:
        history = talk.history
        if isinstance(event, AgentSaid):
            proposed |= bool(STEPS & {each.move for each in talk.turns[-1].moves})
        proposed |= isinstance(event, Offered)
        assert proposed or not history.agreed


def agreement_comes_with_a_yes_and_goes_with_the_customer(steps):
    for before, event, after in steps:
        was, now = before.history, after.history
        if now.agreed and not was.agreed:
            assert isinstance(event, CustomerSaid)
            assert now.last & YES
            assert was.proposed
            assert not was.questioned
            assert not now.proposed
        if was.agreed and not now.agreed:
            assert isinstance(event, CustomerSaid | Reopened)
        assert now.refusals - was.refusals in (0, 1)
        if now.refusals > was.refusals:
            assert was.offered
            assert now.refused
            assert not now.proposed
            assert not now.agreed


def a_count_of_failing_grows_by_one_in_its_place_and_falls_only_to_nothing(steps):
    for before, event, after in steps:
        was, now = before.history, after.history
        customer, agent = isinstance(event, CustomerSaid), isinstance(event, AgentSaid)
        for name, place in (
            ("rounds_without_deed", customer and was.replied),
            ("repeated_advice", agent),
            ("untimed_promises", agent),
            ("short_turns", customer),
        ):
            old = getattr(was, name)
            assert getattr(now, name) in {old, old + place, 0}
        assert now.replied is (agent or (was.replied and not customer))
        same = before.state.same_plan
        assert after.state.same_plan in ({same, same + 1, 0} if customer else {same})


def a_customer_is_lost_who_leaves_after_an_offer_was_refused(steps):
    for _, _, talk in steps:
        leaves = CueKind.THREAT_LEAVING in talk.history.last
        assert talk.situation.lost is (leaves and talk.history.refusals > 0)


def a_turn_says_whether_it_moved_the_case_up(steps):
    for before, event, after in steps:
        new, history = after.escalation, after.history
        moved = new.tier != before.escalation.tier and new.escalates
        if isinstance(event, CustomerSaid | AgentSaid):
            assert after.turns[-1].escalated is moved
        if moved and before.history.helped:
            assert not history.helped
        over = history.helped or history.agreed or history.resolved
        assert after.situation.goes_up is (new.escalates and not over)


LAWS = (
    the_history_counts_what_the_turns_show,
    nobody_agrees_to_what_nobody_proposed,
    agreement_comes_with_a_yes_and_goes_with_the_customer,
    a_count_of_failing_grows_by_one_in_its_place_and_falls_only_to_nothing,
    a_customer_is_lost_who_leaves_after_an_offer_was_refused,
    a_turn_says_whether_it_moved_the_case_up,
)


@given(courses())
def test_law_every_event_changes_what_it_may_and_nothing_else(course):
    talks = [BOOK.open(at=AT)]
    for event in course:
        talks.append(talks[-1].then(event))
    steps = [*zip(talks, course, talks[1:], strict=False)]
    for law in LAWS:
        law(steps)


# --- danger ---------------------------------------------------------------------------------


SIGNS = {"self_harm": "I want to kill myself", "violence": "I will come and smash your face in"}


@given(
    st.sampled_from([("self_harm",), ("violence",), ("violence", "self_harm")]),
    st.integers(0, 4_000),
    st.integers(0, 9),
)
def test_law_a_message_without_a_sign_leaves_an_open_danger_as_it_is(kinds, days, quiet):
    at = AT + timedelta(days=days)
    danger = Danger(open=kinds, since=AT, because="they said so", quiet=quiet)
    assert danger.seen((), at=at) == danger
    assert not danger.watched(at)


@pytest.mark.parametrize("kind", SIGNS)
def test_law_a_danger_is_not_forgotten_however_long_they_talk_of_else(kind):
    talk = BOOK.open(at=AT).customer_says(SIGNS[kind], at=AT)
    for number in range(30):
        at = talk.at + timedelta(hours=number)
        talk = talk.customer_says(CUSTOMER[number % 3], at=at).agent_says(AGENT[3], at=at)
        assert talk.situation.danger == kind
        assert talk.escalation.safety
        assert talk.plan.phase is Phase.SAFETY


# --- what was said before -------------------------------------------------------------------

SENTENCE = "Please open the cover and press the small red button."


@pytest.mark.parametrize("back", range(1, 12))
def test_law_a_sentence_of_any_of_the_last_eight_replies_is_one_said_again(back):
    talk = BOOK.open(at=AT).customer_says("My printer does not work.", at=AT)
    for number in range(11, 0, -1):
        said = SENTENCE if number == back else f"Now please try number {number} of the paper trays."
        talk = talk.agent_says(said, at=talk.at).customer_says("It does not work.", at=talk.at)
    assert ("O309" in talk.review(SENTENCE).codes) is (back <= 8)


def test_a_case_that_goes_back_does_not_go_up():
    talk = BOOK.open(at=AT).customer_says("I want to speak to a supervisor", at=AT)
    assert talk.turns[-1].escalated
    talk = talk.agent_says("I have refunded the fee.", at=AT).customer_says("ok", at=AT)
    back = talk.customer_says("ok, thank you", at=AT + timedelta(hours=2))
    assert talk.escalation.tier == "supervisor"
    assert back.escalation.tier == "agent"
    assert not back.turns[-1].escalated


@given(st.integers(0, 200_000))
def test_law_who_is_safe_is_watched_for_a_day(seconds):
    talk = BOOK.open(at=AT).customer_says(SIGNS["self_harm"], at=AT).cleared(at=AT)
    later = talk.waited(at=AT + timedelta(seconds=seconds))
    assert later.situation.danger_watched is (seconds < 86_400)


def test_an_insult_is_felt_by_the_agent():
    plain, hurt = (
        BOOK.open(at=AT).customer_says(text, at=AT).turns[-1].agent
        for text in ("My parcel is late.", "You useless idiots.")
    )
    assert hurt.distress > plain.distress
    assert hurt.arousal > plain.arousal


@given(st.integers(1, 5), st.integers(0, 5), st.integers(0, 60), st.booleans())
def test_law_a_manner_is_of_the_last_turn_and_of_how_often_it_came(abusive, short, words, swears):
    insult = {CueKind.INSULT} | ({CueKind.PROFANITY} if swears else set())
    rude = History(last=insult, abusive_turns=abusive, last_words=words)
    assert (rude.manner == "abusive") is (abusive >= 2 or swears)
    assert (History(short_turns=short, abusive_turns=abusive).manner == "silent") is (short >= 2)
    wordy = History(last={CueKind.OFF_TOPIC}, last_words=words, abusive_turns=abusive)
    assert (wordy.manner == "talkative") is (words >= 22)
    assert History(last_words=words, abusive_turns=abusive).manner == "plain"


@given(st.lists(st.integers(1, 900), min_size=1, max_size=4))
def test_law_the_demand_is_the_largest_sum_of_their_last_message_with_one(sums):
    text = " ".join(f"I want £{each} back." for each in sums)
    talk = BOOK.open(at=AT).customer_says(text, at=AT).customer_says("hello", at=AT)
    assert talk.history.demand == max(sums)
    assert talk.customer_says("I want £7 back.", at=AT).history.demand == 7


def test_a_page_shows_a_case_that_waits_for_somebody_else():
    waits = BOOK.open(at=AT).customer_says("I want to speak to a supervisor", at=AT)
    over = waits.handed_over("supervisor", at=AT)
    assert '<span class="tag bad">for supervisor<' in waits.to_html()
    assert '<span class="tag">for supervisor<' in over.to_html()


@given(st.integers(250, 350))
def test_law_what_is_kept_of_a_text_beside_it_is_its_beginning(length):
    asked = f"Are you safe right now? {'x' * length}"[:length]
    answer = f"I'm safe, my sister is here. {'y' * length}"[:length]
    talk = BOOK.open(at=AT).customer_says(SIGNS["self_harm"], at=AT).agent_says(asked, at=AT)
    assert talk.history.safety_asked == asked[:300]
    safe = talk.customer_says(answer, at=AT)
    assert safe.danger.cleared_because == f"they said so: {answer[:300]}"


ADVICE = (
    "Please restart the router first.",
    "Machines need power and water.",
    "What is your order number please?",
    "See https://x.example/help for that.",
    "I am so sorry about this trouble.",
    "Everything depends on small things.",
)


@given(st.lists(st.sampled_from(ADVICE), min_size=1, max_size=4))
def test_law_what_a_reply_says_is_what_its_sentences_say_one_by_one(sentences):
    talk = BOOK.open(at=AT)
    apart = talk
    for sentence in sentences:
        apart = apart.agent_says(sentence, at=AT)
    together = talk.agent_says(" ".join(sentences), at=AT)
    assert together.history.sayings == apart.history.sayings
