"""LoadFailures: shows a message in place of the engine's error page, and waits for a development server. GUI thread."""

from __future__ import annotations

import logging
from typing import Callable, cast

from auroraview_qt.qt.page.closed_page import APPLICATION_WORLD, encoded
from auroraview_qt.qt.page.message_overlay import MessageOverlay
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, Signal, is_alive
from auroraview_qt.qt.support.deferred import run_later
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer
from auroraview_qt.qt.support.shown_text import MAX_URL_CHARS, shortened

#: How long after a failed attempt the development server is asked again, in milliseconds.
RETRY_MS = 1_000

_log = logging.getLogger(__name__)


class LoadFailures(QtCore.QObject):
    """Handles the loads of one page that end in an error page of the engine.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owns this object. Its parent, a widget, shows the message.
    is_development : callable
        Return whether a URL belongs to the development server that the program named.

    Signals
    -------
    page_lost()
        An error page of the engine is in the place of the page.
    """

    page_lost = Signal()

    def __init__(self, page: Page, is_development: Callable[[QtCore.QUrl], bool]) -> None:
        super().__init__(page)
        self._page = page
        self._is_development = is_development
        self._overlay: MessageOverlay | None = None
        self._failed = QtCore.QUrl()
        self._retries = LazyTimer(self, self._load_again)
        page.loadStarted.connect(self._on_load_started)
        page.loadFinished.connect(self._on_load_finished)

    @guarded("a message may still cover the page")
    def _on_load_started(self) -> None:
        self._retries.cancel()

    @guarded("a failed load was not noticed")
    def _on_load_finished(self, ok: bool) -> None:
        """Ask the document what it is: a load that was stopped leaves the page as it was."""
        if ok:
            self._failed = QtCore.QUrl()
            if self._overlay is not None:
                self._overlay.hide()
        else:
            self._page.runJavaScript("location.protocol", APPLICATION_WORLD, self._on_document_known)

    @guarded("a failed load was not noticed")
    def _on_document_known(self, protocol: object) -> None:
        if protocol == "chrome-error:" and is_alive(self):
            run_later(self._show_failure)

    def _show_failure(self) -> None:
        if not is_alive(self):
            return
        url = self._page.requestedUrl()
        is_first = url != self._failed
        self._failed = url
        address = shortened(encoded(url), MAX_URL_CHARS)
        if self._is_development(url):
            title, detail = "Waiting for the development server", f"{address} does not answer yet."
            self._retries.set(RETRY_MS)
        else:
            title, detail = "This page could not be loaded", f"{address} does not answer, or does not exist."
        if is_first:
            _log.warning("%s could not be loaded%s", address, "; trying again" if self._retries.is_set() else "")
        if self._overlay is None:
            self._overlay = MessageOverlay(cast(QtWidgets.QWidget, self._page.parent()), "Retry")
            self._overlay.chosen.connect(self._load_again)
        self._overlay.show_text(title, detail)
        self.page_lost.emit()

    @guarded("the page is not loaded again")
    def _load_again(self) -> None:
        self._page.load(self._failed)
