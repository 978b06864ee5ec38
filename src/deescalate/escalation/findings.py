"""What a check finds, for people (text) and for tools (SARIF 2.1.0)."""

from collections.abc import Mapping

from attrs import field, frozen

from deescalate.rules import Outputs
from deescalate.rules.proofs import Severity

__all__ = ["CODES", "PolicyFinding", "Proved", "Report"]

CODES: Mapping[str, str] = {
    "authority-shrinks": "a tier may do less than the one below it",
    "beyond-authority": "a case stays with a tier that may not grant what is asked",
    "fact-without-default": "a fact has no default, so that a case without it is undecided",
    "failed-test": "a stated case is decided otherwise",
    "human-too-late": "a human may come later than the policy allows",
    "no-safety-law": "the policy does not say what danger is and who must have it",
    "nobody-there": "there is a time when nobody on a route is there",
    "not-proved": "a proof took more work than the limit",
    "not-rising": "more of a fact leads lower",
    "protected-matters": "a protected fact changes the decision",
    "safety-not-first": "danger does not always lead to those who are there for it",
    "safety-not-immediate": "danger is not always immediate",
    "tier-absent": "there is a time when a tier is passed over",
    "tier-unreachable": "no case ever reaches a tier",
    "two-channels": "two channels claim one case",
    "conflict": "two rules contradict each other",
    "dead-rule": "a rule never decides",
    "gap": "a case without a rule",
    "mergeable": "two rules could be one",
    "overlap": "two rules match together",
    "unreachable-outcome": "an outcome that no case has",
    "unused-fact": "a fact that no rule asks about",
}
"""What the codes mean; the last seven are those of ``deescalate.rules.proofs.check``."""

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.ADVICE: "note"}


@frozen(kw_only=True)
class PolicyFinding:
    """One thing that is wrong or odd with a policy.

    Attributes:
        code: One of ``CODES``.
        severity: How much it matters.
        message: What it is, with a case that shows it.
        where: The part of the policy: ``tiers``, ``table``, ``urgency``, ``safety`` ...
        name: The name of the tier, rule or fact concerned, if there is one.
        facts: A case that shows it; empty where none is needed.
    """

    code: str
    severity: Severity
    message: str
    where: str
    name: str = ""
    facts: Mapping[str, object] = field(default=Outputs({}), converter=Outputs)

    def __str__(self) -> str:
        place = f"{self.where}.{self.name}" if self.name else self.where
        return f"{self.severity} {self.code} ({place}): {self.message}"


@frozen(kw_only=True)
class Proved:
    """Something that was proved, not sampled.

    Attributes:
        code: The code of the finding that it would have been.
        text: What holds, in words.
    """

    code: str
    text: str


@frozen(kw_only=True)
class Report:
    """What a check found and what it proved.

    Attributes:
        policy: The policy's name.
        findings: What is wrong or odd, the gravest first.
        proved: What holds of every case.

    >>> print(Report(policy="desk", findings=(), proved=()))
    desk: nothing to find
    """

    policy: str
    findings: tuple[PolicyFinding, ...]
    proved: tuple[Proved, ...]

    @property
    def ok(self) -> bool:
        """Whether there is no error and no warning."""
        return all(finding.severity is Severity.ADVICE for finding in self.findings)

    def __str__(self) -> str:
        lines = [str(finding) for finding in self.findings]
        lines += [f"proved: {proved.text}" for proved in self.proved]
        return f"{self.policy}: " + ("\n".join(("", *lines)) if lines else "nothing to find")

    def to_sarif(self, *, uri: str, text: str = "") -> dict[str, object]:
        """The findings as a SARIF 2.1.0 log, which code hosts and editors show beside the file.

        Args:
            uri: The policy document's path, relative to the repository.
            text: The document itself, from which lines are told.

        Returns:
            A mapping to write as JSON.

        >>> log = Report(policy="desk", findings=(), proved=()).to_sarif(uri="policy.toml")
        >>> log["version"], log["runs"][0]["results"]
        ('2.1.0', [])
        """
        used = sorted({finding.code for finding in self.findings})
        rules = [{"id": code, "shortDescription": {"text": CODES[code]}} for code in used]
        results = [
            {
                "ruleId": finding.code,
                "ruleIndex": used.index(finding.code),
                "level": _LEVELS[finding.severity],
                "message": {"text": finding.message},
                "locations": [
                    {
                        "physicalLocation": {
                            "artifactLocation": {"uri": uri},
                            "region": {"startLine": _line(finding, text)},
                        },
                        "logicalLocations": [
                            {"fullyQualifiedName": f"{finding.where}.{finding.name}".rstrip(".")}
                        ],
                    }
                ],
            }
            for finding in self.findings
        ]
        driver = {"name": "deescalate", "rules": rules}
        return {
            "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
            "version": "2.1.0",
            "runs": [{"tool": {"driver": driver}, "results": results}],
        }


def _line(finding: PolicyFinding, text: str) -> int:
    """The first line that names what a finding is about; the first of all if none does."""
    for wanted in (f'name = "{finding.name}"', f"{finding.name} =", f"[{finding.where}"):
        for number, line in enumerate(text.splitlines(), start=1):
            if finding.name and line.strip().startswith(wanted):
                return number
    return 1
