"""`auroraview-qt types`: TypeScript for a tool's commands, events and state.

Finds the tool's view, asks `typegen` for the text, and writes or compares files. Runs on the main thread of a process of its
own; Qt is loaded if there is any, because a view cannot be made, or even imported, without an application.
"""

from __future__ import annotations

import argparse
import difflib
import importlib
import os
import sys
import traceback
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Callable

from auroraview_qt._resources import resource_path
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.typegen.document import generate

#: The types every generated file extends; written beside it.
RUNTIME = "auroraview.d.ts"

_SHOWN_LINES = 40


class _TargetError(Exception):
    """The tool could not be found or asked; the text is the reason."""


def run(argv: Sequence[str]) -> int:
    """Write the TypeScript of a tool, or with ``--check`` say whether what is there is still true.

    Returns
    -------
    int
        0 when all went well, 1 for a file that is stale, 2 for a tool that cannot be asked.

    Raises
    ------
    SystemExit
        For `--help` and arguments that make no sense, as argparse does.

    Notes
    -----
    Thread: GUI
    """
    parser = _parser()
    options = parser.parse_args(argv)
    if options.check and options.output is None:
        parser.error("--check needs -o FILE")
    name = options.output.name if options.output else "api.d.ts"
    if name == RUNTIME:
        sys.stderr.write(f"auroraview-qt types: {RUNTIME} is the name of the library's own types: choose another\n")
        return 2
    try:
        text = generate(_registry(options.target), options.target, name)
    except _TargetError as error:
        sys.stderr.write(f"auroraview-qt types: {error}\n")
        return 2
    if options.output is None:
        sys.stdout.write(text)
        return 0
    runtime = resource_path(RUNTIME).read_text(encoding="utf-8")
    files = {options.output: text, options.output.with_name(RUNTIME): runtime}
    if options.check:
        stale = [path for path, wanted in files.items() if _is_stale(path, wanted)]
        if stale:
            print(f"run: auroraview-qt types {options.target} -o {options.output}")
        return 1 if stale else 0
    for path, wanted in files.items():
        path.parent.mkdir(parents=True, exist_ok=True)
        if _read(path) != wanted:
            path.write_bytes(wanted.encode())
            print(f"wrote {path}")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="auroraview-qt types",
        description="Write TypeScript for the commands, events and state of a tool. Beside the file stands auroraview.d.ts, "
        "the types of the library that it extends.",
    )
    parser.add_argument(
        "target",
        metavar="MODULE:ATTRIBUTE",
        help="a WebView, a class or function that makes one, or an object that has one as its attribute `view`",
    )
    where = "where it goes, such as src/api.d.ts; printed if left out"
    parser.add_argument("-o", "--output", type=Path, metavar="FILE", help=where)
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if FILE is not what it should be")
    return parser


def _registry(target: str) -> IpcHandler:
    """Import the module, and find the registry of the view it has or makes."""
    module_name, _, path = target.partition(":")
    if not path:
        raise _TargetError(f"{target!r} should be MODULE:ATTRIBUTE, such as mytool:view")
    _ensure_application()
    sys.path.insert(0, str(Path.cwd()))
    found: Any = _tried(f"import of {module_name}", lambda: importlib.import_module(module_name))
    for part in path.split("."):
        if not hasattr(found, part):
            raise _TargetError(f"{module_name} has no attribute {path!r}")
        found = getattr(found, part)
    registry = _registry_of(found)
    if registry is None and callable(found):
        made = _tried(f"{path}()", found)
        _kept.append(made)
        registry = _registry_of(made)
    if registry is None:
        raise _TargetError(
            f"{target}: {type(found).__name__} is no WebView, makes none, and has none as its attribute 'view'"
        )
    return registry


#: What was made stays alive until the process ends: a view that is collected takes its registry's hooks along.
_kept: list[object] = []


def _registry_of(found: Any) -> IpcHandler | None:
    for candidate in (found, getattr(found, "view", None)):
        registry = candidate if isinstance(candidate, IpcHandler) else getattr(candidate, "ipc_handler", None)
        if isinstance(registry, IpcHandler):
            return registry
    return None


def _tried(what: str, do: Callable[[], object]) -> object:
    """Run code of the tool; whatever it raises is told, with its traceback."""
    try:
        return do()
    except (Exception, SystemExit) as error:
        traceback.print_exc()
        raise _TargetError(f"{what} failed: {type(error).__name__}: {error}") from None


def _ensure_application() -> None:
    """Make the application that views need, without a screen where there is none."""
    displays = ("DISPLAY", "WAYLAND_DISPLAY")
    if sys.platform.startswith("linux") and not any(os.environ.get(name) for name in displays):
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        from auroraview_qt.qt.support.binding import QtWidgets
    except ImportError:
        return  # a registry of its own needs no Qt; whatever does says so
    if QtWidgets.QApplication.instance() is None:
        _kept.append(QtWidgets.QApplication(sys.argv[:1]))


def _read(path: Path) -> str | None:
    try:
        return path.read_bytes().decode("utf-8", "replace").replace("\r\n", "\n")
    except FileNotFoundError:
        return None


def _is_stale(path: Path, wanted: str) -> bool:
    """Compare, and say what is different."""
    found = _read(path)
    if found == wanted:
        return False
    if found is None:
        print(f"{path} is missing")
    else:
        names = (f"{path} (as it is)", f"{path} (as it should be)")
        lines = list(difflib.unified_diff(found.splitlines(), wanted.splitlines(), *names, n=1, lineterm=""))
        print(*lines[:_SHOWN_LINES], sep="\n")
        if len(lines) > _SHOWN_LINES:
            print(f"… and {len(lines) - _SHOWN_LINES} lines more")
    return True
