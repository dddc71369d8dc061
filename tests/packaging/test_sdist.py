"""That an sdist is enough to build and to test from."""

from __future__ import annotations

import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_sdist_holds_what_building_and_testing_need(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    wanted = {"pyproject.toml", "README.md", "LICENSE", "dev.py", "resources/bridge.js"}
    wanted.add(Path(__file__).relative_to(ROOT).as_posix())
    assert wanted <= names


def test_sdist_holds_no_by_products(sdist: Path) -> None:
    with tarfile.open(sdist) as archive:
        parts = {part for name in archive.getnames() for part in Path(name).parts}
    assert not parts & {".git", ".venv", ".venv-matrix", "__pycache__", "node_modules"}
