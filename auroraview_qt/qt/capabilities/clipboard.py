"""Clipboard: the commands behind ``auroraview.clipboard``. GUI thread."""

from __future__ import annotations

from typing import Callable

from auroraview_qt.errors import InvalidArgumentsError, PermissionDeniedError
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.binding import QtCore, QtGui, QWebEngineSettings, is_alive
from auroraview_qt.qt.support.guard import guarded

_attributes = QWebEngineSettings.WebAttribute


class Clipboard:
    """Text on the system's clipboard.

    Thread: GUI.

    Parameters
    ----------
    read : bool
        Whether the page may read texts of other programs.
    write : bool
        Whether the page may write texts.
    """

    def __init__(self, *, read: bool, write: bool) -> None:
        self._may_read = read
        self._may_write = write

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return the commands by the names a page invokes."""
        return {
            "read_text": self.read_text,
            "has_text": self.has_text,
            "write_text": self.write_text,
            "clear": self.clear,
        }

    def read_text(self) -> dict[str, str]:
        """Return the text on the clipboard; empty if there is none."""
        self._need(self._may_read, "read")
        return {"text": QtGui.QGuiApplication.clipboard().text()}

    def has_text(self) -> dict[str, bool]:
        """Return whether there is text."""
        self._need(self._may_read, "read")
        return {"hasText": bool(QtGui.QGuiApplication.clipboard().text())}

    def write_text(self, text: str) -> None:
        """Put text there."""
        self._need(self._may_write, "write")
        if not isinstance(text, str):
            raise InvalidArgumentsError(f"text has to be a text, not a {type(text).__name__}")
        QtGui.QGuiApplication.clipboard().setText(text)

    def clear(self) -> None:
        """Clear the clipboard."""
        self._need(self._may_write, "write")
        QtGui.QGuiApplication.clipboard().clear()

    @staticmethod
    def _need(allowed: bool, what: str) -> None:
        if not allowed:
            raise PermissionDeniedError(f"this page may not {what} the clipboard: the program enabled it with {what}=False")


class StandardClipboard(QtCore.QObject):
    """Gives ``navigator.clipboard`` the rules of the capability, on pages that have the bridge.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owner.
    read, write : bool
        As for `Clipboard`. The engine has no switch for reading alone: without `write` there is no reading either.
    """

    def __init__(self, page: Page, *, read: bool, write: bool) -> None:
        super().__init__(page)
        self._page = page
        self._may_read = read
        self._may_write = write
        page.leaving_trust.connect(self._refuse)
        page.urlChanged.connect(self._follow)
        page.loadFinished.connect(self._follow)
        self._follow()

    def close(self) -> None:
        """Refuse the clipboard from now on."""
        if is_alive(self):
            self._may_read = self._may_write = False
            self._refuse()
            self.deleteLater()

    @guarded("a page may have kept the clipboard")
    def _refuse(self) -> None:
        self._set(is_allowed=False)

    @guarded("navigator.clipboard may be refused")
    def _follow(self, *_: object) -> None:
        self._set(is_allowed=not self._page.is_away())

    def _set(self, *, is_allowed: bool) -> None:
        if not is_alive(self._page):
            return
        settings = self._page.settings()
        settings.setAttribute(_attributes.JavascriptCanAccessClipboard, is_allowed and self._may_write)
        settings.setAttribute(_attributes.JavascriptCanPaste, is_allowed and self._may_write and self._may_read)
