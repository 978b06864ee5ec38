"""The README speaks of the code as it is: its example is run, its commands and rooms exist."""

import doctest
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text("utf-8")


def test_the_examples_run():
    first, *more = re.findall(r"```python\n(.*?)```", README, re.DOTALL)
    read = doctest.DocTestParser()
    assert len(read.get_examples(first)) == 10
    test = read.get_doctest("\n".join((first, *more)), {}, "README.md", "README.md", 0)
    assert doctest.DocTestRunner().run(test).failed == 0


def test_every_room_of_the_map_exists_and_none_is_left_out():
    table = re.findall(r"^\| (`.*`) \|", README, re.MULTILINE)
    named = {room for cell in table for room in re.findall(r"`(\w+)`", cell)}
    rooms = {
        path.stem
        for path in (ROOT / "src" / "deescalate").iterdir()
        if not path.stem.startswith("_")
        and (path.suffix == ".py" or (path / "__init__.py").exists())
    }
    assert named == rooms - {"errors"}


def test_the_two_commands_are_one_line_each():
    commands = re.findall(r"```console\n(.*?)```", README, re.DOTALL)
    assert len(commands) == 2
    for command in commands:
        assert len(command.strip().splitlines()) == 1
        for path in re.findall(r"examples/\S+\.py", command):
            assert (ROOT / path).exists()
