"""Links and windows: out of the panel after a click, inside it with the bridge, and by the policy."""

from __future__ import annotations

import pytest
from qtpy.QtTest import QTest

from auroraview_qt import Policy, WebView
from auroraview_qt.qt.support.binding import QtCore
from tests.servers import serving

OUT = "https://example.com/a"
#: Elements that lead to an address, and how they are clicked.
ELEMENTS = {
    "link": ('<a id=go href="{url}">go</a>', {}),
    "link to a tab": ('<a id=go target=_blank href="{url}">go</a>', {}),
    "link to a tab without opener": ('<a id=go target=_blank rel=noopener href="{url}">go</a>', {}),
    "link to a named window": ('<a id=go target=help href="{url}">go</a>', {}),
    "middle click": ('<a id=go href="{url}">go</a>', {"button": "Middle"}),
    "Ctrl click": ('<a id=go href="{url}">go</a>', {"modifier": "Control"}),
    "Shift click": ('<a id=go href="{url}">go</a>', {"modifier": "Shift"}),
    "location": ("<button id=go onclick=\"location.href = '{url}'\">go</button>", {}),
    "window.open": ("<button id=go onclick=\"window.result = window.open('{url}')\">go</button>", {}),
    "window.open, named": (
        "<button id=go onclick=\"window.result = window.open('{url}', 'help', 'width=90')\">go</button>",
        {},
    ),
    "form": ('<form action="{url}"><button id=go>go</button></form>', {}),
    "form to a tab": ('<form target=_blank action="{url}"><button id=go>go</button></form>', {}),
    "after a pause": ("<button id=go onclick=\"setTimeout(() => {{ location.href = '{url}' }}, 300)\">go</button>", {}),
}


@pytest.fixture
def opened():
    """Return the addresses that the browser has opened."""
    return []


@pytest.fixture
def panel(make_view, opened):
    """Make a view that opens nothing for real."""

    def make(html=None, **keywords):
        view = make_view(html, **keywords)
        view.page().open_external = lambda url: opened.append(
            url.toString(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)
        )
        return view

    return make


@pytest.mark.parametrize(("html", "how"), ELEMENTS.values(), ids=list(ELEMENTS))
def test_outside_address_opens_in_the_browser_once_and_the_panel_stays(panel, opened, js, click, wait_until, html, how):
    view, got = panel(html.format(url=OUT)), []
    view.on("still_here", got.append)
    click(view, "#go", **how)
    wait_until(lambda: opened)
    js(view, "auroraview.emit('still_here')")
    wait_until(lambda: got)
    assert [address.rstrip("?") for address in opened] == [OUT]


@pytest.mark.parametrize(("html", "how"), ELEMENTS.values(), ids=list(ELEMENTS))
def test_address_of_the_app_opens_in_the_panel(panel, opened, js, click, wait_until, html, how):
    with serving({"/": html.format(url="/next"), "/next": "<title>next</title>"}) as server:
        view = panel(trusted_origins=[server.url])
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.is_ready)
        click(view, "#go", **how)
        wait_until(lambda: view.title() == "next" and view.is_ready)
        assert view.url().path() == "/next"
    assert opened == []


@pytest.mark.parametrize(
    "call", ["open('https://example.com/a')", "open('https://example.com/a', 'x', 'width=9')", "open()"]
)
def test_window_open_gives_null(panel, js, click, wait_until, expect_log, call):
    expect_log("refused")
    view = panel(f'<script>window.result = 0</script><button id=go onclick="result = window.{call}">go</button>')
    click(view, "#go")
    wait_until(lambda: js(view, "result") is None)


def test_window_open_without_a_gesture_gives_null_and_tells_page_and_log(panel, opened, js, wait_until, expect_log, caplog):
    expect_log("only after a click")
    view = panel("<p>")
    assert js(view, "open('https://example.com/a')") is None
    wait_until(lambda: "window.open(https://example.com/a) was refused" in caplog.text)
    assert opened == []


def test_window_open_of_a_frame_or_the_page_itself_is_as_in_a_browser(panel, js, wait_until):
    view = panel("<title>one</title><iframe name=inner srcdoc='<p>'></iframe>")
    assert js(view, "open('about:blank', 'inner') === frames[0]")
    js(view, "open('?two', '_self') && 1")
    wait_until(lambda: view.url().query() == "two" and view.is_ready)


def test_key_on_a_link_opens_it(panel, opened, js, wait_until):
    view = panel(f"<a id=go href='{OUT}'>go</a>")
    view.activateWindow()
    view.setFocus()
    js(view, "(go.focus(), 1)")
    wait_until(lambda: js(view, "document.hasFocus() && document.activeElement.id") == "go")
    QTest.keyClick(view.focusProxy(), QtCore.Qt.Key.Key_Return)
    wait_until(lambda: opened)
    assert opened == [OUT]


def test_mail_link_opens_with_its_text(panel, opened, click, wait_until):
    mail = "mailto:help@example.com?subject=Shot%20010&body=Hello%20%C3%A4"
    view = panel(f"<a id=go href='{mail}'>mail</a>")
    click(view, "#go")
    wait_until(lambda: opened)
    assert opened == [mail]


@pytest.mark.parametrize("html", ["<a id=go href='{url}'>go</a>", "<a id=go target=_blank href='{url}'>go</a>"])
@pytest.mark.parametrize(("answer", "opens"), [("browser", True), ("refuse", False), (None, False), (True, False)])
def test_function_for_popups_decides(panel, opened, click, wait_until, expect_log, caplog, html, answer, opens):
    asked = []
    if answer is not None:
        expect_log("the program's function for popups")

    def decide(url):
        asked.append(url)
        return answer

    view = panel(html.format(url=OUT), policy=Policy(popups=decide))
    click(view, "#go")
    wait_until(lambda: asked)
    wait_until(lambda: bool(opened) is opens)
    assert asked == [OUT]
    assert ("refused" in caplog.text) is (answer in ("refuse", True))


def test_function_for_popups_that_raises_opens_nothing(panel, opened, click, wait_until, expect_log, caplog):
    expect_log("failed")
    view = panel(f"<a id=go href='{OUT}'>go</a>", policy=Policy(popups=lambda url: 1 / 0))
    click(view, "#go")
    wait_until(lambda: "ZeroDivisionError" in caplog.text)
    assert opened == []


def test_refused_popup_names_its_address_and_the_argument(panel, opened, click, wait_until, expect_log, caplog):
    expect_log("refused")
    view = panel(f"<a id=go target=_blank href='{OUT}'>go</a>", policy=Policy(popups="refuse"))
    click(view, "#go")
    wait_until(lambda: f'a new window to {OUT} refused: Policy(popups="browser")' in caplog.text)
    assert opened == []


def test_same_refusal_is_logged_once_for_each_origin(panel, js, wait_until, expect_log, caplog):
    expect_log("refused")
    view = panel("<p>")
    for host in ("a", "a", "b", "a"):
        js(view, f"(location.href = 'https://{host}.example/', 1)")
        wait_until(lambda host=host: f"https://{host}.example/" in caplog.text)
    assert caplog.text.count("https://a.example/ refused") == caplog.text.count("https://b.example/ refused") == 1
    assert 'Policy(navigate=("https://a.example",)) shows it' in caplog.text


# Policy(navigate=…)


@pytest.fixture
def login():
    """An identity provider that sends its visitor back."""
    back = "<title>login</title><a id=back>back</a><script>back.href = location.search.slice(1)</script>"
    with serving({"/": back, "/sent": (302, {"Location": "/"}, "")}) as server:
        yield server.url


@pytest.mark.parametrize(
    "leave", ["location.href = '{url}'", "open('{url}')", "setTimeout(() => {{ location.href = '{url}' }})"]
)
def test_login_is_shown_without_the_bridge_and_leads_back_to_the_app(
    panel, opened, js, click, wait_until, caplog, login, tmp_path, leave
):
    (tmp_path / "index.html").write_text("<title>app</title><button id=go>log in</button><script src=a.js></script>")
    (tmp_path / "a.js").write_text(
        f"go.onclick = () => {{ {leave.format(url=f'{login}/?')} }}".replace("?'", "?' + location.href")
    )
    view = panel(policy=Policy(navigate=[login]))
    view.state["kept"] = 7
    view.load_app(tmp_path)
    wait_until(lambda: view.is_ready)
    click(view, "#go")
    wait_until(lambda: view.title() == "login" and js(view, "!!document.getElementById('back')"))
    assert js(view, "typeof auroraview") == "undefined"
    view.emit("late", 1)
    click(view, "#back")
    wait_until(lambda: view.title() == "app" and view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "[typeof auroraview, auroraview.state.kept]") == ["object", 7]
    assert opened == []
    assert "came without the runtime" not in caplog.text


def test_login_that_a_trusted_server_redirects_to_is_shown(panel, js, wait_until, login):
    with serving({"/": (302, {"Location": f"{login}/"}, "")}) as studio:
        view = panel("<title>before</title>", trusted_origins=[studio.url], policy=Policy(navigate=[login]))
        js(view, f"(location.href = '{studio.url}/', 1)")
        wait_until(lambda: view.title() == "login")
        assert js(view, "typeof auroraview") == "undefined"


def test_page_that_may_be_shown_does_not_lead_further(panel, opened, js, wait_until, expect_log, login):
    expect_log("refused")
    with serving({"/": "<title>elsewhere</title>"}) as other:
        view = panel("<p>", policy=Policy(navigate=[login]))
        js(view, f"(location.href = '{login}/', 1)")
        wait_until(lambda: view.title() == "login")
        js(view, f"(location.href = '{other.url}/', 1)")
        js(view, "1")
        assert other.requests == []
    assert view.title() == "login"


def test_load_of_the_program_may_be_redirected_anywhere(panel, wait_until):
    with (
        serving({"/": "<title>target</title>"}) as target,
        serving({"/": (302, {"Location": f"{target.url}/"}, "")}) as first,
    ):
        view = panel()
        view.load_url(f"{first.url}/")
        wait_until(lambda: view.title() == "target")


def test_load_of_the_program_may_be_redirected_within_its_host(panel, wait_until):
    with serving({"/": (302, {"Location": "/next"}, ""), "/next": "<title>next</title>"}) as server:
        view = panel("<title>app</title>")
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.title() == "next")


def test_view_takes_a_policy_only(qapp):
    with pytest.raises(TypeError, match=r"give an auroraview_qt\.Policy"):
        WebView(policy={"popups": "refuse"})
