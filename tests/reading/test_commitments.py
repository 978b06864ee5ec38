"""What an agent promises and by when; every sentence is written for this test."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.errors import SettingError
from deescalate.promises import WorkingHours, instant
from deescalate.reading import commitments_in
from deescalate.testing.promises import moments
from deescalate.text import Text, When

PARIS = ZoneInfo("Europe/Paris")
FRIDAY = datetime(2026, 5, 1, 10, 0, tzinfo=PARIS)

PROMISED = [
    ("I'll call you tomorrow by 5 pm.", "call", "Sat 02 May 17:00"),
    ("I will call you back at 5:30pm tomorrow", "call", "Sat 02 May 17:30"),
    ("I promise to ring you at 17.30 today", "call", "Fri 01 May 17:30"),
    ("We will get back to you within 24 hours.", "reply", "Sat 02 May 10:00"),
    ("You will hear from us by Friday.", "reply", "Fri 01 May 17:00"),
    ("You'll hear back from us by Thursday at noon.", "reply", "Thu 07 May 12:00"),
    ("I'll have an answer for you in two working days.", "reply", "Tue 05 May 17:00"),
    ("Your refund will be processed in 3-5 business days.", "refund", "Fri 08 May 17:00"),
    ("I'll email you by noon.", "reply", "Fri 01 May 12:00"),
    ("We'll send the replacement on Monday morning.", "send", "Mon 04 May 12:00"),
    ("By the end of the day you'll have a reply from me.", "reply", "Fri 01 May 17:00"),
    ("Within the hour I will phone you.", "call", "Fri 01 May 11:00"),
    ("I'll call you back in half an hour", "call", "Fri 01 May 10:30"),
    ("We will refund you by 12 June at the latest.", "refund", "Fri 12 Jun 17:00"),
    ("We will refund you by March 3rd.", "refund", "Wed 03 Mar 17:00"),
    ("I will be in touch next week", "reply", "Fri 08 May 17:00"),
    ("A colleague will call you between 2 and 4 pm on Tuesday", "call", "Tue 05 May 16:00"),
    ("I am going to ring you first thing tomorrow morning.", "call", "Sat 02 May 10:00"),
    ("We are going to get this fixed by close of business", "fix", "Fri 01 May 17:00"),
    ("Expect a call from our manager this afternoon.", "call", "Fri 01 May 17:00"),
    ("I'll get this sorted for you tonight.", "fix", "Fri 01 May 22:00"),
    ("The courier will deliver it by Wednesday next week", "send", "Wed 06 May 17:00"),
    ("I'll check with the warehouse and call you before 6.", "call", "Fri 01 May 18:00"),
    ("I'll make sure you get your money back by the 15th.", "refund", "Fri 15 May 17:00"),
    ("They'll reach out to you within one business day.", "reply", "Mon 04 May 17:00"),
    ("I'll follow up with you in the next 48 hours", "reply", "Sun 03 May 10:00"),
    ("We'll reply within a couple of days.", "reply", "Sun 03 May 10:00"),
    ("I will write to you by the end of the month.", "reply", "Sun 31 May 17:00"),
    ("I'll call you at 9am.", "call", "Sat 02 May 09:00"),
    ("I'll call you at 12 pm the day after tomorrow.", "call", "Sun 03 May 12:00"),
    ("I'll call you by 12 am tomorrow.", "call", "Sat 02 May 00:00"),
    ("You'll have your refund within 2 weeks.", "refund", "Fri 15 May 10:00"),
    ("You'll have your refund 10 days from now.", "refund", "Mon 11 May 10:00"),
    ("You'll get your parcel within a month.", "send", "Mon 01 Jun 10:00"),
    ("We will look into it this week.", "find out", "Fri 01 May 17:00"),
    ("I\u2019LL CALL YOU ON MONDAY!!!", "call", "Mon 04 May 17:00"),
    ("I'll call you next Monday.", "call", "Mon 04 May 17:00"),
    ("I'll call you next Saturday at 9 o'clock.", "call", "Sat 09 May 09:00"),
]


@pytest.mark.parametrize(("text", "what", "due"), PROMISED)
def test_promises_with_a_time(text, what, due):
    [found] = commitments_in(text)
    assert found.what == what
    assert found.when.due(FRIDAY).strftime("%a %d %b %H:%M") == due
    assert found.quote == text[found.span.start : found.span.end]
    promise = found.promise(name="p", at=FRIDAY, made_by="Kim")
    assert (promise.due, promise.quote, promise.made_by) == (
        found.when.due(FRIDAY),
        found.quote,
        "Kim",
    )


@pytest.mark.parametrize(
    ("said", "british", "american"),
    [
        ("by 12/06", "2026-06-12", "2026-12-06"),
        ("by 3/4", "2027-04-03", "2027-03-04"),
        ("on 13/6", "2026-06-13", "2026-06-13"),
        ("on 6/13", "2026-06-13", "2026-06-13"),
        ("before the 1/7", "2026-07-01", "2027-01-07"),
        ("by 2026-12-03", "2026-12-03", "2026-12-03"),
        ("by 2026/12/03", "2026-12-03", "2026-12-03"),
        ("on 03.12.2026", "2026-12-03", "2027-03-12"),
        ("on 3-12-2027", "2027-12-03", "2027-03-12"),
        ("by 3/12/27", "2027-12-03", "2027-03-12"),
        ("on 12.06.", "2026-06-12", "2026-12-06"),
        ("by 2025-01-02", "2027-01-02", "2027-01-02"),
        ("by 1/5", "2026-05-01", "2027-01-05"),
    ],
)  # fmt: skip
def test_dates_in_numbers(said, british, american):
    for month_first, due in ((False, british), (True, american)):
        [found] = commitments_in(f"I will call you {said}.", month_first=month_first)
        assert found.when.due(FRIDAY).date().isoformat() == due
        assert found.quote == f"I will call you {said}".rstrip(".")


def test_a_date_in_numbers_with_a_time_of_day():
    [found] = commitments_in("I'll call you on 12/06 at 4 pm.")
    assert found.when.due(FRIDAY).isoformat() == "2026-06-12T16:00:00+02:00"
    [found] = commitments_in("I'll call you by 4 pm on 2026-06-12.")
    assert found.when.due(FRIDAY).isoformat() == "2026-06-12T16:00:00+02:00"


@given(moments(), st.dates(date(2001, 1, 1), date(2099, 12, 28)), st.booleans())
def test_law_a_full_date_that_is_to_come_is_that_date(at, day, month_first):
    shown = day.strftime("%m/%d/%Y" if month_first else "%d/%m/%Y")
    for said in (day.isoformat(), shown):
        [found] = commitments_in(f"I'll call you by {said}", month_first=month_first)
        due = found.when.due(at)
        if due is None:  # it has passed, and there is none next year
            assert (day.month, day.day) == (2, 29)
            continue
        assert (due.day, due.month) == (day.day, day.month)
        if day > at.date():
            assert due.date() == day


@pytest.mark.parametrize(
    "text",
    [
        "We are here for you 24/7: I'll call you.",
        "I'll call you by 13/14",
        "I'll call you by 0/5",
        "I'll call you by 30/2",
        "I'll call you on 31 June",
        "I'll call you by 12/03/04/05",
        "I'll call you about the 49.99 refund",
        "I'll call you about 2026 12 03 45",
        "I'll call you about case 07 12 34",
        "We'll get back to you shortly.",
        "I will look into this right away.",
        "We'll update you every 2 hours.",
        "I'll call you at 99.",
        "I'll call you about 5 boxes at 25:70",
    ],
)
def test_promises_without_a_time(text):
    [found] = commitments_in(text)
    assert found.when is None
    assert found.promise(name="p", at=FRIDAY) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "I can call you tomorrow if you like.",
        "I won't call you tomorrow.",
        "We will never refund you within 3 days.",
        "I'll call you tomorrow if you prefer.",
        "Would you like a call by Friday?",
        "Thank you for waiting two weeks.",
        "You said that we'd call by Friday.",
        "Your parcel was sent on Monday.",
    ],
)
def test_what_is_no_promise(text):
    assert commitments_in(text) == ()


def test_several_promises_in_one_message():
    text = "Sorry! I'll email you by noon, and we'll send the replacement on Monday.\nWe will refund you"
    assert [(each.what, each.when and each.when.day) for each in commitments_in(text)] == [
        ("reply", ""),
        ("send", "monday"),
        ("refund", None),
    ]


def test_a_dot_inside_is_no_end_of_a_sentence():
    [found] = commitments_in("I'll call you at 5 p.m. tomorrow")
    assert found.when.clock == time(17)


@given(moments(), st.sampled_from([text for text, _, _ in PROMISED]))
def test_law_a_due_time_is_never_before_it_was_said(at, text):
    [found] = commitments_in(text)
    due = found.when.due(at)
    assert instant(due) >= instant(at)
    assert due.utcoffset() is not None


@given(st.text(max_size=300))
def test_law_any_text_is_safe_and_quoted_exactly(text):
    for found in commitments_in(text):
        assert found.quote == text[found.span.start : found.span.end]


@given(
    st.lists(
        st.sampled_from(
            [
                "i'll",
                "call",
                "you",
                "by",
                "within",
                "5",
                "24",
                "p.m.",
                "pm",
                "tomorrow",
                "friday",
                "next",
                "march",
                "the",
                "hours",
                ".",
                ",",
                "�",
                "\n",
            ]
        ),
        max_size=40,
    )
)
def test_law_any_mix_of_the_words_is_safe(words):
    text = " ".join(words)
    for found in commitments_in(text):
        assert found.quote == text[found.span.start : found.span.end]
        if found.when:
            assert instant(found.when.due(FRIDAY)) >= instant(FRIDAY)


@given(moments(), st.integers(1, 200))
def test_law_hours_are_elapsed_and_days_keep_the_clock(at, amount):
    hours = When(amount=amount, unit="hour").due(at)
    assert instant(hours) - instant(at) == timedelta(hours=amount)
    days = When(amount=amount, unit="day").due(at)
    assert days.date() == at.date() + timedelta(days=amount)


def test_dates_and_ends():
    march = datetime(2026, 3, 31, 18, 0, tzinfo=UTC)
    assert When(day="end_of_month").due(march).date() == date(2026, 4, 30)
    assert When(day="today").due(march).strftime("%d %H:%M") == "31 23:59"
    assert When(day="today", clock=time(9)).due(march).strftime("%d %H:%M") == "31 23:59"
    late = march.replace(hour=23, minute=59, second=30)
    assert When(day="end_of_day").due(late) == late
    assert When(day="date", day_of_month=31).due(march).date() == date(2026, 5, 31)
    assert When(day="date", day_of_month=2).due(march).date() == date(2026, 4, 2)
    assert When(day="date", month=3, day_of_month=31).due(march).date() == date(2027, 3, 31)
    assert When(day="date", month=2, day_of_month=30).due(march) is None
    assert When(day="end_of_week").due(datetime(2026, 5, 2, tzinfo=UTC)).date() == date(2026, 5, 8)
    assert When(clock=time(20)).due(march).strftime("%d %H:%M") == "31 20:00"
    noon_to_four = WorkingHours(opens=time(12), closes=time(16))
    assert When(day="tomorrow").due(march, hours=noon_to_four).hour == 16


def test_a_naive_datetime_is_refused():
    with pytest.raises(SettingError, match="aware datetime"):
        When(day="today").due(datetime(2026, 5, 1))  # noqa: DTZ001  on purpose


def test_times_side_by_side_are_kept_apart():
    found = Text.of("by friday by monday at 5 pm 6 pm").times
    assert [(each.when.day, each.when.clock) for each in found] == [
        ("friday", None),
        ("monday", time(17)),
        ("", time(18)),
    ]


@pytest.mark.unwatched
def test_a_long_message_has_all_its_promises():
    text = "I'll call you by friday at 5 pm or in 2 days. " * 2000
    assert len(commitments_in(text)) == 2000
    assert len(commitments_in(text.replace(".", ""))) == 2000


@pytest.mark.parametrize(
    "text",
    [
        "As I said, I'll call you tomorrow, but now I can't.",
        "We'll refund you, but that's not possible now.",
        "We will send it on Friday, but unfortunately we won't be able to.",
        "The customer before you was told “I'll call you tomorrow”.",
        'You were told "I\'ll call you tomorrow" and nobody did.',
        "She said „no” and „I'll call you“",
    ],
)
def test_what_is_taken_back_or_told_of_somebody_is_no_promise(text):
    assert commitments_in(text) == ()


@pytest.mark.parametrize(
    "text",
    [
        "“I'll call you tomorrow.”",
        '"I\'ll call you tomorrow."',
        'Press "Return" and I\'ll call you tomorrow.',
        "I'll call you tomorrow, but I can't promise a time.",
        "He wrote “no”, and I'll call you tomorrow.",
        "She wrote „no“, and I'll call you tomorrow.",
        'Hello,\n"I\'ll call you tomorrow"',
    ],
)
def test_a_promise_in_marks_of_its_own_or_beside_a_quotation_is_one(text):
    assert [found.what for found in commitments_in(text)] == ["call"]
