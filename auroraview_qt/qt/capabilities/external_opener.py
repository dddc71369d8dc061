"""ExternalOpener: the commands behind ``auroraview.shell``: handing URLs and files to the system. GUI thread.

A page never starts a program with its own arguments. The system chooses the program for a URL or file, and only harmless
kinds of files are opened.
"""

from __future__ import annotations

import logging
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Callable, Protocol

from auroraview_qt.capabilities.external_urls import check_external
from auroraview_qt.capabilities.openable import is_openable
from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import FileAccessError, InvalidArgumentsError, PermissionDeniedError
from auroraview_qt.qt.support.binding import QtCore, QtGui

#: Schemes that reach into this machine or into the page; no program can allow them.
NEVER = frozenset(
    ("file", "javascript", "data", "blob", "about", "vbscript", "qrc", "auroraview", "view-source", "ms-msdt", "shell")
)
#: File managers that can select a file, with their arguments.
_MANAGERS = {"win32": ("explorer.exe", "/select,"), "darwin": ("/usr/bin/open", "-R")}

_log = logging.getLogger(__name__)


class Opener(Protocol):
    """Passes a URL or path to the system; both methods return whether the system took it."""

    def open_url(self, url: QtCore.QUrl) -> bool:
        """Open a URL, or a file as a ``file:`` URL."""

    def show(self, path: Path) -> bool:
        """Show a file or folder in the file manager."""


class SystemOpener:
    """Opens with the desktop's default programs. Thread: GUI."""

    def open_url(self, url: QtCore.QUrl) -> bool:
        """Open a URL."""
        return bool(QtGui.QDesktopServices.openUrl(url))

    def show(self, path: Path) -> bool:
        """Show a file in its folder; select it if the file manager supports that."""
        command = _MANAGERS.get(sys.platform)
        if command is None:
            return self.open_url(QtCore.QUrl.fromLocalFile(str(path.parent)))
        started: Any = QtCore.QProcess.startDetached(command[0], [command[1], str(path)])
        return bool(started[0] if isinstance(started, tuple) else started)  # PySide also returns the process id


class ExternalOpener:
    """The commands that open URLs and files for a page.

    Thread: GUI.

    Parameters
    ----------
    schemes : iterable of str
        Schemes of URLs that the page may open.
    scopes : Scopes
        The folders whose files it may open or show.
    opener : Opener, optional
        Does it; the desktop by default.
    take_gesture : callable, optional
        Uses a gesture of the artist's, and returns why there is none; empty if there is. Without it none is needed.

    Raises
    ------
    ValueError
        If a scheme must never be opened.
    """

    def __init__(
        self,
        schemes: Iterable[str],
        scopes: Scopes,
        opener: Opener | None = None,
        take_gesture: Callable[[], str] = lambda: "",
    ) -> None:
        names = [schemes] if isinstance(schemes, str) else list(schemes)
        self._schemes = {name.lower().rstrip(":") for name in names}
        refused = sorted(self._schemes & NEVER)
        if refused:
            raise ValueError(f"shell: URLs of {', '.join(refused)} are never opened for a page")
        self._scopes = scopes
        self._opener: Opener = SystemOpener() if opener is None else opener
        self._take_gesture = take_gesture

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return the commands by the names a page invokes."""
        return {"open": self.open, "open_path": self.open_path, "show_in_folder": self.show_in_folder}

    def open(self, path: str) -> None:
        """Open a URL; the parameter has the name AuroraView has for it."""
        if not isinstance(path, str):
            raise InvalidArgumentsError(f"a URL has to be a text, not a {type(path).__name__}")
        url = QtCore.QUrl(path, QtCore.QUrl.ParsingMode.StrictMode)
        scheme = url.scheme().lower()
        if not url.isValid() or not scheme:
            raise InvalidArgumentsError(f"{path!r:.200} is no URL")
        if scheme not in self._schemes:
            allowed = ", ".join(sorted(self._schemes)) or "none"
            raise PermissionDeniedError(f"this page may open no {scheme}: URL; allowed are: {allowed}")
        if scheme in ("http", "https") and not url.host():
            raise InvalidArgumentsError(f"{path!r:.200} names no host")
        check_external(url.toString(QtCore.QUrl.ComponentFormattingOption.FullyEncoded))
        self._need_gesture()
        _log.info("%s opens outside the panel", url.toString())
        self._done(self._opener.open_url(url), path)

    def open_path(self, path: str) -> None:
        """Open a file or folder with the program the system has for it."""
        resolved = self._scopes.existing(path)
        if not is_openable(resolved):
            raise PermissionDeniedError(f"{path} may be a program or start a program, which a page may not do")
        self._need_gesture()
        # Encode the bytes of the name: Qt's own conversion from a path would lose invalid bytes and open another file.
        url = QtCore.QUrl(resolved.as_uri(), QtCore.QUrl.ParsingMode.StrictMode)
        self._done(self._opener.open_url(url), path)

    def show_in_folder(self, path: str) -> None:
        """Show a file or folder in the file manager."""
        resolved = self._scopes.existing(path)
        self._need_gesture()
        self._done(self._opener.show(resolved), path)

    def _need_gesture(self) -> None:
        why = self._take_gesture()
        if why:
            raise PermissionDeniedError(why)

    @staticmethod
    def _done(taken: bool, what: str) -> None:
        if not taken:
            raise FileAccessError(f"the system has nothing to open {what} with")
