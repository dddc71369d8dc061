"""Provide Qt without QtWebEngine, through qtpy, for modules that work without the engine. GUI thread."""

from __future__ import annotations

from typing import Any

from auroraview_qt.errors import EngineUnavailableError

try:
    import qtpy
    from qtpy import QtCore, QtGui, QtWidgets
    from qtpy.compat import isalive as _qt_is_alive
except Exception as error:  # qtpy raises its own errors for a missing binding, the loader ImportError or OSError
    raise EngineUnavailableError(
        f"Qt could not be imported ({error}): inside a host use the host's own Python and binding; "
        'elsewhere install a binding with: pip install "auroraview-qt[pyside6]"'
    ) from error

Property = QtCore.Property
Signal = QtCore.Signal
Slot = QtCore.Slot

#: Name and versions for logs and reports: ``("pyside6", "6.12.0")``.
BINDING: tuple[str, str] = (str(qtpy.API_NAME).lower(), str(qtpy.QT_VERSION))

__all__ = [
    "BINDING",
    "Property",
    "QtCore",
    "QtGui",
    "QtWidgets",
    "Signal",
    "Slot",
    "delete_now",
    "forget",
    "is_alive",
    "made_by_python",
    "ownership",
    "wrapped",
]


def is_alive(thing: QtCore.QObject) -> bool:
    """Return whether the C++ side of a QObject still exists. Thread: any."""
    return bool(_qt_is_alive(thing))  # type: ignore[no-untyped-call]  # qtpy has no types


def ownership() -> Any:
    """Return the module of the binding for C++ objects: shiboken or sip. Thread: any."""
    if str(qtpy.API_NAME).startswith("PySide"):
        from qtpy import shiboken

        return shiboken
    from qtpy import sip

    return sip


#: PyQt has no such function, and needs none: it also looks at the type.
_invalidate = getattr(ownership(), "invalidate", None)


def forget(thing: Any) -> None:
    """Give up the Python side of an object that C++ owns, at the end of a Qt virtual. Thread: GUI.

    PySide finds its objects by their addresses only. If a frame keeps this object, PySide takes it for any new object at the
    same address, even of another type, and crashes.
    """
    if _invalidate is not None:
        _invalidate(thing)


def made_by_python(thing: QtCore.QObject) -> bool:
    """Return whether Python code has made a QObject; the application of a C++ host it has not. Thread: any."""
    module = ownership()
    created = getattr(module, "createdByPython", None) or module.ispycreated
    return bool(created(thing))


def delete_now(thing: QtCore.QObject) -> None:
    """Delete a QObject at once, without an event loop: for teardown, when no loop will run again. Thread: GUI."""
    thing.deleteLater()
    QtCore.QCoreApplication.sendPostedEvents(thing, QtCore.QEvent.Type.DeferredDelete)


def wrapped(pointer: int, kind: type[Any]) -> Any:
    """Return the Python object of a C++ object from an address of the host.

    Thread: GUI.

    Parameters
    ----------
    pointer : int
        The address.
    kind : type
        Its Qt class.
    """
    module = ownership()
    return (getattr(module, "wrapInstance", None) or module.wrapinstance)(pointer, kind)
