"""The walls of the house: who may import whom, and what the core never touches."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

SOURCE = Path(__file__).resolve().parents[1] / "src" / "deescalate"

FLOORS = (
    ("errors", "escaping"),
    ("_public", "_html", "_memory"),
    ("documents", "statistics", "languages", "_plain"),
    ("findings", "hours", "_structured"),
    ("rules", "money"),
    ("text",),
    ("emotion", "moves", "authority", "promises"),
    ("cues",),
    ("reading",),
    ("advice",),
    ("strategy", "wording", "schedules", "escalation"),
    ("compensation",),
    ("conversation",),
    ("playbook",),
    ("records",),
    ("simulation",),
    ("guard",),
    ("command",),
    ("testing", "__main__"),
)
FLOOR = {room: floor for floor, rooms in enumerate(FLOORS) for room in rooms}
CORE = set(FLOOR) - {"simulation", "guard", "command", "testing", "__main__"}

FORBIDDEN_MODULES = {
    "asyncio", "concurrent", "ftplib", "glob", "http", "io", "logging", "multiprocessing", "os",
    "pathlib", "random", "secrets", "shutil", "signal", "smtplib", "socket", "socketserver", "ssl",
    "subprocess", "sys", "tempfile", "threading", "time", "urllib", "uuid", "webbrowser",
}  # fmt: skip
FORBIDDEN_CALLS = {"open", "input", "print", "exec", "eval", "compile", "__import__", "breakpoint"}
# The one generated function a table: only numbers enter its text, as in attrs's initialisers.
GENERATES_CODE = {"rules/_engine/compiling.py"}
CLOCK_READINGS = {"now", "utcnow", "today"}


def room_of(path: Path) -> str:
    return path.relative_to(SOURCE).parts[0].removesuffix(".py")


def imports_of(tree: ast.AST) -> Iterator[tuple[int, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            if node.level:
                yield node.lineno, "relative"
            elif node.module == "deescalate":
                yield from ((node.lineno, f"deescalate.{alias.name}") for alias in node.names)
            else:
                yield node.lineno, node.module or ""


def only_for_types(tree: ast.AST) -> set[int]:
    """Lines under ``if TYPE_CHECKING:``, which never run."""
    return {
        line
        for node in ast.walk(tree)
        if isinstance(node, ast.If)
        and isinstance(node.test, ast.Name)
        and node.test.id == "TYPE_CHECKING"
        for child in node.body
        for line in range(child.lineno, (child.end_lineno or child.lineno) + 1)
    }


def wall_violations(room: str, tree: ast.AST) -> Iterator[str]:
    """Imports that go up, sideways, or out through the walls of the house."""
    typing_only = only_for_types(tree)
    for line, name in imports_of(tree):
        if name == "relative":
            yield f"{line}: relative import"
        parts = name.split(".")
        if parts[0] == "deescalate":
            other = parts[1] if len(parts) > 1 else "__init__"
            if other == room:
                continue
            if FLOOR.get(other, 99) >= FLOOR.get(room, 99):
                kind = "sibling" if FLOOR.get(other) == FLOOR.get(room) else "upward"
                yield f"{line}: {kind} import of {name}"
        elif room in CORE and parts[0] in FORBIDDEN_MODULES and line not in typing_only:
            yield f"{line}: the core imports {name}"


def core_violations(room: str, tree: ast.AST) -> Iterator[str]:
    """Calls that read a clock, a file or a person."""
    if room not in CORE:
        return
    for node in ast.walk(tree):
        if not isinstance(node, ast.Call):
            continue
        if isinstance(node.func, ast.Name) and node.func.id in FORBIDDEN_CALLS:
            yield f"{node.lineno}: the core calls {node.func.id}()"
        if isinstance(node.func, ast.Attribute) and node.func.attr in CLOCK_READINGS:
            yield f"{node.lineno}: the core reads a clock with .{node.func.attr}()"


def violations(room: str, source: str) -> list[str]:
    tree = ast.parse(source)
    return [*wall_violations(room, tree), *core_violations(room, tree)]


def module_name(path: Path) -> str:
    return ".".join(["deescalate", *path.relative_to(SOURCE).with_suffix("").parts]).removesuffix(
        ".__init__"
    )


MODULES = sorted(SOURCE.rglob("*.py"))


@pytest.mark.parametrize("path", MODULES, ids=lambda p: str(p.relative_to(SOURCE)))
def test_every_module_keeps_the_walls(path: Path) -> None:
    if path.parent == SOURCE and path.name == "__init__.py":
        return
    found = violations(room_of(path), path.read_text("utf-8"))
    if str(path.relative_to(SOURCE)) in GENERATES_CODE:
        found = [each for each in found if not each.endswith(("exec()", "compile()"))]
    assert found == []


def test_every_room_stands_on_a_floor() -> None:
    rooms = {room_of(path) for path in MODULES} - {"__init__"}
    assert rooms <= set(FLOOR)


def circle_among(sources: Mapping[str, str]) -> str:
    """The first circle of modules, told; also of imports in functions and for type checkers."""
    graph = {
        module: {
            name for _, name in imports_of(ast.parse(source)) if name.startswith("deescalate.")
        }
        for module, source in sources.items()
    }
    done: set[str] = set()

    def visit(name: str, trail: tuple[str, ...]) -> str:
        if name in trail:
            return " -> ".join((*trail, name))
        if name not in done:
            for other in sorted(graph.get(name, set()) - {name}):
                if told := visit(other, (*trail, name)):
                    return told
            done.add(name)
        return ""

    return next(filter(None, (visit(name, ()) for name in graph)), "")


def test_no_circle_of_modules() -> None:
    sources = {
        module_name(path): path.read_text("utf-8")
        for path in MODULES
        if path != SOURCE / "__init__.py"
    }
    assert circle_among(sources) == ""


BOUNDS = {
    "files": 295,
    "lines": 61_500,
    "lines of the longest file": 530,
    "files of less than 60 lines that are no face": 8,
    "characters of the longest line of data": 120,
}
"""What the house may grow to; more needs a reason, and then another number here."""


def counts() -> dict[str, int]:
    lines = {path: path.read_text("utf-8").count("\n") for path in MODULES}
    data = [
        line
        for path in SOURCE.rglob("*")
        if path.suffix in (".toml", ".phrases", ".txt", ".json") and path.parent.name != "compiled"
        for line in path.read_text("utf-8").splitlines()
    ]
    small = [path for path, size in lines.items() if size < 60 and path.name != "__init__.py"]
    return dict(
        zip(
            BOUNDS,
            (len(lines), sum(lines.values()), max(lines.values()), len(small), max(map(len, data))),
            strict=True,
        )
    )


def test_the_house_stays_within_its_bounds() -> None:
    found = counts()
    print(found)
    assert {name: size for name, size in found.items() if size > BOUNDS[name]} == {}


@pytest.mark.parametrize(
    "back",
    [
        "from deescalate.one import a",
        "def f():\n    from deescalate.one import a",
        "if TYPE_CHECKING:\n    from deescalate.one import a",
    ],
)
def test_a_planted_circle_is_seen(back: str) -> None:
    sources = {
        "deescalate.one": "import deescalate.two",
        "deescalate.two": "import deescalate.three",
        "deescalate.three": back,
    }
    assert circle_among(sources).count("->") == 3
    assert circle_among({**sources, "deescalate.three": "import attrs"}) == ""


@pytest.mark.parametrize(
    ("room", "source", "found"),
    [
        ("rules", "from deescalate.emotion import EmotionState", "upward"),
        ("emotion", "from deescalate import conversation", "upward"),
        ("wording", "import deescalate.strategy.select", "sibling"),
        ("rules", "from deescalate import Table", "upward"),
        ("cues", "from . import emotion", "relative"),
        ("emotion", "import random", "imports random"),
        ("reading", "from pathlib import Path", "imports pathlib"),
        ("conversation", "import logging.config", "imports logging.config"),
        ("promises", "from datetime import datetime\nx = datetime.now()", "reads a clock"),
        ("playbook", "def load(p):\n    return open(p)", "calls open()"),
    ],
)
def test_a_planted_violation_is_seen(room: str, source: str, found: str) -> None:
    assert any(found in each for each in violations(room, source))


@pytest.mark.parametrize(
    ("room", "source"),
    [
        ("emotion", "from deescalate.errors import SettingError"),
        ("wording", "from deescalate.text.phrases import PatternSet"),
        ("reading", "from importlib import resources"),
        ("simulation", "import random"),
        ("emotion", "if TYPE_CHECKING:\n    import random"),
    ],
)
def test_what_is_allowed_passes(room: str, source: str) -> None:
    assert violations(room, source) == []
