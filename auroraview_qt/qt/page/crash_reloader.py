"""Load a page again after its renderer died, and show a message if that does not help. GUI thread."""

from __future__ import annotations

import logging
import time
from typing import cast

from auroraview_qt.ipc.engine.recovery import Recovery
from auroraview_qt.qt.page.message_overlay import MessageOverlay
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, QWebEnginePage
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

_log = logging.getLogger(__name__)


class CrashReloader(QtCore.QObject):
    """The steps for a page after a renderer's death.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Is loaded again; owns the rescue. Its parent, a widget, shows the message when the page is given up.
    """

    def __init__(self, page: Page) -> None:
        super().__init__(page)
        self._page = page
        self._recovery = Recovery()
        self._overlay: MessageOverlay | None = None
        self._timer = LazyTimer(self, self._reload)
        page.loadStarted.connect(self._on_load_started)

    @guarded("the page was not found to be well again")
    def page_ready(self) -> None:
        """Note that the page listens."""
        self._recovery.page_ready(time.monotonic())

    @guarded("the page is not loaded again")
    def page_died(self, status: str, code: int, worked: bool) -> None:
        """Load the page again, soon or later, or give it up; `worked` as for `Recovery.page_died`."""
        delay_s = self._recovery.page_died(time.monotonic(), worked=worked)
        if delay_s is not None:
            self._timer.set(int(delay_s * 1000))
            return
        _log.error("the page ended again and again: it stays closed until the next load")
        if self._overlay is None:
            self._overlay = MessageOverlay(cast(QtWidgets.QWidget, self._page.parent()), "Reload")
            self._overlay.chosen.connect(self._on_chosen)
        self._overlay.show_text(
            "This panel has stopped",
            f"Its page ended several times in a row ({status}, code {code}). Undelivered events are kept.",
        )

    @guarded("the page is not loaded again")
    def _on_chosen(self) -> None:
        self._recovery.forgive()
        self._reload()

    @guarded("the page is not loaded again")
    def _reload(self) -> None:
        self._page.triggerAction(QWebEnginePage.WebAction.Reload)

    @guarded("a message may still cover the page")
    def _on_load_started(self) -> None:
        """Stop waiting, because a load has started."""
        self._timer.cancel()
        if self._overlay is not None:
            self._overlay.hide()
