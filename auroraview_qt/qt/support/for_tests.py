"""Parts of a binding that only the test kit needs: QTest, the address of a widget, and its immediate deletion.

GUI thread.
"""

from __future__ import annotations

from qtpy.QtTest import QTest

from auroraview_qt.qt.support.binding import BINDING, QtCore
from auroraview_qt.qt.support.widgets_only import ownership

__all__ = ["QTest", "address_of", "delete"]


def address_of(thing: QtCore.QObject) -> int:
    """Return the address of a C++ object, as hosts do. Thread: GUI."""
    if BINDING[0].startswith("pyside"):
        return int(ownership().getCppPointer(thing)[0])
    return int(ownership().unwrapinstance(thing))


def delete(thing: QtCore.QObject) -> None:
    """Delete a C++ object at once, as its own destructor does, even if events wait for it. Thread: GUI."""
    ownership().delete(thing)
