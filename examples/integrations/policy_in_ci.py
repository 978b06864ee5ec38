"""Check an escalation policy in another tool's CI.

Run it on a policy document, or without one on the policy that is shipped::

    python examples/integrations/policy_in_ci.py policy.toml --sarif findings.sarif
    python examples/integrations/policy_in_ci.py policy.toml --before main/policy.toml

The findings go to standard output, one a line; code hosts and editors show the SARIF file beside
the document. With ``--before``, the difference to the old version is told in cases. The exit code
is 0 if nothing is wrong, 1 if the check found an error or a warning, 2 if the document cannot be
read.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path

from deescalate.errors import DocumentError
from deescalate.escalation import EscalationPolicy

OK, FOUND, UNREADABLE = 0, 1, 2


def main(arguments: Sequence[str] | None = None) -> int:
    options = _parser().parse_args(arguments)
    shipped = files("deescalate.escalation") / "data" / "default.toml"
    try:
        source = options.policy or shipped
        text = source.read_text(encoding="utf-8")
        policy = EscalationPolicy.from_document(text)
        before = options.before and EscalationPolicy.from_document(
            options.before.read_text(encoding="utf-8")
        )
    except (OSError, UnicodeDecodeError, DocumentError) as error:
        print(f"{options.policy or 'default'}: {error}", file=sys.stderr)
        return UNREADABLE
    report = policy.check()
    print(report)
    if before:
        for difference in before.differences(policy):
            print(f"changed: {difference}")
    if options.sarif:
        uri = options.policy.as_posix() if options.policy else "default.toml"
        log = report.to_sarif(uri=uri, text=text)
        options.sarif.write_text(json.dumps(log, indent=2) + "\n", encoding="utf-8")
    return OK if report.ok else FOUND


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Check an escalation policy.")
    parser.add_argument("policy", nargs="?", type=Path, help="the policy document (TOML)")
    parser.add_argument("--before", type=Path, help="the version before, to tell the difference")
    parser.add_argument("--sarif", type=Path, help="where to write the findings as SARIF 2.1.0")
    return parser


if __name__ == "__main__":
    sys.exit(main())
