"""PageCare: looks after a page that crashes, fails to load, or asks to be closed. GUI thread."""

from __future__ import annotations

from auroraview_qt.qt.page.crash_reloader import CrashReloader
from auroraview_qt.qt.page.full_screen import FullScreen
from auroraview_qt.qt.page.load_failures import LoadFailures
from auroraview_qt.qt.page.load_targets import LoadTargets
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.page.window_requests import WindowRequests
from auroraview_qt.qt.transport.connection import Connection


class PageCare:
    """Joins the objects that look after one page.

    Thread: GUI.

    Parameters
    ----------
    page : Page
        Owns the objects.
    connection : Connection
        Learns of lost pages, and tells of ready and dead ones.
    targets : LoadTargets
        Knows the development server.
    reloads : bool
        Whether a page is loaded again after its renderer died.
    fullscreen : bool
        Whether the page may show elements on the full screen.
    """

    def __init__(
        self, page: Page, connection: Connection, targets: LoadTargets, *, reloads: bool, fullscreen: bool = False
    ) -> None:
        self._window_requests = WindowRequests(page)
        self._load_failures = LoadFailures(page, targets.is_development)
        self._load_failures.page_lost.connect(connection.page_lost)
        self._full_screen = FullScreen(page) if fullscreen else None
        if reloads:
            self._crash_reloader = CrashReloader(page)
            connection.ready.connect(self._crash_reloader.page_ready)
            connection.renderer_died.connect(self._crash_reloader.page_died)
