"""Import a tool and write its TypeScript to a file: the child process of `auroraview-qt types`.

The process is separate because a tool may end it. It prints nothing. Thread: main.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any, Callable

from auroraview_qt.cli import stand_ins
from auroraview_qt.cli.policy_report import policy_report
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.typegen.document import generate

#: The two kinds of views: plain objects without Qt, or widgets of an application without a screen.
PLAIN, WIDGETS = "plain", "widgets"
#: In place of a file's name: write the policy of the view instead of its types.
POLICY = "--policy"

#: Keeps views alive until the process ends, because a collected view removes its registry's hooks.
_kept: list[object] = []


class _TargetError(Exception):
    """The tool could not be found or loaded; the text is the reason."""


def main() -> None:
    """Answer ``mode target name answer-file`` with ``{"text": …}``, ``{"error": …}`` or ``{"retry": …}``."""
    mode, target, name, answer = sys.argv[1:]
    document: dict[str, object]
    try:
        stand_ins.use(stand_ins.View if mode == PLAIN else _widget_view())
        registry = _registry(target)
        document = {"text": _policy_of(registry, target) if name == POLICY else generate(registry, target, name)}
    except Exception as error:
        if mode == PLAIN and _loaded_widgets():
            document = {"retry": True}
        else:
            if not isinstance(error, _TargetError):
                traceback.print_exc()
            document = {"error": str(error) or type(error).__name__}
    Path(answer).write_text(json.dumps(document), encoding="utf-8")
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(0)  # otherwise the remaining widgets would be deleted in random order


def _policy_of(registry: IpcHandler, target: str) -> str:
    """Return the report about the policy of the view with a registry."""
    view = next((one for one in stand_ins.made if one.ipc_handler is registry), None)
    if view is None:
        raise _TargetError(f"{target} has no WebView")
    return policy_report(target, view.options, view.enabled)


def _loaded_widgets() -> bool:
    return any(name.endswith(".QtWidgets") for name in sys.modules)


def _widget_view() -> type[Any]:
    """Make an application without a screen, and return the class of views that are widgets."""
    os.environ["QT_QPA_PLATFORM"] = "offscreen"
    from auroraview_qt.qt.support.widgets_only import QtWidgets

    _kept.append(QtWidgets.QApplication.instance() or QtWidgets.QApplication(["types"]))
    return stand_ins.widget_view(QtWidgets.QWidget)


def _registry(target: str) -> IpcHandler:
    """Import the module, and return the registry of its view."""
    module_name, _, path = target.partition(":")
    found: Any = _tried(f"import of {module_name}", lambda: importlib.import_module(module_name))
    for part in path.split("."):
        if not hasattr(found, part):
            raise _TargetError(f"{module_name} has no attribute {path!r}")
        found = getattr(found, part)
    registry = _registry_of(found)
    if registry is None and callable(found):
        result = _tried(f"{path}()", found)
        _kept.append(result)
        registry = _registry_of(result)
    if registry is None:
        raise _TargetError(
            f"{target}: {type(found).__name__} is no WebView, makes none, and has none as its attribute 'view'"
        )
    return registry


def _registry_of(found: Any) -> IpcHandler | None:
    if isinstance(found, type):
        return None
    for candidate in (found, getattr(found, "view", None)):
        registry = candidate if isinstance(candidate, IpcHandler) else getattr(candidate, "ipc_handler", None)
        if isinstance(registry, IpcHandler):
            return registry
    return None


def _tried(what: str, do: Callable[[], object]) -> object:
    """Run code of the tool; report its exceptions with their tracebacks."""
    try:
        return do()
    except (Exception, SystemExit) as error:
        if not _loaded_widgets() or sys.argv[1] == WIDGETS:  # otherwise the tool is loaded again
            traceback.print_exc()
        raise _TargetError(f"{what} failed: {type(error).__name__}: {error}") from None
