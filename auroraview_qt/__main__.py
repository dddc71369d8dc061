"""`python -m auroraview_qt`: the command line, where the `auroraview-qt` script is not on PATH."""

from __future__ import annotations

import sys

from auroraview_qt.cli import main

if __name__ == "__main__":
    sys.exit(main())
