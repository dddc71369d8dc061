"""Run checks in a child process, because a broken Qt may end the process that imports it. Thread: any."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from auroraview_qt.cli.doctor.finding import Finding
from auroraview_qt.cli.doctor.pages import of_page

TIMEOUT_S = 60

#: The child uses the package folders of this process, since a host adds folders that its interpreter lacks.
_PATHS = "import sys; sys.path += [path for path in {paths!r} if path not in sys.path]\n"

BINDING = """
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

ENGINE = """
import json
from qtpy import QtWebEngineCore, QtWebEngineWidgets, QtWebChannel
version = getattr(QtWebEngineCore, "qWebEngineChromiumVersion", None)
print(json.dumps({"chromium": version() if version else ""}))
"""

PAGE = """
from auroraview_qt.qt.page.page_report import main
main()
"""


class ProbeError(Exception):
    """A child process gave no answer; the text is the reason."""


def probe(interpreter: str, script: str) -> dict[str, Any]:
    """Run a script in a child process and return the JSON object it prints last.

    Raises
    ------
    ProbeError
        If there is no answer.
    """
    env = dict(os.environ)
    if sys.platform.startswith("linux") and not (env.get("DISPLAY") or env.get("WAYLAND_DISPLAY")):
        env.setdefault("QT_QPA_PLATFORM", "offscreen")
    try:
        done = subprocess.run(
            [interpreter, "-c", _PATHS.format(paths=sys.path) + script],
            check=False,
            text=True,
            errors="replace",
            stdin=subprocess.DEVNULL,
            capture_output=True,
            timeout=TIMEOUT_S,
            env=env,
        )
    except subprocess.TimeoutExpired:
        raise ProbeError(f"it did not end within {TIMEOUT_S} s") from None
    except OSError as error:
        raise ProbeError(f"{interpreter} could not be started: {error}") from None
    answers = [line for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode != 0 or not answers:
        last = done.stderr.strip().splitlines()[-1:]
        raise ProbeError(last[0] if last else f"the process died with code {done.returncode}")
    answer: dict[str, Any] = json.loads(answers[-1])
    return answer


def advice_for(reason: str) -> str:
    """Return the advice about a failed import, by its reason."""
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


def missing_libraries(plugins: str) -> list[str]:
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


def of_child(interpreter: str, asks_page: bool) -> Iterator[Finding]:
    """Check Qt, QtWebEngine and a page in separate processes.

    Parameters
    ----------
    interpreter : str
        The Python program to start.
    asks_page : bool
        Whether to start a page; False if the page would end its process.
    """
    try:
        binding = probe(interpreter, BINDING)
    except ProbeError as error:
        yield Finding("Qt binding", str(error), advice_for(str(error)))
        return
    yield Finding("Qt binding", f"{binding['binding']} {binding['version']} on Qt {binding['qt']}")
    try:
        chromium = probe(interpreter, ENGINE)["chromium"]
    except ProbeError as error:
        yield Finding("QtWebEngine", str(error), advice_for(str(error)))
        asks_page = False
    else:
        yield Finding("QtWebEngine", "can be imported" + (f", Chromium {chromium}" if chromium else ""))
    if sys.platform.startswith("linux"):
        missing = missing_libraries(binding["plugins"])
        advice = "install the system packages that hold them" if missing else ""
        yield Finding("libraries", "missing: " + ", ".join(missing) if missing else "all found", advice)
        asks_page = asks_page and not missing
    if not asks_page:
        yield Finding("WebGL", "not asked: no page can be started")
        return
    try:
        answer = probe(interpreter, PAGE)
    except ProbeError as error:
        answer = {"error": str(error)}
    yield from of_page(answer)
