"""Our side: a view on the benchmark's page, used through the public API alone."""

from __future__ import annotations

import time
from typing import Any, Callable

import pages
from harness import Arrival, BenchError, expect, rest

from auroraview_qt import WebView


def tally(arrival: Arrival) -> Callable[[dict[str, Any]], None]:
    """Return a callback that counts the events of a burst to Python and reports the last event; all sides use it."""
    count = total = 0

    def take(data: dict[str, Any]) -> None:
        nonlocal count, total
        frame = data["frame"]
        count += 1
        total += frame
        if frame == pages.LAST_FRAME:
            whole = [count, total]
            count = total = 0
            arrival.set(whole)

    return take


class Ours:
    """Our view.

    Parameters
    ----------
    limits
        Further keywords of `WebView`, for measures that queue more than its defaults allow.
    """

    def __init__(self, **limits: Any) -> None:
        self.titles, self.incoming, self._ready = Arrival(), Arrival(), Arrival()
        self.view = WebView(**limits)
        self.view.command("echo", lambda frame, node: {"frame": frame, "node": node})
        self.view.on("out", tally(self.incoming))
        self.view.on("tree_out", self.incoming.set)
        self.view.titleChanged.connect(self._on_title)
        self.view.ready.connect(self._ready.set)
        self.view.resize(320, 240)
        self.view.show()
        self.view.load_html(pages.ours())
        self._ready.wait("our page")
        self.page = self.view.page()

    def _on_title(self, title: str) -> None:
        report = pages.parse_report(title)
        if report is not None:
            self.titles.set(report)

    def run(self, script: str) -> Any:
        """Run a script and return the page's report through its title."""
        self.titles.clear()
        self.page.runJavaScript(script)
        return self.titles.wait("our page's report")

    def emit(self, event: str, pause_s: float = 0.02) -> Callable[[int], float]:
        """Return a side: a burst of emits from the GUI thread until the page has the last event; then a pause off the
        clock."""

        def side(count: int) -> float:
            emit, payload = self.view.emit, pages.PAYLOAD
            self.titles.clear()
            start = time.perf_counter()
            for _ in range(count - 1):
                emit(event, payload)
            emit(event, pages.LAST)
            expect(f"emit of {event!r}", self.titles.wait("the last event"), pages.seen(count))
            took = self.titles.at - start
            if pause_s:
                rest(pause_s)  # for the acknowledgements
            return took

        return side

    def burst(self, send: str) -> Callable[[int], float]:
        """Return a side: a burst of the page until the callback has the last event."""

        def side(count: int) -> float:
            self.incoming.clear()
            start = time.perf_counter()
            self.page.runJavaScript(f"repeat({count}, {send});")
            expect(f"{send} of the page", self.incoming.wait("the last event"), pages.seen(count))
            took = self.incoming.at - start
            rest(0.02)
            return took

        return side

    def sequential(self, count: int) -> float:
        """Return a side: calls in sequence."""
        return answered(self.run(f"sequential({count}, {chunk_of(count)}, call).then(report);"), count)

    def parallel(self, count: int) -> float:
        """Return a side: calls all in flight at once."""
        return answered(self.run(f"parallel({count}, call).then(report);"), 1)

    def close(self) -> None:
        """Delete the view and wait until it is gone."""
        gone = Arrival()
        self.view.destroyed.connect(lambda: gone.set())
        self.view.deleteLater()
        gone.wait("the deletion of our view")


def chunk_of(count: int) -> int:
    """Number of calls that are timed together."""
    return min(20, count)


def answered(report: list[float], scale: int) -> float:
    """Return the seconds of a report of calls, after checking all answers."""
    milliseconds, wrong = report
    if wrong:
        raise BenchError(f"{wrong:g} calls got a wrong answer")
    return milliseconds / 1000 * scale
