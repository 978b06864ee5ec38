"""The share of the DMN TCK's tests that pass, by group, over a checkout of it.

    git clone https://github.com/dmn-tck/tck
    python tests/benchmarks/dmn_tck.py tck

Every test of compliance level 2 counts, and of level 3 every group with a decision table. What a
test expects of one decision is one check.
"""

import sys
import xml.etree.ElementTree as ET
from collections import Counter
from decimal import Decimal
from pathlib import Path

from deescalate.errors import DeescalateError, DocumentError
from deescalate.rules.dmn import read_dmn
from deescalate.rules.dmn._logic import plain_value, value_of

SPACE = "{http://www.omg.org/spec/DMN/20160719/testcase}"
XSI = "{http://www.w3.org/2001/XMLSchema-instance}"


def value(node):
    """What an input or an expectation is, as a value of Python."""
    listed = node.find(f"{SPACE}list")
    parts = node.findall(f"{SPACE}component")
    plain = node.find(f"{SPACE}value")
    if listed is not None:
        nil = listed.get(f"{XSI}nil") == "true"
        return None if nil else [value(each) for each in listed.findall(f"{SPACE}item")]
    if parts:
        return {each.get("name"): value(each) for each in parts}
    if plain is None or plain.get(f"{XSI}nil") == "true":
        return None
    text, kind = plain.text or "", plain.get(f"{XSI}type", "").rpartition(":")[2]
    if kind in ("decimal", "double", "integer", "float", "int", "long"):
        return Decimal(text)
    return text.strip() == "true" if kind == "boolean" else text


def equal(found, expected):
    """Whether a decision is as expected, to eight places."""
    if isinstance(expected, Decimal):
        number = isinstance(found, int | Decimal) and not isinstance(found, bool)
        return number and abs(Decimal(found) - expected) < Decimal("1e-8")
    if isinstance(expected, list):
        alike = isinstance(found, tuple) and len(found) == len(expected)
        return alike and all(map(equal, found, expected))
    if isinstance(expected, dict):
        return (
            isinstance(found, dict)
            and found.keys() == expected.keys()
            and all(equal(found[name], each) for name, each in expected.items())
        )
    same = value_of(found) == value_of(expected)
    return same and isinstance(found, bool) == isinstance(expected, bool)


def said(text, facts, name):
    """What a decision comes to; an error is null, as in DMN."""
    model = read_dmn(text, decision=name)
    try:
        return plain_value(model.decide(facts, only=name)[name].outcome)
    except DeescalateError:
        return None


def run(folder):
    """Count the checks of one group: passed, failed, not supported."""
    counts = Counter()
    told = []
    for path in sorted(folder.glob("*-test-*.xml")):
        root = ET.parse(path).getroot()  # noqa: S314  a checkout that the user trusts
        text = (folder / root.findtext(f"{SPACE}modelName")).read_bytes()
        for case in root.findall(f"{SPACE}testCase"):
            facts = {each.get("name"): value(each) for each in case.findall(f"{SPACE}inputNode")}
            for result in case.findall(f"{SPACE}resultNode"):
                expected = value(result.find(f"{SPACE}expected"))
                where = f"{path.stem} {case.get('id')} {result.get('name')}"
                try:
                    found = said(text, facts, result.get("name"))
                except DocumentError as error:
                    counts["not supported"] += 1
                    told.append(f"{where}: {error.problems[0]}")
                    continue
                good = equal(found, expected)
                counts["passed" if good else "failed"] += 1
                if not good:
                    told.append(f"{where}: found {found!r}, expected {expected!r}")
    return counts, told


def main(checkout, *, tell):
    """Print a line for each group, and the shares."""
    shares = {}
    for level in ("compliance-level-2", "compliance-level-3"):
        total = Counter()
        for folder in sorted((Path(checkout) / "TestCases" / level).iterdir()):
            models = list(folder.glob("*.dmn")) if folder.is_dir() else []
            tables = any("decisionTable" in each.read_text("utf-8") for each in models)
            if models and (tables or level.endswith("2")):
                counts, told = run(folder)
                total += counts
                print(f"{level[-1]}  {folder.name:<45} " + shown(counts))
                print(
                    *(f"     {each}" for each in told if tell), sep="\n", end="\n" if tell else ""
                )
        shares[level] = total
    for level, total in shares.items():
        print(f"{level}: {shown(total)}")


def shown(counts):
    """Counts as a person reads them."""
    whole = sum(counts.values())
    rest = ", ".join(
        f"{count} {kind}" for kind, count in sorted(counts.items()) if kind != "passed"
    )
    return f"{counts['passed']} of {whole} passed" + (f" ({rest})" if rest else "")


if __name__ == "__main__":
    main(sys.argv[1], tell="-v" in sys.argv)
