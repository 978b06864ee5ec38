"""``check``, ``diff`` and ``schema``: documents of any kind, for people and for machines."""

import json
from argparse import Namespace
from collections.abc import Sequence
from decimal import Decimal
from typing import Any, TypeAlias

from attrs import frozen

from deescalate.command._documents import Checkable, Loaded, example_of, kinds, load
from deescalate.command._page import Page
from deescalate.command._sources import InputError, each_of, read_text
from deescalate.documents import Difference, parsed
from deescalate.errors import DocumentError, TableError, WorkLimitError, quoted
from deescalate.escaping import for_json, for_terminal
from deescalate.findings import Finding, Report, Severity
from deescalate.playbook import Playbook
from deescalate.rules import Table
from deescalate.rules.proofs import Drift, drift
from deescalate.strategy import Strategy

__all__ = ["check", "diff", "schema"]


@frozen(kw_only=True)
class Checked:
    """One file, checked.

    Attributes:
        file: Its name.
        kind: The kind of document that it holds.
        report: What was found, with lines.
    """

    file: str
    kind: str
    report: Report


def check(options: Namespace, page: Page) -> int:
    """Check every file; 1 where one has an error or a warning, 2 where one cannot be read."""

    def look(file: str) -> Checked:
        return checked(file, kind=options.kind, quick=options.quick)

    found = [*each_of(options.files, look, page)]
    if written := _WRITERS[options.format](found, page):
        page.write(written)
    if any(isinstance(each, InputError) for _, each in found):
        return 2
    return 0 if all(each.report.ok for _, each in found if isinstance(each, Checked)) else 1


def checked(file: str, *, kind: str | None = None, quick: bool = False) -> Checked:
    """Check the document in a file.

    Args:
        file: Its name, or ``-``.
        kind: What it is; told by what is in it where not given.
        quick: Whether to leave out what takes seconds: the laws of a strategy.

    Raises:
        InputError: It cannot be read, or is of no known kind.
    """
    name = kind or "document"
    try:
        loaded = load(file, said=kind)
        name = loaded.kind
        report = _report(loaded, quick=quick).located(loaded.lines)
    except DocumentError as error:
        report = Report.of_error(error)
    except WorkLimitError as error:
        unproved = Finding(severity=Severity.WARNING, code="not-proved", text=str(error))
        report = Report(
            name=name, findings=[unproved], meanings={"not-proved": "a proof would take too long"}
        )
    return Checked(file=file, kind=name, report=report)


def _report(loaded: Loaded, *, quick: bool) -> Report:
    if quick and isinstance(loaded.document, Playbook | Strategy):
        return loaded.document.check(laws=())
    return loaded.document.check()


Found: TypeAlias = Sequence[tuple[str, Checked | InputError]]


def _as_text(found: Found, page: Page) -> str:
    lines: list[str] = []
    for file, each in found:
        if isinstance(each, InputError):
            continue
        shown = for_terminal(file)
        for finding in each.report:
            place = f" ({for_terminal(finding.place)})" if finding.place else ""
            head = f"{shown}:{finding.line}" if finding.line else shown
            colour = {"error": "red", "warning": "yellow", "note": "dim"}[finding.severity]
            told = page.paint(f"{finding.severity} {finding.code}", colour)
            lines.append(f"{head}: {told}{place}: {for_terminal(finding.text)}")
        lines += [
            f"{shown}: {page.paint('proved', 'dim')}: {for_terminal(proved.text)}"
            for proved in each.report.proved
        ]
        if not each.report.findings:
            name = "" if each.report.name == each.kind else f" {quoted(each.report.name)}"
            lines.append(f"{shown}: {page.paint('ok', 'green')}: {each.kind}{name}")
    return "\n".join(lines)


def _as_json(found: Found, _page: Page) -> str:
    files: list[dict[str, Any]] = [
        {"file": for_json(file), "error": each.reason, "line": each.line}
        if isinstance(each, InputError)
        else {"file": for_json(file), "kind": each.kind, **json.loads(each.report.to_json())}
        for file, each in found
    ]
    ok = all(each.get("ok", False) for each in files)
    return json.dumps({"ok": ok, "files": files}, indent=2, ensure_ascii=False)


def _as_github(found: Found, _page: Page) -> str:
    lines: list[str] = []
    for file, each in found:
        if isinstance(each, InputError):
            odd = Finding(severity=Severity.ERROR, code="unread", text=each.reason, line=each.line)
            lines.append(Report(name=file, findings=[odd]).to_github(file=file))
        else:
            lines.append(each.report.to_github(file=file))
    return "\n".join(filter(None, lines))


def _as_sarif(found: Found, _page: Page) -> str:
    """One run over all files, since code hosts take one run a tool."""
    logs: list[dict[str, Any]] = [
        each.report.to_sarif(uri=file)["runs"][0]
        for file, each in found
        if isinstance(each, Checked)
    ]
    rules = {rule["id"]: rule for run in logs for rule in run["tool"]["driver"]["rules"]}
    places = {code: place for place, code in enumerate(sorted(rules))}
    log = Report(name="deescalate").to_sarif(uri="")
    (run,) = log["runs"]
    run["tool"]["driver"]["rules"] = [rules[code] for code in places]
    run["results"] = [
        {**result, "ruleIndex": places[result["ruleId"]]}
        for each in logs
        for result in each["results"]
    ]
    unread = [each for _, each in found if isinstance(each, InputError)]
    run["invocations"] = [
        {
            "executionSuccessful": not unread,
            "toolExecutionNotifications": [
                {"level": "error", "message": {"text": for_json(str(each))}} for each in unread
            ],
        }
    ]
    return json.dumps(log, indent=2, ensure_ascii=False)


_WRITERS = {"text": _as_text, "json": _as_json, "sarif": _as_sarif, "github": _as_github}


def diff(options: Namespace, page: Page) -> int:
    """Tell which cases another edition of a document decides otherwise; 1 where there are any."""

    def read(file: str) -> Loaded:
        return load(file, said=options.kind)

    (_, old), (name, new) = each_of((options.old, options.new), read, page)
    if isinstance(old, InputError) or isinstance(new, InputError):
        return 2
    before, after, kind = _table_of(old.document), _table_of(new.document), old.kind
    if type(before) is not type(after):
        raise InputError(name, f"it is a {new.kind} and the other one a {kind}: only alike compare")
    try:
        differences = [*before.differences(after)]
        drifted = _drift(before, after, options.cases) if options.cases else None
    except (TableError, WorkLimitError) as error:
        raise InputError(name, str(error)) from None
    if options.format == "json":
        found: dict[str, Any] = {
            "kind": kind,
            "differences": [{"where": each.where, "what": each.what} for each in differences],
        }
        if drifted is not None:
            found["recorded"] = drifted.recorded
            found["changed"] = [each.place for each in drifted.changed]
        page.write(for_json(json.dumps(found, ensure_ascii=False)))
    else:
        _tell(differences, drifted, kind, page)
    return 1 if differences else 0


def _tell(differences: Sequence[Difference], drifted: Drift | None, kind: str, page: Page) -> None:
    """Differences for people, and what they do to recorded cases."""
    if not differences:
        page.write(f"{page.paint('the same', 'green')}: {kind}")
    for each in differences:
        page.write(f"{page.paint(for_terminal(each.where), 'yellow')}: {for_terminal(each.what)}")
    if drifted is not None:
        for near in dict.fromkeys(map(str, filter(None, drifted.unchanged))):
            page.write(f"unchanged nearest: where {for_terminal(near)}")
        page.write(f"of {drifted.recorded} recorded cases {len(drifted.changed)} change")
        for case in drifted.changed:
            page.write(for_terminal(str(case)))


def _drift(before: Checkable, after: Checkable, file: str) -> Drift:
    """What changes of cases that were recorded, a JSON object a line."""
    from deescalate.rules.dmn import as_facts

    if not (isinstance(before, Table) and isinstance(after, Table)):
        raise InputError(file, "recorded cases are decided by one table: these are others")
    cases: list[dict[str, object]] = []
    for line, text in enumerate(read_text(file).splitlines(), 1):
        if text.strip():
            try:
                case = parsed("case", text, fractions=Decimal)
            except DocumentError as error:
                raise InputError(file, error.problems[0].reason, line) from None
            cases.append(as_facts(after, as_facts(before, case)))
    return drift(before, after, cases)


def _table_of(document: Checkable) -> Checkable:
    """The one table of a model that has but one, to be compared with tables of other forms."""
    from deescalate.rules.dmn import Model

    if isinstance(document, Model) and len(document.tables) == 1:
        return next(iter(document.tables.values()))
    return document


def schema(options: Namespace, page: Page) -> int:
    """Write the JSON Schema of a kind of document, or a whole document to begin with."""
    if options.example:
        page.write(example_of(options.kind).rstrip("\n"))
        return 0
    page.write(json.dumps(kinds()[options.kind].json_schema(), indent=2, ensure_ascii=False))
    return 0
