"""FakeStage: pages without Qt. Thread: the test's."""

from __future__ import annotations

import contextlib
import gc
import time
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NoReturn

import pytest

from auroraview_qt.testing import tools
from auroraview_qt.testing.errors import KitError, WaitError
from auroraview_qt.testing.fake.page import FakePage
from auroraview_qt.testing.fake.replacement import replace_views
from auroraview_qt.testing.fake.view import FakeView
from auroraview_qt.testing.page import Page

if TYPE_CHECKING:
    from auroraview_qt.testing.kit import Aurora

#: Seconds between two looks at a condition that other threads may fulfil.
_POLL_S = 0.005


class FakeStage:
    """The fake stage.

    Parameters
    ----------
    skips : bool
        Whether an action that needs a document skips the test; otherwise the test fails.

    Attributes
    ----------
    is_turning : bool
        Whether the views' loop runs.
    """

    name = "fake"

    def __init__(self, *, skips: bool) -> None:
        self._skips = skips
        self.is_turning = False
        self._opened: list[FakeView] = []
        self._opened += FakeView.made
        FakeView.storages.clear()
        self._put_back = replace_views()

    def _refuse(self, what: str) -> NoReturn:
        __tracebackhide__ = True
        why = f"{what} needs a document, which the fake stage lacks"
        if self._skips:
            pytest.skip(why)
        raise KitError(f'{why}: run this test on the stage "page"')

    def surroundings(self) -> contextlib.AbstractContextManager[None]:
        """See `Stage`."""
        return contextlib.nullcontext()

    def open(self, kit: Aurora, tool: Any, content: dict[str, Any], size: tuple[int, int] | None, ready: bool) -> Page:
        """See `Stage`."""
        __tracebackhide__ = True
        told = tools.content_of(tool)
        view = self.view_of(FakeView if told is not None else tool)
        page = FakePage(kit, view, self._refuse, self._turn_unless_turning)
        kit.pages.append(page)
        if told or content:
            view.load_html()
        if ready:
            if not view.has_content:
                raise WaitError("nothing was loaded: give open() html=, url= or app_dir=, or ready=False")
            page.wait_until(lambda: view.is_ready, "the page's being ready")
        return page

    def view_of(self, tool: Any) -> FakeView:
        """See `Stage`."""
        if isinstance(tool, Page):
            tool = tool.view
        result = tools.made_of(tool, FakeView, lambda thing: isinstance(thing, FakeView))
        view = result if isinstance(result, FakeView) else getattr(result, "view", None)
        if not isinstance(view, FakeView):
            raise TypeError(
                f"on the fake stage a tool makes a WebView, or an object whose `view` is a WebView; it has made {result!r}"
            )
        self._opened.append(view)
        return view

    def wait(self, condition: Callable[[], Any], timeout_s: float) -> bool:
        """See `Stage`."""
        __tracebackhide__ = True
        end_s = time.monotonic() + timeout_s
        while True:
            FakeView.woken.clear()
            self._turn_all()
            if condition():
                return True
            left_s = end_s - time.monotonic()
            if left_s <= 0:
                return False
            FakeView.woken.wait(min(left_s, _POLL_S))

    def _turn_all(self) -> None:
        """Turn the views' loop as long as there is work, but not for ever: a tool may emit without an end."""
        before, self.is_turning = self.is_turning, True
        try:
            for _ in range(1000):
                busy = [view for view in list(FakeView.made) if view.has_work()]
                if not busy:
                    return
                for view in busy:
                    view.turn()
        finally:
            self.is_turning = before

    def _turn_unless_turning(self) -> None:
        if not self.is_turning:  # otherwise a tool whose callbacks let the page emit would recurse
            self._turn_all()

    def let_page_finish(self, page: Page) -> None:
        """See `Stage`."""
        self._turn_all()

    def host(self, name: str) -> Any:
        """See `Stage`."""
        __tracebackhide__ = True
        self._refuse("host()")

    def playwright(self, page: Any) -> Any:
        """See `Stage`."""
        __tracebackhide__ = True
        self._refuse("playwright()")

    def begin_test(self) -> None:
        """See `Stage`."""
        self._opened += FakeView.made

    def leaks(self, *, at_the_end: bool) -> list[str]:
        """See `Stage`."""

        def left() -> list[FakeView]:
            return [view for view in FakeView.made if not any(view is opened for opened in self._opened)]

        if left():
            gc.collect()
        lines = []
        for view in left():
            lines.append(
                f"a view was left open: WebView {view.windowTitle()!r}; "
                "close it (deleteLater), or pass it to aurora.open(), which closes it"
            )
            view.deleteLater()
        return lines

    def close(self, pages: Sequence[Page]) -> None:
        """See `Stage`."""
        for view in self._opened:
            view.deleteLater()
        self._put_back()
