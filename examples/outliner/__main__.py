"""The demo: a scene outliner panel docked in a plain Qt window, on a real glTF file.

Owns: the command line of `python -m outliner`, and the decision between showing the window and touring it
offscreen.
Thread: GUI (main). Qt is loaded only after the file has been read, so that a broken file is reported
wherever Python runs.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from outliner.errors import SceneFileError

if TYPE_CHECKING:
    from outliner.scene import SceneModel

_MAX_NODES = 200_000


def run(argv: Sequence[str] | None = None) -> int:
    """Run the demo.

    Parameters
    ----------
    argv : sequence of str, optional
        The arguments; by default the arguments of this process.

    Returns
    -------
    int
        0 for success; 1 if the tour found a difference between page and window, or Qt is missing; 2 for an unreadable file.
    """
    options = _parser().parse_args(argv)
    offscreen = options.offscreen or not _has_screen()
    model, error = _load(options)
    if error:
        sys.stderr.write(f"outliner: {error}\n")
    if offscreen:
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from outliner.app import show, tour
    except ImportError as problem:
        sys.stderr.write(f"outliner: {problem}\n")
        return 2 if error else 1
    code = tour(model, error, options.screenshot.resolve()) if offscreen else show(model, error)
    return 2 if error else code


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="outliner",
        description="Open the scene outliner panel. Without a screen, play a session in it and write a picture.",
    )
    parser.add_argument(
        "file", nargs="?", metavar="FILE", type=Path, help="a .gltf or .glb file (default: the bundled scene)"
    )
    parser.add_argument("--nodes", type=_count, metavar="N", help="show a generated scene of N nodes instead of a file")
    parser.add_argument("--offscreen", action="store_true", help="play the session, even with a screen")
    parser.add_argument(
        "--screenshot",
        type=Path,
        metavar="PATH",
        default=Path("auroraview-demo.png"),
        help="path of the session's picture (default: %(default)s)",
    )
    return parser


def _count(text: str) -> int:
    count = int(text) if text.isdecimal() else 0
    if not 1 <= count <= _MAX_NODES:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to {_MAX_NODES}")
    return count


def _load(options: argparse.Namespace) -> tuple[SceneModel | None, str]:
    from outliner import sources

    if options.nodes:
        return sources.generated(options.nodes), ""
    try:
        return sources.open_scene(options.file or sources.bundled_path()), ""
    except SceneFileError as error:
        return None, str(error)


def _has_screen() -> bool:
    if os.environ.get("QT_QPA_PLATFORM", "").split(":")[0] in ("offscreen", "minimal"):
        return False
    displays = ("DISPLAY", "WAYLAND_DISPLAY")
    return not sys.platform.startswith("linux") or any(os.environ.get(name) for name in displays)


if __name__ == "__main__":
    sys.exit(run())
