"""The numbers of a conversation that are ours, each at its end."""

from datetime import UTC, date, datetime, timedelta

import pytest
from attrs import evolve
from hypothesis import given
from hypothesis import strategies as st

from deescalate.conversation import History, from_lines, from_messages, from_whatsapp
from deescalate.conversation._danger import says_safe
from deescalate.conversation._facts import facts_of
from deescalate.conversation._handing_over import _length, shortened
from deescalate.conversation._history import Message
from deescalate.conversation._told import Found, asks, is_alike, sayings_of, told_in
from deescalate.cues import Cue, CueKind, Reading, Span
from deescalate.emotion import Impulse
from deescalate.errors import EventError, SettingError, TranscriptError
from deescalate.languages import ENGLISH
from deescalate.money import Money
from deescalate.playbook import Playbook
from deescalate.text import Text

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
PARTS = ("fuser", "drum", "roller", "tray", "cover", "hinge", "spring", "panel", "latch")


def shows(*kinds, **also):
    """A reading with a cue of each kind."""
    return Reading(cues=tuple(Cue(kind=k, span=Span(0, 1), quote="x", **also) for k in kinds))


# --- what they said -------------------------------------------------------------------------


@given(st.integers(0, 12), st.integers(0, 48), st.booleans())
def test_law_who_was_hot_and_says_a_quarter_of_it_has_gone_cold(words, most, heated):
    before = History(heated=heated, most_words=most)
    after = before.after_customer(Reading(), Message(words=words))
    assert after.cooling is (heated and 0 < 4 * words <= max(most, words))


@given(st.integers(0, 5), st.booleans(), st.booleans(), st.integers(0, 3))
def test_law_two_words_without_a_cue_are_hardly_a_word(words, angry, understood, before):
    message = Message(words=words, understood=understood)
    reading = shows(CueKind.ANGER) if angry else Reading()
    after = History(short_turns=before).after_customer(reading, message)
    silent = words <= 2 and understood and not angry
    assert after.short_turns == (before + 1 if silent else 0)


@pytest.mark.parametrize(
    ("rise", "distress", "rising", "heated"),
    [(0.149, 0.499, False, False), (0.15, 0.5, True, True), (0.151, 0.501, True, True)],
)
def test_a_rise_and_a_heat_begin_where_they_are_reached(rise, distress, rising, heated):
    heard = History(customer_turns=1, heard=True)
    after = heard.after_customer(Reading(), Message(rise=rise, distress=distress))
    assert (after.rising, after.heard, after.heated) == (rising, not rising, heated)
    assert not History().after_customer(Reading(), Message(rise=rise)).rising


@pytest.mark.parametrize(
    ("count", "believed"), [(2, 2), (999, 999), (1_000, 1_000), (1_001, 1_000)]
)
def test_nobody_is_believed_to_have_come_more_than_a_thousand_times(count, believed):
    said = shows(CueKind.REPEAT_CONTACT, count=count)
    assert History(contacts=1).after_customer(said, Message()).contacts == believed


@pytest.mark.parametrize(("before", "told", "waited"), [(0, None, 0), (0, 90, 90), (60, 30, 60)])
def test_the_longest_wait_that_is_told_is_remembered(before, told, waited):
    said = shows(CueKind.LONG_WAIT, seconds=told)
    assert History(waited_s=before).after_customer(said, Message()).waited_s == waited


@pytest.mark.parametrize(("words", "safe"), [(1, True), (4, True), (5, False)])
def test_a_bare_yes_or_no_has_four_words(words, safe):
    for answer, of_harm in (("yes", False), ("no", True)):
        found = (Found(answer, answer),)
        assert says_safe(found, words=words, asked_of_harm=of_harm) is safe
        assert says_safe(found, words=words, asked_of_harm=of_harm, sure=False)
        assert not says_safe(found, words=words, asked_of_harm=not of_harm)
        assert says_safe((Found("safe", "safe"),), words=words, asked_of_harm=of_harm)


@pytest.mark.parametrize(("end", "read"), [(9_999, True), (10_000, True), (10_001, False)])
def test_a_reference_and_a_question_are_looked_for_in_the_first_ten_thousand_characters(end, read):
    reference = " 4821399".rjust(end, "x")
    assert [each.what for each in told_in(reference)] == ["reference"] * read
    assert asks("?".rjust(end, "x")) is read


@pytest.mark.parametrize("text", ["4821399", "4821399 is it", "it is 4821399.", "(4821399)"])
def test_a_reference_is_read_wherever_it_stands(text):
    assert [each.quote for each in told_in(text)] == ["4821399"]


def known(broken=0, **history):
    """The facts of a conversation with such a history."""
    talk = BOOK.open(at=AT)
    return facts_of(evolve(talk.state, history=History(**history), broken=broken), talk.judges)


@pytest.mark.parametrize(
    ("insulting", "limits", "abusive"),
    [(1, 0, False), (2, 0, True), (2, 1, True), (2, 2, False), (3, 2, True), (3, 3, False)],
)
def test_abuse_is_two_insults_and_more_of_them_than_limits(insulting, limits, abusive):
    assert known(abusive_turns=insulting, limits=limits)["abusive"] is abusive


@pytest.mark.parametrize(("refusals", "lost"), [(0, False), (1, True), (2, True)])
def test_who_leaves_is_lost_after_an_offer_was_refused(refusals, lost):
    assert known(refusals=refusals, last={CueKind.THREAT_LEAVING})["lost"] is lost
    assert not known(refusals=refusals)["lost"]


@pytest.mark.parametrize(
    ("told", "repeats", "contacts"), [(0, False, 1), (0, True, 2), (1, True, 2), (3, True, 3)]
)
def test_who_comes_again_comes_a_second_time_at_least(told, repeats, contacts):
    assert known(contacts=told, repeat_contact=repeats)["contacts"] == contacts


@pytest.mark.parametrize(
    ("broken", "told", "owned", "just", "count", "open_"),
    [
        (0, False, False, False, 0, False), (1, False, False, False, 1, True),
        (0, True, False, False, 1, True), (0, True, True, False, 1, False),
        (0, True, True, True, 1, True), (2, True, True, False, 2, True),
    ],
)  # fmt: skip
def test_a_broken_promise_stands_until_it_is_owned(broken, told, owned, just, count, open_):
    last = {CueKind.BROKEN_PROMISE} if just else set()
    facts = known(broken, told_of_broken_promise=told, responsibility_owned=owned, last=last)
    assert (facts["broken_promises"], facts["promise_broken"]) == (count, open_)


def test_a_sum_that_fits_hides_no_fact_that_does_not():
    talk = BOOK.open(at=AT)
    facts = {BOOK.escalation.amount: Money("5", BOOK.escalation.currency or "EUR"), "fault": "x"}
    with pytest.raises(EventError, match="fault"):
        talk.learned(at=AT, own=facts)


def test_a_broken_promise_and_an_insult_are_felt_at_their_size():
    late = AT + timedelta(minutes=2)
    quiet = BOOK.open(at=AT).waited(at=late)
    broken = BOOK.open(at=AT).promised("a call", due=AT, at=AT).waited(at=late)
    exchange, pair = quiet.judges.exchange, BOOK.open(at=AT).state.pair
    later = exchange.customer.feel(quiet.emotion, Impulse(pleasure=-0.4, arousal=0.3))
    assert later == broken.emotion
    said = "You useless idiots."
    customer = exchange.customer.observe(pair.customer, BOOK.reader.read(said).affect)
    insulted = exchange.customer_speaks(
        evolve(pair, customer=customer),
        seconds=0.0,
        impulse=Impulse(pleasure=-0.2, arousal=0.3),
    )
    assert BOOK.open(at=AT).customer_says(said, at=AT).turns[-1].agent == insulted.agent


# --- what was advised ------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sentence", "said"),
    [
        ("Open the tray.", None),
        ("Open the rear tray.", {"open", "rear", "tray"}),
        ("Run the old fan.", None),
        ("Open the rear tray and tap it.", {"open", "rear", "tray"}),
    ],
)
def test_a_saying_has_three_words_of_four_letters(sentence, said):
    found = [*sayings_of(Text.of(sentence, ENGLISH), ())]
    assert found == ([] if said is None else [said])


@given(st.sets(st.integers(0, 9)), st.sets(st.integers(0, 9), min_size=1))
def test_law_sayings_are_alike_that_share_six_words_of_ten(one, other):
    shared, every = len(one & other), len(one | other)
    words = [frozenset(map(str, each)) for each in (one, other)]
    assert is_alike(*words) is (10 * shared >= 6 * every)


@pytest.mark.parametrize("count", [15, 16, 17, 30])
def test_the_last_sixteen_sayings_are_remembered(count):
    talk = BOOK.open(at=AT)
    said = [frozenset({"check", f"part{at:04}", PARTS[at % 9]}) for at in range(count)]
    for at in range(count):
        talk = talk.agent_says(f"Check part{at:04} of a {PARTS[at % 9]}.", at=AT)
    assert [*talk.history.sayings] == said[-16:]


@pytest.mark.parametrize(
    ("reply", "answers"),
    [("It left.", False), ("It left us.", True), ("It has left us.", True), ("Has it left us?", False)],
)  # fmt: skip
def test_a_sentence_of_three_words_and_a_stop_says_something(reply, answers):
    talk = BOOK.open(at=AT).customer_says("Where is it?", at=AT)
    assert talk.agent_says(reply, at=AT).history.unanswered is not answers


def test_a_promise_without_a_time_hides_no_other():
    said = "I'll get back to you shortly. I will call you by 5 pm. I will call you by 6 pm."
    talk = BOOK.open(at=AT).customer_says("Where is it?", at=AT)
    for _ in range(2):
        talk = talk.agent_says(said, at=AT)
        assert [f"{each.due:%H:%M}" for each in talk.ledger.promises] == ["17:00", "18:00"]
        assert [each.name for each in talk.ledger.promises] == ["promise 1", "promise 2"]


# --- how it is told --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("minutes", "told"),
    [
        (0, "0 min"), (89.4, "89 min"), (90, "2 h"), (91, "2 h"), (48 * 60 - 1, "48 h"),
        (48 * 60, "2 days"), (10 * 1440, "10 days"),
    ],
)  # fmt: skip
def test_a_length_is_told_in_minutes_below_ninety_and_in_hours_below_two_days(minutes, told):
    assert _length(minutes, ENGLISH) == told


@given(st.integers(1, 200), st.integers(2, 170))
def test_law_what_is_shortened_is_no_longer_than_allowed(length, limit):
    text = ("word " * 40)[: length - 1] + "x"
    short = shortened(text, limit)
    assert short == text if length <= limit else len(short) <= limit + 1
    assert length <= limit or short.endswith("…")


@pytest.mark.parametrize(("length", "cut"), [(159, False), (160, False), (161, True)])
def test_a_hundred_and_sixty_characters_are_shown_whole(length, cut):
    assert shortened("x" * length) == ("x" * 159 + " …" if cut else "x" * length)


@pytest.mark.parametrize(
    ("limit", "short"),
    [(13, "one two three"), (12, "one two …"), (9, "one …"), (8, "one …"), (5, "one …"), (4, "one …")],
)  # fmt: skip
def test_what_is_shortened_ends_with_a_word(limit, short):
    assert shortened("one two three", limit) == short


def test_a_note_is_twenty_letters_wide_at_least():
    note = BOOK.open(at=AT).customer_says("Where is it? I am so angry.", at=AT).handover()
    assert note.to_markdown(width=1) == note.to_markdown(width=20) != note.to_markdown(width=21)
    lines = [line for line in note.to_markdown(width=20).split("\n") if line[:1] in "- "]
    assert max(map(len, lines)) == 20


def test_the_story_counts_what_was_said_and_names_the_worst_only_between():
    calm, hot = "Where is my parcel?", "You idiots! I am furious!! I hate this!"
    talk = BOOK.open(at=AT).customer_says(calm, at=AT)
    assert talk.handover().story[:2] == (
        "opened 2026-01-05 09:00 UTC, 1 message and 0 replies in 0 min",
        f"it began with “{calm}”",
    )
    assert "last words" not in " ".join(talk.handover().story)
    talk = talk.agent_says("I have asked the depot.", at=AT).customer_says(hot, at=AT)
    story = " ".join(talk.handover().story)
    assert "2 messages and 1 reply in 0 min" in story
    assert "at the worst" not in story
    assert f"last words “{hot}”" in story
    talk = talk.agent_says("Sorry, I will.", at=AT).customer_says(calm, at=AT)
    story = " ".join(talk.handover().story)
    assert "3 messages and 2 replies" in story
    assert f"at the worst, at 09:00: “{hot}”" in story


# --- when it was -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("early", "taken"), [(0, True), (1, True), (5_000, True), (5_001, False), (60_000, False)]
)
def test_an_event_may_be_five_seconds_early(early, taken):
    talk = BOOK.open(at=AT)
    at = AT - timedelta(milliseconds=early)
    if taken:
        assert talk.customer_says("hi", at=at).turns[0].event.at == AT
    else:
        with pytest.raises(EventError, match="is before"):
            talk.customer_says("hi", at=at)
        with pytest.raises(EventError, match="is before"):
            talk.emotion_at(at)
    assert talk.customer_says("hi", at=AT).emotion_at(AT)


@given(st.integers(0, 400))
def test_law_waiting_is_told_in_minutes_and_silence_in_whole_ones(seconds):
    talk = BOOK.open(at=AT).customer_says("My parcel is late.", at=AT)
    talk = talk.agent_says("What is your order number?", at=AT)
    facts = talk.waited(at=AT + timedelta(seconds=seconds)).facts
    assert facts["minutes_waiting"] == seconds / 60
    assert facts["silent_minutes"] == seconds // 60


@given(st.integers(0, 4), st.none() | st.integers(0, 6))
def test_law_a_model_is_given_the_last_turns(turns, last):
    talk = BOOK.open(at=AT)
    for number in range(turns):
        talk = talk.customer_says(f"It is number {number}.", at=AT)
    given_ = [each["content"] for each in talk.messages(last=last)[1:]]
    asked = turns if last is None else min(last, turns)
    assert given_ == [f"It is number {number}." for number in range(turns - asked, turns)]
    for wrong in (-1, 1.0, True):
        with pytest.raises(SettingError, match="last"):
            talk.messages(last=wrong)


@pytest.mark.parametrize(
    ("number", "day"),
    [
        (0, "1970-01-01"), (99_999_999_999, "5138-11-16"), (100_000_000_000, "1973-03-03"),
        (99_999_999_999_999, "5138-11-16"), (100_000_000_000_000, "1973-03-03"),
        (99_999_999_999_999_000, "5138-11-16"), (100_000_000_000_000_000, "1973-03-03"),
        (-99_999_999, "1966-10-31"),
    ],
)  # fmt: skip
def test_a_number_counts_the_unit_in_which_it_is_before_the_year_5138(number, day):
    told = [{"role": "user", "content": "hi", "at": number}]
    for at in (number, str(number)):
        told[0]["at"] = at
        assert f"{from_messages(told)[1].at:%Y-%m-%d}" == day


@pytest.mark.parametrize("seconds", [0, 1, 366 * 86_400])
def test_between_two_turns_lies_a_year_at_most(seconds):
    told = [{"role": "user", "content": "hi"}, {"role": "user", "content": "there"}]
    first, then = from_messages(told, opened_at=AT, turn_seconds=seconds)[1:]
    assert then.at - first.at == timedelta(seconds=seconds)
    for wrong in (-1, 366 * 86_400 + 1, True):
        with pytest.raises(SettingError, match="turn_seconds"):
            from_messages(told, opened_at=AT, turn_seconds=wrong)


def chat(*stamps):
    """A chat of WhatsApp, a message a stamp, and when they were said."""
    text = "\n".join(f"{stamp} - Ann: {place}" for place, stamp in enumerate(stamps))
    return [each.at for each in from_whatsapp(text, who={"Ann": "customer"})[1:]]


@given(st.lists(st.tuples(st.integers(1, 31), st.integers(1, 31)), min_size=1, max_size=4))
def test_law_the_day_is_first_unless_only_the_other_way_is_a_date_or_goes_forward(pairs):
    def days(month_at):
        try:
            return [date(2026, pair[month_at], pair[1 - month_at]) for pair in pairs]
        except ValueError:
            return None

    ways = [way for way in (days(1), days(0)) if way]
    forward = [way for way in ways if way == sorted(way)]
    stamps = [f"{first}/{second}/26, 10:00" for first, second in pairs]
    if not ways:
        with pytest.raises(TranscriptError, match="no such time"):
            chat(*stamps)
        return
    expected = (forward or ways)[0]
    assert [at.date() for at in chat(*stamps)] == sorted(expected)


@pytest.mark.parametrize(
    ("stamp", "when"),
    [
        ("31/05/26, 09:00", "2026-05-31 09:00"), ("32/05/13, 09:00", "2032-05-13 09:00"),
        ("31/05/99, 09:00", "2099-05-31 09:00"), ("31/05/100, 09:00", "100-05-31 09:00"),
        ("31/05/26, 12:00 AM", "2026-05-31 00:00"), ("31/05/26, 1:00 AM", "2026-05-31 01:00"),
        ("31/05/26, 12:00 PM", "2026-05-31 12:00"), ("31/05/26, 1:00 PM", "2026-05-31 13:00"),
        ("31/05/26, 11:59 PM", "2026-05-31 23:59"), ("31/05/26, 13:00 PM", "2026-05-31 13:00"),
        ("31/05/26, 0:30 PM", "2026-05-31 00:30"),
    ],
)  # fmt: skip
def test_a_stamp_is_a_day_and_an_hour(stamp, when):
    [at] = chat(stamp)
    assert f"{at:%Y-%m-%d %H:%M}".lstrip("0") == when
    assert at.second == 0
    if len(stamp) < 17:
        assert chat(f"{stamp}:12")[0].second == 12


@pytest.mark.parametrize(
    ("clock", "when"),
    [
        ("09:00", "05 09:00:00"), ("09:00:07", "05 09:00:07"), ("08:59", "06 08:59:00"),
        ("12:00 AM", "06 00:00:00"), ("12:30 PM", "05 12:30:00"), ("23:59", "05 23:59:00"),
    ],
)  # fmt: skip
def test_a_time_of_day_is_of_the_next_day_where_it_goes_back(clock, when):
    opened_at = AT + timedelta(seconds=30, microseconds=5)
    [said] = from_lines(f"[{clock}] customer: hi", opened_at=opened_at)[1:]
    assert f"{said.at:%d %H:%M:%S.%f}" == f"{when}.000000"


def test_a_year_that_stands_first_tells_nothing_of_the_other_dates():
    assert [f"{at:%m-%d}" for at in chat("01/13/26, 9:00", "32/01/02, 9:00")] == ["01-13", "01-02"]
