"""What is used of Blender's bpy, which is run for real, too.

https://docs.blender.org/api/3.4/. The published fake-bpy-module is not used: from 2024-10 on its syntax is that of Python
3.12, which a check for 3.9 cannot read, and `Context.temp_override` demands an area and a region in all of its versions.
"""

from collections.abc import Callable, MutableSequence, Sequence
from contextlib import AbstractContextManager
from typing import Any

# https://docs.blender.org/api/3.4/bpy.types.Window.html
class _Window: ...

class _WindowManager:
    windows: Sequence[_Window]

# https://docs.blender.org/api/3.4/bpy.types.ThemeSpaceGeneric.html
class _Space:
    back: MutableSequence[float]
    text: MutableSequence[float]
    text_hi: MutableSequence[float]

class _ThemeArea:
    space: _Space

class _ThemeOutliner(_ThemeArea):
    selected_highlight: MutableSequence[float]

# https://docs.blender.org/api/3.4/bpy.types.Theme.html
class _Theme:
    outliner: _ThemeOutliner
    properties: _ThemeArea

# https://docs.blender.org/api/3.4/bpy.types.PreferencesSystem.html
class _System:
    @property
    def ui_scale(self) -> float: ...

class _Preferences:
    system: _System
    themes: Sequence[_Theme]

# https://docs.blender.org/api/3.4/bpy.types.Context.html
class _Context:
    preferences: _Preferences
    window_manager: _WindowManager
    def temp_override(
        self, *, window: _Window | None = ..., area: Any = ..., region: Any = ..., **keywords: Any
    ) -> AbstractContextManager[None]: ...

# https://docs.blender.org/api/3.4/bpy.app.timers.html
class _Timers:
    def register(
        self, function: Callable[[], float | None], first_interval: float = 0, persistent: bool = False
    ) -> None: ...

# https://docs.blender.org/api/3.4/bpy.app.html
class _App:
    background: bool
    binary_path: str
    timers: _Timers
    version_string: str

# https://docs.blender.org/api/3.4/bpy.ops.ed.html
class _Ed:
    def undo_push(self, *, message: str = ...) -> set[str]: ...

class _Ops:
    ed: _Ed

app: _App
context: _Context
ops: _Ops
