"""Finds Python code that sees every event of the application: under PySide it ends the process at the first page.

Shiboken wraps each receiver for such code, QtWebEngine's internal objects included, and crashes on them. Imports no Qt.
"""

from __future__ import annotations

import sys
from types import FrameType
from typing import Any

_PROPERTY = "auroraview_probe"


def python_filters(binding: str) -> list[str]:
    """Return the Python event filters of the application and its overridden `notify`; empty on other threads.

    The check sets a property of a new QObject. Qt then sends an event through all filters, and a profile function notes the
    Python functions that run.

    Thread: any.

    Parameters
    ----------
    binding : str
        The Qt binding in use: ``"PySide6"``.

    Returns
    -------
    list of str
        Class and place of each: ``"studio.tips.ToolTips (/studio/tips.py, line 12)"``.
    """
    core = sys.modules.get(f"{binding}.QtCore")
    app = core.QCoreApplication.instance() if core is not None else None
    if core is None or app is None or core.QThread.currentThread() != app.thread():
        return []
    probe = core.QObject()
    probe.setProperty(_PROPERTY, 1)  # the binding loads its own Python code at the first call
    here, found = [sys._getframe()], list[str]()

    def note(frame: FrameType, event: str, _: object) -> None:
        if event == "call" and frame.f_back in here and _is_given(frame, probe):
            found.append(_name_of(frame, probe))

    # A profiler written in C, such as cProfile, cannot be restored from here, so it is left alone.
    profiler: Any = sys.getprofile()
    is_free = profiler is None or callable(profiler)
    before: Any = profiler if is_free else sys.gettrace()
    use: Any = sys.setprofile if is_free else sys.settrace
    use(note)
    try:
        probe.setProperty(_PROPERTY, 2)
    finally:
        use(before)
        here.clear()  # a frame that refers to itself would keep its callers and their objects, for example a new view
    return list(dict.fromkeys(found))


def _is_given(frame: FrameType, thing: object) -> bool:
    """Return whether a function that is being called has an object among its arguments."""
    values = list(frame.f_locals.values())
    values += [part for value in values if isinstance(value, tuple) for part in value]
    return any(value is thing for value in values)


def _name_of(frame: FrameType, probe: object) -> str:
    """Return the class of the called method, or the name of the function, and its file."""
    code = frame.f_code
    first: Any = frame.f_locals.get(code.co_varnames[0])
    owner = first[0] if isinstance(first, tuple) else first
    kind = type(owner)
    is_method = owner is not probe and hasattr(kind, "eventFilter")
    name = f"{kind.__module__}.{kind.__qualname__}" if is_method else f"{frame.f_globals.get('__name__')}.{code.co_name}"
    return f"{name} ({code.co_filename}, line {code.co_firstlineno})"
