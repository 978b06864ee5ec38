"""A second language, end to end: a German conversation read, planned, reviewed and handed over."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest

from deescalate import Conversation, Playbook
from deescalate.conversation import read_transcript
from deescalate.cues import CueKind
from deescalate.languages import Language, lists_of
from deescalate.moves import Move, phrases_for, slots
from deescalate.promises import Standing
from deescalate.reading import LanguageReader, commitments_in, read_agent
from deescalate.text.phrases import PatternSet
from deescalate.wording import review

GERMAN = Language.load("german")
READER = LanguageReader(GERMAN)
FILE = Path(__file__).parents[1] / "examples" / "conversations" / "verspaetetes_paket.txt"
MONDAY = datetime(2026, 5, 4, 9, tzinfo=UTC)


def at(day_and_time):
    return datetime.fromisoformat(f"2026-{day_and_time}+00:00")


@pytest.fixture(scope="module")
def talk():
    events = read_transcript(FILE.read_text("utf-8"), opened_at=MONDAY)
    return Conversation.replay(events, Playbook.default(language=GERMAN))


def test_the_customer_is_read(talk):
    shown = {cue.kind: cue for turn in talk.turns for cue in turn.reading.cues}
    assert shown[CueKind.LONG_WAIT].seconds == timedelta(weeks=3).total_seconds()
    assert shown[CueKind.REPEAT_CONTACT].count == 3
    refund = shown[CueKind.REFUND_REQUEST]
    assert (refund.amount, refund.currency) == (Decimal("1250.50"), "EUR")
    assert {CueKind.ANGER, CueKind.IGNORED, CueKind.THREAT_LEGAL, CueKind.THANKS} <= shown.keys()
    felt = [turn.emotion.distress for turn in talk.turns if turn.reading.cues]
    assert max(felt) > 0.6 > felt[-1]


def test_the_agent_is_read_and_reviewed_and_the_promise_falls_due(talk):
    sorry = talk.turns[3]
    assert {Move.APOLOGISE, Move.OWN_RESPONSIBILITY, Move.EMPATHISE, Move.ELICIT_WANT} <= {
        found.move for found in sorry.moves
    }
    assert sorry.review.ok
    promise = talk.ledger.promises[0]
    assert (promise.what, promise.due) == ("reply", at("05-05 12:00"))
    later = talk.waited(at=MONDAY + timedelta(days=1, hours=4))
    assert later.ledger.standing(promise.name, at=later.at) is Standing.OVERDUE
    assert "P403" in later.review("Ihr Paket ist im Depot.").codes


def test_the_plan_and_the_handover_are_german(talk):
    upset = Conversation.replay(talk.events[:4], talk.judges)
    instructions = upset.plan.instructions(facts=["das Paket ist im Depot"])
    assert instructions.startswith("Schreiben Sie die nächste Antwort auf Deutsch.")
    assert "Nur diese Tatsachen verwenden:" in instructions
    assert any("tut mir leid" in phrase.text for phrase in upset.plan.phrases())
    note = talk.waited(at=MONDAY + timedelta(days=1, hours=4)).handover().to_markdown(width=200)
    for line in (
        "# Übergabe an ",
        "## Was geschehen ist",
        "es begann mit „Guten Tag, meine Bestellung 48213 ist immer noch nicht angekommen.“",
        "Rückmeldung, fällig 2026-05-05 12:00 UTC (überfällig)",
        "lange Wartezeit: “warte seit drei Wochen”",
        "Versprechen wurden gebrochen",
    ):
        assert line in note, note


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("Ich bringe mich um.", CueKind.THREAT_SELF_HARM),
        ("Ich will nicht mehr leben", CueKind.THREAT_SELF_HARM),
        ("Ich weiß, wo du wohnst!", CueKind.THREAT_VIOLENCE),
        ("Dann komme ich vorbei und schlage alles kurz und klein", CueKind.THREAT_VIOLENCE),
        ("Ihr Idioten", CueKind.INSULT),
        ("So eine Scheiße", CueKind.PROFANITY),
        ("Ich bin stinksauer", CueKind.ANGER),
        ("Das ist euer Fehler!", CueKind.BLAME),
        ("Na toll, super Service", CueKind.SARCASM),
        ("Ich schreibe eine schlechte Bewertung", CueKind.THREAT_PUBLICITY),
        ("Ich kündige", CueKind.THREAT_LEAVING),
        ("Ich möchte mit einem Mitarbeiter sprechen", CueKind.ASKS_HUMAN),
        ("Ich will mit Ihrem Vorgesetzten reden", CueKind.ASKS_SUPERVISOR),
        (
            "Sie hatten versprochen, sich zu melden, aber nichts ist passiert",
            CueKind.BROKEN_PROMISE,
        ),
        ("Es funktioniert noch immer nicht", CueKind.UNRESOLVED),
        ("Ich verlange eine Entschädigung von 200 Euro", CueKind.MONEY_DEMAND),
        ("Ich verstehe das nicht", CueKind.CONFUSION),
        ("Ich habe Angst um mein Geld", CueKind.ANXIETY),
        ("Es ist dringend", CueKind.URGENCY),
        ("Ich liege im Krankenhaus", CueKind.VULNERABLE_HEALTH),
        ("Ich kann die Miete nicht zahlen", CueKind.VULNERABLE_MONEY),
        ("Mein Mann ist gestorben", CueKind.VULNERABLE_BEREAVEMENT),
        ("Ich bin 82 Jahre alt", CueKind.VULNERABLE_AGE),
        ("Das klingt fair", CueKind.ACCEPTANCE),
        ("Auf keinen Fall", CueKind.REFUSAL),
        ("Mein Vorschlag: ein Gutschein", CueKind.SUGGESTION),
        ("Ist das Wetter bei euch auch so schlecht?", CueKind.OFF_TOPIC),
        ("WAS SOLL DAS DENN JETZT", CueKind.SHOUTING),
    ],
)
def test_every_kind_of_cue_has_german_words(text, kind):
    assert kind in READER.read(text).kinds


@pytest.mark.parametrize("text", ["Ich bin nicht sauer", "Ich habe keine Angst", "Das war gut."])
def test_negation_turns_what_follows(text):
    assert not READER.read(text).kinds & {CueKind.ANGER, CueKind.ANXIETY}


@pytest.mark.parametrize(
    ("said", "what", "due"),
    [
        ("Ich melde mich bis morgen 12 Uhr bei Ihnen.", "reply", "05-05 12:00"),
        ("Wir erstatten Ihnen das innerhalb von 24 Stunden.", "refund", "05-05 09:00"),
        ("Ich rufe dich am Freitag um 15 Uhr an.", "call", "05-08 15:00"),
        ("Ich schicke Ihnen den Ersatz in drei Werktagen.", "send", "05-07 17:00"),
        ("Du hörst bis 17:30 Uhr von mir.", "reply", "05-04 17:30"),
    ],
)
def test_promises_have_their_times(said, what, due):
    [found] = commitments_in(said, language=GERMAN)
    assert (found.what, found.when.due(MONDAY)) == (what, at(due))


def test_what_is_denied_is_no_promise():
    assert commitments_in("Ich melde mich nicht.", language=GERMAN) == ()


def test_fifty_euros_in_words():
    [refund] = READER.read("Ich möchte fünfzig Euro zurück").of(CueKind.REFUND_REQUEST)
    assert (refund.amount, refund.currency) == (50, "EUR")


@pytest.mark.parametrize(
    ("draft", "code"),
    [
        ("Beruhigen Sie sich erst einmal.", "T108"),
        ("Beruhige dich.", "T108"),
        ("Das ist Ihre Schuld.", "T105"),
        ("Das ist nicht so schlimm.", "T102"),
        ("Dafür bin ich nicht zuständig.", "T104"),
        ("Tut mir leid, falls Sie sich ärgern.", "A202"),
        ("Ich melde mich zeitnah.", "P405"),
    ],
)
def test_what_makes_a_reply_worse(draft, code):
    assert code in review(draft, language=GERMAN).codes


def test_the_rewrite_speaks_german():
    said = review("Beruhigen Sie sich erst einmal. Ich prüfe das jetzt.", language=GERMAN)
    assert said.rewritten == "Gehen wir es Schritt für Schritt an. Ich prüfe das jetzt."


def test_each_move_is_said_in_two_ways_and_most_are_recognised():
    assert set(slots(GERMAN)) == set(slots())
    values = dict.fromkeys(slots(), "das")
    said = [
        (move, phrase.filled(**values)) for move in Move for phrase in phrases_for(move, GERMAN)
    ]
    assert {move for move, _ in said} == set(Move)
    assert all(text == review(text, language=GERMAN).rewritten for _, text in said)
    heard = [move in read_agent(text, language=GERMAN).kinds for move, text in said]
    assert sum(heard) > len(heard) / 2


def test_labels_and_texts_are_those_that_the_library_knows():
    english = Language.load("english")
    for name in english.phrase_sets:
        known = {rule.label for rule in PatternSet.of(english, name).rules}
        assert {rule.label for rule in PatternSet.of(GERMAN, name).rules} <= known
    source = " ".join(
        path.read_text("utf-8")
        for path in (Path(__file__).parents[1] / "src" / "deescalate").rglob("*")
        if path.suffix in (".py", ".toml") and "languages" not in path.parts
    )
    known = " ".join(source.replace('"', " ").split()).replace("_", " ").lower()
    for section in lists_of(GERMAN, "texts").values():
        assert [text for text in section if text.lower().replace("_", " ") not in known] == []


@pytest.mark.parametrize(
    ("said", "draft", "missing"),
    [
        ("Ich möchte mit einem Mitarbeiter sprechen", "Ich hole das Paket morgen ab.", "S806"),
        ("Ich möchte mit einem Mitarbeiter sprechen", "Ich verbinde Sie mit einer Kollegin.", ""),
        ("Ich will mit Ihrem Vorgesetzten reden", "Ich gebe Ihren Fall an das Team weiter.", ""),
        ("Ich bringe mich um.", "Ich sehe mir Ihren Fall an.", "S803"),
        ("Ich bringe mich um.", "Sind Sie gerade in Sicherheit? Ich bleibe bei Ihnen.", ""),
        ("Ich bringe mich um.", "Bitte rufen Sie jetzt den Notruf.", ""),
    ],
)
def test_a_wish_for_a_person_and_a_danger_are_met_in_german(said, draft, missing):
    talk = Playbook.default(language=GERMAN).open(at=MONDAY).customer_says(said, at=MONDAY)
    assert {*talk.review(draft).codes} & {"S803", "S806"} == {missing} - {""}


@pytest.mark.parametrize("draft", ["Beruhigen Sie sich!", "Sie Idiot, halten Sie den Mund!"])
def test_where_no_model_hears_the_whole_a_fault_weighs_what_it_weighs(draft):
    talk = Playbook.default(language=GERMAN).open(at=MONDAY)
    assert not talk.customer_says("Wo ist mein Paket?", at=MONDAY).review(draft)
