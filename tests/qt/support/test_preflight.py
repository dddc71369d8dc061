"""Dangers for the host are recognised before QtWebEngine starts, and a placeholder shows the reason."""

from __future__ import annotations

import inspect
import sys
import threading
import types

import pytest

import auroraview_qt
from auroraview_qt import Placeholder, WebView, create_view, safe_view
from auroraview_qt.errors import EngineUnavailableError, WrongThreadError
from auroraview_qt.ipc.api import BridgeApi
from auroraview_qt.qt.support import preflight as safety
from auroraview_qt.qt.support.binding import BINDING, QtWidgets
from auroraview_qt.qt.support.preflight import Problem, find_problem, is_network_path
from tests.qt.programs import run_python

REASON = Problem("no_engine", "there is no engine", "get one")


@pytest.fixture
def elsewhere(monkeypatch):
    """Start without a problem: neither root nor switches of the test machine."""
    for name in ("QTWEBENGINE_DISABLE_SANDBOX", "QTWEBENGINE_CHROMIUM_FLAGS", safety.KILL_SWITCH, safety.OVERRIDE):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(safety.os, "geteuid", lambda: 1000, raising=False)
    return monkeypatch


def code():
    problem = find_problem()
    return problem and problem.code


def test_safety_finds_nothing_where_nothing_is_wrong(elsewhere):
    assert find_problem() is None


def test_safety_obeys_the_kill_switch(elsewhere):
    elsewhere.setenv(safety.KILL_SWITCH, "1")
    assert code() == "disabled"
    assert safety.KILL_SWITCH in str(find_problem())


@pytest.mark.parametrize(("platform", "expected"), [("linux", "root_sandbox"), ("darwin", None)])
def test_safety_knows_root_in_the_sandbox(elsewhere, platform, expected):
    elsewhere.setattr(safety.sys, "platform", platform)
    elsewhere.setattr(safety.os, "geteuid", lambda: 0, raising=False)
    assert code() == expected
    elsewhere.setenv("QTWEBENGINE_CHROMIUM_FLAGS", "--x --no-sandbox")
    assert code() is None
    elsewhere.delenv("QTWEBENGINE_CHROMIUM_FLAGS")
    elsewhere.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")
    assert code() is None


def test_safety_knows_a_second_binding(elsewhere):
    other = "PyQt6" if BINDING[0] != "pyqt6" else "PySide6"
    elsewhere.setitem(sys.modules, f"{other}.QtCore", types.ModuleType("QtCore"))
    assert code() == "two_bindings"
    assert other in find_problem().text


def test_safety_knows_that_another_binding_would_be_chosen(elsewhere):
    for name in list(sys.modules):
        if name == "qtpy" or name.split(".")[0] in safety.BINDINGS:
            elsewhere.delitem(sys.modules, name)
    elsewhere.setitem(sys.modules, "PySide2", types.ModuleType("PySide2"))
    elsewhere.setitem(sys.modules, "PySide2.QtCore", types.ModuleType("QtCore"))
    elsewhere.setitem(sys.modules, "PyQt5", types.ModuleType("PyQt5"))
    assert code() == "two_bindings"
    assert "PySide2 and PyQt5" in find_problem().text


def test_safety_knows_a_binding_without_the_engine(elsewhere):
    find = safety._find
    elsewhere.setattr(safety, "_find", lambda module: None if module.endswith("WebEngineWidgets") else find(module))
    assert code() == "no_engine"


def test_safety_knows_a_python_without_a_binding(elsewhere):
    for name in list(sys.modules):
        if name == "qtpy" or name.split(".")[0] in safety.BINDINGS:
            elsewhere.delitem(sys.modules, name)
    elsewhere.setattr(safety, "_find", lambda module: None)
    assert code() == "no_binding"


@pytest.mark.parametrize(
    ("path", "drive_type", "expected"),
    [
        (r"\\server\share\rez\PySide6", 0, True),
        (r"\\?\UNC\server\share\PySide6", 0, True),
        (r"\\?\C:\maya\PySide6", 3, False),
        (r"Z:\rez\PySide6", 4, True),
        (r"C:\maya\PySide6", 3, False),
        (r"relative\PySide6", 4, False),
    ],
)
def test_safety_knows_network_paths_of_windows(monkeypatch, path, drive_type, expected):
    monkeypatch.setattr(safety, "_drive_type", lambda root: drive_type)
    assert is_network_path(path) is expected


def test_safety_asks_no_drive_where_there_are_none():
    assert is_network_path("/opt/qt") is False


def test_safety_knows_an_installation_on_a_share(elsewhere):
    elsewhere.setattr(safety.sys, "platform", "win32")
    elsewhere.setattr(safety, "is_network_path", lambda path: True)
    assert code() == "network_path"
    elsewhere.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")
    assert code() is None


def test_safety_knows_hosts_that_crash(elsewhere):
    elsewhere.setattr(safety.sys, "platform", "win32")
    elsewhere.setattr(safety, "is_network_path", lambda path: False)
    elsewhere.setitem(sys.modules, "unreal", types.ModuleType("unreal"))
    assert code() == "known_crash"
    elsewhere.setenv(safety.OVERRIDE, "1")
    assert code() is None


@pytest.mark.parametrize(
    ("version", "first_python", "expected"),
    [("9.9.9", (9, 9), "known_crash"), ("9.9.8", (9, 9), None), ("9.9.9", (3, 9), None)],
)
def test_safety_knows_a_release_that_crashes_on_this_python(elsewhere, version, first_python, expected):
    binding = safety._chosen_binding()
    elsewhere.setattr(safety, "BROKEN_RELEASES", ((binding, "9.9.9", first_python, "loses references"),))
    elsewhere.setattr(safety, "_version_of", lambda name: version)
    assert code() == expected
    if expected:
        assert f"{binding} 9.9.9 on Python " in find_problem().text
        assert f'pip install "{binding}!=9.9.9"' in find_problem().advice
    elsewhere.setenv(safety.OVERRIDE, "1")
    assert code() is None


def test_safety_reads_the_version_of_a_binding_that_is_not_loaded(elsewhere):
    elsewhere.setattr(safety.metadata, "version", lambda name: "1.2.3")
    assert safety._version_of("PySide9") == "1.2.3"


def test_safety_knows_no_version_of_a_binding_without_metadata(elsewhere):
    assert safety._version_of("PySide99") == ""


@pytest.mark.parametrize(
    ("background", "integration", "expected"), [(False, "", "known_crash"), (False, "none", None), (True, "", None)]
)
def test_safety_knows_blenders_window_on_linux(elsewhere, background, integration, expected):
    elsewhere.setattr(safety.sys, "platform", "linux")
    elsewhere.setitem(sys.modules, "bpy", types.SimpleNamespace(app=types.SimpleNamespace(background=background)))
    elsewhere.setenv("QT_XCB_GL_INTEGRATION", integration)
    assert code() == expected


# Placeholder


def test_placeholder_stands_in_where_there_is_a_problem(qapp, elsewhere, caplog):
    elsewhere.setenv(safety.KILL_SWITCH, "1")
    panel = create_view(title="Assets", html="<p>")
    assert isinstance(panel, Placeholder)
    assert panel.problem.code == "disabled"
    assert panel.windowTitle() == "Assets"
    texts = [label.text() for label in panel.findChildren(QtWidgets.QLabel)]
    assert any(safety.KILL_SWITCH in text for text in texts)
    assert safety.KILL_SWITCH in caplog.text


def test_placeholder_stands_in_where_the_import_fails(qapp, elsewhere):
    def factory():
        raise EngineUnavailableError("libnss3.so: cannot open shared object file")

    panel = safe_view(factory)
    assert panel.problem.code == "import_failed"
    assert "libnss3" in panel.problem.advice


def test_panel_that_can_be_made_is_made(qapp, make_view, wait_until, elsewhere):
    elsewhere.setenv("QTWEBENGINE_DISABLE_SANDBOX", "1")
    panel = create_view(title="Assets", html="<p>")
    assert isinstance(panel, WebView)
    wait_until(lambda: panel.is_ready)
    panel.deleteLater()


def test_faults_of_the_program_are_raised(qapp, elsewhere):
    with pytest.raises(TypeError, match="devtools"):
        create_view(devtool=True)
    with pytest.raises(ZeroDivisionError):
        safe_view(lambda: 1 / 0)


def test_panel_on_another_thread_is_refused(qapp, elsewhere):
    caught = []

    def work():
        try:
            create_view()
        except WrongThreadError as error:
            caught.append(error)

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert caught


def test_placeholder_has_all_that_a_view_has(qapp):
    panel = Placeholder(REASON)
    ours = {name for kind in (WebView, BridgeApi) for name in vars(kind) if not name.startswith("_")}
    missing = {name for name in ours if not hasattr(panel, name)}
    assert missing <= {"connectNotify"}


def test_placeholder_takes_what_a_program_says(qapp):
    panel = Placeholder(REASON)

    @panel.on("a")
    def heard(data): ...

    @panel.command
    def bake(): ...

    @panel.command("b", thread="pool")
    def other(): ...

    @panel.bind_call("c")
    def third(): ...

    assert panel.on("a", heard).cancel() is None
    assert panel.once("a")(heard) is heard
    assert all(callable(fn) for fn in (heard, bake, other, third))
    assert panel.bind_api(object()) == []
    assert panel.off("a") == 2
    panel.emit("x", {"n": object()}, coalesce=True)
    panel.load_html("<p>")
    panel.load_app("nowhere")
    panel.ready.connect(heard)
    assert not panel.is_ready
    assert not panel.is_editing
    assert panel.stats() == {}
    assert not panel.terminate_page()


@pytest.mark.parametrize("ask", [lambda panel: panel.call("f", {}, timeout_s=1), lambda panel: panel.eval_js("1")])
def test_placeholder_refuses_what_only_a_page_can_answer(qapp, ask):
    with pytest.raises(EngineUnavailableError, match="there is no engine: get one"):
        ask(Placeholder(REASON)).result()


def test_placeholder_keeps_the_names_of_a_views_arguments(qapp):
    for name in ("on", "once", "off", "register_callback"):
        assert list(inspect.signature(getattr(Placeholder, name)).parameters) == list(
            inspect.signature(getattr(WebView, name)).parameters
        )


# Separate processes, for the state before the first import


def test_kill_switch_keeps_the_engine_out_of_the_process():
    code, output = run_python(
        """
        import sys
        from qtpy import QtWidgets
        import auroraview_qt
        app = QtWidgets.QApplication(["x"])
        panel = auroraview_qt.create_view(html="<p>")
        assert isinstance(panel, auroraview_qt.Placeholder)
        assert not auroraview_qt.prewarm()
        try:
            auroraview_qt.WebView
        except ImportError as error:
            print(error)
        assert not [name for name in sys.modules if "WebEngine" in name]
        """,
        AURORAVIEW_QT_DISABLE="1",
    )
    assert code == 0, output
    assert "switched off" in output


def test_application_that_shares_no_contexts_gets_its_panel():
    code, output = run_python(
        """
        from qtpy import QtCore, QtWidgets
        app = QtWidgets.QApplication(["x"])
        from auroraview_qt import WebView
        view = WebView(html="<p>")
        view.ready.connect(app.quit)
        view.show()
        QtCore.QTimer.singleShot(20000, lambda: app.exit(3))
        code = (getattr(app, "exec", None) or app.exec_)()
        raise SystemExit(code)
        """
    )
    assert code == 0, output


def test_prewarm_starts_the_engine_and_leaves_nothing_behind():
    code, output = run_python(
        """
        import sys, time
        from qtpy import QtCore, QtWidgets
        app = QtWidgets.QApplication(["x"])
        import auroraview_qt
        assert auroraview_qt.prewarm(delay_ms=1)
        assert "auroraview_qt.qt.support.binding" not in sys.modules
        loop = QtCore.QEventLoop()  # not the application's: where that ends, so does the engine
        QtCore.QTimer.singleShot(20000, lambda: loop.exit(3))
        run = getattr(loop, "exec", None) or loop.exec_
        warming = [child for child in app.children() if type(child).__name__ == "_Warming"]
        warming[0].destroyed.connect(lambda: loop.quit())
        code = run()
        assert "auroraview_qt.qt.view" in sys.modules
        view = auroraview_qt.WebView(html="<p>")
        view.ready.connect(loop.quit)
        raise SystemExit(code or run())
        """
    )
    assert code == 0, output
    assert "Expect troubles" not in output


def test_prewarm_without_an_application_does_nothing():
    code, output = run_python("import auroraview_qt; assert not auroraview_qt.prewarm()")
    assert code == 0, output


def test_public_names_are_all_there():
    assert all(getattr(auroraview_qt, name) is not None for name in auroraview_qt.__all__)
