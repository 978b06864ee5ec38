"""The command ``deescalate``: conversations, drafts and documents from a terminal.

What it exits with:

- 0: all is well.
- 1: there are findings: an error or a warning, a draft that may not be sent, a difference.
- 2: it was called wrongly, or something could not be read or written.
- 130, 141: stopped with Ctrl-C; whoever read the output went away.
"""

from deescalate._public import publish
from deescalate.command._main import main

__all__ = ["main"]

publish(__name__, __all__, globals())
