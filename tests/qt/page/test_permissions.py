"""Permissions of the web platform: refused with a log line, unless the policy grants them to pages with the bridge."""

from __future__ import annotations

import pytest

from auroraview_qt import Policy
from auroraview_qt.qt.page.permissions import web_names
from auroraview_qt.qt.support.binding import QWebEnginePage
from tests.servers import serving

ASK = "Notification.requestPermission().then((answer) => { said = answer; })"
PAGE = f'<button id=b onclick="said = null; {ASK}">ask</button>'


@pytest.fixture
def answer(click, js, wait_until):
    def answer(view):
        click(view, "#b")
        wait_until(lambda: js(view, "window.said || null"))
        return js(view, "said")

    return answer


def test_permission_is_refused_and_the_log_names_it(make_view, answer, expect_log, caplog, wait_until):
    expect_log('Policy(permissions=("notifications",)) grants it')
    view = make_view(PAGE)
    assert answer(view) == "denied"
    wait_until(lambda: 'Policy(permissions=("notifications",)) grants it' in caplog.text)


def test_policy_grants_a_permission_and_no_other(make_view, answer, js, click, wait_until, expect_log, caplog):
    expect_log('Policy(permissions=("geolocation",)) grants it')
    view = make_view(PAGE, policy=Policy(permissions=["notifications"]))
    assert answer(view) == "granted"
    js(view, "(b.onclick = () => navigator.geolocation.getCurrentPosition(() => 0, (e) => { said = e.code; }), said = 0)")
    click(view, "#b")
    wait_until(lambda: js(view, "said") == 1)  # PERMISSION_DENIED
    wait_until(lambda: "geolocation" in caplog.text)


def test_page_without_the_bridge_gets_no_permission(make_view, answer, js, wait_until, expect_log, caplog):
    expect_log("a page without the bridge gets no permission")
    with serving({"/": PAGE}) as login:
        policy = Policy(navigate=[login.url], permissions=["notifications"])
        view = make_view(f"<a id=go href='{login.url}/'>", policy=policy)
        js(view, "go.click() || 1")
        wait_until(lambda: view.url().port() == login.port and js(view, "document.readyState") == "complete")
        assert answer(view) == "denied"
        wait_until(lambda: "a page without the bridge gets no permission" in caplog.text)


def test_engine_names_are_known():
    features = QWebEnginePage.Feature
    assert web_names(features.MediaAudioVideoCapture) == ("camera", "microphone")
    assert web_names(features.MouseLock) == ("pointer-lock",)
    assert web_names(9_999) == ()
