"""Run the checks of tests/hosts inside real host applications."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

from tools.environments import MATRIX_VENVS, child_environment, ensure_environment, ensure_venv_module, executable
from tools.matrix import found_pythons, virtual_display
from tools.shell import ON_LINUX, ROOT, output_of, run, say
from tools.system_packages import Need, ensure_system, provide

PYSIDE2 = ("python3-pyside2.qtwebenginewidgets", "python3-pyside2.qtwebenginecore", "python3-pyside2.qtwebchannel")
PYQT5 = ("python3-pyqt5.qtwebengine", "python3-pyqt5.qtwebchannel")
# Host -> its program, and the Debian packages of the program and of its binding's QtWebEngine.
HOSTS = {
    "freecad": ("freecad", ("freecad", *PYSIDE2)),
    "blender": ("blender", ("blender", *PYSIDE2, *PYQT5)),
    "krita": ("krita", ("krita", *PYQT5)),
    "qgis": ("qgis", ("qgis", "python3-qgis", "python3-pyqt5.qsci", *PYQT5)),
}
NAPARI = "napari"  # from PyPI, in an environment of its own, whose dependency group has the same name
NAPARI_PYTHONS = ((3, 12), (3, 13), (3, 11))
QT6_OF_HOSTS = "PySide6==6.8.3"  # for Blender, which has no Qt
SYSTEM_PYTHON = "/usr/bin/python3"  # the Python inside the hosts of Debian and Ubuntu, regardless of PATH


def host_libraries(folder: Path, qt6: Path | None) -> None:
    """Install the package's requirements and a Qt 6 binding for the Python inside the hosts."""
    version = output_of([SYSTEM_PYTHON, "-c", "import sys; print('%d.%d' % sys.version_info[:2])"])
    if version is None:
        raise SystemExit(f"dev.py: there is no {SYSTEM_PYTHON}")
    pip_venv = MATRIX_VENVS / "hosts"
    if not executable(pip_venv, "python").exists() and run([sys.executable, "-m", "venv", pip_venv]) != 0:
        raise SystemExit(f"dev.py: {sys.executable} could not make an environment in {pip_venv}")
    # Python 3.9 and 3.10 have no TOML reader.
    settings = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    block = re.search(r"^dependencies = \[$(.*?)^\]$", settings, re.MULTILINE | re.DOTALL)
    needed = re.findall(r'^  "([^"]+)"', block[1], re.MULTILINE) if block else []
    if not needed:
        raise SystemExit("dev.py: pyproject.toml has no dependencies that could be read")
    pip = [str(executable(pip_venv, "python")), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    pip += ["--only-binary=:all:", "--python-version", version.strip()]
    if run([*pip, "--target", str(folder), *needed]) != 0 or (qt6 and run([*pip, "--target", str(qt6), QT6_OF_HOSTS]) != 0):
        raise SystemExit("dev.py: pip could not install the packages; see its message above")


def napari_environment(system: bool) -> Path:
    """Make the environment that has napari, and return its interpreter."""
    pythons = found_pythons()
    python = next((pythons[wish] for wish in NAPARI_PYTHONS if wish in pythons), None)
    if python is None:
        raise SystemExit("dev.py: napari needs Python 3.11, 3.12 or 3.13 on PATH or in ~/.pyenv/versions")
    venv = MATRIX_VENVS / NAPARI
    inner = ensure_environment(venv, python, NAPARI)
    ensure_system(venv, system, ["xcb"])
    return inner


def hosts(names: list[str], system: bool) -> int:
    """Run the checks in tests/hosts inside real host applications, on a separate display."""
    unknown = [name for name in names if name not in (*HOSTS, NAPARI)]
    if unknown:
        say(f"there is no host {unknown[0]!r}; there are: {', '.join((*HOSTS, NAPARI))}")
        return 2
    if not ON_LINUX:
        say("the hosts run on Linux only, where a command can install them")
        return 2
    ensure_venv_module(system)
    tools = {"Xvfb": "xvfb", "xdotool": "xdotool", "openbox": "openbox"}  # a screen, a keyboard and a window manager
    provide([Need(tool, (package,), True) for tool, package in tools.items() if not shutil.which(tool)], system)
    wanted = names or [*HOSTS, NAPARI]
    for program, packages in (HOSTS[name] for name in wanted if name in HOSTS):
        installed = output_of(["dpkg-query", "-W", "-f=${db:Status-Abbrev}\n", *packages]) or ""
        if not shutil.which(program) or installed.count("ii") < len(packages):
            provide([Need(package, (package,), True) for package in packages], system)
    failed = []
    with tempfile.TemporaryDirectory(prefix="auroraview-qt-hosts-") as scratch:
        libraries = Path(scratch, "libraries")
        qt6 = Path(scratch, "qt6") if "blender" in wanted else None
        host_libraries(libraries, qt6)
        variables = {"AURORAVIEW_HOSTS_QT6": str(qt6 or "")}
        if NAPARI in wanted:
            variables["AURORAVIEW_HOSTS_NAPARI"] = str(napari_environment(system))
        with virtual_display("1400x900x24") as display, child_environment(DISPLAY=display, **variables) as env:
            manager = subprocess.Popen(["openbox"], env=env, stderr=subprocess.DEVNULL)  # floats get frames and the focus
            for name in wanted:
                say(name)
                if run([sys.executable, "tests/hosts/run.py", name, Path(scratch, name), libraries], env) != 0:
                    failed.append(name)
            manager.terminate()
            manager.wait()
    say("failed: " + ", ".join(failed) if failed else "all hosts passed")
    return 1 if failed else 0
