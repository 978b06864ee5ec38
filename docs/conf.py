"""Sphinx settings: offline, warnings are errors."""

import sys
import zlib
from importlib import import_module
from pathlib import Path

import deescalate

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE))

project = "deescalate"
author = "The deescalate founders"
copyright = "2026, the deescalate founders"
version = release = deescalate.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.doctest",
    "sphinx.ext.intersphinx",
    "sphinx.ext.napoleon",
    "sphinx.ext.viewcode",
    "sphinx_copybutton",
    "sphinx_design",
    "matplotlib.sphinxext.plot_directive",
]
exclude_patterns = ["_build", "conftest.py", "try"]
myst_enable_extensions = ["colon_fence", "deflist"]
myst_heading_anchors = 3
copybutton_prompt_text = r">>> |\.\.\. |\$ "
copybutton_prompt_is_regexp = True
html_theme = "furo"
html_title = "deescalate"

autodoc_member_order = "bysource"
autodoc_typehints_format = "short"
autodoc_default_options = {"members": True, "show-inheritance": True}
napoleon_google_docstring = True
napoleon_numpy_docstring = False
napoleon_use_ivar = True
napoleon_use_rtype = False
doctest_test_doctest_blocks = ""
plot_html_show_formats = False
plot_html_show_source_link = False
plot_formats = [("png", 110)]

# The standard library's inventory, cut down to what our signatures name: the docs build offline.
PYTHON = {
    "class": [
        "abc.ABC", "re.Pattern", "bool", "bytes", "bytearray", "complex", "dict", "float", "frozenset", "int", "list", "object", "set", "str", "tuple", "type",
        "collections.abc.Awaitable", "collections.abc.Callable", "collections.abc.Collection", "collections.abc.Hashable",
        "collections.abc.Generator", "collections.abc.Iterable", "collections.abc.Iterator", "collections.abc.Mapping",
        "collections.abc.MutableMapping", "collections.abc.Sequence", "collections.abc.Set",
        "datetime.date", "datetime.datetime", "datetime.time", "datetime.timedelta", "datetime.tzinfo",
        "decimal.Decimal", "enum.Enum", "enum.StrEnum", "fractions.Fraction", "random.Random",
        "types.MappingProxyType", "typing.Protocol", "typing.Generic", "zoneinfo.ZoneInfo", "functools.partial",
    ],
    "exception": ["Exception", "LookupError", "RuntimeError", "TypeError", "ValueError", "KeyError"],
    "data": ["None", "typing.Any", "typing.Literal", "typing.Self", "typing.Union", "typing.Optional", "typing.Final", "typing.Callable", "Ellipsis"],
    "module": ["decimal", "datetime", "zoneinfo", "importlib.resources"],
}  # fmt: skip


def write_inventory(path: Path) -> None:
    """Write a version 2 inventory of the names above."""
    lines = [
        f"{name} py:{role} 1 library/{name.rpartition('.')[0] or 'functions'}.html#$ -"
        for role, names in PYTHON.items()
        for name in names
    ]
    head = b"# Sphinx inventory version 2\n# Project: Python\n# Version: 3\n"
    head += b"# The remainder of this file is compressed using zlib.\n"
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(head + zlib.compress("\n".join(lines).encode() + b"\n"))


INVENTORY = HERE / "_build" / "python.inv"
write_inventory(INVENTORY)
intersphinx_mapping = {"python": ("https://docs.python.org/3", str(INVENTORY))}
suppress_warnings = ["ref.python"]  # a framework's type names a field `kind`, as two of ours do
nitpick_ignore_regex = [
    (  # what the adapters stand on
        r"py:.*",
        r"(openai|agents|pydantic\w*|langchain\w*|langgraph|haystack|llama_index|mcp)\..*|types.Annotated",
    ),
    (r"py:.*", r"numpy\..*|np\..*|hypothesis\..*|attrs?\..*|cattrs\..*"),
    (r"py:.*", r".*\._\w+\..*|deescalate\.(reading|wording)\.[a-z]\w*\..*"),  # what no face exports
    (r"py:.*", r"collections\.abc\.Callable\[\[\]"),  # of no arguments
    (r"py:.*", r".*\b[A-Z]$|.*\.[A-Z]_co|.*\b[KV][12]$"),
    (
        r"py:.*",
        r"Attribute|NDArray|Columns|Floats|Node|Event|(.*\.)?(Item|Talk|VerdictFor|Traversable)|(.*\.)?_\w+|typing_extensions\..*|collections\.abc\.Mapping\[str",
    ),
]


# One reference page a room, with every module that has public names.
ROOMS = {
    "errors": "What can go wrong, in one drawn tree.",
    "rules": "Decision tables: facts, conditions, verdicts, documents, proofs.",
    "money": "Amounts of money, exact.",
    "emotion": "Core affect as a small state-space model.",
    "moves": "What an agent does.",
    "documents": "What every reader of documents needs: parts taken out, problems collected.",
    "authority": "What someone may grant and do without asking.",
    "promises": "Commitments, their ledger and follow-up.",
    "cues": "What a customer's message shows.",
    "languages": "Languages as folders: every word that is read or written.",
    "text": "What a text is made of, and the search for phrases in it.",
    "reading": "Text to cues, affect, moves and promises.",
    "strategy": "What to do next, and why.",
    "wording": "The review of a draft reply.",
    "schedules": "Published schedules of compensation, as documents.",
    "compensation": "Fair remedies, from harm and never from volume.",
    "escalation": "Tiers, policy, and the path in time.",
    "conversation": "The fold: events in, advice out.",
    "playbook": "One bundle of all the tables and settings.",
    "simulation": "Customers who react: studies of a way of answering, drills for a bot or a person.",
    "guard": "The loop around a bot's model, and its adapters.",
    "findings": "What checks find, for people and for tools.",
    "advice": "What is known and what is advised.",
    "hours": "Opening hours and time zones.",
    "statistics": "Rates, differences and changes, with their intervals.",
    "records": "Many cases: causes, rates, trends, coaching.",
    "testing": "Hypothesis strategies and laws, a module for each room.",
}
SOURCE = HERE.parent / "src" / "deescalate"


def is_shown(path: Path) -> bool:
    """Whether a module is a page's: a room's face, one of the tests' strategies, an adapter."""
    inside = path.relative_to(SOURCE).with_suffix("").parts
    is_face = path.name == "__init__.py" or len(inside) == 1 or inside[0] in ("testing", "guard")
    return is_face and not any(part.startswith("_") and part != "__init__" for part in inside)


def is_there(name: str) -> bool:
    """Whether what a module stands on is installed: adapters are shown beside their framework."""
    try:
        import_module(name)
    except ImportError:
        return False
    return True


def write_reference(folder: Path) -> None:
    """Write a page a room; pages are only touched where they change."""
    folder.mkdir(parents=True, exist_ok=True)
    for room, gist in ROOMS.items():
        modules = [SOURCE / f"{room}.py", *sorted((SOURCE / room).rglob("*.py"))]
        names = [
            ".".join(["deescalate", *path.relative_to(SOURCE).with_suffix("").parts]).removesuffix(
                ".__init__"
            )
            for path in modules
            if path.exists() and is_shown(path)
        ]
        names = [
            name for name in names if not name.startswith("deescalate.guard.") or is_there(name)
        ]
        page = f"# {room}\n\n{gist}\n"
        for name in names:
            page += f"\n```{{eval-rst}}\n.. automodule:: {name}\n```\n"
        path = folder / f"{room}.md"
        if not path.exists() or path.read_text("utf-8") != page:
            path.write_text(page, "utf-8")


write_reference(HERE / "reference" / "api")
