"""DMN: tables drawn in graphical modelers, read, proved and written back: see ``Model``."""

from deescalate._public import publish
from deescalate.rules.dmn._logic import as_facts
from deescalate.rules.dmn._model import Model, read_dmn, write_dmn

__all__ = ["Model", "as_facts", "read_dmn", "write_dmn"]

publish(__name__, __all__, globals())
