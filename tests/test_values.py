"""One law over the frozen values of all faces: they pickle, copy and hash, and say it in a line."""

import copy
import importlib
import inspect
import pickle
import pkgutil

import attrs
import pytest

import deescalate
from deescalate import Playbook, Terms, schedules
from deescalate.rules import Table

FACES = sorted(
    name
    for _, name, _ in pkgutil.walk_packages(deescalate.__path__, "deescalate.")
    if not any(part.startswith("_") for part in name.split("."))
    and not name.startswith("deescalate.testing")
)


def imported(name):
    """A face; none of an adapter whose framework is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if name.startswith("deescalate.guard.") and not str(error.name).startswith("deescalate"):
            return None
        raise


BY_PLACE = """
    AgentAdvice AgentReading AtRandom AvoidedMove ByPlan Choice Clean ColumnVerdicts Condition
    Estimate Example Fact Failed FailedExample Flag Formula Guard Interval Language
    LanguageReader Loss Masked Match Measurement Model Money Noise Number PatternSet Phrase Places
    PlannedMove Problem Provision Rule Sentence Shape Span StartingPhrase Table Temporal Text
    Texting Trace Turn Words
""".split()  # noqa: SIM905  read like prose; the order of their parts is a promise
PUBLIC = {
    thing
    for module in map(imported, FACES)
    for name in getattr(module, "__all__", ())
    if inspect.isclass(thing := getattr(module, name)) and attrs.has(thing)
}


def inside(value, seen):
    """A value and all values in it, each once."""
    if id(value) in seen:
        return
    seen[id(value)] = value
    yield value
    if attrs.has(type(value)):
        for each in attrs.fields(type(value)):
            yield from inside(getattr(value, each.name), seen)
    elif isinstance(value, dict):
        for each in value.values():
            yield from inside(each, seen)
    elif isinstance(value, list | tuple | set | frozenset):
        for each in value:
            yield from inside(each, seen)


@pytest.fixture(scope="module")
def examples():
    """A value of every public class that a long conversation and the shipped documents make."""
    from datetime import UTC, datetime, timedelta

    book = Playbook.default()
    at = datetime(2026, 1, 5, 9, tzinfo=UTC)
    talk = book.open(at=at, case="7")
    talk = talk.customer_says("My parcel is late for the third time! I am furious.", at=at)
    talk = talk.agent_says(
        "I am sorry. I will call you by Friday, 5 pm.", at=at + timedelta(minutes=1)
    )
    award = schedules.load("eu261").amount({"event": "delay", "km": 2000, "delay_min": 200})
    roots = [
        book, talk.state, talk.plan, talk.turns, talk.review("Sure."), talk.handover(), award,
        book.check(laws=()), book.escalation.evaluate({}), schedules.load("eu261"),
        book.escalation.path(book.escalation.evaluate({"distress": 0.9}), at=at),
        deescalate.record_of(talk),
    ]  # fmt: skip
    seen = {}
    found = {}
    for root in roots:
        for value in inside(root, seen):
            found.setdefault(type(value), value)
    return {kind: value for kind, value in found.items() if kind in PUBLIC}


def test_law_public_values_pickle_copy_and_hash(examples):
    assert len(examples) > 60
    for kind, value in examples.items():
        assert pickle.loads(pickle.dumps(value)) == value, kind  # noqa: S301  our own
        assert copy.deepcopy(value) == value, kind
        assert hash(copy.deepcopy(value)) == hash(value), kind


def test_law_a_value_is_made_by_names():
    """But for those whose order anybody would guess."""
    by_place = {
        kind.__name__
        for kind in PUBLIC
        if not issubclass(kind, Exception)
        and any(part.init and not part.kw_only for part in attrs.fields(kind))
    }
    assert by_place <= set(BY_PLACE), by_place.difference(BY_PLACE)


def test_law_a_public_name_never_leads_into_a_private_file():
    for module in filter(None, map(imported, FACES)):
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            home = thing.__module__ if inspect.isclass(thing) or inspect.isfunction(thing) else ""
            assert "._" not in home, (module.__name__, name, home)


def test_law_what_a_value_works_out_for_itself_is_not_shown(examples):
    for kind, value in examples.items():
        for part in attrs.fields(kind):
            assert part.init or f"{part.name}=" not in repr(value), (kind, part.name)


def test_law_big_values_say_it_in_a_line():
    book = Playbook.default()
    parts = (book.strategy, book.wording, book.terms, book.escalation, book.effects)
    for value in (book, *parts, schedules.load("eu261"), Terms(currency="EUR").gate):
        assert len(repr(value)) < 200, repr(value)[:300]
        assert type(value).__name__ in repr(value)
    assert isinstance(book.terms.gate, Table)
