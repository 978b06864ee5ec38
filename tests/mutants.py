"""Plant faults in a room and see which of them its tests let live.

    python tests/mutants.py rules --count 100
    python tests/mutants.py promises/_ledger.py --seed 7
    python tests/mutants.py escalation --only "_path.py: unbroken"

A fault is one change of one place: a comparison turned or moved by its boundary, ``and`` for ``or``, a number off by
one, ``True`` for ``False``, a ``not`` dropped, ``break`` for ``continue``, a branch turned, a statement left out.
How much a cache keeps stays as it is, and so does the ``strict`` of a ``zip``, which says what holds anyhow.

The tests of the room run once without a fault, and it is noted which of them reach which line and how long each takes
(with few examples: a test that reaches a place seldom may be passed over, and a fault be called alive that it kills).
Then every fault gets a process forked from this one (pytest and Hypothesis are imported, nothing of deescalate is),
which imports the room with the fault in it and runs the tests until one fails: first those that reach the line, then
those that reach the function, and, where it runs at an import too, the rest; the quick ones before the slow ones. What
lives through these meets the doctests of the room and the tests of the house. Hypothesis draws the same examples every time and does not
shrink. A test that takes five seconds and forty times what it took kills as well. A process that a test starts itself
does not see the fault.

What survives is printed with its line. Read each: kill it by a law, or write down in `equivalent_mutants.toml` why no
input can tell. The figure that counts is that of a seed nobody has worked on.
"""

import argparse
import ast
import copy
import gc
import importlib
import os
import pickle
import random
import resource
import signal
import sys
import time
import tomllib
from collections.abc import Callable, Generator, Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from multiprocessing import get_context
from pathlib import Path
from types import CodeType
from typing import NamedTuple, TypeVar

os.environ["HYPOTHESIS_NO_PLUGINS"] = "1"  # ours would import deescalate before the fault is in
os.environ["PYTEST_DISABLE_PLUGIN_AUTOLOAD"] = "1"  # others may be installed, and are slow to load

import coverage
import hypothesis
import pytest
from hypothesis import HealthCheck, Phase

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "deescalate"
EQUIVALENT = ROOT / "tests" / "equivalent_mutants.toml"
TESTS = {"text": ["tests/text", "tests/reading"]}  # rooms that are tested elsewhere too
T = TypeVar("T")
HOUSE = [
    f"tests/test_{name}.py" for name in ("values", "defaults", "public_names", "documents", "html")
]
HEAVY = [
    "_hypothesis_pytestplugin", "cattrs", "jsonschema", "numpy", "openpyxl", "tqdm", "z3",
    "agents", "haystack", "langchain.agents", "llama_index.core", "mcp.server", "pydantic_ai",
]  # fmt: skip

TURNED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div,
    ast.Div: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def turned(node: ast.AST) -> Iterator[ast.AST]:
    """What may stand in the place of a node as a fault."""
    fault = copy.copy(node)
    if isinstance(node, ast.Compare):
        for at, op in enumerate(node.ops):
            if type(op) in TURNED:
                fault = copy.copy(node)
                fault.ops = [*node.ops[:at], TURNED[type(op)](), *node.ops[at + 1 :]]
                yield fault
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in TURNED:
        fault.op = TURNED[type(node.op)]()
        yield fault
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int, float):
        fault.value = not node.value if isinstance(node.value, bool) else node.value + 1
        if fault.value != node.value:  # to a great float 1 adds nothing
            yield fault
    elif isinstance(node, ast.Continue | ast.Break):
        yield ast.Break() if isinstance(node, ast.Continue) else ast.Continue()
    elif isinstance(node, ast.AugAssign | ast.Raise) or (
        isinstance(node, ast.Expr)
        and not isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom)
    ):
        yield ast.Pass()
    elif isinstance(node, ast.If):
        fault.test = ast.UnaryOp(ast.Not(), node.test)
        yield fault


class Place(NamedTuple):
    """Where a fault is put: the file, the how-manieth of its places, and how a reader finds it."""

    path: Path
    at: int
    line: int
    function: range  # the lines within the function around it
    name: str  # path in the room, function, what stands there and what is put there


class Plant(ast.NodeTransformer):
    """List the places of a module, or put a fault at one of them."""

    def __init__(self, path: Path, at: int | None = None) -> None:
        self.path, self.at = path, at
        self.places: list[Place] = []
        self.around: list[tuple[str, range]] = [("", range(0))]
        self.tree = self.visit(ast.parse(path.read_text("utf-8")))

    def code(self) -> CodeType:
        """The module, with its fault."""
        return compile(ast.fix_missing_locations(self.tree), str(self.path), "exec")

    def generic_visit(self, node: ast.AST) -> ast.AST:
        """Go through everything that runs and shows: no annotations, and no size of a cache."""
        if isinstance(node, ast.AnnAssign):
            node.value = self.visit(node.value) if node.value else None
            return node
        if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING":
            return node
        if isinstance(node, ast.keyword) and node.arg in ("maxsize", "strict"):
            return node
        for fault in turned(node):
            self.places.append(self.place(node, fault))
            if len(self.places) - 1 == self.at:
                return ast.copy_location(fault, node)
        if isinstance(node, ast.arg):
            return node
        if isinstance(node, ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef):
            name = f"{self.around[-1][0]}.{node.name}".lstrip(".")
            lines = range(node.body[0].lineno, (node.end_lineno or node.lineno) + 1)
            self.around.append((name, lines))
            returns, node.returns = getattr(node, "returns", None), None
            super().generic_visit(node)
            node.returns = returns
            self.around.pop()
            return node
        return super().generic_visit(node)

    def place(self, node: ast.AST, fault: ast.AST) -> Place:
        """Name a place by its text, so that the name outlives a move of the line."""
        was, now = (ast.unparse(n.test if isinstance(n, ast.If) else n) for n in (node, fault))
        function, lines = self.around[-1]
        name = f"{self.path.relative_to(SOURCE)}: {function}: {was} -> {now}"
        return Place(self.path, len(self.places), getattr(node, "lineno", 0), lines, name)


class Faulty(SourceFileLoader):
    """Import one module with other code than its file has."""

    def __init__(self, path: Path, code: CodeType) -> None:
        parts = (SOURCE.name, *path.relative_to(SOURCE).with_suffix("").parts)
        super().__init__(".".join(parts).removesuffix(".__init__"), str(path))
        self.faulty = code

    def find_spec(self, name: str, *_: object) -> ModuleSpec | None:
        """Be asked before all other finders."""
        return spec_from_file_location(name, self.path, loader=self) if name == self.name else None

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002  the interface
        """The faulty code."""
        return self.faulty


class Watch:
    """A plugin of pytest: the order and the limits of the tests, what each took, which failed."""

    def __init__(
        self,
        order: Callable[[str], object] = lambda _: 0,
        limits: Mapping[str, float] | None = None,
        begin: Callable[[str], object] = lambda _: None,
        only: frozenset[str] | None = None,
    ) -> None:
        self.order, self.limits, self.begin, self.only = order, limits, begin, only
        self.seconds: dict[str, float] = {}
        self.failed: list[str] = []

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        """Likely killers first, and those alone that can kill; all of them are watched."""
        for item in items:
            item.own_markers = [each for each in item.own_markers if each.name != "unwatched"]
        items.sort(key=lambda item: self.order(item.nodeid))
        if self.only is not None:
            new = {item.nodeid for item in items}.difference(self.limits or ())
            items[:] = [item for item in items if item.nodeid in self.only | new]

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, object, object]:
        """Time a test, and end the process when it takes far too long."""
        if self.limits is not None:
            allowed = 5 + 40 * self.limits.get(item.nodeid, 1)
            signal.setitimer(signal.ITIMER_PROF, allowed)
            signal.setitimer(signal.ITIMER_REAL, 600 + 100 * allowed)
        self.begin(item.nodeid)
        start = time.process_time()
        result = yield
        self.seconds[item.nodeid] = time.process_time() - start
        return result

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note a test that fails."""
        self.failed += [report.nodeid] if report.failed else []

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        """Note a module that cannot even be imported."""
        self.failed += [f"{report.nodeid}, at its import"] if report.failed else []

    def run(self, tests: list[str], examples: int = 40) -> None:
        """Run tests until one fails, quietly."""
        del os.environ["HYPOTHESIS_NO_PLUGINS"]
        with suppress(Exception):  # a fault may break it: then the tests say so
            hypothesis.entry_points.run()
        hypothesis.settings.register_profile(
            "mutants",
            max_examples=examples,
            deadline=None,
            derandomize=True,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
        )
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        os.dup2(1, 2)
        options = "-x -q --tb=no -p no:cacheprovider -p _hypothesis_pytestplugin"
        options += " -p no:unraisableexception -p no:threadexception"  # they collect garbage
        options += " -W ignore::pytest.PytestAssertRewriteWarning"  # they are imported already
        pytest.main([*options.split(), "--hypothesis-profile=mutants", *tests], plugins=[self])


class Clean(NamedTuple):
    """The run without a fault: who failed, seconds a test, and tests by file and line."""

    failed: list[str]
    seconds: dict[str, float]
    reach: dict[str, dict[int, list[str]]]


def clean_run(tests: list[str], files: list[Path]) -> Clean:
    """Run the tests as they are, with few examples, and note what each reaches in some files."""
    include = [str(path) for path in files or [SOURCE / "__init__.py"]]
    tracing = coverage.Coverage(data_file=None, config_file=False, include=include)
    tracing.start()
    watch = Watch(begin=tracing.switch_context)
    watch.run(tests, examples=5)
    tracing.stop()
    data = tracing.get_data()
    return Clean(
        watch.failed,
        watch.seconds,
        {str(each.relative_to(SOURCE)): data.contexts_by_lineno(str(each)) for each in files},
    )


def killer(place: Place, tests: list[str], clean: Clean) -> str:
    """The test that fails with the fault in its place, or nothing."""
    reach = clean.reach.get(str(place.path.relative_to(SOURCE)), {})
    line = set(reach.get(place.line, ()))
    function = {name for at in place.function for name in reach.get(at, ())}

    def order(name: str) -> object:
        return name not in line, name not in function, clean.seconds.get(name, 0)

    resource.setrlimit(resource.RLIMIT_AS, (8 << 30, resource.getrlimit(resource.RLIMIT_AS)[1]))
    signal.setitimer(signal.ITIMER_PROF, 60)  # for the imports; then a test sets its own
    faulty = Faulty(place.path, Plant(place.path, place.at).code())
    sys.meta_path.insert(0, faulty)
    with suppress(Exception):  # whoever collects doctests would import the file without its fault
        importlib.import_module(faulty.name)
    at_import = not place.function or "" in function
    watch = Watch(order, clean.seconds, only=None if at_import else frozenset(function))
    watch.run(tests)
    return watch.failed[0] if watch.failed else ""


def apart(function: Callable[..., T], *args: object) -> T:
    """Call a function in a process forked from this one."""
    with ProcessPoolExecutor(1, get_context("fork")) as pool:
        return pool.submit(function, *args).result()


def death(place: Place, rounds: list[list[str]], clean: Clean) -> str:
    """What kills a fault, in the first round of tests in which it dies."""
    try:
        return next(filter(None, (apart(killer, place, tests, clean) for tests in rounds)), "")
    except BrokenProcessPool:
        return "no end in time"


def main() -> None:
    """Plant, run, tell."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("where", help="a room, or one of its files, under src/deescalate")
    parser.add_argument("--count", type=int, default=20, help="how many faults (20)")
    parser.add_argument("--seed", type=int, default=0, help="which of them (0)")
    parser.add_argument("--only", nargs="*", help="plant all whose name has one of these in it")
    parser.add_argument("--map", type=Path, help="where the run without a fault is kept for later")
    parser.add_argument("--tests", nargs="*", help="what to run instead of the tests of the room")
    asked = parser.parse_args()
    target = SOURCE / asked.where
    files = sorted(target.rglob("*.py")) if target.is_dir() else [target]
    if not target.exists():
        parser.error(f"there is no {target}")
    os.chdir(ROOT)
    sys.dont_write_bytecode = False  # compile and rewrite once, not once a fault
    sys.path[:0] = [str(SOURCE.parent), str(ROOT)]  # tests that spawn processes name themselves
    room = Path(asked.where).parts[0].removesuffix(".py")
    folder = f"tests/{room}" if (ROOT / "tests" / room).exists() else f"tests/test_{room}.py"
    rounds = [asked.tests or TESTS.get(room, [folder]), [*HOUSE, f"src/deescalate/{asked.where}"]]
    places = [place for file in files for place in Plant(file).places]
    chosen = random.Random(asked.seed).sample(places, min(asked.count, len(places)))
    if asked.only:
        chosen = [place for place in places if any(text in place.name for text in asked.only)]
    equivalent = tomllib.loads(EQUIVALENT.read_text("utf-8")).get(room, {})
    known = [place for place in chosen if place.name in equivalent]
    for module in HEAVY:
        with suppress(ImportError):
            importlib.import_module(module)
    gc.freeze()
    made_of = [path.read_text("utf-8") for path in files]
    kept = pickle.loads(asked.map.read_bytes()) if asked.map and asked.map.exists() else None  # noqa: S301  our own
    if kept and kept[0] == made_of:
        clean = Clean(*kept[1])
    else:
        clean = apart(clean_run, rounds[0], files)
        if failed := clean.failed + apart(clean_run, rounds[1], []).failed:
            parser.error(f"the tests do not pass as they are: {failed}")
        if asked.map:
            asked.map.write_bytes(pickle.dumps((made_of, tuple(clean))))
    print(
        f"{len(clean.seconds)} tests, {sum(clean.seconds.values()):.0f} s without a fault",
        flush=True,
    )
    alive = 0
    for place in chosen:
        if place in known:
            continue
        alive += not (by := death(place, rounds, clean))
        print(f"{'dead ' if by else 'ALIVE'} {place.name}   (line {place.line}) {by}", flush=True)
    print(
        f"{asked.where}, seed {asked.seed}: {len(chosen)} of {len(places)} faults planted, "
        f"{alive} alive ({alive / max(1, len(chosen)):.1%}), {len(known)} that nobody could tell"
    )


if __name__ == "__main__":
    main()
