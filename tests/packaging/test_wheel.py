"""An installed wheel without Qt: its features, and its `resources/`."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Callable

import pytest
from packaging.requirements import Requirement

import auroraview_qt
from auroraview_qt._resources import page_text, resource_path

Run = Callable[[str], str]

NO_QT = """
import sys
loaded = {name.partition(".")[0] for name in sys.modules}
assert not loaded & {"qtpy", "PySide2", "PySide6", "PyQt5", "PyQt6", "shiboken2", "shiboken6"}, loaded
print("ok")
"""

IMPORT_THE_ENGINE = """
import importlib, pkgutil
import auroraview_qt.ipc
for module in pkgutil.walk_packages(auroraview_qt.ipc.__path__, "auroraview_qt.ipc."):
    importlib.import_module(module.name)
"""

ROOT = Path(__file__).resolve().parents[2]


def resource_files(folder: Path) -> set[str]:
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix() for path in files if path.suffix != ".pyc"}  # pip compiles start-up files


def test_wheel_holds_every_resource_and_the_type_marker(wheel: Path) -> None:
    names = set(zipfile.ZipFile(wheel).namelist())
    wanted = {f"auroraview_qt/resources/{name}" for name in resource_files(ROOT / "resources")}
    assert wanted <= names
    assert "auroraview_qt/py.typed" in names
    assert {name.partition("/")[0] for name in names if ".dist-info/" not in name} == {"auroraview_qt"}


def test_wheel_has_scripts_without_comments(wheel: Path) -> None:
    archive = zipfile.ZipFile(wheel)
    for name in ("bridge.js", "host.css"):
        text = archive.read(f"auroraview_qt/resources/{name}").decode()
        assert text == page_text(name)
        assert "/*" not in text
    types = archive.read("auroraview_qt/resources/auroraview.d.ts")
    assert types == resource_path("auroraview.d.ts").read_bytes()


def test_wheel_tells_pyinstaller_where_its_hook_is(installed: Run) -> None:
    code = (
        "from importlib.metadata import entry_points; from pathlib import Path\n"
        "found = entry_points()\n"
        "points = found.select(group='pyinstaller40') if hasattr(found, 'select') else found['pyinstaller40']\n"
        "(point,) = [point for point in points if point.value.startswith('auroraview_qt')]\n"
        "print(point.name, *[path.name for root in point.load()() for path in Path(root).glob('hook-*.py')])"
    )
    assert installed(code).split() == ["hook-dirs", "hook-auroraview_qt.py"]


def test_wheel_metadata_forces_no_binding(wheel: Path) -> None:
    (name,) = (name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".dist-info/METADATA"))
    lines = zipfile.ZipFile(wheel).read(name).decode().splitlines()
    required = [line for line in lines if line.startswith("Requires-Dist:") and "extra" not in line]
    assert sorted(line.split()[1].partition(">")[0] for line in required) == ["msgspec", "orjson", "qtpy"]
    assert f"Version: {auroraview_qt.__version__}" in lines


@pytest.mark.parametrize(
    ("python", "allowed"), [("3.9", False), ("3.10", False), ("3.11", False), ("3.12", True), ("3.13", True)]
)
def test_wheel_extra_excludes_the_release_that_crashes(wheel: Path, python: str, allowed: bool) -> None:
    (name,) = (name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".dist-info/METADATA"))
    lines = zipfile.ZipFile(wheel).read(name).decode().splitlines()
    required = [Requirement(line.partition(": ")[2]) for line in lines if line.startswith("Requires-Dist: pyside6")]
    here = [
        one
        for one in required
        if one.marker is not None and one.marker.evaluate({"extra": "pyside6", "python_version": python})
    ]
    assert [one.specifier.contains("6.12.0") for one in here] == [allowed]
    assert all(one.specifier.contains(version) for one in here for version in ("6.5.3", "6.11.3", "6.12.1"))


def test_installed_package_imports_without_qt(installed: Run) -> None:
    assert installed("import auroraview_qt" + NO_QT) == "ok"


def test_installed_engine_imports_without_qt(installed: Run) -> None:
    assert installed(IMPORT_THE_ENGINE + NO_QT) == "ok"


def test_installed_package_finds_its_resources(installed: Run) -> None:
    code = "from auroraview_qt._resources import page_text, resource_path as f; print(f('bridge.js')); print(f())"
    bridge, folder = installed(code).splitlines()
    assert Path(bridge).parent == Path(folder)
    assert Path(folder).parent.name == "auroraview_qt"
    assert "site-packages" in folder
    assert Path(bridge).read_text(encoding="utf-8") == page_text("bridge.js")
    assert resource_files(Path(folder)) == resource_files(ROOT / "resources")


def test_installed_command_line_tells_its_version(installed: Run) -> None:
    code = "from auroraview_qt.cli import main; main(['--version'])"
    assert installed(code).split() == ["auroraview-qt", auroraview_qt.__version__]


def test_checkout_is_installed_editable_and_finds_the_same_resources() -> None:
    assert resource_path() == ROOT / "resources"
    points = {(point.group, point.name): point.value for point in metadata.distribution("auroraview-qt").entry_points}
    assert points == {
        ("console_scripts", "auroraview-qt"): "auroraview_qt.cli:main",
        ("pyinstaller40", "hook-dirs"): "auroraview_qt._pyinstaller:get_hook_dirs",
        ("pytest11", "auroraview_qt.testing.plugin"): "auroraview_qt.testing.plugin",
    }


def test_wheel_shows_a_page_when_it_is_imported_as_a_zip_file(wheel: Path, tmp_path: Path) -> None:
    code = """
import sys, auroraview_qt
assert auroraview_qt.__file__.startswith(sys.argv[1]), auroraview_qt.__file__
from auroraview_qt import WebView
from auroraview_qt.qt.support.binding import QtCore, QtWidgets
app = QtWidgets.QApplication(["tool"])
view = WebView(html="<p>")
view.ready.connect(app.quit)
view.show()
QtCore.QTimer.singleShot(50000, lambda: app.exit(3))
sys.exit((getattr(app, "exec", None) or app.exec_)())
"""
    environment = {**os.environ, "PYTHONPATH": str(wheel)}
    subprocess.run([sys.executable, "-c", code, str(wheel)], cwd=tmp_path, env=environment, timeout=90, check=True)
