"""QtPage: a page in QtWebEngine, as a test uses it. GUI thread."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from auroraview_qt.qt.support.binding import QtWidgets
from auroraview_qt.qt.view import WebView
from auroraview_qt.testing import bad_days
from auroraview_qt.testing.bad_day import BadDay
from auroraview_qt.testing.bridge_page import NO_PARAMS, RunningCall
from auroraview_qt.testing.dom import Dom
from auroraview_qt.testing.page import Page
from auroraview_qt.testing.qt_dom import QtDom
from auroraview_qt.testing.traffic import Call, Traffic
from auroraview_qt.testing.waiting import run_until, wait_until

if TYPE_CHECKING:
    from auroraview_qt.testing.kit import Aurora

#: Where the page keeps the functions that cancel the test's calls.
_CALLS = "(window[Symbol.for('auroraview.kit')] = window[Symbol.for('auroraview.kit')] || {})"

_numbers = itertools.count(1)


class QtPage(Page):
    """The page of a `WebView`.

    Thread: GUI.

    Parameters
    ----------
    kit : Aurora
        Whose test it is.
    view : WebView
        Shows it.
    window : QWidget
        Return the window of the view.
    """

    view: WebView

    def __init__(self, kit: Aurora, view: WebView, window: QtWidgets.QWidget, dom: Dom | None = None) -> None:
        super().__init__(kit, view, Traffic(view._engine), dom or QtDom(view, lambda: kit.timeout_s))
        self.window = window

    def wait_until(self, condition: Callable[[], Any], what: str = "the condition", timeout_s: float | None = None) -> None:
        """See `BridgePage.wait_until`."""
        __tracebackhide__ = True
        wait_until(condition, what, self._limit(timeout_s))

    def evaluate(self, source: str, timeout_s: float | None = None) -> Any:
        """See `BridgePage.evaluate`."""
        __tracebackhide__ = True
        future = self.view.eval_js(source, timeout_s=self._limit(timeout_s))
        run_until(future.done, self._limit(timeout_s) + 1)
        return future.result()

    def emit(self, event: str, detail: Any = None) -> None:
        """See `BridgePage.emit`."""
        __tracebackhide__ = True
        self.evaluate(f"(auroraview.emit({json.dumps(event)}, {json.dumps(detail)}), 1)")

    def listen(self, *events: str) -> None:
        """See `BridgePage.listen`."""
        __tracebackhide__ = True
        self.evaluate(f"({json.dumps(events)}.forEach((name) => auroraview.on(name, () => 1)), 1)")

    # Calls

    def start_call(self, name: str, params: Any = NO_PARAMS) -> RunningCall:
        """See `BridgePage.start_call`."""
        __tracebackhide__ = True
        key = next(_numbers)
        given = "undefined" if params is NO_PARAMS else json.dumps(params)
        call = self._made(
            name,
            f"(() => {{ const stop = {_CALLS}[{key}] = new AbortController();"
            f" const options = {{signal: stop.signal, timeout: 0}};"
            f" auroraview.call({json.dumps(name)}, {given}, options).catch(() => 0); return 1; }})()",
        )
        return RunningCall(self, call, lambda: self.evaluate(f"({_CALLS}[{key}].abort(), 1)"))

    def _made(self, name: str, source: str) -> Call:
        """Let the page make a call, and find it."""
        __tracebackhide__ = True
        before = len(self.calls)
        self._traffic.claim(name)
        self.evaluate(source)

        def find() -> Call | None:
            return next((call for call in self.calls[before:] if call.is_of_test and call.name == name), None)

        self.wait_until(lambda: find() is not None, f"the call of {name!r}")
        found = find()
        assert found is not None
        return found

    def stream(self, name: str, params: Any = NO_PARAMS, *, limit: int | None = None) -> list[Any]:
        """See `BridgePage.stream`."""
        __tracebackhide__ = True
        given = "undefined" if params is NO_PARAMS else json.dumps(params)
        key = next(_numbers)
        stop = "" if limit is None else f"if (parts.length >= {int(limit)}) break;"
        call = self._made(
            name,
            f"(() => {{ const parts = {_CALLS}[{key}] = [];"
            f" (async () => {{ for await (const part of auroraview.stream({json.dumps(name)}, {given}))"
            f" {{ parts.push(part); {stop} }} }})().catch(() => 0); return 1; }})()",
        )
        self.wait_until(lambda: not call.is_open, f"the end of the stream {name!r}")
        if call.state == "failed" or (call.state == "cancelled" and limit is None):
            self.outcome_of(call)
        parts: list[Any] = self.evaluate(f"{_CALLS}[{key}]")
        return parts

    def expose(self, name: str, fn: Callable[..., Any]) -> None:
        """See `BridgePage.expose`."""
        __tracebackhide__ = True
        command = f"auroraview_kit.{name}"
        self.view.bind_call(command, lambda params=None: fn() if params is None else fn(params), allow_rebind=True)
        self.evaluate(
            f"(auroraview.expose({json.dumps(name)}, (params) => auroraview.call({json.dumps(command)},"
            " params === undefined ? undefined : [params])), 1)"
        )

    # State

    def read_state(self) -> dict[str, Any]:
        """See `BridgePage.read_state`."""
        state: dict[str, Any] = self.evaluate("auroraview.state.snapshot()")
        return state

    def write_state(self, key: str, value: Any) -> None:
        """See `BridgePage.write_state`."""
        self.evaluate(f"(auroraview.state[{json.dumps(key)}] = {json.dumps(value)}, 1)")

    def delete_state(self, key: str) -> None:
        """See `BridgePage.delete_state`."""
        self.evaluate(f"delete auroraview.state[{json.dumps(key)}]")

    # Life of the page

    def reload(self) -> None:
        """See `BridgePage.reload`."""
        __tracebackhide__ = True
        pages = self.view.stats()["pages"]
        self.view.reload()
        self.wait_until(lambda: self.view.stats()["pages"] > pages and self.view.is_ready, "the page's being ready again")

    def kill_renderer(self, *, wait: bool = True) -> None:
        """See `BridgePage.kill_renderer`."""
        __tracebackhide__ = True
        self._kit.tolerate("the renderer of")
        # The next page may come without its scripts; then it is loaded again.
        self._kit.tolerate("auroraview is not defined")
        pages = self.view.stats()["pages"]
        if not self.view.terminate_page():
            raise RuntimeError("the page has no process that could be killed")
        self.wait_until(lambda: not self.view.is_ready, "the end of the page's process")
        if wait:
            self.wait_until(
                lambda: self.view.stats()["pages"] > pages and self.view.is_ready, "the page's being ready again"
            )

    def freeze(self) -> BadDay:
        """See `BridgePage.freeze`."""
        return self._kit.until_end(bad_days.frozen_process(self.view))

    def slow_network(self, delay_s: float = 1.0, *, offline: bool = False) -> BadDay:
        """See `BridgePage.slow_network`."""
        return self._kit.until_end(bad_days.slow_network(self.view, delay_s, offline))

    def screenshot(self, path: str | Path = "screenshot.png") -> Path:
        """See `BridgePage.screenshot`."""
        file = self._kit.folder / path
        file.parent.mkdir(parents=True, exist_ok=True)
        if not self.view.grab().save(str(file)):
            raise OSError(f"the picture could not be saved as {file}")
        return file
