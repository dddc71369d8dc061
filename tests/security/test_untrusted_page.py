"""Attacks by an untrusted page in the top frame, by a frame in a trusted page, and during navigation between pages."""

from __future__ import annotations

import json
from concurrent.futures import Future

import pytest

from auroraview_qt.errors import PageGoneError
from auroraview_qt.qt.support.binding import QtCore

#: Names that a page without the bridge must not have, for its first script and a later script.
LOOK = (
    "[typeof qt, typeof auroraview, typeof ipc, Object.getOwnPropertyNames(window).filter((n) => /aurora/i.test(n)).length]"
)
NOTHING = ["undefined", "undefined", "undefined", 0]
HAS_BRIDGE = ["undefined", "object", "object", 2]
LISTENER = "<script>window.got = []; auroraview.on('scene', (data) => got.push(data));</script>"


def load(view, wait_until, url):
    shown = []

    def finished(_ok):
        if view.url() == QtCore.QUrl(url):  # not for the page before
            shown.append(url)

    view.loadFinished.connect(finished)
    view.load(QtCore.QUrl(url))
    wait_until(lambda: shown, f"loading {url}")
    view.loadFinished.disconnect(finished)


def open_trusted(view, wait_until, html=LISTENER):
    pages = view.stats()["pages"]
    view.load_html(html)
    wait_until(lambda: view.stats()["pages"] > pages and view.is_ready, "the next trusted page")


def open_untrusted(view, server, wait_until, body=""):
    server.add("/untrusted", f"<script>window.first = {LOOK};</script>{body}")
    load(view, wait_until, f"{server.url}/untrusted")


def send_raw(*messages):
    """Return an expression that sends messages of QWebChannel's own protocol."""
    lines = [json.dumps(json.dumps(message)) for message in messages]
    return f"[{', '.join(lines)}].forEach((line) => qt.webChannelTransport.send(line)) || 1"


def write(view, text):
    """Return the channel's message for a write of the property."""
    index = view._connection._bridge.property_index()
    return {"type": 9, "object": "auroraview", "property": index, "value": text}


# Names in an untrusted page


def test_untrusted_page_has_no_transport_no_runtime_and_no_name_of_ours(make_view, js, wait_until, server):
    view = make_view("<p>")
    open_untrusted(view, server, wait_until)
    assert js(view, "first") == NOTHING
    assert js(view, LOOK) == NOTHING
    js(view, "(document.open(), document.write('<p>new'), document.close(), 1)")
    assert js(view, LOOK) == NOTHING


def test_untrusted_page_opened_first_has_nothing_and_the_trusted_page_after_it_has_all(make_view, js, wait_until, server):
    view = make_view()
    open_untrusted(view, server, wait_until)
    assert js(view, "first") == NOTHING
    open_trusted(view, wait_until, f"<script>window.first = {LOOK}</script>")
    assert js(view, "first") == HAS_BRIDGE


def test_untrusted_page_that_has_stolen_everything_is_not_believed(make_view, js, relay_js, wait_until, server, expect_log):
    view, heard = make_view(LISTENER), []
    view.on("*", lambda event, data: heard.append(event))
    document = view._engine.session.document
    open_untrusted(view, server, wait_until)
    wait_until(lambda: view._engine.session is None, "the end of the trusted page's session")
    expect_log("is not trusted")
    view.emit("scene", "unsaved")
    hello = [2, {"type": "hello", "protocol": 3, "url": f"auroraview://{view._targets._host}/", "commands": [], "state": 0}]
    forged = [0, "forged", 1]
    envelopes = [
        [document, 0, 0, [forged]],
        [document, 1, 0, []],  # an acknowledgement
        [document, 0, 1, [forged]],  # a part
        [document, 0, 2, []],  # an announcement of more
        [document, 0, 0, [hello, forged]],  # a hello once more
        ["0123456789abcdef", 0, 0, [hello, [2, {"type": "ready"}], forged]],
        ["0123456789abcdef", 5, 0, [forged]],
    ]
    secret = view._engine.secret
    relay_js(view, send_raw(*(write(view, secret + json.dumps(envelope)) for envelope in envelopes)))
    wait_until(lambda: view.stats()["refused"] >= len(envelopes), "the refusals")
    assert heard == []
    assert not view.is_ready
    assert (view.stats()["pages"], view.stats()["pulls"], view.stats()["queued"]) == (1, 0, 1)
    open_trusted(view, wait_until)
    wait_until(lambda: js(view, "got"), "the event, for the next trusted page")
    assert js(view, "got") == ["unsaved"]
    assert set(heard) == {"__auroraview_ready"}


def test_message_is_judged_by_the_page_that_is_shown_when_it_comes(make_view, wait_until, server, expect_log):
    view, heard = make_view("<p>"), []
    view.on("*", lambda event, data: heard.append(event))
    document = view._engine.session.document
    text = view._engine.secret + json.dumps([document, 0, 0, [[0, "late", 1]]])
    view._connection._bridge.receive(text)
    wait_until(lambda: heard == ["late"])
    open_untrusted(view, server, wait_until)
    expect_log("is not trusted")
    view._connection._bridge.receive(text)
    assert view.stats()["refused"] == 1
    assert not view._engine.has_received()


# Every message and method of QWebChannel, for an attacker who reaches the channel after all

INVOKABLES = ("deleteLater", "deleteLater()", "_q_reregisterTimers", "_q_reregisterTimers(void*)", "destroyed", "objectName")


@pytest.mark.qt_log_ignore(".*")  # Qt complains of each junk message; a page cannot send any
@pytest.mark.parametrize("is_trusted", [True, False])
def test_channel_s_own_protocol_deletes_and_blocks_nothing(
    make_view, js, relay_js, wait_until, server, expect_log, is_trusted
):
    view, up = make_view(LISTENER), []
    if not is_trusted:
        open_untrusted(view, server, wait_until)
        expect_log("is not trusted")
    expect_log("without the view's secret")
    view.on("up", up.append)
    bridge = view._connection._bridge
    methods = [*INVOKABLES, *range(30)]
    messages = [{"type": 6, "object": "auroraview", "method": method, "args": [], "id": 1} for method in methods]
    messages += [{**message, "args": ["junk", 1, None]} for message in messages]
    relay_js(view, send_raw(*messages))
    signals = ({"type": kind, "object": "auroraview", "signal": n} for kind in (7, 8) for n in range(10, 30))
    relay_js(view, send_raw(*signals))
    relay_js(view, send_raw({"type": 4}, {"type": 3, "id": 1}, {"type": 10, "object": "auroraview", "id": 1, "data": 1}))
    wait_until(lambda: view.stats()["refused"] >= 1, "a junk text at the one method")
    assert bridge.parent() is view.page()
    assert not bridge.signalsBlocked()
    open_trusted(view, wait_until)
    js(view, "auroraview.emit('up', 1)")
    wait_until(lambda: up == [1], "an event of the page")
    view.emit("scene", 2)
    wait_until(lambda: js(view, "got") == [2], "an event of Python's")


# On the way from a trusted page to an untrusted page

BLOB = "URL.createObjectURL(new Blob(['<p>x'], {{type: 'text/html'}}))"
AWAY = {
    "link": "location.href = '{other}/away'",
    "replace": "location.replace('{other}/away')",
    "redirect": "location.href = '{own}/redirect'",
    "double redirect": "location.href = '{own}/redirect-twice'",
    "meta refresh": "location.href = '{own}/meta'",
    "refresh header": "location.href = '{own}/refresh'",
    "form": "document.body.innerHTML = '<form action={other}/away></form>'; document.forms[0].submit()",
    "post": "document.body.innerHTML = '<form method=post action={other}/away></form>'; document.forms[0].submit()",
    "about:blank": "location.href = 'about:blank'",
    "about:srcdoc": "location.href = 'about:srcdoc'",
    "data": "location.href = 'data:text/html,<p>x'",
    "blob": f"location.href = {BLOB}",
    "view-source": "location.href = 'view-source:{own}/trusted'",
    "javascript": "location.href = 'javascript:\"<p>x\"'",
    "back": "history.back()",
}


@pytest.mark.parametrize("way", AWAY)
def test_page_that_leads_away_takes_nothing_along(make_view, js, relay_js, wait_until, server, expect_log, way):
    expect_log("")  # a refusal by us or by Chromium: which of the two differs between versions
    look = f"<script>window.first = {LOOK};</script>"
    server.add("/away", look)
    server.add("/redirect", status=302, Location=f"{server.other_url}/away")
    server.add("/redirect-twice", status=302, Location="/redirect")
    server.add("/meta", f"<meta http-equiv=refresh content='0;url={server.other_url}/away'>")
    server.add("/refresh", Refresh=f"0;url={server.other_url}/away")
    server.add("/trusted", f"{look}{LISTENER}")
    view, opened = make_view(trusted_origins=[server.url]), []
    view.page().open_external = opened.append
    load(view, wait_until, f"{server.other_url}/away")  # to go back to
    view.load_url(f"{server.url}/trusted")
    wait_until(lambda: view.is_ready)
    assert js(view, "first") == HAS_BRIDGE
    view.page().runJavaScript(AWAY[way].format(own=server.url, other=server.other_url))
    last = []

    def came_to_rest():
        """Look twice: until the page has arrived, or certainly stays."""
        last.append([view.url().toString(), len(opened)])
        return len(last) > 60 and last[-1] == last[-60]

    wait_until(came_to_rest)
    if view._engine.trust.trusts(view.page().document_url()):
        expected = HAS_BRIDGE
    else:
        expected = NOTHING
        wait_until(lambda: view._engine.session is None, "the end of the session")
        assert relay_js(view, "Object.getOwnPropertyNames(window).filter((n) => /^__auroraview_[0-9a-f]+__$/.test(n))") == []
    assert js(view, LOOK) == expected
    view.emit("scene", "unsaved")
    open_trusted(view, wait_until)
    view.emit("scene", "again")
    wait_until(lambda: js(view, "got")[-1:] == ["again"], "an event for the next trusted page")


@pytest.mark.parametrize("url", ["{other}/away", "about:blank", "data:text/html,<p>x"])
def test_calls_of_a_page_that_makes_way_for_an_untrusted_page_end(make_view, js, wait_until, server, url):
    server.add("/away")
    wait = "auroraview.expose('wait', () => { window.asked = true; return new Promise(() => 0); })"
    view, answers = make_view(f"<script>{wait}</script>"), []
    view.command("later", lambda: answers.append(Future()) or answers[0])
    js(view, "auroraview.call('later').catch(() => 0) && 1")
    asked = view.call("wait", timeout_s=None)
    wait_until(lambda: answers and js(view, "window.asked === true"), "the calls")
    load(view, wait_until, url.format(other=server.other_url))
    wait_until(asked.done, "the end of Python's call")
    assert isinstance(asked.exception(), PageGoneError)
    assert answers[0].cancelled()
    assert not view.is_ready


# Frames

FRAMES = {
    "srcdoc": '<iframe srcdoc="{page}"></iframe>',
    "srcdoc in a sandbox": "<iframe sandbox='allow-scripts' srcdoc=\"{page}\"></iframe>",
    "another origin": "<iframe src='{other}/framed'></iframe>",
    "own origin": "<iframe src='{own}/framed'></iframe>",
    "data": '<iframe src="data:text/html,{page}"></iframe>',
    "object": "<object data='{other}/framed' type='text/html'></object>",
}


@pytest.mark.parametrize("kind", FRAMES)
def test_frame_has_no_transport_no_runtime_and_no_name_of_ours(make_view, js, wait_until, server, kind):
    page = f"<script>parent.postMessage(JSON.stringify({LOOK}), '*')</script>"
    server.add("/framed", page)
    frame = FRAMES[kind].format(page=page.replace('"', "&quot;"), own=server.url, other=server.other_url)
    server.add("/top", f"<script>window.told = []; addEventListener('message', (e) => told.push(e.data));</script>{frame}")
    view = make_view(trusted_origins=[server.url])
    view.load_url(f"{server.url}/top")
    wait_until(lambda: view.is_ready and js(view, "told"), "the frame's report")
    assert json.loads(js(view, "told[0]")) == NOTHING


def test_trusted_page_in_a_frame_of_an_untrusted_page_has_no_bridge(make_view, js, wait_until, server):
    server.add("/trusted", f"<script>parent.postMessage(JSON.stringify({LOOK}), '*')</script>")
    listener = "<script>window.told = []; addEventListener('message', (e) => told.push(e.data));</script>"
    server.add("/top", f"{listener}<iframe src='{server.url}/trusted'></iframe>")
    view = make_view(trusted_origins=[server.url])
    load(view, wait_until, f"{server.other_url}/top")
    wait_until(lambda: js(view, "told"), "the frame's report")
    assert json.loads(js(view, "told[0]")) == NOTHING
    assert js(view, LOOK) == NOTHING
    assert view.stats()["pages"] == 0


def test_window_that_a_page_opens_has_nothing(make_view, js, wait_until, server, expect_log):
    expect_log("window")
    server.add("/popup")
    for view in (make_view("<p>"), make_view()):
        if not view.is_ready:
            open_untrusted(view, server, wait_until)
        for url in ("", "about:blank", f"{server.other_url}/popup", "javascript:1"):
            seen = js(view, f"((w) => w ? [typeof w.qt, typeof w.auroraview] : [])(window.open({json.dumps(url)}))")
            assert set(seen) <= {"undefined"}
