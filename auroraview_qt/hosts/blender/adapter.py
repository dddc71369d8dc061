"""Run Qt inside Blender, which has none: make a QApplication, and run it from a timer of Blender. GUI thread.

Both event loops are on the main thread. Panels are separate windows, since Blender's window has no place for a widget.
"""

from __future__ import annotations

import contextlib
import gc
import logging
import os
import sys
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from auroraview_qt.host.detection import loaded
from auroraview_qt.hosts.standalone.adapter import StandaloneHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Frame, FrameOwner
    from auroraview_qt.qt.support.widgets_only import QtGui, QtWidgets

#: Seconds between two runs of Qt, and the milliseconds of Blender's main thread that a run may take.
PUMP_INTERVAL_S = 0.01
PUMP_MS = 2
#: Number of runs between two checks of Blender's theme, which may change at any time: half a second.
THEME_TURNS = 50

_log = logging.getLogger(__name__)
_qt_loop: BlenderQtLoop | None = None


class BlenderHost(StandaloneHost):
    """See `auroraview_qt.hosts.Host`.

    Thread: GUI.
    """

    name = "blender"

    @classmethod
    def detect(cls) -> bool:
        """Return whether this is Blender with its interface, not ``blender -b`` or the bpy module.  Thread: any."""
        app = getattr(loaded("bpy"), "app", None)
        return app is not None and bool(app.binary_path) and not app.background

    @property
    def version(self) -> str:
        """``"3.4.1"``.  Thread: any."""
        import bpy

        return str(bpy.app.version_string)

    @property
    def scale(self) -> float:
        """Blender's interface scale, its resolution scale included."""
        import bpy

        return float(bpy.context.preferences.system.ui_scale)

    def main_window(self) -> None:
        """Return None: Blender's window is no Qt window."""

    @contextlib.contextmanager
    def undo_block(self, name: str) -> Iterator[None]:
        """Push a single step of Blender's undo at the end, also after an error."""
        import bpy

        try:
            yield
        finally:
            # A timer has no window in its context, but the operator needs a window.
            with bpy.context.temp_override(window=bpy.context.window_manager.windows[0]):
                bpy.ops.ed.undo_push(message=name)

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Make a window, and Qt's application for the first window."""
        start_qt()
        return super().make_frame(owner, window)


def start_qt() -> None:
    """Make the QApplication and its timer, once. `hosts.dock` does it.

    Thread: GUI.
    """
    global _qt_loop
    if _qt_loop is None:
        if sys.platform.startswith("linux"):
            # GLX contexts of Qt and Blender in the same process end in SIGSEGV.
            if os.environ.setdefault("QT_XCB_GL_INTEGRATION", "none") == "none":
                os.environ.setdefault("QT_QUICK_BACKEND", "software")  # otherwise Qt 6 cannot draw a page
        _qt_loop = BlenderQtLoop()


class BlenderQtLoop:
    """The application and the timer that runs it."""

    def __init__(self) -> None:
        import bpy

        from auroraview_qt.hosts.shutdown import shutdown
        from auroraview_qt.hosts.startup import register_scheme
        from auroraview_qt.qt.support.widgets_only import QtCore, QtWidgets

        register_scheme()  # QtWebEngine has to be there before the application is
        app: Any = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["blender"])
        self._app = app
        self._app.setQuitOnLastWindowClosed(False)
        self._colors = _theme_colors()
        self._app.setPalette(_palette(self._colors))
        self._turns = 0
        self._loop: Any = QtCore.QEventLoop()
        self._limit: Any = QtCore.QTimer()
        self._limit.setSingleShot(True)
        self._limit.timeout.connect(self._loop.quit)
        self._turning = False
        shutdown().add(self.stop)  # the first added is the last to run
        bpy.app.timers.register(self.turn, persistent=True)

    def turn(self) -> float | None:
        """Run Qt's event loop for a moment; return the seconds until the next run, or None to stop.  Thread: GUI."""
        if self._app is None:
            return None
        if not self._turning:  # Blender runs its timers in its own nested loops too
            self._turning = True
            self._turns += 1
            try:
                if self._turns % THEME_TURNS == 0:
                    self._follow_theme()
                self._limit.start(PUMP_MS)
                run = getattr(self._loop, "exec", None) or self._loop.exec_
                run()
            finally:
                self._turning = False
        return PUMP_INTERVAL_S

    def _follow_theme(self) -> None:
        """Apply the colours of a new Blender theme to Qt; widgets and pages follow by themselves."""
        colors = _theme_colors()
        if colors != self._colors:
            self._colors = colors
            self._app.setPalette(_palette(colors))

    def stop(self) -> None:
        """Delete all of Qt while Python still lives: a deletion left pending kills Blender at its exit."""
        from auroraview_qt.qt.support.widgets_only import QtWidgets, delete_now

        for window in QtWidgets.QApplication.topLevelWidgets():
            delete_now(window)
        scheme = loaded("auroraview_qt.qt.page.scheme")
        if scheme is not None:  # otherwise QtWebEngine cannot run here
            scheme.close_pages()
        self._app = self._loop = self._limit = None
        gc.collect()


def _theme_colors() -> dict[str, tuple[float, ...]]:
    """Return the colours of Blender's outliner and properties editor, by Qt's colour roles."""
    import bpy

    theme = bpy.context.preferences.themes[0]
    colors = {
        "Window": theme.properties.space.back,
        "Button": theme.properties.space.back,
        "Base": theme.outliner.space.back,
        "AlternateBase": theme.outliner.space.back,
        "WindowText": theme.outliner.space.text,
        "Text": theme.outliner.space.text,
        "ButtonText": theme.outliner.space.text,
        "Highlight": theme.outliner.selected_highlight,
        "HighlightedText": theme.outliner.space.text_hi,
    }
    return {role: tuple(color[:3]) for role, color in colors.items()}


def _palette(colors: dict[str, tuple[float, ...]]) -> QtGui.QPalette:
    from auroraview_qt.qt.support.widgets_only import QtGui

    palette = QtGui.QPalette()
    for role, color in colors.items():
        palette.setColor(getattr(QtGui.QPalette.ColorRole, role), QtGui.QColor.fromRgbF(*color))
    return palette


ADAPTER = BlenderHost
