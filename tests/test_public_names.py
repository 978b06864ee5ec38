"""What the package exports: sorted, real, and the everyday names among them."""

import ast
import importlib
import pkgutil
import sys
import time
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


def test_the_everyday_names_are_there():
    assert set(deescalate.__all__) >= EVERYDAY


def test_the_init_holds_the_public_names_and_nothing_else():
    tree = ast.parse(Path(deescalate.__file__).read_text("utf-8"))
    kinds = {type(node).__name__ for node in tree.body}
    assert kinds <= {"Expr", "ImportFrom", "Assign"}
    assert deescalate.__all__ == sorted(deescalate.__all__)


@pytest.mark.parametrize("name", ["deescalate", *MODULES])
def test_every_module_says_what_is_public_and_has_it(name):
    module = importlib.import_module(name)
    assert module.__doc__
    public = getattr(module, "__all__", [])
    assert len(set(public)) == len(public)
    for each in public:
        assert hasattr(module, each), each


@pytest.mark.parametrize("name", deescalate.__all__)
def test_every_public_name_is_documented_with_an_example(name):
    thing = getattr(deescalate, name)
    assert thing.__doc__, name
    if isinstance(thing, type) or callable(thing):
        assert ">>>" in thing.__doc__ or any(
            ">>>" in (getattr(member, "__doc__", None) or "") for member in vars(thing).values()
        ), name


def test_importing_the_package_loads_no_data_and_no_numpy():
    code = (
        "import sys, deescalate; "
        "print([m for m in ('numpy', 'hypothesis', 'tomllib', 'json') if m in sys.modules])"
    )
    began = time.perf_counter()
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)  # noqa: S603  our own interpreter
    print(f"imported in {time.perf_counter() - began:.2f} s, interpreter included")
    assert "numpy" not in done.stdout
    assert "hypothesis" not in done.stdout
