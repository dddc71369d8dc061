"""Worker: a background thread for a view's file commands, so that a slow disk does not hold the host. No Qt."""

from __future__ import annotations

import queue
import threading
from concurrent.futures import Future
from typing import TYPE_CHECKING, Any, Callable, Optional

#: After so long without work the thread ends; the next job begins another.
IDLE_S = 10.0

if TYPE_CHECKING:
    _Jobs = queue.SimpleQueue[Optional[tuple[Future[Any], Callable[[], object]]]]  # None is the end


class Worker:
    """Runs jobs one after the other on a thread of its own, which exists only while there is work.

    A daemon thread: a network drive that hangs must not keep the host from exiting.

    Parameters
    ----------
    name : str
        Of the thread.

    Notes
    -----
    Thread: any
    """

    def __init__(self, name: str, *, idle_s: float = IDLE_S) -> None:
        self._name = name
        self._idle_s = idle_s
        self._lock = threading.Lock()
        self._jobs: _Jobs = queue.SimpleQueue()
        self._thread: threading.Thread | None = None

    def submit(self, job: Callable[[], object]) -> Future[Any]:
        """Run `job` behind those that wait; the Future may be cancelled until it runs. Thread: any."""
        future: Future[Any] = Future()
        with self._lock:
            self._jobs.put((future, job))
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, args=(self._jobs,), name=self._name, daemon=True)
                self._thread.start()
        return future

    def close(self) -> None:
        """Let the thread end after what it is doing; what still waits is cancelled. Thread: any."""
        with self._lock:
            thread, jobs = self._thread, self._jobs
            self._jobs = queue.SimpleQueue()
            self._thread = None
            waiting = []
            while not jobs.empty():
                waiting.append(jobs.get())
            if thread is not None:
                jobs.put(None)
        for entry in waiting:
            if entry is not None:
                entry[0].cancel()

    def _run(self, jobs: _Jobs) -> None:
        while True:
            try:
                entry = jobs.get(timeout=self._idle_s)
            except queue.Empty:
                with self._lock:
                    if not jobs.empty():
                        continue  # it came at the last moment
                    if self._jobs is jobs:
                        self._thread = None
                    return
            if entry is None:
                return
            future, job = entry
            if not future.set_running_or_notify_cancel():
                continue
            try:
                result = job()
            except BaseException as error:  # whatever it is belongs to the caller
                future.set_exception(error)
            else:
                future.set_result(result)
