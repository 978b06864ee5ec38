"""``read`` and ``review``: one message of a customer, one draft of a reply."""

import json
import re
import sys
from argparse import Namespace
from pathlib import Path

from deescalate.command._page import Page
from deescalate.command._sources import STDIN, InputError, about, read_text
from deescalate.command._talks import playbook_of, talks_in
from deescalate.cues import Reading
from deescalate.escaping import for_json
from deescalate.playbook import Playbook
from deescalate.wording import Review, review

__all__ = ["read", "review_draft", "show_review"]

_FILE = re.compile(r"\S*[/\\]\S+|\S+\.(?:txt|md|json|jsonl|eml|html?|csv)", re.IGNORECASE)


def text_of(options: Namespace) -> str:
    """The text that was given: itself, in a file, or on standard input.

    Raises:
        InputError: There is none, or the file cannot be read.
    """
    given: str | None = options.text
    if options.file is not None:
        if given is not None:
            raise InputError("", "give a text or --file, not both")
        return read_text(options.file)
    if given is None and sys.stdin is not None and sys.stdin.isatty():
        raise InputError("", "there is no text: give one, --file FILE, or - for standard input")
    if given is None or given == STDIN:
        return read_text(STDIN)
    return read_text(given) if _is_file(given) else given


def _is_file(given: str) -> bool:
    """Whether an argument names a file and is no text itself."""
    if _FILE.fullmatch(given):
        return True
    try:
        return len(given) < 200 and Path(given).is_file()
    except (OSError, ValueError):
        return False


def read(options: Namespace, page: Page) -> int:
    """Show what a customer's message shows, with the words behind it."""
    text, book = text_of(options), playbook_of(options)
    reading = book.reader.read(text)
    if options.format == "json":
        page.write(for_json(json.dumps(_plain(reading), ensure_ascii=False)))
    elif options.format == "html":
        page.write(reading.to_html(text))
    else:
        _show_reading(page, text, reading)
    return 0


def _plain(reading: Reading) -> dict[str, object]:
    return {
        "distress": round(reading.distress, 4),
        "understood": round(reading.understood, 4),
        "unread": reading.unread,
        "cues": [
            {
                "kind": cue.kind.value,
                "quote": cue.quote,
                "start": cue.span.start,
                "end": cue.span.end,
                "sure": cue.sure,
            }
            for cue in reading.cues
        ],
        "evidence": [
            {
                "words": each.feature,
                "distress": round(each.distress, 4),
                "start": each.span.start,
                "end": each.span.end,
            }
            for each in reading.evidence
        ],
    }


def _show_reading(page: Page, text: str, reading: Reading) -> None:
    page.line("message", text, "bold")
    page.line("distress", f"{reading.distress:.2f}, of this message alone")
    if reading.understood < 0.5:
        page.line("", f"only {reading.understood:.0%} of its words are known", "yellow")
    if reading.unread:
        page.line("", f"its last {reading.unread:,} characters are not read", "yellow")
    for cue in reading.cues:
        doubt = "" if cue.sure else " (not sure)"
        page.line("", f"{cue.kind.value.replace('_', ' ')}{doubt}: “{cue.quote}”", "yellow")
    strongest = sorted(reading.evidence, key=lambda each: -abs(each.distress))[:8]
    told = ", ".join(f"{each.feature} {each.distress:+.2f}" for each in strongest)
    if told:
        page.line("because", told, "dim")


def review_draft(options: Namespace, page: Page) -> int:
    """Review a draft; 0 where it may be sent, 1 where it may not."""
    draft, book = text_of(options), playbook_of(options)
    found = _reviewed(draft, options, book)
    file = options.file or (options.text if options.text and _is_file(options.text) else "draft")
    if options.format == "json":
        page.write(for_json(found.to_json()))
    elif options.format == "sarif":
        page.write(json.dumps(found.report().to_sarif(uri=file), indent=2, ensure_ascii=False))
    elif options.format == "github":
        page.write(found.report().to_github(file=file))
    else:
        page.line("draft", draft, "bold")
        show_review(page, found)
        word, colour = ("may be sent", "green") if found.ok else ("may not be sent", "red")
        page.line("", word, colour)
    return 0 if found.ok else 1


def _reviewed(draft: str, options: Namespace, book: Playbook) -> Review:
    if options.talk is None:
        return review(
            draft, customer=options.customer, wording=book.wording, language=book.language
        )
    with about(options.talk):
        *_, talk = talks_in(options.talk, options, book)
    if options.customer is not None:
        talk = talk.customer_says(options.customer, at=talk.at)
    return talk.review(draft)


def show_review(page: Page, found: Review) -> None:
    """What the reviewer finds in a reply, with its rewrite."""
    page.line("review", f"{found.score:.2f}" + ("" if found.findings else ", nothing to mend"))
    for finding in found.findings:
        hint = f"; {finding.suggestion}" if finding.suggestion else ""
        quote = f"“{finding.quote}” " if finding.quote else ""
        page.line("", f"{finding.code} {quote}{finding.reason}{hint}", "yellow")
    if found.rewritten != found.draft:
        page.line("rewrite", found.rewritten, "green")
