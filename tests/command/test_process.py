"""The command as people run it: a process with pipes, signals and a locale."""

import io
import os
import shlex
import signal
import subprocess
import sys
import time
from functools import partial
from pathlib import Path

import pytest

from deescalate.command import main
from deescalate.command._arguments import EXAMPLES
from tests.command.conftest import SHIPPED

LINES = [line.strip() for each in EXAMPLES.values() for line in each.splitlines() if line.strip()]
FINDS = (
    "deescalate diff",
    "deescalate drill",
    "deescalate practise",
    "deescalate check refunds.dmn",
    "deescalate review --c",
    "deescalate review --talk",
)


@pytest.mark.parametrize("line", LINES)
def test_every_example_of_the_help_runs(desk, capsys, monkeypatch, line):
    said, _, line = line.rpartition(" | ")
    line, _, target = line.partition(" > ")
    line, _, source = line.partition(" < ")
    stdin = (desk / source).read_bytes() if source else said.removeprefix("echo ").encode()
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(stdin.strip(b'"'))))
    words = [
        path
        for word in shlex.split(line)
        for path in (sorted(map(str, desk.glob(word))) if "*" in word else [word])
    ]
    assert words.pop(0) == "deescalate"
    status = main(words)
    out, err = capsys.readouterr()
    assert "deescalate:" not in err
    assert status in (0, 1) if line.startswith(FINDS) else status == 0, out
    assert out or target or {"-o", "github"} & {*words}


@pytest.mark.skipif(os.name == "nt", reason="SIGPIPE is POSIX")
def test_a_reader_that_goes_away_is_no_error(desk):
    live = subprocess.Popen(
        [sys.executable, "-m", "deescalate", "chat", *sorted(map(str, SHIPPED.glob("[pr]*.txt")))],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE,
    )  # fmt: skip
    live.stdout.close()
    assert live.wait(300) == 141
    assert live.stderr.read() == b""
    live.stderr.close()


@pytest.mark.skipif(os.name == "nt", reason="signals are POSIX")
def test_ctrl_c_ends_it_without_a_traceback():
    live = subprocess.Popen(
        [sys.executable, "-m", "deescalate", "chat"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=partial(signal.signal, signal.SIGINT, signal.SIG_DFL),  # noqa: PLW1509  no threads
    )  # fmt: skip  a job in the background ignores the key, and hands that on
    live.stdin.write("customer: I am furious!\n")
    live.stdin.flush()
    while live.stdout.read(1) not in ("─", ""):
        time.sleep(0)
    live.send_signal(signal.SIGINT)
    _, err = live.communicate(timeout=300)
    assert (live.returncode, err) == (130, "")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="/dev/full is of Linux")
def test_a_full_disk_is_one_line(desk):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "deescalate", "read", "I am furious!"],
            stdout=full, stderr=subprocess.PIPE, text=True, cwd=desk, check=False,
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (2, "deescalate: no space left on device\n")


def test_any_text_is_written_whatever_the_locale(desk):
    env = {**os.environ, "PYTHONIOENCODING": "ascii", "LC_ALL": "C"}
    done = subprocess.run(
        [sys.executable, "-m", "deescalate", "read", "—ärgerlich— \U0001f621"],
        capture_output=True, env=env, cwd=desk, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, b"")
    assert "ärgerlich" in done.stdout.decode()


def test_help_is_there_at_once():
    code = "import sys, deescalate.command._arguments as a; a.parsers(); print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert "deescalate.reading" not in done.stdout.split()
