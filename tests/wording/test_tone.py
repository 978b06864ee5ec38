"""The tone level: what it sees, and how well it tells comments apart."""

import json
from pathlib import Path

import pytest

from deescalate.languages import Language
from deescalate.wording import review
from deescalate.wording._draft import Draft
from deescalate.wording._tone import tone_features, tone_of

COMMENTS = Path(__file__).parent / "vectors" / "comments.json"


def features(text: str) -> frozenset[str]:
    return next(tone_features(Draft(text))).features


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("You think so.", {"<you think>", "<you mind>", "<you first>", "^ you"}),
        ("You should rest.", {"<you should>", "<you modal>"}),
        ("Your argument is weak.", {"<your>", "<your views>", "<you alone>"}),
        ("Your dog is here.", {"<your>"}),
        ("Read it.", {"<order>", "<curt>"}),
        ("Do you?", {"<asked you>", "<short question>", "<you last>"}),
        ("They told you.", {"<they>", "<you they>", "<short sentence>"}),
        ("It is late, right?", {"<tag>", "<asks>", "<no person>"}),
        ("What an 'expert' she is.", {"<scare>", "<they>"}),
        ("I see you, SOOO good...", {"<i>", "<shouted>", "<elongated>", "<dots>"}),
    ],
)
def test_what_the_model_sees(text: str, seen: set[str]):
    assert seen <= features(text)


@pytest.mark.parametrize(
    ("text", "unseen"),
    [
        ("Your dog is here.", "<your views>"),
        ("I see you.", "<you alone>"),
        ("I see you.", "<you not i>"),
        ("It is 'very late' here.", "<scare>"),
        ("...", "<curt>"),
        ("He does.", "<no you>"),
    ],
)
def test_what_the_model_does_not_see(text: str, unseen: str):
    assert unseen not in features(text)


def auc(sharp: list[float], plain: list[float]) -> float:
    won = sum((s > p) + (s == p) / 2 for s in sharp for p in plain)
    return won / (len(sharp) * len(plain))


def test_our_own_comments_are_told_apart():
    topics = json.loads(COMMENTS.read_text(encoding="utf-8"))["comments"]
    level = {
        kind: [review(topic[kind]).tone for topic in topics]
        for kind in ("condescending", "dismissive", "other")
    }
    assert len(topics) == 50
    assert auc(level["condescending"], level["other"]) > 0.88
    assert auc(level["dismissive"], level["other"]) > 0.88


@pytest.mark.parametrize("kind", ["neutral", "polite", "disagrees", "negative"])
def test_comments_that_cut_nobody_have_no_tone_finding(kind: str):
    topics = json.loads(COMMENTS.read_text(encoding="utf-8"))["comments"]
    spoken = [topic["other"] for topic in topics if topic["kind"] == kind]
    assert spoken
    assert sum(bool(review(text).of("T1")) for text in spoken) <= 2


@pytest.mark.parametrize(
    "reply",
    [
        "The parcel is at the depot.",
        "Thank you, Anna. I am here to help.",
        "I understand. I will call the depot and tell you by 3 pm today.",
        "Could you send me the order number?",
        "You can return it within 30 days.",
        "I am looking at your order now.",
        "What would put this right for you?",
    ],
)
def test_a_clean_reply_has_no_finding_and_is_sent(reply: str):
    found = review(reply)
    assert found.findings == ()
    assert found.ok


def test_kind_words_have_no_tone_and_tone_costs_nothing():
    assert review("Thanks. The parcel is at the depot.").tone == 0.0
    assert "tone" not in review("You clearly did not read it.").points


def test_a_language_without_a_learned_tone_has_none():
    german = Draft("Das haben Sie offenbar nicht gelesen.", language=Language.load("german"))
    assert tone_of(german) == 0.0
