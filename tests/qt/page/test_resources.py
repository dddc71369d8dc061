"""Resources on real pages: pictures on demand, statuses, cancelling, foreign pages, and the host's thread meanwhile."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any, Callable

import pytest

from auroraview_qt import CallContext, Placeholder, Resource, WebView
from auroraview_qt.qt.page import replies
from auroraview_qt.qt.support.binding import QtGui
from auroraview_qt.qt.support.preflight import Problem
from tests.servers import serving


@pytest.fixture
def ask(js: Any, wait_until: Any) -> Callable[..., Any]:
    """Get URLs of resources by XMLHttpRequest; return each status and text, status 0 for an error event."""

    def ask(view: WebView, *urls: str) -> Any:
        js(
            view,
            f"""(window.got = null, Promise.all({json.dumps(urls)}.map((url) => new Promise((resolve) => {{
                const x = new XMLHttpRequest();
                x.onload = () => resolve([x.status, x.responseText]);
                x.onerror = () => resolve([x.status, '']);
                x.open('GET', auroraview.resource(url));
                x.send();
            }}))).then((all) => {{ got = all; }}), 1)""",
        )
        wait_until(lambda: js(view, "got") is not None, str(urls))
        return js(view, "got")

    return ask


def image(width: int, height: int = 4) -> QtGui.QImage:
    picture = QtGui.QImage(width, height, QtGui.QImage.Format.Format_RGB32)
    picture.fill(QtGui.QColor("#336699"))
    return picture


SIZES = """(window.sizes = null, Promise.all(%s.map(async (url) => {
    const i = new Image();
    i.src = url;
    try { await i.decode(); } catch (error) { return 'broken'; }
    return [i.naturalWidth, i.naturalHeight];
})).then((all) => { sizes = all; }), 1)"""


def test_pictures_are_made_on_demand(make_view: Any, js: Any, wait_until: Any) -> None:
    asked: list[tuple[str, int]] = []
    threads = set()
    view = make_view("<p>")

    @view.resource("/thumb/{asset}")
    def thumbnail(asset: str, size: int = 8) -> QtGui.QImage | None:
        asked.append((asset, size))
        threads.add(threading.current_thread())
        return None if asset == "none" else image(size)

    view.resource("/array", lambda: memoryview(bytes(3 * 5 * 4)).cast("B", (3, 5, 4)))
    view.resource("/jpeg", lambda: Resource(image(7), "image/jpeg"))
    view.resource("/empty", lambda: Resource(QtGui.QImage()))
    make_view.expected += ["resource '/empty' failed", "Failed to load resource"]
    urls = """['/thumb/a', '/array', '/jpeg', '/empty', auroraview.resource('thumb/none'),
        auroraview.resource('/thumb/{asset}', {asset: 'ü #/?', size: 9})]"""
    js(view, SIZES % urls)
    wait_until(lambda: js(view, "sizes") is not None)
    assert js(view, "sizes") == [[8, 4], [5, 3], [7, 4], "broken", "broken", [9, 4]]
    assert sorted(asked) == [("a", 8), ("none", 8), ("ü #/?", 9)]
    assert threading.main_thread() not in threads


def test_errors_are_a_status_and_the_next_request_is_answered(make_view: Any, ask: Any) -> None:
    view = make_view("<p>")
    errors = {"gone": FileNotFoundError("x"), "secret": PermissionError("x"), "odd": ValueError("x"), "exit": SystemExit(1)}

    def fn(name: str, size: int = 0) -> bytes:
        if name in errors:
            raise errors[name]
        return name.encode()

    view.resource("/r/{name}", fn)
    make_view.expected += ["resource '/r/{name}'", "size=", "Failed to load resource"]
    answers = ask(view, *[f"/r/{name}" for name in errors], "/r/x?size=big", "/r/fine")
    assert answers[-1] == [200, "fine"]
    statuses = [status for status, _ in answers[:-1]]
    # Before Qt 6, a refusal is an error event without a status.
    assert statuses in ([404, 403, 400, 400, 404], [0, 0, 0, 0, 0])


def test_answer_that_cannot_be_sent_ends(make_view: Any, ask: Any) -> None:
    view = make_view("<p>")
    view.resource("/mime", lambda: Resource(b"x", mime=5))  # type: ignore[arg-type]
    view.resource("/age", lambda: Resource(memoryview(b"x"), max_age_s="long"))  # type: ignore[arg-type]
    view.resource("/letter", lambda: Resource(b"x", mime="text/\ud800"))
    view.resource("/fine", lambda: b"fine")
    make_view.expected += ["a request for", "resource '/", "Failed to load resource"]
    answers = ask(view, "/mime", "/age", "/letter", "/fine")
    assert [status for status, _ in answers[:-1]] in ([400] * 3, [0] * 3)
    assert answers[-1] == [200, "fine"]


def test_request_nobody_waits_for_is_not_run(make_view: Any, js: Any, wait_until: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("auroraview_qt.qt.page.scheme.FUNCTIONS", replies.Pool(1, "single"))
    view = make_view("<p>")
    handler = view.page().profile().findChild(replies.Replies)
    handler._jobs.clear()  # of views that are gone
    began, release, ran = threading.Event(), threading.Event(), []

    @view.resource("/slow/{name}")
    def slow(name: str, ctx: CallContext) -> bytes:
        ran.append(name)
        began.set()
        release.wait(20)
        if name == "first":
            ran.append(ctx.wait_cancelled(20))
        return b"x"

    js(view, "(window.first = new XMLHttpRequest(), first.open('GET', '/slow/first'), first.send(), 1)")
    wait_until(began.is_set)
    js(
        view,
        """(window.all = [...Array(20).keys(), 'last'].map((n) => {
            const x = new XMLHttpRequest(); x.onload = () => { window.done = 1; };
            x.open('GET', '/slow/' + n); x.send(); return x;
        }), 1)""",
    )
    wait_until(lambda: len(handler._jobs) >= 22, "the requests are there")
    js(view, "(first.abort(), all.slice(0, 20).forEach((x) => x.abort()), 1)")
    wait_until(lambda: handler._is_cancelled(min(handler._jobs)), "the first is cancelled")
    wait_until(lambda: sum(map(handler._is_cancelled, handler._jobs)) >= 21, "all are cancelled")
    release.set()
    wait_until(lambda: js(view, "window.done || 0") == 1)
    assert ran == ["first", True, "last"]
    assert not handler._jobs


def test_answers_of_a_deleted_view_harm_nothing(make_view: Any, js: Any, wait_until: Any) -> None:
    view = make_view("<p>")
    began, release, ended = threading.Event(), threading.Event(), threading.Event()

    @view.resource("/slow")
    def slow() -> bytes:
        began.set()
        release.wait(20)
        ended.set()
        return b"x"

    js(view, "(new Image()).src = '/slow'")
    wait_until(began.is_set)
    view.deleteLater()
    other = make_view("<p>")
    release.set()
    wait_until(ended.is_set)
    assert js(other, "1 + 1") == 2


def test_resource_works_on_a_page_of_a_development_server(make_view: Any, ask: Any, wait_until: Any, tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("<p>built")
    with serving({"/": "<p>served"}) as server:
        view = make_view()
        view.resource("/r/{name}", lambda name: name.encode())
        view.load_app(tmp_path, server.url)
        wait_until(lambda: view.is_ready)
        assert ask(view, "/r/x") == [[200, "x"]]


def test_other_pages_get_nothing(make_view: Any, js: Any, wait_until: Any) -> None:
    view, other = make_view("<p>"), make_view("<p>")
    ran: list[str] = []
    view.resource("/r/{name}", lambda name: ran.append(name) or b"x")
    make_view.expected += ["refused", "the host of another view"]
    url = js(view, "auroraview.resource('/r/x')")
    js(other, SIZES % json.dumps([url]))
    wait_until(lambda: js(other, "sizes") is not None)
    assert (js(other, "sizes"), ran) == (["broken"], [])
    js(
        other,
        f"""(window.got = null, (() => {{
            const x = new XMLHttpRequest(); x.onload = x.onerror = () => {{ got = x.status; }};
            x.open('GET', {json.dumps(url)}); x.send();
        }})(), 1)""",
    )
    wait_until(lambda: js(other, "got") is not None)
    assert (js(other, "got"), ran) == (0, [])


def test_bytes_without_a_type_do_not_run(make_view: Any, js: Any, wait_until: Any) -> None:
    view = make_view("<p>")
    view.resource("/{name}", lambda name: b"window.ran = 1")
    view.resource("/typed/{name}", lambda name: Resource(b"window.typed = 1", "text/javascript"))
    make_view.expected += ["a script; a function", "Failed to load resource", "no script for this page"]
    js(
        view,
        """['/a.js', '/b', '/typed/c.js'].forEach((url) => {
            const s = document.createElement('script');
            s.src = url;
            s.onload = s.onerror = () => { window.ended = (window.ended || 0) + 1; };
            document.body.append(s);
        }) || 1""",
    )
    wait_until(lambda: js(view, "window.ended || 0") == 3)
    assert js(view, "[typeof ran, typeof typed]") == ["undefined", "number"]


def test_placeholder_takes_resources(qapp: object) -> None:
    panel = Placeholder(Problem("x", "no engine", "install it"))
    panel.resource("/r/{name}", lambda name: b"x")
    with pytest.raises(ValueError, match="no parameter"):
        panel.resource("/r/{name}", lambda: b"x")
    panel.deleteLater()
