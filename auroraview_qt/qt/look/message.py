"""Show a message in place of a page: a heading and a text, in the host's own look. Needs QtWidgets only. GUI thread."""

from __future__ import annotations

from auroraview_qt.qt.support.widgets_only import QtCore, QtWidgets

#: Pixels around a message.
MARGIN_PX = 16


def message_labels(
    parent: QtWidgets.QWidget, heading: str = "", text: str = ""
) -> tuple[QtWidgets.QLabel, QtWidgets.QLabel]:
    """Make a bold heading and a text, centred, in lines as long as there is room.

    Thread: GUI.
    """
    labels = QtWidgets.QLabel(heading, parent), QtWidgets.QLabel(text, parent)
    for label in labels:
        label.setWordWrap(True)
        label.setAlignment(QtCore.Qt.AlignmentFlag.AlignHCenter)
        label.setTextFormat(QtCore.Qt.TextFormat.PlainText)
    font = labels[0].font()
    font.setBold(True)
    labels[0].setFont(font)
    return labels


def describe_message(widget: QtWidgets.QWidget, heading: str, text: str) -> None:
    """Announce a message to assistive technology.

    Thread: GUI.
    """
    widget.setAccessibleName(heading)
    widget.setAccessibleDescription(text)


def show_message(widget: QtWidgets.QWidget, heading: str, text: str) -> None:
    """Fill an empty widget with a message; its text can be selected.

    Thread: GUI.
    """
    labels = message_labels(widget, heading, text)
    labels[1].setTextInteractionFlags(
        QtCore.Qt.TextInteractionFlag.TextSelectableByMouse | QtCore.Qt.TextInteractionFlag.TextSelectableByKeyboard
    )
    column = QtWidgets.QVBoxLayout(widget)
    column.setContentsMargins(MARGIN_PX, MARGIN_PX, MARGIN_PX, MARGIN_PX)
    column.addStretch(2)
    for label in labels:
        column.addWidget(label)
    column.addStretch(3)
    describe_message(widget, heading, text)
