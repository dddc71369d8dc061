"""Real pages in real QtWebEngine: making views, waiting for conditions, reading values of the page."""

from __future__ import annotations

import gc
import json
import logging
from collections.abc import Iterator
from typing import Any, Callable

import pytest
from qtpy.QtTest import QTest

from auroraview_qt import WebView, hosts
from auroraview_qt.host import detection
from auroraview_qt.hosts.frames import container
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive

TIMEOUT_MS = 20_000


def _wait_until(condition: Callable[[], bool], what: str = "the condition") -> None:
    """Run a local event loop until `condition` holds; never processEvents (it kills PySide6 6.12.0 before Python 3.12)."""
    if condition():
        return
    loop = QtCore.QEventLoop()
    poll, limit = QtCore.QTimer(), QtCore.QTimer()
    limit.setSingleShot(True)
    poll.timeout.connect(lambda: condition() and loop.quit())
    limit.timeout.connect(loop.quit)
    poll.start(5)
    limit.start(TIMEOUT_MS)
    (loop.exec if hasattr(loop, "exec") else loop.exec_)()
    poll.stop()
    limit.stop()
    assert condition(), f"{what} did not come true within {TIMEOUT_MS} ms"


def _evaluate(view: WebView, source: str) -> Any:
    """Evaluate an expression in the page and return its JSON value."""
    results: list[Any] = []
    view.page().runJavaScript(f"JSON.stringify([{source}])", 0, results.append)
    _wait_until(lambda: bool(results), f"a result of {source}")
    return json.loads(results[0])[0]


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Wait for a condition in a local event loop."""
    return _wait_until


@pytest.fixture
def js() -> Callable[[WebView, str], Any]:
    """Evaluate an expression in a page."""
    return _evaluate


@pytest.fixture
def spot() -> Callable[[WebView, str], QtCore.QPoint]:
    """Return the middle of the element a selector finds, in the view's own pixels."""

    def find(view: WebView, selector: str) -> QtCore.QPoint:
        box = f"document.querySelector({json.dumps(selector)}).getBoundingClientRect()"
        x, y = _evaluate(view, f"(() => {{ const b = {box}; return [b.x + b.width / 2, b.y + b.height / 2]; }})()")
        return QtCore.QPoint(int(x), int(y))

    return find


@pytest.fixture
def click(spot: Callable[[WebView, str], QtCore.QPoint]) -> Callable[..., None]:
    """Click an element with a real mouse event."""

    def do(view: WebView, selector: str, button: str = "Left", modifier: str = "No") -> None:
        mouse = getattr(QtCore.Qt.MouseButton, f"{button}Button")
        keys = getattr(QtCore.Qt.KeyboardModifier, f"{modifier}Modifier")
        # Before its first frame a page may lose a click, because the engine has no layout yet.
        frames = "requestAnimationFrame(() => requestAnimationFrame(() => { window.hasPainted = true; }))"
        _evaluate(view, f"window.hasPainted || ({frames}, 1)")
        _wait_until(lambda: _evaluate(view, "!!window.hasPainted"), "the first frame")
        QTest.mouseClick(view.focusProxy(), mouse, keys, spot(view, selector))

    return do


@pytest.fixture
def make_view(qapp: object, caplog: pytest.LogCaptureFixture) -> Iterator[Callable[..., WebView]]:
    """Make views that are shown, and deleted when the test ends; unexpected warnings of ours fail it."""
    views: list[WebView] = []
    earlier = len(caplog.get_records("setup"))  # late messages of the views of another test
    caplog.set_level(
        logging.INFO, "auroraview_qt.qt.transport.connection"
    )  # which reports below that a page was loaded again

    def make(html: str | None = None, *, wait: bool = True, kind: type[WebView] = WebView, **keywords: Any) -> WebView:
        view = kind(html=html, **keywords)
        views.append(view)
        view.resize(320, 240)
        view.show()
        if html is not None and wait:
            _wait_until(lambda: view.is_ready, "ready")
        return view

    make.expected = []  # type: ignore[attr-defined]
    make.adopt = views.append  # type: ignore[attr-defined]  # of views a test has made itself
    yield make
    for view in views:
        if is_alive(view):
            view.deleteLater()
    _wait_until(lambda: not any(is_alive(view) for view in views), "deletion")
    records = caplog.get_records("setup")[earlier:] + caplog.get_records("call")
    expected = make.expected  # type: ignore[attr-defined]
    surprises = [
        r.getMessage()
        for r in records
        if r.levelno >= logging.WARNING
        and r.name.startswith("auroraview_qt")
        and r.name != "auroraview_qt.stalls"  # the machine may be busy
        and not any(part in r.getMessage() for part in expected)
    ]
    if any("came without the runtime: loading it again" in r.getMessage() for r in records):
        # Qt sometimes does this after a killed renderer, and the view repairs it.
        surprises = [text for text in surprises if "auroraview is not defined" not in text]
    assert not surprises


@pytest.fixture
def expect_log(make_view: Callable[..., WebView]) -> Callable[[str], None]:
    """Announce a part of a warning this test causes on purpose."""
    return make_view.expected.append  # type: ignore[attr-defined,no-any-return]


@pytest.fixture
def wait_collected(wait_until: Callable[..., None]) -> Callable[[Callable[[], object]], None]:
    """Wait until the target of a weak reference is freed; PyQt frees slots a turn later."""
    return lambda gone: wait_until(lambda: gc.collect() >= 0 and gone() is None, "it is collected")


@pytest.fixture
def fresh_hosts() -> Iterator[None]:
    """Detect the host again, and leave neither panels nor frames."""
    detection.forget()
    yield
    for panel in hosts.panels().values():
        panel.destroy()
    container.forget()
    detection.forget()


@pytest.fixture
def window(
    fresh_hosts: None, make_view: Callable[..., WebView], wait_until: Callable[..., None]
) -> Iterator[QtWidgets.QMainWindow]:
    """A host's window; it is gone when the test has ended, and its panels before it."""
    made = QtWidgets.QMainWindow()
    made.setCentralWidget(QtWidgets.QTextEdit())
    made.resize(900, 500)
    made.show()
    yield made
    for panel in hosts.panels().values():
        panel.destroy()
    if is_alive(made):
        made.deleteLater()
        wait_until(lambda: not is_alive(made))
