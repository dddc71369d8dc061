"""DragOut: assets dragged from the page into the host, as files or as data: ``auroraview.drag``. GUI thread.

`QDrag.exec` runs a nested event loop, and Qt has no other way. A separate timer starts it, outside of the scheduler. So
timers, the bridge, the page and the host go on inside the loop.
"""

from __future__ import annotations

import functools
import logging
import re
from collections.abc import Iterable
from concurrent.futures import Future
from typing import Any, Callable, Optional

from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.errors import InvalidArgumentsError, PermissionDeniedError
from auroraview_qt.qt.input.window_drag import is_held
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, is_alive
from auroraview_qt.qt.support.guard import contain, guarded

_MIME = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]{0,126}/[a-z0-9][a-z0-9!#$&^_.+-]{0,126}")
#: MIME types already covered by `paths`, `text` and the page's own drags; custom data may not use them.
_NOT_OURS = ("text/", "image/", "chromium/", "application/x-qt", "application/octet-stream")
_ICON_PX = 32
_ACTIONS = {"copy": QtCore.Qt.DropAction.CopyAction, "link": QtCore.Qt.DropAction.LinkAction}

_log = logging.getLogger(__name__)


class DragOut(QtCore.QObject):
    """The commands of the capability "drag".

    Thread: GUI.

    Parameters
    ----------
    parent : QObject
        Owner: of the page.
    scopes : Scopes
        Files and folders that may be dragged.
    types : iterable of str
        MIME types of the page's custom data, like ``"application/x-studio-asset"``.

    Raises
    ------
    ValueError
        If a type is invalid, or already has a meaning.
    """

    def __init__(self, parent: QtCore.QObject, scopes: Scopes, types: Iterable[str]) -> None:
        self._types = frozenset([types] if isinstance(types, str) else types)
        for each in self._types:
            if not _MIME.fullmatch(each) or each.startswith(_NOT_OURS):
                raise ValueError(f"types={each!r}: data needs its own type, like 'application/x-studio-asset'")
        super().__init__(parent)
        self._scopes = scopes
        self._future: Future[Any] | None = None

    def commands(self) -> dict[str, Callable[..., object]]:
        """Return the commands by the names a page invokes."""
        return {"start": self.start}

    def start(
        self,
        paths: Optional[list[str]] = None,
        text: Optional[str] = None,
        data: Optional[dict[str, str]] = None,
        action: str = "copy",
    ) -> Future[Any]:
        """Drag files, a text or data, while the left mouse button is held.

        Parameters
        ----------
        paths : list of str, optional
            Absolute; each inside the roots, and there. The target gets their real paths.
        text : str, optional
            The text for a target that takes no files.
        data : dict, optional
            Texts by mime type, of the types that are allowed.
        action : {"copy", "link"}
            The suggested action. Never to move: the files are not the page's.

        Returns
        -------
        Future
            ``{"action": "copy" | "link" | "none"}`` when the button is released.

        Raises
        ------
        InvalidArgumentsError
            If there is nothing to drag, or an argument has the wrong type.
        PermissionDeniedError
            If a type is not allowed, no button is held, or a drag is under way.
        ScopeViolationError, FileMissingError
            As `Scopes.existing` raises them; then nothing is dragged.
        """
        mime = self._mime(paths or [], text, data or {})
        if action not in _ACTIONS:
            raise InvalidArgumentsError(f"action {action!r:.50} is not known: use {', '.join(map(repr, _ACTIONS))}")
        if self._future is not None:
            raise PermissionDeniedError("a drag of this page is under way: wait for its end")
        if not is_held():
            raise PermissionDeniedError("no mouse button is held: start a drag from the page's dragstart or mousedown")
        future: Future[Any] = Future()
        self._future = future
        QtCore.QTimer.singleShot(0, functools.partial(self._run, mime, _ACTIONS[action], future))
        return future

    def close(self) -> None:
        """Cancel the answer of a running drag; the drag itself belongs to the artist."""
        if is_alive(self):
            if self._future is not None:
                self._future.cancel()
            self.deleteLater()

    def _mime(self, paths: object, text: object, data: object) -> QtCore.QMimeData:
        if not isinstance(paths, list) or not isinstance(data, dict) or not isinstance(text, (str, type(None))):
            raise InvalidArgumentsError("a drag takes paths: [text], text: text, data: {type: text}")
        mime = QtCore.QMimeData()
        if paths:
            mime.setUrls([QtCore.QUrl.fromLocalFile(str(self._scopes.existing(path))) for path in paths])
        if text is not None:
            mime.setText(text)
        for kind, value in data.items():
            if kind not in self._types:
                raise PermissionDeniedError(f"data of type {kind!r:.200} may not be dragged: the program has not allowed it")
            if not isinstance(value, str):
                raise InvalidArgumentsError(f"data of {kind!r} has to be a text, not a {type(value).__name__}")
            mime.setData(kind, QtCore.QByteArray(value.encode("utf-8", "surrogatepass")))
        if not mime.formats():
            raise InvalidArgumentsError("there is nothing to drag: give paths, text or data")
        return mime

    @guarded("a drag was not answered")
    def _run(self, mime: QtCore.QMimeData, action: Any, future: Future[Any]) -> None:
        """Drag; returns when it has ended, and by then this may be gone, view and all."""
        try:
            ended = run_drag(mime, action) if is_held() and not future.cancelled() else None
        except BaseException as error:
            contain(_log, error, "a drag failed")
            ended = None
        if is_alive(self):
            self._future = None
        if future.set_running_or_notify_cancel():
            future.set_result({"action": next((name for name, known in _ACTIONS.items() if known == ended), "none")})


def run_drag(mime: QtCore.QMimeData, action: Any) -> Any:
    """Drag until the button is released; return the target's action.

    Thread: GUI.

    Parameters
    ----------
    mime : QMimeData
        The dragged data.
    action : Qt.DropAction
        The allowed actions.
    """
    # The view must not own it: the view may be deleted meanwhile, and Qt still uses the drag afterwards.
    program: Any = QtCore.QCoreApplication.instance()
    drag = QtGui.QDrag(program)
    drag.setMimeData(mime)
    drag.setPixmap(_picture(mime))
    run = getattr(drag, "exec", None) or drag.exec_
    return run(action)


def _picture(mime: QtCore.QMimeData) -> QtGui.QPixmap:
    """Return the system's icon for the first file."""
    files = [url.toLocalFile() for url in mime.urls()]
    provider = QtWidgets.QFileIconProvider()
    icon = provider.icon(QtCore.QFileInfo(files[0])) if files else provider.icon(QtWidgets.QFileIconProvider.IconType.File)
    return icon.pixmap(_ICON_PX)
