"""WebView: the public widget. Joins page, connection and the panel's parts for its host; loads pages. GUI thread."""

from __future__ import annotations

import inspect
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any, cast

from auroraview_qt._wording import refuse_unknown
from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.devtools.api import DevtoolsApi
from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.ipc.api import BridgeApi
from auroraview_qt.ipc.engine import broadcasting
from auroraview_qt.ipc.engine.stalls import STALL_MS
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire.message_queue import Overflow
from auroraview_qt.policy import Policy
from auroraview_qt.qt.capabilities.downloads import CANCEL_EVENT, Downloads
from auroraview_qt.qt.capabilities.file_pickers import FilePickers
from auroraview_qt.qt.capabilities.registry import CHANGED_EVENT, Capabilities
from auroraview_qt.qt.input.drag_guard import DragGuard
from auroraview_qt.qt.input.file_drop import EVENT as FILE_DROP
from auroraview_qt.qt.input.file_drop import FileDrops
from auroraview_qt.qt.input.keyboard import Keyboard, KeyGuard, check_keyboard
from auroraview_qt.qt.input.window_drag import START_EVENT, WindowDrag
from auroraview_qt.qt.input.zoom import keep_zoom
from auroraview_qt.qt.look.colors import visible_background
from auroraview_qt.qt.look.theme import ThemeWatch
from auroraview_qt.qt.page.app_policy import AppPolicy
from auroraview_qt.qt.page.context_menu import show_context_menu
from auroraview_qt.qt.page.devtools import show_devtools
from auroraview_qt.qt.page.large_data import DATA_PATH
from auroraview_qt.qt.page.load_targets import LoadTargets
from auroraview_qt.qt.page.loading import LoadingView
from auroraview_qt.qt.page.local_urls import LocalUrls
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.page.scheme import SCHEME, shared_profile
from auroraview_qt.qt.page.tooltips import Tooltips
from auroraview_qt.qt.support.afterlife import gui_thread_deleter, weakly
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, QWebEngineView, Signal, is_alive
from auroraview_qt.qt.support.data_folder import check_storage, persist_state
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.preflight import filter_problem
from auroraview_qt.qt.support.threads import check_gui_thread, gui_only
from auroraview_qt.qt.transport.connection import Connection
from auroraview_qt.qt.transport.page_care import PageCare
from auroraview_qt.qt.undo import undoable
from auroraview_qt.sites.live_images import ImageApi
from auroraview_qt.sites.resources import ResourceApi


class WebView(BridgeApi, ImageApi, ResourceApi, DevtoolsApi, LoadingView):  # type: ignore[misc]  # PySide's QObject.emit emits signals by signature
    """A web page in a Qt widget, and a bridge to it.

    Parameters
    ----------
    parent : QWidget, optional
        As for any widget.
    title : str
        Window title.
    url, html, app_dir : optional
        The page to load at once, at most one of them: as for `load_url`, `load_html`, `load_app`.
    dev_url : str, optional
        With `app_dir`: load this development server instead, and trust it.
    storage : str, optional
        A name such as ``"studio.assets"``, under which everything that pages store lasts between sessions. Pages get the
        origin ``auroraview://studio.assets/``. Without a name it lasts as long as the view.
    policy : Policy, optional
        The rules for the page beyond its own app: services, logins, popups. Closed by default.
    trusted_origins : iterable of str
        Further origins (``"https://tools.studio.lan"``) whose pages may use the bridge and be navigated to.
    devtools : bool
        Development mode: `open_devtools` works and tracebacks of failing commands reach the page.
    max_events, max_bytes, overflow
        Limits of the queue towards the page and its policy, ``"error"`` or ``"drop_oldest"``; see `MessageQueue`.
    flush_interval_ms : int
        Least time between two deliveries, in milliseconds; 0 delivers at the next turn of the event loop.
    auto_reload : bool
        Load the page again when its renderer dies: at once, then after longer and longer pauses. If a page dies again and
        again, the view stops, and the panel shows a message with a Reload button.
    unresponsive_after_s : float
        Seconds without an answer to a delivery before `unresponsive` is emitted; 0 for ever.
    stall_warning_ms : float
        A callback, command or flush that holds the GUI thread longer is logged with its name and stack, to the logger
        ``auroraview_qt.stalls``; 0 for never.
    keyboard : {"inputs", "all"} or callable
        The keys that stay in the page while it has the focus: keys typed into a field, or all. A callable gets the
        `QKeyEvent` and returns whether the page gets the key. All other keys are the host's shortcuts first.
    theme : bool
        Set the host's colours, font and measures as CSS variables of trusted pages, live.

    Signals
    -------
    ready()
        The page has loaded and listens; emitted after each load.
    event_received(str, object)
        An event of the page and its data, after its callbacks have run.
    renderer_crashed(str, int)
        The page's process ended: status (``"crashed"``, ``"killed"``, …) and exit code.
    message_dropped(str, str)
        An event will not reach the page, and the reason. ``"overflow"``: the queue was full. ``"poison"``: the event was in
        flight at two deaths of the renderer in a row, the second time alone. ``"unheard"``: no listener came and too many
        events waited; emitted once for each name and page.
    unresponsive()
        The page hangs: it has not answered a delivery in time. The host is not affected; see `terminate_page`.
    responsive()
        A page that hung answers again, or is gone.
    files_dropped(object)
        Files were dropped on an element with ``data-aurora-drop="name"``: ``{"paths": [str], "x": float, "y": float, "zone":
        str}``, the zone being that name. The page and the callbacks of ``on("file_drop")`` get the same data. Unlike the
        event, the page cannot forge the signal.

    download_changed(object)
        A `Download` has begun, progressed or ended. The page and the callbacks of ``on("download")`` get
        ``{"id": int, "name": str, "state": str, "received": int, "total": int}``.

    Raises
    ------
    TypeError
        If a keyword is unknown, or there is more than one page to load.
    WrongThreadError
        This is not the GUI thread.
    EngineUnavailableError
        If a page would end the process: the application has a Python event filter, under PySide.

    Thread: GUI, unless a method says otherwise. Callbacks and commands run on the GUI thread.
    """

    ready = Signal()
    event_received = Signal(str, object)
    renderer_crashed = Signal(str, int)
    message_dropped = Signal(str, str)
    unresponsive = Signal()
    responsive = Signal()
    files_dropped = Signal(object)
    download_changed = Signal(object)

    def __init__(
        self,
        parent: QtWidgets.QWidget | None = None,
        *,
        title: str = "",
        url: str | None = None,
        html: str | None = None,
        app_dir: str | Path | None = None,
        dev_url: str | None = None,
        storage: str | None = None,
        policy: Policy | None = None,
        trusted_origins: Iterable[str] = (),
        devtools: bool = False,
        max_events: int = 200_000,
        max_bytes: int = 64 * 1024 * 1024,
        overflow: Overflow = "error",
        flush_interval_ms: int = 0,
        auto_reload: bool = True,
        unresponsive_after_s: float = 5.0,
        stall_warning_ms: float = STALL_MS,
        keyboard: Keyboard = "inputs",
        theme: bool = True,
        **unknown: Any,
    ) -> None:
        check_gui_thread(f"{type(self).__name__}()")
        if unknown:
            refuse_unknown(unknown, "WebView", inspect.signature(WebView.__init__).parameters)
        if sum(source is not None for source in (url, html, app_dir)) > 1:
            raise TypeError("WebView() takes one of url, html and app_dir, not several")
        if policy is not None and not isinstance(policy, Policy):
            raise TypeError(f"WebView(policy={policy!r}): give an auroraview_qt.Policy")
        check_keyboard(keyboard)
        storage = check_storage(storage)
        problem = filter_problem()
        if problem is not None:
            raise EngineUnavailableError(str(problem))
        profile = shared_profile(storage)
        host = profile.host_of_view()
        trust = TrustPolicy(f"{SCHEME}://{host}", *trusted_origins)
        super().__init__(parent)
        self._deleter = gui_thread_deleter()
        self._devtools_enabled = devtools
        self._signals_events = False
        self._devtools: QWebEngineView | None = None
        self._trust = trust
        page = Page(profile, trust, self, policy)
        page.data_url = f"{SCHEME}://{host}{DATA_PATH}"
        self.setPage(page)
        self._theme = ThemeWatch(self, weakly(self._on_theme))
        self._takes_theme = theme
        self._show_background()
        self._connection = Connection(
            page,
            trust,
            devtools=devtools,
            max_events=max_events,
            max_bytes=max_bytes,
            overflow=overflow,
            theme=self._theme.theme if theme else None,
            flush_interval_ms=flush_interval_ms,
            unresponsive_after_s=unresponsive_after_s,
            stall_warning_ms=stall_warning_ms,
        )
        self._engine = self._connection.engine
        self._handler = self._engine.handler
        self._init_api(self._engine, undoable, self._connection.refresh_script, devtools=devtools)
        persist_state(self.state, storage)
        self._local_urls = LocalUrls(page, profile, host, trust)
        self._resources, self._images = self._local_urls.resources, self._local_urls.images
        policy = Policy() if policy is None else policy
        self._context_menu = policy.context_menu
        app_policy = AppPolicy(page, policy)
        self._targets = LoadTargets(host, self._local_urls, trust, app_policy, self._connection.refresh_script)
        self._page_care = PageCare(page, self._connection, self._targets, reloads=auto_reload, fullscreen=policy.fullscreen)
        # Start loading first: the renderer takes longest to start.
        if url is not None:
            self.load_url(url)
        elif html is not None:
            self.load_html(html)
        elif app_dir is not None:
            self.load_app(app_dir, dev_url)
        self._capabilities = Capabilities(page, self._handler, weakly(self._on_capabilities_changed))
        self._capabilities.permit(policy.permissions)
        self._capabilities.enable_all(policy.capabilities())
        self._drag = WindowDrag(self)
        self._handler.on(START_EVENT, self._drag.start)
        self._connection.ready.connect(self.ready)
        self._connection.message_dropped.connect(self.message_dropped)
        self._connection.unresponsive.connect(self.unresponsive)
        self._connection.responsive.connect(self.responsive)
        self._connection.renderer_crashed.connect(self.renderer_crashed)
        self._keys = KeyGuard(self, page, keyboard, resets_zoom=policy.zoom)
        self._zoom = None if policy.zoom else keep_zoom(page)
        self._file_pickers = FilePickers(page, policy)
        self._downloads = Downloads(page, policy, weakly(self._publish))
        self._downloads.changed.connect(self.download_changed)
        self._handler.on(CANCEL_EVENT, self._downloads.cancel_by_page)
        self._drops = FileDrops(self, page, self._connection.enqueue_step, weakly(self._on_drop))
        self._drops.files_dropped.connect(self.files_dropped)
        self._tooltips = Tooltips(self)
        capabilities = self._capabilities
        self._drag_guard = DragGuard(self, lambda: capabilities.drag_scopes)
        if title:
            self.setWindowTitle(title)
        broadcasting.join(self._engine.queue)
        self._record_if_asked()

    def __del__(self) -> None:
        """Let the GUI thread delete the view if the garbage collector finds it in another thread."""
        # Not hasattr: PyQt raises if a constructor failed before that of Qt.
        if "_deleter" in self.__dict__ and threading.get_ident() != self._owner_thread and is_alive(self):
            self._deleter.add(self, self.window())

    # Capabilities of the page beyond the bridge

    @gui_only
    def enable(self, capability: str, **options: Any) -> None:
        """Allow the page to use ``auroraview.fs``, ``dialog``, ``clipboard``, ``drag`` or ``shell``; all are off until then.

        Parameters
        ----------
        capability : {"fs", "dialog", "clipboard", "drag", "shell"}
            A second call replaces the options of the first.
        **options
            ``"fs"``: ``roots`` (folders, needed), ``write=False``, ``max_bytes``. ``"dialog"``: ``native=True``.
            ``"clipboard"``: ``read=True``, ``write=True``. ``"drag"``: ``roots=()`` whose files may be dragged out,
            ``types=()`` of other data. ``"shell"``: ``schemes=("https", "http", "mailto")`` of URLs, ``paths=()`` whose
            files may be opened or shown, ``opener`` to replace the system's.

        Raises
        ------
        ValueError, TypeError
            There is no such capability or option; the message names the near match.
        FileNotFoundError
            If a root does not exist.
        """
        self._capabilities.enable(capability, options)

    @gui_only
    def disable(self, capability: str) -> None:
        """Take a capability from the page, and cancel its work. Raises ValueError as `enable`."""
        self._capabilities.disable(capability)

    def _on_capabilities_changed(self, names: list[str]) -> None:
        self._local_urls.allow(fs=self._capabilities.fs_scopes)
        self._connection.set_capabilities(names)
        self._emit(CHANGED_EVENT, names, coalesce=True)

    @gui_only
    def allow_files(self, *roots: str | Path) -> None:
        """Allow the page to load files below exactly these folders, as ``https://auroraview.localhost/file/<path>``.

        Raise `FileNotFoundError` if a root does not exist.
        """
        self._local_urls.allow(named=Scopes(roots))

    @gui_only
    def serve_assets(self, root: str | Path) -> None:
        """Serve a folder as ``https://auroraview.localhost/<path>``, beside the page of `load_app` or `load_html`.

        Raises
        ------
        FileNotFoundError
            There is no such folder.
        """
        self._local_urls.serve_assets(root)

    # Keys

    @property
    @gui_only
    def keyboard(self) -> Keyboard:
        """Return the constructor's `keyboard`: which keys stay in the page. It may be set."""
        return self._keys.keyboard

    @keyboard.setter
    @gui_only
    def keyboard(self, keyboard: Keyboard) -> None:
        self._keys.keyboard = check_keyboard(keyboard)

    @property
    @gui_only
    def is_editing(self) -> bool:
        """Return whether a field of the page has, or may have, the keyboard; a host's key handling should read this."""
        return self._keys.is_editing()

    # Other methods

    def _on_drop(self, drop: dict[str, object]) -> None:
        self._publish(FILE_DROP, drop)

    def _publish(self, event: str, data: dict[str, object]) -> None:
        self._handler.dispatch(event, data)
        if is_alive(self) and self._engine.hears(event):  # a later listener has no use for it
            self._emit(event, data)

    def _show_background(self) -> None:
        # The colour before the first paint, and after docking: the host's colour instead of a white flash.
        self.page().setBackgroundColor(visible_background(self)[0])

    def _on_theme(self, theme: dict[str, object]) -> None:
        self._show_background()
        if self._takes_theme:
            self._connection.set_theme(theme)

    @guarded("events may not be signalled")
    def connectNotify(self, signal: QtCore.QMetaMethod) -> None:
        """Pass events to the signal once it has a listener."""
        if signal.name() == b"event_received" and not self._signals_events:
            self._signals_events = True
            # Joined, not emitted from here: PySide2 emits a signal by calling the emit() of its object, which is ours.
            self._connection.event_received.connect(self.event_received)
            self._connection.signal_events()

    @guarded("no menu was shown")
    def contextMenuEvent(self, event: QtGui.QContextMenuEvent) -> None:
        """Show the menu that ``Policy.context_menu`` chooses."""
        show_context_menu(self, event.globalPos(), self._context_menu, inspects=self._devtools_enabled)

    @guarded("a view was not closed")
    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Hide and keep the page: QWebEngineView's own method would discard it, and a panel shown again would start over."""
        QtWidgets.QWidget.closeEvent(self, event)

    @gui_only
    def terminate_page(self) -> bool:
        """End the page's process, which may hang in an endless loop; the page is then loaded again as after a crash.

        Return False if there is no process, or the binding does not tell which process it is.
        """
        return cast(Page, self.page()).terminate()

    @gui_only
    def open_devtools(self) -> None:
        """Show Chromium's developer tools in a window; raise `DevtoolsDisabledError` without ``devtools=True``."""
        self._devtools = show_devtools(self, self._devtools, enabled=self._devtools_enabled)

    @gui_only
    def open_inspector(self) -> WebView:
        """Show the messages between Python and this page in a window, live; return the window, which may be docked.

        It costs nothing when it is closed.
        """
        from auroraview_qt.qt.inspector import show_inspector

        return show_inspector(self)
