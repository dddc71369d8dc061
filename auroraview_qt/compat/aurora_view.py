"""AuroraView: a tool that has a view, as programs for AuroraView subclass it. GUI thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any, ClassVar

from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.qt.compat import QtWebView
from auroraview_qt.qt.support.binding import QtWidgets, is_alive
from auroraview_qt.qt.support.threads import check_gui_thread

_log = logging.getLogger(__name__)


class AuroraView:
    """A tool around a `QtWebView`, its attribute `view`. It lives until `close`, even if the program does not keep it.

    Parameters
    ----------
    parent : QWidget, optional
        The parent of the view. A window handle, as in AuroraView, has no effect here: use `hosts.dock`.
    parent_hwnd : int, optional
        Has no effect here.
    url, html : str, optional
        The page to load, as for `QtWebView`; a page of this machine gets the bridge.
    title : str
        Title of the window.
    width, height : int
        Size in pixels.
    fullscreen : bool
        Fill the screen when it is shown.
    debug : bool
        Development mode, as `dev_tools`.
    api : object, optional
        Its public methods become ``auroraview.api.*``. Without it those are taken that a subclass adds to this class.
    frame : bool
        Whether the window has a title bar.
    **others
        Further keywords of `QtWebView`.

    Raises
    ------
    TypeError
        If a keyword is unknown.
    WrongThreadError
        This is not the GUI thread.

    Notes
    -----
    Thread: GUI. `show` returns at once; a program of its own runs its event loop, as each Qt program does.
    """

    _living: ClassVar[set[AuroraView]] = set()

    def __init__(
        self,
        *,
        parent: Any = None,
        parent_hwnd: int | None = None,
        url: str | None = None,
        html: str | None = None,
        title: str = "AuroraView",
        width: int = 800,
        height: int = 600,
        fullscreen: bool = False,
        debug: bool = False,
        api: object | None = None,
        frame: bool = True,
        **others: Any,
    ) -> None:
        check_gui_thread(f"{type(self).__name__}()")
        if parent_hwnd is not None or not (parent is None or isinstance(parent, QtWidgets.QWidget)):
            _log.warning("AuroraView(): a window handle as parent means nothing here; dock the view by hosts.dock()")
            parent = None
        self._fullscreen = fullscreen
        self._closing = False
        # Load at the end, so that the page finds the bound functions.
        self._view = QtWebView(parent, title, width, height, dev_tools=debug, frameless=not frame, **others)
        self._view.ready.connect(self.on_ready)
        self._view.aboutToClose.connect(self._on_closed)
        if api is not None:
            self._view.bind_api(api)
        else:
            for name in self._own_methods():
                self._view.bind_call(f"api.{name}", getattr(self, name))
        AuroraView._living.add(self)
        if url is not None:
            self._view.load_url(url)
        elif html is not None:
            self._view.load_html(html)

    def _own_methods(self) -> list[str]:
        """Name the public methods that subclasses add."""
        names = [name for name in dir(type(self)) if not name.startswith("_") and not hasattr(AuroraView, name)]
        return [name for name in names if callable(getattr(type(self), name))]

    # Methods for subclasses

    def on_show(self) -> None:
        """Do nothing; called after `show`."""

    def on_hide(self) -> None:
        """Do nothing; called after the view was hidden by `set_visible`."""

    def on_close(self) -> None:
        """Do nothing; called when the view is closed."""

    def on_ready(self) -> None:
        """Do nothing; called when a page is ready."""

    # View

    @property
    def view(self) -> QtWebView:
        """The widget."""
        return self._view

    @property
    def state(self) -> SharedState:
        """Return the state shared with the page."""
        return self._view.state

    def emit(self, event_name: str, payload: object = None) -> None:
        """Send an event to the page. Thread: any."""
        self._view.emit(event_name, payload)

    def on(self, event_name: str, fn: Callable[..., object] | None = None) -> Any:
        """Call a function at an event of the page, also as a decorator. Thread: any."""
        return self._view.on(event_name) if fn is None else self._view.on(event_name, fn)

    def command(self, name: Any = None) -> Any:
        """Register a command, also as a decorator with or without a name. Thread: any."""
        return self._view.command(name) if name is not None else self._view.command

    def bind_call(self, method: str, func: Callable[..., Any] | None = None) -> Any:
        """Bind a function to a name of the page's `auroraview`, also as a decorator. Thread: any."""
        return self._view.bind_call(method) if func is None else self._view.bind_call(method, func)

    def bind_api(self, api: object, namespace: str = "api") -> None:
        """Bind the public methods of an object. Thread: any."""
        self._view.bind_api(api, namespace)

    def show(self) -> None:
        """Show the view and return."""
        if self._fullscreen and self._view.isWindow():
            self._view.showFullScreen()
        else:
            self._view.show()
        self.on_show()

    def close(self) -> None:
        """Close the view and delete it; twice is once."""
        if is_alive(self._view):
            self._view.close()
            self._view.deleteLater()
        self._on_closed()

    def _on_closed(self) -> None:
        if not self._closing:
            self._closing = True
            AuroraView._living.discard(self)
            self.on_close()

    def get_hwnd(self) -> int:
        """Return the native handle of the view's window."""
        return self._view.get_hwnd()

    def set_visible(self, visible: bool) -> None:
        """Show or hide the view."""
        self._view.setVisible(visible)
        if not visible:
            self.on_hide()

    def set_position(self, x: int, y: int) -> None:
        """Move the view."""
        self._view.move(x, y)

    def set_size(self, width: int, height: int) -> None:
        """Size the view."""
        self._view.resize(width, height)
