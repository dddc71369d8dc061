"""Qt without QtWebEngine, through qtpy: for what has to work where the engine is missing. GUI thread."""

from __future__ import annotations

from typing import Any

from auroraview_qt.errors import EngineUnavailableError

try:
    import qtpy
    from qtpy import QtCore, QtGui, QtWidgets
    from qtpy.compat import isalive as _isalive
except Exception as error:  # qtpy raises its own errors for a missing binding, the loader ImportError or OSError
    raise EngineUnavailableError(
        f"Qt could not be imported ({error}): inside a host use the host's own Python and binding; "
        'elsewhere install one with: pip install "auroraview-qt[pyside6]"'
    ) from error

__all__ = ["QtCore", "QtGui", "QtWidgets", "isalive", "made_by_python", "ownership"]


def isalive(thing: QtCore.QObject) -> bool:
    """Whether the C++ side of a QObject still exists. Thread: any."""
    return bool(_isalive(thing))  # type: ignore[no-untyped-call]  # qtpy has no types


def ownership() -> Any:
    """Return the module of the binding that knows about C++ objects: shiboken or sip. Thread: any."""
    if str(qtpy.API_NAME).startswith("PySide"):
        from qtpy import shiboken

        return shiboken
    from qtpy import sip

    return sip  # type: ignore[return-value]


def made_by_python(thing: QtCore.QObject) -> bool:
    """Whether Python code has made a QObject; the application of a C++ host it has not. Thread: any."""
    module = ownership()
    created = getattr(module, "createdByPython", None) or module.ispycreated
    return bool(created(thing))
