"""Install a fake of a host as an importable module, and remove it again. GUI thread."""

from __future__ import annotations

import sys
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Callable

from auroraview_qt import hosts
from auroraview_qt.host import detection
from auroraview_qt.hosts.frames import container
from auroraview_qt.qt.support.binding import QtWidgets, is_alive
from auroraview_qt.testing.hosts.houdini import Houdini
from auroraview_qt.testing.hosts.max3ds import Max
from auroraview_qt.testing.hosts.maya import Maya
from auroraview_qt.testing.hosts.nuke import Nuke
from auroraview_qt.testing.hosts.substance_painter import Painter
from auroraview_qt.testing.waiting import wait_until


class HostFakes:
    """The fakes of a test.

    Thread: GUI.
    """

    def __init__(self) -> None:
        self._window: QtWidgets.QMainWindow | None = None
        self._before: dict[str, Any] = {}
        self._folder: tempfile.TemporaryDirectory[str] | None = None

    def install(self, name: str) -> Any:
        """Be this host from now on; see `Aurora.host`."""
        makers: dict[str, Callable[[QtWidgets.QMainWindow], Any]] = {
            "3dsmax": Max,
            "houdini": self._houdini,
            "maya": Maya,
            "nuke": Nuke,
            "substance_painter": Painter,
        }
        if name not in makers:
            near = get_close_matches(name, makers, n=1)
            hint = f"did you mean {near[0]!r}?" if near else f"there are {', '.join(makers)}"
            raise ValueError(f"there is no fake of the host {name!r}: {hint}")
        if self._window is not None:
            raise ValueError("a process has a single host: host() was called before in this test")
        self._window = QtWidgets.QMainWindow()
        self._window.setCentralWidget(QtWidgets.QTextEdit())
        self._window.resize(900, 500)
        self._window.show()
        fake = makers[name](self._window)
        for path, module in fake.modules().items():
            self._before[path] = sys.modules.get(path)
            sys.modules[path] = module
        detection.forget()
        return fake

    def _houdini(self, window: QtWidgets.QMainWindow) -> Houdini:
        self._folder = tempfile.TemporaryDirectory(prefix="aurora-houdini-")
        return Houdini(window, Path(self._folder.name))

    def close(self) -> None:
        """Be no host any more: its panels, window and modules go."""
        window, self._window = self._window, None
        if window is None:
            return
        for panel in hosts.panels().values():
            panel.destroy()
        container.forget()
        for path, module in self._before.items():
            if module is None:
                del sys.modules[path]
            else:
                sys.modules[path] = module
        self._before.clear()
        if is_alive(window):
            window.deleteLater()
            wait_until(lambda: not is_alive(window), "the end of the host's window")
        if self._folder is not None:
            self._folder.cleanup()
            self._folder = None
        detection.forget()
