"""Files that people might hand to the command."""

import shutil
from pathlib import Path

import pytest

from deescalate.rules import Table
from deescalate.rules.dmn import write_dmn

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = ROOT / "examples" / "conversations"

TABLE = """
name = "refunds"
hit_policy = "first"
default = "ask"
[facts.amount]
number = { low = 0, unit = "EUR", decimal = true }
[[rules]]
name = "small"
when = { amount = "<= 25.50" }
then = "pay"
"""

CSV = "amount,-> outcome\n<= 25.50,pay\n,ask\n"


@pytest.fixture
def desk(tmp_path, monkeypatch):
    """A folder with policies, conversations and drafts, in which the command runs."""
    monkeypatch.chdir(tmp_path)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    policy = (ROOT / "src/deescalate/escalation/data/default.toml").read_text("utf-8")
    (tmp_path / "policy.toml").write_text(policy, "utf-8")
    (tmp_path / "policy_new.toml").write_text(policy.replace("rounds = 2", "rounds = 3"), "utf-8")
    (tmp_path / "policies").mkdir()
    (tmp_path / "policies" / "policy.toml").write_text(policy, "utf-8")
    (tmp_path / "refunds.toml").write_text(TABLE, "utf-8")
    (tmp_path / "calls").mkdir()
    for name in ("rude_employee.txt", "thanks_with_a_log.jsonl"):
        shutil.copy(SHIPPED / name, tmp_path / "calls" / name)
    shutil.copy(SHIPPED / "rude_employee.txt", tmp_path / "call.txt")
    shutil.copy(SHIPPED / "verspaetetes_paket.txt", tmp_path / "anruf.txt")
    (tmp_path / "chat.txt").write_text("Jane: where is it? I am furious!\nEd: I will look.\n")
    (tmp_path / "draft.txt").write_text("I am sorry. I will look now and call you by 3 pm.\n")
    (tmp_path / "message.txt").write_text("I am furious!\n")
    (tmp_path / "refunds.csv").write_text(CSV, "utf-8")
    (tmp_path / "refunds_new.csv").write_text(CSV.replace("25.50", "40"), "utf-8")
    (tmp_path / "refunds.dmn").write_text(write_dmn(Table.from_document(TABLE)), "utf-8")
    (tmp_path / "my_bot.py").write_text('def reply(text):\n    return "Calm down."\n', "utf-8")
    (tmp_path / "my_agent.py").write_text(
        "from deescalate.simulation import by_plan\n\n\ndef agent(sight):\n    return by_plan(sight)\n"
    )
    (tmp_path / "replies.txt").write_text("I am so sorry. You get a new one by 5 pm.\n" * 3)
    return tmp_path
