"""Plant faults in a room and see which of them its tests let live.

    python tests/mutants.py rules --count 40
    python tests/mutants.py conversation/_fold.py --seed 7

A fault is one change of one place: a comparison turned or moved by its boundary, ``and`` for ``or``, a number off by
one, ``True`` for ``False``, a call of ``not`` dropped, ``break`` for ``continue``, a statement left out. The source is
copied, the tests of the room run against the copy until one fails, and what survives is printed with its line. Read
each survivor: kill it by a law, or write down in `EQUIVALENT` why nobody could tell.
"""

import argparse
import ast
import copy
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "deescalate"
TESTS = {  # where a room is tested: its folder of tests, and those above it that lean on it
    "emotion": ["tests/emotion", "tests/conversation"],
    "guard": ["tests/guard"],
    "reading": ["tests/reading"],
    "text": ["tests/text", "tests/reading"],
}
EQUIVALENT: dict[str, str] = {}
"""Survivors that no input can tell from the code, by ``file:line: fault``, each with the reason."""

TURNED = {
    ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt, ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is, ast.In: ast.NotIn, ast.NotIn: ast.In,
    ast.And: ast.Or, ast.Or: ast.And, ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.Div,
    ast.Div: ast.Mult, ast.BitAnd: ast.BitOr, ast.BitOr: ast.BitAnd,
}  # fmt: skip


def turned(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """The faults of one place: what is done, and the node that stands there then."""
    fault = copy.copy(node)
    if isinstance(node, ast.Compare) and type(node.ops[0]) in TURNED:
        fault.ops = [TURNED[type(node.ops[0])](), *node.ops[1:]]
        yield "comparison", fault
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in TURNED:
        fault.op = TURNED[type(node.op)]()
        yield "operator", fault
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not dropped", node.operand
    elif isinstance(node, ast.Constant) and type(node.value) in (bool, int, float):
        fault.value = not node.value if isinstance(node.value, bool) else node.value + 1
        yield "constant", fault
    elif isinstance(node, ast.Continue | ast.Break):
        yield "jump", ast.Break() if isinstance(node, ast.Continue) else ast.Continue()
    elif isinstance(node, ast.Expr | ast.AugAssign | ast.Raise) and not (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant | ast.Yield | ast.YieldFrom)
    ):
        yield "left out", ast.Pass()
    elif isinstance(node, ast.If):
        fault.test = ast.UnaryOp(ast.Not(), node.test)
        yield "branch turned", fault


class Plant(ast.NodeTransformer):
    """Count the places of a module, or put a fault at one of them."""

    def __init__(self, at: int | None = None) -> None:
        self.at, self.count = at, 0
        self.found: list[tuple[int, str]] = []

    def visit(self, node: ast.AST) -> ast.AST:
        """Go through everything that runs: no annotations, no docstrings."""
        if isinstance(node, ast.AnnAssign):
            node.value = self.visit(node.value) if node.value else None
            return node
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name):
            return node if node.test.id == "TYPE_CHECKING" else self.placed(node)
        return self.placed(node)

    def placed(self, node: ast.AST) -> ast.AST:
        for what, fault in turned(node):
            self.count += 1
            self.found.append((getattr(node, "lineno", 0), what))
            if self.count - 1 == self.at:
                return ast.copy_location(fault, node)
        return self.generic_visit(node)


def planted(text: str, at: int) -> str:
    """A module with one fault."""
    return ast.unparse(ast.fix_missing_locations(Plant(at).visit(ast.parse(text))))


def killed(path: Path, text: str, tests: list[str], seconds: float) -> bool:
    """Whether some test fails, or never ends, with the fault in its place."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copytree(
            SOURCE, Path(folder) / "deescalate", ignore=shutil.ignore_patterns("__pycache__")
        )
        (Path(folder) / "deescalate" / path.relative_to(SOURCE)).write_text(text, "utf-8")
        command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", *tests]
        setting = {**os.environ, "PYTHONPATH": folder, "PYTHONDONTWRITEBYTECODE": "1"}
        try:
            ended = subprocess.run(  # noqa: S603  our own tests
                command, cwd=ROOT, env=setting, capture_output=True, timeout=seconds, check=False
            )
        except subprocess.TimeoutExpired:
            return True
        return ended.returncode != 0


def main() -> None:
    """Plant, run, tell."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0] if __doc__ else None)
    parser.add_argument("where", help="a room, or one of its files, under src/deescalate")
    parser.add_argument("--count", type=int, default=20, help="how many faults (20)")
    parser.add_argument("--seed", type=int, default=0, help="which of them (0)")
    parser.add_argument(
        "--seconds", type=float, default=300, help="how long the tests may take for one (300)"
    )
    asked = parser.parse_args()
    place = SOURCE / asked.where
    if not place.exists():
        parser.error(f"there is no {place}")
    room = Path(asked.where).parts[0].removesuffix(".py")
    tests = TESTS.get(
        room, [f"tests/{room}" if (ROOT / "tests" / room).exists() else f"tests/test_{room}.py"]
    )
    files = sorted(place.rglob("*.py")) if place.is_dir() else [place]
    places = []
    for path in files:
        counting = Plant()
        counting.visit(ast.parse(path.read_text("utf-8")))
        places += [(path, at, line, what) for at, (line, what) in enumerate(counting.found)]
    chosen = random.Random(asked.seed).sample(places, min(asked.count, len(places)))
    if killed(files[0], files[0].read_text("utf-8"), tests, asked.seconds):
        parser.error(f"{' '.join(tests)} do not pass as it is, or not in {asked.seconds:g} s")
    alive = 0
    for number, (path, at, line, what) in enumerate(chosen, 1):
        name = f"{path.relative_to(SOURCE)}:{line}: {what}"
        if name in EQUIVALENT or killed(
            path, planted(path.read_text("utf-8"), at), tests, asked.seconds
        ):
            print(f"{number}/{len(chosen)} dead   {name}", flush=True)
            continue
        alive += 1
        print(
            f"{number}/{len(chosen)} ALIVE  {name}\n    {path.read_text('utf-8').splitlines()[line - 1].strip()}",
            flush=True,
        )
    print(
        f"{len(chosen)} of {len(places)} faults planted in {asked.where}, {alive} alive ({alive / len(chosen):.1%})"
    )


if __name__ == "__main__":
    main()
