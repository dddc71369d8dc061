"""What only the test kit needs of a binding: QTest, the address of a widget, and its end here and now. GUI thread."""

from __future__ import annotations

import qtpy
from qtpy.QtTest import QTest

from auroraview_qt.qt.support.binding import QtCore

__all__ = ["QTest", "address_of", "delete"]


def address_of(thing: QtCore.QObject) -> int:
    """Give the address of a C++ object, as hosts do. Thread: GUI."""
    if str(qtpy.API_NAME).startswith("PySide"):
        from qtpy import shiboken

        return int(shiboken.getCppPointer(thing)[0])
    from qtpy import sip

    return int(sip.unwrapinstance(thing))  # type: ignore[attr-defined]  # seen by mypy with another binding


def delete(thing: QtCore.QObject) -> None:
    """Delete a C++ object as its own destructor does, whatever events wait for it. Thread: GUI."""
    if str(qtpy.API_NAME).startswith("PySide"):
        from qtpy import shiboken

        shiboken.delete(thing)
    else:
        from qtpy import sip

        sip.delete(thing)  # type: ignore[attr-defined]  # seen by mypy with another binding
