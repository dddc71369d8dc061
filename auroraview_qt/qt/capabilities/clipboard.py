"""Clipboard: the commands behind ``auroraview.clipboard``. GUI thread."""

from __future__ import annotations

from typing import Callable

from auroraview_qt.errors import InvalidArgumentsError, PermissionDeniedError
from auroraview_qt.qt.support.binding import QtGui


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
