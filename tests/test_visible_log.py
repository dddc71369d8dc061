"""Errors are visible without any set-up, and a program with its own logging decides alone. No Qt."""

from __future__ import annotations

import logging
import subprocess
import sys

import pytest

from auroraview_qt import _visible_log

START = "import logging, sys\nimport auroraview_qt\nlog = logging.getLogger('auroraview_qt.somewhere')\n"
FAIL = """
try:
    raise RuntimeError("the cache is locked")
except RuntimeError:
    log.exception("command 'bake' failed")
"""


def run_python(source: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", source]
    return subprocess.run(command, check=True, text=True, capture_output=True, timeout=60)


def test_log_of_a_failure_without_set_up_is_on_stderr_with_its_traceback() -> None:
    done = run_python(START + FAIL)
    assert "auroraview_qt.somewhere: ERROR: command 'bake' failed" in done.stderr
    assert "RuntimeError: the cache is locked" in done.stderr


@pytest.mark.parametrize(
    "set_up",
    [
        "logging.basicConfig(handlers=[logging.NullHandler(), logging.StreamHandler(sys.stdout)])",
        "logging.getLogger('auroraview_qt').addHandler(logging.StreamHandler(sys.stdout))",
        "log.addHandler(logging.StreamHandler(sys.stdout))",
    ],
)
def test_log_of_a_program_with_a_handler_is_printed_once_and_not_by_us(set_up: str) -> None:
    done = run_python(START + set_up + FAIL)
    assert "bake" not in done.stderr
    assert done.stdout.count("command 'bake' failed") == 1


def test_log_below_a_warning_is_not_printed() -> None:
    assert "fine" not in run_python(START + "log.info('fine')").stderr


def test_log_in_a_host_without_stderr_is_dropped(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stderr", None)
    record = logging.LogRecord("nobody.listens", logging.ERROR, __file__, 1, "lost", None, None)
    _visible_log.VisibleLog().emit(record)


def test_install_again_adds_no_second_handler() -> None:
    logger = logging.getLogger("tests.visible_log")
    _visible_log.install(logger)
    _visible_log.install(logger)
    assert len(logger.handlers) == 1
