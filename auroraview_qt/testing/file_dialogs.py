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

    Thread: GUI.

    Yields
    ------
    list
        Empty until a dialog has been answered.

    Raises
    ------
    FileNotFoundError
        If a file does not exist.
    """
    for file in files:
        if not file.exists():
            raise FileNotFoundError(f"{file} is not there, so no dialog can choose it")
    # The system's own dialogs are not widgets, so a test could not answer them.
    application, no_native = QtCore.QCoreApplication, QtCore.Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = application.testAttribute(no_native)
    application.setAttribute(no_native, True)
    answered: list[QtWidgets.QFileDialog] = []
    raised: list[Exception] = []

    def look() -> None:
        for widget in QtWidgets.QApplication.topLevelWidgets():
            if not answered and isinstance(widget, QtWidgets.QFileDialog) and widget.isVisible():
                answered.append(widget)
                try:
                    _answer(widget, files)
                except Exception as error:  # a dialog that stays would keep everything waiting
                    raised.append(error)
                    _finish(widget, "reject")

    timer = QtCore.QTimer()
    timer.timeout.connect(look)
    timer.start(POLL_MS)
    try:
        yield answered
    finally:
        timer.stop()
        application.setAttribute(no_native, before)
    if raised:
        raise raised[0]


def _answer(dialog: QtWidgets.QFileDialog, files: Sequence[Path]) -> None:
    if not files:
        _finish(dialog, "reject")
        return
    dialog.setDirectory(str(files[0].parent))
    name = dialog.findChild(QtWidgets.QLineEdit, "fileNameEdit")
    if name is None:
        dialog.selectFile(str(files[0]))
    else:
        name.setText(" ".join(f'"{file}"' for file in files) if len(files) > 1 else str(files[0]))
    _finish(dialog, "accept")


def _finish(dialog: QtWidgets.QFileDialog, slot: str) -> None:
    """Call a slot by name: PyQt keeps the method of a dialog that C++ has made to itself."""
    QtCore.QMetaObject.invokeMethod(dialog, slot, QtCore.Qt.ConnectionType.DirectConnection)
