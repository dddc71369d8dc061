"""An open dialog of a page blocks nothing, and its page or panel may go: no event loop is nested."""

from __future__ import annotations

import pytest

from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive

PAGE = """<script>
  answers = []; turns = 0; parts = [];
  setInterval(() => { turns += 1; }, 5);
  auroraview.expose('double', (n) => 2 * n);
  auroraview.on('ping', (n) => auroraview.send_event('pong', n));
</script>"""


@pytest.fixture
def view(make_view):
    view = make_view(PAGE)
    view.enable("dialog", native=False)
    return view


@pytest.fixture
def host(make_view, wait_until):
    """A host's window with a view of the page docked in it."""
    window = QtWidgets.QMainWindow()
    window.resize(500, 400)
    window.setCentralWidget(QtWidgets.QLabel("the host's own"))
    view = make_view(PAGE)
    view.enable("dialog", native=False)
    dock = QtWidgets.QDockWidget("Assets", window)
    dock.setWidget(view)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    yield window, dock, view
    if is_alive(window):
        window.deleteLater()
        wait_until(lambda: not is_alive(window))


@pytest.fixture
def open_dialog(qapp, js, wait_until):
    def open_dialog(view, command="openFile()"):
        js(view, f"(auroraview.dialog.{command}.then((a) => answers.push(a), (e) => answers.push(e.code)), 1)")
        found = []
        wait_until(lambda: found.extend(dialogs(qapp)) or found, command)
        return found[0]

    return open_dialog


def dialogs(qapp):
    return [w for w in qapp.topLevelWidgets() if isinstance(w, QtWidgets.QDialog) and w.isVisible()]


def loop_level():
    return QtCore.QThread.currentThread().loopLevel()


def test_dialog_nests_no_event_loop(view, open_dialog, js, wait_until):
    levels = []
    timer = QtCore.QTimer()
    timer.timeout.connect(lambda: levels.append(loop_level()))
    timer.start(1)
    wait_until(lambda: levels)
    before = set(levels)
    dialog = open_dialog(view)
    levels.clear()
    wait_until(lambda: len(levels) >= 5)
    assert set(levels) == before
    timer.stop()
    dialog.reject()
    wait_until(lambda: js(view, "answers.length") == 1)


def test_events_calls_streams_state_and_timers_go_on_both_ways(view, open_dialog, js, wait_until):
    pongs = []

    @view.command
    def add(a: int, b: int) -> int:
        return a + b

    @view.command
    def count(n: int):
        yield from range(n)

    view.on("pong", pongs.append)
    dialog = open_dialog(view)
    turns = js(view, "turns")
    view.emit("ping", 7)
    view.state["selection"] = ["pCube1"]
    called = view.call("double", [4])
    asked = view.eval_js("auroraview.call('add', [1, 2])")
    streamed = view.eval_js(
        "(async () => { for await (const n of auroraview.stream('count', [50])) parts.push(n); return parts.length; })()"
    )
    wait_until(lambda: pongs and called.done() and asked.done() and streamed.done())
    assert (pongs, called.result(), asked.result(), streamed.result()) == ([7], 8, 3, 50)
    wait_until(lambda: js(view, "auroraview.state.selection") == ["pCube1"])
    wait_until(lambda: js(view, "turns") > turns + 5)
    assert dialog.isVisible()
    assert js(view, "answers") == []
    dialog.reject()
    wait_until(lambda: js(view, "answers") == [{"path": None, "cancelled": True}])


def test_file_that_is_chosen_is_answered_after_other_calls(view, open_dialog, js, wait_until, tmp_path):
    file = tmp_path / "ärm one.abc"
    file.write_text("x", encoding="utf-8")
    dialog = open_dialog(view, f"openFile({{defaultPath: {str(file)!r}}})")
    asked = view.eval_js("1")
    wait_until(asked.done)
    dialog.selectFile(str(file))
    dialog.accept()
    wait_until(lambda: js(view, "answers") == [{"path": QtCore.QDir.toNativeSeparators(str(file)), "cancelled": False}])


def test_dialog_belongs_to_the_hosts_window(host, open_dialog):
    window, _, view = host
    dialog = open_dialog(view)
    assert dialog.parent() is window
    assert dialog.windowModality() == QtCore.Qt.WindowModality.WindowModal
    dialog.reject()


def test_view_that_is_closed_gets_its_answer(view, open_dialog, js, wait_until):
    dialog = open_dialog(view, "confirm('Overwrite?')")
    view.close()
    dialog.accept()
    wait_until(lambda: len(js(view, "answers")) == 1)


def test_dock_that_floats_and_docks_again_keeps_the_dialog(host, open_dialog, js, wait_until):
    _, dock, view = host
    dialog = open_dialog(view)
    for floating in (True, False):
        dock.setFloating(floating)
        js(view, "1")
    assert dialog.isVisible()
    dialog.reject()
    wait_until(lambda: js(view, "answers") == [{"path": None, "cancelled": True}])


def test_window_that_is_deleted_under_a_dialog_cancels_the_call_and_the_page_lives(host, open_dialog, js, wait_until):
    window, _, view = host
    dialog = open_dialog(view)
    view.setParent(None)  # as a panel does in time
    window.deleteLater()
    wait_until(lambda: not is_alive(dialog))
    view.show()
    wait_until(lambda: js(view, "answers") == ["CANCELLED"])
    again = open_dialog(view)
    assert again.parent() is view
    again.reject()


def test_window_that_is_deleted_with_view_and_dialog_takes_both(host, open_dialog, wait_until):
    window, _, view = host
    dialog = open_dialog(view)
    window.deleteLater()
    wait_until(lambda: not any(is_alive(each) for each in (window, view, dialog)))


def test_renderer_killed_under_a_dialog_closes_it_and_the_next_page_may_open_one(
    view, open_dialog, wait_until, expect_log, js
):
    expect_log("the renderer of")
    dialog = open_dialog(view)
    called = view.call("double", [4])
    wait_until(called.done)
    assert view.terminate_page()
    wait_until(lambda: not is_alive(dialog))
    wait_until(lambda: view.is_ready and js(view, "turns") > 0)
    other = open_dialog(view)
    other.reject()
    wait_until(lambda: js(view, "answers") == [{"path": None, "cancelled": True}])
