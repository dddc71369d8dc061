"""Loading: strings of any size, files, app folders; titles, developer tools, wrong use."""

from __future__ import annotations

import os
import threading

import pytest

from auroraview_qt import WebView, errors
from auroraview_qt.qt.support.binding import QtCore


def test_load_html_beyond_two_megabytes_shows_and_answers(make_view, js, wait_until):
    view, got = make_view("<title>big</title><p id=p>" + "ä" * 1_500_000 + "</p>"), []
    view.on("x", got.append)
    assert js(view, "document.getElementById('p').textContent.length") == 1_500_000
    js(view, "auroraview.emit('x', document.title)")
    wait_until(lambda: got)
    assert got == ["big"]


def test_load_html_is_a_secure_context_and_survives_reload(make_view, js, wait_until):
    view = make_view("<title>ä 🎬</title>")
    assert js(view, "[isSecureContext, document.title]") == [True, "ä 🎬"]
    view.reload()
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert view.title() == "ä 🎬"


def test_load_file_is_trusted_with_its_folder(make_view, js, wait_until, tmp_path):
    folder = tmp_path / "my tool (v2) ä"
    folder.mkdir()
    (folder / "index.html").write_text("<meta charset=utf-8><script src='main.js'></script>", "utf-8")
    (folder / "main.js").write_text("auroraview.emit('from_file', location.pathname)", "utf-8")
    view, got = make_view(), []
    view.on("from_file", got.append)
    view.load_file(folder / "index.html")
    wait_until(lambda: got)
    assert got[0].endswith("/my%20tool%20(v2)%20%C3%A4/index.html")


@pytest.mark.parametrize(
    "name", ["C#", "100%", "a%20b", "q?x=1", "a&b;c", "プロジェクト", "it's", "a~b", "[x]", "a+b", "é\u0301", "new\nline"]
)
def test_load_file_in_a_folder_with_an_odd_name_has_all_its_resources(make_view, js, wait_until, tmp_path, name):
    folder = tmp_path / name / "ui"
    folder.mkdir(parents=True)
    (folder / "a#1.html").write_text(
        "<link rel=stylesheet href='x%201.css'><img src='i%231.svg'><script src='./s%20%231.js'></script>"
        "<script type=module src=m.js></script>"
    )
    (folder / "s #1.js").write_text("window.classic = 1")
    (folder / "m.js").write_text("import {part} from './sub/part.js'; window.part = part")
    (folder / "sub").mkdir()
    (folder / "sub" / "part.js").write_text("export const part = 2")
    (folder / "x 1.css").write_text("@font-face { font-family: f; src: url(none.woff) } body { color: rgb(1, 2, 3) }")
    (folder / "i#1.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='7' height='5'/>")
    view = make_view()
    view.load_file(folder / "a#1.html")
    wait_until(lambda: view.is_ready and js(view, "window.part || 0") == 2)
    assert js(view, "[classic, document.images[0].naturalWidth, getComputedStyle(document.body).color]") == [
        1,
        7,
        "rgb(1, 2, 3)",
    ]


@pytest.mark.skipif(os.name == "nt", reason="names are texts there")
def test_load_file_whose_name_is_no_text_is_shown(make_view, js, wait_until, tmp_path):
    folder = tmp_path / "caf\udce9"
    folder.mkdir()
    (folder / "\udcff.html").write_text("<script src=s.js></script>")
    (folder / "s.js").write_text("window.ran = 1")
    view = make_view()
    view.load_file(folder / "\udcff.html")
    wait_until(lambda: view.is_ready and js(view, "window.ran || 0") == 1)


def test_load_file_loaded_again_and_gone_back_to_reads_its_own_folder(make_view, js, wait_until, expect_log, tmp_path):
    expect_log("")
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "page.html").write_text(f"<title>{name}</title><script src=s.js></script>")
        (tmp_path / name / "s.js").write_text(f"window.mine = '{name}'")
    view = make_view()
    for name in ("one", "two"):
        view.load_file(tmp_path / name / "page.html")
        wait_until(lambda name=name: view.title() == name and view.is_ready)
        assert js(view, "mine") == name
    view.back()
    wait_until(lambda: view.stats()["pages"] == 3 and view.is_ready and view.title() == "one")
    assert js(view, "mine") == "one"
    view.reload()
    wait_until(lambda: view.stats()["pages"] == 4 and view.is_ready)
    assert js(view, "mine") == "one"


def test_load_of_a_local_address_in_a_folder_of_load_file_is_that_page(make_view, js, wait_until, tmp_path):
    (tmp_path / "my ui").mkdir()
    for name in ("page", "other"):
        (tmp_path / "my ui" / f"{name}.html").write_text(f"<title>{name}</title>")
    view = make_view()
    view.load_file(tmp_path / "my ui" / "page.html")
    wait_until(lambda: view.is_ready)
    address = QtCore.QUrl.fromLocalFile(str(tmp_path / "my ui" / "other.html"))
    address.setQuery("a=1")
    address.setFragment("b")
    view.load(address)
    wait_until(lambda: view.title() == "other" and view.is_ready)
    assert js(view, "[location.protocol, location.search, location.hash]") == ["auroraview:", "?a=1", "#b"]


def test_load_url_of_a_local_address_shows_it_without_the_bridge(make_view, js, wait_until, expect_log, tmp_path):
    expect_log("")
    (tmp_path / "page.html").write_text("<title>report</title>")
    view = make_view()
    view.load_url((tmp_path / "page.html").as_uri())
    wait_until(lambda: view.title() == "report")
    assert js(view, "typeof auroraview") == "undefined"


def test_load_file_that_is_missing_names_it(make_view, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"nowhere\.html"):
        make_view().load_file(tmp_path / "nowhere.html")


@pytest.fixture
def app_dir(tmp_path):
    """A small built front-end, with a secret beside it."""
    app = tmp_path / "app"
    (app / "assets").mkdir(parents=True)
    (app / "index.html").write_text(
        "<!doctype html><head><meta charset=utf-8><link rel=stylesheet href=assets/x.css></head><body>"
        "<script>window.inline = true</script><script type=module src=assets/main.js></script>"
    )
    (app / "assets" / "main.js").write_text("import {value} from './part.js'; auroraview.emit('loaded', value);")
    (app / "assets" / "part.js").write_text("export const value = 'ä';", "utf-8")
    (app / "assets" / "x.css").write_text("body { color: rgb(1, 2, 3) }")
    (tmp_path / "secret.txt").write_text("secret")
    return app


def test_load_app_serves_modules_and_styles_under_a_policy(make_view, js, wait_until, expect_log, app_dir):
    view, got = make_view(), []
    view.on("loaded", got.append)
    expect_log("Content Security Policy")
    expect_log("Content-Security-Policy")
    view.load_app(app_dir)
    wait_until(lambda: got and view.is_ready)
    assert got == ["ä"]
    assert js(view, "typeof inline") == "undefined"
    assert js(view, "getComputedStyle(document.body).color") == "rgb(1, 2, 3)"


@pytest.mark.parametrize("path", ["../secret.txt", "..%2fsecret.txt", "%2e%2e/secret.txt", "assets/..%5c..%5csecret.txt"])
def test_load_app_serves_nothing_outside_its_folder(make_view, js, wait_until, expect_log, app_dir, path):
    view = make_view()
    expect_log("")
    view.load_app(app_dir)
    wait_until(lambda: view.is_ready)
    js(
        view,
        f"""(window.answer = null, window.request = new XMLHttpRequest(), request.open('GET', '{path}'),
        request.onload = () => {{ answer = request.responseText || 'empty'; }},
        request.onerror = () => {{ answer = 'refused'; }}, request.send())""",
    )
    wait_until(lambda: js(view, "answer") is not None)
    assert "secret" not in js(view, "answer").replace("secret.txt", "")


def test_load_app_without_index_names_the_folder(make_view, tmp_path):
    with pytest.raises(FileNotFoundError, match=r"has no index\.html"):
        make_view().load_app(tmp_path)


def test_load_url_of_a_path_says_what_to_use(make_view):
    with pytest.raises(ValueError, match="load_file"):
        make_view().load_url("panel.html")


def test_ready_is_told_all_five_ways(make_view, js, wait_until):
    view = make_view(wait=False)
    signals, events = [], []
    view.ready.connect(lambda: signals.append(True))
    view.on("__auroraview_ready", events.append)
    view.load_html(
        "<script>window.told = [auroraview._ready]; addEventListener('auroraviewready', (e) => told.push(e.detail.url));"
        "auroraview.whenReady().then((object) => told.push(object === auroraview, auroraview.isReady()))</script>"
    )
    wait_until(lambda: signals and view.is_ready)
    assert js(view, "told") == [True, js(view, "location.href"), True, True]
    assert set(events[0]) == {"timestamp", "url"}
    assert len(events) == len(signals) == 1


def test_page_that_plants_a_stand_in_finds_the_real_object(make_view, js):
    view = make_view("<script>if (!window.auroraview) window.auroraview = {api: {}}</script>")
    assert js(view, "typeof auroraview.call") == "function"


def test_devtools_open_only_where_asked_for(make_view, wait_until):
    with pytest.raises(errors.DevtoolsDisabledError, match="devtools=True"):
        make_view("<p>").open_devtools()
    view = make_view("<p>", devtools=True)
    view.open_devtools()
    tools = view.page().devToolsPage()
    loaded = []
    tools.loadFinished.connect(loaded.append)
    wait_until(lambda: loaded)
    assert tools.inspectedPage() is not None


def test_unknown_keyword_names_the_near_match(qapp):
    with pytest.raises(TypeError, match=r"'titel'.*did you mean 'title'"):
        WebView(titel="x")
    with pytest.raises(TypeError, match="one of url, html and app_dir"):
        WebView(html="x", url="https://example.com")


def test_title_keyword_is_the_window_title(make_view):
    assert make_view("<title>page</title>", title="Assets").windowTitle() == "Assets"


def test_emit_from_many_threads_while_loading_is_safe(make_view, js, wait_until):
    view = make_view("<script>window.n = 0; auroraview.on('t', () => { n += 1; })</script>", wait=False)
    workers = [threading.Thread(target=lambda: [view.emit("t") for _ in range(500)]) for _ in range(4)]
    for worker in workers:
        worker.start()
    wait_until(lambda: view.is_ready and js(view, "n") == 2000)
    for worker in workers:
        worker.join()
