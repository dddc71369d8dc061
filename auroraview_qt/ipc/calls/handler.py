"""IpcHandler: event -> callbacks, command -> function. Isolates their errors, always answers. No Qt, no transport."""

from __future__ import annotations

import logging
import threading
import traceback
from collections.abc import Sequence
from typing import Any, NoReturn

from auroraview_qt._log_limit import LogLimit
from auroraview_qt._wording import short_repr, shortened, suggest
from auroraview_qt.errors import (
    AuroraViewError,
    CallCancelledError,
    CallError,
    CapabilityError,
    InvalidArgumentsError,
    ProtocolError,
    QueueFullError,
    SerializationError,
    TooManyCallsError,
    UnknownCommandError,
    WrongCallKindError,
)
from auroraview_qt.ipc.calls import streams
from auroraview_qt.ipc.calls.callbacks import Callback, Callbacks, Subscription
from auroraview_qt.ipc.calls.commands import Command, Thread
from auroraview_qt.ipc.calls.declarations import Declarations
from auroraview_qt.ipc.calls.failures import report
from auroraview_qt.ipc.calls.runners import POOL
from auroraview_qt.ipc.calls.running import AnswerOutlet, Calls, future_of
from auroraview_qt.ipc.wire import json_text, page_messages, plugins, protocol
from auroraview_qt.ipc.wire.limits import MAX_TEXT_CHARS, SMALL_ANSWER_BYTES

#: Failures that the page causes: only the page gets them, because a traceback of Python does not explain them.
_EXPECTED = (
    UnknownCommandError,
    InvalidArgumentsError,
    WrongCallKindError,
    TooManyCallsError,
    QueueFullError,
    CallCancelledError,
    CapabilityError,
)

#: Characters of a traceback that a page gets in development.
_MAX_TRACEBACK_CHARS = 200_000
#: Errors about unknown commands, in ten seconds, that suggest other names.
MAX_SUGGESTIONS = 50

_log = logging.getLogger(__name__)


class IpcHandler:
    """The registry of callbacks and commands of a view.

    Parameters
    ----------
    tracebacks : bool
        Send tracebacks of failing commands to the page (development only).
    outlet : AnswerOutlet, optional
        The way of later answers to the pages.

    Attributes
    ----------
    callbacks : Callbacks
        Of events.
    declarations : Declarations
        The program's declarations of its events and its state.

    Notes
    -----
    Thread: any; callbacks and commands run on the thread that dispatches.
    """

    def __init__(self, *, tracebacks: bool = False, outlet: AnswerOutlet | None = None) -> None:
        self.tracebacks = tracebacks
        self.command_errors = 0
        self._log_limit = LogLimit()
        self._suggestions = LogLimit(lines=MAX_SUGGESTIONS)
        self.callbacks = Callbacks()
        self._heard = self.callbacks.subscriptions
        self._lock = threading.Lock()
        self._commands: dict[str, Command] = {}
        self.calls = Calls(self.fail, outlet)
        self.declarations = Declarations()
        self._incoming = self.declarations.incoming

    # Events

    @property
    def callback_errors(self) -> int:
        """Return the number of failed callbacks. Thread: any."""
        return self.callbacks.errors

    def on(self, event: str, fn: Callback, *, once: bool = False) -> Subscription:
        """Call ``fn(data)`` for each `event`; see `Callbacks.on`. Thread: any."""
        return self.callbacks.on(event, fn, once=once)

    def off(self, event: str, fn: Callback | None = None) -> int:
        """Remove `fn`, or all callbacks, from `event`; return how many were removed. Thread: any."""
        return self.callbacks.off(event, fn)

    def dispatch(self, event: str, data: object) -> int:
        """Run the callbacks of `event`; see `Callbacks.dispatch`. Thread: the caller's."""
        return self.callbacks.dispatch(event, data)

    def handle_event(self, event: object, detail: object) -> object:
        """Dispatch an event of the page; return its data: the detail, or ``{}`` for a missing or null detail.

        The data of a declared event is validated, and callbacks get values of the declared type.

        Raises
        ------
        InvalidNameError
            If the event's name is invalid.
        ProtocolError
            If the event is declared, and its data does not fit.

        Notes
        -----
        Thread: the caller's
        """
        if type(event) is not str or event not in self._heard or event == "*":  # a registered name is valid
            protocol.check_event(event)
        data = {} if detail is None else detail
        if self._incoming and event in self._incoming:
            data = self.declarations.accept(event, data)  # type: ignore[arg-type]
        self.callbacks.dispatch(event, data)  # type: ignore[arg-type]
        return data

    # Commands

    def register_command(self, name: str, fn: Callback, *, replace: bool = True, thread: Thread = "gui") -> None:
        """Let the page call `fn` as `name`.

        Thread: any.

        Parameters
        ----------
        name : str
            A valid name.
        fn : callable
            A function; a generator function makes a stream, ``async def`` runs on an asyncio loop.
        replace : bool
            Whether a command of that name is replaced.
        thread : {"gui", "pool"}
            Whether it runs on the dispatching thread, or on a thread of the pool.

        Raises
        ------
        InvalidNameError, TypeError
            As for `on`.
        ValueError
            If the name is taken and `replace` is False, or there is no such thread.
        """
        protocol.check_name(name)
        if not callable(fn):
            raise TypeError(f"command {name!r} needs a callable, not {type(fn).__name__}")
        command = Command(fn, thread)
        with self._lock:
            if name in self._commands and not replace:
                raise ValueError(f"command {name!r} is registered already: use another name, or allow the replacement")
            self._commands[name] = command

    def unregister_command(self, name: str) -> bool:
        """Forget a command; return False if there was none. Thread: any."""
        with self._lock:
            return self._commands.pop(name, None) is not None

    def command_names(self) -> list[str]:
        """Return the names of all commands except those of plugins, in the order of registration. Thread: any."""
        with self._lock:
            return [name for name in self._commands if not name.startswith(plugins.PREFIX)]

    def commands(self) -> dict[str, Command]:
        """Return all commands except those of plugins by name. Thread: any."""
        return {name: self._commands[name] for name in self.command_names()}

    def call(self, call_id: str, name: str, arguments: Sequence[Any], document: str = "") -> bytes | None:
        """Run command `name` and encode its answer for the page; never raises.

        Parameters
        ----------
        call_id : str
            The page's id of the call.
        name : str
            The command.
        arguments : sequence
            Empty for no params, else a single item: a dict gives keywords, a list gives positional arguments, any other
            value is a single argument.
        document : str
            The calling document.

        Returns
        -------
        bytes or None
            The payload of the answer; None if `calls` will send it later.

        Notes
        -----
        Thread: the caller's; the command runs on it, unless it was registered for another.
        """
        try:
            command = self._commands.get(name) or self._unknown(name)
            if not command.runs_inline:
                return self._begin(call_id, name, command, arguments, document)
            result = command.run(name, arguments)
            try:
                payload = protocol.result_payload(call_id, result)
                return payload if len(payload) <= SMALL_ANSWER_BYTES else self.calls.with_room(name, payload)
            except SerializationError:
                future = future_of(result)
                if future is None:
                    raise
                try:
                    call = self.calls.begin(document, call_id, name)
                except AuroraViewError:  # no page will get the answer
                    future.cancel()
                    raise
                self.calls.follow(call, future)
                return None
        except BaseException as error:
            return self.fail(call_id, name, error)

    def _begin(self, call_id: str, name: str, command: Command, arguments: Sequence[Any], document: str) -> bytes | None:
        """Run a command that needs its context, or another thread."""
        if command.streams:
            raise WrongCallKindError(f"command {name!r} gives a stream: use auroraview.stream({name!r}, …)")
        call = self.calls.begin(document, call_id, name)
        try:
            work = command.prepare(name, arguments, call.context)
            result = POOL.submit(work) if command.thread == "pool" else work()
            future = future_of(result)
            if future is not None:
                self.calls.follow(call, future)
                return None
            payload = self.calls.with_room(name, protocol.result_payload(call_id, result))
        except BaseException as error:
            payload = self.fail(call_id, name, error)
        self.calls.finish(call, payload)
        return None

    def stream(
        self, call_id: str, name: str, credit: int, arguments: Sequence[Any], document: str, schedule: streams.Schedule
    ) -> bytes | None:
        """Begin the stream `name`, which sends its parts and its end to the page; never raises.

        Parameters
        ----------
        call_id, name, arguments, document
            As for `call`.
        credit : int
            Number of parts that the page takes before it grants more.
        schedule : callable
            Runs a function on this thread, soon.

        Returns
        -------
        bytes or None
            An error for the page, if the stream was not begun.

        Notes
        -----
        Thread: the engine's
        """
        try:
            command = self._commands.get(name) or self._unknown(name)
            call = self.calls.begin(document, call_id, name)
        except BaseException as error:
            return self.fail(call_id, name, error)
        try:
            source = command.prepare(name, arguments, call.context)()
            if not streams.is_stream(source):
                raise WrongCallKindError(f"command {name!r} gives no stream: use auroraview.call({name!r}, …)")
            streams.start(self.calls, call, source, credit, command.thread, schedule)  # type: ignore[arg-type]
        except BaseException as error:
            self.calls.finish(call, self.fail(call_id, name, error))
        return None

    def fail(self, call_id: str, name: str, error: BaseException) -> bytes:
        """Count and log the failure of a command, and encode it for the page. Thread: any."""
        self.command_errors += 1
        try:
            if not isinstance(error, _EXPECTED):
                report(_log, error, "command %r failed", name, limit=self._log_limit)
            described = self.describe(error)
        except BaseException as second:  # from an odd error, or from a log handler; the call has to end anyway
            report(_log, second, "the error of command %r could not be sent", name, limit=self._log_limit)
            described = {"name": "Error", "code": CallError.code, "message": "its error could not be sent", "data": None}
        return protocol.error_payload(call_id, described)

    def _unknown(self, name: str) -> NoReturn:
        """Raise the error about a command that does not exist, with the nearest names."""
        if name.startswith(plugins.PREFIX):
            raise plugins.unknown_command(name, list(self._commands))
        # Suggestions take milliseconds of the GUI thread each, so a page that calls many wrong names gets none.
        known = list(self._commands) if self._suggestions.note("") is not None else []
        near = suggest(name, known, "nothing with a similar name is registered", count=3)
        raise UnknownCommandError(f"there is no command {short_repr(name)}: {near.text}", data={"nearest": near.names})

    def describe(self, error: BaseException) -> dict[str, object]:
        """Return an exception as a message: ``{name, code, message, data}``, ``traceback`` in development. Thread: any."""
        known = isinstance(error, AuroraViewError)
        described: dict[str, object] = {
            "name": type(error).__name__,
            "code": getattr(error, "code", CallError.code) if known else CallError.code,
            "message": shortened(_text_of(error), MAX_TEXT_CHARS).encode("utf-8", "replace").decode(),
            "data": getattr(error, "data", None) if known else None,
        }
        try:
            json_text.dumps(described["data"], "error data")
        except SerializationError as refused:
            note = self._log_limit.note("data")
            if note is not None:
                _log.warning("the data of a %s is left out: %s%s", described["name"], refused, note)
            described["data"] = None
        if self.tracebacks:
            lines = traceback.format_exception(type(error), error, error.__traceback__)
            text = shortened("".join(lines), _MAX_TRACEBACK_CHARS)
            described["traceback"] = text.encode("utf-8", "replace").decode()
        return described

    # Routing

    def handle(self, message: dict[str, object], document: str = "") -> bytes | None:
        """Route a message of the page that came as text, or is malformed.

        Returns
        -------
        bytes or None
            The payload of the answer, for a call that is answered at once.

        Raises
        ------
        ProtocolError
            If it is neither a valid event nor a valid call, and has no id for an answer.

        Notes
        -----
        Thread: the caller's
        """
        kind, call_id = message["type"], message.get("id")
        try:
            if kind == "event":
                message["detail"] = self.handle_event(message.get("event"), message.get("detail"))
                return None
            if kind == "call" and page_messages.is_id(call_id):
                name = message.get("method")
                if not isinstance(name, str):
                    raise ProtocolError("a call needs a string 'method'")
                arguments = (message["params"],) if "params" in message else ()
                return self.call(str(call_id), name, arguments, document)
            raise ProtocolError(f"a message of type {short_repr(kind)} is not understood here, or its id is no string")
        except AuroraViewError as error:
            if page_messages.is_id(call_id):
                return protocol.error_payload(str(call_id), self.describe(error))
            raise ProtocolError(str(error)) from None


def _text_of(error: BaseException) -> str:
    """Return the message of an exception; an exception without a readable message must still be answered."""
    try:
        return str(error)
    except BaseException:
        return f"a {type(error).__name__} without a readable message"
