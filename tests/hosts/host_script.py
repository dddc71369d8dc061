"""The starts of a host, step by step, the same for each host.

The script of a host has a subclass of `HostScript`, and calls `begin`.
"""

from __future__ import annotations

import os

import endurance_checks
import harness
import installed_checks
import key_checks
import panel_checks

from auroraview_qt import hosts
from auroraview_qt.qt.support.binding import QtCore, QtWidgets

START = os.environ["AURORAVIEW_HOSTS_START"]


class HostScript:
    """The parts of a run that differ from host to host. The defaults are those of a Qt program with docks."""

    name = ""
    #: False for a host without Qt, whose panel is a separate window.
    can_dock = True
    #: Milliseconds between the last check and the end of the host.
    quit_ms = 500

    def __init__(self):
        #: The panel of a host that wants its panels before it has a window.
        self.registered = None

    def window(self):
        """Return the host's main window, or None until there is one."""
        return hosts.current().main_window()

    def enlarge(self):
        """Give the host's window room for panels on all sides."""
        self.window().showMaximized()

    def open_document(self):
        """Open a document and return a `panel_checks.Document`."""
        raise NotImplementedError

    def themes(self):
        """Return the themes for `panel_checks.theming`."""
        raise NotImplementedError

    def key(self):
        """Return a key, its text and the name of the host's action with that shortcut: here an action of the script's."""
        action = QtWidgets.QAction("Next marker", self.window())
        action.setShortcut("k")
        self.window().addAction(action)
        return "k", "k", "Next marker"

    def own_checks(self, t):
        """Check a part that no other host has, with the panel docked."""

    def open_installed(self):
        """Open the installed panel, if the host's start-up file only offers it."""

    def end_all(self):
        """Close the documents and quit the host."""
        raise NotImplementedError


def begin(here):
    """Run the script of this start when the host has its window."""
    checks = harness.Checks(lambda _ok: QtCore.QTimer.singleShot(here.quit_ms, here.end_all))

    def is_there():
        return not here.can_dock or (here.window() is not None and here.window().isVisible())

    harness.when(is_there, lambda: checks.run(script(checks, here)))


def script(t, here):
    host = hosts.current()
    t.expect("the host is recognised", host.name, here.name)
    t.note("running", harness.about(host))
    if here.can_dock:
        assert isinstance(host.main_window(), QtWidgets.QMainWindow)
        if START != "again":  # which has the size from before
            here.enlarge()
    if START in installed_checks.STARTS:
        yield from installed_checks.installed(t, here, first=installed_checks.STARTS[0] == START)
        return
    document = here.open_document()
    if START == "bare":
        yield from panel_checks.alone(t, host.main_window())
    elif START == "endurance":
        panel = panel_checks.dock()
        yield from panel_checks.docking(t, panel, document)
        yield from endurance_checks.moved(t, panel, can_dock=here.can_dock)
        yield from endurance_checks.reopened(t, panel)
    elif START == "again" and here.can_dock:  # a separate window is in no layout: it has the whole run with another binding
        yield from restored(t, here, document)
    else:
        yield from whole(t, here, document)


def whole(t, here, document):
    """Check all that an artist does, and quit with a call in flight."""
    if here.registered is not None:
        t.expect("registered at the start, nothing is made yet", here.registered.widget, None)
    panel = panel_checks.dock(area="right")
    yield from panel_checks.docking(t, panel, document)
    yield from panel_checks.photographed(panel, document, here.name)
    yield from panel_checks.editing(t, panel, document)
    here.own_checks(t)
    yield from panel_checks.pictured(t, panel, can_dock=here.can_dock)
    yield from panel_checks.moving(t, panel, can_dock=here.can_dock)
    yield from panel_checks.theming(t, panel, here.themes())
    if here.can_dock:
        yield from key_checks.typing(t, *here.key())
    else:
        yield from key_checks.typing_apart(t, document)
    yield from panel_checks.working(t, panel)
    yield from panel_checks.dying(t, panel, document)
    yield from panel_checks.ending(t, panel)
    again = panel_checks.dock()
    if here.can_dock:
        again.area = "left"
    yield from panel_checks.docking(t, again, document)
    yield from panel_checks.quitting(t, again)


def restored(t, here, document):
    """Find the panel where the start before has left it."""
    panel = here.registered or panel_checks.dock(show=False)
    yield "the panel back by itself", lambda: panel.is_visible
    t.expect("the next start brings it back where it was", panel.area, "left")
    yield from panel_checks.docking(t, panel, document)
    yield from panel_checks.quitting(t, panel)
