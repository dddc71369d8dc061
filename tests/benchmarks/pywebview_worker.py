"""The process of pywebview: a window, commands as JSON lines on stdin, answers as JSON lines on stdout.

pywebview needs the main thread for its loop and calls its functions on other threads. So it cannot share a process with the
other views. The code here follows pywebview's documentation for users.
"""

from __future__ import annotations

import json
import queue
import sys
import time
from typing import Any

import pages
import webview


class Api:
    """The functions for the page; each call arrives on its own thread."""

    def __init__(self) -> None:
        self._told: queue.Queue[Any] = queue.Queue()

    def echo(self, value: Any) -> Any:
        """Return the sum; a trivial command."""
        return value

    def tell(self, value: Any) -> None:
        """Hand the page's report of its calls over."""
        self._told.put(value)


def emits(window: webview.Window, count: int) -> dict[str, Any]:
    """Run an evaluate_js per event. It returns when the page has run it, so the clock stops with the last."""
    start = time.perf_counter()
    for _ in range(count - 1):
        window.evaluate_js(f"tick({json.dumps(pages.PAYLOAD)})")
    window.evaluate_js(f"tick({json.dumps(pages.LAST)})")
    took = time.perf_counter() - start
    return {"seconds": took, "report": pages.parse_report(window.evaluate_js("document.title"))}


def calls(window: webview.Window, api: Api, how: str) -> dict[str, Any]:
    """Run calls in the page and return the page's report."""
    window.run_js(f"tell({how})")
    return {"report": api._told.get()}


def serve(window: webview.Window, api: Api) -> None:
    """Answer commands until stdin ends; runs on pywebview's own thread."""
    window.evaluate_js("1")  # returns once the window is ready
    answer: dict[str, Any] = {"ready": True}
    while True:
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()
        line = sys.stdin.readline()
        if not line:
            break
        command = json.loads(line)
        answer = emits(window, command["count"]) if command["do"] == "emits" else calls(window, api, command["how"])
    window.destroy()


def main() -> None:
    """Open the window and run pywebview's loop."""
    api = Api()
    window = webview.create_window("benchmark", html=pages.pywebview(), js_api=api, width=320, height=240)
    webview.start(serve, (window, api), gui="qt")


if __name__ == "__main__":
    main()
