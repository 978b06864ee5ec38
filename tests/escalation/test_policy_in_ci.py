"""The worked example: a policy checked in another tool's CI."""

import json
import subprocess
import sys
from importlib.resources import files
from pathlib import Path

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "examples" / "integrations" / "policy_in_ci.py"
TEXT = (files("deescalate.escalation") / "data" / "default.toml").read_text(encoding="utf-8")


def run(*arguments, cwd):
    command = [sys.executable, str(SCRIPT), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, cwd=cwd, check=False)  # noqa: S603  our own script


@pytest.fixture(name="broken")
def broken_policy(tmp_path):
    path = tmp_path / "policy.toml"
    path.write_text(
        TEXT.replace(
            "when = { danger = '\"violence\"', danger_from = 'not(\"other\")' }",
            "when = { distress = '>= 0.9' }",
        )
    )
    return path


def test_the_shipped_policy_passes(tmp_path):
    done = run(cwd=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert "proved: danger wins over everything else" in done.stdout


def test_a_broken_policy_fails_with_findings_a_tool_can_show(broken, tmp_path):
    (tmp_path / "old.toml").write_text(TEXT)
    sarif = tmp_path / "findings.sarif"
    done = run("policy.toml", "--sarif", sarif, "--before", "old.toml", cwd=tmp_path)
    assert done.returncode == 1
    assert "error safety-not-first (safety)" in done.stdout
    assert "changed: table: " in done.stdout
    log = json.loads(sarif.read_text())
    assert log["version"] == "2.1.0"
    results = log["runs"][0]["results"]
    assert "safety-not-first" in {each["ruleId"] for each in results}
    place = results[0]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert place["uri"] == "policy.toml"


@pytest.mark.parametrize("text", ["format = 1", "x = [", None])
def test_what_cannot_be_read_is_one_clear_message(text, tmp_path):
    if text is not None:
        (tmp_path / "policy.toml").write_text(text)
    done = run("policy.toml", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("policy.toml: ")
    assert "Traceback" not in done.stderr
