"""https://auroraview.localhost/: allowed requesters, served files and their types, and refusals."""

from __future__ import annotations

import http.server
import json
import threading

import pytest

from auroraview_qt import QtWebView
from auroraview_qt.errors import FileMissingError, ScopeViolationError
from auroraview_qt.qt.support.binding import QtCore

HOST = "https://auroraview.localhost"


@pytest.fixture
def disk(tmp_path):
    """Make two folders beside each other: the page may reach only the first."""
    for name in ("open", "closed"):
        (tmp_path / name).mkdir()
        (tmp_path / name / "data.txt").write_text(name)
        (tmp_path / name / "page.html").write_text(
            f"<title>{name}</title><script>window.typeOfBridge = typeof auroraview</script>"
            "<script>fetch('data.txt').then(() => { result = 'read' }, () => { result = 'refused' })</script>"
        )
    (tmp_path / "open" / "s.js").write_text("window.ran = 1")
    return tmp_path


@pytest.fixture
def fetch(js, wait_until):
    """Get a URL from within a page; return ``[text, type]``, or ``"refused"``."""

    def fetch(view, url, method="GET"):
        js(
            view,
            f"""(window.got = null, (() => {{
                const x = new XMLHttpRequest();
                x.onload = () => {{ got = [x.responseText, x.getResponseHeader('content-type')]; }};
                x.onerror = () => {{ got = 'refused'; }};
                try {{ x.open('{method}', {json.dumps(url)}); x.send(); }} catch (error) {{ got = 'refused'; }}
            }})(), 1)""",
        )
        wait_until(lambda: js(view, "got") is not None, url)
        return js(view, "got")

    return fetch


def file_url(path):
    return f"{HOST}/file{QtCore.QUrl.fromLocalFile(str(path)).path(QtCore.QUrl.ComponentFormattingOption.FullyEncoded)}"


def test_disk_is_closed_unless_the_program_names_a_folder(make_view, fetch, disk, expect_log):
    view = make_view("<p>")
    expect_log("")
    assert fetch(view, file_url(disk / "open" / "data.txt")) == "refused"
    view.allow_files(disk / "open")
    assert fetch(view, file_url(disk / "open" / "data.txt"))[0] == "open"
    assert fetch(view, file_url(disk / "closed" / "data.txt")) == "refused"
    view.allow_files()
    assert fetch(view, file_url(disk / "open" / "data.txt")) == "refused"


def test_disk_is_open_where_fs_is_and_closes_with_it(make_view, fetch, disk, expect_log):
    view = make_view("<p>")
    expect_log("")
    view.enable("fs", roots=[disk / "open"])
    assert fetch(view, file_url(disk / "open" / "data.txt"))[0] == "open"
    view.disable("fs")
    assert fetch(view, file_url(disk / "open" / "data.txt")) == "refused"


@pytest.mark.parametrize(
    "tail", ["/../closed/data.txt", "/%2e%2e/closed/data.txt", "/..%2fclosed%2fdata.txt", "/link/data.txt", "/%00", "/"]
)
def test_no_url_leads_out_of_the_folder(make_view, fetch, disk, expect_log, tail):
    (disk / "open" / "link").symlink_to(disk / "closed")
    view = make_view("<p>")
    expect_log("")
    view.allow_files(disk / "open")
    assert fetch(view, file_url(disk / "open") + tail) == "refused"


def test_html_from_disk_is_text_to_who_fetches_it(make_view, fetch, disk):
    view = make_view("<p>")
    view.allow_files(disk / "open")
    text, kind = fetch(view, file_url(disk / "open" / "page.html"))
    assert "<title>open</title>" in text
    assert kind.startswith("text/plain")


def test_document_from_disk_has_no_bridge_and_runs_nothing(make_view, js, wait_until, disk, expect_log):
    view = make_view("<p>")
    expect_log("")
    view.allow_files(disk / "open")
    js(view, f"(location.href = {json.dumps(file_url(disk / 'open' / 'page.html'))}, 1)")
    wait_until(lambda: view.title() == "open")
    assert js(view, "[typeof auroraview, typeof typeOfBridge, typeof result]") == ["undefined"] * 3
    view.emit("kept", 1)
    view.back()
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)


def test_page_that_is_not_trusted_reads_nothing(make_view, js, wait_until, fetch, disk, expect_log):
    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("Content-Type", "text/html")
            self.end_headers()
            self.wfile.write(b"<title>foreign</title>")

        def log_message(self, *args):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        view = make_view("<p>")
        expect_log("")
        view.allow_files(disk / "open")
        view.load_url(f"http://127.0.0.1:{server.server_port}/")
        wait_until(lambda: view.title() == "foreign")
        for url in (file_url(disk / "open" / "data.txt"), f"{HOST}/"):
            assert fetch(view, url) == "refused"
        js(
            view,
            f"(s = document.createElement('script'), s.src = {json.dumps(file_url(disk / 'open' / 's.js'))}, "
            "s.onerror = () => { failed = 1 }, document.body.append(s), 1)",
        )
        wait_until(lambda: js(view, "typeof failed") == "number")
        assert js(view, "typeof ran") == "undefined"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_each_view_reads_its_own_folders(make_view, fetch, disk, expect_log):
    one, other = make_view("<p>"), make_view("<p>")
    expect_log("")
    one.allow_files(disk / "open")
    other.allow_files(disk / "closed")
    assert fetch(other, file_url(disk / "open" / "data.txt")) == "refused"
    assert fetch(other, file_url(disk / "closed" / "data.txt"))[0] == "closed"


def test_page_of_a_local_file_reads_what_it_may(make_view, js, wait_until, disk, expect_log):
    expect_log("")
    (disk / "ui").mkdir()
    (disk / "ui" / "index.html").write_text(
        f"<title>local</title><script src='{file_url(disk / 'open' / 's.js')}'></script>"
        "<script src='../open/s.js'></script><img id=i src='../open/i.svg'>"
        "<script>addEventListener('load', () => auroraview.send_event('ran', [window.ran, i.naturalWidth]))</script>"
    )
    (disk / "open" / "s.js").write_text("window.ran = (window.ran || 0) + 1")
    (disk / "open" / "i.svg").write_text("<svg xmlns='http://www.w3.org/2000/svg' width='7' height='5'/>")
    view, got = make_view(kind=QtWebView), []
    view.on("ran", got.append)
    view.allow_files(disk / "open")
    view.load_file(disk / "ui" / "index.html")
    wait_until(lambda: got)
    assert got == [[2, 7]]


def test_what_is_not_got_is_refused(make_view, fetch, disk, expect_log):
    view = make_view("<p>")
    expect_log("")
    view.allow_files(disk / "open")
    assert fetch(view, file_url(disk / "open" / "data.txt"), "POST") == "refused"


def test_script_that_is_not_there_fails_and_the_page_lives(make_view, js, wait_until, expect_log):
    view = make_view("<script>failed = 0</script>")
    expect_log("not there")
    js(
        view,
        f"(s = document.createElement('script'), s.src = '{HOST}/nothing.js', s.onerror = () => {{ failed = 1 }},"
        "document.body.append(s), 1)",
    )
    wait_until(lambda: js(view, "failed") == 1)
    assert view.stats()["pages"] == 1


def test_load_url_of_a_file_out_of_reach_says_so(make_view, disk):
    view = make_view()
    with pytest.raises(ScopeViolationError):
        view.load_url(file_url(disk / "open" / "page.html"))
    view.allow_files(disk / "open")
    with pytest.raises(FileMissingError):
        view.load_url(file_url(disk / "open" / "nothing.html"))


def test_assets_stand_beside_what_is_shown(make_view, fetch, disk, tmp_path):
    (tmp_path / "assets" / "sub").mkdir(parents=True)
    (tmp_path / "assets" / "sub" / "a.txt").write_text("asset")
    view = make_view("<p>")
    view.serve_assets(tmp_path / "assets")
    assert fetch(view, f"{HOST}/sub/a.txt")[0] == "asset"
    assert fetch(view, "sub/a.txt")[0] == "asset"
    with pytest.raises(FileNotFoundError, match="no folder"):
        view.serve_assets(tmp_path / "nowhere")


def test_assets_may_use_inline_scripts_and_app_files_not(make_view, js, wait_until, expect_log, tmp_path):
    (tmp_path / "index.html").write_text("<script>window.inline = 1</script>")
    view = make_view()
    expect_log("Content Security Policy")
    expect_log("Content-Security-Policy")
    view.serve_assets(tmp_path)
    view.load_url(f"{HOST}/index.html")
    wait_until(lambda: view.is_ready)
    assert js(view, "typeof inline") == "number"
    view.load_app(tmp_path)
    wait_until(lambda: view.stats()["pages"] == 2 and view.is_ready)
    assert js(view, "typeof inline") == "undefined"
