"""Placeholder: what stands in a dock where a page cannot run, with the reason instead of a traceback. GUI thread.

It needs QtWidgets only. Programs that are written for a `WebView` run on with it: they register, emit and load, and nothing
comes of it; what they ask of the page ends in `EngineUnavailableError` at once.
"""

from __future__ import annotations

import functools
import logging
from concurrent.futures import Future
from typing import Any, Callable

from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.ipc.calls.channels import Channel
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.qt.support.preflight import Problem, find_problem
from auroraview_qt.qt.support.threads import check_gui_thread
from auroraview_qt.qt.support.widgets_only import QtCore, QtWidgets

_MARGIN_PX = 16

_log = logging.getLogger(__name__)


class Placeholder(QtWidgets.QWidget):
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
    responsive(), files_dropped(object)
        As `WebView` has them; never emitted.

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

    #: Methods of `WebView` that have nothing to do here.
    SILENT = frozenset(
        {
            "emit",
            "load_url",
            "load_html",
            "load_file",
            "load_app",
            "open_devtools",
            "reload",
            "setUrl",
            "setHtml",
            "load",
            "stop",
            "enable",
            "disable",
            "allow_files",
            "serve_assets",
            "declare_event",
            "declare_state",
        }
    )

    def __init__(self, problem: Problem, parent: QtWidgets.QWidget | None = None, *, title: str = "") -> None:
        check_gui_thread("Placeholder()")
        super().__init__(parent)
        self.problem = problem
        self.keyboard: object = "inputs"
        self._handler = IpcHandler()
        self.state = SharedState(StateStore())
        for name in self.SILENT:
            self.__dict__[name] = self._nothing
        if title:
            self.setWindowTitle(title)
        heading = QtWidgets.QLabel("This panel cannot be shown", self)
        font = heading.font()
        font.setBold(True)
        heading.setFont(font)
        text = problem.text[:1].upper() + problem.text[1:] + ".\n\n" + problem.advice[:1].upper() + problem.advice[1:] + "."
        detail = QtWidgets.QLabel(text, self)
        detail.setTextFormat(QtCore.Qt.TextFormat.PlainText)
        detail.setTextInteractionFlags(
            QtCore.Qt.TextInteractionFlag.TextSelectableByMouse | QtCore.Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        column = QtWidgets.QVBoxLayout(self)
        column.setContentsMargins(_MARGIN_PX, _MARGIN_PX, _MARGIN_PX, _MARGIN_PX)
        column.addStretch(2)
        for label in (heading, detail):
            label.setWordWrap(True)
            label.setAlignment(QtCore.Qt.AlignmentFlag.AlignHCenter)
            column.addWidget(label)
        column.addStretch(3)
        self.setAccessibleName(heading.text())
        self.setAccessibleDescription(text)

    @property
    def is_ready(self) -> bool:
        """False: there is no page. Thread: any."""
        return False

    @property
    def is_editing(self) -> bool:
        """False: there is no field. Thread: any."""
        return False

    @property
    def ipc_handler(self) -> IpcHandler:
        """As `WebView.ipc_handler`. Thread: any."""
        return self._handler

    def channel(self, channel_id: str | None = None) -> Channel:
        """As `WebView.channel`; nobody listens. Thread: any."""
        return Channel(self._nothing, channel_id)

    def on(self, event: str, fn: Callable[..., object] | None = None) -> Any:
        """As `WebView.on`; no event ever comes. Thread: any."""
        return self._registered(functools.partial(self._handler.on, event), fn)

    def once(self, event: str, fn: Callable[..., object] | None = None) -> Any:
        """As `WebView.once`; no event ever comes. Thread: any."""
        return self._registered(functools.partial(self._handler.on, event, once=True), fn)

    def off(self, event: str, fn: Callable[..., object] | None = None) -> int:
        """As `WebView.off`. Thread: any."""
        return self._handler.off(event, fn)

    def register_callback(self, event: str, fn: Callable[..., object]) -> Any:
        """As `WebView.register_callback`; no event ever comes. Thread: any."""
        return self._handler.on(event, fn)

    def command(self, name: Any = None, fn: Callable[..., object] | None = None, **options: object) -> Any:
        """As `WebView.command`; nobody ever calls. Thread: GUI."""
        return name if callable(name) else self._registered(lambda function: function, fn)

    def bind_call(self, name: str, fn: Callable[..., object] | None = None, **options: object) -> Any:
        """As `WebView.bind_call`; nobody ever calls. Thread: GUI."""
        return self._registered(lambda function: function, fn)

    def bind_api(self, obj: object, namespace: str = "api", **options: object) -> list[str]:
        """As `WebView.bind_api`; nothing is bound. Thread: GUI."""
        return []

    def call(self, name: str, params: object = None, **options: object) -> Future[Any]:
        """As `WebView.call`; ends in `EngineUnavailableError` at once. Thread: any."""
        return self._refused()

    def eval_js(self, source: str, **options: object) -> Future[Any]:
        """As `WebView.eval_js`; ends in `EngineUnavailableError` at once. Thread: any."""
        return self._refused()

    def stats(self) -> dict[str, float]:
        """Nothing has been counted. Thread: any."""
        return {}

    def terminate_page(self) -> bool:
        """False: there is no page. Thread: GUI."""
        return False

    @staticmethod
    def _registered(register: Callable[[Any], object], fn: Callable[..., object] | None) -> Any:
        if fn is not None:
            return register(fn)

        def decorate(function: Any) -> Any:
            register(function)
            return function

        return decorate

    def _refused(self) -> Future[Any]:
        future: Future[Any] = Future()
        future.set_exception(EngineUnavailableError(str(self.problem)))
        return future

    def _nothing(self, *arguments: object, **options: object) -> None:
        """There is no page to do it."""


def safe_view(
    factory: Callable[[], QtWidgets.QWidget], parent: QtWidgets.QWidget | None = None, *, title: str = ""
) -> QtWidgets.QWidget:
    """Make a panel, or a `Placeholder` that says why it cannot be made.

    Parameters
    ----------
    factory : callable
        Imports and makes the panel; called where no problem is known. What fails in it other than the engine is raised.
    parent : QWidget, optional
        Of the placeholder.
    title : str
        Window title of the placeholder.

    Raises
    ------
    WrongThreadError
        This is not the GUI thread: QtWebEngine would end the process.

    Notes
    -----
    Thread: GUI
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
    """Make a `WebView` with these keywords, or a `Placeholder` where QtWebEngine cannot run; see `safe_view`.

    Returns
    -------
    WebView or Placeholder
        Both take the same calls.

    Raises
    ------
    TypeError, WrongThreadError
        As `WebView` and `safe_view`.

    Notes
    -----
    Thread: GUI
    """

    def make() -> QtWidgets.QWidget:
        from auroraview_qt.qt.view import WebView

        return WebView(parent, title=title, **keywords)

    return safe_view(make, parent, title=title)
