"""Signal: AuroraView's signals, which are plain Python objects. Thread: any. No Qt."""

from __future__ import annotations

import itertools
import logging
import threading
from collections.abc import Callable
from typing import Any, Generic, NewType, TypeVar

from auroraview_qt.ipc.calls.failures import report

T = TypeVar("T")

#: The result of `connect`, and the argument of `disconnect`.
ConnectionId = NewType("ConnectionId", int)

_log = logging.getLogger(__name__)
_ids = itertools.count(1)


class Signal(Generic[T]):
    """A signal that calls its handlers in the order of connection.

    Parameters
    ----------
    name : str, optional
        The name for log messages.

    Notes
    -----
    Thread: any. Handlers run on the thread that emits.
    """

    def __init__(self, name: str | None = None) -> None:
        self.name = name or f"Signal-{id(self)}"
        self._lock = threading.Lock()
        self._handlers: dict[ConnectionId, tuple[Callable[..., Any], bool]] = {}

    def connect(self, handler: Callable[..., Any]) -> ConnectionId:
        """Call `handler` at each emission; return the connection for `disconnect`."""
        return self._add(handler, once=False)

    def connect_once(self, handler: Callable[..., Any]) -> ConnectionId:
        """Call `handler` at the next emission only; return the connection for `disconnect`."""
        return self._add(handler, once=True)

    def disconnect(self, connection: ConnectionId) -> bool:
        """End a connection; return whether there was one."""
        with self._lock:
            return self._handlers.pop(connection, None) is not None

    def disconnect_all(self) -> int:
        """End all connections; return how many there were."""
        with self._lock:
            count = len(self._handlers)
            self._handlers.clear()
        return count

    def emit(self, value: T | None = None) -> int:
        """Call the handlers with the value, or without arguments for None.

        Parameters
        ----------
        value : any, optional
            The arguments of the handlers.

        Returns
        -------
        int
            The number of handlers that ran to their end. A failing handler is logged and stops no other.
        """
        with self._lock:
            called = list(self._handlers.items())
        arguments = () if value is None else (value,)
        ran = 0
        for connection, (handler, once) in called:
            if once and not self.disconnect(connection):
                continue  # another emission has called it
            try:
                handler(*arguments)
                ran += 1
            except BaseException as error:
                report(_log, error, "a handler of the signal %r failed", self.name)
        return ran

    __call__ = emit

    @property
    def handler_count(self) -> int:
        """Return the number of connections."""
        return len(self._handlers)

    @property
    def is_connected(self) -> bool:
        """Return whether there are any connections."""
        return bool(self._handlers)

    def _add(self, handler: Callable[..., Any], *, once: bool) -> ConnectionId:
        connection = ConnectionId(next(_ids))
        with self._lock:
            self._handlers[connection] = (handler, once)
        return connection
