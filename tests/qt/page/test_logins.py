"""Servers and proxies that ask for a login: the policy's answer, or none, and never a made-up answer."""

from __future__ import annotations

import base64
import contextlib
import http.server
import threading

import pytest

from auroraview_qt import Policy
from tests.qt.programs import run_python


class Studio:
    """A server, or proxy, that lets ann in, and asks everybody else for a login.

    Attributes
    ----------
    url : str
        Its origin.
    logins : list of str
        The sent logins; empty texts are sent as ``":"``.
    asked : int
        The number of requests without a favicon's.
    """

    def __init__(self, port):
        self.port, self.url, self.logins, self.asked = port, f"http://127.0.0.1:{port}", [], 0


@pytest.fixture
def studio():
    """Run a server whose login is ann with the password right."""
    with asking(401, "WWW-Authenticate", "Authorization") as server:
        yield server


@contextlib.contextmanager
def asking(status, asks, answers):
    made = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def answer(self):
            server, sent = made[0], self.headers.get(answers)
            login = base64.b64decode(sent.split()[1]).decode() if sent else None
            if not self.path.endswith("/favicon.ico"):
                server.asked += 1
                server.logins += [login] if login is not None else []
            inside = login == "ann:right"
            body = f"<title>{'inside' if inside else 'please log in'}</title>{self.path}".encode()
            self.send_response(200 if inside else status)
            if not inside:
                self.send_header(asks, f'Basic realm="studio{server.asked if self.path.startswith("/?") else ""}"')
            self.send_header("Content-Type", "text/html")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = answer  # noqa: N815  # the names are the library's

        def log_message(self, *_):
            pass

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    httpd.daemon_threads = True
    made.append(Studio(httpd.server_port))
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made[0]
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()


def shown(make_view, wait_until, server, **policy):
    """Return a view that has loaded the server's page, or its refusal."""
    view, loads = make_view(trusted_origins=[server.url], policy=Policy(**policy)), []
    view.loadFinished.connect(loads.append)
    view.load_url(server.url + "/")
    wait_until(lambda: loads and view.title() in ("inside", "please log in"))
    return view


@pytest.mark.parametrize(
    "credentials",
    [{}, {"http://127.0.0.1:1": ("ann", "right")}, {"https://127.0.0.1": ("ann", "right")}, lambda origin, realm: None],
)
def test_server_without_credentials_shows_its_answer_and_gets_none(
    make_view, wait_until, studio, expect_log, caplog, credentials
):
    expect_log("the login of")
    view = shown(make_view, wait_until, studio, credentials=credentials)
    assert view.title() == "please log in"
    assert (studio.logins, studio.asked) == ([], 1)
    (told,) = (record.getMessage() for record in caplog.records if "the login of" in record.getMessage())
    assert f'Policy(credentials={{"{studio.url}"' in told


def test_login_of_the_policy_is_sent_once(make_view, wait_until, js, studio):
    view = shown(make_view, wait_until, studio, credentials={studio.url: ("ann", "right")})
    assert view.title() == "inside"
    assert studio.logins == ["ann:right"]
    js(view, "(window.got = [], ['/a', '/a', '/b'].forEach((path) => fetch(path).then((r) => got.push(r.status))), 1)")
    wait_until(lambda: js(view, "got.length") == 3)
    assert js(view, "got") == [200, 200, 200]


def test_function_gets_the_origin_and_the_name_of_the_login(make_view, wait_until, studio):
    asked = []

    def login(*arguments):
        asked.append(arguments)
        return ["ann", "right"]

    assert shown(make_view, wait_until, studio, credentials=login).title() == "inside"
    assert asked == [(studio.url, "studio")]


def test_refused_login_is_not_sent_again(make_view, wait_until, js, studio, expect_log, caplog):
    expect_log("refused the credentials")
    expect_log("Failed to load resource")
    view = shown(make_view, wait_until, studio, credentials={studio.url: ("ann", "wrong")})
    assert view.title() == "please log in"
    pages = []
    view.loadFinished.connect(pages.append)
    view.reload()
    wait_until(lambda: pages)
    js(view, "(window.got = [], [1, 2, 3].forEach((n) => fetch(`/?${n}`).then((r) => got.push(r.status))), 1)")
    wait_until(lambda: js(view, "got.length") == 3)
    assert js(view, "got") == [401, 401, 401]
    assert studio.logins == ["ann:wrong"]
    assert "wrong" not in caplog.text
    assert sum("refused the credentials" in record.getMessage() for record in caplog.records) == 1


def test_next_login_of_a_function_is_tried_after_a_refused_login(make_view, wait_until, studio):
    passwords = iter(["wrong", "right"])
    view = shown(make_view, wait_until, studio, credentials=lambda *_: ("ann", next(passwords)))
    assert view.title() == "inside"
    assert studio.logins == ["ann:wrong", "ann:right"]


@pytest.mark.parametrize("result", [("ann",), "ann", ("ann", 1), 5, ValueError("no"), SystemExit(1)])
def test_function_that_fails_sends_nothing(make_view, wait_until, studio, expect_log, result):
    expect_log("the login of")

    def login(*_):
        if isinstance(result, BaseException):
            raise result
        return result

    assert shown(make_view, wait_until, studio, credentials=login).title() == "please log in"
    assert studio.logins == []


def test_view_may_be_deleted_by_its_function(make_view, wait_until, studio, expect_log):
    expect_log("the login of")
    views, asked = [], []

    def login(*_):
        views[0].deleteLater()
        asked.append(1)

    views.append(make_view(trusted_origins=[studio.url], policy=Policy(credentials=login)))
    gone = []
    views[0].destroyed.connect(lambda: gone.append(1))
    views[0].load_url(studio.url + "/")
    wait_until(lambda: gone and asked)
    assert studio.logins == []


@pytest.mark.parametrize("login", [None, ("ann", "right"), ("ann", "wrong")])
def test_proxy_gets_the_login_of_the_policy_or_none(login):
    """In its own process: the engine takes the proxy when it starts."""
    with asking(407, "Proxy-Authenticate", "Proxy-Authorization") as proxy:
        code, told = run_python(f"""
            import logging, sys
            logging.basicConfig(stream=sys.stdout)
            from qtpy import QtNetwork
            from auroraview_qt import Policy, WebView
            from auroraview_qt.qt.support.binding import QtCore, QtWidgets
            app = QtWidgets.QApplication(["tool"])
            kind = QtNetwork.QNetworkProxy.ProxyType.HttpProxy
            QtNetwork.QNetworkProxy.setApplicationProxy(QtNetwork.QNetworkProxy(kind, "127.0.0.1", {proxy.port}))
            view = WebView(policy=Policy(credentials={ {"proxy://127.0.0.1": login} if login else {} }))
            view.load_url("http://farm.studio.lan/")
            view.loadFinished.connect(lambda ok: (print("ENDED", view.title()), app.quit()))
            view.show()
            QtCore.QTimer.singleShot(50000, lambda: app.exit(3))
            sys.exit((getattr(app, "exec", None) or app.exec_)())
        """)
    assert code == 0, told
    assert ("ENDED inside" in told) == (login == ("ann", "right")), told
    assert proxy.logins == ([":".join(login)] if login else [])
    assert ("the login of proxy://127.0.0.1 refused" in told) == (login is None)
    assert ("proxy://127.0.0.1 refused the credentials" in told) == (login == ("ann", "wrong"))
