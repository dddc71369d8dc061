"""What the start-up files of hosts call, those that `auroraview-qt install` writes and others. GUI thread.

Owns: the way from ``"mytool:make_panel"`` to a docked panel. Neither Qt nor the tool is loaded by importing it.
"""

from __future__ import annotations

import functools
import importlib
import sys
from typing import TYPE_CHECKING, Any

from auroraview_qt import hosts
from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.qt.support.preflight import Problem, find_problem

if TYPE_CHECKING:
    from auroraview_qt.hosts.panel import Panel
    from auroraview_qt.qt.support.binding import QtWidgets

#: Problems that importing QtWebEngine does not run into; the panel tells of them in its place.
_SAID_BY_THE_PANEL = ("root_sandbox", "network_path")


def dock(panel: str, *, title: str, object_name: str, area: hosts.Area = "right", show: bool = False) -> Panel:
    """Dock a panel that is given by its name; the tool is imported when the panel is shown for the first time.

    A tool that cannot be imported, or an engine that cannot run, is said in the panel's place.

    Parameters
    ----------
    panel : str
        ``"module:function"`` of what makes the panel's widget, without arguments.
    title, object_name, area
        As for `hosts.dock`.
    show : bool
        True to show it now; else it comes back as the host's layout has it.

    Returns
    -------
    Panel
        As of `hosts.dock`.

    Raises
    ------
    EngineUnavailableError
        As of `prepare`.
    ValueError
        As of `hosts.dock`, or `panel` is no ``"module:function"``.
    LookupError
        The module has no such function, and the panel was to be shown now.

    Notes
    -----
    Thread: GUI
    """
    checked(panel)
    prepare()
    return hosts.dock(functools.partial(_make, panel, title), title=title, object_name=object_name, area=area, show=show)


def prepare() -> None:
    """Load the library and register its URL scheme, which is possible only ahead of the first page of the process.

    Raises
    ------
    EngineUnavailableError
        Panels are switched off, QtWebEngine is missing, or loading it would hurt the host.

    Notes
    -----
    Thread: GUI
    """
    problem = find_problem()
    if problem is not None and _is_one_of_importing(problem):
        raise EngineUnavailableError(str(problem))
    importlib.import_module("auroraview_qt.qt.page.scheme")


def _is_one_of_importing(problem: Problem) -> bool:
    # What crashes Blender on Linux is averted when its first panel is made.
    averted = problem.code == "known_crash" and sys.platform != "win32"
    return not averted and problem.code not in _SAID_BY_THE_PANEL


def checked(panel: str) -> tuple[str, str]:
    """Take the name of a panel apart.

    Parameters
    ----------
    panel : str
        ``"module:function"``.

    Raises
    ------
    ValueError
        It is none.

    Notes
    -----
    Thread: any
    """
    module, _, path = panel.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), *path.split("."))):
        raise ValueError(f"panel={panel!r}: should be MODULE:FUNCTION, such as mytool:make_panel")
    return module, path


def _make(panel: str, title: str) -> QtWidgets.QWidget:
    from auroraview_qt.qt.placeholder import safe_view

    return safe_view(functools.partial(_call, panel), title=title)


def _call(panel: str) -> QtWidgets.QWidget:
    module, path = checked(panel)
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        if not hasattr(found, part):
            raise LookupError(f"{module} has no {path!r}: install the panel again with the function that makes its widget")
        found = getattr(found, part)
    made: QtWidgets.QWidget = found()
    return made
