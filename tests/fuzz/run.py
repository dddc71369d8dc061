"""Feed a target with inputs of atheris: ``python -m tests.fuzz.run TARGET [libFuzzer options]``."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import atheris

if TYPE_CHECKING:
    from collections.abc import Sequence

with atheris.instrument_imports(include=["auroraview_qt"]):
    from tests.fuzz.targets import TARGETS


def main(arguments: Sequence[str]) -> None:
    """Run until libFuzzer's time is up, or an input makes the target raise."""
    atheris.Setup([sys.argv[0], *arguments[1:]], TARGETS[arguments[0]]())
    atheris.Fuzz()


if __name__ == "__main__":
    main(sys.argv[1:])
