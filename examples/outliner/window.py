"""The demo's main window, in the role of a host application.

Owns the window, its menus and docks, the palette, and the signals between its parts. The panel docks here as in a host; the
Qt tree and the viewport belong to the host.
Thread: GUI.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

from auroraview_qt import WebView
from auroraview_qt.qt.support.binding import QtCore, QtGui, QtWidgets, Signal
from outliner import PAGE
from outliner.errors import SceneFileError
from outliner.host_tree import HostTree
from outliner.panel import OutlinerPanel
from outliner.playback import PlaybackClock
from outliner.scene import SceneModel
from outliner.sources import open_scene
from outliner.viewport import Viewport

_log = logging.getLogger(__name__)

_WINDOW, _BASE, _TEXT, _HIGHLIGHT = "#444444", "#2b2b2b", "#dddddd", "#4a6a88"
_STYLE = """
QMainWindow::separator { background: #383838; width: 4px; height: 4px; } QDockWidget::title { background:
#444444; padding: 5px 6px; } QTreeView { border: 1px solid #383838; outline: 0; alternate-background-color:
#2f2f2f; } QTreeView::item { height: 22px; } QHeaderView::section { background: #444444; color: #a3a3a3;
border: 0; border-bottom: 1px solid #383838; padding: 3px 6px; } QScrollBar:vertical { background: #2b2b2b;
width: 10px; border: 0; } QScrollBar::handle:vertical { background: #555555; min-height: 24px; margin: 2px;
border-radius: 2px; } QScrollBar::handle:vertical:hover { background: #757575; } QScrollBar::add-line,
QScrollBar::sub-line { width: 0; height: 0; } QStatusBar { color: #a3a3a3; } QStatusBar::item { border: 0; }
"""


class _Frames(QtCore.QObject):
    """Carries frames from the worker thread to the GUI thread."""

    arrived = Signal(int, bool)


class DemoWindow(QtWidgets.QMainWindow):
    """A plain main window with a viewport, a Qt tree and the outliner panel in a dock.

    Parameters
    ----------
    model
        The scene, or None.
    error
        The reason why there is no scene, in a sentence.
    """

    def __init__(self, model: SceneModel | None, error: str = "") -> None:
        super().__init__()
        self.model: SceneModel | None = None
        self.setWindowTitle("auroraview_qt demo")
        self.resize(1200, 760)
        self.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setStyleSheet(_STYLE)
        self.setDockOptions(QtWidgets.QMainWindow.DockOption.AllowNestedDocks)

        self.viewport = Viewport(self)
        self.setCentralWidget(self.viewport)
        self.tree = HostTree(self)
        self.tree.setAlternatingRowColors(True)
        self.view = WebView(self, title="Outliner", app_dir=PAGE)
        self.view.page().setBackgroundColor(QtGui.QColor(_WINDOW))
        tree_dock = self._dock("Scene (Qt)", self.tree, QtCore.Qt.DockWidgetArea.LeftDockWidgetArea)
        panel_dock = self._dock("Outliner", self.view, QtCore.Qt.DockWidgetArea.RightDockWidgetArea)
        self.resizeDocks([tree_dock, panel_dock], [270, 360], QtCore.Qt.Orientation.Horizontal)
        self._counts = QtWidgets.QLabel()
        self.statusBar().addPermanentWidget(self._counts)

        self._frames = _Frames(self)
        self._frames.arrived.connect(self._show_frame)
        self.clock = PlaybackClock(self._frame_on_worker)
        self.panel = OutlinerPanel(self.view, self.clock)
        self.tree.refused.connect(self.statusBar().showMessage)
        self.view.ready.connect(self._page_ready)
        self._fill_menus(tree_dock, panel_dock)
        self._unsubscribe: list[Any] = []
        if model is not None:
            self.show_model(model)
        else:
            self.show_error(error or "Open a glTF file: File, Open.")

    def show_model(self, model: SceneModel) -> None:
        """Show a scene everywhere.

        Parameters
        ----------
        model
            The scene.
        """
        self._leave_model()
        self.model = model
        self._unsubscribe = [model.subscribe(self.tree.follow), model.subscribe(self._model_changed)]
        self.setWindowTitle(f"{model.title} · auroraview_qt demo")
        self._counts.setText(f"{len(model.nodes):,} nodes")
        self.statusBar().showMessage(model.path or model.title)
        self.tree.show_model(model)
        self.viewport.show_model(model)
        self.panel.show_source(model)
        self.clock.set_range(model.timeline.start, model.timeline.end)

    def show_error(self, sentence: str) -> None:
        """Say why there is no scene, everywhere a scene would be.

        Parameters
        ----------
        sentence
            The reason and the remedy.
        """
        self._leave_model()
        self.model = None
        self.setWindowTitle("auroraview_qt demo")
        self._counts.setText("")
        self.statusBar().clearMessage()
        self.tree.show_model(None)
        self.viewport.show_model(None, sentence)
        self.panel.show_error(sentence)
        self.clock.set_range(0, 0)

    def closeEvent(self, event: QtGui.QCloseEvent) -> None:
        """End the playback thread before the view is deleted."""
        if not self.clock.stop():
            _log.error("the playback thread did not end")
        self._leave_model()
        event.accept()

    # -- changes -----------------------------------------------------------------------------------

    def _leave_model(self) -> None:
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        self._unsubscribe = []

    def _model_changed(self, kind: str, data: dict[str, Any]) -> None:
        if self.model is None:
            return
        if kind == "selection_changed":
            names = [self.model.nodes[node_id].name for node_id in data["ids"][-1:]]
            count = len(data["ids"])
            self.statusBar().showMessage(f"{count} nodes selected" if count > 1 else f"selected {names[0]}" if names else "")
        else:
            node, count = data["nodes"][0], len(data["nodes"])
            what = f"{count} nodes" if count > 1 else f"{node['name']} ({'visible' if node['visible'] else 'hidden'})"
            self.statusBar().showMessage(f"changed {what}")
        self.viewport.repaint_scene()

    def _frame_on_worker(self, frame: int, playing: bool) -> None:
        self.panel.show_frame(frame, playing)
        self._frames.arrived.emit(frame, playing)

    def _show_frame(self, frame: int, playing: bool) -> None:
        self.viewport.show_frame(frame)

    def _page_ready(self) -> None:
        self.clock.seek(self.clock.frame)

    # -- building ----------------------------------------------------------------------------------

    def _dock(self, title: str, widget: QtWidgets.QWidget, area: QtCore.Qt.DockWidgetArea) -> QtWidgets.QDockWidget:
        dock = QtWidgets.QDockWidget(title, self)
        dock.setObjectName(title)
        dock.setWidget(widget)
        self.addDockWidget(area, dock)
        return dock

    def _fill_menus(self, *docks: QtWidgets.QDockWidget) -> None:
        keys = QtGui.QKeySequence.StandardKey
        file_menu = self.menuBar().addMenu("&File")
        file_menu.addAction("&Open…", self._choose_file).setShortcut(QtGui.QKeySequence(keys.Open))
        file_menu.addSeparator()
        file_menu.addAction("&Quit", self.close).setShortcut(QtGui.QKeySequence(keys.Quit))
        play_menu = self.menuBar().addMenu("&Playback")
        play_menu.addAction("&Play", self.clock.play)
        play_menu.addAction("P&ause", self.clock.pause)
        view_menu = self.menuBar().addMenu("&View")
        for dock in docks:
            view_menu.addAction(dock.toggleViewAction())

    def _choose_file(self) -> None:
        start = str(Path(self.model.path).parent) if self.model and self.model.path else ""
        dialog = QtWidgets.QFileDialog(self, "Open a scene", start, "glTF scenes (*.gltf *.glb);;All files (*)")
        dialog.setFileMode(QtWidgets.QFileDialog.FileMode.ExistingFile)
        dialog.setAttribute(QtCore.Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.fileSelected.connect(self._open_file)
        dialog.open()

    def _open_file(self, path: str) -> None:
        try:
            model = open_scene(path)
        except SceneFileError as error:
            self.show_error(str(error))
        else:
            self.show_model(model)


def apply_palette(app: QtWidgets.QApplication) -> None:
    """Give the application the neutral dark look of a DCC.

    Parameters
    ----------
    app
        The application.
    """
    app.setStyle("Fusion")
    font = app.font()
    font.setPointSizeF(9.0)
    app.setFont(font)
    role = QtGui.QPalette.ColorRole
    palette = QtGui.QPalette()
    for color, roles in {
        _WINDOW: (role.Window, role.Button),
        _BASE: (role.Base, role.ToolTipBase),
        "#2f2f2f": (role.AlternateBase,),
        _TEXT: (role.WindowText, role.Text, role.ButtonText, role.ToolTipText),
        _HIGHLIGHT: (role.Highlight,),
        "#ffffff": (role.HighlightedText, role.BrightText),
        "#6fa8dc": (role.Link,),
    }.items():
        for each in roles:
            palette.setColor(each, QtGui.QColor(color))
    disabled = QtGui.QPalette.ColorGroup.Disabled
    for each in (role.WindowText, role.Text, role.ButtonText):
        palette.setColor(disabled, each, QtGui.QColor("#757575"))
    app.setPalette(palette)
