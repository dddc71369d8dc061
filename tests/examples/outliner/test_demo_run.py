"""The whole demo in a separate process: real page, real Qt tree, offscreen."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from outliner.sample import build

import auroraview_qt

EXAMPLES = str(Path(__file__).resolve().parents[3] / "examples")
PNG_MAGIC = b"\x89PNG\r\n\x1a\n"
TIMEOUT_S = 120


def run_demo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    # The package under test, whether or not it is installed.
    package = str(Path(auroraview_qt.__file__).parents[1])
    path = os.pathsep.join(filter(None, (EXAMPLES, package, os.environ.get("PYTHONPATH"))))
    return subprocess.run(
        [sys.executable, "-m", "outliner", "--offscreen", *arguments],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": path, "PYTHONIOENCODING": "utf-8"},
        capture_output=True,
        encoding="utf-8",
        timeout=TIMEOUT_S,
        check=False,
    )


def said(done: subprocess.CompletedProcess[str]) -> str:
    """Return the demo's own lines on stderr; Chromium writes there as well."""
    return "\n".join(line for line in done.stderr.splitlines() if line.startswith("outliner:"))


@pytest.mark.parametrize("arguments", [(), ("--nodes", "10000")], ids=["bundled", "10000-nodes"])
def test_demo_offscreen_tours_the_page_and_agrees_with_the_qt_tree(tmp_path: Path, arguments: tuple[str, ...]) -> None:
    done = run_demo(tmp_path, "--screenshot", "out.png", *arguments)
    assert done.returncode == 0, done.stderr
    assert "the page and the Qt tree agree" in done.stdout
    assert f"picture: {tmp_path / 'out.png'}" in done.stdout
    assert (tmp_path / "out.png").read_bytes().startswith(PNG_MAGIC)
    assert said(done) == ""


def test_demo_with_a_users_file_shows_that_file(tmp_path: Path) -> None:
    (tmp_path / "mine.glb").write_bytes(build())
    done = run_demo(tmp_path, "mine.glb")
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("mine.glb: 72 nodes")
    assert (tmp_path / "auroraview-demo.png").exists()


@pytest.mark.parametrize(
    ("name", "data", "expected"),
    [
        ("missing.glb", None, "missing.glb does not exist"),
        ("broken.glb", build()[:2000], "broken.glb is truncated: 2000 of"),
        ("text.gltf", b"hello", "text.gltf is neither glTF (JSON) nor GLB"),
    ],
)
def test_demo_with_an_unreadable_file_says_one_sentence_and_exits_2(
    tmp_path: Path, name: str, data: bytes | None, expected: str
) -> None:
    if data is not None:
        (tmp_path / name).write_bytes(data)
    done = run_demo(tmp_path, name)
    assert done.returncode == 2, done.stderr
    (sentence,) = said(done).splitlines()
    assert sentence.startswith(f"outliner: {expected}")
    assert (tmp_path / "auroraview-demo.png").read_bytes().startswith(PNG_MAGIC)


def test_demo_with_an_impossible_number_of_nodes_is_a_usage_error(tmp_path: Path) -> None:
    done = run_demo(tmp_path, "--nodes", "0")
    assert done.returncode == 2
    assert "from 1 to 200000" in done.stderr
