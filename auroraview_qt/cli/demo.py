"""Open the built-in panel, or write a picture of it if there is no screen: `auroraview-qt demo`.

Thread: main, in a separate process. The module loads Qt only after it has read the arguments.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path

PICTURE = Path("auroraview-demo.png")


def run(argv: Sequence[str]) -> int:
    """Run the demo.

    Returns
    -------
    int
        0; or 1 if the self-test failed or QtWebEngine cannot run here.

    Raises
    ------
    SystemExit
        For `--help` and wrong arguments, as argparse does.
    """
    options = _parser().parse_args(argv)
    picture: Path | None = options.screenshot
    if options.offscreen or not _has_screen():
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        picture = picture or PICTURE
    from auroraview_qt.errors import EngineUnavailableError
    from auroraview_qt.qt.support.preflight import find_problem

    problem = find_problem()
    if problem is not None:
        sys.stderr.write(f"auroraview-qt demo: {problem}\n")
        return 1
    try:
        from auroraview_qt import demo
    except (ImportError, EngineUnavailableError) as error:
        sys.stderr.write(f"auroraview-qt demo: {error}\n")
        return 1
    return demo.run(picture.resolve() if picture is not None else None)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="auroraview-qt demo",
        description="Open the built-in panel. If there is no screen, run its self-test and write a picture.",
    )
    parser.add_argument("--offscreen", action="store_true", help="run the self-test, even if there is a screen")
    parser.add_argument("--screenshot", type=Path, metavar="PATH", help=f"path of the picture (offscreen: {PICTURE})")
    return parser


def _has_screen() -> bool:
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal"):
        return False
    displays = ("DISPLAY", "WAYLAND_DISPLAY")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in displays)
