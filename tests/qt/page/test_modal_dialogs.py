"""alert, confirm and prompt with Policy(dialogs="modal"): dialogs for the window of the view only."""

from __future__ import annotations

import pytest
from qtpy.QtTest import QTest

from auroraview_qt import Policy
from auroraview_qt.qt.page import modal_dialogs
from auroraview_qt.qt.page.closed_page import PROMPT_CRASHES
from auroraview_qt.qt.support.binding import BINDING, QtCore, QtWidgets, is_alive

MODAL = Policy(dialogs="modal")
PAGE = "<title>Assets</title><script>said = []; ask = (fn) => setTimeout(() => said.push(fn()))</script><p>page"
#: Whether the binding passes the text of a prompt.
HAS_PROMPT = not PROMPT_CRASHES and not (BINDING[0] == "pyside6" and BINDING[1].startswith("6.5"))


def shown(qapp):
    return [w for w in qapp.topLevelWidgets() if isinstance(w, QtWidgets.QDialog) and w.isVisible()]


@pytest.fixture
def answer(qapp, wait_until):
    """Have a page's script ask, and handle the dialog that it opens."""

    def answer(view, question, handle):
        seen = []
        timer = QtCore.QTimer()

        def look():
            if shown(qapp):
                timer.stop()
                dialog = shown(qapp)[0]
                seen.append((type(dialog), dialog.windowTitle(), dialog.windowModality()))
                handle(dialog)

        timer.timeout.connect(look)
        timer.start(5)
        view.page().runJavaScript(f"ask(() => {question})", 0, lambda _: None)
        wait_until(lambda: seen, "a dialog")
        timer.stop()
        return seen[0]

    return answer


def press(kind):
    return lambda box: box.button(getattr(QtWidgets.QMessageBox.StandardButton, kind)).click()


@pytest.mark.parametrize(("button", "said"), [("Ok", True), ("Cancel", False)])
def test_confirm_asks(make_view, js, wait_until, answer, button, said):
    view = make_view(PAGE, policy=MODAL)
    texts = []

    def handle(box):
        texts.append((box.text(), box.textFormat()))
        press(button)(box)

    _, title, modality = answer(view, "confirm('Delete <b>12</b>?')", handle)
    wait_until(lambda: js(view, "said") == [said])
    assert (title, modality) == ("Assets", QtCore.Qt.WindowModality.WindowModal)
    assert texts == [("Delete <b>12</b>?", QtCore.Qt.TextFormat.PlainText)]


def test_closed_confirm_is_a_no(make_view, js, wait_until, answer):
    view = make_view(PAGE, policy=MODAL)
    answer(view, "confirm('x')", lambda box: box.close())
    wait_until(lambda: js(view, "said") == [False])


def test_alert_shows(make_view, js, wait_until, answer):
    view = make_view(PAGE, policy=MODAL)
    answer(view, "alert('x'.repeat(1e6))", press("Ok"))
    wait_until(lambda: js(view, "said") == [None])


@pytest.mark.parametrize(("end", "said"), [("accept", "v002"), ("reject", None)])
def test_prompt_asks(make_view, js, wait_until, answer, expect_log, end, said):
    view = make_view(PAGE, policy=MODAL)
    if not HAS_PROMPT:
        expect_log("prompt")
        view.page().runJavaScript("ask(() => prompt('Name', 'v001'))", 0, lambda _: None)
        wait_until(lambda: js(view, "said") == [None])
        return

    def handle(dialog):
        assert dialog.textValue() == "v001"
        dialog.setTextValue("v002")
        getattr(dialog, end)()

    answer(view, "prompt('Name', 'v001')", handle)
    wait_until(lambda: js(view, "said") == [said])


@pytest.mark.parametrize("question", ["confirm('x')", "alert('x')"])
@pytest.mark.parametrize("how", ["later", "at once", "by its window"])
def test_view_may_be_deleted_while_a_dialog_is_open(make_view, wait_until, answer, question, how):
    view = make_view(PAGE, policy=MODAL)
    window = QtWidgets.QMainWindow()
    window.setCentralWidget(view)
    window.show()

    def handle(dialog):
        if how == "later":
            view.deleteLater()
        elif how == "at once":
            from auroraview_qt.qt.support.binding import delete_now

            delete_now(view)
        else:
            window.deleteLater()

    answer(view, question, handle)
    wait_until(lambda: not is_alive(view))
    other = make_view(PAGE)
    assert other.is_ready
    if is_alive(window):
        window.deleteLater()


def test_load_of_the_program_closes_the_dialog(make_view, js, wait_until, answer):
    view = make_view(PAGE, policy=MODAL)
    pages = view.stats()["pages"]
    answer(view, "confirm('x')", lambda box: view.reload())
    wait_until(lambda: view.stats()["pages"] > pages and view.is_ready)


def test_flood_of_dialogs_is_bounded(make_view, js, wait_until, answer, expect_log, caplog, monkeypatch):
    expect_log("a page opens at most 2 dialogs")
    monkeypatch.setattr(modal_dialogs, "MAX_DIALOGS", 2)
    view = make_view(PAGE, policy=MODAL)
    for count in (1, 2):
        answer(view, "confirm('x')", press("Ok"))
        wait_until(lambda count=count: js(view, "said.length") == count)
    js(view, "(said.push(confirm('y')), 1)")
    assert js(view, "said") == [True, True, False]


def test_page_that_asks_to_stay_is_asked_about(make_view, js, wait_until, answer, click):
    guard = "<input id=i><script>onbeforeunload = (e) => { e.preventDefault(); e.returnValue = ''; }</script>"
    view = make_view(PAGE + guard, policy=MODAL)
    click(view, "#i")
    QTest.keyClick(view.focusProxy(), QtCore.Qt.Key.Key_A)
    wait_until(lambda: js(view, "i.value") == "a")
    pages = view.stats()["pages"]
    answer(view, "(location.href = '/?other', 0)", press("Cancel"))
    wait_until(lambda: js(view, "said.length") == 1)
    answer(view, "(location.href = '/?other', 0)", press("Ok"))
    wait_until(lambda: view.stats()["pages"] > pages and view.is_ready)
