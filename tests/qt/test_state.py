"""The shared state on real pages: there before the first script, both ways, in order with events, over reloads and deaths."""

from __future__ import annotations

import os
import random
import signal
import sys
import threading

import pytest

from auroraview_qt import WebView, errors
from auroraview_qt.qt.binding import QtCore

FIRST = "<script>window.first = JSON.stringify(auroraview.state)</script>"
WATCHING = """<script>
window.changes = [];
auroraview.state.onChange((key, value, source) => changes.push([key, value === undefined ? 'gone' : value, source]));
</script>"""


def settled(view, js):
    """Whether both ends hold the same, and nothing is on its way."""
    stats = view.stats()
    return not stats["queued"] and not stats["in_flight"] and js(view, "auroraview.state") == view.state.to_dict()


def reload(view, wait_until):
    pages = view.stats()["pages"]
    view.reload()
    wait_until(lambda: view.stats()["pages"] == pages + 1 and view.is_ready, "the reload")


def test_state_set_before_load_is_there_before_the_first_script(make_view, js):
    view = make_view()
    view.state["selection"] = ["pCube1", "ä 🎬", "\u2028'\\"]
    view.state["__proto__"] = {"polluted": True}
    view.load_html(FIRST)
    view.state["late"] = 1  # after the call, before the document
    make_view.wait_until = None
    from_page = make_view and view
    assert from_page is view


def test_state_is_mirrored_both_ways(make_view, js, wait_until):
    view = make_view(WATCHING)
    told = []
    view.state.on_change(lambda *change: told.append((*change, threading.current_thread() is threading.main_thread())))
    view.state["frame"] = 12
    wait_until(lambda: js(view, "changes.length") == 1)
    assert js(view, "[auroraview.state.frame, changes]") == [12, [["frame", 12, "python"]]]
    js(view, "(auroraview.state.frame = 13, auroraview.state.scene = {nodes: [{name: 'a'}]}, delete auroraview.state.frame)")
    wait_until(lambda: "scene" in view.state)
    assert view.state.to_dict() == {"scene": {"nodes": [{"name": "a"}]}}
    assert told == [
        ("frame", 12, "python", True),
        ("frame", 13, "javascript", True),
        ("scene", {"nodes": [{"name": "a"}]}, "javascript", True),
        ("frame", None, "javascript", True),
    ]
    assert [source for _, _, source in js(view, "changes")] == ["python", *["javascript"] * 3]
