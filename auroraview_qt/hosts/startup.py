"""What the start-up files of hosts call, those that `auroraview-qt install` writes and others. GUI thread.

Owns: the way from ``"mytool:make_panel"`` to a docked panel. Neither Qt nor the tool is loaded by importing it.
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

    A tool that cannot be imported, or an engine that cannot run, is said in the panel's place.

    Thread: GUI.

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
    """
    split_panel_name(panel)
    prepare()
    return hosts.dock(functools.partial(_make, panel, title), title=title, object_name=object_name, area=area, show=show)


def register_scheme() -> bool:
    """Register the URL scheme of app pages, which works only ahead of the process's first web page.

    Call it in the host's start-up script if the host, or another tool, shows web pages of its own. It imports QtWebEngine
    and starts nothing. Registered too late, pages load but have no secure context, and all views share one origin.

    Thread: GUI.

    Returns
    -------
    bool
        Whether app pages get a secure context and an origin each. False also if QtWebEngine cannot be imported here,
        which is logged.
    """
    try:
        return prepare()
    except EngineUnavailableError as error:
        _log.warning("the URL scheme is not registered: %s", error)
        return False


def prepare() -> bool:
    """Load the library and register its URL scheme, or say why QtWebEngine cannot run.

    Thread: GUI.

    Returns
    -------
    bool
        As `register_scheme`.

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
        It is none.
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
