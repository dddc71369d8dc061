"""A week of an artist's work: the panel is moved about two hundred times, and closed and opened a hundred times.

The page has to stay the same, or end without a trace. The scripts of the hosts run this in a separate start.
"""

from __future__ import annotations

import time

import harness
import measures
import panel_checks

from auroraview_qt import hosts
from auroraview_qt.qt.support.binding import is_alive

MOVES, MOVES_WARM = 200, 40
OPENINGS, OPENINGS_WARM = 100, 20
#: Megabytes by which the host and its web processes may have grown since the warm-up.
MAX_GROWTH_MB = 30
AREAS = ("left", "bottom", "top", "right")


class Growth:
    """Memory and objects since a warm-up."""

    def __init__(self):
        self.memory = measures.memory_mb()
        self.objects = measures.objects()
        self.classes = measures.classes()

    def check(self, t, what):
        """Compare with now, and report the figures."""
        memory, objects = measures.memory_mb(), measures.objects()
        figures = ", ".join(f"{where} {self.memory[where]:.0f} -> {mb:.0f} MB" for where, mb in sorted(memory.items()))
        grown = sum(memory.values()) - sum(self.memory.values())
        assert grown <= MAX_GROWTH_MB, f"{what}: {grown:.0f} MB more, {figures}"
        more = measures.growth(self.objects, objects)
        classes = measures.growth(self.classes, measures.classes())
        assert not more, f"{what}: more objects: {more}; in the window: {classes}"
        t.ok(f"{what}: memory is flat and no object is left", f"{grown:+.0f} MB: {figures}; {objects['widgets']} widgets")


def collected(view):
    """Let the page collect its garbage, because V8 decides the time itself and garbage is no leak."""
    yield from harness.wait_for(view.eval_js("gc(), gc(), 1"), "the page's garbage collected")


def moved(t, panel, *, can_dock=True):
    """Float, dock at each side, hide and show, two hundred times, with the same page."""
    view = panel.view
    yield from harness.wait_for(view.eval_js("window.mark = 'kept', window.ticks = 0, 1"), "a mark")
    count = "auroraview.on('hosts.tick', () => { window.ticks += 1; }), 1"
    yield from harness.wait_for(view.eval_js(count), "a counter")
    pages, warm = view.stats()["pages"], None
    for i in range(MOVES):
        if i == MOVES_WARM:
            yield from collected(view)
            warm = Growth()
        view.emit("hosts.tick")
        yield from (_docked if can_dock else _windowed)(panel, AREAS[i % len(AREAS)])
    seen = yield from harness.wait_for(view.eval_js("[window.mark, window.ticks]"), "the mark")
    t.expect("moved about 200 times: the same page", (seen, view.stats()["pages"]), (["kept", MOVES], pages))
    yield from collected(view)
    warm.check(t, f"moved about {MOVES} times")


def _docked(panel, area):
    panel.float()
    yield "floating", lambda: panel.is_floating and panel.is_visible
    panel.area = area
    yield f"docked at the {area}", lambda: panel.area == area and panel.is_visible
    panel.hide()
    yield "hidden", lambda: not panel.is_visible
    panel.show()
    yield "shown", lambda: panel.is_visible


def _windowed(panel, area):
    window = panel.view.window()
    window.move(760 + 50 * AREAS.index(area), 100)  # beside the host's own
    panel.hide()
    yield "unmapped", lambda: not window.windowHandle().isExposed()
    panel.show()
    yield "mapped", lambda: window.windowHandle().isExposed()


def reopened(t, panel):
    """Destroy the panel and dock it again, a hundred times, with a page that loads each time."""
    warm, began_s = None, 0.0
    for i in range(OPENINGS):
        view = panel.view
        panel.destroy()
        yield "the view deleted", lambda view=view: not is_alive(view)
        del view
        if i == OPENINGS_WARM:
            warm, began_s = Growth(), time.monotonic()
        panel = panel_checks.dock(area=AREAS[i % len(AREAS)])
        yield "a page", lambda panel=panel: panel.widget is not None and panel.view.is_ready and panel.is_visible
    each_s = (time.monotonic() - began_s) / (OPENINGS - OPENINGS_WARM)
    view = panel.view
    panel.destroy()
    yield "the view deleted", lambda view=view: not is_alive(view)
    del view, panel
    t.expect("opened and closed a hundred times: no panel is left", hosts.panels(), {})
    yield "no process left behind", lambda: not measures.zombies()
    warm.check(t, f"opened and closed {OPENINGS} times")
    t.note("from closing a panel to the page of the next", f"{each_s * 1000:.0f} ms")
