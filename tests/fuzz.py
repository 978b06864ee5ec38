"""Fuzz every public entry that takes text, a document or events: only documented errors come out.

    python tests/fuzz.py                               # ten minutes a target
    python tests/fuzz.py --seconds 60 documents dmn    # some of them, a minute each
    python tests/fuzz.py --seed 7                      # the same again from another start

Each target draws with Hypothesis, batch after batch, from the strategies of `deescalate.testing` and from what is
shipped, mutated: values of other kinds, keys gone or twice, nests, huge numbers, bytes turned around. No database is
kept; the seed is printed. What is raised that is no `DeescalateError` is shrunk, told once for each place in the
code, and counts as a failure.

With ``--guided`` one target is steered by the lines that it reaches, until something is raised that may not be (needs
``pip install atheris``). HypoFuzz does the same with a database and a page of its own, and is not used.
"""

import argparse
import copy
import gc
import io
import json
import sys
import time
import tomllib
import traceback
import warnings
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import redirect_stderr, redirect_stdout, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FunctionType

import openpyxl
from attrs import evolve
from hypothesis import HealthCheck, Phase, Verbosity, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import HypothesisWarning

from deescalate import Guard, Money, Playbook
from deescalate.command import main as command
from deescalate.compensation import Terms
from deescalate.conversation import (
    event_from_mapping,
    events_from_json_lines,
    events_to_json_lines,
    from_columns,
    from_messages,
    from_ticket,
    mask,
    read_transcripts,
)
from deescalate.emotion import MoveEffects
from deescalate.errors import DeescalateError
from deescalate.escalation import EscalationPolicy
from deescalate.languages import ENGLISH, Language
from deescalate.reading import LanguageReader, commitments_in, read_agent
from deescalate.records import record_of, records_from_json_lines, records_to_json_lines, summarise
from deescalate.rules import DecisionRecord, Table, verify
from deescalate.rules.dmn import read_dmn, write_dmn
from deescalate.rules.sheets import read_csv, read_xlsx
from deescalate.schedules import Formula, Schedule
from deescalate.simulation import Assumptions, ReportCard, Scenarios
from deescalate.strategy import Strategy
from deescalate.testing.conversation import agent_texts, customer_texts
from deescalate.testing.conversation import events as courses
from deescalate.testing.reading import any_texts, messages
from deescalate.testing.rules import tables
from deescalate.testing.strategy import situations
from deescalate.testing.text import hostile_texts
from deescalate.testing.wording import authorities, drafts, known_situations
from deescalate.text import Text
from deescalate.text.phrases import PatternSet
from deescalate.wording import Wording, review

HERE = Path(__file__).resolve().parent
SHIPPED = HERE.parent / "src" / "deescalate"
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()

# --- what is drawn -----------------------------------------------------------------------------

TEXTS = any_texts() | messages() | hostile_texts(longest=400) | customer_texts() | agent_texts()
ODD = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8), st.just({}), st.just([]),
    st.sampled_from([10**400, -(10**30), 1e308, "1e999", "nan", "9" * 5_000, "\ud800", "\x00", "=1+1", "${x}", ">= 0..", "\u0661"]),
    st.datetimes(), st.binary(max_size=4), st.decimals(), st.dates(), st.times(),
)  # fmt: skip
ANYTHING = st.recursive(
    ODD, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3)
)  # fmt: skip


def places_of(value: object, path: tuple = ()) -> list[tuple]:
    """Where something stands in a document."""
    found = [path] if path else []
    if isinstance(value, Mapping):
        for key, each in value.items():
            found += places_of(each, (*path, key))
    elif isinstance(value, list):
        for index, each in enumerate(value):
            found += places_of(each, (*path, index))
    return found


@st.composite
def mutated(draw: st.DrawFn, sources: list[dict]) -> dict:
    """A document with up to three things changed, gone, twice, nested, renamed or put elsewhere."""
    made = copy.deepcopy(draw(st.sampled_from(sources)))
    for _ in range(draw(st.sampled_from([1, 1, 1, 2, 3]))):
        places = places_of(made)
        if not places:
            break
        *way, last = draw(st.sampled_from(places))
        held = made
        for step in way:
            held = held[step]
        how = draw(
            st.sampled_from(
                ["other", "other", "gone", "twice", "nested", "renamed", "elsewhere", "near"]
            )
        )
        if how == "gone":
            del held[last]
        elif how == "twice" and isinstance(held, list):
            held.append(copy.deepcopy(held[last]))
        elif how == "nested":
            held[last] = draw(st.sampled_from([[held[last]], {"x": held[last]}, [[[]]], {"": {}}]))
        elif how == "renamed" and isinstance(held, dict):
            held[draw(st.text(max_size=8) | st.sampled_from([str(p[-1]) for p in places]))] = (
                held.pop(last)
            )
        elif how == "elsewhere":
            other = draw(st.sampled_from(places))
            value = made
            for step in other:
                value = value[step]
            held[last] = copy.deepcopy(value)
        elif how == "near" and isinstance(held[last], str | int | float):
            text = str(held[last])
            at = draw(st.integers(0, len(text)))
            held[last] = (
                text[:at]
                + draw(st.sampled_from(["", ".", '"', "0", " not", "e9", "-", ",", "(", "}", "é"]))
                + text[at + 1 :]
            )
        else:
            held[last] = draw(ANYTHING)
    return made


@st.composite
def scratched(draw: st.DrawFn, sources: list[str]) -> str:
    """A text with a few pieces gone, doubled, exchanged or written over."""
    text = draw(st.sampled_from(sources))
    for _ in range(draw(st.integers(1, 4))):
        at, size = draw(st.integers(0, len(text))), draw(st.integers(0, 30))
        there = draw(st.integers(0, len(text)))
        piece = draw(
            st.sampled_from(
                [
                    "",
                    text[at : at + size] * 2,
                    text[there : there + size],
                    *"[]{}<>\"'=,.\n\x00\ud800&;",
                ]
            )
            | st.text(max_size=5)
        )
        text = text[:at] + piece + text[at + size :]
    return text


def written(kind: type, document: dict) -> str | dict:
    """The document as text where it can be written so."""
    try:
        return json.dumps(document)
    except (TypeError, ValueError):
        return document


def looked(*_: object) -> None:
    """What stands in the brackets is worked out, and not looked at."""


# --- the targets -------------------------------------------------------------------------------

TARGETS: dict[str, tuple[st.SearchStrategy, Callable]] = {}


def target(drawn: st.SearchStrategy) -> Callable[[Callable], Callable]:
    """Name a target by its function."""

    def named(of: Callable) -> Callable:
        TARGETS[of.__name__] = (drawn, of)
        return of

    return named


LANGUAGES = st.sampled_from([ENGLISH, Language.load("german")])


@target(st.tuples(TEXTS, LANGUAGES, st.booleans()))
def texts(drawn):
    """Whatever reads a text alone."""
    text, language, month_first = drawn
    read = Text.of(text, language, month_first=month_first)
    for part in (read, read.own):
        looked(part.sentences, part.amounts, part.durations, part.told_durations, part.numbers)
        for said in part.times:
            said.when.due(AT)
    reading = LanguageReader(language).read(text)
    looked(reading.to_html(text), reading._repr_html_())
    read_agent(text, language=language)
    for each in commitments_in(text, language=language, month_first=month_first):
        if each.when is not None:
            each.when.due(AT)
    mask(text, keep=[text[:5], text[3:9]])
    mask(text, regions=["GB", "US"])


@target(st.tuples(
    TEXTS | drafts(), st.none() | known_situations() | situations(), st.none() | authorities(),
    st.lists(TEXTS, max_size=2), st.none() | TEXTS, LANGUAGES,
))  # fmt: skip
def replies(drawn):
    """The review of any draft beside anything that is known."""
    draft, situation, authority, previous, customer, language = drawn
    found = review(
        draft, situation=situation, authority=authority, previous=previous, customer=customer, language=language
    )  # fmt: skip
    looked(
        found.rewritten,
        found.feedback(),
        found.tone,
        found.sendable,
        found.to_json(),
        found._repr_html_(),
    )


KINDS: dict[type, list[dict]] = {
    kind: [tomllib.loads(path.read_text(encoding="utf-8")) for path in sorted((SHIPPED / where).glob(names))]
    for kind, where, names in [
        (EscalationPolicy, "escalation/data", "default.toml"), (Strategy, "strategy/data", "default.toml"),
        (MoveEffects, "emotion/data", "effects.toml"), (Schedule, "schedules/data", "*.toml"),
        (Scenarios, "simulation/data", "scenarios.toml"), (Assumptions, "simulation/data", "assumptions.toml"),
    ]
}  # fmt: skip
KINDS[Wording] = [
    BOOK.wording.to_document(form="mapping"),
    {"forbidden": ["cheers"], "house": [{"say": "a", "instead_of": "b c"}]},
]
KINDS[Terms] = [BOOK.terms.to_document(form="mapping")]
KINDS[Table] = [
    BOOK.escalation.table.to_document(form="mapping"),
    BOOK.strategy.phase.to_document(form="mapping"),
]
KINDS[Playbook] = [{"wording": KINDS[Wording][1], "terms": KINDS[Terms][0]}]
KINDS[DecisionRecord] = [
    DecisionRecord.of(
        BOOK.escalation.table, {"distress": 0.9, "threat": "legal", "amount": 5, "tier": "agent"}
    ).to_document(form="mapping")
]
NAMES = sorted(KINDS, key=lambda kind: kind.__name__)


@target(
    st.sampled_from(NAMES).flatmap(
        lambda kind: st.tuples(st.just(kind), mutated(KINDS[kind]), st.booleans())
    )
)
def documents(drawn):
    """Documents of every kind, with a field or three that are odd."""
    kind, document, as_text = drawn
    made = kind.from_document(written(kind, document) if as_text else document)
    assert kind.from_document(made.to_document()) == made
    assert kind.from_document(made.to_document(form="json")) == made
    looked(str(made), repr(made), hash(made))
    if kind in (EscalationPolicy, Schedule, Wording, Terms, MoveEffects):
        made.check().to_text()
    if kind is DecisionRecord:
        verify(made, BOOK.escalation.table).to_text()
    if kind is EscalationPolicy:
        made.evaluate({})


SOURCES = [made.to_document() for made in (BOOK.terms, BOOK.wording, BOOK.escalation)] + [
    path.read_text(encoding="utf-8") for path in sorted((SHIPPED / "schedules/data").glob("*.toml"))
]


@target(st.tuples(st.sampled_from(NAMES), scratched(SOURCES) | TEXTS | ANYTHING))
def scratches(drawn):
    """Documents as text, with scratches, read as any kind; and what is no document at all."""
    kind, document = drawn
    kind.from_document(document)


@target(
    st.tuples(
        tables(),
        st.dictionaries(
            st.text(max_size=4) | st.sampled_from(["anger", "a", "b"]), ANYTHING, max_size=4
        ),
    )
)
def facts(drawn):
    """Tables asked about any facts."""
    table, given_facts = drawn
    for ask in (
        table.decide,
        table.matches,
        BOOK.escalation.evaluate,
        BOOK.escalation.table.decide,
    ):
        try:
            ask(given_facts)
        except DeescalateError:
            continue
    table.to_html(given_facts)


CSV = [
    "rule;anger;waiting [min];threat;vip;bought;-> tier;-> fee;because\nhot;>= 0,9;;not legal;yes;;senior;2,50;too hot\nrest;;any;*;-;>= 2025-01-01;agent;0;\n",
    'U,age,income,out\n1,>= 18,[1..5],yes\n2,-,"<3,>7",no\n',
]


def dmn_sources() -> list[str]:
    whole = Table.from_document(KINDS[Table][1])
    return [
        write_dmn(evolve(whole, rules=whole.rules[:3])),
        write_dmn(read_csv(CSV[0], name="desk")),
    ]


@target(scratched(dmn_sources()) | TEXTS)
def dmn(text):
    """DMN with scratches: read, checked, decided, written and read again."""
    model = read_dmn(text)
    model.check().to_text()
    assert write_dmn(read_dmn(write_dmn(model))) == write_dmn(model)


@target(scratched(CSV) | TEXTS)
def sheets(text):
    """Tables in CSV."""
    read_csv(text).check()


def workbook(rows: list[list]) -> bytes:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


WORKBOOK = workbook([line.split(";") for line in CSV[0].splitlines()])
CELLS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    TEXTS.filter(str.isprintable),
    st.datetimes(),
    st.timedeltas(),
)


@target(st.one_of(
    st.lists(st.lists(CELLS, max_size=5), max_size=5), st.binary(max_size=200),
    st.lists(st.tuples(st.integers(0, len(WORKBOOK) - 1), st.integers(0, 255)), min_size=1, max_size=6).map(tuple),
))  # fmt: skip
def spreadsheets(drawn):
    """Tables in workbooks: any cells, any bytes, and a good one with bytes turned around."""
    data = drawn
    if isinstance(drawn, tuple):
        held = bytearray(WORKBOOK)
        for at, byte in drawn:
            held[at] = byte
        data = bytes(held)
    elif isinstance(drawn, list):
        try:
            data = workbook(drawn)
        except (ValueError, TypeError, openpyxl.utils.exceptions.IllegalCharacterError):
            return  # no workbook can hold it
    read_xlsx(io.BytesIO(data)).check()


TALKS = sorted((HERE.parent / "examples" / "conversations").iterdir())
CHATS = [path.read_text(encoding="utf-8") for path in TALKS] + [
    "[5/1/26, 10:00:00] Ann: hi\n[5/1/26, 10:01:00] Shop: hello\n", "05/01/2026, 10:00 - Ann: hi\n05/01/2026, 10:02 - Shop: <Media omitted>\n",
    'when,who,text\n2026-01-05 10:00,customer,hi\n2026-01-05 10:01,agent,"hello, you"\n',
    json.dumps({"comments": [{"author_id": 1, "body": "hi", "created_at": "2026-01-05T10:00:00Z"}], "requester_id": 1}),
    json.dumps([{"role": "user", "content": [{"type": "text", "text": "hi"}], "timestamp": 1767600000}, {"role": "assistant", "content": "yes", "tool_calls": []}]),
]  # fmt: skip
MESSAGES = [
    json.loads(CHATS[-1]),
    [{"speaker": "customer", "text": "hi", "time": "10:05"}, {"from": "agent", "message": "yes"}],
]
WHO = (
    st.none()
    | st.sampled_from(["Ann", "customer"])
    | st.dictionaries(
        st.sampled_from(["Ann", "Shop", "1", "x"]), st.sampled_from(["customer", "agent", "nobody"])
    )
)


@target(st.tuples(scratched(CHATS) | TEXTS, WHO, st.booleans()))
def transcripts(drawn):
    """Transcripts with scratches, in whatever form they seem to have."""
    text, who, timed = drawn
    for course in read_transcripts(text, opened_at=AT if timed else None, who=who):
        BOOK.replay(course)


@target(
    st.tuples(
        mutated([{"m": each} for each in MESSAGES]) | st.fixed_dictionaries({"m": ANYTHING}), WHO
    )
)
def message_lists(drawn):
    """Message lists and tickets, with odd values in them."""
    held, who = drawn
    from_messages(held.get("m"), opened_at=AT, who=who)


@target(mutated([json.loads(CHATS[-2])]) | ANYTHING)
def tickets(found):
    """Tickets."""
    from_ticket(found, opened_at=AT)


@target(
    mutated(
        [
            {
                "customer": ["hi", None],
                "text": ["hi", "ho"],
                "who": ["customer", "agent"],
                "at": [AT, AT],
            }
        ]
    )
    | ANYTHING
)
def tables_of_turns(found):
    """Columns."""
    from_columns(found, opened_at=AT)


@st.composite
def logs(draw):
    """A log of events with odd values, in an order of its own."""
    lines = [json.loads(line) for line in events_to_json_lines(draw(courses())).splitlines()]
    held = draw(mutated([{"log": lines}])) if draw(st.booleans()) else {"log": lines}
    found = held.get("log", [])
    return draw(st.permutations(found)) if isinstance(found, list) else found


def looked_at(talk) -> None:
    """Everything that a conversation says."""
    looked(talk.advice.instructions(), talk.plan, talk.escalation, repr(talk), talk.to_html())
    looked(talk.review("I am sorry. I will call you by 5 pm."))
    note = talk.handover()
    looked(note.to_json(), note.to_markdown())
    assert BOOK.resume(talk.to_snapshot()) == talk
    case = record_of(talk)
    summarise(records_from_json_lines(records_to_json_lines([case]))).to_markdown()


@target(logs())
def event_logs(lines):
    """JSON lines of events: what is read folds, and what is folded can be looked at."""
    if not isinstance(lines, list):
        lines = [lines]
    for each in lines:
        with suppress(DeescalateError):
            event_from_mapping(each)
    text = "\n".join(json.dumps(each, default=str) for each in lines)
    looked_at(BOOK.replay(events_from_json_lines(text)))


@target(
    st.lists(courses(max_size=4), min_size=1, max_size=3).flatmap(
        lambda each: st.permutations([e for c in each for e in c])
    )
)
def streams(found):
    """Events of several cases in any order: each is taken or refused, and nothing breaks."""
    talk = BOOK.open(at=AT - timedelta(days=400))
    for event in found:
        try:
            talk = talk.then(event)
        except DeescalateError:
            continue
    looked_at(talk)


def snapshots_of_talks() -> list[dict]:
    talk = (
        BOOK.open(at=AT, case="7")
        .customer_says("I will sue you! Third time!", at=AT)
        .agent_says("I will call you by 5 pm.", at=AT)
    )
    return [
        json.loads(talk.to_snapshot()),
        json.loads(talk.learned(at=AT, fault="ours").to_snapshot()),
    ]


@target(st.tuples(mutated(snapshots_of_talks()) | ANYTHING, st.booleans()))
def snapshots(drawn):
    """Snapshots with odd values: what is taken up can be looked at."""
    found, replay = drawn
    text = found if isinstance(found, str) else json.dumps(found, default=str)
    talk = BOOK.resume(text, replay=replay)
    talk.customer_says("hello?", at=talk.at).advice.instructions()


@target(
    mutated(
        [
            json.loads(
                records_to_json_lines(
                    [
                        record_of(
                            BOOK.open(at=AT).customer_says("hi!", at=AT).agent_says("yes", at=AT)
                        )
                    ]
                )
            )
        ]
    )
    | ANYTHING
)
def kept_records(found):
    """Lines of records."""
    kept = records_from_json_lines(json.dumps(found, default=str))
    summarise(kept).to_markdown()


@target(
    scratched(
        ["compensation * 0.5", "min(price, 250) if distance > 1500 else 'no'", "$5k", "EUR 10"]
    )
    | TEXTS
)
def small_texts(text):
    """Formulas, money, phrases, languages, report cards: each on its own text."""
    for take in (
        Formula.parse, Money.parse if hasattr(Money, "parse") else Formula.parse, PatternSet.from_document,
        ReportCard.from_json, lambda each: Language.from_files("own", {"customer.phrases": each, "affect.toml": each}),
        lambda each: LanguageReader(Language.from_files("own", {"affect.json": each, "amounts.toml": each})).read("hi"),
    ):  # fmt: skip
        try:
            take(text)
        except DeescalateError:
            continue


@target(st.lists(TEXTS | st.sampled_from(["raise", "None"]), min_size=1, max_size=4))
def guarded(said):
    """A guard around a model that says or raises anything."""
    talk = BOOK.open(at=AT).customer_says(said[0], at=AT)
    answers = iter(said)

    def draft(messages):
        text = next(answers, "hm")
        if text == "raise":
            raise ValueError(said)
        return None if text == "None" else text

    assert Guard(BOOK).reply(talk, draft_with=draft).text


KINDS_OF_CHECK = ["check", "chat", "turns", "summary", "read", "review", "schema"]


@target(st.tuples(
    st.sampled_from(KINDS_OF_CHECK), st.sampled_from([".toml", ".json", ".csv", ".dmn", ".txt", ".xlsx", ""]),
    scratched([*SOURCES, *CHATS, *CSV]).map(lambda each: each.encode("utf-8", "surrogatepass")) | st.binary(max_size=80),
    st.lists(st.sampled_from(["--format", "json", "sarif", "github", "--who", "x=agent", "-o", "--", "html", "--customer"]), max_size=3),
))  # fmt: skip
def commands(drawn):
    """The command over any file: it ends with 0, 1 or 2 and no traceback."""
    what, ending, data, options = drawn
    with (
        TemporaryDirectory() as folder,
        redirect_stdout(io.StringIO()),
        redirect_stderr(io.StringIO()),
    ):
        path = Path(folder) / f"f{ending}"
        path.write_bytes(data)
        if "-o" in options:
            options = [each if each != "-o" else f"-o{folder}/out" for each in options]
        try:
            status = command([what, str(path), *options])
        except SystemExit as end:
            status = end.code
        assert status in (0, 1, 2), status


# --- running them ------------------------------------------------------------------------------


class Failures:
    """What was raised that may not be, told once for each place in the code."""

    def __init__(self) -> None:
        self.seen: Counter[str] = Counter()

    def place(self, error: BaseException) -> str:
        ours = [f for f in traceback.extract_tb(error.__traceback__) if "deescalate" in f.filename]
        last = ours[-1] if ours else traceback.extract_tb(error.__traceback__)[-1]
        return f"{type(error).__name__} at {Path(last.filename).name}:{last.lineno}"

    def skips(self, error: BaseException) -> bool:
        return self.place(error) in self.seen

    def add(self, error: BaseException) -> None:
        self.seen[self.place(error)] += 1


def run(name: str, seconds: float, start: int) -> Failures:
    """Draw for so long; tell what failed."""
    drawn, of = TARGETS[name]
    failures, counts = Failures(), Counter()
    end = time.monotonic() + seconds
    batch = 0
    while time.monotonic() < end:

        @seed(start + batch)
        @settings(
            max_examples=50, database=None, deadline=None, verbosity=Verbosity.quiet, print_blob=False,
            suppress_health_check=list(HealthCheck), phases=[Phase.generate, Phase.shrink], report_multiple_bugs=False,
        )  # fmt: skip
        @given(drawn)
        def one(value: object) -> None:
            if time.monotonic() > end + 30:
                return
            counts["drawn"] += 1
            try:
                of(value)
                counts["taken"] += 1
            except DeescalateError:
                counts["refused"] += 1
            except RecursionError:
                raise
            except Exception as error:
                if failures.skips(error):
                    return
                one.last = (error, value)  # type: ignore[attr-defined]
                raise

        try:
            one()
        except Exception as error:  # noqa: BLE001  the shrunk one
            failures.add(error)
            value = getattr(one, "last", (None, None))[1]
            print(
                f"  {failures.place(error)}: {str(error)[:200]}\n    from {ascii(value)[:600]}",
                flush=True,
            )
        batch += 1
    shares = ", ".join(f"{counts[each]:,} {each}" for each in ("drawn", "taken", "refused"))
    print(f"{name:16} {shares}; {len(failures.seen)} failures", flush=True)
    return failures


def guided(name: str, seconds: float, start: int) -> None:
    """Let atheris choose what is drawn; it ends the process."""
    import atheris

    drawn, of = TARGETS[name]

    @settings(database=None, deadline=None, suppress_health_check=list(HealthCheck))
    @given(drawn)
    def one(value: object) -> None:
        with suppress(DeescalateError):
            of(value)

    for each in gc.get_objects():
        if isinstance(each, FunctionType) and str(each.__module__).startswith("deescalate."):
            atheris.instrument_func(each)
    options = [
        f"-max_total_time={seconds:.0f}",
        f"-seed={start + 1}",
        "-max_len=4096",
        "-timeout=60",
    ]
    atheris.Setup([sys.argv[0], *options], one.hypothesis.fuzz_one_input)
    atheris.Fuzz()


def main() -> None:
    """Run what was asked for; fail if anything failed."""
    warnings.simplefilter("ignore", HypothesisWarning)
    parser = argparse.ArgumentParser(description="fuzz the public entries")
    parser.add_argument("targets", nargs="*", metavar="target", help=f"of {', '.join(TARGETS)}")
    parser.add_argument("--seconds", type=float, default=600.0, help="for each target")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--guided", action="store_true", help="one target, steered by coverage")
    asked = parser.parse_args()
    unknown = sorted({*asked.targets} - TARGETS.keys())
    if unknown:
        parser.error(f"no target `{unknown[0]}`, there are {', '.join(TARGETS)}")
    if asked.guided and len(asked.targets) == 1:
        guided(asked.targets[0], asked.seconds, asked.seed)
    print(f"seed {asked.seed}, {asked.seconds:g} s a target", flush=True)
    failed = [
        name for name in asked.targets or TARGETS if run(name, asked.seconds, asked.seed).seen
    ]
    sys.exit(f"failed: {', '.join(failed)}" if failed else 0)


if __name__ == "__main__":
    main()
