"""Run a local event loop until a condition holds. It neither sleeps nor calls processEvents. GUI thread.

On Python before 3.12 PySide6 6.12.0 loses a reference to None at each processEvents(), and the process dies of it.
"""

from __future__ import annotations

import contextlib
import time
from typing import Any, Callable

from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.testing.errors import WaitError

#: Milliseconds between two looks.
POLL_MS = 5


#: Makes the context in which event loops run.
surroundings: Callable[[], contextlib.AbstractContextManager[None]] = contextlib.nullcontext


def run_loop(loop: QtCore.QEventLoop) -> None:
    """Run an event loop until it is quit; the bindings have two names for it. Thread: GUI."""
    run: Callable[[], object] = getattr(loop, "exec", None) or loop.exec_
    with surroundings():
        run()


def run_until(condition: Callable[[], Any], timeout_s: float) -> bool:
    """Run a local event loop until a condition holds; return whether it holds.

    Thread: GUI.

    Parameters
    ----------
    condition : callable
        Called every few milliseconds; an exception ends the wait, and is raised here.
    timeout_s : float
        Seconds after which it is given up.
    """
    __tracebackhide__ = True
    if condition():
        return True
    loop, poll, limit = QtCore.QEventLoop(), QtCore.QTimer(), QtCore.QTimer()
    raised: list[BaseException] = []
    looking: list[bool] = []
    held: list[bool] = []

    def look() -> None:
        if looking:  # a condition may run its own loop, in which the timer goes on
            return
        looking.append(True)
        try:
            if not condition():
                return
            held.append(True)
        except BaseException as error:  # no exception may leave a slot: PyQt would abort the process
            raised.append(error)
        finally:
            looking.clear()
        loop.quit()

    poll.timeout.connect(look)
    limit.setSingleShot(True)
    limit.timeout.connect(loop.quit)
    poll.start(POLL_MS)
    limit.start(max(1, int(timeout_s * 1000)))
    run_loop(loop)
    poll.stop()
    limit.stop()
    if raised:
        raise raised[0]
    return bool(held) or bool(condition())


def wait_until(condition: Callable[[], Any], what: str = "the condition", timeout_s: float = 10.0) -> None:
    """Run a local event loop until a condition holds.

    Thread: GUI.

    Raises
    ------
    WaitError
        If the condition does not hold in time: "`what` did not come true within ...".
    """
    __tracebackhide__ = True
    if not run_until(condition, timeout_s):
        raise WaitError(f"{what} did not come true within {timeout_s:g} s")


def pause(duration_ms: int) -> None:
    """Let the host and its pages go on for a moment, between two looks at a page. Thread: GUI."""
    loop = QtCore.QEventLoop()
    QtCore.QTimer.singleShot(duration_ms, loop.quit)
    run_loop(loop)


class Deadline:
    """Tells how much of a timeout is left.

    Thread: any.

    Parameters
    ----------
    timeout_s : float
        Seconds from now.
    """

    def __init__(self, timeout_s: float) -> None:
        self.timeout_s = timeout_s
        self._end_s = time.monotonic() + timeout_s

    @property
    def left_s(self) -> float:
        """Seconds until it is over, 0 once it is."""
        return max(0.0, self._end_s - time.monotonic())

    @property
    def has_passed(self) -> bool:
        """Return whether the time is over."""
        return self.left_s == 0.0
