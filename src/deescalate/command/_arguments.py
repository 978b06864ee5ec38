"""What can be asked of the command, with help that shows how."""

import argparse
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import NoReturn

from deescalate.command._sources import InputError
from deescalate.errors import nearest_name, quoted
from deescalate.findings import VERSION

__all__ = ["arguments", "parsers"]

EXITS = """exit status:
  0  all is well
  1  findings: an error or a warning, a draft that may not be sent, a difference
  2  called wrongly, or something could not be read or written
  130 after Ctrl-C, 141 where the reader of the output went away

Colours follow NO_COLOR, FORCE_COLOR and whether the output is a terminal."""

EXAMPLES: Mapping[str, str] = {
    "chat": """
  deescalate chat call.txt
  deescalate chat --html report.html call.txt
  deescalate chat --language german anruf.txt
  echo "customer: You liars! Where is my refund?" | deescalate chat -""",
    "read": """
  deescalate read "This is the THIRD time I call. I am furious!"
  deescalate read --format json message.txt""",
    "review": """
  deescalate review "I am sorry. I will call the depot and tell you by 3 pm today."
  deescalate review --customer "You lost my parcel!" "Please calm down."
  deescalate review --talk call.txt --format json - < draft.txt""",
    "check": """
  deescalate check policy.toml
  deescalate check --format sarif policies/*.toml > findings.sarif
  deescalate check --kind table --format github refunds.toml
  deescalate check refunds.dmn refunds.csv""",
    "diff": """
  deescalate diff policy.toml policy_new.toml
  deescalate diff refunds.csv refunds_new.csv""",
    "schema": """
  deescalate schema policy > policy.schema.json
  deescalate schema policy --example > policy.toml""",
    "turns": """
  deescalate turns calls/*.txt -o turns.csv
  deescalate turns --who Jane=customer --who Ed=agent chat.txt -o -""",
    "summary": """
  deescalate summary calls/*.txt
  deescalate summary --format html calls/*.txt > summary.html""",
    "drill": """
  deescalate drill --only hardness=easy my_bot:reply
  deescalate drill --only manner=curt --format junit my_bot:reply > drill.xml""",
    "practise": """
  deescalate practise
  deescalate practise "one word answers" < replies.txt""",
    "study": """
  deescalate study by_plan solution_first --repeats 5
  deescalate study by_plan my_agent:agent --repeats 2 -o episodes.csv""",
}
"""How each command is used; a test runs every line."""

ABOUT: Mapping[str, str] = {
    "chat": "follow a conversation turn by turn, from a file or as it is typed",
    "read": "tell what a customer's message shows",
    "review": "tell whether a draft of a reply may be sent",
    "check": "check policies, tables and other documents",
    "diff": "tell which cases a new edition of a document decides otherwise",
    "schema": "write the JSON Schema of a kind of document, or one to begin with",
    "turns": "write a table with a row for each turn of conversations",
    "summary": "sum up many conversations",
    "drill": "put a bot before difficult customers who react, and grade it",
    "practise": "answer a difficult customer yourself, with coaching; without a name, list them",
    "study": "play simulated customers with several ways of answering, and compare them",
}
KINDS = (
    *("table", "policy", "schedule", "terms", "strategy", "wording", "effects", "playbook"),
    *("assumptions", "scenarios"),
)
FORMS = ("dmn", "csv", "xlsx")
CARDS = ("text", "markdown", "html", "junit", "json")
COLOURS = ("auto", "always", "never")


class _Parser(argparse.ArgumentParser):
    """Complains in one line of ours."""

    def error(self, message: str) -> NoReturn:
        """Refuse how it was called."""
        name = self.prog.removeprefix("deescalate").strip()
        raise InputError(name, f"{message}; see `{self.prog} --help`")


def one_of(known: Sequence[str]) -> Callable[[str], str]:
    """A value that is one of those known, or a refusal with the nearest."""

    def chosen(value: str) -> str:
        if value in known:
            return value
        raise argparse.ArgumentTypeError(_unknown(value, known))

    return chosen


def _unknown(value: str, known: Iterable[str]) -> str:
    known = tuple(known)
    near = nearest_name(value, known)
    hint = f"; did you mean {quoted(near)}?" if near else ""
    return f"unknown {quoted(value)}, expected one of {', '.join(known)}{hint}"


def parsers() -> tuple[argparse.ArgumentParser, Mapping[str, argparse.ArgumentParser]]:
    """The whole parser, and that of each command."""
    whole = _Parser(
        prog="deescalate",
        description="Conversations with upset customers: read, advise, review, check.",
        epilog=EXITS,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    whole.add_argument("--version", action="version", version=f"deescalate {VERSION}")
    commands = whole.add_subparsers(dest="command", metavar="COMMAND", title="commands")
    made: dict[str, argparse.ArgumentParser] = {}
    for name, about in ABOUT.items():
        made[name] = each = commands.add_parser(
            name,
            help=about,
            description=f"{about[0].upper()}{about[1:]}.",
            epilog=f"examples:{EXAMPLES[name]}\n\n{EXITS}",
            formatter_class=argparse.RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        _FILLED[name](each)
        each.add_argument(
            "--color",
            type=one_of(COLOURS),
            default="auto",
            metavar="WHEN",
            help=f"one of {', '.join(COLOURS)}",
        )
    return whole, made


def _formats(parser: argparse.ArgumentParser, *known: str) -> None:
    parser.add_argument(
        "--format",
        type=one_of(known),
        default=known[0],
        metavar="FORMAT",
        help=f"one of {', '.join(known)}; {known[0]} if not given",
    )


def _kind(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--kind",
        type=one_of((*KINDS, *FORMS)),
        metavar="KIND",
        help=f"one of {', '.join((*KINDS, *FORMS))}; told by what is in the file if not given",
    )


def _book(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--language", default="english", help="english or german")
    parser.add_argument("--playbook", metavar="FILE", help="a playbook document of your own")


def _transcripts(parser: argparse.ArgumentParser) -> None:
    _book(parser)
    parser.add_argument(
        "--who", action="append", metavar="NAME=ROLE", help="who is customer, agent or system"
    )
    parser.add_argument(
        "--opened-at", metavar="TIME", help="when it began, where a file carries no day"
    )


def _text(parser: argparse.ArgumentParser, what: str) -> None:
    parser.add_argument("text", nargs="?", help=f"{what}, a file that holds it, or -")
    parser.add_argument("--file", help="a file that holds it")


def _chat(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "files", nargs="*", metavar="FILE", help="conversations; typed ones if none is given"
    )
    parser.add_argument("--follow", action="store_true", help="take lines as they are typed")
    parser.add_argument("--html", metavar="FILE", help="write a report as a page of its own")
    _transcripts(parser)


def _read(parser: argparse.ArgumentParser) -> None:
    _text(parser, "the customer's message")
    _formats(parser, "text", "json", "html")
    _book(parser)


def _review(parser: argparse.ArgumentParser) -> None:
    _text(parser, "the draft")
    parser.add_argument("--customer", metavar="TEXT", help="what the customer said last")
    parser.add_argument("--talk", metavar="FILE", help="the conversation so far")
    _formats(parser, "text", "json", "sarif", "github")
    _transcripts(parser)


def _check(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="documents, or -")
    _kind(parser)
    _formats(parser, "text", "json", "sarif", "github")
    parser.add_argument(
        "--quick", action="store_true", help="leave out the laws of strategies, which take seconds"
    )


def _diff(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("old", metavar="OLD", help="the document in force")
    parser.add_argument("new", metavar="NEW", help="the document to come")
    parser.add_argument(
        "--cases", metavar="FILE", help="recorded cases, a JSON object a line: which of them change"
    )
    _kind(parser)
    _formats(parser, "text", "json")


def _schema(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "kind", type=one_of(KINDS), metavar="KIND", help=f"one of {', '.join(KINDS)}"
    )
    parser.add_argument("--example", action="store_true", help="a whole document to begin with")


def _turns(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="conversations, or -")
    parser.add_argument(
        "-o",
        "--output",
        default="-",
        metavar="FILE",
        help="a file that ends in .csv, .jsonl or .parquet; CSV on standard output if not given",
    )
    _transcripts(parser)


def _summary(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("files", nargs="+", metavar="FILE", help="conversations or records, or -")
    parser.add_argument("--records", metavar="FILE", help="keep the records as JSON lines")
    _formats(parser, "text", "html")
    _transcripts(parser)


def _scenarios(parser: argparse.ArgumentParser) -> None:
    _book(parser)
    parser.add_argument("--scenarios", metavar="FILE", help="scenarios of your own")
    parser.add_argument("--seed", type=int, default=0, help="which luck customers have; 0")


def _drill(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "bot", metavar="MODULE:BOT", help="a function from words, or messages, to a reply"
    )
    parser.add_argument(
        "--only", action="append", metavar="WHAT=VALUE", help="some scenarios: hardness=easy"
    )
    parser.add_argument("--against", metavar="FILE", help="an earlier card, as JSON")
    parser.add_argument("--seconds", type=float, default=20.0, help="how long a reply may take; 20")
    _formats(parser, *CARDS)
    _scenarios(parser)


def _practise(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("scenario", nargs="?", metavar="SCENARIO", help="its name")
    _scenarios(parser)


def _study(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "agents", nargs="*", metavar="AGENT", help="ready ones by name, or MODULE:AGENT; all ready"
    )
    parser.add_argument("--repeats", type=int, default=10, help="how often each pair meets; 10")
    parser.add_argument("--turns", type=int, default=20, help="answers at most; 20")
    parser.add_argument("--seed", type=int, default=0, help="any whole number; 0")
    parser.add_argument("--assume", metavar="FILE", help="assumptions of your own")
    parser.add_argument("--jobs", type=int, default=1, help="processes; 1")
    parser.add_argument(
        "-o", "--output", metavar="FILE", help="a row for each conversation: .csv, .jsonl, .parquet"
    )


_FILLED: Mapping[str, Callable[[argparse.ArgumentParser], None]] = {
    "chat": _chat,
    "read": _read,
    "review": _review,
    "check": _check,
    "diff": _diff,
    "schema": _schema,
    "turns": _turns,
    "summary": _summary,
    "drill": _drill,
    "practise": _practise,
    "study": _study,
}


def arguments(given: Sequence[str]) -> argparse.Namespace:
    """Understand how the command was called.

    Raises:
        InputError: It was called wrongly; the nearest right way is told.
        SystemExit: Help or the version was asked for.
    """
    whole, each = parsers()
    first = next(iter(given), "--help")
    if not first.startswith("-") and first not in each:
        raise InputError("", f"command: {_unknown(first, each)}")
    options, unknown = whole.parse_known_args(given or ["--help"])
    if unknown:
        name = unknown[0].partition("=")[0]
        known = each[options.command]._option_string_actions if options.command else {}
        near = nearest_name(name, known)
        hint = f"; did you mean {quoted(near)}?" if near else ""
        raise InputError(options.command or "", f"unknown argument {quoted(unknown[0])}{hint}")
    return options
