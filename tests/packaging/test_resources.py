"""What `resource_path` says when a file is missing."""

from __future__ import annotations

import pytest

from auroraview_qt import _resources
from auroraview_qt._resources import resource_path


def test_resource_path_of_a_missing_file_names_it_and_the_fix() -> None:
    with pytest.raises(FileNotFoundError, match=r"resources/no/such\.js.*pip install"):
        resource_path("no", "such.js")


def test_resource_path_ignores_a_foreign_folder_beside_an_installed_package(tmp_path, monkeypatch) -> None:
    package = tmp_path / "auroraview_qt"
    (package / "resources").mkdir(parents=True)
    (tmp_path / "resources").mkdir()
    monkeypatch.setattr(_resources, "_PACKAGE", package)
    assert resource_path() == package / "resources"
