"""Recognise problems that would end the host when QtWebEngine starts, before it does. No Qt is imported here.

QtWebEngine aborts the process if it cannot run, so it cannot be tried. Each check reads the environment, the loaded modules,
and the places of files.
"""

from __future__ import annotations

import importlib.util
import os
import sys
from collections.abc import Iterator
from importlib import metadata
from pathlib import Path, PureWindowsPath
from typing import NamedTuple

from auroraview_qt.qt.support.application_filters import python_filters

#: Set to 1 it keeps every panel from starting QtWebEngine.
KILL_SWITCH = "AURORAVIEW_QT_DISABLE"
#: If set to 1, panels start in a host in which they are known to crash.
OVERRIDE = "AURORAVIEW_QT_FORCE"

#: In qtpy's order of preference for loaded bindings.
BINDINGS = ("PyQt5", "PySide2", "PyQt6", "PySide6")

#: Releases of a binding that end the process: binding, version, the first Python that does not mind, the fault.
BROKEN_RELEASES = (
    ("PySide6", "6.12.0", (3, 12), "loses a reference to None at each call of a Qt method, until Python ends the process"),
)

#: Hosts in which importing or starting QtWebEngine is reported to end the process: module, platform, name.
KNOWN_TO_CRASH = (("bpy", "win32", "Blender on Windows"), ("unreal", "win32", "Unreal Editor on Windows"))

_DRIVE_REMOTE = 4


class Problem(NamedTuple):
    """Something that keeps the panel from running.

    Attributes
    ----------
    code : str
        Stable: ``"disabled"``, ``"two_bindings"``, ``"no_binding"``, ``"no_engine"``, ``"root_sandbox"``,
        ``"network_path"``, ``"known_crash"``, ``"event_filter"``, ``"import_failed"``.
    text : str
        The problem.
    advice : str
        The remedy.
    """

    code: str
    text: str
    advice: str

    def __str__(self) -> str:
        """Return the problem and the remedy as a line of a log."""
        return f"{self.text}: {self.advice}"


def find_problem() -> Problem | None:
    """Return the first problem that would stop QtWebEngine, or make it end the host.

    Returns
    -------
    Problem or None
        None if a panel can be tried.

    Notes
    -----
    Thread: any. Neither Qt nor QtWebEngine is imported.
    """
    return next(_problems(), None)


def stops_import(problem: Problem) -> bool:
    """Return whether the problem affects the import of QtWebEngine, and not only showing a page. Thread: any."""
    # The adapter prevents the crash of Blender on Linux when its first panel is made; a broken release crashes later.
    of_showing = problem.code == "known_crash" and sys.platform != "win32"
    return not of_showing and problem.code not in ("root_sandbox", "network_path", "event_filter")


def _problems() -> Iterator[Problem]:
    if os.environ.get(KILL_SWITCH) == "1":
        yield Problem("disabled", "web panels are switched off", f"unset {KILL_SWITCH} to have them back")
    yield from _of_bindings()
    yield from _of_release()
    yield from _of_sandbox()
    yield from _of_hosts()
    yield from _of_filters()


def loaded_bindings() -> list[str]:
    """Return the bindings whose Qt is in this process. Thread: any."""
    return [name for name in BINDINGS if f"{name}.QtCore" in sys.modules]


def installed_bindings() -> list[str]:
    """Return the bindings this Python would find, with their versions: ``["PySide6 6.8.3"]``. Thread: any."""
    return [f"{name} {_version_of(name)}".rstrip() for name in BINDINGS if _find(name) is not None]


def _chosen_binding() -> str | None:
    """Return the binding qtpy is going to use, or uses."""
    wanted = os.environ.get("QT_API", "").lower()
    loaded = [name for name in BINDINGS if name in sys.modules]
    qtpy = sys.modules.get("qtpy")
    if qtpy is not None:
        return next((name for name in BINDINGS if name.lower() == qtpy.API), None)
    if loaded and not os.environ.get("FORCE_QT_API"):
        return loaded[0]
    candidates = sorted(BINDINGS, key=lambda name: name.lower() != wanted)
    return next((name for name in candidates if _find(name) is not None), None)


def _of_bindings() -> Iterator[Problem]:
    loaded, chosen = loaded_bindings(), _chosen_binding()
    if len(loaded) > 1 or (loaded and chosen is not None and chosen not in loaded):
        names = " and ".join(dict.fromkeys([*loaded, chosen or loaded[0]]))
        yield Problem(
            "two_bindings",
            f"this process would run on two Qt bindings, {names}, and two Qt libraries crash each other",
            "use the host's own only: remove the other binding from PYTHONPATH and QT_API",
        )
    elif chosen is None:
        yield Problem(
            "no_binding",
            "there is no Qt binding for this Python",
            'inside a host run the host\'s own Python; elsewhere: pip install "auroraview-qt[pyside6]"',
        )
    elif _find(f"{chosen}.QtWebEngineWidgets") is None:
        yield Problem(
            "no_engine",
            f"{chosen} came without QtWebEngine",
            "some hosts ship without it: ask for a build that has it, or install the part of the binding that holds it in "
            "exactly the host's version (PySide6_Addons, PyQtWebEngine, PyQt6-WebEngine)",
        )


def _of_release() -> Iterator[Problem]:
    chosen = _chosen_binding()
    if chosen is None or os.environ.get(OVERRIDE) == "1":
        return
    version = _version_of(chosen)
    for binding, broken, first_python, fault in BROKEN_RELEASES:
        if (binding, broken) == (chosen, version) and sys.version_info < first_python:
            yield Problem(
                "known_crash",
                f"{binding} {broken} on Python {sys.version_info[0]}.{sys.version_info[1]} {fault}",
                f'install another release: pip install "{binding}!={broken}"; {OVERRIDE}=1 tries it all the same',
            )


def _version_of(binding: str) -> str:
    """Return the version of a binding without importing it; empty if it is unknown."""
    loaded = getattr(sys.modules.get(binding), "__version__", None)
    if loaded is not None:
        return str(loaded)
    try:
        return metadata.version(binding)
    except metadata.PackageNotFoundError:
        return ""


def _of_sandbox() -> Iterator[Problem]:
    if sandbox_is_off():
        return
    if sys.platform.startswith("linux") and os.geteuid() == 0:
        yield Problem(
            "root_sandbox",
            "this is root, and Chromium ends the process rather than run as root in its sandbox",
            "run as another user, or set QTWEBENGINE_DISABLE_SANDBOX=1 if only your own pages are shown",
        )
    chosen = _chosen_binding()
    home = _find(chosen) if chosen is not None else None
    if sys.platform == "win32" and home is not None and is_network_path(home):
        yield Problem(
            "network_path",
            f"Qt is installed on a network drive ({home}), where Chromium's processes cannot start in their sandbox",
            "copy the installation to a local drive, or set QTWEBENGINE_DISABLE_SANDBOX=1 if only your own pages are shown",
        )


def sandbox_is_off() -> bool:
    """Return whether Chromium's sandbox is switched off. Thread: any."""
    flags = os.environ.get("QTWEBENGINE_CHROMIUM_FLAGS", "").split()
    return os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == "1" or "--no-sandbox" in [*flags, *sys.argv]


def is_network_path(path: str) -> bool:
    """Return whether a path of Windows is on another machine: a UNC path, or a mapped drive. Thread: any."""
    drive = PureWindowsPath(path).drive
    if drive.startswith("\\\\"):
        return not drive.startswith(("\\\\?\\", "\\\\.\\")) or drive.upper().startswith("\\\\?\\UNC")
    return bool(drive) and _drive_type(f"{drive}\\") == _DRIVE_REMOTE


def _drive_type(root: str) -> int:
    """Return the type of a drive from Windows; 0 for unknown on other systems."""
    import ctypes

    windll = getattr(ctypes, "windll", None)
    return int(windll.kernel32.GetDriveTypeW(root)) if windll is not None else 0


def _of_hosts() -> Iterator[Problem]:
    if os.environ.get(OVERRIDE) == "1":
        return
    for module, platform, name in KNOWN_TO_CRASH:
        if module in sys.modules and sys.platform == platform:
            yield Problem(
                "known_crash",
                f"QtWebEngine is reported to take {name} down",
                f"run the panel in a separate process, or set {OVERRIDE}=1 to try it all the same",
            )
    blender = sys.modules.get("bpy")
    if blender is not None and sys.platform.startswith("linux") and not blender.app.background:
        if os.environ.get("QT_XCB_GL_INTEGRATION") not in ("none", "xcb_egl"):
            yield Problem(
                "known_crash",
                "Qt's use of GLX crashes a Blender with a window",
                f"start Blender with QT_XCB_GL_INTEGRATION=none, or set {OVERRIDE}=1 to try it all the same",
            )


def _of_filters() -> Iterator[Problem]:
    problem = filter_problem()
    if problem is not None:
        yield problem


def filter_problem() -> Problem | None:
    """Look for Python code that sees every event of the application; under PySide it ends the process at the first page.

    Returns
    -------
    Problem or None
        None on PyQt, with `OVERRIDE`, and on other threads than the application's.

    Notes
    -----
    Thread: any. It takes some tens of microseconds.
    """
    chosen = _chosen_binding()
    if chosen is None or not chosen.startswith("PySide") or os.environ.get(OVERRIDE) == "1":
        return None
    found = python_filters(chosen)
    if not found:
        return None
    return Problem(
        "event_filter",
        f"the application has an event filter written in Python, {' and '.join(found)}, and QtWebEngine under {chosen} "
        "ends the process if there is one",
        "install it on the widgets that need it, remove it from the application with removeEventFilter(), or run the "
        f"program with PyQt; {OVERRIDE}=1 tries it all the same",
    )


def _find(module: str) -> str | None:
    """Return the folder of a module without importing it, or None."""
    try:
        spec = importlib.util.find_spec(module)
    except (ImportError, ValueError):  # a package whose import fails; a module that was put into sys.modules by hand
        return None
    if spec is None:
        return None
    return str(Path(spec.origin).parent) if spec.origin else next(iter(spec.submodule_search_locations or ()), "")
