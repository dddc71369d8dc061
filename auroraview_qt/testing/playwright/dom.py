"""PlaywrightDom: a document used by Playwright; what Playwright cannot do here, Qt's events do. GUI thread."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from typing import Any

from auroraview_qt.qt.support.binding import QtCore
from auroraview_qt.testing.dom import Point
from auroraview_qt.testing.errors import ActionError
from auroraview_qt.testing.playwright.browser import BROWSER
from auroraview_qt.testing.qt_dom import QtDom

#: Whether the engine takes keys over remote debugging; those of Qt 5 end all input of the view.
_HAS_KEYS = not QtCore.qVersion().startswith("5.")


class PlaywrightDom(QtDom):
    """The document of a view. Questions are the kit's own, so that expectations read alike on every stage.

    Thread: GUI.
    """

    @contextlib.contextmanager
    def _acting(self, action: str, selector: str, timeout_s: float | None) -> Iterator[tuple[Any, float]]:
        """Give Playwright's page and the timeout in milliseconds; its errors become the kit's."""
        from playwright.sync_api import Error

        __tracebackhide__ = True
        try:
            yield BROWSER.page_of(self._view), 1000 * (self._timeout_s() if timeout_s is None else timeout_s)
        except Error as error:
            raise ActionError(f"{action}({selector!r}) was not possible: {error}") from None

    def click(
        self, selector: str, button: str, modifiers: Sequence[str], at: Point | None, count: int, timeout_s: float | None
    ) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        position = None if at is None else {"x": at[0], "y": at[1]}
        with self._acting("click", selector, timeout_s) as (page, timeout):
            page.locator(selector).click(
                button=button, modifiers=list(modifiers), position=position, click_count=count, timeout=timeout
            )

    def hover(self, selector: str, timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        with self._acting("hover", selector, timeout_s) as (page, timeout):
            page.locator(selector).hover(timeout=timeout)

    def fill(self, selector: str, text: str, timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        with self._acting("fill", selector, timeout_s) as (page, timeout):
            page.locator(selector).fill(text, timeout=timeout)

    def select(self, selector: str, options: Sequence[str], timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        with self._acting("select", selector, timeout_s) as (page, timeout):
            page.locator(selector).select_option(list(options), timeout=timeout)

    def press(self, key: str, selector: str | None, timeout_s: float | None) -> None:
        """See `Dom`."""
        __tracebackhide__ = True
        if not _HAS_KEYS:
            super().press(key, selector, timeout_s)
            return
        with self._acting("press", selector or "", timeout_s) as (page, timeout):
            if selector is None:
                page.keyboard.press(key)
            else:
                page.locator(selector).press(key, timeout=timeout)
