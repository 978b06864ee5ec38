"""What checks find: one kind of finding, whatever is checked, for people and for tools."""

import json
from collections.abc import Iterable, Iterator, Mapping
from enum import StrEnum
from string import ascii_letters, digits
from typing import Any, Self

from attrs import evolve, field, frozen

from deescalate._plain import plain
from deescalate._public import publish
from deescalate.documents import FrozenMapping, lines_of
from deescalate.errors import DocumentError
from deescalate.escaping import for_json, for_sarif, for_terminal

__all__ = ["Finding", "Proved", "Report", "Severity"]


class Severity(StrEnum):
    """How much a finding matters.

    >>> Severity.ERROR.rank > Severity.WARNING.rank > Severity.NOTE.rank
    True
    """

    NOTE = "note"
    """It could be simpler, or is a matter of style."""
    WARNING = "warning"
    """It works, but probably not as meant."""
    ERROR = "error"
    """It fails on some case, or must not be sent."""

    @property
    def rank(self) -> int:
        """How grave, 0 (a note) to 2 (an error)."""
        return list(Severity).index(self)


def _case(facts: Mapping[str, object]) -> FrozenMapping[object]:
    return FrozenMapping(facts)


def _words(meanings: Mapping[str, str]) -> FrozenMapping[str]:
    return FrozenMapping(meanings)


@frozen(kw_only=True)
class Finding:
    """One thing that is wrong or odd.

    Attributes:
        severity: How much it matters.
        code: What kind of thing, a stable word.
        text: What it is, in words.
        place: Where, as a path in the document, such as ``rules[3].when.amount``; may be empty.
        line: The line of the document's text, from 1; ``None`` where it is not known.
        witness: A case that shows it, by the names of facts; empty where none is needed.

    >>> print(Finding(severity=Severity.ERROR, code="gap", text="no rule matches", place="rules"))
    error gap (rules): no rule matches
    """

    severity: Severity
    code: str
    text: str
    place: str = ""
    line: int | None = None
    witness: Mapping[str, object] = field(default=FrozenMapping({}), converter=_case)

    def __str__(self) -> str:
        where = ", ".join(filter(None, (self.place, f"line {self.line}" if self.line else "")))
        return f"{self.severity} {self.code}{where and f' ({where})'}: {self.text}"

    def region(self) -> dict[str, int]:
        """Where it stands in the text that was checked, as SARIF writes a region."""
        return {"startLine": self.line or 1}


@frozen(kw_only=True)
class Proved:
    """Something that was proved, not sampled.

    Attributes:
        code: The code of the finding that it would have been.
        text: What holds, in words.
    """

    code: str
    text: str


def _all(proved: Iterable[Proved]) -> tuple[Proved, ...]:
    return tuple(proved)


def _gravest_first(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(findings, key=lambda finding: -finding.severity.rank))


@frozen(kw_only=True)
class Report:
    """What a check found and what it proved; it is true where all is well.

    Attributes:
        name: Of what was checked.
        findings: What is wrong or odd, the gravest first.
        proved: What holds of every case.
        meanings: What the codes mean, for tools that show it.

    >>> report = Report(name="desk")
    >>> print(report, report.ok, len(report), list(report))
    desk: nothing to find True 0 []
    """

    name: str
    findings: tuple[Finding, ...] = field(default=(), converter=_gravest_first)
    proved: tuple[Proved, ...] = field(default=(), converter=_all)
    meanings: Mapping[str, str] = field(
        default=FrozenMapping({}), converter=_words, repr=False, eq=False
    )

    @classmethod
    def of_error(cls, error: DocumentError) -> Self:
        """What keeps a document from being loaded, as findings.

        >>> from deescalate.errors import Problem
        >>> print(Report.of_error(DocumentError("desk", (Problem("open", "is odd", line=2),))))
        desk:
        error document (open, line 2): is odd
        """
        found = [
            Finding(
                severity=Severity.ERROR,
                code="document",
                text=str(evolve(each, path="", line=None)).removeprefix(": "),
                place=each.path,
                line=each.line,
            )
            for each in error.problems
        ]
        if error.more:
            text = f"and {error.more} more problems"
            found.append(Finding(severity=Severity.ERROR, code="document", text=text))
        return cls(
            name=error.document, findings=found, meanings={"document": "it cannot be loaded"}
        )

    @property
    def ok(self) -> bool:
        """Whether there is no error and no warning."""
        return all(finding.severity is Severity.NOTE for finding in self.findings)

    def __bool__(self) -> bool:
        return self.ok

    def __len__(self) -> int:
        return len(self.findings)

    def __iter__(self) -> Iterator[Finding]:
        return iter(self.findings)

    def __str__(self) -> str:
        return self.to_text()

    def located(self, text: str | Mapping[str, int]) -> Self:
        r"""The same with the lines of the findings.

        Args:
            text: The document that was checked, in TOML or JSON; or the lines of places in it.

        >>> found = Finding(severity=Severity.NOTE, code="odd", text="odd", place="a.b")
        >>> Report(name="desk", findings=[found]).located("x = 1\n[a]\nb = 2").findings[0].line
        3
        """
        places = [each.place for each in self.findings]
        lines = lines_of(text, places) if isinstance(text, str) else text
        found = [evolve(each, line=each.line or lines.get(each.place)) for each in self.findings]
        return evolve(self, findings=found)

    def to_text(self) -> str:
        """All of it for people, a line each."""
        lines = [for_terminal(str(finding)) for finding in self.findings]
        lines += [for_terminal(f"proved: {proved.text}") for proved in self.proved]
        return f"{for_terminal(self.name)}:" + (
            "\n".join(("", *lines)) if lines else " nothing to find"
        )

    def to_json(self) -> str:
        """All of it as JSON text."""
        found: dict[str, Any] = {
            "name": self.name,
            "ok": self.ok,
            "findings": [{**plain(each), "text": each.text} for each in self.findings],
            "proved": [{"code": each.code, "text": each.text} for each in self.proved],
        }
        return for_json(json.dumps(found, indent=2, ensure_ascii=False, default=str)) + "\n"

    def to_sarif(self, *, uri: str, text: str = "") -> dict[str, Any]:
        """The findings as a SARIF 2.1.0 log, which code hosts and editors show beside the file.

        Args:
            uri: The document's path from the root of the repository, as it is named there.
            text: The document itself, from which lines are told.

        Returns:
            A mapping to write as JSON.

        >>> log = Report(name="desk").to_sarif(uri="policy.toml")
        >>> log["version"], log["runs"][0]["results"]
        ('2.1.0', [])
        """
        located = self.located(text).findings
        used = sorted({finding.code for finding in located})
        driver = {
            "name": "deescalate",
            "version": VERSION,
            "informationUri": "https://pypi.org/project/deescalation/",
            "rules": [
                {"id": code, "shortDescription": {"text": self.meanings.get(code, code)}}
                for code in used
            ],
        }
        results = [
            {
                "ruleId": finding.code,
                "ruleIndex": used.index(finding.code),
                "level": finding.severity.value,
                "message": {"text": for_sarif(finding.text)},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": _encoded(uri)},
                            "region": finding.region(),
                        },
                        "logicalLocations": [
                            {"fullyQualifiedName": for_json(finding.place or self.name)}
                        ],
                    }
                ],
            }
            for finding in located
        ]
        return {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [
                {
                    "tool": {"driver": driver},
                    "columnKind": "unicodeCodePoints",
                    "results": results,
                }
            ],
        }

    def to_github(self, *, file: str, text: str = "") -> str:
        """The findings as workflow commands of GitHub, a line each, which annotate the file.

        Args:
            file: The document's path from the root of the repository.
            text: The document itself, from which lines are told.

        >>> found = Finding(severity=Severity.NOTE, code="odd", text="100 % odd", place="a")
        >>> print(Report(name="desk", findings=[found]).to_github(file="a,b.toml", text="a = 1"))
        ::notice file=a%2Cb.toml,line=1,title=odd::100 %25 odd
        """
        return "\n".join(
            f"::{_COMMANDS[each.severity]} file={_property(file)},line={each.line or 1},"
            f"title={_property(each.code)}::{_message(for_json(each.text))}"
            for each in self.located(text).findings
        )


VERSION = "0.2.0"
_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_KEPT = frozenset((ascii_letters + digits + "-._~/:@!$&'()*+,;=").encode())


def _encoded(path: str) -> str:
    """A relative reference to a path (RFC 3986)."""
    raw = path.lstrip("/").encode("utf-8", "replace")
    uri = "".join(chr(each) if each in _KEPT else f"%{each:02X}" for each in raw)
    return f"./{uri}" if ":" in uri.split("/")[0] else uri


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")


publish(__name__, __all__, globals())
