"""The review by example: what a person would want to see."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deescalate.authority import Authority
from deescalate.findings import Severity
from deescalate.moves import Move
from deescalate.promises import Promise
from deescalate.testing.wording import KnownSituation, PlannedMoves
from deescalate.wording import Wording, review

UPSET = KnownSituation(distress=0.6, acknowledged=True)


@pytest.mark.parametrize(
    ("draft", "better"),
    [
        ("You need to check the settings first.", "Let's check the settings first."),
        ("You must send the form.", "Please send the form."),
        ("Hello Anna, you need to send it.", "Hello Anna, please send it."),
        ("Obviously, you can return it.", "You can return it."),
        ("Obviously, iPhone cases are in stock.", "iPhone cases are in stock."),
        ("As I already told you, it takes a day.", "It takes a day."),
        ("Sorry for any delay.", "Sorry for the delay."),
        ("We apologise if this has hurt you.", "We apologise that this has hurt you."),
        ("You failed to provide the number.", "We have not yet received the number."),
        ("You claim that it is broken.", "You told us that it is broken."),
        ("If you calm down, I can help.", "I can help."),
        ("Calm down.", "Let's take this one step at a time."),
        ("Kindly wait!!", "Please wait!"),
        ("Where is it now?!?", "Where is it now?"),
        ("Prior to that, we utilise a scanner.", "Before that, we use a scanner."),
        ("It is allegedly lost.", "It is lost."),
        ("It is here.\nallegedly it is lost.", "It is here.\nit is lost."),
        ("Allegedly", "Allegedly"),
        ("Allegedly 🙂", "Allegedly 🙂"),
        ("OK 🙄", "OK"),
        ("I don't know.", "Let me find out."),
        ("KINDLY wait.", "please wait."),
        ("Thank you for waiting.", "Thank you for waiting."),
        ("Sorry, but we are closed.", "Sorry. We are closed."),
        ("Sorry - but we are closed.", "Sorry. We are closed."),
    ],
)
def test_the_rewrite(draft: str, better: str):
    assert review(draft).rewritten == better


def test_a_rewrite_leaves_what_only_a_person_can_mend():
    draft = "There is nothing we can do."
    assert review(draft).rewritten == draft
    assert review(draft).findings[0].replacement is None


def test_a_replacement_that_would_add_a_finding_is_not_made():
    house = Wording.from_document("""
    [[house]]
    say = "kindly"
    instead_of = "please"
    [[house]]
    say = "guest"
    instead_of = "customer"
    """)
    assert review("Please call the customer.", wording=house).rewritten == "Please call the guest."


def test_replacements_that_chase_each_other_leave_the_draft_alone():
    ring = Wording.from_document("""
    forbidden = ["b"]
    [[house]]
    say = "b"
    instead_of = "a"
    """)
    assert review("a", wording=ring).rewritten == "a"


def test_a_text_that_does_not_settle_in_time_is_left_as_it_was(monkeypatch: pytest.MonkeyPatch):
    draft = "I'm sorry for any inconvenience this may have caused, but we were closed."
    monkeypatch.setattr("deescalate.wording._rewrite.ROUNDS", 1)
    assert review(draft).rewritten == draft


def test_overlapping_replacements_are_made_one_after_the_other():
    draft = "I'm sorry for any inconvenience this may have caused, but we were closed."
    assert review(draft).rewritten.startswith("I'm sorry for the inconvenience this has caused")


def test_the_fourth_identical_apology():
    said = "I am sorry about the parcel. I am checking."
    assert review(said, previous=[said, said]).codes == ()
    assert review(said, previous=[said, said, said]).codes == ("A206",)
    other = "I am sorry about the parcel, Ms Hale, and I have sent a new one."
    assert review(other, previous=[said, said, said]).codes == ()


def test_another_apology_is_fine_with_news_in_it():
    tired = KnownSituation(apologies=3)
    assert "A206" in review("I am sorry.", situation=tired).codes
    assert "A206" not in review("I am sorry. We have refunded the fee.", situation=tired).codes


def test_an_apology_is_missed_only_after_our_fault_and_only_once():
    draft = "Let me check your order now."
    assert "A201" in review(draft, situation=KnownSituation(fault="ours")).codes
    assert "A201" not in review(draft, situation=KnownSituation(fault="theirs")).codes
    assert "A201" not in review(draft, situation=KnownSituation(fault="ours", apologies=1)).codes


def test_order_is_judged_by_the_situation():
    solution = "We can offer you a refund today. I understand how frustrating this is for you."
    unheard = KnownSituation(distress=0.7)
    assert "O301" in review(solution, situation=unheard).codes
    assert "O301" not in review(solution, situation=KnownSituation(distress=0.1)).codes
    assert "O301" not in review(solution, situation=UPSET).codes
    turned = "I understand how frustrating this is for you. We can offer you a refund today."
    told = review(turned, situation=unheard).of("O301")
    assert not [each for each in told if not each.heard]


def test_the_plan_overrules_the_situation():
    draft = "We can offer a refund."
    unheard = KnownSituation(distress=0.7)
    assert review(draft, situation=unheard, plan=PlannedMoves.of(Move.PROPOSE)).of("O") == ()
    person_first = PlannedMoves.of(Move.EMPATHISE, Move.PROPOSE)
    assert [f.code for f in review(draft, situation=unheard, plan=person_first).of("O")] == ["O301"]
    explained = "The reason is a fault at the depot."
    closed = KnownSituation(openness=0.1, acknowledged=True)
    assert "O304" in review(explained, situation=closed).codes
    told = PlannedMoves.of(Move.EXPLAIN)
    assert "O304" not in review(explained, situation=closed, plan=told).codes


def test_what_the_plan_avoids():
    plan = PlannedMoves.of(Move.APOLOGISE, avoid=(Move.PROPOSE, None))
    found = review("I am sorry. We can offer a refund.", plan=plan)
    assert found.codes == ("O303",)
    assert found.findings[0].suggestion == "leave it for later: the plan avoids `propose` now"


def test_what_a_planned_move_is_made_of_is_not_held_against_it():
    plan = PlannedMoves.of(
        Move.SET_LIMIT, Move.GIVE_CHOICE, avoid=(Move.DECLINE, Move.OFFER_CHOICE)
    )
    draft = "I cannot do that through the swearing. We can continue now or I can call you later."
    assert "O303" not in review(draft, plan=plan).codes


LONG = "Hello Anna, the parcel is at the depot in Leeds and it leaves there at nine in the morning."


def test_the_one_move_that_matters_most_is_missed_with_an_example():
    plan = PlannedMoves.of(Move.THANK, Move.APOLOGISE, Move.ELICIT_WANT)
    missed = review(LONG, plan=plan, situation=UPSET).of("O302")
    assert len(missed) == 1
    assert missed[0].span.start == len(LONG)
    assert "I am sorry" in missed[0].suggestion
    wanted = review(LONG, plan=PlannedMoves.of(Move.ELICIT_WANT, Move.GIVE_SPACE)).of("O302")
    assert "What would put this right for you?" in wanted[0].suggestion


def test_no_move_is_missed_by_a_calm_customer_or_in_a_few_words():
    plan = PlannedMoves.of(Move.APOLOGISE)
    assert "O302" not in review(LONG, plan=plan, situation=KnownSituation()).codes
    assert "O302" not in review("On my way!", plan=plan, situation=UPSET).codes
    danger = KnownSituation(danger="violence")
    assert "O302" in review("On my way!", plan=plan, situation=danger).codes


def test_a_spoilt_move_does_not_count():
    plan = PlannedMoves.of(Move.CLOSED_QUESTION)
    draft = "Did you even read the letter?"
    danger = KnownSituation(danger="violence")
    assert "O302" in review(draft, plan=plan, situation=danger).codes


def test_closing_waits_for_an_agreement():
    closing = "Is there anything else I can help with?"
    assert "O306" in review(closing, situation=KnownSituation()).codes
    for settled in (KnownSituation(resolved=True), KnownSituation(agreed=True)):
        assert "O306" not in review(closing, situation=settled).codes


def test_a_limit_needs_a_reason_and_a_choice():
    bare = "Please stop swearing at me."
    reason = "Please stop swearing at me, because I want to help."
    fair = f"{reason} We can continue now or I call you back tomorrow at nine."
    assert "O307" in review(bare).codes
    assert "O307" in review(reason).codes
    assert "O307" not in review(fair).codes
    alone = PlannedMoves.of(Move.SET_LIMIT)
    assert "O307" not in review(bare, plan=alone).codes
    both = PlannedMoves.of(Move.SET_LIMIT, Move.GIVE_CHOICE)
    assert "O307" in review(bare, plan=both).codes


def test_a_broken_promise_is_named():
    promise = Promise(
        name="call",
        what="a call with the courier's answer",
        made_at=datetime(2026, 5, 1, 9, 0, tzinfo=UTC),
        due=datetime(2026, 5, 2, 9, 0, tzinfo=UTC),
    )
    found = review("Hello, how can I help?", promises=[promise])
    assert "a call with the courier's answer" in found.of("P403")[0].suggestion
    assert review("We did not call you as promised.", promises=[promise]).codes == ()


def test_promises_want_a_time():
    assert review("I will call you back.").codes == ("P401",)
    assert review("I will call you back tomorrow at 9 am.").codes == ()
    assert review("I will look into it right now. I will call you.").codes == ("P401",)
    assert review("It is late now. I will look into it at once.").codes == ()


def test_an_open_matter_wants_a_next_step():
    assert "P404" in review("I understand.", situation=UPSET).codes
    assert review("I understand.", situation=KnownSituation(resolved=True)).codes == ()
    assert review("What happened?", situation=UPSET).codes == ()


@pytest.mark.parametrize(
    ("draft", "beyond"),
    [
        ("I will refund you 50 EUR.", True),
        ("I will refund you 20 EUR.", False),
        ("I will refund you €20.01.", True),
        ("Here is a voucher of EUR 1.000,00.", True),
        ("Here is a voucher of 1,000.50 euros.", True),
        ("Here is a voucher of 10,50 euros.", False),
        ("I can offer you 10 USD.", True),
        ("I can offer you $10 as a gesture.", True),
        ("I can offer you 5 bucks.", True),
        ("You were charged 500 EUR.", False),
        ("You were charged 500 EUR. I will refund you 10 EUR.", False),
        ("I will refund you 10 EUR. You were charged 500 EUR.", False),
        ("I will refund you 99999999999999999999999 EUR.", True),
        ("I will refund 3 items and 4 cases.", False),
        ("50 we will refund: 50", False),
        ("I will send you 2 USB sticks.", False),
        ("I will refund you ₿2.", True),
        ("I will refund you 5 pct of it.", False),
    ],
)
def test_money_beyond_authority(draft: str, beyond: bool):
    agent = Authority(money={"EUR": Decimal(20)})
    assert ("M501" in review(draft, authority=agent).codes) is beyond


def test_money_within_authority_is_said_with_the_limit():
    agent = Authority(money={"USD": Decimal(20), "CAD": Decimal(30)})
    assert "M501" not in review("I will refund you $30.", authority=agent).codes
    found = review("I will refund you $31.", authority=agent).of("M501")
    assert "up to 20 USD or 30 CAD" in found[0].suggestion
    pounds = review("I will refund you £1.", authority=agent).of("M501")
    assert "nothing in this currency" in pounds[0].suggestion


def test_actions_beyond_authority():
    agent = Authority(actions=["replace"])
    assert review("I will waive the fee now.", authority=agent).codes == ("M502",)
    assert review("I will replace it now.", authority=agent).codes == ()
    assert review("I will waive the fee now.", authority=Authority()).codes == ()


def test_questions_and_words_shrink_with_distress():
    asked = "What happened? When was it? Who was there?"
    assert review(asked).of("C601") == ()
    found = review(asked, situation=UPSET)
    assert [each.quote for each in found.of("C601")] == ["Who was there?"]
    furious = KnownSituation(distress=0.9, acknowledged=True)
    story = "I see. Let me help. " * 19
    assert "C602" in review(story, situation=furious).codes
    assert "C602" not in review(story, situation=KnownSituation()).codes


def test_shouting_is_a_run_of_capitals_not_an_acronym():
    assert review("PLEASE READ the form.").codes == ("T112",)
    assert "T112" not in review("Please check your PIN. NASA says so.").codes
    assert "T112" in review("Do NOT WORRY").codes


def test_blanks_left_in_a_template():
    for blank in ("{{first_name}}", "[CUSTOMER NAME]", "<ORDER NUMBER>", "XXXX", "{name}"):
        assert "C607" in review(f"Hello {blank}, I am on it.").codes
    assert review("Use brackets [like this].").codes == ()


def test_a_joke_is_a_matter_of_mood():
    joke = "Haha, that parcel needed a holiday."
    assert "T111" not in review(joke).codes
    assert "T111" not in review(joke, situation=KnownSituation()).codes
    found = review(joke, situation=UPSET)
    assert found.of("T111")[0].severity.rank >= Severity.WARNING.rank


@pytest.mark.parametrize(
    "kind",
    [
        "You need to get your money back, and you will.",
        "You need to hear this from us first: it was our mistake.",
        "You need to do nothing: I have booked it all.",
        "It is impossible to overstate how sorry we are.",
        "It's impossible to thank you enough.",
        "With all due respect to your time, I will keep it short.",
        "Per our policy you get the whole sum back today.",
        "Under our policy you are covered, so a new one is on its way.",
    ],
)
def test_words_that_are_a_fault_elsewhere_and_are_kind_here_are_left_alone(kind: str):
    found = review(kind)
    assert [each for each in found.findings if not each.heard] == []
    assert found.rewritten == kind


def test_negative_phrasing_is_fine_beside_what_can_be_done():
    assert review("We can't change the address.").codes == ("T107",)
    assert review("We can't change the address. Here is what I can do.").codes == ()


def test_kind_words_cost_nothing_to_speak_of():
    assert review("Thank you, Anna. I am looking into it for you now.").score > 0.7


@given(
    st.lists(
        st.sampled_from(["Calm down", "Fine", "\n", "You must wait. ", "ü👍", "!"]), max_size=9
    )
)
def test_law_a_report_of_a_review_points_at_the_passages(parts):
    found = review("".join(parts))
    report = found.report("reply")
    results = report.to_sarif(uri="reply.txt")["runs"][0]["results"]
    assert sorted(map(id, report)) == sorted(map(id, found.findings))
    for each, result in zip(report, results, strict=True):
        region = result["locations"][0]["physicalLocation"]["region"]
        start = region["charOffset"]
        assert found.draft[start : start + region["charLength"]] == each.quote
        assert region["startLine"] == found.draft[:start].count("\n") + 1 == each.line
        assert each.name in result["message"]["text"] == each.text
    told = json.loads(report.to_json())["findings"]
    assert [(each["text"], each["quote"]) for each in told] == [
        (each.text, each.quote) for each in report
    ]


def test_a_finding_reads_as_a_line():
    found = review(
        "Calm down.",
        plan=PlannedMoves.of(Move.APOLOGISE),
        situation=KnownSituation(danger="violence"),
    )
    assert str(found.findings[0]).startswith(
        "error T108 (line 1): `Calm down`: demand to calm down; "
    )
    assert str(found.of("O302")[0]).startswith("note O302 (line 1): planned move missing; ")
    assert found.worst is Severity.ERROR
    assert not found.ok


@pytest.mark.parametrize(
    ("draft", "asked"),
    [
        ("What is it, when did it start and who was there?", 3),
        ("Could you send the number, and was it paid by card?", 2),
        ("Tell me, what would make it right?", 1),
        ("I know when it was. Is it blue?", 1),
        ("Blue?", 1),
        ("You know what it is, and how it was.", 0),
    ],
)
def test_questions_strung_together_count_each(draft: str, asked: int):
    none_allowed = Wording.from_document("[limits]\nquestions_calm = 0")
    most_allowed = Wording.from_document(f"[limits]\nquestions_calm = {asked}")
    assert ("C601" in review(draft, wording=none_allowed).codes) is (asked > 0)
    assert "C601" not in review(draft, wording=most_allowed).codes
    if asked > 1:
        one_less = Wording.from_document(f"[limits]\nquestions_calm = {asked - 1}")
        assert "C601" in review(draft, wording=one_less).codes


def test_a_but_in_the_next_sentence_takes_the_apology_back_too():
    assert "A203" in review("I am sorry about the wait. But we were full.").codes
    assert "A203" in review("We regret the wait. However, we were full.").codes
    assert "A203" not in review("I am sorry about the wait. But I can help now.").codes
    assert "A203" not in review("I am sorry. It was late. But it came.").codes


def test_a_remedy_that_no_move_names_is_a_remedy():
    assert (
        "O301" in review("Here is a voucher for you.", situation=KnownSituation(distress=0.7)).codes
    )
    heard = "I am sorry that it broke. Here is a voucher for you."
    assert "O301" not in review(heard, situation=KnownSituation(distress=0.7)).codes
    planned = PlannedMoves.of(Move.PROPOSE)
    situation = KnownSituation(distress=0.7)
    found = review("Here is a voucher for you.", situation=situation, plan=planned)
    assert "O301" not in found.codes


def test_a_day_in_the_sentence_is_a_time_for_its_promises():
    assert "P401" not in review("I will look into it, and you have an answer on Friday.").codes
    assert "P401" in review("I will look into it. It is Friday.").codes


def test_what_you_should_have_is_no_command():
    for draft in ("You should receive it on Friday.", "You must be tired of waiting."):
        assert review(draft).rewritten == draft


LINE = "You need to check step %d. Obviously, kindly wait!! It is step %d. OK 🙄 🙄. "


def test_a_long_text_is_put_better_as_its_sentences_are():
    long = "".join(LINE % (n, n) for n in range(80))
    better = "".join(review(LINE % (n, n)).rewritten for n in range(80))
    found = review(long)
    assert better.startswith("Let's check step 0. Please wait! It is step 0. OK.")
    assert found.rewritten == better
    assert review(better).rewritten == better


def test_sentences_that_only_settle_apart_leave_the_whole_alone():
    ring = Wording.from_document("""
    forbidden = ["b b"]
    [[house]]
    say = "b"
    instead_of = "a"
    """)
    draft = "a a. " * 1000
    once = review(draft, wording=ring).rewritten
    assert once == draft


def test_a_long_text_that_does_not_settle_in_time_is_left_too(monkeypatch: pytest.MonkeyPatch):
    draft = "I'm sorry for any inconvenience this may have caused, but we were closed. " * 60
    monkeypatch.setattr("deescalate.wording._rewrite.ROUNDS", 1)
    assert review(draft).rewritten == draft


def test_a_closing_question_is_found_behind_another():
    draft = "What happened there? Is there anything else I can help with?"
    assert "O306" in review(draft, situation=KnownSituation()).codes
