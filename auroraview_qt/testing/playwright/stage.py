"""PlaywrightStage: pages in QtWebEngine whose actions are Playwright's. GUI thread."""

from __future__ import annotations

import re
from contextlib import AbstractContextManager
from importlib import metadata
from typing import TYPE_CHECKING, Any

from auroraview_qt.qt.support.binding import BINDING, QtWidgets
from auroraview_qt.qt.view import WebView
from auroraview_qt.testing.page import Page
from auroraview_qt.testing.playwright.browser import BROWSER
from auroraview_qt.testing.playwright.dom import PlaywrightDom
from auroraview_qt.testing.playwright.loop import outside
from auroraview_qt.testing.qt_page import QtPage
from auroraview_qt.testing.qt_stage import QtStage

if TYPE_CHECKING:
    from auroraview_qt.testing.kit import Aurora

#: The first release that leaves the settings of the engine alone, and the first that needs a newer Chromium than Qt 5 has.
_LEAST, _TOO_NEW_FOR_QT5 = (1, 60), (1, 64)


def find_problem() -> str:
    """Return the reason why Playwright cannot be used here, or an empty text. Thread: any."""
    if BINDING[0] == "PySide2":
        return "Playwright does not know the Chromium of PySide2"
    is_qt5 = BINDING[1].startswith("5.")
    wanted = 'pip install "playwright>=1.60' + (',<1.64"' if is_qt5 else '"')
    try:
        version = metadata.version("playwright")
    except metadata.PackageNotFoundError:
        return f"Playwright is missing: {wanted}"
    release = tuple(map(int, re.findall(r"\d+", version)[:2]))
    if release < _LEAST or (is_qt5 and release >= _TOO_NEW_FOR_QT5):
        return f"Playwright {version} does not fit Qt {BINDING[1]}: {wanted}"
    return ""


class PlaywrightPage(QtPage):
    """A page whose process Playwright is connected to."""

    def kill_renderer(self, *, wait: bool = True) -> None:
        """See `BridgePage.kill_renderer`."""
        __tracebackhide__ = True
        BROWSER.disconnect()
        super().kill_renderer(wait=wait)


class PlaywrightStage(QtStage):
    """The Playwright stage.

    Thread: GUI.
    """

    name = "playwright"

    def surroundings(self) -> AbstractContextManager[None]:
        """See `Stage`."""
        return outside()

    def _page(self, kit: Aurora, view: WebView, window: QtWidgets.QWidget) -> QtPage:
        return PlaywrightPage(kit, view, window, PlaywrightDom(view, lambda: kit.timeout_s))

    def playwright(self, page: Any) -> Any:
        """See `Stage`."""
        return BROWSER.page_of(page.view if isinstance(page, Page) else page)
