"""Run a command of a tool as a page's call would: with the same arguments, validation, context and JSON. No Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any

from auroraview_qt.ipc.calls.commands import Command
from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.runners import LOOP, POOL
from auroraview_qt.ipc.calls.running import CallContext, future_of
from auroraview_qt.ipc.wire import json_text, protocol
from auroraview_qt.testing.errors import error_of

#: Waits for a future; returns None after a timeout.
Wait = Callable[["Future[Any]"], object]


def run_command(handler: IpcHandler, name: str, params: Sequence[Any], wait: Wait) -> Any:
    """Run a command to its end.

    Parameters
    ----------
    handler : IpcHandler
        Has the command.
    name : str
        The command.
    params : sequence
        Empty, or a single value: a dict gives keywords, a list gives positional arguments, any other value is a single
        argument.
    wait : callable
        Waits for a future of a command that answers later.

    Returns
    -------
    object
        The result as the page gets it; for a stream, the list of its parts.

    Raises
    ------
    UnknownCommandError, InvalidArgumentsError, SerializationError
        The error that the page would get.
    Exception
        Every exception of the command itself.

    Notes
    -----
    Thread: that of the view
    """

    def received(value: object) -> Any:  # in the form of the page's message
        return json_text.loads(json_text.dumps(value, f"params of {name!r}", "params"))

    arguments = list(map(received, params))
    command = handler.commands().get(name)
    if command is None:
        answer = handler.call("kit", name, arguments)
        raise error_of(_value_of(answer or b"[2,0,{}]"))
    context = CallContext(name, lambda fraction, message: None)
    work = command.prepare(name, arguments, context)
    if command.streams:
        return _received(_parts_of(command, work(), wait))
    result = POOL.submit(work) if command.thread == "pool" else work()
    future = future_of(result)
    if future is not None:
        wait(future)
        result = future.result(0)
    return _received(result)


def _parts_of(command: Command, source: Any, wait: Wait) -> list[Any]:
    if hasattr(source, "__aiter__"):

        async def collected() -> list[Any]:
            return [part async for part in source]

        future = LOOP.run(collected())
    elif command.thread == "pool":
        future = POOL.submit(lambda: list(source))
    else:
        return list(source)
    wait(future)
    parts: list[Any] = future.result(0)
    return parts


def _received(value: Any) -> Any:
    """Return a value in the form in which it reaches the page."""
    return _value_of(protocol.result_payload("kit", value))


def _value_of(payload: bytes) -> Any:
    return json_text.loads(payload)[2]  # type: ignore[index]
