"""The doctor: its findings follow from child processes, files or the host's own Qt."""

from __future__ import annotations

import json
import sys
from importlib import metadata
from pathlib import Path

import pytest

from auroraview_qt.cli import doctor, main
from auroraview_qt.cli.doctor import Finding, pages, probes, system
from tests.qt.programs import run_python

ANSWER = {"webgl": 2, "renderer": "a card", "codecs": ["VP9", "H.264", "AAC"], "chromium": "122.0"}


@pytest.fixture(autouse=True)
def own_process(monkeypatch):
    """Let the doctor take this process for one without a host, although Qt may run in it."""
    monkeypatch.setattr(doctor, "running_binding", lambda: None)


@pytest.fixture
def no_page(monkeypatch):
    """Start no page, which takes a second."""
    monkeypatch.setattr(probes, "PAGE", f"print({json.dumps(ANSWER)!r})")


def by_subject() -> dict[str, Finding]:
    return {finding.subject: finding for finding in doctor.findings()}


def test_doctor_here_finds_python_qt_resources_and_pages() -> None:
    found = by_subject()
    assert sys.executable in found["Python"].text
    assert "orjson" in found["auroraview_qt"].text
    assert " on Qt " in found["Qt binding"].text
    assert not found["QtWebEngine"].advice
    assert not found["resources"].advice
    assert "WebGL" in found["WebGL"].text or "3D viewers stay empty" in found["WebGL"].text
    assert "VP9" in found["codecs"].text
    assert not [one for one in found.values() if one.status == "fault"]


def test_doctor_without_a_binding_says_where_to_get_one(monkeypatch) -> None:
    monkeypatch.setattr(probes, "BINDING", "raise SystemExit('QtBindingsNotFoundError: none')")
    found = by_subject()
    assert "auroraview-qt[pyside6]" in found["Qt binding"].advice
    assert "QtWebEngine" not in found


def test_doctor_missing_requirement_is_a_fault(monkeypatch, no_page) -> None:
    find = system.importlib.util.find_spec
    monkeypatch.setattr(system.importlib.util, "find_spec", lambda name: None if name == "qtpy" else find(name))
    monkeypatch.setattr(system.metadata, "version", version_without("qtpy"))
    finding = by_subject()["auroraview_qt"]
    assert "qtpy missing" in finding.text
    assert "pip install qtpy" in finding.advice


def test_doctor_requirement_without_metadata_is_no_fault(monkeypatch, no_page) -> None:
    monkeypatch.setattr(system.metadata, "version", version_without("qtpy"))
    finding = by_subject()["auroraview_qt"]
    assert ", qtpy, " in finding.text
    assert not finding.advice


def version_without(missing: str):
    def version(name: str) -> str:
        if name == missing:
            raise metadata.PackageNotFoundError(name)
        return "1.0"

    return version


def test_doctor_missing_library_is_named_in_the_advice(monkeypatch) -> None:
    message = "ImportError: libnss3.so: cannot open shared object file: No such file or directory"
    monkeypatch.setattr(probes, "ENGINE", f"raise SystemExit({message!r})")
    found = by_subject()
    assert "libnss3.so" in found["QtWebEngine"].advice
    assert found["WebGL"].text == "not asked: no page can be started"


def test_doctor_survives_an_import_that_kills_its_process(monkeypatch) -> None:
    monkeypatch.setattr(probes, "ENGINE", "import os; os._exit(9)")
    assert "died with code 9" in by_subject()["QtWebEngine"].text


def test_doctor_survives_an_import_that_never_ends(monkeypatch) -> None:
    monkeypatch.setattr(probes, "TIMEOUT_S", 0.5)
    monkeypatch.setattr(probes, "BINDING", "import threading; threading.Event().wait()")
    assert "did not end within" in by_subject()["Qt binding"].text


def test_doctor_survives_a_page_that_kills_its_process(monkeypatch) -> None:
    monkeypatch.setattr(probes, "PAGE", "import os; os._exit(9)")
    finding = by_subject()["pages"]
    assert finding.text == "none could be shown: the process died with code 9"
    assert finding.status == "fault"


def test_doctor_child_finds_packages_where_this_process_does(monkeypatch, tmp_path, no_page) -> None:
    """A host adds folders that its interpreter lacks."""
    tmp_path.joinpath("only_in_the_host.py").write_text("")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setattr(probes, "ENGINE", "import json, only_in_the_host; print(json.dumps({'chromium': '1'}))")
    assert by_subject()["QtWebEngine"].text == "can be imported, Chromium 1"


@pytest.mark.parametrize("name", ["", "/nowhere/python3", "/usr/bin/qgis"])
def test_doctor_in_a_host_without_an_interpreter_starts_nothing(name, monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", name)
    monkeypatch.setattr(probes.subprocess, "run", None)
    found = by_subject()
    assert "built into" in found["Python"].text
    assert found["Qt binding"].text.endswith("is installed and not loaded yet")


def test_doctor_in_a_host_without_any_binding_says_so(monkeypatch) -> None:
    monkeypatch.setattr(sys, "executable", "/usr/bin/host")
    monkeypatch.setattr(doctor, "installed_bindings", list)
    finding = by_subject()["Qt binding"]
    assert finding.status == "fault"
    assert "PySide6" in finding.advice


def test_doctor_tells_of_what_keeps_panels_from_running(monkeypatch, no_page) -> None:
    monkeypatch.setenv("AURORAVIEW_QT_DISABLE", "1")
    found = by_subject()
    assert "AURORAVIEW_QT_DISABLE" in found["panels"].advice
    assert found["WebGL"].text == "not asked: no page can be started"


# Findings about pages


def test_page_with_everything_has_no_fault() -> None:
    found = list(pages.of_page(ANSWER))
    assert [one.status for one in found] == ["ok", "ok"]
    assert "WebGL 2, drawn by a card" in found[0].text


def test_page_without_webgl_and_codecs_gets_advice_and_no_fault() -> None:
    found = list(pages.of_page({**ANSWER, "webgl": 0, "renderer": "", "codecs": ["VP9"]}))
    assert [one.status for one in found] == ["note", "note"]
    assert "--ignore-gpu-blocklist" in found[0].advice
    assert found[1].text == "VP9; no H.264 and no AAC"


# Output


@pytest.mark.parametrize(
    ("finding", "code", "mark"),
    [
        (Finding("thing", "there"), 0, " "),
        (Finding("thing", "there", "make it better", is_note=True), 0, "-"),
        (Finding("thing", "not there", "install it"), 1, "!"),
    ],
)
def test_run_prints_the_findings_and_tells_by_its_code(finding, code, mark, monkeypatch, capsys) -> None:
    monkeypatch.setattr(doctor, "findings", lambda: iter([finding]))
    assert main(["doctor"]) == code
    printed = capsys.readouterr().out.splitlines()
    assert printed[0].split() == [*mark.split(), "thing", *finding.text.split()]
    assert (f"-> {finding.advice}" in printed[1]) == bool(finding.advice)
    assert printed[-1] == ("to put right: 1" if code else "nothing is missing")


def test_run_with_json_prints_one_object(monkeypatch, capsys) -> None:
    monkeypatch.setattr(doctor, "findings", lambda: iter([Finding("a", "b"), Finding("c", "d", "e")]))
    assert main(["doctor", "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    assert document["faults"] == 1
    assert document["findings"] == [
        {"subject": "a", "status": "ok", "text": "b", "advice": ""},
        {"subject": "c", "status": "fault", "text": "d", "advice": "e"},
    ]


# System


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox question is one of Linux")
@pytest.mark.parametrize(("user", "switch", "wrong"), [(0, "", True), (0, "1", False), (1000, "", False)])
def test_doctor_root_with_the_sandbox_is_a_fault(user, switch, wrong, monkeypatch) -> None:
    monkeypatch.setattr(system.os, "geteuid", lambda: user)
    monkeypatch.setattr(system, "_KERNEL_SWITCHES", ())
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", switch)
    (finding,) = (one for one in system.of_system() if one.subject == "sandbox")
    assert bool(finding.advice) is wrong


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox question is one of Linux")
@pytest.mark.parametrize(("value", "wrong"), [("0", True), ("1", False), (None, False)])
def test_doctor_kernel_without_user_namespaces_is_a_fault(value, wrong, monkeypatch, tmp_path: Path) -> None:
    switch = tmp_path / "unprivileged_userns_clone"
    if value is not None:
        switch.write_text(f"{value}\n")
    monkeypatch.setattr(system, "_KERNEL_SWITCHES", ((str(switch), "0", "sysctl it=1"),))
    monkeypatch.setattr(system.os, "geteuid", lambda: 1000)
    monkeypatch.setenv("QTWEBENGINE_DISABLE_SANDBOX", "0")
    (finding,) = (one for one in system.of_system() if one.subject == "sandbox")
    assert bool(finding.advice) is wrong
    assert ("sysctl it=1" in finding.advice) is wrong


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the sandbox question is one of Linux")
@pytest.mark.parametrize(
    ("megabytes", "flags", "wrong"), [(64, "", True), (64, "--disable-dev-shm-usage", False), (900, "", False)]
)
def test_doctor_small_shared_memory_is_noted(megabytes, flags, wrong, monkeypatch) -> None:
    stat = type("stat", (), {"f_frsize": 4096, "f_blocks": megabytes * 256})
    monkeypatch.setattr(system.os, "statvfs", lambda path: stat)
    monkeypatch.setenv("QTWEBENGINE_CHROMIUM_FLAGS", flags)
    (finding,) = (one for one in system.of_system() if one.subject == "shared memory")
    assert finding.text == f"/dev/shm has {megabytes} MB"
    assert (finding.status == "note") is wrong


# In a host: separate processes

_HOST = """
    import contextlib, io, json, os, sys
    from qtpy import API_NAME, QtCore, QtWidgets
    {before}
    app = QtWidgets.QApplication.instance() or QtWidgets.QApplication(["studiohost"])
    app.setApplicationName("Studio Host")
    sys.executable = "/opt/studio/host"
    window = QtWidgets.QMainWindow()
    window.show()
    from auroraview_qt.cli import doctor
    import subprocess
    subprocess.run = None
    def ask():
        text = io.StringIO()
        with contextlib.redirect_stdout(text):
            doctor.run(["--json"])
        return {{one["subject"]: one for one in json.loads(text.getvalue())["findings"]}}
    found = ask()
    assert "built into /opt/studio/host" in found["Python"]["text"]
    assert found["host"]["text"].startswith("generic (Studio Host)"), found
    assert " on Qt " in found["Qt binding"]["text"]
    {check}
    os._exit(0)
"""


def in_host(check: str, before: str = "pass") -> None:
    code, output = run_python(_HOST.format(before=before, check=check))
    assert code == 0, output


def test_doctor_in_a_host_looks_at_the_host_and_asks_a_page() -> None:
    in_host("""
    assert found["URL scheme"]["status"] == "ok"
    assert found["WebGL"]["text"] == "a page is being asked: ask the doctor again in a moment"
    assert "contexts are not shared" in found["Qt binding"]["text"]
    loop, poll = QtCore.QEventLoop(), QtCore.QTimer()
    QtCore.QTimer.singleShot(30000, lambda: os._exit(3))
    poll.timeout.connect(lambda: "codecs" in ask() and loop.quit())
    poll.start(50)
    (getattr(loop, "exec", None) or loop.exec_)()
    poll.stop()
    found = ask()
    assert "Chromium" in found["QtWebEngine"]["text"]
    assert "VP9" in found["codecs"]["text"]
    """)


def test_doctor_in_a_host_that_used_the_engine_first_tells_of_the_scheme() -> None:
    in_host(
        """
    assert found["URL scheme"]["status"] == "note"
    assert "auroraview_qt.register_scheme()" in found["URL scheme"]["advice"]
    """,
        before="""QtCore.QCoreApplication.setAttribute(QtCore.Qt.ApplicationAttribute.AA_ShareOpenGLContexts)
    from qtpy.QtWebEngineWidgets import QWebEngineView
    keep = QtWidgets.QApplication(["studiohost"])
    own = QWebEngineView()
    own.setHtml("own")""",
    )


def test_doctor_in_a_host_with_a_python_filter_names_it() -> None:
    in_host("""
    class Tips(QtCore.QObject):
        def eventFilter(self, watched, event):
            return False
    tips = Tips()
    app.installEventFilter(tips)
    found = ask()
    assert "__main__.Tips" in found["event filters"]["text"]
    assert ("panels" in found) == API_NAME.startswith("PySide")
    """)


def test_doctor_in_a_host_without_the_engine_says_so() -> None:
    in_host(
        """
    assert found["QtWebEngine"]["text"] == "not imported, for the reason under panels"
    assert "without QtWebEngine" in found["panels"]["text"]
    """,
        before="""
    class Missing:
        def find_spec(self, name, path=None, target=None):
            if "QtWebEngine" in name:
                raise ModuleNotFoundError("No module named " + repr(name), name=name)
    sys.meta_path.insert(0, Missing())""",
    )


def test_doctor_on_another_thread_of_a_host_looks_at_no_qt() -> None:
    in_host("""
    import threading
    answers = []
    thread = threading.Thread(target=lambda: answers.append(ask()))
    thread.start()
    thread.join()
    assert "GUI thread" in answers[0]["Qt binding"]["advice"]
    """)
