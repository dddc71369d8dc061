"""The doctor: that what it says follows from what a child process tells it."""

from __future__ import annotations

import sys
from importlib import metadata

import pytest

from auroraview_qt.cli import doctor
from auroraview_qt.cli.doctor import Finding


def by_subject() -> dict[str, Finding]:
    return {finding.subject: finding for finding in doctor.findings()}


def test_doctor_here_finds_python_qt_and_resources() -> None:
    found = by_subject()
    assert sys.executable in found["Python"].text
    assert "orjson" in found["auroraview_qt"].text
    assert " on Qt " in found["Qt binding"].text
    assert not found["QtWebEngine"].advice
    assert not found["resources"].advice


def test_doctor_without_a_binding_says_where_to_get_one(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "_PROBE_BINDING", "raise SystemExit('QtBindingsNotFoundError: none')")
    found = by_subject()
    assert "auroraview-qt[pyside6]" in found["Qt binding"].advice
    assert "QtWebEngine" not in found


def test_doctor_missing_requirement_is_a_fault(monkeypatch) -> None:
    def version(name: str) -> str:
        if name == "qtpy":
            raise metadata.PackageNotFoundError(name)
        return "1.0"

    monkeypatch.setattr(doctor.metadata, "version", version)
    finding = by_subject()["auroraview_qt"]
    assert "qtpy missing" in finding.text
    assert "pip install qtpy" in finding.advice


def test_doctor_missing_library_is_named_in_the_advice(monkeypatch) -> None:
    message = "ImportError: libnss3.so: cannot open shared object file: No such file or directory"
    monkeypatch.setattr(doctor, "_PROBE_ENGINE", f"raise SystemExit({message!r})")
    assert "libnss3.so" in by_subject()["QtWebEngine"].advice


def test_doctor_survives_an_import_that_kills_its_process(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "_PROBE_ENGINE", "import os; os._exit(9)")
    assert "died with code 9" in by_subject()["QtWebEngine"].text


def test_doctor_survives_an_import_that_never_ends(monkeypatch) -> None:
    monkeypatch.setattr(doctor, "_PROBE_TIMEOUT_S", 0.5)
    monkeypatch.setattr(doctor, "_PROBE_BINDING", "import threading; threading.Event().wait()")
    assert "did not end within" in by_subject()["Qt binding"].text


@pytest.mark.parametrize(("advice", "code"), [("", 0), ("install it", 1)])
def test_run_prints_the_findings_and_tells_by_its_code(advice, code, monkeypatch, capsys) -> None:
    monkeypatch.setattr(doctor, "findings", lambda: iter([Finding("thing", "there or not", advice)]))
    assert doctor.run() == code
    printed = capsys.readouterr().out
    assert "thing" in printed
    assert (f"-> {advice}" in printed) == bool(advice)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox question is one of Linux")
@pytest.mark.parametrize(("user", "switch", "wrong"), [(0, "", True), (0, "1", False), (1000, "", False)])
def test_doctor_root_with_the_sandbox_is_a_fault(user, switch, wrong, monkeypatch) -> None:
    monkeypatch.setattr(doctor.os, "geteuid", lambda: user)
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", switch)
    assert bool(by_subject()["sandbox"].advice) is wrong
