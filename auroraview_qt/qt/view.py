"""WebView: the public widget. Joins page, engine and connection; everything it says in public is here. GUI thread."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Callable, TypeVar, cast, overload

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import DevtoolsDisabledError
from auroraview_qt.ipc import broadcasting
from auroraview_qt.ipc.callbacks import Subscription
from auroraview_qt.ipc.channels import Channel
from auroraview_qt.ipc.commands import Thread
from auroraview_qt.ipc.declarations import Source
from auroraview_qt.ipc.engine import Engine
from auroraview_qt.ipc.handler import IpcHandler
from auroraview_qt.ipc.message_queue import NOTHING, MessageQueue, Overflow
from auroraview_qt.ipc.page_calls import NO_PARAMS, TIMEOUT_S, PageFuture
from auroraview_qt.ipc.state import SharedState
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.qt.binding import QtCore, QtGui, QtWidgets, QWebEnginePage, QWebEngineView, Signal
from auroraview_qt.qt.capabilities import CHANGED_EVENT, Capabilities
from auroraview_qt.qt.connection import Connection
from auroraview_qt.qt.drag import START_EVENT, WindowDrag
from auroraview_qt.qt.drop import EVENT as FILE_DROP
from auroraview_qt.qt.drop import FileDrops
from auroraview_qt.qt.input import Keyboard, KeyGuard, check_keyboard
from auroraview_qt.qt.local_urls import LocalUrls
from auroraview_qt.qt.page import Page
from auroraview_qt.qt.rescue import Rescue
from auroraview_qt.qt.scheme import SCHEME, shared_profile
from auroraview_qt.qt.theme import ThemeWatch
from auroraview_qt.qt.threads import gui_only
from auroraview_qt.qt.undo import undoable
from auroraview_qt.sites import FolderSite, HtmlSite, Site

F = TypeVar("F", bound=Callable[..., Any])


class WebView(QWebEngineView):
    """A web page in a Qt widget, and a bridge to it.

    Parameters
    ----------
    parent : QWidget, optional
        As for any widget.
    title : str
        Window title.
    url, html, app_dir : optional
        What to load at once, at most one of them: as `load_url`, `load_html`, `load_app` take it.
    dev_url : str, optional
        With `app_dir`: load this development server instead, and trust it.
    trusted_origins : iterable of str
        Further origins (``"https://tools.studio.lan"``) whose pages may use the bridge and be navigated to.
    devtools : bool
        Development mode: `open_devtools` works and tracebacks of failing commands reach the page.
    max_events, max_bytes, overflow
        Limits of the queue towards the page and its policy, ``"error"`` or ``"drop_oldest"``; see `MessageQueue`.
    flush_interval_ms : int
        Least time between two deliveries, in milliseconds; 0 delivers at the next turn of the event loop.
    auto_reload : bool
        Load the page again when its renderer dies: at once, then after longer and longer pauses. A page that dies again and
        again is given up, and the panel shows a message with a Reload button.
    unresponsive_after_s : float
        How many seconds the page may leave a delivery unanswered before `unresponsive` is signalled; 0 for ever.
    keyboard : {"inputs", "all"} or callable
        Which keys stay in the page while it has the focus: those typed into a field, or all; a callable gets the `QKeyEvent`
        and says whether the key is the page's. What is left are the host's shortcuts.
    theme : bool
        Give trusted pages the host's colours, font and measures as CSS variables, live.

    Signals
    -------
    ready()
        The page has loaded and listens; again after each reload.
    event_received(str, object)
        An event of the page and its data, after its callbacks have run.
    renderer_crashed(str, int)
        The page's process ended: status (``"crashed"``, ``"killed"``, …) and exit code.
    message_dropped(str, str)
        An event that will not reach the page, and why: ``"overflow"``, or ``"poison"`` for one that was in flight at two
        deaths of the renderer running, the second time alone.
    unresponsive()
        The page hangs: it has left a delivery unanswered for too long. The host is not affected; see `terminate_page`.
    responsive()
        A page that hung answers again, or is gone.
    files_dropped(object)
        Files were dropped on an element with ``data-aurora-drop="name"``: ``{"paths": [str], "x": float, "y": float,
        "zone": str}``, the zone being that name. The page and the callbacks of ``on("file_drop")`` get the same; unlike the
        event, the signal cannot have been made up by the page.

    Raises
    ------
    TypeError
        An unknown keyword, or more than one thing to load.

    Notes
    -----
    Thread: GUI, unless a method says otherwise. Callbacks and commands run on the GUI thread.
    """

    ready = Signal()
    event_received = Signal(str, object)
    renderer_crashed = Signal(str, int)
    message_dropped = Signal(str, str)
    unresponsive = Signal()
    responsive = Signal()
    files_dropped = Signal(object)

    def __init__(
        self,
        parent: QtWidgets.QWidget | None = None,
        *,
        title: str = "",
        url: str | None = None,
        html: str | None = None,
        app_dir: str | Path | None = None,
        dev_url: str | None = None,
        trusted_origins: Iterable[str] = (),
        devtools: bool = False,
        max_events: int = 200_000,
        max_bytes: int = 64 * 1024 * 1024,
        overflow: Overflow = "error",
        flush_interval_ms: int = 0,
        auto_reload: bool = True,
        unresponsive_after_s: float = 5.0,
        keyboard: Keyboard = "inputs",
        theme: bool = True,
        **unknown: Any,
    ) -> None:
        refuse_unknown(unknown, "WebView", inspect.signature(WebView.__init__).parameters)
        if sum(source is not None for source in (url, html, app_dir)) > 1:
            raise TypeError("WebView() takes one of url, html and app_dir, not several")
        check_keyboard(keyboard)
        super().__init__(parent)
        self._signals_events = False
        self._devtools_enabled = devtools
        self._devtools: QWebEngineView | None = None
        self._profile = shared_profile()
        self._host = self._profile.new_host()
        self._trust = TrustPolicy(f"{SCHEME}://{self._host}", *trusted_origins)
        self._handler = IpcHandler(tracebacks=devtools)
        self._queue = MessageQueue(max_events, max_bytes, overflow)
        self._engine = Engine(self._queue, self._handler, self._trust)
        self._emit = self._queue.emitter()
        self._checks_emits = False
        if type(self).emit is WebView.emit:
            # Found at once in the object; a method is, only after the binding has looked through all of Qt's own.
            self.__dict__["emit"] = self._emit
        page = Page(self._profile, self._trust, self)
        self.setPage(page)
        self._connection = Connection(
            self._engine, page, flush_interval_ms=flush_interval_ms, unresponsive_after_s=unresponsive_after_s
        )
        self._local_urls = LocalUrls(page, self._profile, self._host, self._trust)
        self._capabilities = Capabilities(page, self._handler, self._on_capabilities_changed, self._engine.caller_and_shown)
        self._drag = WindowDrag(self)
        self._handler.on(START_EVENT, self._drag.start)
        self._connection.ready.connect(self.ready)
        self._connection.message_dropped.connect(self.message_dropped)
        self._connection.unresponsive.connect(self.unresponsive)
        self._connection.responsive.connect(self.responsive)
        self._connection.renderer_crashed.connect(self.renderer_crashed)
        self._keys = KeyGuard(self, page, keyboard)
        self._drops = FileDrops(self, page, self._connection.call_soon, self._on_drop)
        self._drops.files_dropped.connect(self.files_dropped)
        self._takes_theme = theme
        self._theme = ThemeWatch(self, self._on_theme)
        if auto_reload:
            self._rescue = Rescue(page, self)
            self._connection.ready.connect(self._rescue.page_ready)
            self._connection.renderer_died.connect(self._rescue.page_died)
        if title:
            self.setWindowTitle(title)
        broadcasting.join(self._queue)
        if url is not None:
            self.load_url(url)
        elif html is not None:
            self.load_html(html)
        elif app_dir is not None:
            self.load_app(app_dir, dev_url)

    # Events

    @overload
    def on(self, event: str) -> Callable[[F], F]: ...

    @overload
    def on(self, event: str, fn: Callable[..., object]) -> Subscription: ...

    def on(self, event: str, fn: Callable[..., object] | None = None) -> Any:
        """Call ``fn(data)`` for each `event` of the page; for ``"*"``, ``fn(event, data)`` for every one.

        Parameters
        ----------
        event : str
            1 to 128 of ``A-Z a-z 0-9 _ $ . : / -``, or ``"*"``.
        fn : callable, optional
            Without it the method is a decorator. Functions are held strongly, bound methods weakly.

        Returns
        -------
        Subscription
            Its ``cancel()`` removes the callback; the decorator returns the function.

        Raises
        ------
        InvalidNameError
            The event's name is not valid.

        Notes
        -----
        Thread: any; `fn` is called on the GUI thread.
        """
        if fn is None:
            return self._decorator(functools.partial(self._handler.on, event))
        return self._handler.on(event, fn)

    @overload
    def once(self, event: str) -> Callable[[F], F]: ...

    @overload
    def once(self, event: str, fn: Callable[..., object]) -> Subscription: ...

    def once(self, event: str, fn: Callable[..., object] | None = None) -> Any:
        """As `on`, for the next such event only. Thread: any."""
        if fn is None:
            return self._decorator(functools.partial(self._handler.on, event, once=True))
        return self._handler.on(event, fn, once=True)

    def off(self, event: str, fn: Callable[..., object] | None = None) -> int:
        """Remove `fn`, or all callbacks, from `event`; return how many were removed. Thread: any."""
        return self._handler.off(event, fn)

    def register_callback(self, event: str, fn: Callable[..., object]) -> Subscription:
        """As ``on(event, fn)``: the name AuroraView has for it. Thread: any."""
        return self._handler.on(event, fn)

    # QObject.emit is PySide's own and emits signals by signature; ours is what page and Python speak of.
    def emit(  # type: ignore[override]
        self, event: str, data: object = NOTHING, *, coalesce: bool = False
    ) -> None:
        """Send an event to the page: ``auroraview.on(event)`` and ``window.addEventListener(event)`` get it.

        The data is serialised here, so that a later change of it changes nothing. Before the page is ready events wait.

        Parameters
        ----------
        event : str
            A valid name; see `on`.
        data : object
            What JSON can hold; an empty object without it.
        coalesce : bool
            Keep only the newest undelivered value of this event.

        Raises
        ------
        SerializationError
            JSON cannot hold `data`; the message names the event and the part.
        QueueFullError
            The queue's limit is reached and its policy is ``"error"``.
        InvalidNameError
            The event's name is not valid.

        Notes
        -----
        Thread: any
        """
        self._emit(event, data, coalesce=coalesce)

    # Declarations

    def declare_event(self, name: str, payload: Any = None, *, source: Source = "python", doc: str = "") -> None:
        """Say what an event carries, for the TypeScript generator and for validation.

        With ``source="page"`` what the page sends is validated before callbacks run, and they get what `payload` says: an
        instance of a dataclass, a `Path`. What does not fit is logged, counted as malformed, and reaches nobody. With
        ``source="python"`` and ``devtools=True`` an emit that does not fit is logged as a warning, and sent all the same.

        Parameters
        ----------
        name : str
            A valid name; see `on`.
        payload : type, optional
            Any annotation a command's parameter may have; None for an event without data.
        source : {"python", "page"}
            Who sends it.
        doc : str
            What it is for; becomes its comment in TypeScript.

        Raises
        ------
        InvalidNameError, ValueError
            The name is not valid; `source` is something else.

        Notes
        -----
        Thread: any
        """
        declarations = self._handler.declarations
        declarations.declare_event(name, payload, source, doc)
        if self._devtools_enabled and not self._checks_emits:
            self._checks_emits = True
            self._emit = declarations.checked(self._emit)
            if "emit" in self.__dict__:
                self.__dict__["emit"] = self._emit

    def declare_state(self, kind: type) -> None:
        """Say what the shared state holds, for the TypeScript generator: a TypedDict or dataclass. Thread: any."""
        self._handler.declarations.state = kind

    @property
    def ipc_handler(self) -> IpcHandler:
        """The registry of this view's callbacks, commands and declarations. Thread: any."""
        return self._handler

    # Commands

    @overload
    def command(self, name: F) -> F: ...

    @overload
    def command(self, name: str) -> Callable[[F], F]: ...

    @overload
    def command(self, *, thread: Thread = "gui", undo: str = "") -> Callable[[F], F]: ...

    @overload
    def command(self, name: str, *, thread: Thread, undo: str = "") -> Callable[[F], F]: ...

    @overload
    def command(self, name: str, *, undo: str) -> Callable[[F], F]: ...

    @overload
    def command(self, name: str, fn: Callable[..., object], *, thread: Thread = "gui", undo: str = "") -> None: ...

    def command(
        self, name: Any = None, fn: Callable[..., object] | None = None, *, thread: Thread = "gui", undo: str = ""
    ) -> Any:
        """Let the page call a function: ``await auroraview.call("bake", {start: 1, end: 24})``.

        Use it as ``@view.command``, ``@view.command("name")``, ``@view.command(thread="pool")`` or
        ``view.command("name", fn)``. No params call ``f()``, an object gives keywords, an array positionals, anything else
        one argument. A parameter annotated `CallContext` gets what the function needs to report progress and to notice that
        nobody waits any more. A generator function makes a stream: ``for await (const hit of auroraview.stream("search"))``.

        Parameters
        ----------
        name : str, optional
            A valid name; see `on`. The function's own without it.
        fn : callable, optional
            Without it the method is a decorator. It may return a `concurrent.futures.Future` or an awaitable, to be answered
            later.
        thread : {"gui", "pool"}
            ``"pool"`` for long work that calls nothing of the host: one of a few threads. ``async def`` runs on the asyncio
            loop that runs on the GUI thread, and on one in a thread of its own where there is none.
        undo : str
            Make each call one step of the host's undo, of this name: ``@view.command(undo="Rename")``.

        Raises
        ------
        InvalidNameError, ValueError
            The name is not valid, or taken; or `undo` with a function that is not run in one piece on the GUI thread.

        Notes
        -----
        Thread: GUI
        """
        if callable(name):
            self.bind_call(name.__name__, name, thread=thread)
            return name
        if name is None:
            return self._decorator(lambda function: self.command(function.__name__, function, thread=thread, undo=undo))
        if fn is None:
            return self._decorator(lambda function: self.command(name, function, thread=thread, undo=undo))
        return self.bind_call(name, undoable(fn, undo, thread) if undo else fn, thread=thread)

    @gui_only
    def bind_call(
        self, name: str, fn: Callable[..., object] | None = None, *, allow_rebind: bool = False, thread: Thread = "gui"
    ) -> Any:
        """Register `fn` as command `name`; ``"ns.name"`` makes it ``auroraview.ns.name()`` too.

        Parameters
        ----------
        name : str
            A valid name; see `on`.
        fn : callable, optional
            Without it the method is a decorator.
        allow_rebind : bool
            Replace a command of that name instead of raising ValueError.
        thread : {"gui", "pool"}
            As `command`.

        Notes
        -----
        Thread: GUI
        """
        if fn is None:
            return self._decorator(functools.partial(self.bind_call, name, allow_rebind=allow_rebind, thread=thread))
        self._handler.register_command(name, fn, replace=allow_rebind, thread=thread)
        self._connection.refresh_script()
        return None

    @gui_only
    def bind_api(self, obj: object, namespace: str = "api", *, allow_rebind: bool = False) -> list[str]:
        """Register the public Python methods of `obj` as ``auroraview.<namespace>.<method>()``.

        Methods of Qt classes `obj` may inherit are left out, and so is everything that begins with an underscore.

        Returns
        -------
        list of str
            The command names.

        Raises
        ------
        ValueError
            There is no public method, or a name is taken and `allow_rebind` is False; then nothing is bound.

        Notes
        -----
        Thread: GUI
        """
        methods = {
            f"{namespace}.{name}": getattr(obj, name)
            for name in dir(obj)
            if not name.startswith("_") and inspect.isroutine(inspect.getattr_static(obj, name, None))
            if inspect.ismethod(getattr(obj, name)) or inspect.isfunction(getattr(obj, name))
        }
        taken = set(self._handler.command_names()) & set(methods)
        if not methods or (taken and not allow_rebind):
            why = f"registered already: {', '.join(sorted(taken))}" if taken else "no public methods"
            raise ValueError(f"bind_api({type(obj).__name__}, {namespace!r}): {why}")
        for name, method in methods.items():
            self._handler.register_command(name, method, replace=allow_rebind)
        self._connection.refresh_script()
        return list(methods)

    def call(
        self,
        name: str,
        params: object = NO_PARAMS,
        *,
        timeout_s: float | None = TIMEOUT_S,
        on_progress: Callable[[Any, str], object] | None = None,
    ) -> PageFuture:
        """Call a function the page has exposed: ``auroraview.expose("pickColor", async (params, {signal, progress}) => …)``.

        Before the page is ready the call waits, in order with what is emitted. It is not made again after a reload.

        Parameters
        ----------
        name : str
            A valid name; see `on`.
        params : object, optional
            What JSON can hold: the function's first argument, ``undefined`` without it.
        timeout_s : float or None
            Seconds until the call ends in `CallTimeoutError`, and the page's ``signal`` is aborted; None waits for ever.
        on_progress : callable, optional
            Called as ``fn(fraction, message)``, on the GUI thread, with what the page's function reports.

        Returns
        -------
        PageFuture
            Await it, wait for it on another thread, or give it a callback, which runs on the GUI thread. It ends in a
            result, `PageError`, `UnknownCommandError`, `CallTimeoutError`, `PageGoneError`, or cancelled when the view goes.

        Raises
        ------
        SerializationError, InvalidNameError, QueueFullError
            As `emit`.

        Notes
        -----
        Thread: any
        """
        return self._engine.page_calls.call(name, params, timeout_s, on_progress)

    def eval_js(self, source: str, *, timeout_s: float | None = TIMEOUT_S) -> PageFuture:
        """Evaluate JavaScript in the page once it is ready, in order with what is emitted.

        Parameters
        ----------
        source : str
            An expression (``"document.title"``), which may use ``await``; or statements, which give what they ``return``.
        timeout_s : float or None
            As for `call`.

        Returns
        -------
        PageFuture
            Of the JSON value; a promise is awaited. A JavaScript error is a `PageError` with its ``stack``.

        Notes
        -----
        Thread: any
        """
        return self._engine.page_calls.evaluate(source, timeout_s)

    @staticmethod
    def _decorator(register: Callable[[F], object]) -> Callable[[F], F]:
        def decorate(fn: F) -> F:
            register(fn)
            return fn

        return decorate

    # State

    @property
    def state(self) -> SharedState:
        """What Python and the page share, as ``auroraview.state`` there; survives reloads. Thread: any."""
        return self._engine.state

    # Loading

    @gui_only
    def load_url(self, url: str) -> None:
        """Load a URL. Only a page of a trusted origin gets the bridge; others are shown without it.

        ``https://auroraview.localhost/…`` is a file of the app, and below ``/file/`` one on disk, as `load_file` has it,
        where `allow_files` or the roots of "fs" let the page.

        Raises
        ------
        ValueError
            It is no valid absolute URL.
        ScopeViolationError, FileMissingError
            It names a file on disk the page may not reach, or that is not there.

        Notes
        -----
        Thread: GUI
        """
        target = QtCore.QUrl(url)
        if not target.isValid() or target.isRelative():
            raise ValueError(f"load_url({url!r}): give an absolute URL such as https://…; for a path there is load_file()")
        file = self._local_urls.disk_path(target)
        if file is not None:
            self.load_file(file)
            return
        self.load(self._local_urls.document_url(target) or target)

    @gui_only
    def load_html(self, html: str) -> None:
        """Show an HTML string of any size, trusted, at an origin of this view's own. Thread: GUI."""
        self._load_site(HtmlSite(html))

    @gui_only
    def load_file(self, path: str | Path) -> None:
        """Load a local HTML file; pages in its folder and below are trusted.

        Raises
        ------
        FileNotFoundError
            There is no such file.

        Notes
        -----
        Thread: GUI
        """
        file = Path(path).resolve()
        if not file.is_file():
            raise FileNotFoundError(f"load_file({str(path)!r}): there is no such file")
        self._trust.add_folder(QtCore.QUrl.fromLocalFile(str(file.parent)).toString())
        self._connection.refresh_script()
        self.load(QtCore.QUrl.fromLocalFile(str(file)))

    @gui_only
    def load_app(self, app_dir: str | Path, dev_url: str | None = None) -> None:
        """Serve a folder's ``index.html`` over the own scheme, under a content security policy.

        Parameters
        ----------
        app_dir : path-like
            The built front-end; nothing outside it is served.
        dev_url : str, optional
            Load this development server instead, and trust its origin.

        Raises
        ------
        FileNotFoundError
            The folder has no ``index.html``.

        Notes
        -----
        Thread: GUI
        """
        if dev_url is None:
            self._load_site(FolderSite(app_dir))
            return
        origin = QtCore.QUrl(dev_url)
        self._trust.add_origin(f"{origin.scheme()}://{origin.authority()}")
        self._connection.refresh_script()
        self.load_url(dev_url)

    def _load_site(self, site: Site) -> None:
        self._local_urls.show(site)
        self.load(QtCore.QUrl(f"{SCHEME}://{self._host}/"))

    # What a page may do beyond the bridge

    @gui_only
    def enable(self, capability: str, **options: Any) -> None:
        """Let the page use ``auroraview.fs``, ``dialog``, ``clipboard`` or ``shell``; all are off until then.

        Parameters
        ----------
        capability : {"fs", "dialog", "clipboard", "shell"}
            A second call replaces the options of the first.
        **options
            ``"fs"``: ``roots`` (folders, needed), ``write=False``, ``max_bytes``. ``"dialog"``: ``native=True``.
            ``"clipboard"``: ``read=True``, ``write=True``. ``"shell"``: ``schemes=("https", "http", "mailto")`` of URLs,
            ``paths=()`` whose files may be opened or shown, ``opener`` to do it in another way.

        Raises
        ------
        ValueError, TypeError
            There is no such capability or option; the message names the near match.
        FileNotFoundError
            A root does not exist.

        Notes
        -----
        Thread: GUI
        """
        self._capabilities.enable(capability, options)

    @gui_only
    def disable(self, capability: str) -> None:
        """Take a capability from the page; what it is doing is given up. Raises ValueError as `enable`. Thread: GUI."""
        self._capabilities.disable(capability)

    def _on_capabilities_changed(self, names: list[str]) -> None:
        self._local_urls.allow(fs=self._capabilities.fs_scopes)
        self._connection.capabilities = names
        self._connection.refresh_script()
        self._emit(CHANGED_EVENT, names, coalesce=True)

    @gui_only
    def allow_files(self, *roots: str | Path) -> None:
        """Let the page load files below these folders, as ``https://auroraview.localhost/file/<path>``; no others any more.

        Raises
        ------
        FileNotFoundError
            A root does not exist.

        Notes
        -----
        Thread: GUI
        """
        self._local_urls.allow(named=Scopes(roots))

    @gui_only
    def serve_assets(self, root: str | Path) -> None:
        """Serve a folder as ``https://auroraview.localhost/<path>``, beside what `load_app` or `load_html` shows.

        Raises
        ------
        FileNotFoundError
            There is no such folder.

        Notes
        -----
        Thread: GUI
        """
        self._local_urls.serve_assets(root)

    def channel(self, channel_id: str | None = None) -> Channel:
        """Return a stream of messages to the page: ``auroraview.channel(id).onMessage(fn)`` there gets what is sent on it.

        Parameters
        ----------
        channel_id : str, optional
            A valid name; see `on`. Without it the channel has one of its own: tell the page ``channel.id``.

        Notes
        -----
        Thread: any
        """
        return Channel(self._emit, channel_id)

    # Keys

    @property
    def keyboard(self) -> Keyboard:
        """Which keys stay in the page; as the constructor's keyword, and may be set. Thread: GUI."""
        return self._keys.keyboard

    @keyboard.setter
    def keyboard(self, keyboard: Keyboard) -> None:
        self._keys.keyboard = check_keyboard(keyboard)

    @property
    def is_editing(self) -> bool:
        """Whether a field of the page has the keyboard, or may have it: what a host's own key handling asks. Thread: GUI."""
        return self._keys.is_editing()

    # The rest

    def _on_drop(self, drop: dict[str, object]) -> None:
        self._handler.dispatch(FILE_DROP, drop)
        self._emit(FILE_DROP, drop)

    def _on_theme(self, theme: dict[str, object], window: QtGui.QColor) -> None:
        # What shows before the first paint, and after docking: the host's colour instead of a white flash.
        self.page().setBackgroundColor(window)
        if self._takes_theme:
            self._connection.set_theme(theme)

    def connectNotify(self, signal: QtCore.QMetaMethod) -> None:
        """Pass events on to the signal once somebody listens to it."""
        if signal.name() == b"event_received" and not self._signals_events:
            self._signals_events = True
            # Joined, not emitted from here: PySide2 emits a signal by calling the emit() of its object, which is ours.
            self._connection.event_received.connect(self.event_received)
            self._connection.signal_events()

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """Hide and keep the page: QWebEngineView's own would discard it, and a panel shown again would start anew."""
        QtWidgets.QWidget.closeEvent(self, event)

    @property
    def is_ready(self) -> bool:
        """Whether the present page has said that it listens. Thread: any."""
        session = self._engine.session
        return session is not None and session.ready

    def stats(self) -> dict[str, float]:
        """Return the counters and times of the bridge.

        Returns
        -------
        dict
            Counts of events and answers to the page: ``queued``, ``in_flight``, ``sent``, ``delivered``, ``redelivered``,
            ``dropped``, ``coalesced``, ``set_aside``, ``discarded``; of messages from it: ``received``, ``inbox``,
            ``refused``, ``malformed``, ``callback_errors``, ``command_errors``; ``calls_running``, ``late_results``,
            ``page_calls_waiting``; ``queued_bytes``, ``sent_bytes``,
            ``received_bytes``; ``batches``, ``flushes``, ``pulls``, ``pages``. Times in milliseconds: ``round_trip_ms``
            from sending a batch to its acknowledgement, ``flush_ms`` on the clock, ``flush_cpu_ms`` of the GUI thread's
            processor, each a mean, and the same with ``_max_ms``.

        Notes
        -----
        Thread: any
        """
        return self._engine.stats()

    @gui_only
    def terminate_page(self) -> bool:
        """End the page's process, which may hang in an endless loop; the page is then loaded again as after a crash.

        Returns
        -------
        bool
            False where there is no process, or the binding does not tell which one it is.

        Notes
        -----
        Thread: GUI
        """
        return cast(Page, self.page()).terminate()

    @gui_only
    def open_devtools(self) -> None:
        """Show Chromium's developer tools for this page in a window.

        Raises
        ------
        DevtoolsDisabledError
            The view was made without ``devtools=True``.

        Notes
        -----
        Thread: GUI
        """
        if not self._devtools_enabled:
            raise DevtoolsDisabledError("developer tools are off: make the view with WebView(devtools=True)")
        if self._devtools is None:
            tools = QWebEngineView(self)
            tools.setWindowFlag(QtCore.Qt.WindowType.Window)
            tools.setWindowTitle(f"Developer tools - {self.windowTitle() or self.title()}")
            tools.setPage(QWebEnginePage(self._profile, tools))
            tools.resize(1000, 640)
            self.page().setDevToolsPage(tools.page())
            self._devtools = tools
        self._devtools.show()
        self._devtools.raise_()


def refuse_unknown(keywords: Iterable[str], name: str, known: Iterable[str]) -> None:
    """Raise the TypeError Python would, with the name that was probably meant."""
    for keyword in keywords:
        near = get_close_matches(keyword, [one for one in known if one not in ("self", "unknown", "others")], n=1)
        hint = f": did you mean {near[0]!r}?" if near else ""
        raise TypeError(f"{name}() got an unexpected keyword argument {keyword!r}{hint}")
