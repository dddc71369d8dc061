"""Real pages for the attack suite, made as in `tests/qt`, and a web server whose pages attack them."""

from __future__ import annotations

import http.server
import json
import threading
from collections.abc import Iterator
from typing import Any, Callable

import pytest

from auroraview_qt import WebView
from auroraview_qt.qt.transport.bridge import RELAY_WORLD
from tests.qt.conftest import click, expect_log, js, make_view, spot, wait_collected, wait_until

__all__ = ["click", "expect_log", "js", "make_view", "spot", "wait_collected", "wait_until"]


class AttackServer:
    """A web server on loopback.

    Attributes
    ----------
    url, other_url : str
        The server's two origins, which are two sites for a browser.
    seen : list of str
        The requested paths, with their queries.
    """

    def __init__(self) -> None:
        self.seen: list[str] = []
        self._pages: dict[str, tuple[int, dict[str, str], bytes]] = {}
        server = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                server.seen.append(self.path)
                missing = (404, {}, b"")
                status, headers, body = server._pages.get(self.path.partition("?")[0], missing)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html", "Content-Length": str(len(body)), **headers}.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *_: object) -> None:
                pass

        self._httpd = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._httpd.serve_forever, kwargs={"poll_interval": 0.01})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._httpd.server_port}"
        self.other_url = f"http://localhost:{self._httpd.server_port}"

    def add(self, path: str, body: str = "", *, status: int = 200, **headers: str) -> str:
        """Serve a document, and return its path; an underscore in a header's name becomes a hyphen."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._pages[path] = status, named, f"<!doctype html>{body}".encode()
        return path

    def close(self) -> None:
        """Stop."""
        self._httpd.shutdown()
        self._httpd.server_close()
        self._thread.join()


@pytest.fixture
def server() -> Iterator[AttackServer]:
    """Serve the pages a test adds."""
    made = AttackServer()
    yield made
    made.close()


@pytest.fixture
def relay_js(wait_until: Callable[..., None]) -> Callable[[WebView, str], Any]:
    """Evaluate an expression in the relay's world, which no script of a page can: the strongest attacker there is."""

    def evaluate(view: WebView, source: str) -> Any:
        results: list[Any] = []
        view.page().runJavaScript(f"JSON.stringify([{source}])", RELAY_WORLD, results.append)
        wait_until(lambda: bool(results), f"a result of {source[:80]}")
        return json.loads(results[0])[0]

    return evaluate
