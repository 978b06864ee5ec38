"""The command in one process: what it writes, and what it exits with."""

import io
import json
import os
import re
from datetime import UTC, datetime
from types import SimpleNamespace

import jsonschema
import pytest
from attrs import evolve
from hypothesis import given, settings
from hypothesis import strategies as st

from deescalate import Playbook
from deescalate.command import _documents as documents
from deescalate.command import _main, main
from deescalate.command._arguments import ABOUT, EXAMPLES, FORMS, KINDS, arguments, parsers
from deescalate.command._chat import show_turn
from deescalate.command._documents import kinds
from deescalate.command._main import _RUNS
from deescalate.command._page import Page, streams, wants_colour
from deescalate.command._sources import InputError
from deescalate.conversation import read_transcript
from deescalate.conversation._picture import picture
from deescalate.simulation import STANDARD
from tests.command.conftest import SHIPPED, TABLE


@pytest.fixture
def run(desk, capsys, monkeypatch):
    """Run the command: its status, what it wrote, what it complained of."""

    def running(*given, stdin=None):
        if stdin is not None:
            data = stdin if isinstance(stdin, bytes) else stdin.encode()
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))
        status = main([str(each) for each in given])
        out, err = capsys.readouterr()
        return SimpleNamespace(status=status, out=out, err=err)

    return running


def test_every_command_has_help_with_examples_and_says_what_it_exits_with(run):
    assert [*ABOUT] == [*EXAMPLES] == [*_RUNS]
    for name in ABOUT:
        shown = run(name, "--help")
        assert shown.status == 0
        assert f"deescalate {name}" in shown.out
        assert "exit status" in shown.out
    assert run().status == run("--help").status == 0
    assert run("--version").out == "deescalate 0.2.0\n"


def test_every_kind_of_document_is_offered():
    assert set(KINDS) <= {*kinds()}
    assert {*kinds()} <= set(KINDS)
    assert FORMS == documents.FORMS


@pytest.mark.parametrize(
    ("given", "told"),
    [
        (["chek", "x"], "did you mean `check`"),
        (["check", "--formt", "json", "x"], "did you mean `--format`"),
        (["check", "--format", "jsn", "x"], "did you mean `json`"),
        (["check", "--kind", "polcy", "x"], "did you mean `policy`"),
        (["schema", "tabel"], "did you mean `table`"),
        (["check"], "deescalate check --help"),
        (["--colour"], "unknown argument `--colour`"),
        (["read", "--language", "germn", "x"], "did you mean `german`"),
        (["read", "--playbook", "nowhere.toml", "x"], "nowhere.toml: no such file"),
        (["read", "--file", "message.txt", "x"], "not both"),
        (["turns", "--who", "Jane", "chat.txt"], "NAME=ROLE"),
        (["turns", "--who", "Jane=custmer", "chat.txt"], "did you mean `customer`"),
        (["turns", "--opened-at", "noon", "chat.txt"], "--opened-at is `noon`"),
        (["turns", "call.txt", "-o", "out.xls"], "unknown form `xls`"),
        (["turns", "call.txt", "-o", "nowhere/out.csv"], "nowhere/out.csv: no such file"),
        (["review", "--talk", "draft.txt", "hi"], "deescalate: draft.txt:1: "),
        (["practise", "--scenarios", "draft.txt"], "deescalate: draft.txt: "),
        (["diff", "policy.toml", "refunds.toml"], "it is a table and the other one a policy"),
    ],
)
def test_a_wrong_call_is_one_line_with_the_nearest_right_one(run, given, told):
    found = run(*given)
    assert found.status == 2
    assert told in found.err
    assert found.err.count("\n") == 1
    assert "Traceback" not in found.err


def test_a_call_without_a_command_is_refused():
    with pytest.raises(InputError, match="unknown argument `--`"):
        arguments(["--"])


def test_check_knows_every_kind_by_what_is_in_it(run, desk):
    for name, kind in kinds().items():
        if name in ("table", "schedule", "playbook", "wording"):
            continue
        (desk / "document").write_text(kind.default().to_document())
        found = json.loads(run("check", "--quick", "--format", "json", "document").out)
        assert found["files"][0]["kind"] == name
    found = run("check", "policy.toml", "refunds.toml")
    assert found.status == 0
    assert "policy.toml: ok: policy `default`" in found.out
    assert "refunds.toml: ok: table `refunds`" in found.out


def test_a_bad_file_does_not_hide_what_is_found_in_the_others(run, desk):
    (desk / "bad.toml").write_text(TABLE.replace("<= 25.50", "< = 25"))
    (desk / "gap.toml").write_text(TABLE.replace('default = "ask"', ""))
    (desk / "torn.toml").write_text('name = "torn\n')
    (desk / "latin.toml").write_bytes(b'name = "a"\nabout = "\xe9"\n')
    (desk / "binary.toml").write_bytes(b"\0\1\2")
    (desk / "empty.toml").write_text(" \n")
    (desk / "other.toml").write_text("colour = 1\n")
    files = ["bad.toml", "missing.toml", "gap.toml", "latin.toml", "binary.toml", "empty.toml"]
    files += ["torn.toml", "policies", "other.toml", "refunds.toml"]
    found = run("check", *files)
    assert found.status == 2
    assert "bad.toml:9: error document (rules[0].when.amount): " in found.out
    assert "gap.toml:7: error gap (rules): no rule matches" in found.out
    assert "torn.toml:1: error document" in found.out
    assert "refunds.toml: ok: table" in found.out
    lines = found.err.splitlines()
    assert lines[0] == "deescalate: missing.toml: no such file or directory"
    assert lines[1] == "deescalate: latin.toml:2: it is no UTF-8 (byte 0xe9): save it as UTF-8"
    assert lines[2] == "deescalate: binary.toml: it is binary, expected text"
    assert lines[3] == "deescalate: empty.toml: it is empty"
    assert lines[4] == "deescalate: policies: it is a folder, expected a file"
    assert lines[5].startswith("deescalate: other.toml: it looks like no document")
    assert len(lines) == 6
    told = json.loads(run("check", "--format", "json", *files).out)
    assert not told["ok"]
    assert [each["file"] for each in told["files"]] == files
    assert [("error" in each) for each in told["files"]].count(True) == 6
    log = json.loads(run("check", "--format", "sarif", *files).out)
    (whole,) = log["runs"]
    assert not whole["invocations"][0]["executionSuccessful"]
    assert len(whole["invocations"][0]["toolExecutionNotifications"]) == 6
    for result in whole["results"]:
        assert whole["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
    github = run("check", "--format", "github", *files).out
    assert "::error file=bad.toml,line=9,title=document::" in github
    assert "::error file=missing.toml,line=1,title=unread::" in github
    assert run("check", "bad.toml", "refunds.toml").status == 1
    assert run("check", "--kind", "policy", "refunds.toml").status == 1


def test_a_name_tells_the_kind_of_what_could_be_any(run, desk):
    (desk / "our_wording.toml").write_text("format = 1\n")
    assert "ok: wording" in run("check", "our_wording.toml").out


def test_laws_are_proved_unless_it_is_to_be_quick(run, desk, monkeypatch):
    asked = []
    monkeypatch.setattr(
        "deescalate.strategy.Strategy.check", lambda _, laws=None: asked.append(laws) or Quiet()
    )
    (desk / "strategy.toml").write_text(kinds()["strategy"].default().to_document())
    run("check", "strategy.toml")
    run("check", "--quick", "strategy.toml")
    assert asked == [None, ()]


class Quiet:
    name, kind, findings, proved, ok, meanings = "strategy", "strategy", (), (), True, {}

    def located(self, _text):
        return self

    def __iter__(self):
        return iter(())


def test_a_proof_that_would_take_too_long_is_told_and_not_guessed(run, monkeypatch):
    from deescalate.errors import WorkLimitError

    def endless(*_args, **_more):
        raise WorkLimitError("gaps", 1, "regions")

    monkeypatch.setattr("deescalate.rules.Table.check", endless)
    found = run("check", "refunds.toml")
    assert found.status == 1
    assert "warning not-proved: gaps needs more than 1 regions" in found.out
    monkeypatch.setattr("deescalate.rules.Table.differences", endless)
    assert run("diff", "refunds.toml", "refunds.toml").status == 2


def test_diff_tells_the_cases_that_change(run, desk):
    (desk / "new.toml").write_text(TABLE.replace("25.50", "40"))
    found = run("diff", "refunds.toml", "new.toml")
    assert found.status == 1
    assert "amount is above 25.50 to 40 EUR: ask -> pay" in found.out
    told = json.loads(run("diff", "--format", "json", "refunds.toml", "new.toml").out)
    assert told["kind"] == "table"
    assert len(told["differences"]) == 1
    same = run("diff", "refunds.toml", "refunds.toml")
    assert (same.status, same.out) == (0, "the same: table\n")
    assert run("diff", "missing.toml", "refunds.toml").status == 2
    (desk / "bad.toml").write_text("name = 5\nrules = []")
    assert run("diff", "refunds.toml", "bad.toml").status == 2


@pytest.mark.parametrize("kind", KINDS)
def test_a_schema_is_one(run, kind):
    found = run("schema", kind)
    jsonschema.Draft202012Validator.check_schema(json.loads(found.out))


@pytest.mark.parametrize("kind", KINDS)
def test_an_example_of_each_kind_is_without_problems(run, desk, kind):
    (desk / "example").write_text(run("schema", "--example", kind).out)
    found = run("check", "--quick", "--kind", kind, "example")
    assert found.status == 0, found.out


def test_tables_drawn_in_other_forms_are_checked_and_compared(run, desk):
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["amount", "-> outcome"], ["<= 25.50", "pay"], ["> 20", "ask"]):
        book.active.append(row)
    book.save(desk / "refunds.xlsx")
    (desk / "gap.csv").write_text("amount,-> outcome\n<= 25.50,pay\n")
    (desk / "torn.dmn").write_text("<definitions>")
    (desk / "fake.xlsx").write_bytes(b"PK\x03\x04 no zip")
    found = run("check", "refunds.dmn", "refunds.csv", "refunds.xlsx", "gap.csv", "torn.dmn")
    assert found.status == 1
    assert "refunds.dmn: ok: dmn" in found.out
    assert "refunds.csv" in found.out
    assert re.search(r"gap.csv(:\d+)?: error gap", found.out)
    assert "torn.dmn:1: error" in found.out
    assert "Traceback" not in run("check", "fake.xlsx").err
    assert run("check", "--kind", "dmn", "refunds.dmn").status == 0
    assert run("check", "--kind", "csv", "refunds.csv").status == 0
    assert run("diff", "refunds.csv", "refunds_new.csv").status == 1
    assert run("diff", "refunds.dmn", "refunds.toml").status == 0


def test_diff_tells_which_recorded_cases_change(run, desk):
    cases = '{"amount": 30}\n\n{"amount": 0.1, "note": 1}\n{"amount": "much"}\n'
    (desk / "cases.jsonl").write_text(cases)
    found = run("diff", "refunds.csv", "refunds_new.csv", "--cases", "cases.jsonl")
    assert found.status == 1
    assert found.out.splitlines()[1:] == [
        "unchanged nearest: where amount is above 40",
        "of 3 recorded cases 1 change",
        "case 0: ask -> pay (amount = 30)",
    ]
    same = run("diff", "refunds.dmn", "refunds.toml", "--cases", "cases.jsonl")
    assert "of 3 recorded cases 0 change" in same.out
    told = run(
        "diff", "--format", "json", "refunds.csv", "refunds_new.csv", "--cases", "cases.jsonl"
    )
    assert json.loads(told.out)["changed"] == [0]
    (desk / "cases.jsonl").write_text('{"amount": 3}\n{"amount"')
    assert (
        "cases.jsonl:2" in run("diff", "refunds.dmn", "refunds.toml", "--cases", "cases.jsonl").err
    )
    policies = ("policy.toml", "policy_new.toml", "--cases", "cases.jsonl")
    assert "decided by one table" in run("diff", *policies).err


def test_a_spreadsheet_without_its_extra_says_what_to_install(run, desk, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    (desk / "refunds.xlsx").write_bytes(b"PK\x03\x04")
    found = run("check", "refunds.xlsx")
    assert found.status == 2
    assert found.err.startswith("deescalate: refunds.xlsx: ")


def test_a_bot_is_drilled_and_compared_with_its_card_of_yesterday(run, desk):
    only = ("drill", "--only", "manner=curt", "--only", "hardness=easy")
    found = run(*only, "my_bot:reply")
    assert found.status == 1
    for form, start in (("markdown", "#"), ("html", "<"), ("junit", "<"), ("json", "{")):
        (desk / f"card.{form}").write_text(run(*only, "--format", form, "my_bot:reply").out)
        assert (desk / f"card.{form}").read_text().startswith(start)
    same = run(*only, "--against", "card.json", "my_bot:reply")
    assert same.status == 0
    assert re.match(r"([\d.]+) -> \1 points", same.err)
    (desk / "broken_bot.py").write_text("1 / 0")
    for name, told in {
        "my_bot": "expected MODULE:BOT",
        "my_bot:replay": "did you mean `reply`",
        "nowhere:reply": "nowhere: it cannot be imported: ModuleNotFoundError",
        "broken_bot:reply": "ZeroDivisionError",
    }.items():
        wrong = run("drill", name)
        assert (wrong.status, told in wrong.err) == (2, True), wrong.err
    (desk / "own.toml").write_text(STANDARD.of(manner="curt").to_document())
    assert run("drill", "--scenarios", "own.toml", "my_bot:reply").status == 1
    assert "expected WHAT=VALUE" in run("drill", "--only", "curt", "my_bot:reply").err
    assert run("drill", "--only", "colour=red", "my_bot:reply").status == 2


def test_a_study_compares_agents_with_the_same_luck(run, desk):
    few = ("--repeats", "1", "--turns", "3", "-o", "rows.csv")
    found = run("study", "by_plan", "my_agent:agent", *few)
    assert found.status == 0
    assert "by_plan against my_agent:agent: distress at the end +0.00 (+0.00 to +0.00)" in found.out
    first = (desk / "rows.csv").read_text()
    assert first.startswith("study,episode,setting,")
    run("study", "by_plan", "my_agent:agent", *few, "--jobs", "2")
    assert (desk / "rows.csv").read_text() == first
    (desk / "own.toml").write_text(kinds()["assumptions"].default().to_document())
    one = run("study", "silent", "--assume", "own.toml", "--repeats", "1", "--turns", "1")
    assert (one.status, "against" in one.out) == (0, False)
    assert "did you mean `by_plan`" in run("study", "by_plna").err
    assert "--jobs is `0`" in run("study", "--jobs", "0").err
    assert run("study", "--repeats", "0").status == 2
    assert run("study", "--repeats", "many").status == 2


def test_practice_is_listed_and_held(run, desk, monkeypatch):
    listed = run("practise")
    assert "one word answers (easy)" in listed.out
    assert "did you mean `one word answers`" in run("practise", "one word answer").err
    found = run("practise", "one word answers", stdin="I am sorry.\n")
    assert (found.status, "customer: " in found.out) == (1, True)
    (desk / "own.toml").write_text(STANDARD.of(manner="curt").to_document())
    assert run("practise", "--scenarios", "own.toml").out.count("\n") == len(
        STANDARD.of(manner="curt")
    )
    monkeypatch.setattr(
        "deescalate.command._drills.practise", lambda *_a, **_m: SimpleNamespace(ok=True)
    )
    assert run("practise", "one word answers").status == 0


def test_read_tells_what_a_message_shows_in_each_form(run):
    text = run("read", "I am <furious>! This is the THIRD time I call.")
    assert "repeat contact: “This is the THIRD time”" in text.out
    found = json.loads(run("read", "--format", "json", "message.txt").out)
    assert found["cues"][0]["kind"] == "anger"
    page = run("read", "--format", "html", "I am <furious>!").out
    assert page.startswith("<!doctype html>")
    assert "<furious>" not in page
    assert "anger" in run("read", "-", stdin="I am furious!").out
    assert "anger" in run("read", "--file", "message.txt").out
    assert "of its words are known" in run("read", "xqzv vvkw qqpl zzrt").out
    assert run("read", "nowhere.txt").err == "deescalate: nowhere.txt: no such file or directory\n"
    assert "distress" in run("read", "a\0b").out
    assert "because" not in run("read", "1").out


def test_review_exits_with_whether_it_may_be_sent(run):
    bad = run("review", "Please calm down.")
    assert (bad.status, "T108" in bad.out, "may not be sent" in bad.out) == (1, True, True)
    assert "rewrite" in bad.out
    good = run("review", "--file", "draft.txt")
    assert (good.status, "may be sent" in good.out) == (0, True)
    told = run("review", "--format", "json", "-", stdin="Please calm down.")
    assert told.status == 1
    assert json.loads(told.out)["ok"] is False
    told = run("review", "--format", "github", "-", stdin="Hello.\nCalm down, please.")
    assert told.out.startswith("::error file=draft,line=2,title=T108::`Calm down, please`: ")
    told = run("review", "--format", "sarif", "--file", "draft.txt")
    assert (told.status, json.loads(told.out)["version"]) == (0, "2.1.0")
    assert run("review", "--customer", "You lost my parcel!", "Please calm down.").status == 1
    talk = run("review", "--talk", "call.txt", "--customer", "I will smash it up!", "Fine.")
    assert talk.status == 1
    assert run("review", "--talk", "call.txt", "Please calm down.").status == 1
    assert run("review", "-", stdin="").err == "deescalate: standard input: it is empty\n"


def test_a_text_is_asked_for_where_nobody_types_one(run, monkeypatch):
    monkeypatch.setattr("sys.stdin", SimpleNamespace(isatty=lambda: True, closed=False))
    assert "there is no text" in run("read").err
    monkeypatch.setattr("sys.stdin", None)
    assert run("read").err == "deescalate: standard input: it is closed: give a file\n"
    assert run("chat").err == "deescalate: standard input: it is closed: give a file\n"


def test_chat_shows_a_conversation_and_its_handover(run, desk):
    found = run("chat", "call.txt", "calls/thanks_with_a_log.jsonl")
    assert found.status == 0
    assert found.out.count("# Handover") == 2
    for part in ("customer ", "distress ", "next ", "review ", "ESCALATE"):
        assert part in found.out
    assert "nirgends" not in run("chat", "--language", "german", "anruf.txt").err
    both = run("chat", "missing.txt", "call.txt", "--html", "out.html")
    assert both.status == 2
    assert "# Handover" in both.out
    page = (desk / "out.html").read_text("utf-8")
    assert page.startswith("<!doctype html>")
    assert page.count("<circle") > 3
    run("chat", "call.txt", "calls/rude_employee.txt", "--html", "two.html")
    two = (desk / "two.html").read_text("utf-8")
    assert two.count("<!doctype html>") == 1
    assert "<h1>call</h1>" in two
    run("chat", "missing.txt", "--html", "none.html")
    assert not (desk / "none.html").exists()


def test_chat_takes_turns_as_they_come(run, desk):
    lines = "Where is my parcel??\nagent: I will look.\n\ncustomer: [25:99] \nrobot: hello\n"
    found = run("chat", stdin=lines)
    assert "# Handover" in found.out
    assert found.status == 2
    assert found.err.startswith("deescalate: standard input:")
    whole = run("chat", "-", "--html", "typed.html", stdin="customer: hi\nagent: hello\n")
    assert whole.status == 0
    assert (desk / "typed.html").exists()
    document = run("chat", "-", stdin='[{"role": "user", "content": "I am furious!"}]')
    assert "anger" in document.out
    assert run("chat", "-", stdin="").status == 2
    assert run("chat", "-", stdin="robot: hello\n").status == 2
    assert run("chat", "--follow", stdin="customer: hi\n").status == 0


def test_chat_says_how_to_type_at_a_terminal(run, monkeypatch):
    class Terminal(io.TextIOWrapper):
        def isatty(self):
            return True

    monkeypatch.setattr("sys.stdin", Terminal(io.BytesIO(b"customer: hi\n")))
    assert "end with Ctrl-D" in run("chat").err


def test_turns_are_a_row_each_without_the_words(run, desk):
    found = run("turns", "calls/rude_employee.txt", "calls/thanks_with_a_log.jsonl")
    head, *rows = found.out.splitlines()
    assert head.startswith("case,turn,turn_id,who,at,read,tracked,")
    assert {row.split(",")[0] for row in rows} > {"rude_employee"}
    run("turns", "call.txt", "-o", "out.csv")
    assert (desk / "out.csv").read_text("utf-8").startswith(head)
    run("turns", "call.txt", "-o", "out.jsonl")
    first = json.loads((desk / "out.jsonl").read_text("utf-8").splitlines()[0])
    assert first["case"] == "call"
    one_bad = run("turns", "missing.txt", "call.txt", "-o", "-")
    assert (one_bad.status, one_bad.out.count("\n") > 3) == (2, True)
    who = run("turns", "--who", "Jane=customer", "--who", "Ed=agent", "chat.txt")
    assert [row.split(",")[3] for row in who.out.splitlines()[1:]] == ["customer", "agent"]
    at = run("turns", "--opened-at", "2026-02-01T10:00", "call.txt")
    assert "2026-02-01T10:00:00+00:00" in at.out
    two = '[{"messages": [{"role": "user", "content": "=1+1"}]}]' * 1
    (desk / "two.json").write_text(
        two.replace("}]}]", '}]}, {"id": "=b", "messages": [{"role": "user", "content": "hi"}]}]')
    )
    cases = [row.split(",")[0] for row in run("turns", "two.json").out.splitlines()[1:]]
    assert cases == ["two#1", "'=b"]


def test_a_chat_whose_names_are_unknown_says_how_to_tell_them(run, desk):
    (desk / "whatsapp.txt").write_text(
        "[05/01/2026, 09:00:00] Jane: hi\n[05/01/2026, 09:01:00] Ed: yes\n"
    )
    assert "--who NAME=customer" in run("turns", "whatsapp.txt").err


def test_a_table_of_turns_is_whole_or_not_there(run, desk, monkeypatch):
    def full(_self, _data):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("pathlib.Path.write_bytes", full)
    found = run("turns", "call.txt", "-o", "out.csv")
    assert found.err == "deescalate: out.csv: no space left on device\n"
    assert not [*desk.glob("*out.csv*")]


def test_parquet_needs_its_extra(run, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "deescalate.command._parquet", None)
    assert "pip install 'deescalation[parquet]'" in run("turns", "call.txt", "-o", "t.parquet").err


def test_a_summary_of_conversations_or_of_records_kept(run, desk):
    found = run("summary", "calls/rude_employee.txt", "call.txt", "--records", "kept.jsonl")
    assert found.out.startswith("# 2 cases")
    again = run("summary", "kept.jsonl")
    assert again.out == found.out
    assert run("summary", "--format", "html", "kept.jsonl").out.startswith("<!doctype html>")
    assert run("summary", "calls/thanks_with_a_log.jsonl").out.startswith("# 1 cases")
    assert run("summary", "missing.txt").status == 2


def test_a_playbook_of_ones_own_is_used_and_its_problems_told(run, desk):
    (desk / "book.toml").write_text("[wording]\nthreshold = 0.9\n")
    assert run("review", "--playbook", "book.toml", "--file", "draft.txt").status in (0, 1)
    (desk / "book.toml").write_text("[wording]\nthreshold = 'high'\n")
    found = run("review", "--playbook", "book.toml", "hello")
    assert (found.status, "wording.threshold (line 2)" in found.err) == (2, True)


def test_colours_follow_the_usual_rules(monkeypatch):
    terminal, file = SimpleNamespace(isatty=lambda: True), SimpleNamespace(isatty=lambda: False)
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")
    assert (wants_colour(terminal), wants_colour(file)) == (True, False)
    assert (wants_colour(terminal, "never"), wants_colour(file, "always")) == (False, True)
    monkeypatch.setenv("FORCE_COLOR", "1")
    assert wants_colour(file)
    monkeypatch.setenv("NO_COLOR", "1")
    assert not wants_colour(terminal)
    monkeypatch.setenv("NO_COLOR", "")
    monkeypatch.delenv("FORCE_COLOR")
    monkeypatch.setenv("TERM", "dumb")
    assert not wants_colour(terminal)


def test_colours_where_they_are_wanted(run):
    assert "\x1b[" in run("review", "--color", "always", "Please calm down.").out
    assert "\x1b[" not in run("review", "Please calm down.").out


def test_progress_is_told_on_a_terminal_after_a_second_and_taken_away():
    err = io.StringIO()
    err.isatty = lambda: True
    page = Page(io.StringIO(), err)
    page.progress("soon")
    assert err.getvalue() == ""
    page._began -= 2
    page.progress("1 of 9: a")
    page.progress("2 of 9")
    page.progress("")
    page.progress("")
    assert err.getvalue() == "\r1 of 9: a\r2 of 9   \r         \r"[:0] or err.getvalue().endswith(
        "\r"
    )
    assert "1 of 9: a" in err.getvalue()


def test_many_conversations_tell_how_far_they_are(run, desk, monkeypatch):
    told = []
    monkeypatch.setattr(Page, "progress", lambda _self, text: told.append(text))
    line = '{"messages": [{"role": "user", "content": "hi", "at": "2026-01-05T09:00:00Z"}]}\n'
    (desk / "many.jsonl").write_text(line * 20)
    assert run("turns", "many.jsonl").out.count("\n") == 21
    assert "many.jsonl: 20 conversations" in told


def test_a_closed_stream_swallows_all(monkeypatch):
    monkeypatch.setattr("sys.stdout", None)
    monkeypatch.setattr("sys.stderr", io.StringIO())
    out, err = streams()
    out.write("gone")
    out.close()
    err.write("kept")


def test_a_turn_without_a_review_is_shown_without_one():
    book = Playbook.default()
    talk = book.replay(read_transcript("agent: Hello.", opened_at=datetime(2026, 1, 5, tzinfo=UTC)))
    out = io.StringIO()
    show_turn(Page(out, out), evolve(talk.turns[0], review=None))
    assert "review" not in out.getvalue()
    turns = type(talk.state.turns)([evolve(talk.turns[0], review=None)])
    assert "(score" in picture(talk.state, talk.plan, tier="agent")
    assert "(score" not in picture(evolve(talk.state, turns=turns), talk.plan, tier="agent")


def test_files_are_read_and_written_within_bounds(run, monkeypatch):
    monkeypatch.setattr("deescalate.command._sources.MOST_BYTES", 10)
    assert "more than 10 bytes" in run("check", "policy.toml").err
    assert run("read", "\u00e9" * 199).status == 0


@pytest.mark.skipif(os.name == "nt", reason="/dev/null is POSIX")
def test_a_device_is_written_to_as_it_is(run):
    assert run("turns", "call.txt", "-o", "/dev/null").status == 0


def test_what_is_very_long_is_shown_in_part(run):
    assert "… (6,000 characters)" in run("read", "hello " * 1000).out


@settings(max_examples=25)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), min_size=1, max_size=80))
def test_no_text_of_others_moves_the_cursor_or_breaks_the_command(text):
    import contextlib

    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        status = main(["review", "--color", "never", f" {text}"])
    assert status in (0, 1, 2)
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f\x9b\u202e]", out.getvalue() + err.getvalue())


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_parser_of_each_command_is_filled(name):
    _, each = parsers()
    assert each[name].epilog.startswith("examples:")
    assert (SHIPPED / "rude_employee.txt").exists()


def test_the_interrupt_key_is_a_status_of_its_own(monkeypatch):
    def interrupted(given, page):
        raise KeyboardInterrupt

    monkeypatch.setattr(_main, "_run", interrupted)
    assert _main.main([]) == 130
