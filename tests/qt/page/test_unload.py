"""A page that asks to stay: it holds neither the program nor the artist of a panel without dialogs."""

from __future__ import annotations

import pytest
from qtpy.QtTest import QTest

from auroraview_qt.qt.support.binding import QtCore

GUARD = """<p id=mark>page</p><input id=i><a id=go href="/?other">go</a>
<script>addEventListener('beforeunload', (e) => { e.preventDefault(); e.returnValue = 'stay'; })</script>"""


@pytest.fixture
def guarded(make_view, click, js, wait_until):
    """Open a page that asks to stay, with a change that is not saved."""

    def open_page():
        view = make_view(GUARD)
        change(view)
        return view

    def change(view):
        click(view, "#i")
        QTest.keyClick(view.focusProxy(), QtCore.Qt.Key.Key_A)
        wait_until(lambda: js(view, "i.value") == "a")

    open_page.change = change
    return open_page


LOADS = {
    "reload": lambda view: view.reload(),
    "load_html": lambda view: view.load_html("<p>next"),
    "load": lambda view: view.load(view.url()),
    "setUrl": lambda view: view.setUrl(view.url()),
    "page's reload": lambda view: view.page().triggerAction(view.page().WebAction.Reload),
    "page's load": lambda view: view.page().load(view.url()),
}


@pytest.mark.parametrize("load", LOADS)
def test_guard_does_not_hold_the_program(guarded, load, wait_until):
    view = guarded()
    pages = view.stats()["pages"]
    LOADS[load](view)
    wait_until(lambda: view.stats()["pages"] > pages and view.is_ready)


def test_guard_holds_the_pages_own_navigation_and_tells_so(guarded, js, click, wait_until, expect_log, caplog):
    expect_log("the page stays, as its beforeunload asks")
    view = guarded()
    pages = view.stats()["pages"]
    view.page().triggerAction(view.page().WebAction.SelectAll)  # an action that loads nothing
    click(view, "#go")
    wait_until(lambda: "the page stays" in caplog.text)
    assert view.stats()["pages"] == pages
    assert js(view, "i.value") == "a"


def test_guard_holds_again_after_a_load_of_the_program(guarded, click, wait_until, expect_log, caplog):
    expect_log("the page stays, as its beforeunload asks")
    view = guarded()
    pages = view.stats()["pages"]
    view.reload()
    wait_until(lambda: view.stats()["pages"] > pages and view.is_ready)
    guarded.change(view)
    click(view, "#go")
    wait_until(lambda: "the page stays" in caplog.text)
    assert view.stats()["pages"] == pages + 1
