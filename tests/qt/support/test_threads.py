"""GUI-thread methods are refused on a worker thread, and have no effect."""

from __future__ import annotations

import threading

import pytest

from auroraview_qt import QtWebView, WebView, create_view, hosts, prewarm
from auroraview_qt.errors import WrongThreadError
from auroraview_qt.qt.placeholder import Placeholder
from auroraview_qt.qt.support.binding import QtWidgets
from auroraview_qt.qt.support.preflight import Problem


def on_worker(work):
    """Run a function on another thread; return the exception."""
    raised = []

    def run():
        try:
            work()
        except BaseException as error:
            raised.append(error)

    worker = threading.Thread(target=run)
    worker.start()
    worker.join()
    return raised[0] if raised else None


MAKERS = {
    "WebView()": WebView,
    "QtWebView()": QtWebView,
    "QtWebView.create_deferred()": QtWebView.create_deferred,
    "Placeholder()": lambda: Placeholder(Problem("none", "none", "none")),
    "a panel": create_view,
    "prewarm()": prewarm,
    "hosts.dock()": lambda: hosts.dock(QtWidgets.QWidget, title="Panel", object_name="worker"),
}


@pytest.mark.parametrize("what", MAKERS)
def test_widget_made_on_a_worker_is_refused(qapp, what):
    before = len(QtWidgets.QApplication.allWidgets())
    error = on_worker(MAKERS[what])
    assert isinstance(error, WrongThreadError)
    assert str(error).startswith(f"{what} belongs to the GUI thread: from a worker use emit()")
    assert len(QtWidgets.QApplication.allWidgets()) == before
    assert "worker" not in hosts.panels()


def setting(name, value):
    return lambda view: setattr(view, name, value)


GUI_ONLY = {
    "keyboard": setting("keyboard", "all"),
    "title": setting("title", "Other"),
    "reading keyboard": lambda view: view.keyboard,
    "is_editing": lambda view: view.is_editing,
    "load_url": lambda view: view.load_url("https://example.com/"),
    "load_html": lambda view: view.load_html("<p>other"),
    "load_file": lambda view: view.load_file(__file__),
    "load_app": lambda view: view.load_app("."),
    "enable": lambda view: view.enable("clipboard"),
    "disable": lambda view: view.disable("clipboard"),
    "allow_files": lambda view: view.allow_files("."),
    "serve_assets": lambda view: view.serve_assets("."),
    "terminate_page": lambda view: view.terminate_page(),
    "open_devtools": lambda view: view.open_devtools(),
    "command": lambda view: view.command("work", print),
    "bind_call": lambda view: view.bind_call("work", print),
    "bind_api": lambda view: view.bind_api(threading.Thread()),
    "get_hwnd": lambda view: view.get_hwnd(),
}


def test_method_of_the_gui_thread_called_on_a_worker_is_refused(make_view, js):
    view = make_view("<p>", kind=QtWebView, title="Tool")
    raised = {name: type(on_worker(lambda work=work: work(view))) for name, work in GUI_ONLY.items()}
    assert raised == dict.fromkeys(GUI_ONLY, WrongThreadError)
    assert view.keyboard == "inputs"
    assert view.title == "Tool"
    assert view.ipc_handler.command_names() == []
    assert js(view, "document.body.innerText") == ""


def test_what_any_thread_may_do_is_not_refused(make_view, wait_until):
    view, got = make_view("<script>auroraview.on('tick', (n) => auroraview.emit('seen', n))</script>"), []

    def work():
        subscription = view.on("seen", got.append)
        view.emit("tick", 1)
        view.state["n"] = 1
        view.call("pick", timeout_s=None).cancel()
        view.stats()
        view.declare_event("tick")
        assert subscription.active

    assert on_worker(work) is None
    wait_until(lambda: got == [1])
