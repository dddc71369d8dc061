"""A small web server on the loopback interface, for pages and services outside the panel."""

from __future__ import annotations

import contextlib
import http.server
import threading
from collections.abc import Iterator
from typing import Any


class Server:
    """The data of a running server for a test.

    Attributes
    ----------
    url : str
        Its origin.
    port : int
        Its port.
    requests : list of str
        The path and query of each request, in order.
    cookies : list of str
        The cookies of each request but those for icons, in order.
    """

    def __init__(self, port: int) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}"
        self.requests: list[str] = []
        self.cookies: list[str] = []


@contextlib.contextmanager
def serving(pages: dict[str, Any], port: int = 0) -> Iterator[Server]:
    """Serve pages by their paths: a text, or a status, headers and a text. Other paths are missing."""
    made: list[Server] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def _answer(self) -> None:
            made[0].requests.append(self.path)
            if self.path != "/favicon.ico":
                made[0].cookies.append(self.headers.get("Cookie", ""))
            page = pages.get(self.path.partition("?")[0], (404, {}, ""))
            status, headers, text = (200, {}, page) if isinstance(page, str) else page
            body = text.encode()
            self.send_response(status)
            sent = {"Content-Type": "text/html", "Access-Control-Allow-Origin": "*", "Content-Length": str(len(body))}
            for name, value in {**sent, **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _answer  # noqa: N815  # the names are the library's

        def log_message(self, *arguments: object) -> None:
            """Print nothing."""

    httpd = http.server.ThreadingHTTPServer(("127.0.0.1", port), Handler)
    httpd.daemon_threads = True
    made.append(Server(httpd.server_port))
    thread = threading.Thread(target=httpd.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield made[0]
    finally:
        httpd.shutdown()
        thread.join()
        httpd.server_close()
