"""Files that a page offers: refused unless the policy says where to put them."""

from __future__ import annotations

import http.server
import threading

import pytest

from auroraview_qt import Policy
from auroraview_qt.qt.capabilities import downloads
from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive
from tests.servers import serving

PAGE = """<a id=blob download=report.csv>a</a> <a id=data download="../data.txt" href="data:text/plain,hello">b</a>
<canvas id=c width=8 height=8></canvas><a id=canvas download=picture.png>c</a>
<script>
  blob.href = URL.createObjectURL(new Blob(['frame,mass\\n1,2'], {type: 'text/csv'}));
  canvas.href = c.toDataURL();
  told = []; auroraview.on('download', (one) => told.push(one));
</script>"""


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "downloads"


def files(folder):
    return sorted(one.name for one in folder.iterdir()) if folder.is_dir() else []


def seen_by(view):
    changes = []
    view.download_changed.connect(lambda one: changes.append((one.name, one.state)))
    view.changes = changes
    return changes


def test_download_is_refused_by_default_and_log_and_page_name_the_argument(
    make_view, click, js, wait_until, expect_log, caplog
):
    expect_log("Policy(downloads=")
    view = make_view(f"<script>lines = []; console.warn = (text) => lines.push(text)</script>{PAGE}")
    changes = seen_by(view)
    click(view, "#blob")
    wait_until(lambda: "the download of blob:" in caplog.text)
    click(view, "#data")
    wait_until(lambda: "the download of data:" in caplog.text)
    assert caplog.text.count("Policy(downloads=…) allows it") == 2
    assert changes == []


@pytest.mark.parametrize(
    ("link", "name", "content"),
    [("blob", "report.csv", b"frame,mass\n1,2"), ("data", "data.txt", b"hello"), ("canvas", "picture.png", None)],
)
def test_folder_gets_the_files_of_the_page(make_view, click, js, wait_until, folder, link, name, content):
    view = make_view(PAGE, policy=Policy(downloads=folder))
    changes = seen_by(view)
    paths = []
    view.download_changed.connect(lambda one: one.path and paths.append(one.path))
    click(view, f"#{link}")
    wait_until(lambda: (name, "finished") in changes)
    assert files(folder) == [name]
    assert paths == [folder / name]
    data = (folder / name).read_bytes()
    assert data == content if content else data.startswith(b"\x89PNG")
    wait_until(lambda: js(view, "told.length && told[told.length - 1].state") == "finished")
    last = js(view, "told[told.length - 1]")
    assert (last["name"], last["received"], last["total"]) == (name, len(data), len(data))
    click(view, f"#{link}")
    wait_until(lambda: len(files(folder)) == 2 and changes[-1][1] == "finished")
    stem, _, suffix = name.partition(".")
    assert files(folder)[0] == f"{stem} (1).{suffix}"


def test_file_of_the_server_is_saved_and_the_page_stays(make_view, click, js, wait_until, folder):
    answer = (
        200,
        {"Content-Type": "application/octet-stream", "Content-Disposition": 'attachment; filename="a b.bin"'},
        "x",
    )
    with serving({"/": "<p id=p>page</p><a id=go href='/file'>go</a>", "/file": answer}) as server:
        view = make_view(policy=Policy(downloads=str(folder)), trusted_origins=[server.url])
        changes = seen_by(view)
        view.load_url(f"{server.url}/")
        wait_until(lambda: view.is_ready)
        click(view, "#go")
        wait_until(lambda: ("a b.bin", "finished") in changes)
        assert files(folder) == ["a b.bin"]
        assert js(view, "typeof p") == "object"


@pytest.fixture
def slow_server():
    """Serve a file that does not end."""
    stop = threading.Event()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            page = b"<a id=go href='/big.bin'>go</a>"
            self.send_header("Content-Type", "text/html" if self.path == "/" else "application/octet-stream")
            self.send_header("Content-Length", str(len(page) if self.path == "/" else 10_000_000))
            self.end_headers()
            self.wfile.write(page if self.path == "/" else b"x" * 100_000)
            self.wfile.flush()
            if self.path != "/":
                stop.wait(20)

        def log_message(self, *arguments):
            """Print nothing."""

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    stop.set()
    server.shutdown()
    server.server_close()


@pytest.fixture
def running(make_view, click, wait_until, slow_server, folder):
    """Begin a download that does not end; give the view and the list of its downloads."""
    view = make_view(policy=Policy(downloads=folder), trusted_origins=[slow_server])
    found = []
    seen_by(view)
    view.download_changed.connect(lambda one: found.append(one) if one not in found else None)
    view.load_url(f"{slow_server}/")
    wait_until(lambda: view.is_ready)
    click(view, "#go")
    wait_until(lambda: found and found[0].received > 0)
    return view, found


def test_progress_is_reported_and_the_program_cancels(running, wait_until, folder):
    view, found = running
    assert (found[0].name, found[0].total, found[0].state) == ("big.bin", 10_000_000, "running")
    found[0].cancel()
    assert view.changes[-1] == ("big.bin", "cancelled")
    found[0].cancel()
    wait_until(lambda: not is_alive(found[0]))
    assert [state for _, state in view.changes].count("cancelled") == 1
    assert files(folder) == []
    wait_until(lambda: not files(downloads._staging()))


def test_page_cancels(running, js, wait_until):
    view, found = running
    js(view, "(auroraview.emit('download_cancel', {id: 'x'}), auroraview.emit('download_cancel', 7), 1)")
    js(view, f"(auroraview.emit('download_cancel', {{id: {found[0].id}}}), 1)")
    wait_until(lambda: view.changes[-1] == ("big.bin", "cancelled"))


def test_deleted_view_ends_its_download(running, wait_until, folder):
    view, _ = running
    view.deleteLater()
    wait_until(lambda: not is_alive(view) and not files(downloads._staging()))
    assert files(folder) == []


def test_view_may_be_deleted_while_it_reports(make_view, click, wait_until, folder):
    view = make_view(PAGE, policy=Policy(downloads=folder))
    view.download_changed.connect(lambda one: view.deleteLater())
    click(view, "#blob")
    wait_until(lambda: not is_alive(view))


@pytest.mark.parametrize(
    ("answer", "expected"),
    [
        (lambda folder: folder / "chosen.csv", ["chosen.csv"]),
        (lambda folder: str(folder), ["report.csv"]),
        (lambda folder: "refuse", []),
        (lambda folder: "elsewhere", []),
        (lambda folder: None, []),
        (lambda folder: 1 / 0, []),
    ],
)
def test_function_decides(make_view, click, wait_until, expect_log, folder, answer, expected):
    for text in ("function for downloads", "the download of"):
        expect_log(text)
    folder.mkdir()
    asked = []

    def decide(download):
        asked.append((download.name, download.url[:5], download.mime_type))
        return answer(folder)

    view = make_view(PAGE, policy=Policy(downloads=decide))
    changes = seen_by(view)
    click(view, "#blob")
    wait_until(lambda: changes and changes[-1][1] == ("finished" if expected else "cancelled"))
    assert asked == [("report.csv", "blob:", "text/csv")]
    assert files(folder) == expected


@pytest.fixture
def dialog_of(qapp, wait_until):
    """Wait for the open dialog, in which Qt draws the files itself."""
    attribute = QtCore.Qt.ApplicationAttribute.AA_DontUseNativeDialogs
    before = qapp.testAttribute(attribute)
    qapp.setAttribute(attribute, True)

    def find():
        found = []

        def look():
            found[:] = [w for w in qapp.topLevelWidgets() if isinstance(w, QtWidgets.QFileDialog) and w.isVisible()]
            return bool(found)

        wait_until(look)
        return found[0]

    yield find
    qapp.setAttribute(attribute, before)


def test_ask_opens_a_window_modal_dialog_without_a_nested_loop(make_view, click, wait_until, dialog_of, folder):
    folder.mkdir()
    view = make_view(PAGE, policy=Policy(downloads="ask"))
    changes = seen_by(view)
    level = QtCore.QThread.currentThread().loopLevel()
    levels = []
    click(view, "#blob")
    dialog = dialog_of()
    QtCore.QTimer.singleShot(0, lambda: levels.append(QtCore.QThread.currentThread().loopLevel()))
    wait_until(lambda: levels)
    assert levels == [level + 1]  # the loop of wait_until
    assert dialog.windowModality() == QtCore.Qt.WindowModality.WindowModal
    dialog.findChild(QtWidgets.QLineEdit).setText(str(folder / "mine.csv"))
    dialog.accept()
    wait_until(lambda: ("report.csv", "finished") in changes)
    assert files(folder) == ["mine.csv"]


def test_refused_dialog_cancels_and_the_next_file_is_asked_for(make_view, click, js, wait_until, dialog_of):
    view = make_view(PAGE, policy=Policy(downloads="ask"))
    changes = seen_by(view)
    click(view, "#blob")
    first = dialog_of()
    js(view, "(data.click(), 1)")
    wait_until(lambda: ("data.txt", "running") in changes)
    QtCore.QTimer.singleShot(0, first.reject)  # in an event loop, which then deletes it
    wait_until(lambda: ("report.csv", "cancelled") in changes and not is_alive(first))
    dialog_of().reject()
    wait_until(lambda: ("data.txt", "cancelled") in changes)


def test_dialog_closes_with_its_view(make_view, click, wait_until, dialog_of):
    view = make_view(PAGE, policy=Policy(downloads="ask"))
    click(view, "#blob")
    dialog = dialog_of()
    view.deleteLater()
    wait_until(lambda: not is_alive(view) and not is_alive(dialog))


def test_folder_that_cannot_be_made_is_a_failure(make_view, click, wait_until, expect_log, tmp_path):
    expect_log("the download of report.csv failed")
    (tmp_path / "file").write_text("in the way")
    view = make_view(PAGE, policy=Policy(downloads=tmp_path / "file"))
    changes = seen_by(view)
    click(view, "#blob")
    wait_until(lambda: ("report.csv", "failed") in changes)


def test_flood_of_files_is_bounded(make_view, js, wait_until, expect_log, caplog, folder, monkeypatch):
    expect_log("at most 2 files at a time")
    monkeypatch.setattr(downloads, "MAX_RUNNING", 2)
    view = make_view(PAGE, policy=Policy(downloads=folder))
    js(view, "(Array.from({length: 30}, () => blob.click()), 1)")
    wait_until(lambda: "at most 2 files" in caplog.text)


def test_page_without_the_bridge_saves_nothing(make_view, click, js, wait_until, expect_log, caplog, folder):
    expect_log("a page without the bridge saves no files")
    with serving({"/": "<a id=data download=a.txt href='data:text/plain,hello'>b</a>"}) as login:
        view = make_view(f"<a id=go href='{login.url}/'>", policy=Policy(navigate=[login.url], downloads=folder))
        js(view, "go.click() || 1")
        wait_until(lambda: view.url().port() == login.port and js(view, "typeof data") == "object")
        click(view, "#data")
        wait_until(lambda: "a page without the bridge" in caplog.text)
    assert files(folder) == []
