"""What only the test kit needs of a binding: QTest, the address of a widget, and its end here and now. GUI thread."""

from __future__ import annotations

from qtpy.QtTest import QTest

from auroraview_qt.qt.support.binding import BINDING, QtCore
from auroraview_qt.qt.support.widgets_only import ownership

__all__ = ["QTest", "address_of", "delete"]


def address_of(thing: QtCore.QObject) -> int:
    """Give the address of a C++ object, as hosts do. Thread: GUI."""
    if BINDING[0].startswith("pyside"):
        return int(ownership().getCppPointer(thing)[0])
    return int(ownership().unwrapinstance(thing))


def delete(thing: QtCore.QObject) -> None:
    """Delete a C++ object as its own destructor does, whatever events wait for it. Thread: GUI."""
    ownership().delete(thing)
