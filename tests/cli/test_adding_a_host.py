"""A host is a folder: the example of the docs, put beside the others, is found and installed."""

from __future__ import annotations

import re
import shutil
import sys
import types
from pathlib import Path

import pytest

from auroraview_qt import hosts
from auroraview_qt.cli import install_hosts, main
from auroraview_qt.host import detection
from auroraview_qt.hosts import nuke
from auroraview_qt.hosts.built_in import adapters
from auroraview_qt.hosts.install_target import targets

PAGE = Path(__file__).resolve().parents[2] / "docs" / "hosts" / "host-adapters.md"
BLOCK = re.compile(r"^```python\n# (\w+\.py)\n(.*?)^```", re.MULTILINE | re.DOTALL)


@pytest.fixture
def lightbox(tmp_path, monkeypatch):
    """Put the example's folder among the hosts of the package."""
    folder = tmp_path / "hosts" / "lightbox"
    folder.mkdir(parents=True)
    (folder / "__init__.py").write_text('"""LightBox."""\n')
    for name, source in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        (folder / name).write_text(source, encoding="utf-8")
    shutil.copytree(Path(nuke.__file__).with_name("startup"), folder / "startup")
    monkeypatch.setattr(hosts, "__path__", [*hosts.__path__, str(folder.parent)])
    yield folder
    detection.forget()
    for name in [name for name in sys.modules if name.startswith("auroraview_qt.hosts.lightbox")]:
        del sys.modules[name]


def test_host_in_a_folder_is_found_before_the_general_ones(lightbox, monkeypatch):
    monkeypatch.setitem(sys.modules, "lightbox", types.SimpleNamespace(version=lambda: "7.1"))
    detection.forget()
    assert (hosts.current().name, hosts.current().version) == ("lightbox", "7.1")
    assert [adapter.name for adapter in adapters()][-2:] == ["generic", "standalone"]


def test_host_in_a_folder_can_be_installed_in(lightbox, monkeypatch, tmp_path, capsys):
    monkeypatch.setattr(install_hosts, "HOSTS", targets())
    monkeypatch.setenv("LIGHTBOX_HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    libraries = tmp_path / "libraries"
    (libraries / "auroraview_qt").mkdir(parents=True)
    (libraries / "auroraview_qt" / "__init__.py").touch()
    (libraries / "mytool.py").write_text("def make(): ...")
    assert main(["install", "--host", "lightbox", "--panel", "mytool:make", "--path", str(libraries)]) == 0
    assert "is installed in LightBox" in capsys.readouterr().out
    assert (tmp_path / "home" / "panel_mytool_make.py").is_file()
