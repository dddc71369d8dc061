"""BridgePage: the half of a page that a test meets at the bridge: events, calls, state, bad days. No Qt; its view's thread.

All of it runs on every stage, but for what its docstring says needs a document.
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
    from auroraview_qt.testing.bad_days import BadDay
    from auroraview_qt.testing.failures import ConsoleMessage
    from auroraview_qt.testing.kit import Aurora

#: Params of a call that has none.
NO_PARAMS = object()


class RunningCall:
    """A call of a command that the test has made from the page.

    Attributes
    ----------
    call : Call
        What is known of it.
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
        """What the command has reported so far: ``(fraction, message)``."""
        return self.call.progress

    def result(self, timeout_s: float | None = None) -> Any:
        """Wait for its end; return its result, or raise what the page gets.

        Raises
        ------
        InvalidArgumentsError, UnknownCommandError, CommandError, ...
            The call failed: an error of the library by its class, all others as a `CommandError` with their name.
        WaitError
            There is no answer in time.
        """
        __tracebackhide__ = True
        self._page.wait_until(lambda: not self.call.is_open, f"the answer of {self.call.name!r}", timeout_s)
        return self._page.outcome_of(self.call)


class BridgePage:
    """A page that has been opened; see `Aurora.open`.

    Attributes
    ----------
    view : WebView
        The tool's view; on the fake stage one without Qt.
    state : StateMirror
        The shared state as the page sees it, and writes it.
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

    # What each stage does in its own way

    def wait_until(self, condition: Callable[[], Any], what: str = "the condition", timeout_s: float | None = None) -> None:
        """Wait until a condition of Python holds; the page and the tool go on meanwhile.

        Raises
        ------
        WaitError
            It does not hold in time.
        """
        raise NotImplementedError

    def evaluate(self, source: str, timeout_s: float | None = None) -> Any:
        """Evaluate JavaScript among the page's own scripts; see `WebView.eval_js`. A promise is awaited."""
        raise NotImplementedError

    def emit(self, event: str, detail: Any = None) -> None:
        """Let the page send an event to Python: ``auroraview.emit(event, detail)``."""
        raise NotImplementedError

    def start_call(self, name: str, params: Any = NO_PARAMS) -> RunningCall:
        """Let the page call a command, and return while it runs."""
        raise NotImplementedError

    def stream(self, name: str, params: Any = NO_PARAMS, *, limit: int | None = None) -> list[Any]:
        """Let the page take a stream, all of it or its first `limit` parts, and return them."""
        raise NotImplementedError

    def expose(self, name: str, fn: Callable[..., Any]) -> None:
        """Let the tool call ``fn(params)`` as a function of the page, as if the page had exposed it."""
        raise NotImplementedError

    def read_state(self) -> dict[str, Any]:
        """Give the state as the page sees it now."""
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
        """Delay what the page fetches with ``fetch`` and ``XMLHttpRequest``, or let it fail, until the context is left."""
        raise NotImplementedError

    def screenshot(self, path: str | Path = "screenshot.png") -> Path:
        """Save a picture; a relative path is below the test's folder, `Aurora.folder`. Returns where it is."""
        raise NotImplementedError

    # The bridge

    def call(self, name: str, params: Any = NO_PARAMS, timeout_s: float | None = None) -> Any:
        """Let the page call a command, and return its result; raises as `RunningCall.result`."""
        __tracebackhide__ = True
        return self.start_call(name, params).result(timeout_s)

    def outcome_of(self, call: Call) -> Any:
        """Give what a call of the test has ended in; raises as `RunningCall.result`."""
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

        Each event is given once, the oldest first; one that has come before the wait counts.

        Raises
        ------
        WaitError
            There is none in time. The message lists the events that were seen, and tells if the page has no listener: an
            event of the tool waits until there is one.
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
        """Wait for the end of a call of either side, and return what is known of it.

        Each call is given once, the oldest first; one that has ended before the wait counts.

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
        """What the pages of this test have written to their consoles."""
        return self._kit.failures.console

    def open_calls(self) -> list[Call]:
        """Give the calls that have not ended."""
        return self._traffic.open_calls()

    @property
    def timeout_s(self) -> float:
        """How long actions and expectations wait that are not told otherwise, in seconds."""
        return self._kit.timeout_s

    def _limit(self, timeout_s: float | None) -> float:
        """Give how long to wait, in seconds."""
        return self._kit.timeout_s if timeout_s is None else timeout_s


def _has(taken: Sequence[object], one: object) -> bool:
    """Whether this very object has been given already; equal ones are others."""
    return any(each is one for each in taken)
