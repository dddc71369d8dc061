"""Run commands outside the GUI thread: in a pool of threads, and on an asyncio loop. No Qt.

The threads are daemons, unlike those of `concurrent.futures`, which the interpreter joins at its exit. A host that quits
during a long bake would hang there.
"""

from __future__ import annotations

import logging
import os
import threading
from collections import deque
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Callable

from auroraview_qt.ipc.calls.failures import EXIT_WISHES, ContainedExitError, report

if TYPE_CHECKING:
    import asyncio

#: Seconds a thread without work stays.
IDLE_S = 5.0

_log = logging.getLogger(__name__)

_Job = tuple["Future[Any]", Callable[[], object]]


def resolve(future: Future[Any], fn: Callable[[], object]) -> None:
    """Run a function into its future, unless the future was cancelled; never raise. Thread: any."""
    if not future.set_running_or_notify_cancel():
        return
    try:
        result = fn()
    except BaseException as error:  # SystemExit too: it ends the function, not the thread or the host
        _complete(future.set_exception, error)
    else:
        _complete(future.set_result, result)


def _complete(end: Callable[[Any], object], outcome: object) -> None:
    """End a future; a callback of the program that raises a `BaseException` ends nothing else."""
    try:
        end(outcome)
    except BaseException as error:
        report(_log, error, "a callback of a future failed")


class Pool:
    """Daemon threads that start with work and end without work.

    Thread: any.

    Parameters
    ----------
    max_threads : int
        Maximum number of threads; more work waits. With a single thread, work is done in order.
    name : str
        The name of the threads.
    """

    def __init__(self, max_threads: int = min(32, (os.cpu_count() or 1) + 4), name: str = "auroraview-pool") -> None:
        self._name = name
        self._max_threads = max_threads
        self._jobs: deque[_Job] = deque()
        self._changed = threading.Condition()
        self._threads = 0
        self._idle = 0

    @property
    def threads(self) -> int:
        """Return the number of living threads."""
        return self._threads

    def submit(self, fn: Callable[[], object]) -> Future[Any]:
        """Run `fn` on a thread of the pool; a future that is cancelled before that is never run."""
        future: Future[Any] = Future()
        with self._changed:
            self._jobs.append((future, fn))
            if self._idle >= len(self._jobs):
                self._changed.notify()
            elif self._threads < self._max_threads:
                self._threads += 1
                threading.Thread(target=self._serve, name=self._name, daemon=True).start()
        return future

    def close(self) -> None:
        """Cancel work that has not begun."""
        with self._changed:
            waiting, self._jobs = self._jobs, deque()
        for future, _ in waiting:
            future.cancel()

    def _serve(self) -> None:
        """Do jobs until there are none for a while."""
        while True:
            with self._changed:
                self._idle += 1
                found = self._changed.wait_for(lambda: self._jobs, IDLE_S)
                self._idle -= 1
                if not found:
                    self._threads -= 1
                    return
                future, fn = self._jobs.popleft()
            resolve(future, fn)
            del future, fn  # a waiting thread must not keep the last command's objects alive


class Loop:
    """An asyncio loop for coroutines: the running loop of the calling thread, or a loop in a separate thread.

    Thread: any.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._own: asyncio.AbstractEventLoop | None = None

    def run(self, coroutine: Coroutine[Any, Any, Any]) -> Future[Any]:
        """Begin a coroutine; cancelling the future cancels its task.

        A `SystemExit` of the coroutine becomes a `ContainedExitError` of the future; the loop and its other coroutines go
        on.
        """
        import asyncio  # costs more than all of ipc, and most panels never need it

        try:
            loop = asyncio.get_running_loop()  # of a host, or of a Qt program with an asyncio loop on its GUI thread
        except RuntimeError:
            loop = self._own_loop()
        return asyncio.run_coroutine_threadsafe(_without_exit(coroutine), loop)

    def _own_loop(self) -> asyncio.AbstractEventLoop:
        import asyncio

        with self._lock:
            if self._own is None or self._own.is_closed():
                self._own = asyncio.new_event_loop()
                threading.Thread(target=_serve, args=(self._own,), name="auroraview-asyncio", daemon=True).start()
            return self._own


def _serve(loop: asyncio.AbstractEventLoop) -> None:
    """Run a loop until it is closed, even if a task of the program exits or stops it."""
    while not loop.is_closed():
        try:
            loop.run_forever()
        except BaseException as error:
            report(_log, error, "a task of the asyncio loop exited: the loop goes on")


async def _without_exit(coroutine: Coroutine[Any, Any, Any]) -> object:
    """Run a coroutine, and turn its request to exit into an error of its own."""
    try:
        return await coroutine
    except EXIT_WISHES as wish:
        raise ContainedExitError(wish) from wish


#: The runners that all views share.
POOL = Pool()
LOOP = Loop()
