"""What the package exports: sorted, real, and the everyday names among them."""

import ast
import contextlib
import importlib
import pkgutil
import sys
from importlib.metadata import version
from pathlib import Path
from subprocess import run

import pytest

import deescalate

EVERYDAY = {
    "Conversation", "EmotionState", "EnglishReader", "EscalationPolicy", "Harm", "Playbook", "Rule",
    "Table", "Temperament", "propose", "review", "select",
}  # fmt: skip
MODULES = [
    name
    for _, name, _ in pkgutil.walk_packages(deescalate.__path__, "deescalate.")
    if not name.rpartition(".")[2].startswith("_")
]


def imported(name):
    """A module; an adapter whose framework is not installed is skipped."""
    if name.startswith("deescalate.guard."):
        pytest.importorskip(name, exc_type=ModuleNotFoundError)
    return importlib.import_module(name)


def test_the_everyday_names_are_there():
    assert set(deescalate.__all__) >= EVERYDAY


def test_what_type_checkers_see_is_what_is_there():
    tree = ast.parse(Path(deescalate.__file__).read_text("utf-8"))
    seen = {
        alias.name: node.module
        for guard in tree.body
        if isinstance(guard, ast.If)
        for node in guard.body
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
    }
    assert sorted(seen) == deescalate.__all__ == dir(deescalate)
    for name, module in seen.items():
        assert getattr(deescalate, name) is getattr(importlib.import_module(module), name)


@pytest.mark.parametrize("name", ["deescalate", *MODULES])
def test_a_name_that_is_not_there_is_refused_with_the_nearest(name):
    module = imported(name)
    if not hasattr(module, "__getattr__"):
        return
    for public in module.__all__:
        with pytest.raises(AttributeError, match=f"`{name}` has no `{public}x`; did you mean"):
            getattr(module, f"{public}x")
    with pytest.raises(AttributeError, match="`Playbok`; did you mean `Playbook`"):
        _ = deescalate.Playbok
    assert deescalate.__version__ == version("deescalation")


@pytest.mark.parametrize("name", ["deescalate", *MODULES])
def test_every_module_says_what_is_public_and_has_it(name):
    module = imported(name)
    assert module.__doc__
    public = getattr(module, "__all__", [])
    assert len(set(public)) == len(public)
    for each in public:
        assert hasattr(module, each), each


def test_law_no_two_classes_on_faces_have_one_name():
    meant = {}
    for room in (each for each in MODULES if "._" not in each):
        with contextlib.suppress(ModuleNotFoundError):  # an adapter without its framework
            importlib.import_module(room)
        module = sys.modules.get(room)
        for name in getattr(module, "__all__", ()):
            if isinstance(thing := getattr(module, name), type):
                assert meant.setdefault(name, thing) is thing, (module, meant[name])
    assert "Finding" in meant


@pytest.mark.parametrize("name", deescalate.__all__)
def test_every_public_name_is_documented_with_an_example(name):
    thing = getattr(deescalate, name)
    assert thing.__doc__, name
    if isinstance(thing, type) or callable(thing):
        assert ">>>" in thing.__doc__ or any(
            ">>>" in (getattr(member, "__doc__", None) or "") for member in vars(thing).values()
        ), name


def test_importing_the_package_loads_no_data_and_no_numpy():
    code = "import sys, deescalate.rules; print(*sorted(sys.modules))"
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  our own interpreter
    loaded = set(done.stdout.split())
    assert not loaded & {"numpy", "hypothesis", "deescalate.emotion", "deescalate.reading"}
    assert "deescalate.rules" in loaded
