"""Define QtWebView: a WebView with AuroraView's spelling, for programs that were written for AuroraView. GUI thread."""

from __future__ import annotations

import inspect
import logging
import re
from dataclasses import replace
from pathlib import Path
from typing import Any, Callable, cast

from auroraview_qt._wording import refuse_unknown
from auroraview_qt.ipc.calls.channels import Channel
from auroraview_qt.ipc.calls.page_calls import TIMEOUT_S, PageFuture
from auroraview_qt.ipc.wire.message_queue import NOTHING
from auroraview_qt.policy import Policy
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.script_globals import with_globals
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, Signal, is_alive
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.threads import check_gui_thread, gui_only
from auroraview_qt.qt.view import WebView

#: Keywords of AuroraView without use in QtWebEngine, or for the window around a docked panel.
MEANINGLESS = frozenset(
    (
        "allow_file_protocol",
        "allow_new_window",
        "auto_prewarm",
        "auto_show",
        "auto_timer",
        "bridge",
        "data_directory",
        "debug",
        "decorations",
        "embed_mode",
        "frame",
        "ipc_batch_size",
        "mode",
        "new_window_mode",
        "proxy_url",
        "remote_debugging_port",
        "resizable",
        "user_agent",
    )
)

#: Hosts of this machine: AuroraView's guides load a development server from there.
_LOOPBACK = re.compile(r"localhost|127(\.\d{1,3}){3}|::1", re.IGNORECASE)
#: The zone of a page that takes drops anywhere.
_WHOLE_PAGE = "page"
_CAPTURE_DROPS = f"document.documentElement.setAttribute('data-aurora-drop', '{_WHOLE_PAGE}')"

_log = logging.getLogger(__name__)
_named: set[str] = set()
_untrusted: set[str] = set()
#: The console's level of errors.
_ERROR = 2


class Title(str):
    """The title of a window; a call returns the title of its page. AuroraView reads ``view.title``, Qt ``view.title()``.

    Thread: GUI
    """

    __slots__ = ("_of_page",)
    _of_page: Callable[[], str]

    def __new__(cls, of_window: str, of_page: Callable[[], str]) -> Title:
        """Make a title from the window's title and a function for the page's title."""
        title = super().__new__(cls, of_window)
        title._of_page = of_page
        return title

    def __call__(self) -> str:
        """Return the page's title."""
        return self._of_page()


class _Signals(QtCore.QObject):
    """Emits for a view: PySide2 emits a signal by calling the `emit` of its object, which is another one in a view."""

    about_to_close = Signal()
    js_error = Signal(str, int, str)


class QtWebView(WebView):
    """A `WebView` with the constructor and the methods of AuroraView's widget of the same name.

    Parameters
    ----------
    parent : QWidget, optional
        As for any widget.
    title : str
        Window title.
    width, height : int
        Size in pixels.
    url, html : str, optional
        The page to load; `url` wins if both are given.
    dev_tools : bool
        Development mode, `devtools` of `WebView`. It is off by default, because it shows tracebacks to the page.
    context_menu : bool
        Whether the right button opens the engine's menu.
    asset_root : path-like, optional
        Folder served as ``https://auroraview.localhost/``; its files may use inline scripts.
    always_on_top, frameless, tool_window, transparent : bool
        Flags of its window if it has no parent. A transparent page shows the widgets behind it.
    background_color : str, optional
        ``"#rrggbb"`` or a name: the colour where the page paints nothing.
    icon : str, optional
        File of the window's icon.
    capture_file_drop : bool
        Take files that are dropped anywhere on the page; their zone is ``"page"``.
    allow_downloads : bool
        Ask the artist for a place, as ``Policy(downloads="ask")`` does, unless the policy has another way.
    **others
        Keywords of `WebView`, and keywords of AuroraView without an effect; the log names the latter once.

    Raises
    ------
    TypeError
        If neither class has a keyword; the message names the nearest match.
    FileNotFoundError
        There is no folder `asset_root`.

    Notes
    -----
    Thread: GUI. The signals that QWebEngineView has are its own: ``urlChanged`` passes a QUrl.

    Signals
    -------
    aboutToClose()
        The view is being closed; the page lives on, hidden.
    windowCloseRequested()
        The view is being closed, or a script of the page called ``window.close()``, which closes nothing here.
    jsError(str, int, str)
        An error of the page that nothing caught: message, line, source.
    consoleMessage(int, str, int, str)
        A message of the page's console: level (0 info, 1 warning, 2 error), message, line, source.
    """

    aboutToClose = Signal()
    windowCloseRequested = Signal()
    jsError = Signal(str, int, str)
    consoleMessage = Signal(int, str, int, str)

    def __init__(
        self,
        parent: QtWidgets.QWidget | None = None,
        title: str = "AuroraView",
        width: int = 800,
        height: int = 600,
        url: str | None = None,
        html: str | None = None,
        dev_tools: bool = False,
        context_menu: bool = True,
        asset_root: str | Path | None = None,
        *,
        always_on_top: bool = False,
        frameless: bool = False,
        tool_window: bool = False,
        transparent: bool = False,
        background_color: str | None = None,
        icon: str | None = None,
        capture_file_drop: bool = False,
        allow_downloads: bool = False,
        **others: Any,
    ) -> None:
        known = MEANINGLESS.union(*(inspect.signature(one.__init__).parameters for one in (WebView, QtWebView)))
        refuse_unknown([keyword for keyword in others if keyword not in known], "QtWebView", sorted(known))
        _name_once(sorted(set(others) & MEANINGLESS))
        others = {keyword: value for keyword, value in others.items() if keyword not in MEANINGLESS}
        policy = others.get("policy") or Policy()
        if allow_downloads and policy.downloads == "refuse":
            others["policy"] = replace(policy, downloads="ask")
        super().__init__(parent, title=title, devtools=dev_tools or others.pop("devtools", False), **others)
        self.resize(width, height)
        self._loading = False
        self.loadStarted.connect(self._on_load_started)
        self.loadFinished.connect(self._on_load_finished)
        page = cast(Page, self.page())
        page.console_message.connect(self.consoleMessage)
        page.console_message.connect(self._on_console)
        page.windowCloseRequested.connect(self.windowCloseRequested)
        self._signals = _Signals(self)
        self._signals.about_to_close.connect(self.aboutToClose)
        self._signals.about_to_close.connect(self.windowCloseRequested)
        self._signals.js_error.connect(self.jsError)
        if capture_file_drop:
            self.ready.connect(self._capture_drops)
        flag = QtCore.Qt.WindowType
        for wanted, kind in (
            (always_on_top, flag.WindowStaysOnTopHint),
            (frameless, flag.FramelessWindowHint),
            (tool_window, flag.Tool),
        ):
            if wanted and parent is None:
                self.setWindowFlags(self.windowFlags() | kind)
        if transparent:
            self.setAttribute(QtCore.Qt.WidgetAttribute.WA_TranslucentBackground)
            self.page().setBackgroundColor(QtCore.Qt.GlobalColor.transparent)
        elif background_color is not None:
            self.page().setBackgroundColor(QtGui.QColor(background_color))
        if icon is not None:
            self.setWindowIcon(QtGui.QIcon(icon))
        if not context_menu:
            self.setContextMenuPolicy(QtCore.Qt.ContextMenuPolicy.NoContextMenu)
        if asset_root is not None:
            self.serve_assets(asset_root)
        if url is not None:
            self.load_url(url)
        elif html is not None:
            self.load_html(html)

    @classmethod
    def create_deferred(
        cls,
        parent: QtWidgets.QWidget | None = None,
        *arguments: Any,
        on_ready: Callable[[Any], object] | None = None,
        on_error: Callable[[str], object] | None = None,
        **keywords: Any,
    ) -> QtWidgets.QWidget:
        """Make the view at a later turn of the event loop, and return at once.

        Parameters
        ----------
        parent, *arguments, **keywords
            The parent of the view.
        on_ready : callable, optional
            Called with the view once it is made; its emits wait for the page.
        on_error : callable, optional
            Called with a message if making the view failed.

        Returns
        -------
        QWidget
            An empty widget in the view's place. Add the view in the place of this widget, or leave the widget alone: it
            hides when the view is there. If the widget is deleted first, no view is made.
        """
        check_gui_thread("QtWebView.create_deferred()")
        place = QtWidgets.QWidget(parent)
        place.setWindowTitle(str(keywords.get("title", "AuroraView")))

        @guarded("create_deferred() did not report the view")
        def make_now() -> None:
            if not is_alive(place):
                return
            try:
                view = cls(parent, *arguments, **keywords)
            except BaseException as error:
                contain(_log, error, "create_deferred(): the view could not be made")
                if on_error is not None:
                    on_error(str(error) or type(error).__name__)
                return
            place.hide()
            if on_ready is not None:
                on_ready(view)

        QtCore.QTimer.singleShot(0, make_now)  # which keeps the place alive until then
        return place

    def emit(  # type: ignore[override]  # AuroraView's third parameter stands where ours takes keywords only
        self, event: str, data: object = NOTHING, auto_process: bool = True, *, coalesce: bool = False
    ) -> None:
        """Send an event to the page, as `WebView.emit`; `auto_process` has no effect. Thread: any."""
        self._emit(event, data, coalesce=coalesce)

    @gui_only
    def load_url(self, url: str) -> None:
        """Load a URL, as `WebView.load_url`; a page of this machine, such as a development server's, gets the bridge.

        Other pages are shown without it unless their origin is in `trusted_origins`; a warning says so once for each.
        """
        target = QtCore.QUrl(url)
        if target.scheme() in ("http", "https") and not target.userInfo():
            if _LOOPBACK.fullmatch(target.host()):
                self._targets.trust_server(target)
            elif self._local_urls.document_url(target) is None and not self._trust.trusts(target.url()):
                _name_untrusted(f"{target.scheme()}://{target.authority()}")
        super().load_url(url)

    def eval_js(self, source: str, *, timeout_s: float | None = TIMEOUT_S) -> PageFuture:
        """Evaluate as `WebView.eval_js`; variables and functions declared at the top become global ones. Thread: any."""
        return super().eval_js(with_globals(source), timeout_s=timeout_s)

    @property
    def is_alive(self) -> bool:
        """Return whether the view is there: False once Qt has deleted it."""
        return is_alive(self)

    @property
    @gui_only
    def current_url(self) -> str:
        """The URL of the page that is shown."""
        return str(self.url().toString())

    @property
    @gui_only
    def is_loading(self) -> bool:
        """Return whether a page is being loaded."""
        return self._loading

    @guarded("closing a view was not signalled")
    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Signal it, and keep the page."""
        self._signals.about_to_close.emit()
        super().closeEvent(event)

    @guarded("a load was not noted")
    def _on_load_started(self) -> None:
        self._loading = True

    @guarded("the end of a load was not noted")
    def _on_load_finished(self, _ok: bool) -> None:
        self._loading = False

    @guarded("an error of the page was not signalled")
    def _on_console(self, level: int, message: str, line: int, source: str) -> None:
        if level == _ERROR and message.startswith("Uncaught "):
            self._signals.js_error.emit(message, line, source)

    @guarded("drops of files may load the file")
    def _capture_drops(self) -> None:
        self.eval_js(_CAPTURE_DROPS)

    def create_channel(self, name: str | None = None) -> Channel:
        """Return the same as `WebView.channel`. Thread: any."""
        return self.channel(name)

    @gui_only
    def get_hwnd(self) -> int:
        """Return the native handle of the view's window: an HWND on Windows, a window id on X11."""
        return int(self.window().winId())

    @property
    def title(self) -> Title:  # a str that can be called is both
        """Return the window's title, which may be set; a call of it returns the page's title, as in Qt."""
        return Title(self.windowTitle(), super().title)

    @title.setter
    @gui_only
    def title(self, text: str) -> None:
        self.setWindowTitle(text)


def _name_untrusted(origin: str) -> None:
    """Log once the reason why the pages of an origin have no bridge."""
    if origin not in _untrusted:
        _untrusted.add(origin)
        _log.warning("%s is shown without auroraview: name it in QtWebView(trusted_origins=[%r])", origin, origin)


def _name_once(keywords: list[str]) -> None:
    """Log the keywords without an effect, each once in this process."""
    fresh = [keyword for keyword in keywords if keyword not in _named]
    if fresh:
        _named.update(fresh)
        _log.info("QtWebView: these keywords of AuroraView mean nothing on QtWebEngine: %s", ", ".join(fresh))
