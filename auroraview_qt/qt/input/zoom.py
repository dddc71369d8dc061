"""Keep the wheel with Ctrl from zooming the panel. GUI thread."""

from __future__ import annotations

from auroraview_qt._noop import noop
from auroraview_qt.qt.page.page import Page
from auroraview_qt.qt.page.panel_script import PanelScript


def keep_zoom(page: Page) -> PanelScript:
    """Let a page have the wheel with Ctrl, and keep its zoom. Thread: GUI."""
    return PanelScript(page, "zoom.js", "auroraviewZoom", noop)
