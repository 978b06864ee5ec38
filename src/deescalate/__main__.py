"""``python -m deescalate`` is the command ``deescalate``."""

import sys

from deescalate.command import main

if __name__ == "__main__":
    sys.exit(main())
