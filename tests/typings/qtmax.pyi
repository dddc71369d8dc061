"""3ds Max's qtmax.

https://help.autodesk.com/cloudhelp/2027/ENU/MAXDEV-Python/files/MAXDEV_Python_qtmax_module_html.html
"""

from qtpy.QtGui import QIcon
from qtpy.QtWidgets import QMainWindow, QWidget

def GetQMaxMainWindow() -> QMainWindow: ...
def DisableMaxAcceleratorsOnFocus(widget: QWidget, disableMaxAccelerators: bool) -> None: ...
def LoadMaxMultiResIcon(path: str) -> QIcon: ...
