from __future__ import annotations

from pathlib import Path

import pytest

from auroraview_qt.capabilities.openable import is_openable

RUNS = [
    "chm",
    "msix",
    "appx",
    "dmg",
    "rb",
    "iso",
    "img",
    "vhd",
    "msi",
    "exe",
    "com",
    "bat",
    "cmd",
    "ps1",
    "vbs",
    "js",
    "jse",
    "wsf",
    "hta",
    "lnk",
    "url",
    "scf",
    "cpl",
    "jar",
    "sh",
    "py",
    "pyc",
    "pl",
    "php",
    "lua",
    "tcl",
    "desktop",
    "appimage",
    "run",
    "deb",
    "rpm",
    "flatpakref",
    "snap",
    "command",
    "terminal",
    "scpt",
    "webloc",
    "fileloc",
    "inetloc",
    "html",
    "htm",
    "xhtml",
    "svg",
    "xml",
    "mht",
    "docm",
    "xlsm",
    "pptm",
    "doc",
    "xls",
    "ma",
    "mb",
    "hip",
    "nk",
    "blend",
    "mel",
    "gadget",
    "application",
    "appref-ms",
    "settingcontent-ms",
    "library-ms",
    "search-ms",
    "theme",
]


@pytest.mark.parametrize("name", [*(f"a.{ending}" for ending in RUNS), "A.CHM", "a.png.exe", "none", ".png", "a.", "a.png "])
def test_file_that_may_run_is_not_openable(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert not is_openable(tmp_path / name)


@pytest.mark.parametrize("name", ["a.png", "A.PNG", "shot.0001.exr", "a.pdf", "a.txt", "a b.mov", "a.usda", "a.tar.gz"])
def test_file_that_is_only_shown_is_openable(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch(mode=0o777)
    assert is_openable(tmp_path / name)


@pytest.mark.parametrize("name", ["renders", "v1.2", "shot.010"])
def test_folder_is_openable(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert is_openable(tmp_path / name)


@pytest.mark.parametrize(
    "name", ["a.app", "A.APP", "a.workflow", "a.pkg", "x.{2559a1f2-21d7-11d4-bdaf-00c04f60b9f0}", "a\n.app"]
)
def test_folder_that_is_a_program_is_not_openable(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    assert not is_openable(tmp_path / name)


def test_nothing_is_not_openable(tmp_path: Path) -> None:
    assert not is_openable(tmp_path / "nothing.png")
