"""What is used of 3ds Max's pymxs.

https://help.autodesk.com/cloudhelp/2024/ENU/MAXDEV-Python/files/using_pymxs/MAXDEV_Python_using_pymxs_pymxs_module_html.html
"""

from contextlib import AbstractContextManager
from typing import Any

class _Runtime:
    # Nine values from 2018 on, the year of the release the eighth:
    # https://help.autodesk.com/view/MAXDEV/2024/ENU/?guid=GUID-57F5C4BC-0F4A-4A0D-BDB9-8F2C3BF7CC70
    def maxVersion(self) -> list[Any]: ...

runtime: _Runtime

# "undo on" of MAXScript, with the text of the undo menu:
# https://help.autodesk.com/cloudhelp/2022/ENU/MAXScript-Help/files/MAXScript-Language-Reference/Names-Literal-Constants-and/Context-Expressions/GUID-C8517C4A-A75F-4D4E-A058-BE3EE61A2A11.html
def undo(enabled: bool, label: str | None = ..., /) -> AbstractContextManager[None]: ...
