"""Join files dropped on the page with their paths, which the engine hides from the page. GUI thread."""

from __future__ import annotations

import functools
import logging
import re
from pathlib import PurePath
from typing import Callable, cast

from auroraview_qt.errors import AuroraViewError
from auroraview_qt.ipc.wire.json_text import guarded, loads
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.page.panel_script import PanelScript
from auroraview_qt.qt.support.binding import BINDING, QtCore, QtGui, QtWidgets, QWebEngineView, Signal
from auroraview_qt.qt.support.event_filter import EventFilter

#: The event for page and Python about a drop.
EVENT = "file_drop"

# WORKAROUND(https://github.com/qutebrowser/qutebrowser/issues/8132 may be the same): seen on Qt 6.5.3, no longer on 6.8.3;
# versions between were not tried. A drag with an empty list of URLs ends the process.
_EMPTY_LISTS_CRASH = (6, 5) <= tuple(map(int, BINDING[1].split(".")[:2])) < (6, 8)
_WITH_DATA = (QtCore.QEvent.Type.DragEnter, QtCore.QEvent.Type.DragMove, QtCore.QEvent.Type.Drop)

#: The engine's suffix for the second of two equal names, before the extension.
_COUNTED = re.compile(r" \(\d+\)(?=(\.[^.]*){0,2}$)")

_log = logging.getLogger(__name__)


class FileDrops(QtCore.QObject):
    """Joins the paths of a drop, from Qt, with the page's element that took it.

    Thread: GUI.

    Parameters
    ----------
    view : QWebEngineView
        Gets the drops; owns this object.
    page : Page
        Has the zones, elements with ``data-aurora-drop="name"``.
    soon : callable
        Runs a function from the scheduler's timer, if the page is trusted.
    deliver : callable
        Gets ``{"paths": [str], "x": float, "y": float, "zone": str}``: absolute paths in the order of the drag, and the
        place in CSS pixels of the view.

    Signals
    -------
    files_dropped(object)
        Emitted after `deliver`.
    """

    files_dropped = Signal(object)

    def __init__(
        self,
        view: QWebEngineView,
        page: Page,
        soon: Callable[[Callable[[], object]], object],
        deliver: Callable[[dict[str, object]], object],
    ) -> None:
        super().__init__(view)
        self._soon = soon
        self._deliver = deliver
        self._paths: list[str] = []
        self._place = (0.0, 0.0)
        self._script = PanelScript(page, "drop.js", "auroraviewDrop", self._on_told)
        self._filter = EventFilter(self, self._seen)
        self._filter.move_to(cast(QtWidgets.QWidget, view))

    def _seen(self, event: QtCore.QEvent) -> bool:
        """Note the dropped files; the engine gets the event, too, and tells the page."""
        if _EMPTY_LISTS_CRASH and event.type() in _WITH_DATA and _has_empty_list(cast(QtGui.QDropEvent, event).mimeData()):
            event.ignore()
            return True
        if event.type() == QtCore.QEvent.Type.Drop:
            drop = cast(QtGui.QDropEvent, event)
            # Paths as the system writes them, since they go into the host's own functions.
            self._paths = [url.toLocalFile() for url in drop.mimeData().urls() if url.isLocalFile()]
            place = drop.position() if hasattr(drop, "position") else drop.posF()
            zoom = cast(QWebEngineView, self.parent()).zoomFactor()
            self._place = (place.x() / zoom, place.y() / zoom)
        return False

    def _on_told(self, text: str) -> None:
        """Handle the page's report about the drop."""
        told = loads(guarded(text, 3))
        paths, self._paths = self._paths, []
        if not paths or not isinstance(told, dict) or not _are_of(told["names"], paths):
            _log.warning("a drop of files could not be identified, and was left out")
            return
        x, y = self._place
        drop = {"paths": paths, "x": x, "y": y, "zone": told["zone"]}
        self._soon(functools.partial(self._tell, drop))

    def _tell(self, drop: dict[str, object]) -> None:
        try:
            self._deliver(drop)
        except AuroraViewError:  # a file name that JSON cannot hold, or a full queue
            _log.exception("the page did not get a drop")
        self.files_dropped.emit(drop)


def _has_empty_list(data: QtCore.QMimeData) -> bool:
    """Return whether a drag claims to carry URLs, but has none."""
    return data.hasUrls() and not data.urls()


def _are_of(names: list[str], paths: list[str]) -> bool:
    """Return whether the page reports these files; invented names have no path here."""
    known = [PurePath(path).name for path in paths]
    uncounted = [name if name in known else _COUNTED.sub("", name, count=1) for name in names]
    return sorted(uncounted) == sorted(known)
