"""Dock panels in Krita.

A plugin registers a factory of dockers before there is a window. Krita makes a docker for each window. Thread: GUI.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from auroraview_qt.host.detection import loaded
from auroraview_qt.hosts.base import QtHost

if TYPE_CHECKING:
    from auroraview_qt.host.protocol import Area, Frame, FrameOwner, OnClose
    from auroraview_qt.hosts.frames.dock import DockFrame
    from auroraview_qt.qt.support.widgets_only import QtWidgets


class KritaHost(QtHost):
    """See `auroraview_qt.hosts.Host`.

    Krita 5 has no undo steps for plugins, so `undo_block` does nothing.

    Thread: GUI.
    """

    name = "krita"

    @classmethod
    def detect(cls) -> bool:
        """Return whether Krita's own module is there; it exists inside Krita only.  Thread: any."""
        module = loaded("krita")
        return hasattr(module, "DockWidgetFactory") and hasattr(module, "Krita")

    @property
    def version(self) -> str:
        """``"5.1.5"``.  Thread: any."""
        from krita import Krita

        return str(Krita.instance().version())

    def main_window(self) -> QtWidgets.QMainWindow | None:
        """Return the active window; None while plugins are loaded."""
        from krita import Krita

        window = Krita.instance().activeWindow()
        return window.qwindow() if window is not None else None

    def make_frame(self, owner: FrameOwner, window: QtWidgets.QMainWindow | None) -> Frame:
        """Register a docker while plugins are loaded, or make a dock in the window later.

        Krita lists and restores dockers only.
        """
        if window is None and (self.main_window() is None or owner.object_name in _makers):
            return DockerFrame(owner)
        return super().make_frame(owner, window)


class _Maker:
    """The dockers of a name; Krita makes them, and they cannot be unregistered."""

    def __init__(self, object_name: str, title: str, area: Area) -> None:
        self._docks: list[Any] = []
        self._frame: DockerFrame | None = None  # gets the dockers
        import krita

        from auroraview_qt.qt.support.guard import guarded

        maker = self

        class Docker(krita.DockWidget):
            def __init__(self) -> None:
                super().__init__()
                self._set_up()

            @guarded(f"the docker {object_name!r} could not be made")
            def _set_up(self) -> None:
                self.setWindowTitle(title)
                self.hide()  # Krita shows a docker that is not in the layout and was never hidden
                maker.add(self)

            def canvasChanged(self, canvas: object) -> None:
                """Do nothing; Krita requires the method."""

        places = krita.DockWidgetFactoryBase
        where = {"left": places.DockLeft, "right": places.DockRight, "top": places.DockTop, "bottom": places.DockBottom}
        krita.Krita.instance().addDockWidgetFactory(krita.DockWidgetFactory(object_name, where[area], Docker))

    def docks(self) -> list[Any]:
        """Return the dockers of the windows that are open.  Thread: GUI."""
        from auroraview_qt.qt.support.widgets_only import is_alive

        return list(filter(is_alive, self._docks))

    def add(self, dock: Any) -> None:
        self._docks = [*self.docks(), dock]
        if self._frame is not None:
            self._frame.adopt(dock)

    def give_to(self, frame: DockerFrame) -> None:
        """Pass the existing and all later dockers to a frame.  Thread: GUI."""
        self._frame = frame
        for dock in self.docks():
            frame.adopt(dock)

    def take_from(self, frame: DockerFrame) -> None:
        """Pass no more dockers to a frame.  Thread: GUI."""
        if self._frame is frame:
            self._frame = None


_makers: dict[str, _Maker] = {}


class DockerFrame:
    """The dockers of a panel, a docker in each window of Krita; the page is in the docker that was shown last.

    See `auroraview_qt.hosts.Frame`; for its dockers it is the `FrameOwner`.

    Thread: GUI.

    Parameters
    ----------
    owner : FrameOwner
        The panel.
    """

    def __init__(self, owner: FrameOwner) -> None:
        self._owner: FrameOwner | None = owner
        self.object_name = owner.object_name
        self.title = owner.title
        self.first_area = owner.first_area
        self.size = owner.size
        self.on_close: OnClose = owner.on_close
        self._frames: list[DockFrame] = []
        self._current: DockFrame | None = None
        self._widget: QtWidgets.QWidget | None = None
        self._wanted = False  # before there is a docker
        self._maker = _makers.get(owner.object_name)
        if self._maker is None:
            self._maker = _makers[owner.object_name] = _Maker(owner.object_name, owner.title, owner.first_area)
        self._maker.give_to(self)

    @property
    def area(self) -> Area | None:
        """See `Frame.area`."""
        return self._current.area if self._current is not None else None

    @property
    def is_floating(self) -> bool:
        """See `Frame.is_floating`."""
        return self._current is not None and self._current.is_floating

    @property
    def is_visible(self) -> bool:
        """See `Frame.is_visible`."""
        return self._current is not None and self._current.is_visible

    def put(self, widget: QtWidgets.QWidget) -> None:
        """See `Frame.put`."""
        self._widget = widget
        if self._current is not None:
            self._current.put(widget)

    def show(self) -> None:
        """See `Frame.show`; before Krita has a window, once it has."""
        if self._current is not None:
            self._current.show()
        self._wanted = self._current is None

    def hide(self) -> None:
        """See `Frame.hide`."""
        if self._current is not None:
            self._current.hide()
        self._wanted = False

    def set_floating(self, floating: bool) -> None:
        """See `Frame.set_floating`."""
        if self._current is not None:
            self._current.set_floating(floating)

    def move(self, area: Area) -> None:
        """See `Frame.move`."""
        if self._current is not None:
            self._current.move(area)

    def remove(self) -> None:
        """Hide the dockers; Krita keeps them in its list, and shown again they are empty."""
        self._owner = None
        if self._maker is not None:
            self._maker.take_from(self)
        for frame in self._frames:
            frame.let_go()
        self._frames.clear()
        self._current = None

    # Events of the dockers

    def frame_shown(self, frame: Frame) -> None:
        """Bring the page to the docker that is seen."""
        self._current = next((each for each in self._frames if each is frame), self._current)
        if self._widget is not None and self._current is not None:
            self._current.put(self._widget)
        if self._owner is not None:
            self._owner.frame_shown(self)

    def frame_closed(self, frame: Frame) -> None:
        """Pass it on."""
        if self._owner is not None and frame is self._current:
            self._owner.frame_closed(self)

    def frame_dying(self, frame: Frame) -> None:
        """Move to a docker in another window, or leave the panel without a docker."""
        self._frames = [each for each in self._frames if each is not frame]
        if frame is not self._current:
            return
        self._current = self._frames[-1] if self._frames else None
        if self._owner is not None:
            self._owner.frame_dying(self)
            self._owner = None

    def adopt(self, dock: Any) -> None:
        """Take a docker that Krita has made, with the page in it if no other has it."""
        from auroraview_qt.hosts.frames.dock import DockFrame
        from auroraview_qt.qt.support.guard import guarded
        from auroraview_qt.qt.support.widgets_only import QtCore

        frame = DockFrame(self, dock=dock)
        self._frames.append(frame)
        if self._current is None:
            self._current = frame
            if self._widget is not None:
                frame.put(self._widget)
            if self._wanted:
                self._wanted = False
                QtCore.QTimer.singleShot(0, guarded("a docker was not shown")(frame.show))


ADAPTER = KritaHost
