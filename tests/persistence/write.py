"""Write what this version keeps, for the versions after it to read; run it once before each release.

    python tests/persistence/write.py

It makes a folder with the version's name: conversations, snapshots, records and documents of every kind, edited as
users edit them, and ``said.json``, which holds what this version made of each. ``test_files.py`` reads the folders of
all versions with the readers here. A folder is never written again once its version is out.
"""

import json
import tomllib
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from zoneinfo import ZoneInfo

from attrs import evolve

from deescalate import Conversation, Money, Playbook
from deescalate.compensation import Terms
from deescalate.conversation import events_from_json_lines
from deescalate.emotion import MoveEffects
from deescalate.escalation import EscalationPolicy
from deescalate.languages import Language
from deescalate.records import record_of, records_from_json_lines, records_to_json_lines
from deescalate.rules import DecisionRecord, Flag, Table
from deescalate.schedules import Schedule, text
from deescalate.simulation import Assumptions, ReportCard, Scenarios, drill
from deescalate.strategy import Strategy
from deescalate.text import tokenize
from deescalate.text.phrases import PatternSet
from deescalate.wording import Wording, review

HERE = Path(__file__).resolve().parent
VERSION = tomllib.loads((HERE.parents[1] / "pyproject.toml").read_text(encoding="utf-8"))[
    "project"
]["version"]
BOOK = evolve(Playbook.default(), facts=(Flag("gold_member"),))
NINE = datetime(2026, 1, 5, 9, tzinfo=UTC)
CASES: list[dict[str, object]] = [
    {"distress": 0.95}, {"threat": "legal", "distress": 0.2}, {"danger": "violence"}, {"amount": 5000},
    {"asks_human": True, "distress": 0.1}, {},
]  # fmt: skip
FLIGHTS: list[dict[str, object]] = [
    {"event": "delay", "km": 1200, "delay_min": 240, "extraordinary": False},
    {"event": "cancellation", "km": 5000, "notice_days": 3, "extraordinary": False},
]


# --- what is read back, of a file by its name ---------------------------------------------------


def talk_said(talk: Conversation) -> object:
    return {
        "events": len(talk.events),
        "texts": [turn.event.text for turn in talk.turns],
        "at": talk.at.isoformat(),
        "case": talk.opened.case,
    }


def replayed(kept: str) -> object:
    return talk_said(BOOK.replay(events_from_json_lines(kept)))


def resumed(kept: str) -> object:
    return talk_said(BOOK.resume(kept, replay=True))


def records(kept: str) -> object:
    return [
        {"tier": each.tier, "case": each.case, "course": [*each.course], "turns": len(each.steps)}
        for each in records_from_json_lines(kept)
    ]


def terms(kept: str) -> object:
    read = Terms.from_document(kept)
    return {
        "currency": read.currency,
        "cap": str(read.cap),
        "hour_value": str(read.hour_value.amount),
        "remedies": [str(each.remedy) for each in read.provisions],
    }


def told(cases: Iterable[dict[str, object]], key: str, ask: Callable[[dict], object]) -> object:
    return [{"facts": case, key: str(ask(case))} for case in cases]


def nothing_known(table: Table) -> dict[str, object]:
    return {
        fact.name: False if isinstance(fact, Flag) else getattr(fact, "options", [0])[0]
        for fact in table.facts
    }


def policy(kept: str) -> object:
    read = EscalationPolicy.from_document(kept)
    base = nothing_known(read.table)
    return told([base | case for case in CASES], "tier", lambda case: read.evaluate(case).tier)


def table(kept: str) -> object:
    read = Table.from_document(kept)
    base = nothing_known(read)
    return told([base | case for case in CASES], "outcome", lambda case: read.decide(case).outcome)


def schedule(kept: str) -> object:
    read = Schedule.from_document(kept)
    return told(FLIGHTS, "money", lambda case: read.amount(case).money)


def effects(kept: str) -> object:
    impulse = MoveEffects.from_document(kept).impulse(["apologise"])
    return {"apologise": round(impulse.pleasure, 6)}


def wording(kept: str) -> object:
    found = review("cheers, dear customer", wording=Wording.from_document(kept))
    return [each.code for each in found.of("H")]


def strategy(kept: str) -> object:
    return Strategy.from_document(kept).name


def playbook(kept: str) -> object:
    read = Playbook.from_document(kept)
    return [read.terms.currency, read.strategy.name, read.wording.threshold]


def scenarios(kept: str) -> object:
    return [each.name for each in Scenarios.from_document(kept).scenarios]


def assumptions(kept: str) -> object:
    return sorted(Assumptions.from_document(kept).to_document(form="mapping"))


def decision(kept: str) -> object:
    read = DecisionRecord.from_document(kept)
    return [read.table, read.decided, [*read.rules]]


def card(kept: str) -> object:
    return [each.scenario for each in ReportCard.from_json(kept).results]


def phrases(kept: str) -> object:
    found = PatternSet.from_document(kept).find(tokenize("I am cancelling my account."))
    return [match.label for match in found]


def language(kept: str) -> object:
    read = Language.from_files("own", json.loads(kept))
    return Playbook.default(language=read).reader.read("merci, mais c'est nul").cues[0].quote


READERS: dict[str, Callable[[str], object]] = {
    "refund.jsonl": replayed, "threat.jsonl": replayed, "refund.snapshot.json": resumed, "records.jsonl": records,
    "terms.toml": terms, "terms.json": terms, "policy.toml": policy, "table.toml": table, "schedule.toml": schedule,
    "effects.toml": effects, "wording.toml": wording, "strategy.toml": strategy, "playbook.toml": playbook,
    "scenarios.toml": scenarios, "assumptions.toml": assumptions, "decision.toml": decision, "card.json": card,
    "cues.toml": phrases, "cues.phrases": phrases, "language.json": language,
}  # fmt: skip

# --- what this version writes -------------------------------------------------------------------


def a_refund() -> Conversation:
    def at(minutes: float) -> datetime:
        return NINE + timedelta(minutes=minutes)

    talk = BOOK.open(at=NINE, case="48213", history=["2025-12-01: late, refunded"])
    talk = talk.customer_says("This is the THIRD time I call about the refund. You liars!", at=at(1), turn_id="c1")  # fmt: skip
    talk = talk.agent_says("I am so sorry, that was our mistake. I will call you tomorrow by 5 pm.", at=at(3), turn_id="a1")  # fmt: skip
    talk = talk.learned(at=at(4), own={"gold_member": True}, fault="ours", vulnerable=True)
    talk = talk.offered("a refund", at=at(5), amount=Money(Decimal("45.50"), "EUR"))
    talk = talk.promised("a call from the manager", due=at(300), at=at(6), name="call")
    talk = talk.waited(at=at(30)).kept("call", at=at(200), because="rang at noon")
    talk = talk.customer_says("Thank you, that helps.", at=at(201)).resolved(
        at=at(202), note="refunded"
    )
    talk = talk.reopened(at=at(2000), note="the refund did not come").handed_over(
        "supervisor", at=at(2001)
    )
    return talk.customer_says(
        "The money is still not there. \ud83d \u202e Où est-il ?", at=at(2002)
    )


def a_threat() -> Conversation:
    """Through the hour that is not there when the clocks go forward in Paris."""
    half_past_one = datetime(2026, 3, 29, 1, 30, tzinfo=ZoneInfo("Europe/Paris"))
    talk = BOOK.open(at=half_past_one).customer_says(
        "I will come and smash the place up!", at=half_past_one
    )
    talk = talk.agent_says("Are you safe right now?", at=half_past_one + timedelta(hours=2))
    return talk.cleared(at=talk.at, because="security spoke with them")


def written() -> dict[str, str]:
    """Each file by its name."""
    refund, threat = a_refund(), a_threat()
    own = Terms(currency="GBP", hour_value=Money("12.50", "GBP"), cap=Decimal("1.2"))
    house = Wording.from_document(
        'threshold = 0.7\nforbidden = ["cheers"]\n[[house]]\ninstead_of = "customer"\nsay = "guest"\n'
        '[codes.T102]\nseverity = "note"\n[codes.C601]\nenabled = false\n[limits]\nwords = 90\n'
    )
    decided = DecisionRecord.of(
        BOOK.escalation.table, nothing_known(BOOK.escalation.table) | {"distress": 0.95}
    )
    some = Scenarios.default()
    few = evolve(some, scenarios=some.scenarios[:3])
    french = {
        "customer.phrases": "[rule thanks]\nmerci\n[rule insult]\nimbéciles\n",
        "affect.toml": '[negation]\nreach = 4\nturned = 0.5\nsoftened = 0.3\nstrong = 0.5\n[clauses]\ncontrast = ["mais"]\n'
        '[degrees]\nmost = 2.0\nwords = { beaucoup = 1.3 }\n[polite]\nwords = ["svp"]\n',
        "affect.json": '{"provenance": "by hand", "weights": {"merci": [-0.9, 0, -0.3], "nul": [0.8, 0.1, 0]}}',
        "negation.txt": "pas\n",
    }
    return {
        "refund.jsonl": refund.to_json_lines(),
        "threat.jsonl": threat.to_json_lines(),
        "refund.snapshot.json": refund.to_snapshot(),
        "records.jsonl": records_to_json_lines(
            [record_of(refund, customer="c-7"), record_of(threat)]
        ),
        "terms.toml": own.to_document(),
        "terms.json": own.to_document(form="json"),
        "policy.toml": BOOK.escalation.to_document(),
        "table.toml": BOOK.escalation.table.to_document(),
        "schedule.toml": text("eu261"),
        "effects.toml": BOOK.effects.to_document(),
        "wording.toml": house.to_document(),
        "strategy.toml": BOOK.strategy.to_document(),
        "playbook.toml": evolve(BOOK, wording=house).to_document(),
        "scenarios.toml": few.to_document(),
        "assumptions.toml": Assumptions.default().to_document(),
        "decision.toml": decided.to_document(),
        "card.json": drill(
            lambda _: "I am sorry. I will find out and call you by 5 pm.", scenarios=few
        ).to_json(),
        "cues.phrases": "[rule threat_leaving]\ncancel* *2 (account|contract)\n",
        "language.json": json.dumps(french),
    }


def main() -> None:
    """Write the folder of this version."""
    folder = HERE / VERSION
    folder.mkdir(exist_ok=True)
    files = written()
    for name, kept in files.items():
        (folder / name).write_text(kept, encoding="utf-8", errors="surrogatepass", newline="\n")
    said = {name: READERS[name](kept) for name, kept in files.items()}
    shown = json.dumps(said, indent=1, sort_keys=True)
    (folder / "said.json").write_text(shown, encoding="utf-8", newline="\n")
    print(f"{len(files)} files in {folder}")


if __name__ == "__main__":
    main()
