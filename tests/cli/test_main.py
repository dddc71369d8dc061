"""The command line: its arguments, and the call of the verbs."""

from __future__ import annotations

import subprocess
import sys

import pytest

import auroraview_qt
from auroraview_qt.cli import demo, doctor, install, main


def test_main_version_prints_the_version(capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--version"])
    assert ended.value.code == 0
    assert capsys.readouterr().out == f"auroraview-qt {auroraview_qt.__version__}\n"


@pytest.mark.parametrize("arguments", [[], ["dance"], ["doctor", "--fast"]])
def test_main_wrong_arguments_end_with_code_2(arguments, capsys) -> None:
    with pytest.raises(SystemExit) as ended:
        main(arguments)
    assert ended.value.code == 2
    assert "usage: auroraview-qt" in capsys.readouterr().err


def test_main_demo_gets_its_arguments_and_gives_its_code(monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(demo, "run", lambda arguments: seen.append(list(arguments)) or 7)
    assert main(["demo", "--offscreen", "--help"]) == 7
    assert seen == [["--offscreen", "--help"]]


def test_main_install_gets_its_arguments_and_gives_its_code(monkeypatch) -> None:
    seen = []
    monkeypatch.setattr(install, "run", lambda arguments: seen.append(list(arguments)) or 7)
    assert main(["install", "--host", "maya", "--help"]) == 7
    assert seen == [["--host", "maya", "--help"]]


def test_command_line_of_install_loads_no_qt(tmp_path) -> None:
    code = (
        "import sys; from auroraview_qt.cli import main; main(sys.argv[1:]); print({'qtpy', 'PySide6'} & set(sys.modules))"
    )
    command = [sys.executable, "-c", code, "install", "--host", "nuke", "--folder", str(tmp_path)]
    done = subprocess.run(command, check=True, text=True, capture_output=True, timeout=60)
    assert done.stdout.splitlines()[-1] == "set()"


def test_main_doctor_gives_its_code(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "run", lambda arguments: len(arguments))
    assert main(["doctor", "--json"]) == 1


def test_module_runs_the_command_line() -> None:
    command = [sys.executable, "-W", "error", "-m", "auroraview_qt", "--version"]
    done = subprocess.run(command, check=True, text=True, capture_output=True, timeout=60)
    assert done.stdout.split()[-1] == auroraview_qt.__version__


def test_command_line_alone_loads_no_qt() -> None:
    code = "import sys, auroraview_qt.cli; print({'qtpy', 'PySide2', 'PySide6'} & set(sys.modules))"
    command = [sys.executable, "-c", code]
    done = subprocess.run(command, check=True, text=True, capture_output=True, timeout=60)
    assert done.stdout.strip() == "set()"
