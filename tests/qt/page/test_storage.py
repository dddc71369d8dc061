"""Named storages: what pages keep lasts, belongs to the name, and each view still shows its own app."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys

import pytest

from auroraview_qt import Placeholder, WebView, create_view
from auroraview_qt.errors import StorageError
from auroraview_qt.qt.page import scheme
from auroraview_qt.qt.support import preflight
from auroraview_qt.qt.support.binding import QWebEngineUrlRequestJob, is_alive
from auroraview_qt.qt.support.data_folder import FOLDER_VARIABLE
from tests.qt.programs import run_python
from tests.servers import serving

KEEP = """(async () => {
  localStorage.setItem('key', 'kept');
  const open = indexedDB.open('tool', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('things');
  const base = await new Promise((done, failed) => { open.onsuccess = () => done(open.result); open.onerror = failed; });
  const change = base.transaction('things', 'readwrite');
  change.objectStore('things').put('kept', 'key');
  await new Promise((done, failed) => { change.oncomplete = done; change.onabort = failed; });
  return 1;
})()"""
FIND = """(async () => {
  const open = indexedDB.open('tool', 1);
  open.onupgradeneeded = () => open.result.createObjectStore('things');
  const base = await new Promise((done, failed) => { open.onsuccess = () => done(open.result); open.onerror = failed; });
  const asked = base.transaction('things').objectStore('things').get('key');
  const value = await new Promise((done, failed) => { asked.onsuccess = () => done(asked.result); asked.onerror = failed; });
  return [location.origin, localStorage.getItem('key'), value || null];
})()"""
#: Shows a page, asks it, waits for the answer, and quits.
PROGRAM = """
import json, logging, sys
from auroraview_qt import Policy, WebView
from auroraview_qt.qt.support.binding import QtCore, QtWidgets
logging.basicConfig(stream=sys.stdout)
app = QtWidgets.QApplication(["tool"])
view = WebView(html="<title>page</title>", storage=sys.argv[1], policy=Policy(navigate=sys.argv[3:]))
def ready():
    asked = view.eval_js(sys.argv[2])
    asked.add_done_callback(lambda future: (print("ANSWER", json.dumps(future.result())), app.quit()))
view.ready.connect(ready)
view.show()
QtCore.QTimer.singleShot(50000, lambda: app.exit(3))
sys.exit((getattr(app, "exec", None) or app.exec_)())
"""


@pytest.fixture
def data(tmp_path, monkeypatch):
    """A folder for all storages of a test."""
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path / "data"))
    return tmp_path / "data"


@pytest.fixture
def make_app(tmp_path):
    """Make the folder of an app whose files tell its name."""

    def make(name):
        folder = tmp_path / name
        folder.mkdir()
        (folder / "index.html").write_text(f"<title>{name}</title><script src=app.js></script>")
        (folder / "app.js").write_text(f"window.who = '{name}';")
        (folder / "who.js").write_text(f"self.who = '{name}';")
        (folder / "ask.js").write_text(
            "const x = new XMLHttpRequest(); x.onloadend = () => postMessage(x.responseText || 'refused');"
            "x.open('GET', '/own'); x.send();"
        )
        (folder / "worker.js").write_text("importScripts('who.js'); postMessage(self.who);")
        return folder

    return make


def evaluated(view, wait_until, source):
    future = view.eval_js(source)
    wait_until(future.done)
    return future.result()


def run(name, source, *origins):
    """Run the program; return its answer and its output."""
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, name, source, *origins], capture_output=True, text=True, timeout=90, check=False
    )
    answer = re.search("^ANSWER (.*)$", done.stdout, re.MULTILINE)
    assert done.returncode == 0, done.stdout + done.stderr
    assert answer is not None, done.stdout + done.stderr
    return json.loads(answer[1]), done.stdout


def test_page_finds_everything_in_the_next_process(data):
    found, _ = run("studio.assets", FIND)
    assert found == ["auroraview://studio.assets", None, None]
    run("studio.assets", KEEP)
    found, told = run("studio.assets", FIND)
    assert found == ["auroraview://studio.assets", "kept", "kept"]
    assert "lasts" not in told
    assert run("studio.other", FIND)[0] == ["auroraview://studio.other", None, None]
    assert sorted(folder.name for folder in data.iterdir()) == ["studio.assets", "studio.other"]
    assert os.name == "nt" or (data / "studio.assets").stat().st_mode & 0o77 == 0


@pytest.mark.parametrize("cookie", ["sid=1", "sid=1; Max-Age=1000"])
def test_login_of_yesterday_is_sent_today(make_view, wait_until, js, data, cookie):
    """Cookies last, and those of a session too: a panel has no session of its own."""
    program = """
import sys
from auroraview_qt import Policy, WebView
from auroraview_qt.qt.support.binding import QtCore, QtWidgets
app = QtWidgets.QApplication(["tool"])
view = WebView(url=sys.argv[1], trusted_origins=[sys.argv[1]], storage="studio.login")
view.ready.connect(app.quit)
view.show()
QtCore.QTimer.singleShot(50000, lambda: app.exit(3))
sys.exit((getattr(app, "exec", None) or app.exec_)())
"""
    with serving({"/": (200, {"Set-Cookie": cookie}, "<title>login</title>")}) as server:
        for _ in range(2):
            subprocess.run([sys.executable, "-c", program, f"{server.url}/"], timeout=90, check=True)
        assert server.cookies == ["", "sid=1"]


def test_views_of_a_name_share_the_storage_and_show_their_own_apps(make_view, wait_until, js, data, make_app):
    first, second = (make_view(app_dir=make_app(name), storage="studio.two") for name in ("one", "two"))
    other = make_view("<p>", storage="studio.three")
    for view, name in ((first, "one"), (second, "two")):
        wait_until(lambda view=view, name=name: view.is_ready and js(view, "window.who") == name)
    assert evaluated(first, wait_until, KEEP) == 1
    assert evaluated(second, wait_until, FIND) == ["auroraview://studio.two", "kept", "kept"]
    assert evaluated(other, wait_until, FIND) == ["auroraview://studio.three", None, None]
    for view, name in ((second, "two"), (first, "one")) * 2:
        pages = view.stats()["pages"]
        view.reload()
        wait_until(lambda view=view, pages=pages: view.stats()["pages"] > pages and view.is_ready)
        assert js(view, "window.who") == name
    for view, name in ((second, "two"), (first, "one")):
        js(
            view,
            """(window.who = null, document.head.append(Object.assign(document.createElement('script'),
            {src: 'https://auroraview.localhost/who.js'})), 1)""",
        )
        wait_until(lambda view=view: js(view, "window.who") is not None)
        assert js(view, "window.who") == name
    ask = """new Promise((done) => { const x = new XMLHttpRequest(); x.onloadend = () => done(x.responseText);
        x.open('GET', 'app.js'); x.setRequestHeader('X-Aurora-View', '%s'); x.send(); })"""
    sites = first.page().profile()._handler.sites._sites
    for token in {key[1].decode() for key in sites} | {"", "x"}:
        assert "one" not in evaluated(second, wait_until, ask % token)


@pytest.mark.skipif(
    not hasattr(QWebEngineUrlRequestJob, "setAdditionalResponseHeaders"), reason="Qt 6.6 has response headers"
)
def test_views_in_a_single_renderer_show_their_own_apps(data, make_app):
    """The engine shares renderers if a machine has little memory, or many pages."""
    code, told = run_python(
        f"""
        import sys
        from auroraview_qt import WebView
        from auroraview_qt.qt.support.binding import QtCore, QtWidgets
        app = QtWidgets.QApplication(["tool"])
        loop = QtCore.QEventLoop()
        run = getattr(loop, "exec", None) or loop.exec_
        views = [WebView(app_dir=folder, storage="studio.one") for folder in {[str(make_app("one")), str(make_app("two"))]}]
        poll = QtCore.QTimer()
        poll.start(10)

        def wait(is_done):
            check = lambda: is_done() and loop.quit()
            poll.timeout.connect(check)
            run()
            poll.timeout.disconnect(check)

        for view in views:
            view.show()
            wait(lambda: view.is_ready)
        for view in views * 2:
            pages = view.stats()["pages"]
            view.reload()
            wait(lambda: view.stats()["pages"] > pages and view.is_ready)
        for view in views:
            asked = view.eval_js("[document.title, window.who]")
            asked.add_done_callback(lambda future: (print("IS", future.result()), loop.quit()))
            run()
        print("RENDERERS", len({{view.page().renderProcessPid() for view in views}}))
        """,
        QTWEBENGINE_CHROMIUM_FLAGS="--renderer-process-limit=1",
    )
    assert code == 0, told
    assert "RENDERERS 1" in told
    assert "IS ['one', 'one']" in told
    assert "IS ['two', 'two']" in told


def test_worker_belongs_to_its_view_or_is_refused(make_view, wait_until, js, data, make_app, expect_log):
    """Qt 6.11 does not tell which view a worker belongs to."""
    expect_log("views with the same storage show different apps")
    expect_log("Uncaught")
    start = """(window.told = null, w = new Worker('worker.js'),
        w.onmessage = (e) => { told = e.data; }, w.onerror = () => { told = 'refused'; }, 1)"""
    app = make_app("one")
    views = [make_view(app_dir=app, storage="studio.workers") for _ in range(2)]
    for view in views:
        wait_until(lambda view=view: view.is_ready)
        js(view, start)
        wait_until(lambda view=view: js(view, "told") == "one")
    for view, name in zip(views, ("one", "two")):
        view.resource("/own", lambda name=name: name.encode())
    for view, name in zip(views, ("one", "two")):
        js(view, start.replace("worker.js", "ask.js"))
        wait_until(lambda view=view: js(view, "told") is not None)
        assert js(view, "told") in (name, "refused")
    views[1].load_app(make_app("two"))
    wait_until(lambda: views[1].title() == "two" and views[1].is_ready)
    for view, name in zip(views, ("one", "two")):
        js(view, start)
        wait_until(lambda view=view: js(view, "told") is not None)
        assert js(view, "told") in (name, "refused")
    views[0].deleteLater()
    wait_until(lambda: not is_alive(views[0]))
    js(views[1], start)
    wait_until(lambda: js(views[1], "told") == "two")


def test_second_process_works_and_says_once_what_will_not_last(make_view, wait_until, data):
    first = make_view("<p>", storage="studio.second")
    first.state.persist("first")
    first.state["first"] = 1
    assert evaluated(first, wait_until, KEEP) == 1
    program = """
import logging, sys, json
from auroraview_qt import WebView
from auroraview_qt.qt.support.binding import QtCore, QtWidgets
logging.basicConfig(stream=sys.stdout)
app = QtWidgets.QApplication(["tool"])
views = [WebView(html="<p>", storage="studio.second") for _ in range(2)]
views[0].state.persist("first", "second")
views[0].state["second"] = 2
def ready():
    views[0].eval_js("localStorage.setItem('own', 'mine')").result
    asked = views[1].eval_js("new Promise((done) => setTimeout(() => done(localStorage.getItem('own')), 500))")
    asked.add_done_callback(lambda future: (print("ANSWER", future.result(), views[0].state.to_dict()), app.quit()))
views[0].show(), views[1].show()
views[1].ready.connect(ready)
QtCore.QTimer.singleShot(50000, lambda: app.exit(3))
sys.exit((getattr(app, "exec", None) or app.exec_)())
"""
    assert first.state._file.flush()
    code, told = run_python(program)
    assert code == 0, told
    assert "ANSWER mine {'first': 1, 'second': 2}" in told
    assert told.count("last until this process ends") == 1
    assert f"process {os.getpid()} " in told
    assert evaluated(first, wait_until, FIND)[1:] == ["kept", "kept"]
    later = make_view("<p>", storage="studio.second")
    later.state.persist("second")
    assert later.state["second"] == 2


def test_folder_that_cannot_be_used_is_told_and_the_view_works(make_view, wait_until, data, expect_log, caplog):
    data.write_text("in the way")
    expect_log("storage 'studio.blocked'")
    expect_log("the state could not be written")
    view = make_view("<p>", storage="studio.blocked")
    assert evaluated(view, wait_until, KEEP) == 1
    assert FOLDER_VARIABLE in caplog.text
    view.state.persist("layout")
    view.state["layout"] = 1
    assert not view.state._file.flush()


def test_state_needs_a_name_to_persist(make_view):
    with pytest.raises(StorageError, match="storage="):
        make_view("<p>").state.persist("layout")


def test_placeholder_persists_the_state_and_checks_the_name(data, monkeypatch, qapp):
    problem = preflight.Problem("switched_off", "text", "advice")
    monkeypatch.setattr("auroraview_qt.qt.placeholder.find_problem", lambda: problem)
    view = create_view(storage="studio.assets")
    assert isinstance(view, Placeholder)
    view.state.persist("layout")
    with pytest.raises(StorageError):
        create_view(storage="Studio")
    view.deleteLater()


def test_name_is_checked_before_anything_is_made(make_view, data):
    with pytest.raises(StorageError, match="storage="):
        WebView(storage="../other")
    assert not data.exists()


def test_profiles_with_a_storage_are_deleted_with_the_application_after_their_pages():
    """An application may run its event loop again: then a view gets the same storage."""
    code, told = run_python("""
        import logging, os, sys, tempfile
        logging.basicConfig(stream=sys.stdout)
        os.environ["AURORAVIEW_QT_DATA_DIR"] = tempfile.mkdtemp()
        from auroraview_qt import WebView
        from auroraview_qt.qt.page import scheme
        from auroraview_qt.qt.support.binding import QtCore, QtWidgets, is_alive
        app = QtWidgets.QApplication(["tool"])
        for _ in range(2):
            views = [WebView(html="<p>", storage=name, devtools=True) for name in ("a", "b", "a", None)]
            profiles = {view.page().profile() for view in views}
            assert len(profiles) == 3
            for view in views:
                view.show()
            views[0].open_devtools()
            views[-1].ready.connect(app.quit)
            (getattr(app, "exec", None) or app.exec_)()
            assert [is_alive(scheme._profiles[name]) for name in ("a", "b", None)] == [False, False, True]
    """)
    assert code == 0, told
    assert "Expect troubles" not in told
    assert "last until" not in told


def test_named_views_are_isolated_by_their_profiles(make_view, data):
    first, second, third = (make_view("<p>", storage=name) for name in ("studio.one", "studio.one", None))
    assert first.page().profile() is second.page().profile()
    assert third.page().profile() is scheme.shared_profile()
    assert not first.page().profile().isOffTheRecord()
    assert third.page().profile().isOffTheRecord()
