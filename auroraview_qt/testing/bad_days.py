"""Simulate a page that hangs, and a slow network. GUI thread."""

from __future__ import annotations

import contextlib
import json
import os
import signal

from auroraview_qt.qt.page.closed_page import MAIN_WORLD
from auroraview_qt.qt.page.page import document_script
from auroraview_qt.qt.support.binding import QWebEngineView, is_alive
from auroraview_qt.testing.bad_day import BadDay

#: Whether a process can be stopped and continued; Windows has no signals for it.
CAN_FREEZE = hasattr(signal, "SIGSTOP")


def frozen_process(view: QWebEngineView) -> BadDay:
    """Stop the process of a page, like an endless script; messages to the page wait meanwhile.

    Thread: GUI.

    Raises
    ------
    RuntimeError
        There is no process, or the system has no such signal.
    """
    pid = int(view.page().property("renderProcessPid") or 0)
    if not CAN_FREEZE or not pid:
        raise RuntimeError("this page cannot be frozen: it has no process, or the system has no signal to stop a process")
    os.kill(pid, signal.SIGSTOP)

    def thaw() -> None:
        with contextlib.suppress(ProcessLookupError):  # it has been killed meanwhile
            os.kill(pid, signal.SIGCONT)

    return BadDay(thaw)


#: Wraps the fetching functions of a page; keeps the originals to restore them.
_SLOW = """(function (delay, offline) {
  const before = { fetch: window.fetch, send: XMLHttpRequest.prototype.send };
  window[Symbol.for('auroraview.kit.network')] = before;
  const wait = () => new Promise((resolve) => setTimeout(resolve, delay));
  window.fetch = function (...args) {
    return wait().then(() => {
      if (offline) { throw new TypeError('Failed to fetch'); }
      return before.fetch.apply(this, args);
    });
  };
  XMLHttpRequest.prototype.send = function (...args) {
    wait().then(() => {
      if (!offline) { before.send.apply(this, args); return; }
      ['error', 'loadend'].forEach((type) => this.dispatchEvent(new ProgressEvent(type)));
    });
  };
})"""
_FAST = """(function () {
  const before = window[Symbol.for('auroraview.kit.network')];
  if (before) { window.fetch = before.fetch; XMLHttpRequest.prototype.send = before.send; }
})()"""


def slow_network(view: QWebEngineView, delay_s: float, offline: bool) -> BadDay:
    """Delay the fetches of this and the next documents of a view, or let them fail. Thread: GUI."""
    page = view.page()
    source = f"{_SLOW}({json.dumps(int(delay_s * 1000))}, {json.dumps(offline)});"
    script = document_script("auroraview-kit-network", source, MAIN_WORLD)
    page.scripts().insert(script)
    page.runJavaScript(source, MAIN_WORLD)

    def end() -> None:
        if is_alive(view):
            page.scripts().remove(script)
            page.runJavaScript(_FAST, MAIN_WORLD)

    return BadDay(end)
