"""The alternatives in plain Qt: a bare QWebChannel, bare runJavaScript, a custom scheme; and a page without a bridge."""

from __future__ import annotations

import json
import time
from typing import Any, Callable

import pages
from harness import Arrival, BenchError, expect
from ours import answered, chunk_of, tally
from qtpy import QtCore
from qtpy.QtWebChannel import QWebChannel
from qtpy.QtWebEngineCore import (
    QWebEnginePage,
    QWebEngineProfile,
    QWebEngineUrlRequestJob,
    QWebEngineUrlScheme,
    QWebEngineUrlSchemeHandler,
)
from qtpy.QtWebEngineWidgets import QWebEngineView

SCHEME = b"bench"
#: Where Qt keeps the page's half of QWebChannel.
QWEBCHANNEL_JS = ":/qtwebchannel/qwebchannel.js"


def register_scheme() -> None:
    """Register the scheme of the raw side, before the first profile of the process."""
    scheme = QWebEngineUrlScheme(SCHEME)
    scheme.setSyntax(QWebEngineUrlScheme.Syntax.Host)
    scheme.setFlags(QWebEngineUrlScheme.Flag.SecureScheme | QWebEngineUrlScheme.Flag.CorsEnabled)
    QWebEngineUrlScheme.registerScheme(scheme)


def qwebchannel_source() -> str:
    """Return Qt's qwebchannel.js."""
    file = QtCore.QFile(QWEBCHANNEL_JS)
    if not file.open(QtCore.QIODevice.OpenModeFlag.ReadOnly):
        raise BenchError(f"{QWEBCHANNEL_JS} could not be read")
    return bytes(file.readAll().data()).decode()


class Handler(QWebEngineUrlSchemeHandler):
    """Serves the bodies of a site."""

    def __init__(self, parent: QtCore.QObject) -> None:
        super().__init__(parent)
        self.bodies: dict[str, tuple[bytes, bytes]] = {}

    def requestStarted(self, job: QWebEngineUrlRequestJob) -> None:
        mime, body = self.bodies[job.requestUrl().path()]
        buffer = QtCore.QBuffer(job)
        buffer.setData(body)
        buffer.open(QtCore.QIODevice.OpenModeFlag.ReadOnly)
        job.reply(mime, buffer)


class Bridge(QtCore.QObject):
    """The object on the channel. Its slots for small values take variants, which is faster than a string with json."""

    ticked = QtCore.Signal(str)
    tree_sent = QtCore.Signal(str)

    def __init__(self, parent: QtCore.QObject, incoming: Arrival) -> None:
        super().__init__(parent)
        self._incoming = incoming
        self._take = tally(incoming)

    @QtCore.Slot("QVariant")
    def event(self, data: Any) -> None:
        self._take(data)

    @QtCore.Slot("QVariant", result="QVariant")
    def echo(self, value: Any) -> Any:
        return value

    @QtCore.Slot(str)
    def tree_text(self, text: str) -> None:
        self._incoming.set(json.loads(text))

    @QtCore.Slot("QVariant")
    def tree_object(self, tree: Any) -> None:
        self._incoming.set(tree)

    @QtCore.Slot()
    def tree_is_there(self) -> None:
        self.parent().runJavaScript("JSON.stringify(tree)", 0, lambda text: self._incoming.set(json.loads(text)))


class Raw:
    """A bare QWebEngineView on the benchmark's page.

    Parameters
    ----------
    bridge : bool
        Whether it has a channel; without a channel the page is the floor and does all work itself.
    """

    def __init__(self, bridge: bool = True) -> None:
        self.titles, self.incoming = Arrival(), Arrival()
        self.profile = QWebEngineProfile()
        self.handler = Handler(self.profile)
        html = pages.raw(qwebchannel_source()) if bridge else pages.floor()
        self.handler.bodies["/"] = (b"text/html", html.encode())
        self.profile.installUrlSchemeHandler(SCHEME, self.handler)
        self.view = QWebEngineView()
        self.page = QWebEnginePage(self.profile, self.view)
        self.view.setPage(self.page)
        self.bridge = Bridge(self.page, self.incoming)
        if bridge:
            channel = QWebChannel(self.page)
            channel.registerObject("bridge", self.bridge)
            self.page.setWebChannel(channel)
        self.view.titleChanged.connect(self._on_title)
        self.view.resize(320, 240)
        self.view.show()
        self.view.load(QtCore.QUrl(f"{SCHEME.decode()}://raw/"))
        expect("the raw page", self.titles.wait("the raw page"), "ready")

    def _on_title(self, title: str) -> None:
        report = pages.parse_report(title)
        if report is not None:
            self.titles.set(report)

    def run(self, script: str) -> Any:
        """Run a script and return the page's report through its title."""
        self.titles.clear()
        self.page.runJavaScript(script)
        return self.titles.wait("the raw page's report")

    def _send(self, send: Callable[[dict[str, Any]], object], count: int) -> float:
        self.titles.clear()
        start = time.perf_counter()
        for _ in range(count - 1):
            send(pages.PAYLOAD)
        send(pages.LAST)
        expect("the raw burst", self.titles.wait("the last event"), pages.seen(count))
        return self.titles.at - start

    def scripts(self, count: int) -> float:
        """Return a side: a runJavaScript per event."""
        run = self.page.runJavaScript
        return self._send(lambda data: run(f"tick({json.dumps(data)})"), count)

    def signals(self, count: int) -> float:
        """Return a side: a signal of the channel's object per event."""
        ticked = self.bridge.ticked
        return self._send(lambda data: ticked.emit(json.dumps(data)), count)

    def slots(self, count: int) -> float:
        """Return a side: a slot call of the page per event."""
        self.incoming.clear()
        start = time.perf_counter()
        self.page.runJavaScript(f"repeat({count}, slotOut);")
        expect("slot calls", self.incoming.wait("the last event"), pages.seen(count))
        return self.incoming.at - start

    def dispatches(self, count: int) -> float:
        """Return a side: the floor, where the page dispatches to itself."""
        start = time.perf_counter()
        expect("dispatches", self.run(f"repeat({count}, dispatchHere);"), pages.seen(count))
        return self.titles.at - start

    def sequential(self, count: int) -> float:
        """Return a side: calls in sequence."""
        return answered(self.run(f"sequential({count}, {chunk_of(count)}, call).then(report);"), count)

    def parallel(self, count: int) -> float:
        """Return a side: calls all in flight at once."""
        return answered(self.run(f"parallel({count}, call).then(report);"), 1)

    def close(self) -> None:
        """Delete the view, then its profile: a profile that is deleted before its page crashes the process."""
        gone = Arrival()
        self.view.destroyed.connect(lambda: gone.set())
        self.view.deleteLater()
        gone.wait("the deletion of a raw view")
        self.profile.deleteLater()
