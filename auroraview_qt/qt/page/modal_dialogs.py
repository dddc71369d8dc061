"""ModalDialogs: ``alert``, ``confirm`` and ``prompt`` as dialogs in the host's look. GUI thread.

The engine waits for the answer inside its call, so these dialogs run a nested event loop. They block only the window of
their view. A program opts in with ``Policy(dialogs="modal")``.
"""

from __future__ import annotations

import time
from collections import deque
from typing import Any, Callable, cast

from auroraview_qt.qt.support.afterlife import when_destroyed
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, QWebEnginePage, is_alive
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.shown_text import label_text, title_text

#: Limit of a page: number of dialogs, and seconds.
MAX_DIALOGS, PERIOD_S = 5, 10.0
#: Limits for the text of a dialog, in characters and lines.
_MAX_CHARS, _MAX_LINES = 4_000, 30

_Box = QtWidgets.QMessageBox
_Button = QtWidgets.QMessageBox.StandardButton
_OK = int(getattr(_Button.Ok, "value", _Button.Ok))


class ModalDialogs(QtCore.QObject):
    """The dialogs of a page's scripts, a single open dialog at a time.

    Thread: GUI.

    Parameters
    ----------
    page : QWebEnginePage
        Owner. Its parent is the view.
    """

    def __init__(self, page: QWebEnginePage) -> None:
        super().__init__(page)
        self._page = page
        self._dialog: QtWidgets.QDialog | None = None
        self._opened: deque[float] = deque(maxlen=MAX_DIALOGS)
        self._page.loadStarted.connect(self._close)
        self._page.renderProcessTerminated.connect(self._close)
        when_destroyed(page, self.close)

    def why_not(self) -> str:
        """Return why no dialog may open now; empty if it may."""
        if self._dialog is not None:
            return "a dialog of this page is open already"
        if len(self._opened) == MAX_DIALOGS and time.monotonic() - self._opened[0] < PERIOD_S:
            return f"a page opens at most {MAX_DIALOGS} dialogs in {PERIOD_S:.0f} seconds"
        return ""

    def alert(self, message: str) -> None:
        """Show a text until it is closed."""
        self._run(self._box(message, _Button.Ok), lambda box: None)

    def confirm(self, message: str) -> bool:
        """Ask for a yes or no."""
        return bool(self._run(self._box(message, _Button.Ok, _Button.Cancel), lambda box: True))

    def prompt(self, message: str, default: str) -> str | None:
        """Ask for a text; None if there is no answer."""
        dialog = QtWidgets.QInputDialog(self._window())
        dialog.setWindowTitle(self._title())
        dialog.setLabelText(label_text(message, _MAX_CHARS, _MAX_LINES).replace("<", "\u200b<"))
        dialog.setTextValue(default)
        answer = self._run(dialog, lambda dialog: dialog.textValue())
        return None if answer is None else str(answer)

    def close(self) -> None:
        """Close the open dialog, because the page is gone."""
        if self._dialog is not None and is_alive(self._dialog):
            self._dialog.reject()

    @guarded("a dialog was left open")
    def _close(self, *_: object) -> None:
        self.close()

    def _window(self) -> QtWidgets.QWidget | None:
        view = self._page.parent()
        return view.window() if isinstance(view, QtWidgets.QWidget) else None

    def _title(self) -> str:
        return title_text(self._page.title())

    def _box(self, message: str, *buttons: Any) -> QtWidgets.QMessageBox:
        box = _Box(self._window())
        box.setWindowTitle(self._title())
        box.setTextFormat(QtCore.Qt.TextFormat.PlainText)  # a page's text must not become links and pictures of the host
        box.setText(label_text(message, _MAX_CHARS, _MAX_LINES))
        for button in buttons:
            box.addButton(button)
        return box

    def _run(self, dialog: QtWidgets.QDialog, value: Callable[[Any], object]) -> object:
        """Run a dialog in a nested loop; return its value, or None if it was not accepted or its view is gone."""
        loop = QtCore.QEventLoop()
        answers: list[object] = []

        @guarded("a dialog was not answered")
        def on_finished(code: int) -> None:
            accepted = code == _OK if isinstance(dialog, _Box) else code != 0
            answers.append(value(dialog) if accepted else None)
            loop.quit()

        view = cast(QtWidgets.QWidget, self._page.parent())
        # The engine uses the page after this call. Qt 5.15 and 6.5 crash if the page goes with its view meanwhile.
        self._page.setParent(QtCore.QCoreApplication.instance())
        view.destroyed.connect(dialog.reject)
        dialog.finished.connect(on_finished)
        dialog.destroyed.connect(loop.quit)
        dialog.setWindowModality(QtCore.Qt.WindowModality.WindowModal)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self._dialog = dialog
        self._opened.append(time.monotonic())
        try:
            dialog.open()
            (getattr(loop, "exec", None) or loop.exec_)()
        finally:
            self._dialog = None
            if is_alive(self._page) and is_alive(view):
                self._page.setParent(view)
            elif is_alive(self._page):
                self._page.deleteLater()
        return answers[0] if answers else None
