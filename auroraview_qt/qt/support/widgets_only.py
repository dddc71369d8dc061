"""Qt without QtWebEngine, through qtpy: for what has to work where the engine is missing. GUI thread."""

from __future__ import annotations

from auroraview_qt.errors import EngineUnavailableError

try:
    from qtpy import QtCore, QtGui, QtWidgets
except Exception as error:  # qtpy raises its own errors for a missing binding, the loader ImportError or OSError
    raise EngineUnavailableError(
        f"Qt could not be imported ({error}): inside a host use the host's own Python and binding; "
        'elsewhere install one with: pip install "auroraview-qt[pyside6]"'
    ) from error

__all__ = ["QtCore", "QtGui", "QtWidgets"]
