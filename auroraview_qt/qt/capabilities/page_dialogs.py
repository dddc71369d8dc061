"""Open dialogs for a page: modal to the window of its view, without a nested event loop. GUI thread."""

from __future__ import annotations

import logging
from concurrent.futures import Future
from typing import Any, Callable

from auroraview_qt.qt.support.afterlife import when_destroyed
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, Signal
from auroraview_qt.qt.support.guard import contain, guarded

_log = logging.getLogger(__name__)


class _Answer(QtCore.QObject):
    """The answer of a dialog, which owns it; it refers neither to the page nor to the view.

    Parameters
    ----------
    dialog : QDialog
        Owner.
    result : callable
        Called as ``result(dialog, accepted)`` when the dialog ends.

    Attributes
    ----------
    future : Future
        Gets the result. Cancelling it closes the dialog, on any thread.
    """

    _cancelled = Signal()

    def __init__(self, dialog: QtWidgets.QDialog, result: Callable[[Any, bool], object]) -> None:
        super().__init__(dialog)
        self.future: Future[Any] = Future()
        self._result = result
        # Queued: the Future may be cancelled on any thread, and by this dialog's own end.
        self._cancelled.connect(dialog.reject, QtCore.Qt.ConnectionType.QueuedConnection)
        self.future.add_done_callback(self._on_done)
        dialog.finished.connect(self._on_finished)
        when_destroyed(dialog, self.future.cancel)  # its window may go before it is answered

    @guarded("a dialog was not answered")
    def _on_finished(self, code: int) -> None:
        """Answer; called once, however the dialog ends."""
        future = self.future
        if future.done() or not future.set_running_or_notify_cancel():  # from here on the call cannot be cancelled
            return
        try:
            value = self._result(self.parent(), code != 0)
        except BaseException as error:
            contain(_log, error, "a dialog's result was lost")
            future.set_exception(error)
        else:
            future.set_result(value)

    def _on_done(self, future: Future[Any]) -> None:
        """Close the dialog of a Future that was cancelled; on the thread that did it."""
        if future.cancelled():
            try:
                self._cancelled.emit()
            except RuntimeError:  # the dialog is gone already
                _log.debug("a dialog was cancelled after its end")


def window_of(page: QtCore.QObject) -> QtWidgets.QWidget | None:
    """Return the window of a page's view. Thread: GUI."""
    view = page.parent()
    return view.window() if isinstance(view, QtWidgets.QWidget) else None


def open_dialog(dialog: QtWidgets.QDialog, result: Callable[[Any, bool], object]) -> Future[Any]:
    """Open a dialog, which is deleted after its end.

    Thread: GUI.

    Parameters
    ----------
    dialog : QDialog
        Its parent is the window that it blocks.
    result : callable
        Called as ``result(dialog, accepted)`` when the dialog ends.

    Returns
    -------
    Future
        Gets the result. Cancelling it closes the dialog.
    """
    answer = _Answer(dialog, result)
    dialog.setWindowModality(QtCore.Qt.WindowModality.WindowModal)
    dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.open()
    return answer.future
