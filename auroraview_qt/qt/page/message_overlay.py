"""Show a calm message with a button, in place of a page that does not run. GUI thread."""

from __future__ import annotations

from typing import cast

from auroraview_qt.qt.look.message import MARGIN_PX, describe_message, message_labels
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, Signal
from auroraview_qt.qt.support.guard import guarded

_TEXT_WIDTH_PX = 320


class MessageOverlay(QtWidgets.QFrame):
    """Covers a widget in the host's own colours and font, until it is hidden.

    Thread: GUI.

    Parameters
    ----------
    over : QWidget
        The covered widget; owns the overlay.
    button : str
        The text of the button.

    Signals
    -------
    chosen()
        The button was pressed.
    """

    chosen = Signal()

    def __init__(self, over: QtWidgets.QWidget, button: str) -> None:
        super().__init__(over)
        self.setObjectName("auroraview-message-overlay")
        self.setAutoFillBackground(True)
        self._title, self._detail = message_labels(self)
        for label in (self._title, self._detail):
            label.setMaximumWidth(_TEXT_WIDTH_PX)
            label.setSizePolicy(QtWidgets.QSizePolicy.Policy.Expanding, QtWidgets.QSizePolicy.Policy.Minimum)
        self._button = QtWidgets.QPushButton(button, self)
        self._button.setSizePolicy(QtWidgets.QSizePolicy.Policy.Fixed, QtWidgets.QSizePolicy.Policy.Fixed)
        self._button.setAutoDefault(True)
        self._button.clicked.connect(self._on_clicked)
        column = QtWidgets.QVBoxLayout()
        column.setSpacing(8)
        for widget in (self._title, self._detail):
            column.addWidget(widget)
        column.addSpacing(4)
        column.addWidget(self._button, 0, QtCore.Qt.AlignmentFlag.AlignHCenter)
        row = QtWidgets.QHBoxLayout()
        row.addStretch(1)
        row.addLayout(column, 8)
        row.addStretch(1)
        whole = QtWidgets.QVBoxLayout(self)
        whole.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
        whole.addStretch(2)
        whole.addLayout(row)
        whole.addStretch(3)
        self.hide()
        over.installEventFilter(self)

    def _over(self) -> QtWidgets.QWidget:
        return cast(QtWidgets.QWidget, self.parentWidget())

    @guarded("a button of a message did nothing")
    def _on_clicked(self, _checked: bool = False) -> None:
        self.chosen.emit()

    def show_text(self, title: str, detail: str) -> None:
        """Cover the widget and show this text; the button gets the keyboard focus only if the widget had it."""
        over = self._over()
        proxy = over.focusProxy()
        had_focus = over.hasFocus() or (proxy is not None and proxy.hasFocus())
        self._title.setText(title)
        self._detail.setText(detail)
        describe_message(self, title, detail)
        self.setGeometry(over.rect())
        self.show()
        self.raise_()
        if had_focus:
            self._button.setFocus()

    @guarded("a message may not cover the panel", otherwise=False)
    def eventFilter(self, watched: QtCore.QObject, event: QtCore.QEvent) -> bool:
        """Keep covering the widget when it is resized."""
        if event.type() == QtCore.QEvent.Type.Resize and watched is self._over():
            self.setGeometry(self._over().rect())
        return False
