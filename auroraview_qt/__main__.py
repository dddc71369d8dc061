"""Run the command line with `python -m auroraview_qt`, if the script `auroraview-qt` is not on PATH."""

from __future__ import annotations

import sys

from auroraview_qt.cli import main

if __name__ == "__main__":
    sys.exit(main())
