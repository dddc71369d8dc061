"""The host of a process: detected without importing missing hosts, and with adapters of other packages."""

from __future__ import annotations

import subprocess
import sys
import types
from collections.abc import Callable
from importlib import metadata
from typing import NamedTuple

import pytest

from auroraview_qt import hosts
from auroraview_qt.host import detection
from auroraview_qt.hosts.base import QtHost

pytestmark = pytest.mark.usefixtures("fresh_hosts")


class Studio(QtHost):
    """A host of another package."""

    name = "studio"

    @classmethod
    def detect(cls):
        return True


def test_asking_for_the_host_loads_no_qt_and_no_host():
    script = (
        "import sys\nfrom auroraview_qt import hosts\n"
        "print(hosts.current().name, hosts.current() is hosts.current())\n"
        "roots = {name.partition('.')[0] for name in sys.modules}\n"
        "print(sorted(roots & {'qtpy', 'PySide6', 'PySide2', 'PyQt6', 'PyQt5', 'maya', 'hou', 'nuke', 'bpy', 'krita'}))\n"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.splitlines() == ["standalone True", "[]"]


def test_registered_adapter_is_asked_before_all_others(monkeypatch):
    assert hosts.current().name != "studio"
    hosts.register(Studio)
    assert isinstance(hosts.current(), Studio)


def test_adapter_that_lacks_something_is_refused():
    with pytest.raises(TypeError, match=r"needs .*make_frame"):
        hosts.register(type("Half", (), {"name": "half"}))


def test_adapter_that_fails_does_not_keep_others_from_being_asked(caplog):
    class Broken(Studio):
        @classmethod
        def detect(cls):
            raise OSError("no licence")

    hosts.register(Broken)
    assert hosts.current().name in ("generic", "standalone")
    assert "no licence" in caplog.text


def test_adapter_of_an_installed_package_is_found_by_its_entry_point(monkeypatch, caplog):
    class Point(NamedTuple):
        name: str
        value: str
        load: Callable[[], type]

    def fail():
        raise ImportError("no module named gone")

    point, gone = Point("studio", "studio:Host", lambda: Studio), Point("gone", "gone:Host", fail)

    def entry_points(**selection):
        return [point, gone] if selection == {"group": detection.GROUP} else {detection.GROUP: [point, gone]}

    monkeypatch.setattr(metadata, "entry_points", entry_points)
    assert hosts.current().name == "studio"
    assert "gone:Host" in caplog.text


@pytest.mark.parametrize(
    ("module", "members", "found"),
    [
        ("bpy", {"app": types.SimpleNamespace(binary_path="/usr/bin/blender", background=False)}, "blender"),
        ("bpy", {"app": types.SimpleNamespace(binary_path="/usr/bin/blender", background=True)}, None),
        ("bpy", {"app": types.SimpleNamespace(binary_path="", background=False)}, None),
        ("krita", {"Krita": object, "DockWidgetFactory": object}, "krita"),
        ("krita", {}, None),
        ("nuke", {"GUI": False}, None),
        ("hou", {"isUIAvailable": lambda: False}, None),
        ("FreeCAD", {"GuiUp": 0}, None),
    ],
)
def test_host_without_its_interface_is_not_taken_for_it(monkeypatch, module, members, found):
    made = types.ModuleType(module)
    made.__dict__.update(members)
    monkeypatch.setitem(sys.modules, module, made)
    assert hosts.current().name in ((found,) if found else ("generic", "standalone"))
