"""Define Port, the bridge as the methods of a view use it, and `NoPage`, the bridge of a view without a page. No Qt."""

from __future__ import annotations

from typing import Callable, Protocol

from auroraview_qt.ipc.calls.handler import IpcHandler
from auroraview_qt.ipc.calls.page_calls import PageFuture, Progress
from auroraview_qt.ipc.state.shared_state import SharedState
from auroraview_qt.ipc.state.state_store import StateStore
from auroraview_qt.ipc.wire.message_queue import NOTHING


class PageCaller(Protocol):
    """Calls functions of the page, and evaluates JavaScript in it; see `PageCalls`."""

    def call(self, name: str, params: object, timeout_s: float | None, on_progress: Progress | None) -> PageFuture:
        """Call the page's exposed function `name`."""
        ...

    def evaluate(self, source: str, timeout_s: float | None) -> PageFuture:
        """Evaluate JavaScript."""
        ...


class Port(Protocol):
    """The bridge of `BridgeApi`: an `Engine`, or a `NoPage` without a page."""

    @property
    def handler(self) -> IpcHandler:
        """Return the registry of callbacks, commands and declarations."""
        ...

    @property
    def state(self) -> SharedState:
        """Return the state that Python and the page share."""
        ...

    @property
    def page_calls(self) -> PageCaller:
        """Return the calls into the page."""
        ...

    def emitter(self) -> Callable[..., None]:
        """Return a function that sends an event: ``emit(event, data={}, *, coalesce=False)``."""
        ...

    def is_ready(self) -> bool:
        """Return whether the current page has reported its listeners."""
        ...

    def stats(self) -> dict[str, float]:
        """Return the counters and times of the bridge."""
        ...


class NoPage:
    """A `Port` without a page; each call of the page ends in an error at once.

    Thread: any.

    Parameters
    ----------
    make_error : callable
        Makes the error that calls of the page end in.
    """

    def __init__(self, make_error: Callable[[], Exception]) -> None:
        self.handler = IpcHandler()
        self.state = SharedState(StateStore())
        self._make_error = make_error

    @property
    def page_calls(self) -> NoPage:
        """Return this object, which refuses all calls."""
        return self

    def call(self, name: str, params: object, timeout_s: float | None, on_progress: Progress | None) -> PageFuture:
        """Refuse a call of the page."""
        return PageFuture.failed(f"call of {name!r}", self._make_error())

    def evaluate(self, source: str, timeout_s: float | None) -> PageFuture:
        """Refuse to evaluate JavaScript."""
        return PageFuture.failed("eval_js()", self._make_error())

    def emitter(self) -> Callable[..., None]:
        """Return a function that sends nothing."""

        def emit(event: str, data: object = NOTHING, *, coalesce: bool = False) -> None: ...

        return emit

    def is_ready(self) -> bool:
        """Return False: there is no page."""
        return False

    def stats(self) -> dict[str, float]:
        """Return no counters."""
        return {}
