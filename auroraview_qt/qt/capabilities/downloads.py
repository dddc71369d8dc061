"""Downloads: the files that a page offers, put in place as ``Policy.downloads`` says. GUI thread.

The engine wants its answer at once, before the program or the artist can decide. So it writes into a temporary folder. A
worker moves the finished file to its place, because the place may be on a slow drive.
"""

from __future__ import annotations

import atexit
import contextlib
import functools
import itertools
import logging
import os
import shutil
import tempfile
from concurrent.futures import Future
from pathlib import Path
from typing import Any, Callable

from auroraview_qt.capabilities.downloaded_files import place, safe_name
from auroraview_qt.ipc.calls.runners import Pool
from auroraview_qt.policy import DOWNLOADS, Policy
from auroraview_qt.qt.capabilities.page_dialogs import open_dialog, window_of
from auroraview_qt.qt.page.closed_page import encoded
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.afterlife import weakly, when_destroyed
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, Signal, is_alive
from auroraview_qt.qt.support.deferred import run_later
from auroraview_qt.qt.support.guard import contain, guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer
from auroraview_qt.qt.support.shown_text import MAX_URL_CHARS, shortened

#: The event about a download for page and Python, and the page's event that cancels a download.
EVENT, CANCEL_EVENT = "download", "download_cancel"
#: Downloads of a page at a time.
MAX_RUNNING = 10
#: Milliseconds between two reports of progress.
PROGRESS_MS = 100

_log = logging.getLogger(__name__)
_ids = itertools.count(1)


@functools.lru_cache(maxsize=1)
def _staging() -> Path:
    """Return the folder for files on their way; it goes with the process."""
    folder = Path(tempfile.mkdtemp(prefix="auroraview-download-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


class Download(QtCore.QObject):
    """A file that a page offers.

    Thread: GUI.

    Attributes
    ----------
    id : int
        Its number, in the events of the page too.
    url : str
        Its address; ``blob:`` and ``data:`` for files that the page has made.
    name : str
        The name that the page proposes, without path parts and other risks.
    mime_type : str
        Its type, as the page or the server says.
    received, total : int
        Bytes so far, and of the whole file; -1 if that is unknown.
    state : str
        ``"running"``, ``"finished"``, ``"cancelled"`` or ``"failed"``.
    path : Path or None
        The place of the finished file.
    reason : str
        The reason for its failure.
    """

    _stored = Signal(object)

    def __init__(self, item: Any, downloads: Downloads) -> None:
        super().__init__(downloads)
        self._item = item
        self.id = next(_ids)
        self.url = shortened(encoded(item.url()), MAX_URL_CHARS)
        self.name = safe_name(item.suggestedFileName())
        self.mime_type = str(item.mimeType())
        self.received, self.total = 0, int(item.totalBytes())
        self.state, self.reason = "running", ""
        self.path: Path | None = None
        self._downloads = downloads
        self._staged = _staging() / str(self.id)
        self._target: Path | None = None  # unknown until the program or the artist has decided
        self._is_folder = self._replaces = self._is_complete = self._is_moving = False
        self._progress = LazyTimer(self, self._on_progress_due)
        self._stored.connect(self._on_stored)
        item.setDownloadDirectory(str(self._staged.parent))
        item.setDownloadFileName(self._staged.name)
        item.stateChanged.connect(self._on_state)
        (item.receivedBytesChanged if hasattr(item, "receivedBytesChanged") else item.downloadProgress).connect(
            self._on_progress
        )
        item.accept()

    def cancel(self) -> None:
        """End the download, and remove the file that has been loaded so far."""
        self.end("cancelled")

    def end(self, state: str, reason: str = "") -> None:
        """End it in a state, unless it has ended."""
        if self.state != "running":
            return
        self.state, self.reason = state, reason
        self._progress.cancel()
        self._drop()
        self._downloads.tell(self)
        if is_alive(self) and not self._is_moving:
            self.deleteLater()

    def abandon(self) -> None:
        """End it without a report, because the page is gone."""
        if not self._is_complete:
            self.state = "cancelled"
            self._drop()

    def _drop(self) -> None:
        """Stop the engine, and remove its file; a complete file that is being moved is left to the worker."""
        if is_alive(self._item) and not self._is_complete:
            self._item.cancel()
        if not self._is_moving:
            with contextlib.suppress(OSError):
                self._staged.unlink()

    def store(self, target: Path, *, is_folder: bool = False, replaces: bool = False) -> None:
        """Put the file in this place once it is complete."""
        self._target, self._is_folder, self._replaces = target, is_folder, replaces
        self._store_if_complete()

    def _store_if_complete(self) -> None:
        if not self._is_complete or self._target is None or self.state != "running":
            return
        self._is_moving = True
        move = functools.partial(place, self._staged, self._target, self.name)
        step = functools.partial(move, is_folder=self._is_folder, replaces=self._replaces)
        self._downloads.worker.submit(step).add_done_callback(self._on_placed)

    def _on_placed(self, future: Future[Path]) -> None:
        """Pass the outcome to the GUI thread; on the worker."""
        with contextlib.suppress(RuntimeError):  # the page is gone
            self._stored.emit(future)

    @guarded("a finished download was not reported")
    def _on_stored(self, future: Future[Path]) -> None:
        self._is_moving = False
        error = future.exception()
        if error is not None:
            self.end("failed", str(error))
            return
        if self.state == "running":
            self.path, self.state = future.result(), "finished"
            self._downloads.tell(self)
        else:
            with contextlib.suppress(OSError):
                future.result().unlink()  # cancelled meanwhile
        if is_alive(self):
            self.deleteLater()

    @guarded("the state of a download was not noticed")
    def _on_state(self, *_: object) -> None:
        states = getattr(type(self._item), "DownloadState", type(self._item))
        state = self._item.state()
        if state == states.DownloadCompleted:
            self._is_complete = True
            self._note_progress()
            run_later(self._store_if_alive)
        elif state in (states.DownloadCancelled, states.DownloadInterrupted):
            how = "cancelled" if state == states.DownloadCancelled else "failed"
            run_later(self._end_if_alive, how, str(self._item.interruptReasonString()))

    def _store_if_alive(self) -> None:
        if is_alive(self):
            self._store_if_complete()

    def _end_if_alive(self, state: str, reason: str) -> None:
        if is_alive(self):
            self.end(state, reason)

    @guarded("the progress of a download was not noticed")
    def _on_progress(self, *_: object) -> None:
        if not self._progress.is_set():
            self._progress.set(PROGRESS_MS)

    @guarded("the progress of a download was not reported")
    def _on_progress_due(self) -> None:
        if self.state == "running" and is_alive(self._item):
            self._note_progress()
            self._downloads.tell(self)

    def _note_progress(self) -> None:
        self.received, self.total = int(self._item.receivedBytes()), int(self._item.totalBytes())


class Downloads(QtCore.QObject):
    """The downloads of a page.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owner.
    policy : Policy
        Its `downloads` decides.
    publish : callable
        Called as ``publish(event, data)`` for the program's callbacks and the page.

    Signals
    -------
    changed(object)
        A `Download` has begun, progressed or ended.
    """

    changed = Signal(object)

    def __init__(self, page: Page, policy: Policy, publish: Callable[[str, dict[str, object]], object]) -> None:
        super().__init__(page)
        self._page = page
        self._choice: Any = policy.downloads
        self._publish = publish
        self._running: dict[int, Download] = {}
        self._unasked: list[Download] = []
        self._asking: Future[Any] | None = None
        self.worker = Pool(1, "auroraview-downloads")
        page.download_requested.connect(self._on_requested)
        when_destroyed(page, self.close)

    def cancel_by_page(self, told: object) -> None:
        """Cancel the download that the page names: ``{"id": 1}``."""
        number = told.get("id") if isinstance(told, dict) else None
        download = self._running.get(number) if isinstance(number, int) else None
        if download is not None:
            download.cancel()

    def close(self) -> None:
        """End all downloads, because the page is gone."""
        if self._asking is not None:
            self._asking.cancel()
        for download in list(self._running.values()):
            download.abandon()

    def tell(self, download: Download) -> None:
        """Report a change."""
        if download.state != "running":
            self._running.pop(download.id, None)
        if download.state == "failed":
            _log.warning("the download of %s failed: %s", download.name, download.reason)
        data: dict[str, object] = {
            "id": download.id,
            "name": download.name,
            "state": download.state,
            "received": download.received,
            "total": download.total,
        }
        self._publish(EVENT, data)
        if is_alive(self):
            self.changed.emit(download)

    @guarded("a download was refused")
    def _on_requested(self, item: Any) -> None:
        why = self._why_not()
        if why:
            item.cancel()
            self._refuse(safe_name(item.suggestedFileName()), encoded(item.url()), why)
            return
        download = Download(item, self)
        self._running[download.id] = download
        run_later(self._begin, download)

    def _why_not(self) -> str:
        """Return why the page gets no file; empty if it may."""
        if self._choice == "refuse":
            return 'Policy(downloads=…) allows it: a folder, "ask", or a function'
        if self._page.is_away():
            return "a page without the bridge saves no files"
        if len(self._running) >= MAX_RUNNING:
            return f"a page saves at most {MAX_RUNNING} files at a time"
        return ""

    def _refuse(self, name: str, url: str, why: str) -> None:
        if self._page.refusals.tell("the download of", url, why):
            self._page.tell_console(f"the download of {name} is refused: {why}")

    def _begin(self, download: Download) -> None:
        """Decide about a download that has begun; from the event loop, since the program may delete the view."""
        if not is_alive(self) or download.state != "running":
            return
        self.tell(download)
        if not is_alive(self) or download.state != "running":
            return
        choice = self._choice
        if callable(choice):
            choice = self._ask_program(choice, download)
            if not is_alive(self) or download.state != "running":
                return
            if isinstance(choice, (str, os.PathLike)) and choice not in DOWNLOADS:
                download.store(Path(choice))
                return
        if choice == "ask":
            self._unasked.append(download)
            self._ask_next()
        elif choice == "refuse":
            self._refuse(download.name, download.url, "the program's function for downloads refused it")
            download.cancel()
        else:
            download.store(Path(choice), is_folder=True)

    def _ask_program(self, decide: Callable[[Download], object], download: Download) -> Any:
        try:
            choice = decide(download)
        except BaseException as error:
            contain(_log, error, f"the function for downloads failed, and {download.name} was refused")
            return "refuse"
        if choice in DOWNLOADS or (isinstance(choice, (str, os.PathLike)) and os.path.isabs(choice)):  # noqa: PTH117
            return choice
        hint = "return 'refuse', 'ask', a folder or a file, as an absolute path"
        _log.warning("the function for downloads returned %.50r: %s", choice, hint)
        return "refuse"

    # Dialogs

    def _ask_next(self) -> None:
        """Ask for the place of the next file, unless a dialog is open."""
        if self._asking is not None or not self._unasked:
            return
        download = self._unasked.pop(0)
        dialog = QtWidgets.QFileDialog(window_of(self._page), "Save File")
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.AnyFile)
        dialog.setAcceptMode(QtWidgets.QFileDialog.AcceptMode.AcceptSave)
        place = QtCore.QStandardPaths.StandardLocation.DownloadLocation
        dialog.setDirectory(QtCore.QStandardPaths.writableLocation(place))
        dialog.selectFile(download.name)
        self._asking = open_dialog(dialog, lambda dialog, accepted: dialog.selectedFiles()[0] if accepted else "")
        self._asking.add_done_callback(functools.partial(weakly(self._on_answer), download))

    def _on_answer(self, download: Download, answer: Future[str]) -> None:
        """Follow the artist's answer; in the dialog's own slot, and so later."""
        self._asking = None
        run_later(self._follow_answer, download, "" if answer.cancelled() or answer.exception() else answer.result())

    def _follow_answer(self, download: Download, path: str) -> None:
        if not is_alive(self):
            return
        if path:
            download.store(Path(path), replaces=True)
        else:
            download.cancel()
        if is_alive(self):
            self._ask_next()
