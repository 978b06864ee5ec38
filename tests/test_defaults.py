"""What is taken where nobody says anything: a promise, each number of it stated."""

import importlib
import inspect
import pkgutil
import tomllib
from enum import Enum
from pathlib import Path

import deescalate

STATED = tomllib.loads(Path(__file__).with_name("defaults.toml").read_text("utf-8"))
FACES = [
    name
    for _, name, _ in pkgutil.walk_packages(deescalate.__path__, "deescalate.")
    if "._" not in name and not name.startswith(("deescalate.guard.", "deescalate.testing"))
]


def public():
    """Every public function, class and method, with its room."""
    for module in map(importlib.import_module, FACES):
        for name in getattr(module, "__all__", ()):
            thing = getattr(module, name)
            if inspect.isfunction(thing):
                yield thing.__module__, thing
            elif inspect.isclass(thing) and not issubclass(thing, Enum):
                if "__init__" in vars(thing):
                    yield thing.__module__, thing
                for method in vars(thing).values():
                    method = getattr(method, "__func__", method)  # noqa: PLW2901  of a class
                    if inspect.isfunction(method) and not method.__name__.startswith("_"):
                        yield thing.__module__, method


def test_law_what_is_left_out_is_nothing_but_where_it_is_stated():
    """False and 0 are what nobody has to state; all else stands in `defaults.toml`."""
    found = {}
    for module, thing in public():
        for name, part in inspect.signature(thing).parameters.items():
            if type(part.default) in (bool, int, float) and part.default:
                room = found.setdefault(module.split(".")[1], {})
                room[f"{thing.__qualname__}.{name}"] = part.default
    for room in found.keys() | STATED.keys():
        assert found.get(room) == STATED.get(room), room
