"""Import QtWebEngine for all other modules, and handle the differences between PySide2, PySide6, PyQt5 and PyQt6.

Everything above gets Qt from here. Importing it may be the first time the process loads QtWebEngine; GUI thread.
"""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from typing import Any

from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.qt.support.preflight import KILL_SWITCH
from auroraview_qt.qt.support.widgets_only import (
    BINDING,
    Property,
    QtCore,
    QtGui,
    QtWidgets,
    Signal,
    Slot,
    delete_now,
    forget,
    is_alive,
    wrapped,
)

if os.environ.get(KILL_SWITCH) == "1":
    raise EngineUnavailableError(f"web panels are switched off: unset {KILL_SWITCH} to have them back")


@contextlib.contextmanager
def _shared_contexts(application: Any, attribute: Any, refuses_import: bool) -> Iterator[None]:
    """Import QtWebEngine inside, and keep the host's choice of ``AA_ShareOpenGLContexts``.

    Before the application exists the attribute is set and stays set: without it views of a later QtWebEngine are black. In a
    running application the host has already chosen. Changed late, the attribute turns each floating `QOpenGLWidget` and each
    floating panel black. PyQt refuses the import without it, and PySide6 6.8 sets it by itself.
    """
    before, is_late = application.testAttribute(attribute), application.instance() is not None
    if not before and (refuses_import or not is_late):
        application.setAttribute(attribute, True)
    keeps_it = False
    try:
        yield
        keeps_it = not is_late
    finally:
        if not keeps_it and application.testAttribute(attribute) != before:
            application.setAttribute(attribute, before)


try:
    import qtpy
    from qtpy import PYQT5, PYQT6, PYSIDE2

    _attribute = QtCore.Qt.ApplicationAttribute.AA_ShareOpenGLContexts
    _refuses = bool(PYQT5 or PYQT6) and f"{qtpy.API_NAME}.QtWebEngineWidgets" not in sys.modules
    with _shared_contexts(QtCore.QCoreApplication, _attribute, refuses_import=_refuses):
        if PYSIDE2 or PYQT5:
            from qtpy.QtWebEngineWidgets import (
                QWebEnginePage,
                QWebEngineProfile,
                QWebEngineScript,
                QWebEngineSettings,
                QWebEngineView,
            )
        else:
            from qtpy.QtWebEngineCore import (
                QWebEnginePage,
                QWebEngineProfile,
                QWebEngineScript,
                QWebEngineSettings,
            )
            from qtpy.QtWebEngineWidgets import QWebEngineView
        from qtpy.QtWebChannel import QWebChannel
        from qtpy.QtWebEngineCore import (
            QWebEngineUrlRequestInfo,
            QWebEngineUrlRequestInterceptor,
            QWebEngineUrlRequestJob,
            QWebEngineUrlScheme,
            QWebEngineUrlSchemeHandler,
        )
except Exception as error:  # qtpy raises its own errors for a missing binding, the loader ImportError or OSError
    raise EngineUnavailableError(
        f"QtWebEngine could not be imported ({error}): inside a host use the host's own Python and binding; "
        'elsewhere install a binding with: pip install "auroraview-qt[pyside6]"'
    ) from error

__all__ = [
    "BINDING",
    "Property",
    "QWebChannel",
    "QWebEnginePage",
    "QWebEngineProfile",
    "QWebEngineScript",
    "QWebEngineSettings",
    "QWebEngineUrlRequestInfo",
    "QWebEngineUrlRequestInterceptor",
    "QWebEngineUrlRequestJob",
    "QWebEngineUrlScheme",
    "QWebEngineUrlSchemeHandler",
    "QWebEngineView",
    "QtCore",
    "QtGui",
    "QtWidgets",
    "Signal",
    "Slot",
    "delete_now",
    "forget",
    "is_alive",
    "wrapped",
]
