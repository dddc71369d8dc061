"""Answers the file dialogs of Qt that a page opens, as an artist would: whichever opens next gets the files. GUI thread."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from pathlib import Path

from auroraview_qt.qt.support.binding import QtCore, QtWidgets
from auroraview_qt.testing.waiting import POLL_MS


@contextlib.contextmanager
def answered_with(files: Sequence[Path]) -> Iterator[list[QtWidgets.QFileDialog]]:
    """Choose these files in the dialog that opens meanwhile; no files: cancel it.

    Yields
    ------
    list
        Empty until a dialog has been answered.

    Raises
    ------
    FileNotFoundError
        A file is not there.

    Notes
    -----
    Thread: GUI
    """
    for file in files:
        if not file.exists():
            raise FileNotFoundError(f"{file} is not there, so no dialog can choose it")
    # Dialogs of the system are no widgets, so nobody could answer them.
    application, no_native = QtCore.QCoreApplication, QtCore.Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = application.testAttribute(no_native)
    application.setAttribute(no_native, True)
    answered: list[QtWidgets.QFileDialog] = []

    def look() -> None:
        for widget in QtWidgets.QApplication.topLevelWidgets():
            if not answered and isinstance(widget, QtWidgets.QFileDialog) and widget.isVisible():
                answered.append(widget)
                _answer(widget, files)

    timer = QtCore.QTimer()
    timer.timeout.connect(look)
    timer.start(POLL_MS)
    try:
        yield answered
    finally:
        timer.stop()
        application.setAttribute(no_native, before)


def _answer(dialog: QtWidgets.QFileDialog, files: Sequence[Path]) -> None:
    if not files:
        dialog.reject()
        return
    dialog.setDirectory(str(files[0].parent))
    name = dialog.findChild(QtWidgets.QLineEdit, "fileNameEdit")
    if name is None:
        dialog.selectFile(str(files[0]))
    else:
        name.setText(" ".join(f'"{file}"' for file in files) if len(files) > 1 else str(files[0]))
    dialog.accept()
