"""Provide the functions for start-up files of hosts, from `auroraview-qt install` and others. GUI thread.

Owns the steps from ``"mytool:make_panel"`` to a docked panel. Neither Qt nor the tool is loaded by importing it.
"""

from __future__ import annotations

import functools
import importlib
import logging
from typing import TYPE_CHECKING, Any

from auroraview_qt import hosts
from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.qt.support.preflight import find_problem, stops_import

if TYPE_CHECKING:
    from auroraview_qt.hosts.panel import Panel
    from auroraview_qt.qt.support.widgets_only import QtWidgets

_log = logging.getLogger(__name__)


def dock(panel: str, *, title: str, object_name: str, area: hosts.Area = "right", show: bool = False) -> Panel:
    """Dock a panel that is given by its name; the tool is imported when the panel is shown for the first time.

    If the tool cannot be imported or the engine cannot run, the panel shows the reason.

    Thread: GUI.

    Parameters
    ----------
    panel : str
        ``"module:function"`` of the function that makes the panel's widget, without arguments.
    title, object_name, area
        As for `hosts.dock`.
    show : bool
        True to show the panel now; otherwise the host's layout decides.

    Returns
    -------
    Panel
        As for `hosts.dock`.

    Raises
    ------
    EngineUnavailableError
        As for `prepare`.
    ValueError
        As for `hosts.dock`, or if `panel` is not ``"module:function"``.
    LookupError
        If the module lacks the function, and the panel should be shown now.
    """
    split_panel_name(panel)
    prepare()
    return hosts.dock(functools.partial(_make, panel, title), title=title, object_name=object_name, area=area, show=show)


def register_scheme() -> bool:
    """Register the URL scheme of app pages, which works only ahead of the process's first web page.

    Call this in the host's start-up script if the host, or another tool, shows its own web pages. The call imports
    QtWebEngine and starts nothing. After a late registration pages load, but have no secure context, and all views share the
    same origin.

    Thread: GUI.

    Returns
    -------
    bool
        Whether app pages get a secure context and separate origins. False also if QtWebEngine cannot be imported here, which
        is logged.
    """
    try:
        return prepare()
    except EngineUnavailableError as error:
        _log.warning("the URL scheme is not registered: %s", error)
        return False


def prepare() -> bool:
    """Load the library and register its URL scheme, or raise the reason why QtWebEngine cannot run.

    Thread: GUI.

    Returns
    -------
    bool
        As for `register_scheme`.

    Raises
    ------
    EngineUnavailableError
        Panels are switched off, QtWebEngine is missing, or loading it would hurt the host.
    """
    problem = find_problem()
    if problem is not None and stops_import(problem):
        raise EngineUnavailableError(str(problem))
    from auroraview_qt.qt.page import scheme

    return scheme.register_scheme()


def split_panel_name(panel: str) -> tuple[str, str]:
    """Take the name of a panel apart.

    Thread: any.

    Parameters
    ----------
    panel : str
        ``"module:function"``.

    Raises
    ------
    ValueError
        If the text is not ``"module:function"``.
    """
    module, _, path = panel.partition(":")
    if not all(part.isidentifier() for part in (*module.split("."), *path.split("."))):
        raise ValueError(f"panel={panel!r}: should be MODULE:FUNCTION, such as mytool:make_panel")
    return module, path


def _make(panel: str, title: str) -> QtWidgets.QWidget:
    from auroraview_qt.qt.placeholder import safe_view

    return safe_view(functools.partial(_call, panel), title=title)


def _call(panel: str) -> QtWidgets.QWidget:
    module, path = split_panel_name(panel)
    found: Any = importlib.import_module(module)
    for part in path.split("."):
        if not hasattr(found, part):
            raise LookupError(f"{module} has no {path!r}: install the panel again with the function that makes its widget")
        found = getattr(found, part)
    result: QtWidgets.QWidget = found()
    return result
