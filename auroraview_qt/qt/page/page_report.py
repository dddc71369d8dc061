"""Ask a hidden page for the features of pages in this engine, such as WebGL and codecs. GUI thread."""

from __future__ import annotations

import json
import sys
from typing import Any, Callable

from auroraview_qt._resources import page_text
from auroraview_qt.qt.page.scheme import shared_profile
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, QWebEnginePage
from auroraview_qt.qt.support.guard import guarded

#: Milliseconds after which a page counts as impossible to start.
TIMEOUT_MS = 20_000


class PageReport(QtCore.QObject):
    """Loads an empty page, asks it, and deletes itself.

    Parameters
    ----------
    app : QCoreApplication
        Owner.
    answered : callable
        Called once with the answer: ``{"webgl": 2, "renderer": "…", "codecs": ["VP9"], "chromium": "122.0.1"}``, or
        ``{"error": "…"}``.
    """

    def __init__(self, app: QtCore.QCoreApplication, answered: Callable[[dict[str, Any]], object]) -> None:
        super().__init__(app)
        self._answered: Callable[[dict[str, Any]], object] | None = answered
        profile = shared_profile()
        self._page = QWebEnginePage(profile, self)
        profile.adopt(self._page)
        self._page.loadFinished.connect(self._on_loaded)
        self._page.renderProcessTerminated.connect(self._on_terminated)
        self._limit = QtCore.QTimer(self)
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._on_timeout)
        self._limit.start(TIMEOUT_MS)
        self._page.setHtml("")

    @guarded("the page was not asked for its features")
    def _on_loaded(self, ok: bool) -> None:
        self._page.runJavaScript(page_text("doctor", "page_report.js"), 0, self._on_answer)

    @guarded("the answer of the page was not read")
    def _on_answer(self, text: object) -> None:
        self._end(json.loads(text) if isinstance(text, str) and text else {"error": "the page gave no answer"})

    @guarded("the end of the page was not reported")
    def _on_terminated(self, status: object, code: int) -> None:
        self._end({"error": f"the page's process ended with code {code}"})

    @guarded("the silence of the page was not reported")
    def _on_timeout(self) -> None:
        self._end({"error": f"no page could be started within {TIMEOUT_MS // 1000} s"})

    def _end(self, answer: dict[str, Any]) -> None:
        answered, self._answered = self._answered, None
        if answered is not None:  # a page that is deleted answers once more
            self._limit.stop()
            self.deleteLater()
            answered(answer)


_latest: dict[str, Any] = {}
_asked = False


def latest() -> dict[str, Any] | None:
    """Return the report of a page of this process; None until it is there. The first call starts it.

    Raises
    ------
    RuntimeError
        There is no QApplication yet.
    """
    global _asked
    app = QtCore.QCoreApplication.instance()
    if app is None:
        raise RuntimeError("make a QApplication before a page is asked")
    if not _asked:
        _asked = True
        PageReport(app, _keep)
    return _latest or None


def _keep(answer: dict[str, Any]) -> None:
    global _asked
    _latest.clear()
    _latest.update(answer)
    _asked = "error" not in answer  # the next call tries it again


def main() -> int:
    """Ask a page of a process made for it, and print the answer as JSON."""
    app: Any = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["doctor"])

    def answered(answer: dict[str, Any]) -> None:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        QtCore.QTimer.singleShot(0, app.quit)

    PageReport(app, answered)
    return int((getattr(app, "exec", None) or app.exec_)())
