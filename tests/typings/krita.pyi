"""What is used of Krita's Python module, which is its library libkis.

https://api.kde.org/krita/html/group__libkis.html
"""

import enum
from typing import Callable

from qtpy.QtWidgets import QDockWidget, QMainWindow

# https://api.kde.org/krita/html/classDockWidget.html
class DockWidget(QDockWidget):
    def __init__(self) -> None: ...

# https://api.kde.org/krita/html/classKoDockFactoryBase.html
class DockWidgetFactoryBase:
    class DockPosition(enum.Enum):
        DockTornOff = ...
        DockTop = ...
        DockBottom = ...
        DockRight = ...
        DockLeft = ...
        DockMinimized = ...

    DockTornOff = DockPosition.DockTornOff
    DockTop = DockPosition.DockTop
    DockBottom = DockPosition.DockBottom
    DockRight = DockPosition.DockRight
    DockLeft = DockPosition.DockLeft
    DockMinimized = DockPosition.DockMinimized

# https://api.kde.org/krita/html/classDockWidgetFactory.html
class DockWidgetFactory(DockWidgetFactoryBase):
    def __init__(
        self, _id: str, _dockPosition: DockWidgetFactoryBase.DockPosition, _klass: Callable[[], DockWidget], /
    ) -> None: ...

# https://api.kde.org/krita/html/classWindow.html
class Window:
    def qwindow(self) -> QMainWindow: ...

# https://api.kde.org/krita/html/classKrita.html
class Krita:
    @staticmethod
    def instance() -> Krita: ...
    def activeWindow(self) -> Window | None: ...
    def addDockWidgetFactory(self, factory: DockWidgetFactoryBase, /) -> None: ...
    def version(self) -> str: ...
