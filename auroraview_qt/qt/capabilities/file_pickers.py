"""FilePickers: the dialogs of ``<input type=file>``. GUI thread.

The engine asks for files in the middle of a click, and waits. So it gets none, and the dialog opens later. After the dialog
`resources/panel/file_inputs.js` has the engine ask again, and then the answer is there.
"""

from __future__ import annotations

import mimetypes
import re
from concurrent.futures import Future
from typing import Any, cast

from auroraview_qt._resources import page_text
from auroraview_qt.policy import Policy
from auroraview_qt.qt.capabilities.dialogs import MAX_EXTENSIONS
from auroraview_qt.qt.capabilities.page_dialogs import open_dialog, window_of
from auroraview_qt.qt.page.closed_page import MAIN_WORLD
from auroraview_qt.qt.page.page import Page, document_script
from auroraview_qt.qt.support.afterlife import weakly, when_destroyed
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, is_alive
from auroraview_qt.qt.support.deferred import DeferredLog, run_later
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.lazy_timer import LazyTimer

#: Milliseconds in which the engine asks for the chosen files.
TAKE_MS = 10_000
#: Dialogs of a page without a gesture of the artist between them.
MAX_UNASKED = 2

_log = DeferredLog(__name__)
_Mode = QtWidgets.QFileDialog.FileMode
#: By the number that the engine gives: a file, files, a folder. Others get nothing.
_MODES = {0: _Mode.ExistingFile, 1: _Mode.ExistingFiles, 2: _Mode.Directory}
_EXTENSION = re.compile(r"\.[A-Za-z0-9_+.-]{1,32}")


class FilePickers(QtCore.QObject):
    """The file dialogs that the inputs of a page open, at most a single open dialog.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owner. Its dialogs close when it loads another page.
    policy : Policy
        Its `file_pickers` decides.
    """

    def __init__(self, page: Page, policy: Policy) -> None:
        super().__init__(page)
        self._page = page
        self._is_allowed = policy.file_pickers
        self._open: Future[list[str]] | None = None
        self._chosen: list[str] | None = None  # until the engine asks for them
        self._mode = 0
        self._folder = ""
        self._gesture = self._unasked = 0
        self._untaken = LazyTimer(self, self._on_untaken)
        source = f"{page_text('panel', 'genuine.js')}\n{page_text('panel', 'file_inputs.js')}\nauroraviewFileInputs();"
        self._source = f"(function () {{{source}}})();"
        script = document_script("auroraview-file-inputs", self._source, MAIN_WORLD)
        script.setRunsOnSubFrames(True)
        page.scripts().insert(script)
        page.use_file_chooser(self)
        page.loadStarted.connect(self._close)
        page.loadFinished.connect(self._on_load_finished)
        page.renderer_died.connect(self._close)
        when_destroyed(page, self.close)

    def close(self) -> None:
        """Close the open dialog, because the page is gone."""
        if self._open is not None:
            self._open.cancel()

    def choose(self, mode: int, accepted: list[str]) -> list[str]:
        """Return the chosen files, or none and open a dialog."""
        chosen, self._chosen = self._chosen, None
        if chosen is not None and mode == self._mode:
            self._untaken.cancel()
            return chosen
        why = self._why_not(mode)
        if why:
            self._page.refusals.tell("a file dialog of", self._page.document_url(), why)
        elif self._open is None:
            run_later(self._ask, mode, accepted)
        return []

    def _why_not(self, mode: int) -> str:
        """Return why a dialog is refused; empty if it may open."""
        if not self._is_allowed:
            return "Policy(file_pickers=True) allows it"
        if mode not in _MODES:
            return 'a page writes no files here; Policy(downloads=…) lets it save some, and the capability "fs" write'
        gesture = self._page.gestures.count
        self._unasked = self._unasked + 1 if gesture == self._gesture else 0
        self._gesture = gesture
        return "a page opens dialogs only after a click or a key press" if self._unasked > MAX_UNASKED else ""

    def _ask(self, mode: int, accepted: list[str]) -> None:
        if not is_alive(self) or self._open is not None:
            return
        dialog = QtWidgets.QFileDialog(window_of(self._page), "Open")
        dialog.setFileMode(_MODES[mode])
        if _MODES[mode] == _Mode.Directory:
            dialog.setOption(QtWidgets.QFileDialog.Option.ShowDirsOnly, True)
        elif accepted:
            dialog.setNameFilters(filters_of(accepted))
        if self._folder:
            dialog.setDirectory(self._folder)
        self._mode = mode
        self._open = open_dialog(dialog, lambda dialog, accepted: dialog.selectedFiles() if accepted else [])
        self._open.add_done_callback(weakly(self._on_answer))

    def _on_answer(self, answer: Future[list[str]]) -> None:
        """Note the answer; the page takes it from the event loop, once the dialog is gone."""
        self._open = None
        if not answer.cancelled() and not answer.exception():
            run_later(self._hand_over, answer.result())

    def _hand_over(self, files: list[str]) -> None:
        """Have the engine ask again, or tell the page that nothing was chosen."""
        if not is_alive(self):
            return
        if files:
            self._chosen = files
            self._folder = QtCore.QFileInfo(files[0]).absolutePath()
            self._untaken.set(TAKE_MS)
        self._press(QtCore.Qt.KeyboardModifier.NoModifier if files else QtCore.Qt.KeyboardModifier.ShiftModifier)

    def _press(self, modifier: Any) -> None:
        """Send the key of the script to the page."""
        view = cast(QtWidgets.QWidget, self._page.parent())
        kinds = QtCore.QEvent.Type
        with self._page.gestures.ignored():
            for kind in (kinds.KeyPress, kinds.KeyRelease):
                event = QtGui.QKeyEvent(kind, QtCore.Qt.Key.Key_F24, modifier)
                QtCore.QCoreApplication.sendEvent(view.focusProxy() or view, event)

    @guarded("inputs of a page may get no files")
    def _on_load_finished(self, _ok: bool) -> None:
        """Run the script in a page that has come without it.

        WORKAROUND(no report is known): Qt 6.11 and 6.12. A page that another scheme navigates to has no injected scripts.
        """
        if self._page.is_away():
            self._page.runJavaScript(self._source, MAIN_WORLD)

    @guarded("chosen files are still offered")
    def _on_untaken(self) -> None:
        self._chosen = None
        _log.warning("the page did not take the chosen files: its input is gone, or in a closed shadow root")

    @guarded("a dialog was left open")
    def _close(self, *_: object) -> None:
        self.close()
        self._chosen = None
        self._untaken.cancel()


def filters_of(accepted: list[str]) -> list[str]:
    """Return the dialog's filters for the items of ``accept``: extensions and MIME types."""
    extensions: dict[str, None] = {}
    for item in accepted:
        kind = item.strip().lower()
        if _EXTENSION.fullmatch(kind):
            extensions[kind] = None
        elif kind.endswith("/*"):
            extensions.update((end, None) for end, mime in mimetypes.types_map.items() if mime.startswith(kind[:-1]))
        else:
            extensions.update(dict.fromkeys(mimetypes.guess_all_extensions(kind)))
    everything = "All Files (*)"
    patterns = " ".join(f"*{extension}" for extension in list(extensions)[:MAX_EXTENSIONS])
    return [f"Accepted Files ({patterns})", everything] if patterns else [everything]
