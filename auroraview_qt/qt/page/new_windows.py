"""TemporaryPage: finds out which address a new window is for, before Qt 6.2. GUI thread.

There `createWindow` does not get the address; the first navigation of the returned page does.
"""

from __future__ import annotations

from typing import Any, Callable

from auroraview_qt.qt.support.binding import QtCore, QWebEnginePage, is_alive
from auroraview_qt.qt.support.deferred import run_later
from auroraview_qt.qt.support.guard import guarded

#: Whether the engine passes the address of a new window only to the page that is made for it.
NEEDS_TEMPORARY_PAGE = not hasattr(QWebEnginePage, "newWindowRequested")

#: Milliseconds in which a window has to start its navigation.
_LIFETIME_MS = 2_000


class TemporaryPage(QWebEnginePage):
    """A page that shows nothing, and is deleted after its first navigation request.

    Thread: GUI.

    Parameters
    ----------
    opener : QWebEnginePage
        The page that opens the window; owns this page.
    found : callable
        Gets the address.
    """

    def __init__(self, opener: QWebEnginePage, found: Callable[[QtCore.QUrl], object]) -> None:
        super().__init__(opener.profile(), opener)
        self._found: Callable[[QtCore.QUrl], object] | None = found
        timer = QtCore.QTimer(self)
        timer.setSingleShot(True)
        timer.timeout.connect(self._on_timeout)
        timer.start(_LIFETIME_MS)

    @guarded("a new window was refused", otherwise=False)
    def acceptNavigationRequest(self, url: QtCore.QUrl | str, kind: Any, is_main_frame: bool) -> bool:
        """Report the first address, and load nothing."""
        self._tell(QtCore.QUrl(url))
        return False

    @guarded("no window is made")
    def createWindow(self, kind: Any) -> None:  # type: ignore[override]  # None is Qt's nullptr: no window
        """Make no window."""

    @guarded("a message of a new window was lost")
    def javaScriptConsoleMessage(self, level: Any, message: str, line: int, source: str) -> None:
        """Ignore the message."""

    @guarded("alert() is not shown")
    def javaScriptAlert(self, origin: QtCore.QUrl | str, message: str) -> None:
        """Show nothing."""

    @guarded("confirm() is answered with false", otherwise=False)
    def javaScriptConfirm(self, origin: QtCore.QUrl | str, message: str) -> bool:
        """Answer false."""
        return False

    @guarded("a new window was refused")
    def _on_timeout(self) -> None:
        self._tell(QtCore.QUrl())

    def _tell(self, url: QtCore.QUrl) -> None:
        found, self._found = self._found, None
        if found is not None:
            run_later(self._delete_if_alive)  # not in here, because the engine is still using it
            found(url)

    def _delete_if_alive(self) -> None:
        if is_alive(self):
            self.deleteLater()
