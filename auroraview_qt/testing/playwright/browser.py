"""Browser: Playwright's connection to the engine of this process. GUI thread."""

from __future__ import annotations

import asyncio
import contextlib
import os
from typing import Any

from auroraview_qt.qt.support.binding import QWebEngineView
from auroraview_qt.testing.errors import WaitError
from auroraview_qt.testing.playwright import loop

#: Number and length in milliseconds of the waits for a page that the engine has not announced yet.
_LOOKS, _LOOK_MS = 100, 50


class Browser:
    """The connection, made when the first page is asked for."""

    def __init__(self) -> None:
        self._playwright: Any = None
        self._browser: Any = None

    def page_of(self, view: QWebEngineView) -> Any:
        """Return Playwright's page of a view.

        Raises
        ------
        WaitError
            The engine does not announce the page.
        """
        from playwright.sync_api import Error

        begin = f"{view.url().scheme()}://{view.url().host()}/"
        for _ in range(_LOOKS):
            if self._browser is None:
                if self._playwright is None:
                    self._playwright = loop.start()
                address = os.environ["QTWEBENGINE_REMOTE_DEBUGGING"]
                address = address if ":" in address else f"127.0.0.1:{address}"
                self._browser = self._playwright.chromium.connect_over_cdp(f"http://{address}", no_defaults=True)
            context = self._browser.contexts[0]
            for page in context.pages:
                if page.url.startswith(begin) and not page.is_closed():
                    return page
            with contextlib.suppress(Error):
                context.wait_for_event("page", timeout=_LOOK_MS)  # an address may also change meanwhile
        raise WaitError(f"Playwright does not find the page {begin}")

    def disconnect(self) -> None:
        """Forget the pages: one whose process has died never works again."""
        browser, self._browser = self._browser, None
        if browser is not None:
            browser.close()

    def stop(self) -> None:
        """End Playwright's process."""
        self.disconnect()
        playwright, self._playwright = self._playwright, None
        if playwright is not None:
            playwright.stop()
            asyncio._set_running_loop(None)


#: The connection of this process, whose start takes a second.
BROWSER = Browser()
