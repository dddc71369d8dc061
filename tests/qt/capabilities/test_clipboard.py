"""The capability "clipboard" decides about navigator.clipboard, on pages that have the bridge."""

from __future__ import annotations

import pytest

from auroraview_qt import Policy, WebView
from auroraview_qt.qt.support.binding import QtGui
from tests.servers import serving

BUTTON = "<button id=b>copy</button>"
CALLS = {
    "writeText": "navigator.clipboard.writeText('new')",
    "write": "navigator.clipboard.write([new ClipboardItem({'text/plain': new Blob(['new'], {type: 'text/plain'})})])",
    "readText": "navigator.clipboard.readText()",
}


@pytest.fixture
def ask(click, js, wait_until):
    """Run a call of navigator.clipboard in a click, and return whether it succeeds."""

    def ask(view, call):
        QtGui.QGuiApplication.clipboard().setText("old")
        js(
            view,
            f"(b.onclick = () => {CALLS[call]}.then((v) => {{ said = ['ok', v]; }}, (e) => {{ said = [e.name]; }}),"
            " said = 0)",
        )
        click(view, "#b")
        wait_until(lambda: js(view, "said"))
        return js(view, "said")

    return ask


@pytest.mark.parametrize(
    ("permissions", "writes", "reads"),
    [
        (("clipboard-write",), True, False),
        (("clipboard-read",), True, True),
        (("clipboard-write", "clipboard-read"), True, True),
    ],
)
def test_permissions_open_the_standard_clipboard_only(make_view, ask, js, expect_log, permissions, writes, reads):
    expect_log("clipboard-read")
    view = make_view(BUTTON, policy=Policy(permissions=permissions))
    assert (ask(view, "writeText")[0] == "ok") == writes
    assert (ask(view, "readText")[0] == "ok") == reads
    assert js(view, "'clipboard' in auroraview") is False


@pytest.mark.parametrize(
    ("options", "writes", "reads"),
    [({}, True, True), ({"read": False}, True, False), ({"write": False}, False, False), (None, False, False)],
)
def test_capability_decides(make_view, ask, expect_log, options, writes, reads):
    expect_log("the permission clipboard-read and clipboard-write of")
    view = make_view(BUTTON)
    if options is not None:
        view.enable("clipboard", **options)
    for call in ("writeText", "write"):
        assert ask(view, call)[0] == ("ok" if writes else "NotAllowedError"), call
        assert QtGui.QGuiApplication.clipboard().text() == ("new" if writes else "old"), call
    assert ask(view, "readText") == (["ok", "old"] if reads else ["NotAllowedError"])


def test_disabled_capability_takes_it_back(make_view, ask, expect_log, js, wait_until):
    expect_log("the permission clipboard-read and clipboard-write of")
    view = make_view(BUTTON)
    view.enable("clipboard")
    assert ask(view, "writeText")[0] == "ok"
    view.disable("clipboard")
    assert ask(view, "writeText") == ["NotAllowedError"]
    view.enable("clipboard")
    pages = view.stats()["pages"]
    view.reload()
    wait_until(lambda: view.stats()["pages"] > pages and view.is_ready)
    assert ask(view, "writeText")[0] == "ok"


def test_login_without_the_bridge_has_no_clipboard(make_view, ask, expect_log, js, wait_until):
    expect_log("the permission clipboard-read and clipboard-write of")
    with serving({"/": BUTTON}) as login:
        view = make_view(f"{BUTTON}<a id=go href='{login.url}/'>log in</a>", policy=Policy(navigate=[login.url]))
        view.enable("clipboard")
        home = view.url()
        js(view, "go.click() || 1")
        wait_until(lambda: view.url().port() == login.port and js(view, "typeof b") == "object")
        assert ask(view, "writeText") == ["NotAllowedError"]
        view.load(home)
        wait_until(lambda: view.is_ready)
        assert ask(view, "writeText")[0] == "ok"


def test_policy_enables_capabilities(make_view, js, tmp_path):
    (tmp_path / "a.txt").write_text("text")
    view = make_view(
        "<script>first = Object.keys(auroraview)</script>", policy=Policy(clipboard=True, fs={"roots": tmp_path})
    )
    assert js(view, "['fs', 'clipboard', 'shell'].filter((name) => first.includes(name))") == ["fs", "clipboard"]
    with pytest.raises(TypeError, match="did you mean 'roots'"):
        WebView(policy=Policy(fs={"root": tmp_path}))
