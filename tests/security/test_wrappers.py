"""Objects of C++ that a Qt virtual gets: PySide must not find their Python side again at the same address."""

from __future__ import annotations

import pytest

from auroraview_qt.qt.page import local_urls, replies, scheme
from auroraview_qt.qt.support.binding import BINDING, is_alive


@pytest.mark.skipif(BINDING[0].startswith("pyqt"), reason="PyQt also looks at the type of an object")
def test_kept_frame_leaves_no_request_at_its_address(make_view, js, wait_until, monkeypatch):
    """A page asks for scripts that are missing; a frame of each request stays alive, as in a kept traceback."""
    kept = {}

    def keep(owner, name):
        fn = getattr(owner, name)

        def run(self, thing, *arguments):
            kept.setdefault(name, []).append(thing)
            return fn(self, thing, *arguments)

        monkeypatch.setattr(owner, name, run)

    keep(local_urls.LocalUrls, "_intercept")
    keep(scheme._Handler, "_answer")
    keep(replies.Replies, "_reply")
    view = make_view("<p>")
    view.resource("/fine", lambda: b"fine")
    js(view, "(x = new XMLHttpRequest(), x.onload = () => { window.done = 1; }, x.open('GET', '/fine'), x.send(), 1)")
    wait_until(lambda: js(view, "window.done || 0") == 1)
    assert set(kept) == {"_intercept", "_answer", "_reply"}
    assert not any(is_alive(thing) for things in kept.values() for thing in things)
