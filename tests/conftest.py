"""Shared by all tests: a Qt platform without a screen, Hypothesis without deadlines, and no unlisted skip."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from hypothesis import settings

if sys.platform.startswith("linux") and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
if hasattr(os, "geteuid") and os.geteuid() == 0:
    # Chromium refuses its sandbox to root; tests and CI only, never the library.
    os.environ.setdefault("QTWEBENGINE_DISABLE_SANDBOX", "1")
settings.register_profile("auroraview", deadline=None)  # a shared machine may stand still for a second
settings.load_profile("auroraview")

#: Lists every test that may be skipped, with the platform and the reason of the skip.
_BINDINGS = Path(__file__).resolve().parents[1] / "docs" / "internals" / "bindings.md"
_unannounced: dict[str, str] = {}


def _note(report: pytest.CollectReport | pytest.TestReport) -> None:
    if report.skipped and isinstance(report.longrepr, tuple):  # otherwise it was expected to fail, and failed
        reason = report.longrepr[2].replace("Skipped: ", "", 1)
        if f"| {reason} |" not in _BINDINGS.read_text(encoding="utf-8").replace("\\|", "|"):
            _unannounced[report.nodeid] = reason


def pytest_collectreport(report: pytest.CollectReport) -> None:
    """Look at why a whole module is skipped."""
    _note(report)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Look at why a test was skipped."""
    _note(report)


def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run with an unlisted skip."""
    if _unannounced and session.exitstatus in (pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name the tests that were skipped without being listed."""
    for test, reason in _unannounced.items():
        terminalreporter.write_line(
            f"{test} was skipped, and docs/internals/bindings.md does not list why: {reason}", red=True
        )


@pytest.fixture(autouse=True)
def _own_encoders(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget the encoders that a test registers."""
    from auroraview_qt.schema import encoders

    monkeypatch.setattr(encoders, "_table", encoders._table)
