"""The built-in panel, in a separate process and in a window."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from auroraview_qt.cli import demo as command_line

PNG_MAGIC = b"\x89PNG\r\n\x1a\n"


def test_demo_that_cannot_run_says_so_in_one_line() -> None:
    env = {**os.environ, "AURORAVIEW_QT_DISABLE": "1"}
    command = [sys.executable, "-m", "auroraview_qt", "demo", "--offscreen"]
    done = subprocess.run(command, env=env, text=True, capture_output=True, timeout=60, check=False)
    assert done.returncode == 1
    assert done.stderr == (
        "auroraview-qt demo: web panels are switched off: unset AURORAVIEW_QT_DISABLE to have them back\n"
    )


def test_demo_without_a_screen_passes_its_self_test_and_writes_a_picture(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "auroraview_qt", "demo", "--offscreen", "--screenshot", "panel.png"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "self-test: 10000 events, command done",
        f"picture: {tmp_path / 'panel.png'}",
    ]
    assert (tmp_path / "panel.png").read_bytes().startswith(PNG_MAGIC)


def test_demo_with_an_unknown_argument_is_a_usage_error(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        command_line.run(["scene.glb"])
    assert ended.value.code == 2
    assert "usage: auroraview-qt demo" in capsys.readouterr().err
