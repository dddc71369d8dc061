"""Serving of files: fresh after a reload, refusals that end, parts of files, large files, and drives that hang."""

from __future__ import annotations

import json
import threading
from pathlib import Path
from typing import Any, Callable

import pytest

from auroraview_qt import WebView
from auroraview_qt.capabilities.scopes import Scopes
from auroraview_qt.qt.page.replies import HAS_HEADERS
from auroraview_qt.qt.support.binding import QtCore

#: Functions of the tests' pages; each ends in `got`.
GET = """window.get = (url, range) => new Promise((resolve) => {
    const x = new XMLHttpRequest();
    x.onloadend = () => resolve([x.status, x.responseText]);
    x.open('GET', url);
    if (range) x.setRequestHeader('Range', range);
    x.send();
});"""


@pytest.fixture
def app(tmp_path: Path) -> Path:
    folder = tmp_path / "C# 100%"
    folder.mkdir()
    (folder / "index.html").write_text("<script src='app.js'></script><link rel=stylesheet href='a%20b.css'>")
    (folder / "app.js").write_text(f"window.build = 1; {GET}")
    (folder / "a b.css").write_text("body { color: rgb(1, 2, 3) }")
    (folder / "data.txt").write_text("0123456789")
    return folder


@pytest.fixture
def value(js: Any, wait_until: Any) -> Callable[[WebView, str], Any]:
    """Return the value of a promise of the page."""

    def value(view: WebView, promise: str) -> Any:
        js(view, f"(window.got = undefined, {promise}.then((v) => {{ got = v; }}, (e) => {{ got = String(e); }}), 1)")
        wait_until(lambda: js(view, "window.got") is not None, promise)
        return js(view, "got")

    return value


@pytest.fixture
def open_app(make_view: Any, wait_until: Any, app: Path) -> WebView:
    view = make_view(app_dir=app)
    wait_until(lambda: view.is_ready)
    return view


def test_app_in_a_folder_with_an_odd_name_loads(open_app: WebView, js: Any, wait_until: Any) -> None:
    wait_until(lambda: js(open_app, "[build, getComputedStyle(document.body).color]") == [1, "rgb(1, 2, 3)"])


RELOADS = [lambda view: view.reload()]
if HAS_HEADERS:  # before Qt 6.6, a reload by the page takes files from the engine's memory
    RELOADS.append(lambda view: view.page().runJavaScript("location.reload()"))


@pytest.mark.parametrize("reload", RELOADS)
def test_reload_shows_the_files_as_they_are_now(
    open_app: WebView, app: Path, js: Any, value: Any, wait_until: Any, reload: Callable[[WebView], None]
) -> None:
    view = open_app
    assert value(view, "get('data.txt')") == [200, "0123456789"]
    (app / "app.js").write_text(f"window.build = 2; {GET}")
    (app / "a b.css").write_text("body { color: rgb(3, 2, 1) }")
    (app / "data.txt").write_text("new")
    pages = view.stats()["pages"]
    reload(view)
    wait_until(lambda: view.stats()["pages"] > pages and view.is_ready)
    wait_until(lambda: js(view, "[build, getComputedStyle(document.body).color]") == [2, "rgb(3, 2, 1)"], "the new files")
    assert value(view, "get('data.txt')") == [200, "new"]
    (app / "data.txt").write_text("newer")
    assert value(view, "get('data.txt')") == [200, "newer"]


@pytest.mark.parametrize("root", ["", "https://auroraview.localhost/"])
def test_missing_file_is_an_answer_that_ends(open_app: WebView, value: Any, expect_log: Any, root: str) -> None:
    expect_log("not there")
    expect_log("Failed to load resource")
    view = open_app
    assert value(view, f"get('{root}no.json')") == [0, ""]
    how = """new Promise((resolve) => {
        const e = document.createElement('%s');
        e.onload = () => resolve('load');
        e.onerror = () => resolve('error');
        e.src = '%sno.%s';
        document.body.append(e);
    })"""
    for element, ending in (("img", "png"), ("script", "js")):
        assert value(view, how % (element, root, ending)) == "error"
    expect_log('URL scheme "auroraview" is not supported')
    fetched = value(view, f"fetch('{root}no.json').then(async (r) => [r.status, r.ok, await r.text()])")
    assert fetched in ([404, False, ""], "TypeError: Failed to fetch")


def test_frame_of_the_app_ends_answers_too(open_app: WebView, app: Path, value: Any, js: Any, expect_log: Any) -> None:
    for text in ("not there", "Failed to load resource", "is not supported"):
        expect_log(text)
    (app / "frame.html").write_text("<script src='frame.js'></script>")
    (app / "frame.js").write_text(
        """const say = (what) => parent.postMessage(what, '*');
        fetch('no.json').then(async (r) => say([r.status, await r.text()]), (e) => say(String(e)))"""
    )
    got = value(
        open_app,
        """new Promise((resolve) => {
            onmessage = (e) => resolve(e.data);
            const f = document.createElement('iframe');
            f.src = 'frame.html';
            document.body.append(f);
        })""",
    )
    assert got in ([404, ""], "TypeError: Failed to fetch")


def test_part_of_a_file_is_read_alone(open_app: WebView, app: Path, value: Any) -> None:
    with (app / "film.bin").open("wb") as file:
        file.seek(700 * 1024 * 1024)
        file.write(b"the end")
    view = open_app
    assert value(view, "get('data.txt', 'bytes=2-4')") == [206, "234"]
    assert value(view, "get('film.bin', 'bytes=734003200-')") == [206, "the end"]
    assert value(view, "get('film.bin', 'bytes=734003204-734003205')") == [206, "en"]


def test_drive_that_hangs_delays_only_its_own_requests(
    open_app: WebView, app: Path, value: Any, js: Any, wait_until: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    release, waiting = threading.Event(), []
    original = Scopes.open_for_reading

    def open_slowly(self: Scopes, path: Any) -> Any:
        if "slow" in str(path):
            assert threading.current_thread() is not threading.main_thread()
            waiting.append(path)
            assert release.wait(60)
        return original(self, path)

    monkeypatch.setattr(Scopes, "open_for_reading", open_slowly)
    view = open_app
    names = [f"slow{n}.txt" for n in range(30)]
    for name in names:
        (app / name).write_text(name)
    roots = ("", "https://auroraview.localhost/")
    urls = [roots[n % 2] + name for n, name in enumerate(names)]
    js(view, f"(window.slow = [], {json.dumps(urls)}.forEach((url) => get(url).then((v) => slow.push(v[1]))), 1)")
    js(
        view,
        "(document.body.append(Object.assign(new Image(), {src: 'slow.png', onerror: () => { window.broken = 1; }})), 1)",
    )
    wait_until(lambda: len(waiting) == 31, "all requests wait")
    beats: list[int] = []
    timer = QtCore.QTimer()
    timer.timeout.connect(lambda: beats.append(1))
    timer.start(1)
    for _ in range(3):
        assert value(view, "get('data.txt')") == [200, "0123456789"]
    wait_until(lambda: len(beats) > 20)
    assert js(view, "slow.length") == 0
    (app / "slow.png").write_bytes(b"no picture")
    release.set()
    wait_until(lambda: js(view, "slow.length === 30 && window.broken"))
    assert sorted(js(view, "slow")) == sorted(names)


def test_many_files_arrive_whole_and_nothing_stays_open(open_app: WebView, app: Path, value: Any, wait_until: Any) -> None:
    for n in range(60):
        (app / f"{n}.bin").write_bytes(bytes([48 + n % 10]) * (1_100_000 if n % 20 == 0 else 20_000))
    sizes = value(open_app, "Promise.all([...Array(60).keys()].map((n) => get(n + '.bin').then((v) => v[1].length)))")
    assert sizes == [1_100_000 if n % 20 == 0 else 20_000 for n in range(60)]
    folder = Path("/proc/self/fd")
    if folder.exists():
        wait_until(lambda: not any(str(app) in str(_target(link)) for link in folder.iterdir()), "all files are closed")


def _target(link: Path) -> Path | None:
    try:
        return link.readlink() if hasattr(link, "readlink") else None
    except OSError:
        return None
