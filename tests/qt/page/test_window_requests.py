"""Requests of a page to its window: to close it, a menu, and servers without a valid certificate."""

from __future__ import annotations

import http.server
import shutil
import ssl
import subprocess
import threading

import pytest

from auroraview_qt.policy import Policy
from auroraview_qt.qt.support.binding import QtCore, QtWidgets
from tests.qt.programs import run_python

PAGE = "<title>page</title><p id=text>text</p><input id=field value=word>"


def test_close_hides_a_view_that_is_a_window(make_view, js, wait_until):
    view = make_view(PAGE)
    js(view, "(window.close(), 1)")
    wait_until(lambda: not view.isVisible())


def test_close_hides_the_dock_and_never_the_window_of_the_host(make_view, js, wait_until, qapp):
    view = make_view(PAGE)
    window = QtWidgets.QMainWindow()
    dock = QtWidgets.QDockWidget(window)
    dock.setWidget(view)
    window.addDockWidget(QtCore.Qt.DockWidgetArea.RightDockWidgetArea, dock)
    window.show()
    js(view, "(window.close(), 1)")
    wait_until(lambda: not dock.isVisible())
    assert window.isVisible()
    window.deleteLater()


def test_close_in_a_part_of_a_window_is_told(make_view, js, wait_until, expect_log, caplog, qapp):
    expect_log("window.close(): the view is a part of a window")
    view = make_view(PAGE)
    window = QtWidgets.QWidget()
    QtWidgets.QVBoxLayout(window).addWidget(view)
    window.show()
    js(view, "(window.close(), 1)")
    wait_until(lambda: "the view is a part of a window" in caplog.text)
    assert window.isVisible()
    view.setParent(None)
    window.deleteLater()


def test_print_says_how_to_print_unless_the_program_does(make_view, js, wait_until, expect_log, caplog):
    expect_log("window.print() of")
    view, asked = make_view(PAGE), []
    for _ in range(2):
        js(view, "(window.print(), 1)")
    wait_until(lambda: "connect view.page().printRequested" in caplog.text)
    assert caplog.text.count("window.print() of") == 1
    other = make_view(PAGE)
    other.page().printRequested.connect(lambda: asked.append(1))
    js(other, "(window.print(), 1)")
    wait_until(lambda: asked)
    assert caplog.text.count("window.print() of") == 1


def test_page_that_asks_for_missing_webgl_is_told_once():
    code, told = run_python(
        """
        import logging, sys
        logging.basicConfig(stream=sys.stdout)
        from auroraview_qt import WebView
        from auroraview_qt.qt.support.binding import QtCore, QtWidgets
        app = QtWidgets.QApplication(["tool"])
        view = WebView(html="<canvas id=c></canvas><script>for (let n = 0; n < 3; n += 1) {"
            "c.getContext('webgl'); document.createElement('canvas').getContext('webgl2');}"
            "c.getContext('2d').fillRect(0, 0, 1, 1); auroraview.emit('drawn', c.getContext('webgl') === null)</script>")
        view.on("drawn", lambda data: (print("DRAWN", data), app.quit()))
        view.show()
        QtCore.QTimer.singleShot(50000, lambda: app.exit(3))
        sys.exit((getattr(app, "exec", None) or app.exec_)())
        """,
        QTWEBENGINE_CHROMIUM_FLAGS="--disable-3d-apis",
    )
    assert code == 0, told
    assert "DRAWN True" in told
    assert told.count("this machine gives pages no webgl") == 1, told


@pytest.fixture
def entries_of_menu(click, wait_until):
    """Click with the right button; give the texts of the menu's entries."""

    def open_menu(view, is_open):
        click(view, "#field", "Right")
        menus = []

        def look():
            menus[:] = [m for m in QtWidgets.QApplication.topLevelWidgets() if isinstance(m, QtWidgets.QMenu)]
            return is_open(menus)

        wait_until(look)
        texts = [action.text().replace("&", "") for menu in menus for action in menu.actions() if action.text()]
        for menu in menus:
            menu.close()
        return texts

    return open_menu


def any_menu(menus):
    return any(menu.isVisible() for menu in menus)


def has_browser_entries(texts):
    return any(word in text.lower() for text in texts for word in ("back", "forward", "reload", "save", "source"))


def test_menu_has_entries_for_editing_only(make_view, entries_of_menu):
    entries = entries_of_menu(make_view(PAGE), any_menu)
    assert any("Paste" in text for text in entries)
    assert not has_browser_entries(entries)


def test_menu_of_a_browser_is_there_if_the_policy_says_so(make_view, entries_of_menu):
    view = make_view(PAGE.replace("<input", "<span"), policy=Policy(context_menu="browser"))
    assert has_browser_entries(entries_of_menu(view, any_menu))


def test_function_of_the_policy_changes_the_menu(make_view, entries_of_menu):
    view = make_view(PAGE, policy=Policy(context_menu=lambda menu: menu.addAction("Publish")))
    assert "Publish" in entries_of_menu(view, any_menu)


def test_function_of_the_policy_that_raises_leaves_the_menu_away(make_view, entries_of_menu, expect_log, caplog):
    expect_log("no menu was shown")
    view = make_view(PAGE, policy=Policy(context_menu=lambda menu: 1 / 0))
    entries_of_menu(view, lambda menus: "no menu was shown" in caplog.text)
    assert not any_menu([m for m in QtWidgets.QApplication.topLevelWidgets() if isinstance(m, QtWidgets.QMenu)])


@pytest.fixture
def https_server(tmp_path):
    """Serve a page with a certificate that nobody knows."""
    if shutil.which("openssl") is None:
        pytest.skip("needs openssl")
    (tmp_path / "index.html").write_text("<title>secured</title>")
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1"]
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", "k.pem", "-out", "c.pem", "-days", "2"]
    subprocess.run([*command, *names], cwd=tmp_path, check=True, capture_output=True)

    class Handler(http.server.SimpleHTTPRequestHandler):
        def __init__(self, *arguments):
            super().__init__(*arguments, directory=str(tmp_path))

        def log_message(self, *arguments):
            pass

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(tmp_path / "c.pem", tmp_path / "k.pem")
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *arguments: None
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"https://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.qt_log_ignore("QSslSocket")  # Qt 5 looks for symbols of an older OpenSSL
def test_certificate_nobody_knows_is_refused_and_told(make_view, wait_until, expect_log, caplog, https_server):
    expect_log(f"the certificate of {https_server} refused")
    expect_log("could not be loaded")
    view, loads = make_view(None, trusted_origins=[https_server]), []
    view.loadFinished.connect(loads.append)
    view.load_url(f"{https_server}/")
    wait_until(lambda: loads and f'Policy(certificate_errors=("{https_server}",))' in caplog.text)
    assert loads[0] is False
    wait_until(lambda: "could not be loaded" in caplog.text)


@pytest.mark.qt_log_ignore("QSslSocket")
def test_certificate_that_the_policy_names_is_accepted(make_view, wait_until, https_server):
    view = make_view(None, trusted_origins=[https_server], policy=Policy(certificate_errors=[https_server]))
    view.load_url(f"{https_server}/")
    wait_until(lambda: view.is_ready and view.title() == "secured")
