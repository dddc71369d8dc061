"""Define BridgeApi, the methods of a view for its page: events, commands, calls, state. No Qt.

`WebView` and `Placeholder` inherit it. The thread that makes the view is the GUI thread.
"""

from __future__ import annotations

import functools
import inspect
import threading
from typing import Any, Callable, TypeVar, overload

from auroraview_qt.ipc.calls.callbacks import Subscription
from auroraview_qt.ipc.calls.channels import Channel
from auroraview_qt.ipc.calls.commands import Thread
from auroraview_qt.ipc.calls.declarations import Source
from auroraview_qt.ipc.calls.decorators import as_decorator, owner_thread_only
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.members import register_public_functions
from auroraview_qt.ipc.calls.page_calls import NO_PARAMS, TIMEOUT_S, PageFuture
from auroraview_qt.ipc.port import Port
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.wire.message_queue import NOTHING

F = TypeVar("F", bound=Callable[..., Any])

#: Wraps the function of a command, so that each call is an undo step of that name.
Undoable = Callable[[Callable[..., object], str, Thread], Callable[..., object]]


class BridgeApi:
    """The methods of a view that reach its page.

    Notes
    -----
    Thread: any, unless a method says otherwise. Callbacks and commands run on the GUI thread.
    """

    def _init_api(self, port: Port, undoable: Undoable, commands_changed: Callable[[], object], *, devtools: bool) -> None:
        """Connect the methods to a bridge; not `__init__`, which belongs to the widget.

        Parameters
        ----------
        port : Port
            The bridge.
        undoable, commands_changed : callable
            Wraps the function of a command with an undo step; called after commands were registered.
        devtools : bool
            Whether emits are compared with their declarations.
        """
        self._port = port
        self._undoable = undoable
        self._commands_changed = commands_changed
        self._checks_emits = devtools
        self._owner_thread = threading.get_ident()
        self._set_emit(port.emitter())

    def _set_emit(self, emit: Callable[..., None]) -> None:
        """Make `emit` a function of this object.

        A program emits up to 100,000 events in a burst, and most of the time of an emit is calls. So the queue provides a
        function that encodes an event and appends it. The object holds that function itself, since a method would add a
        call. It is also found sooner: the binding looks through all names of Qt before it finds a method. It carries the
        docstring and the signature of the method, for `help` and for editors. A subclass with its own `emit` keeps that
        method.
        """
        self._emit = emit
        if type(self).emit is BridgeApi.emit:
            emit.__name__, emit.__qualname__, emit.__doc__ = "emit", BridgeApi.emit.__qualname__, BridgeApi.emit.__doc__
            emit.__signature__ = _EMIT_SIGNATURE  # type: ignore[attr-defined]
            self.__dict__["emit"] = emit

    # Events

    @overload
    def on(self, event: str) -> Callable[[F], F]: ...

    @overload
    def on(self, event: str, fn: Callable[..., object]) -> Subscription: ...

    def on(self, event: str, fn: Callable[..., object] | None = None) -> Any:
        """Call ``fn(data)`` for each `event` of the page; for ``"*"``, ``fn(event, data)`` for every event.

        Parameters
        ----------
        event : str
            1 to 128 characters, none of them a control character; ``"*"`` for every event.
        fn : callable, optional
            Without it the method is a decorator. Functions are held strongly, bound methods weakly.

        Returns
        -------
        Subscription
            Its ``cancel()`` removes the callback; the decorator returns the function.

        Raises
        ------
        InvalidNameError
            If the event's name is invalid.
        """
        if fn is None:
            return as_decorator(functools.partial(self._port.handler.on, event))
        return self._port.handler.on(event, fn)

    @overload
    def once(self, event: str) -> Callable[[F], F]: ...

    @overload
    def once(self, event: str, fn: Callable[..., object]) -> Subscription: ...

    def once(self, event: str, fn: Callable[..., object] | None = None) -> Any:
        """Call `fn` for the next such event only; see `on`."""
        if fn is None:
            return as_decorator(functools.partial(self._port.handler.on, event, once=True))
        return self._port.handler.on(event, fn, once=True)

    def off(self, event: str, fn: Callable[..., object] | None = None) -> int:
        """Remove `fn`, or all callbacks, from `event`; return how many were removed."""
        return self._port.handler.off(event, fn)

    def register_callback(self, event: str, fn: Callable[..., object]) -> Subscription:
        """Call ``on(event, fn)``; AuroraView's name for it."""
        return self._port.handler.on(event, fn)

    def emit(self, event: str, data: object = NOTHING, *, coalesce: bool = False) -> None:
        """Send an event to the page: ``auroraview.on(event)`` and ``window.addEventListener(event)`` get it.

        The data is serialised here, so a later change of it has no effect. The event waits until the page is ready and has a
        listener for it. An event for a deleted view is dropped and counted.

        Parameters
        ----------
        event : str
            A valid name; see `on`.
        data : object
            A value that JSON can hold; by default an empty object.
        coalesce : bool
            Keep only the newest undelivered value of this event.

        Raises
        ------
        SerializationError
            If JSON cannot hold `data`; the message names the event and the part.
        QueueFullError
            If the queue's limit is reached and its policy is ``"error"``.
        InvalidNameError
            If the event's name is invalid.
        """
        self._emit(event, data, coalesce=coalesce)

    # Declarations

    def declare_event(self, name: str, payload: Any = None, *, source: Source = "python", doc: str = "") -> None:
        """Declare the data of an event, for the TypeScript generator and for validation.

        With ``source="page"`` the page's data is validated before callbacks run. They get values of the type `payload`: an
        instance of a dataclass, a `Path`. A value that does not fit is logged, counted as malformed, and dropped. With
        ``source="python"`` and ``devtools=True``, an emit that does not fit is logged as a warning, and still sent.

        Parameters
        ----------
        name : str
            A valid name; see `on`.
        payload : type, optional
            Any annotation a command's parameter may have; None for an event without data.
        source : {"python", "page"}
            Who sends it.
        doc : str
            The purpose of the event; becomes its comment in TypeScript.

        Raises
        ------
        InvalidNameError, ValueError
            If the name or the `source` is invalid.
        """
        declarations = self._port.handler.declarations
        declarations.declare_event(name, payload, source, doc)
        if self._checks_emits:
            self._checks_emits = False  # once is enough
            self._set_emit(declarations.check_emits(self._emit))

    def declare_state(self, kind: type) -> None:
        """Declare the type of the shared state, for the TypeScript generator: a TypedDict or dataclass."""
        self._port.handler.declarations.state = kind

    @property
    def ipc_handler(self) -> IpcHandler:
        """Return the registry of this view's callbacks, commands and declarations."""
        return self._port.handler

    # Commands

    @overload
    def command(self, name: F) -> F: ...

    @overload
    def command(self, name: str = ..., *, thread: Thread = "gui", undo: str = "") -> Callable[[F], F]: ...

    @overload
    def command(self, name: str, fn: F, *, thread: Thread = "gui", undo: str = "") -> F: ...

    def command(
        self, name: Any = None, fn: Callable[..., object] | None = None, *, thread: Thread = "gui", undo: str = ""
    ) -> Any:
        """Let the page call a function: ``await auroraview.call("bake", {start: 1, end: 24})``. Thread: GUI.

        Use it as ``@view.command``, ``@view.command("name")``, ``@view.command(thread="pool")`` or ``view.command("name",
        fn)``. A second function with the same name replaces the first. Without params the call is ``f()``. An object gives
        keywords, an array gives positional arguments, any other value is a single argument. A parameter annotated
        `CallContext` reports progress, and shows whether the page still waits. A generator function makes a stream: ``for
        await (const hit of auroraview.stream("search"))``.

        Parameters
        ----------
        name : str, optional
            A valid name; see `on`. By default the function's own name.
        fn : callable, optional
            Without it the method is a decorator. It may return a `concurrent.futures.Future` or an awaitable, to answer
            later.
        thread : {"gui", "pool"}
            ``"pool"`` for long work without the host's API, on a few threads. ``async def`` runs on the asyncio loop of the
            GUI thread, or on a loop in a separate thread if there is none.
        undo : str
            Make each call an undo step of this name in the host: ``@view.command(undo="Rename")``.

        Raises
        ------
        InvalidNameError, ValueError
            If the name is invalid, or `undo` is used with a function that does not run in a single piece on the GUI thread.
        """
        if callable(name):
            return self.bind_call(name.__name__, name, thread=thread)
        if name is None:
            return as_decorator(lambda function: self.command(function.__name__, function, thread=thread, undo=undo))
        if fn is None:
            return as_decorator(lambda function: self.command(name, function, thread=thread, undo=undo))
        self.bind_call(name, self._undoable(fn, undo, thread) if undo else fn, thread=thread)
        return fn

    @owner_thread_only
    def bind_call(
        self, name: str, fn: Callable[..., object] | None = None, *, allow_rebind: bool = True, thread: Thread = "gui"
    ) -> Any:
        """Register `fn` as command `name`; ``"ns.name"`` makes it ``auroraview.ns.name()`` too. Thread: GUI.

        Parameters
        ----------
        name : str
            A valid name; see `on`.
        fn : callable, optional
            Without it the method is a decorator.
        allow_rebind : bool
            Whether a command of that name is replaced; running calls finish with the old function.
        thread : {"gui", "pool"}
            As for `command`.

        Returns
        -------
        callable
            `fn`; the decorator without it.

        Raises
        ------
        InvalidNameError, TypeError, ValueError
            If the name is invalid, `fn` is not callable, or the name is taken and `allow_rebind` is False.
        """
        if fn is None:
            return as_decorator(functools.partial(self.bind_call, name, allow_rebind=allow_rebind, thread=thread))
        self._port.handler.register_command(name, fn, replace=allow_rebind, thread=thread)
        self._commands_changed()
        return fn

    @owner_thread_only
    def bind_api(self, obj: object, namespace: str = "api", *, allow_rebind: bool = True) -> list[str]:
        """Register the public functions of `obj` as ``auroraview.<namespace>.<name>()``. Thread: GUI.

        Methods, static and class methods, partials and other callable objects are bound, those in the object's own
        attributes included. The call runs nothing of `obj`. Left out are Qt's own methods, names that begin with an
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
            The command names, in alphabetical order.

        Raises
        ------
        ValueError
            If a name is taken and `allow_rebind` is False; then nothing is bound.
        """
        bound = register_public_functions(self._port.handler, obj, namespace, allow_rebind=allow_rebind)
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

        Before the page is ready the call waits, in order with events. It is not repeated after a reload.

        Parameters
        ----------
        name : str
            A valid name; see `on`.
        params : object, optional
            The function's first argument, a value that JSON can hold; ``undefined`` by default.
        timeout_s : float or None
            Seconds until the call ends in `CallTimeoutError` and the page's ``signal`` is aborted; None waits for ever.
        on_progress : callable, optional
            Called as ``fn(fraction, message)``, on the GUI thread, with progress reports of the page's function.

        Returns
        -------
        PageFuture
            Await it, wait for it on another thread, or add a callback, which runs on the GUI thread. It ends in a result,
            `PageError`, `UnknownCommandError`, `CallTimeoutError` or `PageGoneError`. It is cancelled when the view goes.

        Raises
        ------
        SerializationError, InvalidNameError, QueueFullError
            As for `emit`.
        """
        return self._port.page_calls.call(name, params, timeout_s, on_progress)

    def eval_js(self, source: str, *, timeout_s: float | None = TIMEOUT_S) -> PageFuture:
        """Evaluate JavaScript in the page once it is ready, in order with events.

        Parameters
        ----------
        source : str
            An expression (``"document.title"``), which may use ``await``; or statements, whose value is their ``return``.
        timeout_s : float or None
            As for `call`.

        Returns
        -------
        PageFuture
            The future of the JSON value; a promise is awaited. A JavaScript error is a `PageError` with its ``stack``.
        """
        return self._port.page_calls.evaluate(source, timeout_s)

    # State

    @property
    def state(self) -> SharedState:
        """Return the state that Python and the page share, ``auroraview.state`` in the page; it survives reloads."""
        return self._port.state

    def channel(self, channel_id: str | None = None) -> Channel:
        """Return a stream of messages to the page; ``auroraview.channel(id).onMessage(fn)`` receives them there.

        Parameters
        ----------
        channel_id : str, optional
            A valid name; see `on`. By default the channel makes an id: send ``channel.id`` to the page.
        """
        return Channel(self._emit, channel_id)

    # State of the bridge

    @property
    def is_ready(self) -> bool:
        """Return whether the current page has reported its listeners."""
        return self._port.is_ready()

    def stats(self) -> dict[str, float]:
        """Return the counters and times of the bridge.

        Returns
        -------
        dict
            Counts of events and answers to the page: ``queued``, ``in_flight``, ``sent``, ``delivered``, ``redelivered``,
            ``dropped``, ``coalesced``, ``set_aside``, ``discarded``. Counts of events without a listener: ``unheard``
            (waiting), ``never_heard`` (dropped). Counts of messages from the page: ``received``, ``inbox``,
            ``refused``, ``malformed``, ``callback_errors``, ``command_errors``. Further counts: ``calls_running``,
            ``late_results``, ``page_calls_waiting``; ``queued_bytes``, ``sent_bytes``, ``received_bytes``; ``batches``,
            ``flushes``, ``pulls``, ``pages``. Mean times in milliseconds: ``round_trip_ms`` from sending a batch to its
            acknowledgement, ``flush_ms`` on the clock, ``flush_cpu_ms`` of the GUI thread's processor. ``_max_ms`` at the
            end gives the maximum.
        """
        return self._port.stats()


_emit = inspect.signature(BridgeApi.emit)
_EMIT_SIGNATURE = _emit.replace(parameters=list(_emit.parameters.values())[1:])  # to read it takes a tenth of a view's time
