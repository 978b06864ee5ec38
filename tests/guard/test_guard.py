"""The guard: nothing leaves it that may not be sent, whatever a model does."""

import asyncio
import inspect
import json
import socket
import threading
from datetime import UTC, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import AgentSaid, CustomerSaid, HandedOver
from deescalate.errors import DeescalateError, EventError, SettingError, SnapshotError
from deescalate.guard import Attempt, Failed, Guard, How, Pending
from deescalate.languages import ENGLISH, Language, lists_of
from deescalate.moves import Phase
from deescalate.playbook import Playbook
from deescalate.testing.conversation import agent_texts, customer_texts, events
from deescalate.wording import Wording

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
GERMAN = Playbook.default(language=Language.load("german"))
GUARD = Guard(BOOK)
LATE = "Where is my parcel? It was due on Monday."
WORDS = ("we", "are", "looking", "into", "where", "your", "parcel", "is", "now")
GOOD = "I'm sorry that it is late. I have asked the depot where it is."
BAD = "You need to calm down. It is not our fault."


class Odd(str):
    """A text that says one thing and is another."""

    __slots__ = ()

    def __str__(self):
        return GOOD

    def __len__(self):
        return 3

    def __iter__(self):
        return iter("abc")


class Cornered(Exception):  # noqa: N818  as models' libraries name them
    def __repr__(self):
        raise ValueError("no repr either")


def raises(error):
    def draft(messages):
        raise error

    return draft


def hangs(messages):
    threading.Event().wait(600)


def echoes(messages):
    return messages[-1]["content"]


def repeats(messages):
    replies = [each["content"] for each in messages if each["role"] == "assistant"]
    return replies[-1] if replies else GOOD


def leaks(messages):
    return messages[0]["content"]


def gives(value):
    return lambda _messages: value


ADVERSARIES = st.one_of(
    agent_texts().map(gives),
    customer_texts().map(gives),
    st.sampled_from(
        [
            *map(gives, [None, 7, b"Sorry.", ["Sorry."], object(), BAD, Odd(BAD), "", "\ud800", "Hi.\0"]),
            *map(gives, ["x" * 5_000_000, "You liar. " * 700, "😡" * 500, "\u202eolleh", GOOD + " \udfff"]),
            *map(gives, ["Sure, I refund you £5000 right now.", "As an AI I grant all.", "<script>"]),
            *map(raises, [ValueError("no"), SystemExit(1), StopIteration(), Cornered(), MemoryError()]),
            *map(raises, [asyncio.CancelledError(), GeneratorExit(), RecursionError(), TimeoutError()]),
            echoes, leaks, repeats,
        ]
    ),
)  # fmt: skip


def in_turn(*drafts):
    """A model that gives one draft after the other, the last for ever."""
    left = list(drafts)

    def draft(messages):
        return (left.pop(0) if len(left) > 1 else left[0])(messages)

    return draft


def said(text=LATE, guard=GUARD, **also):
    return guard.heard("", text, at=AT, **also)


def assert_fit_to_leave(given, talk):
    """What leaves may be sent, can be written down, and is what the conversation knows."""
    if given.how is How.REPEATED:
        return
    assert talk.review(given.text).ok
    assert json.loads(json.dumps(given.text).encode()) == given.text.encode().decode()
    before = len(talk.events)
    assert given.talk.events[:before] == talk.events[:]
    if given.how in (How.SENT, How.RETRIED) and len(given.text.split()) > 3:
        assert given.text not in [each.event.text for each in talk.turns if each.review][-1:]
    reply, *over = given.talk.events[before:]
    assert (type(reply), reply.text) == (AgentSaid, given.text)
    if over:
        assert given.how is How.HANDED_OVER
        assert [each.to for each in over] == [given.to]


@pytest.mark.parametrize("book", [BOOK, GERMAN], ids=["english", "german"])
@given(
    course=events(), drafts=st.lists(ADVERSARIES, min_size=1, max_size=3), tries=st.integers(1, 3)
)
def test_law_nothing_leaves_that_may_not_be_sent_whatever_the_model_does(
    book, course, drafts, tries
):
    talk = book.replay(course)
    guarded = Guard(book, tries=tries).reply(talk, draft_with=in_turn(*drafts))
    assert_fit_to_leave(guarded, talk)
    assert all(type(line) is str for line in guarded.why)


@given(st.lists(st.tuples(customer_texts(), ADVERSARIES), min_size=1, max_size=4))
def test_law_so_through_a_whole_conversation_kept_between_turns(course):
    kept = ""
    for number, (text, draft) in enumerate(course):
        at = AT + timedelta(minutes=number)
        talk = GUARD.heard(kept, text, at=at, turn_id=f"t{number}")
        guarded = GUARD.reply(talk, draft_with=draft)
        assert_fit_to_leave(guarded, talk)
        kept = guarded.talk.to_snapshot()
        again = GUARD.heard(kept, text, at=at, turn_id=f"t{number}")
        assert again == guarded.talk
        repeated = GUARD.reply(again, draft_with=raises(AssertionError("asked again")))
        assert (repeated.how, repeated.text, repeated.talk) == (How.REPEATED, guarded.text, again)
    assert len([e for e in again.events if isinstance(e, CustomerSaid)]) == len(course)


@given(events(), st.lists(ADVERSARIES, min_size=1, max_size=3))
def test_law_awaited_or_not_the_same_leaves(course, drafts):
    talk = BOOK.replay(course)
    asked = in_turn(*drafts)

    async def draft(messages):
        return asked(messages)

    awaited = asyncio.run(GUARD.areply(talk, draft_with=draft))
    assert_fit_to_leave(awaited, talk)
    now = GUARD.reply(talk, draft_with=in_turn(*drafts))
    assert (awaited.text, awaited.how, awaited.to) == (now.text, now.how, now.to)


@pytest.mark.parametrize("book", [BOOK, GERMAN], ids=["english", "german"])
@given(course=events(max_size=5))
def test_law_there_is_a_fallback_that_may_be_sent_in_every_phase(book, course):
    talk = book.replay(course)
    guarded = Guard(book, tries=1).reply(talk, draft_with=gives(None))
    assert guarded.text
    assert talk.review(guarded.text).ok
    assert any(guarded.text in section for section in lists_of(book.language, "fallbacks").values())


@given(events())
def test_law_no_word_of_the_customers_is_in_the_instructions(course):
    told = [evolve(e, text=e.text + " zxqv") if isinstance(e, CustomerSaid) else e for e in course]
    attempt = GUARD.attempt(BOOK.replay(told)).drafted("zxqv, you idiot. ")
    assert attempt.guarded or "zxqv" not in attempt.instructions.replace("`zxqv", "")


@given(events())
def test_law_while_a_person_has_the_case_no_model_is_asked(course):
    talk = BOOK.replay(course)
    talk = talk.handed_over("supervisor", at=talk.at)
    guarded = GUARD.reply(talk, draft_with=raises(AssertionError("asked")))
    assert guarded.reviews == ()
    assert guarded.how is How.HANDED_OVER
    assert guarded.to
    assert_fit_to_leave(guarded, talk)
    assert GUARD.attempt(talk).drafted(GOOD).guarded.text == guarded.text


def test_a_good_draft_is_sent_as_it_is():
    talk = said()
    guarded = GUARD.reply(talk, draft_with=gives(GOOD), at=AT + timedelta(minutes=1))
    assert (guarded.text, guarded.how, guarded.to) == (GOOD, How.SENT, "")
    assert (str(guarded), guarded.why) == (GOOD, ("draft 1: it may be sent",))
    assert guarded.reviews == (talk.review(GOOD),)
    assert guarded.talk.at == AT + timedelta(minutes=1)


def test_a_second_draft_gets_to_know_what_was_wrong_with_the_first():
    asked = []

    def draft(messages):
        asked.append(messages)
        return BAD if len(asked) == 1 else GOOD

    guarded = GUARD.reply(
        said(), draft_with=draft, facts=["it is in Leeds"], may=["a call"], may_not=["a date"]
    )
    assert guarded.how is How.RETRIED
    first, second = (messages[0]["content"] for messages in asked)
    for words in ("it is in Leeds", "a call", "a date"):
        assert words in first
    assert second.startswith(first)
    assert "Your last draft was not sent" in second
    assert "`You need to calm down`" in second
    assert asked[0][1:] == asked[1][1:] == [{"role": "user", "content": LATE}]
    assert guarded.why[0].startswith("draft 1: not to be sent: T108")


def test_a_model_is_told_in_its_language():
    attempt = Guard(GERMAN).attempt(GERMAN.open(at=AT).customer_says("Wo ist mein Paket?", at=AT))
    assert (
        "Ihr letzter Entwurf wurde nicht gesendet"
        in attempt.drafted("Halten Sie den Mund, Sie Idiot!").instructions
    )


@pytest.mark.parametrize(
    ("draft", "why"),
    [
        (gives(None), "it is no text but `NoneType`"),
        (gives(b"Sorry."), "it is no text but `bytes`"),
        (gives("x" * 5_000_000), "it is 5000000 characters long, more than 8000"),
        (gives(GOOD + "\ud800"), "it holds characters that no text has"),
        (gives(GOOD + "\0"), "it holds characters that no text has"),
        (raises(SystemExit(1)), "it raised `SystemExit(1)`"),
        (raises(asyncio.CancelledError()), "it raised `CancelledError()`"),
        (raises(Cornered()), "it raised `<Cornered>`"),
        (gives("Sure, I refund you £5000 right now."), "not to be sent: "),
        (leaks, "not to be sent: "),
    ],
)
def test_what_is_no_draft_is_told(draft, why):
    assert GUARD.reply(said(), draft_with=draft).why[0].startswith(f"draft 1: {why}")


@given(st.integers(7_990, 8_010))
def test_law_a_draft_is_read_up_to_a_length(length):
    attempt = GUARD.attempt(said()).drafted("word " * 2_000 + "x" * length)
    assert isinstance(attempt.tried[0], Failed)
    attempt = GUARD.attempt(said()).drafted("x" * length)
    assert isinstance(attempt.tried[0], Failed) is (length > 8_000)


@given(st.integers(1, 9))
def test_law_a_reply_of_four_words_or_more_is_not_said_twice_in_a_row(count):
    draft = " ".join(WORDS[:count])
    talk = said().agent_says(draft, at=AT).customer_says("And?", at=AT)
    judged = GUARD.attempt(talk).drafted(draft).tried[0]
    assert isinstance(judged, Failed) is (count >= 4)
    later = talk.agent_says(GOOD, at=AT).customer_says("And?", at=AT)
    assert not isinstance(GUARD.attempt(later).drafted(draft).tried[0], Failed)


def test_a_model_that_repeats_itself_is_told_replaced_and_then_relieved():
    again = "Nothing new: I have asked the depot, and I am waiting for them."
    talk = GUARD.reply(said(), draft_with=gives(again)).talk.customer_says("And?", at=AT)
    attempt = GUARD.attempt(talk).drafted(again.upper() + " ")
    assert "it is the last reply word for word" in attempt.instructions
    assert attempt.drafted(GOOD).guarded.how is How.RETRIED
    assert GUARD.reply(talk, draft_with=gives(again)).how is How.REPLACED
    short = GUARD.reply(said(), draft_with=gives("Yes, it is.")).talk.customer_says("Is it?", at=AT)
    assert (
        "draft 1: it is the last" not in GUARD.reply(short, draft_with=gives("Yes, it is.")).why[0]
    )
    german = Guard(GERMAN).attempt(GERMAN.open(at=AT).customer_says("Wo ist mein Paket?", at=AT))
    assert "er ist viel zu lang" in german.drafted("x" * 9000).instructions


def test_a_kind_of_text_is_the_text_in_it():
    assert GUARD.reply(said(), draft_with=gives(Odd(BAD))).why[0].startswith("draft 1: not to be")


def test_a_rewrite_goes_before_a_fallback():
    house = '[[house]]\nsay = "guest"\ninstead_of = "punter"\n[codes.H702]\nseverity = "error"\n'
    guard = Guard(evolve(BOOK, wording=Wording.from_document(house)))
    guarded = guard.reply(said(guard=guard), draft_with=gives(GOOD + " Every punter matters."))
    assert (guarded.how, guarded.text) == (How.REPLACED, GOOD + " Every guest matters.")
    assert guarded.why[-1] == "a rewrite may be sent"


def test_a_fallback_comes_once_then_somebody():
    first = GUARD.reply(said(), draft_with=gives(BAD))
    assert (first.how, first.to) == (How.REPLACED, "")
    assert first.why[-1] == "a fallback: issue"
    talk = first.talk.customer_says("And?", at=AT)
    second = GUARD.reply(talk, draft_with=raises(OSError("down")))
    assert (second.how, second.to) == (How.HANDED_OVER, "senior agent")
    assert "colleague" in second.text
    assert second.why[0] == "draft 1: it raised `OSError('down')`"
    assert second.why[-1] == "the case goes to senior agent: no draft could be sent"
    assert second.talk.tier == "senior agent"
    waiting = GUARD.reply(second.talk.customer_says("Hello?", at=AT), draft_with=gives(GOOD))
    assert (waiting.how, waiting.to) == (How.HANDED_OVER, "senior agent")
    assert waiting.why[-1] == "senior agent has the case: no draft was asked for"
    assert "colleague" in waiting.text
    again = GUARD.reply(waiting.talk.customer_says("Hello??", at=AT), draft_with=gives(GOOD))
    assert again.text not in (waiting.text, second.text)
    texts, talk = [], again.talk
    for _ in range(3):
        talk = GUARD.reply(talk.customer_says("Hello??", at=AT), draft_with=gives(GOOD)).talk
        texts.append(talk.turns[-1].event.text)
    assert texts == [waiting.text, again.text, waiting.text]
    back = talk.handed_over("agent", at=AT).customer_says("Still there?", at=AT)
    assert GUARD.reply(back, draft_with=gives(GOOD)).how is How.SENT


@given(st.integers(0, 14))
def test_law_a_line_is_not_said_again_while_it_is_one_of_the_last_twelve_replies(others):
    held = said().handed_over("supervisor", at=AT)
    first = GUARD.reply(held, draft_with=gives(None))
    talk = first.talk
    for number in range(others):
        talk = talk.agent_says(f"The depot is looking into number {number}.", at=AT)
    again = GUARD.reply(talk, draft_with=gives(None))
    assert (again.text != first.text) is (others < 12)


@given(st.integers(0, 5).map(lambda each: each / 10))
def test_law_who_is_upset_gets_a_line_for_the_person(distress):
    limits = evolve(BOOK.wording.limits, upset=0.2)
    book = evolve(BOOK, wording=evolve(BOOK.wording, limits=limits))
    talk = book.open(at=AT).learned(at=AT, distress=distress)
    text = Guard(book).reply(talk, draft_with=gives(None)).text
    person = distress >= 0.2 or talk.plan.phase is Phase.PERSON
    assert text in lists_of(ENGLISH, "fallbacks")["person" if person else "issue"]


def test_settings_are_given_by_name_and_a_reply_reads_as_a_line():
    with pytest.raises(TypeError):
        Guard(BOOK, 2)
    guarded = GUARD.reply(said(), draft_with=gives(GOOD))
    assert repr(guarded).count("Conversation") == repr(guarded).count("Review") == 0
    assert "clock" not in repr(GUARD)
    attempt = repr(GUARD.attempt(said()).drafted(BAD))
    assert attempt.count("Conversation") == attempt.count("Review") == 0


def test_where_the_policy_gives_the_case_to_somebody_it_is_handed_over():
    talk = said("I will come and smash your face in")
    guarded = GUARD.reply(talk, draft_with=gives(BAD))
    assert (guarded.how, guarded.to, guarded.talk.tier) == (How.HANDED_OVER, "security", "security")
    assert isinstance(guarded.talk.events[-1], HandedOver)
    assert guarded.why[-1].startswith("the case goes to security: ")
    asked = "I understand. I am getting my supervisor for you now."
    boss = GUARD.reply(said("I want to speak to your manager now"), draft_with=gives(asked))
    assert (boss.text, boss.how, boss.to) == (asked, How.HANDED_OVER, "supervisor")


def test_each_occasion_has_its_lines():
    lines = lists_of(ENGLISH, "fallbacks")
    for text, occasion in [
        ("I will come and smash your face in", "violence"),
        ("I want to kill myself", "self harm"),
        ("there is nothing left for me", "suspected"),
        ("I want to speak to your manager", "handing over"),
        ("où est mon colis, personne ne me répond depuis des semaines", "not understood"),
        ("I am so angry and disappointed, this is a nightmare!!", "person"),
        (LATE, "issue"),
    ]:
        guarded = GUARD.reply(said(text), draft_with=gives(None))
        assert guarded.text in lines[occasion], (text, guarded.why)


def test_where_there_is_nobody_above_a_fallback_stays_one():
    names = [tier.name for tier in BOOK.escalation.ladder.tiers]
    talk = said().handed_over(names[-1], at=AT)
    ladder = BOOK.escalation.ladder
    attempt = evolve(GUARD.attempt(talk), tried=(Failed("it slept"),))
    assert ladder.after(ladder.tier(names[-1])) is None
    assert attempt._next_up == ""


def test_where_no_line_may_be_sent_nothing_is_said_and_somebody_takes_over():
    for book in (
        evolve(BOOK, wording=evolve(BOOK.wording, threshold=1.1)),
        Playbook.default(language=Language.from_files("bare", {})),
    ):
        talk = book.open(at=AT).customer_says(LATE, at=AT)
        guarded = Guard(book).reply(talk, draft_with=gives(None))
        assert (guarded.text, guarded.how, guarded.to) == ("", How.HANDED_OVER, "senior agent")
        assert "no fallback may be sent" in guarded.why
        assert len(guarded.talk.turns) == 1


def test_a_model_that_hangs_is_left_behind():
    guard = Guard(BOOK, tries=2, seconds=0.02)
    guarded = guard.reply(said(), draft_with=hangs)
    assert guarded.why[:2] == tuple(f"draft {n}: it took longer than 0.02 s" for n in (1, 2))

    async def sleeps(messages):
        await asyncio.sleep(60)

    async def deaf(messages):
        try:
            await asyncio.sleep(60)
        except asyncio.CancelledError:
            return GOOD

    for draft in (sleeps, deaf):
        late = asyncio.run(guard.areply(said(), draft_with=draft))
        assert (late.text, late.why[0]) == (guarded.text, guarded.why[0])


def test_who_gives_up_on_a_reply_gives_up_on_its_draft():
    begun, ended = asyncio.Event(), asyncio.Event()

    async def sleeps(messages):
        begun.set()
        try:
            await asyncio.sleep(60)
        finally:
            ended.set()

    async def main():
        asking = asyncio.ensure_future(GUARD.areply(said(), draft_with=sleeps))
        await begun.wait()
        asking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await asking
        async with asyncio.timeout(300):
            await ended.wait()

    asyncio.run(main())


def test_without_a_limit_the_model_is_asked_where_one_is():
    names = []

    def draft(messages):
        names.append(threading.current_thread())
        return GOOD

    assert Guard(BOOK, seconds=None).reply(said(), draft_with=draft).how is How.SENT
    assert names == [threading.current_thread()]
    with pytest.raises(KeyboardInterrupt):
        Guard(BOOK, seconds=None).reply(said(), draft_with=raises(KeyboardInterrupt()))


def test_a_machine_without_threads_gives_no_draft(monkeypatch):
    def start(_self):
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", start)
    guarded = GUARD.reply(said(), draft_with=gives(GOOD))
    assert guarded.how is How.REPLACED
    assert "can't start new thread" in guarded.why[0]


def test_a_loop_of_ones_own():
    attempt = GUARD.attempt(said(turn_id="t1"))
    assert attempt.guarded is None
    assert attempt.messages == said().messages()
    attempt = attempt.failed("the queue was full")
    assert (attempt.guarded, attempt.feedback) == (None, "")
    assert attempt.drafted(GOOD).guarded.how is How.RETRIED
    assert attempt.drafted(BAD).guarded.how is How.REPLACED
    assert isinstance(attempt, Attempt)
    assert [each["role"] for each in Guard(BOOK, last=0).attempt(said()).messages] == ["system"]


def test_what_is_heard_again_and_out_of_time():
    first = said(turn_id="t1", case="48213")
    assert first.opened.case == "48213"
    kept = first.to_snapshot()
    early = GUARD.heard(kept, "And?", at=AT - timedelta(hours=1), turn_id="t2")
    assert (early.at, len(early.turns)) == (AT, 2)
    assert GUARD.heard(early.to_snapshot(), "And?", at=AT, turn_id="t2") == early
    other = Guard(evolve(BOOK, month_first=True)).heard(kept, "And?", at=AT, turn_id="t2")
    assert [turn.event.text for turn in other.turns] == [LATE, "And?"]
    with pytest.raises(EventError, match="with another text"):
        GUARD.heard(kept, "And?", at=AT, turn_id="t1")
    with pytest.raises(SnapshotError):
        GUARD.heard("{", "And?", at=AT)
    with pytest.raises(SettingError, match="aware"):
        GUARD.heard(kept, "And?", at=datetime(2026, 1, 5))  # noqa: DTZ001  naive
    with pytest.raises(SettingError, match="aware"):
        GUARD.reply(first, draft_with=gives(GOOD), at=datetime(2026, 1, 5))  # noqa: DTZ001  naive


def test_an_earlier_turn_that_comes_again_gets_its_own_reply():
    one = GUARD.reply(said(turn_id="t1"), draft_with=gives(GOOD)).talk
    two = GUARD.reply(
        one.customer_says("And?", at=AT, turn_id="t2"),
        draft_with=gives("Not yet, I am asking them now."),
    )
    again = GUARD.reply(two.talk, draft_with=gives(None), turn_id="t1")
    assert (again.how, again.text) == (How.REPEATED, GOOD)
    taken = said(turn_id="t1").customer_says("mine!", at=AT, turn_id="t1/reply")
    assert GUARD.reply(taken, draft_with=gives(GOOD), turn_id="t1").how is How.SENT


def test_a_follow_up_without_a_customers_turn():
    talk = BOOK.open(at=AT)
    assert GUARD.reply(talk, draft_with=gives("Hello, how can I help?")).how is How.SENT


@pytest.mark.parametrize(
    ("setting", "value"),
    [("tries", 0), ("tries", True), ("tries", 1.5), ("seconds", 0), ("seconds", -1.0),
     ("seconds", float("nan")), ("seconds", float("inf")), ("seconds", "1"), ("seconds", True)],
)  # fmt: skip
def test_settings_are_looked_at(setting, value):
    with pytest.raises(SettingError, match=setting):
        Guard(BOOK, **{setting: value})


def test_sync_and_async_take_the_same():
    now, awaited = (inspect.signature(each).parameters for each in (Guard.reply, Guard.areply))
    assert list(now) == list(awaited)
    assert issubclass(SettingError, DeescalateError)


def test_what_a_log_keeps_of_a_reply():
    found = GUARD.reply(said(), draft_with=gives(GOOD)).to_mapping()
    assert found == {"text": GOOD, "how": "sent", "why": ["draft 1: it may be sent"], "to": ""}


def test_hooks_that_run_twice_share_one_attempt():
    turn = Pending(GUARD.attempt(said()))
    assert turn.drafted(BAD) is None
    first = turn.drafted(GOOD)
    assert turn.drafted(BAD) is first
    assert len(turn.attempt.tried) == 2


def test_a_run_whose_hooks_give_no_draft_is_a_try_as_well():
    turn = Pending(GUARD.attempt(said()))

    async def run():
        if turn.attempt.tried:
            raise OSError("down")

    found = asyncio.run(turn.settled(run, seconds=None))
    assert found.how is How.REPLACED
    assert found.why[:2] == (
        "draft 1: the run gave no draft",
        "draft 2: it raised `OSError('down')`",
    )

    async def drafts():
        turn.drafted(GOOD)

    turn = Pending(GUARD.attempt(said()))
    assert asyncio.run(turn.settled(drafts, seconds=None)).text == GOOD


@pytest.mark.parametrize("book", [BOOK, GERMAN], ids=["english", "german"])
def test_a_broken_promise_is_owned_and_only_then(book):
    lines = lists_of(book.language, "fallbacks")
    talk = book.open(at=AT).promised("a call", due=AT, at=AT).waited(at=AT + timedelta(minutes=1))
    guard = Guard(book)
    assert guard.reply(talk, draft_with=gives(None)).text in lines["promise broken"]
    held = talk.handed_over("supervisor", at=talk.at)
    assert guard.reply(held, draft_with=gives(None)).text in lines["with a person, promise broken"]
    before = guard.reply(book.open(at=AT), draft_with=gives(None)).talk
    second = before.promised("a call", due=AT, at=AT).waited(at=AT + timedelta(minutes=1))
    over = guard.reply(second, draft_with=gives(None))
    assert over.text in lines["handing over, promise broken"]
    assert over.to


def test_who_says_no_time_is_heard_now():
    before = datetime.now(UTC)
    assert before <= GUARD.heard("", LATE).at <= datetime.now(UTC)
    assert Guard(BOOK, clock=lambda: AT).heard("", LATE).at == AT


def test_the_network_is_out_of_reach_of_these_tests():
    with pytest.raises(AssertionError, match="reach"), socket.socket() as outside:
        outside.connect(("192.0.2.1", 80))
    with pytest.raises(AssertionError, match="look up"):
        socket.getaddrinfo("example.org", 80)
