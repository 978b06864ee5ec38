"""One law over the frozen values of all faces: they pickle, copy and hash, and say it in a line."""

import copy
import importlib
import inspect
import pickle
import pkgutil
import tomllib
from pathlib import Path

import attrs
import pytest

import deescalate
from deescalate import Playbook, Terms, schedules
from deescalate.rules import Table

MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(deescalate.__path__, "deescalate.")
    if not name.endswith("__main__")
]
FACES = [
    name
    for name in MODULES
    if not any(part.startswith("_") for part in name.split("."))
    and not name.startswith("deescalate.testing")
]
EXTRAS = ("deescalate.guard.", "deescalate.command._parquet")
STATED = tomllib.loads(Path(__file__).with_name("values.toml").read_text("utf-8"))


def imported(name):
    """A module; none of those that need an extra which is not installed."""
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if name.startswith(EXTRAS) and not str(error.name).startswith("deescalate"):
            return None
        raise


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


def by_attrs(kind, method):
    """Whether attrs has written a method of a class."""
    written = vars(kind).get(method)
    return inspect.isfunction(written) and "attrs generated" in written.__code__.co_filename


CLASSES = {
    "changes": lambda kind: "_frozen_setattrs" not in kind.__setattr__.__name__,
    "has a dict": lambda kind: "__slots__" not in vars(kind),
    "is compared by identity": lambda kind: not by_attrs(kind, "__eq__"),
    "has an order": lambda kind: by_attrs(kind, "__lt__"),
    "keeps its hash": lambda kind: "_attrs_cached_hash" in vars(kind),
    "says itself how it is shown": lambda kind: not by_attrs(kind, "__repr__"),
    "is made by place": lambda kind: any(p.init and not p.kw_only for p in attrs.fields(kind)),
}
PARTS = {
    "is not shown": lambda part: not part.repr,
    "is not compared": lambda part: not part.eq,
    "is not hashed": lambda part: part.eq and part.hash is False,
    "is worked out": lambda part: not part.init,
}


def test_law_a_class_is_like_all_others_but_where_it_is_stated():
    """What is not in `values.toml` is frozen, slotted, made by names, and all of it is compared."""
    found = {}
    for module in filter(None, map(imported, MODULES)):
        for kind in vars(module).values():
            if not inspect.isclass(kind) or kind.__module__ != module.__name__:
                continue
            if "__attrs_attrs__" not in vars(kind):
                continue
            room, name = module.__name__.split(".")[1], kind.__qualname__
            names = [(statement, name) for statement, holds in CLASSES.items() if holds(kind)]
            names += [
                (statement, f"{name}.{part.name}")
                for part in attrs.fields(kind)
                for statement, holds in PARTS.items()
                if holds(part) and not part.inherited
            ]
            for statement, each in names:
                found.setdefault((statement, room), set()).add(each)
    stated = {
        (statement, room): set(names.split())
        for statement, rooms in STATED.items()
        for room, names in rooms.items()
    }
    for key in found.keys() | stated.keys():
        assert found.get(key) == stated.get(key), key


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
