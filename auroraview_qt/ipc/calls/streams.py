"""Streams: commands that yield. The page asks for each part, and grants a number of parts at a time. No Qt.

A generator runs in the place of its command. On the GUI thread it runs a part at a time between the host's own events. On
the pool it runs on the same thread from beginning to end. An asynchronous generator runs on an asyncio loop. A generator
without a listener is closed, so that its ``finally`` runs.
"""

from __future__ import annotations

import inspect
import logging
import threading
from collections.abc import AsyncIterator, Iterator
from typing import Any, Callable

from auroraview_qt.errors import CallCancelledError
from auroraview_qt.ipc.calls.failures import report
from auroraview_qt.ipc.calls.runners import LOOP, POOL
from auroraview_qt.ipc.calls.running import Call, Calls
from auroraview_qt.ipc.wire import protocol

#: Number of parts that a page may ask for at once.
MAX_CREDIT = 10_000

Schedule = Callable[[Callable[[], object]], object]

_log = logging.getLogger(__name__)


def is_stream(value: object) -> bool:
    """Return whether a command's result yields parts. Thread: any."""
    return isinstance(value, (Iterator, AsyncIterator))


def start(
    calls: Calls, call: Call, source: Iterator[Any] | AsyncIterator[Any], credit: int, thread: str, schedule: Schedule
) -> None:
    """Send the parts of `source` as answers of `call`.

    Parameters
    ----------
    calls, call
        Who is answered.
    source : iterator or asynchronous iterator
        Gives the parts.
    credit : int
        Number of parts that may be sent before the page grants more.
    thread : {"gui", "pool"}
        The place where an iterator advances.
    schedule : callable
        Runs a function on the engine's thread, soon.

    Notes
    -----
    Thread: the engine's
    """
    if isinstance(source, AsyncIterator):
        _AsyncStream(calls, call, source, credit)
    elif thread == "pool":
        _PoolStream(calls, call, source, credit)
    else:
        _GuiStream(calls, call, source, credit, schedule)


def _clamped(count: object) -> int:
    """Take a number of the page's for no more than it may be."""
    return max(0, min(count, MAX_CREDIT)) if type(count) is int else 0


class _GuiStream:
    """Advances a generator on the engine's thread, a step at a time."""

    def __init__(self, calls: Calls, call: Call, source: Iterator[Any], credit: int, schedule: Schedule) -> None:
        self._calls, self._call, self._source, self._schedule = calls, call, source, schedule
        self._credit = 0
        self._scheduled = self._running = self._closed = False
        self.title = f"command {call.name!r}"
        call.controlled_by(cancel=self.close, grant=self.grant)
        self.grant(credit)

    def grant(self, count: int) -> None:
        self._credit += _clamped(count)
        self._go_on()

    def _go_on(self) -> None:
        if self._credit and not (self._scheduled or self._running or self._closed):
            self._scheduled = True
            self._schedule(self._step)

    def _step(self) -> None:
        self._scheduled = False
        if self._closed:
            return
        self._running = True
        payload = self._advance()
        self._running = False
        if payload is not None or self._closed:  # closed while it ran, from an event loop the generator nested
            self._closed = True
            _close(self._source)
        if payload is not None:
            self._calls.finish(self._call, payload)
        self._go_on()

    def _advance(self) -> bytes | None:
        """Send the next part; return the payload of the end after the last part."""
        call = self._call
        try:
            try:
                self._calls.give_part(call, next(self._source))
            except StopIteration as stop:
                return protocol.result_payload(call.id, stop.value)
        except BaseException as error:
            return self._calls.fail(call.id, call.name, error)
        self._credit -= 1
        return None

    def close(self) -> None:
        self._closed = True
        if not self._running:
            _close(self._source)


class _PoolStream:
    """Advances a generator on a thread of the pool, which waits while the page takes no parts."""

    def __init__(self, calls: Calls, call: Call, source: Iterator[Any], credit: int) -> None:
        self._calls, self._call, self._source = calls, call, source
        self._changed = threading.Condition()
        self._credit = 0
        self._closed = False
        self.grant(credit)
        self._future = POOL.submit(self._run)
        calls.follow(call, self._future)
        call.controlled_by(cancel=self.close, grant=self.grant)

    def grant(self, count: int) -> None:
        with self._changed:
            self._credit += _clamped(count)
            self._changed.notify()

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify()
        if self._future.cancel():  # it never ran
            _close(self._source)

    def _take(self) -> bool:
        """Wait until a part may be sent; False once none is wanted any more."""
        with self._changed:
            self._changed.wait_for(lambda: self._credit or self._closed)
            self._credit -= 1
            return not self._closed

    def _run(self) -> object:
        try:
            while self._take():
                self._calls.give_part(self._call, next(self._source))
        except StopIteration as stop:
            return stop.value
        finally:
            _close(self._source)
        raise CallCancelledError(f"stream {self._call.name!r} is not wanted any more")


class _AsyncStream:
    """Advances an asynchronous generator as a single task."""

    def __init__(self, calls: Calls, call: Call, source: AsyncIterator[Any], credit: int) -> None:
        import asyncio

        self._calls, self._call, self._source = calls, call, source
        self._credit = _clamped(credit)
        self._granted: asyncio.Event | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._lock = threading.Lock()
        call.controlled_by(grant=self.grant)
        calls.follow(call, LOOP.run(self._run()))

    def grant(self, count: int) -> None:
        with self._lock:
            self._credit += _clamped(count)
            if self._loop is not None and self._granted is not None:
                self._loop.call_soon_threadsafe(self._granted.set)

    def _take(self) -> bool:
        with self._lock:
            if self._credit:
                self._credit -= 1
                return True
            return False

    async def _run(self) -> None:
        import asyncio

        with self._lock:
            self._loop, self._granted = asyncio.get_running_loop(), asyncio.Event()
        try:
            while True:
                while not self._take():
                    await self._granted.wait()
                    self._granted.clear()
                self._calls.give_part(self._call, await self._source.__anext__())
        except StopAsyncIteration:
            return
        finally:
            close = getattr(self._source, "aclose", None)
            if close is not None:
                await close()


def _close(source: Iterator[Any]) -> None:
    """Close a generator, so that its ``finally`` runs; other iterators have nothing to close."""
    if inspect.isgenerator(source):
        try:
            source.close()
        except BaseException as error:
            report(_log, error, "a stream failed while it was closed")
