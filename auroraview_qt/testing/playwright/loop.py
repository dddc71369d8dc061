"""Run Playwright's synchronous API on the GUI thread: while it waits, Qt's event loop runs.

Playwright waits in an asyncio loop. Its selector here runs a local Qt event loop until Playwright's process has written, or
a timer of Playwright is due. So the page answers, and no other thread is needed. Thread: GUI.
"""

from __future__ import annotations

import asyncio
import contextlib
import selectors
import sys
from collections.abc import Callable, Iterator
from typing import Any

from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.testing import waiting
from auroraview_qt.testing.waiting import POLL_MS, run_loop


def run_qt(timeout_s: float | None, fd: int | None) -> None:
    """Run a local event loop until a file descriptor can be read or the time is over; without it for a moment."""
    loop, timer = QtCore.QEventLoop(), QtCore.QTimer()
    timer.setSingleShot(True)
    timer.timeout.connect(loop.quit)
    notifier = None
    if fd is None:
        timer.start(POLL_MS)
    else:
        notifier = QtCore.QSocketNotifier(fd, QtCore.QSocketNotifier.Type.Read)
        notifier.activated.connect(loop.quit)
        if timeout_s is not None:
            timer.start(max(1, int(timeout_s * 1000)))
    run_loop(loop)
    if notifier is not None:
        notifier.setEnabled(False)


@contextlib.contextmanager
def outside() -> Iterator[None]:
    """Hide Playwright's loop, which it leaves as the running loop of the thread: coroutines of the tool are none of its."""
    running = asyncio._get_running_loop()
    asyncio._set_running_loop(None)
    try:
        yield
    finally:
        asyncio._set_running_loop(running)


def _waiting(select: Callable[[Any], Any], fd: int | None, timeout_s: float | None) -> Any:
    ready = select(0)
    if ready or (timeout_s is not None and timeout_s <= 0):
        return ready
    run_qt(timeout_s, fd)
    return select(0)


class _QtSelector(selectors.DefaultSelector):
    """A selector that runs Qt while it waits."""

    def select(self, timeout: float | None = None) -> Any:
        """Return the files that are ready."""
        return _waiting(super().select, self.fileno(), timeout)


def new_event_loop() -> asyncio.AbstractEventLoop:
    """Return an asyncio loop that runs Qt while it waits."""
    if sys.platform == "win32":

        class QtProactor(asyncio.IocpProactor):
            def select(self, timeout: float | None = None) -> Any:
                return _waiting(super().select, None, timeout)

        return asyncio.ProactorEventLoop(QtProactor())
    return asyncio.SelectorEventLoop(_QtSelector())


def start() -> Any:
    """Start Playwright; its ``stop()`` ends it."""
    from playwright.sync_api import sync_playwright

    waiting.surroundings = outside
    before, asyncio.new_event_loop = asyncio.new_event_loop, new_event_loop
    try:
        return sync_playwright().start()
    finally:
        asyncio.new_event_loop = before
