"""FakePage: a page without a document, as a test uses it. Thread: the test's."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, cast

from auroraview_qt.errors import AuroraViewError
from auroraview_qt.ipc.wire import protocol
from auroraview_qt.ipc.wire.page_messages import PageMessage
from auroraview_qt.testing.bad_day import BadDay
from auroraview_qt.testing.bridge_page import NO_PARAMS, RunningCall
from auroraview_qt.testing.dom import Dom
from auroraview_qt.testing.fake.runtime import FakeRuntime, as_received
from auroraview_qt.testing.fake.view import FakeView
from auroraview_qt.testing.page import Page
from auroraview_qt.testing.replaying import replay
from auroraview_qt.testing.traffic import Call, Traffic

if TYPE_CHECKING:
    from auroraview_qt.testing.kit import Aurora

_console = logging.getLogger("auroraview_qt.page")


class _NoDom:
    """Refuses all actions and expectations that need a document."""

    def __init__(self, refuse: Callable[[str], NoReturn]) -> None:
        self._refuse = refuse

    def __getattr__(self, name: str) -> Any:
        self._refuse({"look": "an expectation of elements", "poll": "an expectation of elements"}.get(name, f"{name}()"))


class FakePage(Page):
    """The page of a `FakeView`.

    Parameters
    ----------
    kit : Aurora
        Whose test it is.
    view : FakeView
        Has the page.
    refuse : callable
        Called with the name of an action that needs a document; raises.
    turn : callable
        Lets both ends do what waits.
    """

    has_document = False
    view: FakeView

    def __init__(self, kit: Aurora, view: FakeView, refuse: Callable[[str], NoReturn], turn: Callable[[], None]) -> None:
        super().__init__(kit, view, Traffic(view._engine), cast(Dom, _NoDom(refuse)))
        self._refuse = refuse
        self._turn = turn

    @property
    def _runtime(self) -> FakeRuntime:
        runtime = self.view.runtime
        if runtime is None:
            raise RuntimeError("the page has no process: it was killed, or nothing was loaded")
        return runtime

    def _complain(self, error: Exception) -> None:
        """Print an error to the console, as the page's runtime does."""
        _console.error("fake:1: auroraview: %s: %s", type(error).__name__, error)

    def wait_until(self, condition: Callable[[], Any], what: str = "the condition", timeout_s: float | None = None) -> None:
        """See `BridgePage.wait_until`."""
        __tracebackhide__ = True
        self._kit.wait_until(condition, what, timeout_s)

    def evaluate(self, source: str, timeout_s: float | None = None) -> Any:
        """See `BridgePage.evaluate`."""
        __tracebackhide__ = True
        self._refuse("evaluate()")

    def listen(self, *events: str) -> None:
        """See `BridgePage.listen`; this page listens to all events anyway."""

    def emit(self, event: str, detail: Any = None) -> None:
        """See `BridgePage.emit`."""
        try:
            self._runtime.say(PageMessage.EVENT, protocol.check_event(event), as_received(detail))
        except AuroraViewError as error:
            self._complain(error)
        self._turn()

    def replay(self, recording: str | Path, *, ignore: Sequence[str] = ()) -> None:
        """Replay the page's side of a recording to the tool; fail at the first difference.

        Parameters
        ----------
        recording : path
            A file of `WebView.record`.
        ignore : sequence of str
            Patterns of the names of events and keys of the state that are not compared: ``"tick*"``.
        """
        __tracebackhide__ = True
        differences = replay(self.view, recording, ignore)
        if differences:
            raise AssertionError(f"the tool differs from {recording}, {differences[0]}")

    # Calls

    def start_call(self, name: str, params: Any = NO_PARAMS) -> RunningCall:
        """See `BridgePage.start_call`."""
        __tracebackhide__ = True
        runtime = self._runtime
        given = () if params is NO_PARAMS else (as_received(params),)
        call_id, call = self._made(name, lambda: runtime.call(name, given))
        return RunningCall(self, call, lambda: runtime.cancel(call_id) if call.is_open else None)

    def _made(self, name: str, start: Callable[[], Any]) -> tuple[Any, Call]:
        """Let the page make a call, and find it."""
        before = len(self.calls)
        self._traffic.claim(name)
        result = start()
        self.wait_until(lambda: any(call.is_of_test for call in self.calls[before:]), f"the call of {name!r}")
        return result, next(call for call in self.calls[before:] if call.is_of_test)

    def stream(self, name: str, params: Any = NO_PARAMS, *, limit: int | None = None) -> list[Any]:
        """See `BridgePage.stream`."""
        __tracebackhide__ = True
        given = () if params is NO_PARAMS else (as_received(params),)
        stream, call = self._made(name, lambda: self._runtime.stream(name, given, limit))
        self.wait_until(lambda: not call.is_open, f"the end of the stream {name!r}")
        if call.state == "failed" or (call.state == "cancelled" and not stream.is_full):
            self.outcome_of(call)
        parts: list[Any] = stream.parts
        return parts

    def expose(self, name: str, fn: Callable[..., Any]) -> None:
        """See `BridgePage.expose`."""
        self._runtime.functions[protocol.check_name(name, "function")] = fn

    # State

    def read_state(self) -> dict[str, Any]:
        """See `BridgePage.read_state`."""
        self._turn()
        state: dict[str, Any] = as_received(self._runtime.state)
        return state

    def write_state(self, key: str, value: Any) -> None:
        """See `BridgePage.write_state`."""
        try:
            self._runtime.write(key, as_received(value))
        except AuroraViewError as error:
            self._complain(error)
        self._turn()

    def delete_state(self, key: str) -> None:
        """See `BridgePage.delete_state`."""
        self._runtime.write(key)
        self._turn()

    # Life of the page

    def reload(self) -> None:
        """See `BridgePage.reload`."""
        __tracebackhide__ = True
        pages = self.view.stats()["pages"]
        self.view.reload()
        self._wait_ready(pages)

    def kill_renderer(self, *, wait: bool = True) -> None:
        """See `BridgePage.kill_renderer`."""
        __tracebackhide__ = True
        pages = self.view.stats()["pages"]
        if not self.view.terminate_page():
            raise RuntimeError("the page has no process that could be killed")
        if wait:
            self._wait_ready(pages)

    def _wait_ready(self, pages: float) -> None:
        __tracebackhide__ = True
        self.wait_until(lambda: self.view.stats()["pages"] > pages and self.view.is_ready, "the page's being ready again")

    def freeze(self) -> BadDay:
        """See `BridgePage.freeze`."""
        runtime = self._runtime
        runtime.is_frozen = True

        def thaw() -> None:
            runtime.is_frozen = False

        return self._kit.until_end(BadDay(thaw))

    def slow_network(self, delay_s: float = 1.0, *, offline: bool = False) -> BadDay:
        """See `BridgePage.slow_network`."""
        __tracebackhide__ = True
        self._refuse("slow_network()")

    def screenshot(self, path: str | Path = "screenshot.png") -> Path:
        """See `BridgePage.screenshot`."""
        __tracebackhide__ = True
        self._refuse("screenshot()")
