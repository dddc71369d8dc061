"""A panel that `auroraview-qt install` has installed: nothing here docks it.

The panel is there at the next start, and at its new place at the start after.
"""

from __future__ import annotations

import os

import harness

from auroraview_qt import hosts

#: The start after the installation, and the next.
STARTS = ("installed", "installed-again")
TITLE = os.fsencode(os.environ.get("AURORAVIEW_HOSTS_TITLE", "")).decode()  # a host's Python may assume an ASCII locale
OBJECT_NAME = "studio.installed"


def installed(t, here, *, first):
    """Find the panel of the start-up file; the `first` start moves it."""
    here.open_installed()
    yield "the panel docked by its start-up file", lambda: OBJECT_NAME in hosts.panels()
    panel = hosts.panels()[OBJECT_NAME]
    t.expect("installed by the command: the panel is there, with its title", panel.title, TITLE)
    if here.can_dock:
        if first:
            t.expect("nothing is made before it is shown", panel.widget, None)
            panel.show()
        yield "the panel visible", lambda: panel.is_visible
        place = "right" if first else "left"
        t.expect("it is where it was put" if first else "it comes back where it was", panel.area, place)
    yield "the page ready", lambda: panel.widget is not None and panel.view.is_ready
    t.ok("its page is loaded")
    name = yield from harness.wait_for(panel.view.eval_js("document.title"), "an answer of the page")
    t.expect("the page is the built-in panel", name, "AuroraView")
    if first and here.can_dock:
        panel.area = "left"
        t.expect("it is moved", panel.area, "left")
