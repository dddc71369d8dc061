"""The names of storages, and the folders of their files."""

from __future__ import annotations

import pytest

from auroraview_qt.errors import StorageError
from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.qt.support.data_folder import FOLDER_VARIABLE, check_storage, storage_folder

VALID = [
    "studio.assets",
    "a",
    "a-b",
    "a1.b2",
    "4k.tools",
    "x.y.z",
    "viewer-1",
    "view",
    "console",
    "a" * 63,
    f"{'a' * 30}.{'b' * 33}",
]
INVALID = [
    "", " ", "Studio", "studio_assets", "studio/assets", "..", "a..b", ".a", "a.", "-a", "a-", "a.-b", "a\n", "ä", "xn--a",
    "a.xn--b", "127.0.0.1", "1", "a.1", "0x7f", "a" * 64, "a" * 65, "a" * 100_000, "a b", "a:1", "a@b", "%61", "view-1",
    "view-12-ab", "con", "nul.tool", "com1", "a.0x1", "\u212a", "a\0",
]  # fmt: skip


@pytest.mark.parametrize("name", VALID)
def test_valid_name_is_the_host_of_its_origin(name):
    assert check_storage(name) == name
    assert QtCore.QUrl(f"auroraview://{name}/").host() == name


@pytest.mark.parametrize("name", INVALID, ids=range(len(INVALID)))
def test_invalid_name_is_refused_and_the_argument_is_named(name):
    with pytest.raises(StorageError, match=r"WebView\(storage=") as raised:
        check_storage(name)
    assert isinstance(raised.value, ValueError)
    assert len(str(raised.value)) < 500


@pytest.mark.parametrize("name", [1, b"studio", ["a"], True])
def test_name_that_is_no_text_is_refused(name):
    with pytest.raises(TypeError, match=r"WebView\(storage="):
        check_storage(name)


def test_folder_is_the_named_folder_or_the_users_data_folder(monkeypatch, tmp_path):
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    assert storage_folder("studio.assets") == tmp_path / "studio.assets"
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv(FOLDER_VARIABLE, "data")
    assert storage_folder("studio.assets") == tmp_path / "data" / "studio.assets"
    monkeypatch.setenv(FOLDER_VARIABLE, "")
    monkeypatch.setattr(QtCore.QStandardPaths, "writableLocation", lambda place: str(tmp_path / "user"))
    assert storage_folder("studio.assets") == tmp_path / "user" / "auroraview_qt" / "studio.assets"
    monkeypatch.setattr(QtCore.QStandardPaths, "writableLocation", lambda place: "")
    with pytest.raises(StorageError, match=FOLDER_VARIABLE):
        storage_folder("studio.assets")


@pytest.mark.parametrize(
    ("name", "near"), [("Studio.Assets", "studio.assets"), ("my_tool", "my-tool"), ("1", "studio.assets")]
)
def test_refusal_shows_the_nearest_valid_name(name, near):
    with pytest.raises(StorageError, match=f'such as "{near}"'):
        check_storage(name)
