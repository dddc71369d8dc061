"""Names of downloaded files are safe on every system, and no file is replaced unasked."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from auroraview_qt.capabilities import downloaded_files
from auroraview_qt.capabilities.downloaded_files import MAX_NAME_BYTES, place, safe_name


@pytest.mark.parametrize(
    ("name", "safe"),
    [
        ("report.csv", "report.csv"),
        ("名前 ä.png", "名前 ä.png"),
        ("../../.ssh/authorized_keys", "authorized_keys"),
        ("..\\..\\evil.bat", "evil.bat"),
        ("C:\\Windows\\win.ini", "win.ini"),
        ("C:evil.txt", "C_evil.txt"),
        ("/etc/passwd", "passwd"),
        (".bashrc", "bashrc"),
        ("...", "download"),
        ("", "download"),
        ("folder/", "download"),
        ("CON", "_CON"),
        ("nul.txt", "_nul.txt"),
        ("aux.tar.gz", "_aux.tar.gz"),
        ("COM¹.log", "_COM¹.log"),
        ("lpt9 .txt", "_lpt9.txt"),
        ("console.txt", "console.txt"),
        ("a<b>:c|d?.txt", "a_b__c_d_.txt"),
        ("name. . .", "name"),
        ("gnp.\u202eexe", "gnp._exe"),
        ("line\nbreak\0.txt", "line_break_.txt"),
        ("\ud800.txt", "_.txt"),
        ("file.txt::$DATA", "file.txt__$DATA"),
    ],
)
def test_name_is_safe(name, safe):
    assert safe_name(name) == safe


@pytest.mark.parametrize("name", ["ä" * 500 + ".csv", "a" * 300, "a." + "b" * 300, "𝄞" * 100 + ".tar.gz"])
def test_long_name_is_cut_and_keeps_its_extension(name):
    safe = safe_name(name)
    assert len(safe.encode()) <= MAX_NAME_BYTES
    assert safe == safe_name(safe)
    assert len(Path(name).suffix) > 20 or Path(safe).suffix == Path(name).suffix


@pytest.fixture
def source(tmp_path):
    def make(text="new"):
        file = tmp_path / "staged"
        file.write_text(text)
        return file

    return make


def names(folder):
    return sorted(one.name for one in folder.iterdir())


def test_second_file_gets_a_number(source, tmp_path):
    folder = tmp_path / "made" / "here"
    places = [place(source(str(i)), folder, "a.csv", is_folder=True) for i in range(3)]
    assert [one.name for one in places] == ["a.csv", "a (1).csv", "a (2).csv"]
    assert [one.read_text() for one in places] == ["0", "1", "2"]
    assert names(folder) == ["a (1).csv", "a (2).csv", "a.csv"]
    assert [place(source(), folder, "b.tar.gz", is_folder=True).name for _ in range(2)] == ["b.tar.gz", "b (1).tar.gz"]
    assert not (tmp_path / "staged").exists()


def test_file_goes_to_a_path_or_into_an_existing_folder(source, tmp_path):
    assert place(source(), tmp_path / "x.csv", "a.csv", is_folder=False) == tmp_path / "x.csv"
    assert place(source(), tmp_path / "x.csv", "a.csv", is_folder=False) == tmp_path / "x (1).csv"
    assert place(source("2"), tmp_path / "x.csv", "a.csv", is_folder=False, replaces=True).read_text() == "2"
    assert place(source(), tmp_path, "a.csv", is_folder=False) == tmp_path / "a.csv"


@pytest.mark.skipif(sys.platform == "win32", reason="this system lets us make no symlinks")
def test_link_in_the_folder_is_not_followed(source, tmp_path):
    folder, outside = tmp_path / "folder", tmp_path / "outside.txt"
    folder.mkdir()
    (folder / "a.txt").symlink_to(outside)
    assert place(source(), folder, "a.txt", is_folder=True).name == "a (1).txt"
    assert not outside.exists()


def test_file_on_another_disk_is_copied(source, tmp_path, monkeypatch):
    replace = Path.replace

    def refuse(self, target):
        if self.name == "staged":
            raise OSError("another disk")
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", refuse)
    assert place(source(), tmp_path / "to", "a.csv", is_folder=True).read_text() == "new"
    assert names(tmp_path / "to") == ["a.csv"]
    assert not (tmp_path / "staged").exists()


def test_failure_leaves_nothing_and_keeps_the_source(source, tmp_path, monkeypatch):
    def fail(*_):
        raise OSError("disk full")

    monkeypatch.setattr(Path, "replace", fail)
    with pytest.raises(OSError, match="disk full"):
        place(source(), tmp_path / "to", "a.csv", is_folder=True)
    assert names(tmp_path / "to") == []
    assert (tmp_path / "staged").read_text() == "new"


def test_full_range_of_numbers_ends(source, tmp_path, monkeypatch):
    monkeypatch.setattr(downloaded_files, "_names", lambda name: iter([name]))
    place(source(), tmp_path, "a.csv", is_folder=True)
    with pytest.raises(FileExistsError, match="too many files"):
        place(source(), tmp_path, "a.csv", is_folder=True)
