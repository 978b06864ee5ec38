"""Write docs/reference/wording-codes.md from the codes: ``python tests/wording/page.py``."""

from pathlib import Path

from deescalate.wording import CodeFamily, Wording

PAGE = Path(__file__).resolve().parents[2] / "docs" / "reference" / "wording-codes.md"
HEAD = """# Wording codes

What {func}`deescalate.wording.review` looks for. A code keeps its name and its meaning from release to
release, so that you can switch it off, weigh it or count it.

```python
>>> from deescalate.wording import review
>>> for finding in review("I am sorry, but you need to calm down.").findings:
...     print(finding.code, finding.severity, finding.quote)
A203 note sorry, but you
T108 error calm down

```

A code weighs as a **note** (a matter of style), a **warning** (likely to make matters worse) or an
**error** (not to be sent). Some weigh more once the customer is known to be upset. Codes that need
something beside the draft say so: without a situation nothing is said about order, without an
authority nothing about money. See [how wording works](../explanation/wording.md) for the score, the
rewrite and your own settings.
"""


def main() -> None:
    parts = [HEAD]
    codes = Wording.default().codes.values()
    for family in CodeFamily:
        parts.append(f"\n## {family.name.capitalize()}\n")
        for code in codes:
            if code.family is family:
                weight = f"{code.severity}"
                if code.upset is not code.severity:
                    weight += f", {code.upset} to an upset customer"
                needs = f" Needs: {' or '.join(code.needs)}." if code.needs else ""
                parts.append(f"\n### {code.code} {code.name}\n")
                parts.append(f"\nWeighs: {weight}.{needs}\n")
                parts.append(f"\nWhy: {code.reason}.\n\nBetter: {code.suggestion}.\n")
                if code.bad:
                    parts.append(f"\n- Bad: {code.bad}\n- Good: {code.good}\n")
                parts.append(f"\nRests on: {code.source}.\n")
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text("".join(parts), encoding="utf-8")


if __name__ == "__main__":
    main()
