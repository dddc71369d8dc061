"""Who is answered: only the top frame of a trusted page, through the injected runtime."""

from __future__ import annotations

import pytest

from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.support.binding import QtCore, QWebEngineView
from tests.servers import serving

PAGE = "<!doctype html><title>foreign</title><p>hello"


@pytest.fixture
def server():
    """Serve a page on the loopback interface."""
    with serving({"/": PAGE, "/file": (200, {"Content-Disposition": "attachment; filename=x.bin"}, PAGE)}) as served:
        yield served.url


def test_page_of_an_untrusted_origin_gets_no_runtime_and_no_events(make_view, js, wait_until, server):
    view = make_view("<p>")
    view.emit("before", 1)
    loaded = []
    view.loadFinished.connect(loaded.append)
    view.load_url(server)
    view.emit("secret", {"scene": "unsaved"})
    wait_until(lambda: loaded and js(view, "document.title") == "foreign")
    assert js(view, "typeof auroraview") == "undefined"
    view.emit("secret", {"scene": "unsaved"})
    assert not view.is_ready or view.stats()["queued"] > 0
    assert view.stats()["queued"] >= 1


def test_trusted_origin_is_answered(make_view, js, wait_until, server):
    view = make_view(trusted_origins=[server])
    got = []
    view.on("x", got.append)
    view.load_url(server + "/")
    wait_until(lambda: view.is_ready)
    js(view, "auroraview.emit('x', location.origin)")
    wait_until(lambda: got)
    assert got == [server]


def test_iframe_gets_no_runtime(make_view, js, wait_until, server):
    view = make_view(f"<iframe srcdoc='<p>'></iframe><iframe src='{server}/'></iframe>")
    wait_until(lambda: js(view, "frames.length") == 2)
    assert js(view, "typeof frames[0].auroraview + typeof frames[0].qt") == "undefinedundefined"


def test_page_loaded_after_a_link_that_opened_outside_has_the_bridge(make_view, js, click, wait_until):
    view, opened = make_view("<a id=out href='https://example.org/'>out</a>"), []
    view.page().open_external = opened.append
    click(view, "#out")
    wait_until(lambda: opened)
    view.load_html("<title>next</title>")
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "[document.title, typeof auroraview]") == ["next", "object"]


def test_page_that_came_without_the_runtime_is_loaded_again(make_view, js, wait_until, expect_log):
    view = make_view("<title>one</title>")
    expect_log("navigation to https://example.org/ refused")
    view.page().navigation_refused.disconnect()  # Qt 6.11 prevents this
    js(view, "(location.href = 'https://example.org/') && 1")
    js(view, "1")
    view.load_html("<title>next</title>")
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)


def test_navigation_to_a_local_file_is_refused(make_view, js, wait_until, expect_log, tmp_path):
    view, opened = make_view("<p>"), []
    view.page().open_external = opened.append
    expect_log("")  # Chromium's own console error, or our refusal: which of the two differs between versions
    js(view, f"(location.href = 'file://{tmp_path}/') && 1")
    js(view, "1")
    assert view.url().scheme() == "auroraview"
    assert not opened


def test_permission_is_refused(make_view, js, wait_until, expect_log):
    view = make_view("<script>window.answer = ''</script>")
    expect_log("permission")
    js(view, "navigator.geolocation.getCurrentPosition(() => { answer = 'granted' }, (e) => { answer = 'refused' }) || 1")
    wait_until(lambda: js(view, "answer"))
    assert js(view, "answer") == "refused"


def test_download_is_refused(make_view, js, wait_until, expect_log, caplog, server):
    view = make_view("<p>", trusted_origins=[server])
    expect_log("refused")
    js(view, f"(location.href = '{server}/file') && 1")
    wait_until(lambda: any("download of" in r.getMessage() for r in caplog.records))


def test_alert_confirm_and_prompt_nest_no_event_loop(make_view, js, expect_log):
    view = make_view("<p>")
    for name in ("alert", "confirm", "prompt"):
        expect_log(f"{name}() is")
    assert js(view, "[alert('a') === undefined, confirm('b'), prompt('c')]") == [True, False, None]


def test_deeply_nested_message_is_refused_before_it_is_parsed(make_view, js, wait_until, expect_log):
    view, got = make_view("<p>"), []
    view.on("*", lambda event, data: got.append(event))
    expect_log("nests deeper")
    js(view, "ipc.postMessage('[' .repeat(500) + ']'.repeat(500))")
    js(view, "auroraview.emit('next')")
    wait_until(lambda: got)
    assert got == ["next"]


def test_view_is_a_plain_web_engine_view(make_view):
    view = make_view("<p>")
    assert isinstance(view, QWebEngineView)
    assert isinstance(view.url(), QtCore.QUrl)


def test_hello_that_comes_before_qt_tells_the_url_is_judged_by_that_url(make_view, js, wait_until, monkeypatch):
    held = []
    document_url = Page.document_url
    monkeypatch.setattr(Page, "document_url", lambda page: document_url(page) if held else "")
    view = make_view("<title>early</title>", wait=False)
    wait_until(lambda: view.title() == "early" and view._connection._early_messages)
    assert not view.is_ready
    held.append(1)
    view.page().urlChanged.emit(view.page().url())
    wait_until(lambda: view.is_ready)


def test_hello_of_an_untrusted_page_that_comes_before_its_url_is_refused(make_view, wait_until, expect_log, monkeypatch):
    expect_log("https://evil.example/ is not trusted")
    held = []
    document_url = Page.document_url
    monkeypatch.setattr(Page, "document_url", lambda page: document_url(page) if held else "")
    view = make_view("<title>early</title>", wait=False)
    wait_until(lambda: view.title() == "early" and view._connection._early_messages)
    held.append(1)
    monkeypatch.setattr(Page, "document_url", lambda page: "https://evil.example/")
    view.page().urlChanged.emit(view.page().url())
    assert view.stats()["refused"] >= 1
    assert not view.is_ready
