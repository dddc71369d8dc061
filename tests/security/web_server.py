"""A web server on the loopback interface: the source of foreign pages, and the target of stolen data."""

from __future__ import annotations

import http.server
import threading
from types import TracebackType


class WebServer:
    """Serves pages by their paths, and notes every request.

    Parameters
    ----------
    pages : dict
        Path to HTML, or to a status code and a URL to redirect to. Other paths get an empty page.

    Attributes
    ----------
    url : str
        Its origin.
    seen : list of str
        The requested paths with their queries; never the browser's own request for an icon.
    """

    def __init__(self, pages: dict[str, str | tuple[int, str]] | None = None) -> None:
        served, seen = dict(pages or {}), list[str]()
        self.seen, self.pages = seen, served

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                if not self.path.startswith("/favicon"):
                    seen.append(self.path)
                page = served.get(self.path.partition("?")[0], "")
                if isinstance(page, tuple):
                    self.send_response(page[0])
                    self.send_header("Location", page[1])
                    self.end_headers()
                    return
                body = page.encode()
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Access-Control-Allow-Origin", "*")
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def do_POST(self) -> None:
                self.do_GET()

            def log_message(self, *args: object) -> None:
                pass

        self._server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.01})
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> WebServer:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._server.shutdown()
        self._thread.join()
        self._server.server_close()
