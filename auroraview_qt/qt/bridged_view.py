"""BridgedView: what a program says to its page, and hears of it: events, commands, calls, state. GUI thread."""

from __future__ import annotations

import functools
import logging
from typing import Any, Callable, TypeVar, overload

from auroraview_qt._noop import noop
from auroraview_qt.ipc.calls.callbacks import Subscription
from auroraview_qt.ipc.calls.channels import Channel
from auroraview_qt.ipc.calls.commands import Thread
from auroraview_qt.ipc.calls.declarations import Source
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.members import public_functions
from auroraview_qt.ipc.calls.page_calls import NO_PARAMS, TIMEOUT_S, PageFuture
from auroraview_qt.ipc.engine.engine import Engine
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.trust import TrustPolicy
from auroraview_qt.ipc.wire.message_queue import NOTHING, MessageQueue, Overflow
from auroraview_qt.qt.support.binding import QtWidgets, QWebEngineView
from auroraview_qt.qt.support.threads import gui_only
from auroraview_qt.qt.undo import undoable

F = TypeVar("F", bound=Callable[..., Any])

_log = logging.getLogger(__name__)


class BridgedView(QWebEngineView):
    """The half of `WebView` that knows nothing of pages and their loading: an engine, and its API.

    Parameters
    ----------
    parent : QWidget or None
        As for any widget.
    trust : TrustPolicy
        Which pages may use the bridge.
    devtools, max_events, max_bytes, overflow
        As `WebView` takes them.

    Notes
    -----
    Thread: GUI, unless a method says otherwise.
    """

    def __init__(
        self,
        parent: QtWidgets.QWidget | None,
        trust: TrustPolicy,
        *,
        devtools: bool,
        max_events: int,
        max_bytes: int,
        overflow: Overflow,
    ) -> None:
        super().__init__(parent)
        self._devtools_enabled = devtools
        self._commands_changed: Callable[[], object] = noop
        self._handler = IpcHandler(tracebacks=devtools)
        self._queue = MessageQueue(max_events, max_bytes, overflow)
        self._engine = Engine(self._queue, self._handler, trust)
        self._emit = self._queue.emitter()
        self._checks_emits = False
        if type(self).emit is BridgedView.emit:
            # Found at once in the object; a method is, only after the binding has looked through all of Qt's own.
            self.__dict__["emit"] = self._emit

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

        The data is serialised here, so that a later change of it changes nothing. The event waits until the page is ready
        and has a listener for it. An event for a view that was deleted is dropped and counted.

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
            self._emit = declarations.check_emits(self._emit)
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
    def command(self, name: str, fn: F, *, thread: Thread = "gui", undo: str = "") -> F: ...

    def command(
        self, name: Any = None, fn: Callable[..., object] | None = None, *, thread: Thread = "gui", undo: str = ""
    ) -> Any:
        """Let the page call a function: ``await auroraview.call("bake", {start: 1, end: 24})``.

        Use it as ``@view.command``, ``@view.command("name")``, ``@view.command(thread="pool")`` or
        ``view.command("name", fn)``. A second function of a name replaces the first. No params call ``f()``, an object gives
        keywords, an array positionals, anything else one argument. A parameter annotated `CallContext` gets what the
        function needs to report progress and to notice that nobody waits any more. A generator function makes a stream:
        ``for await (const hit of auroraview.stream("search"))``.

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
            The name is not valid; or `undo` with a function that is not run in one piece on the GUI thread.

        Notes
        -----
        Thread: GUI
        """
        if callable(name):
            return self.bind_call(name.__name__, name, thread=thread)
        if name is None:
            return self._decorator(lambda function: self.command(function.__name__, function, thread=thread, undo=undo))
        if fn is None:
            return self._decorator(lambda function: self.command(name, function, thread=thread, undo=undo))
        self.bind_call(name, undoable(fn, undo, thread) if undo else fn, thread=thread)
        return fn

    @gui_only
    def bind_call(
        self, name: str, fn: Callable[..., object] | None = None, *, allow_rebind: bool = True, thread: Thread = "gui"
    ) -> Any:
        """Register `fn` as command `name`; ``"ns.name"`` makes it ``auroraview.ns.name()`` too.

        Parameters
        ----------
        name : str
            A valid name; see `on`.
        fn : callable, optional
            Without it the method is a decorator.
        allow_rebind : bool
            Whether a command of that name is replaced; calls that run finish with the old function.
        thread : {"gui", "pool"}
            As `command`.

        Returns
        -------
        callable
            `fn`; the decorator without it.

        Raises
        ------
        InvalidNameError, TypeError, ValueError
            The name is not valid; `fn` cannot be called; the name is taken and `allow_rebind` is False.

        Notes
        -----
        Thread: GUI
        """
        if fn is None:
            return self._decorator(functools.partial(self.bind_call, name, allow_rebind=allow_rebind, thread=thread))
        self._handler.register_command(name, fn, replace=allow_rebind, thread=thread)
        self._commands_changed()
        return fn

    @gui_only
    def bind_api(self, obj: object, namespace: str = "api", *, allow_rebind: bool = True) -> list[str]:
        """Register the public functions of `obj` as ``auroraview.<namespace>.<name>()``.

        Methods, static and class methods, partials and other callable objects are bound, those in the object's own
        attributes included. Nothing of `obj` is called meanwhile. Left out are Qt's own methods, names that begin with an
        underscore, and properties, classes, signals and descriptors, which the log names.

        Parameters
        ----------
        obj : object
            An instance, a class or a module.
        namespace : str
            Identifiers joined by dots.
        allow_rebind : bool
            Whether commands of these names are replaced.

        Returns
        -------
        list of str
            The command names, in the order of the alphabet.

        Raises
        ------
        ValueError
            A name is taken and `allow_rebind` is False; then nothing is bound.

        Notes
        -----
        Thread: GUI
        """
        found, left_out = public_functions(obj)
        taken = sorted({f"{namespace}.{name}" for name in found}.intersection(self._handler.command_names()))
        title = f"bind_api({type(obj).__name__}, {namespace!r})"
        if taken and not allow_rebind:
            raise ValueError(f"{title}: registered already: {', '.join(taken)}")
        bound: list[str] = []
        for name, fn in found.items():
            try:
                self._handler.register_command(f"{namespace}.{name}", fn)
                bound.append(f"{namespace}.{name}")
            except Exception as error:  # a name no page can call, or a signature that cannot be read
                left_out[name] = str(error)
        if left_out or not bound:
            why = "; ".join(f"{name} is {reason}" for name, reason in left_out.items()) or "it has no public function"
            _log.log(logging.INFO if bound else logging.WARNING, "%s left out: %s", title, why)
        self._commands_changed()
        return bound

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

    # How it is

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
            ``dropped``, ``coalesced``, ``set_aside``, ``discarded``, ``unheard`` (waiting for a listener in the page),
            ``never_heard`` (dropped for want of one); of messages from it: ``received``, ``inbox``,
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
