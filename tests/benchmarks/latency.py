"""P7, P8, P12 and P13: delays that the host notices.

A single event from idle, a heartbeat under load, a new view, an idle view.
"""

from __future__ import annotations

import contextlib
import json
import threading
import time
from collections.abc import Sequence

import pages
from context import Context
from harness import Arrival, BenchError, Row, compare, expect, interleave, rest
from ours import Ours
from qtpy import QtCore
from qtpy.QtWebEngineWidgets import QWebEngineView

from auroraview_qt import WebView

TRIALS = 300
VIEWS = 15
RATE = 50_000
PACE_S = 0.002
LOAD_S = 10.0
IDLE_S = 10.0
#: Seconds between two trials from idle, enough for all late work of a bridge.
PAUSE_S = 0.005


def single(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P7: measure a single event from idle until the page's report."""
    ours, raw = context.ours, context.raw

    def emit(_count: int) -> float:
        rest(PAUSE_S)
        ours.titles.clear()
        start = time.perf_counter()
        ours.view.emit("tick", pages.LAST)
        expect("one emit", ours.titles.wait("one emit"), pages.seen(1))
        return ours.titles.at - start

    def script(_count: int) -> float:
        rest(PAUSE_S)
        raw.titles.clear()
        start = time.perf_counter()
        raw.page.runJavaScript(f"tick({json.dumps(pages.LAST)})")
        expect("one script", raw.titles.wait("one script"), pages.seen(1))
        return raw.titles.at - start

    samples = interleave({"ours": (emit, 1), "raw": (script, 1)}, context.count(TRIALS), collect=False)
    what, note = "one emit from idle → handler", "both sides include the time of the page's report"
    return [compare("P7", what, samples["ours"], "runJavaScript", samples["raw"], at_most=1.25, note=note)]


class Heartbeat:
    """A timer of 1 ms on the GUI thread, and the delay of each of its beats in milliseconds."""

    def __init__(self) -> None:
        self._timer = QtCore.QTimer()
        self._timer.setTimerType(QtCore.Qt.TimerType.PreciseTimer)
        self._timer.setInterval(1)
        self._timer.timeout.connect(self._beat)
        self._last = 0
        self._lags: list[float] = []

    def _beat(self) -> None:
        now = time.perf_counter_ns()
        self._lags.append((now - self._last) / 1e6 - 1.0)
        self._last = now

    def listen(self, seconds: float) -> list[float]:
        """Beat for a while and return the lags."""
        self._lags = []
        self._last = time.perf_counter_ns()
        self._timer.start()
        rest(seconds)
        self._timer.stop()
        return self._lags


def percentile(lags: Sequence[float], part: float) -> float:
    """Return the value below which this fraction of the values lies."""
    return sorted(lags)[min(len(lags) - 1, int(len(lags) * part))]


def offer(view: WebView, count: int, result: list[object]) -> None:
    """Emit at the rate, in small bursts, from a worker thread; put the duration or the error into `result`."""
    per_burst = int(RATE * PACE_S)
    start = time.perf_counter()
    try:
        for burst in range(count // per_burst):
            ahead = start + burst * PACE_S - time.perf_counter()
            if ahead > 0:
                time.sleep(ahead)
            for _ in range(per_burst):
                view.emit("tick", pages.PAYLOAD)
        view.emit("tick", pages.LAST)
    except Exception as error:
        result.append(error)
    else:
        result.append(time.perf_counter() - start)


def heartbeat(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P8: how late the GUI thread is while a worker emits, beyond how late it is anyway."""
    seconds = 1.0 if context.quick else LOAD_S
    count, result = int(RATE * seconds), []
    with contextlib.closing(Ours()) as side:
        beat = Heartbeat()
        rest(0.5)
        idle = beat.listen(seconds)
        worker = threading.Thread(target=offer, args=(side.view, count, result))
        side.titles.clear()
        worker.start()
        loaded = beat.listen(seconds)
        rest(0.2)
        worker.join()
        if not isinstance(result[0], float):
            raise BenchError(f"the worker's emit failed: {result[0]}")
        expect("the worker's emits", side.titles.wait("the last of the worker's emits"), pages.seen(count + 1))
        flush = side.view.stats().get("flush_cpu_max_ms")
    rate = count / result[0]
    if rate < 0.98 * RATE:
        raise BenchError(f"only {rate:,.0f} events/s could be offered instead of {RATE:,}")
    note = f"{rate:,.0f} events/s offered for {seconds:g} s, all arrived; lag is a beat's interval less 1 ms"
    rows = []
    for part, goal in ((0.99, 8.0), (0.999, 30.0)):
        under, before = percentile(loaded, part), percentile(idle, part)
        rows.append(
            Row(
                "P8",
                f"1 ms heartbeat under {RATE:,} emits/s, p{part * 100:g} of its lag",
                f"{under:.2f} ms",
                f"same view, idle: {before:.2f} ms",
                f"{under - before:+.2f} ms",
                f"≤ {goal:g} ms above",
                under - before <= goal,
                note,
                numbers={"loaded_ms": under, "idle_ms": before, "goal_ms": goal, "worst_ms": max(loaded)},
            )
        )
        note = ""
    known = flush is not None
    rows.append(
        Row(
            "P8",
            "GUI thread's processor time in one flush, greatest",
            f"{flush:.2f} ms" if known else "n/a",
            result=f"{flush:.2f} ms" if known else "n/a",
            goal="≤ 4 ms",
            reached=flush <= 4 if known else None,
            numbers={"flush_cpu_max_ms": flush},
        )
    )
    return rows


def _construct(view: QWebEngineView, arrived: Arrival, start: float) -> float:
    arrived.wait("a new view's page")
    took = arrived.at - start
    gone = Arrival()
    view.destroyed.connect(lambda: gone.set())
    view.deleteLater()
    gone.wait("the deletion of a new view")
    rest(0.05)
    return took


def construct(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P12: a new view until its page can be used, in an engine that runs already."""
    assert context.ours  # the engine is warm

    def ours(_count: int) -> float:
        arrived, start = Arrival(), time.perf_counter()
        view = WebView(html=pages.PLAIN)
        view.ready.connect(arrived.set)
        return _construct(view, arrived, start)

    def bare(_count: int) -> float:
        arrived, start = Arrival(), time.perf_counter()
        view = QWebEngineView()
        view.setHtml(pages.PLAIN)
        view.loadFinished.connect(arrived.set)
        return _construct(view, arrived, start)

    samples = interleave({"ours": (ours, 1), "bare": (bare, 1)}, 3 if context.quick else VIEWS)
    what = "construct a view → ready"
    return [compare("P12", what, samples["ours"], "QWebEngineView, setHtml", samples["bare"], at_most=1.15)]


class _TimerEvents(QtCore.QObject):
    """Counts the timer events of objects below a view, also of Qt's internal objects."""

    def __init__(self, view: QtCore.QObject) -> None:
        super().__init__()
        self._view = view
        self.count = 0

    def eventFilter(self, receiver: QtCore.QObject, event: QtCore.QEvent) -> bool:
        if event.type() == QtCore.QEvent.Type.Timer:
            above = receiver
            while above is not None and above is not self._view:
                above = above.parent()
            self.count += above is not None
        return False


def idle(context: Context, _wanted: frozenset[str]) -> list[Row]:
    """P13: timers of an idle view."""
    seconds, view = (1.0 if context.quick else IDLE_S), context.ours.view
    rest(0.5)
    timers = view.findChildren(QtCore.QTimer)
    fired: list[None] = []
    connections = [timer.timeout.connect(lambda: fired.append(None)) for timer in timers]
    events, app = _TimerEvents(view), QtCore.QCoreApplication.instance()
    app.installEventFilter(events)
    active = 0
    for _ in range(4):
        rest(seconds / 4)
        active += sum(timer.isActive() for timer in timers)
    app.removeEventFilter(events)
    for timer, connection in zip(timers, connections):
        timer.disconnect(connection)
    wakeups = max(len(fired), events.count)
    return [
        Row(
            "P13",
            f"timer wake-ups of an idle view in {seconds:g} s",
            str(wakeups),
            result=str(wakeups),
            goal="0",
            reached=wakeups == 0 and active == 0,
            note=f"{len(timers)} timers below the view, {active} times one was seen running",
            numbers={"wakeups": wakeups, "timers": len(timers), "seen_active": active},
        )
    ]
