"""Define Placeholder: a widget in a dock whose page cannot run, with the reason instead of a traceback. GUI thread.

It needs QtWidgets only. Programs that are written for a `WebView` run on with it: they register, emit and load without an
effect. Questions to the page end in `EngineUnavailableError` at once.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any, Callable

from auroraview_qt._noop import noop
from auroraview_qt.devtools.recorder import Recording
from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.ipc.api import BridgeApi
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.port import NoPage
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.qt.look.message import show_message
from auroraview_qt.qt.support.data_folder import check_storage, persist_state
from auroraview_qt.qt.support.preflight import Problem, find_problem
from auroraview_qt.qt.support.threads import check_gui_thread
from auroraview_qt.qt.support.widgets_only import QtCore, QtWidgets
from auroraview_qt.qt.undo import undoable
from auroraview_qt.sites.live_images import ImageApi, ImageSources, NoCodec
from auroraview_qt.sites.resources import ResourceApi, Resources

_log = logging.getLogger(__name__)


class Placeholder(BridgeApi, ImageApi, ResourceApi, QtWidgets.QWidget):  # type: ignore[misc]  # as for `WebView`
    """Says why there is no page, in the host's own look.

    Parameters
    ----------
    problem : Problem
        The reason.
    parent : QWidget, optional
        As for any widget.
    title : str
        Window title.

    Attributes
    ----------
    problem : Problem
        The reason.

    Signals
    -------
    ready(), event_received(str, object), renderer_crashed(str, int), message_dropped(str, str), unresponsive(),
    responsive(), files_dropped(object), download_changed(object)
        The signals of `WebView`; never emitted.

    Notes
    -----
    Thread: GUI; `emit` any.
    """

    ready = QtCore.Signal()
    event_received = QtCore.Signal(str, object)
    renderer_crashed = QtCore.Signal(str, int)
    message_dropped = QtCore.Signal(str, str)
    unresponsive = QtCore.Signal()
    responsive = QtCore.Signal()
    files_dropped = QtCore.Signal(object)
    download_changed = QtCore.Signal(object)

    def __init__(self, problem: Problem, parent: QtWidgets.QWidget | None = None, *, title: str = "") -> None:
        check_gui_thread("Placeholder()")
        super().__init__(parent)
        self.problem = problem
        self.keyboard: object = "inputs"
        self._resources, self._images = Resources(), ImageSources(NoCodec())
        port = NoPage(lambda: EngineUnavailableError(str(problem)))
        self._init_api(port, undoable, noop, devtools=False)
        if title:
            self.setWindowTitle(title)
        text = problem.text[:1].upper() + problem.text[1:] + ".\n\n" + problem.advice[:1].upper() + problem.advice[1:] + "."
        show_message(self, "This panel cannot be shown", text)

    @property
    def is_editing(self) -> bool:
        """Return False: there is no field."""
        return False

    def load_url(self, url: str) -> None:
        """Do nothing: there is no page."""

    def load_html(self, html: str) -> None:
        """Do nothing: there is no page."""

    def load_file(self, path: str | Path) -> None:
        """Do nothing: there is no page."""

    def load_app(self, app_dir: str | Path, dev_url: str | None = None) -> None:
        """Do nothing: there is no page."""

    def enable(self, capability: str, **options: Any) -> None:
        """Do nothing: there is no page."""

    def disable(self, capability: str) -> None:
        """Do nothing: there is no page."""

    def allow_files(self, *roots: str | Path) -> None:
        """Do nothing: there is no page."""

    def serve_assets(self, root: str | Path) -> None:
        """Do nothing: there is no page."""

    def open_devtools(self) -> None:
        """Do nothing: there is no page."""

    def open_inspector(self) -> None:
        """Do nothing: there is no page."""

    def record(self, path: str | Path, **options: Any) -> Recording:
        """Record no message: there is no page; the file has a header."""
        return Recording(Engine(TrustPolicy()), path, **options)

    def terminate_page(self) -> bool:
        """Return False: there is no page."""
        return False

    # Methods of QWebEngineView

    def load(self, *arguments: object) -> None:
        """Do nothing: there is no page."""

    def setUrl(self, *arguments: object) -> None:
        """Do nothing: there is no page."""

    def setHtml(self, *arguments: object) -> None:
        """Do nothing: there is no page."""

    def reload(self) -> None:
        """Do nothing: there is no page."""

    def stop(self) -> None:
        """Do nothing: there is no page."""


def safe_view(
    factory: Callable[[], QtWidgets.QWidget], parent: QtWidgets.QWidget | None = None, *, title: str = ""
) -> QtWidgets.QWidget:
    """Make a panel, or a `Placeholder` with the reason why it cannot be made.

    Thread: GUI.

    Parameters
    ----------
    factory : callable
        Imports and makes the panel; called if no problem is known. Errors that do not come from the engine are raised.
    parent : QWidget, optional
        The parent of the placeholder.
    title : str
        Window title of the placeholder.

    Raises
    ------
    WrongThreadError
        This is not the GUI thread: QtWebEngine would end the process.
    """
    check_gui_thread("a panel")
    problem = find_problem()
    if problem is None:
        try:
            return factory()
        except EngineUnavailableError as error:
            problem = Problem("import_failed", "QtWebEngine could not be loaded", str(error))
    _log.error("no panel %r: %s", title, problem)
    return Placeholder(problem, parent, title=title)


def create_view(parent: QtWidgets.QWidget | None = None, *, title: str = "", **keywords: Any) -> Any:
    """Make a `WebView` with these keywords, or a `Placeholder` if QtWebEngine cannot run; see `safe_view`.

    Thread: GUI.

    Returns
    -------
    WebView or Placeholder
        Both have the same methods.

    Raises
    ------
    TypeError, StorageError, WrongThreadError
        As for `WebView` and `safe_view`.
    """

    def make() -> QtWidgets.QWidget:
        from auroraview_qt.qt.view import WebView

        return WebView(parent, title=title, **keywords)

    storage = check_storage(keywords.get("storage"))
    view = safe_view(make, parent, title=title)
    if isinstance(view, Placeholder):
        persist_state(view.state, storage)
    return view
