"""The fake stage: it needs no Qt, says what needs a document, and finds the same faults as a real page."""

from __future__ import annotations

import re
import sys

import pytest

from tests.testing.conftest import ROOT, run_pytest

INI = "[pytest]\naddopts = -p auroraview_qt.testing.plugin -p no:pytest-qt\naurora_timeout_s = 2\naurora_stage = fake\n"
#: No binding can be imported, as on a server without Qt.
NO_QT = """
import sys

for name in ("qtpy", "PySide6", "PySide2", "PyQt6", "PyQt5"):
    sys.modules[name] = None
"""
TOOL = """
from auroraview_qt import WebView


class Panel(WebView):
    def __init__(self, parent=None):
        super().__init__(parent, html="<button>Go</button>", title="Panel")
        self.resize(300, 200)
        self.bind_call("double", lambda value: 2 * value)
        self.bind_call("wait", self.wait, thread="pool")
        self.on("bad", lambda data: 1 / 0)

    def wait(self, ctx: "CallContext"):
        STOP.wait(20)
"""
TESTS = """
import threading

import pytest

import tool
from auroraview_qt import WebView, create_view

tool.STOP = threading.Event()
KEPT = []


def test_panel_works_without_qt(aurora):
    page = aurora.open(tool.Panel)
    assert page.call("double", 4) == 8


def test_setup_function_and_create_view_work(aurora):
    page = aurora.open(lambda view: view.command("one", lambda: 1), html="<p>x")
    assert page.call("one") == 1
    assert aurora.open(lambda: create_view(html="x")).view.is_ready


def test_storage_lasts_as_long_as_the_test(aurora):
    for frame in (1, 2):
        page = aurora.open(WebView(html="x", storage="studio.tool"))
        page.view.state.persist("frame")
        assert page.view.state.get("frame", 0) == frame - 1
        page.state["frame"] = frame
        page.wait_until(lambda: page.view.state["frame"] == frame)


def test_storage_of_another_test_is_gone(aurora):
    view = WebView(html="x", storage="studio.tool")
    view.state.persist("frame")
    aurora.open(view)
    assert "frame" not in view.state


def test_click_skips(aurora):
    aurora.open(tool.Panel).click("button")


def test_expectation_of_an_element_skips(aurora):
    aurora.open(tool.Panel).expect_text("button", "Go")


@pytest.mark.aurora(stage="fake")
def test_click_of_a_marked_test_fails(aurora):
    aurora.open(tool.Panel).click("button")


@pytest.mark.aurora(stage="fake")
def test_evaluate_of_a_marked_test_fails(aurora):
    aurora.open(tool.Panel).evaluate("1")


@pytest.mark.aurora(stage="page")
def test_of_a_page_runs_on_no_other_stage(aurora):
    raise AssertionError


def test_raising_callback_fails(aurora):
    aurora.open(tool.Panel).emit("bad")


def test_raising_command_fails(aurora):
    page = aurora.open(tool.Panel)
    page.start_call("double", {"value": None})


def test_pending_call_fails(aurora):
    page = aurora.open(tool.Panel)
    page.start_call("wait")


def test_leak_fails(aurora):
    KEPT.append(WebView(title="left"))


def test_forgotten_view_is_no_leak(aurora):
    WebView()


def test_invalid_event_is_an_error_of_the_console(aurora):
    aurora.open(tool.Panel).emit("*")


def test_value_that_is_nested_too_deeply_is_refused(aurora):
    value = []
    for _ in range(100):
        value = [value]
    with pytest.raises(Exception, match="levels"):
        aurora.open(tool.Panel).call("double", value)


def test_tool_without_a_view_fails(aurora):
    aurora.open(lambda: object())


def test_page_without_content_fails(aurora):
    aurora.open(WebView)


def test_method_of_the_widget_fails(aurora):
    aurora.open(tool.Panel).view.grab()


def test_host_skips(aurora):
    aurora.host("maya")
"""
#: The end of each test, and a part of its report.
ENDS = {
    "test_panel_works_without_qt": ("passed", ""),
    "test_setup_function_and_create_view_work": ("passed", ""),
    "test_storage_lasts_as_long_as_the_test": ("passed", ""),
    "test_storage_of_another_test_is_gone": ("passed", ""),
    "test_click_skips": ("skipped", r"click\(\) needs a document, which the fake stage lacks"),
    "test_expectation_of_an_element_skips": ("skipped", "an expectation of elements needs a document"),
    "test_click_of_a_marked_test_fails": ("failure", r'click\(\) needs a document.*run this test on the stage "page"'),
    "test_evaluate_of_a_marked_test_fails": ("failure", r"evaluate\(\) needs a document"),
    "test_of_a_page_runs_on_no_other_stage": ("skipped", "it runs on the stages page"),
    "test_raising_callback_fails": ("failure", "ZeroDivisionError"),
    "test_raising_command_fails": ("failure", "command 'double' failed: TypeError"),
    "test_pending_call_fails": ("failure", "the page's call of 'wait' .open. has not ended"),
    "test_leak_fails": ("failure", "a view was left open: WebView 'left'"),
    "test_forgotten_view_is_no_leak": ("passed", ""),
    "test_invalid_event_is_an_error_of_the_console": ("failure", "console.error of the page: auroraview: InvalidNameError"),
    "test_value_that_is_nested_too_deeply_is_refused": ("passed", ""),
    "test_tool_without_a_view_fails": ("failure", "on the fake stage a tool makes a WebView"),
    "test_page_without_content_fails": ("failure", "nothing was loaded"),
    "test_method_of_the_widget_fails": ("failure", "'grab' of the widget does not exist on the fake stage"),
    "test_host_skips": ("skipped", r"host\(\) needs"),
}


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    sources = {"conftest.py": NO_QT, "tool.py": TOOL, "test_tool.py": TESTS}
    return run_pytest(tmp_path_factory.mktemp("fake"), sources, "--aurora-stage=fake", ini=INI)


@pytest.mark.parametrize("name", ENDS)
def test_end_on_the_fake_stage(run, name):
    how, report = ENDS[name]
    assert run[name].how == how, run.output
    assert re.search(report, run[name].report, re.DOTALL), run[name].report


def test_tests_of_all_stages_pass_without_qt(tmp_path):
    source = (ROOT / "tests" / "testing" / "test_stages.py").read_text(encoding="utf-8")
    run = run_pytest(tmp_path, {"conftest.py": NO_QT, "test_stages.py": source}, "--aurora-stage=fake", ini=INI)
    assert run.code == 0, run.output
    assert len(run.tests) > 30
    assert {ended.how for ended in run.tests.values()} == {"passed"}


def test_views_of_imported_tools_are_replaced_and_put_back():
    import auroraview_qt
    from auroraview_qt.qt.view import WebView
    from auroraview_qt.testing.fake.replacement import replace_views
    from auroraview_qt.testing.fake.view import FakeView

    names = vars(sys.modules[__name__])
    names["WebView"] = WebView
    put_back = replace_views()
    try:
        assert auroraview_qt.WebView is names["WebView"] is FakeView
        names["create_view"] = auroraview_qt.create_view  # as of a module that is imported now
    finally:
        put_back()
    assert auroraview_qt.WebView is names["WebView"] is WebView
    assert names.pop("create_view") is auroraview_qt.create_view is not FakeView
