"""Prewarm: starts QtWebEngine while the host is idle, so that the first panel opens at once. GUI thread."""

from __future__ import annotations

import logging

from auroraview_qt.errors import EngineUnavailableError
from auroraview_qt.qt.support.guard import guarded
from auroraview_qt.qt.support.native_windows import prepare_windows
from auroraview_qt.qt.support.preflight import find_problem
from auroraview_qt.qt.support.threads import check_gui_thread
from auroraview_qt.qt.support.widgets_only import QtCore

_log = logging.getLogger(__name__)


class _Warming(QtCore.QObject):
    """Waits, then loads an empty hidden page, and deletes itself."""

    def __init__(self, app: QtCore.QCoreApplication, delay_ms: int) -> None:
        super().__init__(app)
        QtCore.QTimer.singleShot(delay_ms, self._start)

    @guarded("QtWebEngine was not started ahead")
    def _start(self) -> None:
        try:
            # Also the view's module: imports are half of the time of a first panel.
            import auroraview_qt.qt.view
            from auroraview_qt.qt.page.scheme import shared_profile
            from auroraview_qt.qt.support.binding import QWebEnginePage

            profile = shared_profile()
            page = QWebEnginePage(profile, self)
            profile.adopt(page)
            page.loadFinished.connect(self._on_loaded)
            page.setHtml("")
            _log.debug("QtWebEngine is started for %s", auroraview_qt.qt.view.WebView.__name__)
        except EngineUnavailableError as error:
            _log.warning("QtWebEngine was not started ahead: %s", error)
            self.deleteLater()
        except BaseException:
            self.deleteLater()
            raise

    @guarded("an empty page is left behind")
    def _on_loaded(self, ok: bool) -> None:
        self.deleteLater()


def prewarm(delay_ms: int = 0) -> bool:
    """Start QtWebEngine ahead of the first panel.

    It blocks the GUI thread for about as long as the first panel otherwise would. Call it while the host shows its splash
    screen, or with a delay after which the host is likely to be idle.

    Before the main window is shown, a call also keeps that window's native window. Under Qt 6 the first web view in a shown
    window makes Qt create the native window anew. Qt 6.5 then loses the maximised state.

    Thread: GUI.

    Parameters
    ----------
    delay_ms : int
        Milliseconds from now.

    Returns
    -------
    bool
        False if nothing will start: there is no QApplication, or a problem, which is logged.

    Raises
    ------
    WrongThreadError
        This is not the GUI thread.
    """
    check_gui_thread("prewarm()")
    app = QtCore.QCoreApplication.instance()
    problem = find_problem()
    if app is None or problem is not None:
        _log.warning("QtWebEngine is not started ahead: %s", problem or "there is no QApplication yet")
        return False
    prepare_windows()
    _Warming(app, delay_ms)
    return True
