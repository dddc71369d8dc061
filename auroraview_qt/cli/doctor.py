"""`auroraview-qt doctor`: what this Python has, and what a panel would lack.

Owns the questions and how their answers are printed. Runs on the main thread; loads no Qt in this process,
because a broken Qt may end it: everything that touches Qt is asked of a child process with a time limit.
"""

from __future__ import annotations

import json
import os
import platform
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from auroraview_qt._resources import resource_path
from auroraview_qt._version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Finding", "findings", "run"]

_PROBE_TIMEOUT_S = 60

_PROBE_BINDING = """
import json, qtpy
from qtpy.QtCore import QLibraryInfo
where = getattr(QLibraryInfo, "path", None) or QLibraryInfo.location
kinds = getattr(QLibraryInfo, "LibraryPath", QLibraryInfo)
print(json.dumps({
    "binding": qtpy.API_NAME,
    "version": qtpy.PYSIDE_VERSION or qtpy.PYQT_VERSION,
    "qt": qtpy.QT_VERSION,
    "plugins": where(kinds.PluginsPath),
}))
"""

_PROBE_ENGINE = """
import json
from qtpy import QtWebEngineCore, QtWebEngineWidgets, QtWebChannel
version = getattr(QtWebEngineCore, "qWebEngineChromiumVersion", None)
print(json.dumps({"chromium": version() if version else ""}))
"""


class Finding(NamedTuple):
    """The answer to one question: what was asked about, what was found, and what to do about it.

    An empty `advice` means that nothing is wrong.
    """

    subject: str
    text: str
    advice: str = ""


class _ProbeError(Exception):
    """A child process could not give its answer; the text is the reason."""


def _probe(script: str) -> dict[str, str]:
    """Run a script in a child process and return the JSON object it prints last."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", script],
            check=False,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=_PROBE_TIMEOUT_S,
        )
    except subprocess.TimeoutExpired:
        raise _ProbeError(f"the import did not end within {_PROBE_TIMEOUT_S} s") from None
    if done.returncode != 0:
        last = done.stderr.strip().splitlines()[-1:]
        raise _ProbeError(last[0] if last else f"the process died with code {done.returncode}")
    answer: dict[str, str] = json.loads(done.stdout.strip().splitlines()[-1])
    return answer


def _python() -> Finding:
    return Finding("Python", f"{platform.python_version()} ({sys.executable})")


def _package() -> Finding:
    found, missing = [], []
    for name in ("qtpy", "orjson", "msgspec"):
        try:
            found.append(f"{name} {metadata.version(name)}")
        except metadata.PackageNotFoundError:
            missing.append(name)
    text = f"{__version__}, " + ", ".join(found + [f"{name} missing" for name in missing])
    advice = f"`{sys.executable} -m pip install {' '.join(missing)}`" if missing else ""
    return Finding("auroraview_qt", text, advice)


def _resources() -> Finding:
    try:
        return Finding("resources", str(resource_path("bridge.js").parent))
    except FileNotFoundError as error:
        return Finding("resources", "missing", str(error))


def _binding_advice(reason: str) -> str:
    if re.search(r"No module named '?qtpy", reason):
        return "install qtpy first"
    library = re.search(r"(lib\S+?): cannot open shared object file", reason)
    if library:
        return f"install the system package that holds {library[1]}"
    if "QtBindingsNotFoundError" in reason or "No Qt bindings" in reason:
        return "run this with the host's own Python, or `pip install auroraview-qt[pyside6]` without a host"
    if "QtWebEngine" in reason:
        return "install the part of the binding that holds QtWebEngine; some hosts ship without it"
    return "see the binding's own message above"


def _missing_libraries(plugins: str) -> list[str]:
    """Return the shared libraries that the platform plugin for this display does not find."""
    platform_name = "xcb" if os.environ.get("DISPLAY") else "offscreen"
    plugin = Path(plugins, "platforms", f"libq{platform_name}.so")
    try:
        done = subprocess.run(
            ["ldd", str(plugin)], check=False, text=True, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
    except OSError:
        return []
    return sorted(set(re.findall(r"^\s*(\S+) => not found", done.stdout, re.MULTILINE)))


def _qt() -> Iterator[Finding]:
    try:
        binding = _probe(_PROBE_BINDING)
    except _ProbeError as error:
        yield Finding("Qt binding", str(error), _binding_advice(str(error)))
        return
    yield Finding("Qt binding", f"{binding['binding']} {binding['version']} on Qt {binding['qt']}")
    try:
        chromium = _probe(_PROBE_ENGINE)["chromium"]
    except _ProbeError as error:
        yield Finding("QtWebEngine", str(error), _binding_advice(str(error)))
    else:
        yield Finding("QtWebEngine", "can be imported" + (f", Chromium {chromium}" if chromium else ""))
    if sys.platform.startswith("linux"):
        missing = _missing_libraries(binding["plugins"])
        advice = "install the system packages that hold them" if missing else ""
        yield Finding("libraries", "missing: " + ", ".join(missing) if missing else "all found", advice)


def _linux() -> Iterator[Finding]:
    screen = os.environ.get("WAYLAND_DISPLAY") or os.environ.get("DISPLAY")
    yield Finding("display", screen or "none; windows can only be drawn with QT_QPA_PLATFORM=offscreen")
    if os.geteuid() == 0:
        if os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == "1":
            yield Finding("sandbox", "switched off by QTWEBENGINE_DISABLE_SANDBOX, as root needs it")
        else:
            yield Finding(
                "sandbox",
                "this is root, and Chromium refuses to start as root",
                "run as another user, or set QTWEBENGINE_DISABLE_SANDBOX=1 if only your own pages are shown",
            )
    else:
        off = os.environ.get("QTWEBENGINE_DISABLE_SANDBOX") == "1"
        yield Finding("sandbox", "switched off by QTWEBENGINE_DISABLE_SANDBOX" if off else "on")


def findings() -> Iterator[Finding]:
    """Ask every question, one after the other; the slow ones start a process each.

    Yields
    ------
    Finding
        In the order in which a person would look.

    Notes
    -----
    Thread: any
    """
    yield _python()
    yield _package()
    yield _resources()
    yield from _qt()
    if sys.platform.startswith("linux"):
        yield from _linux()


def run() -> int:
    """Print the findings and return 1 when something is wrong, else 0.

    Returns
    -------
    int
        The exit code of the command.

    Notes
    -----
    Thread: any
    """
    wrong = 0
    for finding in findings():
        print(f"{'!' if finding.advice else ' '} {finding.subject:14} {finding.text}")
        if finding.advice:
            wrong += 1
            print(f"  {'':14} -> {finding.advice}")
    print("nothing is missing" if not wrong else f"to put right: {wrong}")
    return 1 if wrong else 0
