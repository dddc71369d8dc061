"""BridgePage: the half of a page that a test meets at the bridge: events, calls, state, bad days. Thread: the view's. No Qt.

Everything here runs on every stage, unless its docstring says that it needs a document.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auroraview_qt.testing import expectations
from auroraview_qt.testing.errors import WaitError, error_of
from auroraview_qt.testing.state_mirror import StateMirror
from auroraview_qt.testing.traffic import Call, Event, Traffic

if TYPE_CHECKING:
    from auroraview_qt.testing.bad_day import BadDay
    from auroraview_qt.testing.failures import ConsoleMessage
    from auroraview_qt.testing.kit import Aurora

#: Params of a call that has none.
NO_PARAMS = object()


class RunningCall:
    """A call of a command that the test has made from the page.

    Attributes
    ----------
    call : Call
        The record of the call.
    """

    def __init__(self, page: BridgePage, call: Call, cancel: Callable[[], object]) -> None:
        self._page = page
        self._cancel = cancel
        self.call = call

    def cancel(self) -> None:
        """Cancel it, as the page's ``AbortController`` does."""
        self._cancel()

    @property
    def progress(self) -> list[tuple[float | None, str]]:
        """Return the command's progress reports so far: ``(fraction, message)``."""
        return self.call.progress

    def result(self, timeout_s: float | None = None) -> Any:
        """Wait for the end of the call; return its result, or raise the page's error.

        Raises
        ------
        InvalidArgumentsError, UnknownCommandError, CommandError, ...
            If the call failed. An error of the library keeps its class, all others are a `CommandError` with their name.
        WaitError
            There is no answer in time.
        """
        __tracebackhide__ = True
        self._page.wait_until(
            lambda: not _has(self._page.open_calls(), self.call), f"the answer of {self.call.name!r}", timeout_s
        )
        return self._page.outcome_of(self.call)


class BridgePage:
    """An open page; see `Aurora.open`.

    Attributes
    ----------
    view : WebView
        The tool's view; on the fake stage a view without Qt.
    state : StateMirror
        The shared state at the page's end; reads and writes as the page does.
    has_document : bool
        Whether it has elements that can be clicked: False on the fake stage.
    """

    has_document = True

    def __init__(self, kit: Aurora, view: Any, traffic: Traffic) -> None:
        self._kit = kit
        self.view = view
        self.state = StateMirror(self)
        self._traffic = traffic
        self._taken_events: list[Event] = []
        self._taken_calls: list[Call] = []

    # Steps that each stage does differently

    def wait_until(self, condition: Callable[[], Any], what: str = "the condition", timeout_s: float | None = None) -> None:
        """Wait until a condition of Python holds; the page and the tool go on meanwhile.

        Raises
        ------
        WaitError
            If the condition does not hold in time.
        """
        raise NotImplementedError

    def evaluate(self, source: str, timeout_s: float | None = None) -> Any:
        """Evaluate JavaScript among the page's own scripts; see `WebView.eval_js`. A promise is awaited."""
        raise NotImplementedError

    def emit(self, event: str, detail: Any = None) -> None:
        """Let the page send an event to Python: ``auroraview.emit(event, detail)``."""
        raise NotImplementedError

    def listen(self, *events: str) -> None:
        """Let the page listen to events of the tool, beside the listeners of its own scripts."""
        raise NotImplementedError

    def start_call(self, name: str, params: Any = NO_PARAMS) -> RunningCall:
        """Let the page call a command, and return while it runs."""
        raise NotImplementedError

    def stream(self, name: str, params: Any = NO_PARAMS, *, limit: int | None = None) -> list[Any]:
        """Let the page read a stream, completely or up to `limit` parts, and return the parts."""
        raise NotImplementedError

    def expose(self, name: str, fn: Callable[..., Any]) -> None:
        """Let the tool call ``fn(params)`` as a function of the page, as if the page had exposed it."""
        raise NotImplementedError

    def read_state(self) -> dict[str, Any]:
        """Return the state as the page sees it now."""
        raise NotImplementedError

    def write_state(self, key: str, value: Any) -> None:
        """Let the page set a key of the state."""
        raise NotImplementedError

    def delete_state(self, key: str) -> None:
        """Let the page delete a key of the state."""
        raise NotImplementedError

    def reload(self) -> None:
        """Load the page again, and wait until it is ready."""
        raise NotImplementedError

    def kill_renderer(self, *, wait: bool = True) -> None:
        """Kill the page's process, and wait until the page has been loaded again; without `wait` until it is gone."""
        raise NotImplementedError

    def freeze(self) -> BadDay:
        """Stop the page as a hanging script does, until the returned context manager is left, or its `end` is called."""
        raise NotImplementedError

    def slow_network(self, delay_s: float = 1.0, *, offline: bool = False) -> BadDay:
        """Delay ``fetch`` and ``XMLHttpRequest`` of the page, or let them fail, until the context ends."""
        raise NotImplementedError

    def screenshot(self, path: str | Path = "screenshot.png") -> Path:
        """Save a picture; a relative path is below the test's folder, `Aurora.folder`. Not available in the fake stage."""
        raise NotImplementedError

    # The bridge

    def call(self, name: str, params: Any = NO_PARAMS, timeout_s: float | None = None) -> Any:
        """Let the page call a command, and return its result; raises as `RunningCall.result`."""
        __tracebackhide__ = True
        return self.start_call(name, params).result(timeout_s)

    def outcome_of(self, call: Call) -> Any:
        """Return the result of a call of the test; raises as `RunningCall.result`."""
        if call.state == "ok":
            return call.result
        self._kit.failures.told(call.name)
        if call.state == "cancelled":
            raise error_of({"name": "CallCancelledError", "code": "CANCELLED", "message": f"{call} was cancelled"})
        raise error_of(call.error)

    @property
    def events(self) -> list[Event]:
        """All events of both sides, in the order they arrived."""
        return self._traffic.events

    @property
    def calls(self) -> list[Call]:
        """All calls of both sides, in the order they began."""
        return self._traffic.calls

    def wait_for_event(self, name: str, timeout_s: float | None = None) -> Any:
        """Wait for an event of either side, and return its data.

        Each event is returned once, the oldest first, also events from before the call.

        Raises
        ------
        WaitError
            There is none in time. The message lists the received events. It also says if the page has no listener, since an
            event of the tool waits for a listener.
        """
        __tracebackhide__ = True

        def find() -> Event | None:
            return next((e for e in self.events if e.name == name and not _has(self._taken_events, e)), None)

        def seen() -> str:
            names = ", ".join(sorted({event.name for event in self.events})) or "nothing"
            return names if self._traffic.is_heard(name) else f"{names}; the page has no listener for {name!r}"

        self._wait_for(find, f"event {name!r}", seen, timeout_s)
        found = find()
        assert found is not None
        self._taken_events.append(found)
        return found.data

    def wait_for_call(self, name: str, timeout_s: float | None = None) -> Call:
        """Wait for the end of a call of either side, and return its record.

        Each call is returned once, the oldest first, also calls that ended before.

        Raises
        ------
        WaitError
            There is none in time; the message lists the calls that were seen.
        """
        __tracebackhide__ = True

        def find() -> Call | None:
            ended = (call for call in self.calls if call.name == name and not call.is_open)
            return next((call for call in ended if not _has(self._taken_calls, call)), None)

        self._wait_for(find, f"end of a call of {name!r}", lambda: ", ".join(map(str, self.calls)) or "nothing", timeout_s)
        found = find()
        assert found is not None
        self._taken_calls.append(found)
        return found

    def _wait_for(self, find: Callable[[], object], what: str, seen: Callable[[], str], timeout_s: float | None) -> None:
        __tracebackhide__ = True
        try:
            self.wait_until(lambda: find() is not None, what, timeout_s)
        except WaitError as error:
            if find() is None and str(error).startswith(what):
                raise WaitError(f"no {what} came in time; seen: {seen()}") from None
            raise

    def expect_state(self, key: str, value: Any, timeout_s: float | None = None) -> None:
        """Expect a key of the state to become equal to a value, as the page sees it."""
        __tracebackhide__ = True
        expectations.state(self, key, value, timeout_s)

    @property
    def console(self) -> list[ConsoleMessage]:
        """Return all console messages of this test's pages."""
        return self._kit.failures.console

    def open_calls(self) -> list[Call]:
        """Return the calls that have not ended."""
        return self._traffic.open_calls()

    @property
    def timeout_s(self) -> float:
        """Return the default timeout of actions and expectations, in seconds."""
        return self._kit.timeout_s

    def _limit(self, timeout_s: float | None) -> float:
        """Return how long to wait, in seconds."""
        return self._kit.timeout_s if timeout_s is None else timeout_s


def _has(taken: Sequence[object], one: object) -> bool:
    """Return whether this very object was returned before; equal objects do not count."""
    return any(each is one for each in taken)
